"""The SQL of letters. Every statement names the coalition: another's letters are not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from bot.congress.model import Addressee
from bot.letters.approval.sourcing import Confirmation
from bot.letters.lifecycle import Decision, Dossier, Mail, Merge, SignOn, State, Text, Version
from bot.letters.model import Evidence
from bot.shared.search import CANDIDATES, Words
from bot.store.database import Reader, Row, Transaction, from_text, one, to_text

_TEXTS: Final = TypeAdapter(tuple[Text, ...])
_ADDRESSED: Final = TypeAdapter(dict[str, Addressee])
_SOON: Final = timedelta(days=2)  # longer than a deadline's reminder goes before it
_REST: Final = timedelta(minutes=10)  # until one that could not go on is tried again
_WITH_VERSION: Final = """
    SELECT l.*, v.version, v.texts, v.written_at, v.written_by FROM letter AS l
    JOIN letter_version AS v ON v.letter_id = l.id
    WHERE l.coalition_id = :coalition AND v.version = (
        SELECT MAX(last.version) FROM letter_version AS last WHERE last.letter_id = l.id{which}
    )
"""
_NEWEST: Final = _WITH_VERSION.format(which="")
_OPENED: Final = _WITH_VERSION.format(which=" AND last.opened_at IS NOT NULL")

_POSTED: Final = re.compile(r"(?:.*/)?letter:(?P<letter>[^:/]+):(?P<what>draft|locked)")


def next_number(tx: Transaction, coalition_id: str) -> int:
    """Letters are numbered from 1 in each coalition; ask inside the transaction that adds one."""
    sql = "SELECT COALESCE(MAX(number), 0) + 1 AS n FROM letter WHERE coalition_id = :coalition"
    return int(tx.read(sql, {"coalition": coalition_id})[0]["n"])


def add(tx: Transaction, coalition_id: str, letter: Dossier) -> None:
    """A new letter with its first text."""
    tx.execute(
        """
        INSERT INTO letter (id, coalition_id, number, state, template, template_digest, facts, lobbying, lobbying_why,
                            ask, entry_id, created_at, created_by)
        VALUES (:id, :coalition, :number, :state, :template, :template_digest, :facts, :lobbying, :lobbying_why,
                :ask, :entry, :created_at, :created_by)
        """,
        {
            "coalition": coalition_id,
            "id": letter.id,
            "number": letter.number,
            "state": letter.state.value,
            "template": letter.template,
            "template_digest": letter.template_digest,
            "facts": json.dumps(letter.facts, ensure_ascii=False),
            "lobbying": letter.lobbying,
            "lobbying_why": letter.lobbying_why,
            "ask": letter.ask,
            "entry": letter.entry,
            "created_at": to_text(letter.created_at),
            "created_by": letter.created_by,
        },
    )
    add_version(tx, coalition_id, letter.id, letter.version)


def add_version(tx: Transaction, coalition_id: str, letter_id: str, version: Version) -> None:
    tx.execute(
        """
        INSERT INTO letter_version (coalition_id, letter_id, version, texts, digest, written_at, written_by)
        VALUES (:coalition, :letter, :version, :texts, :digest, :at, :by)
        """,
        {
            "coalition": coalition_id,
            "letter": letter_id,
            "version": version.number,
            "texts": _TEXTS.dump_json(version.texts).decode(),
            "digest": version.digest,
            "at": to_text(version.at),
            "by": version.by,
        },
    )


def save(tx: Transaction, coalition_id: str, letter: Dossier) -> None:
    """Where a letter stands. Its texts are added, never changed."""
    tx.execute(
        """
        UPDATE letter SET state = :state, closes_at = :closes_at, reminded_at = :reminded_at, locked_at = :locked_at,
                          shown_version = :shown_version, published_at = :published_at, tried_at = NULL
        WHERE coalition_id = :coalition AND id = :id
        """,
        {
            "coalition": coalition_id,
            "id": letter.id,
            "state": letter.state.value,
            "closes_at": _text(letter.closes_at),
            "reminded_at": _text(letter.reminded_at),
            "locked_at": _text(letter.locked_at),
            "shown_version": letter.shown_version,
            "published_at": _text(letter.published_at),
        },
    )


def keep_addressed(tx: Transaction, coalition_id: str, letter_id: str, addressed: Mapping[str, Addressee]) -> None:
    """Whom each id in a letter's texts names, at its lock."""
    sql = "UPDATE letter SET addressed = :addressed WHERE coalition_id = :coalition AND id = :id"
    its = {"coalition": coalition_id, "id": letter_id, "addressed": _ADDRESSED.dump_json(dict(addressed)).decode()}
    tx.execute(sql, its)


