"""Who changed what, when, from where: the SQL of `audit`. Entries change only to redact erased or withheld names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.commands.model import Work
from bot.shared.wording import short
from bot.store.database import Reader, Rows, Transaction

HEADLINE: Final = 120  # characters of an entry's headline in a subject; a story's is its number
_ON_ENTRIES: Final = ("alerts %", "learn %", "watch answer", "watch take-back")  # commands, as they are or were called


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change by a person. `who`: their name at that time; `origin`: where it was requested ("slack T1 C2")."""

    at: datetime
    person: str | None
    who: str
    origin: str
    command: str
    subject: str
    before: str
    after: str


_CHANGES: Final = Rows(Change, "audit", {"person": "person_id", "before": "before_text", "after": "after_text"})


def write(tx: Transaction, change: Change, *, new_id: Callable[[], str]) -> None:
    sql = """
        INSERT INTO audit (id, seq, at, person_id, who, origin, command, subject, before_text, after_text)
        VALUES (:id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit), :at, :person, :who, :origin, :command,
                :subject, :before, :after)
    """
    tx.execute(sql, _CHANGES.params(change, id=new_id()))


def write_of_bot(work: Work, command: str, subject: str, before: str, after: str) -> None:
    """Record what the bot did by itself, as `command` does it for a person."""
    change = Change(
        at=work.now, person=None, who="the bot", origin="", command=command, subject=subject, before=before, after=after
    )
    write(work.tx, change, new_id=work.new_id)


def since(db: Reader, moment: datetime) -> list[Change]:
    return _CHANGES.select(db, "WHERE at >= :since ORDER BY seq", since=moment)


def of_moment(db: Reader, at: datetime, person: str, command: str) -> list[Change]:
    """Return what a person's command changed in one transaction, which has one time."""
    condition = "at = :at AND person_id = :person AND command = :command"
    return _CHANGES.select(db, f"WHERE {condition} ORDER BY seq", at=at, person=person, command=command)


def subjects(db: Reader, beginning: str) -> list[str]:
    sql = "SELECT DISTINCT subject FROM audit WHERE subject LIKE :beginning"
    return [row["subject"] for row in db.read(sql, {"beginning": f"{beginning}%"})]


def redact(tx: Transaction, titles: Iterable[str], instead: str) -> None:
    """Replace the subjects of changes to entries with one of these headlines.

    Only what the commands on them wrote, and all of it: anybody can publish an item called "L-1" or "approved".
    """
    commands = " OR ".join(f"command LIKE '{each}'" for each in _ON_ENTRIES)
    for title in titles:
        params = {"instead": instead, "entry": short(title, HEADLINE)}
        tx.execute(f"UPDATE audit SET subject = :instead WHERE subject = :entry AND ({commands})", params)
