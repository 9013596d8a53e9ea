"""The SQL of stories, their mentions and notes. Portable, each statement named.

For other modules: `stories` of a period, `story` by its id, `find` by what a person typed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from pydantic import TypeAdapter

from bot.media.news.model import Clip, Mention, Note, NoteKind, Story, Tone, in_order
from bot.shared.entry import HEADLINE_WITHHELD
from bot.shared.search import CANDIDATES, Words
from bot.shared.urls import canonical_key, typed_address
from bot.store import memo
from bot.store.database import Reader, Row, Transaction, from_text, to_text
from bot.store.rows import chunks, params, placeholders

_MENTION: Final = TypeAdapter(Mention)
_LABEL: Final = re.compile(r"[Ss]-?(\d{1,9})|(\d{1,9})")


# --- reading --------------------------------------------------------------------------------------------------------


def stories(db: Reader, since: datetime, until: datetime) -> list[Story]:
    """Return the stories first published from `since` on and before `until`, newest first."""
    sql = """
        SELECT story_id, MIN(at) AS first_at FROM mention
        GROUP BY story_id HAVING MIN(at) >= :since AND MIN(at) < :until ORDER BY first_at DESC, story_id
    """
    return by_ids(db, [row["story_id"] for row in db.read(sql, {"since": to_text(since), "until": to_text(until)})])


def story(db: Reader, id_: str) -> Story | None:
    return next(iter(by_ids(db, [id_])), None)


def by_ids(db: Reader, ids: Sequence[str]) -> list[Story]:
    """Return stories in the order of `ids`."""
    mentions, notes = _mentions(db, ids), _notes(db, ids)
    stories: dict[str, Story] = {}
    for chunk in chunks(set(ids)):
        sql = f"SELECT * FROM story WHERE id IN ({placeholders(chunk)}) ORDER BY number"
        for row in db.read(sql, params(chunk)):
            if mentions[row["id"]]:
                stories[row["id"]] = _story(row, mentions[row["id"]], notes[row["id"]])
    return [stories[id_] for id_ in ids if id_ in stories]


def find(db: Reader, typed: str) -> Story | None:
    """Find a story by its label, its id, the id of a mention or an entry, or an address."""
    if label := _LABEL.fullmatch(typed.strip()):
        sql = "SELECT id FROM story WHERE number = :number"
        rows = db.read(sql, {"number": int(label[1] or label[2])})
        return story(db, rows[0]["id"]) if rows else None
    key = canonical_key(address) if (address := typed_address(typed)) else ""
    sql = """
        SELECT story_id FROM mention
        WHERE story_id = :typed OR id = :typed OR entry_id = :typed OR key = :key ORDER BY seen_at, id
    """
    row = next(iter(db.read(sql, {"typed": typed.strip(), "key": key})), None)
    return story(db, row["story_id"]) if row else None


def containing(db: Reader, words: Words) -> list[Story]:
    """Return the stories with a mention that may contain these words, newest first."""
    sql = f"""
        SELECT story_id, MAX(at) AS last_at FROM mention WHERE {words.condition("body")}
        GROUP BY story_id ORDER BY last_at DESC, story_id LIMIT {CANDIDATES}
    """
    rows = db.read(sql, words.params)
    return by_ids(db, [row["story_id"] for row in rows])


def noted(db: Reader, words: Words) -> list[Story]:
    """Return the stories with a note that may contain these words."""
    sql = f"""
        SELECT story_id AS id FROM story_note WHERE {words.condition("text")}
        UNION SELECT id FROM story WHERE {words.condition("clip_note")}
    """
    rows = db.read(sql, words.params)
    return by_ids(db, [row["id"] for row in rows][:CANDIDATES])


def mentions_of(db: Reader, keys: Collection[str]) -> dict[str, Mention]:
    """Return the known mentions with these keys (`canonical_key`), by key."""
    mentions: dict[str, Mention] = {}
    for chunk in chunks(set(keys)):
        sql = f"SELECT * FROM mention WHERE key IN ({placeholders(chunk)})"
        mentions |= {row["key"]: _mention(row) for row in db.read(sql, params(chunk))}
    return mentions


def bodies(db: Reader, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (story id, body) of these mentions by id, the oldest mention first."""
    return {
        row["id"]: (row["story_id"], row["body"])
        for chunk in chunks(set(ids))
        for row in db.read(
            f"SELECT id, story_id, body FROM mention WHERE id IN ({placeholders(chunk)}) ORDER BY at, id",
            params(chunk),
        )
    }


def of_entries(db: Reader, entries: Collection[str]) -> list[Mention]:
    """Return the mentions of these entries."""
    return list(_mentions_by(db, "entry_id", entries))


