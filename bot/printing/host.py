"""Calls `child.py`: a process under limits that renders documents one after another, or reads one."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final, Self

from bot.printing.parts import TOO_MUCH, DocumentProblem
from bot.shared import isolation

_PATIENCE: Final = 60  # seconds of wall-clock time, for a busy machine
_NOWHERE: Final = "http://127.0.0.1:9"


class Maker:
    """One process, used in a `with`. Call `ask` and `answer` in turn: it reads a request only after it has answered."""

    def __init__(self, folder: Path) -> None:
        # typst would download the packages that a template names; this prevents it
        command, options = isolation.starting("bot.printing.child", str(folder.resolve()), HTTPS_PROXY=_NOWHERE)
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)  # noqa: S603

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, templates: Sequence[str], sheet: Mapping[str, Any]) -> None:
        """Start rendering `sheet` with these files of `templates/`.

        `NAME.docx` makes a Word file, `NAME.typ` a PDF, `NAME.png.typ` a picture.
        """
        self._say({"templates": templates, "sheet": sheet})

    def read(self, data: bytes) -> Mapping[str, Any]:
        """Return the text of a Word file, as `reading.docx_text` does. Raises `DocumentProblem`."""
        self._say({"read": base64.b64encode(data).decode()})
        words: Mapping[str, Any] = json.loads(self.answer()[0])
        return words

    def _say(self, question: Mapping[str, Any]) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the process has died; `answer` reports it

    def answer(self) -> list[bytes]:
        """Return the requested documents, in order. Raises `DocumentProblem`."""
        assert self._process.stdout
        patience = Timer(_PATIENCE, self._process.kill)
        patience.start()
        try:
            return _read(self._process.stdout)
        except EOFError:
            raise DocumentProblem(self._why_it_ended()) from None
        finally:
            patience.cancel()

    def _why_it_ended(self) -> str:
        code = self._process.wait()
        return (
            TOO_MUCH if code < 0 else f"the process for documents ended with {code}: is coalition-bot installed whole?"
        )


def _read(out: IO[bytes]) -> list[bytes]:
    line = out.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    if "problem" in head:
        raise DocumentProblem(head["problem"])
    documents = [out.read(size) for size in head["sizes"]]
    if [len(each) for each in documents] != head["sizes"]:
        raise EOFError
    return documents
