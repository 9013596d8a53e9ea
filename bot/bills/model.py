"""Facts about a bill: its stage, what is known of one that has reached it, and the sentence that says it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.shared.bill_events import Chamber
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.wording import listed

_SEAT: Final = re.compile(r"\[(?P<party>[A-Z]{1,4})-(?P<state>[A-Z]{2})(?:-[^\]]{1,20})?\]$")


class Stage(StrEnum):
    """A bill's stage. Letters, the table of what may be asked and the board use these names."""

    UNKNOWN = ""  # its record has not been read
    RESERVED = "reserved"
    INTRODUCED = "introduced"
    IN_COMMITTEE = "in-committee"
    IN_SEVERAL = "in-several-committees"
    PETITION = "discharge-petition-filed"
    DISCHARGE_CALENDAR = "discharge-calendar"
    DISCHARGE_REJECTED = "discharge-motion-rejected"
    ORDERED = "ordered-reported"
    REPORTED_BY_ONE = "reported-by-one-of-several"
    SEQUENTIAL = "sequential-referral"
    RECOMMITTED = "recommitted"
    ON_CALENDAR = "on-calendar"
    READ_FIRST = "read-first-time"
    WITHOUT_COMMITTEE = "calendar-without-committee"
    RULE = "rule-reported"
    FLOOR = "floor-pending"
    CLOTURE_FILED = "cloture-filed"
    CLOTURE_FAILED = "cloture-failed"
    CLOTURE_INVOKED = "cloture-invoked"
    PROCEED_REJECTED = "proceed-rejected"
    FAILED_SUSPENSION = "failed-suspension"
    FAILED = "failed-passage"
    TABLED = "tabled"
    POSTPONED = "indefinitely-postponed"
    PASSED_ONE = "passed-one-chamber"
    SENATE_DESK = "at-senate-desk"
    HOUSE_DESK = "held-at-house-desk"
    ON_ARRIVAL = "calendar-on-arrival"
    REFERRED_SECOND = "referred-second-chamber"
    PAPERS_RETURNED = "papers-returned"
    AMENDED = "amended-by-second-chamber"
    BETWEEN = "between-chambers"
    CONFERENCE_REQUESTED = "conference-requested"
    CONFERENCE = "in-conference"
    CONFERENCE_REPORT = "conference-report"
    ENROLLING = "passed-both-enrolling"
    PRESIDENT = "with-president"
    VETOED = "vetoed"
    OVERRIDDEN = "overridden-by-first"
    OVERRIDE_FAILED = "override-failed"
    VETO_TABLED = "veto-message-tabled"
    POCKET_VETOED = "pocket-vetoed"
    LAW = "law"
    AGREED_SIMPLE = "agreed-simple"
    AGREED_CONCURRENT = "agreed-concurrent"
    SENT_TO_STATES = "sent-to-states"
    DEAD = "dead-with-congress"


