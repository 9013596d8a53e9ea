"""Render a letter as DOCX and PDF, hundreds of letters as a ZIP with envelopes and labels, or one as a
email draft (.eml) that opens in a person's own mail program.

Documents are rendered in limited child processes (`bot/printing`); the bot itself never loads the Word or typst
libraries. Every function here blocks until its document is done, so call it from a thread, not on the event loop.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bot.letters.model import Letter
from bot.letters.sheet import addresses, folded, plain, sender, sheet
from bot.printing.documents import DocumentProblem, Maker, one_line, rendered
from bot.shared.csv_cells import write_csv
from bot.shared.private_files import open_private
from bot.shared.wording import slug

_WORD: Final = "letterhead.docx"
_PDF: Final = "letter.typ"
_LONGEST: Final = 1_000_000  # characters of a letter with its signatures: about three hundred pages
_MAX_MAKERS: Final = 4  # each takes about 100 MB
_BEFORE: Final = 3  # columns of the labels before the address
_NAME: Final = 60  # characters of an addressee's name in a file name
MEDIA: Final = "message/rfc822"
_SUBJECT: Final = 200  # characters


def _render_one(letter: Letter, folder: Path, *, template: str) -> bytes:
    """The letter by that file of `templates/` in `folder`. Raises `DocumentProblem`."""
    with Maker(folder) as maker:
        maker.ask([template], _sheet(letter))
        return _answer(maker, letter)[0]


docx: Final = partial(_render_one, template=_WORD)
pdf: Final = partial(_render_one, template=_PDF)  # accessible


def merge(
    letters: Sequence[Letter], folder: Path, path: Path, *, progress: Callable[[int, int], None], first: int = 1
) -> None:
    """Write a ZIP: each letter as DOCX and PDF in the order given, `envelopes.pdf`, `labels.csv`.

    `first`: the number of the first letter. `progress(done, all)` is called after each letter. The same letters make
    the same bytes. Raises `DocumentProblem` that names the letter, and leaves no ZIP behind.
    """
    try:
        with open_private(path) as file, zipfile.ZipFile(file, "w") as archive:
            for done, (letter, name, documents) in enumerate(_render_all(letters, folder, first), start=1):
                for ending, document in zip(("docx", "pdf"), documents, strict=True):
                    archive.writestr(_zip_entry(f"{name}.{ending}", letter), document)
                progress(done, len(letters))
            if letters:
                archive.writestr(_zip_entry("envelopes.pdf", letters[0]), _envelopes(letters, folder))
                archive.writestr(_zip_entry("labels.csv", letters[0]), labels(letters, first))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def labels(letters: Sequence[Letter], first: int = 1) -> bytes:
    """CSV for a label printer or a spreadsheet, one row per envelope: file name, addressee, salutation, address."""
    rows = [
        [name, one_line(letter.to.name), one_line(letter.to.salutation), *address]
        for name, letter in zip(names(letters, first), letters, strict=True)
        for address in addresses(letter.to.block)
    ]
    longest = max(map(len, rows), default=_BEFORE)
    columns = ("file", "to", "salutation", *(f"line {number}" for number in range(1, longest - _BEFORE + 1)))
    return write_csv(columns, (cells + [""] * (longest - len(cells)) for cells in rows))


def names(letters: Sequence[Letter], first: int = 1) -> list[str]:
    """A file name for each letter: its number in the series, then the addressee's name."""
    width = max(3, len(str(first + len(letters) - 1)))
    return [
        f"{place:0{width}}-{slug(folded(letter.to.name), _NAME) or 'letter'}"
        for place, letter in enumerate(letters, start=first)
    ]


def _render_all(letters: Sequence[Letter], folder: Path, first: int) -> Iterator[tuple[Letter, str, list[bytes]]]:
    """The letters in order with their documents. Each maker works at most one letter ahead."""
    with ExitStack() as stack:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        makers = [stack.enter_context(Maker(folder)) for _ in range(min(cores, _MAX_MAKERS, len(letters)))]
        for maker, letter in zip(makers, letters, strict=False):
            maker.ask([_WORD, _PDF], _sheet(letter))
        remaining = islice(letters, len(makers), None)
        for place, (letter, name) in enumerate(zip(letters, names(letters, first), strict=True)):
            maker = makers[place % len(makers)]
            documents = _answer(maker, letter)
            if next_letter := next(remaining, None):
                maker.ask([_WORD, _PDF], _sheet(next_letter))
            yield letter, name, documents


def _sheet(letter: Letter) -> dict[str, Any]:
    """The sheet of a letter. Raises `DocumentProblem` if it is too long."""
    other = letter.written.translation
    text_length = sum(len(part.text) for part in (*letter.written.body, *(other.body if other else ())))
    signature_length = sum(len(part.organisation) + len(part.signatory) + len(part.title) for part in letter.signatures)
    if (length := text_length + signature_length) > _LONGEST:
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
    return rendered("envelope.typ", words, folder)


def _zip_entry(name: str, letter: Letter) -> zipfile.ZipInfo:
    """An uncompressed entry, because the documents already are; dated like the letter, for reproducible bytes."""
    return zipfile.ZipInfo(name, (max(letter.date.year, 1980), letter.date.month, letter.date.day, 0, 0, 0))


def mail_draft(letter: Letter, pdf: bytes, name: str) -> bytes:
    """Return the draft: the letter's text, and its PDF under that name. `X-Unsent` makes mail programs open it to edit.

    It has no sender and no recipient: the person who sends it is its sender.
    """
    draft = EmailMessage(policy=SMTP)
    # Python 3.11.7 decodes an encoded word in a text, line breaks included, and writes what follows as another header
    # (https://github.com/python/cpython/issues/121650).
    draft["Subject"] = one_line(letter.written.subject).replace("=?", "= ?")[:_SUBJECT]
    draft["X-Unsent"] = "1"
    draft.set_content(plain(letter), cte="quoted-printable")
    draft.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return draft.as_bytes()
