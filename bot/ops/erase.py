"""Erase a person or an organization from what is stored.

Their rows and ids are deleted, and their name where a row says whose it is; what they did stays, without a name. Only
when a person at the terminal has read in how many texts their name also is, and agreed, is it taken out of those
(`store/shape.py` (`WORDS`)). What else names them is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

from bot.alerts import handling
from bot.commands.model import Work
from bot.config.coalition import Coalition
from bot.letters import offices
from bot.letters import records as letters
from bot.letters.lifecycle import ERASED
from bot.media.contacts import records
from bot.media.news import commands as mentions
from bot.media.press import erase, notices
from bot.ops.retention import TABLES
from bot.outbox import files
from bot.outbox.model import OUTSIDE, PERSONAL
from bot.people import audit, contacts, mail
from bot.settings.changes import MEMBER
from bot.settings.records import versions
from bot.shared.errors import Problem
from bot.store import shape
from bot.store.database import Reader, Row, Transaction, delete_rows, from_text, save_row, update_rows
from bot.store.names import REDACTED, Names, fold

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
_ALLY: Final = "ally:"
_HASHED: Final = "sha256:"
REPORTER: Final = "reporter"
_EVERYWHERE: Final = "everywhere"  # recorded of a subject whose name was taken out of texts, too
# Names that the store knows: a longer one that contains an erased one stays whole.
_KNOWN_NAMES: Final = {
    "person": "name", "press_contact": "name", "office_contact": "name", "press_inquiry": "reporter",
    "signature": "signatory", "ally_request": "signatory", "legislator": "official_full",
}  # fmt: skip
# Whether to take the name out of texts, too, by how many rows of each table that would change.
Agree = Callable[[Counter[str]], bool]
_TASKS: Final = (handling.unassign_all, mentions.free, offices.free, notices.unassign_all)


class NothingToErase(Problem):
    """Nobody has that id or name; the message says so."""


@dataclass(slots=True)
class Erased:
    """The result. `tasks`: those that are now unassigned.

    `texts`: how many rows of each table lost their name; `named`: how many still have it.

    `names`: what to search the two files for. `emptied`: messages to empty in the chat. `again`: queued messages whose
    documents are rendered again; `without`: those that lost their documents. `left`: names of one word, which were not
    searched for within texts; `surnames`: how many rows of each table contain their surname alone. `scrubbed`: the
    database's files are rewritten.
    """

    who: str
    names: Names
    tasks: list[str] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    named: Counter[str] = field(default_factory=Counter)
    emptied: int = 0
    again: int = 0
    without: int = 0
    left: tuple[str, ...] = ()
    surnames: Counter[str] = field(default_factory=Counter)
    scrubbed: bool = False


def always(_: Counter[str]) -> bool:
    return True


def never(_: Counter[str]) -> bool:
    return False


def erase_person(work: Work, typed: str, agree: Agree = never) -> Erased:
    """Erase the one person with that id or full name. Raises `NothingToErase`."""
    row = _find_person(work.tx, typed)
    done = _delete_person(work, row)
    return _finish(work.tx, done, agree, work.now, (PERSON, row["id"]))


def erase_organization(work: Work, typed: str, agree: Agree = never) -> Erased:
    """Erase a member by its id in coalition.yml, or an ally by "ally:" and its name, with everyone who acts for it."""
    tx, coalition, now = work.tx, work.config.coalition, work.now
    id_ = _find_organization(tx, coalition, typed)
    member, hashed = coalition.members.get(id_), typed.startswith(_HASHED)
    names = [member.name, member.legal_name, member.short] if member else []
    set_in_chat = [json.loads(version.body) for version in versions(tx, MEMBER, id_) if version.body]
    names += [body.get(key) for body in set_in_chat for key in ("name", "legal_name", "short")]
    names += _signed_as(tx, id_) or [id_.removeprefix(_ALLY)]
    if typed not in (id_, id_.removeprefix(_ALLY)) and not hashed:
        names.append(typed.removeprefix(_ALLY))
    names, people = list(filter(None, names)), list(_signatories(tx, id_))
    done, keys = Erased(names[0], Names()), [] if member else [id_]
    rows = tx.read("SELECT id, name FROM person WHERE organisation = :id ORDER BY id", {"id": id_})
    for row in rows:
        each = _delete_person(work, row)
        done.rows, done.texts, done.tasks = done.rows + each.rows, done.texts + each.texts, done.tasks + each.tasks
        people, keys = [*people, *each.names.people], [*keys, *each.names.keys]
    requests = tx.read("SELECT id FROM ally_request WHERE organisation = :id", {"id": id_})
    done.rows += _messages(tx, [f"{OUTSIDE}{row['id']}" for row in requests])
    letters.unname_sent(tx, id_, f"{ERASED}{work.new_id()}", REDACTED)
    for table, rule in TABLES.items():
        if rule.organization:
            done.rows += delete_rows(tx, table, **{rule.organization: id_})
    others = [name for known, signed in _organizations(tx).items() if known != id_ for name in (known, *signed)]
    others += [name for other in coalition.members.values() for name in (other.name, other.legal_name or "")]
    done.names = Names(people, names, keys=keys, spared=[*others, *_known_names(tx)])
    subject = typed if hashed else id_ if member else _hash_ally(id_, work.new_id())
    return _finish(tx, done, agree, now, *((PERSON, row["id"]) for row in rows), (ORGANISATION, subject))


def erase_contact(work: Work, typed: str, agree: Agree = never) -> Erased:
    """Erase a reporter or a contact in an office by number or id, as the chat does. Raises `NothingToErase`."""
    tx = work.tx
    reporter = next((each for each in records.all_contacts(tx) if typed in (each.id, each.label)), None)
    staff = next((each for each in offices.known(tx) if typed in (each.id, each.label)), None)
    contact: contacts.Contact | None = reporter or staff
    if contact is None:
        raise NothingToErase(f"There is no contact {typed}. Write the number, such as P-31 or C-12.")
    room, emptied = "press" if reporter else "office", 0
    if reporter:
        names, emptied, texts = erase.erase_contact(work, reporter, {})
    elif staff:
        names, texts = offices.erase_contact(work, staff, {})
    change = audit.Change(at=work.now, person=None, who="an operator", origin="a terminal", command=f"{room} erase",
                    subject=f"{room} contact {contact.label}", before="on the list", after="erased")  # fmt: skip
    audit.write(tx, change, new_id=work.new_id)
    done = Erased(contact.label, names, texts=texts, rows=1, emptied=emptied)
    return _finish(tx, done, agree, work.now, (REPORTER, contact.id))


def _delete_person(work: Work, row: Row) -> Erased:
    """Delete a person's rows, and their name where they changed or signed something. Their open tasks are free."""
    tx, tasks = work.tx, [line.text for release in _TASKS for line in release(work, row["id"])]
    accounts = _theirs(tx, "account", row["id"])
    ids = [each["user_id"] for each in accounts if each["platform"] not in ("console", mail.PLATFORM)]
    # An address that nobody confirmed may be another's, or words.
    ids += [each["address"] for each in _theirs(tx, "mail_address", row["id"]) if each["confirmed_at"]]
    done = Erased(row["name"], Names((row["name"],), keys=ids, spared=_known_names(tx)), tasks=tasks)
    params = {"gone": REDACTED, "now": work.now, "id": row["id"]}
    for table, rule in TABLES.items():
        if rule.person:
            done.rows += delete_rows(tx, table, **{rule.person: row["id"]})
    done.rows += _messages(tx, [f"{prefix}{row['id']}" for prefix in PERSONAL])
    tx.execute(
        "UPDATE person SET name = :gone, organisation = NULL, left_at = COALESCE(left_at, :now) WHERE id = :id", params
    )
    done.texts["audit"] = update_rows(tx, "audit", {"who": REDACTED}, person_id=row["id"])
    sql = "SELECT letter_id, organisation, signatory, evidence FROM signature WHERE person_id = :id"
    for signed in map(dict, tx.read(sql, params)):
        if done.names.is_one(signed["signatory"]):  # others' names are their own
            signed["signatory"] = REDACTED
        if signed["evidence"].endswith(f" by {row['name']}"):  # "recorded by", "accepted by"
            signed["evidence"] = signed["evidence"].removesuffix(row["name"]) + REDACTED
        where = "letter_id = :letter_id AND organisation = :organisation"
        tx.execute(f"UPDATE signature SET signatory = :signatory, evidence = :evidence WHERE {where}", signed)
    return done


