"""SQL for entries with keys, sightings, references and matches, and their JSON; older versions' stays readable."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Final

from bot.entries.arrivals import ArrivalKind, Arrivals, KnownEntries, KnownEntry, Sorter, references
from bot.shared.entry import Entry, Kind
from bot.shared.search import CANDIDATES, Words
from bot.shared.values import json_adapter
from bot.store.database import (
    Reader,
    Row,
    Transaction,
    chunks,
    delete_rows,
    from_text,
    insert_rows,
    params,
    placeholders,
    save_rows,
    select_in,
    update_rows,
)
from bot.watch.model import Level, Match, Reason, without_quotes

_ENTRY: Final = json_adapter(Entry)
KEY_LIFETIME: Final = timedelta(days=400)  # how long keys are kept: feeds list old items again
_REFRESH_AFTER: Final = timedelta(days=1)  # update a key's date at most this often
_MOST_RELATED: Final = 8
SHORT_ID: Final = 10  # characters of an id in a list


def entry_to_json(entry: Entry) -> str:
    return _ENTRY.dump_json(entry, exclude_defaults=True, exclude={"author", "text", "passages"}).decode()


def entry_from_json(text: str) -> Entry:
    entry = _ENTRY.validate_json(text)
    return entry.withhold() if entry.withheld else entry  # an older version kept the summary


def _reasons_to_json(match: Match) -> str:
    """The parts of a match that have no column: name, reasons and unknown fields."""
    reasons = [{"field": reason.field, "words": reason.words} for reason in match.reasons]
    return json.dumps({"name": match.name, "reasons": reasons, "unknown": match.unknown}, ensure_ascii=False)


def asks_from_json(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry of the store with its history."""

    id: str
    entry: Entry
    first: Entry  # as first read
    first_seen_at: datetime
    position: int  # in the answer that first listed it
    baseline: bool

    @property
    def name(self) -> str:
        """What lists show and commands take: its number in the Register, else the beginning of its id."""
        return self.entry.number or self.id[:SHORT_ID]


def known_keys(db: Reader, keys: Iterable[str]) -> dict[str, str]:
    """The stored ones among `keys`, each with its entry's id."""
    rows = select_in(db, "SELECT key, entry_id FROM entry_key WHERE key IN ({})", keys)
    return {row["key"]: row["entry_id"] for row in rows}


def known_entries(db: Reader, ids: Iterable[str]) -> dict[str, KnownEntry]:
    wanted, sightings = set(ids), defaultdict(set)
    for row in select_in(db, "SELECT entry_id, source_id, stage FROM sighting WHERE entry_id IN ({})", wanted):
        sightings[row["entry_id"]].add((row["source_id"], row["stage"]))
    return {
        row["id"]: KnownEntry(row["id"], entry, frozenset(sightings[row["id"]]), first)
        for row in select_in(db, "SELECT id, body, first_body FROM entry WHERE id IN ({})", wanted)
        for entry, first in (_versions(row),)
    }


def select_entries(db: Reader, where: str, params: Mapping[str, Any]) -> list[StoredEntry]:
    """Stored entries, oldest first. `where`: a constant SQL condition on `entry`, never user input."""
    return [
        _stored_entry(row)
        for row in db.read(f"SELECT * FROM entry WHERE {where} ORDER BY first_seen_at, position, id", params)
    ]


def by_ids(db: Reader, ids: Iterable[str]) -> list[StoredEntry]:
    entries = map(_stored_entry, select_in(db, "SELECT * FROM entry WHERE id IN ({})", ids))
    return sorted(entries, key=lambda item: (item.first_seen_at, item.position, item.id))


def seen_since(db: Reader, since: datetime) -> list[StoredEntry]:
    """Entries first seen at `since` or later, oldest first."""
    return select_entries(db, "first_seen_at >= :since", {"since": since})


def seen_between(db: Reader, since: datetime, until: datetime) -> list[StoredEntry]:
    """Entries first seen from `since` on and before `until`, oldest first."""
    condition = "first_seen_at >= :since AND first_seen_at < :until"
    return select_entries(db, condition, {"since": since, "until": until})


