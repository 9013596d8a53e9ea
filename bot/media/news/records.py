"""The SQL of stories, their mentions and notes, and of corrections made in chat. Portable, each statement named.

For other modules: `stories` of a period, `story` by its id, `find` by what a person typed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

from bot.media.news.entities import Rule
from bot.media.news.model import Clip, Mention, Note, NoteKind, Story, in_order
from bot.shared.entry import HEADLINE_WITHHELD, Entry
from bot.shared.search import CANDIDATES, Words
from bot.shared.urls import canonical_key, typed_address
from bot.shared.values import json_adapter
from bot.store import memo
from bot.store.database import (
    Reader,
    Row,
    Rows,
    Transaction,
    delete_rows,
    insert_rows,
    save_row,
    select_in,
    update_rows,
)

_MENTION: Final = json_adapter(Mention)
_RULES: Final = Rows(Rule, "entity_rule")
_CLIPS: Final = Rows(Clip, columns={"by": "clipped_by", "at": "clipped_at", "note": "clip_note"})
NOTES: Final = Rows(Note, "story_note", {"by": "person_id", "at": "written_at", "due": "due_on"})


def _clip(row: Row) -> Clip | None:
    return _CLIPS.read(row) if row["clipped_at"] else None


# A row of `story` with its `mentions` and `notes`.
_STORIES: Final = Rows(
    Story,
    columns={"delivery": "delivery_id"},
    mentions=lambda row: in_order(row["mentions"], _clip(row)),
    notes=lambda row: tuple(row["notes"]),
    clip=_clip,
    asks_set=lambda row: tuple(json.loads(row["asks_set"])) if row["asks_set"] is not None else None,
)
_DONE: Final = ("claimed_by", "claimed_at", "clip", "asks_set", "tone", "spokesperson", "reporter")  # by people
_AT_ONCE: Final = 100  # stories
_LABEL: Final = re.compile(r"[Ss]-?(\d{1,9})|(\d{1,9})")


# --- reading --------------------------------------------------------------------------------------------------------


def stories(db: Reader, since: datetime, until: datetime) -> Iterator[Story]:
    """Yield the stories first published from `since` on and before `until`, newest first; some are read at a time."""
    ids = ids_between(db, since, until)
    for at in range(0, len(ids), _AT_ONCE):
        yield from by_ids(db, ids[at : at + _AT_ONCE])


def ids_between(db: Reader, since: datetime, until: datetime) -> list[str]:
    sql = """
        SELECT story_id FROM (
            SELECT story_id, COALESCE(
                MIN(CASE WHEN s.clipped_at IS NULL OR m.seen_at <= s.clipped_at THEN m.at END), MIN(m.at)
            ) AS at FROM mention AS m JOIN story AS s ON s.id = m.story_id GROUP BY story_id
        ) AS first WHERE at >= :since AND at < :until ORDER BY at DESC, story_id
    """
    return [row["story_id"] for row in db.read(sql, {"since": since, "until": until})]


def story(db: Reader, id_: str) -> Story | None:
    return next(iter(by_ids(db, [id_])), None)


def by_ids(db: Reader, ids: Sequence[str]) -> list[Story]:
    """Return stories in the order of `ids`."""
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in _mentions_by(db, "story_id", ids):
        mentions[mention.story].append(mention)
    notes: dict[str, list[Note]] = defaultdict(list)
    for row in select_in(db, "SELECT * FROM story_note WHERE story_id IN ({}) ORDER BY written_at, id", ids):
        notes[row["story_id"]].append(NOTES.read(row))
    stories = {
        id_: _STORIES.read({**row, "mentions": mentions[id_], "notes": notes[id_]})
        for row in select_in(db, "SELECT * FROM story WHERE id IN ({}) ORDER BY number", ids)
        if mentions[id_ := row["id"]]
    }
    return [stories[id_] for id_ in ids if id_ in stories]


def find(db: Reader, typed: str) -> Story | None:
    """Find a story by its label, its id, the id of a mention or an entry, or an address."""
    if label := _LABEL.fullmatch(typed.strip()):
        rows = db.read("SELECT id FROM story WHERE number = :number", {"number": int(label[1] or label[2])})
        return story(db, rows[0]["id"]) if rows else None
    key = canonical_key(address) if (address := typed_address(typed)) else ""
    sql = """
        SELECT story_id FROM mention
        WHERE story_id = :typed OR id = :typed OR entry_id = :typed OR key = :key ORDER BY seen_at, id
    """
    row = next(iter(db.read(sql, {"typed": typed.strip(), "key": key})), None)
    return story(db, row["story_id"]) if row else None


def search(db: Reader, words: Words) -> list[Story]:
    """Return the stories with a mention that may contain these words, newest first."""
    sql = f"""
        SELECT story_id, MAX(at) AS last_at FROM mention WHERE {words.condition("body")}
        GROUP BY story_id ORDER BY last_at DESC, story_id LIMIT {CANDIDATES}
    """
    return by_ids(db, [row["story_id"] for row in db.read(sql, words.params)])


def search_notes(db: Reader, words: Words) -> list[Story]:
    """Return the stories with a note that may contain these words."""
    sql = f"""
        SELECT story_id AS id FROM story_note WHERE {words.condition("text")}
        UNION SELECT id FROM story WHERE {words.condition("clip_note")}
    """
    return by_ids(db, [row["id"] for row in db.read(sql, words.params)][:CANDIDATES])


def mentions_of(db: Reader, keys: Collection[str]) -> dict[str, Mention]:
    """Return the known mentions with these keys (`canonical_key`), by key."""
    return {mention.key: mention for mention in _mentions_by(db, "key", keys)}


def bodies(db: Reader, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (story id, body) of these mentions by id, the oldest mention first."""
    return {
        row["id"]: (row["story_id"], row["body"])
        for row in select_in(db, "SELECT id, story_id, body FROM mention WHERE id IN ({}) ORDER BY at, id", ids)
    }


