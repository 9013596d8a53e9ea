"""The story that an item belongs to: one that it copies, or that of a bill's step, whichever came first."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from bot.alerts.cards import bare
from bot.commands.model import Work
from bot.config.coalition import Coalition
from bot.entries import records as entries
from bot.media.news import records
from bot.media.news.cluster import (
    CANDIDATES,
    COMMON,
    LEAST,
    WINDOW,
    Fingerprint,
    fingerprint,
    hash_words,
    name_pairs,
    story_of,
)
from bot.media.news.model import Mention, Story
from bot.outbox.messages import rename_thread
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry, Kind
from bot.shared.urls import host_of
from bot.shared.values import json_adapter
from bot.shared.yaml_text import shipped_yaml
from bot.store.database import Reader, Transaction, insert_rows, params, placeholders, update_rows

RETENTION: Final = timedelta(days=14)  # of marks; a late import still finds its copies
_BEFORE: Final = timedelta(days=1)  # a report is dated in its own zone
_AFTER: Final = timedelta(days=3)
_LAG: Final = timedelta(days=14)  # after a step, until a bill's record has it
_LEAST_WORDS: Final = 3  # of a bill's title that identify it
_YEAR: Final = re.compile(r" of (?:19|20)\d\d$", re.IGNORECASE)
_SHIPPED: Final = shipped_yaml("bot.media.news", "bill_reports")
_WORDS: Final = {
    step: tuple(re.compile(rf"\b(?:{_SHIPPED['parts'][words]})\b") for words in needed)
    for step, needed in _SHIPPED["steps"].items()
}


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
    url: str = ""
    withheld: str = ""


_COMPARED: Final = json_adapter(_Compared)


def print_of(mention: Mention | _Compared, names: frozenset[str]) -> Fingerprint:
    """Return the fingerprint of a mention. `names`: the result of `names_in`."""
    site = host_of(mention.url) if mention.withheld else ""  # its outlet is not stored
    return fingerprint(mention.withheld or mention.title, mention.excerpt, site or mention.outlet, names)


def frequent(db: Reader, print_: Fingerprint) -> set[str]:
    """Return the marks that too many mentions have to tell anything. They are not stored, so never counted again."""
    marks = {_stored(mark): mark for mark in print_.marks}
    if not marks:
        return set()
    chunk = sorted(marks)
    sql = f"""
        SELECT shingle FROM mention_shingle WHERE shingle IN ({placeholders(chunk)})
        GROUP BY shingle HAVING COUNT(*) > :common
    """
    return {marks[row["shingle"]] for row in db.read(sql, params(chunk) | {"common": COMMON})}


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
    candidates = (
        (story, print_of(_COMPARED.validate_json(body), names))
        for story, body in others.values()
        if story not in released
    )
    return story_of(print_, candidates, frequent)


def remember(tx: Transaction, mention: str, marks: Collection[str], now: datetime) -> None:
    rows = ({"shingle": mark, "mention_id": mention, "written_at": now} for mark in sorted(map(_stored, marks)))
    insert_rows(tx, "mention_shingle", rows, if_new=True)


def _with_shared_marks(db: Reader, marks: Collection[str], least: int, at: datetime) -> list[str]:
    """Return the mentions around `at` that share at least `least` of these marks, those that share most first.

    CROSS JOIN fixes the join order: SQLite would read all mentions around `at`.
    """
    if not marks:
        return []
    chunk = sorted(map(_stored, marks))
    sql = f"""
        SELECT near.mention_id FROM (
            SELECT mention_id, COUNT(*) AS shared FROM mention_shingle WHERE shingle IN ({placeholders(chunk)})
            GROUP BY mention_id HAVING COUNT(*) >= :least
        ) AS near
        CROSS JOIN mention AS m
        WHERE m.id = near.mention_id AND m.at >= :since AND m.at <= :until
        ORDER BY near.shared DESC, m.at DESC, near.mention_id LIMIT :most
    """
    limits = {"least": least, "since": at - WINDOW, "until": at + WINDOW, "most": CANDIDATES}
    return [row["mention_id"] for row in db.read(sql, params(chunk) | limits)]


def _stored(mark: str) -> str:
    """Return a mark as the store has it, a pair of words as a hash."""
    return hash_words(mark) if " " in mark else mark


_pairs_of = lru_cache(4)(name_pairs)  # the same names for every mention


def thread_of(db: Reader, mention: Mention, now: datetime) -> str | None:
    """The thread of the bill whose step a mention reports; None if no such step was raised."""
    types = _told(mention)
    steps = entries.matched_of_kind(db, Kind.BILL, now - _LAG) if types else []
    return next((step.entry.thread for step in reversed(steps) if _reports(mention, types, step.entry)), None)


def _told(mention: Mention) -> set[str]:
    """The steps whose words a mention has; none of one that is withheld."""
    text = "" if mention.withheld else _text(mention)
    return {step for step, needed in _WORDS.items() if all(words.search(text) for words in needed)}


def _reports(mention: Mention, types: Collection[str], step: Entry) -> bool:
    """Whether a mention reports this step: it says what happened, names the bill, and is of those days."""
    on = step.publication_date
    in_time = on is not None and on - _BEFORE <= mention.at.date() <= on + _AFTER
    return in_time and step.type in types and _names(_text(mention), step)


def _text(mention: Mention) -> str:
    return bare(f"{mention.latest} {mention.excerpt}")


def _names(text: str, step: Entry) -> bool:
    title = bare(_YEAR.sub("", step.bill_title or ""))
    number = bare(BillNumber.of(step.bill).name) if step.bill else ""
    names = (title if len(title.split()) >= _LEAST_WORDS else "", number, number.replace("h r ", "hr ", 1))
    return any(name and f" {name} " in f" {text} " for name in names)


def is_of_event(mention: Mention, story: Story) -> bool:
    """Whether a mention in the thread of a story is about the same step of its bill."""
    return mention.story == story.id or abs(mention.at - story.at) <= _BEFORE + _AFTER


def join(work: Work, step: Entry) -> None:
    """Move the stories that reported a bill's step before its record into the bill's thread, with their messages.

    A story that is in a bill's thread stays there: its thread has the messages of that bill, too, and companion bills
    have one title and are introduced on one day.
    """
    if step.type not in _WORDS or step.publication_date is None:
        return
    days = (step.publication_date - _BEFORE, step.publication_date + _AFTER + timedelta(days=1))
    since, until = (datetime.combine(day, time(), UTC) for day in days)
    for story in records.stories(work.tx, since, until):
        own = story.original
        if story.thread.startswith("bill:") or story.withheld or not _reports(own, _told(own), step):
            continue
        for stored in entries.by_ids(work.tx, [mention.entry for mention in story.mentions if mention.entry]):
            entries.move_to_thread(work.tx, stored.id, replace(stored.entry, thread=step.thread))
        rename_thread(work, story.thread, step.thread)
        update_rows(work.tx, "story", {"thread": step.thread}, id=story.id)