def _finish(tx: Transaction, done: Erased, agree: Agree, now: datetime, *subjects: tuple[str, str]) -> Erased:
    """Take the name out of texts if that is agreed, remember who was erased, and count where the name still is."""
    counts = shape.count_redactable(tx, done.names)
    everywhere = bool(counts) and agree(counts)
    if everywhere:
        done.texts += shape.redact(tx, done.names)
    for kind, subject in subjects:
        _remember(tx, kind, subject, now)
        if everywhere:
            _remember(tx, _EVERYWHERE, subject, now)
    _documents(tx, done, everywhere, now)
    contacts.must_scrub(tx)  # if the program ends before the files are rewritten
    done.named, done.surnames = shape.count_named(tx, done.names), shape.count_surnames(tx, done.names)
    done.left = tuple(done.names.short)
    return done


@dataclass(frozen=True, slots=True)
class MustStayErased:
    """What a backup must not bring back, as one store lists it. `subjects`: when each (kind, id) was erased."""

    subjects: Mapping[tuple[str, str], str] = field(default_factory=dict)
    opted_out: contacts.OptOuts | None = None


def must_stay_erased(db: Reader) -> MustStayErased:
    """Return everyone who was erased or wants no email."""
    rows = db.read("SELECT * FROM erasure ORDER BY erased_at, kind, subject")
    return MustStayErased(
        {(row["kind"], row["subject"]): row["erased_at"] for row in rows},
        contacts.load_opt_outs(db, [*records.all_contacts(db), *offices.known(db)]),
    )


