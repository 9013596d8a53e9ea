"""How current the records behind a letter are: the directory of Congress and its bill's record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.commands.model import Refused, Work
from bot.config.coalition import Coalition
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.letters import records
from bot.letters.lifecycle import Dossier
from bot.shared.bill_number import parse_bill_number
from bot.shared.calendar import day_in_words

_SHOWN = 3  # sentences on missing directory entries


def record_lines(work: Work, letter: Dossier) -> Iterator[str]:
    """Lines for approvers: the date of each record, and what it lacks."""
    at_lock, addressees = records.locked_addressees(work.tx, letter.id), list[Addressee]()
    for id_ in letter.version.addressees:
        with suppress(NotAddressable):  # who cannot be written to has no entry
            addressees.append(at_lock.get(id_) or directory.addressee(work.tx, work.config, id_, today=work.today))
    if days := {addressee.as_of for addressee in addressees if addressee.as_of}:
        yield f"Names and addresses are as of {day_in_words(min(days))}."
    missing = [addressee.missing for addressee in addressees if addressee.missing]
    yield from missing[:_SHOWN]
    if len(missing) > _SHOWN:
        yield f"The directory is incomplete for {len(missing) - _SHOWN} more addressees."
    bill = bill_of(work, letter)
    if bill and bill.checked_at:
        day = work.config.coalition.day
        checked = day_in_words(day(bill.checked_at))
        changed = f", updated by its source {day_in_words(day(bill.as_of))}" if bill.as_of else ""
        yield f"The record of {bill.bill.label} was last checked {checked}{changed}."
    elif bill:
        yield f"No record of {bill.bill.label} was read: its facts about the bill come from coalition.yml."


def bill_of(work: Work, letter: Dossier) -> BillFacts | None:
    """The facts of the bill that a letter is about, or None."""
    parsed = parse_bill_number(str(letter.facts.get("bill", "")).removeprefix("bill:"))
    if parsed is None or parsed.bill is None:
        return None
    try:
        return bill_facts(work.tx, work.config.coalition, parsed.bill.id, now=work.now)
    except UnknownBill:
        return None


def check_bill(coalition: Coalition, bill: BillFacts, now: datetime) -> None:
    """Raise `Refused` if the record of a pending bill was last checked too long ago."""
    if bill.checked_at is None or bill.law or bill.bill.over(coalition.day(now)):
        return
    limit = coalition.letters.bill_records_good_for
    if now - bill.checked_at > limit:
        checked = day_in_words(coalition.day(bill.checked_at))
        raise Refused(
            f"The record of {bill.bill.label} was last checked on {checked}, more than {limit.days} days ago. "
            f"/bill track {bill.bill.id} updates it.",
            param="bill",
        )
