"""What changed between two versions of a bill's text, section by section. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from bot.sources.congress.bill_record import TextVersion
from bot.sources.congress.bill_text import Section

# GovInfo's codes in the order in which a bill gets them; one in twenty versions has no date to order it by.
_ORDER: Final = (
    "is", "ih", "ris", "rih", "rfs", "rfh", "rs", "rh", "rcs", "rch", "pcs", "pch", "ats", "ath", "es", "eh", "cps",
    "cph", "rds", "rdh", "eas", "eah", "enr",
)  # fmt: skip
_CLAUSE: Final = re.compile(r"(?<=[.;:\u2014])\s+")
_MOST: Final = 2_000  # clauses of a section that are compared with one another
_ALIKE: Final = 0.6  # how much of a heading two sections share that are the same one
_FEW: Final = 200  # sections of a text whose headings are held against one another


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: "new", "gone", "changed", "renumbered". `pairs`: clauses as they were and as they are, "" for none."""

    kind: str
    section: str
    pairs: tuple[tuple[str, str], ...] = ()


def in_order(versions: Sequence[TextVersion]) -> list[TextVersion]:
    """Versions that have an address, oldest first."""
    places = {code: place for place, code in enumerate(_ORDER)}
    return sorted((it for it in versions if it.code), key=lambda it: places.get(it.code, len(places)))


def changes(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """In the order of the newer text; what is gone stands last."""
    partners = _partners(before, after)
    told = [
        change
        for at, section in enumerate(after)
        if (change := _change(before[partners[at]] if at in partners else None, section))
    ]
    gone = [section for at, section in enumerate(before) if at not in partners.values()]
    return [*told, *(Change("gone", section.name) for section in gone)]


def _partners(before: Sequence[Section], after: Sequence[Section]) -> dict[int, int]:
    """Which section of the older text each of the newer is: by its heading, one much like it, or its number."""
    found: dict[int, int] = {}
    left = dict(enumerate(before))
    for same in (_same_heading, _alike, _same_number):
        if same is _alike and max(len(before), len(after)) > _FEW:
            continue
        for at, section in enumerate(after):
            partner = next((n for n, old in left.items() if same(old, section)), None) if at not in found else None
            if partner is not None:
                found[at] = partner
                del left[partner]
    return found


def _same_heading(old: Section, new: Section) -> bool:
    return bool(new.heading) and old.heading.casefold() == new.heading.casefold()


def _alike(old: Section, new: Section) -> bool:
    pair = (old.heading.casefold(), new.heading.casefold())
    return all(pair) and SequenceMatcher(None, *pair).ratio() > _ALIKE


def _same_number(old: Section, new: Section) -> bool:
    return old.number == new.number and not (old.heading and new.heading)


def _change(old: Section | None, new: Section) -> Change | None:
    if old is None:
        return Change("new", new.name, tuple(("", clause) for clause in _CLAUSE.split(new.text)[:3]))
    pairs = tuple(_pairs(old.text, new.text))
    if pairs:
        return Change("changed", new.name, pairs)
    return Change("renumbered", f"{old.name} → {new.name}") if old.name != new.name else None


def _pairs(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The clauses that differ, as they were and as they are."""
    if old == new:
        return
    here, there = _CLAUSE.split(old), _CLAUSE.split(new)
    if len(here) > _MOST or len(there) > _MOST:
        yield "", "It is too long to be compared clause by clause."
        return
    for kind, a, b, c, d in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if kind != "equal":
            yield " ".join(here[a:b]), " ".join(there[c:d])
