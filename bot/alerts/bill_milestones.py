"""Wording of a bill's steps: which makes the headline, what usually comes next, and a vote that two sources give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.entries import records
from bot.shared import wording
from bot.shared.bill_events import ACTION, event_of, vote_count
from bot.shared.bill_events import Kind as EventKind
from bot.shared.bill_number import BillNumber, law_number
from bot.shared.bill_record import DIED, FLOOR_VOTE, KEYS, rank
from bot.shared.entry import Entry, Kind
from bot.shared.yaml_text import shipped_yaml
from bot.store.database import Reader

CONFIRMED: Final = "Confirmed by the record"  # begin a note on a vote that its chamber's own page had first
CORRECTED: Final = "Corrected by the record"
_COUNTS: Final = re.compile(r"\b(\d{1,3}) ?- ?(\d{1,3})\b", re.ASCII)
_UNDECIDED: Final = (ACTION, FLOOR_VOTE)
_LAW: Final = "Became law"
_NEVER_LAW: Final = ("hres", "sres", "hconres", "sconres")
_UNFAVORABLE: Final = re.compile(r"\b(?:unfavorabl|adverse)", re.IGNORECASE)
_VOTES: Final = (
    (re.compile(r"\bvoice vote\b", re.IGNORECASE), " by voice vote"),
    (re.compile(r"\bunanimous consent\b", re.IGNORECASE), " by unanimous consent"),
)  # fmt: skip
_PLAIN_LENGTH: Final = 300  # characters of a headline about actions that are no step
_STEPS: Final[Mapping[str, Mapping[str, str]]] = shipped_yaml("bot.alerts", "bill_steps")


def furthest_step(entries: Sequence[Entry]) -> Entry:
    """The most advanced of one bill's new actions; of equals, the last."""
    return min(reversed(entries), key=lambda entry: rank(entry.type or ""))


def label(type_: str) -> str:
    """A step's label, such as "Passed the House"; "" for an action that is no step."""
    return _STEPS[type_]["label"] if type_ in _STEPS else ""


def usual_next_step(entry: Entry) -> str:
    usual = _STEPS.get(entry.type or "", {}).get("next", "")
    overtaken = entry.type == DIED and law_number(entry.title)  # another bill became law instead
    done = "President" in usual and (entry.bill or "").startswith(_NEVER_LAW)
    return "" if overtaken or done else usual


def confirmation(entries: Sequence[Entry]) -> str:
    """What a headline begins with if all entries are votes that their chamber's own page had first; else ""."""
    words = {entry.notes[0].partition(":")[0] if entry.notes else "" for entry in entries}
    return next((f"{word}: " for word in (CONFIRMED, CORRECTED) if words == {word}), "")


def is_law(entry: Entry) -> bool:
    """Whether a bill became law: the only alert that is posted in quiet hours."""
    return entry.kind is Kind.BILL and entry.type == _LAW


def bill_headline(entries: Sequence[Entry]) -> str:
    """Headline such as `Became law: Clean Rivers Act (H.R. 1234, 119th) → Public Law 119-99`.

    Actions that are no step follow the bill's name in their own words.
    """
    entry = furthest_step(entries)
    number = _number(entry.bill or "")
    name = f"{wording.short(entry.bill_title, 90)} ({number})" if entry.bill_title else number
    step = _decided(entry) or label(entry.type or "")
    if entry.type == DIED and law_number(entry.title):
        return f"Ended with its Congress: {name}. {entry.title.partition('. ')[2].rstrip('.')}"
    if not step:
        return wording.short(f"{name}: {'; '.join(action.title for action in entries)}", _PLAIN_LENGTH)
    laws = [law for action in entries if is_law(action) and (law := law_number(action.title))]
    return f"{step}{_vote(entry)}: {name}{''.join(f' → {law}' for law in laws[:1])}"


def _decided(entry: Entry) -> str:
    """What a row's words say against the bill that its step's label does not; ""."""
    kind = event_of(entry.title).kind
    if kind in (EventKind.OVERRIDE_FAILED, EventKind.VETO_TABLED):
        return "The veto stands"
    reported = kind in (EventKind.ORDERED_REPORTED, EventKind.REPORTED)
    return "Reported unfavorably by committee" if reported and _UNFAVORABLE.search(entry.title) else ""


def _vote(entry: Entry) -> str:
    """A chamber's vote as the action gives it: ", 234 to 182", " by voice vote"; "" if it gives none."""
    if not (entry.type or "").startswith(("Passed", "Failed")):
        return ""
    if count := vote_count(entry.title):
        return f", {count[0]} to {count[1]}"
    return next((words for pattern, words in _VOTES if pattern.search(entry.title)), "")


def _number(identity: str) -> str:
    """`H.R. 1234, 119th`, for use in parentheses; text that is no bill number is returned unchanged."""
    try:
        bill = BillNumber.of(identity)
    except ValueError:
        return identity
    return f"{bill.name}, {bill.nth}"


def compare_votes(db: Reader, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, those of a record with a note on the vote as the chamber's own page had it.

    What a chamber's page says of a vote that the record has already is left out.
    """
    bills = (entry for entry in entries if entry.kind is Kind.BILL)
    keys = {key for bill in bills for key in (*bill.identity, *bill.references) if key.startswith(KEYS)}
    if not keys:
        return list(entries)
    recorded = records.naming(db, keys)
    ids = records.known_keys(db, keys)
    stored = records.known_entries(db, ids.values())
    floor = {key: stored[id_].entry for key, id_ in ids.items()}
    return [_add_note(entry, floor) for entry in entries if entry.identity[0] not in recorded]


def _add_note(entry: Entry, floor: Mapping[str, Entry]) -> Entry:
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
