"""A server on this machine: pages of a made-up paper, answered by routes that a test gives."""

from __future__ import annotations

import ssl
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STORY = "Sáu tháng đầu năm, toàn tỉnh trồng mới 1.240 ha rừng, đạt 62% kế hoạch, cao hơn cùng kỳ 118 ha. " * 3
COOKIE_PAGE = (
    b'<html><body><script>document.cookie="D1N=0c3f9a1be7";window.location.reload(true);</script>'
    b"</body></html>"
).ljust(177)


def article(number: int | str, *, head: str = "", story: str = STORY) -> bytes:
    """Return an ordinary article page."""
    return (
        f"<html><head><title>Bài {number}</title>{head}</head>"
        f"<body><h1>Bài {number}</h1><div id='content'><p>{story}</p></div></body></html>"
    ).encode()


def listing(*links: str, head: str = "", tail: str = "") -> bytes:
    """Return a listing page that links the given addresses."""
    items = "".join(f'<h3><a href="{link}">Tin</a></h3>' for link in links)
    return f"<html><head><title>Mục</title>{head}</head><body>{items}{tail}</body></html>".encode()


@dataclass
class Reply:
    """What a route answers; `length` overrides Content-Length, `hold` keeps the line open without a byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    length: int | None = None
    hold: bool = False


def html(body: bytes, status: int = 200) -> Reply:
    """Return a page."""
    return Reply(body=body, status=status)


def to(location: str) -> Reply:
    """Return a redirect."""
    return Reply(status=302, headers={"Location": location})


class Site:
    """The running server: its port, and how often each path was asked."""

    def __init__(self, routes: Mapping[str, Route], robots: Reply) -> None:
        self.routes = routes
        self.robots = robots
        self.port = 0
        self.asked: Counter[str] = Counter()
        self.holding = threading.Event()  # a request is being kept waiting
        self.closing = threading.Event()

    def answer(self, path: str) -> Reply:
        """Return the reply to a path with its query."""
        self.asked[path] += 1
        if path == "/robots.txt":
            return self.robots
        prefix = "/" + path.split("/")[1]
        route = self.routes.get(prefix)
        return route(self, path) if route else html(b"<h1>404</h1>", 404)


Route = Callable[[Site, str], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a crawler that hangs up, as it should on what it distrusts."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def local_site(
    routes: Mapping[str, Route], robots: Reply | None = None, *, tls: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """Run the server while the block runs, over TLS where a context is given; yields it with its port.

    `routes` answer by the first part of the path; where there is none the answer is 404.
    """
    site = Site(
        routes,
        robots
        or Reply(body=b"User-agent: *\nDisallow: /closed/cam/\n", headers={"Content-Type": "text/plain"}),
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = site.answer(self.path)
            if reply.hold:
                site.holding.set()
                site.closing.wait(30)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length != -1:
                self.send_header("Content-Length", str(reply.length or len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield site
        finally:
            site.closing.set()
            server.shutdown()
