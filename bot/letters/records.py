"""The SQL of letters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.congress.model import Addressee
from bot.letters.facts import Facts, Rendering
from bot.letters.lifecycle import WERE_SENT, Dossier, Mail, SignOn, State, Text, Version
from bot.letters.model import Evidence
from bot.letters.statements.sourcing import Confirmation
from bot.people import audit
from bot.shared.search import CANDIDATES, Words
from bot.shared.values import json_adapter
from bot.store import memo
from bot.store.database import (
    Reader,
    Rows,
    Transaction,
    from_text,
    insert_rows,
    one,
    params,
    placeholders,
    save_row,
    save_rows,
    update_rows,
)

_TEXTS: Final = json_adapter(tuple[Text, ...])
_FACTS: Final = json_adapter(Facts)
_ADDRESSED: Final = json_adapter(dict[str, Addressee])
_SOON: Final = timedelta(days=2)  # at least as long as the time from the reminder to the deadline
_REST: Final = timedelta(minutes=10)  # before a letter whose step failed is retried
_WITH_VERSION: Final = """
    SELECT l.*, v.version, v.texts, v.digest, v.written_at, v.written_by FROM letter AS l
    JOIN letter_version AS v ON v.letter_id = l.id
    WHERE v.version = (
        SELECT MAX(last.version) FROM letter_version AS last WHERE last.letter_id = l.id{which}
    )
"""
_NEWEST: Final = _WITH_VERSION.format(which="")
_OPENED: Final = _WITH_VERSION.format(which=" AND last.opened_at IS NOT NULL")

_POSTED: Final = re.compile(r"(?:.*/)?letter:(?P<letter>[^:/]+):(?P<what>draft|locked)")

_VERSIONS: Final = Rows(
    Version,
    "letter_version",
    {"number": "version", "by": "written_by", "at": "written_at"},
    texts=lambda row: _TEXTS.validate_json(row["texts"]),
    stored=lambda row: row["digest"],
)
_LETTERS: Final = Rows(
    Dossier,
    "letter",
    {"entry": "entry_id"},
    version=_VERSIONS.read,
    facts=lambda row: json.loads(row["facts"]),
    untrue=lambda row: tuple(json.loads(row["untrue"] or "[]")),
)
_SIGN_ONS: Final = Rows(
    SignOn,
    "signature",
    {"note": "evidence", "person": "person_id", "at": "decided_at"},
    evidence=lambda row: Evidence(row["evidence_kind"]) if row["evidence_kind"] else None,
)
_LAST_NUMBER: Final = "letter number"
_CONFIRMATIONS: Final = Rows(Confirmation, "letter_confirmation", {"person": "person_id", "at": "confirmed_at"})
_WAS_OPENED: Final = "EXISTS (SELECT 1 FROM letter_version WHERE letter_id = l.id AND opened_at IS NOT NULL)"
_MAIL: Final = Rows(Mail, "letter_mail", {"on": "on_day", "person": "person_id", "at": "written_at"})


def next_number(tx: Transaction) -> int:
    """Return a number from 1 that no letter has had: the audit names a draft that was deleted, too.

    Call it in the transaction that adds the letter.
    """
    used = int(tx.read("SELECT COALESCE(MAX(number), 0) AS n FROM letter")[0]["n"])
    if memo.get_memo(tx, _LAST_NUMBER) is None:  # a store of a version that did not note it
        named = (re.match(r"L-(\d+)", subject) for subject in audit.subjects(tx, "L-"))
        used = max([used, *(int(match[1]) for match in named if match)])
    return memo.next_number(tx, _LAST_NUMBER, used)


def add(tx: Transaction, letter: Dossier, rendering: Rendering) -> None:
    """Store a new letter, its first version, and what that was rendered from."""
    _LETTERS.insert(tx, [letter], facts=json.dumps(letter.facts, ensure_ascii=False))
    add_version(tx, letter.id, letter.version)
    add_rendering(tx, letter, rendering)


def add_rendering(tx: Transaction, letter: Dossier, rendering: Rendering) -> None:
    """Store what the letter's newest version was rendered from, and its texts before people edited them."""
    row = {
        "letter_id": letter.id,
        "version": letter.version.number,
        "facts": _FACTS.dump_json(rendering.facts).decode() if rendering.facts else None,
        "texts": _TEXTS.dump_json(rendering.texts).decode(),
    }
    save_row(tx, "letter_rendering", row, key="letter_id, version")


