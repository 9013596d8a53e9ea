"""The pulse of a running bot: when each loop last finished a step, its failures, and how late the event loop was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.store.address import Address
from bot.store.database import Reader, StoreError

# A loop without a finished step for this long is stuck. The longest step is a round of posting: 20 messages in one
# channel, each searched for and sent with a deadline of 15 seconds.
STUCK_AFTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One of the runtime's loops. `at`: when it last finished a step or failed; `failures`: in a row."""

    name: str
    at: datetime
    failures: int = 0


class Pulse:
    """Collects the pulse of this process. `on_late` is called with the seconds of each delay of the event loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._loops: dict[str, Loop] = {}
        self.usable = True  # false while the store of this coalition, one of several, cannot be used
        self.on_late: Callable[[float], None] = lambda _: None

    def start(self, name: str) -> None:
        """Expect steps of that loop from now on."""
        self._loops[name] = Loop(name=name, at=self._clock())

    def finish(self, name: str) -> None:
        self._loops[name] = replace(self._loops[name], at=self._clock(), failures=0)

    def fail(self, name: str) -> None:
        self._loops[name] = Loop(name=name, at=self._clock(), failures=self._loops[name].failures + 1)

    def lose_store(self) -> None:
        """Expect no steps while the store cannot be used."""
        self.usable = False
        self._loops.clear()

    def loops(self) -> tuple[Loop, ...]:
        return tuple(self._loops.values())

    def stuck(self) -> list[str]:
        """Return the names of the loops that have not finished a step for too long."""
        return [loop.name for loop in self.loops() if self._clock() - loop.at > STUCK_AFTER]


def not_ready(store: Address, db: Reader, pulse: Pulse) -> list[str]:
    """Return what is not ready, by name: "store", "migrations", "loop poll". Opens its own connection."""
    problem = "store"
    with suppress(StoreError):  # of `pending`: a newer version has changed the tables
        db.read("SELECT 1 AS one FROM coalition")
        problem = "migrations"
        problem = "migrations" if store.pending() else ""
    return [*filter(None, [problem]), *(f"loop {name}" for name in pulse.stuck())]
