"""The SQL of the press list, its log, embargoes and suppressions. Every statement names the coalition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final

from bot.media.press.model import Basis, Contact, Embargo, Entry, Logged, Outlet, Suppressed, folded, prints, prints_of
from bot.shared.search import CANDIDATES, Words
from bot.store import memo
from bot.store.database import Reader, Row, Transaction, from_text, one, to_text

_CONTACTS: Final = """
    SELECT c.*, o.name AS outlet_name, o.type, o.market, o.tier FROM press_contact AS c
    JOIN press_outlet AS o ON o.id = c.outlet_id WHERE c.coalition_id = :coalition
"""
_LAST_NUMBER: Final = "press contact number"
_SALT: Final = "press salt"


# --- contacts and outlets -------------------------------------------------------------------------------------------


def contacts(db: Reader, coalition_id: str) -> list[Contact]:
    """All of them, in the order they were added."""
    return [_contact(row) for row in db.read(f"{_CONTACTS} ORDER BY c.number", {"coalition": coalition_id})]


def contact(db: Reader, coalition_id: str, id_: str) -> Contact | None:
    row = one(db.read(f"{_CONTACTS} AND c.id = :id", {"coalition": coalition_id, "id": id_}))
    return _contact(row) if row else None


def next_number(tx: Transaction, coalition_id: str) -> int:
    """A number that nobody had: what was erased must not seem to be somebody else."""
    return memo.next_number(tx, coalition_id, _LAST_NUMBER)


def outlet(tx: Transaction, coalition_id: str, name: str, new_id: Callable[[], str]) -> Outlet:
    """The outlet of that name, made where it is not there."""
    tx.execute(
        """
        INSERT INTO press_outlet (id, coalition_id, name, key, type, market)
        VALUES (:id, :coalition, :name, :key, '', '') ON CONFLICT (coalition_id, key) DO NOTHING
        """,
        {"id": new_id(), "coalition": coalition_id, "name": name, "key": folded(name)},
    )
    sql = "SELECT * FROM press_outlet WHERE coalition_id = :coalition AND key = :key"
    row = tx.read(sql, {"coalition": coalition_id, "key": folded(name)})[0]
    return Outlet(id=row["id"], name=row["name"], type=row["type"], market=row["market"], tier=row["tier"])


def outlets(db: Reader, coalition_id: str) -> list[Outlet]:
    """By name."""
    rows = db.read(
        "SELECT * FROM press_outlet WHERE coalition_id = :coalition ORDER BY name", {"coalition": coalition_id}
    )
    return [Outlet(id=r["id"], name=r["name"], type=r["type"], market=r["market"], tier=r["tier"]) for r in rows]


def put(tx: Transaction, coalition_id: str, contact: Contact, now: datetime) -> None:
    """A contact and what is known of its outlet, new or as it is now."""
    its = contact.outlet
    tx.execute(
        "UPDATE press_outlet SET type = :type, market = :market, tier = :tier WHERE id = :id",
        {"type": its.type, "market": its.market, "tier": its.tier, "id": its.id},
    )
    tx.execute(
        """
        INSERT INTO press_contact (id, coalition_id, number, outlet_id, name, title, beat, email, phone, channel,
                                   deadlines, source, basis, verified_on, opted_out_at, added_at)
        VALUES (:id, :coalition, :number, :outlet, :name, :title, :beat, :email, :phone, :channel, :deadlines, :source,
                :basis, :verified, :opted_out, :now)
        ON CONFLICT (id) DO UPDATE SET
            outlet_id = excluded.outlet_id, name = excluded.name, title = excluded.title, beat = excluded.beat,
            email = excluded.email, phone = excluded.phone, channel = excluded.channel,
            deadlines = excluded.deadlines, source = excluded.source, basis = excluded.basis,
            verified_on = excluded.verified_on, opted_out_at = excluded.opted_out_at
        """,
        {
            "id": contact.id,
            "coalition": coalition_id,
            "number": contact.number,
            "outlet": its.id,
            "name": contact.name,
            "title": contact.title,
            "beat": contact.beat,
            "email": contact.email,
            "phone": contact.phone,
            "channel": contact.channel,
            "deadlines": contact.deadlines,
            "source": contact.source,
            "basis": contact.basis.value,
            "verified": contact.verified_on.isoformat() if contact.verified_on else None,
            "opted_out": to_text(contact.opted_out_at),
            "now": to_text(now),
        },
    )


def delete(tx: Transaction, coalition_id: str, contact: Contact) -> None:
    """The contact with all that was logged and agreed; its outlet too where nobody else writes for it."""
    its = {"coalition": coalition_id, "id": contact.id, "outlet": contact.outlet.id}
    tx.execute("DELETE FROM press_contact WHERE coalition_id = :coalition AND id = :id", its)
    tx.execute(
        """
        DELETE FROM press_outlet WHERE coalition_id = :coalition AND id = :outlet
          AND NOT EXISTS (SELECT 1 FROM press_contact AS other WHERE other.outlet_id = press_outlet.id)
        """,
        its,
    )


# --- the log --------------------------------------------------------------------------------------------------------


def log(tx: Transaction, coalition_id: str, entry: Entry) -> None:
    """Something done with a contact, new or as it is known now."""
    tx.execute(
        """
        INSERT INTO press_log (id, coalition_id, contact_id, kind, text, person_id, at, pitched_by, ask, link,
                               embargo_id, answer, result, follow_at, followed_at)
        VALUES (:id, :coalition, :contact, :kind, :text, :person, :at, :pitched_by, :ask, :link, :embargo, :answer,
                :result, :follow_at, :followed_at)
        ON CONFLICT (id) DO UPDATE SET
            text = excluded.text, answer = excluded.answer, result = excluded.result, follow_at = excluded.follow_at,
            followed_at = excluded.followed_at
        """,
        {
            "id": entry.id,
            "coalition": coalition_id,
            "contact": entry.contact,
            "kind": entry.kind.value,
            "text": entry.text,
            "person": entry.person,
            "at": to_text(entry.at),
            "pitched_by": entry.pitched_by,
            "ask": entry.ask,
            "link": entry.link,
            "embargo": entry.embargo,
            "answer": entry.answer,
            "result": entry.result,
            "follow_at": to_text(entry.follow_at),
            "followed_at": to_text(entry.followed_at),
        },
    )


def delete_entry(tx: Transaction, coalition_id: str, id_: str) -> None:
    tx.execute(
        "DELETE FROM press_log WHERE coalition_id = :coalition AND id = :id", {"coalition": coalition_id, "id": id_}
    )


def history(db: Reader, coalition_id: str) -> dict[str, list[Entry]]:
    """By contact, the newest first."""
    sql = "SELECT * FROM press_log WHERE coalition_id = :coalition ORDER BY at DESC, id"
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in db.read(sql, {"coalition": coalition_id}):
        found[row["contact_id"]].append(_entry(row))
    return found


def containing(db: Reader, coalition_id: str, words: Words) -> Iterator[tuple[int, Entry]]:
    """(contact's number, entry) of the log that may have these words, the newest first."""
    sql = f"""
        SELECT l.*, c.number FROM press_log AS l JOIN press_contact AS c ON c.id = l.contact_id
        WHERE l.coalition_id = :coalition AND {words.condition("l.text || ' ' || l.answer || ' ' || l.result")}
        ORDER BY l.at DESC, l.id LIMIT {CANDIDATES}
    """
    return ((row["number"], _entry(row)) for row in db.read(sql, {"coalition": coalition_id} | words.params))


def history_of(db: Reader, coalition_id: str, contact: str) -> list[Entry]:
    """Of one contact, the newest first."""
    sql = "SELECT * FROM press_log WHERE coalition_id = :coalition AND contact_id = :contact ORDER BY at DESC, id"
    return [_entry(row) for row in db.read(sql, {"coalition": coalition_id, "contact": contact})]


def entry(db: Reader, coalition_id: str, id_: str) -> Entry | None:
    row = one(
        db.read(
            "SELECT * FROM press_log WHERE coalition_id = :coalition AND id = :id",
            {"coalition": coalition_id, "id": id_},
        )
    )
    return _entry(row) if row else None


def to_follow(db: Reader, coalition_id: str, now: datetime) -> list[Entry]:
    """What is to be followed up by now and was not said yet."""
    sql = """
        SELECT * FROM press_log WHERE coalition_id = :coalition AND follow_at <= :now AND followed_at IS NULL
        ORDER BY follow_at, id
    """
    return [_entry(row) for row in db.read(sql, {"coalition": coalition_id, "now": to_text(now)})]


# --- embargoes ------------------------------------------------------------------------------------------------------


def embargoes(db: Reader, coalition_id: str) -> list[Embargo]:
    """The newest first, with who agreed."""
    agreed: dict[str, dict[str, str]] = defaultdict(dict)
    its = {"coalition": coalition_id}
    for row in db.read("SELECT * FROM press_agreement WHERE coalition_id = :coalition ORDER BY noted_at", its):
        agreed[row["embargo_id"]][row["contact_id"]] = row["evidence"]
    rows = db.read("SELECT * FROM press_embargo WHERE coalition_id = :coalition ORDER BY number DESC", its)
    return [
        Embargo(
            id=row["id"], number=row["number"], about=row["about"], lifts_at=from_text(row["lifts_at"]),
            zone=row["zone"], agreed=agreed[row["id"]],
        )
        for row in rows
    ]  # fmt: skip


def put_embargo(tx: Transaction, coalition_id: str, embargo: Embargo) -> None:
    """A new one, or another hour for one that is known."""
    tx.execute(
        """
        INSERT INTO press_embargo (id, coalition_id, number, about, lifts_at, zone)
        VALUES (:id, :coalition, :number, :about, :lifts, :zone)
        ON CONFLICT (id) DO UPDATE SET lifts_at = excluded.lifts_at, zone = excluded.zone
        """,
        {
            "id": embargo.id,
            "coalition": coalition_id,
            "number": embargo.number,
            "about": embargo.about,
            "lifts": to_text(embargo.lifts_at),
            "zone": embargo.zone,
        },
    )


def agree(tx: Transaction, coalition_id: str, embargo: str, contact: str, evidence: str, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO press_agreement (coalition_id, embargo_id, contact_id, evidence, noted_at)
        VALUES (:coalition, :embargo, :contact, :evidence, :now)
        ON CONFLICT (embargo_id, contact_id) DO UPDATE SET evidence = excluded.evidence, noted_at = excluded.noted_at
        """,
        {
            "coalition": coalition_id,
            "embargo": embargo,
            "contact": contact,
            "evidence": evidence,
            "now": to_text(now),
        },
    )


def no_more_agreed(tx: Transaction, coalition_id: str, embargo: str) -> None:
    """Who said yes to one hour has not said yes to another."""
    sql = "DELETE FROM press_agreement WHERE coalition_id = :coalition AND embargo_id = :embargo"
    tx.execute(sql, {"coalition": coalition_id, "embargo": embargo})


# --- who must not be kept -------------------------------------------------------------------------------------------


def suppressed(db: Reader, coalition_id: str) -> Suppressed:
    rows = db.read("SELECT hash FROM press_suppression WHERE coalition_id = :coalition", {"coalition": coalition_id})
    return Suppressed(memo.get_memo(db, coalition_id, _SALT) or "", frozenset(row["hash"] for row in rows))


def suppress(tx: Transaction, coalition_id: str, contact: Contact, now: datetime, new_id: Callable[[], str]) -> None:
    """Remember all by which an import would know them again."""
    salt = suppressed(tx, coalition_id).salt or new_id()
    suppress_all(tx, coalition_id, Suppressed(salt, frozenset(prints_of(salt, contact).values())), now)


def suppress_all(tx: Transaction, coalition_id: str, those: Suppressed, now: datetime) -> None:
    memo.set_memo(tx, coalition_id, _SALT, those.salt)
    tx.execute_many(
        """
        INSERT INTO press_suppression (coalition_id, hash, since) VALUES (:coalition, :hash, :now)
        ON CONFLICT (coalition_id, hash) DO NOTHING
        """,
        [{"coalition": coalition_id, "hash": each, "now": to_text(now)} for each in sorted(those.hashes)],
    )


def let_back(tx: Transaction, coalition_id: str, contact: Contact) -> None:
    """They have said that they may be written to again."""
    hashes = prints_of(suppressed(tx, coalition_id).salt, contact).values()
    sql = "DELETE FROM press_suppression WHERE coalition_id = :coalition AND hash = :hash"
    tx.execute_many(sql, [{"coalition": coalition_id, "hash": each} for each in hashes])


def is_forgotten(db: Reader, coalition_id: str, name: str) -> bool:
    """Whether somebody of that name asked not to be kept, and nobody of that name is on the list."""
    those = suppressed(db, coalition_id)
    if prints(those.salt, name=name, outlet="", email="", phone="").get("name") not in those.hashes:
        return False
    return all(folded(contact.name) != folded(name) for contact in contacts(db, coalition_id))


# --- the messages that name them ------------------------------------------------------------------------------------


def keep_card(tx: Transaction, coalition_id: str, about: str, delivery: str) -> None:
    """A message that names somebody. `about`: the id of a contact or an inquiry."""
    sql = "INSERT INTO press_card (delivery_id, coalition_id, about_id) VALUES (:delivery, :coalition, :about)"
    tx.execute(sql, {"delivery": delivery, "coalition": coalition_id, "about": about})


def cards(db: Reader, coalition_id: str, about: str) -> list[str]:
    sql = (
        "SELECT delivery_id FROM press_card WHERE coalition_id = :coalition AND about_id = :about ORDER BY delivery_id"
    )
    return [row["delivery_id"] for row in db.read(sql, {"coalition": coalition_id, "about": about})]


# --- rows -----------------------------------------------------------------------------------------------------------


def _contact(row: Row) -> Contact:
    return Contact(
        id=row["id"],
        number=row["number"],
        outlet=Outlet(
            id=row["outlet_id"], name=row["outlet_name"], type=row["type"], market=row["market"], tier=row["tier"]
        ),
        name=row["name"],
        title=row["title"],
        beat=row["beat"],
        email=row["email"],
        phone=row["phone"],
        channel=row["channel"],
        deadlines=row["deadlines"],
        source=row["source"],
        basis=Basis(row["basis"]),
        verified_on=date.fromisoformat(row["verified_on"]) if row["verified_on"] else None,
        opted_out_at=from_text(row["opted_out_at"]),
    )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        contact=row["contact_id"],
        kind=Logged(row["kind"]),
        text=row["text"],
        person=row["person_id"],
        at=from_text(row["at"]),
        pitched_by=row["pitched_by"],
        ask=row["ask"],
        link=row["link"],
        embargo=row["embargo_id"],
        answer=row["answer"],
        result=row["result"],
        follow_at=from_text(row["follow_at"]),
        followed_at=from_text(row["followed_at"]),
    )
