"""SQL for the press list, its log, embargoes and suppressions, and for inquiries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from bot.media.contacts.model import Contact, Embargo, Inquiry, LogEntry, Outlet
from bot.people.contacts import fingerprints, normalize, suppression_list
from bot.shared.search import CANDIDATES, Words
from bot.store import memo
from bot.store.database import Reader, Rows, Transaction, delete_rows, insert_rows, save_row, update_rows

_ALL_CONTACTS: Final = """
    SELECT c.*, o.name AS outlet_name, o.type, o.market, o.tier FROM press_contact AS c
    JOIN press_outlet AS o ON o.id = c.outlet_id
"""


_OUTLETS: Final = Rows(Outlet, "press_outlet")
_OUTLETS_OF_CONTACTS: Final = Rows(Outlet, columns={"id": "outlet_id", "name": "outlet_name"})
_CONTACTS: Final = Rows(Contact, "press_contact", outlet=_OUTLETS_OF_CONTACTS.read)
EMBARGOES: Final = Rows(Embargo, "press_embargo", agreed=lambda row: row["agreed"])
LOG: Final = Rows(LogEntry, "press_log", {"contact": "contact_id", "person": "person_id", "embargo": "embargo_id"})
INQUIRIES: Final = Rows(Inquiry, "press_inquiry", {"spokesperson": "spokesperson_id"})


# --- contacts and outlets -------------------------------------------------------------------------------------------


def all_contacts(db: Reader) -> list[Contact]:
    """All contacts, in the order they were added."""
    return _CONTACTS.all(db, f"{_ALL_CONTACTS} ORDER BY c.number")


def find_contact(db: Reader, id_: str) -> Contact | None:
    return _CONTACTS.first(db, f"{_ALL_CONTACTS} WHERE c.id = :id", {"id": id_})


def next_number(tx: Transaction) -> int:
    """The next unused number; numbers of erased contacts are never reused."""
    return memo.next_number(tx, "press contact number")


def get_or_create_outlet(tx: Transaction, name: str, new_id: Callable[[], str]) -> Outlet:
    """The outlet with this name; created if it does not exist."""
    outlet = {"id": new_id(), "name": name, "key": normalize(name), "type": "", "market": ""}
    insert_rows(tx, "press_outlet", [outlet], if_new=True)
    (stored,) = _OUTLETS.select(tx, "WHERE key = :key", key=normalize(name))
    return stored


def outlets(db: Reader) -> list[Outlet]:
    return _OUTLETS.select(db, "ORDER BY name")


def save_contact(tx: Transaction, contact: Contact, now: datetime) -> None:
    """Insert or update a contact and its outlet's details."""
    outlet = contact.outlet
    details = {"type": outlet.type, "market": outlet.market, "tier": outlet.tier}
    update_rows(tx, "press_outlet", details, id=outlet.id)
    _CONTACTS.save(tx, contact, keep=("number", "added_at"), outlet_id=outlet.id, added_at=now)


def delete_contact(tx: Transaction, contact: Contact) -> None:
    """Delete a contact with its log and agreements; also its outlet if it has no other contact."""
    delete_rows(tx, "press_contact", id=contact.id)
    sql = """
        DELETE FROM press_outlet WHERE id = :outlet
          AND NOT EXISTS (SELECT 1 FROM press_contact AS other WHERE other.outlet_id = press_outlet.id)
    """
    tx.execute(sql, {"outlet": contact.outlet.id})


# --- the log --------------------------------------------------------------------------------------------------------


def delete_entry(tx: Transaction, id_: str) -> None:
    delete_rows(tx, "press_log", id=id_)


def all_histories(db: Reader) -> dict[str, list[LogEntry]]:
    """Log entries by contact id, newest first."""
    sql = "SELECT * FROM press_log ORDER BY at DESC, id"
    by_contact: dict[str, list[LogEntry]] = defaultdict(list)
    for row in db.read(sql):
        by_contact[row["contact_id"]].append(LOG.read(row))
    return by_contact


def search(db: Reader, words: Words) -> Iterator[tuple[int, LogEntry]]:
    """(contact number, entry) pairs that may contain these words, newest first."""
    sql = f"""
        SELECT l.*, c.number FROM press_log AS l JOIN press_contact AS c ON c.id = l.contact_id
        WHERE {words.condition("l.text || ' ' || l.answer || ' ' || l.result")}
        ORDER BY l.at DESC, l.id LIMIT {CANDIDATES}
    """
    return ((row["number"], LOG.read(row)) for row in db.read(sql, words.params))


def contact_history(db: Reader, contact: str) -> list[LogEntry]:
    return LOG.select(db, "WHERE contact_id = :contact ORDER BY at DESC, id", contact=contact)


def due_follow_ups(db: Reader, now: datetime) -> list[LogEntry]:
    """Log entries whose follow-up is due and was not sent yet."""
    return LOG.select(db, "WHERE follow_at <= :now AND followed_at IS NULL ORDER BY follow_at, id", now=now)


