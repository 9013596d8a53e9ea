"""How a bill's steps are told: which of several makes the headline, and what usually comes next. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.alerts import words
from bot.entry import Entry, Kind
from bot.sources.bill_number import BillNumber

_LAW: Final = "Became law"
_LAW_NUMBER: Final = re.compile(r"(Public|Private) Law(?: No)?[.:]* *(\d+-\d+)", re.IGNORECASE)


class _Step(NamedTuple):
    label: str
    usually: str = ""  # what comes next; "" where nothing is usual


# The steps that the bills' adapter names, the furthest first.
_STEPS: Final = {
    _LAW: _Step("Became law"),
    "Signed by President": _Step("Signed by the President", "its number as a public law"),
    "Vetoed by President": _Step("Vetoed", "perhaps a vote to override, which needs two thirds in each chamber"),
    "Presented to President": _Step("Sent to the President", "signature or veto within ten days, Sundays excepted"),
    "Passed Senate": _Step("Passed the Senate", "the House, or the President if both have passed the same text"),
    "Passed House": _Step("Passed the House", "the Senate, or the President if both have passed the same text"),
    "Failed in Senate": _Step("Failed in the Senate"),
    "Failed in House": _Step("Failed in the House"),
    "Placed on calendar": _Step("Ready for a vote", "a vote in the chamber, if its leaders call one"),
    "Reported": _Step("Reported by committee", "a vote in the chamber"),
    "Ordered reported": _Step("Approved by committee", "the committee's report, then the chamber"),
    "Introduced": _Step("Introduced", "referral to a committee, where most bills end"),
    "Referred": _Step("Referred to committee", "nothing, for most bills: few are taken up"),
}
_RANK: Final = {name: rank for rank, name in enumerate(_STEPS)}


def furthest(entries: Sequence[Entry]) -> Entry:
    """Of one bill's new actions the one that says most; of equals the last."""
    return min(reversed(entries), key=lambda entry: _RANK.get(entry.type or "", len(_RANK)))


def usually_next(entry: Entry) -> str:
    step = _STEPS.get(entry.type or "")
    return step.usually if step else ""


def is_law(entry: Entry) -> bool:
    """A bill became law: the one thing that is said at any hour."""
    return entry.kind is Kind.BILL and entry.type == _LAW


def bill_headline(entries: Sequence[Entry]) -> str:
    """`Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73`."""
    entry = furthest(entries)
    step = _STEPS.get(entry.type or "")
    number = _number(entry.bill or "")
    called = f"{words.short(entry.bill_title, 90)} ({number})" if entry.bill_title else number
    laws = [found for each in entries if is_law(each) and (found := _LAW_NUMBER.search(each.title))]
    law = "".join(f" → {found[1].title()} Law {found[2]}" for found in laws[:1])
    return f"{step.label if step else 'New action'}: {called}{law}"


def _number(identity: str) -> str:
    """`H.R. 4323, 119th`, to stand in parentheses; whatever is no bill as it is."""
    try:
        bill = BillNumber.of(identity)
    except ValueError:
        return identity
    return f"{bill.name}, {bill.nth}"
