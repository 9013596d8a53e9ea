"""The same vote from a chamber's own page and from the bill's record: which one comes later says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts.bill_milestones import CONFIRMED, CORRECTED
from bot.entries import records
from bot.shared.bill_events import ACTION
from bot.shared.bill_steps import FLOOR_VOTE
from bot.shared.entry import Entry, Kind
from bot.shared.roll_call import KEYS
from bot.store.database import Reader

_COUNTS: Final = re.compile(r"\b(\d{1,3}) ?- ?(\d{1,3})\b", re.ASCII)
_UNDECIDED: Final = (ACTION, FLOOR_VOTE)


def compared(db: Reader, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, those of a record with a note on the vote as the chamber's page had it.

    What a chamber's page says of a vote that the record has already is left out.
    """
    keys = {key for entry in entries if entry.kind is Kind.BILL for key in _keys(entry)}
    if not keys:
        return list(entries)
    recorded = records.naming(db, keys)
    ids = records.known_keys(db, keys)
    stored = records.known_entries(db, ids.values())
    floor = {key: stored[id_].entry for key, id_ in ids.items()}
    return [_noted(entry, floor) for entry in entries if entry.identity[0] not in recorded]


def _keys(entry: Entry) -> list[str]:
    return [key for key in (*entry.identity, *entry.references) if key.startswith(KEYS)]


def _noted(entry: Entry, floor: Mapping[str, Entry]) -> Entry:
    other = next((floor[key] for key in entry.references if key in floor), None)
    if other is None:
        return entry
    same_step = entry.type == other.type or entry.type in _UNDECIDED or other.type in _UNDECIDED
    if same_step and _counts(entry) == _counts(other):
        note = f"{CONFIRMED}: the chamber's own page had the same result."
    else:
        note = f"{CORRECTED}: the chamber's own page had “{other.title}”"
    return replace(entry, notes=(note, *entry.notes))


def _counts(entry: Entry) -> tuple[str, ...]:
    written = _COUNTS.search(entry.title)
    return written.groups() if written else ()
