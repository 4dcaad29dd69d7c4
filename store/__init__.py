"""Records, databases, merging and files. Loaded first, it keeps sqlite-utils from loading what nobody needs.

sqlite-utils 4 knows types of numpy and pandas where these are installed, and loads both at the top of the one
module that its package always loads, so that no other way in spares them. Nothing here writes such types, and
loading them would be most of what the start of a command or a worker process costs: 0.5 seconds in place of
0.15. While it loads, the two are not to be found; afterwards whoever asks for them gets them.
"""

from __future__ import annotations

import sys

_UNNEEDED = [name for name in ("numpy", "pandas") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_UNNEEDED))  # type: ignore[arg-type]  # None: it is not to be found
try:
    import sqlite_utils as _sqlite_utils  # noqa: F401
finally:
    for _name in _UNNEEDED:
        sys.modules.pop(_name, None)
