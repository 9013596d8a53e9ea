"""Split a long text into sentences with pages, find phrases, and compare with an older text. Pure.

A PDF's lines end at the paper's edge, so paragraphs are joined again, across pages. Two sentences are the same if they
differ only in years, dates, page numbers and the announcement's number: these change every year.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from typing import Final

from bot.shared.entry import Difference, Quote

MOST: Final = 5_000  # sentences of a text; an announcement of 100 pages has some 2,000
_LONG: Final = 1_000  # characters of a sentence; a longer one is a table or not text, and is cut
_LONGEST: Final = 600  # characters of a quoted sentence
_QUOTED: Final = 60  # sentences of one text
_ENDS: Final = re.compile(r"[.!?:;][\"'”’)\]]*$")
_BULLET: Final = re.compile(r"^(?:[•●▪◦‣·*–—-]|o|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+(?=\S)")
_BREAK: Final = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
_SHORT_FOR: Final = re.compile(
    r"(?:^\W*\d{1,3}\.|\b(?:[A-Za-z]\.)+"
    r"|\b(?:No|Nos|Sec|Secs|Inc|Dr|Mr|Ms|Mrs|St|v|vs|Pub|Stat|al|cf|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)\Z"
)
_A_LINE: Final = 0.6  # of the widest line: a shorter line ends its paragraph, or is a heading
_SYMBOL: Final = re.compile(r"^[\uf020-\uf0ff]")  # of Symbol and Wingdings, the fonts of Word's bullets
_HYPHENATED: Final = re.compile(r"\w-")
_ANOTHER: Final = re.compile(r"(?:and|or|to)\b")
_MONTHS: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
# Every repeat is bounded: a text of hyphens must not take quadratic time.
_PASSING: Final = re.compile(
    rf"\b{_MONTHS} \d{{1,2}}(?:, ?\d{{4}})?|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"
    r"|\b[a-z]{1,12}(?:-[a-z]{1,12}){0,4}-\d{4}-\d{3,}|\b(?:fy|fiscal year) ?\d{2,4}|\bpages? \d+"
    r"|\b(?:19|20)\d\d(?:[-–]\d\d(?:\d\d)?)?\b|\b(?:mon|tues|wednes|thurs|fri)day\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    page: int | None = None  # where it begins; None if the text has no pages


@dataclass(frozen=True, slots=True)
class Comparison:
    """`quotes`: matching sentences, the new and gone ones first. `others`: other sentences that differ."""

    quotes: tuple[Quote, ...]
    others: int = 0

    def count(self, difference: Difference | None) -> int:
        return sum(quote.difference is difference for quote in self.quotes)


def of_pages(pages: Sequence[Sequence[str]]) -> list[Sentence]:
    """The sentences of a text that is given as pages of lines."""
    return [sentence for paragraph in paragraphs_of_pages(pages) for sentence in of_lines(paragraph)][:MOST]


def paragraphs_of_pages(pages: Sequence[Sequence[str]]) -> list[list[tuple[str, int]]]:
    """The paragraphs of such a text, each as lines with their pages, without headers, footers and page numbers."""
    edges = Counter(bare for page in pages for bare in {_bare(line) for line in (*page[:2], *page[-2:])})
    # The headers and footers on most pages.
    running = {line for line, times in edges.items() if times >= 3 and times > len(pages) / 2}
    lines = [
        (_SYMBOL.sub("•", line), number)
        for number, page in enumerate(pages, 1)
        for at, line in enumerate(page)
        if line and not line.isdecimal() and not ((at < 2 or at >= len(page) - 2) and _bare(line) in running)
    ]
    widest = max((len(line) for line, _ in lines), default=0)
    paragraphs: list[list[tuple[str, int]]] = [[]]
    for (line, page), (following, _) in pairwise([*lines, ("", 0)]):
        paragraphs[-1].append((line, page))
        short = len(line) < _A_LINE * widest
        if not following or _BULLET.match(following) or (short and (_ENDS.search(line) or following[0].isupper())):
            paragraphs.append([])
    return paragraphs[:-1]


def of_paragraphs(paragraphs: Iterable[tuple[str, int | None]]) -> list[Sentence]:
    """The sentences of a text whose paragraphs are known, each with the page it begins on."""
    return [sentence for text, page in paragraphs for sentence in of_lines([(text, page)])][:MOST]


def key(text: str) -> str:
    """A sentence's key, without the parts that change every year."""
    return " ".join(re.findall(r"[^\W_]+|[$%#]", _PASSING.sub("#", text.casefold())))


