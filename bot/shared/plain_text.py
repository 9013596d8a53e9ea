"""Turn untrusted text and markup into plain text, days and instants, and a page's head into metadata; compare texts.

Whether an entry is new never depends on dates: one that cannot be parsed or is implausible is unknown.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from difflib import SequenceMatcher
from email.utils import parsedate_to_datetime
from itertools import islice, takewhile
from operator import eq
from time import struct_time
from typing import Any, Final
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.shared.urls import canonical_key, host_of, web_address

EASTERN: Final = ZoneInfo("America/New_York")  # what a Washington office means when it names no zone
_ZONES: Final[dict[str, tzinfo]] = {
    **{name: timezone(timedelta(hours=hours)) for name, hours in (("EST", -5), ("CST", -6), ("MST", -7), ("PST", -8))},
    **{name: timezone(timedelta(hours=hours)) for name, hours in (("EDT", -4), ("CDT", -5), ("MDT", -6), ("PDT", -7))},
    **dict.fromkeys(("UTC", "GMT", "UT", "Z"), UTC),
    "ET": EASTERN,
}
_RFC_822: Final = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT|[ECMP][SD]T)")
# What nearly all feeds write; ten times as fast as the library.
_USUAL: Final = re.compile(
    r"(?:\w{3}, )?(\d{1,2}) (\w{3}) ((?:19|20)\d\d) (\d\d):(\d\d)(?::(\d\d))? (?:GMT|([+-])([01]\d|2[0-3])([0-5]\d))",
    re.ASCII,
)
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES, start=1)}
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_NAMED_ZONE: Final = re.compile(r"\s([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+)$")
_YEARS: Final = range(1990, 2200)  # before the web it is an unset clock, not a date
_LONGEST_DATE: Final = 80
# Parsed twice over different defaults, a date that leaves out its year, month, day or hour gives two answers.
_DEFAULTS: Final = (datetime(2000, 1, 1, 0), datetime(2001, 2, 2, 1))  # noqa: DTZ001  wall times


def read_date(text: str, fallback: struct_time | None = None) -> datetime | None:
    """A feed's date in UTC, or None.

    A date without a zone is Eastern time; one without a time of day is noon there, so that it is the same day all
    over the country. Midnight, in whatever zone, is how programs write a day alone. `fallback` (UTC) is the feed
    parser's result, for languages that we do not parse.
    """
    text, when = text.strip(), None
    with suppress(ValueError, OverflowError):
        when = _fast(text) or _slow(text)
    if when is None and fallback is not None:
        with suppress(ValueError):
            when = datetime(*fallback[:5], tzinfo=UTC)
    if when and when.time() == time(0):
        when = datetime.combine(when, time(12), EASTERN)
    with suppress(ValueError, OverflowError):  # a zone a day or more from UTC
        return when.astimezone(UTC) if when and when.year in _YEARS else None
    return None


def eastern(text: str | None, form: str = "") -> datetime | None:
    """A time in Washington, in UTC: ISO, or in a form of `strptime`; None for anything else."""
    try:
        moment = datetime.strptime(text or "", form) if form else datetime.fromisoformat(text or "")  # noqa: DTZ007
        return moment.replace(tzinfo=EASTERN).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def believable(when: datetime | None, now: datetime) -> datetime | None:
    """The date, unless it lies more than a day ahead: nobody publishes tomorrow."""
    return when if when and when <= now + timedelta(days=1) else None


def _fast(text: str) -> datetime | None:
    if (usual := _USUAL.fullmatch(text)) and usual[2] in _MONTHS:
        day, month, year, hour, minute, second, sign, hours, minutes = usual.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes)) if sign else None
        zone = UTC if ahead is None else timezone(-ahead if sign == "-" else ahead)
        return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    if _RFC_822.fullmatch(text):
        when = parsedate_to_datetime(text)
        return when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000" names no place
    return datetime.fromisoformat(text) if _ISO.fullmatch(text) else None


def _slow(text: str) -> datetime | None:
    from dateutil import parser

    if len(text) > _LONGEST_DATE:
        return None
    named = _NAMED_ZONE.search(text)
    zone = _zone(named[1]) if named else EASTERN
    text = text[: named.start()] if named else text
    one, other = (parser.parse(text, default=default, tzinfos=_tzinfo) for default in _DEFAULTS)
    if one.date() != other.date():
        return None
    return one if one.tzinfo else one.replace(tzinfo=zone)  # midnight without a time of day


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError(name) from error


def _tzinfo(name: str | None, offset: int | None) -> tzinfo | None:
    """For dateutil, which would otherwise take a name for the zone of the machine it runs on."""
    return timezone(timedelta(seconds=offset)) if offset is not None else _ZONES.get(name or "")


# Inline tags are removed without a space (CO<INF>2</INF> is CO2); these tags separate words.
_BLOCKS = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li"
    r"|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b)",
    re.IGNORECASE,
)
# A formatting element is opened again in each block that follows: with them 32,000 characters took three seconds.
_FORMATS = re.compile(r"(?<=<)(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_ENDLESS = re.compile("&#[0-9]{1000,}")  # `html` fails on a character's number of more than 4,300 digits
# Unclosed tags cost the parser quadratic time: 32,000 characters of others still take less than 0.1 s.
_LONGEST: Final = 32_768
_SILENT = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math"]
# Controls (but not those that are white space), soft hyphen, zero-width, direction and invisible marks, lone
# surrogates (which no database takes), byte-order mark, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e0fff]"
)

# "15‑year‑old", "202–555–0147", as editors, word processors and PDFs have them.
_HYPHENS: Final = re.compile(r"(?<=\w)[\u2010-\u2013\u2212](?=\w)")

_CHARSETS: Final = re.compile(
    r"utf-?(?:8|16)|(?:us-)?ascii|iso-?8859|windows-125|cp125|latin|koi8|gb|big5|euc|shift_?jis", re.IGNORECASE
)


def decode_text(data: bytes, charset: str) -> str:
    """Decode untrusted text; as UTF-8 if no charset of that name is usual: some of Python's take quadratic time."""
    try:
        return data.decode(charset if _CHARSETS.match(charset) else "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def clean(text: str) -> str:
    """One line of plain text: tags and invisible characters removed, entities decoded once, white space folded.

    The Register's print tags (``<INF>``) and its double back-ticks for quotation marks are handled too. In text with
    markup, only the first 32,768 characters are read.
    """
    if "<" in text:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(_BLOCKS.sub(" <", _FORMATS.sub(r"\1span", text[:_LONGEST])))
        tree.strip_tags(_SILENT)
        text = tree.root.text() if tree.root else ""
    elif "&" in text:
        text = html.unescape(_ENDLESS.sub("\ufffd", text))
    if "``" in text or "''" in text:
        text = text.replace("``", '"').replace("''", '"')
    return plain(text)


def plain(text: str) -> str:
    """One line of a text without markup: invisible characters removed, white space folded."""
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub("", text)
    elif "  " not in text:  # it has no other white space than single blanks
        return text.strip()
    return " ".join(text.split())


def hyphenated(text: str) -> str:
    """The text with the ordinary hyphen within words and numbers, as long as before."""
    return text if text.isascii() else _HYPHENS.sub("-", text)


def cut(text: str, longest: int) -> str:
    """The text, cut at a word's end with an ellipsis if it is too long."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[longest // 2 :] else head) + "…"


def short_hash(text: str, digits: int = 16) -> str:
    """The first hexadecimal digits of the text's SHA-256, which differ once a text has changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def day(value: Any) -> date | None:
    """The day of an ISO date or instant; None for anything else."""
    try:
        return date.fromisoformat(value.strip()[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def instant(value: Any) -> datetime | None:
    """An ISO time with an offset or Z, in UTC; None for anything else, including a time without a zone."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


_WORD: Final = re.compile(r"\S+")
_ADDRESS_SIGNS: Final = ("://", "@", "www.")  # a word with one is a web or mail address and stays as it is
_BEFORE_OPENING: Final = frozenset(" ([{/—–“‘")
_OPENING: Final = {"'": "‘", '"': "“"}
_CLOSING: Final = {"'": "’", '"': "”"}


def typographic(text: str) -> str:
    """The text with curly quotation marks and apostrophes, as long as before: ``Henry C. “Hank” Johnson’s``."""
    return _nest(_WORD.sub(_curl, text) if "'" in text or '"' in text else text)


def _nest(text: str) -> str:
    """The text with single marks around a quotation inside another; as it is if a mark has no partner."""
    if text.count("“") < 2:
        return text
    signs, opened = list(text), list[int]()
    for place, sign in enumerate(text):
        if sign == "“":
            opened.append(place)
        elif sign == "”" and not opened:
            return text
        elif sign == "”" and len(opened) > 1:
            signs[opened.pop()], signs[place] = "‘", "’"
        elif sign == "”":
            opened.pop()
    return text if opened else "".join(signs)


def _curl(match: re.Match[str]) -> str:
    word = match[0]
    if any(sign in word for sign in _ADDRESS_SIGNS):
        return word
    curled, before = [], " "
    for place, sign in enumerate(word):
        is_decade = word[place + 1 : place + 3].isdecimal()  # ’90s
        marks = _OPENING if before in _BEFORE_OPENING and not (sign == "'" and is_decade) else _CLOSING
        before = marks.get(sign, sign)
        curled.append(before)
    return "".join(curled)


def with_parts(pattern: str, parts: dict[str, str]) -> str:
    """A pattern with the parts that it names, and those that they name: each part names only earlier ones."""
    for name, part in reversed(parts.items()):
        pattern = pattern.replace(name, part)
    return pattern


def finder(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of `phrases`; a star at a word's end matches any ending."""
    words = (r"\W+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()) for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(words)})\b" if phrases else r"(?!)", re.IGNORECASE)


# Only these tags, and a limited number, reach the parser: on a hostile page it takes quadratic time.
_TAG: Final = re.compile(rb"<(?:meta|link)\b[^<>]{1,4000}>|<title\b[^<>]{0,200}>[^<]{1,1000}</title>", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""charset=["']?([\w-]{2,20})""", re.IGNORECASE)
_SEARCHED: Final = 1_000_000  # bytes of the page
_MOST: Final = 400  # tags
_TITLE: Final = 500
_SUMMARY: Final = 2_000
_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_LINK: Final = re.compile(rb"<link\b[^<>]{1,2000}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageHead:
    """Metadata of a page, "" if missing. `url`: its canonical address, if that is on the same site."""

    title: str
    outlet: str
    summary: str
    published: datetime | None
    url: str


def page_head(page: bytes, content_type: str, address: str) -> PageHead:
    """Read a page's metadata. `content_type` is the header, for its charset; `address`: the page's URL."""
    from selectolax.lexbor import LexborHTMLParser

    charset = _CHARSET.search(content_type.encode(errors="replace")) or _CHARSET.search(page[:4_000])
    tags = b"\n".join(_TAG.findall(page[:_SEARCHED])[:_MOST])
    tree = LexborHTMLParser(decode_text(tags, charset[1].decode() if charset else "utf-8"))
    metas = [{name: value or "" for name, value in node.attributes.items()} for node in tree.css("meta")]
    named = {str(meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "") for meta in metas}
    title = next((node.text() for node in tree.css("title")), "")
    links = (node.attributes for node in tree.css("link"))
    own = next((link.get("href") or "" for link in links if (link.get("rel") or "").lower() == "canonical"), "")
    target = _joined(address, own)
    on_site = target and host_of(target) == host_of(address)  # a page that names another site is a copy
    return PageHead(
        title=cut(clean(named.get("og:title") or title), _TITLE),
        outlet=cut(clean(named.get("og:site_name", "")), 100),
        summary=cut(clean(named.get("og:description") or named.get("description", "")), _SUMMARY),
        published=read_date(named.get("article:published_time", "")),
        url=target if on_site and canonical_key(target) else "",
    )


def feed_links(page: bytes, address: str) -> tuple[str, ...]:
    """The addresses of the page's feeds in the page's order, usually the main one first. `address`: the page's."""
    from selectolax.lexbor import LexborHTMLParser

    tags = _LINK.findall(page[:_SEARCHED])[:_MOST]
    links = []
    for link in LexborHTMLParser(b"\n".join(tags).decode("utf-8", "replace")).css("link"):
        given = {name: value or "" for name, value in link.attributes.items()}
        is_feed = "alternate" in given.get("rel", "").lower().split() and given.get("type", "").lower() in _TYPES
        if is_feed and (target := _joined(address, given.get("href", ""))):
            links.append(target)
    return tuple(dict.fromkeys(links))


def _joined(base: str, link: str) -> str:
    try:
        return web_address(urljoin(base, link.strip())) if link.strip() else ""
    except ValueError:
        return ""


# Comparisons, two seconds' work at most. `SequenceMatcher` takes the cube of a text's length if few words repeat in it:
# forty seconds for four pages, while no one else can save anything.
_MOST_COMPARED: Final = 100_000_000


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> Sequence[tuple[str, int, int, int, int]]:
    """How `old` becomes `new`, as `SequenceMatcher.get_opcodes` has it.

    If that would take long, whatever is between their common beginning and end is one replacement.
    """
    counts = Counter(new)
    pairs = sum(counts[item] for item in old)
    if (pairs + len(old)) * min(len(old), len(new)) <= _MOST_COMPARED:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = sum(takewhile(bool, map(eq, old, new)))
    rest = min(len(old), len(new)) - start
    end = sum(takewhile(bool, islice(map(eq, reversed(old), reversed(new)), rest)))
    a, b = len(old) - end, len(new) - end
    return [("equal", 0, start, 0, start), ("replace", start, a, start, b), ("equal", a, len(old), b, len(new))]