def first_seen_at(db: Reader) -> datetime | None:
    """When the oldest stored entry was first read; None without entries."""
    return from_text(db.read("SELECT MIN(first_seen_at) AS at FROM entry")[0]["at"])


def containing(db: Reader, words: Words) -> Iterator[StoredEntry]:
    """Entries that may contain these words, newest first. The caller checks each one."""
    sql = f"""
        SELECT * FROM entry WHERE {words.condition("body")}
        ORDER BY first_seen_at DESC, position DESC, id LIMIT {CANDIDATES}
    """
    return map(_stored_entry, db.read(sql, words.params))


def by_prefix(db: Reader, start: str) -> list[StoredEntry]:
    """The entries whose id begins with `start`."""
    return select_entries(db, "id >= :start AND id < :end", {"start": start, "end": f"{start}g"})


def sightings(db: Reader, id_: str) -> list[tuple[str, str, datetime]]:
    """(source, stage, time) for each source that listed an entry, earliest first."""
    sql = "SELECT source_id, stage, seen_at FROM sighting WHERE entry_id = :id ORDER BY seen_at, source_id"
    return [(row["source_id"], row["stage"], from_text(row["seen_at"])) for row in db.read(sql, {"id": id_})]


def save_entries(
    tx: Transaction,
    entries: Sequence[Entry],
    *,
    silent: Callable[[Entry], bool],
    now: datetime,
    new_id: Callable[[], str],
    own: Callable[[Entry], bool] = lambda _: False,
    hides: Callable[[Entry], bool] = lambda _: False,
) -> Arrivals:
    """Sort the entries of one answer, and save them with their keys. `silent`, `own` and `hides`: see `Sorter`."""

    def of_keys(keys: Iterable[str]) -> tuple[dict[str, str], dict[str, KnownEntry]]:
        ids = known_keys(tx, keys)
        return ids, known_entries(tx, ids.values())

    index = KnownEntries(*of_keys(key for entry in entries for key in entry.identity))
    sorter = Sorter(
        index=index,
        find=lambda key: of_keys([key])[1].values(),
        related=related(tx, index.naming_earlier(entries), now),
        silent=silent,
        own=own,
        hides=hides,
        new_id=new_id,
    )
    arrivals = sorter.sort(entries)
    new = arrivals.of(ArrivalKind.NEW)
    changed = [a for a in arrivals.all if a.previous is not None and a.stored != a.previous]
    insert_entries(tx, ((a.id, a.stored, a.silent) for a in new), now)
    for arrival in changed:
        if arrival.previous and arrival.stored.thread != arrival.previous.thread:
            move_to_thread(tx, arrival.id, arrival.stored)
    update_entries(tx, ((a.id, a.stored) for a in changed), now)
    # A reused guid belongs to the newer entry.
    save_rows(
        tx, "entry_key", [{"key": key, "entry_id": id_, "seen_at": now} for key, id_ in sorter.fresh_keys], key="key"
    )
    times = {"now": now, "stale": now - _REFRESH_AFTER}
    sql = "UPDATE entry_key SET seen_at = :now WHERE key = :key AND seen_at < :stale"
    tx.execute_many(sql, [{"key": key, **times} for key in sorter.seen_keys])
    seen = ({"entry_id": id_, "source_id": at, "stage": stage, "seen_at": now} for id_, at, stage in sorter.sightings)
    insert_rows(tx, "sighting", seen, if_new=True)
    named = ((name, a.id) for a in (*new, *changed) for name in references(a.stored))
    rows = ({"reference": name, "entry_id": id_, "seen_at": now} for name, id_ in named)
    insert_rows(tx, "entry_reference", rows, if_new=True)
    return arrivals


def end_baseline(tx: Transaction, ids: Sequence[str]) -> None:
    """Count these entries as news from now on: an edit of theirs is posted."""
    for chunk in chunks(ids):
        tx.execute(f"UPDATE entry SET baseline = 0 WHERE baseline = 1 AND id IN ({placeholders(chunk)})", params(chunk))


def insert_entries(tx: Transaction, entries: Iterable[tuple[str, Entry, bool]], now: datetime) -> None:
    """Insert (id, entry, baseline) tuples, in the order of the answer."""
    rows = (
        _entry_row(id_, entry, now) | {"first_seen_at": now, "position": position, "baseline": int(baseline)}
        for position, (id_, entry, baseline) in enumerate(entries)
    )
    insert_rows(tx, "entry", rows)


