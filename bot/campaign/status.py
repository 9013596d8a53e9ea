"""/campaign status, pause and resume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from bot.alerts import status as alerts_status
from bot.alerts.status import Status
from bot.commands.arguments import matching, read_later
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, LINES, STAFF, Choice, Context, Kind, Param, Refused, Reply, answer
from bot.congress import sync
from bot.deadlines import agenda
from bot.letters import overview
from bot.outbox import holds
from bot.outbox import notices as outbox_notices
from bot.outbox.holds import Hold
from bot.outbox.model import PERSONAL, Channel
from bot.people import account_notices
from bot.people.pii import NO_DETAILS
from bot.people.records import person
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.shared.time_phrases import HINT, MORNING

WHY: Final = Param("why", "the reason, which others see", required=False, longest=200, free=True)
_ADVICE: Final = 160  # characters of what to try


def channels(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(name, name) for name in ctx.config.feeds.channels), typed)


_UNTIL: Final = Param(
    "until", f"2h, {HINT}; until resumed if left out", required=False, formerly=("length",), check=read_later
)
_CHANNEL: Final = Param("channel", "one channel; everywhere if left out", required=False, complete=channels)

slash = Group("campaign")


@slash.command(
    "status",
    "Show what needs attention, and the state of sources and channels",
    params=(Param("details", "yes: every source and channel", kind=Kind.YES_NO, required=False),),
    who=STAFF,
)
def status(ctx: Context, args: Mapping[str, str]) -> Reply:
    config = ctx.config
    current = alerts_status.status(ctx.tx, config, now=ctx.now)
    directory = sync.warnings(ctx.tx, config.coalition, ctx.today)
    troubles = [*_trouble_lines(current, ctx), *directory[:1]]
    needs = wording.number(len(troubles), "item needs", "items need")
    unread = sum(source.enabled and source.health is None for source in current.sources)
    fine = f"Nothing needs attention; {wording.number(unread, 'source is', 'sources are')} not checked yet"
    head = f"{needs} attention" if troubles else fine if unread else "Everything is in order"
    lines = wording.cap_lines(troubles, LINES - 4)
    deadlines = agenda.next_deadlines(ctx.tx, config.coalition, ctx.now)
    letters = overview.open_sign_ons(ctx.tx, config, ctx.now)
    lines += [*(f"Next deadline: {line}" for line in deadlines[:1]), *letters[:1]]
    lines += [outbox_notices.waiting_mail(current.mail, ctx.zone)] if current.mail else []
    lines += _first_digest_lines(current, ctx.zone)
    lines += [current.synopses] if current.synopses else []
    buttons = [Button("Details", "campaign status", (("details", "yes"),))]
    ours = (holds.ALL, *map(holds.channel_scope, ctx.config.feeds.channels))  # those on a platform or person end alone
    buttons += [_resume_button(hold.scope) for hold in current.holds if hold.scope in ours][:2]
    reply = answer(head, *lines, _counts_line(current, ctx), buttons=ctx.theirs(*buttons))
    if args.get("details") != "yes" or reply.card is None:
        return reply
    sources, channels_ = [], []
    for source in current.sources:
        last = source.last_change_at
        news = f", last news {wording.clock(last, ctx.zone, ctx.now)}" if last else ""
        sources.append(Line(f"{source.name}: {source.state}{news}"))
    for channel in current.channels:
        state = f"on hold: {channel.held}" if channel.held else "posting"
        at = channel.next_digest
        due = f", next digest {wording.clock(at, ctx.zone, ctx.now)} if there is news" if at else ""
        waiting = wording.number(channel.digest_lines, "line waiting", "lines waiting")
        channels_.append(Line(f"{channel.name}: {state}{due}, {waiting}"))
    sections = (
        Section("Sources", tuple(sources)),
        Section("Channels", tuple(channels_)),
        *([Section("Next deadlines", tuple(map(Line, deadlines)))] if deadlines else []),
        *([Section("Letters", tuple(map(Line, letters)))] if letters else []),
    )
    return replace(reply, card=replace(reply.card, sections=sections, buttons=reply.card.buttons[1:]))


@slash.command(
    "pause",
    "Pause posting for a while; sources are still read and nothing is lost",
    "channel:policy until:2h",
    params=(_CHANNEL, _UNTIL, WHY, NO_DETAILS),
    who=ADMINISTRATOR,
    changes=True,
)
def pause(ctx: Context, args: Mapping[str, str]) -> Reply:
    scope = _scope(ctx, args)
    until = read_later(args["until"], ctx.local_now, MORNING) if "until" in args else None
    hold = Hold(scope, args.get("why", f"paused by {ctx.actor.name}"), until)
    before = _state_text(ctx, scope)
    holds.pause(ctx.tx, hold, now=ctx.now)
    if scope in (holds.ALL, holds.channel_scope(ctx.config.feeds.admin)):
        text = f"{ctx.actor.name} paused posting {_place_text(scope, ctx)} {_until_text(ctx, until)}"
        account_notices.notify_each_administrator(ctx, f"{text}. The admin channel gets no messages meanwhile")
    ctx.note(_place_text(scope, ctx), before, _state_text(ctx, scope))
    return answer(
        f"Posting is paused {_place_text(scope, ctx)} {_until_text(ctx, until)}",
        "Sources are still read, and nothing is lost: new messages are posted when the pause ends.",
        buttons=[_resume_button(scope)],
    )


@slash.command("resume", "Resume posting", "channel:policy", params=(_CHANNEL,), who=ADMINISTRATOR, changes=True)
def resume(ctx: Context, args: Mapping[str, str]) -> Reply:
    scope = _scope(ctx, args)
    before = _state_text(ctx, scope)
    name = args.get("channel")
    channel = Channel(name, *ctx.config.feeds.channels[name].to.split(":", 1)) if name else None
    resumed = holds.resume(ctx.tx, channel, now=ctx.now)
    if not resumed.paused and not resumed.tried:
        others = [_place_text(hold.scope, ctx) for hold in holds.in_effect(ctx.tx, now=ctx.now)]
        return answer(f"Nothing was paused {_place_text(scope, ctx)}", *(f"On hold {place}." for place in others))
    ctx.note(_place_text(scope, ctx), before, "posting" if resumed.paused else "trying again")
    again = "was refused; the bot tries again at once."
    refused = [f"Posting {_place_text(attempt, ctx)} {again}" for attempt in resumed.tried]
    if not resumed.paused:
        return answer("Trying again", *refused)
    everything = next((hold for hold in holds.in_effect(ctx.tx, now=ctx.now) if hold.scope == holds.ALL), None)
    if everything:
        stays = f"Everything is on hold {_until_text(ctx, everything.until)}: {everything.why}"
        return answer(f"Resumed {_place_text(scope, ctx)}, but nothing is posted yet", stays,
                      buttons=[_resume_button(holds.ALL)])  # fmt: skip
    return answer(f"Posting again {_place_text(scope, ctx)}", "Queued messages are posted in the next round.", *refused)


def _trouble_lines(current: Status, ctx: Context) -> Iterator[str]:
    for source in current.sources:
        if source.needs_attention:
            since = wording.clock(source.since, ctx.zone, ctx.now) if source.since else "an unknown time"
            yield f"{source.name}, since {since}: {wording.short(source.advice, _ADVICE)}"
    for hold in current.holds:
        yield f"Nothing is posted {_place_text(hold.scope, ctx)} {_until_text(ctx, hold.until)}: {hold.why}"
    for down in current.lines:
        since = wording.clock(down.since, ctx.zone, ctx.now)
        where = down.platform.capitalize()
        yield f"Commands in {where} have not worked since {since}: {wording.short(down.why, _ADVICE)}"
    if dead := current.queue.get("dead"):
        yield f"{wording.number(dead, 'message')} failed; each was reported in the admin channel."


def _first_digest_lines(current: Status, zone: tzinfo) -> Iterator[str]:
    """When the first digest comes, until each channel has had one."""
    waiting = [channel for channel in current.channels if channel.first]
    if any(channel.next_digest for channel in current.channels):
        for moment in sorted({channel.next_digest for channel in waiting if channel.next_digest}):
            names = [f"“{channel.name}”" for channel in waiting if channel.next_digest == moment]
            when = wording.coming(moment, zone)
            yield f"First digest, if there is news: {when}, in {wording.listed(names)}."
    elif waiting:
        yield "First digest, if there is news: on the business day after every source was checked once."


def _counts_line(current: Status, ctx: Context) -> str:
    at = current.checked_at
    checked = f"last checked {wording.clock(at, ctx.zone, ctx.now)}" if at else "not checked yet"
    queued = sum(count for state, count in current.queue.items() if state not in ("sent", "dead", "dropped"))
    queue = f"{wording.number(queued, 'message')} queued" if queued else "no messages queued"
    safety = f" · every post goes to “{current.safety}” for now" if current.safety else ""
    on = sum(source.enabled for source in current.sources)
    return (
        f"{wording.number(on, 'source')}, {checked} · {wording.number(current.watches, 'watch', 'watches')} · "
        f"{wording.number(current.asks, 'ask')} · {queue}{safety}"
    )


def _scope(ctx: Context, args: Mapping[str, str]) -> str:
    name = args.get("channel")
    if name is None:
        return holds.ALL
    if name not in ctx.config.feeds.channels:
        names = ", ".join(ctx.config.feeds.channels)
        raise Refused(f"There is no channel “{name[:40]}”. The channels are: {names}.", param="channel")
    return holds.channel_scope(name)


def _place_text(scope: str, ctx: Context) -> str:
    kind, _, name = scope.partition(":")
    if name.startswith(PERSONAL):
        member = person(ctx.tx, name.partition(":")[2])
        return f"to {member.name if member else 'a former member'}"
    places = {"channel": f"in “{name}”", "platform": f"on {name.capitalize()}", holds.ALL: "anywhere"}
    return places.get(kind, f"at “{scope}”")


def _state_text(ctx: Context, scope: str) -> str:
    active = [hold for hold in holds.in_effect(ctx.tx, now=ctx.now) if hold.scope == scope]
    return f"on hold {_until_text(ctx, active[0].until)}: {active[0].why}" if active else "posting"


def _until_text(ctx: Context, until: datetime | None) -> str:
    return f"until {wording.clock(until, ctx.zone, ctx.now)}" if until else "until someone resumes it"


def _resume_button(scope: str) -> Button:
    _, _, channel = scope.partition(":")
    args = (("channel", channel),) if channel else ()
    return Button(f"Resume {channel}".strip(), "campaign resume", args, "primary")
