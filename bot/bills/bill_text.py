"""Split a version of a bill's text into sections, from GovInfo's XML or older plain text, and compare two. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.shared.bill_record import TextVersion
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import clean, opcodes

if TYPE_CHECKING:
    from lxml import etree

_BODIES: Final = ("legis-body", "resolution-body")
_STRUCK: Final = ("strikethrough", "deleted")
_INLINE: Final = frozenset(
    ("act-name", "added-phrase", "bold", "deleted-phrase", "enum-in-header", "external-xref", "footnote-ref",
     "header-in-text", "internal-xref", "italic", "nobreak", "short-title", "subscript", "superscript", "term")
)  # fmt: skip
_HEADING: Final = re.compile(r"^ *(?:SECTION|SEC\.) +(\d+[A-Z]?)\. *(.*?)\.? *$", re.MULTILINE)
_PRE: Final = re.compile(rb"<pre>(.*)</pre>", re.IGNORECASE | re.DOTALL)
_PAGES: Final = re.compile(r"\[\[Page [^\]]*\]\]|<DOC>|\[(?:Congressional Bills|From the U\.S\. Government)[^\]]*\]")
# GovInfo's codes in the order in which a bill gets them; one in twenty versions has no date to order it by.
_ORDER: Final = (
    "is", "ih", "ris", "rih", "rfs", "rfh", "rs", "rh", "rcs", "rch", "pcs", "pch", "ats", "ath", "es", "eh", "cps",
    "cph", "rds", "rdh", "eas", "eah", "enr",
)  # fmt: skip
_CLAUSE: Final = re.compile(r"(?<=[.;:\u2014])\s+")


class Unreadable(CoalitionBotError):
    """Not the text of a bill."""


@dataclass(frozen=True, slots=True)
class Section:
    number: str  # "1"; "" where the text has none
    heading: str  # "Short title"
    text: str  # one line

    @property
    def name(self) -> str:
        return " ".join(filter(None, (f"Sec. {self.number}." if self.number else "", self.heading))) or "The text"

    @property
    def key(self) -> str:
        """What two versions of it have in common: the heading, or else the number."""
        return self.heading.casefold() or self.number


@dataclass(frozen=True, slots=True)
class Change:
    """Clauses of one section as they were and are; "" for none."""

    section: str
    before: str
    after: str


def read_text(data: bytes) -> tuple[Section, ...]:
    """The sections of a bill's text, without text struck by a committee. Raises `Unreadable`."""
    sections = _of_xml(data) if data.lstrip().startswith(b"<?xml") else _of_plain(data)
    if not sections:
        raise Unreadable("it contains no bill text")
    return sections


def _of_xml(data: bytes) -> tuple[Section, ...]:
    from lxml import etree

    # GovInfo's files name a DTD, which is neither fetched nor obeyed.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("it is not well-formed XML") from error
    bodies = [body for body in root.iter(*_BODIES) if not _is_struck(body)]
    return tuple(section for body in bodies for section in _sections(body))


def _sections(body: etree._Element) -> Iterator[Section]:
    elements = [
        element
        for element in body.iter("section")
        if not any(True for _ in element.iterancestors("quoted-block", "section"))
    ]
    for element in elements:
        if not _is_struck(element):
            texts = (_words(child) for child in element if child.tag not in ("enum", "header"))
            number, heading = _words(element.find("enum")).rstrip("."), _words(element.find("header"))
            yield Section(number, heading, " ".join(filter(None, texts)))
    if not elements:
        yield Section("", "", _words(body))


def _is_struck(element: etree._Element) -> bool:
    return element.get("reported-display-style") in _STRUCK or element.get("changed") in _STRUCK


def _words(element: etree._Element | None) -> str:
    return clean("".join(_pieces(element))) if element is not None else ""


def _pieces(element: etree._Element) -> Iterator[str]:
    """Pieces of readable text: spaces around blocks but not around inline tags, quotation marks around quotes."""
    if not isinstance(element.tag, str):  # a comment or an instruction
        return
    before, after = ("“", "”") if element.tag == "quote" else ("", "") if element.tag in _INLINE else (" ", " ")
    yield before + (element.text or "").replace("<", "‹")
    for child in element:
        yield from _pieces(child)
        yield (child.tail or "").replace("<", "‹")
    yield after


def _of_plain(data: bytes) -> tuple[Section, ...]:
    inside = _PRE.search(data)
    text = _PAGES.sub(" ", (inside[1] if inside else data).decode("utf-8", "replace"))
    headings = list(_HEADING.finditer(text))
    if not headings:
        whole = clean(text)
        return (Section("", "", whole),) if inside and whole else ()
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return tuple(
        Section(heading[1], clean(heading[2]).capitalize(), clean(text[heading.end() : end]))
        for heading, end in zip(headings, ends, strict=True)
    )


def in_order(versions: Sequence[TextVersion]) -> list[TextVersion]:
    """Versions that have an address, oldest first."""
    places = {code: place for place, code in enumerate(_ORDER)}
    return sorted((v for v in versions if v.code), key=lambda v: places.get(v.code, len(places)))


def changes(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """The changes in the order of the newer text, of sections that are gone last.

    A section is compared with the one that has its heading. One that only moved, or got another number or heading, is
    none.
    """
    same = Counter(each.text for each in before) & Counter(each.text for each in after)
    left = defaultdict[str, deque[Section]](deque)
    for section in _rest(before, same):
        left[section.key].append(section)
    pairs = [(left[section.key].popleft() if left[section.key] else None, section) for section in _rest(after, same)]
    results = []
    for old, new in pairs:
        was, now = _CLAUSE.split(old.text if old else ""), _CLAUSE.split(new.text)
        runs = [run for run in opcodes(was, now) if run[0] != "equal"]
        results += [Change(new.name, " ".join(was[a:b]), " ".join(now[c:d])) for _, a, b, c, d in runs]
    return [*results, *(Change(gone.name, gone.text, "") for gone in chain.from_iterable(left.values()))]


def _rest(sections: Sequence[Section], same: Counter[str]) -> Iterator[Section]:
    """The sections without those of these texts, each as often as it is counted."""
    seen = Counter[str]()
    for section in sections:
        seen[section.text] += 1
        if seen[section.text] > same[section.text]:
            yield section
