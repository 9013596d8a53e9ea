"""Where members of Congress are on a bill, by what they signed and how they voted on passage. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.bills import records
from bot.bills.facts import merge_stored
from bot.shared import wording
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import SENATE, BillRecord, RollCall
from bot.shared.calendar import day_in_words
from bot.shared.plain_text import EASTERN
from bot.store.database import Reader


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a member did. `stance`: what it shows; None if it shows nothing. `source`: who says so, as of when."""

    text: str  # "Cosponsored H.R. 4323 (119th)"
    on: date | None
    stance: Stance | None
    source: str
    url: str

    @property
    def line(self) -> str:
        """`Cosponsored H.R. 4323 (119th), Fri Oct 24, 2025`."""
        return f"{self.text}, {day_in_words(self.on) if self.on else 'day not given'}"


@dataclass(frozen=True, slots=True)
class Position:
    """A member's evidence on one bill, oldest first."""

    evidence: tuple[Evidence, ...] = ()

    @property
    def stance(self) -> Stance:
        """That of the newest evidence that shows one. Who withdrew a signature and did nothing since is unknown."""
        shown = (each.stance for each in reversed(self.evidence) if each.stance)
        return next(shown, Stance.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPositions:
    """The public positions on a bill and its companions with the same text, by Bioguide id.

    `bills`: their ids. `read`: the bills whose record was read; without any, nothing is known. `unsigned`: those whose
    cosponsors no record gives, which is not the same as none. `unnamed`: votes of senators whose number in the Senate's
    roll calls the directory does not have.
    """

    bill: BillNumber
    bills: tuple[str, ...]
    by_member: Mapping[str, Position]
    read: tuple[str, ...]
    unsigned: tuple[BillNumber, ...]
    roll_calls: tuple[str, ...]
    unnamed: int
    sources: tuple[str, ...]

    def of(self, bioguide: str) -> Position:
        return self.by_member.get(bioguide, Position())


def positions(db: Reader, bill: BillNumber, senators: Mapping[str, str]) -> BillPositions:
    """The positions of everyone who signed or voted on the bill, or on one that its record calls identical.

    `senators`: their Bioguide ids by their number in the Senate's roll calls.
    """
    stored = records.stored(db, bill.id)
    identical = merge_stored(stored).identical if stored else frozenset()
    bills = [bill, *sorted(map(BillNumber.of, identical))]
    read = {each: merge_stored(rows) for each in bills if (rows := records.stored(db, each.id))}
    votes = [vote for each in bills for vote in records.roll_calls(db, each.id)]
    by_member: dict[str, list[Evidence]] = {}
    for record in read.values():
        for member, evidence in _signed(record):
            by_member.setdefault(member, []).append(evidence)
    unnamed = 0
    for vote in votes:
        for number, evidence in _voted(vote):
            member = senators.get(number, "") if vote.chamber == SENATE else number
            unnamed += not member
            if member:
                by_member.setdefault(member, []).append(evidence)
    return BillPositions(
        bill=bill,
        bills=tuple(each.id for each in bills),
        by_member={
            member: Position(tuple(sorted(each, key=lambda evidence: evidence.on or date.min)))
            for member, each in by_member.items()
        },
        read=tuple(each.label for each in read),
        unsigned=tuple(each for each in bills if each not in read or read[each].cosponsors is None),
        roll_calls=tuple(vote.name for vote in votes if vote.on_passage),
        unnamed=unnamed,
        sources=tuple(f"{record.number.label}: {_source(record)}" for record in read.values()),
    )


def _signed(record: BillRecord) -> Iterator[tuple[str, Evidence]]:
    """(Bioguide id, evidence) of sponsors and cosponsors."""
    label, source, url = record.number.label, _source(record), record.number.page
    for sponsor in record.sponsors or ():
        yield sponsor.bioguide, Evidence(f"Sponsored {label}", record.introduced, Stance.FOR, source, url)
    for member in record.cosponsors or ():
        yield member.bioguide, Evidence(f"Cosponsored {label}", member.joined, Stance.FOR, source, url)
        if member.withdrawn:
            text = f"Withdrew as a cosponsor of {label}"
            yield member.bioguide, Evidence(text, member.withdrawn, Stance.UNKNOWN, source, url)


def _voted(vote: RollCall) -> Iterator[tuple[str, Evidence]]:
    """(the chamber's id of a member, evidence) of each vote."""
    on = vote.at.astimezone(EASTERN).date() if vote.at else None
    bill = wording.bill(vote.bill)
    passage = "to override the veto" if vote.over_veto else "on passage"
    what = f"{passage} of {bill}" if vote.on_passage else f"on “{vote.question}” ({bill})"
    stances = {True: Stance.FOR, False: Stance.AGAINST, None: None}
    for each in vote.votes:
        text = f"Voted {each.vote} {what}"
        yield each.member, Evidence(text, on, stances[each.in_favor] if vote.on_passage else None, vote.name, vote.url)


def _source(record: BillRecord) -> str:
    """`GovInfo BILLSTATUS, as of Fri Oct 24, 2025`."""
    as_of: datetime | None = record.updated
    return f"{record.source}, as of {day_in_words(as_of.astimezone(EASTERN).date())}" if as_of else record.source
