"""Split a version of a bill's text into sections, from GovInfo's XML or from plain text for older bills. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import clean

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
            yield Section(_words(element.find("enum")).rstrip("."), _words(element.find("header")), _body_text(element))
    if not elements:
        yield Section("", "", _words(body))


def _is_struck(element: etree._Element) -> bool:
    return element.get("reported-display-style") in _STRUCK or element.get("changed") in _STRUCK


def _body_text(section: etree._Element) -> str:
    """A section's text without its number and heading."""
    return " ".join(filter(None, (_words(child) for child in section if child.tag not in ("enum", "header"))))


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
