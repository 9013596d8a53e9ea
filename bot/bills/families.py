"""One policy's bills across Congresses: what became of each, and what looks like another of them. Pure.

Official data never relate bills of two Congresses. The long title is the best sign: it has stayed the same while the
short title changed with the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.config.coalition import Coalition, Family
from bot.shared.bill_number import BillNumber
from bot.sources.congress.bill_record import BillRecord

_LEAD: Final = re.compile(r"^an? (?:bill|act|joint resolution|concurrent resolution|resolution) ", re.IGNORECASE)
_YEAR: Final = re.compile(r"\s+(?:of|for fiscal year)\s+(?:19|20)\d\d$", re.IGNORECASE)
_PRINTED: Final = re.compile(r"^[^(]{1,24}\([A-Z0-9]{2,5}\) - ")  # "S. 5429 (IS) - " before a title in GovInfo's feed
_WORDS: Final = 3  # a shorter title says too little


@dataclass(frozen=True, slots=True)
class Look:
    """A bill that looks like one of a family, and by what."""

    bill: BillNumber
    title: str
    family: str
    signs: tuple[str, ...]


def fingerprint(title: str) -> str:
    """A title as it is compared: without "A bill", the year, signs and case; "" for one too short to tell anything."""
    bare = _YEAR.sub("", _LEAD.sub("", _PRINTED.sub("", title.strip())).rstrip(" ."))
    words = re.sub(r"[^\w]+", " ", bare).casefold().split()
    return " ".join(words) if len(words) >= _WORDS else ""


def looks_like(
    bill: BillNumber,
    titles: Iterable[str],
    sponsors: frozenset[str],
    coalition: Coalition,
    known: Mapping[str, BillRecord],
) -> Look | None:
    """The family that a bill nobody listed may belong to.

    `titles`: all it has; `sponsors`: Bioguide ids, where its record says. `known`: the records of families' bills.
    Bills of a Congress before the family's newest are history, which people write down themselves.
    """
    listed = {each.id for family in coalition.bills.values() for each in family.bills}
    prints = {print_: title for title in titles if (print_ := fingerprint(title))}
    for id_, family in coalition.bills.items() if bill.id not in listed and prints else ():
        newest = max((BillNumber.of(each.id).congress for each in family.bills), default=0)
        signs = _signs(prints, family, known) if bill.congress >= newest else []
        if signs:
            same = sponsors & _sponsors(family, known)
            title = _PRINTED.sub("", next(iter(prints.values())))
            return Look(bill, title, id_, (*signs, *(["It has the same sponsor."] if same else [])))
    return None


def _signs(prints: Mapping[str, str], family: Family, known: Mapping[str, BillRecord]) -> list[str]:
    records = [known[bill.id] for bill in family.bills if bill.id in known]
    official = {fingerprint(family.official_title), *(fingerprint(record.official_title or "") for record in records)}
    short = {fingerprint(family.name), *(fingerprint(bill.title) for bill in family.bills)}
    short |= {fingerprint(record.title) for record in records}
    return [
        said
        for said, theirs in (("Its official title is the same.", official), ("Its short title is the same.", short))
        if prints.keys() & (theirs - {""})
    ]


def _sponsors(family: Family, known: Mapping[str, BillRecord]) -> frozenset[str]:
    records = (known[bill.id] for bill in family.bills if bill.id in known)
    return frozenset(sponsor.bioguide for record in records for sponsor in record.sponsors or ())


def by_congress(bills: Sequence[BillNumber]) -> dict[int, list[BillNumber]]:
    """The bills of each Congress, oldest first."""
    found: dict[int, list[BillNumber]] = {}
    for bill in sorted(bills, key=lambda each: each.congress):
        found.setdefault(bill.congress, []).append(bill)
    return found
