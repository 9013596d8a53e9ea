"""Which role a direct message is for: looked up when it is delivered, as a role may be taken away before that."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("ALTER TABLE delivery ADD COLUMN needs TEXT NOT NULL DEFAULT ''",)