def addressed(db: Reader, coalition_id: str, letter_id: str) -> dict[str, Addressee]:
    """Whom each id named at the lock; nobody before it."""
    sql = "SELECT addressed FROM letter WHERE coalition_id = :coalition AND id = :id"
    row = one(db.read(sql, {"coalition": coalition_id, "id": letter_id}))
    return _ADDRESSED.validate_json(row["addressed"]) if row and row["addressed"] else {}


def make_again(tx: Transaction, coalition_id: str, key: str) -> bool:
    """Make and post the documents of the letter's message with that key once more; False where a person asked for them.

    What the bot posts by itself is a draft in its alert's thread, and the locked letter.
    """
    posted = _POSTED.fullmatch(key)
    if posted is None:
        return False
    column = {"draft": "shown_version", "locked": "published_at"}[posted["what"]]
    sql = f"UPDATE letter SET {column} = NULL, tried_at = NULL WHERE coalition_id = :coalition AND id = :id"
    tx.execute(sql, {"coalition": coalition_id, "id": posted["letter"]})
    return True


def find(db: Reader, coalition_id: str, key: str, *, opened: bool = False) -> Dossier | None:
    """By its id, as buttons bear it, or by its number as people write it.

    `opened`: with the last text that was opened for sign-on, or locked; None where none was.
    """
    digits = key.upper().removeprefix("L-").removeprefix("L")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    sql = f"{_OPENED if opened else _NEWEST} AND (l.id = :id OR l.number = :number)"
    row = one(db.read(sql, {"coalition": coalition_id, "id": key, "number": number}))
    return _dossier(row) if row else None


def letters(db: Reader, coalition_id: str, states: Iterable[State] = State, *, opened: bool = False) -> list[Dossier]:
    """In these states, the newest first. `opened`: as in `find`."""
    wanted = {f"state_{n}": state.value for n, state in enumerate(states)}
    names = ", ".join(f":{name}" for name in wanted)
    sql = f"{_OPENED if opened else _NEWEST} AND l.state IN ({names}) ORDER BY l.number DESC"
    return [_dossier(row) for row in db.read(sql, {"coalition": coalition_id} | wanted)]


def containing(db: Reader, coalition_id: str, words: Words, *, opened: bool) -> Iterator[Dossier]:
    """Those that may have these words in the text that is seen, the newest text first; `opened`: as in `find`."""
    sql = f"""
        {_OPENED if opened else _NEWEST} AND {words.condition("v.texts || ' ' || l.facts")}
        ORDER BY v.written_at DESC, l.number DESC LIMIT {CANDIDATES}
    """
    return map(_dossier, db.read(sql, {"coalition": coalition_id} | words.params))


def due(db: Reader, coalition_id: str, now: datetime) -> list[Dossier]:
    """Those that the bot has something to do for; one that could not go on rests for a while."""
    sql = f"""
        {_NEWEST} AND (l.tried_at IS NULL OR l.tried_at <= :rested) AND (
            (l.entry_id IS NOT NULL AND l.shown_version IS NULL AND l.state NOT IN (:closed, :withdrawn))
            OR (l.locked_at IS NOT NULL AND l.published_at IS NULL AND l.state NOT IN (:closed, :withdrawn))
            OR (l.state = :open AND (l.closes_at <= :now OR (l.reminded_at IS NULL AND l.closes_at <= :soon)))
        ) ORDER BY l.number
    """
    states = {"closed": State.CLOSED.value, "withdrawn": State.WITHDRAWN.value, "open": State.OPEN.value}
    times = {"now": to_text(now), "soon": to_text(now + _SOON), "rested": to_text(now - _REST)}
    return [_dossier(row) for row in db.read(sql, {"coalition": coalition_id} | states | times)]


def tried(tx: Transaction, coalition_id: str, letter_id: str, now: datetime) -> None:
    """It could not go on; until it is changed, it is tried again only after a rest."""
    sql = "UPDATE letter SET tried_at = :now WHERE coalition_id = :coalition AND id = :id"
    tx.execute(sql, {"coalition": coalition_id, "id": letter_id, "now": to_text(now)})


def open_version(tx: Transaction, coalition_id: str, letter_id: str, version: int, now: datetime) -> None:
    """Members may see this text from now on."""
    sql = """
        UPDATE letter_version SET opened_at = :now
        WHERE coalition_id = :coalition AND letter_id = :letter AND version = :version AND opened_at IS NULL
    """
    its = {"coalition": coalition_id, "letter": letter_id, "version": version, "now": to_text(now)}
    tx.execute(sql, its)


