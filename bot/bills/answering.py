"""How this room's answers are put together."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot import answering
from bot.bills import facts
from bot.bills.model import BillFacts
from bot.card import Button, Mark
from bot.command import Desk, Refused
from bot.config.coalition import Family
from bot.sources.bill_number import BillNumber

answer: Final = partial(answering.answer, mark=Mark.BILL)
long_answer: Final = partial(answering.long_answer, mark=Mark.BILL)


def facts_of(desk: Desk, bill: BillNumber) -> BillFacts:
    try:
        return facts.about(desk.tx, desk.config.coalition, bill.id, now=desk.now)
    except facts.UnknownBill as unknown:
        raise Refused(str(unknown), param="bill") from unknown


def about(bill: BillNumber) -> tuple[tuple[str, str], ...]:
    return (("bill", bill.id),)


def show_button(bill: BillNumber) -> Button:
    return Button("Show", "bill show", about(bill))


def family_of(desk: Desk, bill: BillNumber) -> Family | None:
    found = facts.listing(desk.config.coalition, bill.id)
    return found[0] if found else None


def fates(desk: Desk, family: Family) -> dict[str, str]:
    """The law that each bill of a family became; "" for none that we know of."""
    return facts.fates(desk.tx, desk.config.coalition, family)
