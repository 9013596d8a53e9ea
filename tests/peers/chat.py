"""What the loopback Slack and the loopback Discord have in common: faults on demand, counted calls, a visible channel.

In a test's own loop: ``async with peer.running() as url``. In a separate process, which survives a kill -9 of the
bot: ``with in_process("slack") as remote``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web


@dataclass
class Fault:
    """`kind` is a way to go wrong; it happens `times` times (None: always) to `method`, in `channel` (None: any).

    `chance`: the share of these calls that it happens to.
    """

    kind: str
    method: str = "post"
    channel: str | None = None
    times: int | None = None
    chance: float = 1.0
    status: int = 500
    code: Any = ""
    seconds: float = 0.0


@dataclass
class Peer:
    """`messages` are what a person would see, by channel, oldest first; `calls` counts requests by method."""

    TOKEN: ClassVar[str] = "xoxb-peer-token"
    messages: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    calls: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    token: str = TOKEN
    hung: asyncio.Event = field(default_factory=asyncio.Event)
    on_fault: list[Callable[[], None]] = field(default_factory=list)  # called when one happens
    dice: Callable[[], float] = random.random

    def fail(self, kind: str, **details: Any) -> None:
        self.faults.append(Fault(kind, **details))

    def heal(self) -> None:
        self.faults.clear()

    def forget(self) -> None:
        """Start over, as for a new workspace."""
        for collection in (self.faults, self.messages, self.calls, self.answers, self.bodies):
            collection.clear()

    def visible(self, channel: str) -> list[str]:
        return [self.text_of(message) for message in self.messages[channel]]

    def text_of(self, message: dict[str, Any]) -> str:
        raise NotImplementedError

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    async def answer(  # noqa: PLR0911 - a table of ways to go wrong
        self, request: web.Request, method: str, channel: str, act: Callable[[], dict[str, Any]]
    ) -> web.StreamResponse:
        """Do what was asked and say so, unless a fault is due."""
        self.calls[method] += 1
        fault = self._due(method, channel)
        kind = fault.kind if fault else ""
        if fault is None:
            return self.reply(act())
        for call in self.on_fault:
            call()
        if kind in ("drop-after", "half", "delay", "hang-after", "500-after"):
            answer = act()
        match kind:
            case "delay":
                await asyncio.sleep(fault.seconds)
                return self.reply(answer)
            case "drop-before" | "drop-after":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "hang" | "hang-after":
                await self.hung.wait()
                return web.Response(status=503)
            case "half":
                return await self._half(request, json.dumps(answer).encode())
            case "html":
                return web.Response(text="<html>Please log in to the hotel's network</html>", content_type="text/html")
            case "status" | "500-after":
                return web.Response(status=fault.status, text="oops", content_type="text/html")
            case _:
                return self.refuse(fault)

    def reply(self, answer: dict[str, Any], *, status: int = 200, **headers: str) -> web.Response:
        self.answers[status] += 1
        return web.Response(
            body=json.dumps(answer).encode(), status=status, headers={"Content-Type": "application/json"} | headers
        )

    def refuse(self, fault: Fault) -> web.Response:
        raise NotImplementedError

    def _due(self, method: str, channel: str) -> Fault | None:
        for fault in self.faults:
            if fault.method != method or fault.channel not in (None, channel) or fault.times == 0:
                continue
            if fault.chance < 1 and self.dice() >= fault.chance:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    async def _half(self, request: web.Request, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    @contextlib.asynccontextmanager
    async def running(self, ssl_context: Any = None) -> AsyncIterator[str]:
        """Serve on a free port; gives the base address."""
        app = web.Application()
        app.add_routes([*self.routes(), *self._control()])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl_context)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield f"{'https' if ssl_context else 'http'}://127.0.0.1:{port}/"
        finally:
            self.hung.set()
            await runner.cleanup()

    def _control(self) -> list[web.RouteDef]:
        async def visible(request: web.Request) -> web.Response:
            return web.json_response({name: self.visible(name) for name in self.messages})

        async def calls(request: web.Request) -> web.Response:
            return web.json_response(dict(self.calls))

        async def fail(request: web.Request) -> web.Response:
            self.fail(**await request.json())
            return web.json_response({})

        async def reset(request: web.Request) -> web.Response:
            self.forget()
            return web.json_response({})

        return [
            web.get("/_control/visible", visible),
            web.get("/_control/calls", calls),
            web.post("/_control/fail", fail),
            web.post("/_control/reset", reset),
        ]


@dataclass(frozen=True)
class Remote:
    """A peer in a separate process."""

    url: str

    def visible(self) -> dict[str, list[str]]:
        return self._ask("visible")

    def calls(self) -> Counter[str]:
        return Counter(self._ask("calls"))

    def fail(self, kind: str, **details: Any) -> None:
        self._ask("fail", {"kind": kind} | details)

    def reset(self) -> None:
        self._ask("reset", {})

    def _ask(self, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}_control/{what}", data=data, headers={"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)


@contextlib.contextmanager
def in_process(name: str, *options: str) -> Iterator[Remote]:
    """Start ``tests.peers.<name>``; it ends when its standard input is closed, so it cannot outlive the test."""
    command = [sys.executable, "-m", f"tests.peers.{name}", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield Remote(process.stdout.readline().strip())
        process.stdin.close()


def serve(peer: Peer) -> None:
    """The main function of a peer's own process."""

    async def run() -> None:
        async with peer.running() as url:
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)

    asyncio.run(run())