def update_entries(tx: Transaction, entries: Iterable[tuple[str, Entry]], now: datetime) -> None:
    """Save new versions of stored entries; each entry keeps its first version in `first_body`."""
    sql = """
        UPDATE entry SET
            first_body = COALESCE(first_body, body), body = :body, source_id = :source_id, stage = :stage,
            title = :title, url = :url, published_at = :published_at, comments_close_on = :comments_close_on,
            updated_at = :updated_at
        WHERE id = :id AND kind = :kind AND thread = :thread
    """
    tx.execute_many(sql, (_entry_row(id_, entry, now) for id_, entry in entries))


def move_to_thread(tx: Transaction, id_: str, entry: Entry) -> None:
    """Move a stored entry to the thread that `entry`, its new version, names."""
    update_rows(tx, "entry", {"thread": entry.thread, "body": entry_to_json(entry)}, id=id_)


def related(db: Reader, references: Iterable[str], now: datetime) -> dict[str, list[KnownEntry]]:
    """Entries that each reference names or that have it, too, the newest first, at most eight: a RIN has thousands."""
    sql = f"""
        SELECT reference, entry_id FROM (
            SELECT reference, entry_id, ROW_NUMBER() OVER (PARTITION BY reference ORDER BY at DESC, entry_id) AS place
            FROM (
                SELECT reference, entry_id, seen_at AS at FROM entry_reference
                WHERE reference IN ({{0}}) AND seen_at >= :since
                UNION
                SELECT key, entry_id, first_seen_at FROM entry_key JOIN entry ON id = entry_id
                WHERE key IN ({{0}}) AND first_seen_at >= :since
            ) AS named
        ) AS ranked WHERE place <= {_MOST_RELATED} ORDER BY reference, place
    """
    rows = list(select_in(db, sql, references, {"since": now - KEY_LIFETIME}))
    entries, related_entries = known_entries(db, (row["entry_id"] for row in rows)), defaultdict(list)
    for row in rows:
        related_entries[row["reference"]].append(entries[row["entry_id"]])
    return related_entries


