"""Changing a letter's text: the whole in one form where it fits, else paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lifecycle, lookup, notices, records, wording
from bot.letters.approval.sourcing import SourcedCitation
from bot.letters.drafting.plain_text import body
from bot.letters.lifecycle import Dossier, State, Text, Version
from bot.letters.model import Paragraph
from bot.letters.templates.rendering import paragraphs
from bot.people.confirm_text import confirm_texts, note_confirmed
from bot.shared.card import Button, Card
from bot.shared.wording import number, short

LONGEST: Final = 40_000  # characters of a letter: a form holds 3,000, the command line more
_FORM: Final = 3_000  # characters that a form of any platform holds
_MOST_CHOICES: Final = 25  # paragraphs that a form of any platform offers
_REMOVE: Final = "-"

TEXT: Final = Param(
    "text", "blank lines part paragraphs; - alone takes it out", kind=Kind.LONG, required=False, longest=LONGEST
)
SUBJECT: Final = Param("subject", "what stands after Re:", required=False, longest=300)
PARAGRAPH: Final = Param("paragraph", "the number of one paragraph", kind=Kind.NUMBER, required=False)
BASE: Final = Param("base", "the version it was written from", kind=Kind.NUMBER, required=False)


def edit(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The whole text in one form where it fits, else one paragraph of it; what comes back is the next version."""
    letter = lookup.letter_for(ctx, args["letter"], "edit")
    _check_base(ctx, letter, args)
    if "text" not in args and "subject" not in args:
        return Reply(form=_edit_form(letter, args))
    form = _filled_form(letter, args)
    ask, confirmed = confirm_texts(ctx, args, form, args.get("text", ""), args.get("subject", ""))
    if ask:
        return ask
    return save_version(ctx, letter, _edited_texts(letter, args), confirmed)


def save_version(
    ctx: Context, letter: Dossier, texts: tuple[Text, ...], confirmed: Sequence[str], *, param: str = "text"
) -> Reply:
    """The texts as the letter's next version. Raises `Refused` about `param` where they say what it says already."""
    if lifecycle.digest(texts) == letter.version.digest:
        raise Refused("That is what it says already.", param=param)
    version = Version(number=letter.version.number + 1, texts=texts, by=lookup.person_of(ctx), at=ctx.now)
    coalition, after = ctx.config.coalition.id, lifecycle.with_version(letter, version)
    others = lifecycle.changes(letter.version, version)
    records.add_version(ctx.tx, coalition, letter.id, version)
    records.save(ctx.tx, coalition, after)
    ctx.note(
        letter.name, f"version {letter.version.number}", f"version {version.number}, {number(len(others), 'change')}"
    )
    note_confirmed(ctx, after.name, confirmed)
    if letter.state is State.OPEN:
        notices.refresh_cards(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    found = lookup.citations_of(ctx.tx, ctx.config.coalition, after, ctx.config.coalition.day(ctx.now))
    return Reply(card=_saved_card(letter, after, others, found))


def _saved_card(letter: Dossier, after: Dossier, others: Sequence[str], found: Sequence[SourcedCitation]) -> Card:
    said = [] if after.state is State.DRAFT else ["It has to be approved again: request approval when you are done."]
    if letter.state is State.OPEN:
        said.append("Signing waits until then; who has signed is asked to look at the change.")
    card = wording.draft_card(after, found, *said)
    buttons = (
        card.buttons[0],
        card.buttons[1],
        Button("See the change", "letter changes", wording.letter_args(letter)),
    )
    again = card.buttons if after.state is State.DRAFT else (*buttons, card.buttons[2])
    return replace(card, sections=(wording.changes_section(others),), buttons=again)


def _edited_texts(letter: Dossier, args: Mapping[str, str]) -> tuple[Text, ...]:
    texts = letter.version.texts
    if "subject" in args:
        texts = lifecycle.with_subject(texts, " ".join(args["subject"].split()))
    if "text" not in args:
        return texts
    taken_out = args["text"].strip() == _REMOVE
    new = () if taken_out else tuple(paragraphs(args["text"]))
    if "paragraph" in args:
        texts = lifecycle.with_paragraph(texts, _paragraph(letter, args["paragraph"]), new)
    elif len(texts) > 1:
        raise Refused("It says different things to different people: say which paragraph.", param="paragraph")
    else:
        texts = (Text(replace(texts[0].written, body=new), texts[0].to),)
    if any(not text.written.body for text in texts):
        raise Refused("A letter says something: at least one paragraph has to stay.", param="text")
    return texts


def _check_base(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> None:
    """Nobody's change is lost because two people had the form open."""
    if "base" in args and int(args["base"]) != letter.version.number:
        by = lookup.names(ctx.tx, ctx.config.coalition.id).get(letter.version.by, lookup.GONE)
        raise Refused(
            f"{by} saved version {letter.version.number} meanwhile. Open the letter again; copy your words first.",
            param="text",
        )


def parts(letter: Dossier) -> list[Paragraph]:
    """Its paragraphs, each once; a letter with several texts shares most of them."""
    return list(dict.fromkeys(part for text in letter.version.texts for part in text.written.body))


def _paragraph(letter: Dossier, typed: str) -> Paragraph:
    known = parts(letter)
    if not 1 <= int(typed) <= len(known):
        raise Refused(f"It has the paragraphs 1 to {len(known)}.", param="paragraph")
    return known[int(typed) - 1]


def _edit_form(letter: Dossier, args: Mapping[str, str]) -> Form:
    known, base = parts(letter), {"letter": letter.id, "base": str(letter.version.number)}
    subject = FormField(SUBJECT, "Subject", letter.version.subject)
    if "paragraph" in args:
        text = body((_paragraph(letter, args["paragraph"]),))
        return _form(
            base | {"paragraph": args["paragraph"]}, FormField(replace(TEXT, longest=_FORM), "Paragraph", text)
        )
    text = body(letter.version.texts[0].written.body)
    if len(letter.version.texts) == 1 and len(text) <= _FORM:
        return _form(base, subject, FormField(replace(TEXT, longest=_FORM), "Text", text))
    choices = tuple(Choice(str(n), short(f"{n}: {part.text}", 75)) for n, part in enumerate(known, start=1))
    few = len(choices) <= _MOST_CHOICES
    which = Param(
        "paragraph",
        f"1 to {len(known)}; or change its DOCX and hand that back: /letter upload",
        choices=choices if few else (),
    )
    return _form(base, FormField(which, "Which paragraph"), submit="Go on")


def _filled_form(letter: Dossier, args: Mapping[str, str]) -> Form:
    """The form as it was sent, to be looked at once more."""
    carried = {name: args[name] for name in ("paragraph", "base") if name in args} | {"letter": letter.id}
    fields = [FormField(replace(TEXT, longest=_FORM), "Text", args["text"])] if "text" in args else []
    if "subject" in args:
        fields.insert(0, FormField(SUBJECT, "Subject", args["subject"]))
    return _form(carried, *fields)


def _form(args: Mapping[str, str], *fields: FormField, submit: str = "Save") -> Form:
    return Form(title="Edit the letter", path="letter edit", fields=fields, args=args, submit=submit)
