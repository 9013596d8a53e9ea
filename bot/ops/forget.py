"""Delete expired rows once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config.coalition import Coalition
from bot.ops.retention import TABLES
from bot.store.database import Transaction, to_text
from bot.store.retention import RetentionRule
from bot.store.shape import SCHEMA, coalition_conditions, references_to


def forget(tx: Transaction, coalition: Coalition, now: datetime) -> dict[str, int]:
    """Delete every expired row and return how many of each table.

    Rows that others refer to may have to wait for the next day.
    """
    gone: dict[str, int] = {}
    for name in reversed(list(SCHEMA)):  # dependent rows go first
        keeping = TABLES[name]
        if keeping.term:
            before = to_text(now - _length(keeping, coalition))
            key = SCHEMA[name].key[0]
            sql = f"DELETE FROM {name} WHERE {' AND '.join(_expired(keeping))} RETURNING {key}"
            gone[name] = len(tx.execute(sql, {"before": before, "coalition": coalition.id}))
    return gone


def _length(keeping: RetentionRule, coalition: Coalition) -> timedelta:
    if isinstance(keeping.term, timedelta):
        return keeping.term
    length: timedelta = getattr(coalition.retention, keeping.term)
    return length


def _expired(keeping: RetentionRule) -> Iterator[str]:
    """The SQL condition for an expired row."""
    yield f"{keeping.since} < :before"
    yield from coalition_conditions(SCHEMA[keeping.table])
    if keeping.still:
        yield f"NOT ({keeping.still})"
    for each in references_to(keeping.table):
        stays = each.table != keeping.table and keeping.table not in TABLES[each.table].goes_with
        if stays and each.when_gone != "SET NULL":
            yield f"NOT EXISTS (SELECT 1 FROM {each.table} WHERE {each.table}.{each.column} = {keeping.table}.id)"
