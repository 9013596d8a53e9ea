"""A law as its clauses, from the text that GovInfo prints, and the words of statutes for time. Pure.

In between, a line begins at "§3 Heading.—" for a section and at "¶(a) Heading.—" for a part of it; a part without the ¶
may be of text that is added to another law. A time reads "180 days after the date of enactment of this Act".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from bot.deadlines.model import due_on
from bot.shared.calendar import MONTH_DAY
from bot.shared.wording import NUMBERS, number

_LONGEST: Final = 2_000_000  # characters of a law that are read
_CLAUSE: Final = 4_000  # characters: words without an end are cut here
_LEAD: Final = 1_500  # characters of a list's leading words
_TAG: Final = re.compile(r"<<NOTE:[^<>]{0,400}>>|\[\[Page[^\[\]]{0,60}\]\]|</?[A-Za-z][^<>]{0,2000}>")
_GPO_SECTION: Final = re.compile(r"\bSEC(?:TION|\.) (\d{1,5}[A-Z]?)\. ([^a-z\n]{3,300}?)\.(?=\s)")
_GPO_PART: Final = re.compile(
    r"(?:(?<=[.;:,\-—”])|(?<=; and)|(?<=; or)|(?<=, and))\n{1,3}[ \t]{2,40}(?=[“]?\(\w{1,5}\) )"
)
_MARK: Final = r"[“]?\((?P<mark>[a-z]{1,4}|[A-Z]{1,4}|\d{1,3})\) "
_PART: Final = re.compile(rf"\n§(?P<section>\w{{0,6}}) |(?:\n¶?|(?<=[.;:—”]) ?|(?<=; and) |(?<=.; or) ){_MARK}")
_NEXT_MARK: Final = re.compile(_MARK)
_STRUCK: Final = re.compile(
    r"\bby striking (?:(?!by striking|by inserting|is amended|by adding)[^\n]){1,400}? and inserting\b"
)
_HEADING: Final = re.compile(r"^(?P<heading>[^.—\n]{1,300}(?:\.[^.—\n]{1,60}){0,2})\.—")
_BARREN: Final = re.compile(
    r"(?:whereas\b.*|.{0,60}\bdefined|definitions?\b.{0,60}|(?:congressional )?findings?\b.{0,60}|sense of .{0,60}"
    r"|short title.{0,80}|table of contents|purposes?)$",
    re.IGNORECASE,
)
_AMENDS: Final = re.compile(r"\b(?:is|are) amended\b|\bthe following(?: new \w+)?:? ?$")
_ENACTED: Final = re.compile(r"\b(?:Be it enacted by|Resolved by) ")
_END: Final = re.compile(r"(?<=[.])[”’)]{0,2} (?=[“(]?[A-Z])")
_ABBREVIATED: Final = re.compile(r"\b(?:[A-Z]|Nos?|Sec|Stat|seq|Inc|St|Dr|Mr|Ms|Jr|Pub|Corp|Res|Doc)\.$")
_SEMICOLON: Final = re.compile(r"(?<=;) (?!(?:and|or)$)")
_ROMAN: Final = re.compile(r"[ivx]+", re.IGNORECASE)
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
class Clause:
    """A sentence or a part of it. `above`: the words that lead to it, nearest first; `amends`: it is added to a law."""

    section: str  # "sec. 3(a)(1)"; "" before the first section
    text: str
    above: tuple[str, ...]
    amends: bool


@dataclass(slots=True)
class _Part:
    """A part that is open: its level, its mark, and the words that lead to its own parts. Barren: it sets no duties."""

    level: int
    mark: str
    is_barren: bool = False
    lead: str = ""


@dataclass(slots=True)
class _Outline:
    """Where the reading is. `adds_at`: the place whose words add the text being read to another law, or ""."""

    section: str = ""
    adds_at: str = ""
    open: list[_Part] = field(default_factory=lambda: [_Part(0, "")])
    around: list[_Part] = field(default_factory=list)  # of the law itself, while it adds to another

    def enter(self, mark: str, *, of_this_law: bool = False) -> None:
        if of_this_law and self.adds_at:
            self.adds_at, self.open = "", self.around
        level = self._level(mark)
        while self.open[-1].level >= level:
            self.open.pop()
        self.open.append(_Part(level, f"({mark})", self.open[-1].is_barren))

    def add(self) -> None:
        if not self.adds_at:
            self.adds_at, self.around = self.place, list(self.open)

    @property
    def place(self) -> str:
        return self.adds_at or self.section + "".join(part.mark for part in self.open)

    def _level(self, mark: str) -> int:
        """1 for (a), then (1), (A), (i), (I), (aa): the order of both chambers' drafting manuals."""
        if mark.isdigit():
            return 2
        is_upper = mark.isupper()
        if len(mark) > 1 and len(set(mark)) == 1 and mark[0] not in "iIxX":
            return 6 + is_upper
        if _ROMAN.fullmatch(mark) and (len(mark) > 1 or self.open[-1].level >= 3 + is_upper):
            return 4 + is_upper
        return 3 if is_upper else 1


