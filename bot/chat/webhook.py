"""Posts each message as signed JSON to an address of the operator's, for programs that others build on the bot.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, tzinfo
from typing import Any, Final

from bot.chat.platform import Clients, Platform
from bot.chat.posting import Poster, Request, urls_of
from bot.config.settings import Settings
from bot.outbox.model import NotFound, Outcome, Outgoing
from bot.shared.card import Card
from bot.shared.plain_text import short_hash

_SCHEMA: Final = 1  # of the letters' events; raised when a field is removed or changes its meaning


class WebhookSender(Poster):
    """Sends to the addresses of the settings, by the channel's name there.

    A receiver recognizes a repeated event by its id, so an event without an answer is simply sent again.
    """

    platform = "webhook"

    def __init__(self, urls: Mapping[str, str], secrets: Mapping[str, bytes], *, clock: Callable[[], datetime]) -> None:
        super().__init__(urls, clock=clock)
        self._secrets = secrets

    def _request(self, outgoing: Outgoing) -> Request | None:
        secret, now = self._secrets.get(outgoing.channel.address), self._clock()
        content = _body(outgoing, now)
        return Request(content, headers(secret, _id_of(outgoing), now, content)) if secret else None

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> NotFound:  # noqa: ARG002 - the port's
        """Say that sending again is safe: the receiver knows a repeat by its id."""
        return NotFound()


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
    secrets = {name: secret_of(key.get_secret_value()) for name, key in settings.webhook_secret.items()}
    return WebhookSender(urls_of(settings, "webhook"), secrets, clock=clock)


PLATFORM: Final = Platform(sender)
