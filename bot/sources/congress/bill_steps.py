"""A bill's steps, from the action rows of its record. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Final

from bot.shared.bill_number import BillNumber
from bot.sources.congress.bill_record import Action

_LIBRARY: Final = "Library of Congress"  # repeats what the chambers' own rows say
_HOUSE_COMMITTEES: Final = "House committee actions"  # whose rows do not name the committee in their text

# Citations come, go and are corrected in place; the Library's rows put the outcome in front.
_CITATION = re.compile(r"\([^()]*\bCR\s+[HSED]?\d[^()]*\)")
_OUTCOME = re.compile(r"^(?:Passed/agreed to|Failed of passage/not agreed to) in (?:House|Senate):\s*", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]+")
_COMMITTEE = re.compile(r"\W*(?:sub)?committee$", re.IGNORECASE)
# The words decide: the Senate's rows have no code, no complete list of codes exists, and one code may mean opposites
# (E30000 stands on signatures and on vetoes). The few codes that mean one thing help where no words are known. The
# order is that of the way, furthest first.
_STEPS: Final[tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]] = tuple(
    (name, frozenset(codes.split()), re.compile(pattern, re.IGNORECASE))
    for name, codes, pattern in (
        ("Became law", "", r"became (?:public|private) law"),
        ("Veto overridden", "", r"(?:passed|agreed to) (?:in )?(?:the )?(?:house|senate) over (?:the )?veto"),
        ("Signed by President", "", r"signed by (?:the )?president"),
        ("Vetoed by President", "31000", r"vetoed by (?:the )?president"),
        ("Presented to President", "28000", r"presented to (?:the )?president"),
        ("Chambers agreed", "", r"(?:senate|house) (?:agreed to|concurred in) (?:the )?(?:house|senate) amendments?\b"),
        ("Chambers agreed", "", r"on motion .*\b(?:agree to|concur in) the senate amendments?\b.* agreed to\b"),
        ("Conference", "", r"(?=.*\bconference report\b)(?=.*\b(?:filed|agreed to)\b)|conference held"),
        ("Failed in House", "9000", r"failed of passage/not agreed to in house"),
        ("Failed in Senate", "18000", r"failed of passage(?:/not agreed to)? in (?:the )?senate"),
        ("Passed House", "8000", r"passed(?:/agreed to in)? (?:the )?house|on passage passed\b"),
        ("Passed House", "", r"on (?:motion to suspend the rules and .*|agreeing to the resolution) agreed to\b"),
        ("Passed Senate", "17000", r"(?:resolution )?(?:passed|agreed to)(?:/agreed to)? (?:in )?(?:the )?senate"),
        ("Passed Senate", "", r"(?:introduced|submitted|received) in the senate,.* (?:passed|agreed to)\b"),
        ("Received in Senate", "", r"received in the senate"),
        ("Received in House", "", r"received in the house"),
        (
            "Amended",
            "",
            r"(?:amendment|[sh]\.? ?amdt)\b.*\bagreed to\b|on agreeing to the .*amendments?\b.* agreed to\b",
        ),
        ("Rule", "", r"rules committee resolution\b|rule h\. ?res\. \d+ passed"),
        ("Placed on calendar", "", r"placed on (?:the )?(?:senate|union|house|private)\b.*calendar"),
        ("Reported", "5000 14000 H12200", r"reported\b|committee on .* reported (?:by|to)\b"),
        ("Discharged", "", r".*\bcommittee on\b.*\bdischarged\b"),
        ("Ordered reported", "", r".*\bordered to be reported\b"),
        ("Markup held", "", r".*\bmark-?up (?:session )?held\b"),
        ("Hearing held", "", r".*\bhearings? held\b"),
        ("Introduced", "1000 1010 1025 10000 Intro-H Intro-S", r"(?:introduced|submitted) in\b"),
        ("Referred", "H11100", r"referred to|read twice and referred"),
    )
)
DIED: Final = "Died"
COSPONSORS: Final = "Cosponsors"
WITHDREW: Final = "Cosponsor withdrew"
TEXT: Final = "Text published"
SUMMARY: Final = "Summary published"
ACTION: Final = "Action"  # a row that is none of the steps
SCHEDULED: Final = "Scheduled"  # for the floor of a chamber
UNSCHEDULED: Final = "Taken off the schedule"
STATEMENT: Final = "White House statement"  # a Statement of Administration Policy
FLOOR_VOTE: Final = "Floor vote"  # on a motion or an amendment, by the chamber's own page
# Every type that an entry of a bill may have, the furthest first.
ORDER: Final = (*dict.fromkeys((_STEPS[0][0], DIED, *(name for name, _, _ in _STEPS))), FLOOR_VOTE, STATEMENT,
                SCHEDULED, UNSCHEDULED, ACTION, WITHDREW, COSPONSORS, TEXT, SUMMARY)  # fmt: skip
_RANK: Final = {name: rank for rank, name in enumerate(ORDER)}
_DECIDED: Final = frozenset(
    ("Became law", "Veto overridden", "Signed by President", "Vetoed by President", "Presented to President")
)
_BOTH: Final = frozenset(("Passed House", "Passed Senate"))
# What a chamber decides on its floor: its own page has it on the same day.
DECISIONS: Final = frozenset(
    ("Veto overridden", "Chambers agreed", "Failed in House", "Failed in Senate", "Passed House", "Passed Senate")
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, however many rows report it. `key` is the same whichever row came first."""

    key: str  # "2026-01-23:5f0c…" within its bill
    date: date
    time: time | None
    text: str
    type: str  # one of ORDER


