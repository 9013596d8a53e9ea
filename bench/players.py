"""Fifty people who ask in Slack and in Discord, in a separate process; both far ends are those of the tests."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, Final

from aiohttp import web

from bench.measure import apart, cores, keep_to

PEOPLE: Final = 25  # on each platform
GUILD: Final = "42"
TEAM: Final = "T0HOME"
MISSED: Final = 3.0  # seconds: then a platform gives up
# Reading, writing, and what takes long: a query on 90 days.
_ASKED: Final = (
    ("campaign me", ""),
    ("watch test", '"forced labor" OR trafficking'),
    ("alerts recent", ""),
    ("campaign follow", "ask 4"),
    ("campaign help", ""),
    ("campaign unfollow", "ask 4"),
)
_NEEDED: Final = {"watch test": "watch", "campaign follow": "what", "campaign unfollow": "what"}
_THINKING: Final = 5.0  # seconds between an acknowledgement and the next thing that one asks


@dataclass(frozen=True, slots=True)
class Town:
    """Where the platforms are; `control` is asked for /begin and /end."""

    slack: str
    discord: str
    control: str


@dataclass
class Game:
    """`waits`: seconds to each acknowledgement; one that never came counts as `MISSED`."""

    slack: Any
    discord: Any
    waits: dict[str, list[float]] = field(default_factory=lambda: {"slack": [], "discord": []})
    playing: list[asyncio.Task[None]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def begin(self, _: web.Request) -> web.Response:
        for waits in self.waits.values():
            waits.clear()
        people = [(ask, number) for ask in (self._in_slack, self._in_discord) for number in range(PEOPLE)]
        self.playing = [asyncio.create_task(self._play(ask, number)) for ask, number in people]
        return web.Response()

    async def end(self, _: web.Request) -> web.Response:
        for task in self.playing:
            task.cancel()
        await asyncio.gather(*self.playing, return_exceptions=True)
        return web.json_response(self.waits)

    async def _play(self, ask: Any, number: int) -> None:
        await asyncio.sleep(_THINKING * number / PEOPLE)
        for turn in itertools.count(number):
            await ask(number, *_ASKED[turn % len(_ASKED)])
            await asyncio.sleep(_THINKING)

    async def _in_slack(self, number: int, path: str, given: str) -> None:
        started = time.monotonic()
        payload = self.slack.command(f"/{path} {given}".strip(), user=f"U{number}")
        try:
            await self.slack.deliver(payload)
        except TimeoutError:
            self.waits["slack"].append(MISSED)
        else:
            self.waits["slack"].append(time.monotonic() - started)

    async def _in_discord(self, number: int, path: str, given: str) -> None:
        token = f"t{next(self.ids)}"
        started = time.monotonic()
        await self.discord.say(0, _interaction(token, number, path, given), "INTERACTION_CREATE")
        with suppress(TimeoutError):
            async with asyncio.timeout(MISSED):
                while token not in self.discord.acknowledged_at:  # noqa: ASYNC110 - the peer has no event for it
                    await asyncio.sleep(0.002)
        self.waits["discord"].append(self.discord.acknowledged_at.get(token, started + MISSED) - started)


@contextmanager
def playing() -> Iterator[Town]:
    with apart(_serve, cores()[-1]) as connection:
        yield connection.recv()


def _serve(connection: Connection, core: int) -> None:
    keep_to(core)
    asyncio.run(_until_left(connection))


async def _until_left(connection: Connection) -> None:
    slack = import_module("tests.peers.slack_app").SlackApp()
    discord = import_module("tests.peers.discord_gateway").DiscordGateway()
    game = Game(slack, discord)
    left = asyncio.Event()
    asyncio.get_running_loop().add_reader(connection.fileno(), left.set)
    async with slack.running() as at_slack, discord.running() as at_discord, _control(game) as control:
        connection.send(Town(at_slack, at_discord, control))
        await left.wait()


@asynccontextmanager
async def _control(game: Game) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.post("/begin", game.begin), web.post("/end", game.end)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def _interaction(token: str, number: int, path: str, given: str) -> dict[str, Any]:
    """A slash command in a direct message with the bot."""
    group, verb = path.split()
    options = [{"name": _NEEDED[path], "type": 3, "value": given}] if path in _NEEDED else []
    asker = {"id": str(10_000 + number), "username": f"user{number}", "discriminator": "0000", "avatar": None}
    return {
        "id": f"{int(token[1:]) + 1_000_000}",
        "application_id": "1",
        "type": 2,
        "token": token,
        "version": 1,
        "data": {"id": "1", "type": 1, "name": group, "options": [{"type": 1, "name": verb, "options": options}]},
        "channel_id": "9",
        "channel": {"id": "9", "type": 1},
        "user": asker,
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {},
        "context": 1,
        "attachment_size_limit": 10_000_000,
    }
