"""The HTTP server of the web site: anyone can reach it, so its use of resources is limited.

Connections are accepted here and not by asyncio, which takes a hundred at a time and, out of file descriptors, logs a
hundred errors each time it tries again. The bot needs its descriptors for sources, chats and the database.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.config.logs import Throttle
from bot.shared.errors import WrongUse

log = logging.getLogger(__name__)

_SHORTAGE: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_RETRY: Final = 1.0  # seconds to wait when the system is out of file descriptors
_BACKLOG: Final = 128
_SHUTDOWN: Final = 5.0  # seconds for requests in progress at shutdown
_ANOTHER_HOST: Final = (
    "Set WEB_BIND to an address of this machine: 127.0.0.1:8080, or 0.0.0.0:8080 if requests come from another machine."
)
_ANOTHER_PORT: Final = (
    "Set WEB_BIND to an address and port that are free. On one machine each process of the bot needs its own port: "
    "PORT=8081 coalition-bot run."
)


class CannotListen(WrongUse):
    """Nothing can be served at the address: `why`, and what to do."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(f"{why}. {advice}")
        self.why = why
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for requests, before we know who sent them, and for answers."""

    connections: int = 64
    head: float = 10  # seconds for the headers of a request, and between two requests on one connection
    body: float = 10  # seconds for the body
    answer: float = 45  # seconds for an answer that changes nothing; a proxy usually waits for 60
    size: int = 250_000  # bytes of a body: Slack's largest view; an uploaded file has its own limit
    line: int = 4_096  # bytes of a header
    headers: int = 64


DEFAULT: Final = Limits()


class Connection(web.RequestHandler):
    """One connection. `trusted`: a signed request, or one of a person who is logged in, came over it."""

    def __init__(self, server: web.Server, limits: Limits, lines: Throttle) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.head,
            max_line_size=limits.line,
            max_field_size=limits.line,
            max_headers=limits.headers,
            lingering_time=1,
            auto_decompress=False,
            access_log=None,  # type: ignore[arg-type]
        )
        self.trusted = False
        self._lines = lines

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Close the connection. For a request that is not HTTP, aiohttp would log a traceback and send its version.

        That a visitor leaves before the whole body was sent is no fault, and is not logged.
        """
        if isinstance(exc, web.RequestPayloadError):
            status = 400
        if status != 500:
            self._lines.warning("A request that is not valid HTTP was refused")
        elif not isinstance(exc, ConnectionError):
            self._lines.error("A request over HTTP failed", exc)
        answer = web.Response(status=status, headers={"Server": ""})
        answer.force_close()
        return answer


def trust(request: web.Request) -> None:
    """Mark a connection of Slack's or of a person who is logged in, so it is closed last."""
    if isinstance(request.protocol, Connection):
        request.protocol.trusted = True


async def serve(
    site: web.Application, host: str, port: int, stop: asyncio.Event, lines: Throttle, limits: Limits = DEFAULT
) -> None:
    """Serve until `stop` is set. Raises `CannotListen`."""
    site.on_response_prepare.append(_without_version)
    runner = web.AppRunner(site, shutdown_timeout=_SHUTDOWN)
    await runner.setup()
    listening = listen(host, port)
    log.info("Listening on http://%s:%d", host, listening.getsockname()[1])
    assert runner.server is not None
    accepting = asyncio.create_task(_accept(listening, runner.server, lines, limits))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({accepting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if accepting.done():
            await accepting
    finally:
        for task in (accepting, stopping):
            task.cancel()
        await asyncio.gather(accepting, stopping, return_exceptions=True)
        listening.close()
        await runner.cleanup()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; `::` accepts IPv4 too. Raises `CannotListen`."""
    six = ":" in host
    try:
        socket.getaddrinfo(host, port, socket.AF_INET6 if six else socket.AF_INET)
        listening = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if six else socket.AF_INET,
            backlog=_BACKLOG,
            dualstack_ipv6=six and socket.has_dualstack_ipv6(),
        )
    except (socket.gaierror, UnicodeError) as error:
        raise CannotListen(f"{host} in WEB_BIND does not resolve to an address", _ANOTHER_HOST) from error
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise CannotListen(f"{host}:{port} cannot be used: {why}", _ANOTHER_PORT) from error
    listening.setblocking(False)
    return listening


async def _accept(listening: socket.socket, server: web.Server, lines: Throttle, limits: Limits) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            accepted, _ = await loop.sock_accept(listening)
        except OSError as error:
            if error.errno in _SHORTAGE:
                lines.warning("No connection can be accepted: %s", error.strerror)
                _make_room(server, 0)
                await asyncio.sleep(_RETRY)
            continue
        _make_room(server, limits.connections - 1)
        try:
            await loop.connect_accepted_socket(lambda: Connection(server, limits, lines), accepted)
        except OSError:
            accepted.close()


def _make_room(server: web.Server, most: int) -> None:
    """If there are too many connections, close the oldest without a signed request, or else the oldest.

    Slack sends a request at once, so the connection that is open longest is not Slack's.
    """
    connected = [each for each in server.connections if isinstance(each, Connection) and each.transport]
    if len(connected) > most:
        oldest = min(connected, key=lambda connection: connection.trusted)
        transport: Any = oldest.transport
        transport.abort()


async def _without_version(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Server", None)
