"""Store the bill records of a poll, and ask about bills that look like one of ours.

Official data never link bills of two Congresses. The long title is the best sign: it has stayed the same while the
short title changed with the year.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.alerts.plan import ask_channels
from bot.bills import records
from bot.bills.facts import merge_stored
from bot.commands.model import Work
from bot.config.coalition import Coalition, Family
from bot.outbox.messages import place, post
from bot.shared.answer import Fetched
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord
from bot.shared.calendar import quiet_until
from bot.shared.card import Button, Card, Line, Link, Mark
from bot.shared.entry import Kind

KIND: Final = "bill"  # deliveries.kind
_LEAD: Final = re.compile(r"^an? (?:bill|act|joint resolution|concurrent resolution|resolution) ", re.IGNORECASE)
_YEAR: Final = re.compile(r"\s+(?:of|for fiscal year)\s+(?:19|20)\d\d$", re.IGNORECASE)
_PRINTED: Final = re.compile(r"^[^(]{1,24}\([A-Z0-9]{2,5}\) - ")  # "S. 5429 (IS) - " before a title in GovInfo's feed
_MIN_WORDS: Final = 3


def store_answer(work: Work, answer: Fetched) -> None:
    """Save an answer's bill records, and propose bills that look like one of ours. Only a person adds them."""
    records.save(work.tx, answer.records, work.now)
    records.save_roll_calls(work.tx, answer.roll_calls, work.now)
    bills = [
        (record.number, [record.title, record.official_title or ""], {each.bioguide for each in record.sponsors or ()})
        for record in answer.records
    ] + [
        (BillNumber.of(entry.bill), [entry.title, entry.bill_title or "", entry.summary or ""], set[str]())
        for entry in answer.entries
        if entry.bill and entry.kind is not Kind.BILL
    ]
    listed = [bill.id for family in work.config.coalition.bills.values() for bill in family.bills] if bills else []
    family_records = {id_: merge_stored(stored) for id_ in listed if (stored := records.stored(work.tx, id_))}
    for bill, titles, sponsors in bills:
        if match := match_family(bill, titles, sponsors, work.config.coalition, family_records):
            proposal = records.Proposal(match.bill.id, match.family, match.title, None)
            if records.propose(work.tx, proposal, work.now):
                _ask(work, match)


def _ask(work: Work, match: FamilyMatch) -> None:
    """Post the question to every channel that gets the family's asks."""
    feeds, family = work.config.feeds, work.config.coalition.bills[match.family]
    args = (("bill", match.bill.id),)
    card = Card(
        mark=Mark.BILL,
        head=f"Is {match.bill.label} one of ours? It looks like “{family.name}” reintroduced",
        lines=(Line(match.title, match.bill.page), *(Line(sign) for sign in match.signs)),
        links=(Link("Bill", match.bill.page),),
        foot="It is added only if you press the button.",
        buttons=(Button("Add to the family", "bill add", args, "primary"), Button("Not ours", "bill dismiss", args)),
    )
    for audience in ask_channels(family.asks, feeds):
        due_at = quiet_until(work.now, feeds.channels[audience].quiet, work.zone)
        to = place(audience, feeds)
        thread = to.thread(f"bill:{match.bill.id}")
        post(work, to, f"proposal:{match.bill.id}", card, kind=KIND, due_at=due_at, thread=thread)


@dataclass(frozen=True, slots=True)
class FamilyMatch:
    """A bill that looks like one of a family, and the signs."""

    bill: BillNumber
    title: str
    family: str
    signs: tuple[str, ...]


def fingerprint(title: str) -> str:
    """A title normalized for comparison: no "A bill", year, punctuation or case; "" if too short to compare."""
    bare = _YEAR.sub("", _LEAD.sub("", _PRINTED.sub("", title.strip())).rstrip(" ."))
    words = re.sub(r"[^\w]+", " ", bare).casefold().split()
    return " ".join(words) if len(words) >= _MIN_WORDS else ""


def match_family(
    bill: BillNumber,
    titles: Iterable[str],
    sponsors: Collection[str],
    coalition: Coalition,
    family_records: Mapping[str, BillRecord],
) -> FamilyMatch | None:
    """The family that an unlisted bill may belong to.

    `titles`: all its titles; `sponsors`: Bioguide ids, if known; `family_records`: the records of families' bills.
    A bill of an earlier Congress than the family's newest is history, which people list themselves.
    """
    listed = {member.id for family in coalition.bills.values() for member in family.bills}
    prints = {print_: title for title in titles if (print_ := fingerprint(title))}
    for id_, family in coalition.bills.items() if bill.id not in listed and prints else ():
        newest = max((BillNumber.of(member.id).congress for member in family.bills), default=0)
        of_family = [family_records[member.id] for member in family.bills if member.id in family_records]
        signs = _signs(prints, family, of_family) if bill.congress >= newest else []
        if signs:
            theirs = {each.bioguide for record in of_family for each in record.sponsors or ()}
            title = _PRINTED.sub("", next(iter(prints.values())))
            return FamilyMatch(
                bill, title, id_, (*signs, *(["It has the same sponsor."] if theirs.intersection(sponsors) else []))
            )
    return None


def _signs(prints: Mapping[str, str], family: Family, records: Sequence[BillRecord]) -> list[str]:
    official = {fingerprint(family.official_title), *(fingerprint(record.official_title or "") for record in records)}
    short = {fingerprint(family.name), *(fingerprint(bill.title) for bill in family.bills)}
    short |= {fingerprint(record.title) for record in records}
    return [
        sign
        for sign, titles in (("Its official title is the same.", official), ("Its short title is the same.", short))
        if prints.keys() & (titles - {""})
    ]
