"""Duties that an enacted text seems to hold: "not later than 180 days after …". Pure; a person has to confirm each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.shared.dates import EASTERN, read_date

_LONGEST: Final = 2_000_000  # characters of a law that are read
_SENTENCE: Final = 1_200  # characters that one duty may take
# GovInfo's plain text: tags, notes of the margin, marks of pages.
_ASIDE: Final = re.compile(r"<<NOTE:[^<>]{0,400}>>|\[\[Page[^\[\]]{0,40}\]\]|<[^<>]{0,200}>")
_NUMBERS: Final = {
    name: number
    for number, names in {
        1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
        12: "twelve", 15: "fifteen", 18: "eighteen", 30: "thirty", 45: "forty-five", 60: "sixty", 90: "ninety",
    }.items()
    for name in names.split()
}  # fmt: skip
_COUNT: Final = rf"(?P<count>\d{{1,4}}|{'|'.join(_NUMBERS)})"
_LIMIT: Final = re.compile(
    rf"\b(?:not|no) later than {_COUNT} (?P<unit>day|month|year)s? after "
    r"(?P<anchor>the date of(?: the)? enactment of [\w ]{1,60}|[A-Z][a-z]+ \d{1,2}, \d{4}|[^,.;]{1,160})",
    re.IGNORECASE,
)
_WHO: Final = r"(?P<by>(?:the|each|every) [^,;.]{2,120}?) shall"
# "Not later than …, the Secretary shall issue …" and "The Secretary shall, not later than …, issue …".
_SHALL_AFTER: Final = re.compile(rf"^, {_WHO} (?P<owed>[^.;]{{3,600}})", re.IGNORECASE)
_SHALL_BEFORE: Final = re.compile(rf"{_WHO},? $", re.IGNORECASE)
_APPROVED: Final = re.compile(r"Approved ([A-Z][a-z]+ \d{1,2}, \d{4})")
_ENACTMENT: Final = re.compile(r"the date of(?: the)? enactment of this", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A limit of time as the text has it. `since` is None where it runs from something other than a day we know."""

    quote: str
    period: str  # "180 days"
    since: date | None
    by: str
    owed: str


def limits(text: str) -> list[Found]:
    """Every limit of time that somebody is put under, in the text's order."""
    read = html.unescape(_ASIDE.sub(" ", text[:_LONGEST]))
    plain = " ".join(_ASIDE.sub(" ", read).split())  # the margin's notes are escaped, as everything is that is no tag
    approved = _APPROVED.search(plain)
    enacted = _day(approved[1]) if approved else None
    return [found for limit in _LIMIT.finditer(plain) for found in _found(plain, limit, enacted)]


def _found(plain: str, limit: re.Match[str], enacted: date | None) -> Iterator[Found]:
    number = _NUMBERS.get(limit["count"].lower()) or int(limit["count"])
    if not number:
        return
    before = plain[max(0, limit.start() - _SENTENCE) : limit.start()]
    before = before[max(before.rfind(". ") + 2, before.rfind("--") + 2, 0) :]
    after = plain[limit.end() : limit.end() + _SENTENCE].partition(". ")[0].rstrip(".")
    by, owed = _duty(before, after)
    unit = limit["unit"].lower()
    yield Found(
        quote=f"{before}{limit[0]}{after}.",
        period=f"{number} {unit}{'s' if number > 1 else ''}",
        since=enacted if _ENACTMENT.match(limit["anchor"]) else _day(limit["anchor"]),
        by=by,
        owed=owed,
    )


def _duty(before: str, after: str) -> tuple[str, str]:
    """Who shall do what; "" for what the sentence does not say in a way that is understood."""
    if later := _SHALL_AFTER.match(after):
        return later["by"], later["owed"]
    earlier = _SHALL_BEFORE.search(before)
    return (earlier["by"], after.lstrip(", ")) if earlier else ("", "")


def _day(text: str) -> date | None:
    found = re.match(r"[A-Z][a-z]+ \d{1,2}, \d{4}", text)
    when = read_date(found[0]) if found else None
    return when.astimezone(EASTERN).date() if when else None