def versions(db: Reader, coalition_id: str, letter_id: str, *, opened: bool = False) -> list[Version]:
    """Every text it had, oldest first. `opened`: those alone that were opened for sign-on, or locked."""
    sql = f"""
        SELECT version, texts, written_at, written_by FROM letter_version
        WHERE coalition_id = :coalition AND letter_id = :letter{" AND opened_at IS NOT NULL" if opened else ""}
        ORDER BY version
    """
    return [_version(row) for row in db.read(sql, {"coalition": coalition_id, "letter": letter_id})]


# --- approvals --------------------------------------------------------------------------------------------------------


def approve(tx: Transaction, coalition_id: str, letter: Dossier, person: str, now: datetime) -> None:
    """Of the text as it is now. Twice by one person counts once."""
    tx.execute(
        """
        INSERT INTO letter_approval (coalition_id, letter_id, digest, person_id, approved_at)
        VALUES (:coalition, :letter, :digest, :person, :now)
        ON CONFLICT (letter_id, digest, person_id) DO NOTHING
        """,
        {
            "coalition": coalition_id,
            "letter": letter.id,
            "digest": letter.version.digest,
            "person": person,
            "now": to_text(now),
        },
    )


def approvers(db: Reader, coalition_id: str, letter: Dossier) -> list[str]:
    """Who approved the text as it is now, the first first."""
    sql = """
        SELECT person_id FROM letter_approval
        WHERE coalition_id = :coalition AND letter_id = :letter AND digest = :digest ORDER BY approved_at, person_id
    """
    rows = db.read(sql, {"coalition": coalition_id, "letter": letter.id, "digest": letter.version.digest})
    return [row["person_id"] for row in rows]


def confirm(tx: Transaction, coalition_id: str, letter_id: str, confirmation: Confirmation) -> None:
    """A citation in one sentence of the letter. Confirmed again, it has the newer source."""
    tx.execute(
        """
        INSERT INTO letter_confirmation (coalition_id, letter_id, mark, cited, source, person_id, confirmed_at)
        VALUES (:coalition, :letter, :mark, :cited, :source, :person, :at)
        ON CONFLICT (letter_id, mark) DO UPDATE SET
            source = excluded.source, person_id = excluded.person_id, confirmed_at = excluded.confirmed_at
        """,
        {
            "coalition": coalition_id,
            "letter": letter_id,
            "mark": confirmation.mark,
            "cited": confirmation.cited,
            "source": confirmation.source,
            "person": confirmation.person,
            "at": to_text(confirmation.at),
        },
    )


def confirmations(db: Reader, coalition_id: str, letter_id: str) -> dict[str, Confirmation]:
    """What people confirmed in any text of the letter, by mark."""
    sql = "SELECT * FROM letter_confirmation WHERE coalition_id = :coalition AND letter_id = :letter ORDER BY mark"
    rows = db.read(sql, {"coalition": coalition_id, "letter": letter_id})
    return {
        row["mark"]: Confirmation(
            mark=row["mark"],
            cited=row["cited"],
            source=row["source"],
            person=row["person_id"],
            at=from_text(row["confirmed_at"]),
        )
        for row in rows
    }


# --- sign-on ----------------------------------------------------------------------------------------------------------


def decide(tx: Transaction, coalition_id: str, letter_id: str, sign_ons: Iterable[SignOn]) -> None:
    """What organisations decided, each in the place of what it decided before."""
    tx.execute_many(
        """
        INSERT INTO signature (coalition_id, letter_id, organisation, decision, legal_name, signatory, title, digest,
                               evidence_kind, evidence, person_id, decided_at)
        VALUES (:coalition, :letter, :organisation, :decision, :legal_name, :signatory, :title, :digest, :kind, :note,
                :person, :at)
        ON CONFLICT (letter_id, organisation) DO UPDATE SET
            decision = excluded.decision, legal_name = excluded.legal_name, signatory = excluded.signatory,
            title = excluded.title, digest = excluded.digest, evidence_kind = excluded.evidence_kind,
            evidence = excluded.evidence, person_id = excluded.person_id, decided_at = excluded.decided_at
        """,
        [
            {
                "coalition": coalition_id,
                "letter": letter_id,
                "organisation": each.organisation,
                "decision": each.decision.value,
                "legal_name": each.legal_name,
                "signatory": each.signatory,
                "title": each.title,
                "digest": each.digest,
                "kind": each.evidence.value if each.evidence else "",
                "note": each.note,
                "person": each.person,
                "at": to_text(each.at),
            }
            for each in sign_ons
        ],
    )


