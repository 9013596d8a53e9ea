"""The SQL of `office_contact` and `office_import`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from bot.commands.model import Context, Work
from bot.offices.model import Contact
from bot.shared.mail_address import same_address
from bot.store import memo
from bot.store.database import Reader, Rows, Transaction, insert_rows, one, to_text

_CONTACTS: Final = Rows(Contact, asks=lambda row: tuple(json.loads(row["asks"])))


def all_contacts(db: Reader) -> list[Contact]:
    """All contacts by office, in the order they were added."""
    return _CONTACTS.all(db, "SELECT * FROM office_contact ORDER BY office, number")


def next_number(tx: Transaction) -> int:
    """The next unused number; numbers of erased contacts are never reused."""
    return memo.next_number(tx, "office contact number")


def save_contact(work: Work, contact: Contact) -> None:
    """Insert or update a contact."""
    asks, keep = json.dumps(contact.asks), ("number", "added_at")
    _CONTACTS.save(work.tx, "office_contact", contact, keep=keep, asks=asks, added_at=work.now)


def delete_contact(tx: Transaction, contact: Contact) -> None:
    """Delete a contact, and every table that waits to be imported: it may name them."""
    tx.execute("DELETE FROM office_contact WHERE id = :id", {"id": contact.id})
    tx.execute("DELETE FROM office_import")


def doubt(work: Work, contact: Contact, why: str) -> None:
    """Note why a contact is to be verified, unless something was noted before."""
    sql = "UPDATE office_contact SET doubt = :why, doubted_at = :now WHERE id = :id AND doubt = ''"
    work.tx.execute(sql, {"why": why, "now": to_text(work.now), "id": contact.id})


def doubt_address(work: Work, email: str, why: str) -> None:
    """Note why the contacts with this address are to be verified."""
    for contact in all_contacts(work.tx):
        if same_address(contact.email, email):
            doubt(work, contact, why)


def save_import(ctx: Context, rows: Sequence[Any]) -> str:
    """Keep a table until its person has read what it would change; return its id."""
    id_ = ctx.new_id()
    row = {"id": id_, "body": json.dumps(rows), "made_at": ctx.now, "person_id": ctx.person}
    insert_rows(ctx.tx, "office_import", [row])
    return id_


def take_import(ctx: Context, id_: str) -> list[tuple[int, dict[str, str]]] | None:
    """The lines of a table that this person gave, which is then no longer kept."""
    sql = "DELETE FROM office_import WHERE id = :id AND person_id = :person RETURNING body"
    row = one(ctx.tx.execute(sql, {"id": id_, "person": ctx.person}))
    return [(line, cells) for line, cells in json.loads(row["body"])] if row else None
