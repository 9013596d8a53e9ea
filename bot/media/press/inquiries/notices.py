"""Inquiries: to whom each goes, who is told of it, and when it has waited too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.model import Actor, Context, Role
from bot.config.coalition import Coalition
from bot.media.press import records as press_records
from bot.media.press.inquiries import records, wording
from bot.media.press.inquiries.model import Inquiry, Kind, raised, speaker
from bot.media.press.inquiries.wording import Names
from bot.outbox.messages import ANY_ROLE, ConfigFiles, members_only_place, post, post_to_person, update
from bot.outbox.messages import cancel_messages as drop
from bot.people.model import Person
from bot.people.records import accounts_of, people
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Database, Reader, Transaction, to_text

KIND: Final = "inquiry"  # of deliveries
_RAISED: Final = {
    "unheard": "{} from {}: not acknowledged yet",
    "soon": "{} from {}: less than an hour left, and no answer yet",
    "late": "{} from {} is past its deadline without an answer",
}

NewId = Callable[[], str]


def routed(db: Reader, coalition: Coalition, inquiry: Inquiry) -> Inquiry:
    """With whoever speaks on this and can be reached; a request to meet someone served stays with nobody."""
    if inquiry.kind is Kind.PROTECTED:
        return replace(inquiry, spokesperson=None)
    found = _reached(db, coalition, inquiry)
    return replace(inquiry, spokesperson=found[0].id if found else None)


def names(db: Reader, coalition: Coalition) -> Names:
    return Names(
        people={person.id: person.name for person in people(db, coalition.id)},
        members={id_: member.short or member.name for id_, member in coalition.members.items()},
        zone=coalition.tz,
    )


def announce(tx: Transaction, config: ConfigFiles, inquiry: Inquiry, *, now: datetime, new_id: NewId) -> None:
    """Say it in the press channel, and to whom it was passed."""
    card = wording.card(inquiry, names(tx, config.coalition), now)
    said = _to_press(tx, config, inquiry, f"inquiry:{inquiry.id}", card, now=now, new_id=new_id)
    _keep(tx, config.coalition.id, inquiry, said)
    pass_on(tx, config, inquiry, now=now, new_id=new_id)


def pass_on(tx: Transaction, config: ConfigFiles, inquiry: Inquiry, *, now: datetime, new_id: NewId) -> None:
    """Say it to whom it was passed, at once: a reporter's deadline does not wait for a morning.

    Each time anew: who has it back from somebody else is to know.
    """
    if inquiry.spokesperson:
        card = wording.card(inquiry, names(tx, config.coalition), now)
        name = f"inquiry:{inquiry.id}:passed on:{to_text(now)}"
        said = _to_person(tx, config, inquiry.spokesperson, name, card, now=now, new_id=new_id)
        _keep(tx, config.coalition.id, inquiry, said)


def take_back(tx: Transaction, config: ConfigFiles, inquiry: Inquiry) -> None:
    """Drop what the person an inquiry was passed to was to be told of it, as far as they have not been."""
    if inquiry.spokesperson:
        cards, why = press_records.cards(tx, config.coalition.id, inquiry.id), "the inquiry was passed to somebody else"
        drop(tx, config.coalition.id, inquiry.spokesperson, cards, why=why)


def refresh(tx: Transaction, config: ConfigFiles, inquiry: Inquiry, *, now: datetime, new_id: NewId) -> None:
    """Let every card of an inquiry show how it stands."""
    card = wording.card(inquiry, names(tx, config.coalition), now)
    for delivery in press_records.cards(tx, config.coalition.id, inquiry.id):
        update(tx, config.coalition.id, delivery, card, now=now, new_id=new_id)


def compose(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Raise what has waited too long, each step once: in the press channel, and to whom it was passed."""
    coalition = config.coalition
    for inquiry in records.waiting(db, coalition.id):
        step = raised(inquiry, now, coalition.media.acknowledge)
        if not step:
            continue
        with db.write() as tx:
            current = records.find(tx, coalition.id, inquiry.id)
            if current == inquiry:
                _raise(tx, config, inquiry, step, now=now, new_id=new_id)


