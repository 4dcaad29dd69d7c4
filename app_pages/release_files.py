"""The files of the last export and of frozen releases, whole or in ranges, and their checksums."""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app_pages.answers import RefusedError, explained
from app_pages.data import releases_folder
from store.errors import StoreError
from store.release.folder import FoundRelease, read_release
from store.releases import find_frozen

FOLDER_VARIABLE = "CHISO_EXPORT"
DEFAULT_FOLDER = "data/export"
SUMS = "SHA256SUMS"

_MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".ndjson": "application/x-ndjson",
    ".md": "text/markdown; charset=utf-8",
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
}


def release_folder() -> Path:
    """Return where the release lies: CHISO_EXPORT, else data/export."""
    return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def checksums(release: FoundRelease) -> str:
    """Return the lines that `sha256sum --check` reads."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in release.files)


@explained
async def download(request: Request) -> Response:
    """Answer with a file of the release."""
    name, frozen = request.path_params["name"], request.path_params.get("release")
    folder = await run_in_threadpool(_folder, frozen)
    release = await run_in_threadpool(read_release, folder)
    if release is None:
        raise RefusedError(
            HTTPStatus.NOT_FOUND,
            "No release has been made here; chiso export makes one, and /api/figures.csv has all figures.",
        )
    if name == SUMS:
        return PlainTextResponse(checksums(release))
    if name not in {file.name for file in release.files}:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"The release has no file {name[:80]!r}.")
    media_type = _MEDIA_TYPES.get(Path(name).suffix)
    # Ranges are of the bytes as they are: nothing may compress them on the way.
    headers = {"content-encoding": "identity", "cache-control": "no-cache"}
    return FileResponse(folder / name, filename=name, media_type=media_type, headers=headers)


def _folder(frozen: str | None) -> Path:
    """Return the folder of a frozen release, without a name that of the last export."""
    if frozen is None:
        return release_folder()
    try:
        return find_frozen(releases_folder(), frozen).folder
    except StoreError as error:
        raise RefusedError(HTTPStatus.NOT_FOUND, str(error)) from error


ROUTES = (Route("/download/{name}", download), Route("/download/{release}/{name}", download))