def save_draft(tx: Transaction, letter: Dossier, rendering: Rendering) -> None:
    """Store a fresh draft's rendering with the letter's newest version, and the facts and template it has now."""
    update_rows(tx, "letter", {"template_digest": letter.template_digest}, id=letter.id)
    save_look(tx, letter.id, letter.facts, ())
    add_rendering(tx, letter, rendering)


def save_look(tx: Transaction, letter_id: str, facts: Mapping[str, Any], untrue: Sequence[str]) -> None:
    """Store the facts that a letter has with its newest names, and why it is out of date, if it is."""
    given = {"facts": json.dumps(facts, ensure_ascii=False), "untrue": json.dumps(untrue) if untrue else None}
    update_rows(tx, "letter", given, id=letter_id)


def rendering(db: Reader, letter: Dossier) -> Rendering:
    """What the letter's version was rendered from, or the version that it is an edit of."""
    sql = """
        SELECT facts, texts FROM letter_rendering
        WHERE letter_id = :letter AND version <= :version ORDER BY version DESC LIMIT 1
    """
    (row,) = db.read(sql, {"letter": letter.id, "version": letter.version.number})
    facts = _FACTS.validate_json(row["facts"]) if row["facts"] else None
    return Rendering(texts=_TEXTS.validate_json(row["texts"]), facts=facts)


def add_version(tx: Transaction, letter_id: str, version: Version) -> None:
    texts = _TEXTS.dump_json(version.texts).decode()
    _VERSIONS.insert(tx, [version], letter_id=letter_id, texts=texts, digest=version.digest)


def save(tx: Transaction, letter: Dossier) -> None:
    """Store a letter's state and times. Versions are only ever added."""
    changing = ("state", "closes_at", "reminded_at", "locked_at", "shown_version", "published_at", "summary")
    update_rows(tx, "letter", _LETTERS.row(letter, only=changing, tried_at=None), id=letter.id)


def state(db: Reader, letter_id: str) -> State:
    return State(db.read("SELECT state FROM letter WHERE id = :id", {"id": letter_id})[0]["state"])


def save_locked(
    tx: Transaction, letter_id: str, addressed: Mapping[str, Addressee], coalition: Mapping[str, Any]
) -> None:
    """Store the addressees by id, and the facts of the coalition, as they are at the letter's lock."""
    text = _ADDRESSED.dump_json(dict(addressed)).decode()
    update_rows(tx, "letter", {"addressed": text, "coalition": json.dumps(coalition)}, id=letter_id)


def locked(db: Reader, letter_id: str) -> tuple[dict[str, Addressee], Mapping[str, Any]]:
    """As `save_locked` stored them; empty before the lock, and for letters locked before they were stored."""
    row = one(db.read("SELECT addressed, coalition FROM letter WHERE id = :id", {"id": letter_id}))
    addressed, coalition = (row["addressed"], row["coalition"]) if row else (None, None)
    return _ADDRESSED.validate_json(addressed) if addressed else {}, json.loads(coalition) if coalition else {}


def makes_documents(key: str) -> bool:
    """Whether the bot itself posts documents with the message of this outbox key, and so can make them again."""
    return _POSTED.fullmatch(key) is not None


def requeue_documents(tx: Transaction, key: str) -> bool:
    """Render and post the documents of the message with this outbox key again; False if a person had asked for them.

    The bot itself posts only drafts in their alert's thread and locked letters.
    """
    parsed = _POSTED.fullmatch(key)
    if parsed is None:
        return False
    column = {"draft": "shown_version", "locked": "published_at"}[parsed["what"]]
    update_rows(tx, "letter", {column: None, "tried_at": None}, id=parsed["letter"])
    return True


