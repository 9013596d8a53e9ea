"""How long bills' records are kept."""

from __future__ import annotations

from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(table="bill", stays="the newest reading of each bill"),
    Keeping(table="bill_proposal", stays="each is asked about once"),
)
