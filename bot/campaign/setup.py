"""/campaign setup: guides an administrator through the configuration, one card per step; nothing is posted.

It says what is still missing, shows where each setting comes from, and has the buttons that change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.alerts import digest
from bot.alerts.campaign import campaign_of
from bot.alerts.plan import routed_asks
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Choice, Context, Param, Refused, Reply, Role
from bot.commands.replies import LINES, answer
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.deadlines import reminders
from bot.letters import todo
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
    return [person for person in records.people(ctx.tx) if person.accounts]


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


_CHANNELS: Final = "channels"
_DIGEST_STEP: Final = "digest"
_PARAMS: Final = (
    Param(
        "step",
        "one of the steps; all of them if left out",
        required=False,
        choices=(
            *(Choice(step.name, step.title) for step in STEPS),
            Choice(_DIGEST_STEP, "A preview of today's digest"),
        ),
    ),
    Param("channel", "for the digest: which channel", required=False),
)

slash = Group("campaign")


class Network(Protocol):
    async def rights(self) -> dict[str, Permissions]: ...


async def fetch_rights(network: Network, args: Mapping[str, str]) -> dict[str, Permissions] | None:
    """The bot's permissions in each channel; only that step asks the platforms for them."""
    return await network.rights() if args.get("step") == _CHANNELS else None


@slash.command(
    "setup",
    "Set up names, asks, members, channels, people and sources; ends with a preview of the digest",
    params=_PARAMS,
    who=ADMINISTRATOR,
    fetch=fetch_rights,
)
def setup(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show a step; without an argument, list the steps."""
    if "step" not in args:
        return _overview(ctx)
    if args["step"] == _DIGEST_STEP:
        return _digest_preview(ctx, args)
    number = next(number for number, step in enumerate(STEPS) if step.name == args["step"])
    step, after = STEPS[number], (*(other.name for other in STEPS), _DIGEST_STEP)[number + 1]
    lines, missing = list(step.lines(ctx)), list(step.missing(ctx))
    room = LINES - len(missing)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"and {len(lines) - room + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    post_here = _post_here(ctx) if step.name == _CHANNELS else ()
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *missing, *lines, buttons=ctx.theirs(*step.actions, *post_here, onward), foot=foot)


def _overview(ctx: Context) -> Reply:
    """The steps, each with what is missing in it."""
    lines = []
    for number, step in enumerate(STEPS, start=1):
        missing = list(step.missing(ctx))
        lines.append(f"{number}. {step.title}. {' '.join(missing) or 'Complete.'}")
    first = next((step for step in STEPS if [*step.missing(ctx)]), STEPS[0])
    begin = Button(f"Begin: {first.name}", "campaign setup", (("step", first.name),), "primary")
    last = f"{len(STEPS) + 1}. Digest: a preview of today's."
    head = f"Setting up for {ctx.config.coalition.short}, in {len(STEPS) + 1} steps"
    return answer(head, *lines, last, *_example_note(ctx.config), buttons=[begin], foot=_ALL)


_ALL: Final = "/settings list shows every setting; each change can be undone."


def _example_note(config: Config) -> Iterator[str]:
    sections = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = [lines.at("example") for section, lines in sections if section.example]
    if places:
        yield f"These are the example files. When they are yours, delete “example: true” ({wording.listed(places)})."


def _post_here(ctx: Context) -> tuple[Button, ...]:
    """A button that posts the first channel's messages in the place where the command was sent."""
    channels = ctx.config.feeds.channels
    if not ctx.call.channel or place_of(ctx) in [channel.to for channel in channels.values()]:
        return ()
    name = next(iter(channels))
    return (Button(f"Post “{name}” here", "settings channel", (("name", name), ("to", place_of(ctx)))),)


def _digest_preview(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Preview today's digest of a channel; its queued lines stay queued."""
    feeds, campaign = ctx.config.feeds, campaign_of(ctx.config)
    with_digest = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not with_digest:
        raise Refused("No channel has a digest. /settings set channel gives one to a channel.")
    name = args.get("channel", with_digest[0])
    if name not in with_digest:
        raise Refused(
            f"“{name[:40]}” has no digest. Channels with one: {wording.listed(with_digest)}.", param="channel"
        )
    clocks = reminders.clocks(ctx.tx, campaign, name, ctx.now.astimezone(campaign.zone).date())
    below = [*clocks, *todo.digest(ctx.tx, campaign, name, ctx.now)]
    card = digest.preview(ctx.tx, name, campaign, below, ctx.now)
    others = [
        Button(f"For {other}", "campaign setup", (("step", _DIGEST_STEP), ("channel", other))) for other in with_digest
    ]
    shown = [button for button, other in zip(others, with_digest, strict=True) if other != name]
    foot = f"A preview for “{name}”: nothing is posted, and the next digest stays as it is."
    return Reply(card=replace(card, foot=foot, buttons=tuple(shown[:4])))
