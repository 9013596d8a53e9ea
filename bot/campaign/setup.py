"""/campaign setup: an administrator walks through what the bot needs to know, one card a step; nothing is posted.

People, sources and watches are changed from here. What only the two files say is shown with the line to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.alerts import digest
from bot.alerts.campaign import campaign_of
from bot.alerts.routes import asks_heard
from bot.commands.model import Choice, Context, Param, Refused, Reply, Role
from bot.commands.replies import LINES, answer
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.deadlines import reminders
from bot.letters import todo
from bot.outbox.permissions import Permissions
from bot.people import records
from bot.shared import wording
from bot.shared.card import Button, Line


class Network(Protocol):
    async def rights(self) -> dict[str, Permissions]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """`tell`: what stands so, and what is to be done. `actions`: what can be changed from here."""

    name: str
    title: str
    tell: Callable[[Context], Iterator[str | Line]]
    actions: tuple[Button, ...] = ()


def setup(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One step; the list of them where none is named."""
    if "step" not in args:
        return _overview(ctx)
    if args["step"] == _LAST:
        return _trial(ctx, args)
    number = next(number for number, step in enumerate(STEPS) if step.name == args["step"])
    step, after = STEPS[number], (*(each.name for each in STEPS), _LAST)[number + 1]
    lines = list(step.tell(ctx))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"and {len(lines) - LINES + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *lines, buttons=ctx.theirs(*step.actions, onward), foot=foot)


async def look(network: Network, args: Mapping[str, str]) -> dict[str, Permissions] | None:
    """Only the first step asks the chats."""
    return await network.rights() if args.get("step") == STEPS[0].name else None


def _overview(ctx: Context) -> Reply:
    feeds, coalition = ctx.config.feeds, ctx.config.coalition
    people = [person for person in records.people(ctx.tx, coalition.id) if person.accounts]
    lines = [
        f"1. Channels: {wording.listed(list(feeds.channels), 5)}.",
        f"2. Zone: {coalition.zone}, and the hours of digests.",
        f"3. Routes: {wording.number(len(feeds.routes), 'rule')} on what is said where.",
        f"4. People: {wording.number(len(people), 'person acts', 'people act')} here.",
        f"5. Watching: {_count(ctx)}.",
        "6. Digest: today's, as a dry run.",
        *_example(ctx.config),
    ]
    begin = Button("Begin", "campaign setup", (("step", STEPS[0].name),), "primary")
    return answer(f"Setting up for {coalition.short}, in six steps", *lines, buttons=[begin])


def _example(config: Config) -> Iterator[str]:
    held = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = [lines.at("example") for section, lines in held if section.example]
    if places:
        yield f"Still the shipped example: when it is yours, delete “example: true” ({wording.listed(places)})."


# --- the steps --------------------------------------------------------------------------------------------------------


def _channels(ctx: Context) -> Iterator[str | Line]:
    feeds, rights = ctx.config.feeds, ctx.fetched or {}
    for name, channel in feeds.channels.items():
        yield f"{name} ({channel.to}): {_standing(channel, rights.get(name, Permissions()))}"
    if feeds.safety:
        yield f"While “safety” is set ({ctx.config.feeds_lines.at('safety')}), every post goes to “{feeds.safety}”."
    yield f"Trouble is told in “{feeds.admin}” ({ctx.config.feeds_lines.at('admin')})."
    yield from _here(ctx)


def _standing(channel: ChannelConfig, rights: Permissions) -> str:
    if rights.unknown:
        return f"cannot tell: {rights.unknown}"
    if rights.lacking:
        return "; ".join(rights.lacking)
    return "printed where the bot runs" if channel.to.startswith("console:") else "the bot may post and read back"


def _here(ctx: Context) -> Iterator[str]:
    """The line that would bring a channel to the place that was asked in."""
    place = f"{ctx.call.platform}:{ctx.call.channel}"
    channels = ctx.config.feeds.channels
    if not ctx.call.channel or place in [channel.to for channel in channels.values()]:
        return
    name = next(iter(channels))
    yield (
        f"This place is {place}. To have “{name}” said here, write “to: {place}” "
        f"({ctx.config.feeds_lines.at('channels', name, 'to')}) and restart."
    )


def _zone(ctx: Context) -> Iterator[str]:
    coalition, lines = ctx.config.coalition, ctx.config.feeds_lines
    now = ctx.now.astimezone(campaign_of(ctx.config).zone)
    yield f"{coalition.zone}, where it is {now:%a %H:%M} now. “zone:” in {ctx.config.coalition_lines.at('zone')}."
    for name, channel in ctx.config.feeds.channels.items():
        when = _digest(channel)
        quiet = f", quiet {channel.quiet[0]:%H:%M} to {channel.quiet[1]:%H:%M}" if channel.quiet else ""
        yield f"{name}: {when}{quiet}. “digest:” and “quiet:” in {lines.at('channels', name, 'digest')}."
    yield "Each person's own quiet hours and zone: /campaign quiet"


