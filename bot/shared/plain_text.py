"""Turn untrusted text and markup into plain text, days and instants."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

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


def finder(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of `phrases`; a star at a word's end matches any ending."""
    words = (r"\W+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()) for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(words)})\b" if phrases else r"(?!)", re.IGNORECASE)