def find(db: Reader, key: str, *, opened: bool = False) -> Dossier | None:
    """The letter with this id or number (`L-014`, `14`). `opened`: with the newest text opened or locked; or None."""
    digits = key.upper().removeprefix("L-").removeprefix("L")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1
    sql = f"{_OPENED if opened else _NEWEST} AND (l.id = :id OR l.number = :number)"
    return _LETTERS.first(db, sql, {"id": key, "number": number})


def get(db: Reader, letter_id: str) -> Dossier:
    """The letter of a row that is deleted with it."""
    letter = find(db, letter_id)
    assert letter is not None
    return letter


def letters(
    db: Reader, states: Iterable[State] = State, *, opened: bool = False, start: int = 0, most: int | None = None
) -> list[Dossier]:
    """Letters in these states, newest first; from the `start`-th on `most`, or all. `opened`: as in `find`."""
    condition, values = _in_states(states)
    part = "" if most is None else " LIMIT :most OFFSET :start"
    values |= {} if most is None else {"most": most, "start": start}
    sql = f"{_OPENED if opened else _NEWEST} AND {condition} ORDER BY l.number DESC{part}"
    return _LETTERS.all(db, sql, values)


def count_letters(db: Reader, states: Iterable[State], *, opened: bool) -> int:
    """How many letters `letters` returns for these states."""
    condition, values = _in_states(states)
    if opened:
        condition += f" AND {_WAS_OPENED}"
    return int(db.read(f"SELECT COUNT(*) AS n FROM letter AS l WHERE {condition}", values)[0]["n"])


def stage_starts(db: Reader, *, opened: bool) -> dict[str, tuple[State, datetime, date | None]]:
    """(state, when it was locked or else drafted, the day it was sent) of each letter by id. `opened`: as in `find`."""
    condition = f"WHERE {_WAS_OPENED}" if opened else ""
    sql = f"""
        SELECT l.id, l.state, COALESCE(l.locked_at, l.created_at) AS at,
            (SELECT MIN(on_day) FROM letter_mail WHERE letter_id = l.id AND kind = 'sent') AS sent
        FROM letter AS l {condition}
    """
    return {
        row["id"]: (State(row["state"]), from_text(row["at"]), date.fromisoformat(row["sent"]) if row["sent"] else None)
        for row in db.read(sql)
    }


def _in_states(states: Iterable[State]) -> tuple[str, dict[str, Any]]:
    """The condition on `letter AS l`, and its parameters."""
    wanted = [state.value for state in states]
    return f"l.state IN ({placeholders(wanted)})", params(wanted)


def letters_containing(db: Reader, words: Words, *, opened: bool) -> Iterator[Dossier]:
    """Letters whose text may contain these words, newest text first; `opened`: as in `find`."""
    sql = f"""
        {_OPENED if opened else _NEWEST} AND {words.condition("v.texts || ' ' || l.facts")}
        ORDER BY v.written_at DESC, l.number DESC LIMIT {CANDIDATES}
    """
    return map(_LETTERS.read, db.read(sql, words.params))


def due(db: Reader, now: datetime) -> list[Dossier]:
    """Letters with a scheduled step due; one whose step failed recently is left out."""
    ended = f"('{State.CLOSED}', '{State.WITHDRAWN}')"
    sql = f"""
        {_NEWEST} AND (l.tried_at IS NULL OR l.tried_at <= :rested) AND (
            (l.entry_id IS NOT NULL AND l.shown_version IS NULL AND l.state NOT IN {ended})
            OR (l.locked_at IS NOT NULL AND l.published_at IS NULL AND l.state NOT IN {ended})
            OR (l.state IN ('{State.OPEN}', '{State.REVIEW}') AND l.closes_at <= :now)
            OR (l.state = '{State.OPEN}' AND l.reminded_at IS NULL AND l.closes_at <= :soon)
        ) ORDER BY l.number
    """
    times = {"now": now, "soon": now + _SOON, "rested": now - _REST}
    return _LETTERS.all(db, sql, times)


