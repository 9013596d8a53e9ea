"""A letter as plain text, for chat and the command line. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.letters.documents.sheet import sheet
from bot.letters.model import Letter, Paragraph, Shape
from bot.shared.calendar import day_of_a_letter

_SIGNS = {Shape.TEXT: "", Shape.ITEM: "- ", Shape.HEADING: "## "}


def plain(letter: Letter) -> str:
    """The whole letter in the order of its documents, with signature notes and footer."""
    set_ = sheet(letter)
    signed = [each for row in set_["rows"] for each in row if each["organization"]]
    parts = (
        day_of_a_letter(letter.date),
        "\n".join(letter.to.block),
        f"{'Re: ' if letter.to.salutation else ''}{letter.written.subject}",
        letter.to.salutation,
        body(letter.written.body),
        letter.closing,
        "\n".join(set_["signer"]),
        "\n".join(", ".join(filter(None, (each["organization"] + each["mark"], each["person"]))) for each in signed),
        "\n".join(set_["notes"]),
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
