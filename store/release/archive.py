"""A folder of files as one ZIP file, with the same bytes for the same files."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the ZIP calendar


def write_archive(path: Path, files: Sequence[Path]) -> None:
    """Write files into a ZIP file in the order that is given, without their folders."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=_FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
