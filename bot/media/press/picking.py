"""Who of the press is meant by what a person typed, and how this part of the room answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.commands.model import Choice, Context, Param, Refused, Role
from bot.media.press import records
from bot.media.press.model import Contact, Embargo, folded

PRESS: Final = frozenset({Role.PRESS})  # nobody else: what is noted here is about people who did not ask for it
ZONES: Final = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles", "UTC": "UTC"
}  # fmt: skip


def found(ctx: Context, typed: str) -> list[Contact]:
    """By label or id exactly; else all of whom every word is in name, outlet, beat, market, title or e-mail."""
    everybody = records.contacts(ctx.tx, ctx.config.coalition.id)
    label = typed.strip().upper()
    exact = [each for each in everybody if typed == each.id or label in (each.label, str(each.number))]
    words = folded(typed).split()
    return exact or [each for each in everybody if words and all(word in _haystack(each) for word in words)]


def meant(ctx: Context, typed: str) -> Contact:
    """The one contact that is meant. Raises `Refused`."""
    several = found(ctx, typed)
    if not several:
        raise Refused(
            f"Nobody on the press list answers to “{typed[:60]}”. /press find shows who is on it, /press add adds one.",
            param="contact",
        )
    if len(several) > 1:
        names = ", ".join(f"{each.label} {each.who}" for each in several[:5])
        raise Refused(
            f"“{typed[:60]}” could be {names}. Write the number, such as {several[0].label}.", param="contact"
        )
    return several[0]


def choices(ctx: Context, typed: str) -> Sequence[Choice]:
    everybody = records.contacts(ctx.tx, ctx.config.coalition.id)
    words = folded(typed).split()
    fitting = [each for each in everybody if all(word in f"{each.label.lower()} {_haystack(each)}" for word in words)]
    return [Choice(each.label, f"{each.label} {each.who}") for each in fitting]


def embargo_meant(ctx: Context, typed: str) -> Embargo | None:
    known = records.embargoes(ctx.tx, ctx.config.coalition.id)
    label = typed.strip().upper()
    return next((each for each in known if typed == each.id or label == each.label), None)


def zone_meant(typed: str) -> ZoneInfo:
    """`ET`, `PT`, `Europe/London`. Raises `Refused`."""
    try:
        return ZoneInfo(ZONES.get(typed.upper(), typed))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        known = ", ".join(ZONES)
        raise Refused(f"“{typed[:40]}” is no time zone: write {known} or Europe/London.", param="zone") from error


def zones(ctx: Context, typed: str) -> Sequence[Choice]:  # noqa: ARG001 - a completer's form
    offered = [Choice(name, f"{name}, {zone}") for name, zone in ZONES.items()]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


def member_meant(ctx: Context, typed: str, param: str) -> str:
    """A member's id, from its id or a name. Raises `Refused`."""
    members = ctx.config.coalition.members
    for id_, member in members.items():
        if typed.casefold() in (id_, member.name.casefold(), member.short.casefold()):
            return id_
    raise Refused(f"There is no member “{typed[:60]}”. There are: {', '.join(members) or 'none'}.", param=param)


def members(ctx: Context, typed: str) -> Sequence[Choice]:
    offered = [Choice(id_, member.name) for id_, member in ctx.config.coalition.members.items()]
    return [each for each in offered if typed.casefold() in f"{each.value} {each.label}".casefold()]


def member_name(ctx: Context, id_: str) -> str:
    """What people call a member; the coalition's short name for ""."""
    coalition = ctx.config.coalition
    member = coalition.members.get(id_)
    return (member.short or member.name) if member else (id_ or coalition.short)


def ask_meant(ctx: Context, typed: str) -> int:
    """Raises `Refused`."""
    number = int(typed)
    if number not in ctx.config.coalition.asks:
        known = ", ".join(map(str, ctx.config.coalition.asks))
        raise Refused(f"There is no ask {number}. There are {known}.", param="ask")
    return number


def asks(ctx: Context, typed: str) -> Sequence[Choice]:
    offered = [Choice(str(number), f"{number} {ask.title}") for number, ask in ctx.config.coalition.asks.items()]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


def in_both(moment: datetime, zone: ZoneInfo, ours: ZoneInfo) -> str:
    """`Fri 4 Dec 2026 14:00 PST (17:00 EST)`: in the zone it was said in, and in ours where that is another."""
    there, here = moment.astimezone(zone), moment.astimezone(ours)
    said = f"{there:%a} {there.day} {there:%b} {there.year} {there:%H:%M %Z}"
    if there.utcoffset() == here.utcoffset():
        return said
    day = "" if there.date() == here.date() else f"{here:%a} "
    return f"{said} ({day}{here:%H:%M %Z})"


def _haystack(contact: Contact) -> str:
    its = contact.outlet
    return folded(
        f"{contact.name} {contact.title} {contact.beat} {contact.email.replace('@', ' ')} {its.name} {its.type} "
        f"{its.market} {'' if contact.name else 'desk'}"
    )


CONTACT: Final = Param("contact", "a number such as P-31, or a name", complete=choices, longest=120)
