"""Letting go, day by day, of what has been kept long enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config.coalition import Coalition
from bot.ops.retention import TABLES
from bot.store.database import Transaction, to_text
from bot.store.retention import RetentionRule
from bot.store.shape import SCHEMA, coalition_conditions, references_to


def forget(tx: Transaction, coalition: Coalition, now: datetime) -> dict[str, int]:
    """Let go of every row whose time is over; how many of each table.

    What hangs on rows that go first may have to wait for the next day's turn.
    """
    gone: dict[str, int] = {}
    for name in reversed(list(SCHEMA)):  # what hangs on others goes before them
        keeping = TABLES[name]
        if keeping.term:
            before = to_text(now - _length(keeping, coalition))
            key = SCHEMA[name].key[0]
            sql = f"DELETE FROM {name} WHERE {' AND '.join(_over(keeping))} RETURNING {key}"
            gone[name] = len(tx.execute(sql, {"before": before, "coalition": coalition.id}))
    return gone


def _length(keeping: RetentionRule, coalition: Coalition) -> timedelta:
    if isinstance(keeping.term, timedelta):
        return keeping.term
    length: timedelta = getattr(coalition.retention, keeping.term)
    return length


def _over(keeping: RetentionRule) -> Iterator[str]:
    """What is true of a row that goes."""
    yield f"{keeping.since} < :before"
    yield from coalition_conditions(SCHEMA[keeping.table])
    if keeping.still:
        yield f"NOT ({keeping.still})"
    for each in references_to(keeping.table):
        stays = each.table != keeping.table and keeping.table not in TABLES[each.table].goes_with
        if stays and each.when_gone != "SET NULL":
            yield f"NOT EXISTS (SELECT 1 FROM {each.table} WHERE {each.table}.{each.column} = {keeping.table}.id)"
