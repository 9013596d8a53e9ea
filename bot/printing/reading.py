"""Read the text of a Word file that a person uploads. Nothing else in it is stored, followed or run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from bot.printing.documents import DocumentProblem

_LARGEST: Final = 20_000_000  # bytes that all its parts unpack to; a letter has some 50,000
_MOST: Final = 2_000  # parts, and paragraphs: a letter has some 20 of each
_LONGEST: Final = 200_000  # characters of text, which costs the program more than the child
_PARAGRAPH, _TABLE, _NUMBERED = qn("w:p"), qn("w:tbl"), f"{qn('w:pPr')}/{qn('w:numPr')}"
_STYLE: Final = f"{qn('w:pPr')}/{qn('w:pStyle')}"
_INSIDE: Final = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag")))
_BLANK: Final = frozenset(map(qn, ("w:tab", "w:br", "w:cr")))
_TRACKED: Final = tuple(map(qn, ("w:ins", "w:del", "w:moveFrom", "w:moveTo")))
_EDGES: Final = ("/word/header", "/word/footer")
_NOTE: Final = qn("w:footnoteReference")
_NOT_WORD: Final = "it is not a readable Word file (.docx). Save it in Word as .docx, without a password."
_OTHER: Final = {
    qn("w:drawing"): "a picture",
    qn("w:pict"): "a picture",
    qn("w:object"): "an embedded object",
    qn("w:commentReference"): "a comment",
    qn("w:endnoteReference"): "an endnote",
    qn("m:oMath"): "a formula",
}


def docx_text(data: bytes) -> dict[str, Any]:
    """Return the text of a Word file: `body` and `edges` (headers and footers).

    Both are lists of `style` (its English name), `text`, `listed` (whether it is a list item), `notes` (the texts of
    its footnotes) and `holds` ("a table", "a picture", …: other content; "" for none). Raises `DocumentProblem`.
    """
    _look_at_parts(data)
    try:
        return _read(docx.Document(io.BytesIO(data)))
    except (DocumentProblem, MemoryError):
        raise
    except Exception as error:  # a file from outside: anything may be wrong with it
        raise DocumentProblem(_NOT_WORD) from error


def _read(file: Any) -> dict[str, Any]:
    if target := external_target(file.part.package):
        raise DocumentProblem(f"it fetches {target} when it is opened. Remove that link in Word.")
    if next(file.element.iter(*_TRACKED), None) is not None:
        raise DocumentProblem(
            "it has tracked changes. Accept or reject them in Word, save the file, and upload it again."
        )
    styles = {style.style_id: style.name or "" for style in file.styles}
    parts = (part for part in file.part.package.iter_parts() if part.partname == "/word/footnotes.xml")
    notes = (note for part in parts for note in parse_xml(part.blob).iter(qn("w:footnote")))
    footnotes = {note.get(qn("w:id"), ""): "".join(_words(note)).strip() for note in notes}
    edges = [part for part in file.part.package.iter_parts() if part.partname.startswith(_EDGES)]
    body = list(_describe(_blocks(file.element.body), styles, footnotes))
    if sum(len(block["text"]) for block in body) > _LONGEST:
        raise DocumentProblem(f"its text has more than {_LONGEST:,} characters.")
    return {
        "body": body,
        "edges": [block for part in edges for block in _describe(part.element.iter(_PARAGRAPH), styles, {})],
    }


def _look_at_parts(data: bytes) -> None:
    """Check the sizes before unpacking: a ZIP of a few thousand bytes may contain gigabytes."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except Exception as error:
        raise DocumentProblem(_NOT_WORD) from error
    if len(parts) > _MOST or sum(part.file_size for part in parts) > _LARGEST:
        raise DocumentProblem("it unpacks to more than 20 MB. Upload only the letter, without pictures.")
    if any("vbaproject" in part.filename.casefold() for part in parts):
        raise DocumentProblem("it has macros. Save it in Word as .docx, without them.")


def external_target(package: Any) -> str:
    """What Word would fetch on opening the file, such as a template or a picture; "" for nothing.

    It follows a hyperlink only when a person clicks.
    """
    relations = (relation for part in package.iter_parts() for relation in part.rels.values())
    external = (each for each in relations if each.is_external and each.reltype != RELATIONSHIP_TYPE.HYPERLINK)
    return next((str(each.target_ref)[:200] for each in external), "")


def _blocks(parent: Any) -> Iterator[Any]:
    for child in parent.iterchildren():
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag in _INSIDE:
            yield from _blocks(child)


def _describe(blocks: Iterable[Any], styles: dict[str, str], footnotes: dict[str, str]) -> Iterator[dict[str, Any]]:
    for count, block in enumerate(blocks):
        if count == _MOST:
            raise DocumentProblem(f"it has more than {_MOST:,} paragraphs. Upload only the letter.")
        if block.tag == _TABLE:
            yield {"style": "", "text": "", "listed": False, "notes": [], "holds": "a table"}
            continue
        named = block.find(_STYLE)
        style = styles.get(named.get(qn("w:val")), "") if named is not None else ""
        listed = style.startswith("List") or block.find(_NUMBERED) is not None
        holds = next((_OTHER[each.tag] for each in block.iter(*_OTHER)), "")
        notes = [footnotes.get(each.get(qn("w:id"), ""), "") for each in block.iter(_NOTE)]
        yield {"style": style, "text": "".join(_words(block)), "listed": listed, "notes": notes, "holds": holds}


def _words(paragraph: Any) -> Iterator[str]:
    for each in paragraph.iter():
        if each.tag == qn("w:t"):
            yield each.text or ""
        elif each.tag in _BLANK:
            yield " "
        elif each.tag == qn("w:noBreakHyphen"):
            yield "-"
