"""A write transaction that ends when the program is told to stop: nothing of it is kept, and it is done again later."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.shared.errors import CoalitionBotError
from bot.store.database import Params, Row, Transaction


class StopRequested(CoalitionBotError):
    """The program was told to stop in the middle of a long transaction."""


class InterruptibleTransaction:
    """`tx`, which raises `StopRequested` at its next statement once `stopping` says so."""

    def __init__(self, tx: Transaction, stopping: Callable[[], bool]) -> None:
        self._tx = tx
        self._stopping = stopping

    def check(self) -> None:
        """Also to be called where much is reckoned between two statements."""
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
