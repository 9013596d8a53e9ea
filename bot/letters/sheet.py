"""The values that `templates/letterhead.docx` and `letter.typ` may use to render a letter, and its plain text. Pure.

Both templates read the same sheet from top to bottom, so DOCX and PDF have the same words in the same order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from bot.letters.model import Evidence, Letter, Note, Paragraph, Shape, Signature, Written
from bot.printing.documents import one_line
from bot.shared.calendar import day_of_a_letter
from bot.shared.language import gettext, speaking
from bot.shared.plain_text import typographic
from bot.shared.wording import dotted

_COLUMNS: Final = 3  # of signatures
_TOGETHER: Final = 3  # rows of signatures that are kept on one page; of more, the first two and the last two
_ACROSS: Final = 2  # addresses of a joint letter
# Marks of signatures that were not given in chat, with their footnotes, which say only what the evidence shows.
_RECORDED: Final = {
    "*": "Signature given in writing and recorded by the coalition.",
    "†": "Signature given orally and recorded by the coalition.",
    "‡": "Signature recorded by the coalition.",
    "§": "Signed on the coalition's public page and confirmed by email.",
}


def sheet(letter: Letter) -> dict[str, Any]:
    """The letter as plain strings, lists and numbers; every string is one line without control characters."""
    # Accents and case are ignored; an initial "The" counts.
    signed = sorted(letter.signatures, key=lambda each: (folded(each.organisation).casefold(), each.organisation))
    blocks = addresses(letter.to.block)
    # A joint letter's addresses are in rows of two, the last padded with an empty one.
    padded = [*blocks, *[[""]] * (-len(blocks) % _ACROSS)] if len(blocks) > 1 else []
    language, _, region = letter.language.partition("-")
    used = {_mark(each) for each in letter.signatures}
    to = _name(letter.to.name) if letter.to.block else one_line(letter.written.subject)
    return {
        "sender": sender(letter),
        "date": day_of_a_letter(letter.date),
        "day": [letter.date.year, letter.date.month, letter.date.day],
        "block": _names(letter.to.block),
        "blocks": [padded[start : start + _ACROSS] for start in range(0, len(padded), _ACROSS)],
        "subject": one_line(letter.written.subject),
        "salutation": _name(letter.to.salutation),
        "body": _body(letter.written),
        "noted": bool(letter.written.notes),  # a template that prints no notes is refused
        "closing": one_line(letter.closing),
        "signer": _names(signer(letter)),
        "signed": f"Signed by {len(signed):,} organization{'s' if len(signed) != 1 else ''}",
        "rows": rows([_signature(each) for each in signed]),
        "notes": [f"{mark_} {words}" for mark_, words in _RECORDED.items() if mark_ in used],
        "continued": to[:1].upper() + to[1:],  # the header from the second page on
        "foot": foot(letter),
        "identifier": identifier(letter),
        "language": language,
        "region": region,
        "translation": _translation(letter, region),
    }


def _translation(letter: Letter, region: str) -> dict[str, Any] | None:
    """The text in the other language, on pages after the signatures; None if it is not sent."""
    other = letter.written.translation
    if other is None or not other.sent:
        return None
    with speaking(other.language):
        signed = gettext("The signatures of this letter are for both texts.") if letter.signatures else ""
    return {
        "language": other.language,
        "region": region,
        "subject": one_line(other.subject),
        "body": _body(other.written),
        "signed": signed,
    }


def _body(written: Written) -> list[dict[str, Any]]:
    """The paragraphs: their shape, and their runs, each with the note at its end, or ""."""
    paragraphs = tuple(Paragraph(text, each.shape) for each in written.body if (text := one_line(each.text)))
    written = replace(written, body=paragraphs)
    notes = note_texts(written)
    return [
        {
            "shape": str(paragraph.shape),
            "runs": [{"text": run.text, "note": notes[run.note.number] if run.note else ""} for run in runs],
        }
        for paragraph, runs in zip(paragraphs, written.runs, strict=True)
    ]


def note_texts(written: Written) -> dict[int, str]:
    """The text of each note by its number: ``6 U.S.C. 645(b). https://uscode.house.gov/… (as of November 26, 2026)``.

    One with the source and the day of the note before it says "same source" instead.
    """
    texts, before = {}, None
    for note in written.notes:
        claim = note.claim
        citation, source = claim.citation[:1].upper() + claim.citation[1:].rstrip("."), (claim.source, claim.checked_on)
        where = f" {claim.source} (as of {day_of_a_letter(claim.checked_on)})" if source != before else " Same source."
        texts[note.number], before = one_line(f"{citation}.{where}"), source
    return texts


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


def foot(letter: Letter) -> str:
    """The footer of each page of a draft: number and version, and a warning; "" once the text is final."""
    return "" if letter.digest else dotted(_number(letter), "not final, not for sending")


def identifier(letter: Letter) -> str:
    """What the properties of a document say of its text: ``L-014, version 3, text 9c41b6…``, with the whole digest."""
    return ", ".join(filter(None, (_number(letter), f"text {letter.digest}" if letter.digest else "")))


def _number(letter: Letter) -> str:
    return f"{one_line(letter.number)}, version {letter.version}" if letter.number else ""


def rows(signatures: Sequence[dict[str, str]]) -> list[list[dict[str, Any]]]:
    """The signatures in rows of three, in reading order; the last row is padded with empty ones.

    `keep`: whether its row stays on the page of the next one, or of the notes.
    """
    empty = {"organization": "", "mark": "", "person": ""}
    padded = [*signatures, *[empty] * (-len(signatures) % _COLUMNS)]
    starts = range(0, len(padded), _COLUMNS)
    protected = {*starts} if len(starts) <= _TOGETHER else {starts[0], *starts[-2:]}
    return [[each | {"keep": start in protected} for each in padded[start : start + _COLUMNS]] for start in starts]


def _signature(signature: Signature) -> dict[str, str]:
    person = filter(None, _names((signature.signatory, signature.title)))
    return {"organization": _name(signature.organisation), "mark": _mark(signature), "person": ", ".join(person)}


def _mark(signature: Signature) -> str:
    if signature.evidence is None:
        return ""
    if signature.evidence is Evidence.PAGE:
        return "§"
    if signature.evidence.written:
        return "*"
    return "†" if signature.evidence is Evidence.SPOKEN else "‡"


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
    texts = note_texts(written)
    return [f"{mark(note)} {texts[note.number]}" for note in written.notes]


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
        *_plain_translation(letter, set_["translation"]),
        set_["foot"],
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain_translation(letter: Letter, shown: dict[str, Any] | None) -> tuple[str, ...]:
    other = letter.written.translation
    return (shown["subject"], body(other.body), shown["signed"]) if shown and other else ()


def body(paragraphs: tuple[Paragraph, ...]) -> str:
    """Paragraphs as text that `template.paragraphs` parses back: blank lines between them, except in lists."""
    parts: list[str] = []
    before: Shape | None = None
    for paragraph in paragraphs:
        if before is not None:
            parts.append("\n" if before is paragraph.shape is Shape.ITEM else "\n\n")
        parts.append(_SIGNS[paragraph.shape] + paragraph.text)
        before = paragraph.shape
    return "".join(parts)
