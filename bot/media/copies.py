"""Finding the story of an item among those of the last days: the SQL of `mention_shingle`, and `cluster` over it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.chunks import chunks, names, values
from bot.media import records
from bot.media.cluster import COMMON, WINDOW, Candidate, Fingerprint, fingerprint, near, story_of
from bot.media.model import Mention
from bot.store.database import Reader, Transaction, to_text

_KEPT: Final = timedelta(days=14)  # what is imported late still finds its copies


def print_of(mention: Mention) -> Fingerprint:
    return fingerprint(mention.withheld or mention.title, mention.excerpt, mention.outlet)


def find(db: Reader, coalition_id: str, mention: Mention, print_: Fingerprint) -> str | None:
    """The story that a mention tells, None for a new one. First-party releases are never taken for copies."""
    telling = print_.marks - _frequent(db, coalition_id, print_.marks)
    shared = _postings(db, coalition_id, telling, mention.at - WINDOW, mention.at + WINDOW)
    others = records.by_id(db, coalition_id, near(print_, shared))
    apart = _first_party(db, coalition_id, {it.story for it in others.values()}) if mention.first_party else frozenset()
    known = {id_: Candidate(it.story, print_of(it)) for id_, it in others.items() if it.story not in apart}
    frequent = _frequent(db, coalition_id, print_.marks.union(*(other.print_.marks for other in known.values())))
    return story_of(print_, shared, known, frequent)


def remember(tx: Transaction, coalition_id: str, mention: str, print_: Fingerprint, now: datetime) -> None:
    """Let later copies find a mention."""
    tx.execute_many(
        """
        INSERT INTO mention_shingle (coalition_id, shingle, mention_id, written_at)
        VALUES (:coalition, :shingle, :mention, :now) ON CONFLICT (coalition_id, shingle, mention_id) DO NOTHING
        """,
        [
            {"coalition": coalition_id, "shingle": mark, "mention": mention, "now": to_text(now)}
            for mark in sorted(print_.marks)
        ],
    )


def forget(tx: Transaction, coalition_id: str, now: datetime) -> None:
    """Let go of what is too old for copies."""
    sql = "DELETE FROM mention_shingle WHERE coalition_id = :coalition AND written_at < :before"
    tx.execute(sql, {"coalition": coalition_id, "before": to_text(now - _KEPT)})


def _postings(
    db: Reader, coalition_id: str, marks: Collection[str], since: datetime, until: datetime
) -> list[tuple[str, str]]:
    """(mark, mention id) of mentions published from `since` to `until`."""
    found = []
    for chunk in chunks(marks):
        sql = f"""
            SELECT s.shingle, s.mention_id FROM mention_shingle AS s JOIN mention AS m ON m.id = s.mention_id
            WHERE s.coalition_id = :coalition AND s.shingle IN ({names(chunk)}) AND m.at >= :since AND m.at <= :until
            ORDER BY s.shingle, s.mention_id
        """
        times = {"coalition": coalition_id, "since": to_text(since), "until": to_text(until)}
        found += [(row["shingle"], row["mention_id"]) for row in db.read(sql, values(chunk) | times)]
    return found


def _frequent(db: Reader, coalition_id: str, marks: Collection[str]) -> set[str]:
    """Those of the marks that so many mentions have that they say nothing any more."""
    found = set()
    for chunk in chunks(marks):
        sql = f"""
            SELECT shingle FROM mention_shingle WHERE coalition_id = :coalition AND shingle IN ({names(chunk)})
            GROUP BY shingle HAVING COUNT(*) > :common
        """
        rows = db.read(sql, values(chunk) | {"coalition": coalition_id, "common": COMMON})
        found |= {row["shingle"] for row in rows}
    return found


def _first_party(db: Reader, coalition_id: str, stories: Collection[str]) -> frozenset[str]:
    """Those stories that have a release already."""
    told = records.by_ids(db, coalition_id, sorted(stories))
    return frozenset(story.id for story in told if any(mention.first_party for mention in story.mentions))
