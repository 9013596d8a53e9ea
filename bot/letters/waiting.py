"""What waits for one person among the letters, and what stands in their name when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.alerts.words import short
from bot.card import Line
from bot.command import Actor, Desk, Role
from bot.letters import finding, records
from bot.letters.life import Decision, Dossier, State
from bot.store.database import Reader

_SUBJECT = 90


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
        if approves and actor.person not in records.approvers(db, coalition_id, letter):
            yield f"To approve: {_named(letter)} (/letter approve {letter.name})"


def free(desk: Desk, person: str) -> list[Line]:
    """The signatures that this person gave and that are not locked yet: they stay, and somebody should know."""
    found = records.letters(desk.tx, desk.config.coalition.id, (State.OPEN, State.REVIEW))
    return [
        Line(f"Signed for {finding.legal_name(desk.config.coalition, each.organisation)}: {_named(letter)}. It stands.")
        for letter in found
        for each in records.sign_ons(desk.tx, desk.config.coalition.id, letter.id).values()
        if each.person == person and each.counts(letter.version) and each.organisation in desk.config.coalition.members
    ]


def _named(letter: Dossier) -> str:
    return f"{letter.name} {short(letter.version.subject, _SUBJECT)}"
