"""The Socket Mode connection over which Slack sends events, reconnected with care for Slack's limits.

slack_sdk's own reconnect retries a dead token every few seconds forever, and may stay on a connection that no longer
receives anything. So it is switched off: this module watches each connection and replaces it as a whole.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.chat.platform import retry_after
from bot.chat.slack.answers import TROUBLE
from bot.chat.slack.sender import error_details
from bot.outbox.connections import Uptime, wait_unless

log = logging.getLogger(__name__)

PING: Final = 5.0  # seconds between two pings
SILENCE: Final = 30.0  # seconds without one: the connection is dead
_CONNECTING: Final = 15.0
_ACKNOWLEDGING: Final = 10.0
_SHORTEST: Final = 1.0  # seconds between two tries, after a first failure
_LONGEST: Final = 30.0
_LASTED: Final = 60.0  # a connection that lasted this long was a good one
_PROBING: Final = 1_200.0  # seconds between two checks whether the token was fixed: three an hour
_PLANNED: Final = ("warning", "refresh_requested")  # Slack closes the old connection after the new one is there
# https://docs.slack.dev/reference/methods/apps.connections.open#errors: what only a person can fix.
_DEAD: Final = frozenset(
    (
        *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"),
        *("missing_scope", "no_permission", "org_login_required", "ekm_access_denied", "team_access_not_granted"),
        *("access_denied", "forbidden_team", "app_is_disabled"),
    )
)
_TURNED_OFF: Final = (
    "Socket Mode is turned off on the app's page at api.slack.com/apps. Turn it on, then restart coalition-bot."
)


class Connection:
    """One connection from `open` to its end, when `over` is set and `why` has the reason."""

    def __init__(
        self, app: AsyncApp, app_token: str, ticks: Callable[[], float], observe_ack: Callable[[float], None]
    ) -> None:
        self.over = asyncio.Event()
        self.why = ""
        self._ticks = ticks
        self._observe_ack = observe_ack
        self._handler = AsyncSocketModeHandler(app, app_token, logging.getLogger("slack_sdk"), ping_interval=PING)
        self._client = self._handler.client
        self._client.default_auto_reconnect_enabled = self._client.auto_reconnect_enabled = False
        self._client.connect_to_new_endpoint = self._leave_it  # type: ignore[method-assign]
        self._client.on_message_listeners.append(self._on_message)
        self._client.socket_mode_request_listeners = [self._handle]
        self._heard_at = ticks()
        self._sign: float | None = None

    async def open(self, url: str) -> None:
        """Connect. Raises `TimeoutError` if Slack does not answer at the address."""
        self._client.wss_uri = url
        async with asyncio.timeout(_CONNECTING):
            await self._client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        with suppress(*TROUBLE):
            await self._client.close()  # type: ignore[no-untyped-call]

    def look(self) -> None:
        """End the connection if it is closed, or silent for too long."""
        session, sign = self._client.current_session, self._client.last_ping_pong_time
        if sign != self._sign:
            self._sign, self._heard_at = sign, self._ticks()
        if session is None or session.closed:
            self._end("closed")
        elif self._ticks() - self._heard_at > SILENCE:
            self._end("silent")

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            async with asyncio.timeout(_ACKNOWLEDGING):
                arrived = self._ticks()
                await self._handler.handle(client, request)  # type: ignore[arg-type]
                self._observe_ack(self._ticks() - arrived)
        except TROUBLE as error:
            log.warning("Could not tell Slack that a request arrived: %s", type(error).__name__)
            self._end("no acknowledgement")

    async def _on_message(self, message: aiohttp.WSMessage) -> None:
        with suppress(ValueError, AttributeError):
            event = json.loads(message.data)
            if event.get("type") == "disconnect":
                self._end(str(event.get("reason") or "disconnect"))

    async def _leave_it(self, *_: Any, **__: Any) -> None:
        """Switch off slack_sdk's own reconnect."""

    def _end(self, why: str) -> None:
        self.why = self.why or why
        self.over.set()


