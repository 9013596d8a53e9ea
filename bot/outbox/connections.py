"""Whether a platform is connected: saved for `status`, and reported to the administrators when it changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.store.database import from_text, to_text


@dataclass(frozen=True, slots=True)
class ConnectionDown:
    """Commands and buttons do not work on `platform` while its connection is down."""

    platform: str  # "slack" | "discord"
    since: datetime
    why: str


def memo_name(platform: str) -> str:
    """Return the name of the memo that stores a connection's state."""
    return f"{platform} line"


def dump(down: ConnectionDown | None) -> str:
    """Return a connection's state as text; empty if it is up."""
    return json.dumps({"since": to_text(down.since), "why": down.why}) if down else ""


def load(platform: str, text: str | None) -> ConnectionDown | None:
    """Parse what `dump` made."""
    if not text:
        return None
    state = json.loads(text)
    return ConnectionDown(platform, from_text(state["since"]), state["why"])


_BLIP: Final = 60.0  # seconds: a shorter outage is not reported
_LONG: Final = 300.0  # seconds after which people are notified


@dataclass(eq=False, repr=False)
class Uptime:
    """The uptime of one connection. Call `down` at each failed try, and `up` once it serves.

    `ticks`: seconds of a monotonic clock. `remember` saves a text under a name; `tell` reports to the administrators.
    """

    platform: str
    _: KW_ONLY
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    remember: Callable[[str, str], None]
    tell: Callable[[str], None]

    def __post_init__(self) -> None:
        self._what = "Replies and unsubscribes" if self.platform == "mail" else "Commands and buttons"
        self._where = {"slack": "in Slack", "discord": "on Discord"}.get(self.platform, "by email")
        self._down: ConnectionDown | None = None
        self._went_down = 0.0
        self._kept: ConnectionDown | None = None
        self._told = False
        self._fresh = True

    async def up(self) -> None:
        reported, lasted = self._told, self._duration()
        self._down, self._told = None, False
        await self._keep(None)
        if reported:
            minutes = round(lasted / 60)
            lasted_for = f"{minutes} minutes" if minutes > 1 else "a minute"
            await asyncio.to_thread(
                self.tell, f"{self._what} work again {self._where}. They were down for {lasted_for}."
            )

    async def down(self, why: str, *, report: str = "") -> None:
        """Record a failed try. `report`: what only a person can fix; sent at once, and once per outage."""
        if self._down is None:
            self._down, self._went_down = ConnectionDown(self.platform, self.clock(), why), self.ticks()
        self._down = replace(self._down, why=why)
        if report or self._duration() >= _BLIP:
            await self._keep(self._down)
        if not self._told and (report or self._duration() >= _LONG):
            self._told = True
            unreachable = (
                f"{self._what} have not worked {self._where} since {self._down.since:%H:%M} UTC: there is no "
                f"connection ({why}). The bot keeps retrying. Alerts do not need this connection."
            )
            await asyncio.to_thread(self.tell, report or unreachable)

    def _duration(self) -> float:
        return self.ticks() - self._went_down if self._down else 0.0

    async def _keep(self, down: ConnectionDown | None) -> None:
        """Save since when it is down. The first call replaces what an earlier run saved."""
        if self._kept != down or self._fresh:
            self._kept, self._fresh = down, False
            await asyncio.to_thread(self.remember, memo_name(self.platform), dump(down))


async def wait_unless(stopped: asyncio.Task[Any], work: Awaitable[None]) -> None:
    """Wait for `work`, or cancel it when `stopped` is done. Raises what `work` raises."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
