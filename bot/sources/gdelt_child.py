"""The child process that picks articles out of one of GDELT's files; `gdelt.py` starts it.

A file is a ZIP with one table of 27 columns between tabs (the Global Knowledge Graph, version 2.1). Its bytes are read
line by line: some are in no encoding, and most columns are skipped.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from bot.shared import isolation
from bot.sources.grants.sentences import finder

_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 20  # seconds; a usual file takes less than one
_MOST_ROWS: Final = 20_000
_LONGEST: Final = 2_000_000  # bytes of a row
_COLUMNS: Final = 27
_OUTLET, _ADDRESS, _NAMES, _EXTRAS = 3, 4, 23, 26
_MOST_NAMES: Final = 10  # of an article


def answer(phrases: Sequence[str], body: bytes) -> list[Sequence[str]] | None:
    """The articles that fit, each its address, headline, outlet, and the names that fit; None for another file."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed, packed.open(packed.infolist()[0]) as table:
            lines = islice(iter(lambda: table.readline(_LONGEST), b""), _MOST_ROWS)
            rows = (columns for line in lines if len(columns := line.rstrip(b"\n").split(b"\t")) == _COLUMNS)
            some = next(rows, None)
            return list(_fitting(chain([some], rows), finder(phrases))) if some else None
    except (zipfile.BadZipFile, zlib.error, EOFError, IndexError, NotImplementedError, RuntimeError):
        return None


def _fitting(rows: Iterable[Sequence[bytes]], wanted: re.Pattern[str]) -> Iterator[Sequence[str]]:
    for row in rows:
        outlet, address, names, extras = (
            row[n].decode("utf-8", "replace") for n in (_OUTLET, _ADDRESS, _NAMES, _EXTRAS)
        )
        title = extras.partition("<PAGE_TITLE>")[2].partition("</PAGE_TITLE>")[0]
        named = {name for part in names.split(";") if wanted.search(name := part.rpartition(",")[0])}
        if named or wanted.search(title):
            yield address, title, outlet, *sorted(named)[:_MOST_NAMES]


if __name__ == "__main__":
    isolation.serve(answer, _MEMORY, _CPU)
