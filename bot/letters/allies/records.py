"""The SQL of public pages, of the requests that came from them, and of their limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from bot.letters.allies.model import AllyRequest, Given, Stage
from bot.outbox.model import OUTSIDE, Channel
from bot.people import mail
from bot.store.database import Reader, Rows, Transaction, from_text, insert_rows, params, placeholders

_GIVEN: Final = Rows(Given)
_ALLIES: Final = Rows(
    AllyRequest,
    "ally_request",
    {"letter": "letter_id"},
    given=lambda row: replace(_GIVEN.read(row), listed=bool(row["listed"])),
)
_COUNT: Final = "SELECT COUNT(*) AS n FROM ally_request"


# --- public pages -----------------------------------------------------------------------------------------------------


def open_page(tx: Transaction, letter_id: str, person_id: str, now: datetime) -> bool:
    """Give the letter a public page; False if it has one."""
    sql = """
        INSERT INTO letter_page (letter_id, opened_by, opened_at)
        VALUES (:letter, :person, :now) ON CONFLICT (letter_id) DO NOTHING RETURNING letter_id
    """
    return bool(tx.execute(sql, {"letter": letter_id, "person": person_id, "now": now}))


def has_page(db: Reader, letter_id: str) -> bool:
    sql = "SELECT letter_id FROM letter_page WHERE letter_id = :letter"
    return bool(db.read(sql, {"letter": letter_id}))


def letters_with_page(db: Reader) -> list[str]:
    """The ids of the letters that have a public page."""
    return [row["letter_id"] for row in db.read("SELECT letter_id FROM letter_page ORDER BY letter_id")]


# --- requests ---------------------------------------------------------------------------------------------------------


def save(tx: Transaction, request: AllyRequest, *, by: str | None = None) -> None:
    """Store a request as it is now. `by`: the person who accepted or refused it."""
    given = asdict(request.given) | {"listed": int(request.given.listed), "organisation": request.organisation}
    _ALLIES.save(tx, request, keep=() if by else ("decided_by",), **given, decided_by=by)


def numbered(db: Reader, number: int) -> AllyRequest | None:
    return _ALLIES.get(db, number=number)


def from_address(db: Reader, letter_id: str, address: str) -> AllyRequest | None:
    """The request that came from this address under this letter."""
    return _ALLIES.get(db, letter_id=letter_id, address=address)


def requests(db: Reader, stages: Iterable[Stage], letter_id: str | None = None) -> list[AllyRequest]:
    """Requests in these stages, oldest first; of all letters if none is given."""
    wanted = [stage.value for stage in stages]
    of_letter = " AND letter_id = :letter" if letter_id else ""
    condition = f"stage IN ({placeholders(wanted)}){of_letter}"
    return _ALLIES.select(db, f"WHERE {condition} ORDER BY number", letter=letter_id, **params(wanted))


def channel(db: Reader, name: str) -> Channel | None:
    """The mail address behind `outside:<request id>`; None once the request is gone, refused or disowned."""
    request = _ALLIES.get(db, id=name.removeprefix(OUTSIDE))
    if request is None or request.stage in (Stage.REFUSED, Stage.DISOWNED):
        return None
    unproven = request.stage is Stage.ASKED
    who = request.given
    return Channel(name, mail.PLATFORM, who.address, who.signatory, unproven=unproven, language=request.language)


def count_confirmed(db: Reader, letter_id: str) -> int:
    """How many requests under the letter were confirmed, whatever became of them."""
    sql = f"{_COUNT} WHERE letter_id = :letter AND stage <> '{Stage.ASKED}'"
    return int(db.read(sql, {"letter": letter_id})[0]["n"])


def count_unconfirmed(db: Reader, letter_id: str, since: datetime) -> int:
    """How many requests under the letter that were made since then nobody confirmed."""
    sql = f"{_COUNT} WHERE letter_id = :letter AND stage = '{Stage.ASKED}' AND asked_at > :since"
    return int(db.read(sql, {"letter": letter_id, "since": since})[0]["n"])


def accepted_others(db: Reader, request: AllyRequest) -> list[AllyRequest]:
    """Other requests in the same organization's name that were accepted, the newest first; five at most."""
    sql = "WHERE organisation = :organisation AND id <> :id AND stage = :accepted ORDER BY number DESC LIMIT 5"
    return _ALLIES.select(db, sql, organisation=request.organisation, id=request.id, accepted=Stage.ACCEPTED)


def without_link(db: Reader, since: datetime, letter_ids: Sequence[str], most: int) -> list[AllyRequest]:
    """Requests made since then whose link waits to be mailed: first the first of each network, of these the newest."""
    if not letter_ids:
        return []
    sql = f"""
        WHERE stage = '{Stage.ASKED}' AND asked_at > :since AND letter_id IN ({placeholders(letter_ids)})
          AND NOT EXISTS (SELECT 1 FROM ally_link WHERE request_id = ally_request.id)
        ORDER BY turn, number DESC LIMIT {most}
    """
    return _ALLIES.select(db, sql, since=since, **params(letter_ids))


# --- links ------------------------------------------------------------------------------------------------------------


def add_link(tx: Transaction, request_id: str, secret: str, now: datetime) -> None:
    """Store the hash of a link's secret. The secret itself is in the mail alone, which is emptied once it was sent."""
    insert_rows(tx, "ally_link", [{"secret": _hashed(secret), "request_id": request_id, "made_at": now}])


def drop_unconfirmed_links(tx: Transaction) -> None:
    """Forget the links that nobody has confirmed yet, so that the requests get new ones."""
    sql = "DELETE FROM ally_link WHERE request_id IN (SELECT id FROM ally_request WHERE stage = :asked)"
    tx.execute(sql, {"asked": Stage.ASKED.value})


def count_unused_links(db: Reader, since: datetime, letter_id: str = "") -> int:
    """How many links mailed since then were not used; of all letters if none is given."""
    of_letter = " AND r.letter_id = :letter" if letter_id else ""
    sql = f"""
        SELECT COUNT(*) AS n FROM ally_link JOIN ally_request AS r ON r.id = ally_link.request_id
        WHERE made_at > :since AND r.stage = '{Stage.ASKED}'{of_letter}
    """
    return int(db.read(sql, {"since": since, "letter": letter_id})[0]["n"])


def last_link_at(db: Reader, request_id: str) -> datetime | None:
    """When the newest link of a request was made; None without any."""
    sql = "SELECT MAX(made_at) AS at FROM ally_link WHERE request_id = :request"
    at = db.read(sql, {"request": request_id})[0]["at"]
    return from_text(at) if at else None


def linked(db: Reader, secret: str) -> AllyRequest | None:
    """The request that this link's secret belongs to."""
    sql = "SELECT a.* FROM ally_request AS a JOIN ally_link AS l ON l.request_id = a.id WHERE l.secret = :secret"
    return _ALLIES.first(db, sql, {"secret": _hashed(secret)})


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
