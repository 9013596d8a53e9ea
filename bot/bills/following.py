"""Following a bill, following it no more, and the answer to whether it is one of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.alerts.words import listed
from bot.bills import facts, records, tracking, words
from bot.bills.answering import about, answer, family_of, fates, show_button
from bot.bills.asking import bill_meant
from bot.card import Button
from bot.command import Choice, Desk, Refused, Reply
from bot.config.coalition import Family
from bot.sources.bill_number import BillNumber, written
from bot.sources.bills import BillRecord
from bot.sources.model import FetchFailed


def track(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Have a bill's record read, and what happens to it said."""
    bill = bill_meant(desk, args["bill"], "bill track", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id in tracking.followed(desk.config.coalition):
        found = _read(desk.fetched)
        records.keep(desk.tx, found, desk.now)
        read = ("Its record was read just now.",) if found else ()
        return answer(f"{bill.said} is followed already", *read, buttons=desk.theirs(show_button(bill)))
    if bill.over(desk.today):
        raise Refused(_over(desk, bill), param="bill")
    found = _read(desk.fetched)
    title = found[0].title if found else bill.said
    of, family = family_of(desk, bill), _family(desk, args)
    asks = _asks(desk, args) or (of.asks if of else ()) or (family[1].asks if family else ())
    return _followed(desk, bill, title, family[0] if family else "", asks, found)


def untrack(desk: Desk, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(desk, args["bill"], "bill untrack", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id not in tracking.followed(desk.config.coalition):
        raise Refused(f"{bill.said} is not followed; /bill list shows what is.", param="bill")
    tracking.unfollow(desk, bill)
    desk.note(f"bill {bill.id}", "followed", "")
    undo = Button("Undo", "bill again", about(bill))
    return answer(
        f"{bill.said} is followed no more",
        "Its record is read no more, and its own watches are taken out. What was said of it stays.",
        buttons=(undo,),
        replaces=True,
    )


def again(desk: Desk, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(desk, args["bill"], "bill again", "bill")
    if isinstance(bill, Reply):
        return bill
    if not tracking.follow_again(desk, bill):
        raise Refused("There is nothing to undo: it is followed already, or was let go more than a week ago.")
    desk.note(f"bill {bill.id}", "", "followed again")
    return answer(f"{bill.said} is followed as before", replaces=True)


def add(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Yes, this bill is one of the family's: list it there and follow it."""
    bill, proposal = _proposed(desk, args)
    family = desk.config.coalition.bills.get(proposal.family)
    if family is None:
        raise Refused("That family has gone from coalition.yml meanwhile. /bill track follows the bill on its own.")
    records.answer(desk.tx, desk.config.coalition.id, bill.id, records.ADDED, by=desk.actor.person, now=desk.now)
    return _followed(desk, bill, proposal.title, proposal.family, family.asks, _read(desk.fetched))


def dismiss(desk: Desk, args: Mapping[str, str]) -> Reply:
    bill, proposal = _proposed(desk, args)
    records.answer(desk.tx, desk.config.coalition.id, bill.id, records.NOT_OURS, by=desk.actor.person, now=desk.now)
    desk.note(f"bill {bill.id}", f"proposed for {proposal.family}", "not ours")
    return answer(
        f"{bill.said} is not ours; I shall not ask again",
        buttons=desk.theirs(Button("Follow it after all", "bill track", about(bill))),
        replaces=True,
    )


async def read_record(fetching: Any, args: Mapping[str, str]) -> tuple[BillRecord, ...] | FetchFailed | None:
    """The record of the bill that is meant; None where the Congress is not said."""
    which = written(args["bill"])
    return await fetching.bill(which.bill) if which and which.bill else None


def families(desk: Desk, typed: str) -> Sequence[Choice]:
    held = (Choice(id_, family.name) for id_, family in desk.config.coalition.bills.items())
    return [it for it in held if typed.casefold() in it.label.casefold() or typed in it.value]


def _followed(
    desk: Desk, bill: BillNumber, title: str, family: str, asks: Sequence[int], found: tuple[BillRecord, ...]
) -> Reply:
    records.keep(desk.tx, found, desk.now)
    tracking.follow(desk, bill, title, family, asks)
    desk.note(f"bill {bill.id}", "", f"followed{f', of {family}' if family else ''}")
    lines = [f"{title}", f"So far: {facts.became(found[0], desk.today)}."] if found else []
    trouble = desk.fetched if isinstance(desk.fetched, FetchFailed) else None
    lines += [f"Its record could not be read just now ({trouble.detail}); it is asked for again."] if trouble else []
    return answer(
        f"{bill.said} is followed from here on",
        *lines,
        "Steps are said at once, the rest in the digest; what has happened already is not said again.",
        buttons=desk.theirs(show_button(bill), Button("Undo", "bill untrack", about(bill))),
        replaces=True,
    )


def _over(desk: Desk, bill: BillNumber) -> str:
    family = family_of(desk, bill)
    said = words.successor(family, fates(desk, family), bill) if family else ""
    return f"{bill.said} can move no more: its Congress is over. {said}".strip()


def _read(fetched: Any) -> tuple[BillRecord, ...]:
    return fetched if isinstance(fetched, tuple) else ()


def _proposed(desk: Desk, args: Mapping[str, str]) -> tuple[BillNumber, records.Proposal]:
    proposal = records.proposal(desk.tx, desk.config.coalition.id, args["bill"])
    if proposal is None:
        raise Refused("Nobody asked about that bill. /bill track BILL follows it.")
    if proposal.answer:
        raise Refused(f"That was answered already: {proposal.answer}. /bill list shows what is followed.")
    return BillNumber.of(proposal.bill), proposal


def _family(desk: Desk, args: Mapping[str, str]) -> tuple[str, Family] | None:
    if "family" not in args:
        return None
    known = desk.config.coalition.bills
    if args["family"] not in known:
        raise Refused(f"There is no family “{args['family'][:40]}”: there is {listed(list(known), 9)}.", param="family")
    return args["family"], known[args["family"]]


def _asks(desk: Desk, args: Mapping[str, str]) -> tuple[int, ...]:
    numbers = tuple(dict.fromkeys(map(int, re.findall(r"\d{1,4}", args.get("asks", "")))))
    known = desk.config.coalition.asks
    if unknown := [each for each in numbers if each not in known]:
        raise Refused(f"There is no ask {unknown[0]}. There are {', '.join(map(str, known))}.", param="asks")
    return numbers
