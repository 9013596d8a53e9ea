"""/letter upload: a letter's DOCX that was edited in Word becomes the next version.

Only the subject and the paragraphs between salutation and closing are read; everything else is generated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.commands.group import Group
from bot.commands.model import STAFF, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lookup, wording
from bot.letters.drafting import edit
from bot.letters.lifecycle import Dossier, Text
from bot.letters.model import Paragraph, Shape
from bot.letters.sheet import body, note_texts
from bot.people import pii
from bot.people.confirm_text import NO_DETAILS, confirm
from bot.printing.host import Maker
from bot.printing.parts import DocumentProblem, one_line
from bot.shared.plain_text import typographic
from bot.shared.wording import short

FILE: Final = Param("file", "the letter's exported DOCX, edited in Word", kind=Kind.FILE)

_MARK: Final = re.compile(r"\b(L-\d{3,9}), version (\d{1,9})\b")  # in the footer, from `sheet.foot`
# Paragraph styles of templates/letterhead.docx that mark the parts (docs/letters.md).
_SUBJECT, _SALUTATION, _CLOSING = "Heading 1", "Salutation", "Closing"
_RE_PREFIX: Final = re.compile(r"^re:\s*", re.IGNORECASE)

WordParagraph = Mapping[str, Any]  # one paragraph as the Word reader of bot/printing returns it

slash = Group("letter", who=STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLetter:
    """The content of an uploaded DOCX: its letter, version and text."""

    letter: str  # "L-014"
    version: int
    subject: str
    body: tuple[Paragraph, ...]
    notes: tuple[str, ...] = ()  # the texts of its footnotes
    signs: tuple[str, ...] = ()  # signs of personal details, from `pii.signs`


def prepare(ctx: Context, args: Mapping[str, str]) -> ReturnedLetter:
    """Read the file in a child process. Raises `Refused`."""
    lookup.letter_for(ctx, args["letter"], "edit")
    file = ctx.files["file"]
    try:
        with Maker(ctx.config.folder) as maker:
            returned = parse(maker.read(file.data))
    except DocumentProblem as problem:
        raise Refused(f"“{file.name}” cannot be used: {problem}", param="file") from problem
    text = f"{returned.subject}\n{body(returned.body)}"
    return replace(returned, signs=tuple(pii.signs(text, ctx.config.coalition)))


@slash.command(
    "upload",
    "Upload a letter's DOCX that you edited in Word",
    "L-014",
    params=(lookup.LETTER, FILE, NO_DETAILS),
    changes=True,
    prepare=prepare,
)
def upload(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save the file's text as the next version."""
    letter, returned = lookup.letter_for(ctx, args["letter"], "edit"), ctx.prepared
    _check_same_letter(ctx, letter, returned)
    carried = dict(wording.letter_args(letter))
    field = FormField(FILE, "File")
    form = Form(title="Upload the letter", path="letter upload", fields=(field,), args=carried)
    ask, confirmed = confirm(ctx, args, form, list(returned.signs))
    if ask:
        return ask
    (text,) = letter.version.texts
    written = replace(text.written, subject=returned.subject, body=returned.body)
    return edit.save_version(ctx, letter, (Text(written, text.to),), confirmed, param="file")


def parse(document: Mapping[str, Any]) -> ReturnedLetter:
    """The letter in a Word file, from the Word reader's output. Raises `DocumentProblem`. Pure."""
    paragraphs: Sequence[WordParagraph] = document["body"]
    marker = next(
        filter(None, (_MARK.search(paragraph["text"]) for paragraph in (*document["edges"], *paragraphs))), None
    )
    if marker is None:
        raise DocumentProblem("it does not name its letter. Edit the DOCX that /letter export gives you.")
    before, content = _split_body(paragraphs)
    if unsupported := next((paragraph["holds"] for paragraph in content if paragraph["holds"]), ""):
        raise DocumentProblem(
            f"there is {unsupported} in its text, which letters do not support. Replace it with words or remove it."
        )
    subject = next((one_line(paragraph["text"]) for paragraph in before if paragraph["style"] == _SUBJECT), "")
    return ReturnedLetter(
        letter=marker[1],
        version=int(marker[2]),
        subject=_RE_PREFIX.sub("", typographic(subject)),
        body=tuple(
            Paragraph(typographic(text), _shape(paragraph))
            for paragraph in content
            if (text := one_line(paragraph["text"]))
        ),
        notes=tuple(one_line(note) for paragraph in content for note in paragraph["notes"]),
    )


def _split_body(paragraphs: Sequence[WordParagraph]) -> tuple[Sequence[WordParagraph], Sequence[WordParagraph]]:
    """(paragraphs before the text, the text), which runs from the salutation or subject to the last closing."""
    styles = [paragraph["style"] for paragraph in paragraphs]
    start = next((styles.index(style) for style in (_SALUTATION, _SUBJECT) if style in styles), None)
    if start is None or _CLOSING not in styles[start:]:
        raise DocumentProblem(
            "its text was not found between the paragraphs with the styles Salutation and Closing. Export the DOCX "
            "again and change only its words."
        )
    end = len(styles) - 1 - styles[::-1].index(_CLOSING)
    return paragraphs[: start + 1], paragraphs[start + 1 : end]


def _shape(paragraph: WordParagraph) -> Shape:
    if paragraph["style"].startswith("Heading"):
        return Shape.HEADING
    return Shape.ITEM if paragraph["listed"] else Shape.TEXT


def _check_same_letter(ctx: Context, letter: Dossier, returned: ReturnedLetter) -> None:
    if returned.letter != letter.name:
        raise Refused(f"That file is {returned.letter}, not {letter.name}.", param="file")
    if len(letter.version.texts) > 1:
        raise Refused(
            f"{letter.name} has different texts for different addressees, and a DOCX contains only one. Edit it by "
            f"paragraph: /letter edit {letter.name}",
            param="file",
        )
    if returned.version != letter.version.number:
        writer = lookup.name_of(ctx, letter.version.by)
        raise Refused(
            f"It was made from version {returned.version}, and {writer} saved version {letter.version.number} since. "
            f"Export the DOCX again and repeat your changes in it. /letter changes {letter.name} shows theirs.",
            param="file",
        )
    own_notes = note_texts(letter.version.texts[0].written).values()
    if typed := next((note for note in returned.notes if note not in own_notes), ""):
        raise Refused(
            f"It has a footnote that the bot did not write: “{short(typed, 200)}” Footnotes are only the sources of "
            "confirmed claims. Put yours into the text.",
            param="file",
        )
    if not returned.subject or not returned.body:
        raise Refused("A letter needs a subject and at least one paragraph.", param="file")
    if (length := len(returned.subject) + len(body(returned.body))) > edit.LONGEST:
        raise Refused(f"It has {length:,} characters; a letter has {edit.LONGEST:,} at most.", param="file")
