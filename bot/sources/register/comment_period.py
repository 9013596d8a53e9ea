"""When comments close, read from a document's own words: its DATES section, else its abstract. Pure.

Two thirds of the Register's notices leave the field for this day empty. A day counts where a sentence about comments
puts it behind words such as "on or before", "no later than", "through" or "by"; a period such as "within 60 days of
publication" is counted from the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_LONGEST: Final = 6_000  # characters that are read; a DATES section has a few hundred
_BEFORE: Final = 120  # characters in front of a date that may say what it is
_AFTER: Final = 60
_FARTHEST: Final = timedelta(days=400)  # after publication; a later day is something else

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY: Final = re.compile(
    r"\b(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)\s{1,3}"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(?P<year>20\d{2})\b",
    re.IGNORECASE,
)
_ZONE: Final = (
    r"(?:\(?(?P<zone>(?:U\.?S\.? )?(?:Eastern|Central|Mountain|Pacific|Alaska|Hawaii)\b"
    r"(?: (?:Standard|Daylight))?(?: Time)?|[ECMP][SD]?T\b|local time|Washington,? D\.?C\.?,? time)\)?)"
)
_CLOCK: Final = (
    r"(?P<clock>(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::\d{2})?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?:12(?::00)? )?(?:noon|midnight)|(?:the )?(?:close of business|COB)\b|\d{1,2}:\d{2}(?: hours)?)"
    rf"(?:,?\s?{_ZONE})?"
)
_WEEKDAY: Final = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?"
# What stands directly in front of the last day for comments.
_LAST_DAY: Final = re.compile(
    r"\b(?P<lead>on or before|(?:no |not )?later than|by|until|till|through|thru|to|before|prior to"
    r"|due(?: date)?(?: is| on| by)?|clos(?:es?|ing)(?: date)?(?: is| on| at)?|ends?(?: on| at)?|expires?(?: on| at)?"
    r"|deadline(?: [\w-]+){0,6} is|dates?|deadline|period):?\s+"
    rf"{_WEEKDAY}(?:{_CLOCK},?\s+(?:on\s+|of\s+)?)?{_WEEKDAY}\(?$",
    re.IGNORECASE,
)
_HOUR_AFTER: Final = re.compile(rf"^\)?,?\s?\(?(?:(?:at|by|before|until|no later than)\s)?{_CLOCK}", re.IGNORECASE)
_SENT_BEFORE: Final = re.compile(
    r"\b(?:receiv|submi|sent|mailed|postmark|accept|consider|possible|provided|filed)\w*[^.;]{0,40}$", re.IGNORECASE
)
_PERIOD: Final = re.compile(
    r"\b(?:within|no later than|not later than|for|until|by)\s(?:a period of )?(?:the )?(?:next )?"
    r"(?P<count>\d{2,3})[- ](?:calendar )?days?\s(?:of|after|from|following)\s"
    r"(?:the )?(?:date of )?(?:the |its |this )?(?:notice'?s? )?publi"
    r"|\[insert date (?P<insert>\d{2,3}) days (?:after|from)"
    r"|\ballow(?:s|ing)?(?: for)? (?:an )?(?:additional )?(?P<allowed>\d{2,3})[- ]days?"
    r"(?: (?:for|of) (?:the )?public(?:'s)? comments?| (?:for|of) comments?)",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.;!?])(?<![ap]\.m\.)(?<!\bNo\.)(?<!\bU\.S\.)(?<!\bD\.C\.)\s+(?=[A-Z(\[])|;\s+")
_OF_COMMENTS: Final = re.compile(r"\bcomment", re.IGNORECASE)
# Of a document that asks for comments, a sentence may call them by another name.
_OF_ANSWERS: Final = re.compile(
    r"\b(?:respons(?:e|es)|submissions?|submit|views|input|feedback|interested (?:persons|parties))\b", re.IGNORECASE
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:nominat|applica|registr|petition|protest|interven|objection|attend|RSVP|hearing request|speak|"
    r"requests? (?:for|to) |proposals? (?:must|are|is|should))",
    re.IGNORECASE,
)
# Words of an earlier notice's period, or of one that has ended.
_OF_THE_PAST: Final = re.compile(
    r"\b(?:previous(?:ly)?|originally|currently|was|were|had been|ended|closed|expired|approv\w*|valid)\b",
    re.IGNORECASE,
)
_NEW_DAY: Final = re.compile(rf"\b(?:to|until|through) {_WEEKDAY}$", re.IGNORECASE)
_OF_MOVES: Final = re.compile(r"\b(?:comment|extend|reopen)", re.IGNORECASE)
_OF_OTHER_DAYS: Final = re.compile(
    r"\b(?:scheduled|initially|original|effective|delayed|hearing|meeting|from(?: \w+day,)? ?$|(?:instead of|not) ?$)",
    re.IGNORECASE,
)
# Second rounds, and the comments on forms that go to the budget office: not those that we would write.
_SECOND: Final = re.compile(
    r"\b(?:repl(?:y|ies)|rebuttals?|cross-comments|surrebuttal|information collection|paperwork|OMB)\b", re.IGNORECASE
)
# Most texts hold no day, no period and no hour: looking for a trace of one spares them the rest.
_A_DAY: Final = re.compile(r", ?20\d\d\b|\d[- ](?:calendar )?days?\b", re.IGNORECASE)
_AN_HOUR: Final = re.compile(r"\d(?:\s?[ap]\.?\s?m\b|:\d\d)", re.IGNORECASE)
_HOURS_IN_WORDS: Final = ("noon", "midnight", "close of business", "cob")
_ASKS: Final = re.compile(r"\bcomment|\brequests? for (?:information|input|views)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Closing:
    """The last day for comments; `hour` as the document gives it ("5:00 p.m. ET"), or ""."""

    on: date
    hour: str = ""


def closing(dates: str, abstract: str, heading: str, published: date | None) -> Closing | None:
    """The last day for comments by the document's words; None if it gives none or it cannot be parsed.

    `heading`: text that shows whether the document asks for comments, including its abstract.
    """
    words = f"{dates} {heading}".casefold()
    if "comment" not in words and "request" not in words:
        return None
    for text in (dates, abstract):
        closings = list(_closings(text[:_LONGEST], heading, published)) if _A_DAY.search(text, 0, _LONGEST) else []
        if closings:
            return min(closings, key=lambda pair: (pair[0], pair[1].on, not pair[1].hour))[1]
    return None


def moved_to(dates: str, published: date | None) -> list[tuple[date, str]]:
    """The day to which each sentence of a document that extends a period moves it; several if it extends several.

    It names the old last day and the new one, and often the day for replies or a later effective date. One with several
    new days is as many, each up to its day; of days that it gives "respectively" none is any document's.
    """
    ends: list[tuple[date, str]] = []
    for sentence in filter(_OF_MOVES.search, _sentences(dates[:_LONGEST])):
        days, new, end, since = [], [], 0, 0
        respectively = "respectively" in sentence
        for match in _DAY.finditer(sentence):
            before, end, on = sentence[end : match.start()], match.end(), _day(match)
            second = not respectively and _SECOND.search(before)
            other = second or _OF_THE_PAST.search(before) or _OF_OTHER_DAYS.search(before)
            if on and not other and (published is None or on > published):
                days.append(on)
                if respectively or _NEW_DAY.search(before):
                    new.append((on, "" if respectively else sentence[since:end]))
                    since = end
        ends += new if len({on for on, _ in new}) > 1 else [(max(days), sentence)] if days else []
    return ends


def hour_on(dates: str, abstract: str, on: date) -> str:
    """The hour the document gives for the day `on`, or ""."""
    for text in (text[:_LONGEST] for text in (dates, abstract) if "20" in text):
        lower = text.lower()
        names_hour = any(word in lower for word in _HOURS_IN_WORDS) or _AN_HOUR.search(text)
        for sentence in _sentences(text) if names_hour else ():
            hours = [day.hour for day, _ in _days(sentence) if day.on == on and day.hour]
            if hours:
                return hours[0]
    return ""


def _closings(text: str, heading: str, published: date | None) -> Iterator[tuple[int, Closing]]:
    """(rank, closing) of each last day in a sentence about comments; the lowest rank wins."""
    asks_for_comments = _ASKS.search(heading) is not None
    for sentence in _sentences(text):
        direct = _OF_COMMENTS.search(sentence) is not None
        if not direct and not (asks_for_comments and _OF_ANSWERS.search(sentence) and not _OF_OTHERS.search(sentence)):
            continue
        rank = (0 if direct else 1) + (2 if _SECOND.search(sentence) else 0)
        for closing_, before in _days(sentence):
            fits = published is None or published <= closing_.on <= published + _FARTHEST
            if fits and not _OF_THE_PAST.search(before):
                yield rank, closing_
        if published and not _OF_THE_PAST.search(sentence):
            for period in _PERIOD.finditer(sentence):
                count = int(period["count"] or period["insert"] or period["allowed"])
                yield rank + 4, Closing(published + timedelta(days=count))


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(" ".join(text.split())) if part]


def _days(sentence: str) -> Iterator[tuple[Closing, str]]:
    """Each day that a sentence calls a last day, with the words before it."""
    for match in _DAY.finditer(sentence):
        before = sentence[max(0, match.start() - _BEFORE) : match.start()]
        lead, on = _LAST_DAY.search(before), _day(match)
        if lead is None or on is None:
            continue
        if lead["lead"].lower() in ("before", "prior to"):
            if not _SENT_BEFORE.search(before[: lead.start()]):
                continue
            on -= timedelta(days=1)
        clock = lead if lead["clock"] else _HOUR_AFTER.match(sentence[match.end() : match.end() + _AFTER])
        yield Closing(on, _hour(clock) if clock else ""), before


def _day(match: re.Match[str]) -> date | None:
    """The day, or None for a misprint such as "June 31, 2026"."""
    try:
        return date(int(match["year"]), _MONTHS.index(match["month"][:3].lower()) + 1, int(match["day"]))
    except ValueError:
        return None


def _hour(match: re.Match[str]) -> str:
    """`5:00 p.m. ET`, `noon ET`, `close of business`; "" if it is not a time of day."""
    clock = match["clock"].lower()
    zone = _zone_abbreviation(match["zone"] or "")
    if "noon" in clock or "midnight" in clock:
        time = "noon" if "noon" in clock else "midnight"
    elif match["hour"]:
        hour, minute = int(match["hour"]), match["minute"] or "00"
        if not 1 <= hour <= 12 or int(minute) > 59:
            return ""
        time = f"{hour}:{minute} {match['half'].lower()}.m."
    elif ":" in clock:
        hour, minute = int(clock.partition(":")[0]), clock.partition(":")[2][:2]
        if hour > 23 or int(minute) > 59:
            return ""
        time = f"{hour % 12 or 12}:{minute} {'p' if hour >= 12 else 'a'}.m."
    else:
        time = "close of business"
    return f"{time} {zone}".strip()


def _zone_abbreviation(text: str) -> str:
    words = text.lower().removeprefix("u.s. ").removeprefix("us ")
    if not words:
        return ""
    if "local" in words:
        return "local time"
    if "washington" in words:
        return "ET"
    return f"{'AK' if words.startswith('alaska') else words[0].upper()}T"
