"""What comes in about bills, inside the transaction that takes it in: records are kept, and likely kin asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from bot.alerts.campaign import Campaign
from bot.alerts.routes import audiences
from bot.bills import records
from bot.bills.facts import whole
from bot.bills.families import Look, looks_like
from bot.config.coalition import Coalition
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import quiet_until
from bot.shared.card import Button, Card, Line, Link, Mark
from bot.shared.entry import Kind
from bot.sources.congress.bill_record import BillRecord
from bot.sources.model import Fetched
from bot.store.database import Reader, Transaction

KIND: Final = "bill"  # of deliveries


def take_in(tx: Transaction, answer: Fetched, campaign: Campaign, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Keep the records that came, and ask whether a new bill is one of ours; nothing is added by itself."""
    records.keep(tx, answer.records, now)
    came = list(_came(answer))
    known = _known(tx, campaign.coalition) if came else {}
    for bill, titles, sponsors in came:
        look = looks_like(bill, titles, sponsors, campaign.coalition, known)
        if look is None:
            continue
        proposal = records.Proposal(look.bill.id, look.family, look.title, None)
        if records.propose(tx, campaign.coalition.id, proposal, now):
            _ask(tx, look, campaign, now=now, new_id=new_id)


def _known(db: Reader, coalition: Coalition) -> dict[str, BillRecord]:
    ids = (bill.id for family in coalition.bills.values() for bill in family.bills)
    return {id_: whole(kept) for id_ in ids if (kept := records.of(db, id_))}


def _came(answer: Fetched) -> Iterable[tuple[BillNumber, list[str], frozenset[str]]]:
    """Each bill that came, with its titles and sponsors, as far as its source says."""
    for record in answer.records:
        sponsors = frozenset(sponsor.bioguide for sponsor in record.sponsors or ())
        yield record.number, [record.title, record.official_title or ""], sponsors
    for entry in answer.entries:
        if entry.bill and entry.kind is not Kind.BILL:
            yield BillNumber.of(entry.bill), [entry.title, entry.bill_title or "", entry.summary or ""], frozenset()


def _ask(tx: Transaction, look: Look, campaign: Campaign, *, now: datetime, new_id: Callable[[], str]) -> None:
    """In every channel that hears of the family's asks; what nobody heard would never be asked again."""
    family = campaign.coalition.bills[look.family]
    card = proposal_card(look, family.name)
    for audience in audiences(family.asks, campaign.feeds):
        due_at = quiet_until(now, campaign.feeds.channels[audience].quiet, campaign.zone)
        to, thread = campaign.place(audience), f"bill:{look.bill.id}"
        campaign.post(
            tx, to, f"proposal:{look.bill.id}", card, kind=KIND, now=now, new_id=new_id, due_at=due_at,
            thread=to.thread(thread),
        )  # fmt: skip


def proposal_card(look: Look, family: str) -> Card:
    about = (("bill", look.bill.id),)
    return Card(
        mark=Mark.BILL,
        head=f"Is {look.bill.said} one of ours? It looks like “{family}” brought in again",
        lines=(Line(look.title, look.bill.page), *(Line(sign) for sign in look.signs)),
        links=(Link("Bill", look.bill.page),),
        foot="It is added when somebody says so, and not before.",
        buttons=(
            Button("Add to the family", "bill add", about, "primary"),
            Button("Not ours", "bill dismiss", about),
        ),
    )