def mark_tried(tx: Transaction, letter_id: str, now: datetime) -> None:
    """Record that a scheduled step failed, so that it is retried later; saving the letter clears this."""
    update_rows(tx, "letter", {"tried_at": now}, id=letter_id)


def open_version(tx: Transaction, letter_id: str, version: int, now: datetime) -> None:
    """Make this version visible to members."""
    update_rows(tx, "letter_version", {"opened_at": now}, letter_id=letter_id, version=version, opened_at=None)


def asked_at(db: Reader, letter_id: str) -> datetime:
    """When members were first asked to sign a text of a letter that is or was open."""
    sql = "SELECT MIN(opened_at) AS first FROM letter_version WHERE letter_id = :letter"
    return from_text(db.read(sql, {"letter": letter_id})[0]["first"])


def versions(db: Reader, letter_id: str, *, opened: bool = False) -> list[Version]:
    """Every version, oldest first. `opened`: only those that were opened for sign-on or locked."""
    condition = "letter_id = :letter AND opened_at IS NOT NULL" if opened else "letter_id = :letter"
    return _VERSIONS.select(db, f"WHERE {condition} ORDER BY version", letter=letter_id)


# --- approvals --------------------------------------------------------------------------------------------------------


def approvals(db: Reader, letter: Dossier) -> dict[str, datetime]:
    """When each person who approved the current text did, by id and in order of approval."""
    sql = """
        SELECT person_id, approved_at FROM letter_approval
        WHERE letter_id = :letter AND digest = :digest ORDER BY approved_at, person_id
    """
    rows = db.read(sql, {"letter": letter.id, "digest": letter.version.digest})
    return {row["person_id"]: from_text(row["approved_at"]) for row in rows}


def save_confirmation(tx: Transaction, letter_id: str, confirmation: Confirmation) -> None:
    """Store the confirmation of a citation in one sentence; a later one replaces its source."""
    _CONFIRMATIONS.save(tx, confirmation, key="letter_id, mark", keep=("cited",), letter_id=letter_id)


def confirmations(db: Reader, letter_id: str) -> dict[str, Confirmation]:
    """Confirmations of citations in any version of the letter, by mark."""
    stored = _CONFIRMATIONS.select(db, "WHERE letter_id = :letter ORDER BY mark", letter=letter_id)
    return {confirmation.mark: confirmation for confirmation in stored}


# --- sign-on ----------------------------------------------------------------------------------------------------------


def save_sign_ons(tx: Transaction, letter_id: str, sign_ons: Iterable[SignOn]) -> None:
    """Store organizations' decisions, each replacing its previous one."""
    rows = [_SIGN_ONS.row(each, letter_id=letter_id, evidence_kind=each.evidence or "") for each in sign_ons]
    save_rows(tx, "signature", rows, key="letter_id,organisation")


def sign_ons(db: Reader, letter_id: str) -> dict[str, SignOn]:
    """Each organization's latest decision, by organization id, oldest first."""
    order = "ORDER BY decided_at, organisation"
    decisions = _SIGN_ONS.select(db, f"WHERE letter_id = :letter {order}", letter=letter_id)
    return {decision.organisation: decision for decision in decisions}


def count_signatures(db: Reader, since: datetime, until: datetime) -> tuple[int, int]:
    """How many signatures of current texts were given from `since` on and before `until`, and by how many.

    Withdrawn signatures and those of withdrawn letters do not count.
    """
    sql = """
        SELECT COUNT(*) AS signatures, COUNT(DISTINCT organisation) AS organizations
        FROM signature AS s JOIN letter AS l ON l.id = s.letter_id
        WHERE s.decision = 'signed' AND s.decided_at >= :since AND s.decided_at < :until AND l.state <> 'withdrawn'
          AND s.digest = (
            SELECT digest FROM letter_version WHERE letter_id = l.id ORDER BY version DESC LIMIT 1
          )
    """
    (row,) = db.read(sql, {"since": since, "until": until})
    return int(row["signatures"]), int(row["organizations"])


