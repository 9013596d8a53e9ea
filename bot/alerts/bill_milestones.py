"""Wording of a bill's steps: which makes the headline, what usually comes next, and a vote that two sources give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from bot.entries import records
from bot.shared import wording
from bot.shared.bill_events import ACTION, event_of, vote_count
from bot.shared.bill_events import Kind as EventKind
from bot.shared.bill_number import BillNumber, law_number
from bot.shared.bill_record import DIED, FLOOR_VOTE, KEYS, SCHEDULED, STATEMENT, UNSCHEDULED, rank
from bot.shared.entry import Entry, Kind
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
_AFTER_OVERRIDE: Final = "the other chamber's vote, or its number as a public law"
_PLAIN_LENGTH: Final = 300  # characters of a headline about actions that are no step


class _Step(NamedTuple):
    label: str
    usual_next: str = ""  # what comes next; "" where nothing is usual


# Keyed by the step names of `shared/bill_record.py`.
_STEPS: Final = {
    _LAW: _Step("Became law"),
    DIED: _Step("Died with its Congress", "a new bill in the new Congress, if a member reintroduces it"),
    "House overrode veto": _Step("The House voted to override the veto", _AFTER_OVERRIDE),
    "Senate overrode veto": _Step("The Senate voted to override the veto", _AFTER_OVERRIDE),
    "Signed by President": _Step("Signed by the President", "its number as a public law"),
    "Vetoed by President": _Step("Vetoed", "possibly a vote to override, which needs two thirds of each chamber"),
    "Presented to President": _Step("Sent to the President", "signature or veto within ten days, Sundays excepted"),
    "Chambers agreed": _Step("Both chambers agreed on the text", "the President"),
    "Conference report agreed": _Step("Conference report agreed to", "the other chamber's vote, or the President"),
    "Conference": _Step("In conference", "a vote of each chamber on the report"),
    "Conference requested": _Step("Conference requested", "the other chamber's answer"),
    "Amended again": _Step("Sent back with more changes", "the other chamber's vote on the changes"),
    "Amended by House": _Step("Back in the Senate with the House's changes", "the Senate's vote on the changes"),
    "Passed Senate": _Step("Passed the Senate", "the House, or the President if both have passed the same text"),
    "Passed House": _Step("Passed the House", "the Senate, or the President if both have passed the same text"),
    "Failed in Senate": _Step("Failed in the Senate"),
    "Failed in House": _Step("Failed in the House"),
    "Tabled": _Step("Tabled"),
    "Indefinitely postponed": _Step("Postponed indefinitely"),
    "Papers returned": _Step("Papers returned to the other chamber"),
    "Received in Senate": _Step("Arrived in the Senate", "referral to a committee, or a vote without one"),
    "Received in House": _Step("Arrived in the House", "referral to a committee, or a vote without one"),
    "Cloture invoked": _Step("Debate limited in the Senate (cloture)", "a vote in the Senate"),
    "Cloture not invoked": _Step("Cloture failed in the Senate", "possibly another vote on cloture"),
    "Motion to proceed rejected": _Step("The Senate voted not to take it up"),
    "Recommitted": _Step("Sent back to committee", "a new report of the committee"),
    "Amended": _Step("Amended on the floor", "a vote on passage"),
    "Rule": _Step("House rule for debate", "debate and a vote in the House, usually within days"),
    "Discharge Calendar": _Step("On the Discharge Calendar", "a vote in the House to discharge the committee"),
    "Placed on calendar": _Step("Ready for a vote", "a vote in the chamber, if its leaders call one"),
    "Reported": _Step("Reported by committee", "a vote in the chamber, unless another committee still has it"),
    "Discharged": _Step("Discharged from committee", "a vote in the chamber, often on the same day"),
    "Motion to discharge rejected": _Step("The motion to discharge the committee failed"),
    "Discharge petition": _Step("Discharge petition filed", "218 signatures, or nothing"),
    "Ordered reported": _Step("Approved by committee", "the committee's report, then the chamber"),
    "Markup held": _Step("Marked up in committee", "the committee's vote on whether to report it"),
    "Hearing held": _Step("Committee hearing held", "a markup, where the committee changes the text and votes"),
    FLOOR_VOTE: _Step("Vote on the floor"),
    STATEMENT: _Step("White House statement"),
    SCHEDULED: _Step("On the House floor schedule", "a debate and a vote in that week, unless it is removed"),
    UNSCHEDULED: _Step("Removed from the House floor schedule"),
    "Introduced": _Step("Introduced", "referral to a committee, where most bills end"),
    "Referred": _Step("Referred to committee", "nothing for most bills: committees take up few of them"),
}


def furthest_step(entries: Sequence[Entry]) -> Entry:
    """The most advanced of one bill's new actions; of equals, the last."""
    return min(reversed(entries), key=lambda entry: rank(entry.type or ""))


def label(type_: str) -> str:
    """A step's label, such as "Passed the House"; "" for an action that is no step."""
    return _STEPS[type_].label if type_ in _STEPS else ""


def usual_next_step(entry: Entry) -> str:
    step = _STEPS.get(entry.type or "")
    overtaken = entry.type == DIED and law_number(entry.title)  # another bill became law instead
    done = step and "President" in step.usual_next and (entry.bill or "").startswith(_NEVER_LAW)
    return step.usual_next if step and not overtaken and not done else ""


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
