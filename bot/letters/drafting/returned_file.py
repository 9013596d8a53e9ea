"""A letter's DOCX that was changed in Word and is handed back: what it says is the next version.

Taken are the subject and what stands between the salutation and the closing; all else is made anew for each document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.commands.model import Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lookup
from bot.letters.drafting import edit
from bot.letters.drafting.plain_text import body
from bot.letters.lifecycle import Dossier, Text
from bot.letters.model import Paragraph, Shape
from bot.people import pii
from bot.people.confirm_text import confirm
from bot.printing.host import Maker
from bot.printing.parts import DocumentProblem
from bot.printing.text import one_line

FILE: Final = Param("file", "the letter's DOCX from here, changed in Word", kind=Kind.FILE)

_MARK: Final = re.compile(r"\b(L-\d{3,9}), version (\d{1,9})\b")  # as `sheet.foot` writes it
# Styles of templates/letterhead.docx, by which docs/letters.md says a text is found again.
_SUBJECT, _SALUTATION, _CLOSING = "Heading 1", "Salutation", "Closing"
_RE_PREFIX: Final = re.compile(r"^re:\s*", re.IGNORECASE)

WordParagraph = Mapping[str, Any]  # a paragraph, as `reading.text` tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLetter:
    """What a DOCX says: of which letter and version, and its text."""

    letter: str  # "L-014"
    version: int
    subject: str
    body: tuple[Paragraph, ...]
    signs: tuple[str, ...] = ()  # what in it may identify somebody, as `care.signs` has it


def prepare(ctx: Context, args: Mapping[str, str]) -> ReturnedLetter:
    """Read the file, in a process of its own. Raises `Refused`."""
    lookup.letter_for(ctx, args["letter"], "edit")
    file = ctx.files["file"]
    try:
        with Maker(ctx.config.folder) as maker:
            came = parse(maker.read(file.data))
    except DocumentProblem as problem:
        raise Refused(f"“{file.name}” cannot be taken: {problem}", param="file") from problem
    text = f"{came.subject}\n{body(came.body)}"
    return replace(came, signs=tuple(pii.signs(text, ctx.config.coalition)))


def upload(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Keep what the file says as the next version."""
    letter, came = lookup.letter_for(ctx, args["letter"], "edit"), ctx.prepared
    _check_same_letter(ctx, letter, came)
    ask, confirmed = confirm(ctx, args, _form(letter), list(came.signs))
    if ask:
        return ask
    (text,) = letter.version.texts
    written = replace(text.written, subject=came.subject, body=came.body)
    return edit.save_version(ctx, letter, (Text(written, text.to),), confirmed, param="file")


def parse(said: Mapping[str, Any]) -> ReturnedLetter:
    """The letter in the words of a Word file, as `reading.text` gives them. Raises `DocumentProblem`. Pure."""
    whole: Sequence[WordParagraph] = said["body"]
    of = next(filter(None, (_MARK.search(each["text"]) for each in (*said["edges"], *whole))), None)
    if of is None:
        raise DocumentProblem("it does not say which letter it is. Change the DOCX that you get here, and no other.")
    before, between = _split_body(whole)
    if more := next((each["holds"] for each in between if each["holds"]), ""):
        raise DocumentProblem(
            f"there is {more} in its text, which a letter here cannot hold. Say it in words, or take it out."
        )
    subject = next((one_line(each["text"]) for each in before if each["style"] == _SUBJECT), "")
    return ReturnedLetter(
        letter=of[1],
        version=int(of[2]),
        subject=_RE_PREFIX.sub("", subject),
        body=tuple(Paragraph(text, _shape(each)) for each in between if (text := one_line(each["text"]))),
    )


def _split_body(whole: Sequence[WordParagraph]) -> tuple[Sequence[WordParagraph], Sequence[WordParagraph]]:
    """What stands before the text, and the text: from the first salutation, or subject, to the last closing."""
    styles = [each["style"] for each in whole]
    start = next((styles.index(style) for style in (_SALUTATION, _SUBJECT) if style in styles), None)
    if start is None or _CLOSING not in styles[start:]:
        raise DocumentProblem(
            "its text is not found: it stands between the paragraphs of the styles Salutation and Closing. Get the "
            "DOCX anew, and change its words alone."
        )
    end = len(styles) - 1 - styles[::-1].index(_CLOSING)
    return whole[: start + 1], whole[start + 1 : end]


def _shape(said: WordParagraph) -> Shape:
    if said["style"].startswith("Heading"):
        return Shape.HEADING
    return Shape.ITEM if said["listed"] else Shape.TEXT


def _check_same_letter(ctx: Context, letter: Dossier, came: ReturnedLetter) -> None:
    if came.letter != letter.name:
        raise Refused(f"That file is {came.letter}, not {letter.name}.", param="file")
    if len(letter.version.texts) > 1:
        raise Refused(
            f"{letter.name} says different things to different people, and a DOCX has the words for one. Change it by "
            f"paragraph: /letter edit {letter.name}",
            param="file",
        )
    if came.version != letter.version.number:
        by = lookup.names(ctx.tx, ctx.config.coalition.id).get(letter.version.by, lookup.GONE)
        raise Refused(
            f"It was made from version {came.version}, and {by} has saved version {letter.version.number} since. Get "
            f"the DOCX anew and put your changes into that. /letter changes {letter.name} shows theirs.",
            param="file",
        )
    if not came.subject or not came.body:
        raise Refused("A letter says something: a subject and at least one paragraph have to stay.", param="file")
    if (length := len(came.subject) + len(body(came.body))) > edit.LONGEST:
        raise Refused(f"It has {length:,} characters; a letter has {edit.LONGEST:,} at most.", param="file")


def _form(letter: Dossier) -> Form:
    return Form(
        title="Hand the letter back", path="letter upload", fields=(FormField(FILE, "File"),),
        args={"letter": letter.id}, submit="Save",
    )  # fmt: skip
