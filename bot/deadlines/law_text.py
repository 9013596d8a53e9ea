"""A law as its clauses, from the text that GovInfo prints. Pure.

In between, a line begins at "§3 Heading.—" for a section and at "¶(a) Heading.—" for a part of it; a part without the ¶
may be of text that is added to another law.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

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

    def enter_section(self, number: str) -> None:
        self.section, self.adds_at, self.open = f"sec. {number}" if number else "", "", [_Part(0, "")]

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
            outline.enter_section(part["section"])
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