# Stages in which committees of the bill's chamber have it.
IN_COMMITTEES: Final = frozenset({
    Stage.INTRODUCED, Stage.IN_COMMITTEE, Stage.IN_SEVERAL, Stage.PETITION, Stage.DISCHARGE_REJECTED, Stage.ORDERED,
    Stage.REPORTED_BY_ONE, Stage.SEQUENTIAL, Stage.RECOMMITTED, Stage.REFERRED_SECOND,
})  # fmt: skip
# The others in which one chamber may still vote on it.
ON_FLOOR: Final = frozenset({
    Stage.DISCHARGE_CALENDAR, Stage.ON_CALENDAR, Stage.READ_FIRST, Stage.WITHOUT_COMMITTEE, Stage.RULE, Stage.FLOOR,
    Stage.CLOTURE_FILED, Stage.CLOTURE_FAILED, Stage.CLOTURE_INVOKED, Stage.PROCEED_REJECTED, Stage.FAILED_SUSPENSION,
    Stage.SENATE_DESK, Stage.HOUSE_DESK, Stage.ON_ARRIVAL,
})  # fmt: skip
BETWEEN_CHAMBERS: Final = frozenset({
    Stage.AMENDED, Stage.BETWEEN, Stage.CONFERENCE_REQUESTED, Stage.CONFERENCE, Stage.CONFERENCE_REPORT,
})  # fmt: skip
# Nobody in Congress has anything left to vote on.
FINISHED: Final = frozenset({Stage.LAW, Stage.AGREED_SIMPLE, Stage.AGREED_CONCURRENT, Stage.SENT_TO_STATES})
BURIED: Final = frozenset({Stage.OVERRIDE_FAILED, Stage.VETO_TABLED, Stage.POCKET_VETOED})
# What both chambers passed may be presented to a Congress's last day, and signed in the ten days after.
_TO_BE_SIGNED: Final = frozenset({Stage.ENROLLING, Stage.PRESIDENT})
_SATURDAY: Final = 5  # of date.weekday()
_DAYS_TO_SIGN: Final = 10  # after presentment, Sundays excepted (Art. I, section 7)
OUTLIVES: Final = FINISHED | BURIED | _TO_BE_SIGNED
_STOPPED: Final = frozenset({Stage.TABLED, Stage.POSTPONED, Stage.RESERVED, Stage.DEAD, Stage.UNKNOWN})
NO_PLACE: Final = FINISHED - {Stage.AGREED_SIMPLE} | {Stage.ENROLLING, Stage.PRESIDENT, Stage.CONFERENCE}
_AMENDMENT: Final = re.compile(r"proposing an? .*\bamendment\b.* constitution of the united states", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bill's stage, the day it began if known, and what a letter needs to know of it.

    `chamber`: where the bill is; "" once both have passed it and it is with neither. `passed`: the chambers that passed
    it, in order. `committees`, `reported` and `discharged`: code and name of the committees of that chamber that still
    have it, have reported it, and were discharged from it. `vote`: yeas and nays of the deciding vote, if its row gives
    them.
    """

    stage: Stage
    since: date | None = None
    chamber: Chamber = ""
    passed: tuple[Chamber, ...] = ()
    committees: tuple[tuple[str, str], ...] = ()
    reported: tuple[tuple[str, str], ...] = ()
    discharged: tuple[tuple[str, str], ...] = ()
    vote: tuple[int, int] | None = None
    calendar: str = ""  # "Union Calendar", "Senate Legislative Calendar"
    petition: str = ""  # "119-16"
    open: bool = False  # of a defeat: the motion to reconsider it is pending
    adverse: bool = False  # the committee voted to report it unfavorably
    changed: bool = False  # a chamber passed it with changes

    @property
    def acting(self) -> Chamber:
        """The chamber whose members, leaders or committees act next; "" if none."""
        if self.stage in FINISHED | BURIED | _STOPPED | {Stage.CONFERENCE, Stage.ENROLLING, Stage.PRESIDENT}:
            return ""
        if self.stage in (Stage.FAILED, Stage.PAPERS_RETURNED) and not self.open:
            return ""
        return other(self.chamber) if self.stage is Stage.PASSED_ONE else self.chamber


UNREAD: Final = Place(stage=Stage.UNKNOWN)


def is_over(at: Place, bill: BillNumber, today: date) -> bool:
    """Whether its Congress has ended and it waits for no signature that may still come."""
    if at.stage not in _TO_BE_SIGNED:
        return bill.over(today)
    last = max(at.since or bill.ends, bill.ends)
    for _ in range(_DAYS_TO_SIGN):
        last += timedelta(1 + (last.weekday() == _SATURDAY))
    return last < today


def origin(bill: BillNumber) -> Chamber:
    """The chamber in which a bill was introduced."""
    return "Senate" if bill.type.startswith("s") else "House"


def other(chamber: Chamber) -> Chamber:
    return "House" if chamber == "Senate" else "Senate"


def is_simple(bill: BillNumber) -> bool:
    """Whether one chamber decides alone."""
    return bill.type in ("hres", "sres")


def is_concurrent(bill: BillNumber) -> bool:
    return bill.type in ("hconres", "sconres")


def noun(bill: BillNumber) -> str:
    """What letters call it: "bill", "joint resolution" or "resolution"."""
    if bill.type in ("hjres", "sjres"):
        return "joint resolution"
    return "bill" if bill.type in ("hr", "s") else "resolution"


def makes_law(bill: BillNumber) -> bool:
    """Whether chambers "pass" it. A resolution that never becomes law is "submitted" and "agreed to"."""
    return not is_simple(bill) and not is_concurrent(bill)


def amends_constitution(bill: BillNumber, title: str) -> bool:
    """Whether it is a joint resolution that needs two thirds of both chambers and then the states."""
    return bill.type in ("hjres", "sjres") and bool(_AMENDMENT.search(title))


_COMMITTEE: Final = re.compile(r"(?P<about>.+?)(?: \((?P<kind>[^)]+)\))? Committee")
_MOST: Final = 5  # committees in a sentence
_WITH_ARTICLE: Final = frozenset({"Budget", "Judiciary", "Library"})
# What the braces mean: `it` is the bill, `on` the day with "on", `day` the day alone, `vote` ", 264 to 133" or "".
# `agreed`: "passed", or "agreed to" for a resolution that never becomes law.
# `here` is the chamber that has the bill, `there` the other one, `first` and `second` the chambers in their order.
_SENTENCES: Final = {
    Stage.RESERVED: "{It} is a number reserved for the Speaker and has no text.",
    Stage.INTRODUCED: "{It} was {introduced} in the {here}{on}; it has not been referred to a committee yet.",
    Stage.IN_COMMITTEE: "{It} has been before {committees}{since}.",
    Stage.IN_SEVERAL: "{It} has been before {committees}{since}.",
    Stage.PETITION: "A discharge petition to bring {it} to a vote{number} was filed{on}; {committees} still {has} it.",
    Stage.DISCHARGE_CALENDAR: "A motion to discharge a committee from {it} has been on the House’s Discharge "
    "Calendar{since}.",
    Stage.DISCHARGE_REJECTED: "A motion to discharge {committees} from {it} failed in the {here}{on}{vote}; the "
    "committee still has it.",
    Stage.ORDERED: "{Committees} voted to report {it}{adversely}{on}; its report has not been filed.",
    Stage.REPORTED_BY_ONE: "{It} is still before {committees}{done}.",
    Stage.SEQUENTIAL: "{It} was referred to a further committee{on}: {committees}{done}.",
    Stage.RECOMMITTED: "The {here} sent {it} back to {committees}{on}.",
    Stage.ON_CALENDAR: "{It} has been on {calendar}{since}{passed}.",
    Stage.READ_FIRST: "{It} was read for the first time in the Senate{on}, without referral to a committee.",
    Stage.WITHOUT_COMMITTEE: "{It} has been on {calendar}{since}, without referral to a committee.",
    Stage.RULE: "A rule for debate on {it} was reported or adopted in the House{on}; no later vote on the {noun} is on "
    "record.",
    Stage.FLOOR: "The {here} took {it} up{on}; no later vote on the {noun} is on record{passed}.",
    Stage.CLOTURE_FILED: "A motion to limit debate on {it} (cloture) was filed in the Senate{on}{passed}.",
    Stage.CLOTURE_FAILED: "A motion to limit debate on {it} (cloture) failed in the Senate{on}{vote}; it needs three-"
    "fifths of all senators{passed}.",
    Stage.CLOTURE_INVOKED: "A motion to limit debate on {it} (cloture) was agreed to in the Senate{on}{vote}{passed}.",
    Stage.PROCEED_REJECTED: "A motion to take {it} up failed in the Senate{on}{vote}{passed}.",
    Stage.FAILED_SUSPENSION: "{It} failed in the House under suspension of the rules{on}{vote}, short of two-"
    "thirds{passed}.",
    Stage.FAILED: "The {here} voted {it} down{on}{vote}{short}{reconsider}{passed}.",
    Stage.TABLED: "The {here} tabled {it}{on}{vote}, which disposes of it.",
    Stage.POSTPONED: "The {here} postponed {it} indefinitely{on}.",
    Stage.PASSED_ONE: "The {here} {agreed} {it}{on}{vote}.",
    Stage.SENATE_DESK: "{It} has been at the Senate’s desk{since}, before no committee; the House has {agreed} it.",
    Stage.HOUSE_DESK: "{It} has been held at the House’s desk{since}, before no committee; the Senate has {agreed} it.",
    Stage.ON_ARRIVAL: "{It} has been on {calendar}{since}, without referral to a committee; the House has {agreed} it.",
    Stage.REFERRED_SECOND: "The {there} has {agreed} {it}, and it has been before {committees}{since}.",
    Stage.PAPERS_RETURNED: "The {first} {agreed} {it}, but its papers were returned to the {here}{on}.",
    Stage.BETWEEN: "Both chambers have {agreed} {it}, but not in the same words; it has been before the {here}{since}.",
    Stage.CONFERENCE_REQUESTED: "The {there} asked for a conference on {it}{on}; the {here} has not agreed to one yet.",
    Stage.CONFERENCE: "{It} has been in conference{since}.",
    Stage.CONFERENCE_REPORT: "The conference report on {it} has been before the {here}{since}.",
    Stage.ENROLLING: "Both chambers have passed {it}; the last vote was{on}. It has not been presented to the "
    "President yet.",
    Stage.PRESIDENT: "{It} was presented to the President{on}.",
    Stage.VETOED: "The President vetoed {it}{on}; the {here} votes first on an override.",
    Stage.OVERRIDDEN: "The {there} voted to override the veto of {it}{on}{vote}; the {here} has not voted yet.",
    Stage.OVERRIDE_FAILED: "The veto of {it} stands: the vote to override it failed in the {here}{on}{vote}.",
    Stage.VETO_TABLED: "The veto of {it} stands: the {here} tabled the veto message{on}.",
    Stage.POCKET_VETOED: "The President pocket-vetoed {it}{on}.",
    Stage.LAW: "{It} became {law}{on}.",
    Stage.AGREED_SIMPLE: "The {here} agreed to {it}{on}{vote}.",
    Stage.AGREED_CONCURRENT: "Both chambers have agreed to {it}; the last vote was{on}.",
    Stage.SENT_TO_STATES: "Both chambers have passed {it}; the last vote was{on}. It is before the states.",
    Stage.DEAD: "{It} died with the {congress} Congress{on}{dead}.",
}  # fmt: skip


def status(
    at: Place, bill: BillNumber, *, subject: str = "it", law: str = "", day: Callable[[date], str] = day_in_words
) -> str:
    """The sentence; "" if no record was read. `it`: how it calls the bill; `law`: its number as a law, if known."""
    sentence = _AMENDED[at.chamber] if at.stage is Stage.AMENDED else _SENTENCES.get(at.stage, "")
    when = day(at.since) if at.since else ""
    names = listed([f"the {name}" for name in committees(at)], _MOST) or "the committee to which it was referred"
    done = listed([f"the {committee_name(at, name)}" for _, name in at.reported if name], _MOST)
    agreed = "passed" if makes_law(bill) else "agreed to"
    others = "both chambers" if len(at.passed) > 1 else listed([f"the {name}" for name in at.passed])
    differ = ", but not in the same words" if len(at.passed) > 1 else ""
    passed = f"; {others} {'have' if len(at.passed) > 1 else 'has'} {agreed} it{differ}"
    return sentence.format(
        it=subject,
        It=subject[:1].upper() + subject[1:],
        on=f" on {when}" if when else "",
        since=f" since {when}" if when else "",
        vote=f", {at.vote[0]} to {at.vote[1]}" if at.vote else "",
        short=", short of the votes that it needed" if at.vote and at.vote[0] > at.vote[1] else "",
        here=at.chamber or origin(bill),
        there=other(at.chamber),
        first=origin(bill),
        committees=names,
        Committees=f"{names[:1].upper()}{names[1:]}",
        has="have" if len(at.committees) > 1 else "has",
        done=f", after {done} reported it" if done else "",
        number=f" (No. {at.petition})" if at.petition else "",
        adversely=" unfavorably" if at.adverse else "",
        calendar=calendar(at),
        reconsider="; a motion to reconsider the vote is pending" if at.open else "",
        noun=noun(bill),
        introduced="introduced" if makes_law(bill) else "submitted",
        agreed=agreed,
        passed=passed if at.passed and at.passed != (at.chamber,) else "",
        dead=f", after {others} had {agreed} it" if at.passed else "",
        law=law or "law",
        congress=bill.nth,
    )


_AMENDED: Final = {
    "House": "The Senate {agreed} {it} with changes{on}{vote}; the House has not agreed to them yet.",
    "Senate": "The House {agreed} {it} with changes, which have been before the Senate{since}.",
    "": "",
}


def committees(at: Place) -> list[str]:
    """The names of the committees that still have it: `House Committee on the Judiciary`."""
    return [committee_name(at, name) for _, name in at.committees if name]


def committee_name(at: Place, name: str) -> str:
    """A committee's name in full, from the record's "Judiciary Committee" or "Intelligence (Select) Committee"."""
    parsed = _COMMITTEE.fullmatch(name)
    if parsed is None:
        return f"{at.chamber} {name}"
    article = "the " if parsed["about"] in _WITH_ARTICLE else ""
    kind = f"{parsed['kind']} " if parsed["kind"] else ""
    chamber = "" if parsed["about"].startswith(f"{at.chamber} ") else f"{at.chamber} "
    return f"{chamber}{kind}Committee on {article}{parsed['about']}"


def calendar(at: Place) -> str:
    """`the Union Calendar`, `the Senate’s Legislative Calendar`, or `the House’s calendar`."""
    if at.calendar in ("", "Senate Legislative Calendar"):
        return f"the {at.chamber}’s {at.calendar.removeprefix('Senate ') or 'calendar'}"
    return f"the {at.calendar}"


@dataclass(frozen=True, slots=True)
class Cosponsorship:
    name: str  # "Rep. Wagner, Ann [R-MO-2]"
    joined: date | None
    withdrawn: date | None = None

    @property
    def party(self) -> str:
        """Its letter, `R`; "" if the name does not give it."""
        return self._seat[0]

    @property
    def state(self) -> str:
        """`MO`; "" if the name does not give it."""
        return self._seat[1]

    @property
    def _seat(self) -> tuple[str, str]:
        seat = _SEAT.search(self.name)
        return (seat["party"], seat["state"]) if seat else ("", "")


@dataclass(frozen=True, slots=True)
class Enacted:
    """Another bill of the same policy that became law. `same_text`: its record calls the two identical."""

    bill: BillNumber
    law: str  # "Public Law 119-99"
    same_text: bool

    @property
    def label(self) -> str:
        """``H.R. 1234 (119th), which has the same text, is Public Law 119-99``."""
        how = "has the same text" if self.same_text else "is in the same family"
        return f"{self.bill.label}, which {how}, is {self.law}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """Facts about a bill, for letters and answers. None: the sources do not say; "": they say that there is none.

    `listed` is what coalition.yml says of a bill without a record. `as_of` is when the source last changed its record,
    `checked_at` when we last checked it; both are None if only coalition.yml lists the bill, and `source` then names
    that file. `enacted` is the law that the policy became under another number.
    """

    bill: BillNumber
    title: str
    official_title: str | None = None
    sponsor: str | None = None
    sponsor_id: str | None = None  # Bioguide
    introduced: date | None = None
    cosponsors: Mapping[str, Cosponsorship] | None = None  # by Bioguide id
    committees: tuple[str, ...] | None = None
    listed: str = ""
    law: str  # "Public Law 119-99"
    as_of: datetime | None = None
    checked_at: datetime | None = None
    source: str
    place: Place = UNREAD
    enacted: Enacted | None = None
    companion: BillNumber | None = None  # the bill with the same text in the other chamber
    twin: BillFacts | None = None  # the facts of the companion, if its record was read; without those of another bill

    @property
    def status(self) -> str:
        """Where it is, in a sentence: "It became Public Law 119-99 on Fri Jan 23, 2026."."""
        return self.status_as("it", day_in_words) or self.listed or "Its record has no dated step yet."

    def status_as(self, subject: str, day: Callable[[date], str]) -> str:
        """The same with another name for the bill and dates as `day` writes them; "" if no record was read."""
        return status(self.place, self.bill, subject=subject, law=self.law, day=day)

    def over(self, today: date) -> bool:
        """Whether it can no longer become law, if it is not one."""
        return is_over(self.place, self.bill, today)

    @property
    def current_cosponsors(self) -> dict[str, Cosponsorship] | None:
        """The cosponsors who have not withdrawn."""
        if self.cosponsors is None:
            return None
        return {id_: member for id_, member in self.cosponsors.items() if member.withdrawn is None}
