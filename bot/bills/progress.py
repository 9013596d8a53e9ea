"""A bill's progress through Congress: from the steps of its record to its stage and its stations. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from bot.bills.model import (
    BETWEEN_CHAMBERS,
    BURIED,
    FINISHED,
    IN_COMMITTEES,
    NO_PLACE,
    OUTLIVES,
    Place,
    Stage,
    amends_constitution,
    is_concurrent,
    is_simple,
    origin,
    other,
)
from bot.shared.bill_events import Chamber, Kind, amended, vote_count
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import Step
from bot.shared.calendar import day_in_words

_BOTH: Final = 2  # chambers
_OWN: Final = re.compile(r"(?:^|, )(?P<number>[HS]\.[^,]{1,20}?\d+) is (?:considered|laid)", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"\b(?:Union|House|Private) Calendar|Senate Legislative Calendar", re.IGNORECASE)
_PETITION: Final = re.compile(r"Petition No[:.]* *(\d+-\d+)", re.IGNORECASE)
_AFTER_BOTH: Final = {
    Kind.LAW: Stage.LAW, Kind.SIGNED: Stage.LAW, Kind.PRESENTED: Stage.PRESIDENT, Kind.VETOED: Stage.VETOED,
    Kind.POCKET_VETOED: Stage.POCKET_VETOED, Kind.VETO_TABLED: Stage.VETO_TABLED,
}  # fmt: skip
_REFERRALS: Final = frozenset({Kind.REFERRED, Kind.REFERRED_BY_MOTION})
_BY_COMMITTEE: Final = frozenset({
    Kind.ORDERED_REPORTED, Kind.PETITION, Kind.DISCHARGE_REJECTED, Kind.REPORTED, Kind.DISCHARGED,
})  # fmt: skip
_PAPERS: Final = frozenset({
    Kind.RECEIVED, Kind.HELD, Kind.READ_FIRST, Kind.CALENDAR, Kind.RETURNED_TO_CALENDAR, Kind.PAPERS_RETURNED,
    Kind.PAPERS_REFUSED,
})  # fmt: skip
_CLOTURE: Final = frozenset({
    Kind.CLOTURE_FILED, Kind.CLOTURE_FAILED, Kind.CLOTURE_INVOKED, Kind.CLOTURE_WITHDRAWN,
})  # fmt: skip
_CONFERENCE: Final = frozenset({
    Kind.CONFERENCE_REQUESTED, Kind.CONFERENCE, Kind.CONFEREES, Kind.REPORT_FILED, Kind.REPORT_AGREED,
    Kind.REPORT_REJECTED,
})  # fmt: skip
# What leaves a bill with its committees: a vote under suspension needs no report.
_KEEPS_COMMITTEES: Final = _CLOTURE | {Kind.TAKEN_UP, Kind.FAILED_SUSPENSION}
_CALENDARS: Final = frozenset({Stage.ON_CALENDAR, Stage.WITHOUT_COMMITTEE, Stage.ON_ARRIVAL})
_ON_FLOOR: Final = {
    Kind.TAKEN_UP: Stage.FLOOR, Kind.DISCHARGE_AGREED: Stage.FLOOR,
    Kind.DISCHARGE_CALENDAR: Stage.DISCHARGE_CALENDAR, Kind.RULE: Stage.RULE, Kind.CLOTURE_FILED: Stage.CLOTURE_FILED,
    Kind.CLOTURE_FAILED: Stage.CLOTURE_FAILED, Kind.CLOTURE_INVOKED: Stage.CLOTURE_INVOKED,
    Kind.PROCEED_REJECTED: Stage.PROCEED_REJECTED, Kind.FAILED: Stage.FAILED, Kind.TABLED: Stage.TABLED,
    Kind.FAILED_SUSPENSION: Stage.FAILED_SUSPENSION, Kind.POSTPONED: Stage.POSTPONED,
}  # fmt: skip
_WORKED: Final = ("Reported", "Discharged", "Ordered reported")  # steps that bring a bill to the station "Committee"
_ENDED: Final = BURIED | {Stage.DEAD, Stage.FAILED, Stage.TABLED, Stage.POSTPONED}
# What takes a step back, and from which stages.
_UNDO: Final = {
    Kind.VITIATED: frozenset(Stage), Kind.DISCHARGE_TABLED: {Stage.FLOOR},
    Kind.CLOTURE_WITHDRAWN: {Stage.CLOTURE_FILED},
}  # fmt: skip


def place(bill: BillNumber, happened: Sequence[Step], *, title: str = "", law: str = "", today: date) -> Place:
    """Where a bill is at the end of `today`, by its steps, oldest first.

    `title`: its official title, which shows an amendment to the Constitution. `law`: its law number, if the record's
    list of laws is ahead of its steps.
    """
    if not happened and title.startswith("Reserved for"):
        return Place(stage=Stage.RESERVED, chamber=origin(bill))
    fold = _Fold(bill, title)
    for step in happened:
        fold.take(step)
    at = fold.at
    if law and at.stage is not Stage.LAW:
        both = (origin(bill), other(origin(bill)))
        at = replace(at, stage=Stage.LAW, since=None, passed=both, committees=(), vote=None)
    if bill.over(today) and at.stage not in OUTLIVES | {Stage.UNKNOWN}:
        return replace(at, stage=Stage.DEAD, since=bill.ends, committees=(), vote=None)
    return replace(at, chamber="") if at.stage in NO_PLACE else at


class _Fold:
    """Takes a bill from step to step: the newest decisive one decides, and nothing undoes a law."""

    def __init__(self, bill: BillNumber, title: str) -> None:
        self._bill = bill
        self._title = title
        self._origin: Chamber = origin(bill)
        self._report_agreed: set[str] = set()
        self.at = Place(stage=Stage.UNKNOWN, chamber=self._origin)
        self._before = self.at  # before the last referral, debate or cloture motion, which may be undone

    def take(self, step: Step) -> None:
        at, kind = self.at, step.event.kind
        if at.stage in FINISHED | BURIED or kind is Kind.NONE:
            return
        if at.stage in (Stage.VETOED, Stage.OVERRIDDEN):
            self._after_veto(step)
        elif kind in _AFTER_BOTH:
            both = (self._origin, other(self._origin))
            self._go(step, _AFTER_BOTH[kind], chamber=self._origin, passed=both, committees=())
        elif kind in (Kind.PASSED, Kind.OVERRIDE):
            self._pass(step)
        elif len(at.passed) == _BOTH:
            self._between(step)
        elif kind in _REFERRALS:
            self._refer(step)
        elif kind in _BY_COMMITTEE:
            self._by_committee(step)
        elif kind in _PAPERS:
            self._papers(step)
        else:
            self._on_floor(step)

    def _go(self, step: Step, stage: Stage, **changes: Any) -> None:
        """To another stage, on the step's day and with its vote."""
        fresh = {"since": step.date, "vote": vote_count(step.text), "open": False, "adverse": False}
        self.at = replace(self.at, stage=stage, **{**fresh, **changes})

    # -- votes on the bill --------------------------------------------------------------------------------------------

    def _pass(self, step: Step) -> None:
        chamber, before = step.event.chamber, self.at.passed
        if self._names_another(step.text) or (len(before) == _BOTH and chamber in before):
            return
        passed: tuple[Chamber, ...] = before if chamber in before else (*before, chamber)
        if passed == (other(self._origin),):  # the record lacks the first chamber's own row
            passed = (self._origin, chamber)
        if len(passed) < _BOTH:
            stage = Stage.AGREED_SIMPLE if is_simple(self._bill) else Stage.PASSED_ONE
            nowhere = {"committees": (), "reported": (), "discharged": ()}
            self._go(step, stage, chamber=chamber, passed=passed, changed=amended(step.text), **nowhere)
        elif amended(step.text):
            self._go(step, Stage.AMENDED, chamber=passed[0], passed=passed, committees=(), changed=True)
        else:
            self._agree(step, passed)

    def _agree(self, step: Step, passed: tuple[Chamber, ...]) -> None:
        """Both chambers have agreed on one text."""
        states = amends_constitution(self._bill, self._title)
        joint = Stage.SENT_TO_STATES if states else Stage.ENROLLING
        stage = Stage.AGREED_CONCURRENT if is_concurrent(self._bill) else joint
        self._go(step, stage, passed=passed, committees=())

    def _names_another(self, text: str) -> bool:
        """Whether a row that decides several bills at once is about another one than ours."""
        named = [number for match in _OWN.finditer(text) if (number := parse_bill_number(match["number"]))]
        return bool(named) and (self._bill.type, self._bill.number) not in [number[:2] for number in named]

    def _after_veto(self, step: Step) -> None:
        """The chamber of origin votes first; the other one votes only after it has overridden the veto."""
        kind, in_place = step.event.kind, step.event.chamber == self.at.chamber
        if kind in (Kind.OVERRIDE, Kind.PASSED) and in_place:
            stage = Stage.OVERRIDDEN if self.at.stage is Stage.VETOED else Stage.LAW
            self._go(step, stage, chamber=other(self.at.chamber))
        elif kind in (Kind.OVERRIDE_FAILED, Kind.FAILED, Kind.FAILED_SUSPENSION) and in_place:
            self._go(step, Stage.OVERRIDE_FAILED)
        elif kind in (Kind.LAW, Kind.VETO_TABLED):
            self._go(step, _AFTER_BOTH[kind])

    # -- between the chambers -----------------------------------------------------------------------------------------

    def _between(self, step: Step) -> None:
        """Both have passed it. The last message decides which has to answer."""
        kind, chamber = step.event.kind, step.event.chamber or self.at.chamber
        if kind in _CLOTURE and chamber == self.at.chamber and self.at.stage is not Stage.ENROLLING:
            self._on_floor(step)
        elif kind is Kind.AMENDED_BY_HOUSE and self._origin == "Senate":
            self._go(step, Stage.AMENDED, chamber="Senate", changed=True)
        elif kind is Kind.AGREED:
            self._agree(step, self.at.passed)
        elif kind in (Kind.AMENDED_AGAIN, Kind.DISAGREED):
            self._go(step, Stage.BETWEEN, chamber=other(chamber), changed=True)
        elif kind in _CONFERENCE:
            self._conference(step, kind, chamber)

    def _conference(self, step: Step, kind: Kind, chamber: Chamber) -> None:
        stage, arrives = self.at.stage, self.at.stage is Stage.CONFERENCE_REQUESTED and self.at.chamber != chamber
        begins = kind is Kind.CONFERENCE or (kind is Kind.CONFEREES and self.at.chamber == chamber)
        if kind is Kind.CONFERENCE_REQUESTED and stage is not Stage.CONFERENCE and not arrives:
            self._go(step, Stage.CONFERENCE_REQUESTED, chamber=other(chamber))
        elif begins and stage is not Stage.CONFERENCE:
            self._go(step, Stage.CONFERENCE)
        elif kind is Kind.REPORT_FILED and stage is not Stage.CONFERENCE_REPORT:
            self._go(step, Stage.CONFERENCE_REPORT, chamber="Senate" if "S. Rept" in step.text else "House")
        elif kind is Kind.REPORT_REJECTED:  # the other chamber's changes are before it again
            self._report_agreed.clear()
            self._go(step, Stage.BETWEEN, chamber=chamber)
        elif kind is Kind.REPORT_AGREED:
            self._report_agreed.add(chamber)
            if len(self._report_agreed) == _BOTH:
                self._agree(step, self.at.passed)
            else:
                self._go(step, Stage.CONFERENCE_REPORT, chamber=other(chamber))

    # -- in committee -------------------------------------------------------------------------------------------------

    def _refer(self, step: Step) -> None:
        """Rows of one day add committees; a referral on another day, or after a discharge, replaces them."""
        at, named = self.at, _committees(step)
        by_code: Chamber = "House" if any(code.startswith("h") for code, _ in named) else "Senate" if named else ""
        arrived = other(at.chamber) if at.stage is Stage.PASSED_ONE else at.chamber
        chamber = step.event.chamber or by_code or arrived
        if chamber in at.passed:
            return
        same = at.stage in IN_COMMITTEES and at.since == step.date and step.event.kind is Kind.REFERRED
        committees = tuple(dict.fromkeys((*(at.committees if same else ()), *named)))
        several = len(committees) > 1 or "Committees on" in step.text
        first = Stage.IN_SEVERAL if several else Stage.IN_COMMITTEE
        self._before = at
        stage = Stage.REFERRED_SECOND if at.passed else first
        self._go(step, stage, chamber=chamber, committees=committees, reported=(), discharged=())

    def _by_committee(self, step: Step) -> None:
        at, kind = self.at, step.event.kind
        again = at.stage is Stage.FAILED_SUSPENSION and at.committees
        if (
            at.stage not in IN_COMMITTEES | {Stage.UNKNOWN} and not again
        ):  # written reports and hearings after it has finished
            if kind is Kind.REPORTED and at.stage in _CALENDARS and at.since == step.date:  # a day's rows, mixed up
                self.at = replace(at, stage=Stage.ON_CALENDAR, reported=(*at.reported, *_committees(step)))
        elif kind in (Kind.REPORTED, Kind.DISCHARGED):
            self._release(step)
        elif kind is Kind.PETITION:
            number = _PETITION.search(step.text)
            self._go(step, Stage.PETITION, petition=number[1] if number else "")
        elif kind is Kind.DISCHARGE_REJECTED:
            self._go(step, Stage.DISCHARGE_REJECTED)
        elif len(at.committees) <= 1 and at.stage is not Stage.REPORTED_BY_ONE:
            self._go(step, Stage.ORDERED, adverse="unfavorabl" in step.text.lower())

    def _release(self, step: Step) -> None:
        """A committee has reported the bill or was discharged from it; others may still have it."""
        at, done = self.at, _committees(step)
        codes = {code for code, _ in done}
        left = tuple(pair for pair in at.committees if pair[0] not in codes) if done else at.committees[1:]
        before = at.reported if step.event.kind is Kind.REPORTED else at.discharged
        released = tuple(dict.fromkeys((*before, *(done or at.committees[:1]))))
        changes: dict[str, Any] = {"committees": left}
        if step.event.kind is Kind.REPORTED:
            changes |= {"reported": released, "adverse": "adversely" in step.text.lower() or at.adverse}
        else:
            changes["discharged"] = released
        self._go(step, Stage.REPORTED_BY_ONE if left else Stage.ON_CALENDAR, **changes)

    # -- on the floor, and on the way to it ---------------------------------------------------------------------------

    def _on_floor(self, step: Step) -> None:
        at, kind = self.at, step.event.kind
        if kind is Kind.INTRODUCED and at.stage is Stage.UNKNOWN:
            self._go(step, Stage.INTRODUCED)
        elif kind is Kind.REFERRED_AGAIN:
            self._go(step, Stage.SEQUENTIAL, committees=_committees(step), reported=(*at.reported, *at.committees))
        elif kind is Kind.RECOMMITTED and "forthwith" not in step.text.lower():  # else it is reported back at once
            committees = _committees(step) or at.reported[:1]
            self._go(step, Stage.RECOMMITTED, committees=committees, reported=(), discharged=())
        elif kind in _UNDO and at.stage in _UNDO[kind]:
            self.at = self._before
        elif kind in (Kind.RECONSIDER, Kind.FINAL) and at.stage is Stage.FAILED:
            self.at = replace(at, open=kind is Kind.RECONSIDER)
        elif kind in _ON_FLOOR and not self._names_another(step.text):
            chamber = step.event.chamber or at.chamber
            if chamber != at.chamber and at.stage is not Stage.PASSED_ONE:
                return
            if kind is Kind.TAKEN_UP and chamber in at.passed:  # a day's rows, mixed up
                return
            if kind in (Kind.CLOTURE_FILED, Kind.TAKEN_UP):
                self._before = at
            self._go(
                step, _ON_FLOOR[kind], chamber=chamber, committees=at.committees if kind in _KEEPS_COMMITTEES else ()
            )

    def _papers(self, step: Step) -> None:
        """The bill arrives in a chamber, goes on its calendar, or back to the other one."""
        at, kind, chamber = self.at, step.event.kind, step.event.chamber
        if kind in (Kind.PAPERS_RETURNED, Kind.PAPERS_REFUSED):
            self._go(step, Stage.PAPERS_RETURNED, chamber=chamber, committees=(), open=kind is Kind.PAPERS_RETURNED)
        elif kind in (Kind.RECEIVED, Kind.HELD):
            if chamber != self._origin:
                stage = Stage.SENATE_DESK if chamber == "Senate" else Stage.HOUSE_DESK
                passed = at.passed or (self._origin,)
                self._go(step, stage, chamber=chamber, passed=passed, committees=(), reported=(), discharged=())
        elif chamber not in at.passed and at.stage is not Stage.FAILED:
            had_it = at.committees or at.reported or at.discharged
            from_committee = chamber == "House" or (at.chamber == chamber and bool(had_it))
            bypassed = Stage.READ_FIRST if kind is Kind.READ_FIRST else Stage.WITHOUT_COMMITTEE
            stage = Stage.ON_CALENDAR if from_committee else Stage.ON_ARRIVAL if at.passed else bypassed
            named = _CALENDAR.search(step.text)
            calendar, adverse = named[0] if named else at.calendar, at.adverse and from_committee
            self._go(step, stage, chamber=chamber, committees=(), calendar=calendar, adverse=adverse)


