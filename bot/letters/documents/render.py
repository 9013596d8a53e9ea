"""A letter as DOCX and PDF; or hundreds of them as a ZIP, with envelopes and labels.

The documents are made in processes of their own, under limits (`bot/printing`); nothing of Word or typst is ever loaded
into the bot. Every function here waits for its document, so it is called from a thread and never on the event loop.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bot.letters.documents.sheet import addresses, folded, sender, sheet
from bot.letters.model import Letter
from bot.people.csv_table import write_csv
from bot.printing.host import Maker
from bot.printing.parts import DocumentProblem
from bot.printing.text import one_line
from bot.shared.private_files import open_private

_WORD: Final = "letterhead.docx"
_PDF: Final = "letter.typ"
_LONGEST: Final = 1_000_000  # characters of a letter with its signatures: some three hundred pages
_MOST_MAKERS: Final = 4  # each takes about 100 MB
_BEFORE: Final = 3  # columns of the labels before the address
_NAME: Final = 60  # characters of an addressee's name in that of a file


def docx(letter: Letter, folder: Path) -> bytes:
    """The letter as a Word file, by `templates/letterhead.docx` in `folder`. Raises `DocumentProblem`."""
    return _one(letter, folder, _WORD)


def pdf(letter: Letter, folder: Path) -> bytes:
    """The letter as an accessible PDF, by `templates/letter.typ` in `folder`. Raises `DocumentProblem`."""
    return _one(letter, folder, _PDF)


def merge(
    letters: Sequence[Letter], folder: Path, path: Path, *, progress: Callable[[int, int], None], first: int = 1
) -> None:
    """Write a ZIP: each letter as DOCX and PDF in the order given, `envelopes.pdf`, `labels.csv`.

    `first`: the number of the first, where others were made before. `progress(done, all)` is told after each letter.
    The same letters make the same bytes. Where one cannot be made there is no ZIP: raises `DocumentProblem`, which
    names it.
    """
    try:
        with open_private(path) as to, zipfile.ZipFile(to, "w") as archive:
            for done, (letter, name, made) in enumerate(_all(letters, folder, first), start=1):
                for ending, document in zip(("docx", "pdf"), made, strict=True):
                    archive.writestr(_entry(f"{name}.{ending}", letter), document)
                progress(done, len(letters))
            if letters:
                archive.writestr(_entry("envelopes.pdf", letters[0]), _envelopes(letters, folder))
                archive.writestr(_entry("labels.csv", letters[0]), labels(letters, first))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def labels(letters: Sequence[Letter], first: int = 1) -> bytes:
    """One row an envelope, as CSV for a label printer or a spreadsheet: its letter's files, to whom, the address."""
    each = [
        [name, one_line(letter.to.name), one_line(letter.to.salutation), *address]
        for name, letter in zip(names(letters, first), letters, strict=True)
        for address in addresses(letter.to.block)
    ]
    longest = max(map(len, each), default=_BEFORE)
    columns = ("file", "to", "salutation", *(f"line {number}" for number in range(1, longest - _BEFORE + 1)))
    return write_csv(columns, (cells + [""] * (longest - len(cells)) for cells in each))


def names(letters: Sequence[Letter], first: int = 1) -> list[str]:
    """A name for each letter's files: its place in the order makes it unique, the addressee's name tells it apart."""
    width = max(3, len(str(first + len(letters) - 1)))
    return [
        f"{place:0{width}}-{slug(letter.to.name, _NAME) or 'letter'}"
        for place, letter in enumerate(letters, start=first)
    ]


def slug(text: str, most: int) -> str:
    """Text as a file's name may have it, cut between words: `let-service-providers-apply`."""
    whole = re.sub(r"[^a-z0-9]+", "-", folded(one_line(text)).lower()).strip("-")
    return whole if len(whole) <= most else whole[: most + 1].rpartition("-")[0] or whole[:most]


def _one(letter: Letter, folder: Path, template: str) -> bytes:
    with Maker(folder) as maker:
        maker.ask([template], _sheet(letter))
        return _answer(maker, letter)[0]


def _all(letters: Sequence[Letter], folder: Path, first: int) -> Iterator[tuple[Letter, str, list[bytes]]]:
    """The letters in order with their documents. While one is packed the makers are at the next, no more than that."""
    with ExitStack() as stack:
        makers = [stack.enter_context(Maker(folder)) for _ in range(min(_makers(), len(letters)))]
        for maker, letter in zip(makers, letters, strict=False):
            maker.ask([_WORD, _PDF], _sheet(letter))
        following = islice(letters, len(makers), None)
        for place, (letter, name) in enumerate(zip(letters, names(letters, first), strict=True)):
            maker = makers[place % len(makers)]
            made = _answer(maker, letter)
            if after := next(following, None):
                maker.ask([_WORD, _PDF], _sheet(after))
            yield letter, name, made


def _makers() -> int:
    """As many as there are cores to this process."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_MAKERS)


def _sheet(letter: Letter) -> dict[str, Any]:
    """Raises `DocumentProblem` for a letter longer than anybody would read."""
    said = sum(len(each.text) for each in letter.written.body)
    signed = sum(len(each.organisation) + len(each.signatory) + len(each.title) for each in letter.signatures)
    if (length := said + signed) > _LONGEST:
        raise DocumentProblem(
            f"{letter.number} has {length:,} characters; a letter may have {_LONGEST:,}. Put the rest in an annex."
        )
    return sheet(letter)


def _answer(maker: Maker, letter: Letter) -> list[bytes]:
    try:
        return maker.answer()
    except DocumentProblem as problem:
        raise DocumentProblem(f"{letter.number} to {one_line(letter.to.name)}: {problem}") from problem


def _envelopes(letters: Sequence[Letter], folder: Path) -> bytes:
    first = letters[0]
    language, _, region = first.language.partition("-")
    words: Mapping[str, Any] = {
        "sender": sender(first),
        "blocks": [address for letter in letters for address in addresses(letter.to.block)],
        "day": [first.date.year, first.date.month, first.date.day],
        "title": f"Envelopes for {one_line(first.number)}",
        "language": language,
        "region": region,
    }
    with Maker(folder) as maker:
        maker.ask(["envelope.typ"], words)
        return maker.answer()[0]


def _entry(name: str, letter: Letter) -> zipfile.ZipInfo:
    """Stored as it is, for the documents are packed already; dated like the letter, so that the bytes stay the same."""
    return zipfile.ZipInfo(name, (max(letter.date.year, 1980), letter.date.month, letter.date.day, 0, 0, 0))
