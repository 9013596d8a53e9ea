"""Save a step of a letter with what follows: webhooks' events, announcements, requests, notices and cards.

Every change of a letter's state and every organization's decision is saved here, in one transaction with its event.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from bot.alerts import posted
from bot.commands.model import STAFF, File, Job, Role, Work
from bot.config.load import Config
from bot.letters import lifecycle, lookup, records, wording
from bot.letters.facts import Rendering
from bot.letters.lifecycle import Decision, Dossier, Mail, SignOn, State, Version
from bot.outbox import messages
from bot.outbox.messages import Place, place, post
from bot.outbox.model import DIRECT, to_json
from bot.people.records import people
from bot.shared.card import Card, Event, Line, Mark
from bot.shared.language import ENGLISH, speaking
from bot.shared.platforms import BLIND
from bot.shared.wording import listed
from bot.store.database import Reader, delete_rows

EVENT_KIND: Final = "event"  # of deliveries
_NAMES: Final = 100  # organizations in one event: a table may bring thousands
_STEPS: Final = {State.DRAFT: "drafted", State.REVIEW: "in_review", State.OPEN: "opened"}  # others: the state itself
KIND: Final = "letter"
# Why the channel with this name is not private; "" if it is, None if its platform was not asked yet.
NotPrivate = Callable[[str], str | None]
STAFF_ONLY: Final = "|".join(sorted(STAFF))  # roles that may read a text before it is opened to members


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
    had = {id_: each.legal_name for id_, each in before.items() if each.decision is Decision.SIGNED}
    counted = {id_ for id_, sign_on in before.items() if sign_on.counts(letter.version)}
    signed = [
        sign_on.legal_name
        for sign_on in sign_ons
        if sign_on.decision is Decision.SIGNED and sign_on.organisation not in counted
    ]
    unsigned = [
        had[sign_on.organisation] or sign_on.legal_name  # as its event named it
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
    delete_rows(work.tx, "signature", letter_id=letter.id, organisation=sign_on.organisation)
    if sign_on.decision is Decision.SIGNED:
        _queue(work, letter, "signature_withdrawn", (sign_on.legal_name,))


@speaking(ENGLISH)  # as all that staff read, also of a visitor who speaks another language
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
        post(work, to, key, card, kind=EVENT_KIND, thread=thread)


def sign_on_status(db: Reader, config: Config, letter: Dossier, now: datetime) -> wording.SignOnStatus:
    """The state of the letter's sign-on, as its cards show it."""
    coalition = config.coalition
    representatives = lookup.representatives(db, coalition)
    return wording.SignOnStatus(
        letter=letter,
        sign_ons=lookup.sign_ons(db, coalition, letter.id),
        members={id_: member.short or member.name for id_, member in coalition.members.items()},
        silent=tuple(id_ for id_, who in representatives.items() if not who),
        zone=coalition.tz,
        now=now,
    )


@speaking(ENGLISH)
def refresh_cards(work: Work, letter: Dossier, *, only: str = "") -> None:
    """Update the posted cards of a letter to its current state and the newest text that members may see.

    `only`: update just the shared card and those of this organization.
    """
    status = sign_on_status(work.tx, work.config, lookup.letter_for_members(work.tx, letter), work.now)
    for delivery, organisation, *_ in records.cards(work.tx, letter.id):
        if only and organisation not in ("", only):
            continue
        card = wording.organization_card(status, organisation) if organisation else wording.sign_on_card(status)
        messages.update(work, delivery, card)


def announce(work: Work, letter: Dossier) -> None:
    """Post the sign-on card to the sign-on channel, unless it is already there."""
    place_ = sign_on_channel(work.config)
    if place_ is None:
        return
    card = wording.sign_on_card(sign_on_status(work.tx, work.config, letter, work.now))
    name = f"letter:{letter.id}:sign-on"
    delivery = post(work, place_, name, card, kind=KIND, thread=place_.thread(thread_key(letter)))
    if delivery:
        records.add_card(work.tx, letter.id, delivery)


def follow_people(job: Job, letter: Dossier) -> None:
    """Ask who represents a member since the letter was opened, and show on its card who has a representative by now."""
    status, coalition = sign_on_status(job.db, job.config, letter, job.now), job.config.coalition
    cards, representatives = records.cards(job.db, letter.id), lookup.representatives(job.db, coalition)
    shown, asked = to_json(wording.sign_on_card(status)), {(member, channel) for _, member, channel, _ in cards}
    is_stale = any(not organization and card not in ("", shown) for _, organization, _, card in cards)
    new = [
        person.id
        for member in (status.waiting if status.is_open else ())
        for person in representatives[member]
        if (member, f"{DIRECT}{person.id}") not in asked and messages.person_place(job.db, person.id)
    ]
    if new or is_stale:
        with job.write() as work:
            if records.find(work.tx, letter.id) == letter:
                if is_stale:
                    refresh_cards(work, letter)
                ask_members(work, letter, f"linked:{letter.version.key}", only=new)


