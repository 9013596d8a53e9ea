"""A bill's stage, the stations on its way, and which chamber acts on it next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.sources.congress.bill_steps import ORDER, Step

Chamber = Literal["House", "Senate", ""]
_COMMITTEE: Final = ("Reported", "Discharged", "Ordered reported")
_PRESIDENT_ACTED: Final = ("Signed by President", "Veto overridden")


class Stage(StrEnum):
    """A bill's stage. Letters print these values as `bill.stage`."""

    COMMITTEE = "in committee"
    REPORTED = "out of committee"  # approved or reported by the committee, discharged from it, or on a calendar
    AGREED = "passed by both chambers"
    CONFERENCE = "in conference"
    PRESIDENT = "with the President"
    VETOED = "vetoed"
    LAW = "law"
    OVER = "over"  # its Congress ended before it became law
    DONE = "agreed to"  # a resolution that needs no President
    UNKNOWN = ""  # its record has not been read


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bill's stage, the day it began if known, and the chamber that acts next ("": neither or both).

    `passed`: the chambers that passed it, in order.
    """

    stage: Stage
    since: date | None = None
    before: Chamber = ""
    passed: tuple[Chamber, ...] = ()


UNREAD: Final = Place(stage=Stage.UNKNOWN)
_OUT: Final = ("Ordered reported", "Reported", "Discharged", "Placed on calendar", "Rule", "Amended")
_BOTH: Final = ("House", "Senate")
_VOTES: Final = ("Passed House", "Passed Senate", "Chambers agreed")
_SENT: Final = ("Presented to President", "Signed by President")
_SIGNED: Final = ("Became law", "Veto overridden")


def origin(bill: BillNumber) -> Chamber:
    """The chamber in which a bill was introduced."""
    return "Senate" if bill.type.startswith("s") else "House"


def other(chamber: Chamber) -> Chamber:
    return "House" if chamber == "Senate" else "Senate"


def place(bill: BillNumber, happened: Sequence[Step], *, law: str, over: bool) -> Place:
    """The stage by a bill's steps, oldest first. `law`: its law number, or ""; `over`: it can no longer become law."""
    on = {step.type: step.date for step in happened}
    passed = _passed(bill, happened)
    if law or any(type_ in on for type_ in _SIGNED):
        return Place(stage=Stage.LAW, since=_last_date(on, _SIGNED), passed=passed)
    if over:
        return Place(stage=Stage.OVER, since=bill.ends, passed=passed)
    if _agreed(bill, passed, on):
        return Place(stage=Stage.DONE, since=_last_date(on, _VOTES), passed=passed)
    return _after_both(bill, on, passed) or _in_chamber(bill, happened, passed)


def _after_both(bill: BillNumber, on: dict[str, date], passed: tuple[Chamber, ...]) -> Place | None:
    """The stage once both chambers have passed the bill, or None."""
    if "Vetoed by President" in on:
        return Place(stage=Stage.VETOED, since=on["Vetoed by President"], before=origin(bill), passed=passed)
    if sent := _last_date(on, _SENT):
        return Place(stage=Stage.PRESIDENT, since=sent, passed=passed)
    if "Conference" in on and "Chambers agreed" not in on:
        return Place(stage=Stage.CONFERENCE, since=on["Conference"], passed=passed)
    if "Chambers agreed" in on or len(passed) == len(_BOTH):
        return Place(stage=Stage.AGREED, since=_last_date(on, _VOTES), passed=passed)
    return None


def _in_chamber(bill: BillNumber, happened: Sequence[Step], passed: tuple[Chamber, ...]) -> Place:
    """The stage in one chamber: the steps since the bill arrived there show whether its committee has finished."""
    before: Chamber = other(passed[0]) if passed else origin(bill)
    start = next((at for at, step in enumerate(happened) if step.type == f"Passed {passed[0]}"), 0) if passed else 0
    out_of_committee = [step for step in happened[start:] if step.type in _OUT]
    if out_of_committee:
        furthest = min(reversed(out_of_committee), key=lambda step: ORDER.index(step.type))
        return Place(stage=Stage.REPORTED, since=furthest.date, before=before, passed=passed)
    arrived = next((step.date for step in happened[start:] if step.type in ("Referred", f"Received in {before}")), None)
    return Place(stage=Stage.COMMITTEE, since=arrived, before=before, passed=passed)


def _passed(bill: BillNumber, happened: Sequence[Step]) -> tuple[Chamber, ...]:
    """The chambers that passed the bill, the chamber of origin first."""
    chambers: tuple[Chamber, ...] = (origin(bill), other(origin(bill)))
    return tuple(chamber for chamber in chambers if any(step.type == f"Passed {chamber}" for step in happened))


def _agreed(bill: BillNumber, passed: tuple[Chamber, ...], on: dict[str, date]) -> bool:
    if bill.type in ("hres", "sres"):
        return bool(passed)
    return bill.type in ("hconres", "sconres") and (len(passed) == len(_BOTH) or "Chambers agreed" in on)


def _last_date(on: dict[str, date], types: Sequence[str]) -> date | None:
    return max((on[type_] for type_ in types if type_ in on), default=None)


class State(StrEnum):
    DONE = "done"
    SKIPPED = "passed over"  # a later station was reached, but no record covers this one
    AHEAD = "not yet"
    ENDED = "never"  # its Congress is over


@dataclass(frozen=True, slots=True)
class Station:
    name: str
    state: State
    on: date | None = None


def stations_of(bill: BillNumber, happened: Sequence[Step], *, over: bool) -> tuple[Station, ...]:
    """A bill's stations in order. `over`: it can go no further."""
    on: dict[str, date] = {}
    for step in happened:
        on.setdefault(step.type, step.date)
    reached = [(name, _first(on, types)) for name, types in _stations(bill)]
    last = max((index for index, (_, day) in enumerate(reached) if day), default=-1)
    missing = State.ENDED if over else State.AHEAD
    return tuple(
        Station(name, State.DONE if day else State.SKIPPED if index < last else missing, day)
        for index, (name, day) in enumerate(reached)
    )


def stations_text(stations: Sequence[Station]) -> str:
    """The stations as text: "Introduced Thu 10 Jul 2025 → House Mon 1 Dec 2025 → …"."""
    return " → ".join(
        f"{station.name} {day_in_words(station.on)}" if station.on else f"{station.name} ({station.state.value})"
        for station in stations
    )


def _stations(bill: BillNumber) -> list[tuple[str, tuple[str, ...]]]:
    """Station names and the steps that reach them: a simple resolution needs one chamber, a concurrent one both."""
    first, second = origin(bill), other(origin(bill))
    stations = [("Introduced", ("Introduced",)), ("Committee", _COMMITTEE), (first, (f"Passed {first}",))]
    if bill.type in ("hres", "sres"):
        return stations
    stations.append((second, (f"Passed {second}", "Chambers agreed")))
    if bill.type in ("hconres", "sconres"):
        return stations
    return [*stations, ("President", _PRESIDENT_ACTED), ("Law", ("Became law",))]


def _first(on: Mapping[str, date], types: Sequence[str]) -> date | None:
    return next((on[type_] for type_ in types if type_ in on), None)
