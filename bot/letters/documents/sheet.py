"""The values that `templates/letterhead.docx` and `letter.typ` may use to render a letter, and its plain text. Pure.

Both templates read the same sheet from top to bottom, so DOCX and PDF have the same words in the same order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from bot.letters.model import Evidence, Letter, Note, Paragraph, Shape, Signature, Written
from bot.printing.parts import one_line
from bot.shared.calendar import day_of_a_letter
from bot.shared.typography import typographic
from bot.shared.wording import dotted

_COLUMNS: Final = 3  # of signatures
_TOGETHER: Final = 16  # the most signatures kept together on one page
_DIGITS: Final = 12  # of a text's digest, in print
# Marks of signatures that were not given in chat, with their footnotes, which say only what the evidence shows.
_RECORDED: Final = {
    "*": "Signature given in writing and recorded by the coalition.",
    "†": "Signature given orally and recorded by the coalition.",
    "‡": "Signature recorded by the coalition.",
    "§": "Signed on the coalition's public page and confirmed by email.",
}


def sheet(letter: Letter) -> dict[str, Any]:
    """The letter as plain strings, lists and numbers; every string is one line without control characters."""
    signed = sorted(letter.signatures, key=_alphabetical)
    language, _, region = letter.language.partition("-")
    return {
        "sender": sender(letter),
        "date": day_of_a_letter(letter.date),
        "day": [letter.date.year, letter.date.month, letter.date.day],
        "block": _names(letter.to.block),
        "subject": one_line(letter.written.subject),
        "salutation": _name(letter.to.salutation),
        "body": _body(letter.written),
        "noted": bool(letter.written.notes),  # a template that prints no notes is refused
        "closing": one_line(letter.closing),
        "signer": _names(signer(letter)),
        "signed": signed_by(len(signed)),
        "rows": rows([_signature(each) for each in signed]),
        "together": len(signed) <= _TOGETHER,
        "notes": _notes(letter),
        "continued": _second_page_header(letter),
        "foot": foot(letter),
        "language": language,
        "region": region,
    }


def _body(written: Written) -> list[dict[str, Any]]:
    """The paragraphs: their shape, and their runs, each with the note at its end, or ""."""
    paragraphs = tuple(Paragraph(text, each.shape) for each in written.body if (text := one_line(each.text)))
    return [
        {
            "shape": str(paragraph.shape),
            "runs": [{"text": run.text, "note": note_text(run.note) if run.note else ""} for run in runs],
        }
        for paragraph, runs in zip(paragraphs, replace(written, body=paragraphs).runs, strict=True)
    ]


def note_text(note: Note) -> str:
    """``6 U.S.C. 645(b). https://uscode.house.gov/… (as of November 26, 2026)``"""
    claim = note.claim
    citation = claim.citation[:1].upper() + claim.citation[1:].rstrip(".")
    return one_line(f"{citation}. {claim.source} (as of {day_of_a_letter(claim.checked_on)})")


def _names(texts: Sequence[str]) -> list[str]:
    return [_name(text) for text in texts]


def _name(text: str) -> str:
    """A name or a line of an address, which the record may write with straight quotation marks."""
    return typographic(one_line(text))


def sender(letter: Letter) -> dict[str, Any]:
    """The letterhead: a name and the lines below it."""
    name, *more = _names(letter.sender) or [""]
    return {"name": name, "lines": more}


def signer(letter: Letter) -> tuple[str, ...]:
    """The lines under the closing: the named signer, or the sender itself if there are no signatures."""
    if not letter.closing:
        return ()
    return letter.signer or (() if letter.signatures else letter.sender[:1])


def addresses(block: Sequence[str]) -> list[list[str]]:
    """The address lines of each envelope; empty lines separate a joint letter's addressees."""
    return [list(each) for some, each in groupby(_names(block), key=bool) if some]


def signed_by(number: int) -> str:
    return f"Signed by {number:,} organization{'s' if number != 1 else ''}"


