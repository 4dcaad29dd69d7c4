"""Renders and serves the bundled sample site; data/sample_site/README.md describes its files."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import regex
from jinja2 import Environment, FileSystemLoader, select_autoescape

SAMPLE_SITE = Path(__file__).resolve().parent.parent / "data" / "sample_site"
LOCAL = timezone(timedelta(hours=7))

_FRONT_MATTER = regex.compile(r"\+\+\+\n(?P<head>.*?)\n\+\+\+\n(?P<body>.*)", regex.DOTALL)
_MARKER = regex.compile(r"\{(?P<kind>image|table|player|ad|related)(?: (?P<number>\d{1,2}))?\}")
_BY_ID = regex.compile(r"-a(\d++)\.html$")  # the aid layout routes by nothing else
_HTML = "text/html; charset=utf-8"
_XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sample site answers to a request."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A template and what it is given besides what every template gets."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of the sample site with its articles, newest first."""

    fields: Mapping[str, Any]
    articles: tuple[Mapping[str, Any], ...]
    views: Mapping[str, View]  # by path
    paged: Mapping[
        str, tuple[Mapping[str, Any], int]
    ]  # path → section and page number, where the path has it
    by_id: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The sample site, read once."""

    papers: tuple[Paper, ...]
    environment: Environment


def load_site(directory: Path = SAMPLE_SITE) -> Site:
    """Return the sample site of a folder; raises ValueError naming the file that cannot be used."""
    fields = tomllib.loads((directory / "site.toml").read_text(encoding="utf-8"))["paper"]
    articles = [_read_article(path) for path in sorted((directory / "articles").glob("*.md"))]
    for article in articles:
        paper = next((paper for paper in fields if paper["key"] == article["paper"]), None)
        if paper is None:
            raise ValueError(f"{article['slug']}.md: unknown paper {article['paper']!r}.")
        names = {"slug": article["slug"], "id": article["id"]}
        article["path"] = paper["article_path"].format(**names)
        article["print_path"] = paper["print_path"].format(**names) if "print_path" in paper else None
    every = {article["id"]: article for article in articles}
    environment = Environment(
        loader=FileSystemLoader(directory / "templates"),
        autoescape=select_autoescape(["html", "xml"]),
    )
    return Site(papers=tuple(_paper(paper, every) for paper in fields), environment=environment)


def render(site: Site, address: str, *, origin: str, now: datetime) -> Answer:
    """Return what the site answers to a path with its query; `now` is the moment that its pages show."""
    parts = urlsplit(address)
    given = {
        "origin": origin,
        "now": now.astimezone(LOCAL),
        "papers": [paper.fields for paper in site.papers],
    }
    if parts.path == "/robots.txt":
        return Answer(status=200, content_type="text/plain", body=_robots(site, given).encode())
    if parts.path == "/":
        return _answer(site, View(template="home.html", values={}), given)
    if any(parts.path.startswith(path) for path in _disallowed(_robots(site, given))):
        return Answer(status=403, content_type=_HTML, body=b"<title>403 Forbidden</title>")
    for paper in site.papers:
        if parts.path.startswith(paper.fields["prefix"]):
            return _answer(site, _view(paper, parts.path, parts.query), given | {"paper": paper.fields})
    return Answer(status=404, content_type=_HTML, body=b"<title>404 Not Found</title>")


@contextmanager
def serve(directory: Path = SAMPLE_SITE, *, port: int = 0) -> Iterator[str]:
    """Serve the sample site on this machine while the block runs; yields its address without a slash.

    Port 0 lets the system choose a free one. Raises OSError when the port is taken.
    """
    site = load_site(directory)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = render(site, self.path, origin=origin, now=datetime.now(LOCAL))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Say nothing: the page database tells what was fetched."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise OSError(
            error.errno, "another program listens there; name a free port", f"port {port}"
        ) from error
    with server:
        server.daemon_threads = True
        origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, name="sample-site", daemon=True).start()
        try:
            yield origin
        finally:
            server.shutdown()


def _read_article(path: Path) -> dict[str, Any]:
    found = _FRONT_MATTER.fullmatch(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name}: no front matter between two +++ lines.")
    try:
        article = tomllib.loads(found["head"])
        for key in ("published", "modified"):
            article[key] = article.get(key, article["published"]).astimezone(LOCAL)
        article["blocks"] = [
            _block(text.strip(), article) for text in found["body"].split("\n\n") if text.strip()
        ]
    except (tomllib.TOMLDecodeError, KeyError, IndexError) as error:
        raise ValueError(f"{path.name}: cannot be used: {type(error).__name__}: {error}.") from error
    return article


def _block(text: str, article: Mapping[str, Any]) -> dict[str, Any]:
    marker = _MARKER.fullmatch(text)
    if marker is None:
        heading = text.startswith("## ")
        return {"kind": "subheading" if heading else "paragraph", "text": text.removeprefix("## ")}
    kind = marker["kind"]
    if kind not in ("image", "table"):
        return {"kind": kind}
    item = article[kind][int(marker["number"]) - 1]
    return {"kind": kind, kind: {"caption": None, "credit": None, "header": [], **item}}


def _paper(fields: Mapping[str, Any], every: Mapping[int, Mapping[str, Any]]) -> Paper:
    own = sorted(
        (article for article in every.values() if article["paper"] == fields["key"]),
        key=lambda article: (article["published"], article["id"]),
        reverse=True,
    )
    sections = [section | {"path": _path(fields, "section", section)} for section in fields["sections"]]
    paper = dict(fields) | {"sections": sections}
    topics = [topic | {"path": _path(fields, "topic", topic)} for topic in fields.get("topics", ())]
    layout = fields["layout"]
    views = {
        fields["prefix"]: View(
            template=f"{layout}/front.html", values={"articles": own[: fields["front_size"]]}
        )
    }
    for name in ("rss", "sitemap"):
        if f"{name}_path" in fields:
            views[fields[f"{name}_path"]] = View(
                template=f"{name}.xml", values={"articles": own, "topics": topics}
            )
    for topic in topics:
        about = [article for article in own if topic["keyword"] in article["keywords"]]
        views[topic["path"]] = _section_view(paper, topic, about, page=1, size=max(len(about), 1))
    for article in own:
        section = next(section for section in sections if section["slug"] == article["section"])
        related = [every[number] for number in article["related"] if number in every]
        values = {"article": article, "section": section, "related": related}
        for path in (article["path"], *article.get("duplicates", ())):
            views[path] = View(template=f"{layout}/article.html", values=values)
        if article["print_path"]:
            views[article["print_path"]] = View(template=f"{layout}/print.html", values={"article": article})
    return Paper(
        fields=paper,
        articles=tuple(own),
        views=views,
        paged=_paged(paper, sections, own),
        by_id={article["id"]: article for article in own} if layout == "aid" else {},
    )


def _path(fields: Mapping[str, Any], kind: str, item: Mapping[str, Any], **more: Any) -> str:
    return str(fields[f"{'page' if more else kind}_path"].format(**{kind: item["slug"]}, **more))


def _paged(
    paper: Mapping[str, Any], sections: list[dict[str, Any]], own: list[Mapping[str, Any]]
) -> dict[str, tuple[Mapping[str, Any], int]]:
    """Return the addresses of section pages; where the page is a parameter, the path stands for page 1."""
    paged: dict[str, tuple[Mapping[str, Any], int]] = {}
    for section in sections:
        paged[section["path"]] = (section, 1)
        if "?" not in paper["page_path"]:
            for number in range(1, len(own) + 2):
                paged[_path(paper, "section", section, page=number)] = (section, number)
    return paged


def _view(paper: Paper, path: str, query: str) -> View:
    if path in paper.views:
        return paper.views[path]
    found = _BY_ID.search(path)
    article = paper.by_id.get(int(found[1])) if found else None
    if article is not None:
        printed = path.startswith(f"{paper.fields['prefix']}print/")
        return paper.views[article["print_path" if printed else "path"]]
    if path in paper.paged:
        section, number = paper.paged[path]
        parameter = urlsplit(paper.fields["page_path"]).query.partition("=")[0]
        asked = parse_qs(query).get(parameter, [""])[0] if parameter else ""
        number = int(asked) if asked.isascii() and asked.isdigit() else number
        listed = [
            article
            for article in paper.articles
            if section.get("all") or article["section"] == section["slug"]
        ]
        return _section_view(paper.fields, section, listed, page=number, size=paper.fields["page_size"])
    status = 200 if paper.fields.get("soft_404") else 404
    return View(template=f"{paper.fields['layout']}/not_found.html", values={}, status=status)


def _section_view(
    paper: Mapping[str, Any],
    section: Mapping[str, Any],
    listed: list[Mapping[str, Any]],
    *,
    page: int,
    size: int,
) -> View:
    """Return one page of a section; a number outside its pages is its first or its last."""
    pages = max(-(-len(listed) // size), 1)
    page = min(max(page, 1), pages)

    def path(number: int) -> str:
        return str(section["path"]) if number == 1 else _path(paper, "section", section, page=number)

    return View(
        template=f"{paper['layout']}/section.html",
        values={
            "section": section,
            "articles": listed[(page - 1) * size : page * size],
            "page": page,
            "pages": pages,
            "page_links": [(number, path(number)) for number in range(1, pages + 1)],
            "next_path": path(page + 1) if page < pages else None,
        },
    )


def _answer(site: Site, view: View, given: Mapping[str, Any]) -> Answer:
    text = site.environment.get_template(view.template).render(**given, **view.values)
    content_type = _XML if view.template.endswith(".xml") else _HTML
    return Answer(status=view.status, content_type=content_type, body=text.lstrip().encode())


def _robots(site: Site, given: Mapping[str, Any]) -> str:
    return site.environment.get_template("robots.txt").render(**given)


def _disallowed(robots: str) -> list[str]:
    lines = (line.partition(":") for line in robots.splitlines())
    return [value.strip() for key, _, value in lines if key.strip().lower() == "disallow" and value.strip()]
