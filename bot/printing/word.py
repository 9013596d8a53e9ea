"""DOCX: made from a Word file that staff can restyle, with Jinja as docxtpl reads it; and the text of one that a person
uploads, of which nothing else is stored, followed or run. The only module using docxtpl.

docxtpl opens the file and makes Jinja of the text in it; we do that once. docxtpl would repeat it for each
document, which takes ten times as long as filling in the text and packing the file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Inches
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from markupsafe import escape as quoted

from bot.printing.documents import DocumentProblem, logo, own_file, without_notes, without_translation

_EMU: Final = 914_400 // 192  # Word's units per pixel of ours, at 192 pixels an inch
_RELATIONS: Final = "word/_rels/document.xml.rels"
_DOCUMENT: Final = "word/document.xml"
_TYPES: Final = "[Content_Types].xml"
_FOOTNOTES: Final = "word/footnotes.xml"
_NOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_NOTES_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RAISED: Final = '<w:vertAlign w:val="superscript"/>'
_SMALL: Final = '<w:sz w:val="18"/>'  # half points
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_ID: Final = 1_000  # above the ids of what people have put into the file
_ONE_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP allows: the same text gives the same bytes
_LOGO_HEIGHT: Final = Inches(0.7)
_LARGEST: Final = 20_000_000  # bytes that all parts of an uploaded file unpack to; a letter has some 50,000
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


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and a description of it."""

    number: int
    png: bytes
    alt: str

    @property
    def file(self) -> str:
        return f"media/picture{self.number}.png"

    @property
    def relation(self) -> str:
        return f"rIdPicture{self.number}"

    @property
    def xml(self) -> str:
        """Return the XML that replaces a word: it ends the word's run and begins another."""
        width, height = struct.unpack(">II", self.png[16:24])  # the first chunk of every PNG
        size = f'cx="{width * _EMU}" cy="{height * _EMU}"'
        about = f'id="{_ID + self.number}" name="Picture {self.number}" descr="{escape(self.alt)}"'
        return (
            f'</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
            f'distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {about}/>'
            f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
            f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{self.relation}" xmlns:r="{_IMAGE.removesuffix("/image")}"/>'
            f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            '</a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
        )


def with_pictures(parts: Mapping[str, bytes], pictures: Sequence[Picture]) -> dict[str, bytes]:
    """Return the parts of a Word file and of the pictures, listed in its indexes of parts."""
    if not pictures:
        return dict(parts)
    named = "".join(f'<Relationship Id="{each.relation}" Type="{_IMAGE}" Target="{each.file}"/>' for each in pictures)
    png = '<Default Extension="png" ContentType="image/png"/>'
    types = parts[_TYPES].decode()
    if 'Extension="png"' not in types:
        types = types.replace("<Override", f"{png}<Override", 1)
    relations = parts[_RELATIONS].decode().replace("</Relationships>", f"{named}</Relationships>")
    png_by_part = {f"word/{each.file}": each.png for each in pictures}
    return {**parts, **png_by_part, _TYPES: types.encode(), _RELATIONS: relations.encode()}


