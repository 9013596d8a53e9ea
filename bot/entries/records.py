"""The SQL of sources, of entries with their keys and sightings, and of matches. Portable, each statement named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.entries.codec import (
    asks_to_json,
    entry_from_json,
    entry_to_json,
    match_from_row,
    memory_from_json,
    memory_to_json,
    reasons_to_json,
)
from bot.entries.identity import Stored
from bot.shared.entry import Entry
from bot.shared.search import CANDIDATES, Words
from bot.sources.model import Health, Memory
from bot.store.database import Reader, Row, Transaction, from_text, one, to_text
from bot.store.in_lists import chunks, names, values
from bot.watch.model import Match
from bot.watch.reasons import without_quotes

KEPT: Final = timedelta(days=400)  # how long what was seen is remembered: old items resurface
_REFRESH: Final = timedelta(days=1)  # a key's date need not be truer than that


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as its last answer left it.

    `failures` counts the bad answers in a row; `told` is the class that a person was told of, until told it is over.
    """

    id: str
    memory: Memory
    health: Health
    detail: str
    since: datetime
    told: str | None
    checked_at: datetime
    failures: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored entry with its history."""

    id: str
    entry: Entry
    first: Entry  # as first read
    first_seen_at: datetime
    position: int  # its place in the answer that first brought it
    baseline: bool


def ensure_coalition(tx: Transaction, coalition_id: str, name: str, now: datetime) -> None:
    """All that belongs to a coalition hangs on this row."""
    sql = """
        INSERT INTO coalition (id, name, created_at) VALUES (:id, :name, :now)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name
    """
    tx.execute(sql, {"id": coalition_id, "name": name, "now": to_text(now)})


def source_state(db: Reader, source: str) -> SourceState | None:
    """None: never asked."""
    row = one(db.read("SELECT * FROM source WHERE id = :id", {"id": source}))
    return _state(row) if row else None


def source_states(db: Reader) -> dict[str, SourceState]:
    return {row["id"]: _state(row) for row in db.read("SELECT * FROM source ORDER BY id")}


def outage_since(db: Reader) -> datetime | None:
    """Since when nothing can be reached, where people were told so."""
    row = one(db.read("SELECT MIN(health_since) AS since FROM source WHERE health_told = 'outage'"))
    return from_text(row["since"]) if row else None


def end_outage(tx: Transaction) -> None:
    tx.execute("UPDATE source SET health_told = NULL WHERE health_told = 'outage'")


def save_source(tx: Transaction, state: SourceState) -> None:
    tx.execute(
        """
        INSERT INTO source (id, memory, health, health_detail, health_since, health_told, checked_at,
                            first_success_at, last_success_at, last_change_at, failures, due_at)
        VALUES (:id, :memory, :health, :detail, :since, :told, :checked_at, :first, :last, :change, :failures, :due_at)
        ON CONFLICT (id) DO UPDATE SET
            memory = excluded.memory, health = excluded.health, health_detail = excluded.health_detail,
            health_since = excluded.health_since, health_told = excluded.health_told,
            checked_at = excluded.checked_at, first_success_at = excluded.first_success_at,
            last_success_at = excluded.last_success_at, last_change_at = excluded.last_change_at,
            failures = excluded.failures, due_at = excluded.due_at
        """,
        {
            "id": state.id,
            "memory": memory_to_json(state.memory),
            "health": state.health.value,
            "detail": state.detail,
            "since": to_text(state.since),
            "told": state.told,
            "checked_at": to_text(state.checked_at),
            "first": to_text(state.memory.first_success_at),
            "last": to_text(state.memory.last_success_at),
            "change": to_text(state.memory.last_change_at),
            "failures": state.failures,
            "due_at": to_text(state.due_at),
        },
    )


def known_keys(db: Reader, keys: Iterable[str]) -> dict[str, str]:
    """Which of `keys` are known, and of which entry."""
    return {
        row["key"]: row["entry_id"]
        for chunk in chunks(set(keys))
        for row in db.read(f"SELECT key, entry_id FROM entry_key WHERE key IN ({names(chunk)})", values(chunk))
    }


def stored(db: Reader, ids: Iterable[str]) -> dict[str, Stored]:
    wanted = chunks(set(ids))
    found: dict[str, Stored] = {}
    for chunk in wanted:
        brought = defaultdict(set)
        sightings = f"SELECT entry_id, source_id, stage FROM sighting WHERE entry_id IN ({names(chunk)})"
        for row in db.read(sightings, values(chunk)):
            brought[row["entry_id"]].add((row["source_id"], row["stage"]))
        for row in db.read(f"SELECT id, body FROM entry WHERE id IN ({names(chunk)})", values(chunk)):
            found[row["id"]] = Stored(row["id"], entry_from_json(row["body"]), frozenset(brought[row["id"]]))
    return found


def kept(db: Reader, where: str, params: Mapping[str, Any]) -> list[Kept]:
    """Stored entries, oldest first. `where` is one of this room's own conditions on `entry`, never a person's text."""
    return [
        _kept(row) for row in db.read(f"SELECT * FROM entry WHERE {where} ORDER BY first_seen_at, position, id", params)
    ]


def by_ids(db: Reader, ids: Iterable[str]) -> list[Kept]:
    found = [item for chunk in chunks(set(ids)) for item in kept(db, f"id IN ({names(chunk)})", values(chunk))]
    return sorted(found, key=lambda item: (item.first_seen_at, item.position, item.id))


def seen_since(db: Reader, since: datetime) -> list[Kept]:
    """What was first seen at `since` or later, oldest first."""
    return kept(db, "first_seen_at >= :since", {"since": to_text(since)})


def containing(db: Reader, words: Words) -> Iterator[Kept]:
    """What may have these words, newest first; whoever asks looks whether it has."""
    sql = f"""
        SELECT * FROM entry WHERE {words.condition("body")}
        ORDER BY first_seen_at DESC, position DESC, id LIMIT {CANDIDATES}
    """
    return map(_kept, db.read(sql, words.params))


def by_prefix(db: Reader, start: str) -> list[Kept]:
    """The entries whose id begins so."""
    return kept(db, "id >= :start AND id < :end", {"start": start, "end": f"{start}g"})


def sightings(db: Reader, id_: str) -> list[tuple[str, str, datetime]]:
    """(source, stage, when) of each source that brought an entry, first first."""
    sql = "SELECT source_id, stage, seen_at FROM sighting WHERE entry_id = :id ORDER BY seen_at, source_id"
    return [(row["source_id"], row["stage"], from_text(row["seen_at"])) for row in db.read(sql, {"id": id_})]


def insert_entries(tx: Transaction, entries: Iterable[tuple[str, Entry, bool]], now: datetime) -> None:
    """(id, entry, baseline) each, in the order of their answer."""
    at = to_text(now)
    tx.execute_many(
        """
        INSERT INTO entry (id, source_id, kind, stage, thread, title, url, published_at, first_seen_at, position,
                           updated_at, comments_close_on, baseline, body)
        VALUES (:id, :source, :kind, :stage, :thread, :title, :url, :published, :now, :position,
                :now, :comments, :baseline, :body)
        """,
        [
            _entry_row(id_, entry, at) | {"position": position, "baseline": int(baseline)}
            for position, (id_, entry, baseline) in enumerate(entries)
        ],
    )


def update_entries(tx: Transaction, entries: Iterable[tuple[str, Entry]], now: datetime) -> None:
    """What a source now says of a known entry; what it first said is kept beside it."""
    at = to_text(now)
    tx.execute_many(
        """
        UPDATE entry SET
            first_body = COALESCE(first_body, body), body = :body, source_id = :source, stage = :stage,
            title = :title, url = :url, published_at = :published, comments_close_on = :comments, updated_at = :now
        WHERE id = :id AND kind = :kind AND thread = :thread
        """,
        [_entry_row(id_, entry, at) for id_, entry in entries],
    )


def rethread(tx: Transaction, id_: str, entry: Entry) -> None:
    """Let an entry be said in the thread that `entry`, the same one, names."""
    row = {"id": id_, "thread": entry.thread, "body": entry_to_json(entry)}
    tx.execute("UPDATE entry SET thread = :thread, body = :body WHERE id = :id", row)


def insert_keys(tx: Transaction, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """(key, entry id) each. A guid that was used again belongs to the newer entry from then on."""
    at = to_text(now)
    tx.execute_many(
        """
        INSERT INTO entry_key (key, entry_id, seen_at) VALUES (:key, :id, :now)
        ON CONFLICT (key) DO UPDATE SET entry_id = excluded.entry_id, seen_at = excluded.seen_at
        """,
        [{"key": key, "id": id_, "now": at} for key, id_ in keys],
    )


def refresh_keys(tx: Transaction, keys: Iterable[str], now: datetime) -> None:
    """Still seen: the 400 days begin anew."""
    sql = "UPDATE entry_key SET seen_at = :now WHERE key = :key AND seen_at < :stale"
    times = {"now": to_text(now), "stale": to_text(now - _REFRESH)}
    tx.execute_many(sql, [{"key": key, **times} for key in keys])


def insert_sightings(tx: Transaction, sightings: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """(entry id, source, stage) each."""
    at = to_text(now)
    tx.execute_many(
        """
        INSERT INTO sighting (entry_id, source_id, stage, seen_at) VALUES (:id, :source, :stage, :now)
        ON CONFLICT (entry_id, source_id, stage) DO NOTHING
        """,
        [{"id": id_, "source": source, "stage": stage, "now": at} for id_, source, stage in sightings],
    )


def insert_references(tx: Transaction, references: Iterable[tuple[str, str]], now: datetime) -> None:
    """(reference, entry id) each."""
    at = to_text(now)
    tx.execute_many(
        """
        INSERT INTO entry_reference (reference, entry_id, seen_at) VALUES (:reference, :id, :now)
        ON CONFLICT (reference, entry_id) DO NOTHING
        """,
        [{"reference": reference, "id": id_, "now": at} for reference, id_ in references],
    )


def amended_by(db: Reader, entry: Entry, now: datetime) -> Stored | None:
    """The document that `entry` amends: one it names by number, else the newest that shares a docket or an RIN."""
    references = chunks(entry.references)
    found = [
        (row["reference"].startswith("fr:"), row["seen_at"], row["entry_id"])
        for chunk in references
        for row in db.read(
            f"""
            SELECT reference, entry_id, seen_at FROM entry_reference
            WHERE reference IN ({names(chunk)}) AND seen_at >= :since
            """,
            values(chunk) | {"since": to_text(now - KEPT)},
        )
    ]
    return stored(db, [max(found)[2]])[max(found)[2]] if found else None


def with_comments_open(db: Reader, coalition_id: str, on: date) -> list[Kept]:
    """Every entry of the threads in which a matched entry's comment period ends on `on` or later, oldest first."""
    return kept(
        db,
        """
        thread IN (
            SELECT e.thread FROM entry AS e JOIN match AS m ON m.entry_id = e.id
            WHERE m.coalition_id = :coalition AND e.comments_close_on >= :on)
        """,
        {"coalition": coalition_id, "on": on.isoformat()},
    )


