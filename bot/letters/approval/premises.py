"""How current the records behind a letter are: the directory of Congress and its bill's record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.commands.model import Refused
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.letters import records
from bot.letters.lifecycle import Dossier
from bot.shared.bill_number import parse_bill_number
from bot.shared.calendar import day_in_words
from bot.store.database import Reader

_SHOWN = 3  # sentences on missing directory entries


def record_lines(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[str]:
    """Lines for approvers: the date of each record, and what it lacks."""
    addressees = list(_known_addressees(db, config, letter, now))
    if days := {addressee.as_of for addressee in addressees if addressee.as_of}:
        yield f"Names and addresses are as of {day_in_words(min(days))}."
    missing = [addressee.missing for addressee in addressees if addressee.missing]
    yield from missing[:_SHOWN]
    if len(missing) > _SHOWN:
        yield f"The directory is incomplete for {len(missing) - _SHOWN} more addressees."
    bill = bill_of(db, config.coalition, letter, now)
    if bill and bill.checked_at:
        zone = config.coalition.tz
        checked = day_in_words(bill.checked_at.astimezone(zone).date())
        changed = f", updated by its source {day_in_words(bill.as_of.astimezone(zone).date())}" if bill.as_of else ""
        yield f"The record of {bill.bill.label} was last checked {checked}{changed}."
    elif bill:
        yield f"No record of {bill.bill.label} was read: its facts about the bill come from coalition.yml."


def bill_of(db: Reader, coalition: Coalition, letter: Dossier, now: datetime) -> BillFacts | None:
    """The facts of the bill that a letter is about, or None."""
    parsed = parse_bill_number(str(letter.facts.get("bill", "")).removeprefix("bill:"))
    if parsed is None or parsed.bill is None:
        return None
    try:
        return bill_facts(db, coalition, parsed.bill.id, now=now)
    except UnknownBill:
        return None


def check_bill(coalition: Coalition, bill: BillFacts | None, now: datetime) -> None:
    """Raise `Refused` if the record of a pending bill was last checked too long ago."""
    if bill is None or bill.checked_at is None or bill.law or bill.bill.over(coalition.day(now)):
        return
    limit = coalition.letters.bill_records_good_for
    if now - bill.checked_at > limit:
        checked = day_in_words(bill.checked_at.astimezone(coalition.tz).date())
        raise Refused(
            f"The record of {bill.bill.label} was last checked on {checked}, more than {limit.days} days ago. "
            f"/bill track {bill.bill.id} updates it.",
            param="bill",
        )


def _known_addressees(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[Addressee]:
    """The addressees as they were at the lock or are today, without those who cannot be written to."""
    at_lock, today = records.locked_addressees(db, config.coalition.id, letter.id), config.coalition.day(now)
    for id_ in letter.version.addressees:
        try:
            yield at_lock.get(id_) or directory.addressee(db, config, id_, today=today)
        except NotAddressable:
            continue
