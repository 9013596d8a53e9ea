"""Decide which items report one story. Pure.

Two items are one story when they share a headline, or when different outlets print the same text under different
headlines. Headlines that are nearly the same and differ in a word (a chamber, an outcome, a place, a number, a name)
report two events, whatever text they share: showing one event twice does less harm than hiding another.
"""

from __future__ import annotations

import hashlib
import re
from calendar import month_abbr
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from bot.watch import text as txt

WINDOW: Final = timedelta(hours=72)  # between two copies of one story
COMMON: Final = 60  # items that may share a pair before the pair tells nothing any more
CANDIDATES: Final = 25  # items compared with a new one, those that share most with it first
LEAST: Final = 5  # pairs that two texts share before they are compared at all
_SAME_HEADLINE: Final = 0.25  # share of the shorter text's pairs that both have, under one headline
_OWN_HEADLINE: Final = 0.5  # the same under different headlines
_TEXT: Final = 8  # shared pairs, at least, under different headlines
_HEADLINE: Final = 4  # words of a headline that identify an item without a text
_LONG_HEADLINE: Final = 8  # words of a headline that two items hardly share by chance
_NAME: Final = 4  # letters of an outlet's name that are rarely part of a word by chance
_CHANGED: Final = 2  # words that change a short headline: a name has as many
_LONGEST: Final = 120  # words of a text that are compared: the store is queried for all pairs at once
_RUN: Final = 6  # words of a quotation that two items share only if it is the same quotation
_QUOTED: Final = re.compile(r'"([^"]{30,400})(?:"|$)')
_DIGEST: Final = 8  # bytes
_CREDIT: Final = re.compile(r"^[^a-z(]{2,60}(?:,\s[A-Z][\w. ]{1,20})?\s?\(([A-Z][^()]{1,40})\)\s*[—–-]+\s*")
# The day of a release, or a senator's party and state: "WASHINGTON (Jan. 23, 2026) —".
_NO_AGENCY: Final = re.compile(rf"(?:{'|'.join(month_abbr[1:])})[a-z]*\.? \d|[DIR]-[A-Z]")
_TAIL: Final = re.compile(r"\s[-–—|]\s(?=[^-–—|]*[^\W\d_])((?:[^-–—|\s]+\s){0,4}[^-–—|\s]+\s?)$")  # a name has a letter
_COMMA: Final = re.compile(r"(?<=\d),(?=\d{3})")
# Words that occur in any two sentences: a pair of only these tells nothing.
_PLAIN: Final = frozenset(
    txt.words(
        "a an and are as at be been by for from had has have he her his in into is it its more new not of on or over "
        "said says she that the their them they this to up was were when which who will with"
    )
)
# Words that an editor adds or drops without changing a headline's meaning.
_LIGHT: Final = frozenset(
    txt.words("a an and are as at be been by for from in is it its of on that the this to was were")
)


class Headlines(Enum):
    """How two headlines compare."""

    SAME = "same"
    EXTENDED = "extended"  # one is the other with words added before or after
    CHANGED = "changed"  # about half of the words or more are the same: another event
    UNLIKE = "unlike"


@dataclass(frozen=True)
class Fingerprint:
    """What items are compared by, each part worked out when it is first needed: of most items that is the headline.

    `key` and `quotes` are hashes; `pairs` are hashed only where they are stored.
    """

    title: str
    text: str  # in which names are looked for when nearly all else is the same
    published_by: str
    names: frozenset[str]

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """Its words, without light ones."""
        return headline_words(self.title, self.published_by)

    @property
    def key(self) -> str:
        """Of the headline, "" if it is too short to identify an item."""
        return f"h{hash_words(' '.join(self.headline))}" if len(self.headline) >= _HEADLINE else ""

    @cached_property
    def outlet(self) -> str:
        return " ".join(txt.words(self.published_by))

    @property
    def _body(self) -> Sequence[str]:
        return txt.folded_words(_compared(self.text))[:_LONGEST]

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighboring words of the text."""
        pairs = {f"{a} {b}" for a, b in pairwise(self._body) if not (a in _PLAIN and b in _PLAIN)}
        return frozenset(pairs - self.names)

    @cached_property
    def quotes(self) -> frozenset[str]:
        """Runs of words of its quotations."""
        spoken = (txt.words(found) for found in _QUOTED.findall(txt.clean(self.text)))
        runs = [" ".join(said[at : at + _RUN]) for said in spoken for at in range(len(said) - _RUN + 1)]
        return frozenset(f"q{hash_words(run)}" for run in runs[:_LONGEST])

    @cached_property
    def numbers(self) -> frozenset[str]:
        return _numbers(self.headline)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Of the headline and the text."""
        return _numbers((*self.headline, *self._body))

    @property
    def marks(self) -> frozenset[str]:
        return self.pairs | self.quotes | ({self.key} if self.key else frozenset())


@lru_cache(64)  # the items of recent days are compared again and again; one of 120 words takes 16 kB
def fingerprint(title: str, text: str, outlet: str = "", names: frozenset[str] = frozenset()) -> Fingerprint:
    """Return the fingerprint of a headline without the outlet's name and a text without its dateline.

    `names`: pairs of words that tell nothing because we search for them (`name_pairs`).
    """
    return Fingerprint(title, text, outlet, names)


@lru_cache(256)  # the pairs of one item are asked for three times
def hash_words(words: str) -> str:
    return hashlib.blake2b(words.encode(), digest_size=_DIGEST).hexdigest()


def headline_words(title: str, outlet: str) -> tuple[str, ...]:
    """Return the words that make two headlines the same."""
    title = without_outlet(title, outlet)
    words = tuple(word for word in txt.words(_COMMA.sub("", title)) if word not in _LIGHT)
    return (*words, "?") if "?" in title else words  # a question leaves open whether it happened


