"""SQL for inquiries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from bot.media.contacts.model import normalize
from bot.media.press.model import Inquiry
from bot.shared.search import CANDIDATES, Words
from bot.store import memo
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import Rows

_INQUIRIES: Final = Rows(Inquiry, {"spokesperson": "spokesperson_id"})


def next_number(tx: Transaction) -> int:
    """Return a number from 1 that no inquiry has had: the audit names one that was deleted, too."""
    sql = "SELECT COALESCE(MAX(number), 0) AS n FROM press_inquiry"
    return memo.next_number(tx, "inquiry number", int(tx.read(sql)[0]["n"]))


def save(tx: Transaction, inquiry: Inquiry) -> None:
    """Insert or update an inquiry."""
    _INQUIRIES.save(tx, "press_inquiry", inquiry)


def find(db: Reader, typed: str) -> Inquiry | None:
    """The inquiry with this id (from a button) or this number: `Q-7`."""
    digits = typed.strip().upper().removeprefix("Q-").removeprefix("Q")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    sql = "SELECT * FROM press_inquiry WHERE id = :id OR number = :number"
    return _INQUIRIES.first(db, sql, {"id": typed, "number": number})


def open_inquiries(db: Reader) -> list[Inquiry]:
    """Open inquiries, earliest deadline first."""
    sql = "SELECT * FROM press_inquiry WHERE state IN ('received', 'acknowledged') ORDER BY due_at, number"
    return _INQUIRIES.all(db, sql)


def received_between(db: Reader, since: datetime, until: datetime) -> list[Inquiry]:
    """Inquiries received from `since` until before `until`, newest first."""
    sql = "SELECT * FROM press_inquiry WHERE received_at >= :since AND received_at < :until ORDER BY number DESC"
    return _INQUIRIES.all(db, sql, {"since": to_text(since), "until": to_text(until)})


def search(db: Reader, words: Words) -> Iterator[Inquiry]:
    """Inquiries that may contain these words, newest first."""
    sql = f"""
        SELECT * FROM press_inquiry WHERE {words.condition("reporter || ' ' || outlet || ' ' || question")}
        ORDER BY received_at DESC, number DESC LIMIT {CANDIDATES}
    """
    return map(_INQUIRIES.read, db.read(sql, words.params))


def of_reporter(db: Reader, name: str) -> list[Inquiry]:
    rows = db.read("SELECT * FROM press_inquiry ORDER BY number")
    return [_INQUIRIES.read(row) for row in rows if name and normalize(row["reporter"]) == normalize(name)]


def redact_inquiries(tx: Transaction, inquiries: Iterable[Inquiry]) -> None:
    """Delete the reporter's name and all texts of inquiries, and keep their times."""
    tx.execute_many(
        "UPDATE press_inquiry SET reporter = '', question = '', outcome = '', link = '' WHERE id = :id",
        [{"id": inquiry.id} for inquiry in inquiries],
    )
