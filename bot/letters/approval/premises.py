"""The records a letter relies on: the directory of Congress and its bill's record, each with its day."""

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
from bot.shared.bill_number import written
from bot.shared.calendar import day_in_words
from bot.store.database import Reader

_SHOWN = 3  # of the sentences on what the directory lacks


def lines(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[str]:
    """For whoever approves: as of which day each record is, and what it lacks."""
    addressees = list(_addressees(db, config, letter, now))
    if days := {each.as_of for each in addressees if each.as_of}:
        yield f"Names and addresses are as of {day_in_words(min(days))}."
    missing = [each.missing for each in addressees if each.missing]
    yield from missing[:_SHOWN]
    if len(missing) > _SHOWN:
        yield f"The record lacks something of {len(missing) - _SHOWN} more addressees."
    bill = bill_of(db, config.coalition, letter, now)
    if bill and bill.checked_at:
        zone = config.coalition.tz
        looked = day_in_words(bill.checked_at.astimezone(zone).date())
        changed = f", changed by its source {day_in_words(bill.as_of.astimezone(zone).date())}" if bill.as_of else ""
        yield f"The record of {bill.bill.label} was last looked at {looked}{changed}."
    elif bill:
        yield f"No record of {bill.bill.label} was read: what it says of the bill is from coalition.yml."


def bill_of(db: Reader, coalition: Coalition, letter: Dossier, now: datetime) -> BillFacts | None:
    """The bill that a letter is about."""
    which = written(str(letter.facts.get("bill", "")).removeprefix("bill:"))
    if which is None or which.bill is None:
        return None
    try:
        return bill_facts(db, coalition, which.bill.id, now=now)
    except UnknownBill:
        return None


def check_bill(coalition: Coalition, bill: BillFacts | None, now: datetime) -> None:
    """Raises `Refused` where the record of a pending bill was last looked at too long ago."""
    if bill is None or bill.checked_at is None or bill.law or bill.bill.over(coalition.day(now)):
        return
    limit = coalition.letters.bill_records_good_for
    if now - bill.checked_at > limit:
        looked = day_in_words(bill.checked_at.astimezone(coalition.tz).date())
        raise Refused(
            f"The record of {bill.bill.label} was last looked at on {looked}, more than {limit.days} days ago. "
            f"/bill track {bill.bill.id} reads it now.",
            param="bill",
        )


def _addressees(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[Addressee]:
    """Those who can be addressed, as they were at the lock or are today."""
    then, today = records.locked_addressees(db, config.coalition.id, letter.id), config.coalition.day(now)
    for id_ in letter.version.addressees:
        try:
            yield then.get(id_) or directory.addressee(db, config, id_, today=today)
        except NotAddressable:
            continue
