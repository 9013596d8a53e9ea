"""Store the bill records of a poll, and ask about bills that look like one of ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.alerts.plan import ask_channels
from bot.bills import records
from bot.bills.facts import merge_stored
from bot.bills.families import FamilyMatch, match_family
from bot.commands.model import Work
from bot.config.coalition import Coalition
from bot.outbox.messages import place, post
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import quiet_until
from bot.shared.card import Button, Card, Line, Link, Mark
from bot.shared.entry import Kind
from bot.sources.congress.bill_record import BillRecord
from bot.sources.model import Fetched
from bot.store.database import Reader

KIND: Final = "bill"  # deliveries.kind


def store_answer(work: Work, answer: Fetched) -> None:
    """Save an answer's bill records, and propose bills that look like one of ours. Only a person adds them."""
    records.save(work.tx, answer.records, work.now)
    records.save_roll_calls(work.tx, answer.roll_calls, work.now)
    bills = list(_bills_in(answer))
    family_records = _family_records(work.tx, work.config.coalition) if bills else {}
    for bill, titles, sponsors in bills:
        match = match_family(bill, titles, sponsors, work.config.coalition, family_records)
        if match is None:
            continue
        proposal = records.Proposal(match.bill.id, match.family, match.title, None)
        if records.propose(work.tx, work.coalition_id, proposal, work.now):
            _ask(work, match)


def _family_records(db: Reader, coalition: Coalition) -> dict[str, BillRecord]:
    ids = (bill.id for family in coalition.bills.values() for bill in family.bills)
    return {id_: merge_stored(stored) for id_ in ids if (stored := records.stored(db, id_))}


def _bills_in(answer: Fetched) -> Iterable[tuple[BillNumber, list[str], frozenset[str]]]:
    """Each bill in an answer, with the titles and sponsors its source gives."""
    for record in answer.records:
        sponsors = frozenset(sponsor.bioguide for sponsor in record.sponsors or ())
        yield record.number, [record.title, record.official_title or ""], sponsors
    for entry in answer.entries:
        if entry.bill and entry.kind is not Kind.BILL:
            yield BillNumber.of(entry.bill), [entry.title, entry.bill_title or "", entry.summary or ""], frozenset()


def _ask(work: Work, match: FamilyMatch) -> None:
    """Post the question to every channel that gets the family's asks."""
    feeds, family = work.config.feeds, work.config.coalition.bills[match.family]
    card = proposal_card(match, family.name)
    for audience in ask_channels(family.asks, feeds):
        due_at = quiet_until(work.now, feeds.channels[audience].quiet, work.zone)
        to = place(audience, feeds)
        thread = to.thread(f"bill:{match.bill.id}")
        post(work, to, f"proposal:{match.bill.id}", card, kind=KIND, due_at=due_at, thread=thread)


def proposal_card(match: FamilyMatch, family: str) -> Card:
    args = (("bill", match.bill.id),)
    return Card(
        mark=Mark.BILL,
        head=f"Is {match.bill.label} one of ours? It looks like “{family}” reintroduced",
        lines=(Line(match.title, match.bill.page), *(Line(sign) for sign in match.signs)),
        links=(Link("Bill", match.bill.page),),
        foot="It is added only if you press the button.",
        buttons=(
            Button("Add to the family", "bill add", args, "primary"),
            Button("Not ours", "bill dismiss", args),
        ),
    )
