"""/letter edit: change the whole text in one form if it fits, otherwise one paragraph. /letter upload: the next version
is the letter's DOCX, edited in Word.

Of a DOCX only the subject and the paragraphs between salutation and closing are read; everything else is generated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.commands.model import STAFF, Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lifecycle, lookup, notices, records, wording
from bot.letters.lifecycle import Dossier, State, Text, Version
from bot.letters.model import Paragraph, Shape, Translation
from bot.letters.sheet import body, note_texts
from bot.letters.templates.template import paragraphs
from bot.people import pii
from bot.people.pii import NO_DETAILS, confirm
from bot.printing.documents import DocumentProblem, Maker, one_line
from bot.shared.language import ENGLISH, IN_ENGLISH
from bot.shared.plain_text import typographic
from bot.shared.wording import number, short

LONGEST: Final = 40_000  # characters of a letter: a form in chat takes 3,000, the web and the command line more
_FORM: Final = 3_000  # characters that every platform's form takes
_MOST_CHOICES: Final = 25  # paragraphs that a form of any platform offers
_REMOVE: Final = "-"

TEXT: Final = Param(
    "text", "blank lines separate paragraphs; a single - removes it", kind=Kind.LONG, required=False, longest=LONGEST
)
SUBJECT: Final = Param("subject", "the text after Re:", required=False, longest=300)
PARAGRAPH: Final = Param("paragraph", "the number of one paragraph", kind=Kind.NUMBER, required=False)
LANGUAGE: Final = Param(
    "language", "of its translation; the English text if left out", required=False,
    choices=tuple(Choice(code, name) for code, name in IN_ENGLISH.items() if code != ENGLISH),
)  # fmt: skip
SENDS: Final = Param(
    "sends", "with a translation: what is sent", required=False,
    choices=(Choice("english", "The English text alone"), Choice("both", "Both texts, English first")),
)  # fmt: skip
BASE: Final = Param("base", "the version it was written from", kind=Kind.NUMBER, required=False)

slash = lookup.LetterGroup("letter", who=STAFF)


@slash.step(example="paragraph:3", params=(PARAGRAPH, SUBJECT, TEXT, LANGUAGE, SENDS, BASE, NO_DETAILS), needs="edit")
def edit(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Edit the text, in full or by paragraph, or its translation."""
    if overtaken := newer_version(ctx, letter, args):
        raise Refused(overtaken, param="text")
    if not {"text", "subject", "sends"} & args.keys():
        return Reply(form=_edit_form(ctx, letter, args))
    carried = {name: args[name] for name in ("paragraph", "language", "base") if name in args} | {"letter": letter.id}
    fields = [FormField(replace(TEXT, longest=_longest(ctx)), "Text", args["text"])] if "text" in args else []
    if "subject" in args:
        fields.insert(0, FormField(SUBJECT, "Subject", args["subject"]))
    if "sends" in args:
        fields.append(FormField(SENDS, "What is sent", args["sends"]))
    form = _form(carried, *fields)  # with the sent values, to confirm
    if ctx.call.platform == "web" and "base" not in args:  # typed into the form of all commands, which shows no text
        number_ = letter.version.number
        title = f"Replace version {number_} of {letter.name}, by {lookup.name_of(ctx, letter.version.by)}?"
        return Reply(form=replace(form, title=title, args={**form.args, "base": str(number_)}))
    signs = pii.signs(f"{args.get('text', '')}\n{args.get('subject', '')}", ctx.config.coalition)
    if ask := confirm(ctx, args, form, letter.name, signs):
        return ask
    return save_version(ctx, letter, edited_texts(letter, args))


def save_version(ctx: Context, letter: Dossier, texts: tuple[Text, ...], *, param: str = "text") -> Reply:
    """Save the texts as the letter's next version. Raises `Refused` about `param` if nothing changed."""
    if lifecycle.digest(texts) == letter.version.digest:
        raise Refused("Nothing changed: this is the current text.", param=param)
    after, changes = add_version(ctx, letter, texts)
    card = wording.draft_card(
        after, lookup.citations_now(ctx, after), *approval_notes(letter, after), *lookup.translation_lines(ctx, after)
    )
    buttons = card.buttons
    if after.state is not State.DRAFT:
        change = wording.step_button(letter, "See the change", "letter changes")
        buttons = (*buttons[:2], change, buttons[2])
    return Reply(card=replace(card, sections=(wording.changes_section(changes),), buttons=buttons))


