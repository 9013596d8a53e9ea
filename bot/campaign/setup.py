"""/campaign setup: guides an administrator through the configuration, one card per step; nothing is posted.

It says what is still missing, shows where each setting comes from, and has the buttons that change it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.alerts import digest
from bot.alerts.plan import routed_asks
from bot.commands.model import ADMINISTRATOR, LINES, Choice, Context, Group, Param, Refused, Reply, Role, answer
from bot.deadlines import agenda
from bot.deadlines.windows import closing_dates
from bot.letters import overview
from bot.outbox.model import Permissions
from bot.people import records
from bot.people.model import Person
from bot.shared import wording
from bot.shared.calendar import hour_in_words
from bot.shared.card import Button

_CHANNELS: Final = "channels"
Missing = list[str]  # what is still to be set
Settings = list[str]  # the current settings, each in a line
Show = Callable[[Context], tuple[Missing, Settings]]


@dataclass(frozen=True, slots=True)
class Step:
    """`show`: what is still to be set, and the current settings. `actions`: what can be changed from here."""

    name: str
    title: str
    show: Show
    actions: tuple[Button, ...] = ()


def _set(label: str, setting: str) -> Button:
    return Button(label, "settings set", (("setting", setting),))


def _coalition(ctx: Context) -> tuple[Missing, Settings]:
    config, coalition = ctx.config, ctx.config.coalition
    now = ctx.now.astimezone(coalition.tz)
    lines = [
        f"{coalition.name}, called {coalition.short} ({config.origin('name')}).",
        f"Contact, shown to the sites the bot reads: {coalition.contact} ({config.origin('contact')}).",
        f"Time zone: {coalition.zone}, where it is {now:%a} {hour_in_words(now)} now ({config.origin('zone')}).",
    ]
    if coalition.signer:
        lines.append(f"Letters are signed by {coalition.signer.name} ({config.origin('signer')}).")
    letterhead = {"address": coalition.address, "phone": coalition.phone, "signer": coalition.signer}
    missing = []
    if unset := [name for name, value in letterhead.items() if not value]:
        missing.append(f"The letterhead has no {wording.listed(unset)}.")
    if examples := coalition.placeholders:
        missing.append(f"Still an example: {wording.listed(list(examples), 6)}. No letter can be locked before.")
    return [*missing, *([] if coalition.media_contact else ["No press contact is set."])], lines


def _asks(ctx: Context) -> tuple[Missing, Settings]:
    asks = ctx.config.coalition.asks
    lines = [f"{number}. {ask.title} ({ctx.config.origin('asks', number)})" for number, ask in asks.items()]
    watched = {ask for watch in ctx.config.feeds.watches.values() for ask in watch.asks}
    unwatched = [ask for ask in asks if ask not in watched]
    missing = [f"No watch covers {wording.asks(unwatched)}."] if unwatched else []
    return missing if asks else ["There is no ask yet."], lines


def _members(ctx: Context) -> tuple[Missing, Settings]:
    members = ctx.config.coalition.members
    lines = [f"{member.name} ({ctx.config.origin('members', id_)})" for id_, member in members.items()]
    represented = {person.organisation for person in _linked(ctx) if Role.REPRESENTATIVE in person.roles}
    unrepresented = [member.short or member.name for id_, member in members.items() if id_ not in represented]
    missing = [f"No one represents {wording.listed(unrepresented, 5)} yet."] if unrepresented else []
    return missing if members else ["No member organization is listed."], lines


def _channels(ctx: Context) -> tuple[Missing, Settings]:
    feeds, rights, lines = ctx.config.feeds, ctx.fetched or {}, []
    for name, channel in feeds.channels.items():
        own = rights.get(name, Permissions())
        unknown = f"unknown: {own.unknown}" if own.unknown else "; ".join(own.lacking)
        usual = "printed where the bot runs" if channel.to.startswith("console:") else "the bot can post and read"
        lines.append(f"{name} ({channel.to}): {unknown or usual}")
        days = {"business-days": "on business days", "monday": "on Mondays"}.get(channel.digest.days)
        digest_ = f"a digest at {hour_in_words(channel.digest.at)} {days}" if days else "no digest"
        quiet = f", quiet {' to '.join(map(hour_in_words, channel.quiet))}" if channel.quiet else ""
        lines.append(f"{name} has {digest_}{quiet} ({ctx.config.origin('channels', name)}).")
    lines.append(f"Problems are reported in “{feeds.admin}” ({ctx.config.origin('admin')}).")
    if ctx.call.channel and place_of(ctx) not in [channel.to for channel in feeds.channels.values()]:
        lines.append(f"This place is {place_of(ctx)}.")
    testing = f"Still testing: every post goes to “{feeds.safety}” ({ctx.config.origin('safety')})."
    return [testing] if feeds.safety else [], lines


def _routes(ctx: Context) -> tuple[Missing, Settings]:
    feeds, asks, lines, missing = ctx.config.feeds, ctx.config.coalition.asks, [], []
    for number, route in enumerate(feeds.routes):
        kinds, levels = ([each.value for each in limit] for limit in (route.kinds, route.levels))
        limits = ", ".join(filter(None, (wording.asks(route.asks), wording.listed(kinds), wording.listed(levels))))
        lines.append(f"{route.to} gets: {limits or 'everything'} ({ctx.config.origin('routes', number)}).")
    titles = {number: ask.title for number, ask in asks.items()}
    routed = {ask for name in feeds.channels for ask in routed_asks(name, feeds, titles)}
    if unrouted := [ask for ask in asks if ask not in routed]:
        missing.append(f"No channel gets {wording.asks(unrouted)}: add a route.")
    if unused := [name for name in feeds.channels if name not in {*(route.to for route in feeds.routes), feeds.admin}]:
        missing.append(f"Nothing is routed to {wording.listed(unused)}.")
    return missing, lines


def _people(ctx: Context) -> tuple[Missing, Settings]:
    lines = []
    for role in Role:
        holders = [person.name for person in _linked(ctx) if role in person.roles]
        lines.append(f"{role.value.capitalize()}: {wording.listed(holders, 3) or 'no one yet'}.")
    lines.append("Link guests like anyone else. Each person's own quiet hours and zone: /campaign quiet")
    can_approve = any(Role.APPROVER in person.roles for person in _linked(ctx))
    return [] if can_approve else ["No one can approve a letter yet."], lines


def _watching(ctx: Context) -> tuple[Missing, Settings]:
    feeds, asks = ctx.config.feeds, ctx.config.coalition.asks
    on = sum(source.enabled for source in feeds.sources.values())
    checked = wording.number(on, "source is", "sources are")
    watches = wording.number(len(feeds.watches), "watch", "watches")
    lines = [
        f"{checked} checked, {len(feeds.sources) - on} turned off: /feeds list",
        f"{watches} for {wording.number(len(asks), 'ask')}: /watch list",
    ]
    return [] if feeds.watches else ["There is no watch yet, so nothing is posted."], lines


def place_of(ctx: Context) -> str:
    return f"{ctx.call.platform}:{ctx.call.channel}"


def _linked(ctx: Context) -> list[Person]:
    return [person for person in records.people(ctx.tx) if person.accounts]


STEPS: Final = (
    Step(
        "coalition", "Who you are", _coalition,
        (_set("Names and zone", "coalition"), _set("Letterhead", "letterhead"), _set("Press contact", "press-contact")),
    ),
    Step(
        "asks", "What you ask", _asks,
        (_set("Add an ask", "ask new"), _set("Change one", "ask"), Button("Add a watch", "watch add")),
    ),
    Step(
        "members", "Who signs your letters", _members,
        (_set("Add a member", "member new"), _set("Change one", "member"), Button("Link a person", "people link")),
    ),
    Step(
        _CHANNELS, "Channels: where the bot posts", _channels,
        (_set("Add a channel", "channel new"), _set("Change one", "channel")),
    ),
    Step(
        "routes", "Routes: what is posted where", _routes,
        (
            _set("Add a route", "route new"), _set("Change one", "route"),
            _set("Admin, safety, press", "special-channels"),
        ),
    ),
    Step(
        "people", "People: who can do what", _people,
        (Button("Link a person", "people link"), Button("Import CSV", "people import")),
    ),
    Step(
        "watching", "Watching: what is read, and what matches", _watching,
        (Button("Add a source", "feeds add"), Button("Add a watch", "watch add")),
    ),
)  # fmt: skip
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


async def _fetch_rights(network: Any, args: Mapping[str, str]) -> dict[str, Permissions] | None:
    """The bot's permissions in each channel; only that step asks the platforms for them."""
    rights: dict[str, Permissions] | None = await network.rights() if args.get("step") == _CHANNELS else None
    return rights


