"""Posts each message as signed JSON to an address of the operator's, for programs that others build on the bot."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import urlsplit

import aiohttp

import bot
from bot.chat.platform import Clients, Platform, failed
from bot.chat.webhook import payload
from bot.config.settings import Settings
from bot.outbox.model import (
    CannotTell,
    Channel,
    Delivered,
    NotFound,
    Outcome,
    Outgoing,
    Rejected,
    RetryAt,
)
from bot.shared.address_guard import AddressRefused, guarded_socket, reaching_inside

_SECONDS: Final = 12.0  # below the outbox's deadline; Standard Webhooks advise 15 to 30 for receivers
_BAD_MESSAGE: Final = (400, 413, 415, 422)  # this message is refused; the next may pass
_BAD_ADDRESS: Final = (401, 403, 404, 410)  # and so would be the next
_MISSING: Final = "no WEBHOOK_URL__{0} and WEBHOOK_SECRET__{0} are set"


class WebhookSender:
    """Sends to the addresses of the settings, by the channel's name there.

    A receiver recognizes a repeated event by its id, so an event without an answer is simply sent again.
    """

    platform = "webhook"
    deadline = None

    def __init__(self, urls: Mapping[str, str], secrets: Mapping[str, bytes], *, clock: Callable[[], datetime]) -> None:
        self._urls = urls
        self._secrets = secrets
        self._clock = clock
        self._open: aiohttp.ClientSession | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        name = outgoing.channel.address
        url, secret = self._urls.get(name), self._secrets.get(name)
        if url is None or secret is None:
            return Rejected(_MISSING.format(name.upper()), scope="channel")
        now = self._clock()
        content = payload.body(outgoing, now)
        headers = payload.headers(secret, payload.id_of(outgoing), now, content)
        host = urlsplit(url).hostname or ""
        try:
            with reaching_inside(_names_an_address(host)):
                async with self._session().post(url, data=content, headers=headers, allow_redirects=False) as answer:
                    return self._outcome(answer, outgoing, host)
        except AddressRefused as error:
            return Rejected(f"{host} {error}", scope="channel")
        except (aiohttp.ClientError, OSError) as error:
            if _is_refused(error):
                return Rejected(f"{host} {AddressRefused.SENTENCE}", scope="channel")
            return failed(error, host)

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> NotFound:  # noqa: ARG002 - the port's
        """Say that sending again is safe: the receiver knows a repeat by its id."""
        return NotFound()

    async def read_history(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("a webhook has no history")

    async def close(self) -> None:
        if self._open:
            await self._open.close()
            self._open = None

    def _outcome(self, answer: aiohttp.ClientResponse, outgoing: Outgoing, host: str) -> Outcome:
        status = answer.status
        why = f"{host} answered {status}"
        if 200 <= status < 300:
            return Delivered(outgoing.mark)
        if status in _BAD_MESSAGE:
            return Rejected(why)
        if status in _BAD_ADDRESS:
            return Rejected(why, scope="channel")
        if 300 <= status < 400:
            return Rejected(f"{why}, a redirect, which is not followed: set the new address", scope="channel")
        return RetryAt(why, self._retry_at(answer.headers.get("Retry-After", "")))

    def _retry_at(self, after: str) -> datetime | None:
        """Return when a receiver wants the next try, at most a day from now; None if it does not say."""
        return self._clock() + timedelta(seconds=min(int(after[:9]), 86_400)) if after.isdecimal() else None

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            self._open = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=guarded_socket),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"coalition-bot/{bot.__version__}"},
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                trust_env=False,
            )
        return self._open


def _names_an_address(host: str) -> bool:
    """Whether the operator wrote an IP address or localhost; a name may lead inside only by mistake or attack."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _is_refused(error: Exception) -> bool:
    return isinstance(getattr(error, "os_error", None), AddressRefused) or AddressRefused.SENTENCE in str(error)


def sender(settings: Settings, clock: Callable[[], datetime], _: tzinfo, __: Clients) -> WebhookSender:
    urls = {name: url.get_secret_value() for name, url in settings.webhook_url.items()}
    secrets = {name: payload.secret_of(key.get_secret_value()) for name, key in settings.webhook_secret.items()}
    return WebhookSender(urls, secrets, clock=clock)


PLATFORM: Final = Platform(sender)