def claimed_by(db: Reader, person: str) -> list[Story]:
    """Return the stories that a person claimed and has not clipped, oldest first."""
    sql = "SELECT id FROM story WHERE claimed_by = :person AND clipped_at IS NULL ORDER BY claimed_at, number"
    rows = db.read(sql, {"person": person})
    return by_ids(db, [row["id"] for row in rows])


def notes_due(db: Reader, until: date) -> list[tuple[str, Note]]:
    """Return (story id, note) of open notes that are due and not reminded of yet."""
    sql = "SELECT * FROM story_note WHERE due_on <= :until AND done_at IS NULL AND told_at IS NULL ORDER BY due_on, id"
    rows = db.read(sql, {"until": until.isoformat()})
    return [(row["story_id"], _note(row)) for row in rows]


# --- writing --------------------------------------------------------------------------------------------------------


def open_story(tx: Transaction, id_: str, thread: str, now: datetime) -> None:
    """Insert a story without a mention."""
    sql = "SELECT COALESCE(MAX(number), 0) AS n FROM story"
    number = memo.next_number(tx, "story number", tx.read(sql)[0]["n"])
    tx.execute(
        "INSERT INTO story (id, number, opened_at, thread, clip_note) VALUES (:id, :number, :now, :thread, '')",
        {"id": id_, "number": number, "now": to_text(now), "thread": thread},
    )


def put(tx: Transaction, mention: Mention) -> None:
    """Insert or update a mention."""
    tx.execute(
        """
        INSERT INTO mention (id, story_id, entry_id, key, at, seen_at, weight, body)
        VALUES (:id, :story, :entry, :key, :at, :seen, :weight, :body)
        ON CONFLICT (id) DO UPDATE SET
            story_id = excluded.story_id, entry_id = excluded.entry_id, at = excluded.at, weight = excluded.weight,
            body = excluded.body
        """,
        {
            "id": mention.id,
            "story": mention.story,
            "entry": mention.entry,
            "key": mention.key,
            "at": to_text(mention.at),
            "seen": to_text(mention.seen_at),
            "weight": mention.weight.value,
            "body": _MENTION.dump_json(mention).decode(),
        },
    )


def has_card(tx: Transaction, id_: str, delivery: str) -> None:
    sql = "UPDATE story SET delivery_id = :delivery WHERE id = :id"
    tx.execute(sql, {"id": id_, "delivery": delivery})


def save(tx: Transaction, story: Story) -> None:
    """Save what people did with a story; its mentions and notes are saved separately."""
    clip = story.clip
    tx.execute(
        """
        UPDATE story SET claimed_by = :claimed_by, claimed_at = :claimed_at, clipped_by = :clipped_by,
            clipped_at = :clipped_at, clip_note = :clip_note, muted_at = :muted_at, released_by = :released_by,
            asks_set = :asks, tone = :tone, spokesperson = :spokesperson, reporter = :reporter
        WHERE id = :id
        """,
        {
            "id": story.id,
            "claimed_by": story.claimed_by,
            "claimed_at": to_text(story.claimed_at),
            "clipped_by": clip.by if clip else None,
            "clipped_at": to_text(clip.at) if clip else None,
            "clip_note": clip.note if clip else "",
            "muted_at": to_text(story.muted_at),
            "released_by": story.released_by,
            "asks": json.dumps(list(story.asks_set)) if story.asks_set is not None else None,
            "tone": story.tone.value if story.tone else None,
            "spokesperson": story.spokesperson,
            "reporter": story.reporter,
        },
    )


def move(tx: Transaction, mentions: Iterable[Mention], to: str) -> None:
    """Move mentions to another story."""
    for mention in mentions:
        sql = "UPDATE mention SET story_id = :to WHERE id = :id"
        tx.execute(sql, {"to": to, "id": mention.id})


def absorb(tx: Transaction, gone: Story, target: Story) -> None:
    """Merge `gone` into `target`; a release of `target` does not apply to what `gone` withholds."""
    if gone.withheld:
        save(tx, replace(target, released_by=None))
    move(tx, gone.mentions, target.id)
    for note in gone.notes:
        tx.execute("UPDATE story_note SET story_id = :to WHERE id = :id", {"to": target.id, "id": note.id})
    delete(tx, gone.id)


def delete(tx: Transaction, id_: str) -> None:
    tx.execute("DELETE FROM story WHERE id = :id", {"id": id_})


def add_note(tx: Transaction, story: str, note: Note) -> None:
    tx.execute(
        """
        INSERT INTO story_note (id, story_id, kind, text, due_on, person_id, written_at)
        VALUES (:id, :story, :kind, :text, :due, :person, :now)
        """,
        {
            "id": note.id,
            "story": story,
            "kind": note.kind.value,
            "text": note.text,
            "due": note.due.isoformat() if note.due else None,
            "person": note.by,
            "now": to_text(note.at),
        },
    )


