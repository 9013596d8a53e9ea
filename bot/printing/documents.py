"""Documents: what they are made of, and the process under limits that renders them one after another, or reads one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from bot.shared.errors import Problem
from bot.shared.isolation import Child

_LARGEST_LOGO: Final = 1_000_000  # bytes; it goes into every document
_PNG: Final = b"\x89PNG\r\n\x1a\n"
TOO_MUCH: Final = "it takes more than 10 seconds or 1 GB. Shorten it; if you changed templates/, look for a loop."
_BLANK = re.compile("[\t\n\v\f\r\x85\u2028\u2029 ]+")  # not the no-break space, which keeps "§ 307" together
# Controls; marks that change the direction of the text after them, and could disguise a name; lone surrogates and
# noncharacters, which XML and UTF-8 do not allow.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_PATIENCE: Final = 60  # seconds, for a busy machine
_NOWHERE: Final = "http://127.0.0.1:9"


class DocumentProblem(Problem):
    """A document cannot be rendered; the message names it or its template, says why, and what to do next."""


def without_notes(name: str) -> str:
    """A sentence on a template of an earlier version, which would leave the sources of a letter's claims out."""
    return (
        f"templates/{name} does not print notes, so the letter would have claims without their sources. Copy the file "
        "from the bot's distribution, or print `runs` as docs/letters.md shows."
    )


def without_translation(name: str) -> str:
    """A sentence on a template of an earlier version, which would leave out a translation that is sent."""
    return f"templates/{name} prints no translation, and this letter is sent with one. Copy it from the distribution."


def own_file(folder: Path, name: str) -> Path:
    """Read a file of `templates/`. A link is refused, because it could lead anywhere. Raises `DocumentProblem`."""
    path = folder / "templates" / name
    if path.is_symlink():
        raise DocumentProblem(f"templates/{name} is a link; copy the file instead.")
    if not path.is_file():
        raise DocumentProblem(f"templates/{name} does not exist; copy it from the bot's distribution.")
    return path


def logo(folder: Path) -> Path | None:
    """Return the path of `templates/logo.png`, None without one. Raises `DocumentProblem` if it cannot be used."""
    path = folder / "templates" / "logo.png"
    if not path.exists() and not path.is_symlink():
        return None
    data = own_file(folder, path.name).read_bytes()
    if not data.startswith(_PNG) or len(data) > _LARGEST_LOGO:
        raise DocumentProblem("templates/logo.png is not a PNG picture of at most 1 MB; save it as one.")
    return path


def one_line(text: str) -> str:
    """Return the text as one line that any document can contain."""
    return _UNSEEN.sub("", _BLANK.sub(" ", text)).strip(" ")


class Maker:
    """One process, used in a `with`. Call `ask` and `answer` in turn: it reads a request only after it has answered."""

    def __init__(self, folder: Path) -> None:
        # typst would download the packages that a template names; this prevents it
        self._child = Child("bot.printing.child", str(folder.resolve()), patience=_PATIENCE, HTTPS_PROXY=_NOWHERE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def ask(self, templates: Sequence[str], sheet: Mapping[str, Any]) -> None:
        """Start rendering `sheet` with these files of `templates/`.

        `NAME.docx` makes a Word file, `NAME.typ` a PDF, `NAME.png.typ` a picture.
        """
        self._child.say({"templates": templates, "sheet": sheet})

    def render(self, template: str, sheet: Mapping[str, Any]) -> bytes:
        """Return the one document of one template. Raises `DocumentProblem`."""
        self.ask([template], sheet)
        return self.answer()[0]

    def read(self, data: bytes) -> Mapping[str, Any]:
        """Return the text of a Word file, as `reading.docx_text` does. Raises `DocumentProblem`."""
        self._child.say({"read": base64.b64encode(data).decode()})
        words: Mapping[str, Any] = json.loads(self.answer()[0])
        return words

    def answer(self) -> list[bytes]:
        """Return the requested documents, in order. Raises `DocumentProblem`."""
        out = self._child.output
        with self._child.patience():
            line = out.readline()
            head = json.loads(line) if line.endswith(b"\n") else {}  # it ended in the middle
            documents = [out.read(size) for size in head.get("sizes", ())]
        if "problem" in head:
            raise DocumentProblem(head["problem"])
        if head.get("sizes") == [len(each) for each in documents]:
            return documents
        code = self._child.wait()
        ended = f"the process for documents ended with {code}: is coalition-bot completely installed?"
        raise DocumentProblem(TOO_MUCH if code < 0 else ended)


def rendered(template: str, data: Mapping[str, Any], folder: Path) -> bytes:
    """Return the document that one template makes of `data`, in the limited process. Raises `DocumentProblem`."""
    with Maker(folder) as maker:
        return maker.render(template, data)