class Footnotes:
    """The footnotes of one document. A template inserts one with ``{{ footnote(text) }}``."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._texts)

    def add(self, text: str) -> Markup:
        """Return the XML of its number, which ends the run of a word and begins another."""
        self._texts.append(text)
        number = f'<w:r><w:rPr>{_RAISED}</w:rPr><w:footnoteReference w:id="{len(self._texts)}"/></w:r>'
        return Markup(f'</w:t></w:r>{number}<w:r><w:t xml:space="preserve">')  # noqa: S704 - ours, without the text

    def part(self) -> bytes:
        """The file's part with the footnotes. Word expects two separators before them."""
        lines = (
            f'<w:footnote w:type="{kind}" w:id="{id_}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for id_, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        spacing = '<w:pPr><w:spacing w:before="0" w:after="40" w:line="220" w:lineRule="exact"/></w:pPr>'
        notes = (
            f'<w:footnote w:id="{id_}"><w:p>{spacing}<w:r><w:rPr>{_SMALL}{_RAISED}</w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:rPr>{_SMALL}</w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
            for id_, text in enumerate(self._texts, start=1)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<w:footnotes xmlns:w="{_WORDS}">{"".join(lines)}{"".join(notes)}</w:footnotes>'
        ).encode()


def with_footnotes(parts: Mapping[str, bytes], notes: Footnotes) -> dict[str, bytes]:
    """Return the parts of a Word file with its footnotes, in place of any that the template has."""
    if not notes:
        return dict(parts)
    types, relations = parts[_TYPES].decode(), parts[_RELATIONS].decode()
    if _NOTES not in relations:
        relation = f'<Relationship Id="rIdFootnotes" Type="{_NOTES}" Target="footnotes.xml"/>'
        relations = relations.replace("</Relationships>", f"{relation}</Relationships>")
        kind = f'<Override PartName="/{_FOOTNOTES}" ContentType="{_NOTES_TYPE}"/>'
        types = types.replace("</Types>", f"{kind}</Types>")
    return {**parts, _FOOTNOTES: notes.part(), _TYPES: types.encode(), _RELATIONS: relations.encode()}


def render_docx(folder: Path, name: str, sheet: Mapping[str, Any]) -> bytes:
    """Return a Word file by templates/NAME. Raises `DocumentProblem`.

    The sheet has at least `subject`, `sender.name`, `day`, `language` and `region`, which become the file's properties,
    as `identifier` does.
    Its `pictures` ({"png": base64, "alt": …}) can be inserted by the template, and any text as a `footnote`.
    """
    made = _opened(folder, name)
    pictures = [Picture(n, b64decode(each["png"]), each["alt"]) for n, each in enumerate(sheet.get("pictures", ()))]
    alt = escape(f"Logo of {sheet['sender']['name']}")  # for screen readers
    logo_ = Markup(made.logo.replace("<wp:docPr ", f'<wp:docPr descr="{alt}" ', 1))  # noqa: S704 - our own XML, quoted
    shown, notes = [Markup(each.xml) for each in pictures], Footnotes()  # noqa: S704 - ours, quoted
    words = {**sheet, "logo": logo_, "pictures": shown, "footnote": notes.add}
    parts = {part: held if isinstance(held, bytes) else _filled(name, held, words) for part, held in made.parts.items()}
    if sheet.get("noted") and not notes:
        raise DocumentProblem(without_notes(name))
    other = sheet.get("translation")
    if other and quoted(other["subject"]).encode() not in parts[_DOCUMENT]:
        raise DocumentProblem(without_translation(name))
    parts = with_footnotes(with_pictures(parts, pictures), notes) | {"docProps/core.xml": _properties(sheet)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for part, data in parts.items():
            archive.writestr(zipfile.ZipInfo(part, _ONE_DAY), data, zipfile.ZIP_DEFLATED, 3)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Opened:
    """The file's parts by name: those to fill in, and the others unchanged."""

    parts: Mapping[str, bytes | Template]
    logo: str  # XML; empty if there is none


@cache
def _opened(folder: Path, name: str) -> _Opened:
    path = own_file(folder, name)
    try:
        file = DocxTemplate(path)
        file.render_init()
        file.current_rendering_part, path_ = file.docx.part, logo(folder)
        picture = str(InlineImage(file, str(path_), height=_LOGO_HEIGHT)) if path_ else ""
        target = external_target(file.docx.part.package)
        saved = io.BytesIO()
        file.docx.save(saved)
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        environment.globals.clear()
        with zipfile.ZipFile(saved) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        filled_in = {
            part: environment.from_string(file.patch_xml(file.xml_to_string(parse_xml(data))))
            for part, data in parts.items()
            if part.startswith(("word/document", "word/header", "word/footer")) and part.endswith(".xml")
        }
    except DocumentProblem:
        raise
    except Exception as error:  # a file from outside: anything may be wrong with it
        raise DocumentProblem(_cannot(name, "be read", error)) from error
    if target:
        raise DocumentProblem(
            f"templates/{name} fetches {target} when it is opened. "
            "In Word, put the picture or the template into the file instead of linking it."
        )
    return _Opened({**parts, **filled_in}, picture)


def _filled(name: str, template: Template, words: Mapping[str, Any]) -> bytes:
    try:
        text = template.render(words).encode()
        parse_xml(text)
    except Exception as error:  # a template may do anything
        raise DocumentProblem(_cannot(name, "be filled in", error)) from error
    return text


def _properties(sheet: Mapping[str, Any]) -> bytes:
    """Set the file's properties. The date is the sheet's, not the time of rendering."""
    dc, dcterms = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    when = f'xsi:type="dcterms:W3CDTF">{date(*sheet["day"])}T00:00:00Z'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="{dc}" xmlns:dcterms="{dcterms}" xmlns:xsi="{xsi}">'
        f"<dc:title>{escape(sheet['subject'])}</dc:title><dc:creator>{escape(sheet['sender']['name'])}</dc:creator>"
        f"<cp:keywords>{escape(sheet.get('identifier', ''))}</cp:keywords>"
        f"<dc:language>{escape(sheet['language'])}-{escape(sheet['region'])}</dc:language>"
        f"<dcterms:created {when}</dcterms:created><dcterms:modified {when}</dcterms:modified>"
        "</cp:coreProperties>"
    ).encode()


def _cannot(name: str, what: str, error: Exception) -> str:
    return f"templates/{name} cannot {what}: {' '.join(str(error).split())[:300] or type(error).__name__}"


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
    """What Word would fetch on opening the file, such as a template; "" for nothing. Hyperlinks wait for a click."""
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
