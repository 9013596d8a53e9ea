"""What came of what somebody follows: asks, bills, states. The SQL over `match` and `entry` for one person's eyes."""

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


def came(db: Reader, coalition_id: str, what: str, since: datetime) -> dict[Pair, bool]:
    """What came of `ask:4`, `bill:hr1234-119` or `state:TX` since then, and whether it is loud; no baseline.

    Every action of a bill that somebody follows is, whether a watch asks for it or not. Of a state it is what fits a
    watch and names it.
    """
    kind, _, name = what.partition(":")
    if kind == "bill":
        sql = """
            SELECT id, stage FROM entry
            WHERE thread = :thread AND first_seen_at >= :since AND baseline = 0 ORDER BY first_seen_at, position
        """
        rows = db.read(sql, {"thread": what, "since": to_text(since)})
        return {(row["id"], row["stage"]): True for row in rows}
    sql = """
        SELECT m.entry_id, m.stage, m.level, m.asks FROM match AS m JOIN entry AS e ON e.id = m.entry_id
        WHERE m.coalition_id = :coalition AND m.matched_at >= :since AND e.baseline = 0
        ORDER BY m.matched_at, e.position
    """
    found: dict[Pair, bool] = {}
    rows = db.read(sql, {"coalition": coalition_id, "since": to_text(since)})
    here = _naming(db, name, {row["entry_id"] for row in rows}) if kind == "state" else None
    for row in rows:
        if row["entry_id"] in here if here is not None else int(name) in json.loads(row["asks"]):
            pair = (row["entry_id"], row["stage"])
            found[pair] = found.get(pair, False) or row["level"] == Level.ALERT
    return found


def _naming(db: Reader, state: str, ids: set[str]) -> set[str]:
    """The entries whose title, summary or action names the state, as they are shown."""
    texts = ((kept.id, kept.entry) for kept in records.by_ids(db, ids))
    return {
        id_
        for id_, it in texts
        if names_state(state, "\n".join(filter(None, (it.withheld or it.title, it.summary, it.action))))
    }


def items(db: Reader, coalition_id: str, pairs: Iterable[Pair]) -> list[Item]:
    """The entries of these, each once and as it stands now, oldest first."""
    ids = {id_ for id_, _ in pairs}
    matches = records.matches_of(db, coalition_id, ids)
    return [
        Item(id=kept.id, entry=kept.entry, matches=matches.get((kept.id, kept.entry.stage.value), ()))
        for kept in records.by_ids(db, ids)
    ]
