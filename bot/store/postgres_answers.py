"""The last answers of sources, for all processes that serve coalitions of one PostgreSQL database.

They are in a schema of their own, in a table without a log: after a crash of the server it is empty, and each source is
asked again.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Final

from bot.store.database import Row, StoreError, StoreUnusable
from bot.store.postgres import Postgres

_FRESH: Final = "1 minute"  # an answer is of use to others this long: then the source may be due again
_KEEP: Final = "2 minutes"
_CREATE: Final = (
    'CREATE SCHEMA IF NOT EXISTS "coalition-bot"',  # a coalition's schema is called coalition_NAME
    """
    CREATE UNLOGGED TABLE IF NOT EXISTS "coalition-bot".answer (
      id UUID PRIMARY KEY DEFAULT gen_random_uuid(), process TEXT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT now(),
      question TEXT NOT NULL, memory TEXT NOT NULL, answer TEXT NOT NULL
    )
    """,
)
_EXISTS: Final = "SELECT to_regclass('\"coalition-bot\".answer') IS NOT NULL AS exists"
_FORGET: Final = f"DELETE FROM \"coalition-bot\".answer WHERE at < now() - interval '{_KEEP}'"
_FORGET_OWN: Final = 'DELETE FROM "coalition-bot".answer WHERE process = :process'
_ADD: Final = """
    INSERT INTO "coalition-bot".answer (process, question, memory, answer)
    VALUES (:process, :question, :memory, :answer)
"""
_LOOK: Final = f"""
    SELECT id::text, question, greatest(0, extract(epoch FROM now() - at))::float8 AS age,
      CASE WHEN id = ANY(:heard::uuid[]) THEN NULL ELSE memory END AS memory
    FROM "coalition-bot".answer WHERE process <> :process AND at >= now() - interval '{_FRESH}'
"""


class Answers:
    """Satisfies `Exchange` of bot/sources/sharing.py; texts go in and out as they are.

    `process` tells this process from the others. Raises `StoreUnusable` if the user may not create or use the table.
    """

    def __init__(self, database: str, process: str) -> None:
        self._db = Postgres(database)
        self._process = process
        self._create()

    def _create(self) -> None:
        if not self._db.read(_EXISTS)[0]["exists"]:  # an administrator may have created it
            with self._db.write() as tx:
                for statement in _CREATE:
                    tx.execute(statement)
        with self._db.write(alone=False) as tx:  # a start does not wait for who writes to a store
            tx.execute(_FORGET)  # what processes that were killed have left

    def look(self, heard: Collection[str]) -> list[Row]:
        try:
            return self._db.read(_LOOK, {"process": self._process, "heard": list(heard)})
        except StoreUnusable:  # the table was dropped, for example: each coalition's store can still be used
            with suppress(StoreUnusable):
                self._create()
            return []

    def add(self, question: str, memory: str, answer: str) -> None:
        row = {"process": self._process, "question": question, "memory": memory, "answer": answer}
        with self._db.write(alone=False) as tx:
            tx.execute(_FORGET)
            tx.execute(_ADD, row)

    def get(self, id_: str) -> str | None:
        rows = self._db.read('SELECT answer FROM "coalition-bot".answer WHERE id = :id::uuid', {"id": id_})
        return str(rows[0]["answer"]) if rows else None

    def close(self) -> None:
        """Delete what this process has added, unless the server is away: nothing else would delete the last."""
        with suppress(StoreError), self._db.write(alone=False) as tx:
            tx.execute(_FORGET_OWN, {"process": self._process})