def compare(now: Sequence[Sentence], before: Sequence[Sentence] | None, wanted: re.Pattern[str]) -> Comparison:
    """Compare two texts; `before` None: nothing to compare with. Only sentences that match `wanted` are quoted."""
    new = _by_key(now)
    matching = _matching(new, wanted)
    if before is None:
        return Comparison(tuple(_quote(sentence, None) for sentence in matching.values()))
    old = _by_key(before)
    gone = _matching({k: sentence for k, sentence in old.items() if k not in new}, wanted)
    quotes: list[Quote] = []
    for k in [k for k in matching if k not in old]:
        quotes.append(_quote(matching[k], Difference.ADDED))
        if (replaced := _nearest(k, gone)) is not None:
            quotes.append(_quote(gone.pop(replaced), Difference.REMOVED))
    quotes += [_quote(sentence, Difference.REMOVED) for sentence in gone.values()]
    others = len(new.keys() ^ old.keys()) - len(quotes)
    return Comparison((*quotes, *(_quote(s, None) for k, s in matching.items() if k in old)), others)


def _by_key(sentences: Iterable[Sentence]) -> dict[str, Sentence]:
    """The first sentence for each key."""
    by_key: dict[str, Sentence] = {}
    for sentence in sentences:
        if key_ := key(sentence.text):
            by_key.setdefault(key_, sentence)
    return by_key


def _matching(sentences: Mapping[str, Sentence], wanted: re.Pattern[str]) -> dict[str, Sentence]:
    return dict(islice(((k, s) for k, s in sentences.items() if wanted.search(s.text)), _QUOTED))


def _nearest(new_key: str, gone: Mapping[str, Sentence]) -> str | None:
    """The removed sentence that a new one replaces: at least half of the words of both are the same."""
    words = set(new_key.split())
    shared = {k: len(words & (others := set(k.split()))) / len(words | others) for k in gone}
    best = max(shared, key=lambda k: shared[k], default=None)
    return best if best is not None and shared[best] >= 0.5 else None


def _quote(sentence: Sentence, difference: Difference | None) -> Quote:
    text = sentence.text if len(sentence.text) <= _LONGEST else f"{sentence.text[: _LONGEST - 1]}…"
    return Quote(text, sentence.page, difference)


def _bare(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def spaced(lines: Iterable[str]) -> list[str]:
    """Each line of a paragraph with its space: "hours-" and "of-service" are one word, "short-" and "and" are two."""
    return [
        line if _HYPHENATED.match(line[-2:]) and not _ANOTHER.match(following) else f"{line} "
        for line, following in pairwise([*lines, ""])
    ]


def of_lines(paragraph: Sequence[tuple[str, int | None]]) -> Iterator[Sentence]:
    """The sentences of one paragraph, given as lines with their pages."""
    lines = spaced(line for line, _ in paragraph)
    text = "".join(lines)
    starts = list(accumulate((len(line) for line in lines[:-1]), initial=0))
    begin = 0
    breaks = _BREAK.finditer(text)
    ends = [end.end() for end in breaks if not _SHORT_FOR.search(text, max(0, end.start() - 12), end.start() + 1)]
    for end in [*ends, len(text)]:
        if sentence := _BULLET.sub("", text[begin:end].strip()):
            yield Sentence(sentence[:_LONG], paragraph[bisect_right(starts, begin) - 1][1])
        begin = end
