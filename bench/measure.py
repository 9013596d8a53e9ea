"""How a figure is measured: contestants in separate processes, in turn, round by round."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter
from typing import Any, Final

_SPAWN: Final = multiprocessing.get_context("spawn")  # a contestant inherits nothing of what this process imported

# One round of a contestant: its result, which a pipe must carry.
Round = Callable[[], Any]
# What makes a contestant ready, warms it up with one round, and cleans up after it.
Contestant = Callable[[], AbstractContextManager[Round]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: `rounds` counted ones, and the share of the full amount of material."""

    rounds: int = 5
    share: float = 1

    @property
    def short(self) -> Size:
        """For what takes long: three rounds at most."""
        return replace(self, rounds=min(self.rounds, 3))

    def of(self, amount: int) -> int:
        """The share of `amount`, 2 at least."""
        return max(2, round(amount * self.share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `aim` is what the ratio should reach, or not exceed where less is better."""

    what: str
    unit: str
    ours: Sequence[float]
    rival: str
    theirs: Sequence[float]
    aim: float | None = None
    less_is_better: bool = False

    @property
    def ratios(self) -> list[float]:
        """Ours to theirs, round by round: what slows the machine for a while slows both."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def reached(self) -> bool | None:
        """None: there is no aim, the figure is shown next to another."""
        if self.aim is None:
            return None
        ratio = median(self.ratios)
        return ratio <= self.aim if self.less_is_better else ratio >= self.aim


def within_limits(limits: Mapping[str, tuple[str, float]], found: Sequence[Mapping[str, float]]) -> list[Figure]:
    """What must stay under a limit: `limits` has the unit and the limit of each figure, `found` the rounds by unit."""
    return [
        Figure(
            what=name,
            unit=unit,
            ours=[figures[unit] for figures in found],
            rival="limit",
            theirs=[limit] * len(found),
            aim=1,
            less_is_better=True,
        )
        for name, (unit, limit) in limits.items()
    ]


def in_turn(contestants: Mapping[str, Contestant], rounds: int, *, one_core: bool = True) -> dict[str, list[Any]]:
    """The results of each contestant, A B A B …, after a round of each that does not count.

    `one_core`: each has only the machine's first core, whatever its threads would like; the loopback servers have
    the last. Raises RuntimeError where a contestant fails; its traceback is on stderr.
    """
    core = cores()[0] if one_core else None
    seats = {name: _Seat(name, contestant, core) for name, contestant in contestants.items()}
    try:
        for seat in seats.values():
            seat.play()
        results = [{name: seat.play() for name, seat in seats.items()} for _ in range(rounds)]
    finally:
        for seat in seats.values():
            seat.leave()
    return {name: [result[name] for result in results] for name in seats}


def better(results: Mapping[str, Sequence[float]], *names: str) -> str:
    """Which of `names` did better: a rival is measured at its best."""
    return max(names, key=lambda name: median(results[name]))


def cores() -> list[int]:
    """The cores that this process may use; [0] where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def keep_to(core: int | None) -> None:
    """Keep this process to one core, where the system can."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


async def note_delays(late: list[float]) -> None:
    """How late the event loop comes back, in milliseconds, time after time."""
    while True:
        started = perf_counter()
        await asyncio.sleep(0.001)
        late.append((perf_counter() - started - 0.001) * 1_000)


def machine() -> str:
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {len(cores())} cores{busy}"


@contextmanager
def apart(run: Callable[..., None], *args: Any) -> Iterator[Connection]:
    """A process that runs `run(connection, *args)`, and our end of the connection. It is ended with the block."""
    here, there = _SPAWN.Pipe()
    process = _SPAWN.Process(target=run, args=(there, *args), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(5)
        process.kill()


class _Seat:
    """A contestant in its process."""

    def __init__(self, name: str, contestant: Contestant, core: int | None) -> None:
        self._name = name
        self._process = apart(_play, contestant, core)
        self._connection = self._process.__enter__()

    def play(self) -> Any:
        try:
            self._connection.send(True)
            return self._connection.recv()
        except (EOFError, OSError):
            raise RuntimeError(f"{self._name} failed: its traceback stands above") from None

    def leave(self) -> None:
        self._process.__exit__(None, None, None)


def _play(connection: Connection, contestant: Contestant, core: int | None) -> None:
    keep_to(core)
    with contestant() as play:
        while True:
            try:
                connection.recv()
            except EOFError:
                return
            connection.send(play())
