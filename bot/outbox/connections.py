"""Since when a platform's incoming connection is down, and why. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

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
