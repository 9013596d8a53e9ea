"""How soon a request in chat is acknowledged while the bot is busy."""

from __future__ import annotations

import asyncio
import itertools
import logging
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from json import load
from typing import Any, Final

from bench.contestants import bot_on, feed
from bench.material import Writer, rss, windows
from bench.measure import Figure, Round, Size, in_turn
from bench.players import GUILD, MISSED, PEOPLE, TEAM, Town, playing
from bench.server import Page, serving
from bot.app.application import App
from bot.app.frontends import frontends
from bot.app.loops import stay_prompt
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.people import records
from bot.people.model import Account, Person

_FEEDS: Final = 10
_ENTRIES: Final = 1_500  # of a feed
_PROMPT: Final = 300.0  # milliseconds within which 99 of 100 should be acknowledged

_AT_LEAST: Final = 2  # seconds for which people ask, however soon a small share of the entries is in


def acknowledgement(size: Size) -> list[Figure]:
    """From a command to its acknowledgement, while 15,000 entries are taken in and 50 people ask in two chats."""
    size = size.short
    shown = size.of(_ENTRIES)
    pages = {f"/feed/{n}": _renewed(n, shown) for n in range(_FEEDS)}
    with serving(pages) as address, playing() as town:
        found = in_turn({"ours": partial(_heard, address, list(pages), town)}, size.rounds, one_core=False)["ours"]
    what = f"{2 * PEOPLE} people ask while {_FEEDS * shown:,} entries come in: acknowledged in"
    return [
        Figure(
            what=f"{what} {chat.capitalize()}, {name}",
            unit="ms",
            ours=[times[chat][name] for times in found],
            rival="limit",
            theirs=[limit] * len(found),
            aim=1,
            less_is_better=True,
        )
        for chat in ("slack", "discord")
        for name, limit in (("99 of 100 times", _PROMPT), ("at most", MISSED * 1_000))
    ]


@contextmanager
def _heard(address: str, paths: Sequence[str], town: Town) -> Iterator[Round]:
    """Milliseconds by chat. Every round has a new bot, whose store already has 15,000 entries."""
    logging.disable()  # the last requests get no answer, as expected
    stay_prompt()
    rounds = itertools.count()

    def play() -> dict[str, dict[str, float]]:
        reader = f"{address}/{next(rounds)}"
        with (
            bot_on({f"feed-{n}": feed(f"{reader}{path}") for n, path in enumerate(paths)}) as app,
            asyncio.Runner() as runner,
        ):
            return runner.run(_asked(app, town))

    yield play


async def _asked(app: App, town: Town) -> dict[str, dict[str, float]]:
    _link(app)
    await app.poll_once()
    async with _answering(app, town):
        await asyncio.to_thread(_tell, town, "begin")
        report, _ = await asyncio.gather(app.poll_once(), asyncio.sleep(_AT_LEAST))
        waits = await asyncio.to_thread(_tell, town, "end")
    await app.close()
    assert report.new, report
    return {chat: _times(its) for chat, its in waits.items()}


def _times(waits: Sequence[float]) -> dict[str, float]:
    late = sorted(wait * 1_000 for wait in waits)
    return {"99 of 100 times": late[len(late) * 99 // 100], "at most": late[-1]}


@asynccontextmanager
async def _answering(app: App, town: Town) -> AsyncIterator[None]:
    """Both faces at work, once their lines are up."""
    settings = Settings(
        slack_bot_token="xoxb-peer-token",  # type: ignore[arg-type]  # noqa: S106 - the peer's
        slack_app_token="xapp-peer-token",  # type: ignore[arg-type]  # noqa: S106
        slack_api_url=town.slack,
        discord_bot_token="discord-peer-token",  # type: ignore[arg-type]  # noqa: S106
        discord_api_url=town.discord,
        discord_gateway_url=town.discord.replace("http", "ws", 1),
    )
    stop = asyncio.Event()
    at_work = [asyncio.create_task(frontend.run(stop)) for frontend in frontends(settings, app).values()]
    await asyncio.sleep(2)
    yield
    stop.set()
    await asyncio.wait(at_work, timeout=20)


def _tell(town: Town, what: str) -> Any:
    with urllib.request.urlopen(f"{town.control}/{what}", b"") as answer:  # noqa: S310 - the loopback
        return load(answer) if what == "end" else None


def _link(app: App) -> None:
    now = app.clock()
    with app.db.write() as tx:
        for n in range(PEOPLE):
            for account in (Account("slack", TEAM, f"U{n}"), Account("discord", GUILD, f"{10_000 + n}")):
                person = Person(id=app.new_id(), name=str(account), roles=frozenset({Role.POLICY}), accounts=(account,))
                records.add(tx, person, by=None, now=now)


def _renewed(seed: int, shown: int) -> Page:
    """A feed in which everything is new at the second look."""
    stories = Writer(seed).stories(2 * shown)
    return Page("application/rss+xml", [rss(f"site{seed}", window) for window in windows(stories, shown, shown)])
