"""Letter tasks: what waits for one person, open sign-ons, what a leaving person signed, letters that need a setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from bot.commands.model import EDITORS, Actor, Context, Reference, Role
from bot.config.load import Config
from bot.letters import lookup, notices, records, wording
from bot.letters.allies import records as ally_records
from bot.letters.allies.model import Stage
from bot.letters.filing import records as filings
from bot.letters.filing.model import FilingState
from bot.letters.lifecycle import Decision, Dossier, State
from bot.letters.templates import template
from bot.letters.templates.rendering import used_facts
from bot.letters.templates.template import TemplateProblem
from bot.shared.card import Line, Section
from bot.shared.wording import cap_lines, number, short
from bot.store.database import Reader

_SUBJECT = 90
_SHOWN = 4  # letters in one digest


def waiting(db: Reader, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """Letters that the actor can sign for their organization, approve or file."""
    lines = list[str]()
    for letter in records.letters(db, (State.OPEN, State.REVIEW)):
        if letter.state is State.OPEN and actor.organisation and Role.REPRESENTATIVE in actor.roles:
            sign_on = records.sign_ons(db, letter.id).get(actor.organisation)
            if sign_on is None or (sign_on.decision is not Decision.DECLINED and not sign_on.counts(letter.version)):
                lines.append(f"To sign: {_title(letter)} (/letter show {letter.name})")
        if letter.state is State.OPEN and actor.roles & EDITORS:
            allies = ally_records.requests(db, (Stage.CONFIRMED,), letter.id)
            if allies:
                ask = number(len(allies), "organization asks", "organizations ask")
                lines.append(f"To accept: {ask} to sign {letter.name} (/allies list {letter.name})")
        approves = letter.state is State.REVIEW and Role.APPROVER in actor.roles
        done = {*records.approvals(db, letter), *lookup.writers(db, letter)}
        if approves and actor.person not in done:
            lines.append(f"To approve: {_title(letter)} (/letter approve {letter.name})")
    return [Line(text) for text in (*lines, *_filings(db, actor))]


def _filings(db: Reader, actor: Actor) -> Iterator[str]:
    for filing in filings.waiting(db) if actor.roles & {Role.APPROVER, Role.POLICY} else ():
        letter = records.find(db, filing.letter)
        if letter is None or letter.state is State.WITHDRAWN:
            continue
        if filing.state is FilingState.UNCLEAR:
            yield f"To settle: was {letter.name} received by regulations.gov? (/letter filing {letter.name})"
        elif Role.APPROVER in actor.roles and actor.person != filing.prepared_by:
            yield f"To file: {_title(letter)} (/letter filing {letter.name})"


def open_sign_ons(db: Reader, config: Config, now: datetime) -> list[str]:
    """One line per letter open for sign-on, earliest deadline first:

    `L-014 waits for 3 sign-ons until Fri Dec 4, 2026, 5 p.m. EST: Fund services on their own`.
    """
    letters = sorted(records.letters(db, (State.OPEN,)), key=lambda letter: (letter.closes_at or now, letter.id))
    statuses = [notices.sign_on_status(db, config, letter, now) for letter in letters]
    return [
        f"{status.letter.name} waits for {number(len(status.waiting), 'sign-on')} {wording.deadline_text(status)}: "
        f"{short(status.letter.version.subject, _SUBJECT)}"
        for status in statuses
    ]


def digest(db: Reader, config: Config, audience: str, now: datetime) -> list[Section]:
    """The digest's section on open sign-ons; empty except in the sign-on channel."""
    lines = open_sign_ons(db, config, now) if audience == config.coalition.letters.channel else []
    shown = cap_lines(lines, _SHOWN, "and {:,} more: /letter list")
    return [Section("Letters", tuple(map(Line, shown)))] if lines else []


def signatures_of(ctx: Context, person: str) -> list[Line]:
    """The signatures this person gave under letters that are not locked yet; they stay when the person leaves."""
    letters = records.letters(ctx.tx, (State.OPEN, State.REVIEW))
    return [
        Line(f"Signed for {sign_on.legal_name}: {_title(letter)}. The signature stays.")
        for letter in letters
        for sign_on in lookup.sign_ons(ctx.tx, ctx.config.coalition, letter.id).values()
        if sign_on.person == person
        and sign_on.counts(letter.version)
        and sign_on.organisation in ctx.config.coalition.members
    ]


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The unlocked letters on an ask, to an office, with a member's signature, or with a fact of the coalition."""
    uses = list[Reference]()
    for letter in records.letters(ctx.tx, (State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN)):
        if kind == "ask" and str(letter.ask) == name:
            uses.append(Reference(f"{_title(letter)} is about it; the letter stays as it is."))
        elif kind == "office" and any(f"office:{name}" in text.to for text in letter.version.texts):
            uses.append(Reference(f"{_title(letter)} is addressed to it: withdraw the letter first.", forbids=True))
        elif kind == "member":
            sign_on = records.sign_ons(ctx.tx, letter.id).get(name)
            if sign_on and sign_on.decision is Decision.SIGNED:
                advice = "lock the letter, or withdraw the signature, first"
                uses.append(Reference(f"It signed {_title(letter)}, which is not locked yet: {advice}.", forbids=True))
        elif kind == "fact" and _uses(ctx, letter, name):
            uses.append(Reference(f"{letter.name} uses it."))
    return uses


def _uses(ctx: Context, letter: Dossier, fact: str) -> bool:
    """Whether the letter prints a fact that the coalition sets, such as `coalition.phone` or `ask.4`."""
    if fact.partition(".")[2] in lookup.LETTERHEAD:
        return True
    with suppress(TemplateProblem):
        used = used_facts(template.read(ctx.config.folder, letter.template))
        own = "ask" if fact == f"ask.{letter.ask}" else fact
        return any(path == own or path.startswith(f"{own}.") for path in used)
    return True


def _title(letter: Dossier) -> str:
    return f"{letter.name} {short(letter.version.subject, _SUBJECT)}"
