"""Pages that somebody saved as files: what of a folder is read, and which addresses a page may have.

Names of files are used to make addresses, never the other way round, and links in a folder are not followed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urljoin

from parsel import Selector

from crawler.addresses import join
from crawler.answers import decoded

_HEAD = 512 * 1024  # bytes; further down no page says what it is
_SNIFFED = 4096
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
_LONGEST = 2083  # characters of an address
# <!-- saved from url=(0042)https://baonghean.vn/tin-1.html -->   Internet Explorer, Edge, Chrome
# Page saved with SingleFile url: https://baonghean.vn/tin-1.html
# <!-- Mirrored from baonghean.vn/tin-1.html by HTTrack Website Copier/3.x …
_SAVED_FROM = re.compile(
    rb"saved from url=\(\d{1,6}\)(?P<browser>https?://[^\s<>]{1,2083}+)"
    rb"|Page saved with SingleFile\s{1,40}+url:\s{0,9}+(?P<single>https?://[^\s<>]{1,2083}+)"
    rb"|Mirrored from (?P<mirror>[^\s<>/]{1,255}/[^\s<>]{0,2083}+) by HTTrack"
)


def files_below(path: Path) -> Iterator[Path | str]:
    """Yield the files to read in a stable order: `path` itself, or what its folders hold.

    A counter's name stands for each thing in a folder that is not read: "link" for a link, "special" for
    what is neither file nor folder, "unreadable" for a folder that cannot be opened.
    """
    if not path.is_dir():
        yield path
        return
    folders = [str(path)]  # a stack: folders may be nested deeper than calls
    while folders:
        try:
            with os.scandir(folders.pop()) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            yield "unreadable"
            continue
        for entry in entries:
            if entry.is_symlink():
                yield "link"
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
            elif not entry.is_dir(follow_symlinks=False):
                yield "special"
        below = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        folders.extend(reversed(below))


def open_file(path: Path, *, follow: bool) -> BinaryIO:
    """Return a regular file opened for reading; raises OSError for everything else, also for a link.

    `follow` allows a link, for a file that a person has named. Opening a pipe does not wait for its writer.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    file = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError(None, "neither a file nor a folder", str(path))
    return file


def addresses_in(body: bytes) -> list[str]:
    """Return the addresses that a saved HTML page gives itself, the surest first.

    That is the one from which the browser saved it, then its canonical link, then og:url.
    """
    head = body[:_HEAD]
    found = _SAVED_FROM.search(head)
    saved = None
    if found:
        mirror = found["mirror"]
        saved = (found["browser"] or found["single"] or b"https://" + (mirror or b"")).decode(
            "utf-8", "replace"
        )
    selector = Selector(text=decoded(head) or " ")
    said = [
        saved,
        selector.css('link[rel~="canonical"]::attr(href)').get(),
        selector.css('meta[property="og:url"]::attr(content)').get(),
    ]
    links = (join(saved or "", address) for address in said if address and len(address) <= _LONGEST)
    return list(dict.fromkeys(link for link in links if link))


def address_by_place(path: Path, below: Path, base_url: str) -> str:
    """Return the address that a file has when the folder `below` is a copy of what stands at `base_url`.

    A question mark in a name is that of the address, as programs that copy sites write it.
    """
    place = path.relative_to(below) if path != below else Path(path.name)
    name, _, query = os.fsencode(place.as_posix()).partition(b"?")
    return urljoin(base_url, quote(name)) + (f"?{quote(query, safe='=&;,+')}" if query else "")


def is_html(body: bytes) -> bool:
    """Return whether a file is HTML, judged by its beginning."""
    return _MARKUP.search(body[:_SNIFFED].replace(b"\0", b"")) is not None
