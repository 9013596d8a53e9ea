"""Queue messages in the outbox: for a channel of feeds.yml, or for one person.

Every room posts through this module, in the same transaction as the change it reports.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.commands.model import File, Refused, Work
from bot.config.coalition import Coalition
from bot.config.feeds import Feeds
from bot.outbox import holds, queued, records
from bot.outbox.model import BY_MAIL, DIRECT, PERSONAL, TO_CONFIRM, Channel
from bot.people import mail, preferences
from bot.people import records as people
from bot.people.model import Account, current_roles
from bot.shared.calendar import quiet_until
from bot.shared.card import Card
from bot.shared.platforms import FORMS
from bot.shared.wording import dotted
from bot.store.database import Reader, insert_rows, update_rows

# Discord's default limits for a file and a message. One rule for all platforms, because people may use either.
LARGEST_FILE: Final = 10 * 1024 * 1024  # bytes
MOST_FILES: Final = 10
ANY_ROLE: Final = "any"  # the reader of a direct message must have some role


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message for the channel `audience` is posted: there, or in the safety channel while one is set."""

    audience: str
    channel: str
    platform: str

    @property
    def keeps_card(self) -> bool:
        """Whether it has a pinned card: in the channel itself, where the platform can pin and edit."""
        return self.channel == self.audience and FORMS[self.platform].pins

    def key(self, name: str) -> str:
        """Return a delivery's key. It names the audience, so nothing is repeated when a trial ends."""
        return f"{self.audience}/{name}"

    def thread(self, name: str) -> str:
        return name if self.channel == self.audience else self.key(name)


def place(audience: str, feeds: Feeds) -> Place:
    """Return where messages for a channel of feeds.yml are posted."""
    channel = feeds.safety or audience
    return Place(audience, channel, feeds.channels[channel].to.partition(":")[0])


def members_only_place(audience: str, feeds: Feeds) -> Place:
    """Return the channel itself, never the safety channel: only its members may read the message."""
    return Place(audience, audience, feeds.channels[audience].to.partition(":")[0])


def person_place(db: Reader, person_id: str) -> Place | None:
    """Return the place of a person's direct messages; None if nothing reaches them, or if they left.

    Direct messages never go to the safety channel, where others would read them.
    """
    account = _preferred_account(db, person_id, ())
    audience = f"{DIRECT}{person_id}"
    return Place(audience, audience, account.platform) if account else None


def mail_place(id_: str, kind: str = BY_MAIL) -> Place:
    """Return the place of what a person gets by mail, whatever their direct messages go to.

    `kind`: `TO_CONFIRM` for the code by which a person confirms an address, at that address; `LOG_IN` for a link. For
    someone outside the coalition (`OUTSIDE`) and a letter to an office (`OFFICE`), the room that gave the id has the
    address.
    """
    audience = f"{kind}{id_}"
    return Place(audience, audience, mail.PLATFORM)


def may_read(db: Reader, name: str, needs: str, members: Container[str]) -> bool:
    """Whether the person of `dm:<person id>` has one of the roles that a message needs right now.

    `needs`: roles separated by "|", "representative:MEMBER" for one organization's, `ANY_ROLE` for any. `members`: of
    the coalition now.
    """
    who = people.person(db, _person_of(name))
    if who is None:
        return False
    roles = current_roles(who, members)

    def has(need: str) -> bool:
        role, _, organization = need.partition(":")
        return role in roles and organization in ("", who.organisation)

    return bool(roles) if needs == ANY_ROLE else any(map(has, needs.split("|")))


def direct_channel(db: Reader, name: str, platforms: Collection[str]) -> Channel | None:
    """Return the channel that reaches `dm:<person id>`, or their `mail:`, `confirm:` or `log-in:`, now.

    None if the person left, or has no account or address for it. `platforms`: those that can be posted to.
    """
    who = people.person(db, _person_of(name))
    if who is None:
        return None
    if name.startswith(DIRECT):
        account = _preferred_account(db, who.id, platforms)
        if account is None or account.platform != mail.PLATFORM:
            return Channel(name, account.platform, account.user, who.name) if account else None
    mine = mail.address_of(db, who.id)
    if mine is None or not (mine.confirmed_at is None if name.startswith(TO_CONFIRM) else mine.takes_mail):
        return None
    return Channel(name, mail.PLATFORM, mine.address, who.name, mine.token)


def _person_of(name: str) -> str:
    """Return the person's id in the name of one of their channels."""
    return name.partition(":")[2] if name.startswith(PERSONAL) else name


def _preferred_account(db: Reader, person_id: str, platforms: Collection[str]) -> Account | None:
    """Return the first account that can be posted to: mail first for those who chose it, and last of the others.

    The console comes after all: people read in chat. Mail does not count for those who unsubscribed; a held address
    counts only for those who have nothing else.
    """
    mine = mail.address_of(db, person_id)
    accounts = [
        account
        for account in people.accounts_of(db, person_id)
        if account.platform != mail.PLATFORM or (mine and mine.takes_mail)
    ]
    on_hold = mine is not None and holds.is_held(db, mail_place(person_id).channel)

    def rank(account: Account) -> tuple[bool, bool, bool, bool]:
        by_mail = account.platform == mail.PLATFORM
        wanted = by_mail == bool(mine and mine.direct)
        return account.platform == "console", by_mail and on_hold, account.platform not in platforms, not wanted

    return min(accounts, key=rank, default=None)


def audience_of(key: str) -> str:
    """Return the audience from a delivery's key."""
    return key.partition("/")[0]


