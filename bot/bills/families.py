"""One policy's bills across Congresses, and new bills that look like another of them. Pure.

Official data never link bills of two Congresses. The long title is the best sign: it has stayed the same while the
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
_MIN_WORDS: Final = 3


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
    sponsors: frozenset[str],
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
        signs = _signs(prints, family, family_records) if bill.congress >= newest else []
        if signs:
            same_sponsors = sponsors & _sponsors(family, family_records)
            title = _PRINTED.sub("", next(iter(prints.values())))
            return FamilyMatch(bill, title, id_, (*signs, *(["It has the same sponsor."] if same_sponsors else [])))
    return None


def _signs(prints: Mapping[str, str], family: Family, family_records: Mapping[str, BillRecord]) -> list[str]:
    records = [family_records[bill.id] for bill in family.bills if bill.id in family_records]
    official = {fingerprint(family.official_title), *(fingerprint(record.official_title or "") for record in records)}
    short = {fingerprint(family.name), *(fingerprint(bill.title) for bill in family.bills)}
    short |= {fingerprint(record.title) for record in records}
    return [
        sign
        for sign, titles in (("Its official title is the same.", official), ("Its short title is the same.", short))
        if prints.keys() & (titles - {""})
    ]


def _sponsors(family: Family, family_records: Mapping[str, BillRecord]) -> frozenset[str]:
    records = (family_records[bill.id] for bill in family.bills if bill.id in family_records)
    return frozenset(sponsor.bioguide for record in records for sponsor in record.sponsors or ())


def by_congress(bills: Sequence[BillNumber]) -> dict[int, list[BillNumber]]:
    """The bills of each Congress, oldest first."""
    grouped: dict[int, list[BillNumber]] = {}
    for bill in sorted(bills, key=lambda bill: bill.congress):
        grouped.setdefault(bill.congress, []).append(bill)
    return grouped
