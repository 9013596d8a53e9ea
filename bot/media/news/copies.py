"""Find the story of an item among those of recent days: the SQL of `mention_shingle`, with `cluster` over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.config.coalition import Coalition
from bot.media.news import records
from bot.media.news.cluster import (
    CANDIDATES,
    COMMON,
    LEAST,
    WINDOW,
    Candidate,
    Fingerprint,
    fingerprint,
    hash_words,
    name_pairs,
    story_of,
)
from bot.media.news.model import Mention
from bot.shared.values import json_adapter
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import insert_rows, params, placeholders

RETENTION: Final = timedelta(days=14)  # of marks; a late import still finds its copies


def names_in(coalition: Coalition) -> frozenset[str]:
    """Return the pairs of words in the names that we search for, which tell nothing."""
    entities = coalition.entities.values()
    return _pairs_of(tuple(name.words for entity in entities for name in (*entity.names, *entity.short)))


@dataclass(frozen=True, slots=True)
class _Compared:
    """What of a stored mention it is compared by: to read all of it takes twice as long."""

    outlet: str
    title: str
    excerpt: str
    withheld: str = ""


_COMPARED: Final = json_adapter(_Compared)


def print_of(mention: Mention | _Compared, names: frozenset[str]) -> Fingerprint:
    """Return the fingerprint of a mention. `names`: the result of `names_in`."""
    return fingerprint(mention.withheld or mention.title, mention.excerpt, mention.outlet, names)


def frequent(db: Reader, print_: Fingerprint) -> set[str]:
    """Return the pairs that too many mentions have to tell anything. They are not stored either, so that
    later queries never count more of them.
    """
    if not print_.pairs:
        return set()
    pairs = {hash_words(pair): pair for pair in print_.pairs}
    chunk = sorted(pairs)
    sql = f"""
        SELECT shingle FROM mention_shingle WHERE shingle IN ({placeholders(chunk)})
        GROUP BY shingle HAVING COUNT(*) > :common
    """
    rows = db.read(sql, params(chunk) | {"common": COMMON})
    return {pairs[row["shingle"]] for row in rows}


def find(
    db: Reader, mention: Mention, print_: Fingerprint, frequent: Collection[str], names: frozenset[str]
) -> str | None:
    """Return the story that a mention belongs to, None for a new one. First-party releases never count as copies.

    It compares a bounded number of mentions, however many are stored. `frequent`, `names`: the results of
    `frequent` and `names_in`.
    """
    at = mention.at
    near = {
        *_with_shared_marks(db, print_.pairs.difference(frequent), min(LEAST, len(print_.pairs)), at),
        *_with_shared_marks(db, print_.quotes, 1, at),
        *_with_shared_marks(db, {print_.key} - {""}, 1, at),
    }
    others = records.bodies(db, near)
    released: set[str] = set()  # the stories that have a release
    if mention.first_party:
        stories = records.by_ids(db, sorted({story for story, _ in others.values()}))
        released = {story.id for story in stories if any(it.first_party for it in story.mentions)}
    candidates = {
        id_: Candidate(story, print_of(_COMPARED.validate_json(body), names))
        for id_, (story, body) in others.items()
        if story not in released
    }
    return story_of(print_, candidates, frequent)


def remember(tx: Transaction, mention: str, marks: Collection[str], now: datetime) -> None:
    at = to_text(now)  # once: there are a hundred rows
    rows = ({"shingle": mark, "mention_id": mention, "written_at": at} for mark in _stored(marks))
    insert_rows(tx, "mention_shingle", rows, if_new=True)


def _with_shared_marks(db: Reader, marks: Collection[str], least: int, at: datetime) -> list[str]:
    """Return the mentions around `at` that share at least `least` of these marks, those that share most first.

    CROSS JOIN fixes the join order: SQLite would read all mentions around `at`.
    """
    if not marks:
        return []
    chunk = _stored(marks)
    sql = f"""
        SELECT near.mention_id FROM (
            SELECT mention_id, COUNT(*) AS shared FROM mention_shingle WHERE shingle IN ({placeholders(chunk)})
            GROUP BY mention_id HAVING COUNT(*) >= :least
        ) AS near
        CROSS JOIN mention AS m
        WHERE m.id = near.mention_id AND m.at >= :since AND m.at <= :until
        ORDER BY near.shared DESC, m.at DESC, near.mention_id LIMIT :most
    """
    limits = {"least": least, "since": to_text(at - WINDOW), "until": to_text(at + WINDOW), "most": CANDIDATES}
    return [row["mention_id"] for row in db.read(sql, params(chunk) | limits)]


def _stored(marks: Iterable[str]) -> list[str]:
    """Return marks as the store has them, pairs of words as hashes."""
    return sorted(hash_words(mark) if " " in mark else mark for mark in marks)


_pairs_of = lru_cache(4)(name_pairs)  # the same names for every mention
