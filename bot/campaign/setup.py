"""/campaign setup: guides an administrator through the configuration, one card per step; nothing is posted.

People, sources and watches can be changed from here. Settings in the two files are shown with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.alerts import digest
from bot.alerts.campaign import campaign_of
from bot.alerts.routes import routed_asks
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Choice, Context, Param, Refused, Reply, Role
from bot.commands.replies import LINES, answer
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.deadlines import reminders
from bot.letters import todo
from bot.outbox.model import Permissions
from bot.people import records
from bot.shared import wording
from bot.shared.card import Button, Line


@dataclass(frozen=True, slots=True)
class Step:
    """`lines`: the current settings and what to do. `actions`: what can be changed from here."""

    name: str
    title: str
    lines: Callable[[Context], Iterator[str | Line]]
    actions: tuple[Button, ...] = ()


def _channel_lines(ctx: Context) -> Iterator[str | Line]:
    feeds, rights = ctx.config.feeds, ctx.fetched or {}
    for name, channel in feeds.channels.items():
        yield f"{name} ({channel.to}): {_rights_text(channel, rights.get(name, Permissions()))}"
    if feeds.safety:
        yield f"While “safety” is set ({ctx.config.feeds_lines.at('safety')}), every post goes to “{feeds.safety}”."
    yield f"Problems are reported in “{feeds.admin}” ({ctx.config.feeds_lines.at('admin')})."
    yield from _place_hint(ctx)


def _zone_lines(ctx: Context) -> Iterator[str]:
    coalition, lines = ctx.config.coalition, ctx.config.feeds_lines
    now = ctx.now.astimezone(campaign_of(ctx.config).zone)
    yield f"{coalition.zone}, where it is {now:%a %H:%M} now. “zone:” in {ctx.config.coalition_lines.at('zone')}."
    for name, channel in ctx.config.feeds.channels.items():
        when = _digest_text(channel)
        quiet = f", quiet {channel.quiet[0]:%H:%M} to {channel.quiet[1]:%H:%M}" if channel.quiet else ""
        yield f"{name}: {when}{quiet}. “digest:” and “quiet:” in {lines.at('channels', name, 'digest')}."
    yield "Each person's own quiet hours and zone: /campaign quiet"


def _route_lines(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    for number, route in enumerate(feeds.routes):
        limits = [wording.asks(route.asks), wording.listed([kind.value for kind in route.kinds])]
        limits += [wording.listed([level.value for level in route.levels])]
        limits_text = ", ".join(filter(None, limits)) or "everything"
        yield f"{route.to} gets: {limits_text}. {ctx.config.feeds_lines.at('routes', number)}."
    routed = {
        ask for name in feeds.channels for ask in routed_asks(name, feeds, {n: ask.title for n, ask in asks.items()})
    }
    if unrouted := [ask for ask in asks if ask not in routed]:
        yield f"No channel gets {wording.asks(unrouted)}: add a route."
    unused = [name for name in feeds.channels if name not in {*(route.to for route in feeds.routes), feeds.admin}]
    if unused:
        yield f"Nothing is routed to {wording.listed(unused)}."


def _people_lines(ctx: Context) -> Iterator[str]:
    coalition = ctx.config.coalition
    people = [person for person in records.people(ctx.tx, coalition.id) if person.accounts]
    for role in Role:
        holders = [person.name for person in people if role in person.roles]
        yield f"{role.value.capitalize()}: {wording.listed(holders, 3) or 'no one yet'}."
    represented = {person.organisation for person in people if Role.REPRESENTATIVE in person.roles}
    missing = [member.short or member.name for id_, member in coalition.members.items() if id_ not in represented]
    if missing:
        yield f"No one represents {wording.listed(missing, 5)} yet."
    yield f"Members are listed in {ctx.config.coalition_lines.at('members')}. Link guests like anyone else."


def _watching_lines(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    on = sum(source.enabled for source in feeds.sources.values())
    verb = "is" if on == 1 else "are"
    yield f"{wording.number(on, 'source')} {verb} checked, {len(feeds.sources) - on} turned off: /feeds list"
    watches = wording.number(len(feeds.watches), "watch", "watches")
    yield f"{watches} for {wording.number(len(asks), 'ask')}: /watch list"
    watched = {ask for watch in feeds.watches.values() for ask in watch.asks}
    if missing := [ask for ask in asks if ask not in watched]:
        yield f"No watch covers {wording.asks(missing)}."
    yield f"The asks are listed in {ctx.config.coalition_lines.at('asks')}."


STEPS: Final = (
    Step("channels", "Channels: where the bot posts", _channel_lines),
    Step("zone", "Zone and hours", _zone_lines),
    Step("routes", "Routes: what is posted where", _route_lines),
    Step(
        "people",
        "People: who can do what",
        _people_lines,
        (Button("Link a person", "campaign link"), Button("Import CSV", "campaign import-people")),
    ),
    Step(
        "watching",
        "Watching: what is read, and what matches",
        _watching_lines,
        (Button("Add a source", "feeds add"), Button("Add a watch", "watch add")),
    ),
)
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
    Param("channel", "for the digest: its channel", required=False),
)

slash = Group("campaign")


class Network(Protocol):
    async def rights(self) -> dict[str, Permissions]: ...


async def fetch_rights(network: Network, args: Mapping[str, str]) -> dict[str, Permissions] | None:
    """The bot's permissions in each channel; only the first step asks the platforms for them."""
    return await network.rights() if args.get("step") == STEPS[0].name else None