def _digest(channel: ChannelConfig) -> str:
    days = {"business-days": "on business days", "monday": "on Mondays"}.get(channel.digest.days)
    return f"a digest at {channel.digest.at:%H:%M} {days}" if days else "no digest"


def _routes(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    for number, route in enumerate(feeds.routes):
        limits = [wording.asks(route.asks), wording.listed([kind.value for kind in route.kinds])]
        limits += [wording.listed([level.value for level in route.levels])]
        what = ", ".join(filter(None, limits)) or "everything"
        yield f"{route.to} hears: {what}. {ctx.config.feeds_lines.at('routes', number)}."
    heard = {ask for name in feeds.channels for ask in asks_heard(name, feeds, {n: it.title for n, it in asks.items()})}
    if deaf := [ask for ask in asks if ask not in heard]:
        yield f"No channel hears of {wording.asks(deaf)}: add a route."
    silent = [name for name in feeds.channels if name not in {*(route.to for route in feeds.routes), feeds.admin}]
    if silent:
        yield f"Nothing is brought to {wording.listed(silent)}."


def _people(ctx: Context) -> Iterator[str]:
    coalition = ctx.config.coalition
    people = [person for person in records.people(ctx.tx, coalition.id) if person.accounts]
    for role in Role:
        have = [person.name for person in people if role in person.roles]
        yield f"{role.value.capitalize()}: {wording.listed(have, 3) or 'nobody yet'}."
    spoken_for = {person.organisation for person in people if Role.REPRESENTATIVE in person.roles}
    missing = [member.short or member.name for id_, member in coalition.members.items() if id_ not in spoken_for]
    if missing:
        yield f"Nobody speaks for {wording.listed(missing, 5)} yet."
    yield f"Members stand in {ctx.config.coalition_lines.at('members')}. Guests are linked like anybody else."


def _watching(ctx: Context) -> Iterator[str]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    on = sum(source.enabled for source in feeds.sources.values())
    yield f"{wording.number(on, 'source')} are asked, {len(feeds.sources) - on} are switched off: /feeds list"
    watches = wording.number(len(feeds.watches), "watch", "watches")
    yield f"{watches} for {wording.number(len(asks), 'ask')}: /watch list"
    watched = {ask for watch in feeds.watches.values() for ask in watch.asks}
    if missing := [ask for ask in asks if ask not in watched]:
        yield f"No watch serves {wording.asks(missing)}."
    yield f"The asks themselves stand in {ctx.config.coalition_lines.at('asks')}."


def _count(ctx: Context) -> str:
    feeds = ctx.config.feeds
    return f"{wording.number(len(feeds.sources), 'source')}, {wording.number(len(feeds.watches), 'watch', 'watches')}"


def _trial(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Today's digest as a channel would get it. What waits for it goes on waiting."""
    feeds, campaign = ctx.config.feeds, campaign_of(ctx.config)
    having = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not having:
        raise Refused(f"No channel has a digest. Give one “digest:” in {ctx.config.feeds_lines.at('channels')}.")
    name = args.get("channel", having[0])
    if name not in having:
        raise Refused(f"“{name[:40]}” has no digest. These have: {wording.listed(having)}.", param="channel")
    clocks = reminders.clocks(ctx.tx, campaign, name, ctx.now.astimezone(campaign.zone).date())
    below = [*clocks, *todo.digest(ctx.tx, campaign, name, ctx.now)]
    card = digest.preview(ctx.tx, name, campaign, below, ctx.now)
    others = [Button(f"For {other}", "campaign setup", (("step", _LAST), ("channel", other))) for other in having]
    shown = [button for button, other in zip(others, having, strict=True) if other != name]
    foot = f"A dry run for “{name}”: nothing is posted, and nothing is taken from the digest that comes."
    return Reply(card=replace(card, foot=foot, buttons=tuple(shown[:4])))


_LAST: Final = "digest"
STEPS: Final = (
    Step("channels", "Channels: where the bot speaks", _channels),
    Step("zone", "Zone and hours", _zone),
    Step("routes", "Routes: what is said where", _routes),
    Step(
        "people",
        "People: who may ask for what",
        _people,
        (Button("Link somebody", "campaign link"), Button("Import CSV", "campaign import-people")),
    ),
    Step(
        "watching",
        "Watching: what is read, and what matters in it",
        _watching,
        (Button("Add a source", "feeds add"), Button("Add a watch", "watch add")),
    ),
)
PARAMS: Final = (
    Param(
        "step",
        "one of the steps; all of them if left out",
        required=False,
        choices=(*(Choice(step.name, step.title) for step in STEPS), Choice(_LAST, "Today's digest, as a dry run")),
    ),
    Param("channel", "for the digest: which channel's", required=False),
)
