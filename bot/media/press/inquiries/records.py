"""SQL for inquiries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.media.contacts.model import normalize
from bot.media.press.inquiries.model import Inquiry
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
    tx.execute(
        """
        INSERT INTO press_inquiry (id, number, kind, reporter, outlet, question, ask, member, due_at,
                                   zone, state, received_at, received_by, spokesperson_id, acknowledged_at,
                                   answered_at, ended_at, outcome, link)
        VALUES (:id, :number, :kind, :reporter, :outlet, :question, :ask, :member, :due_at, :zone, :state,
                :received_at, :received_by, :spokesperson, :acknowledged_at, :answered_at, :ended_at, :outcome, :link)
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, question = excluded.question, due_at = excluded.due_at, zone = excluded.zone,
            state = excluded.state, spokesperson_id = excluded.spokesperson_id,
            acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at,
            ended_at = excluded.ended_at, outcome = excluded.outcome, link = excluded.link
        """,
        _INQUIRIES.params(inquiry),
    )


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
    times = {"since": to_text(since), "until": to_text(until)}
    return _INQUIRIES.all(db, sql, times)


def containing(db: Reader, words: Words) -> Iterator[Inquiry]:
    """Inquiries that may contain these words, newest first."""
    sql = f"""
        SELECT * FROM press_inquiry WHERE {words.condition("reporter || ' ' || outlet || ' ' || question")}
        ORDER BY received_at DESC, number DESC LIMIT {CANDIDATES}
    """
    return map(_INQUIRIES.read, db.read(sql, words.params))


def of_reporter(db: Reader, name: str) -> list[Inquiry]:
    rows = db.read("SELECT * FROM press_inquiry ORDER BY number")
    return [_INQUIRIES.read(row) for row in rows if name and normalize(row["reporter"]) == normalize(name)]


def redact_reporter(tx: Transaction, name: str) -> int:
    """Delete name and texts from a reporter's inquiries, keeping their times; return the number of inquiries."""
    inquiries = of_reporter(tx, name)
    tx.execute_many(
        "UPDATE press_inquiry SET reporter = '', question = '', outcome = '', link = '' WHERE id = :id",
        [{"id": inquiry.id} for inquiry in inquiries],
    )
    return len(inquiries)
