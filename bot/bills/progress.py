"""A bill's progress: its stations, and which it has passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.sources.congress.bill_steps import Step

_COMMITTEE: Final = ("Reported", "Discharged", "Ordered reported")
_SIGNED: Final = ("Signed by President", "Veto overridden")


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
    first, second = ("House", "Senate") if bill.type.startswith("h") else ("Senate", "House")
    stations = [("Introduced", ("Introduced",)), ("Committee", _COMMITTEE), (first, (f"Passed {first}",))]
    if bill.type in ("hres", "sres"):
        return stations
    stations.append((second, (f"Passed {second}", "Chambers agreed")))
    if bill.type in ("hconres", "sconres"):
        return stations
    return [*stations, ("President", _SIGNED), ("Law", ("Became law",))]


def _first(on: Mapping[str, date], types: Sequence[str]) -> date | None:
    return next((on[type_] for type_ in types if type_ in on), None)
