"""The gate before each step of a letter: its facts are derived again and compared with those it was drafted from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.commands.model import Context, Refused, Work
from bot.config.load import Config
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.letters import records
from bot.letters.approval import comparison
from bot.letters.approval.comparison import Change
from bot.letters.drafting import facts
from bot.letters.drafting.derive import derive
from bot.letters.drafting.model import Facts, Rendering, Topic
from bot.letters.lifecycle import Dossier
from bot.letters.templates import template
from bot.letters.templates.rendering import render
from bot.letters.templates.template import TemplateProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Reader

AGAIN: Final = "letter again"
_UNKNOWN: Final = "It was drafted before the bot stored the facts of a letter, so they cannot be compared."
_NAMED: Final = 3  # addressees whose changes are listed


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a letter's text is out of date, in sentences; none if it is. `again`: a fresh draft can be made."""

    reasons: tuple[str, ...] = ()
    again: bool = True


def check_current(work: Work, letter: Dossier) -> None:
    """Raise `Refused`, with each fact's old and new value, if a fresh draft would not say what this text says."""
    verdict = judge(work.tx, work.config, letter, work.now)
    if not verdict.reasons:
        return
    head = f"{letter.name} is out of date"
    button = Button("Draft again", AGAIN, (("letter", letter.id),), "primary")
    buttons = work.theirs(button) if verdict.again and isinstance(work, Context) else ()
    hint = f" /letter again {letter.name} drafts it again and keeps your edits." if buttons else ""
    card = Card(mark=Mark.LETTER, head=head, lines=tuple(map(Line, verdict.reasons)), buttons=buttons)
    raise Refused(f"{head}. {' '.join(verdict.reasons)}{hint}", card=card)


def judge(db: Reader, config: Config, letter: Dossier, now: datetime) -> Verdict:
    """Whether a fresh draft would say what this letter's text says.

    Raises `Refused` if its facts cannot be derived now, such as those of a bill whose record was read too long ago.
    """
    rendering = records.rendering(db, config.coalition.id, letter)
    if rendering.facts is None:
        return Verdict() if letter.locked_at else Verdict((_UNKNOWN,))
    fresh = comparison.pinned(facts_now(db, config, letter, rendering.facts, now), rendering.facts)
    moved = tuple(_moved(rendering.facts, fresh))
    try:
        changed = _changed(config, letter, rendering, rendering.facts, fresh)
    except TemplateProblem as problem:
        reason = str(problem)
        return Verdict((*moved, f"{reason[:1].upper()}{reason[1:]}"), again=False)
    return Verdict((*moved, *changed) or tuple(_claims(db, config, letter, now)))


def facts_now(db: Reader, config: Config, letter: Dossier, stored: Facts, now: datetime) -> Facts:
    """The letter's facts, derived now. Raises `Refused` if they cannot be, or if someone cannot be written to."""
    today = config.coalition.day(now)
    addressees = []
    for id_, recipient in stored.recipients.items():
        try:
            addressees.append(directory.addressee(db, config, id_, today=today))
        except NotAddressable as problem:
            why = problem.why.replace(f"{id_.removeprefix('member:')} is", f"{recipient.address.name} is", 1)
            raise Refused(why) from problem
    fields, topic = stored.common["fields"], Topic.of(letter)
    return derive(db, config, topic, addressees, fields=fields, claims=stored.claims, now=now)


def _moved(stored: Facts, fresh: Facts) -> Iterator[str]:
    """A sentence on each addressee who is another person, or has another name or address."""
    for id_, before in stored.recipients.items():
        now = fresh.recipients[id_]
        if before.people != now.people or before.address.name != now.address.name:
            yield f"It was drafted to {before.address.name}; that is {now.address.name} now."
        elif (before.address.block, before.address.salutation) != (now.address.block, now.address.salutation):
            yield f"The address or salutation of {now.address.name} has changed."


def _changed(config: Config, letter: Dossier, rendering: Rendering, stored: Facts, fresh: Facts) -> Sequence[str]:
    """Sentences on the facts that changed, if the text depends on any. Raises `TemplateProblem`."""
    shared = list(comparison.changes(stored.common, fresh.common))
    own = {
        id_: list(comparison.changes({"addressee": before.facts}, {"addressee": fresh.recipients[id_].facts}))
        for id_, before in stored.recipients.items()
    }
    affected = [id_ for id_ in stored.recipients if shared or own[id_]]
    if not affected:
        return ()
    template_ = template.read(config.folder, letter.template)
    if template_.digest != letter.template_digest:  # nothing shows what the text depends on
        return _in_words(affected, shared, own, stored)
    drafted = {id_: text.written for text in rendering.texts for id_ in text.to}
    afresh = {id_: render(template_, fresh.given_to(id_), fresh.claims) for id_ in affected}
    differing = [id_ for id_, written in afresh.items() if not written.reads_as(drafted[id_])]
    return _in_words(differing, shared, own, stored) if differing else ()


def _in_words(ids: Sequence[str], shared: list[Change], own: dict[str, list[Change]], stored: Facts) -> Sequence[str]:
    sentences = comparison.in_words(shared)
    for id_ in [id_ for id_ in ids if own[id_]][:_NAMED]:
        name = stored.recipients[id_].address.name
        sentences += [f"{name}: {sentence[:1].lower()}{sentence[1:]}" for sentence in comparison.in_words(own[id_])]
    return sentences


def _claims(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[str]:
    """A sentence on each claim of the text that may not be made today in these words."""
    today = config.coalition.day(now)
    for claim in letter.version.claims:
        current = facts.current_claim(db, config.coalition, claim.id, today)
        if isinstance(current, str):
            yield f"The letter says “{claim.text}” {current}"
        elif current.cited not in (claim.cited, claim.text):
            yield f"The letter says “{claim.cited}” It would read now: “{current.cited}”"
