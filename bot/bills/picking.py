"""Find the bill that a person typed, or ask which Congress they mean; and the parts of this room's answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Final

from bot.bills import facts, records
from bot.bills.model import BillFacts
from bot.commands import replies
from bot.commands.model import Choice, Context, Handler, Param, Refused, Reply
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber, PartialBillNumber, nth, parse_bill_number
from bot.shared.card import Button, Line, Mark
from bot.shared.wording import number

_BUTTONS: Final = 4  # on one card
answer: Final = partial(replies.answer, mark=Mark.BILL)
long_answer: Final = partial(replies.long_answer, mark=Mark.BILL)


def resolve_bill(ctx: Context, text: str, path: str, param: str) -> BillNumber | Reply:
    """The bill, or a card that asks which Congress; its buttons call `path` with the bill's id as `param`.

    Each Congress uses the same numbers again, so a number without a Congress is asked about even if only one such bill
    is stored. Raises `Refused` for text that names no bill.
    """
    which = parse_bill_number(text.removeprefix("bill:"))
    if which is None:
        raise Refused(f"“{text[:60]}” is not a bill number. Write it like S. 567 (116th) or hr1234-119.", param=param)
    return which.bill or _ask_congress(ctx, which, path, param)


def of_bill(handler: Callable[[Context, BillNumber], Reply]) -> Handler:
    """The handler of a command about the bill in its argument `bill`; it asks which Congress if that is missing."""

    @wraps(handler)
    def handle(ctx: Context, args: Mapping[str, str]) -> Reply:
        bill = resolve_bill(ctx, args["bill"], ctx.call.path, "bill")
        return bill if isinstance(bill, Reply) else handler(ctx, bill)

    return handle


def complete_bills(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the bills in coalition.yml, newest first, then other stored bills."""
    coalition = ctx.config.coalition
    listed = [(bill.id, bill.title or family.name) for family in coalition.bills.values() for bill in family.bills]
    titles = dict(reversed(listed))
    titles |= {id_: title for id_, title in records.titles(ctx.tx).items() if id_ not in titles}
    choices = [Choice(id_, f"{BillNumber.of(id_).label}: {title}") for id_, title in titles.items()]
    wanted, which = typed.casefold(), parse_bill_number(typed)
    start = f"{which.name}-" if which else None
    return [
        choice
        for choice in choices
        if wanted in choice.label.casefold() or wanted in choice.value or (start and choice.value.startswith(start))
    ]


BILL: Final = Param("bill", "the bill, such as H.R. 1234 (119th)", complete=complete_bills, longest=300)


def _ask_congress(ctx: Context, which: PartialBillNumber, path: str, param: str) -> Reply:
    """Ask which of the bills with that number in coalition.yml or the store is meant, the newest Congress first."""
    name = BillNumber(1, which.type, which.number).name
    families = ctx.config.coalition.bills.values()
    listed = {bill.id: bill.title or family.name for family in families for bill in family.bills}
    titles = records.titles(ctx.tx, which.name) | {id_: title for id_, title in listed.items() if title}
    numbered = [(BillNumber.of(id_), title) for id_, title in titles.items()]
    matches = [(bill, title) for bill, title in numbered if (bill.type, bill.number) == which[:2]]
    matches.sort(key=lambda match: -match[0].congress)
    if not matches:
        raise Refused(f"Which Congress? Each Congress has its own {name}. Write it like {name} (119th).", param=param)
    buttons = [Button(f"{nth(bill.congress)}: {title}"[:75], path, ((param, bill.id),)) for bill, title in matches]
    lines = (
        *(Line(f"{bill.label}: {title}", bill.page) for bill, title in matches),
        Line(f"For another Congress, write it like {name} (119th)."),
    )
    head = f"{number(len(matches), 'bill')} called {name}: which Congress?"
    return replies.answer(head, *lines, buttons=buttons[:_BUTTONS])


def facts_of(ctx: Context, bill: BillNumber) -> BillFacts:
    try:
        return facts.bill_facts(ctx.tx, ctx.config.coalition, bill.id, now=ctx.now)
    except facts.UnknownBill as unknown:
        raise Refused(f"{unknown} {track_hint(ctx)}", param="bill") from unknown


def track_hint(ctx: Context) -> str:
    """How a bill's record gets read: the command, or who can use it."""
    return ctx.hint("bill track", "Track it with /bill track to have its record read.", "Policy staff can track it.")


def bill_arg(bill: BillNumber) -> tuple[tuple[str, str], ...]:
    return (("bill", bill.id),)


def family_of(ctx: Context, bill: BillNumber) -> Family | None:
    listing = facts.listing(ctx.config.coalition, bill.id)
    return listing[0] if listing else None