def _committees(step: Step) -> tuple[tuple[str, str], ...]:
    """The full committees that a step names, by code: a subcommittee's rows are its committee's."""
    return tuple(pair for pair in step.committees if pair[0].endswith("00"))


class State(StrEnum):
    DONE = "done"
    AHEAD = "not yet"
    ENDED = "never"  # it can go no further


@dataclass(frozen=True, slots=True)
class Station:
    name: str
    state: State
    on: date | None = None


def stations_of(bill: BillNumber, happened: Sequence[Step], at: Place) -> tuple[Station, ...]:
    """A bill's stations in order, without those that it passed by: a bill may reach the floor without a committee."""
    on: dict[str, date] = {}
    for step in happened:
        on.setdefault(step.type, step.date)
    first, second = origin(bill), other(origin(bill))
    passed = on.get(f"Passed {first}")
    worked = [on[type_] for type_ in _WORKED if type_ in on and not (passed and on[type_] > passed)]
    reached = [("Introduced", on.get("Introduced")), ("Committee", min(worked, default=None)), (first, passed)]
    if not is_simple(bill):
        reached.append((second, on.get(f"Passed {second}")))
        if at.stage in BETWEEN_CHAMBERS or "Chambers agreed" in on:
            reached.append(("Agreement", on.get("Chambers agreed")))
    if at.stage is Stage.SENT_TO_STATES:
        reached.append(("States", None))
    elif not is_simple(bill) and not is_concurrent(bill):
        vetoed = on.get("Vetoed by President")
        reached.append(("Vetoed", vetoed) if vetoed else ("President", on.get("Signed by President")))
        reached.append(("Law", on.get("Became law")))
    last = max((index for index, (_, day) in enumerate(reached) if day), default=-1)
    missing = State.ENDED if at.stage in _ENDED else State.AHEAD
    return tuple(
        Station(name, State.DONE if day else missing, day)
        for index, (name, day) in enumerate(reached)
        if day or index > last
    )


def stations_text(stations: Sequence[Station]) -> str:
    """The stations as text: "Introduced Thu Jul 10, 2025 → House Mon Dec 1, 2025 → …"."""
    return " → ".join(
        f"{station.name} {day_in_words(station.on)}" if station.on else f"{station.name} ({station.state.value})"
        for station in stations
    )