def of_entries(db: Reader, entries: Collection[str]) -> list[Mention]:
    return list(_mentions_by(db, "entry_id", entries))


def claimed_by(db: Reader, person: str) -> list[Story]:
    """Return the stories that a person claimed and has not clipped, oldest first."""
    sql = "SELECT id FROM story WHERE claimed_by = :person AND clipped_at IS NULL ORDER BY claimed_at, number"
    return by_ids(db, [row["id"] for row in db.read(sql, {"person": person})])


def notes_due(db: Reader, until: date) -> list[tuple[str, Note]]:
    """Return (story id, note) of open notes that are due and not reminded of yet."""
    sql = "SELECT * FROM story_note WHERE due_on <= :until AND done_at IS NULL AND told_at IS NULL ORDER BY due_on, id"
    return [(row["story_id"], NOTES.read(row)) for row in db.read(sql, {"until": until})]


# --- writing --------------------------------------------------------------------------------------------------------


def open_story(tx: Transaction, id_: str, thread: str, now: datetime) -> None:
    number = memo.next_number(tx, "story number", tx.read("SELECT COALESCE(MAX(number), 0) AS n FROM story")[0]["n"])
    insert_rows(tx, "story", [{"id": id_, "number": number, "opened_at": now, "thread": thread, "clip_note": ""}])


def put(tx: Transaction, mention: Mention) -> None:
    """Insert or update a mention."""
    row = {
        "id": mention.id,
        "story_id": mention.story,
        "entry_id": mention.entry,
        "key": mention.key,
        "at": mention.at,
        "seen_at": mention.seen_at,
        "weight": mention.weight,
        "body": _MENTION.dump_json(mention).decode(),
    }
    save_row(tx, "mention", row, keep=("key", "seen_at"))


def save(tx: Transaction, story: Story) -> None:
    """Save what people did with a story; its mentions and notes are saved separately."""
    clip = story.clip
    row = _STORIES.row(
        story,
        only=("claimed_by", "claimed_at", "muted_at", "released_by", "tone", "spokesperson", "reporter"),
        clipped_by=clip.by if clip else None,
        clipped_at=clip.at if clip else None,
        clip_note=clip.note if clip else "",
        asks_set=json.dumps(story.asks_set) if story.asks_set is not None else None,
    )
    update_rows(tx, "story", row, id=story.id)


def move(tx: Transaction, mentions: Iterable[Mention], to: str) -> None:
    for mention in mentions:
        update_rows(tx, "mention", {"story_id": to}, id=mention.id)


def absorb(tx: Transaction, gone: Story, target: Story) -> None:
    """Merge `gone` into `target`, with what people did with `gone` and nobody did with `target`; a release of `target`
    does not apply to what `gone` withholds.
    """
    done = {name: getattr(gone, name) for name in _DONE if getattr(target, name) is None}
    save(tx, replace(target, **done, released_by=None if gone.withheld else target.released_by))
    move(tx, gone.mentions, target.id)
    update_rows(tx, "story_note", {"story_id": target.id}, story_id=gone.id)
    delete(tx, gone.id)


