"""Notices that a person's accounts changed, for each account and address that they had, and for the administrators.

Otherwise whoever can change an account, or makes an administrator change it, could act for a person who never learns of
it. A room above posts them (`campaign/notices.py`). The SQL of `account_notice`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.commands.model import Context, Role
from bot.people import mail, records
from bot.people.model import Person
from bot.store.database import Reader, Rows

ADMINS: Final = ("", "")  # the platform and address of the admin channel


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNotice:
    """A notice about `person`, with its `text`; `platform` and `address`: where it goes, or "" and a channel."""

    id: str
    person: str
    platform: str
    address: str
    text: str


_NOTICES: Final = Rows(AccountNotice, "account_notice", {"person": "person_id"})


def notify(ctx: Context, person: Person, text: str) -> None:
    """Write a notice for each chat account and confirmed address that `person` has now."""
    for place in places_of(ctx.tx, person):
        notify_at(ctx, person, text, place)


def notify_representatives(ctx: Context, organization: str | None, text: str, *, but: str = "") -> None:
    """Write a notice for everyone who acts for a member organization, except the person `but`."""
    for person in records.people(ctx.tx):
        if person.organisation == organization and person.id != but:
            notify(ctx, person, text)


def places_of(db: Reader, person: Person) -> list[tuple[str, str]]:
    """The platform and address of each chat account and confirmed address that `person` has now."""
    mine = mail.address_of(db, person.id)
    places = [(each.platform, each.user) for each in person.accounts if each.in_chat]
    return places + ([(mail.PLATFORM, mine.address)] if mine and mine.confirmed_at else [])


def notify_each_administrator(ctx: Context, text: str) -> None:
    """Write a notice for every account and address of the administrators but the account that acts: of what hides
    the messages in the admin channel.
    """
    mine = (ctx.actor.platform, ctx.actor.user)
    for person in records.people(ctx.tx):
        for place in places_of(ctx.tx, person) if Role.ADMINISTRATOR in person.roles else ():
            if place != mine:
                notify_at(ctx, person, text, place)


def notify_channel(ctx: Context, to: str, text: str) -> None:
    """Write a notice for a channel, "slack:C0123ABCD", even if no channel of feeds.yml leads there any more."""
    if ctx.actor.person and (acts := records.person(ctx.tx, ctx.actor.person)):
        notify_at(ctx, acts, text, (ADMINS[0], to))


def notify_at(ctx: Context, person: Person, text: str, place: tuple[str, str]) -> None:
    """Write a notice for one of `places_of` a person, also one who has left since."""
    platform, address = place
    notice = AccountNotice(id=ctx.new_id(), person=person.id, platform=platform, address=address, text=text)
    _NOTICES.insert(ctx.tx, [notice], made_at=ctx.now)


def waiting(db: Reader) -> list[AccountNotice]:
    return _NOTICES.select(db, "WHERE posted_at IS NULL ORDER BY made_at, id")


def find(db: Reader, id_: str) -> AccountNotice | None:
    return _NOTICES.get(db, id=id_)
