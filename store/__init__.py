"""Records, databases, merging and files. Loaded first, it keeps sqlite-utils from loading what nobody needs.

sqlite-utils knows types of numpy and pandas where these are installed. Nothing here writes such types, and
loading them would be most of what the start of a command or a worker process costs.
"""

from __future__ import annotations

import sys

_UNNEEDED = [name for name in ("numpy", "pandas") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_UNNEEDED))  # type: ignore[arg-type]  # None: it is not to be found
import sqlite_utils as _sqlite_utils  # noqa: E402, F401

for _name in _UNNEEDED:
    del sys.modules[_name]