def post(
    work: Work,
    to: Place,
    name: str,
    card: Card,
    *,
    kind: str,
    due_at: datetime | None = None,
    thread: str | None = None,
    says: tuple[tuple[str, str], ...] = (),
    files: tuple[File, ...] = (),
    needs: str = "",
) -> str | None:
    """Queue a message. Return its id, or None if `name` was already queued for that place.

    `kind`: "alert", "digest", "letter" … `thread`: `to.thread(…)`; follow-ups are replies in it. `says`: the (entry
    id, stage) pairs it reports. `needs`: the reader's role as in `may_read`, checked at delivery. Raises `Refused`
    for files that are too large or too many.
    """
    if len(files) > MOST_FILES:
        raise Refused(
            f"These are {len(files)} files; a message can have {MOST_FILES} at most. Put them into one ZIP file."
        )
    for file in files:
        if len(file.data) > LARGEST_FILE:
            size = f"{len(file.data) / 1024 / 1024:.1f} MB"
            raise Refused(f"“{file.name[:60]}” is {size}; the limit is 10 MB a file. Make it smaller, or split it.")
    new = records.NewDelivery(
        channel=to.channel,
        platform=to.platform,
        key=to.key(name),
        kind=kind,
        card=card,
        due_at=due_at or work.now,
        thread=thread,
        entries=says,
        files=files,
        needs=needs,
    )
    return records.enqueue(work.tx, new, new_id=work.new_id, now=work.now)


def post_to_person(
    work: Work,
    person_id: str,
    name: str,
    card: Card,
    *,
    kind: str,
    urgent: bool = False,
    thread: str | None = None,
    says: tuple[tuple[str, str], ...] = (),
    files: tuple[File, ...] = (),
    needs: str = ANY_ROLE,
) -> str | None:
    """Queue a direct message, due after the person's quiet hours unless `urgent`; otherwise as `post`.

    `thread`: a thread's name, without the place. Returns None also if the person has no account, left, or lacks the
    role in `needs`.
    """
    to = _reader_place(work, person_id, needs)
    if to is None:
        return None
    return post(
        work,
        to,
        name,
        card,
        kind=kind,
        due_at=work.now if urgent else end_of_quiet_hours(work.tx, work.config.coalition, person_id, work.now),
        thread=to.thread(thread) if thread else None,
        says=says,
        files=files,
        needs=needs,
    )


def _reader_place(work: Work, person_id: str, needs: str) -> Place | None:
    """Return a person's place; None if they left or lack the role."""
    to = person_place(work.tx, person_id)
    return to if to and may_read(work.tx, to.audience, needs, work.config.coalition.members) else None


def post_to_first_reader(
    work: Work,
    candidates: Sequence[str],
    otherwise: str | None,
    name: str,
    card: Card,
    *,
    kind: str,
    needs: str = ANY_ROLE,
) -> str | None:
    """Post to the first of `candidates` who may read it, else to the channel `otherwise`, so nothing is lost.

    Returns None if there is no reader and `otherwise` is None.
    """
    reader = next((who for who in candidates if _reader_place(work, who, needs)), None)
    if reader:
        return post_to_person(work, reader, name, card, kind=kind, needs=needs)
    if otherwise is None:
        return None
    card = replace(card, foot=dotted(card.foot, "Posted here because the person it was for cannot get it"))
    return post(work, members_only_place(otherwise, work.config.feeds), name, card, kind=kind)


def end_of_quiet_hours(db: Reader, coalition: Coalition, person_id: str, now: datetime) -> datetime:
    """Return `now`, or the end of the person's quiet hours in their own time zone."""
    mine = preferences.preferences_of(db, person_id)
    return quiet_until(now, mine.hours, mine.tz(coalition))


def update(
    work: Work, delivery_id: str, card: Card, *, says: tuple[tuple[str, str], ...] = (), kind: str = records.EDIT
) -> None:
    """Change a posted or queued message to `card`, and add `says` to the entries it reports."""
    records.enqueue_edit(work.tx, delivery_id, card, kind=kind, new_id=work.new_id, now=work.now)
    rows = ({"delivery_id": delivery_id, "entry_id": entry, "stage": stage} for entry, stage in says)
    insert_rows(work.tx, "delivery_entry", rows, if_new=True)


def correct(work: Work, delivery_id: str, card: Card) -> None:
    """Replace a message's text with `card` in the chat and in the store. A queued message is posted as `card`."""
    queued.replace_card(work.tx, delivery_id, card)
    update(work, delivery_id, card, kind=records.RETRACTION)


def rename_thread(work: Work, thread: str, instead: str) -> None:
    """Rename a thread in every channel and in the safety channel."""
    for name in (thread, *(f"{audience}/{thread}" for audience in work.config.feeds.channels)):
        update_rows(work.tx, "delivery", {"thread": instead}, thread=name)


def retract_from(work: Work, person_id: str, deliveries: Sequence[str], card: Card) -> list[str]:
    """Retract those of the messages that a person got for themselves, not for a role; return them."""
    theirs = queued.in_channel(work.tx, f"{DIRECT}{person_id}", deliveries, needs=ANY_ROLE)
    for id_ in theirs:
        retract(work, id_, card)
    return theirs


def retract(work: Work, delivery_id: str, card: Card) -> None:
    """Erase a message's content in the chat and in the store, and show `card` instead. A queued one is dropped."""
    queued.erase_content(work.tx, delivery_id, card)
    update(work, delivery_id, card, kind=records.RETRACTION)
