"""How far a bill has come: the stations of its way, and which are behind it. Pure."""

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
    SKIPPED = "passed over"  # a later station was reached, and no record says how this one was
    AHEAD = "not yet"
    ENDED = "never"  # its Congress is over, or it was voted down


@dataclass(frozen=True, slots=True)
class Station:
    name: str
    state: State
    on: date | None = None


def way(bill: BillNumber, happened: Sequence[Step], *, over: bool) -> tuple[Station, ...]:
    """The stations of a bill in their order. `over`: nothing more can come of it."""
    on: dict[str, date] = {}
    for step in happened:
        on.setdefault(step.type, step.date)
    reached = [(name, _first(on, types)) for name, types in _stations(bill)]
    last = max((at for at, (_, day) in enumerate(reached) if day), default=-1)
    missing = State.ENDED if over else State.AHEAD
    return tuple(
        Station(name, State.DONE if day else State.SKIPPED if at < last else missing, day)
        for at, (name, day) in enumerate(reached)
    )


def in_words(stations: Sequence[Station]) -> str:
    """The same for who cannot see a picture: "Introduced Thu 10 Jul 2025 → House Mon 1 Dec 2025 → …"."""
    return " → ".join(
        f"{it.name} {day_in_words(it.on)}" if it.on else f"{it.name} ({it.state.value})" for it in stations
    )


def _stations(bill: BillNumber) -> list[tuple[str, tuple[str, ...]]]:
    """What each is known by. A simple resolution needs one chamber, a concurrent one both, a bill the President too."""
    here, there = ("House", "Senate") if bill.type.startswith("h") else ("Senate", "House")
    stations = [("Introduced", ("Introduced",)), ("Committee", _COMMITTEE), (here, (f"Passed {here}",))]
    if bill.type in ("hres", "sres"):
        return stations
    stations.append((there, (f"Passed {there}", "Chambers agreed")))
    if bill.type in ("hconres", "sconres"):
        return stations
    return [*stations, ("President", _SIGNED), ("Law", ("Became law",))]


def _first(on: Mapping[str, date], types: Sequence[str]) -> date | None:
    return next((on[type_] for type_ in types if type_ in on), None)
