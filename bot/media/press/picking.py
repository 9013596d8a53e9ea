"""Resolve what a person typed to contacts, embargoes, members, asks and zones; completers for them; and /find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.arguments import check_asks, matching
from bot.commands.model import Choice, Context, Param, Refused, Role, SearchHit, Work
from bot.media.contacts import records
from bot.media.contacts.model import Contact, Embargo
from bot.people import contacts
from bot.shared.calendar import hour_in_words, moment_in_words
from bot.shared.search import Words
from bot.shared.urls import typed_address

PRESS_ROLE: Final = frozenset({Role.PRESS})  # no one else: these notes are about people who did not ask for them


def pick_contact(ctx: Context, typed: str) -> Contact:
    """The one contact that `typed` identifies. Raises `Refused`."""
    none = f"No press contact found for “{typed[:60]}”. /press find lists contacts, /press add adds one."
    return contacts.pick(records.all_contacts(ctx.tx), typed, none)


def contact_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    return contacts.choices(records.all_contacts(ctx.tx), typed)


def find_embargo(ctx: Context, typed: str) -> Embargo | None:
    label = typed.strip().upper()
    return next((it for it in records.embargoes(ctx.tx) if typed == it.id or label == it.label), None)


def parse_link(args: Mapping[str, str]) -> str:
    """The address in `link`; "" without one. Raises `Refused`."""
    link = typed_address(args["link"]) if "link" in args else ""
    if "link" in args and not link:
        raise Refused("This is not a web address. Write it like example.org/story.", param="link")
    return link


def member_name(work: Work, id_: str) -> str:
    """A member's short name; the coalition's for ""."""
    coalition = work.config.coalition
    member = coalition.members.get(id_)
    return (member.short or member.name) if member else (id_ or coalition.short)


def pick_ask(ctx: Context, typed: str) -> int:
    """The number of an ask. Raises `Refused`."""
    number = int(typed)
    check_asks(ctx.config.coalition.asks, [number], param="ask")
    return number


def ask_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    asks = ctx.config.coalition.asks.items()
    return matching((Choice(str(number), f"{number} {ask.title}") for number, ask in asks), typed)


def in_both_zones(moment: datetime, zone: ZoneInfo, ours: ZoneInfo) -> str:
    """`Fri Dec 4, 2026, 2 p.m. PST (5 p.m. EST)`: in the zone it was given in, and in ours if that differs."""
    given, local = moment.astimezone(zone), moment.astimezone(ours)
    text = f"{moment_in_words(given)} {given:%Z}"
    if given.utcoffset() == local.utcoffset():
        return text
    day = "" if given.date() == local.date() else f"{local:%a} "
    return f"{text} ({day}{hour_in_words(local)} {local:%Z})"


CONTACT: Final = Param("contact", "a number such as P-31, or a name", complete=contact_choices, longest=120)


def search_log(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """The log of the press list, only for press staff."""
    for number, entry in records.search(ctx.tx, wanted) if ctx.actor.roles & PRESS_ROLE else ():
        if wanted.fit(entry.text, entry.answer, entry.result):
            yield SearchHit("Press", entry.at, f"P-{number}", f"{entry.kind.value.capitalize()}: {entry.text}")


def search_inquiries(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """Inquiries, only for press staff."""
    for inquiry in records.search_inquiries(ctx.tx, wanted) if ctx.actor.roles & PRESS_ROLE else ():
        if wanted.fit(inquiry.reporter, inquiry.outlet, inquiry.question):
            line = f"{inquiry.outlet} asked: {inquiry.question}"
            yield SearchHit("Press", inquiry.received_at, inquiry.label, line)