def steps(actions: Sequence[Action]) -> tuple[Step, ...]:
    """The steps, oldest first: rows with the same day and words are one step.

    Words are compared without citations and without the outcome the Library puts in front. House committees' rows
    count per committee, because their text does not name it; every other row names all it concerns, so a referral
    to two committees is one step. The same words at two times of a day are two steps.
    """
    rows: dict[tuple[date, str], list[Action]] = {}
    for action in _oldest_first(actions):
        rows.setdefault((action.date, _fingerprint(action)), []).append(action)
    result = []
    for (on, digest), same in rows.items():
        times = sorted({row.time for row in same if row.time})
        for nth, at in enumerate(times or [None], start=1):
            rows_at = [row for row in same if row.time == at] or same
            key = f"{on}:{digest}" if nth == 1 else f"{on}:{digest}-{nth}"
            result.append(Step(key, on, at, _wording_of(rows_at), _type(same)))
    return tuple(result)


def rank(type_: str) -> int:
    """How far along a type of entry is: 0 is the furthest."""
    return _RANK.get(type_, len(_RANK))


def outlives(number: BillNumber, types: Collection[str]) -> bool:
    """Whether a bill with these steps does not die with its Congress.

    What was presented may still be signed in the ten days after. A resolution of one chamber is done when that one
    has agreed, a concurrent one when both have.
    """
    if number.type in ("hres", "sres"):
        return not _BOTH.isdisjoint(types)
    if number.type in ("hconres", "sconres"):
        return _BOTH.issubset(types) or "Chambers agreed" in types
    return not _DECIDED.isdisjoint(types)


def _oldest_first(actions: Sequence[Action]) -> list[Action]:
    """By day; within a day in the source's order, which is newest first in most records."""
    newest_first = len(actions) > 1 and actions[0].date >= actions[-1].date
    return sorted(reversed(actions) if newest_first else actions, key=lambda action: action.date)


def _fingerprint(action: Action) -> str:
    committees = sorted(code for code, _ in action.committees) if action.source == _HOUSE_COMMITTEES else ()
    return _digest(action.text, tuple(committees))


# The same few thousand texts make up most of a Congress.
@lru_cache(8_192)
def _digest(text: str, committees: tuple[str, ...]) -> str:
    words = _OUTCOME.sub("", _CITATION.sub(" ", text))
    folded = " ".join(_SIGNS.sub(" ", words).casefold().split())
    return hashlib.sha256("|".join((folded, *committees)).encode()).hexdigest()[:12]


def _wording_of(rows: Sequence[Action]) -> str:
    """The chamber's own wording if there is one, with committees that the text leaves out."""
    row = next((row for row in rows if row.source != _LIBRARY), rows[0])
    if row.source != _HOUSE_COMMITTEES:
        return row.text
    names = (name for _, name in row.committees)
    missing = [name for name in names if _COMMITTEE.sub("", name) not in row.text]
    return f"{row.text.rstrip('.')} – {', '.join(missing)}" if missing else row.text


def _type(rows: Sequence[Action]) -> str:
    by_words = min((type_of(row.text) for row in rows), key=rank)
    if by_words != ACTION:
        return by_words
    codes = {row.code for row in rows}
    return next((name for name, step_codes, _ in _STEPS if codes & step_codes), ACTION)


@lru_cache(8_192)
def type_of(text: str) -> str:
    """The step that an action's words report; `ACTION` if they report none."""
    return next((name for name, _, wording in _STEPS if wording.match(text)), ACTION)
