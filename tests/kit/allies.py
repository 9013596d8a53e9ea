"""An organization outside the coalition that asks to sign the first letter and presses the link in its mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.letters import records as letters
from bot.letters.allies import records, signing
from bot.letters.allies.model import AllyRequest, Given, Stage, checked
from bot.letters.lifecycle import Dossier
from bot.outbox.model import from_json
from bot.store.database import Transaction
from tests.kit.letters_desk import Desk

NETWORK = "192.0.2.0/24"


async def takes_mail(domain: str) -> bool:
    """What name servers say of a domain."""
    return not domain.endswith("made-up.example")


def given(name: str = "Harbor Legal Aid", domain: str = "harbor.example.org", **changes: Any) -> Given:
    fields: dict[str, Any] = {
        "legal_name": name,
        "website": f"www.{domain}",
        "signatory": "Ann Lee",
        "title": "Director",
        "address": f"ann@{domain}",
        "listed": True,
    }
    return checked(**fields | changes)


def ask(desk: Desk, who: Given | None = None, network: str = NETWORK) -> str:
    """Ask to sign L-001; return the secret of the mailed link."""
    with desk.job.write() as work:
        signing.ask(work, "L-1", who or given(), network=network)
    return secret_mailed(desk)


def secret_mailed(desk: Desk) -> str:
    """The secret in the newest mail to an organization; "" if none was queued."""
    sql = """
        SELECT card FROM delivery WHERE kind = 'public link' AND channel LIKE 'outside:%'
        ORDER BY created_at DESC, id DESC LIMIT 1
    """
    rows = desk.db.read(sql)
    lines = from_json(rows[0]["card"]).lines if rows else ()
    return next((line.url.rpartition("/")[2] for line in lines if line.url), "")


def confirm(desk: Desk, secret: str) -> AllyRequest:
    """Open the link and press Confirm."""
    with desk.job.write() as work:
        request = signing.linked(work.tx, secret, work.now)
        shown = signing.digest_shown(request, desk.letter().version.digest)
        return signing.confirm(work, secret, shown)


def crowd(desk: Desk, count: int, letter: str = "L-1") -> None:
    """As many organizations sign the letter's text."""
    with desk.job.write() as work:
        sign_all(work.tx, desk.letter(letter), count, person=desk.pol.id, now=work.now)


def sign_all(tx: Transaction, signed: Dossier, count: int, *, person: str, now: datetime) -> None:
    requests = [
        AllyRequest(
            id=f"crowd{n}", number=1_000 + n, letter=signed.id, given=given(f"Organization {n:05}", f"org{n}.org"),
            digest=signed.version.digest, stage=Stage.ACCEPTED, asked_at=now, confirmed_at=now,
        )
        for n in range(count)
    ]  # fmt: skip
    for request in requests:
        records.save(tx, request)
    sign_ons = [signing.sign_on_of(each, person=person, accepted_by="Pol", now=now) for each in requests]
    letters.save_sign_ons(tx, signed.id, sign_ons)