def sign_ons(db: Reader, coalition_id: str, letter_id: str) -> dict[str, SignOn]:
    """What each organisation decided last, in the order in which they did."""
    sql = """
        SELECT * FROM signature WHERE coalition_id = :coalition AND letter_id = :letter
        ORDER BY decided_at, organisation
    """
    rows = db.read(sql, {"coalition": coalition_id, "letter": letter_id})
    return {row["organisation"]: _sign_on(row) for row in rows}


def no_decision(tx: Transaction, coalition_id: str, letter_id: str, organisation: str) -> None:
    """As if the organization had not answered."""
    sql = "DELETE FROM signature WHERE coalition_id = :coalition AND letter_id = :letter AND organisation = :org"
    tx.execute(sql, {"coalition": coalition_id, "letter": letter_id, "org": organisation})


def last_title(db: Reader, coalition_id: str, organisation: str) -> tuple[str, str]:
    """Who signed for an organisation last, and as what; two empty texts where nobody has."""
    sql = """
        SELECT signatory, title FROM signature
        WHERE coalition_id = :coalition AND organisation = :organisation AND signatory <> ''
        ORDER BY decided_at DESC LIMIT 1
    """
    row = one(db.read(sql, {"coalition": coalition_id, "organisation": organisation}))
    return (row["signatory"], row["title"]) if row else ("", "")


# --- cards and mail ---------------------------------------------------------------------------------------------------


def keep_card(tx: Transaction, coalition_id: str, letter_id: str, delivery: str, organisation: str = "") -> None:
    tx.execute(
        """
        INSERT INTO letter_card (coalition_id, letter_id, delivery_id, organisation)
        VALUES (:coalition, :letter, :delivery, :organisation)
        """,
        {"coalition": coalition_id, "letter": letter_id, "delivery": delivery, "organisation": organisation},
    )


def cards(db: Reader, coalition_id: str, letter_id: str) -> list[tuple[str, str]]:
    """(delivery, organisation) of the cards that change with the letter."""
    sql = "SELECT * FROM letter_card WHERE coalition_id = :coalition AND letter_id = :letter ORDER BY delivery_id"
    rows = db.read(sql, {"coalition": coalition_id, "letter": letter_id})
    return [(row["delivery_id"], row["organisation"]) for row in rows]


def log(tx: Transaction, coalition_id: str, letter_id: str, mail: Mail) -> None:
    tx.execute(
        """
        INSERT INTO letter_mail (id, coalition_id, letter_id, kind, on_day, how, note, follow_up_on, person_id,
                                 written_at)
        VALUES (:id, :coalition, :letter, :kind, :on, :how, :note, :follow_up, :person, :at)
        """,
        {
            "id": mail.id,
            "coalition": coalition_id,
            "letter": letter_id,
            "kind": mail.kind,
            "on": mail.on.isoformat(),
            "how": mail.how,
            "note": mail.note,
            "follow_up": mail.follow_up_on.isoformat() if mail.follow_up_on else None,
            "person": mail.person,
            "at": to_text(mail.at),
        },
    )


def mail(db: Reader, coalition_id: str, letter_id: str) -> list[Mail]:
    """What went out and came back, in the order in which it was written down."""
    sql = "SELECT * FROM letter_mail WHERE coalition_id = :coalition AND letter_id = :letter ORDER BY written_at, id"
    return [_mail(row) for row in db.read(sql, {"coalition": coalition_id, "letter": letter_id})]


def mail_containing(db: Reader, coalition_id: str, words: Words) -> Iterator[tuple[int, Mail]]:
    """(letter's number, mail) whose note may have these words, newest first."""
    sql = f"""
        SELECT m.*, l.number FROM letter_mail AS m JOIN letter AS l ON l.id = m.letter_id
        WHERE m.coalition_id = :coalition AND {words.condition("m.note")}
        ORDER BY m.written_at DESC, m.id LIMIT {CANDIDATES}
    """
    return ((row["number"], _mail(row)) for row in db.read(sql, {"coalition": coalition_id} | words.params))


