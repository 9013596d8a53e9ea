"""Posts each message as signed JSON to an address of the operator's, for programs that others build on the bot.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

import bot
from bot.chat.platform import Clients, Platform, failed, retry_after
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
from bot.shared.card import Card
from bot.shared.plain_text import short_hash

_SECONDS: Final = 12.0  # below the outbox's deadline; Standard Webhooks advise 15 to 30 for receivers
_BAD_MESSAGE: Final = (400, 413, 415, 422)  # this message is refused; the next may pass
_BAD_ADDRESS: Final = (401, 403, 404, 410)  # and so would be the next
_MISSING: Final = "no WEBHOOK_URL__{0} and WEBHOOK_SECRET__{0} are set"
_SCHEMA: Final = 1  # of the letters' events; raised when a field is removed or changes its meaning


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
        content = _body(outgoing, now)
        sent = headers(secret, _id_of(outgoing), now, content)
        host = urlsplit(url).hostname or ""
        try:
            with reaching_inside(_names_an_address(host)):
                async with self._session().post(url, data=content, headers=sent, allow_redirects=False) as answer:
                    return self._outcome(answer, outgoing, host)
        except AddressRefused as error:
            return Rejected(f"{host} {error}", scope="channel")
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(getattr(error, "os_error", None), AddressRefused) or AddressRefused.SENTENCE in str(error):
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
        after = retry_after(answer.headers, 0)
        return RetryAt(why, self._clock() + timedelta(seconds=after) if after else None)

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


def _body(outgoing: Outgoing, now: datetime) -> bytes:
    """Return the JSON. `data.id` stays the same when a message is changed later; the type then ends in ".updated"."""
    if (about := outgoing.card.event) is not None:
        kind, at = about.type, about.at
        data = {"schema": _SCHEMA, "id": about.id, "title": about.title, "state": about.state}
        data |= {"organizations": list(about.organizations)}
    else:
        kind, at = outgoing.card.mark.value + (".updated" if outgoing.edits is not None else ""), now
        data = {
            "id": outgoing.mark,
            "thread": outgoing.reply_to or outgoing.mark,
            "channel": outgoing.channel.name,
            "files": [file.name for file in outgoing.files],
            "card": _plain(outgoing.card),
        }
    event = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(event, ensure_ascii=False, default=str).encode()


def _id_of(outgoing: Outgoing) -> str:
    """Return the id of the event: the same at each attempt, so that a receiver can ignore repeats."""
    if outgoing.edits is None:
        return f"msg_{outgoing.mark}"
    card = json.dumps(_plain(outgoing.card), sort_keys=True, default=str)
    return f"msg_{outgoing.mark}_{short_hash(card, 12)}"


def headers(secret: bytes, id_: str, now: datetime, content: bytes) -> dict[str, str]:
    """Return the headers with the signature of `content`."""
    stamp = str(int(now.timestamp()))
    signed = hmac.new(secret, f"{id_}.{stamp}.".encode() + content, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def secret_of(text: str) -> bytes:
    """Return the key of a secret "whsec_…", whose form the settings have checked."""
    return base64.b64decode(text.removeprefix("whsec_"))


def _plain(card: Card) -> Mapping[str, Any]:
    """Return the card without its buttons, and without what only they open, such as a letter's text."""
    return {name: value for name, value in asdict(replace(card, buttons=(), enclosed=())).items() if value}


def sender(settings: Settings, clock: Callable[[], datetime], _: tzinfo, __: Clients) -> WebhookSender:
    urls = {name: url.get_secret_value() for name, url in settings.webhook_url.items()}
    secrets = {name: secret_of(key.get_secret_value()) for name, key in settings.webhook_secret.items()}
    return WebhookSender(urls, secrets, clock=clock)


PLATFORM: Final = Platform(sender)
