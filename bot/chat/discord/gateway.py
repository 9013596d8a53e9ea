"""The gateway connection over which Discord sends interactions, reconnected with care for Discord's limits.

discord.py reconnects without a pause when a session breaks repeatedly, and gives up if the gateway was down from the
start (Rapptz/discord.py#10520). So every connection is paced in this module, and a failed client is replaced.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord

from bot.chat.connection import Uptime, wait_unless
from bot.shared.errors import CoalitionBotError

log = logging.getLogger(__name__)

MOST_AN_HOUR: Final = 20  # Discord resets the token of a bot that identifies a thousand times a day
_HOUR: Final = 3_600.0
_LONGEST: Final = 50.0  # seconds between two tries
_LASTED: Final = 600.0  # a connection that lasted this long was a good one
_GRACE: Final = 5.0  # seconds for answers in progress when the connection is closed
# A retry is useless until a person has acted (discord/discord-api-docs, topics/opcodes-and-status-codes).
_FATAL: Final = {
    4004: "Discord rejected the token. Set DISCORD_BOT_TOKEN to the bot's current token.",
    4010: "Discord says that this bot's shard is invalid.",
    4011: "Discord requires sharding: the bot is in too many servers.",
    4012: "Discord no longer speaks this version of its gateway: update coalition-bot.",
    4013: "Discord says that this bot's intents are invalid: update coalition-bot.",
    4014: "Discord does not allow this bot's intents: check the Bot page of the application.",
}


class Pace:
    """When the next connection may be opened. `ticks`: seconds of a monotonic clock; `dice`: 0 to 1."""

    def __init__(self, ticks: Callable[[], float], dice: Callable[[], float]) -> None:
        self._ticks = ticks
        self._dice = dice
        self._identified: deque[float] = deque(maxlen=MOST_AN_HOUR)
        self._tried = float("-inf")
        self._in_a_row = 0
        self._not_before = float("-inf")

    def wait(self) -> float:
        """Seconds to wait; 0 when the next may be opened now."""
        full = len(self._identified) == MOST_AN_HOUR
        when = max(self._not_before, self._identified[0] + _HOUR) if full else self._not_before
        return max(0.0, when - self._ticks())

    def open(self) -> None:
        """Record an opened connection. Each that follows soon after another doubles the next wait."""
        now = self._ticks()
        self._in_a_row = 0 if now - self._tried >= _LASTED else self._in_a_row + 1
        self._tried = now
        self._not_before = now + min(2.0**self._in_a_row, _LONGEST) * (1 + self._dice()) / 2

    def identified(self) -> None:
        """Record an identify, which is what Discord counts."""
        self._identified.append(self._ticks())


class TooSoon(CoalitionBotError):
    """discord.py wants to reconnect at once after a short connection."""


class PacedClient(discord.Client):
    """A client of one connection, which it may resume if it lasted. `at_work`: answers in progress."""

    def __init__(self, pace: Pace, **options: Any) -> None:
        super().__init__(**options)
        self.at_work: set[asyncio.Task[Any]] = set()
        self._pace = pace
        self._connected = False
        self._ws_connect = self.http.ws_connect
        self.http.ws_connect = self._paced  # type: ignore[method-assign]

    async def _paced(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        if self._connected:
            if self._pace.wait():
                raise TooSoon
            self._pace.open()
        self._connected = True
        opened = await self._ws_connect(url, compress=compress)
        self._pace.identified()
        return opened

    async def close(self) -> None:
        under_way = self.at_work - {asyncio.current_task()}
        if under_way and not self.is_closed():
            await asyncio.wait(under_way, timeout=_GRACE)
        await super().close()


async def keep_up(
    new_client: Callable[[], PacedClient],
    token: str,
    pace: Pace,
    *,
    stop: asyncio.Event,
    uptime: Uptime,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Stay connected until `stop`. What only a person can fix is reported once; then this waits."""
    stopped = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            await wait_unless(stopped, sleep(pace.wait()))
            if stop.is_set():
                return
            pace.open()
            why, fatal = await _one_connection(new_client(), token, stopped)
            if stop.is_set():
                return
            if fatal:
                log.error("Giving up the connection to Discord: %s", why)
                await uptime.down(why, report=f"Commands and buttons do not work on Discord. {why}")
                await stopped
                return
            await uptime.down(why)
    finally:
        stopped.cancel()


async def _one_connection(client: PacedClient, token: str, stopped: asyncio.Task[Any]) -> tuple[str, bool]:
    """Serve until the connection ends. Return why it ended, and whether a retry is useless."""
    try:
        async with client:
            await wait_unless(stopped, client.start(token, reconnect=False))
    except discord.LoginFailure:
        return _FATAL[4004], True
    except discord.ConnectionClosed as closed:
        log.warning("Discord closed the connection (%s)", closed.code)
        return _FATAL.get(closed.code, f"Discord closed it: {closed.code}"), closed.code in _FATAL
    except TooSoon:
        log.warning("The connection to Discord keeps ending")
        return "it keeps ending", False
    except asyncio.CancelledError:
        # A stop while discord.py closes by itself also cancels its close, which raises here.
        if not stopped.done():
            raise
    except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken line makes it trip over
        log.warning("No connection to Discord: %s: %s", type(error).__name__, error)
        return type(error).__name__, False
    return "it ended", False
