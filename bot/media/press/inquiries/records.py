"""SQL for inquiries. Every statement is limited to the coalition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.media.press.inquiries.model import Inquiry
from bot.media.press.model import normalize
from bot.shared.search import CANDIDATES, Words
from bot.store import memo
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import Rows

_INQUIRIES: Final = Rows(Inquiry, {"spokesperson": "spokesperson_id"})


def next_number(tx: Transaction, coalition_id: str) -> int:
    """Return a number from 1 that no inquiry has had: the audit names one that was deleted, too."""
    sql = "SELECT COALESCE(MAX(number), 0) AS n FROM press_inquiry WHERE coalition_id = :coalition"
    return memo.next_number(tx, coalition_id, "inquiry number", int(tx.read(sql, {"coalition": coalition_id})[0]["n"]))


def save(tx: Transaction, coalition_id: str, inquiry: Inquiry) -> None:
    """Insert or update an inquiry."""
    tx.execute(
        """
        INSERT INTO press_inquiry (id, coalition_id, number, kind, reporter, outlet, question, ask, member, due_at,
                                   zone, state, received_at, received_by, spokesperson_id, acknowledged_at,
                                   answered_at, ended_at, outcome, link)
        VALUES (:id, :coalition, :number, :kind, :reporter, :outlet, :question, :ask, :member, :due_at, :zone, :state,
                :received_at, :received_by, :spokesperson, :acknowledged_at, :answered_at, :ended_at, :outcome, :link)
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, question = excluded.question, due_at = excluded.due_at, zone = excluded.zone,
            state = excluded.state, spokesperson_id = excluded.spokesperson_id,
            acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at,
            ended_at = excluded.ended_at, outcome = excluded.outcome, link = excluded.link
        """,
        _INQUIRIES.params(inquiry, coalition=coalition_id),
    )


def find(db: Reader, coalition_id: str, typed: str) -> Inquiry | None:
    """The inquiry with this id (from a button) or this number: `Q-7`."""
    digits = typed.strip().upper().removeprefix("Q-").removeprefix("Q")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    sql = "SELECT * FROM press_inquiry WHERE coalition_id = :coalition AND (id = :id OR number = :number)"
    return _INQUIRIES.first(db, sql, {"coalition": coalition_id, "id": typed, "number": number})


def open_inquiries(db: Reader, coalition_id: str) -> list[Inquiry]:
    """Open inquiries, earliest deadline first."""
    sql = """
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND state IN ('received', 'acknowledged') ORDER BY due_at, number
    """
    return _INQUIRIES.all(db, sql, {"coalition": coalition_id})


def received_between(db: Reader, coalition_id: str, since: datetime, until: datetime) -> list[Inquiry]:
    """Inquiries received from `since` until before `until`, newest first."""
    sql = """
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND received_at >= :since AND received_at < :until ORDER BY number DESC
    """
    times = {"since": to_text(since), "until": to_text(until)}
    return _INQUIRIES.all(db, sql, {"coalition": coalition_id} | times)


def containing(db: Reader, coalition_id: str, words: Words) -> Iterator[Inquiry]:
    """Inquiries that may contain these words, newest first."""
    sql = f"""
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND {words.condition("reporter || ' ' || outlet || ' ' || question")}
        ORDER BY received_at DESC, number DESC LIMIT {CANDIDATES}
    """
    return map(_INQUIRIES.read, db.read(sql, {"coalition": coalition_id} | words.params))


def of_reporter(db: Reader, coalition_id: str, name: str) -> list[Inquiry]:
    rows = db.read(
        "SELECT * FROM press_inquiry WHERE coalition_id = :coalition ORDER BY number", {"coalition": coalition_id}
    )
    return [_INQUIRIES.read(row) for row in rows if name and normalize(row["reporter"]) == normalize(name)]


def redact_reporter(tx: Transaction, coalition_id: str, name: str) -> int:
    """Delete name and texts from a reporter's inquiries, keeping their times; return the number of inquiries."""
    inquiries = of_reporter(tx, coalition_id, name)
    tx.execute_many(
        """
        UPDATE press_inquiry SET reporter = '', question = '', outcome = '', link = ''
        WHERE coalition_id = :coalition AND id = :id
        """,
        [{"coalition": coalition_id, "id": inquiry.id} for inquiry in inquiries],
    )
    return len(inquiries)
