"""Taking a person, or an organisation, out of everything that is kept.

What they did stays, by nobody; their rows go, and their name goes out of every text (`store/blanking.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.config.coalition import Coalition
from bot.keeping.tables import TABLES
from bot.media import press_erasing, press_records, press_restoring
from bot.media.press_restoring import Asked
from bot.outbox.model import DIRECT
from bot.people import audit
from bot.people.audit import Change
from bot.store import blanking
from bot.store.blanking import GONE
from bot.store.database import Reader, Row, Transaction, to_text

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
_OWN: Final = ("person.name",)  # another of the same name keeps theirs


class Unknown(Exception):
    """There is nobody of that id or name; the text says so."""


@dataclass(slots=True)
class Erased:
    """What came of it. `texts`: how many rows of each table named them; `public`: entries that still do.

    `names`: by what copies that were made before are searched. `emptied`: messages that are to be emptied in the chat.
    """

    who: str
    names: tuple[str, ...]
    texts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    public: int = 0
    emptied: int = 0
    left: tuple[str, ...] = ()  # short names that were not looked for inside of texts


def person(tx: Transaction, coalition: Coalition, typed: str, now: datetime) -> Erased:
    """Erase the one person of that id or whole name. Raises `Unknown`."""
    row = _one(tx, coalition.id, typed)
    accounts = _theirs(tx, "account", coalition.id, row["id"])
    ids = [each["user_id"] for each in accounts if each["platform"] != "console"]
    done = Erased(row["name"], (row["name"], *ids))
    done.rows = sum(_delete(tx, table, coalition.id, row["id"]) for table in TABLES if TABLES[table].theirs)
    done.rows += _messages(tx, coalition.id, row["id"])
    tx.execute(
        "UPDATE person SET name = :gone, organisation = NULL, left_at = COALESCE(left_at, :now) WHERE id = :id",
        {"gone": GONE, "now": to_text(now), "id": row["id"]},
    )
    _blank(tx, coalition.id, done, ids)
    _remember(tx, coalition.id, PERSON, row["id"], now)
    return done


def organisation(tx: Transaction, coalition: Coalition, id_: str, now: datetime) -> Erased:
    """Erase a member by its id in coalition.yml, or an ally by "ally:" and its name, and everybody who acts for it."""
    member = coalition.members.get(id_)
    names = [member.name, member.legal_name, member.short] if member else [id_.removeprefix("ally:")]
    rows = tx.read(
        "SELECT id FROM person WHERE coalition_id = :coalition AND organisation = :id ORDER BY id",
        {"coalition": coalition.id, "id": id_},
    )
    known = bool(member or rows)
    done = Erased(names[0], tuple(dict.fromkeys(filter(None, names))))
    for row in rows:
        each = person(tx, coalition, row["id"], now)
        done.texts, done.rows = done.texts + each.texts, done.rows + each.rows
        done.names += each.names
    for table in (name for name, keeping in TABLES.items() if keeping.members):
        gone = tx.execute(
            f"DELETE FROM {table} WHERE coalition_id = :coalition AND {TABLES[table].members} = :id RETURNING 1 AS one",
            {"coalition": coalition.id, "id": id_},
        )
        done.rows += len(gone)
        known = known or bool(gone)
    if not known:
        raise Unknown(f"There is no organisation {id_}: write its id in coalition.yml, or ally: and its name.")
    _blank(tx, coalition.id, done, [id_])
    _remember(tx, coalition.id, ORGANISATION, id_, now)
    return done


def reporter(tx: Transaction, coalition: Coalition, typed: str, now: datetime, new_id: Callable[[], str]) -> Erased:
    """Erase somebody on the press list, by number or id, as `/press erase` does. Raises `Unknown`."""
    contacts = press_records.contacts(tx, coalition.id)
    contact = next((each for each in contacts if typed in (each.id, each.label)), None)
    if contact is None:
        raise Unknown(f"Nobody on the press list is {typed}: write the number, such as P-31.")
    gone = press_erasing.forget(tx, coalition.id, contact, now=now, new_id=new_id)
    change = Change(at=now, person=None, who="an operator", origin="a terminal", command="press erase",
                    subject=f"press contact {contact.label}", before="on the list", after="erased")  # fmt: skip
    audit.write(tx, coalition.id, change, new_id=new_id)
    done = Erased(contact.label, gone.names, texts=gone.texts, rows=1, emptied=gone.emptied)
    done.public = blanking.published(tx, coalition.id, gone.names)
    done.left = blanking.short(gone.names)
    return done


@dataclass(frozen=True, slots=True)
class Gone:
    """Whom a backup must not bring back, as one store knows it. `subjects`: (kind, id)."""

    subjects: Sequence[tuple[str, str]] = ()
    press: Asked | None = None


def gone(db: Reader, coalition_id: str) -> Gone:
    """All who were erased, or want no mail."""
    sql = "SELECT kind, subject FROM erasure WHERE coalition_id = :coalition ORDER BY erased_at, kind, subject"
    rows = db.read(sql, {"coalition": coalition_id})
    return Gone([(row["kind"], row["subject"]) for row in rows], press_restoring.asked(db, coalition_id))


def again(tx: Transaction, coalition: Coalition, those: Gone, now: datetime, new_id: Callable[[], str]) -> int:
    """Take out of a restored backup whoever was erased since it was made; how many it still had."""
    count = 0
    for kind, subject in those.subjects:
        try:
            (person if kind == PERSON else organisation)(tx, coalition, subject, now)
            count += 1
        except Unknown:
            _remember(tx, coalition.id, kind, subject, now)
    if those.press:
        count += press_restoring.again(tx, coalition.id, those.press, now=now, new_id=new_id)
    return count


def _one(tx: Reader, coalition_id: str, typed: str) -> Row:
    sql = "SELECT id, name FROM person WHERE coalition_id = :coalition AND (id = :typed OR name = :typed)"
    rows = tx.read(sql, {"coalition": coalition_id, "typed": typed})
    found = [row for row in rows if row["name"] != GONE]
    if not found:
        raise Unknown(f"There is nobody with the id or the whole name {typed}. /campaign people shows everyone.")
    if len(found) > 1:
        ids = ", ".join(row["id"] for row in found)
        raise Unknown(f"{len(found)} people are called {typed}: say which by its id ({ids}).")
    return found[0]


def _theirs(tx: Reader, table: str, coalition_id: str, person_id: str) -> list[Row]:
    sql = f"SELECT * FROM {table} WHERE coalition_id = :coalition AND {TABLES[table].theirs} = :id"
    return tx.read(sql, {"coalition": coalition_id, "id": person_id})


def _delete(tx: Transaction, table: str, coalition_id: str, person_id: str) -> int:
    where = f"coalition_id = :coalition AND {TABLES[table].theirs} = :id"
    return len(
        tx.execute(
            f"DELETE FROM {table} WHERE {where} RETURNING 1 AS one", {"coalition": coalition_id, "id": person_id}
        )
    )


def _messages(tx: Transaction, coalition_id: str, person_id: str) -> int:
    """What was said to them alone; and the files that went with anything, which nobody can look into."""
    its = {"coalition": coalition_id, "channel": f"{DIRECT}{person_id}"}
    where = "coalition_id = :coalition AND channel = :channel"
    tx.execute(f"DELETE FROM recalled WHERE {where}", its)
    tx.execute(
        """
        DELETE FROM delivery_file WHERE delivery_id IN (
            SELECT id FROM delivery WHERE coalition_id = :coalition AND state IN ('sent', 'dead', 'dropped'))
        """,
        its,
    )
    return len(tx.execute(f"DELETE FROM delivery WHERE {where} RETURNING 1 AS one", its))


def _blank(tx: Transaction, coalition_id: str, done: Erased, ids: Collection[str]) -> None:
    """Take them out of every text, and count who else published their name."""
    done.texts += blanking.blank(tx, coalition_id, done.names, ids, own=_OWN)
    done.public = blanking.published(tx, coalition_id, done.names)
    done.left = tuple(name for name in blanking.short(done.names) if name not in ids)


def _remember(tx: Transaction, coalition_id: str, kind: str, subject: str, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO erasure (coalition_id, kind, subject, erased_at) VALUES (:coalition, :kind, :subject, :now)
        ON CONFLICT (coalition_id, kind, subject) DO NOTHING
        """,
        {"coalition": coalition_id, "kind": kind, "subject": subject, "now": to_text(now)},
    )
