"""The SQL of mail merges, and of letters that are mailed to an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.letters.lifecycle import Merge
from bot.store.database import Reader, Rows, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeMail:
    """One mailing, as in the table."""

    id: str
    letter: str  # id
    office: str
    address: str
    reply_to: str
    digest: str
    person: str
    asked_at: datetime
    state: str = "queued"
    why: str = ""


_MERGES: Final = Rows(
    Merge, "letter_merge", {"letter": "letter_id", "person": "person_id", "delivery": "delivery_id", "at": "asked_at"}
)
MAILINGS: Final = Rows(OfficeMail, "office_mail", {"letter": "letter_id", "person": "person_id"})
_WAITS: Final = "(state <> 'sent' AND told_at IS NULL)"


def begin_merge(tx: Transaction, merge: Merge) -> bool:
    """Queue a mail merge; False if this person already has one running for this letter."""
    sql = """
        INSERT INTO letter_merge (id, letter_id, version, person_id, delivery_id, made, asked_at)
        VALUES (:id, :letter, :version, :person, :delivery, 0, :at)
        ON CONFLICT (letter_id, person_id) DO NOTHING RETURNING id
    """
    return bool(tx.execute(sql, _MERGES.params(merge)))


def next_merge(db: Reader) -> Merge | None:
    """The oldest queued mail merge."""
    return _MERGES.select_one(db, "ORDER BY asked_at, id LIMIT 1")


# --- mail to offices --------------------------------------------------------------------------------------------------


def mailing(db: Reader, id_: str, *, waits: bool = False) -> OfficeMail | None:
    """The mailing with this id. `waits`: only if its outcome is still to be logged or told."""
    return MAILINGS.select_one(db, f"WHERE id = :id{f' AND {_WAITS}' if waits else ''}", id=id_)


def waiting_mailings(db: Reader) -> list[OfficeMail]:
    """The mailings whose outcome is to be logged or told, oldest first."""
    return MAILINGS.select(db, f"WHERE {_WAITS} ORDER BY asked_at, id")


def mailings(db: Reader, letter_id: str) -> list[OfficeMail]:
    """What was mailed of a letter, oldest first."""
    return MAILINGS.select(db, "WHERE letter_id = :letter ORDER BY asked_at, id", letter=letter_id)


def bounced(tx: Transaction, id_: str, status: str) -> bool:
    """Record that the mail with this id came back. Return False if there is none."""
    sql = """
        UPDATE office_mail SET state = 'bounced', why = :why
        WHERE id = :id AND state IN ('queued', 'sent') RETURNING id
    """
    return bool(tx.execute(sql, {"id": id_, "why": f"it came back ({status})"}))