def insert_matches(tx: Transaction, matches: Iterable[tuple[str, str, Sequence[Match]]], now: datetime) -> None:
    """Insert (entry id, stage, matches) tuples."""
    rows = (
        {
            "entry_id": id_,
            "stage": stage,
            "watch": match.watch,
            "level": match.level,
            "asks": json.dumps(match.asks),
            "reasons": _reasons_to_json(match),
            "matched_at": now,
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
        matches_by_stage[row["entry_id"], row["stage"]].append(_match(row))
    return {key: tuple(matches) for key, matches in matches_by_stage.items()}


def drop_quotes(tx: Transaction, ids: Iterable[str]) -> None:
    """Delete the quoted words from the match reasons of these entries; keep the fields that matched."""
    matches_by_stage = matches_of(tx, ids)
    tx.execute_many(
        "UPDATE match SET reasons = :reasons WHERE entry_id = :id AND stage = :stage AND watch = :watch",
        [
            {"id": id_, "stage": stage, "watch": match.watch, "reasons": _reasons_to_json(match)}
            for (id_, stage), matches in matches_by_stage.items()
            for match in without_quotes(matches)
        ],
    )


def steps(entries: Iterable[StoredEntry]) -> list[list[StoredEntry]]:
    """These entries, oldest first, by thread and step: a document that amends none is the next step of its thread.

    An extension or a correction belongs to the step before it, not to a form's first notice or to the proposed rule.
    """
    threads: dict[str, list[list[StoredEntry]]] = {}
    for stored in entries:
        thread = threads.setdefault(stored.entry.thread, [])
        if not thread or (stored.entry.kind is Kind.DOCUMENT and stored.entry.change is None):
            thread.append([])
        thread[-1].append(stored)
    return [step for thread in threads.values() for step in thread]


def step_of(db: Reader, stored: StoredEntry) -> list[StoredEntry]:
    """The entries of an entry's thread that are of its step."""
    thread = select_entries(db, "thread = :thread", {"thread": stored.entry.thread})
    return next(step for step in steps(thread) if stored.id in {each.id for each in step})


def earlier_steps(db: Reader) -> Callable[[str, Entry], Entry | None]:
    """What returns the document that opened the step before a document's own, or None. It reads each thread once."""

    @cache
    def of(thread: str) -> dict[str, Entry]:
        opening = [step[0] for step in steps(select_entries(db, "thread = :thread", {"thread": thread}))]
        return {later.id: earlier.entry for earlier, later in pairwise(opening)}

    return lambda id_, entry: (
        of(entry.thread).get(id_)
        if entry.kind is Kind.DOCUMENT and not entry.change and entry.thread != entry.identity[0]
        else None
    )


def naming(db: Reader, references: Iterable[str]) -> set[str]:
    """The ones among `references` that some stored entry names."""
    sql = "SELECT DISTINCT reference FROM entry_reference WHERE reference IN ({})"
    return {row["reference"] for row in select_in(db, sql, references)}


def with_comments_open(db: Reader, on: date, keys: Iterable[str] = ()) -> list[StoredEntry]:
    """All entries of threads where a matched entry's comment period ends on `on` or later, oldest first.

    `keys`: of entries whose period ends then or later by another source. Joined with `match`, SQLite would begin with
    every match.
    """
    ids = {f"id_{n}": id_ for n, id_ in enumerate(sorted(set(known_keys(db, keys).values())))}
    also = f" OR e.id IN ({', '.join(f':{name}' for name in ids)})" if ids else ""
    return select_entries(
        db,
        f"""
        thread IN (
            SELECT e.thread FROM entry AS e WHERE (e.comments_close_on >= :on{also})
                AND EXISTS (SELECT 1 FROM match WHERE entry_id = e.id))
        """,
        {"on": on} | ids,
    )


def hearings_since(db: Reader, since: datetime) -> list[StoredEntry]:
    """Announced committee meetings and their changes first seen at `since` or later, oldest first."""
    return select_entries(db, "kind = 'hearing' AND first_seen_at >= :since", {"since": since})


def matched_of_kind(db: Reader, kind: Kind, since: datetime) -> list[StoredEntry]:
    """All entries of threads of this kind that a watch matched, first seen at `since` or later, oldest first.

    The kind is part of the SQL, because SQLite uses a partial index only for a constant.
    """
    return select_entries(
        db,
        f"""
        kind = '{kind.value}' AND first_seen_at >= :since AND thread IN (
            SELECT e.thread FROM entry AS e WHERE e.kind = '{kind.value}' AND e.first_seen_at >= :since
                AND EXISTS (SELECT 1 FROM match WHERE entry_id = e.id))
        """,
        {"since": since},
    )


def delete(tx: Transaction, id_: str) -> None:
    """Delete one entry and the rows that reference it."""
    delete_rows(tx, "entry", id=id_)


def _versions(row: Row) -> tuple[Entry, Entry]:
    """The entry as last read and as first read."""
    entry = entry_from_json(row["body"])
    first = entry_from_json(row["first_body"]) if row["first_body"] else entry
    return entry, first.withhold() if entry.withheld else first


def _stored_entry(row: Row) -> StoredEntry:
    entry, first = _versions(row)
    return StoredEntry(
        id=row["id"],
        entry=entry,
        first=first,
        first_seen_at=from_text(row["first_seen_at"]),
        position=row["position"],
        baseline=bool(row["baseline"]),
    )


def _entry_row(id_: str, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "source_id": entry.source,
        "kind": entry.kind,
        "stage": entry.stage,
        "thread": entry.thread,
        "title": entry.title,
        "url": entry.url,
        "published_at": entry.published,
        "comments_close_on": entry.comments_close_on,
        "updated_at": now,
        "body": entry_to_json(entry),
    }


def _match(row: Row) -> Match:
    stored = json.loads(row["reasons"])
    return Match(
        watch=row["watch"],
        name=stored["name"],
        asks=asks_from_json(row["asks"]),
        level=Level(row["level"]),
        reasons=tuple(Reason(reason["field"], reason["words"]) for reason in stored["reasons"]),
        unknown=tuple(stored["unknown"]),
    )
