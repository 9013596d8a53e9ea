"""Until when the last attempt at a message may have arrived, and which token and address a hold was made for."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A look into the channel proves nothing about a message that may have arrived a moment ago.
    "ALTER TABLE delivery ADD COLUMN tried_at TEXT",
    # A fingerprint: when it is another one, somebody has changed what was refused. NULL: a person's pause, or a wait
    # that a platform asked for.
    "ALTER TABLE hold ADD COLUMN refused TEXT",
)
