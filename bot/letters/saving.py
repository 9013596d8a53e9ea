"""Save what happens to a letter, and queue an event of it for each webhook that follows letters.

Every change of a letter's state and every organization's decision is saved here, in one transaction with its event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.commands.model import Work
from bot.letters import lifecycle, records
from bot.letters.facts import Rendering
from bot.letters.lifecycle import Decision, Dossier, Mail, SignOn, State
from bot.outbox.messages import place, post
from bot.shared.card import Card, Event, Line, Mark
from bot.shared.wording import listed

KIND: Final = "event"  # of deliveries
_NAMES: Final = 100  # organizations in one event: a table may bring thousands
_STEPS: Final = {State.DRAFT: "drafted", State.REVIEW: "in_review", State.OPEN: "opened"}  # others: the state itself


def add_letter(work: Work, letter: Dossier, rendering: Rendering) -> None:
    """Store a new letter, its first version, and what that was rendered from."""
    records.add(work.tx, letter, rendering)
    _queue(work, letter)


def save_letter(work: Work, letter: Dossier) -> None:
    """Store a letter's state and times. Open its text for members first, so that the event has its title."""
    before = records.state(work.tx, letter.id)
    records.save(work.tx, letter)
    if letter.state is not before:
        _queue(work, letter)


def log_mail(work: Work, letter: Dossier, kind: str, on: date, *, person: str, **details: Any) -> None:
    """Log what was "sent" or a "reply", and the state that the letter is in by that. `details`: as in `Mail`."""
    mail = Mail(id=work.new_id(), kind=kind, on=on, person=person, at=work.now, **details)
    records.add_mail(work.tx, letter.id, mail)
    if lifecycle.is_allowed(letter, kind):
        save_letter(work, replace(letter, state=lifecycle.next_state(letter, kind)))


def save_sign_ons(work: Work, letter: Dossier, sign_ons: Sequence[SignOn]) -> None:
    """Store organizations' decisions, each replacing its previous one.

    An event names who signed or took a signature back, never who declined: that is between them and the coalition.
    """
    before = records.sign_ons(work.tx, letter.id)
    records.save_sign_ons(work.tx, letter.id, sign_ons)
    had = {id_ for id_, sign_on in before.items() if sign_on.decision is Decision.SIGNED}
    counted = {id_ for id_, sign_on in before.items() if sign_on.counts(letter.version)}
    signed = [
        sign_on.legal_name
        for sign_on in sign_ons
        if sign_on.decision is Decision.SIGNED and sign_on.organisation not in counted
    ]
    unsigned = [
        sign_on.legal_name
        for sign_on in sign_ons
        if sign_on.decision is not Decision.SIGNED and sign_on.organisation in had
    ]
    for step, names in (("signed", signed), ("signature_withdrawn", unsigned)):
        for start in range(0, len(names), _NAMES):
            _queue(work, letter, step, tuple(names[start : start + _NAMES]))
    if any(sign_on.decision is Decision.DECLINED and sign_on.organisation not in had for sign_on in sign_ons):
        _queue(work, letter, "declined")


def remove_sign_on(work: Work, letter: Dossier, sign_on: SignOn) -> None:
    """Delete an organization's decision, as if it had not answered."""
    records.delete_sign_on(work.tx, letter.id, sign_on.organisation)
    if sign_on.decision is Decision.SIGNED:
        _queue(work, letter, "signature_withdrawn", (sign_on.legal_name,))


def _queue(work: Work, letter: Dossier, step: str = "", organizations: tuple[str, ...] = ()) -> None:
    """Queue `letter.<step>` for every webhook that follows letters; its new state if no step is given."""
    step = step or _STEPS.get(letter.state, letter.state.value)
    followers = [name for name, channel in work.config.feeds.channels.items() if channel.letters]
    if not followers:
        return
    opened = records.find(work.tx, letter.id, opened=True)
    event = Event(
        type=f"letter.{step}",
        at=work.now,
        id=letter.name,
        title=opened.version.subject if opened else None,
        state=letter.state.value,
        organizations=organizations,
    )
    # Besides the event, a card has what the safety channel and the list of failed messages show.
    lines = (Line(f"{listed(list(organizations), 8)}."),) if organizations else ()
    card = Card(mark=Mark.LETTER, head=f"{letter.name}: {step.replace('_', ' ')}", lines=lines, event=event)
    for name in followers:
        to = place(name, work.config.feeds)
        key, thread = f"letter:{letter.id}:event:{work.new_id()}", to.thread(f"letter:{letter.id}:events")
        post(work, to, key, card, kind=KIND, thread=thread)
