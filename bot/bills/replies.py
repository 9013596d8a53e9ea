"""Building blocks of this room's answers."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.bills import facts
from bot.bills.model import BillFacts
from bot.commands import replies
from bot.commands.model import Context, Refused
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber
from bot.shared.card import Button, Mark

answer: Final = partial(replies.answer, mark=Mark.BILL)
long_answer: Final = partial(replies.long_answer, mark=Mark.BILL)


def facts_of(ctx: Context, bill: BillNumber) -> BillFacts:
    try:
        return facts.bill_facts(ctx.tx, ctx.config.coalition, bill.id, now=ctx.now)
    except facts.UnknownBill as unknown:
        raise Refused(str(unknown), param="bill") from unknown


def bill_arg(bill: BillNumber) -> tuple[tuple[str, str], ...]:
    return (("bill", bill.id),)


def show_button(bill: BillNumber) -> Button:
    return Button("Show", "bill show", bill_arg(bill))


def family_of(ctx: Context, bill: BillNumber) -> Family | None:
    listing = facts.listing(ctx.config.coalition, bill.id)
    return listing[0] if listing else None


def family_laws(ctx: Context, family: Family) -> dict[str, str]:
    """The law that each bill of a family became; "" if none is known."""
    return facts.family_laws(ctx.tx, ctx.config.coalition, family)
