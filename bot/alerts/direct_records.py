"""SQL: new entries on asks, bills and states that a person follows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from bot.alerts.cards import Item
from bot.entries import records
from bot.shared.states import names_state
from bot.store.database import Reader, to_text
from bot.watch.model import Level

Pair = tuple[str, str]  # (entry id, stage)


def changes_since(db: Reader, coalition_id: str, what: str, since: datetime) -> dict[Pair, bool]:
    """New entries on `ask:4`, `bill:hr1234-119` or `state:TX` since then, and whether each is an alert; no baseline.

    Every action of a followed bill and every hearing on it is an alert, with or without a watch. For a state, entries
    count that match a watch and name the state.
    """
    kind, _, name = what.partition(":")
    if kind == "bill":
        sql = """
            SELECT id, stage FROM entry
            WHERE thread = :thread AND first_seen_at >= :since AND baseline = 0 ORDER BY first_seen_at, position
        """
        rows = db.read(sql, {"thread": what, "since": to_text(since)})
        pairs = [(row["id"], row["stage"]) for row in rows]
        hearings = records.hearings_since(db, since)
        pairs += [(it.id, it.entry.stage.value) for it in hearings if name in it.entry.bills and not it.baseline]
        return dict.fromkeys(pairs, True)
    sql = """
        SELECT m.entry_id, m.stage, m.level, m.asks FROM match AS m JOIN entry AS e ON e.id = m.entry_id
        WHERE m.coalition_id = :coalition AND m.matched_at >= :since AND e.baseline = 0
        ORDER BY m.matched_at, e.position
    """
    changes: dict[Pair, bool] = {}
    rows = db.read(sql, {"coalition": coalition_id, "since": to_text(since)})
    naming = _entries_naming(db, name, {row["entry_id"] for row in rows}) if kind == "state" else None
    for row in rows:
        if row["entry_id"] in naming if naming is not None else int(name) in json.loads(row["asks"]):
            pair = (row["entry_id"], row["stage"])
            changes[pair] = changes.get(pair, False) or row["level"] == Level.ALERT
    return changes


def _entries_naming(db: Reader, state: str, ids: set[str]) -> set[str]:
    """Ids of the entries whose displayed title, summary or action names the state."""
    texts = ((stored.id, stored.entry) for stored in records.by_ids(db, ids))
    return {
        id_
        for id_, entry in texts
        if names_state(state, "\n".join(filter(None, (entry.withheld or entry.title, entry.summary, entry.action))))
    }


def items(db: Reader, coalition_id: str, pairs: Iterable[Pair]) -> list[Item]:
    """The entries of these pairs, each once in its current version, oldest first."""
    ids = {id_ for id_, _ in pairs}
    matches = records.matches_of(db, coalition_id, ids)
    return [
        Item(id=stored.id, entry=stored.entry, matches=matches.get((stored.id, stored.entry.stage.value), ()))
        for stored in records.by_ids(db, ids)
    ]