def unname_sent(tx: Transaction, organisation: str, instead: str, name: str) -> None:
    """Take an organization out of its signatures under sent letters, which stay: they record what was sent."""
    sql = f"""
        UPDATE signature SET organisation = :instead, legal_name = :name, signatory = '', title = '', evidence = ''
        WHERE organisation = :org AND decision = 'signed'
          AND letter_id IN (SELECT id FROM letter WHERE state IN ({placeholders(sorted(WERE_SENT))}))
          AND digest = (SELECT digest FROM letter_version AS v WHERE v.letter_id = signature.letter_id
                        ORDER BY version DESC LIMIT 1)
    """
    tx.execute(sql, {"org": organisation, "instead": instead, "name": name} | params(sorted(WERE_SENT)))


def last_signatory(db: Reader, organisation: str) -> tuple[str, str]:
    """Name and title of the last person who signed for an organization; two empty strings if there is none."""
    sql = """
        SELECT signatory, title FROM signature WHERE organisation = :organisation AND signatory <> ''
        ORDER BY decided_at DESC LIMIT 1
    """
    row = one(db.read(sql, {"organisation": organisation}))
    return (row["signatory"], row["title"]) if row else ("", "")


# --- cards and mail ---------------------------------------------------------------------------------------------------


def add_card(tx: Transaction, letter_id: str, delivery: str, organisation: str = "") -> None:
    row = {"letter_id": letter_id, "delivery_id": delivery, "organisation": organisation}
    insert_rows(tx, "letter_card", [row])


def cards(db: Reader, letter_id: str) -> list[tuple[str, str, str, str]]:
    """(delivery id, organization id, channel, card as shown) of the cards to keep current.

    The shared card has the organization "", and one that was not posted shows "".
    """
    sql = """
        SELECT d.id, c.organisation, d.channel,
            CASE WHEN d.state IN ('dead', 'dropped') THEN '' ELSE COALESCE(e.card, d.card) END AS card
        FROM letter_card AS c JOIN delivery AS d ON d.id = c.delivery_id LEFT JOIN delivery AS e ON e.edits = d.id
        WHERE c.letter_id = :letter ORDER BY d.id
    """
    rows = db.read(sql, {"letter": letter_id})
    return [(row["id"], row["organisation"], row["channel"], row["card"]) for row in rows]


def add_mail(tx: Transaction, letter_id: str, mail: Mail) -> None:
    _MAIL.insert(tx, [mail], letter_id=letter_id)


def mail(db: Reader, letter_id: str) -> list[Mail]:
    """What was sent and answered, in the order of logging."""
    return _MAIL.select(db, "WHERE letter_id = :letter ORDER BY written_at, id", letter=letter_id)


def mail_containing(db: Reader, words: Words) -> Iterator[tuple[int, Mail]]:
    """(letter number, mail) of mail whose note may contain these words, newest first."""
    sql = f"""
        SELECT m.*, l.number FROM letter_mail AS m JOIN letter AS l ON l.id = m.letter_id
        WHERE {words.condition("m.note")} ORDER BY m.written_at DESC, m.id LIMIT {CANDIDATES}
    """
    return ((row["number"], _MAIL.read(row)) for row in db.read(sql, words.params))


def mail_to_follow_up(db: Reader, today: date) -> list[tuple[str, Mail]]:
    """(letter id, mail) of sent letters whose follow-up day has come and was not announced yet."""
    sql = """
        SELECT m.* FROM letter_mail AS m JOIN letter AS l ON l.id = m.letter_id
        WHERE m.follow_up_on <= :today AND m.followed_up_at IS NULL AND l.state = 'sent' ORDER BY m.follow_up_on, m.id
    """
    return [(row["letter_id"], _MAIL.read(row)) for row in db.read(sql, {"today": today})]