# --- embargoes ------------------------------------------------------------------------------------------------------


def embargoes(db: Reader) -> list[Embargo]:
    """All embargoes with their agreements, newest first."""
    agreed: dict[str, dict[str, str]] = defaultdict(dict)
    for row in db.read("SELECT * FROM press_agreement ORDER BY noted_at"):
        agreed[row["embargo_id"]][row["contact_id"]] = row["evidence"]
    rows = db.read("SELECT * FROM press_embargo ORDER BY number DESC")
    return [EMBARGOES.read(row | {"agreed": agreed[row["id"]]}) for row in map(dict, rows)]


def save_agreement(tx: Transaction, embargo: str, contact: str, evidence: str, now: datetime) -> None:
    row = {"embargo_id": embargo, "contact_id": contact, "evidence": evidence, "noted_at": now}
    save_row(tx, "press_agreement", row, key="embargo_id, contact_id")


def delete_agreements(tx: Transaction, embargo: str) -> None:
    """Delete the agreements to an embargo: an agreement is valid for one time only."""
    delete_rows(tx, "press_agreement", embargo_id=embargo)


def pitched_under(db: Reader, embargo: str) -> list[str]:
    """The ids of the contacts who were pitched under an embargo, whatever its time was then."""
    sql = "SELECT DISTINCT contact_id FROM press_log WHERE embargo_id = :embargo ORDER BY contact_id"
    return [row["contact_id"] for row in db.read(sql, {"embargo": embargo})]


# --- suppressions ---------------------------------------------------------------------------------------------------


def is_suppressed_name(db: Reader, name: str) -> bool:
    """Whether a person of that name was erased or opted out, and no contact has that name."""
    suppressed = suppression_list(db)
    if fingerprints(suppressed.salt, name=name, outlet="", email="", phone="").get("name") not in suppressed.hashes:
        return False
    return all(normalize(contact.name) != normalize(name) for contact in all_contacts(db))


# --- messages that name contacts ------------------------------------------------------------------------------------


def link_message(tx: Transaction, about: str, delivery: str) -> None:
    """Record that a message names a contact or inquiry. `about`: its id."""
    insert_rows(tx, "press_card", [{"delivery_id": delivery, "about_id": about}])


def linked_messages(db: Reader, about: str) -> list[str]:
    sql = "SELECT delivery_id FROM press_card WHERE about_id = :about ORDER BY delivery_id"
    return [row["delivery_id"] for row in db.read(sql, {"about": about})]


def unlink_messages(tx: Transaction, deliveries: Iterable[str]) -> None:
    """Leave these messages as they are, whatever happens to what they showed."""
    tx.execute_many("DELETE FROM press_card WHERE delivery_id = :id", [{"id": id_} for id_ in deliveries])


def next_inquiry_number(tx: Transaction) -> int:
    """Return a number from 1 that no inquiry has had: the audit names one that was deleted, too."""
    sql = "SELECT COALESCE(MAX(number), 0) AS n FROM press_inquiry"
    return memo.next_number(tx, "inquiry number", int(tx.read(sql)[0]["n"]))


def find_inquiry(db: Reader, typed: str) -> Inquiry | None:
    """The inquiry with this id (from a button) or this number: `Q-7`."""
    digits = typed.strip().upper().removeprefix("Q-").removeprefix("Q")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    return INQUIRIES.select_one(db, "WHERE id = :id OR number = :number", id=typed, number=number)


def open_inquiries(db: Reader) -> list[Inquiry]:
    """Open inquiries, earliest deadline first."""
    return INQUIRIES.select(db, "WHERE state IN ('received', 'acknowledged') ORDER BY due_at, number")


def received_between(db: Reader, since: datetime, until: datetime) -> list[Inquiry]:
    """Inquiries received from `since` until before `until`, newest first."""
    condition = "received_at >= :since AND received_at < :until"
    return INQUIRIES.select(db, f"WHERE {condition} ORDER BY number DESC", since=since, until=until)


def search_inquiries(db: Reader, words: Words) -> Iterator[Inquiry]:
    """Inquiries that may contain these words, newest first."""
    sql = f"""
        SELECT * FROM press_inquiry WHERE {words.condition("reporter || ' ' || outlet || ' ' || question")}
        ORDER BY received_at DESC, number DESC LIMIT {CANDIDATES}
    """
    return map(INQUIRIES.read, db.read(sql, words.params))


def all_inquiries(db: Reader) -> list[Inquiry]:
    return INQUIRIES.select(db, "ORDER BY number")


def redact_inquiries(tx: Transaction, inquiries: Iterable[Inquiry]) -> None:
    """Delete the reporter's name and all texts of inquiries, and keep their times."""
    for inquiry in inquiries:
        update_rows(tx, "press_inquiry", dict.fromkeys(("reporter", "question", "outcome", "link"), ""), id=inquiry.id)