def to_follow_up(db: Reader, coalition_id: str, today: date) -> list[tuple[str, Mail]]:
    """(letter, mail) of what was sent, is to be followed up by now, and nobody was told of yet."""
    sql = """
        SELECT m.* FROM letter_mail AS m JOIN letter AS l ON l.id = m.letter_id
        WHERE m.coalition_id = :coalition AND m.follow_up_on <= :today AND m.followed_up_at IS NULL
          AND l.state = 'sent' ORDER BY m.follow_up_on, m.id
    """
    rows = db.read(sql, {"coalition": coalition_id, "today": today.isoformat()})
    return [(row["letter_id"], _mail(row)) for row in rows]


def followed_up(tx: Transaction, coalition_id: str, mail_id: str, now: datetime) -> None:
    sql = "UPDATE letter_mail SET followed_up_at = :now WHERE coalition_id = :coalition AND id = :id"
    tx.execute(sql, {"coalition": coalition_id, "id": mail_id, "now": to_text(now)})


# --- letters to many --------------------------------------------------------------------------------------------------


def begin_merge(tx: Transaction, coalition_id: str, merge: Merge) -> bool:
    """False where this letter is being made for this person already."""
    sql = """
        INSERT INTO letter_merge (id, coalition_id, letter_id, version, person_id, delivery_id, made, asked_at)
        VALUES (:id, :coalition, :letter, :version, :person, :delivery, 0, :at)
        ON CONFLICT (letter_id, person_id) DO NOTHING RETURNING id
    """
    new = {"coalition": coalition_id, "id": merge.id, "letter": merge.letter, "version": merge.version}
    return bool(tx.execute(sql, new | {"person": merge.person, "delivery": merge.delivery, "at": to_text(merge.at)}))


def next_merge(db: Reader, coalition_id: str) -> Merge | None:
    """What was asked for first."""
    sql = "SELECT * FROM letter_merge WHERE coalition_id = :coalition ORDER BY asked_at, id LIMIT 1"
    row = one(db.read(sql, {"coalition": coalition_id}))
    return _merge(row) if row else None


def go_on_with_merge(tx: Transaction, coalition_id: str, id_: str, made: int) -> None:
    sql = "UPDATE letter_merge SET made = :made WHERE coalition_id = :coalition AND id = :id"
    tx.execute(sql, {"coalition": coalition_id, "id": id_, "made": made})


def end_merge(tx: Transaction, coalition_id: str, id_: str) -> None:
    sql = "DELETE FROM letter_merge WHERE coalition_id = :coalition AND id = :id"
    tx.execute(sql, {"coalition": coalition_id, "id": id_})


# --- rows -------------------------------------------------------------------------------------------------------------


def _dossier(row: Row) -> Dossier:
    return Dossier(
        id=row["id"],
        number=row["number"],
        state=State(row["state"]),
        template=row["template"],
        template_digest=row["template_digest"],
        lobbying=row["lobbying"],
        lobbying_why=row["lobbying_why"],
        version=_version(row),
        created_by=row["created_by"],
        created_at=from_text(row["created_at"]),
        facts=json.loads(row["facts"]),
        ask=row["ask"],
        entry=row["entry_id"],
        closes_at=_moment(row["closes_at"]),
        reminded_at=_moment(row["reminded_at"]),
        locked_at=_moment(row["locked_at"]),
        shown_version=row["shown_version"],
        published_at=_moment(row["published_at"]),
    )


def _version(row: Row) -> Version:
    return Version(
        number=row["version"],
        texts=_TEXTS.validate_json(row["texts"]),
        by=row["written_by"],
        at=from_text(row["written_at"]),
    )


def _sign_on(row: Row) -> SignOn:
    return SignOn(
        organisation=row["organisation"],
        decision=Decision(row["decision"]),
        legal_name=row["legal_name"],
        signatory=row["signatory"],
        title=row["title"],
        digest=row["digest"],
        evidence=Evidence(row["evidence_kind"]) if row["evidence_kind"] else None,
        note=row["evidence"],
        person=row["person_id"],
        at=from_text(row["decided_at"]),
    )


def _mail(row: Row) -> Mail:
    return Mail(
        id=row["id"],
        kind=row["kind"],
        on=date.fromisoformat(row["on_day"]),
        how=row["how"],
        note=row["note"],
        follow_up_on=date.fromisoformat(row["follow_up_on"]) if row["follow_up_on"] else None,
        person=row["person_id"],
        at=from_text(row["written_at"]),
    )


def _merge(row: Row) -> Merge:
    return Merge(
        id=row["id"],
        letter=row["letter_id"],
        version=row["version"],
        person=row["person_id"],
        delivery=row["delivery_id"],
        made=row["made"],
        at=from_text(row["asked_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
