"""Calls `child.py`: a process under limits that renders documents one after another, or reads one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from bot.printing.parts import TOO_MUCH, DocumentProblem
from bot.shared.isolation import Child

_PATIENCE: Final = 60  # seconds, for a busy machine
_NOWHERE: Final = "http://127.0.0.1:9"


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
