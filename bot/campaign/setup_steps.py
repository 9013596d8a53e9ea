"""The steps of /campaign setup: what is set, what is missing, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.alerts.plan import routed_asks
from bot.commands.model import Context, Role
from bot.config.feeds import ChannelConfig
from bot.outbox.model import Permissions
from bot.people import records
from bot.people.model import Person
from bot.shared import wording
from bot.shared.card import Button, Line


@dataclass(frozen=True, slots=True)
class Step:
    """`lines`: the current settings. `missing`: what is still to be set. `actions`: what can be changed from here."""

    name: str
    title: str
    lines: Callable[[Context], Iterator[str | Line]]
    missing: Callable[[Context], Iterator[str]]
    actions: tuple[Button, ...] = ()


def _coalition_lines(ctx: Context) -> Iterator[str | Line]:
    config, coalition = ctx.config, ctx.config.coalition
    now = ctx.now.astimezone(coalition.tz)
    yield f"{coalition.name}, called {coalition.short} ({config.origin('name')})."
    yield f"Contact, shown to the sites the bot reads: {coalition.contact} ({config.origin('contact')})."
    yield f"Time zone: {coalition.zone}, where it is {now:%a %H:%M} now ({config.origin('zone')})."
    if coalition.signer:
        yield f"Letters are signed by {coalition.signer.name} ({config.origin('signer')})."


def _coalition_missing(ctx: Context) -> Iterator[str]:
    coalition = ctx.config.coalition
    letterhead = {"address": coalition.address, "phone": coalition.phone, "signer": coalition.signer}
    if unset := [name for name, value in letterhead.items() if not value]:
        yield f"The letterhead has no {wording.listed(unset)}."
    if examples := coalition.placeholders:
        yield f"Still an example: {wording.listed(list(examples), 6)}. No letter can be locked before."
    if coalition.media_contact is None:
        yield "No press contact is set."


def _ask_lines(ctx: Context) -> Iterator[str | Line]:
    for number, ask in ctx.config.coalition.asks.items():
        yield f"{number}. {ask.title} ({ctx.config.origin('asks', number)})"


def _ask_missing(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    watched = {ask for watch in feeds.watches.values() for ask in watch.asks}
    if not asks:
        yield "There is no ask yet."
    if missing := [ask for ask in asks if ask not in watched]:
        yield f"No watch covers {wording.asks(missing)}."


def _member_lines(ctx: Context) -> Iterator[str | Line]:
    for id_, member in ctx.config.coalition.members.items():
        yield f"{member.name} ({ctx.config.origin('members', id_)})"
    yield "Their legal names for letters: /campaign legal-name"


def _member_missing(ctx: Context) -> Iterator[str]:
    members = ctx.config.coalition.members
    if not members:
        yield "No member organization is listed."
    represented = {person.organisation for person in _linked(ctx) if Role.REPRESENTATIVE in person.roles}
    missing = [member.short or member.name for id_, member in members.items() if id_ not in represented]
    if missing:
        yield f"No one represents {wording.listed(missing, 5)} yet."


def _channel_lines(ctx: Context) -> Iterator[str | Line]:
    feeds, rights = ctx.config.feeds, ctx.fetched or {}
    for name, channel in feeds.channels.items():
        yield f"{name} ({channel.to}): {_rights_text(channel, rights.get(name, Permissions()))}"
        quiet = f", quiet {channel.quiet[0]:%H:%M} to {channel.quiet[1]:%H:%M}" if channel.quiet else ""
        yield f"{name} has {_digest_text(channel)}{quiet} ({ctx.config.origin('channels', name)})."
    yield f"Problems are reported in “{feeds.admin}” ({ctx.config.origin('admin')})."
    if ctx.call.channel and place_of(ctx) not in [channel.to for channel in feeds.channels.values()]:
        yield f"This place is {place_of(ctx)}."


def _channel_missing(ctx: Context) -> Iterator[str]:
    feeds = ctx.config.feeds
    if feeds.safety:
        yield f"Still testing: every post goes to “{feeds.safety}” ({ctx.config.origin('safety')})."


def _route_lines(ctx: Context) -> Iterator[str]:
    for number, route in enumerate(ctx.config.feeds.routes):
        limits = [wording.asks(route.asks), wording.listed([kind.value for kind in route.kinds])]
        limits += [wording.listed([level.value for level in route.levels])]
        limits_text = ", ".join(filter(None, limits)) or "everything"
        yield f"{route.to} gets: {limits_text} ({ctx.config.origin('routes', number)})."


def _route_missing(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    titles = {number: ask.title for number, ask in asks.items()}
    routed = {ask for name in feeds.channels for ask in routed_asks(name, feeds, titles)}
    if unrouted := [ask for ask in asks if ask not in routed]:
        yield f"No channel gets {wording.asks(unrouted)}: add a route."
    unused = [name for name in feeds.channels if name not in {*(route.to for route in feeds.routes), feeds.admin}]
    if unused:
        yield f"Nothing is routed to {wording.listed(unused)}."


def _people_lines(ctx: Context) -> Iterator[str]:
    for role in Role:
        holders = [person.name for person in _linked(ctx) if role in person.roles]
        yield f"{role.value.capitalize()}: {wording.listed(holders, 3) or 'no one yet'}."
    yield "Link guests like anyone else. Each person's own quiet hours and zone: /campaign quiet"


def _people_missing(ctx: Context) -> Iterator[str]:
    roles = {role for person in _linked(ctx) for role in person.roles}
    if Role.APPROVER not in roles:
        yield "No one can approve a letter yet."


def _watching_lines(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    on = sum(source.enabled for source in feeds.sources.values())
    verb = "is" if on == 1 else "are"
    yield f"{wording.number(on, 'source')} {verb} checked, {len(feeds.sources) - on} turned off: /feeds list"
    watches = wording.number(len(feeds.watches), "watch", "watches")
    yield f"{watches} for {wording.number(len(asks), 'ask')}: /watch list"


def _watching_missing(ctx: Context) -> Iterator[str]:
    if not ctx.config.feeds.watches:
        yield "There is no watch yet, so nothing is posted."


def _rights_text(channel: ChannelConfig, rights: Permissions) -> str:
    if rights.unknown:
        return f"unknown: {rights.unknown}"
    if rights.lacking:
        return "; ".join(rights.lacking)
    return "printed where the bot runs" if channel.to.startswith("console:") else "the bot can post and read"


def place_of(ctx: Context) -> str:
    """The place where the command was sent, as a channel's address."""
    return f"{ctx.call.platform}:{ctx.call.channel}"


