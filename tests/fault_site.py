"""Servers that misbehave on the wire, a host for each fault, as tests/faults.toml says."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import regex

from tests.local_site import COOKIE_PAGE, article, listing

GOOD = "/tot-a9.html"
FAULTY = "/tin-a1.html"
_HOLDING = 60.0  # seconds; the crawler is long gone by then
_AGENT = regex.compile(r"(?im)^user-agent: *([^\r\n]*)")
_BLOCK, _BLOCKS = b" " * 65536, 64  # as good as endless: far beyond the cap of the test

Answer = Mapping[str, Any]


@dataclass
class FaultServer:
    """One fault's host: what it answers by path, and how often each path was asked."""

    name: str
    paths: Mapping[str, Sequence[Answer]]
    host: str = ""
    port: int = 0
    scheme: str = "http"
    asked: Counter[str] = field(default_factory=Counter)
    cookies: int = 0  # requests that carried one
    agents: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)  # when each request arrived, by time.monotonic

    @property
    def base(self) -> str:
        """Return the address of the host, without a slash at its end."""
        return f"{self.scheme}://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close the line."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.times.append(monotonic())
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.agents.update(_AGENT.findall(head.decode("latin-1")))
            self.cookies += b"\r\ncookie:" in head.lower()
            await self._answer(path, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        answers = self.paths.get(path) or self.paths.get(path.split("?")[0]) or [_usual(path)]
        answer = answers[min(self.asked[path], len(answers) - 1)]
        self.asked[path] += 1
        whole = self._whole(answer, path)
        if answer.get("end") == "silence":
            await asyncio.sleep(_HOLDING)
        writer.write(whole)
        await writer.drain()
        match answer.get("end"):
            case "hold":
                await asyncio.sleep(_HOLDING)
            case "endless":
                for _ in range(_BLOCKS):
                    writer.write(_BLOCK)
                    await writer.drain()
                await asyncio.sleep(_HOLDING)
            case "reset":
                line = writer.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()

    def _whole(self, answer: Answer, path: str) -> bytes:
        if "raw" in answer:
            return self._filled(answer["raw"]).replace("LONG", "a" * 100_000).encode()
        body = packed(self._body(answer, path), answer.get("packed"))
        headers = {"Content-Type": "text/html; charset=utf-8", "Connection": "close"}
        length = answer.get("length", len(body))
        if length != "none":
            headers["Content-Length"] = str(length)
        headers |= {name: self._filled(value) for name, value in answer.get("headers", {}).items()}
        lines = [f"HTTP/1.1 {answer.get('status', 200)} X", *(f"{a}: {b}" for a, b in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("utf-8") + body[: answer.get("sent", len(body))]

    def _body(self, answer: Answer, path: str) -> bytes:
        if "bytes" in answer:
            return bytes(answer["bytes"])
        body = answer.get("body", "")
        if body == "article":
            return article(path, head=self._filled(answer.get("head", "")))
        if body == "listing":
            links = [self._filled(link) for link in answer.get("links", [FAULTY, GOOD])]
            return listing(
                *links, head=self._filled(answer.get("head", "")), tail=self._filled(answer.get("tail", ""))
            )
        if body in BODIES:
            return BODIES[body]
        return (self._filled(body) * int(answer.get("times", 1))).encode()

    def _filled(self, text: str) -> str:
        return (
            text.replace("{base}", self.base).replace("{host}", self.host).replace("{port}", str(self.port))
        )


BODIES = {
    "cookie wall": COOKIE_PAGE,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(400),
    "pdf": b"%PDF-1.7\n" + bytes(400),
    "zeros": bytes(4 * 1024 * 1024),
    "nul": article(1).replace(b"<p>", b"<p>\0\x08"),
    "big sitemap": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    + b"".join(
        b"<url><loc>/chuyen-de-%d.html</loc><lastmod>2026-01-01</lastmod><priority>0.5</priority></url>%s"
        % (number, b" " * 950)
        for number in range(10_000)
    )
    + b"<url><loc>/tot-a9.html</loc></url></urlset>",
    "laughs": b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(9))
    + b"]><urlset><url><loc>/&a8;tin-a1.html</loc></url><url><loc>/tot-a9.html</loc></url></urlset>",
}


def packed(body: bytes, how: str | None) -> bytes:
    """Return a body as a server would pack it, or fail to."""
    match how:
        case "gzip":
            return gzip.compress(body, 1)
        case "gzip cut":
            return gzip.compress(body)[:-40]
        case "gzip damaged":
            whole = bytearray(gzip.compress(body))
            whole[len(whole) // 2] ^= 0xFF
            return bytes(whole)
        case "deflate":
            return zlib.compress(body)
    return body


def _usual(path: str) -> Answer:
    if path == "/robots.txt":
        return {"body": "User-agent: *\nDisallow: /cam/\n", "headers": {"Content-Type": "text/plain"}}
    if path == "/":
        return {"body": "listing"}
    if path.endswith(".html"):
        return {"body": "article"}
    return {"status": 404, "body": "<h1>404</h1>"}


@contextmanager
def fault_servers(
    servers: Sequence[FaultServer],
    tls: Mapping[str, ssl.SSLContext] | None = None,
    *,
    apart: bool = True,
) -> Iterator[None]:
    """Run the servers while the block runs, each on an address of its own where the machine has enough.

    `tls` gives the context of those that speak TLS, by name. Unless they are kept `apart`, all share one
    address and so one domain.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> list[asyncio.Server]:
        started = []
        for number, server in enumerate(servers):
            context = (tls or {}).get(server.name)
            server.scheme = "https" if context else "http"
            server.host = _address(number) if apart else "127.0.0.1"
            listening = await asyncio.start_server(
                server.serve, server.host, 0, ssl=context, ssl_handshake_timeout=_HOLDING if context else None
            )
            server.port = listening.sockets[0].getsockname()[1]
            started.append(listening)
        return started

    async def stop() -> None:
        for listening in running:
            listening.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    running = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def _address(number: int) -> str:
    """Return 127.0.1.<number> where the loopback has it, as on Linux, else 127.0.0.1."""
    address = f"127.0.1.{number + 1}"
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return "127.0.0.1"
    return address
