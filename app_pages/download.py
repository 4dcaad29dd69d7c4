"""What can be had and how: everything or a choice, as files, as a release, at an address for programs."""

from __future__ import annotations

from html import escape
from urllib.parse import urljoin

import streamlit as st

from app_pages import data
from app_pages.address import HARMONISED, read_request
from app_pages.conditions import conditions
from app_pages.data import releases_folder
from app_pages.downloads import api_address, show_downloads
from app_pages.frozen import list_html
from app_pages.labels import label
from app_pages.notices import show_notice, show_unknown
from app_pages.numbers import number
from app_pages.params import language, link_params, params
from app_pages.params import release as release_id
from app_pages.periods import day_text
from app_pages.release_files import release_folder
from app_pages.snippets import EXCEL, SNIPPETS
from store.errors import StoreError
from store.queries import Filters
from store.release.folder import FoundRelease, ReleaseFile, read_release
from store.release.harmonised import partial_filter

BROWSE_PAGE = "app_pages/browse.py"
CODEBOOK_PAGE = "app_pages/codebook.py"

_NUMBER = ' class="number"'
_SIZES = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def main() -> None:
    """Draw what can be had of what the address chooses, and the release."""
    lang = language()
    request = read_request(params(), data.check_filters)
    st.title(label(lang, "page.download"), anchor=False)
    show_unknown(request.unknown, lang)
    _choice(request.filters, lang)
    _release(lang)
    _frozen(lang)
    _programs(request.filters, lang)


def _choice(filters: Filters, lang: str) -> None:
    st.header(label(lang, "download.now"), anchor=False)
    words = [condition.text for condition in conditions(filters, lang)]
    key = "download.chosen" if words else "download.everything"
    st.html(f'<p class="note">{escape(label(lang, key, filters=", ".join(words)))}</p>')
    total = data.count_figures(filters)
    show_downloads(filters, total, lang)
    if partial_filter(filters) is None:  # a part of the reports is not added up
        show_downloads(filters, total, lang, regime=HARMONISED)
    asked = {name: some for name, some in params().items() if name not in ("lang", "rel")}
    with st.container(key="more"):
        st.page_link(
            BROWSE_PAGE,
            label=label(lang, "download.choose"),
            query_params=link_params(lang, **asked),
        )
        st.page_link(CODEBOOK_PAGE, label=label(lang, "download.codebook"), query_params=link_params(lang))


def _release(lang: str) -> None:
    st.header(label(lang, "download.release"), anchor=False)
    frozen = release_id()
    try:
        release = read_release(releases_folder() / frozen if frozen else release_folder())
    except StoreError as error:
        show_notice(label(lang, "problem.details", message=error))
        return
    if release is None:
        st.text(label(lang, "download.no_release"))
        st.code("chiso export --out data/export --format csv,xlsx,parquet,sqlite,package", language=None)
        return
    made = day_text(release.created, lang) or "–"
    note = label(lang, "download.release_note", version=release.version, day=made)
    st.html(f'<p class="note">{escape(note)}</p>')
    if not frozen and release.created and release.created != data.freshness()["built_at"]:
        show_notice(label(lang, "download.older"))
    if release.filtered:
        show_notice(label(lang, "download.filtered"))
    st.html(_files_html(release, f"download/{frozen}" if frozen else "download", lang))
    st.caption(label(lang, "download.cite"))
    told = {"year": (release.created or "")[:4] or "–", "version": release.version}
    cited = release.citation if release.filtered else label(lang, "download.citation", **told)
    st.code(cited, language=None, wrap_lines=True)


def _frozen(lang: str) -> None:
    """Draw the releases that can be read and cited for good."""
    items = list_html(lang)
    if items:
        st.header(label(lang, "frozen.title"), anchor=False)
        st.html(f'<p class="note">{escape(label(lang, "frozen.note"))}</p><ul class="prose">{items}</ul>')


def _files_html(release: FoundRelease, base: str, lang: str) -> str:
    numbers = {"size", "rows"}
    heads = "".join(
        f'<th scope="col"{_NUMBER if name in numbers else ""}>{escape(label(lang, f"download.{name}"))}</th>'
        for name in ("file", "size", "rows", "sum")
    )
    body = "".join(_file_html(file, base, lang) for file in release.files)
    caption = escape(label(lang, "download.files"))
    return (
        f'<div class="rows" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption} · '
        f'<a href="{escape(base)}/SHA256SUMS" target="_self">SHA256SUMS</a></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _file_html(file: ReleaseFile, base: str, lang: str) -> str:
    name = escape(file.name)
    rows = "" if file.rows is None else number(file.rows, lang)
    return (
        f'<tr><th scope="row"><a href="{escape(base)}/{name}" target="_self">{name}</a></th>'
        f'<td class="number">{escape(_size(file.size, lang))}</td><td class="number">{escape(rows)}</td>'
        f"<td><code>{escape(file.sha256[:16])}…</code></td></tr>"
    )


def _size(size: int, lang: str) -> str:
    for scale, unit in _SIZES:
        if size >= scale:
            return f"{number(round(size / scale, 1), lang)} {unit}"
    return f"{number(size, lang)} B"


def _programs(filters: Filters, lang: str) -> None:
    st.header(label(lang, "download.programs"), anchor=False)
    note = "frozen.programs_note" if release_id() else "download.programs_note"
    st.html(f'<p class="note">{escape(label(lang, note))}</p>')
    base = urljoin(st.context.url or "http://localhost:8501/", ".")
    address = base + api_address("figures", "csv", filters)
    excel = base + api_address("figures", "csv", filters, {"bom": "1", "guard": "1"})
    st.code(address, language=None, wrap_lines=True)
    for tab, (name, lines) in zip(st.tabs(list(SNIPPETS)), SNIPPETS.items(), strict=True):
        text = lines or label(lang, "download.excel_steps")
        text = text.replace("ADDRESS", excel if name == EXCEL else address)
        tab.code(text, language=None, wrap_lines=True)


main()
