"""A stored post, and the SQL of `post`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.shared.answer import Post
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import Rows

RETENTION: Final = timedelta(days=90)  # after it was posted, if it is not deleted before


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost(Post):
    """A post that names an entity. `text`: at most 60 words of it, or the warning that its author shows instead.

    `checked_at`: when it was last seen on its network. `announced_at`: when the press channel was notified of it.
    """

    id: str
    entities: tuple[str, ...]
    checked_at: datetime
    announced_at: datetime | None = None


_POSTS: Final = Rows(StoredPost, entities=lambda row: tuple(json.loads(row["entities"])), warning=lambda _: "")


def between(db: Reader, since: datetime, until: datetime) -> list[StoredPost]:
    sql = "SELECT * FROM post WHERE at >= :since AND at < :until ORDER BY at DESC, id"
    return _POSTS.all(db, sql, {"since": to_text(since), "until": to_text(until)})


def unannounced(db: Reader) -> list[StoredPost]:
    return _POSTS.all(db, "SELECT * FROM post WHERE announced_at IS NULL ORDER BY at, id")


def due(db: Reader, before: datetime, now: datetime, limit: int) -> list[StoredPost]:
    """Return posts of one source that were last seen before this time, those that waited longest first.

    One that was seen later than now, by a clock that was ahead, is first.
    """
    sql = """
        SELECT * FROM post WHERE (checked_at < :before OR checked_at > :now)
          AND source = (
            SELECT source FROM post
            ORDER BY CASE WHEN checked_at > :now THEN 0 ELSE 1 END, checked_at, id LIMIT 1
          )
        ORDER BY checked_at, id LIMIT :limit
    """
    return _POSTS.all(db, sql, {"before": to_text(before), "now": to_text(now), "limit": limit})


def put(tx: Transaction, post: StoredPost) -> None:
    """Insert a post, or update what it says now and when it was seen."""
    keep = ("id", "source", "network", "ref", "url", "at", "announced_at")
    _POSTS.save(tx, "post", post, key="key", keep=keep, entities=json.dumps(post.entities))


def mark(tx: Transaction, step: Literal["checked_at", "announced_at"], ids: Iterable[str], now: datetime) -> None:
    """Record when posts were looked up again, or when the press channel was notified of them."""
    tx.execute_many(f"UPDATE post SET {step} = :now WHERE id = :id", [{"id": id_, "now": to_text(now)} for id_ in ids])


def delete(tx: Transaction, ids: Iterable[str]) -> None:
    tx.execute_many("DELETE FROM post WHERE id = :id", [{"id": id_} for id_ in ids])


def by_network(posts: Iterable[StoredPost]) -> Counter[str]:
    return Counter(post.network for post in posts)


def posts_naming(posts: Iterable[StoredPost], entities: Collection[str]) -> list[StoredPost]:
    return [post for post in posts if not set(post.entities).isdisjoint(entities)]
