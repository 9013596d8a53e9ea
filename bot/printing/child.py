"""The separate process of `documents.py`: renders and reads documents under limits.

It reads one request per line from standard input: which templates with which sheet; or which file to `read`. It
answers with a line, the `sizes` of the documents or the `problem`, and then the documents themselves; the text of a
file is a document too, of JSON.

PDF and pictures are by typst, tagged for screen readers (PDF/UA-1), with embedded fonts. What people wrote reaches the
templates as JSON, so it is data and never markup. The templates can read the folder `templates/` and nothing else; the
fonts are typst's own and those in `templates/fonts`, never the machine's, so that a document looks the same everywhere.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from bot.printing.documents import TOO_MUCH, DocumentProblem, logo, own_file, without_notes, without_translation
from bot.shared import isolation

MEMORY: Final = 1024 * 1024 * 1024  # bytes of address space
CPU: Final = 10  # seconds for one request
_NICE: Final = 10  # a person waiting for an answer in chat has priority
_ACCESSIBLE: Final[Mapping[str, Any]] = {"format": "pdf", "pdf_standards": ["ua-1"]}
_OURS: Final = Path(__file__).parent / "pictures"  # templates that no coalition has to change
_PICTURE: Final[Mapping[str, Any]] = {
    "format": "png",
    "ppi": 192,
}  # sharp on a phone and in print at the width of a page
_NO_GLYPH = re.compile(r"the text `\"(.+)\"` could not be displayed")


def main() -> None:
    folder, out = Path(sys.argv[1]), sys.stdout.buffer
    os.nice(_NICE)
    isolation.confine(MEMORY, [folder / "templates"])
    for line in sys.stdin.buffer:
        isolation.grant_time(CPU + 1)
        head, documents = _answer(folder, json.loads(line))
        out.write(json.dumps(head).encode() + b"\n")
        for document in documents:
            out.write(document)
        out.flush()


def _answer(folder: Path, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    made = []
    try:  # DOCX's libraries are imported only when they are needed, because importing takes a while
        if "read" in question:
            from bot.printing import word  # noqa: PLC0415

            made.append(json.dumps(word.docx_text(base64.b64decode(question["read"]))).encode())
        for name in question.get("templates", ()):
            if name.endswith(".docx"):
                from bot.printing import word  # noqa: PLC0415

                made.append(word.render_docx(folder, name, question["sheet"]))
            else:
                made.append(typeset(folder, name, question["sheet"]))
    except DocumentProblem as problem:
        return {"problem": str(problem)}, []
    except MemoryError:
        return {"problem": TOO_MUCH}, []
    return {"sizes": [len(each) for each in made]}, made


def typeset(folder: Path, name: str, sheet: Mapping[str, Any]) -> bytes:
    """Return a PDF, or by `NAME.png.typ` a PNG, by our own template of this name or by templates/NAME.

    The template gets `sheet` with the path of the logo, "" if there is none. Raises `DocumentProblem`.
    """
    how = _PICTURE if name.endswith(".png.typ") else _ACCESSIBLE
    ours = _OURS / name
    template = ours if ours.is_file() else own_file(folder, name)
    picture = logo(folder)
    inputs = {"sheet": json.dumps({**sheet, "logo": f"/{picture.name}" if picture else ""})}
    source = template.read_bytes() if template == ours else template
    try:
        made = _compiler(folder / "templates").compile(source, sys_inputs=inputs, **how)
    except typst.TypstError as error:
        raise DocumentProblem(_message(name, error.message)) from error
    for part, word, problem in (
        ("noted", "footnote", without_notes),
        ("translation", "translation", without_translation),
    ):
        if sheet.get(part) and word not in template.read_text(encoding="utf-8"):
            raise DocumentProblem(problem(name))
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(root: Path) -> typst.Compiler:
    fonts = root / "fonts"
    return typst.Compiler(root=root, font_paths=[fonts] if fonts.is_dir() else [], ignore_system_fonts=True)


def _message(name: str, message: str) -> str:
    if match := _NO_GLYPH.search(message):
        return (
            f"The PDF cannot show “{match[1]}”: no available font has it. Put a font that does into templates/fonts "
            f"and name it in templates/{name}. The DOCX does not need it."
        )
    if "failed to download package" in message or "package not found" in message:
        return f"templates/{name} imports a package. The bot fetches nothing: copy the package's files into templates/."
    return f"templates/{name} cannot be typeset: {' '.join(message.split())[:300]}"


if __name__ == "__main__":
    main()
