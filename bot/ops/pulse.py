"""The pulse of a running bot: when each loop last finished a step, its failures, and how late the event loop was.

It is saved in the store every half minute, and less often where a process has very many coalitions, so that
`coalition-bot top`, another process, can show it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.store import memo
from bot.store.address import Address
from bot.store.database import Database, Reader, StoreError, from_text, to_text

SAVE_EVERY: Final = 30.0  # seconds
# A loop without a finished step for this long is stuck. The longest step is a round of posting: 20 messages in one
# channel, each searched for and sent with a deadline of 15 seconds.
STUCK_AFTER: Final = timedelta(minutes=15)
_MEMO: Final = "pulse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One of the runtime's loops. `at`: when it last finished a step or failed; `failures`: in a row."""

    name: str
    at: datetime
    failures: int = 0
    error: str = ""  # the kind of the last failure, without its text, which may have anything in it
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was saved. `late`: by how many seconds the event loop was late at most, since the last time.

    `every`: after how many seconds it is saved again.
    """

    at: datetime
    late: float
    loops: tuple[Loop, ...]
    every: float = SAVE_EVERY


class Pulse:
    """Collects the pulse of this process. `on_late` is called with the seconds of each delay of the event loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._loops: dict[str, Loop] = {}
        self._late = 0.0
        self.usable = True  # false while the store of this coalition, one of several, cannot be used
        self.on_late: Callable[[float], None] = lambda _: None

    def start(self, name: str) -> None:
        """Expect steps of that loop from now on."""
        self._loops[name] = Loop(name=name, at=self._clock())

    def finish(self, name: str) -> None:
        self._loops[name] = replace(self._loops[name], at=self._clock(), failures=0)

    def fail(self, name: str, error: Exception) -> None:
        loop, now = self._loops[name], self._clock()
        self._loops[name] = Loop(
            name=name, at=now, failures=loop.failures + 1, error=type(error).__name__, failed_at=now
        )

    def lose_store(self) -> None:
        """Expect no steps while the store cannot be used."""
        self.usable = False
        self._loops.clear()

    def note_lateness(self, seconds: float) -> None:
        self._late = max(self._late, seconds)
        self.on_late(seconds)

    def loops(self) -> tuple[Loop, ...]:
        return tuple(self._loops.values())

    def stuck(self) -> list[str]:
        """Return the names of the loops that are stuck now."""
        return stuck(self.loops(), self._clock())

    def save(self, db: Database, every: float = SAVE_EVERY) -> None:
        """Store the pulse, and start measuring lateness again. `every`: seconds until the next time."""
        late, self._late = self._late, 0.0
        loops = [
            {"name": loop.name, "at": to_text(loop.at), "failures": loop.failures, "error": loop.error}
            | {"failed_at": to_text(loop.failed_at)}
            for loop in self.loops()
        ]
        value = json.dumps({"at": to_text(self._clock()), "late": round(late, 4), "loops": loops, "every": every})
        with db.write() as tx:
            memo.set_memo(tx, _MEMO, value)


def stuck(loops: Iterable[Loop], at: datetime) -> list[str]:
    """Return the names of the loops that have not finished a step for too long."""
    return [loop.name for loop in loops if at - loop.at > STUCK_AFTER]


def load(db: Reader) -> Snapshot | None:
    """Return the pulse that the running bot saved last; None if none ever did."""
    text = memo.get_memo(db, _MEMO)
    if not text:
        return None
    saved = json.loads(text)
    loops = tuple(
        Loop(**{**loop, "at": from_text(loop["at"]), "failed_at": from_text(loop["failed_at"])})
        for loop in saved["loops"]
    )
    return Snapshot(from_text(saved["at"]), saved["late"], loops, saved.get("every", SAVE_EVERY))


def not_ready(store: Address, db: Reader, pulse: Pulse) -> list[str]:
    """Return what is not ready, by name: "store", "migrations", "loop poll". Opens its own connection."""
    return [*_store_problems(store, db), *(f"loop {name}" for name in pulse.stuck())]


def _store_problems(store: Address, db: Reader) -> list[str]:
    try:
        db.read("SELECT 1 AS one FROM coalition")
    except StoreError:
        return ["store"]
    try:
        return ["migrations"] if store.pending() else []
    except StoreError:  # a newer version has changed the tables
        return ["migrations"]