@slash.command(params=_PARAMS, who=ADMINISTRATOR, fetch=_fetch_rights)
def setup(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set up names, asks, members, channels, people and sources; ends with a preview of the digest."""
    if "step" not in args:
        return _overview(ctx)
    if args["step"] == _DIGEST_STEP:
        return _digest_preview(ctx, args)
    number = next(number for number, step in enumerate(STEPS) if step.name == args["step"])
    step, after = STEPS[number], (*(other.name for other in STEPS), _DIGEST_STEP)[number + 1]
    missing, lines = step.show(ctx)
    room = LINES - len(missing)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"and {len(lines) - room + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    actions = step.actions
    channels = ctx.config.feeds.channels
    is_new_place = ctx.call.channel and place_of(ctx) not in [channel.to for channel in channels.values()]
    if step.name == _CHANNELS and is_new_place:  # a button that posts the first channel's messages in this place
        name = next(iter(channels))
        args_ = (("name", name), ("to", place_of(ctx)))
        actions = (*actions, Button(f"Post “{name}” here", "settings channel", args_))
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *missing, *lines, buttons=ctx.theirs(*actions, onward), foot=foot)


def _overview(ctx: Context) -> Reply:
    missing = {step.name: step.show(ctx)[0] for step in STEPS}
    lines = [
        f"{number}. {step.title}. {' '.join(missing[step.name]) or 'Complete.'}"
        for number, step in enumerate(STEPS, start=1)
    ]
    first = next((step for step in STEPS if missing[step.name]), STEPS[0])
    begin = Button(f"Begin: {first.name}", "campaign setup", (("step", first.name),), "primary")
    last = f"{len(STEPS) + 1}. Digest: a preview of today's."
    head = f"Setting up for {ctx.config.coalition.short}, in {len(STEPS) + 1} steps"
    config = ctx.config
    sections = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = wording.listed([lines_.at("example") for section, lines_ in sections if section.example])
    examples = f"These are the example files. When they are yours, delete “example: true” ({places})." if places else ""
    foot = "/settings list shows every setting; each change can be undone."
    return answer(head, *lines, last, examples, buttons=[begin], foot=foot)


def _digest_preview(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Preview today's digest of a channel; its queued lines stay queued."""
    feeds, config = ctx.config.feeds, ctx.config
    with_digest = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not with_digest:
        raise Refused("No channel has a digest. /settings set channel gives one to a channel.")
    name = args.get("channel", with_digest[0])
    if name not in with_digest:
        raise Refused(
            f"“{name[:40]}” has no digest. Channels with one: {wording.listed(with_digest)}.", param="channel"
        )
    clocks = agenda.clocks(ctx.tx, config, name, ctx.today)
    below = [*clocks, *overview.digest(ctx.tx, config, name, ctx.now)]
    dates = closing_dates(ctx.tx, name, config, ctx.now, digest.AHEAD)
    card = digest.preview(ctx.tx, name, config, digest.Added(dates, below), ctx.now)
    others = [
        Button(f"For {other}", "campaign setup", (("step", _DIGEST_STEP), ("channel", other)))
        for other in with_digest
        if other != name
    ]
    foot = f"A preview for “{name}”: nothing is posted, and the next digest stays as it is."
    return Reply(card=replace(card, foot=foot, buttons=tuple(others[:4])))