def _digest_text(channel: ChannelConfig) -> str:
    days = {"business-days": "on business days", "monday": "on Mondays"}.get(channel.digest.days)
    return f"a digest at {channel.digest.at:%H:%M} {days}" if days else "no digest"


def _linked(ctx: Context) -> list[Person]:
    return [person for person in records.people(ctx.tx, ctx.coalition_id) if person.accounts]


def _set(label: str, setting: str) -> Button:
    return Button(label, "settings set", (("setting", setting),))


STEPS: Final = (
    Step(
        "coalition",
        "Who you are",
        _coalition_lines,
        _coalition_missing,
        (_set("Names and zone", "coalition"), _set("Letterhead", "letterhead"), _set("Press contact", "press-contact")),
    ),
    Step(
        "asks",
        "What you ask",
        _ask_lines,
        _ask_missing,
        (_set("Add an ask", "ask new"), _set("Change one", "ask"), Button("Add a watch", "watch add")),
    ),
    Step(
        "members",
        "Who signs your letters",
        _member_lines,
        _member_missing,
        (_set("Add a member", "member new"), _set("Change one", "member"), Button("Link a person", "campaign link")),
    ),
    Step(
        "channels",
        "Channels: where the bot posts",
        _channel_lines,
        _channel_missing,
        (_set("Add a channel", "channel new"), _set("Change one", "channel")),
    ),
    Step(
        "routes",
        "Routes: what is posted where",
        _route_lines,
        _route_missing,
        (
            _set("Add a route", "route new"),
            _set("Change one", "route"),
            _set("Admin, safety, press", "special-channels"),
        ),
    ),
    Step(
        "people",
        "People: who can do what",
        _people_lines,
        _people_missing,
        (Button("Link a person", "campaign link"), Button("Import CSV", "campaign import-people")),
    ),
    Step(
        "watching",
        "Watching: what is read, and what matches",
        _watching_lines,
        _watching_missing,
        (Button("Add a source", "feeds add"), Button("Add a watch", "watch add")),
    ),
)
