"""Who is told what of a letter, and the cards that change with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.commands.model import STAFF, File, Role
from bot.config.load import Config
from bot.letters import lifecycle, lookup, records, wording
from bot.letters.lifecycle import Decision, Dossier, Version
from bot.letters.wording import Sheet
from bot.outbox.messages import ANY_ROLE, Files, Place, place, say, say_to_first, say_to_person, show
from bot.people.records import people
from bot.shared.card import Card
from bot.store.database import Reader, Transaction

KIND: Final = "letter"
STAFF_ALONE: Final = "|".join(sorted(STAFF))  # who may read what is not opened to the members

NewId = Callable[[], str]


def sheet(db: Reader, config: Files, letter: Dossier, now: datetime) -> Sheet:
    """How its sign-on stands."""
    coalition = config.coalition
    speaks = lookup.representatives(db, coalition)
    return Sheet(
        letter=letter,
        sign_ons=lookup.sign_ons(db, coalition, letter.id),
        members={id_: member.short or member.name for id_, member in coalition.members.items()},
        silent=tuple(id_ for id_, who in speaks.items() if not who),
        zone=coalition.tz,
        now=now,
    )


def refresh(tx: Transaction, config: Config, letter: Dossier, *, now: datetime, new_id: NewId, only: str = "") -> None:
    """Let the cards that show the letter show it as it is now, with the last text that members may see.

    `only`: those of one organization, and everybody's.
    """
    its = sheet(tx, config, lookup.opened(tx, config.coalition.id, letter), now)
    for delivery, organisation in records.cards(tx, config.coalition.id, letter.id):
        if only and organisation not in ("", only):
            continue
        card = wording.asked(its, organisation) if organisation else wording.sign_on(its)
        show(tx, config.coalition.id, delivery, card, now=now, new_id=new_id)


def announce(tx: Transaction, config: Config, letter: Dossier, *, now: datetime, new_id: NewId) -> None:
    """Say in the channel for sign-ons that a letter may be signed, unless it is said there already."""
    to = channel(config)
    if to is None:
        return
    card = wording.sign_on(sheet(tx, config, letter, now))
    name = f"letter:{letter.id}:sign-on"
    said = say(
        tx, config.coalition.id, to, name, card, kind=KIND, now=now, new_id=new_id, thread=to.thread(thread(letter))
    )
    if said:
        records.keep_card(tx, config.coalition.id, letter.id, said)


def ask(
    tx: Transaction,
    config: Config,
    letter: Dossier,
    what: str,
    *,
    now: datetime,
    new_id: NewId,
    reminder: bool = False,
    before: Version | None = None,
) -> int:
    """Ask each member that has not answered, once a `what`, at its representatives; how many people were asked.

    `before`: the text that some have signed. Those alone are asked again, and see what changed.
    """
    its, asked = sheet(tx, config, letter, now), 0
    speaks = lookup.representatives(tx, config.coalition)
    change = wording.changed(lifecycle.changes(before, letter.version)) if before else None
    for organisation in its.to_confirm if before else its.waiting:
        card = wording.asked(its, organisation, reminder=reminder, change=change)
        for who in speaks.get(organisation, ()):
            name = f"letter:{letter.id}:{what}"
            needs = f"{Role.REPRESENTATIVE}:{organisation}"
            said = say_to_person(tx, config, who.id, name, card, kind=KIND, now=now, new_id=new_id, needs=needs)
            if said:
                records.keep_card(tx, config.coalition.id, letter.id, said, organisation)
                asked += 1
    return asked


def to_person(
    tx: Transaction, config: Config, person: str, name: str, card: Card, *, now: datetime, new_id: NewId,
    files: tuple[File, ...] = (), needs: str = ANY_ROLE,
) -> bool:  # fmt: skip
    """Whether there was somebody to tell. `needs`: the roles of which they must have one when it is delivered."""
    said = say_to_person(tx, config, person, name, card, kind=KIND, now=now, new_id=new_id, files=files, needs=needs)
    return said is not None


def to_first(
    tx: Transaction, config: Config, whom: Sequence[str], name: str, card: Card, *, now: datetime, new_id: NewId
) -> None:
    """Tell the first of them who is still on the staff; where nobody is, the administrators' channel."""
    say_to_first(tx, config, whom, config.feeds.admin, name, card, kind=KIND, now=now, new_id=new_id, needs=STAFF_ALONE)


def approvers(db: Reader, config: Config) -> list[str]:
    return [person.id for person in people(db, config.coalition.id) if Role.APPROVER in person.roles]


def channel(config: Config) -> Place | None:
    """Where sign-ons are announced."""
    name = config.coalition.letters.channel
    return place(name, config.feeds) if name else None


def thread(letter: Dossier) -> str:
    return f"letter:{letter.id}"


def signers(db: Reader, config: Config, letter: Dossier, *, of_any_text: bool = False) -> list[str]:
    """Who signed this text in chat, and the representatives for whom it was recorded. `of_any_text`: or another one."""
    found, speaks = lookup.sign_ons(db, config.coalition, letter.id), lookup.representatives(db, config.coalition)
    signed = [each for each in found.values() if each.decision is Decision.SIGNED]
    people_ = [
        [each.person] if each.evidence is None else [who.id for who in speaks.get(each.organisation, ())]
        for each in signed
        if of_any_text or each.counts(letter.version)
    ]
    return list(dict.fromkeys(who for some in people_ for who in some))
