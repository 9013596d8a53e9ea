"""The child process that picks articles out of one of GDELT's files; `gdelt.py` starts it.

A file is a ZIP with one table of 27 columns between tabs (the Global Knowledge Graph, version 2.1). Its bytes are read
line by line: some are in no encoding, and most columns are skipped.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from itertools import islice
from typing import Final

from bot.shared import isolation
from bot.shared.plain_text import finder

_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 20  # seconds; a usual file takes less than one
_MOST_ROWS: Final = 20_000
_LONGEST: Final = 2_000_000  # bytes of a row
_COLUMNS: Final = 27
_OUTLET, _ADDRESS, _NAMES, _EXTRAS = 3, 4, 23, 26
_MOST_NAMES: Final = 10  # of an article
_LONGEST_PART: Final = 2_000  # characters of a headline, an address, an outlet or a name


def answer(phrases: Sequence[str], body: bytes) -> list[Sequence[str]] | None:
    """The articles that fit, each its address, headline, outlet, and the names that fit; None for another file."""
    wanted = finder(phrases)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed, packed.open(packed.infolist()[0]) as table:
            lines = islice(iter(lambda: table.readline(_LONGEST), b""), _MOST_ROWS)
            fits = [_fitting(row, wanted) for line in lines if len(row := line.split(b"\t")) == _COLUMNS]
    except (zipfile.BadZipFile, zlib.error, EOFError, IndexError, NotImplementedError, RuntimeError):
        return None
    return [row for row in fits if row] if fits else None


def _fitting(row: Sequence[bytes], wanted: re.Pattern[str]) -> Sequence[str]:
    outlet, address, names, extras = (row[n].decode("utf-8", "replace") for n in (_OUTLET, _ADDRESS, _NAMES, _EXTRAS))
    title = extras.partition("<PAGE_TITLE>")[2].partition("</PAGE_TITLE>")[0][:_LONGEST_PART]
    named = {name for part in names.split(";") if wanted.search(name := part.rpartition(",")[0][:_LONGEST_PART])}
    fits = len(address) <= _LONGEST_PART and (named or wanted.search(title))  # half an address leads nowhere
    return (address, title, outlet[:_LONGEST_PART], *sorted(named)[:_MOST_NAMES]) if fits else ()


if __name__ == "__main__":
    isolation.serve(answer, _MEMORY, _CPU)