def erase_again(work: Work, those: MustStayErased) -> int:
    """Erase from a restored backup who was erased after it was made; return how many. Earlier ones came back."""
    count, before = 0, must_stay_erased(work.tx).subjects
    for (kind, subject), at in those.subjects.items():
        if before.get((kind, subject)) == at:
            continue
        agree = always if (_EVERYWHERE, subject) in those.subjects else never  # as it was done before
        with suppress(NothingToErase):
            if kind == PERSON:
                erase_person(work, subject, agree)
            elif kind == ORGANISATION:
                erase_organization(work, subject, agree)
            elif kind == REPORTER:
                erase_contact(work, subject, agree)
            count += kind != _EVERYWHERE
    for (kind, subject), at in those.subjects.items():  # as it was, for a later restore
        _remember(work.tx, kind, subject, from_text(at))
    if those.opted_out:
        tx, again = work.tx, partial(contacts.reapply_opt_outs, work, those.opted_out)
        save, delete = partial(records.save_contact, tx, now=work.now), partial(erase.erase_contact, work)
        count += again(records.all_contacts(tx), save, delete)
        count += again(offices.known(tx), partial(offices.save, work), partial(offices.erase_contact, work))
    return count


def _find_person(tx: Reader, typed: str) -> Row:
    """Find one person by id, or by full name in any spelling."""
    rows = tx.read("SELECT id, name, left_at FROM person")
    there = [row for row in rows if row["name"] != REDACTED or not row["left_at"]]  # a person may be called so
    name = fold(typed).split()
    matches = [row for row in there if row["id"] == typed]
    matches = matches or [row for row in there if fold(row["name"]).split() == name]
    if not matches:
        raise NothingToErase(f"No one has the id or full name {typed}. /people list shows everyone.")
    if len(matches) > 1:
        ids = ", ".join(row["id"] for row in matches)
        raise NothingToErase(f"{len(matches)} people are called {typed}. Choose one by id ({ids}).")
    return matches[0]


def _known_names(tx: Reader) -> list[str]:
    """Return the names of other people: the erased one is not among them any more, or is another's, too."""
    rows = [row for table, name in _KNOWN_NAMES.items() for row in tx.read(f"SELECT {name} AS name FROM {table}")]
    return [row["name"] for row in rows if row["name"] not in (None, "", REDACTED)]


