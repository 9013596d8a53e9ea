"""SQL for matches: what a watch found in an entry, and the events that they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.entries.records import StoredEntry, asks_from_json, asks_to_json, by_ids, match_from_row, reasons_to_json
from bot.store.database import Reader, Row, Transaction, from_text, to_text
from bot.store.rows import insert_rows, select_in
from bot.watch.model import Level, Match
from bot.watch.reasons import merged, without_quotes


def insert_matches(tx: Transaction, matches: Iterable[tuple[str, str, Sequence[Match]]], now: datetime) -> None:
    """Insert (entry id, stage, matches) tuples."""
    at = to_text(now)
    rows = (
        {
            "entry_id": id_,
            "stage": stage,
            "watch": match.watch,
            "level": match.level,
            "asks": asks_to_json(match.asks),
            "reasons": reasons_to_json(match),
            "matched_at": at,
        }
        for id_, stage, entry_matches in matches
        for match in entry_matches
    )
    insert_rows(tx, "match", rows, if_new=True)


def matches_of(db: Reader, ids: Iterable[str]) -> dict[tuple[str, str], tuple[Match, ...]]:
    """Matches of these entries by (entry id, stage)."""
    matches_by_stage: dict[tuple[str, str], list[Match]] = defaultdict(list)
    # Sorted in Python: with ORDER BY, SQLite reads every match.
    rows = select_in(db, "SELECT * FROM match WHERE entry_id IN ({})", ids)
    for row in sorted(rows, key=lambda row: (row["matched_at"], row["watch"])):
        match = match_from_row(row["watch"], row["level"], row["asks"], row["reasons"])
        matches_by_stage[row["entry_id"], row["stage"]].append(match)
    return {key: tuple(matches) for key, matches in matches_by_stage.items()}


def drop_quotes(tx: Transaction, ids: Iterable[str]) -> None:
    """Delete the quoted words from the match reasons of these entries; keep the fields that matched."""
    matches_by_stage = matches_of(tx, ids)
    tx.execute_many(
        "UPDATE match SET reasons = :reasons WHERE entry_id = :id AND stage = :stage AND watch = :watch",
        [
            {"id": id_, "stage": stage, "watch": match.watch, "reasons": reasons_to_json(match)}
            for (id_, stage), matches in matches_by_stage.items()
            for match in without_quotes(matches)
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An entry that a watch matched. `at`: the latest match; `asks`, `alert`: of all its matches."""

    id: str
    thread: str
    at: datetime
    asks: tuple[int, ...]
    alert: bool


def raised_since(db: Reader, since: datetime, *, alerts: bool = False) -> list[Raised]:
    """The entries matched since then, without the baseline, newest first. Reads neither entries nor reasons.

    `alerts`: only those with a match that is an alert, which are few of them.
    """
    only = f"AND m.entry_id IN (SELECT entry_id FROM match WHERE level = '{Level.ALERT.value}')" if alerts else ""
    sql = f"""
        SELECT m.entry_id, m.watch, m.level, m.asks, m.matched_at, e.thread
        FROM match AS m JOIN entry AS e ON e.id = m.entry_id WHERE e.baseline = 0 AND m.entry_id IN (
            SELECT entry_id FROM match WHERE matched_at >= :since) {only} ORDER BY m.matched_at, m.watch
    """
    by_entry: dict[str, dict[str, Row]] = defaultdict(dict)
    latest: dict[str, str] = {}
    for row in db.read(sql, {"since": to_text(since)}):
        by_entry[row["entry_id"]].setdefault(row["watch"], row)
        latest[row["entry_id"]] = row["matched_at"]
    raised = [
        Raised(
            id=id_,
            thread=next(iter(rows.values()))["thread"],
            at=from_text(latest[id_]),
            asks=tuple(sorted({ask for row in rows.values() for ask in asks_from_json(row["asks"])})),
            alert=any(row["level"] == Level.ALERT for row in rows.values()),
        )
        for id_, rows in by_entry.items()
    ]
    return sorted(sorted(raised, key=lambda each: each.id), key=lambda each: each.at, reverse=True)


def matches_by_day(db: Reader, since: datetime) -> dict[str, dict[date, int]]:
    """How many entries each watch matched on each day (UTC) since then, without the baseline."""
    sql = """
        SELECT m.watch, SUBSTR(m.matched_at, 1, 10) AS day, COUNT(DISTINCT m.entry_id) AS entries
        FROM match AS m JOIN entry AS e ON e.id = m.entry_id
        WHERE e.baseline = 0 AND m.matched_at >= :since GROUP BY m.watch, day
    """
    counts: dict[str, dict[date, int]] = defaultdict(dict)
    for row in db.read(sql, {"since": to_text(since)}):
        counts[row["watch"]][date.fromisoformat(row["day"])] = row["entries"]
    return counts


def events(raised: Iterable[Raised]) -> list[list[Raised]]:
    """These entries by thread, in their order: an event, such as a bill's steps and the press about them."""
    threads: dict[str, list[Raised]] = defaultdict(list)
    for each in raised:
        threads[each.thread].append(each)
    return list(threads.values())


Found = tuple[StoredEntry, tuple[Match, ...], datetime]


def with_matches(db: Reader, raised: Sequence[Raised]) -> list[Found]:
    """The entries in this order, each with all its matches, each watch once, and the latest match time."""
    ids = [each.id for each in raised]
    entries = {item.id: item for item in by_ids(db, ids)}
    matches: dict[str, tuple[Match, ...]] = {}
    for (id_, _), stage_matches in matches_of(db, ids).items():
        matches[id_] = merged(matches.get(id_, ()), stage_matches)
    return [(entries[each.id], matches[each.id], each.at) for each in raised]
