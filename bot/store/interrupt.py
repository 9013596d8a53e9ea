"""A write transaction that ends when the program is stopped: nothing of it is stored, and the work is redone later."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.shared.errors import CoalitionBotError
from bot.store.database import Params, Row, Transaction


class StopRequested(CoalitionBotError):
    """The program was stopped in the middle of a long transaction."""


class InterruptibleTransaction:
    """Wraps `tx` and raises `StopRequested` at the next statement once `stopping` returns true."""

    def __init__(self, tx: Transaction, stopping: Callable[[], bool]) -> None:
        self._tx = tx
        self._stopping = stopping

    def check(self) -> None:
        """Raise if the program was stopped; call it also during long computations between two statements."""
        if self._stopping():
            raise StopRequested

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        self.check()
        return self._tx.read(sql, params)

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        self.check()
        return self._tx.execute(sql, params)

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None:
        self.check()
        self._tx.execute_many(sql, rows)

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        self.check()
        return self._tx.execute_each(sql, rows)
