"""DOCX from a Word file that staff can restyle, with Jinja as docxtpl reads it. The only module using docxtpl.

docxtpl opens the file and makes Jinja of the text in it; we do that once. docxtpl would repeat it for each
document, which takes ten times as long as filling in the text and packing the file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from docx.oxml import parse_xml
from docx.shared import Inches
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.printing.documents import DocumentProblem, logo, own_file, without_notes
from bot.printing.reading import external_target

_EMU: Final = 914_400 // 192  # Word's units per pixel of ours, at 192 pixels an inch
_RELATIONS: Final = "word/_rels/document.xml.rels"
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
