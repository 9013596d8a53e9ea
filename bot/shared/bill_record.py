"""A bill's record from one source, its steps from the record's action rows, and roll calls with each vote. Pure.

Whether a motion passed is only in the result's own words: two-thirds votes fail with more yeas than nays.
"""

from __future__ import annotations

import datetime as dt  # fields are called `date` and `time`, and pydantic looks annotations up among them
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from bot.shared.bill_events import ACTION, NOTHING, OUTCOME, Event, amended, event_by_code, event_of
from bot.shared.bill_number import BillNumber
from bot.shared.language import gettext
from bot.shared.plain_text import clean, short_hash

IDENTICAL: Final = "Identical bill"  # a relation by which two bills of one Congress are the same text
_PACKAGE: Final = "https://www.govinfo.gov/app/details/BILLS-{}{}{}{}"
_LIBRARY: Final = "Library of Congress"  # repeats what the chambers' own rows say
_HOUSE_COMMITTEES: Final = "House committee actions"  # whose rows do not name the committee in their text

# Citations come, go and are corrected in place.
_CITATION = re.compile(r"\([^()]*\bCR\s+[HSED]?\d[^()]*\)")
_SIGNS = re.compile(r"[^\w]+")
_COMMITTEE = re.compile(r"\W*(?:sub)?committee$", re.IGNORECASE)
DIED: Final = "Died"
COSPONSORS: Final = "Cosponsors"
WITHDREW: Final = "Cosponsor withdrew"
TEXT: Final = "Text published"
SUMMARY: Final = "Summary published"
ESTIMATE: Final = "Cost estimate"  # of the Congressional Budget Office
AMENDMENTS: Final = "Amendments submitted"  # which need not come up
TWIN: Final = "Identical bill"
SCHEDULED: Final = "Scheduled"  # for the floor of a chamber
UNSCHEDULED: Final = "Taken off the schedule"
STATEMENT: Final = "White House statement"  # a Statement of Administration Policy
FLOOR_VOTE: Final = "Floor vote"  # on a motion or an amendment, by the chamber's own page
# Every type that an entry of a bill may have, the furthest first.
ORDER: Final = (
    "Became law", DIED, "House overrode veto", "Senate overrode veto", "Signed by President", "Vetoed by President",
    "Presented to President", "Chambers agreed", "Conference report agreed", "Conference", "Conference requested",
    "Amended again", "Amended by House", "Failed in House", "Failed in Senate", "Tabled", "Indefinitely postponed",
    "Passed House", "Passed Senate", "Papers returned", "Received in Senate", "Received in House", "Cloture invoked",
    "Cloture not invoked", "Motion to proceed rejected", "Recommitted", "Amended", "Rule", "Discharge Calendar",
    "Placed on calendar", "Reported", "Discharged", "Motion to discharge rejected", "Discharge petition",
    "Ordered reported", "Markup held", "Hearing held", "Introduced", "Referred", FLOOR_VOTE, STATEMENT, SCHEDULED,
    UNSCHEDULED, ACTION, ESTIMATE, TWIN, AMENDMENTS, WITHDREW, COSPONSORS, TEXT, SUMMARY,
)  # fmt: skip
_LATE: Final = timedelta(days=30)
_RANK: Final = {name: rank for rank, name in enumerate(ORDER)}
_DECIDED: Final = frozenset((
    "Became law", "House overrode veto", "Senate overrode veto", "Signed by President", "Vetoed by President",
    "Presented to President",
))  # fmt: skip
_BOTH: Final = frozenset(("Passed House", "Passed Senate"))
_SENT_BACK: Final = frozenset(("Amended again", "Amended by House"))
_REPORT: Final = "Conference report agreed"
_VOTES: Final = _BOTH | _SENT_BACK | {"Chambers agreed", _REPORT}
# What a chamber decides on its floor: its own page has it on the same day.
DECISIONS: Final = frozenset((
    "House overrode veto", "Senate overrode veto", "Chambers agreed", "Amended again", "Failed in House",
    "Failed in Senate", "Passed House", "Passed Senate",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """One row of a record. House, Senate and Library each write their own, so one event may have several rows."""

    date: dt.date
    text: str
    time: dt.time | None = None  # the House's clock
    code: str = ""
    type: str = ""
    source: str = ""
    committees: tuple[tuple[str, str], ...] = ()  # (system code, name)


@dataclass(frozen=True, slots=True)
class Sponsor:
    bioguide: str
    name: str  # "Rep. Fry, Russell [R-SC-7]"


@dataclass(frozen=True, slots=True)
class Cosponsor:
    bioguide: str
    name: str
    joined: dt.date | None = None
    withdrawn: dt.date | None = None
    original: bool = False  # from the day of introduction


@dataclass(frozen=True, slots=True)
class Committee:
    code: str  # "hsju00"
    name: str
    chamber: str = ""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """`code` is GovInfo's: "ih", "rh", "eh", "rds", "enr" …; "" where no address tells it."""

    name: str  # "Introduced in House"
    code: str = ""
    date: dt.date | None = None  # one in twenty has none


@dataclass(frozen=True, slots=True)
class Summary:
    """`action` is the stage it describes and `on` that stage's day; it may be `updated` months later."""

    action: str  # "Introduced in House", "Public Law"
    on: dt.date | None
    updated: dt.date | None
    markup: str  # as it came: few are ever read

    @property
    def text(self) -> str:
        """One line of plain text."""
        return clean(self.markup)


@dataclass(frozen=True, slots=True)
class Related:
    bill: str  # "s2255-119"; the official data never leave the Congress
    title: str
    relations: tuple[str, ...]  # "Identical bill", "Related bill", "Procedurally-related" …


@dataclass(frozen=True, slots=True)
class Estimate:
    """A cost estimate of the Congressional Budget Office. `of` is the text it is about, in CBO's words."""

    of: str  # "As ordered reported by the House Committee on the Judiciary on May 10, 2023"; the title in old records
    published: dt.date | None
    url: str


@dataclass(frozen=True, slots=True)
class Amendment:
    name: str  # "S.Amdt. 890"
    purpose: str
    submitted: dt.date | None


@dataclass(frozen=True, slots=True)
class BillRecord:
    """A bill's record from one source. `updated` is when the source changed it, which need not mean a new event.

    A list is None if the source did not give it, which is not the same as an empty list.
    """

    number: BillNumber
    title: str
    official_title: str | None
    updated: dt.datetime | None
    actions: tuple[Action, ...]  # in the source's order; rows that have no date, or nothing but one, are left out
    introduced: dt.date | None = None
    sponsors: tuple[Sponsor, ...] | None = None
    cosponsors: tuple[Cosponsor, ...] | None = None
    committees: tuple[Committee, ...] | None = None
    titles: tuple[tuple[str, str], ...] | None = None  # (kind, title)
    texts: tuple[TextVersion, ...] | None = None
    summaries: tuple[Summary, ...] | None = None
    laws: tuple[tuple[str, str], ...] | None = None  # ("Public Law", "119-99")
    related: tuple[Related, ...] | None = None
    subjects: tuple[str, ...] | None = None
    estimates: tuple[Estimate, ...] | None = None
    amendments: tuple[Amendment, ...] | None = None
    source: str = ""  # who says so: "GovInfo BILLSTATUS", "congress.gov"

    @property
    def law(self) -> str:
        """``Public Law 119-99``, or "" if no law is reported."""
        return " ".join(self.laws[0]) if self.laws else ""

    @property
    def identical(self) -> frozenset[str]:
        """The ids of other bills with this one's text."""
        return frozenset(other.bill for other in self.related or () if IDENTICAL in other.relations)


def text_page(bill: BillNumber, code: str) -> str:
    """GovInfo's page of a text version; the version may be of any age."""
    return _PACKAGE.format(bill.congress, bill.type, bill.number, code)


def fill_gaps(record: BillRecord, other: BillRecord) -> BillRecord:
    """`record` with its unknown fields taken from `other`, a record of the same bill."""
    gaps: dict[str, Any] = {
        field.name: getattr(other, field.name) for field in fields(record) if getattr(record, field.name) is None
    }
    return replace(record, **gaps, title=record.title or other.title)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, however many rows report it. `key` is the same whichever row came first."""

    key: str  # "2026-01-23:5f0c…" within its bill
    date: date
    time: time | None
    text: str
    event: Event
    committees: tuple[tuple[str, str], ...] = ()  # code and name of those that its rows name

    @property
    def type(self) -> str:
        """One of ORDER."""
        return self.event.step


def steps(actions: Sequence[Action]) -> tuple[Step, ...]:
    """The steps, oldest first: rows with the same day and words are one step.

    Words are compared without citations and without the outcome the Library puts in front. House committees' rows
    count per committee, because their text does not name it; every other row names all it concerns, so a referral
    to two committees is one step. The same words at two times of a day are two steps.
    """
    rows: dict[tuple[date, str], list[Action]] = {}
    places: dict[tuple[date, str, time | None], int] = {}
    # By day; within a day in the source's order, which is newest first in most records.
    newest_first = len(actions) > 1 and actions[0].date >= actions[-1].date
    oldest_first = sorted(reversed(actions) if newest_first else actions, key=lambda action: action.date)
    for place, action in enumerate(oldest_first):
        # Their text does not name the committee.
        committees = sorted(code for code, _ in action.committees) if action.source == _HOUSE_COMMITTEES else ()
        digest = _digest(action.text, tuple(committees))
        rows.setdefault((action.date, digest), []).append(action)
        places.setdefault((action.date, digest, action.time), place)
    result = []
    for (on, digest), same in rows.items():
        times = sorted({row.time for row in same if row.time})
        by_words = min((event_of(row.text) for row in same), key=lambda event: rank(event.step))
        event = by_words if by_words != NOTHING else event_by_code(frozenset(row.code for row in same))
        for nth, at in enumerate(times or [None], start=1):
            rows_at = [row for row in same if row.time == at] or same
            key = f"{on}:{digest}" if nth == 1 else f"{on}:{digest}-{nth}"
            named = tuple(dict.fromkeys(pair for row in same for pair in row.committees))
            place = places[on, digest, at]
            result.append((place, Step(key, on, at, _wording_of(rows_at), event, named)))
    return tuple(step for _, step in sorted(result, key=itemgetter(0)))


def rank(type_: str) -> int:
    """How far along a type of entry is: 0 is the furthest."""
    return _RANK.get(type_, len(_RANK))


def outlives(number: BillNumber, happened: Sequence[Step]) -> bool:
    """Whether a bill with these steps does not die with its Congress.

    What both chambers agreed on may be presented to the last day, which its record shows later, and signed in the ten
    days after. A resolution of one chamber is done when that one has agreed.
    """
    types = {step.type for step in happened}
    if number.type in ("hres", "sres"):
        return not _BOTH.isdisjoint(types)
    last = next((step for step in reversed(happened) if step.type in _VOTES), None)
    both = _BOTH.issubset(types) or "Chambers agreed" in types
    waits = last is None or last.type in _SENT_BACK or amended(last.text)
    if last and last.type == _REPORT:
        waits = len({step.event.chamber for step in happened if step.type == _REPORT}) < 2
    return (both and not waits) or not _DECIDED.isdisjoint(types)


# The same few thousand texts make up most of a Congress.
@lru_cache(8_192)
def _digest(text: str, committees: tuple[str, ...]) -> str:
    words = OUTCOME.sub("", _CITATION.sub(" ", text))
    folded = " ".join(_SIGNS.sub(" ", words).casefold().split())
    return short_hash("|".join((folded, *committees)), 12)


def _wording_of(rows: Sequence[Action]) -> str:
    """The chamber's own wording if there is one, with committees that the text leaves out."""
    row = next((row for row in rows if row.source != _LIBRARY), rows[0])
    if row.source != _HOUSE_COMMITTEES:
        return row.text
    names = (name for _, name in row.committees)
    missing = [name for name in names if _COMMITTEE.sub("", name) not in row.text]
    return f"{row.text.rstrip('.')} – {', '.join(missing)}" if missing else row.text


HOUSE: Final = "House"
SENATE: Final = "Senate"
KEYS: Final = ("vote:", "decision:")  # begin the keys that a chamber's page and the bill's record share
AHEAD: Final = "By the {}. The bill's record usually confirms or corrects it the next morning."
_PASSAGE: Final = re.compile(
    r"on (?:passage|the (?:joint |concurrent )?resolution\b|agreeing to the (?:concurrent )?resolution"
    r"|motion to suspend the rules and (?:pass|agree))",
    re.IGNORECASE,
)
_VETO: Final = re.compile(r"\b(?:overriding the veto|objections of the president)\b", re.IGNORECASE)
_PASSED: Final = re.compile(r"\b(?:passed|agreed to|overridden)$", re.IGNORECASE)
_RECORDED: Final = re.compile(r"\(Roll no\. (\d{1,4})\)|\bRecord Vote Number: (\d{1,4})\b", re.ASCII | re.IGNORECASE)
_FAILED: Final = re.compile(r"\b(?:failed|defeated|rejected|not agreed to|not passed|sustained)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MemberVote:
    """`member`: the Bioguide id in the House, the number in the Senate's own system ("S289") in the Senate."""

    member: str
    vote: str  # as printed: "Yea", "Aye", "Nay", "No", "Present", "Not Voting" …
    name: str = ""  # as bills' records have it, "Rep. Fry, Russell [R-SC]"; "" for a vote read before names were

    @property
    def in_favor(self) -> bool | None:
        """None for present, not voting, paired and anything else that is neither yes nor no."""
        return {"yea": True, "aye": True, "nay": False, "no": False}.get(self.vote.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """One roll call on a bill. Totals are None where the file gives none."""

    chamber: str  # HOUSE or SENATE
    congress: int
    session: int
    number: int
    bill: str
    question: str
    result: str
    at: datetime | None  # its close in the House, its start in the Senate
    yeas: int | None
    nays: int | None
    votes: tuple[MemberVote, ...]
    url: str
    kind: str = ""  # as printed: "Yea-and-Nay", "2/3 Recorded Vote"; "" if unknown

    @property
    def key(self) -> str:
        return vote_key(self.chamber, self.congress, self.session, self.number)

    @property
    def name(self) -> str:
        """`House roll call 158`."""
        if self.chamber == HOUSE:
            return gettext("House roll call %(number)s", number=self.number)
        return gettext("Senate roll call %(number)s", number=self.number)

    @property
    def on_passage(self) -> bool:
        """Whether the bill itself was voted on, also over a veto, not a motion or an amendment."""
        return self.over_veto or bool(_PASSAGE.match(self.question))

    @property
    def over_veto(self) -> bool:
        return bool(_VETO.search(self.question))

    @property
    def passed(self) -> bool | None:
        """None if the result's words do not say."""
        if _FAILED.search(self.result):
            return False
        return True if _PASSED.search(self.result) else None


def decision_key(bill: str, on: date, type_: str) -> str:
    """The same for a decision without a roll call, such as a voice vote."""
    return f"decision:{bill}:{on}:{type_}"


def key_in_record(bill: BillNumber, on: date, text: str, type_: str) -> str:
    """The key of a vote or decision that a bill's record reports; "" for any other action."""
    written = _RECORDED.search(text)
    if written:
        chamber, number = (HOUSE, written[1]) if written[1] else (SENATE, written[2])
        return vote_key(chamber, bill.congress, session_of(bill.congress, on), int(number))
    return decision_key(bill.id, on, type_) if type_ in DECISIONS else ""


def vote_key(chamber: str, congress: int, session: int, number: int) -> str:
    """The key under which the floor's page and the bill's record have the same vote."""
    return f"vote:{chamber.lower()}:{congress}-{session}:{number}"


def session_of(congress: int, on: date) -> int:
    """The session of a Congress on a day; the last days before the next Congress belong to the second."""
    return 1 if on.year == 1787 + 2 * congress else 2


def congress_on(day: date) -> int:
    """The Congress on a day; a new one begins on January 3 (20th Amendment)."""
    year = day.year - (day.month == 1 and day.day < 3)
    return (year - 1789) // 2 + 1


def sessions_between(first: date, last: date) -> list[tuple[int, int]]:
    """Congress and session on two days. What happened in the last weeks of one is on record in the next."""
    days = (min(first, last - _LATE), last)
    return list(dict.fromkeys((congress_on(day), session_of(congress_on(day), day)) for day in days))