def mark_told(tx: Transaction, note: str, now: datetime) -> None:
    sql = "UPDATE story_note SET told_at = :now WHERE id = :id"
    tx.execute(sql, {"id": note, "now": to_text(now)})


def mark_done(tx: Transaction, story: str, kind: NoteKind, now: datetime) -> None:
    tx.execute(
        "UPDATE story_note SET done_at = :now WHERE story_id = :story AND kind = :kind AND done_at IS NULL",
        {"story": story, "kind": kind.value, "now": to_text(now)},
    )


def free(tx: Transaction, person: str) -> None:
    """Release the stories that a person claimed and has not clipped."""
    tx.execute(
        "UPDATE story SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by = :person AND clipped_at IS NULL",
        {"person": person},
    )


# --- rows -----------------------------------------------------------------------------------------------------------


def _mentions(db: Reader, stories: Collection[str]) -> dict[str, list[Mention]]:
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in _mentions_by(db, "story_id", stories):
        mentions[mention.story].append(mention)
    return mentions


def _mentions_by(db: Reader, column: str, wanted: Collection[str]) -> Iterator[Mention]:
    """Return the mentions with one of these values; those of each value oldest first."""
    for chunk in chunks(set(wanted)):
        rows = db.read(
            f"SELECT * FROM mention WHERE {column} IN ({placeholders(chunk)}) ORDER BY at, id", params(chunk)
        )
        yield from (_mention(row) for row in rows)


def _notes(db: Reader, stories: Collection[str]) -> dict[str, list[Note]]:
    notes: dict[str, list[Note]] = defaultdict(list)
    for chunk in chunks(set(stories)):
        sql = f"SELECT * FROM story_note WHERE story_id IN ({placeholders(chunk)}) ORDER BY written_at, id"
        for row in db.read(sql, params(chunk)):
            notes[row["story_id"]].append(_note(row))
    return notes


def _mention(row: Row) -> Mention:
    """Build a mention; the columns give its current story and entry."""
    mention = _MENTION.validate_json(row["body"])
    if (mention.story, mention.entry) == (row["story_id"], row["entry_id"]):
        return mention
    return replace(mention, story=row["story_id"], entry=row["entry_id"])


def _note(row: Row) -> Note:
    return Note(
        id=row["id"],
        kind=NoteKind(row["kind"]),
        text=row["text"],
        by=row["person_id"],
        at=from_text(row["written_at"]),
        due=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        done_at=from_text(row["done_at"]),
    )


def _story(row: Row, mentions: Sequence[Mention], notes: Sequence[Note]) -> Story:
    return Story(
        id=row["id"],
        number=row["number"],
        mentions=in_order(mentions),
        opened_at=from_text(row["opened_at"]),
        thread=row["thread"],
        delivery=row["delivery_id"],
        claimed_by=row["claimed_by"],
        claimed_at=from_text(row["claimed_at"]),
        clip=Clip(by=row["clipped_by"], at=from_text(row["clipped_at"]), note=row["clip_note"])
        if row["clipped_at"]
        else None,
        muted_at=from_text(row["muted_at"]),
        released_by=row["released_by"],
        asks_set=tuple(json.loads(row["asks_set"])) if row["asks_set"] is not None else None,
        tone=Tone(row["tone"]) if row["tone"] else None,
        spokesperson=row["spokesperson"],
        reporter=row["reporter"],
        notes=tuple(notes),
    )


def story_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `story`; a withheld one without its thread, which is an address."""
    hidden = _withheld_stories(db)
    return [dict(row) | ({"thread": "", "clip_note": ""} if row["id"] in hidden else {}) for row in rows]


def mention_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `mention`; those of a withheld story without headline, text, byline and address."""
    hidden = _withheld_stories(db)
    return [_masked(row) if row["story_id"] in hidden else dict(row) for row in rows]


def _masked(row: Row) -> dict[str, Any]:
    blank = {"key": "", "url": "", "excerpt": "", "reporter": "", "why": []}
    title = {"title": HEADLINE_WITHHELD, "latest": HEADLINE_WITHHELD, "withheld": HEADLINE_WITHHELD}
    body = json.loads(row["body"]) | blank | title
    return dict(row) | {"key": "", "body": json.dumps(body, ensure_ascii=False)}


def _withheld_stories(db: Reader) -> set[str]:
    """Return the ids of the withheld stories."""
    sql = "SELECT m.story_id, m.body FROM mention AS m JOIN story AS s ON s.id = m.story_id WHERE s.released_by IS NULL"
    return {row["story_id"] for row in db.read(sql) if json.loads(row["body"])["withheld"]}
