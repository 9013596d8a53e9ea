"""What people took back after a backup was made, as the store that it replaces shows: a restore takes it back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.commands.model import Work
from bot.media.news import records as news
from bot.media.news import removal
from bot.ops.retention import TABLES
from bot.store.database import Reader, Row, delete_rows, insert_rows

# What is deleted when it is taken back: by table, the columns that tell whether it is still there.
_DELETED: Final = {
    "account": ("platform", "team", "user_id", "person_id"),
    "person_role": ("person_id", "role"),
    "mail_address": ("person_id", "address"),
    "subscriber": ("address",),
    "signature": ("letter_id", "organisation"),
    "letter_page": ("letter_id",),
    "press_contact": ("id",),  # who was renamed before the erasure, which is known by names
    "office_contact": ("id",),
}
# What is marked as taken back: by table, its key, what is set then, and where it is.
_MARKED: Final = {
    "person": (("id",), ("organisation", "left_at"), "1 = 1"),
    "mail_address": (
        ("person_id",),
        ("unsubscribed_at", "digested_at"),
        "unsubscribed_at IS NOT NULL OR digested_at IS NULL",
    ),
    "public_item": (("kind", "name"), ("body", "hidden_at"), "hidden_at IS NOT NULL"),
    "signature": (
        ("letter_id", "organisation"),
        ("decision", "digest", "evidence", "decided_at", "objected_at"),
        "decision <> 'signed' OR objected_at IS NOT NULL",
    ),
    "letter": (("id",), ("state",), "state = 'withdrawn'"),
    "office_contact": (("id",), ("left_on",), "left_on IS NOT NULL"),
    "meeting": (("id",), ("removed_at",), "removed_at IS NOT NULL"),
    "commitment": (("id",), ("removed_at",), "removed_at IS NOT NULL"),
    "commitment_finding": (("id",), ("taken_back_at",), "taken_back_at IS NOT NULL"),
    "ally_request": (("id",), ("stage",), "stage IN ('refused', 'not theirs')"),
    "hold": (("scope",), ("why", "since", "until", "refused"), "refused IS NULL"),
}
_REDACTED: Final = ("hash", "person_id", "redacted_at")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """By table, the rows that are deleted and those that are marked, both empty if the store did not go on from the
    backup; and the hashes of redacted stories.
    """

    deleted: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    marked: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    redacted: Sequence[Row] = ()


def since(backup: Reader, replaced: Reader) -> TakenBack:
    """Return what the replaced store no longer has of the backup; only redactions if it did not go on from there."""
    last = backup.read("SELECT id FROM audit ORDER BY seq DESC LIMIT 1")
    if not last or not replaced.read("SELECT id FROM audit WHERE id = :id", dict(last[0])):
        return TakenBack(redacted=_rows(replaced, "redaction", _REDACTED))

    deleted = {}
    for table, columns in _DELETED.items():
        there = {tuple(dict(row).values()) for row in _rows(replaced, table, columns)}
        before = _rows(backup, table, columns, TABLES[table].still or "1 = 1")  # others end without a person
        deleted[table] = [row for row in before if tuple(dict(row).values()) not in there]
    marked = {table: _rows(replaced, table, ("*",), where) for table, (*_, where) in _MARKED.items()}
    return TakenBack(deleted, marked, _rows(replaced, "redaction", _REDACTED))


def _rows(db: Reader, table: str, columns: Sequence[str], where: str = "1 = 1") -> list[Row]:
    return db.read(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")


def repeat(work: Work, those: TakenBack) -> int | None:
    """Take it back in the restored store; return how many rows and stories that changed, None if not all is known."""
    count = 0
    for table, rows in those.deleted.items():
        count += sum(delete_rows(work.tx, table, **row) for row in rows)
    unchanged = work.config.coalition.duties.keys() - {row["id"] for row in work.tx.read("SELECT id FROM commitment")}
    removed = [{**row, "changed_by": None} for row in those.marked.get("commitment", ()) if row["id"] in unchanged]
    insert_rows(work.tx, "commitment", removed)  # those of coalition.yml, of which the backup has no row
    insert_rows(work.tx, "hold", those.marked.get("hold", ()), if_new=True)
    count += len(removed)
    for table, rows in those.marked.items():
        key, columns, _ = _MARKED[table]
        where = " AND ".join(f"{column} = :{column}" for column in key)
        differs = " OR ".join(f"COALESCE({column}, '') <> COALESCE(:{column}, '')" for column in columns)
        sets = ", ".join(f"{column} = :{column}" for column in columns)
        for row in rows:
            sql = f"UPDATE {table} SET {sets} WHERE {where} AND ({differs}) RETURNING 1 AS one"
            count += len(work.tx.execute(sql, dict(row)))
    count += _redact(work, those.redacted)
    return count if those.marked else None


def _redact(work: Work, redacted: Sequence[Row]) -> int:
    """Redact the stories with these hashes; nobody's if the backup lacks the person who did it."""
    people = {row["id"] for row in work.tx.read("SELECT id FROM person")}
    rows = ({**row, "person_id": row["person_id"] if row["person_id"] in people else None} for row in redacted)
    insert_rows(work.tx, "redaction", rows, if_new=True)
    hashes = {row["hash"] for row in redacted}
    stories = news.by_ids(work.tx, news.barred_stories(work.tx, work.config.coalition.id, hashes))
    for story in stories:
        removal.redact(work, story, by=None)
    return len(stories)