def add_version(ctx: Context, letter: Dossier, texts: tuple[Text, ...], what: str = "") -> tuple[Dossier, list[str]]:
    """Store the letter's next version, which has to be approved again; return the letter, and what changed."""
    version = Version(number=letter.version.number + 1, texts=texts, by=ctx.person, at=ctx.now)
    after, changes = lifecycle.with_version(letter, version), lifecycle.changes(letter.version, version)
    records.add_version(ctx.tx, letter.id, version)
    notices.save_letter(ctx, after)
    changed = f"version {version.number}, {what}{number(len(changes), 'change')}"
    ctx.note(letter.name, f"version {letter.version.number}", changed)
    if letter.state is State.OPEN:
        notices.refresh_cards(ctx, after)
    return after, changes


def approval_notes(letter: Dossier, after: Dossier) -> list[str]:
    """What a change of the text means for the letter's approval and signatures."""
    notes = [] if after.state is State.DRAFT else ["It needs approval again: request it when you are done."]
    if letter.state is State.OPEN:
        notes.append("Signing is paused until then. Organizations that signed are asked to review the change.")
    return notes


def edited_texts(letter: Dossier, args: Mapping[str, str]) -> tuple[Text, ...]:
    """The letter's texts with the sent subject, text or paragraph. Raises `Refused`."""
    texts = letter.version.texts
    if "language" in args and "paragraph" in args:
        raise Refused("A translation is replaced whole: leave out the paragraph.", param="paragraph")
    if "language" not in args and "sends" in args and {"text", "subject"} & args.keys():
        raise Refused("Which text is this? Choose its language, or change what is sent by itself.", param="language")
    if "language" in args or "sends" in args:
        return (_translated(letter, args),)
    if "subject" in args:
        subject = typographic(" ".join(args["subject"].split()))
        texts = tuple(Text(replace(text.written, subject=subject), text.to) for text in texts)
    if "text" not in args:
        return texts
    taken_out = args["text"].strip() == _REMOVE
    new = () if taken_out else tuple(paragraphs(args["text"]))
    if "paragraph" in args:
        texts = lifecycle.with_paragraph(texts, _paragraph(letter, args["paragraph"]), new)
    elif len(texts) > 1:
        raise Refused("It has different texts for different addressees: choose a paragraph.", param="paragraph")
    else:
        texts = (Text(replace(texts[0].written, body=new), texts[0].to),)
    if any(not text.written.body for text in texts):
        raise Refused("A letter needs at least one paragraph.", param="text")
    return texts


def _translated(letter: Dossier, args: Mapping[str, str]) -> Text:
    """The letter's text with the sent translation, or without one. Raises `Refused`."""
    text, before = _only_text(letter, "language"), letter.version.translation
    if "language" not in args and before is None:
        raise Refused("It has no translation: choose its language.", param="language")
    if args.get("text", "").strip() == _REMOVE:
        return replace(text, written=replace(text.written, translation=None))
    other = before or Translation(language=args["language"], subject="", body=())
    if "text" in args:
        other = replace(other, body=tuple(paragraphs(args["text"])))
    if "subject" in args:
        other = replace(other, subject=typographic(one_line(args["subject"])))
    if "sends" in args:
        other = replace(other, sent=args["sends"] == "both")
    if not other.subject or not other.body:
        raise Refused("A translation needs a subject and at least one paragraph.", param="text")
    return replace(text, written=replace(text.written, translation=other))


def _only_text(letter: Dossier, param: str) -> Text:
    """The letter's one text. Raises `Refused` about `param` if it has several."""
    if len(letter.version.texts) > 1:
        raise Refused(
            f"{letter.name} has different texts for different addressees, and a DOCX or a translation is of one. Edit "
            f"it by paragraph: /letter edit {letter.name}",
            param=param,
        )
    return letter.version.texts[0]


