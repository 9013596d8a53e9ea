"""Handing a message to the outbox: to a channel of feeds.yml, or to one person.

Every room says things through here, inside the transaction that makes them true.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.commands.model import File, Refused
from bot.config.coalition import Coalition
from bot.config.feeds import Feeds
from bot.outbox import files as outbox_files
from bot.outbox import records
from bot.outbox.model import DIRECT, Channel
from bot.outbox.records import NewDelivery
from bot.people import preferences
from bot.people import records as people
from bot.people.model import Account
from bot.shared.calendar import quiet_until
from bot.shared.card import Card
from bot.store.database import Reader, Transaction
from bot.store.names import Names

# Discord takes no more (its default for a file, and for a message); one rule for all, as people may read on either.
LARGEST_FILE: Final = 10 * 1024 * 1024  # bytes
MOST_FILES: Final = 10
ANY_ROLE: Final = "any"  # what a direct message needs of its reader: some role; whoever has none has no business here


class ConfigFiles(Protocol):
    """The two configuration files, as `bot.config.load.Config` and `bot.alerts.campaign.House` have them."""

    @property
    def coalition(self) -> Coalition: ...

    @property
    def feeds(self) -> Feeds: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where what is meant for the channel `audience` goes: that channel, or the safety channel while there is one."""

    audience: str
    channel: str
    platform: str

    def key(self, name: str) -> str:
        """A delivery's key bears the channel it was meant for, so that ending a trial repeats nothing."""
        return f"{self.audience}/{name}"

    def thread(self, name: str) -> str:
        return name if self.channel == self.audience else self.key(name)


def place(audience: str, feeds: Feeds) -> Place:
    """A channel of feeds.yml as a place; while there is a safety channel, that."""
    channel = feeds.safety or audience
    return Place(audience, channel, feeds.channels[channel].to.partition(":")[0])


def members_only_place(audience: str, feeds: Feeds) -> Place:
    """A channel of feeds.yml as a place for what only its members may read: never the safety channel."""
    return Place(audience, audience, feeds.channels[audience].to.partition(":")[0])


def person_place(db: Reader, coalition_id: str, person_id: str) -> Place | None:
    """One person as a place, by the first of their accounts in a chat; None for who has none, or has left.

    What is for one person goes to that person, never to the safety channel, where others would read it.
    """
    accounts = people.accounts_of(db, coalition_id, person_id)
    audience = f"{DIRECT}{person_id}"
    return Place(audience, audience, _preferred_account(accounts, ()).platform) if accounts else None


def may_read(db: Reader, coalition_id: str, name: str, needs: str) -> bool:
    """Whether the person of `dm:<person id>` has at this moment one of the roles that a message needs.

    `needs`: roles separated by "|", "representative:cast" for one of one organization, `ANY_ROLE` for any.
    """
    who = people.person(db, coalition_id, name.removeprefix(DIRECT))
    if who is None:
        return False

    def has(need: str) -> bool:
        role, _, organization = need.partition(":")
        return role in who.roles and organization in ("", who.organisation)

    return bool(who.roles) if needs == ANY_ROLE else any(map(has, needs.split("|")))


def direct_channel(db: Reader, coalition_id: str, name: str, platforms: Collection[str]) -> Channel | None:
    """Where what waits for `dm:<person id>` goes at this moment; None where nobody would read it any more.

    `platforms` are those that can be posted to.
    """
    who = people.person(db, coalition_id, name.removeprefix(DIRECT))
    if who is None or not who.accounts:
        return None
    account = _preferred_account(people.accounts_of(db, coalition_id, who.id), platforms)
    return Channel(name, account.platform, account.user, who.name)


def _preferred_account(accounts: Sequence[Account], platforms: Collection[str]) -> Account:
    """The first that can be posted to; the console's stand-in last: who has a chat account reads there."""
    return min(accounts, key=lambda account: (account.platform == "console", account.platform not in platforms))


def audience_of(key: str) -> str:
    """The channel that a delivery's key says it was meant for."""
    return key.partition("/")[0]


def post(
    tx: Transaction,
    coalition_id: str,
    to: Place,
    name: str,
    card: Card,
    *,
    kind: str,
    now: datetime,
    new_id: Callable[[], str],
    due_at: datetime | None = None,
    thread: str | None = None,
    says: tuple[tuple[str, str], ...] = (),
    files: tuple[File, ...] = (),
    needs: str = "",
) -> str | None:
    """Put a message into the outbox; its id, or None where that place was told `name` already.

    `kind`: what the message is to the rooms ("alert", "digest", "letter" …). `thread`: `to.thread(…)`, on which
    follow-ups hang together. `says`: (entry id, stage) of the entries it says. `needs`: as in `may_read`, looked up
    when the message is delivered. Raises `Refused` for files that no platform would take.
    """
    _check_files(files)
    new = NewDelivery(
        coalition_id=coalition_id,
        channel=to.channel,
        platform=to.platform,
        key=to.key(name),
        kind=kind,
        card=card,
        due_at=due_at or now,
        thread=thread,
        entries=says,
        files=files,
        needs=needs,
    )
    return records.enqueue(tx, new, new_id=new_id, now=now)


