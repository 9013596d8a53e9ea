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
from bot.store.database import Reader, Row, Transaction, from_text, to_text
from bot.store.rows import Rows, params, placeholders


def _given(row: Row) -> Given:
    return replace(_GIVEN.read(row), listed=bool(row["listed"]))


_GIVEN: Final = Rows(Given)
_ALLIES: Final = Rows(AllyRequest, {"letter": "letter_id"}, given=_given)
_REQUESTS: Final = "SELECT * FROM ally_request WHERE coalition_id = :coalition"
_COUNT: Final = "SELECT COUNT(*) AS n FROM ally_request WHERE coalition_id = :coalition"


# --- public pages -----------------------------------------------------------------------------------------------------


def open_page(tx: Transaction, coalition_id: str, letter_id: str, person_id: str, now: datetime) -> bool:
    """Give the letter a public page; False if it has one."""
    sql = """
        INSERT INTO letter_page (letter_id, coalition_id, opened_by, opened_at)
        VALUES (:letter, :coalition, :person, :now) ON CONFLICT (letter_id) DO NOTHING RETURNING letter_id
    """
    row = {"letter": letter_id, "coalition": coalition_id, "person": person_id, "now": to_text(now)}
    return bool(tx.execute(sql, row))


def close_page(tx: Transaction, coalition_id: str, letter_id: str) -> bool:
    """Take the letter's public page away; False if it had none."""
    sql = "DELETE FROM letter_page WHERE coalition_id = :coalition AND letter_id = :letter RETURNING letter_id"
    return bool(tx.execute(sql, {"coalition": coalition_id, "letter": letter_id}))


def has_page(db: Reader, coalition_id: str, letter_id: str) -> bool:
    sql = "SELECT letter_id FROM letter_page WHERE coalition_id = :coalition AND letter_id = :letter"
    return bool(db.read(sql, {"coalition": coalition_id, "letter": letter_id}))


def letters_with_page(db: Reader, coalition_id: str) -> list[str]:
    """The ids of the letters that have a public page."""
    sql = "SELECT letter_id FROM letter_page WHERE coalition_id = :coalition ORDER BY letter_id"
    return [row["letter_id"] for row in db.read(sql, {"coalition": coalition_id})]


# --- requests ---------------------------------------------------------------------------------------------------------


def save(tx: Transaction, coalition_id: str, request: AllyRequest, *, by: str | None = None) -> None:
    """Store a request as it is now. `by`: the person who accepted or refused it."""
    given = asdict(request.given) | {"listed": int(request.given.listed)}
    tx.execute(
        """
        INSERT INTO ally_request (id, coalition_id, number, letter_id, organisation, legal_name, website, signatory,
                                  title, address, listed, digest, stage, asked_at, turn, confirmed_at,
                                  decided_by)
        VALUES (:id, :coalition, :number, :letter, :organisation, :legal_name, :website, :signatory,
                :title, :address, :listed, :digest, :stage, :asked_at, :turn, :confirmed_at, :by)
        ON CONFLICT (id) DO UPDATE SET
            organisation = excluded.organisation, legal_name = excluded.legal_name, website = excluded.website,
            signatory = excluded.signatory, title = excluded.title, listed = excluded.listed,
            digest = excluded.digest, stage = excluded.stage, asked_at = excluded.asked_at, turn = excluded.turn,
            confirmed_at = excluded.confirmed_at,
            decided_by = COALESCE(excluded.decided_by, ally_request.decided_by)
        """,
        _ALLIES.params(request, **given, coalition=coalition_id, organisation=request.organisation, by=by),
    )


def numbered(db: Reader, coalition_id: str, number: int) -> AllyRequest | None:
    return _ALLIES.first(db, f"{_REQUESTS} AND number = :number", {"coalition": coalition_id, "number": number})


def from_address(db: Reader, coalition_id: str, letter_id: str, address: str) -> AllyRequest | None:
    """The request that came from this address under this letter."""
    sql = f"{_REQUESTS} AND letter_id = :letter AND address = :address"
    return _ALLIES.first(db, sql, {"coalition": coalition_id, "letter": letter_id, "address": address})


def requests(db: Reader, coalition_id: str, stages: Iterable[Stage], letter_id: str | None = None) -> list[AllyRequest]:
    """Requests in these stages, oldest first; of all letters if none is given."""
    wanted = [stage.value for stage in stages]
    of_letter = " AND letter_id = :letter" if letter_id else ""
    sql = f"{_REQUESTS} AND stage IN ({placeholders(wanted)}){of_letter} ORDER BY number"
    return _ALLIES.all(db, sql, {"coalition": coalition_id, "letter": letter_id} | params(wanted))


