"""Find duties in an enacted text by "not later than 180 days after …". Pure; a person has to confirm each."""

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
_NOT_TEXT: Final = re.compile(r"<<NOTE:[^<>]{0,400}>>|\[\[Page[^\[\]]{0,40}\]\]|<[^<>]{0,200}>")
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
class TimeLimit:
    """A time limit in a law's text. `since` is None if it does not run from a known day."""

    quote: str
    period: str  # "180 days"
    since: date | None
    by: str
    owed: str


def find_limits(text: str) -> list[TimeLimit]:
    """Every time limit the text sets, in the text's order."""
    read = html.unescape(_NOT_TEXT.sub(" ", text[:_LONGEST]))
    plain = " ".join(_NOT_TEXT.sub(" ", read).split())  # margin notes are HTML-escaped
    approved = _APPROVED.search(plain)
    enacted = _day(approved[1]) if approved else None
    return [limit for match in _LIMIT.finditer(plain) for limit in _limit(plain, match, enacted)]


def _limit(plain: str, match: re.Match[str], enacted: date | None) -> Iterator[TimeLimit]:
    number = _NUMBERS.get(match["count"].lower()) or int(match["count"])
    if not number:
        return
    before = plain[max(0, match.start() - _SENTENCE) : match.start()]
    before = before[max(before.rfind(". ") + 2, before.rfind("--") + 2, 0) :]
    after = plain[match.end() : match.end() + _SENTENCE].partition(". ")[0].rstrip(".")
    by, owed = _duty(before, after)
    unit = match["unit"].lower()
    yield TimeLimit(
        quote=f"{before}{match[0]}{after}.",
        period=f"{number} {unit}{'s' if number > 1 else ''}",
        since=enacted if _ENACTMENT.match(match["anchor"]) else _day(match["anchor"]),
        by=by,
        owed=owed,
    )


def _duty(before: str, after: str) -> tuple[str, str]:
    """Who shall do what; "" for a part that cannot be parsed."""
    if later := _SHALL_AFTER.match(after):
        return later["by"], later["owed"]
    earlier = _SHALL_BEFORE.search(before)
    return (earlier["by"], after.lstrip(", ")) if earlier else ("", "")


def _day(text: str) -> date | None:
    written = re.match(r"[A-Z][a-z]+ \d{1,2}, \d{4}", text)
    parsed = read_date(written[0]) if written else None
    return parsed.astimezone(EASTERN).date() if parsed else None
