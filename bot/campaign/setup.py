"""/campaign setup: an administrator walks through what the bot needs to know, one card a step; nothing is posted.

People, sources and watches are changed from here. What only the two files say is shown with the line to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.alerts import digest, words
from bot.alerts.house import house_of
from bot.alerts.routes import asks_heard
from bot.answering import LINES, answer
from bot.card import Button, Line
from bot.command import Choice, Desk, Param, Refused, Reply, Role
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.deadlines import remind
from bot.letters import waiting
from bot.outbox.rights import Rights
from bot.people import records


class Network(Protocol):
    async def rights(self) -> dict[str, Rights]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """`tell`: what stands so, and what is to be done. `actions`: what can be changed from here."""

    name: str
    title: str
    tell: Callable[[Desk], Iterator[str | Line]]
    actions: tuple[Button, ...] = ()


def setup(desk: Desk, args: Mapping[str, str]) -> Reply:
    """One step; the list of them where none is named."""
    if "step" not in args:
        return _overview(desk)
    if args["step"] == _LAST:
        return _trial(desk, args)
    number = next(number for number, step in enumerate(STEPS) if step.name == args["step"])
    step, after = STEPS[number], (*(each.name for each in STEPS), _LAST)[number + 1]
    lines = list(step.tell(desk))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"and {len(lines) - LINES + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *lines, buttons=desk.theirs(*step.actions, onward), foot=foot)


async def look(network: Network, args: Mapping[str, str]) -> dict[str, Rights] | None:
    """Only the first step asks the chats."""
    return await network.rights() if args.get("step") == STEPS[0].name else None


def _overview(desk: Desk) -> Reply:
    feeds, coalition = desk.config.feeds, desk.config.coalition
    people = [person for person in records.people(desk.tx, coalition.id) if person.accounts]
    lines = [
        f"1. Channels: {words.listed(list(feeds.channels), 5)}.",
        f"2. Zone: {coalition.zone}, and the hours of digests.",
        f"3. Routes: {words.number(len(feeds.routes), 'rule')} on what is said where.",
        f"4. People: {words.number(len(people), 'person acts', 'people act')} here.",
        f"5. Watching: {_count(desk)}.",
        "6. Digest: today's, as a dry run.",
        *_example(desk.config),
    ]
    begin = Button("Begin", "campaign setup", (("step", STEPS[0].name),), "primary")
    return answer(f"Setting up for {coalition.short}, in six steps", *lines, buttons=[begin])


def _example(config: Config) -> Iterator[str]:
    held = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = [lines.at("example") for section, lines in held if section.example]
    if places:
        yield f"Still the shipped example: when it is yours, delete “example: true” ({words.listed(places)})."


# --- the steps --------------------------------------------------------------------------------------------------------


def _channels(desk: Desk) -> Iterator[str | Line]:
    feeds, rights = desk.config.feeds, desk.fetched or {}
    for name, channel in feeds.channels.items():
        yield f"{name} ({channel.to}): {_standing(channel, rights.get(name, Rights()))}"
    if feeds.safety:
        yield f"While “safety” is set ({desk.config.feeds_lines.at('safety')}), every post goes to “{feeds.safety}”."
    yield f"Trouble is told in “{feeds.admin}” ({desk.config.feeds_lines.at('admin')})."
    yield from _here(desk)


def _standing(channel: ChannelConfig, rights: Rights) -> str:
    if rights.unknown:
        return f"cannot tell: {rights.unknown}"
    if rights.lacking:
        return "; ".join(rights.lacking)
    return "printed where the bot runs" if channel.to.startswith("console:") else "the bot may post and read back"


def _here(desk: Desk) -> Iterator[str]:
    """The line that would bring a channel to the place that was asked in."""
    place = f"{desk.call.platform}:{desk.call.channel}"
    channels = desk.config.feeds.channels
    if not desk.call.channel or place in [channel.to for channel in channels.values()]:
        return
    name = next(iter(channels))
    yield (
        f"This place is {place}. To have “{name}” said here, write “to: {place}” "
        f"({desk.config.feeds_lines.at('channels', name, 'to')}) and restart."
    )


def _zone(desk: Desk) -> Iterator[str]:
    coalition, lines = desk.config.coalition, desk.config.feeds_lines
    now = desk.now.astimezone(house_of(desk.config).zone)
    yield f"{coalition.zone}, where it is {now:%a %H:%M} now. “zone:” in {desk.config.coalition_lines.at('zone')}."
    for name, channel in desk.config.feeds.channels.items():
        when = _digest(channel)
        quiet = f", quiet {channel.quiet[0]:%H:%M} to {channel.quiet[1]:%H:%M}" if channel.quiet else ""
        yield f"{name}: {when}{quiet}. “digest:” and “quiet:” in {lines.at('channels', name, 'digest')}."
    yield "Each person's own quiet hours and zone: /campaign quiet"


def _digest(channel: ChannelConfig) -> str:
    days = {"business-days": "on business days", "monday": "on Mondays"}.get(channel.digest.days)
    return f"a digest at {channel.digest.at:%H:%M} {days}" if days else "no digest"


def _routes(desk: Desk) -> Iterator[str]:
    feeds, asks = desk.config.feeds, desk.config.coalition.asks
    for number, route in enumerate(feeds.routes):
        limits = [words.asks(route.asks), words.listed([kind.value for kind in route.kinds])]
        limits += [words.listed([level.value for level in route.levels])]
        what = ", ".join(filter(None, limits)) or "everything"
        yield f"{route.to} hears: {what}. {desk.config.feeds_lines.at('routes', number)}."
    heard = {ask for name in feeds.channels for ask in asks_heard(name, feeds, {n: it.title for n, it in asks.items()})}
    if deaf := [ask for ask in asks if ask not in heard]:
        yield f"No channel hears of {words.asks(deaf)}: add a route."
    silent = [name for name in feeds.channels if name not in {*(route.to for route in feeds.routes), feeds.admin}]
    if silent:
        yield f"Nothing is brought to {words.listed(silent)}."


def _people(desk: Desk) -> Iterator[str]:
    coalition = desk.config.coalition
    people = [person for person in records.people(desk.tx, coalition.id) if person.accounts]
    for role in Role:
        have = [person.name for person in people if role in person.roles]
        yield f"{role.value.capitalize()}: {words.listed(have, 3) or 'nobody yet'}."
    spoken_for = {person.organisation for person in people if Role.REPRESENTATIVE in person.roles}
    missing = [member.short or member.name for id_, member in coalition.members.items() if id_ not in spoken_for]
    if missing:
        yield f"Nobody speaks for {words.listed(missing, 5)} yet."
    yield f"Members stand in {desk.config.coalition_lines.at('members')}. Guests are linked like anybody else."


def _watching(desk: Desk) -> Iterator[str]:
    feeds, asks = desk.config.feeds, desk.config.coalition.asks
    on = sum(source.enabled for source in feeds.sources.values())
    yield f"{words.number(on, 'source')} are asked, {len(feeds.sources) - on} are switched off: /feeds list"
    yield f"{words.number(len(feeds.watches), 'watch', 'watches')} for {words.number(len(asks), 'ask')}: /watch list"
    watched = {ask for watch in feeds.watches.values() for ask in watch.asks}
    if missing := [ask for ask in asks if ask not in watched]:
        yield f"No watch serves {words.asks(missing)}."
    yield f"The asks themselves stand in {desk.config.coalition_lines.at('asks')}."


def _count(desk: Desk) -> str:
    feeds = desk.config.feeds
    return f"{words.number(len(feeds.sources), 'source')}, {words.number(len(feeds.watches), 'watch', 'watches')}"


def _trial(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Today's digest as a channel would get it. What waits for it goes on waiting."""
    feeds, house = desk.config.feeds, house_of(desk.config)
    having = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not having:
        raise Refused(f"No channel has a digest. Give one “digest:” in {desk.config.feeds_lines.at('channels')}.")
    name = args.get("channel", having[0])
    if name not in having:
        raise Refused(f"“{name[:40]}” has no digest. These have: {words.listed(having)}.", param="channel")
    clocks = remind.clocks(desk.tx, house, name, desk.now.astimezone(house.zone).date())
    below = [*clocks, *waiting.digest(desk.tx, house, name, desk.now)]
    card = digest.preview(desk.tx, name, house, below, desk.now)
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