@dataclass(eq=False, repr=False)
class Line:
    """Keeps Socket Mode connected. `uptime` records outages; `ticks`: a monotonic clock in seconds; `dice`: 0 to 1."""

    app: AsyncApp
    app_token: str
    _: KW_ONLY
    uptime: Uptime
    dice: Callable[[], float]
    ticks: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    observe_ack: Callable[[float], None]

    def __post_init__(self) -> None:
        self._wait = _SHORTEST
        self._opened_at = 0.0

    async def keep_up(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop`. A dead token is reported once and checked three times an hour."""
        stopped = asyncio.create_task(stop.wait())
        old: Connection | None = None
        try:
            while not stop.is_set():
                connection, wait = await self._connect()
                if old and (connection or old.over.is_set()):
                    await old.close()
                    old = None
                if connection is None:
                    await wait_unless(stopped, self.sleep(wait))
                    continue
                old = connection
                await self._watch(connection, stopped)
                if not stop.is_set():
                    old = await self._after(connection, stopped)
        finally:
            stopped.cancel()
            if old:
                await old.close()

    async def _connect(self) -> tuple[Connection | None, float]:
        """A new connection, or how long to wait before the next try."""
        connection: Connection | None = None
        try:
            answer = await self.app.client.apps_connections_open(app_token=self.app_token)
            connection = Connection(self.app, self.app_token, self.ticks, self.observe_ack)
            await connection.open(answer["url"])
        except SlackApiError as error:
            return None, await self._refused(error)
        except TROUBLE as error:
            if connection:
                await connection.close()
            log.warning("No connection to Slack: %s", type(error).__name__)
            await self.uptime.down(type(error).__name__)
            return None, self._pause()
        await self.uptime.up()
        self._opened_at = self.ticks()
        return connection, 0.0

    async def _refused(self, error: SlackApiError) -> float:
        status, code, headers = error_details(error)
        if code not in _DEAD:
            log.warning("No connection to Slack: %s", code or status)
            await self.uptime.down(f"Slack answers {code or status}")
            return max(retry_after(headers, 0), self._pause())
        log.error("Slack refuses the app token: %s", code)
        await self.uptime.down(
            f"Slack refuses the app token ({code})",
            report=f"Commands and buttons do not work in Slack: it refuses the app token ({code}). Create a new one "
            "with the scope connections:write, under Basic Information, App-Level Tokens; put it into SLACK_APP_TOKEN.",
        )
        return _PROBING

    async def _watch(self, connection: Connection, stopped: asyncio.Task[Any]) -> None:
        """Wait until the connection ends or `stopped` is set."""
        over = asyncio.create_task(connection.over.wait())
        try:
            while not (connection.over.is_set() or stopped.done()):
                await asyncio.wait({over, stopped}, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
                connection.look()
        finally:
            over.cancel()

    async def _after(self, connection: Connection, stopped: asyncio.Task[Any]) -> Connection | None:
        """The ended connection if Slack will close it later: it still serves until there is another."""
        lasted = self.ticks() - self._opened_at >= _LASTED
        self._wait = _SHORTEST if lasted else self._wait
        planned = connection.why in _PLANNED
        if planned:
            connection.over.clear()
        else:
            await connection.close()
        if connection.why == "link_disabled":
            log.error("Giving up the connection to Slack: %s", _TURNED_OFF)
            await self.uptime.down(_TURNED_OFF, report=f"Commands and buttons do not work in Slack. {_TURNED_OFF}")
            await stopped
        elif not (planned and lasted):
            log.warning("The connection to Slack ended: %s", connection.why)
            await wait_unless(stopped, self.sleep(self._pause()))
        return connection if planned else None

    def _pause(self) -> float:
        """Seconds until the next try; doubled by each failure in a row."""
        wait, self._wait = self._wait, min(2 * self._wait, _LONGEST)
        return wait * (1 + self.dice()) / 2
