"""The stages of a bill, and what is known of one that has reached a stage. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.shared.bill_events import Chamber
from bot.shared.bill_number import BillNumber


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
OUTLIVES: Final = FINISHED | {Stage.PRESIDENT}  # the ten days for a signature may run on after the Congress
BURIED: Final = frozenset({Stage.OVERRIDE_FAILED, Stage.VETO_TABLED, Stage.POCKET_VETOED})
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
    def acts_next(self) -> str:
        """A chamber, its committee or committees, "conferees", "enrolling clerk", "President" or "nobody"."""
        if self.stage in IN_COMMITTEES and self.stage is not Stage.INTRODUCED:
            several = len(self.committees) > 1 or self.stage is Stage.IN_SEVERAL
            return f"{self.chamber} committee{'s' if several else ''}"
        if self.stage is Stage.CONFERENCE:
            return "conferees"
        if self.stage is Stage.ENROLLING:
            return "enrolling clerk"
        if self.stage is Stage.PRESIDENT:
            return "President"
        return self.acting or "nobody"

    @property
    def acting(self) -> Chamber:
        """The chamber whose members, leaders or committees act next; "" if none."""
        if self.stage in FINISHED | BURIED | _STOPPED | {Stage.CONFERENCE, Stage.ENROLLING, Stage.PRESIDENT}:
            return ""
        if self.stage in (Stage.FAILED, Stage.PAPERS_RETURNED) and not self.open:
            return ""
        return other(self.chamber) if self.stage is Stage.PASSED_ONE else self.chamber


UNREAD: Final = Place(stage=Stage.UNKNOWN)


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