def delete(tx: Transaction, id_: str) -> None:
    """Let go of one entry, and of all that hangs on it."""
    tx.execute("DELETE FROM entry WHERE id = :id", {"id": id_})


def insert_matches(
    tx: Transaction, coalition_id: str, matches: Iterable[tuple[str, str, Sequence[Match]]], now: datetime
) -> None:
    """(entry id, stage, matches) each."""
    at = to_text(now)
    tx.execute_many(
        """
        INSERT INTO match (coalition_id, entry_id, stage, watch, level, asks, reasons, matched_at)
        VALUES (:coalition, :id, :stage, :watch, :level, :asks, :reasons, :now)
        ON CONFLICT (coalition_id, entry_id, stage, watch) DO NOTHING
        """,
        [
            {
                "coalition": coalition_id,
                "id": id_,
                "stage": stage,
                "watch": match.watch,
                "level": match.level.value,
                "asks": asks_to_json(match.asks),
                "reasons": reasons_to_json(match),
                "now": at,
            }
            for id_, stage, found in matches
            for match in found
        ],
    )


def matches_of(db: Reader, coalition_id: str, ids: Iterable[str]) -> dict[tuple[str, str], tuple[Match, ...]]:
    """By (entry id, stage)."""
    found: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for chunk in chunks(set(ids)):
        # Put in order here: an ORDER BY makes SQLite read every match of the coalition.
        sql = f"SELECT * FROM match WHERE coalition_id = :coalition AND entry_id IN ({names(chunk)})"
        rows = db.read(sql, values(chunk) | {"coalition": coalition_id})
        for row in sorted(rows, key=lambda row: (row["matched_at"], row["watch"])):
            match = match_from_row(row["watch"], row["level"], row["asks"], row["reasons"])
            found[row["entry_id"], row["stage"]].append(match)
    return {key: tuple(matches) for key, matches in found.items()}


