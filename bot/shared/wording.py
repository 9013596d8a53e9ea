"""Times, numbers and lists in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final, TypeVar

from bot.shared.bill_number import BillNumber
from bot.shared.calendar import hour_in_words, moment_in_words
from bot.shared.language import pgettext

_T = TypeVar("_T")
# What can hide or reorder text, in a class of `regex`: controls, bidi marks, zero-width and other ignorable signs, lone
# surrogates, and the blank of Braille.
UNSEEN: Final = r"\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800"
_UNITS: Final = (  # noqa: SIM905
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS: Final = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_END: Final = re.compile(r"[.!?][\"”’)\]]*(?=\s+[\"“(]?[A-Z0-9])")
# What has a period without ending a sentence: initials, titles, and the words of citations and addresses.
_ABBREVIATED: Final = re.compile(
    r"(?:(?<!['’])\b(?:[A-Za-z]|U\.S|D\.C|No|Nos|Sec|Secs|Pub|Stat|Inc|Corp|Co|Ltd|Dr|Mr|Mrs|Ms|St|Fed|Reg|Rev|Gov|Sen|Rep|"
    r"Con|Res|vs|v|e\.g|i\.e|et al|etc|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)|\.[A-Za-z])\.$"
)


def clock(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """A past time in `zone`, as short as is clear at `now`: `8:28 a.m.`, `Fri 5 p.m.`, `Mon Mar 29, 2021, 8 a.m.`."""
    local, local_now = moment.astimezone(zone), now.astimezone(zone)
    days_ago = (local_now.date() - local.date()).days
    if days_ago == 0:
        return hour_in_words(local)
    return f"{local:%a} {hour_in_words(local)}" if 0 < days_ago < 7 else moment_in_words(local)


def coming(moment: datetime, zone: tzinfo) -> str:
    """A time in the coming weeks: `Mon Nov 30, 9 a.m.`."""
    local = moment.astimezone(zone)
    return f"{local:%a %b} {local.day}, {hour_in_words(local)}"


def duration(length: timedelta) -> str:
    """`12 min`, `5 h` or `3 days`."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 60 // 24} days"


def quoted(text: str) -> str:
    """The text in quotation marks; those inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def number(count: int, one: str, many: str | None = None) -> str:
    """`1 alert`, `2,000 alerts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def table_counts(rows: Mapping[str, int]) -> str:
    """Rows by table: `audit 3, letter version 1`."""
    return ", ".join(f"{table.replace('_', ' ')} {count}" for table, count in sorted(rows.items()))


def with_period(text: str) -> str:
    """`text` with one period at its end, also after an hour: `Sent Fri 5 p.m.`"""
    return f"{text.removesuffix('.')}."


def listed(items: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    if len(items) > most:
        items = [*items[: most - 1], pgettext("list", "%(count)s more", count=len(items) - most + 1)]
    first, last = ", ".join(items[:-1]), "".join(items[-1:])
    return pgettext("list", "%(first)s and %(last)s", first=first, last=last) if first else last


def cap_lines(lines: Sequence[_T], most: int, more: str = "and {:,} more") -> list[_T | str]:
    """Return the first lines, and a line that counts the others, if there are any."""
    return [*lines[:most], *([more.format(len(lines) - most)] if len(lines) > most else [])]


def dotted(*parts: str | None) -> str:
    """Return the parts that are not empty, with dots between: `number · not final`."""
    return " · ".join(filter(None, parts))


def first_sentence(text: str, most: int) -> str:
    """The first sentence of a text, or as much of it as `most` characters hold."""
    plain = " ".join(text.split())
    return short(plain[: next(_ends(plain), len(plain))], most)


def sentences(text: str) -> list[str]:
    """The sentences of a text; the period of "Fed. Reg." or "Sec. 5" ends none."""
    ends = [0, *_ends(text), len(text)]
    return [text[begin:end].strip() for begin, end in pairwise(ends)]


def _ends(text: str) -> Iterator[int]:
    """Where its sentences end, but the last."""
    for end in _END.finditer(text):
        if not _ABBREVIATED.search(text, max(0, end.start() - 9), end.start() + 1):
            yield end.end()


def asks(numbers: Sequence[int]) -> str:
    """`Ask 4`, `Asks 4 and 8`; nothing for a policy watch."""
    return f"Ask{'s' if len(numbers) > 1 else ''} {listed([str(n) for n in numbers], len(numbers))}" if numbers else ""


def cut(text: str, most: int) -> tuple[str, str]:
    """`text` split at a word so that the first part, with its ellipsis, has at most `most` characters."""
    if len(text) <= most:
        return text, ""
    head = text[: most - 1]
    at = head.rfind(" ")
    at = at if at > most // 2 else most - 1
    return text[:at].rstrip(" ,;:-–—") + "…", "…" + text[at:].strip()


def short(text: str, most: int) -> str:
    return cut(text, most)[0]


def slug(text: str, most: int) -> str:
    """A short id from a name, cut between words: "Colorado River Coalition" → "colorado-river-coalition"."""
    made = "-".join(re.findall(r"[a-z0-9]+", text.casefold().replace("’", "").replace("'", "")))
    return made if len(made) <= most else made[: most + 1].rpartition("-")[0] or made[:most]


def bill(identity: str) -> str:
    """`hr1234-119` as `H.R. 1234 (119th)`. Anything else is returned unchanged."""
    try:
        return BillNumber.of(identity).label
    except ValueError:
        return identity


def closing(hour: str, *, worded: bool) -> str:
    """What follows the last day for comments: `by 5:00 p.m. ET, from the document's words`."""
    return ", ".join(filter(None, (f"by {hour}" if hour else "", "from the document's words" if worded else "")))
