"""When a letter could not go on, so that it is not tried again at every look."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("ALTER TABLE letter ADD COLUMN tried_at TEXT",)
