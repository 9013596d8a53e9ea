"""The sentences of a text as the Government Publishing Office prints it, with who says each and its page. Pure.

The layout is all there is: a paragraph of a member begins two spaces in, the first of a turn with the member's name in
capitals; what a member had printed (letters, bills) is further in; a bullet marks a statement that nobody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from bot.shared.entry import Quote
from bot.shared.plain_text import clean
from bot.sources.grants.sentences import of_lines

_MOST: Final = 5_000  # sentences; a debate of a day has some 3,000
_TEXT: Final = re.compile(r"<pre>(.*?)(?:</pre>|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_BULLET: Final = "<bullet>"
_PAGE: Final = re.compile(r"\s*\[\[Page ([A-Z]{0,3}\d{1,6})\]\]\s*")
_FIRST_PAGE: Final = re.compile(r"\[Pages? ([A-Z]{0,3}\d{1,6})")
_NO_TEXT: Final = re.compile(
    r"\s*(?:\{time\}|[_=-]{3}|\[(?:Congressional Record|Senate|House|Extensions|Pages?|From the)\b|From the Cong).*"
)
_CENTERED: Final = 8  # blanks before a heading, at least
_NAME: Final = 150  # characters of a line in which a speaker's name is looked for
_SPEAKER: Final = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr)\.\s+(?:[A-Z][\w'’-]{0,20}\s+){0,3}?[A-Z][A-Za-z'’-]{0,20}?[A-Z]{2}[A-Z'’-]{0,20}"
    r"(?: of [A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2})?(?=\.(?:\s|$))"
    r"|The (?:[A-Z][a-z]{1,20} )?[A-Z]{2}[A-Z ]{0,40}(?: pro tempore)?(?: \([^()]{1,80}\))?(?=\.(?:\s|$))"
)
_TO_THE_CHAIR: Final = re.compile(r"(?:Mr\.|Madam) (?:President|Speaker|Chair)")
# What the clerks and reporters write between the members' words.
_CLERK: Final = re.compile(
    r"[(\[]|The (?:[a-z]+ ){0,4}[Cc]lerk\b|There (?:was no|being no) objection|Pending:|The following\b"
    r"|The (?:[a-z]+ ){0,2}(?:motion|resolution|preamble|bill|amendment|nomination|question|nays|result|title|report)"
    r"\b.{0,200}\b(?:was|were|is as|reads? as)\b"
)


def passages(body: str) -> tuple[Quote, ...] | None:
    """The sentences of a printed text in their order; None if there is none, as in the page for what does not exist."""
    text = _TEXT.search(body)
    if text is None:
        return None
    quotes = (
        Quote(words, place=paragraph[sentence.page or 0][1])
        for paragraph in _paragraphs(text[1].splitlines())
        for sentence in of_lines([(line, at) for at, (line, _) in enumerate(paragraph)])
        if (words := clean(sentence.text))
    )
    return tuple(islice(quotes, _MOST))


def _paragraphs(lines: Iterable[str]) -> Iterator[list[tuple[str, str]]]:
    """Each paragraph as its lines, each with its place: "Mr. DURBIN, page S4241"."""
    turn, page, indent = _Turn(), "", 0
    paragraph: list[tuple[str, str]] = []
    for raw in lines:
        if marked := _PAGE.fullmatch(raw) or (not page and _FIRST_PAGE.match(raw)):
            page = marked[1]
        if not raw.strip() or marked or _NO_TEXT.fullmatch(raw):
            continue
        opens, closes = raw.startswith(_BULLET), raw.rstrip().endswith(_BULLET)
        line = _TAG.sub("", f"  {raw[len(_BULLET) :].lstrip()}" if opens else raw).rstrip()
        before, indent = indent, len(line) - len(line.lstrip())
        words = line.strip()
        if indent > before or indent == 2 or opens:
            if paragraph:
                yield paragraph
            paragraph = []
            words = turn.begin(words, indent, silent=opens)
        paragraph.append((words, turn.place(page)))
        turn.ends(words, closes=closes)
    if paragraph:
        yield paragraph


class _Turn:
    """Who has the floor, as the printed lines show it."""

    def __init__(self) -> None:
        self._speaker = self._before = self._role = ""
        self._silent = self._printed = False

    def begin(self, words: str, indent: int, *, silent: bool) -> str:
        """Begin a paragraph; its words without the speaker's name."""
        self._role = ""
        if indent >= _CENTERED:  # a heading ends a turn, and the same member may go on under it
            self._before, self._speaker = self._speaker or self._before, ""
        elif indent > 2:
            self._role = "Printed matter"
        elif named := _SPEAKER.match(words[:_NAME]):
            self._speaker, self._silent, self._printed = " ".join(named[0].split()), silent, False
            return words[named.end() + 1 :].strip() or words
        elif not self._speaker and self._before and _TO_THE_CHAIR.match(words):
            self._speaker = self._before
        elif _CLERK.match(words):
            self._role = "Clerk's words"
        return words

    def ends(self, words: str, *, closes: bool) -> None:
        """Take note of what a line ends: a statement in bullets, or the words that introduce what is printed."""
        self._printed = self._printed or words.endswith("follows:")
        if closes:
            self._speaker = self._before = ""

    def place(self, page: str) -> str:
        role = "Printed matter" if self._printed else self._role
        who = role or (f"{self._speaker} (not spoken)" if self._silent and self._speaker else self._speaker)
        return ", ".join(filter(None, (who, f"page {page}" if page else "")))