def drop_quotes(tx: Transaction, coalition_id: str, ids: Iterable[str]) -> None:
    """Keep of why these entries matched only where, not the words."""
    found = matches_of(tx, coalition_id, ids)
    tx.execute_many(
        """
        UPDATE match SET reasons = :reasons
        WHERE coalition_id = :coalition AND entry_id = :id AND stage = :stage AND watch = :watch
        """,
        [
            {
                "coalition": coalition_id,
                "id": id_,
                "stage": stage,
                "watch": match.watch,
                "reasons": reasons_to_json(match),
            }
            for (id_, stage), matches in found.items()
            for match in without_quotes(matches)
        ],
    )


def matched_since(db: Reader, coalition_id: str, since: datetime) -> list[tuple[Kept, tuple[Match, ...], datetime]]:
    """What matched since then, with all its matches and the last of their times, newest first; no baseline."""
    sql = """
        SELECT m.entry_id, MAX(m.matched_at) AS at FROM match AS m JOIN entry AS e ON e.id = m.entry_id
        WHERE m.coalition_id = :coalition AND m.matched_at >= :since AND e.baseline = 0
        GROUP BY m.entry_id ORDER BY at DESC, m.entry_id
    """
    times = {r["entry_id"]: r["at"] for r in db.read(sql, {"coalition": coalition_id, "since": to_text(since)})}
    entries = {item.id: item for item in by_ids(db, times)}
    matches: dict[str, list[Match]] = defaultdict(list)
    for (id_, _), found in matches_of(db, coalition_id, times).items():
        matches[id_] += [match for match in found if match.watch not in {known.watch for known in matches[id_]}]
    return [(entries[id_], tuple(matches[id_]), from_text(at)) for id_, at in times.items()]


