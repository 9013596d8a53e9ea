"""A person's mail address: set, confirmed by its reader, and what they want there. The SQL of `mail_address`.

The address is personal data: it is in this table, for two weeks in `account_notice`, and in no account, audit or log. A
confirmed address gives its person an account on the platform "mail", whose user is the person's own id.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.people import sessions
from bot.people.model import Account
from bot.shared.errors import CoalitionBotError
from bot.shared.mail_address import same_address
from bot.store.database import Reader, Rows, Transaction, delete_rows, from_text, insert_rows, one, update_rows

PLATFORM: Final = "mail"
CODE_VALID: Final = timedelta(hours=24)
TRIES: Final = 5
SOFT_BOUNCES: Final = 5  # before the address counts as dead
SOFT_APART: Final = timedelta(days=30)  # after so long without one, they are counted from one again


class NotConfirmed(CoalitionBotError):
    """The code or link does not confirm the address; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """`direct`: direct messages come here and not to the chat. `digested_at`: as in the table."""

    person: str
    address: str
    token: str
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None
    direct: bool = False
    digested_at: datetime | None = None

    @property
    def takes_mail(self) -> bool:
        return self.confirmed_at is not None and self.unsubscribed_at is None


_ADDRESSES: Final = Rows(MailAddress, columns={"person": "person_id"}, direct=lambda row: bool(row["direct"]))


def address_of(db: Reader, person: str) -> MailAddress | None:
    """Return a person's address; None without one, or if they left."""
    return _first(db, "m.person_id = :value", person)


def by_token(db: Reader, token: str) -> MailAddress | None:
    """Return the address whose bounces, replies and unsubscribes carry this token."""
    return _first(db, "m.token = :value", token.lower())


def by_address(db: Reader, address: str) -> MailAddress | None:
    """Return the confirmed address of one person that is this mailbox's."""
    matches = [each for each in confirmed_addresses(db) if same_address(each.address, address)]
    return matches[0] if len(matches) == 1 else None


def confirmed_addresses(db: Reader) -> list[MailAddress]:
    return _ADDRESSES.all(db, f"{_SELECT} AND m.confirmed_at IS NOT NULL ORDER BY m.person_id")


def set_address(
    tx: Transaction, person: str, address: str, *, token: str, code: str, now: datetime, by: str | None = None
) -> None:
    """Set a person's address. `by`: who, None for themselves. Before it is confirmed, only the code is mailed to it."""
    delete_address(tx, person)
    row = {
        "person_id": person,
        "address": address,
        "token": token,
        "code": _hash(token, code),
        "code_ends_at": now + CODE_VALID,
        "set_at": now,
        "set_by": by,
    }
    insert_rows(tx, "mail_address", [row])


def delete_address(tx: Transaction, person: str) -> None:
    """Delete a person's address, the account that came with it, and its sessions: the next address has that account."""
    delete_rows(tx, "mail_address", person_id=person)
    delete_rows(tx, "account", platform=PLATFORM, person_id=person)
    sessions.end_of_account(tx, Account(PLATFORM, "", person))


def check_code(tx: Transaction, person: str, code: str, now: datetime) -> bool:
    """Confirm a person's address by the code from the email to it. Return False for a wrong code, which counts.

    Raises `NotConfirmed` if no code can confirm it any more.
    """
    row = one(tx.read(f"{_SELECT} AND m.person_id = :person", {"person": person}))
    if row is None or row["confirmed_at"]:
        raise NotConfirmed("No address is waiting for a code.")
    if row["tries"] >= TRIES or from_text(row["code_ends_at"]) < now:
        raise NotConfirmed("That code is no longer valid. Set the address again to get a new one.")
    if not hmac.compare_digest(row["code"], _hash(row["token"], code.strip())):
        tx.execute("UPDATE mail_address SET tries = tries + 1 WHERE person_id = :person", {"person": person})
        return False
    confirm(tx, _ADDRESSES.read(row), now)
    return True


def confirm(tx: Transaction, mine: MailAddress, now: datetime) -> None:
    """Confirm an address by its token, which only its reader has, while its code is valid. Raises `NotConfirmed`."""
    if mine.confirmed_at:
        return
    params = {"person": mine.person, "now": now, "platform": PLATFORM}
    if not tx.read("SELECT 1 AS one FROM mail_address WHERE person_id = :person AND code_ends_at >= :now", params):
        raise NotConfirmed("The code expired after a day. Set the address again to get a new one.")
    if (other := by_address(tx, mine.address)) and other.person != mine.person:
        raise NotConfirmed("Someone else here confirmed that address. Each person needs their own.")
    tx.execute("UPDATE mail_address SET confirmed_at = :now, code = '' WHERE person_id = :person", params)
    sql = """
        INSERT INTO account (platform, team, user_id, person_id, linked_at, linked_by)
        SELECT :platform, '', :person, :person, :now, COALESCE(set_by, :person)
        FROM mail_address WHERE person_id = :person
    """
    tx.execute(sql, params)


def choose(
    tx: Transaction, mine: MailAddress, now: datetime, *, digest: bool | None = None, direct: bool | None = None
) -> None:
    """Set what a person wants by mail; None leaves it as it is. It ends an unsubscribe."""
    digested_at = mine.digested_at if digest is None else (mine.digested_at or now) if digest else None
    is_direct = mine.direct if direct is None else direct
    wanted = {"digested_at": digested_at, "direct": int(is_direct), "unsubscribed_at": None}
    update_rows(tx, "mail_address", wanted, person_id=mine.person)


def unsubscribe(tx: Transaction, mine: MailAddress, now: datetime) -> bool:
    """Mail nothing more to this address. Return False if that was asked before."""
    nothing = {"unsubscribed_at": now, "digested_at": None, "direct": 0}
    return bool(update_rows(tx, "mail_address", nothing, person_id=mine.person, unsubscribed_at=None))


def mark_digested(tx: Transaction, person: str, until: datetime) -> None:
    """Record until when a person's daily digest has looked."""
    sql = "UPDATE mail_address SET digested_at = :until WHERE person_id = :person AND digested_at IS NOT NULL"
    tx.execute(sql, {"person": person, "until": until})


def count_soft_bounce(tx: Transaction, mine: MailAddress, now: datetime) -> bool:
    """Count a temporary failure that a relay reported. Return whether the address counts as dead now."""
    sql = """
        UPDATE mail_address SET
            soft_bounces = CASE WHEN soft_bounced_at >= :recent THEN soft_bounces + 1 ELSE 1 END, soft_bounced_at = :now
        WHERE person_id = :person RETURNING soft_bounces
    """
    params = {"person": mine.person, "now": now, "recent": now - SOFT_APART}
    (row,) = tx.execute(sql, params)
    return int(row["soft_bounces"]) >= SOFT_BOUNCES


_SELECT: Final = "SELECT m.* FROM mail_address AS m JOIN person AS p ON p.id = m.person_id WHERE p.left_at IS NULL"


def _first(db: Reader, condition: str, value: str) -> MailAddress | None:
    return _ADDRESSES.first(db, f"{_SELECT} AND {condition}", {"value": value})


def _hash(token: str, code: str) -> str:
    return hashlib.sha256(f"{token}:{code}".encode()).hexdigest()
