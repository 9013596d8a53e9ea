"""What is offered while somebody types who a letter goes to."""

from __future__ import annotations

import re
from typing import Final

from bot.bills.facts import UnknownBill, bill_facts
from bot.commands.model import Choice, Context
from bot.congress import address, directory, records
from bot.congress.model import fold
from bot.letters.recipients.select import NotUnderstood, select

_EXCEPT: Final = re.compile(r"(?P<who>.+\S)\s+except\s+(?P<left_out>(?:[^,]+,\s*)*)(?P<name>[^,]*)", re.IGNORECASE)
_COMMITTEES: Final = 5


def offered_recipients(ctx: Context, typed: str) -> list[Choice]:
    """Offices, people and whole committees, and after "except" the people of what is before it."""
    if found := _EXCEPT.fullmatch(typed):
        return _left_out(ctx, found)
    people = [Choice(id_, label) for id_, label in directory.find(ctx.tx, ctx.config, typed, today=ctx.today)]
    return [*_committees(ctx, typed), *people]


def _committees(ctx: Context, typed: str) -> list[Choice]:
    """The committees of which every word that was typed begins one: one letter to each member."""
    wanted = fold(typed)
    if not wanted:
        return []
    offered = []
    for committee in records.committees(ctx.tx):
        body = address.body(committee, None)
        if committee.parent is None and all(any(word.startswith(each) for word in fold(body)) for each in wanted):
            offered.append(Choice(body, f"{body}: a letter to each member"))
    return offered[:_COMMITTEES]


def _left_out(ctx: Context, found: re.Match[str]) -> list[Choice]:
    """The whole sentence with each person whose name fits what was typed last."""
    try:
        picked = select(ctx.tx, ctx.config, found["who"], now=ctx.now, about=bill_facts).ids
    except (NotUnderstood, UnknownBill):
        return []
    wanted, before = fold(found["name"]), f"{found['who']} except {found['left_out']}"
    members = {f"member:{member.bioguide}": member for member in records.members(ctx.tx)}
    return [
        Choice(f"{before}{id_}", f"{before}{member.role} {member.full_name} ({member.place})")
        for id_, member in members.items()
        if id_ in picked and all(any(word.startswith(each) for word in directory.words_of(member)) for each in wanted)
    ]