@slash.command(
    "setup",
    "Set up channels, time zone, routes, people and sources; ends with a preview of the digest",
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
    lines = list(step.lines(ctx))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"and {len(lines) - LINES + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *lines, buttons=ctx.theirs(*step.actions, onward), foot=foot)


def _overview(ctx: Context) -> Reply:
    feeds, coalition = ctx.config.feeds, ctx.config.coalition
    people = [person for person in records.people(ctx.tx, coalition.id) if person.accounts]
    lines = [
        f"1. Channels: {wording.listed(list(feeds.channels), 5)}.",
        f"2. Time zone: {coalition.zone}, and when digests are posted.",
        f"3. Routes: {wording.number(len(feeds.routes), 'route')} that decide what is posted where.",
        f"4. People: {wording.number(len(people), 'person is', 'people are')} linked.",
        f"5. Watching: {_watching_counts(ctx)}.",
        "6. Digest: a preview of today's.",
        *_example_note(ctx.config),
    ]
    begin = Button("Begin", "campaign setup", (("step", STEPS[0].name),), "primary")
    return answer(f"Setting up for {coalition.short}, in six steps", *lines, buttons=[begin])


def _example_note(config: Config) -> Iterator[str]:
    sections = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = [lines.at("example") for section, lines in sections if section.example]
    if places:
        yield f"These are the example files. When they are yours, delete “example: true” ({wording.listed(places)})."


def _rights_text(channel: ChannelConfig, rights: Permissions) -> str:
    if rights.unknown:
        return f"unknown: {rights.unknown}"
    if rights.lacking:
        return "; ".join(rights.lacking)
    return "printed where the bot runs" if channel.to.startswith("console:") else "the bot can post and read"


def _place_hint(ctx: Context) -> Iterator[str]:
    """How to post a channel's messages in the place where the command was sent."""
    place = f"{ctx.call.platform}:{ctx.call.channel}"
    channels = ctx.config.feeds.channels
    if not ctx.call.channel or place in [channel.to for channel in channels.values()]:
        return
    name = next(iter(channels))
    yield (
        f"This place is {place}. To post “{name}” here, set “to: {place}” "
        f"({ctx.config.feeds_lines.at('channels', name, 'to')}) and restart."
    )


def _digest_text(channel: ChannelConfig) -> str:
    days = {"business-days": "on business days", "monday": "on Mondays"}.get(channel.digest.days)
    return f"a digest at {channel.digest.at:%H:%M} {days}" if days else "no digest"


def _watching_counts(ctx: Context) -> str:
    feeds = ctx.config.feeds
    return f"{wording.number(len(feeds.sources), 'source')}, {wording.number(len(feeds.watches), 'watch', 'watches')}"


def _digest_preview(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Preview today's digest of a channel; its queued lines stay queued."""
    feeds, campaign = ctx.config.feeds, campaign_of(ctx.config)
    with_digest = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not with_digest:
        raise Refused(f"No channel has a digest. Add “digest:” to one in {ctx.config.feeds_lines.at('channels')}.")
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
