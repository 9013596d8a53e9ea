"""How long what was changed from chat is kept."""

from __future__ import annotations

from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (Keeping(table="overlay", stays="the watches and sources as they are in force", sheet=True),)