def _state(row: Row) -> SourceState:
    return SourceState(
        id=row["id"],
        memory=memory_from_json(row["memory"]),
        health=Health(row["health"]),
        detail=row["health_detail"],
        since=from_text(row["health_since"]),
        told=row["health_told"],
        checked_at=from_text(row["checked_at"]),
        failures=row["failures"],
        due_at=from_text(row["due_at"]),
    )


def _kept(row: Row) -> Kept:
    entry = entry_from_json(row["body"])
    first = entry_from_json(row["first_body"]) if row["first_body"] else entry
    first = first.withhold() if entry.withheld else first
    return Kept(
        id=row["id"],
        entry=entry,
        first=first,
        first_seen_at=from_text(row["first_seen_at"]),
        position=row["position"],
        baseline=bool(row["baseline"]),
    )


def _entry_row(id_: str, entry: Entry, now: str) -> dict[str, Any]:
    return {
        "id": id_,
        "source": entry.source,
        "kind": entry.kind.value,
        "stage": entry.stage.value,
        "thread": entry.thread,
        "title": entry.title,
        "url": entry.url,
        "published": to_text(entry.published),
        "comments": entry.comments_close_on.isoformat() if entry.comments_close_on else None,
        "now": now,
        "body": entry_to_json(entry),
    }
