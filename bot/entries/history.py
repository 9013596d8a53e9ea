"""SQL that lists and counts what was read and matched in a time: for digests, the board and what is learned."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.entries.records import asks_from_json
from bot.store.database import Reader, Row, from_text, select_in, spans
from bot.watch import learned
from bot.watch.model import Level


def ids_between(db: Reader, since: datetime, until: datetime) -> list[str]:
    """Ids of the entries that bring news, first seen from `since` on and before `until`, in order."""
    sql = """
        SELECT id FROM entry WHERE first_seen_at >= :since AND first_seen_at < :until AND kind <> 'listing' ORDER BY id
    """
    return [row["id"] for row in db.read(sql, {"since": since, "until": until})]


def unmatched_between(db: Reader, since: datetime, until: datetime, *, news: bool = True) -> list[str]:
    """Ids of the entries of `ids_between` that no watch matched, without the baseline. `news`: with items of news."""
    sql = f"""
        SELECT id FROM entry WHERE first_seen_at >= :since AND first_seen_at < :until AND kind <> 'listing'
            AND baseline = 0{"" if news else " AND kind <> 'news'"}
            AND NOT EXISTS (SELECT 1 FROM match WHERE entry_id = entry.id)
        ORDER BY id
    """
    times = {"since": since, "until": until}
    return [row["id"] for row in db.read(sql, times)]


def count_matched(db: Reader, since: datetime, until: datetime) -> int:
    """How many entries, without news and the baseline, a watch matched of those first seen between."""
    sql = """
        SELECT COUNT(*) AS n FROM entry WHERE first_seen_at >= :since AND first_seen_at < :until
            AND baseline = 0 AND kind <> 'listing' AND kind <> 'news'
            AND EXISTS (SELECT 1 FROM match WHERE entry_id = entry.id)
    """
    return int(db.read(sql, {"since": since, "until": until})[0]["n"])


def texts(db: Reader, ids: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
    """(id, texts, fields) of these entries: what watches search, title first, and agencies, type and dockets as terms.

    Without withheld ones. Reads nothing else, which takes a tenth of the time of `by_ids`.
    """
    for row in select_in(db, "SELECT id, body FROM entry WHERE id IN ({}) ORDER BY id", ids):
        if entry_texts := _texts_from_json(row["body"]):
            yield row["id"], *entry_texts


def _texts_from_json(text: str) -> tuple[tuple[str, ...], list[str]] | None:
    """The texts of a stored entry that watches search, title first, and its fields as terms; None if it is withheld."""
    body = json.loads(text)
    if body.get("withheld"):
        return None
    quotes = (quote["text"] for quote in body.get("quotes", ()))
    fields = (body.get(name) or "" for name in ("bill_title", "summary", "action"))
    agencies = (agency["name"] for agency in body.get("agencies") or ())
    terms = learned.fields(agencies, body.get("type"), body.get("dockets") or ())
    return (body["title"], *fields, *quotes, *body.get("subjects", ())), terms


@dataclass(frozen=True, slots=True)
class Events:
    """How many events a list has, and how many with an alert. `first`: the latest match and the entries of some.

    An event is what is in one thread, such as a bill's steps and the press about them.
    """

    first: list[tuple[datetime, list[str]]]
    count: int
    alerts: int


_MATCHES: Final = "FROM match AS m JOIN entry AS e ON e.id = m.entry_id WHERE e.baseline = 0"
# Those of entries that were matched since then.
_SINCE: Final = f"{_MATCHES} AND m.entry_id IN (SELECT entry_id FROM match WHERE matched_at >= :since)"
_ALERT: Final = f"MAX(CASE m.level WHEN '{Level.ALERT.value}' THEN 1 ELSE 0 END)"


def newest_events(
    db: Reader, since: datetime, limit: int | None, *, ask: int = 0, alerts: bool = False, alerts_first: bool = False
) -> Events:
    """The first `limit` events matched since then: of all, of those of an ask, or of those with an alert.

    The store counts them: what a page reads does not grow with its weeks.
    """
    conditions = {f"{_ALERT} = 1": alerts, f"{_has(ask)} = 1": ask}
    only = " AND ".join(sql for sql, wanted in conditions.items() if wanted)
    sql = f"""
        SELECT thread, at, COUNT(*) OVER () AS events, SUM(alert) OVER () AS alerts
        FROM (
            SELECT e.thread, MAX(m.matched_at) AS at, MAX(e.position) AS place, MIN(m.entry_id) AS least,
                {_ALERT} AS alert
            {_SINCE} GROUP BY e.thread {f"HAVING {only}" if only else ""}
        ) AS event
        ORDER BY {"alert DESC, " if alerts_first else ""}at DESC, place DESC, least
        {"" if limit is None else f"LIMIT {limit}"}
    """
    rows, ids = db.read(sql, {"since": since}), defaultdict[str, list[str]](list)
    each = f"SELECT DISTINCT e.thread, m.entry_id {_SINCE} AND e.thread IN ({{}})"
    for row in select_in(db, each, [row["thread"] for row in rows], {"since": since}):
        ids[row["thread"]].append(row["entry_id"])
    first = [(from_text(row["at"]), ids[row["thread"]]) for row in rows]
    return Events(first, rows[0]["events"], rows[0]["alerts"]) if rows else Events([], 0, 0)


def asks_raised(db: Reader, since: datetime) -> set[int]:
    """The asks of what was matched since then, without the baseline."""
    rows = db.read(f"SELECT DISTINCT m.asks {_SINCE}", {"since": since})
    return {ask for row in rows for ask in asks_from_json(row["asks"])}


def alerts_by_week(
    db: Reader, begins: Sequence[datetime], until: datetime, asks: Iterable[int], only: Collection[int] = ()
) -> list[Row]:
    """How many `events` had their first alert since the first of `begins` in each `week`, a place in them.

    `ask_4`: how many of them are of ask 4, and `ask_4_at` when the latest was; `asked`: of one of `only`, by default of
    any. An event is of all asks that matched what was an alert. A week without an alert has no row.
    """
    has = {f"ask_{ask}": _has(ask) for ask in asks} | {"asked": _has(*only)}
    week, times = spans("at", begins)
    is_new = f"level = '{Level.ALERT.value}' AND matched_at >= :begin_0"
    counts = ", ".join(f"SUM({name}) AS {name}, MAX(CASE {name} WHEN 1 THEN latest END) AS {name}_at" for name in has)
    sql = f"""
        SELECT {week} AS week, COUNT(*) AS events, {counts}
        FROM (
            SELECT {", ".join(f"{one} AS {name}" for name, one in has.items())},
                MIN(CASE WHEN {is_new} THEN matched_at END) AS at, MAX(CASE WHEN {is_new} THEN matched_at END) AS latest
            {_MATCHES} AND m.entry_id IN (SELECT entry_id FROM match WHERE {is_new}) GROUP BY e.thread
        ) AS event
        WHERE at < :until GROUP BY week
    """
    return db.read(sql, times | {"until": until})


def _has(*asks: int) -> str:
    """SQL: 1 if a match of the group is of one of these asks, by default of any. ` 4, 12,` is searched of `[4, 12]`."""
    text = "REPLACE(REPLACE(m.asks, '[', ' '), ']', ',')"
    of_them = " OR ".join(f"{text} LIKE '% {ask:d},%'" for ask in asks) or "m.asks <> '[]'"
    return f"MAX(CASE WHEN {of_them} THEN 1 ELSE 0 END)"


def matches_by_week(db: Reader, begins: Sequence[datetime]) -> list[Row]:
    """How many `entries` each `watch` matched in each `week`, a place in `begins`, without the baseline."""
    week, times = spans("m.matched_at", begins)
    sql = f"""
        SELECT m.watch, {week} AS week, COUNT(DISTINCT m.entry_id) AS entries
        {_MATCHES} AND m.matched_at >= :begin_0 GROUP BY m.watch, week
    """
    return db.read(sql, times)