def waiting(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:
    """The inquiries that were passed to this person."""
    theirs = [each for each in records.waiting(db, coalition_id) if each.spokesperson == actor.person]
    return [
        Line(f"To answer: {each.label} from {wording.outlet(each)}{', late' if each.late(now) else ''}")
        for each in theirs
        if actor.person
    ]


def free(ctx: Context, person: str) -> list[Line]:
    """The inquiries that were passed to this person are nobody's."""
    coalition = ctx.config.coalition.id
    theirs = [each for each in records.waiting(ctx.tx, coalition) if each.spokesperson == person]
    for inquiry in theirs:
        take_back(ctx.tx, ctx.config, inquiry)
        after = replace(inquiry, spokesperson=None)
        records.put(ctx.tx, coalition, after)
        refresh(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    return [Line(f"Press inquiry {each.label} from {wording.outlet(each)}") for each in theirs]


def _raise(tx: Transaction, config: ConfigFiles, inquiry: Inquiry, step: str, *, now: datetime, new_id: NewId) -> None:
    head = _RAISED[step].format(inquiry.label, wording.outlet(inquiry))
    due = wording.due(inquiry, names(tx, config.coalition))
    card = Card(mark=Mark.NEWS, head=head, lines=(Line(f"Answer by {due}."),), buttons=_open(inquiry))
    name = f"inquiry:{inquiry.id}:{step}:{inquiry.due_at:%Y%m%d%H%M}"
    to_whom = [person.id for person in _reached(tx, config.coalition, inquiry)]
    if inquiry.spokesperson:
        to_whom = [inquiry.spokesperson, *to_whom]
    _to_press(tx, config, inquiry, name, card, now=now, new_id=new_id)
    for person in dict.fromkeys(to_whom):
        _to_person(tx, config, person, name, card, now=now, new_id=new_id)


def _open(inquiry: Inquiry) -> tuple[Button, ...]:
    return (Button("Show it", "press open", (("inquiry", inquiry.id),)),)


def _reached(db: Reader, coalition: Coalition, inquiry: Inquiry) -> list[Person]:
    """Who speaks on this, and their backup, as far as they can be reached."""
    line = speaker(coalition.spokespeople, inquiry.ask, inquiry.member)
    if line is None or inquiry.kind is Kind.PROTECTED:
        return []
    by_name = {person.name.casefold(): person for person in people(db, coalition.id)}
    known = [by_name.get(name.casefold()) for name in (line.name, line.backup)]
    return [person for person in known if person and accounts_of(db, coalition.id, person.id)]


def _to_press(
    tx: Transaction, config: ConfigFiles, inquiry: Inquiry, name: str, card: Card, *, now: datetime, new_id: NewId
) -> list[str]:
    """In the press channel; where there is none, to everybody of the press role. The messages' ids."""
    channel = config.feeds.press
    if channel is None:
        everybody = [person for person in people(tx, config.coalition.id) if Role.PRESS in person.roles]
        told = [
            _to_person(tx, config, each.id, name, card, now=now, new_id=new_id, needs=Role.PRESS) for each in everybody
        ]
        return [delivery for each in told for delivery in each]
    to = members_only_place(channel, config.feeds)
    thread = to.thread(f"inquiry:{inquiry.id}")
    said = post(tx, config.coalition.id, to, name, card, kind=KIND, now=now, new_id=new_id, thread=thread)
    return [said] if said else []


def _to_person(
    tx: Transaction, config: ConfigFiles, person: str, name: str, card: Card, *, now: datetime, new_id: NewId,
    needs: str = ANY_ROLE,
) -> list[str]:  # fmt: skip
    said = post_to_person(tx, config, person, name, card, kind=KIND, now=now, new_id=new_id, urgent=True, needs=needs)
    return [said] if said else []


def _keep(tx: Transaction, coalition_id: str, inquiry: Inquiry, deliveries: list[str]) -> None:
    """These messages show the inquiry: they change with it, and name who asked."""
    for delivery in deliveries:
        press_records.keep_card(tx, coalition_id, inquiry.id, delivery)
