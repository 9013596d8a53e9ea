"""/letter confirm: an approver who did not write the letter confirms what a sentence says, with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.commands.group import Group
from bot.commands.model import APPROVER, STAFF, Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.letters import lookup, records, wording
from bot.letters.lifecycle import Dossier
from bot.letters.statements.sourcing import Basis, Confirmation, SourcedCitation
from bot.people.confirm_text import NO_DETAILS, confirm_texts, note_confirmed
from bot.shared.card import Mark
from bot.shared.wording import listed, number, short

_MARK: Final = 16  # characters of a mark in a form
_CHOICES: Final = 25  # that a form of any platform offers
_SENTENCE: Final = 400
_NAMES: Final = 6  # of a sentence

CITATION: Final = Param("citation", "what it cites or says, such as 22 U.S.C. 7105", required=False, longest=500)
SOURCE: Final = Param("source", "where you read it: an address, or the document and page", required=False, longest=500)

slash = Group("letter", who=STAFF)


@slash.command(
    "confirm",
    "Confirm what a letter cites and says, with your source",
    'L-014 citation:"5 U.S.C. 553"',
    params=(lookup.LETTER, CITATION, SOURCE, NO_DETAILS),
    who=APPROVER,
    changes=True,
)
def confirm(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Store the asker's confirmation, with its source, of all that a sentence cites and states, or of one citation."""
    letter = lookup.letter_for(ctx, args["letter"], "confirm")
    unconfirmed = [citation for citation in lookup.citations_now(ctx, letter) if citation.basis is Basis.NONE]
    if not unconfirmed:
        return _answer(letter, f"{letter.name} has nothing to confirm")
    if lookup.person_of(ctx) in lookup.writers(ctx.tx, letter):
        raise Refused("You wrote some of this text. Another approver confirms what it cites.")
    if not {"citation", "source"} <= args.keys():
        return Reply(form=_form(letter, unconfirmed, args))
    chosen = _find(unconfirmed, args["citation"])
    source = " ".join(args["source"].split())
    ask, harmless = confirm_texts(ctx, args, _form(letter, unconfirmed, args), source)
    if ask:
        return ask
    person, names = lookup.person_of(ctx), listed([citation.name for citation in chosen], _NAMES)
    for citation in chosen:
        confirmation = Confirmation(mark=citation.mark, cited=citation.name, source=source, person=person, at=ctx.now)
        records.save_confirmation(ctx.tx, letter.id, confirmation)
    ctx.note(letter.name, "", f"confirmed {names} in version {letter.version.number}, from {source}")
    note_confirmed(ctx, letter.name, harmless)
    remaining = len(unconfirmed) - len(chosen)
    remaining_note = (f"{number(remaining, 'statement')} left to confirm.",) if remaining else ()
    sentence = f"In “{short(chosen[0].citation.sentence, _SENTENCE)}”"
    return _answer(letter, f"Confirmed: {names}", sentence, *remaining_note)


def _find(unconfirmed: Sequence[SourcedCitation], typed: str) -> Sequence[SourcedCitation]:
    """Everything in the sentence with this mark (from a form), or the one with this name. Raises `Refused`."""
    if len(typed) >= _MARK and (marked := [one for one in unconfirmed if one.mark.startswith(typed)]):
        return [one for one in unconfirmed if one.citation.sentence == marked[0].citation.sentence]
    matches = [citation for citation in unconfirmed if citation.name.casefold() == typed.strip().casefold()]
    if len(matches) == 1:
        return matches
    if matches:
        raise Refused(f"{len(matches)} sentences cite {matches[0].name}. Choose one in the form.", param="citation")
    raise Refused(f"It does not cite “{short(typed, 80)}”, or that is already confirmed.", param="citation")


def _form(letter: Dossier, unconfirmed: Sequence[SourcedCitation], args: Mapping[str, str]) -> Form:
    by_sentence: dict[str, list[SourcedCitation]] = {}
    for one in unconfirmed:
        by_sentence.setdefault(one.citation.sentence, []).append(one)
    choices = tuple(_choice(sentence, ones) for sentence, ones in islice(by_sentence.items(), _CHOICES))
    which = replace(CITATION, required=True, kind=Kind.TEXT, choices=choices)
    first = args.get("citation") or choices[0].value
    fields = (
        FormField(which, "Sentence that you checked", first),
        FormField(replace(SOURCE, required=True), "Source", args.get("source", "")),
    )
    return Form(
        title=f"Confirm what {letter.name} says", path="letter confirm", fields=fields,
        args=dict(wording.letter_args(letter)), submit="Confirm",
    )  # fmt: skip


def _choice(sentence: str, ones: Sequence[SourcedCitation]) -> Choice:
    names = listed([one.name for one in ones], _NAMES)
    return Choice(ones[0].mark[:_MARK], short(f"{names}: {sentence}", 75))


def _answer(letter: Dossier, head: str, *lines: str) -> Reply:
    buttons = [wording.open_button(letter)]
    if len(lines) > 1:
        buttons.insert(0, wording.step_button(letter, "Confirm the next", "letter confirm", "primary"))
    return answer(head, *lines, mark=Mark.LETTER, buttons=buttons)