def post_to_person(
    tx: Transaction,
    config: ConfigFiles,
    person_id: str,
    name: str,
    card: Card,
    *,
    kind: str,
    now: datetime,
    new_id: Callable[[], str],
    urgent: bool = False,
    thread: str | None = None,
    says: tuple[tuple[str, str], ...] = (),
    files: tuple[File, ...] = (),
    needs: str = ANY_ROLE,
) -> str | None:
    """Say something to one person alone, after their quiet hours unless it is `urgent`; the rest as in `post`.

    `thread`: a name, not yet of a place. None also for who has no account, has left, or has not what it `needs`.
    """
    to = _reader_place(tx, config.coalition.id, person_id, needs)
    if to is None:
        return None
    return post(
        tx,
        config.coalition.id,
        to,
        name,
        card,
        kind=kind,
        now=now,
        new_id=new_id,
        due_at=now if urgent else end_of_quiet_hours(tx, config.coalition, person_id, now),
        thread=to.thread(thread) if thread else None,
        says=says,
        files=files,
        needs=needs,
    )


def _reader_place(db: Reader, coalition_id: str, person_id: str, needs: str) -> Place | None:
    """A person as a place; None for who is not there or has not the role."""
    to = person_place(db, coalition_id, person_id)
    return to if to and may_read(db, coalition_id, to.audience, needs) else None


def post_to_first_reader(
    tx: Transaction,
    config: ConfigFiles,
    whom: Sequence[str],
    otherwise: str | None,
    name: str,
    card: Card,
    *,
    kind: str,
    now: datetime,
    new_id: Callable[[], str],
    needs: str = ANY_ROLE,
) -> str | None:
    """As `post_to_person`, to the first of these who is still there and has what it `needs`; where nobody is, in the
    channel `otherwise`: what somebody had put off is not lost with them. None where that is none.
    """
    cid = config.coalition.id
    there = next((who for who in whom if _reader_place(tx, cid, who, needs)), None)
    if there:
        return post_to_person(tx, config, there, name, card, kind=kind, now=now, new_id=new_id, needs=needs)
    if otherwise is None:
        return None
    card = replace(card, foot=" · ".join(filter(None, (card.foot, "It was for someone who cannot read it now"))))
    return post(tx, cid, members_only_place(otherwise, config.feeds), name, card, kind=kind, now=now, new_id=new_id)


def cancel_messages(
    tx: Transaction, coalition_id: str, person_id: str, deliveries: Collection[str], *, why: str
) -> None:
    """Drop what one person was to be told, as far as it was not delivered yet."""
    records.drop_waiting(tx, f"{DIRECT}{person_id}", deliveries, coalition_id=coalition_id, why=why)


def messages_without_reader(db: Reader, coalition_id: str, kind: str) -> list[tuple[str, str]]:
    """(delivery id, name) of the messages of a kind whose reader lost the role they need before they were delivered."""
    return [
        (row["id"], row["key"].partition("/")[2])
        for row in records.dropped_for_role(db, coalition_id=coalition_id, kind=kind)
    ]


def mark_reassigned(tx: Transaction, coalition_id: str, delivery_id: str) -> None:
    """Note that somebody else gets one of `messages_without_reader`."""
    records.mark_reassigned(tx, delivery_id, coalition_id=coalition_id)


def end_of_quiet_hours(db: Reader, coalition: Coalition, person_id: str, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours that a person is in, by their own clock."""
    mine = preferences.preferences_of(db, coalition.id, person_id)
    return quiet_until(now, mine.hours, ZoneInfo(mine.zone or coalition.zone))


def _check_files(files: Sequence[File]) -> None:
    if len(files) > MOST_FILES:
        raise Refused(f"These are {len(files)} files; a message takes {MOST_FILES}. Put them into one ZIP file.")
    for file in files:
        if len(file.data) > LARGEST_FILE:
            size = f"{len(file.data) / 1024 / 1024:.1f} MB"
            raise Refused(f"“{file.name[:60]}” has {size}; a chat takes 10 MB a file. Make it smaller, or part it.")


def update(
    tx: Transaction,
    coalition_id: str,
    delivery_id: str,
    card: Card,
    *,
    now: datetime,
    new_id: Callable[[], str],
    says: tuple[tuple[str, str], ...] = (),
) -> None:
    """Let a message that was said, or is about to be, show `card` from now on, and say `says` too."""
    records.enqueue_edit(tx, delivery_id, card, coalition_id=coalition_id, new_id=new_id, now=now)
    records.add_entries(tx, delivery_id, says)


def correct(
    tx: Transaction, coalition_id: str, delivery_id: str, card: Card, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """As `retract`, for a message of which only a part may not stand: one that waits is said, as `card`."""
    records.replace_card(tx, delivery_id, card, coalition_id=coalition_id)
    update(tx, coalition_id, delivery_id, card, now=now, new_id=new_id)


def rename_thread(tx: Transaction, files: ConfigFiles, thread: str, instead: str) -> None:
    """Let a thread bear another name, in every channel and in the safety channel."""
    for name in (thread, *(f"{audience}/{thread}" for audience in files.feeds.channels)):
        records.rename_thread(tx, files.coalition.id, name, instead)


def retract(
    tx: Transaction, coalition_id: str, delivery_id: str, card: Card, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Let `card` stand in place of a message, in the chat and in our own store: nothing of what it said is kept."""
    records.erase_content(tx, delivery_id, card, coalition_id=coalition_id)
    update(tx, coalition_id, delivery_id, card, now=now, new_id=new_id)


def strip_files(tx: Transaction, coalition_id: str, names: Names, now: datetime) -> None:
    """Let no file be posted, or be kept, that names them; the messages that wait go out without."""
    outbox_files.strip(tx, coalition_id, names, now)


def pending_file_bytes(db: Reader, coalition_id: str) -> int:
    """How many bytes of files are still to be delivered."""
    return outbox_files.pending_bytes(db, coalition_id)
