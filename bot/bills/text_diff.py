"""What changed between two versions of a bill's text, section by section. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from bot.bills.bill_text import Section
from bot.shared.bill_record import TextVersion

# GovInfo's codes in the order in which a bill gets them; one in twenty versions has no date to order it by.
_ORDER: Final = (
    "is", "ih", "ris", "rih", "rfs", "rfh", "rs", "rh", "rcs", "rch", "pcs", "pch", "ats", "ath", "es", "eh", "cps",
    "cph", "rds", "rdh", "eas", "eah", "enr",
)  # fmt: skip
_CLAUSE: Final = re.compile(r"(?<=[.;:\u2014])\s+")
_MAX_CLAUSES: Final = 2_000  # a longer section is not compared clause by clause
_MIN_RATIO: Final = 0.6  # of two headings that are taken to be the same section
_MAX_SECTIONS: Final = 200  # in longer texts similar headings are not searched for


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: "new", "gone", "changed", "renumbered". `pairs`: clauses (before, after), "" for none."""

    kind: str
    section: str
    pairs: tuple[tuple[str, str], ...] = ()


def in_order(versions: Sequence[TextVersion]) -> list[TextVersion]:
    """Versions that have an address, oldest first."""
    places = {code: place for place, code in enumerate(_ORDER)}
    return sorted((v for v in versions if v.code), key=lambda v: places.get(v.code, len(places)))


def changes(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """The changes in the order of the newer text, removed sections last."""
    partners = _partners(before, after)
    changed = [
        change
        for at, section in enumerate(after)
        if (change := _change(before[partners[at]] if at in partners else None, section))
    ]
    removed = [section for at, section in enumerate(before) if at not in partners.values()]
    return [*changed, *(Change("gone", section.name) for section in removed)]


def _partners(before: Sequence[Section], after: Sequence[Section]) -> dict[int, int]:
    """Newer section index → older section index: by the same heading, a similar one, or the same number."""
    partners: dict[int, int] = {}
    unmatched = dict(enumerate(before))
    for same in (_same_heading, _similar_heading, _same_number):
        if same is _similar_heading and max(len(before), len(after)) > _MAX_SECTIONS:
            continue
        for at, section in enumerate(after):
            partner = (
                next((n for n, old in unmatched.items() if same(old, section)), None) if at not in partners else None
            )
            if partner is not None:
                partners[at] = partner
                del unmatched[partner]
    return partners


def _same_heading(old: Section, new: Section) -> bool:
    return bool(new.heading) and old.heading.casefold() == new.heading.casefold()


def _similar_heading(old: Section, new: Section) -> bool:
    pair = (old.heading.casefold(), new.heading.casefold())
    return all(pair) and SequenceMatcher(None, *pair).ratio() > _MIN_RATIO


def _same_number(old: Section, new: Section) -> bool:
    return old.number == new.number and not (old.heading and new.heading)


def _change(old: Section | None, new: Section) -> Change | None:
    if old is None:
        return Change("new", new.name, tuple(("", clause) for clause in _CLAUSE.split(new.text)[:3]))
    pairs = tuple(_changed_clauses(old.text, new.text))
    if pairs:
        return Change("changed", new.name, pairs)
    return Change("renumbered", f"{old.name} → {new.name}") if old.name != new.name else None


def _changed_clauses(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The clauses that differ: (before, after)."""
    if old == new:
        return
    before, after = _CLAUSE.split(old), _CLAUSE.split(new)
    if len(before) > _MAX_CLAUSES or len(after) > _MAX_CLAUSES:
        yield "", "This section is too long to compare clause by clause."
        return
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield " ".join(before[a:b]), " ".join(after[c:d])