def foot(letter: Letter) -> str:
    """The footer of each page: the letter's number, and a warning while its text may still change."""
    number = f"{one_line(letter.number)}, version {letter.version}" if letter.number else ""
    return dotted(number, "" if letter.digest else "not final, not for sending")


def rows(signatures: Sequence[dict[str, str]]) -> list[list[dict[str, str]]]:
    """The signatures in rows of three, in reading order; the last row is padded with empty ones."""
    empty = {"organization": "", "mark": "", "person": ""}
    padded = [*signatures, *[empty] * (-len(signatures) % _COLUMNS)]
    return [padded[start : start + _COLUMNS] for start in range(0, len(padded), _COLUMNS)]


def _second_page_header(letter: Letter) -> str:
    """The header from the second page on: the addressee or, without one, the subject."""
    to = _name(letter.to.name) if letter.to.block else one_line(letter.written.subject)
    return to[:1].upper() + to[1:]


def _notes(letter: Letter) -> list[str]:
    """The last lines: footnotes on recorded signatures, and the digest of the signed text."""
    used = {_mark(each) for each in letter.signatures}
    recorded = [f"{mark} {words}" for mark, words in _RECORDED.items() if mark in used]
    return [*recorded, *([f"Text {one_line(letter.digest)[:_DIGITS]}"] if letter.digest else [])]


def _signature(signature: Signature) -> dict[str, str]:
    person = filter(None, _names((signature.signatory, signature.title)))
    return {
        "organization": _name(signature.organisation),
        "mark": _mark(signature),
        "person": ", ".join(person),
    }


def _mark(signature: Signature) -> str:
    if signature.evidence is None:
        return ""
    if signature.evidence is Evidence.PAGE:
        return "§"
    if signature.evidence.written:
        return "*"
    return "†" if signature.evidence is Evidence.SPOKEN else "‡"


def _alphabetical(signature: Signature) -> tuple[str, str]:
    """A sort key that ignores accents and case; an initial "The" counts."""
    return folded(signature.organisation).casefold(), signature.organisation


def folded(text: str) -> str:
    """Text without accents: ``Velazquez`` for ``Velázquez``."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def with_marks(written: Written) -> tuple[Paragraph, ...]:
    """The paragraphs with the number of each note, as text without footnotes shows them: ``is required.¹``"""
    return tuple(
        Paragraph("".join(run.text + (mark(run.note) if run.note else "") for run in runs), paragraph.shape)
        for paragraph, runs in zip(written.body, written.runs, strict=True)
    )


def note_lines(written: Written) -> list[str]:
    """The notes as text shows them below the letter: ``¹ 6 U.S.C. 645(b). …``"""
    return [f"{mark(note)} {note_text(note)}" for note in written.notes]


def mark(note: Note) -> str:
    return str(note.number).translate(_SUPERSCRIPT)


_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIGNS = {Shape.TEXT: "", Shape.ITEM: "- ", Shape.HEADING: "## "}


def plain(letter: Letter) -> str:
    """The whole letter in the order of its documents, with signature notes and footer."""
    set_ = sheet(letter)
    signed = [each for row in set_["rows"] for each in row if each["organization"]]
    parts = (
        day_of_a_letter(letter.date),
        "\n".join(set_["block"]),
        f"{'Re: ' if letter.to.salutation else ''}{letter.written.subject}",
        set_["salutation"],
        body(with_marks(letter.written)),
        letter.closing,
        "\n".join(set_["signer"]),
        "\n".join(", ".join(filter(None, (each["organization"] + each["mark"], each["person"]))) for each in signed),
        "\n".join(set_["notes"]),
        "\n".join(note_lines(letter.written)),
        set_["foot"],
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def body(paragraphs: tuple[Paragraph, ...]) -> str:
    """Paragraphs as text that `rendering.paragraphs` parses back: blank lines between them, except in lists."""
    return "".join(_with_separators(paragraphs))


def _with_separators(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    before: Shape | None = None
    for paragraph in paragraphs:
        if before is not None:
            yield "\n" if before is paragraph.shape is Shape.ITEM else "\n\n"
        yield _SIGNS[paragraph.shape] + paragraph.text
        before = paragraph.shape
