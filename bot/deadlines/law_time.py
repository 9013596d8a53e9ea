"""The words of statutes for time: "180 days after the date of enactment of this Act and annually thereafter". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.deadlines.model import due_on
from bot.shared.calendar import MONTH_DAY
from bot.shared.wording import NUMBERS, number

_NUMBERS: Final = {"a": 1, "an": 1} | NUMBERS
_WORD: Final = rf"(?:{'|'.join(sorted([*_NUMBERS, 'hundred'], key=len, reverse=True))})"
COUNT: Final = rf"(?:\d{{1,4}}|{_WORD}(?:(?:[- ]| and ){_WORD}){{0,4}})\b(?: \(\d{{1,4}}\))?"
_UNIT: Final = (
    r"(?:(?:calendar|business|working|full|legislative|session|consecutive|fiscal) )?"
    r"(?:hour|day|week|month|quarter|year)"
)
_SPAN: Final = rf"(?P<count>{COUNT})[ -](?P<unit>{_UNIT})s?\b"
_PERIOD: Final = rf"(?P<size>{COUNT})[ -](?P<measure>{_UNIT}) period"
DATE: Final = rf"{MONTH_DAY}, \d{{4}}"
OFTEN: Final = (
    rf"(?:annually|biennially|quarterly|monthly|weekly|semi-?annually|biannually|each {MONTH_DAY}"
    rf"|(?:once )?(?:in )?(?:every|each)(?: of the)? (?:{COUNT} )?(?:\w+ ){{0,2}}?(?:day|week|month|quarter|year)s?)"
)
_BEFORE: Final = ("before", "prior to", "preceding")
_TIME: Final = re.compile(
    rf"(?:(?:a |the )?(?:date (?:that|which|on which) (?:is|falls) )?(?:a period of )?{_SPAN}(?: period)?"
    r"(?:(?: or less| or more)?,? (?P<rel>after|of|following|from|before|prior to|preceding) )?"
    rf"|(?:the )?(?P<ends>end|close|expiration|last day) of the {_PERIOD},? "
    r"(?:beginning|that begins|starting|commencing)(?: on)? "
    rf"|(?P<day>{DATE})|(?P<yearly>{MONTH_DAY}),?(?: of| in)? (?:each|every)(?: \w+){{0,2}} year"
    r"|the (?=date of(?: the)? enactment))",
    re.IGNORECASE,
)
_ENACTMENT: Final = re.compile(
    r"(?:the )?(?:date of )?(?:the )?enactment(?: of (?:this (?:act|joint resolution|division|"
    r"(?:sub)*(?:section|paragraph|clause|title|part|chapter))\b|(?:the )?(?P<named>[^,;]{3,160})))?",
    re.IGNORECASE,
)
_SUCH_DATE: Final = re.compile(r"such (?:date|enactment)")
_AGAIN: Final = re.compile(
    rf",? and(?: (?:at least|not (?:less frequently|less often|later) than))? (?P<every>{OFTEN})(?:,? thereafter)?"
    rf"(?:,? (?:through|until|ending on|for) (?:(?P<until>{DATE})|[^,]{{1,60}}))?",
    re.IGNORECASE,
)
_CITED: Final = re.compile(r"may be cited as (?:the )?([^\n]{3,400}?)[”]?\s?\.[”]?(?:\s|$)")
_APPROVED: Final = re.compile(rf"Approved ({DATE})")


@dataclass(frozen=True, slots=True)
class Law:
    """What the words of a law lean on: its day, the titles it gives itself, and the full names of its offices."""

    flat: str
    enacted: date | None
    titles: tuple[str, ...]
    offices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a clause: from `begin` to `end`, after which only the event follows that it runs from.

    `since` and `period` give the day; `since` is None where the words alone give none.
    """

    begin: int
    end: int
    since: date | None = None
    period: str = ""
    every: str = ""
    until: date | None = None
    has_event: bool = False


def read_law(flat: str) -> Law:
    approved = _APPROVED.search(flat)
    cited = (title for names in _CITED.findall(flat) for title in re.split(r",? or (?:the )?", names))
    titles = tuple(filter(None, (title.strip(" “”\"'").casefold() for title in cited)))
    return Law(flat, written_day(approved[1]) if approved else None, titles)


def written_day(text: str) -> date | None:
    """`January 23, 2026` at the beginning of the text."""
    written = re.match(DATE, text, re.IGNORECASE)
    try:
        return datetime.strptime(written[0], "%B %d, %Y").date() if written else None  # noqa: DTZ007 - a day alone
    except ValueError:
        return None


def read_time(text: str, begin: int, at: int, law: Law) -> Time | None:
    """The time whose own words begin at `at`, and those that lead to it at `begin`; None if there is none."""
    time = _TIME.match(text, at)
    if time is None:
        return None
    if time["yearly"]:
        since = _first_after(law.enacted, time["yearly"])
        return Time(begin, time.end(), since, every="each year", has_event=since is None)
    end, since, period, enactment = time.end(), None, "", _enactment(text, time.end(), begin, law)
    if time["day"]:
        since = written_day(time["day"])
    else:
        end = enactment or end
        anchor = law.enacted if enactment else written_day(text[end : end + 30])
        size, unit = time["count"] or time["size"] or "0", time["unit"] or time["measure"] or "day"
        since, period = _counted(anchor, _number(size), unit, (time["rel"] or "after").casefold())
        if since and time["ends"]:  # the first day of a period that begins on a day counts
            since, period = due_on(since, period) - timedelta(1), ""
    again = _AGAIN.match(text, end)
    every, until = (again["every"], written_day(again["until"] or "")) if again else ("", None)
    return Time(begin, again.end() if again else end, since, period, every, until, since is None and not enactment)


def _enactment(text: str, at: int, begin: int, law: Law) -> int:
    """Where the words for this law's enactment end, 0 if others are at `at`: another law's is an event like any."""
    enactment = _ENACTMENT.match(text, at)
    if enactment is None:
        such = _SUCH_DATE.match(text, at)
        return such.end() if such and _ENACTMENT.search(text, 0, begin) else 0
    if not (named := enactment["named"]):
        return enactment.end()
    bare = named.casefold().lstrip(" “")
    lengths = [len(named) - len(bare) + len(title) for title in law.titles if bare.startswith(title)]
    return enactment.start("named") + max(lengths) if lengths else 0


def _counted(anchor: date | None, size: int, unit: str, rel: str) -> tuple[date | None, str]:
    """The day and the period from it; no day where none can be counted: an event, hours, business days."""
    unit = re.sub("^(?:calendar|full|consecutive) ", "", unit.casefold())
    unit, size = ("day", 7 * size) if unit == "week" else (unit, size)
    period = number(size, unit) if size and unit in ("day", "month", "year") else ""
    if anchor is None or (size and not period):
        return None, period
    try:
        if rel in _BEFORE:
            return (anchor - timedelta(size), "") if unit == "day" else (None, period)
        due_on(anchor, period)
    except (ValueError, OverflowError):
        return None, ""
    return anchor, period


def _first_after(enacted: date | None, month_day: str) -> date | None:
    days = [written_day(f"{month_day}, {enacted.year + n}") for n in range(9)] if enacted else []  # February 29
    return next((day for day in days if day and enacted and day > enacted), None)


def _number(words: str) -> int:
    if digits := re.search(r"\d+", words):
        return int(digits[0])
    total = 0
    for word in re.split(r"[- ]| and ", words.casefold()):
        total = max(total, 1) * 100 if word == "hundred" else total + _NUMBERS.get(word, 0)
    return total
