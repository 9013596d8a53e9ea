"""What waits among the letters: for one person, for signatures; and what stands in a person's name when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.commands.model import Actor, Context, Role
from bot.letters import lookup, notices, records, wording
from bot.letters.lifecycle import Decision, Dossier, State
from bot.outbox.messages import Files
from bot.shared.card import Line, Section
from bot.shared.wording import number, short
from bot.store.database import Reader

_SUBJECT = 90
_SHOWN = 4  # letters in one digest


def waiting(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """Letters to sign for one's organisation, and to approve."""
    return [Line(text) for text in _waiting(db, coalition_id, actor)]


def _waiting(db: Reader, coalition_id: str, actor: Actor) -> Iterator[str]:
    for letter in records.letters(db, coalition_id, (State.OPEN, State.REVIEW)):
        if letter.state is State.OPEN and actor.organisation and Role.REPRESENTATIVE in actor.roles:
            theirs = records.sign_ons(db, coalition_id, letter.id).get(actor.organisation)
            if theirs is None or (theirs.decision is not Decision.DECLINED and not theirs.counts(letter.version)):
                yield f"To sign: {_named(letter)} (/letter show {letter.name})"
        approves = letter.state is State.REVIEW and Role.APPROVER in actor.roles
        done = {*records.approvers(db, coalition_id, letter), *lookup.writers(db, coalition_id, letter)}
        if approves and actor.person not in done:
            yield f"To approve: {_named(letter)} (/letter approve {letter.name})"


def sign_ons(db: Reader, config: Files, now: datetime) -> list[str]:
    """The letters that may be signed, the first to close first:

    `L-014 waits for 3 sign-ons until Fri 4 Dec 2026 17:00 EST: Fund services on their own`.
    """
    found = sorted(records.letters(db, config.coalition.id, (State.OPEN,)), key=lambda it: (it.closes_at or now, it.id))
    sheets = [notices.sheet(db, config, letter, now) for letter in found]
    return [
        f"{it.letter.name} waits for {number(len(it.waiting), 'sign-on')} {wording.until(it)}: "
        f"{short(it.letter.version.subject, _SUBJECT)}"
        for it in sheets
    ]


def digest(db: Reader, config: Files, audience: str, now: datetime) -> list[Section]:
    """What a channel's digest says of letters: only where sign-ons are announced."""
    lines = sign_ons(db, config, now) if audience == config.coalition.letters.channel else []
    more = [f"and {len(lines) - _SHOWN} more: /letter list"] if len(lines) > _SHOWN else []
    return [Section("Letters", tuple(map(Line, [*lines[:_SHOWN], *more])))] if lines else []


def free(ctx: Context, person: str) -> list[Line]:
    """The signatures that this person gave and that are not locked yet: they stay, and somebody should know."""
    found = records.letters(ctx.tx, ctx.config.coalition.id, (State.OPEN, State.REVIEW))
    return [
        Line(f"Signed for {each.legal_name}: {_named(letter)}. It stays.")
        for letter in found
        for each in lookup.sign_ons(ctx.tx, ctx.config.coalition, letter.id).values()
        if each.person == person and each.counts(letter.version) and each.organisation in ctx.config.coalition.members
    ]


def _named(letter: Dossier) -> str:
    return f"{letter.name} {short(letter.version.subject, _SUBJECT)}"
