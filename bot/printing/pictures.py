"""Insert pictures into a Word file along with its text: the parts they need, and the XML that shows them. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

_EMU: Final = 914_400 // 192  # Word's units per pixel of ours, at 192 pixels an inch
_RELATIONS: Final = "word/_rels/document.xml.rels"
_TYPES: Final = "[Content_Types].xml"
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_ID: Final = 1_000  # above the ids of what people have put into the file


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
        about = f'id="{_ID + self.number}" name="Picture {self.number}" descr={quoteattr(self.alt)}'
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
