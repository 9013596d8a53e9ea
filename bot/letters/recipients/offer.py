"""Completion of a letter's addressees."""

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


def complete_recipients(ctx: Context, typed: str) -> list[Choice]:
    """Offices, people and whole committees; after "except", people from the selection before it."""
    if match := _EXCEPT.fullmatch(typed):
        return _complete_exception(ctx, match)
    people = [
        Choice(id_, label) for id_, label in directory.search_addressees(ctx.tx, ctx.config, typed, today=ctx.today)
    ]
    return [*_complete_committees(ctx, typed), *people]


def _complete_committees(ctx: Context, typed: str) -> list[Choice]:
    """Committees whose names have words starting with every typed word."""
    wanted = fold(typed)
    if not wanted:
        return []
    offered = []
    for committee in records.committees(ctx.tx):
        body = address.body(committee, None)
        if committee.parent is None and all(any(word.startswith(each) for word in fold(body)) for each in wanted):
            offered.append(Choice(body, f"{body}: a letter to each member"))
    return offered[:_COMMITTEES]


def _complete_exception(ctx: Context, match: re.Match[str]) -> list[Choice]:
    """The typed sentence completed with each person who matches its last name."""
    try:
        picked = select(ctx.tx, ctx.config, match["who"], now=ctx.now, about=bill_facts).ids
    except (NotUnderstood, UnknownBill):
        return []
    wanted, before = fold(match["name"]), f"{match['who']} except {match['left_out']}"
    members = {f"member:{member.bioguide}": member for member in records.members(ctx.tx)}
    return [
        Choice(f"{before}{id_}", f"{before}{member.role} {member.full_name} ({member.place})")
        for id_, member in members.items()
        if id_ in picked and all(any(word.startswith(each) for word in directory.words_of(member)) for each in wanted)
    ]
