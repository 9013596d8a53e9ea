"""Confirming what a letter cites: a person who did not write it found each citation true, and says where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lookup, records, wording
from bot.letters.approval.sourcing import Basis, Confirmation, SourcedCitation
from bot.letters.lifecycle import Dossier
from bot.people.confirm_text import confirm_texts, note_confirmed
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import number, short

_MARK: Final = 16  # characters of a mark in a form
_CHOICES: Final = 25  # that a form of any platform offers
_SENTENCE: Final = 400

CITATION: Final = Param("citation", "what it cites, such as 22 U.S.C. 7105", required=False, longest=150)
SOURCE: Final = Param("source", "where you read it: an address, or the document and page", required=False, longest=500)


def confirm(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Keep that the asker found a citation true in its sentence, and where."""
    letter = lookup.letter_for(ctx, args["letter"], "confirm")
    waiting = [one for one in _cited(ctx, letter) if one.basis is Basis.NONE]
    if not waiting:
        return Reply(card=_card(letter, f"{letter.name} cites nothing that has to be confirmed"))
    if lookup.person_of(ctx) in lookup.writers(ctx.tx, ctx.config.coalition.id, letter):
        raise Refused("You wrote some of this text. Another approver confirms what it cites.")
    if not {"citation", "source"} <= args.keys():
        return Reply(form=_form(letter, waiting, args))
    one = _meant(waiting, args["citation"])
    source = " ".join(args["source"].split())
    ask, harmless = confirm_texts(ctx, args, _form(letter, waiting, args), source)
    if ask:
        return ask
    person = lookup.person_of(ctx)
    confirmation = Confirmation(mark=one.mark, cited=one.name, source=source, person=person, at=ctx.now)
    records.save_confirmation(ctx.tx, ctx.config.coalition.id, letter.id, confirmation)
    ctx.note(letter.name, "", f"confirmed {one.name} in version {letter.version.number}, from {source}")
    note_confirmed(ctx, letter.name, harmless)
    left = len(waiting) - 1
    more = (f"{number(left, 'citation')} left to confirm.",) if left else ()
    return Reply(card=_card(letter, f"Confirmed: {one.name}", f"In “{short(one.citation.sentence, _SENTENCE)}”", *more))


def citations(ctx: Context, letter: Dossier) -> Sequence[Choice]:
    """What is left to confirm, for completion and forms."""
    return [_choice(one) for one in _cited(ctx, letter) if one.basis is Basis.NONE]


def _cited(ctx: Context, letter: Dossier) -> list[SourcedCitation]:
    return lookup.citations_of(ctx.tx, ctx.config.coalition, letter, ctx.config.coalition.day(ctx.now))


def _meant(waiting: Sequence[SourcedCitation], typed: str) -> SourcedCitation:
    """By its mark, as a form has it, or by its name, where only one sentence cites it."""
    named = [one for one in waiting if one.mark.startswith(typed)] if len(typed) >= _MARK else []
    named = named or [one for one in waiting if one.name.casefold() == typed.strip().casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise Refused(f"{len(named)} sentences cite {named[0].name}. Choose one in the form.", param="citation")
    raise Refused(f"It does not cite “{short(typed, 80)}”, or that is confirmed.", param="citation")


def _form(letter: Dossier, waiting: Sequence[SourcedCitation], args: Mapping[str, str]) -> Form:
    choices = tuple(_choice(one) for one in waiting[:_CHOICES])
    which = replace(CITATION, required=True, kind=Kind.TEXT, choices=choices)
    first = args.get("citation") or choices[0].value
    fields = (
        FormField(which, "You found this true", first),
        FormField(replace(SOURCE, required=True), "Source", args.get("source", "")),
    )
    return Form(
        title=f"Confirm what {letter.name} cites", path="letter confirm", fields=fields,
        args=dict(wording.letter_args(letter)), submit="Confirm",
    )  # fmt: skip


def _choice(one: SourcedCitation) -> Choice:
    return Choice(one.mark[:_MARK], short(f"{one.name}: {one.citation.sentence}", 75))


def _card(letter: Dossier, head: str, *lines: str) -> Card:
    buttons = [Button("Open", "letter show", wording.letter_args(letter))]
    if len(lines) > 1:
        buttons.insert(0, Button("Confirm the next", "letter confirm", wording.letter_args(letter), "primary"))
    return Card(mark=Mark.LETTER, head=head, lines=tuple(map(Line, lines)), buttons=tuple(buttons))