def ask_members(
    work: Work,
    letter: Dossier,
    occasion: str,
    *,
    reminder: bool = False,
    before: Version | None = None,
    only: Container[str] | None = None,
) -> int:
    """Ask the representatives of each member that has not answered, once per `occasion`; return how many were asked.

    `before`: the earlier text that some have signed. Only those are asked again, and they see what changed. `only`:
    these people.
    """
    status, asked = sign_on_status(work.tx, work.config, letter, work.now), 0
    representatives = lookup.representatives(work.tx, work.config.coalition)
    change = wording.changes_section(lifecycle.changes(before, letter.version)) if before else None
    for organisation in status.to_confirm if before else status.waiting:
        card = wording.organization_card(status, organisation, reminder=reminder, change=change)
        card = replace(card, enclosed=wording.enclosed_text(letter))
        people_ = [each.id for each in representatives.get(organisation, ()) if only is None or each.id in only]
        for delivery in send(work, letter, occasion, card, *people_, needs=f"{Role.REPRESENTATIVE}:{organisation}"):
            records.add_card(work.tx, letter.id, delivery, organisation)
            asked += 1
    return asked


def send(
    work: Work,
    letter: Dossier,
    event: str,
    card: Card,
    *persons: str | None,
    files: tuple[File, ...] = (),
    needs: str = messages.ANY_ROLE,
) -> list[str]:
    """Send each of these people a direct message, once; return the ids of the messages, of those who can receive one.

    `needs`: roles, of which they must have one when it is delivered.
    """
    name, ids = f"letter:{letter.id}:{event}", filter(None, dict.fromkeys(persons))
    sent = [messages.post_to_person(work, id_, name, card, kind=KIND, files=files, needs=needs) for id_ in ids]
    return list(filter(None, sent))


def send_to_first(work: Work, letter: Dossier, event: str, card: Card, *persons: str) -> None:
    """Send to the first of these people who is still on staff, otherwise to the administrators' channel."""
    name, admin = f"letter:{letter.id}:{event}", work.config.feeds.admin
    messages.post_to_first_reader(work, persons, admin, name, card, kind=KIND, needs=STAFF_ONLY)


def approvers(db: Reader) -> list[str]:
    return [person.id for person in people(db) if Role.APPROVER in person.roles]


def sign_on_channel(config: Config) -> Place | None:
    """The channel in which sign-ons are announced; None if coalition.yml names none."""
    name = config.coalition.letters.channel
    return place(name, config.feeds) if name else None


def thread_key(letter: Dossier) -> str:
    return f"letter:{letter.id}"


def signers(db: Reader, config: Config, letter: Dossier, *, of_any_text: bool = False) -> list[str]:
    """Ids of the people who signed this text in chat; of its representatives, where staff recorded a member's signature
    or who gave it acts for the member no longer. `of_any_text`: include those who signed an earlier text.
    """
    representatives, ids = lookup.representatives(db, config.coalition), list[str]()
    for sign_on in lookup.sign_ons(db, config.coalition, letter.id).values():
        if sign_on.counts(letter.version) or (of_any_text and sign_on.decision is Decision.SIGNED):
            theirs = [person.id for person in representatives.get(sign_on.organisation, ())]
            alone = sign_on.evidence is None and (sign_on.person in theirs or not theirs)
            ids += [sign_on.person] if alone else theirs
    return list(dict.fromkeys(ids))


def alert_threads(db: Reader, config: Config, entry: str) -> list[tuple[Place, str]]:
    """The places and threads in which the alert was posted, one per channel."""
    threads = {messages.audience_of(row["key"]): row["thread"] for row in posted.deliveries_of(db, entry)}
    return [
        (place(audience, config.feeds), thread)
        for audience, thread in threads.items()
        if thread and audience in config.feeds.channels
    ]


def why_not_private(config: Config, to: Place, not_private: NotPrivate) -> str | None:
    """Why no draft may be posted there; "" if it may, None if that is not known yet."""
    if to.platform in BLIND:
        return "the bot cannot see who reads what it posts to an address"
    return "" if config.coalition.letters.drafts == "anywhere" else not_private(to.channel)
