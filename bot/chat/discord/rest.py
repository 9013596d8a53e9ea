"""The client for REST calls that the senders of all coalitions with one token share, within the token's limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import discord
from discord.http import Route

from bot.config.settings import Settings

# The bot has no voice: stop discord.py from warning at each start that the voice libraries are missing.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

# Longer pauses go through the outbox, which remembers them after a restart.
_LONGEST_PAUSE: Final = 5.0
# Requests a second for each token; Discord allows 50, answers to interactions not counted
# (discord/discord-api-docs, topics/rate-limits).
_A_SECOND: Final = 45
# For so long no sender tries a token again that Discord rejected: it bans addresses that go on.
_REFUSED: Final = timedelta(minutes=1)


def create_discord_client(settings: Settings) -> discord.Client:
    """A client for REST calls: no mentions. Does no I/O; call it inside a running loop."""
    Route.BASE = settings.discord_api_url.rstrip("/")
    # Intents are the gateway's, which is not opened; without `guilds` discord.py logs a warning at every start.
    client = discord.Client(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
    # As an option discord.py raises it to at least 30 s, which is longer than a send may take.
    client.http.max_ratelimit_timeout = _LONGEST_PAUSE
    return client


class Rest:
    """Gives out the client, logged in at the first request. discord.py paces requests of one route by itself."""

    def __init__(self, connect: Callable[[], discord.Client], token: str, clock: Callable[[], datetime]) -> None:
        self._connect = connect
        self._token = token
        self._clock = clock
        self._client: discord.Client | None = None
        self._users: set[object] = set()
        self._logging_in = asyncio.Lock()
        self._free_at = 0.0  # on the loop's monotonic clock
        self._refused_at: datetime | None = None

    async def client(self, user: object) -> discord.Client:
        """Return the client when the next request may be sent. `user`: who will `close` it.

        Raises `discord.RateLimited` if that takes too long, `discord.LoginFailure` while the token counts as rejected,
        and what logging in raises. A client that failed to log in cannot be used again.
        """
        if self._counts_as_rejected():
            raise discord.LoginFailure
        self._users.add(user)
        async with self._logging_in:
            if self._client is None:
                self._client = await self._logged_in()
        await self._wait_for_turn()
        return self._client

    def refused(self) -> None:
        """Record that Discord rejected the token."""
        if not self._counts_as_rejected():
            self._refused_at = self._clock()

    def _counts_as_rejected(self) -> bool:
        return self._refused_at is not None and timedelta(0) <= self._clock() - self._refused_at < _REFUSED

    async def close(self, user: object) -> None:
        """Close the client, unless others still use it."""
        self._users.discard(user)
        if self._client is not None and not self._users:
            closing, self._client = self._client, None  # a request meanwhile gets a client that stays open
            await closing.close()

    async def _logged_in(self) -> discord.Client:
        client = self._connect()
        try:
            await client.login(self._token)
        except BaseException:
            await client.close()
            raise
        return client

    async def _wait_for_turn(self) -> None:
        now = asyncio.get_running_loop().time()
        starts = max(now, self._free_at)
        if starts - now > _LONGEST_PAUSE:
            raise discord.RateLimited(starts - now)
        self._free_at = starts + 1 / _A_SECOND
        await asyncio.sleep(starts - now)
