"""Publishers on loopback, in a separate process, with as little work per answer as possible."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final
from urllib.parse import parse_qsl

from bench.measure import apart, cores, keep_to

_HEAD_ENDS: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Page:
    """What a path says, edition by edition: each reader who asks gets the next one, then the last again and again."""

    content_type: str
    editions: Sequence[bytes]


@contextmanager
def serving(pages: Mapping[str, Page]) -> Iterator[str]:
    """Serve `pages`; gives the address. Any first part of a path is the reader's name: ``/ours/feed/7``.

    A path that ends in ``?NAME=VALUE`` is for who asks that among other things: ``/search?on=2026-03-02``.
    """
    with apart(_serve, pages, cores()[-1]) as connection:
        yield f"http://127.0.0.1:{connection.recv()}"


def _serve(connection: Connection, pages: Mapping[str, Page], core: int) -> None:
    keep_to(core)
    asyncio.run(_until_left(connection, pages))


async def _until_left(connection: Connection, pages: Mapping[str, Page]) -> None:
    asked: Counter[str] = Counter()
    loop, left = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: _Visit(pages, asked), "127.0.0.1", 0)
    loop.add_reader(connection.fileno(), left.set)
    connection.send(server.sockets[0].getsockname()[1])
    await left.wait()


class _Visit(asyncio.Protocol):
    """One kept-alive connection. Requests have no bodies."""

    def __init__(self, pages: Mapping[str, Page], asked: Counter[str]) -> None:
        self._pages = pages
        self._asked = asked
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while _HEAD_ENDS in self._heard:
            head, _, self._heard = self._heard.partition(_HEAD_ENDS)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path, _, query = head.split(b" ", 2)[1].decode().partition("?")
        page = self._page(path[path.find("/", 1) :], query)
        if page is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body = page.editions[min(self._asked[path], len(page.editions) - 1)]
        self._asked[path] += 1
        etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"' if len(page.editions) > 1 else '"only"'
        if f"\r\nif-none-match: {etag}" in f"{head.decode('latin-1')}".lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        length = f"Content-Type: {page.content_type}\r\nContent-Length: {len(body)}"
        return f"HTTP/1.1 200 OK\r\n{length}\r\nETag: {etag}\r\n\r\n".encode() + body

    def _page(self, path: str, query: str) -> Page | None:
        asked = (f"{path}?{name}={value}" for name, value in parse_qsl(query))
        return self._pages.get(next((name for name in asked if name in self._pages), path))
