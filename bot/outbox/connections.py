"""The lines on which platforms tell what people ask: since when one is down, and why, as it is remembered. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import from_text, to_text


@dataclass(frozen=True, slots=True)
class ConnectionDown:
    """Commands and buttons do not work on `platform`."""

    platform: str  # "slack" | "discord"
    since: datetime
    why: str


def memo_name(platform: str) -> str:
    """The name under which the state of a line is remembered."""
    return f"{platform} line"


def dump(down: ConnectionDown | None) -> str:
    """As text; empty for a line that is up."""
    return json.dumps({"since": to_text(down.since), "why": down.why}) if down else ""


def load(platform: str, text: str | None) -> ConnectionDown | None:
    """What `dump` made."""
    if not text:
        return None
    found = json.loads(text)
    return ConnectionDown(platform, from_text(found["since"]), found["why"])