def name_pairs(names: Iterable[str]) -> frozenset[str]:
    """Return the pairs of neighboring words of these names."""
    return frozenset(f"{a} {b}" for name in names for a, b in pairwise(txt.words(name)))


def without_outlet(title: str, outlet: str) -> str:
    """Return a headline without its outlet's name at the end: the exact name, or a short tail that reads like it.

    Any other tail may be what the story is about ("… signed - Ohio"), and stays.
    """
    if outlet and title.endswith(outlet):
        return title[: -len(outlet)].rstrip(" -–—|") or title
    tail = _TAIL.search(title)
    return title[: tail.start()] if tail and _names_outlet(tail[1], outlet) else title


def without_dateline(text: str) -> str:
    return _CREDIT.sub("", txt.clean(text))


def credit(text: str) -> str:
    """Return the origin that a dateline names: "TAMPA, Fla. (AP) —" names AP; "" if there is none."""
    dateline = _CREDIT.match(txt.clean(text))
    return dateline[1].strip() if dateline and not _NO_AGENCY.match(dateline[1]) else ""


def compare(one: Fingerprint, other: Fingerprint) -> Headlines:
    short, long = sorted((one.headline, other.headline), key=len)
    if short == long:
        return Headlines.SAME
    fewer, more = {*short}, {*long}
    within = len(short) >= _HEADLINE and short in (long[: len(short)], long[-len(short) :])
    if within and not any(word == "?" or word[0].isdigit() for word in more - fewer):
        return Headlines.EXTENDED
    shared = len(fewer & more)
    near = 4 * shared >= len(fewer) + len(more) or len(more) - shared <= _CHANGED
    return Headlines.CHANGED if shared and near else Headlines.UNLIKE


def story_of(item: Fingerprint, candidates: Iterable[tuple[str, Fingerprint]], frequent: Collection[str]) -> str | None:
    """Return the story that an item joins, the first of equals; None for a new story.

    `candidates`: the story and the fingerprint of each item that may report the same event.
    `frequent`: pairs that more than COMMON items have, which tell nothing any more.
    """
    telling = item.pairs.difference(frequent)
    compared = [(story, print_, compare(item, print_)) for story, print_ in candidates]
    fitting: list[tuple[tuple[float, ...], str]] = []
    for story, print_, how in compared:
        one_outlet = item.outlet != "" and item.outlet == print_.outlet
        if how is Headlines.CHANGED or (one_outlet and how is not Headlines.SAME):
            continue
        pairs = item.pairs if how is Headlines.SAME else telling
        shared = len(pairs & print_.pairs)
        shorter = min(len(pairs), len(print_.pairs))
        quoting = bool(item.quotes) and not item.quotes.isdisjoint(print_.quotes)
        if how is Headlines.SAME:
            # One of them has only its headline. From the same outlet, that may be the next day's blotter.
            only = item.key != "" and not (item.pairs and print_.pairs)
            enough = (only or len(item.headline) >= _LONG_HEADLINE) and not one_outlet
            one_story = enough or quoting or shared >= max(2, min(LEAST, shorter), _SAME_HEADLINE * shorter)
        else:
            one_story = (quoting or shared >= max(_TEXT, _OWN_HEADLINE * shorter)) and not _names_differ(item, print_)
        if one_story and not _numbers_differ(item, print_):
            fitting.append(((how is Headlines.SAME, quoting, shared / max(1, shorter), shared), story))
    # A copy under a different headline must not join those stories either.
    apart = {story for story, _, how in compared if how is Headlines.CHANGED}
    fitting = [(fit, story) for fit, story in fitting if fit[0] or story not in apart]
    return max(fitting, key=lambda it: it[0])[1] if fitting else None


def _numbers_differ(item: Fingerprint, other: Fingerprint) -> bool:
    """Whether each has a number that the other lacks: another report, another raid."""
    sets = ((item.numbers, other.numbers), (item.figures, other.figures))
    return any(not (mine <= theirs or theirs <= mine) for mine, theirs in sets)


def _names_differ(item: Fingerprint, other: Fingerprint) -> bool:
    """Whether the texts have different names in one place: "the House's passage", "the Senate's passage"."""
    mine, theirs = _slots(item.text), _slots(other.text)
    return any(mine[slot].isdisjoint(theirs[slot]) for slot in mine.keys() & theirs.keys())


@lru_cache(64)  # few texts share so much that their names are compared
def _slots(text: str) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the capitalized words of a text, by the words on either side."""
    raw = txt.raw_words(_compared(text))[:_LONGEST]
    words = txt.fold_all(raw)
    slots: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for before, name, word, after in zip(words, raw[1:], words[1:], words[2:], strict=False):
        if name[0].isupper() and not (before in _PLAIN and after in _PLAIN):
            slots[before, after].add(word)
    return {slot: frozenset(names) for slot, names in slots.items()}


def _names_outlet(tail: str, outlet: str) -> bool:
    """Whether the end of a headline reads like its outlet: "KTAR News" of ktar.com, "The Hill" of thehill.com."""
    written = "".join(txt.words(tail)).removeprefix("the")
    name = "".join(txt.words(outlet.removeprefix("www.").rpartition(".")[0] or outlet)).removeprefix("the")
    if not (written and name):
        return False
    within = name in written and (len(name) >= _NAME or written.startswith(name))
    return within or (written in name and 2 * len(written) >= len(name))


def _compared(text: str) -> str:
    """Return a text without its dateline and the thousands separators in numbers."""
    return _COMMA.sub("", without_dateline(text))


def _numbers(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdigit())
