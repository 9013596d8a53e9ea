"""The separate process of `documents.py`: renders and reads documents under limits.

It reads one request per line from standard input: which templates with which sheet; or which file to `read`. It
answers with a line, the `sizes` of the documents or the `problem`, and then the documents themselves; the text of a
file is a document too, of JSON.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.printing.documents import TOO_MUCH, DocumentProblem
from bot.shared import isolation

MEMORY: Final = 1024 * 1024 * 1024  # bytes of address space
CPU: Final = 10  # seconds for one request
_NICE: Final = 10  # a person waiting for an answer in chat has priority


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
    try:  # a library is imported only when it is needed, because importing takes a while
        if "read" in question:
            from bot.printing import word  # noqa: PLC0415

            made.append(json.dumps(word.docx_text(base64.b64decode(question["read"]))).encode())
        for name in question.get("templates", ()):
            if name.endswith(".docx"):
                from bot.printing import word  # noqa: PLC0415

                made.append(word.render_docx(folder, name, question["sheet"]))
            else:
                from bot.printing import typeset  # noqa: PLC0415

                made.append(typeset.typeset(folder, name, question["sheet"]))
    except DocumentProblem as problem:
        return {"problem": str(problem)}, []
    except MemoryError:
        return {"problem": TOO_MUCH}, []
    return {"sizes": [len(each) for each in made]}, made


if __name__ == "__main__":
    main()
