"""The child process that reads an attached announcement with pypdf or python-docx; `grants.py` starts it.

Both formats can be crafted to use too much memory or time, so the bot itself never opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from selectolax import lexbor  # noqa: F401 - `plain` imports it, when this process may read no file any more

from bot.shared import isolation
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import plain
from bot.sources.grants.sentences import Sentence, of_pages, of_paragraphs, paragraphs_of_pages, spaced

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
CPU: Final = 30  # seconds: an announcement of 100 pages takes some ten
_MOST_PAGES: Final = 400
_SCANNED: Final = "a scanned PDF without text"
WHOLE: Final = "paragraphs"  # the question for `paragraphs`; any other is for `read`


class Unreadable(CoalitionBotError):
    """The text says why, as cards print it: `password-protected`."""


def read(data: bytes) -> tuple[list[Sentence], int]:
    """The sentences and the page count (0 if unknown) of a PDF or Word file. Raises `Unreadable`."""
    if data.lstrip()[:5] == b"%PDF-":
        pages = _pages(data)
        if not (sentences := of_pages(pages)):
            raise Unreadable(_SCANNED)
        return sentences, len(pages)
    if data[:4] == b"PK\x03\x04":
        with _broken("a broken Word file"):
            parts = list(_parts(Document(BytesIO(data))))
        last = max((page for _, page in parts), default=0)
        numbered = last > 1  # Word notes where pages broke when it last laid a file out; without that there are none
        sentences = of_paragraphs((text, page if numbered else None) for text, page in parts if text)
        return sentences, last if numbered else 0
    raise Unreadable("neither PDF nor Word")


def paragraphs(data: bytes) -> list[str]:
    """The paragraphs of a PDF or Word file, each item of a list with its mark. Raises `Unreadable`."""
    if data[:4] == b"PK\x03\x04":
        with _broken("a broken Word file"):
            return [f"{'• ' * _is_listed(element)}{plain(text)}" for text, element in _texts(Document(BytesIO(data)))]
    if not (blocks := paragraphs_of_pages(_pages(data))):
        raise Unreadable(_SCANNED)
    return ["".join(spaced(line for line, _ in lines)).rstrip() for lines in blocks]


def _is_listed(element: Any) -> bool:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = "" if style is None else style.get(qn("w:val"), "")
    if name.startswith("ListContinue"):  # Word's style for the next paragraph of the same item
        return False
    return name.startswith("List") or element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None


@contextmanager
def _broken(why: str) -> Iterator[None]:
    """Raise `Unreadable` for whatever a reader's look-ups, decoders and filters raise over a damaged file."""
    try:
        yield
    except Exception as error:
        raise Unreadable(why) from error


def _pages(data: bytes) -> list[list[str]]:
    """The lines of each page of a PDF."""
    with _broken("a broken PDF"):
        reader = PdfReader(BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        texts = [] if locked else [page.extract_text().splitlines() for page in islice(reader.pages, _MOST_PAGES)]
        pages = [[line for raw in text if (line := plain(raw))] for text in texts]
    if locked:
        raise Unreadable("password-protected")
    return pages


def _parts(document: Any) -> Iterator[tuple[str, int]]:
    """Each paragraph and row with the page it begins on."""
    laid_out = next(document.element.body.iter(qn("w:lastRenderedPageBreak")), None) is not None
    page = 1
    for text, element in _texts(document):
        breaks = _breaks(element, laid_out=laid_out)
        at_start = bool(breaks) and not text[: breaks[0]].strip()
        yield plain(text), page + at_start
        page += len(breaks)


def _texts(document: Any) -> Iterator[tuple[str, Any]]:
    for part in document.iter_inner_content():
        match part:
            case Paragraph():
                yield part.text, part._p  # noqa: SLF001 - python-docx's own way to the XML
            case Table():
                for row in part.rows:
                    cells = dict.fromkeys(cell._tc for cell in row.cells)  # noqa: SLF001 - merged cells come twice
                    yield " | ".join("".join(cell.itertext(qn("w:t"))) for cell in cells), row._tr  # noqa: SLF001


def _breaks(element: Any, *, laid_out: bool) -> list[int]:
    """Positions of page breaks in the element's text: Word's last layout, else the author's manual breaks."""
    at, positions = 0, []
    for node in element.iter(qn("w:t"), qn("w:lastRenderedPageBreak"), qn("w:br")):
        if node.tag == qn("w:t"):
            at += len(node.text or "")
        elif laid_out == (node.tag == qn("w:lastRenderedPageBreak")) and (laid_out or node.get(qn("w:type")) == "page"):
            positions.append(at)
    return positions


def _answer(head: Any, data: bytes) -> Mapping[str, Any]:
    try:
        if head == WHOLE:
            return {"paragraphs": paragraphs(data)}
        sentences, pages = read(data)
    except Unreadable as error:
        return {"unreadable": str(error)}
    return {"pages": pages, "sentences": [(s.text, s.page) for s in sentences]}


if __name__ == "__main__":
    isolation.serve(_answer, MEMORY, CPU)