def delete(tx: Transaction, id_: str) -> None:
    delete_rows(tx, "story", id=id_)


def mark_done(tx: Transaction, story: str, kind: NoteKind, now: datetime) -> None:
    update_rows(tx, "story_note", {"done_at": now}, story_id=story, kind=kind, done_at=None)


def free(tx: Transaction, person: str) -> list[str]:
    """Release the stories that a person claimed; return their ids."""
    sql = "UPDATE story SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by = :person RETURNING id"
    return [row["id"] for row in tx.execute(sql, {"person": person})]


# --- corrections: look-alikes of an entity, and stories that must not come back -------------------------------------


def look_alikes(db: Reader) -> list[Rule]:
    """Return the rules made in chat, oldest first."""
    return _RULES.select(db, "ORDER BY written_at, id")


def add_rule(tx: Transaction, id_: str, rule: Rule, *, by: str, now: datetime) -> None:
    row = asdict(rule) | {"id": id_, "person_id": by, "written_at": now}
    insert_rows(tx, "entity_rule", [row], if_new=True)


def delete_rule(tx: Transaction, rule: Rule) -> None:
    delete_rows(tx, "entity_rule", **asdict(rule))


def redaction_hashes(coalition_id: str, entry: Entry) -> set[str]:
    """Return the hashes to store of a redacted entry: its address cannot be recovered from them."""
    keys = {*entry.identity, f"url:{canonical_key(entry.url)}"} if entry.url else {*entry.identity}
    return {_redaction_hash(coalition_id, key) for key in keys}


def _redaction_hash(coalition_id: str, key: str) -> str:
    return hashlib.sha256(f"{coalition_id}\n{key}".encode()).hexdigest()


def barred_stories(db: Reader, coalition_id: str, hashes: Collection[str]) -> list[str]:
    """Return the ids of the stories with an article whose address has one of these hashes."""
    rows = db.read("SELECT story_id, key FROM mention ORDER BY at, id") if hashes else []
    barred = (row["story_id"] for row in rows if _redaction_hash(coalition_id, f"url:{row['key']}") in hashes)
    return list(dict.fromkeys(barred))


def find_redacted(db: Reader, hashes: Collection[str]) -> set[str]:
    """Return which of these hashes are barred."""
    return {row["hash"] for row in select_in(db, "SELECT hash FROM redaction WHERE hash IN ({})", hashes)}


def bar(tx: Transaction, hashes: Iterable[str], *, by: str | None, now: datetime) -> None:
    rows = ({"hash": hash_, "person_id": by, "redacted_at": now} for hash_ in sorted(hashes))
    insert_rows(tx, "redaction", rows, if_new=True)


# --- rows -----------------------------------------------------------------------------------------------------------


def _mentions_by(db: Reader, column: str, wanted: Collection[str]) -> Iterator[Mention]:
    """Return the mentions with one of these values; those of each value oldest first."""
    for row in select_in(db, f"SELECT * FROM mention WHERE {column} IN ({{}}) ORDER BY at, id", wanted):
        mention = _MENTION.validate_json(row["body"])
        current = row["story_id"], row["entry_id"]  # the body has those of when it was stored
        is_current = current == (mention.story, mention.entry)
        yield mention if is_current else replace(mention, story=current[0], entry=current[1])


def story_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `story`; a withheld one without its thread, which is an address."""
    hidden = _withheld_stories(db)
    return [dict(row) | ({"thread": "", "clip_note": ""} if row["id"] in hidden else {}) for row in rows]


def mention_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `mention`; those of a withheld story without headline, text, byline and address."""
    hidden, shown = _withheld_stories(db), [dict(row) for row in rows]
    blank = {"key": "", "url": "", "excerpt": "", "reporter": "", "why": []}
    blank |= dict.fromkeys(("title", "latest", "withheld"), HEADLINE_WITHHELD)
    for row in shown:
        if row["story_id"] in hidden:
            row |= {"key": "", "body": json.dumps(json.loads(row["body"]) | blank, ensure_ascii=False)}
    return shown


def _withheld_stories(db: Reader) -> set[str]:
    sql = "SELECT m.story_id, m.body FROM mention AS m JOIN story AS s ON s.id = m.story_id WHERE s.released_by IS NULL"
    return {row["story_id"] for row in db.read(sql) if json.loads(row["body"])["withheld"]}
