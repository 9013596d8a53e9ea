"""A publisher on loopback: the test sets the answer at each path, and the requests are recorded.

A page is a fixed answer (`say`) or an aiohttp handler (`script`). The modes at the end are ways in which publishers
break HTTP; bad bodies are in tests/poison.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FeedServer:
    """Use `async with serving() as server`."""

    host: str = "127.0.0.1"
    scheme: str = "http"
    port: int = 0
    pages: dict[str, Handler] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)  # (path, headers), in order

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def say(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        content_type: str = "application/rss+xml",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer `path` so from now on; returns its URL. With an ETag or Last-Modified it answers 304 when due."""
        data = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": content_type, **(headers or {})}

        async def answer(request: web.Request) -> web.StreamResponse:
            validators = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
            if any(
                a and a == b for a, b in zip(validators, (sent.get("ETag"), sent.get("Last-Modified")), strict=True)
            ):
                return web.Response(status=304, headers=headers)
            return web.Response(status=status, body=data, headers=sent)

        return self.script(path, answer)

    def script(self, path: str, handler: Handler) -> str:
        self.pages[path] = handler
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.say(path, status=status, headers={"Location": to})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, dict(request.headers)))
        page = self.pages.get(request.path_qs) or self.pages.get(request.path)
        return await page(request) if page else web.Response(status=404, text="nothing here")


@asynccontextmanager
async def serving(*, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[FeedServer]:
    server = FeedServer(host, "https" if tls else "http")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


def gzip_bomb(size: int, layers: int = 1) -> bytes:
    """`size` bytes of blanks, packed `layers` times over, made without holding them."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as pack:
        block = b" " * 1_000_000
        for _ in range(size // len(block)):
            pack.write(block)
    data = out.getvalue()
    for _ in range(layers - 1):
        data = gzip.compress(data)
    return data


def deflated(data: bytes, *, bare: bool) -> bytes:
    pack = zlib.compressobj(wbits=-15 if bare else 15)
    return pack.compress(data) + pack.flush()


async def dripping(request: web.Request) -> web.StreamResponse:
    """One byte at a time, for ever."""
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


async def hanging(request: web.Request) -> web.StreamResponse:
    """Headers, then nothing."""
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml", "Content-Length": "100"})
    await response.prepare(request)
    await asyncio.sleep(60)
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    """Chunk after chunk, as fast as they are read."""
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
    await response.prepare(request)
    while True:
        await response.write(b"<!-- more -->" * 5_000)


async def broken_off(request: web.Request) -> web.StreamResponse:
    """Less than was promised, then the connection is gone."""
    response = web.StreamResponse(headers={"Content-Type": "application/rss+xml", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"<rss><channel>")
    assert request.transport
    request.transport.close()
    return response


def rss(*items: Mapping[str, str], head: str = "") -> str:
    """A feed of these items; each maps the names of RSS elements to text, which is escaped here."""
    items_xml = "".join(
        f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in item.items())}</item>" for item in items
    )
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Newsroom</title>{items_xml}</channel></rss>'
