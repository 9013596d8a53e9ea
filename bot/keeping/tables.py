"""Every table of every room, and how its rows are kept. A table that stands in no room's list fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.alerts import keeping as alerts
from bot.bills import keeping as bills
from bot.deadlines import keeping as deadlines
from bot.letters import keeping as letters
from bot.media import keeping as media
from bot.outbox import keeping as outbox
from bot.people import keeping as people
from bot.store.keeping import Keeping
from bot.tuning import keeping as tuning

_OWN: Final = (
    Keeping(table="backup", stays="where copies lie"),
    Keeping(table="erasure", stays="who must not come back with a copy"),
)
_ROOMS: Final = (alerts, outbox, people, tuning, bills, deadlines, letters, media)

TABLES: Final[Mapping[str, Keeping]] = MappingProxyType(
    {each.table: each for each in (*_OWN, *(one for room in _ROOMS for one in room.KEEPING))}
)
