"""SQL for inquiries. Every statement is limited to the coalition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.media.press.inquiries.model import Inquiry, Kind, State
from bot.media.press.model import normalize
from bot.shared.search import CANDIDATES, Words
from bot.store.database import Reader, Row, Transaction, from_text, one, to_text


def next_number(tx: Transaction, coalition_id: str) -> int:
    sql = "SELECT COALESCE(MAX(number), 0) + 1 AS n FROM press_inquiry WHERE coalition_id = :coalition"
    return int(tx.read(sql, {"coalition": coalition_id})[0]["n"])


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
        {
            "id": inquiry.id,
            "coalition": coalition_id,
            "number": inquiry.number,
            "kind": inquiry.kind.value,
            "reporter": inquiry.reporter,
            "outlet": inquiry.outlet,
            "question": inquiry.question,
            "ask": inquiry.ask,
            "member": inquiry.member,
            "due_at": to_text(inquiry.due_at),
            "zone": inquiry.zone,
            "state": inquiry.state.value,
            "received_at": to_text(inquiry.received_at),
            "received_by": inquiry.received_by,
            "spokesperson": inquiry.spokesperson,
            "acknowledged_at": to_text(inquiry.acknowledged_at),
            "answered_at": to_text(inquiry.answered_at),
            "ended_at": to_text(inquiry.ended_at),
            "outcome": inquiry.outcome,
            "link": inquiry.link,
        },
    )


def find(db: Reader, coalition_id: str, typed: str) -> Inquiry | None:
    """The inquiry with this id (from a button) or this number: `Q-7`."""
    digits = typed.strip().upper().removeprefix("Q-").removeprefix("Q")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    sql = "SELECT * FROM press_inquiry WHERE coalition_id = :coalition AND (id = :id OR number = :number)"
    row = one(db.read(sql, {"coalition": coalition_id, "id": typed, "number": number}))
    return _inquiry(row) if row else None


def open_inquiries(db: Reader, coalition_id: str) -> list[Inquiry]:
    """Open inquiries, earliest deadline first."""
    sql = """
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND state IN ('received', 'acknowledged') ORDER BY due_at, number
    """
    return [_inquiry(row) for row in db.read(sql, {"coalition": coalition_id})]


def received_between(db: Reader, coalition_id: str, since: datetime, until: datetime) -> list[Inquiry]:
    """Inquiries received from `since` until before `until`, newest first."""
    sql = """
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND received_at >= :since AND received_at < :until ORDER BY number DESC
    """
    times = {"since": to_text(since), "until": to_text(until)}
    return [_inquiry(row) for row in db.read(sql, {"coalition": coalition_id} | times)]


def containing(db: Reader, coalition_id: str, words: Words) -> Iterator[Inquiry]:
    """Inquiries that may contain these words, newest first."""
    sql = f"""
        SELECT * FROM press_inquiry
        WHERE coalition_id = :coalition AND {words.condition("reporter || ' ' || outlet || ' ' || question")}
        ORDER BY received_at DESC, number DESC LIMIT {CANDIDATES}
    """
    return map(_inquiry, db.read(sql, {"coalition": coalition_id} | words.params))


def of_reporter(db: Reader, coalition_id: str, name: str) -> list[Inquiry]:
    """Inquiries by a reporter of that name."""
    rows = db.read(
        "SELECT * FROM press_inquiry WHERE coalition_id = :coalition ORDER BY number", {"coalition": coalition_id}
    )
    return [_inquiry(row) for row in rows if name and normalize(row["reporter"]) == normalize(name)]


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


def _inquiry(row: Row) -> Inquiry:
    return Inquiry(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        reporter=row["reporter"],
        outlet=row["outlet"],
        question=row["question"],
        ask=row["ask"],
        member=row["member"],
        due_at=from_text(row["due_at"]),
        zone=row["zone"],
        state=State(row["state"]),
        received_at=from_text(row["received_at"]),
        received_by=row["received_by"],
        spokesperson=row["spokesperson_id"],
        acknowledged_at=from_text(row["acknowledged_at"]),
        answered_at=from_text(row["answered_at"]),
        ended_at=from_text(row["ended_at"]),
        outcome=row["outcome"],
        link=row["link"],
    )
