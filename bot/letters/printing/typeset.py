"""PDF by typst: tagged for screen readers (PDF/UA-1), with the fonts in it. The one module that knows typst here.

What people wrote reaches the templates as JSON, so it is data there and never markup. The templates see the folder
`templates/` and nothing else; the fonts are those that typst brings and those in `templates/fonts`, never the
machine's, so that a letter looks the same everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bot.letters.printing.parts import DocumentProblem, logo, own_file

_NO_GLYPH = re.compile(r"the text `\"(.+)\"` could not be displayed")


def letter(folder: Path, sheet: Mapping[str, Any]) -> bytes:
    """The letter, by templates/letter.typ. Raises `DocumentProblem`."""
    picture = logo(folder)
    return _pdf(folder, "letter.typ", {**sheet, "logo": picture.name if picture else ""})


def envelopes(folder: Path, sheet: Mapping[str, Any]) -> bytes:
    """An envelope a page, by templates/envelope.typ. Raises `DocumentProblem`."""
    return _pdf(folder, "envelope.typ", sheet)


def _pdf(folder: Path, name: str, sheet: Mapping[str, Any]) -> bytes:
    template = own_file(folder, name)
    try:
        made = _compiler(template).compile(
            format="pdf", pdf_standards=["ua-1"], sys_inputs={"sheet": json.dumps(sheet)}
        )
    except typst.TypstError as error:
        raise DocumentProblem(_said(name, error.message)) from error
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(template: Path) -> typst.Compiler:
    fonts = template.parent / "fonts"
    return typst.Compiler(
        template,
        root=template.parent,
        font_paths=[fonts] if fonts.is_dir() else [],
        ignore_system_fonts=True,
    )


def _said(name: str, message: str) -> str:
    if found := _NO_GLYPH.search(message):
        return (
            f"The PDF cannot show “{found[1]}”: no font here has it. Put a font that has it into templates/fonts "
            f"and name it in templates/{name}. The DOCX can be made without."
        )
    if "failed to download package" in message:
        return f"templates/{name} imports a package. Nothing is fetched here: copy the package's files into templates/."
    return f"templates/{name} cannot be set: {' '.join(message.split())[:300]}"