def _find_organization(tx: Reader, coalition: Coalition, typed: str) -> str:
    """The id of the member or ally: by id, name, or the hash that an erased ally left. Raises `NothingToErase`."""
    if typed in coalition.members:
        return typed
    organizations = _organizations(tx)
    exact = (
        id_
        for id_ in organizations
        if (_hash_ally(id_, typed.split(":")[1]) if typed.startswith(_HASHED) else id_) == typed
    )
    if id_ := next(exact, None):
        return id_
    wanted = _letters_and_digits(typed.removeprefix(_ALLY))
    alike = [
        id_
        for id_, names in organizations.items()
        if wanted and id_.startswith(_ALLY) and wanted in map(_letters_and_digits, (id_.removeprefix(_ALLY), *names))
    ]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise NothingToErase(f"{len(alike)} organizations are called {typed}. Choose one by id ({', '.join(alike)}).")
    raise NothingToErase(
        f"There is no organization {typed}. Write a member's id from coalition.yml, or ally: and the name it signed "
        'under: --org "ally:Freedom Network".'
    )


def _organizations(tx: Reader) -> dict[str, list[str]]:
    """Return every organization that the store mentions, by id, with the names it signed under."""
    organizations: dict[str, list[str]] = {}
    tables = [("person", "organisation"), *((name, rule.organization) for name, rule in TABLES.items())]
    for table, column in tables:
        if column:
            sql = f"SELECT DISTINCT {column} AS id FROM {table} ORDER BY id"
            rows = tx.read(sql)
            organizations |= {row["id"]: _signed_as(tx, row["id"]) for row in rows if row["id"]}
    return organizations


def _signed_as(tx: Reader, id_: str) -> list[str]:
    sql = """
        SELECT legal_name FROM signature WHERE organisation = :id
        UNION SELECT legal_name FROM ally_request WHERE organisation = :id
        ORDER BY legal_name
    """
    return [row["legal_name"] for row in tx.read(sql, {"id": id_})]


def _signatories(tx: Reader, id_: str) -> list[str]:
    """Return who signed for an organization, but for those who are known otherwise, too."""
    names = []
    for which in ("= :id", "<> :id"):
        sql = f"""
            SELECT signatory FROM signature WHERE organisation {which}
            UNION SELECT signatory FROM ally_request WHERE organisation {which}
        """
        rows = tx.read(sql, {"id": id_})
        names.append({row["signatory"] for row in rows if row["signatory"]})
    return sorted(names[0] - names[1] - {row["name"] for row in tx.read("SELECT name FROM person")})


def _letters_and_digits(name: str) -> str:
    """Return the letters and digits of a name, which its id is made of."""
    return "".join(filter(str.isalnum, fold(name)))


def _hash_ally(id_: str, salt: str) -> str:
    """Hash an ally's id, so that a restored backup recognizes the ally and nothing reveals it."""
    return f"{_HASHED}{salt}:{sha256(f'{salt}:{id_}'.encode()).hexdigest()}"


def _theirs(tx: Reader, table: str, person_id: str) -> list[Row]:
    sql = f"SELECT * FROM {table} WHERE {TABLES[table].person} = :id"
    return tx.read(sql, {"id": person_id})


def _messages(tx: Transaction, channels: Sequence[str]) -> int:
    """Delete the messages to these channels, which were for them alone; return how many."""
    where, count = "channel = :channel", 0
    for channel in channels:
        params = {"channel": channel}
        tx.execute(f"DELETE FROM recalled WHERE {where}", params)
        count += len(tx.execute(f"DELETE FROM delivery WHERE {where} RETURNING 1 AS one", params))
    return count


def _documents(tx: Transaction, done: Erased, everywhere: bool, now: datetime) -> None:
    """Render again the documents that the bot posts by itself; a person can request the others again."""
    for each in files.strip(tx, done.names, now, lambda key: everywhere or letters.makes_documents(key)):
        again = each.unsent and letters.requeue_documents(tx, each.key)
        if each.unsent:
            then = "they are made again" if again else "ask for them again"
            files.retire(tx, each.id, f"its documents named someone who was erased; {then}")
        done.again, done.without = done.again + again, done.without + (not again)


def _remember(tx: Transaction, kind: str, subject: str, now: datetime) -> None:
    save_row(tx, "erasure", {"kind": kind, "subject": subject, "erased_at": now}, key="kind, subject")
