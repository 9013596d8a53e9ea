"""A message as JSON for other programs, signed as Standard Webhooks describe. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from bot.outbox.model import Outgoing
from bot.shared.card import Card, Event
from bot.shared.plain_text import short_hash

_PREFIX: Final = "whsec_"
_SCHEMA: Final = 1  # of the letters' events; raised when a field is removed or changes its meaning


def body(outgoing: Outgoing, now: datetime) -> bytes:
    """Return the JSON. `data.id` stays the same when a message is changed later; the type then ends in ".updated"."""
    if (event := outgoing.card.event) is not None:
        return _encode(event.type, event.at, _letter(event))
    kind = f"{outgoing.card.mark.value}.updated" if outgoing.edits is not None else outgoing.card.mark.value
    data = {
        "id": outgoing.mark,
        "thread": outgoing.reply_to or outgoing.mark,
        "channel": outgoing.channel.name,
        "files": [file.name for file in outgoing.files],
        "card": _plain(outgoing.card),
    }
    return _encode(kind, now, data)


def id_of(outgoing: Outgoing) -> str:
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
    return base64.b64decode(text.removeprefix(_PREFIX))


def _encode(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    event = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(event, ensure_ascii=False, default=str).encode()


def _letter(event: Event) -> Mapping[str, Any]:
    return {
        "schema": _SCHEMA,
        "id": event.id,
        "title": event.title,
        "state": event.state,
        "organizations": list(event.organizations),
    }


def _plain(card: Card) -> Mapping[str, Any]:
    """Return the card without its buttons, and without what only they open, such as a letter's text."""
    return {name: value for name, value in asdict(replace(card, buttons=(), enclosed=())).items() if value}
