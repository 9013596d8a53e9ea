"""What is offered while somebody types who a letter goes to."""

from __future__ import annotations

import re
from typing import Final

from bot.bills.facts import UnknownBill
from bot.bills.facts import about as bill_facts
from bot.command import Choice, Desk
from bot.letters import address, directory
from bot.letters import directory_records as records
from bot.letters.congress import fold
from bot.letters.select import NotUnderstood, select

_EXCEPT: Final = re.compile(r"(?P<who>.+\S)\s+except\s+(?P<left_out>(?:[^,]+,\s*)*)(?P<name>[^,]*)", re.IGNORECASE)
_COMMITTEES: Final = 5


def offered_recipients(desk: Desk, typed: str) -> list[Choice]:
    """Offices, people and whole committees, and after "except" the people of what is before it."""
    if found := _EXCEPT.fullmatch(typed):
        return _left_out(desk, found)
    people = [Choice(id_, label) for id_, label in directory.find(desk.tx, desk.config, typed, today=desk.today)]
    return [*_committees(desk, typed), *people]


def _committees(desk: Desk, typed: str) -> list[Choice]:
    """The committees of which every word that was typed begins one: one letter to each member."""
    wanted = fold(typed)
    if not wanted:
        return []
    offered = []
    for committee in records.committees(desk.tx):
        body = address.body(committee, None)
        if committee.parent is None and all(any(word.startswith(each) for word in fold(body)) for each in wanted):
            offered.append(Choice(body, f"{body}: a letter to each member"))
    return offered[:_COMMITTEES]


def _left_out(desk: Desk, found: re.Match[str]) -> list[Choice]:
    """The whole sentence with each person whose name fits what was typed last."""
    try:
        picked = select(desk.tx, desk.config, found["who"], now=desk.now, about=bill_facts).ids
    except (NotUnderstood, UnknownBill):
        return []
    wanted, before = fold(found["name"]), f"{found['who']} except {found['left_out']}"
    members = {f"member:{member.bioguide}": member for member in records.members(desk.tx)}
    return [
        Choice(f"{before}{id_}", f"{before}{member.role} {member.full_name} ({member.place})")
        for id_, member in members.items()
        if id_ in picked and all(any(word.startswith(each) for word in directory.words_of(member)) for each in wanted)
    ]