def channel(db: Reader, coalition_id: str, name: str) -> Channel | None:
    """The mail address behind `outside:<request id>`; None once the request is gone, refused or disowned."""
    sql = f"{_REQUESTS} AND id = :id"
    request = _ALLIES.first(db, sql, {"coalition": coalition_id, "id": name.removeprefix(OUTSIDE)})
    if request is None or request.stage in (Stage.REFUSED, Stage.DISOWNED):
        return None
    unproven = request.stage is Stage.ASKED
    return Channel(name, mail.PLATFORM, request.given.address, request.given.signatory, unproven=unproven)


def count_confirmed(db: Reader, coalition_id: str, letter_id: str) -> int:
    """How many requests under the letter were confirmed, whatever became of them."""
    sql = f"{_COUNT} AND letter_id = :letter AND stage <> '{Stage.ASKED}'"
    return int(db.read(sql, {"coalition": coalition_id, "letter": letter_id})[0]["n"])


def count_unconfirmed(db: Reader, coalition_id: str, letter_id: str, since: datetime) -> int:
    """How many requests under the letter that were made since then nobody confirmed."""
    sql = f"{_COUNT} AND letter_id = :letter AND stage = '{Stage.ASKED}' AND asked_at > :since"
    return int(db.read(sql, {"coalition": coalition_id, "letter": letter_id, "since": to_text(since)})[0]["n"])


def accepted_others(db: Reader, coalition_id: str, request: AllyRequest) -> list[AllyRequest]:
    """Other requests in the same organization's name that were accepted, the newest first; five at most."""
    sql = f"""
        {_REQUESTS} AND organisation = :organisation AND id <> :id AND stage = '{Stage.ACCEPTED}'
        ORDER BY number DESC LIMIT 5
    """
    params = {"coalition": coalition_id, "organisation": request.organisation, "id": request.id}
    return _ALLIES.all(db, sql, params)


def without_link(
    db: Reader, coalition_id: str, since: datetime, letter_ids: Sequence[str], most: int
) -> list[AllyRequest]:
    """Requests made since then whose link waits to be mailed: first the first of each network, of these the newest."""
    if not letter_ids:
        return []
    sql = f"""
        {_REQUESTS} AND stage = '{Stage.ASKED}' AND asked_at > :since AND letter_id IN ({placeholders(letter_ids)})
          AND NOT EXISTS (SELECT 1 FROM ally_link WHERE request_id = ally_request.id)
        ORDER BY turn, number DESC LIMIT {most}
    """
    return _ALLIES.all(db, sql, {"coalition": coalition_id, "since": to_text(since)} | params(letter_ids))


# --- links ------------------------------------------------------------------------------------------------------------


def add_link(tx: Transaction, coalition_id: str, request_id: str, secret: str, now: datetime) -> None:
    """Store the hash of a link's secret. The secret itself is in the mail alone, which is emptied once it was sent."""
    tx.execute(
        """
        INSERT INTO ally_link (secret, coalition_id, request_id, made_at) VALUES (:secret, :coalition, :request, :now)
        """,
        {"secret": _hashed(secret), "coalition": coalition_id, "request": request_id, "now": to_text(now)},
    )


def count_unused_links(db: Reader, coalition_id: str, since: datetime, letter_id: str = "") -> int:
    """How many links mailed since then were not used; of all letters if none is given."""
    of_letter = " AND r.letter_id = :letter" if letter_id else ""
    sql = f"""
        SELECT COUNT(*) AS n FROM ally_link JOIN ally_request AS r ON r.id = ally_link.request_id
        WHERE ally_link.coalition_id = :coalition AND made_at > :since AND r.stage = '{Stage.ASKED}'{of_letter}
    """
    params = {"coalition": coalition_id, "since": to_text(since), "letter": letter_id}
    return int(db.read(sql, params)[0]["n"])


def last_link_at(db: Reader, request_id: str) -> datetime | None:
    """When the newest link of a request was made; None without any."""
    sql = "SELECT MAX(made_at) AS at FROM ally_link WHERE request_id = :request"
    at = db.read(sql, {"request": request_id})[0]["at"]
    return from_text(at) if at else None


def linked(db: Reader, coalition_id: str, secret: str) -> AllyRequest | None:
    """The request that this link's secret belongs to."""
    sql = f"""
        {_REQUESTS} AND id = (SELECT request_id FROM ally_link WHERE coalition_id = :coalition AND secret = :secret)
    """
    return _ALLIES.first(db, sql, {"coalition": coalition_id, "secret": _hashed(secret)})


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