def clauses(flat: str) -> Iterator[Clause]:
    """The clauses of a flat text, in its order, without those of definitions, findings and preambles."""
    enacted, outline = _ENACTED.search(flat), _Outline()
    at = enacted.end() if enacted else 0
    for part in _PART.finditer(flat, at):
        yield from _clauses_of(flat[at : part.start()], outline)
        at = part.end()
        if mark := part["mark"]:
            outline.enter(mark, of_this_law="¶" in part[0])
            while following := _NEXT_MARK.match(flat, at):
                outline.enter(following["mark"])
                at = following.end()
        else:
            outline = _Outline(f"sec. {part['section']}" if part["section"] else "")
    yield from _clauses_of(flat[at:], outline)


def flat_text(text: str) -> str:
    """The text of a law in the form that `clauses` reads."""
    flat = _TAG.sub("", html.unescape(text[:_LONGEST])).replace("--", "—").replace("``", "“").replace("''", "”")
    flat = re.sub(r"[ \t\r\n\f]+", " ", _GPO_PART.sub("\v", flat))
    flat = _GPO_SECTION.sub(r"\n§\1 \2.—", re.sub("\v ?(?=[(])", "\n¶", flat).replace("\v", "\n"))
    flat = re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", flat)).replace(" —", "—")
    return _STRUCK.sub("by inserting", flat)


def _clauses_of(body: str, outline: _Outline) -> Iterator[Clause]:
    current, sentence = outline.open[-1], ""
    if heading := _HEADING.match(body):
        current.is_barren |= bool(_BARREN.match(heading["heading"].strip(" “")))
        body = body[heading.end() :]
    leads = [part.lead for part in reversed(outline.open[:-1]) if part.lead]
    for sentence in _sentences(body):
        before: list[str] = []
        for text in _SEMICOLON.split(sentence):
            if not current.is_barren:
                yield Clause(outline.place, text, (*reversed(before[-2:]), *leads), bool(outline.adds_at))
            before.append(text[:_LEAD])
        if _AMENDS.search(sentence):
            outline.add()
    if not sentence.endswith((".", ";", "; and", "; or", ".”")):
        current.lead = sentence[-_LEAD:]


def _sentences(body: str) -> Iterator[str]:
    ends = [end for end in _END.finditer(body) if not _ABBREVIATED.search(body, max(0, end.start() - 8), end.start())]
    for begin, end in pairwise((0, *(end.end() for end in ends), len(body))):
        for at in range(begin, end, _CLAUSE):
            if sentence := body[at : min(at + _CLAUSE, end)].strip():
                yield sentence


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
        enacted, yearly = law.enacted, time["yearly"]
        days = [written_day(f"{yearly}, {enacted.year + n}") for n in range(9)] if enacted else []  # February 29
        since = next((day for day in days if day and enacted and day > enacted), None)
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


def _number(words: str) -> int:
    if digits := re.search(r"\d+", words):
        return int(digits[0])
    total = 0
    for word in re.split(r"[- ]| and ", words.casefold()):
        total = max(total, 1) * 100 if word == "hundred" else total + _NUMBERS.get(word, 0)
    return total