def newer_version(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> str:
    """A sentence on the version that someone saved after this form was opened; "" if nobody did."""
    if args.get("base", str(letter.version.number)) == str(letter.version.number):
        return ""
    by = lookup.name_of(ctx, letter.version.by)
    return f"{by} saved version {letter.version.number} in the meantime. Copy your changes and open the letter again."


def _longest(ctx: Context) -> int:
    """How many characters the asker's form takes."""
    return LONGEST if ctx.call.platform == "web" else _FORM


def parts(letter: Dossier) -> list[Paragraph]:
    """The letter's distinct paragraphs; its texts share most of them."""
    return list(dict.fromkeys(part for text in letter.version.texts for part in text.written.body))


def _paragraph(letter: Dossier, typed: str) -> Paragraph:
    paragraphs_ = parts(letter)
    if not 1 <= int(typed) <= len(paragraphs_):
        raise Refused(f"Choose a paragraph from 1 to {len(paragraphs_)}.", param="paragraph")
    return paragraphs_[int(typed) - 1]


def _edit_form(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Form:
    all_parts, base = parts(letter), {"letter": letter.id, "base": str(letter.version.number)}
    subject, longest = FormField(SUBJECT, "Subject", letter.version.subject), _longest(ctx)
    if "language" in args:
        _only_text(letter, "language")
        other = letter.version.translation
        text, sends = (body(other.body), other.sent) if other else ("", False)
        if len(text) > longest:
            raise Refused("It is too long for this form. Upload it as a DOCX: /letter upload", param="language")
        return _form(
            base | {"language": args["language"]},
            FormField(replace(SUBJECT, required=True), "Subject", other.subject if other else ""),
            FormField(replace(TEXT, required=True, longest=longest), f"Text ({IN_ENGLISH[args['language']]})", text),
            FormField(replace(SENDS, required=True), "What is sent", "both" if sends else "english"),
        )
    if "paragraph" in args:
        text = body((_paragraph(letter, args["paragraph"]),))
        return _form(
            base | {"paragraph": args["paragraph"]}, FormField(replace(TEXT, longest=longest), "Paragraph", text)
        )
    text = body(letter.version.texts[0].written.body)
    if len(letter.version.texts) == 1 and len(text) <= longest:
        return _form(base, subject, FormField(replace(TEXT, longest=longest), "Text", text))
    choices = tuple(Choice(str(n), short(f"{n}: {part.text}", 75)) for n, part in enumerate(all_parts, start=1))
    offered = len(choices) <= _MOST_CHOICES
    which = Param(
        "paragraph",
        f"1 to {len(all_parts)}; or edit its DOCX and upload it: /letter upload",
        choices=choices if offered else (),
    )
    return _form(base, FormField(which, "Which paragraph"), submit="Continue")


def _form(args: Mapping[str, str], *fields: FormField, submit: str = "Save") -> Form:
    return Form(title="Edit the letter", path="letter edit", fields=fields, args=args, submit=submit)


# --- a letter that comes back from Word -------------------------------------------------------------------------------

FILE: Final = Param("file", "the letter's exported DOCX, edited in Word", kind=Kind.FILE)

_NAME_AND_VERSION: Final = re.compile(r"\b(L-\d{3,9}), version (\d{1,9})\b")  # in the footer, from `sheet.foot`
# Paragraph styles of templates/letterhead.docx that mark the parts (docs/letters.md).
_SUBJECT, _SALUTATION, _CLOSING = "Heading 1", "Salutation", "Closing"
_TRANSLATION, _NOTE = "Translation", "Note"  # the subject of a translation that is sent, and what follows its text
_RE_PREFIX: Final = re.compile(r"^(?:re|asunto):\s*", re.IGNORECASE)

WordParagraph = Mapping[str, Any]  # one paragraph as the Word reader of bot/printing returns it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLetter:
    """The content of an uploaded DOCX: its letter, version and text."""

    letter: str  # "L-014"
    version: int
    subject: str
    body: tuple[Paragraph, ...]
    translated: tuple[str, tuple[Paragraph, ...]] | None = None  # subject and body of its translation
    notes: tuple[str, ...] = ()  # the texts of its footnotes
    signs: tuple[str, ...] = ()  # signs of personal details, from `pii.signs`


def prepare_upload(ctx: Context, args: Mapping[str, str]) -> ReturnedLetter:
    """Read the file in a child process. Raises `Refused`."""
    lookup.letter_for(ctx, args["letter"], "edit")
    file = ctx.files["file"]
    try:
        with Maker(ctx.config.folder) as maker:
            returned = parse(maker.read(file.data))
    except DocumentProblem as problem:
        raise Refused(f"“{file.name}” cannot be used: {problem}", param="file") from problem
    other, part = returned.translated or ("", ())
    text = f"{returned.subject}\n{body(returned.body)}\n{other}\n{body(part)}".strip()
    if len(text) > LONGEST:
        raise Refused(f"It has {len(text):,} characters; a letter has {LONGEST:,} at most.", param="file")
    return replace(returned, signs=tuple(pii.signs(text, ctx.config.coalition)))


@slash.step(params=(FILE, LANGUAGE, NO_DETAILS), needs="edit", prepare=prepare_upload)
def upload(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Upload a letter's DOCX that you edited in Word."""
    returned = ctx.prepared
    _check_same_letter(ctx, letter, returned)
    carried = dict(wording.letter_args(letter)) | {name: args[name] for name in ("language",) if name in args}
    field = FormField(FILE, "File")
    form = Form(title="Upload the letter", path="letter upload", fields=(field,), args=carried)
    if ask := confirm(ctx, args, form, letter.name, returned.signs):
        return ask
    (text,) = letter.version.texts
    written, other = text.written, text.written.translation
    if "language" in args:
        if returned.translated or returned.body == written.body:
            raise Refused("This file has the English text: upload it without a language.", param="language")
        other = other or Translation(language=args["language"], subject="", body=())
        other = replace(other, subject=returned.subject, body=returned.body)
    else:
        written = replace(written, subject=returned.subject, body=returned.body)
        if returned.translated and other:
            other = replace(other, subject=returned.translated[0], body=returned.translated[1])
    return save_version(ctx, letter, (Text(replace(written, translation=other), text.to),), param="file")


def parse(document: Mapping[str, Any]) -> ReturnedLetter:
    """The letter in a Word file, from the Word reader's output. Raises `DocumentProblem`. Pure."""
    paragraphs: Sequence[WordParagraph] = document["body"]
    marker = next(
        filter(None, (_NAME_AND_VERSION.search(paragraph["text"]) for paragraph in (*document["edges"], *paragraphs))),
        None,
    )
    if marker is None:
        raise DocumentProblem("it does not name its letter. Edit the DOCX that /letter export gives you.")
    styles = [paragraph["style"] for paragraph in paragraphs]
    # The text runs from the salutation or subject to the last closing.
    start = next((styles.index(style) for style in (_SALUTATION, _SUBJECT) if style in styles), None)
    if start is None or _CLOSING not in styles[start:]:
        raise DocumentProblem(
            "its text was not found between the paragraphs with the styles Salutation and Closing. Export the DOCX "
            "again and change only its words."
        )
    before, content = paragraphs[: start + 1], paragraphs[start + 1 : len(styles) - 1 - styles[::-1].index(_CLOSING)]
    other = paragraphs[styles.index(_TRANSLATION) :] if _TRANSLATION in styles else ()
    if unsupported := next((paragraph["holds"] for paragraph in (*content, *other) if paragraph["holds"]), ""):
        raise DocumentProblem(
            f"there is {unsupported} in its text, which letters do not support. Replace it with words or remove it."
        )
    subject = next((one_line(paragraph["text"]) for paragraph in before if paragraph["style"] == _SUBJECT), "")
    return ReturnedLetter(
        letter=marker[1],
        version=int(marker[2]),
        subject=_RE_PREFIX.sub("", typographic(subject)),
        body=_body(content),
        translated=(typographic(one_line(other[0]["text"])), _body(other[1:])) if other else None,
        notes=tuple(one_line(note) for paragraph in content for note in paragraph["notes"]),
    )


def _body(content: Sequence[WordParagraph]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(typographic(text), _shape(paragraph))
        for paragraph in content
        if paragraph["style"] != _NOTE and (text := one_line(paragraph["text"]))
    )


def _shape(paragraph: WordParagraph) -> Shape:
    if paragraph["style"].startswith("Heading"):
        return Shape.HEADING
    return Shape.ITEM if paragraph["listed"] else Shape.TEXT


def _check_same_letter(ctx: Context, letter: Dossier, returned: ReturnedLetter) -> None:
    if returned.letter != letter.name:
        raise Refused(f"That file is {returned.letter}, not {letter.name}.", param="file")
    _only_text(letter, "file")
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
    if not returned.subject or not returned.body or (returned.translated and not all(returned.translated)):
        raise Refused("A letter needs a subject and at least one paragraph.", param="file")
