"""Following a bill, following it no more, and the answer to whether it is one of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.bills import facts, records, tracking, wording
from bot.bills.picking import bill_meant
from bot.bills.replies import about, answer, family_of, fates, show_button
from bot.commands.model import Choice, Context, Refused, Reply
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber, written
from bot.shared.card import Button
from bot.shared.wording import listed
from bot.sources.congress.bill_record import BillRecord
from bot.sources.model import FetchFailed


def track(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Have a bill's record read, and what happens to it said."""
    bill = bill_meant(ctx, args["bill"], "bill track", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id in tracking.followed(ctx.config.coalition):
        found = _read(ctx.fetched)
        records.keep(ctx.tx, found, ctx.now)
        read = ("Its record was read just now.",) if found else ()
        return answer(f"{bill.said} is followed already", *read, buttons=ctx.theirs(show_button(bill)))
    if bill.over(ctx.today):
        raise Refused(_over(ctx, bill), param="bill")
    found = _read(ctx.fetched)
    title = found[0].title if found else bill.said
    of, family = family_of(ctx, bill), _family(ctx, args)
    asks = _asks(ctx, args) or (of.asks if of else ()) or (family[1].asks if family else ())
    return _followed(ctx, bill, title, family[0] if family else "", asks, found)


def untrack(ctx: Context, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(ctx, args["bill"], "bill untrack", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id not in tracking.followed(ctx.config.coalition):
        raise Refused(f"{bill.said} is not followed; /bill list shows what is.", param="bill")
    tracking.unfollow(ctx, bill)
    ctx.note(f"bill {bill.id}", "followed", "")
    undo = Button("Undo", "bill again", about(bill))
    return answer(
        f"{bill.said} is followed no more",
        "Its record is read no more, and its own watches are taken out. What was said of it stays.",
        buttons=(undo,),
        replaces=True,
    )


def again(ctx: Context, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(ctx, args["bill"], "bill again", "bill")
    if isinstance(bill, Reply):
        return bill
    if not tracking.follow_again(ctx, bill):
        raise Refused("There is nothing to undo: it is followed already, or was let go more than a week ago.")
    ctx.note(f"bill {bill.id}", "", "followed again")
    return answer(f"{bill.said} is followed as before", replaces=True)


def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Yes, this bill is one of the family's: list it there and follow it."""
    bill, proposal = _proposed(ctx, args)
    family = ctx.config.coalition.bills.get(proposal.family)
    if family is None:
        raise Refused("That family has gone from coalition.yml meanwhile. /bill track follows the bill on its own.")
    records.answer(ctx.tx, ctx.config.coalition.id, bill.id, records.ADDED, by=ctx.actor.person, now=ctx.now)
    return _followed(ctx, bill, proposal.title, proposal.family, family.asks, _read(ctx.fetched))


def dismiss(ctx: Context, args: Mapping[str, str]) -> Reply:
    bill, proposal = _proposed(ctx, args)
    records.answer(ctx.tx, ctx.config.coalition.id, bill.id, records.NOT_OURS, by=ctx.actor.person, now=ctx.now)
    ctx.note(f"bill {bill.id}", f"proposed for {proposal.family}", "not ours")
    return answer(
        f"{bill.said} is not ours; I shall not ask again",
        buttons=ctx.theirs(Button("Follow it after all", "bill track", about(bill))),
        replaces=True,
    )


async def read_record(fetching: Any, args: Mapping[str, str]) -> tuple[BillRecord, ...] | FetchFailed | None:
    """The record of the bill that is meant; None where the Congress is not said."""
    which = written(args["bill"])
    return await fetching.bill(which.bill) if which and which.bill else None


def families(ctx: Context, typed: str) -> Sequence[Choice]:
    held = (Choice(id_, family.name) for id_, family in ctx.config.coalition.bills.items())
    return [it for it in held if typed.casefold() in it.label.casefold() or typed in it.value]


def _followed(
    ctx: Context, bill: BillNumber, title: str, family: str, asks: Sequence[int], found: tuple[BillRecord, ...]
) -> Reply:
    records.keep(ctx.tx, found, ctx.now)
    tracking.follow(ctx, bill, title, family, asks)
    ctx.note(f"bill {bill.id}", "", f"followed{f', of {family}' if family else ''}")
    lines = [f"{title}", f"So far: {facts.became(found[0], ctx.today)}."] if found else []
    trouble = ctx.fetched if isinstance(ctx.fetched, FetchFailed) else None
    lines += [f"Its record could not be read just now ({trouble.detail}); it is asked for again."] if trouble else []
    return answer(
        f"{bill.said} is followed from here on",
        *lines,
        "Steps are said at once, the rest in the digest; what has happened already is not said again.",
        buttons=ctx.theirs(show_button(bill), Button("Undo", "bill untrack", about(bill))),
        replaces=True,
    )


def _over(ctx: Context, bill: BillNumber) -> str:
    family = family_of(ctx, bill)
    said = wording.successor(family, fates(ctx, family), bill) if family else ""
    return f"{bill.said} can move no more: its Congress is over. {said}".strip()


def _read(fetched: Any) -> tuple[BillRecord, ...]:
    return fetched if isinstance(fetched, tuple) else ()


def _proposed(ctx: Context, args: Mapping[str, str]) -> tuple[BillNumber, records.Proposal]:
    proposal = records.proposal(ctx.tx, ctx.config.coalition.id, args["bill"])
    if proposal is None:
        raise Refused("Nobody asked about that bill. /bill track BILL follows it.")
    if proposal.answer:
        raise Refused(f"That was answered already: {proposal.answer}. /bill list shows what is followed.")
    return BillNumber.of(proposal.bill), proposal


def _family(ctx: Context, args: Mapping[str, str]) -> tuple[str, Family] | None:
    if "family" not in args:
        return None
    known = ctx.config.coalition.bills
    if args["family"] not in known:
        raise Refused(f"There is no family “{args['family'][:40]}”: there is {listed(list(known), 9)}.", param="family")
    return args["family"], known[args["family"]]


def _asks(ctx: Context, args: Mapping[str, str]) -> tuple[int, ...]:
    numbers = tuple(dict.fromkeys(map(int, re.findall(r"\d{1,4}", args.get("asks", "")))))
    known = ctx.config.coalition.asks
    if unknown := [each for each in numbers if each not in known]:
        raise Refused(f"There is no ask {unknown[0]}. There are {', '.join(map(str, known))}.", param="asks")
    return numbers
