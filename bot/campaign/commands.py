"""/campaign status, pause, resume, audit and help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from difflib import get_close_matches
from itertools import islice, zip_longest
from typing import Final

from bot.alerts import status as alerts_status
from bot.alerts.status import Status
from bot.commands.arguments import matching, read_later
from bot.commands.model import (
    ADMINISTRATOR,
    LINES,
    STAFF,
    Choice,
    Command,
    Context,
    File,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    answer,
    long_answer,
)
from bot.congress import sync
from bot.deadlines import agenda
from bot.letters import overview
from bot.outbox import holds
from bot.outbox import notices as outbox_notices
from bot.outbox.model import PERSONAL, Channel
from bot.people import account_notices
from bot.people import audit as changes
from bot.people.pii import NO_DETAILS
from bot.people.records import person
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.shared.csv_cells import write_csv
from bot.shared.time_phrases import HINT, MORNING, parse_duration

WHY: Final = Param("why", "the reason, which others see", required=False, longest=200, free=True)
_ADVICE: Final = 160  # characters of what to try


def channels(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(name, name) for name in ctx.config.feeds.channels), typed)


_UNTIL: Final = Param(
    "until", f"2h, {HINT}; until resumed if left out", required=False, formerly=("length",), check=read_later
)
_CHANNEL: Final = Param("channel", "one channel; everywhere if left out", required=False, complete=channels)

slash = Group("campaign")


@slash.command(params=(Param("details", "yes: every source and channel", kind=Kind.YES_NO, required=False),), who=STAFF)
def status(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show what needs attention, and the state of sources and channels."""
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
    example="channel:policy until:2h", params=(_CHANNEL, _UNTIL, WHY, NO_DETAILS), who=ADMINISTRATOR, changes=True
)
def pause(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Pause posting for a while; sources are still read and nothing is lost."""
    scope = _scope(ctx, args)
    until = read_later(args["until"], ctx.local_now, MORNING) if "until" in args else None
    hold = holds.Hold(scope, args.get("why", f"paused by {ctx.actor.name}"), until)
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


@slash.command(example="channel:policy", params=(_CHANNEL,), who=ADMINISTRATOR, changes=True)
def resume(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Resume posting."""
    scope = _scope(ctx, args)
    before = _state_text(ctx, scope)
    name = args.get("channel")
    channel = Channel(name, *ctx.config.feeds.channels[name].to.split(":", 1)) if name else None
    resumed = holds.resume(ctx.tx, channel, now=ctx.now)
    if not resumed.paused and not resumed.tried:
        others = [f"On hold {_place_text(hold.scope, ctx)}." for hold in holds.in_effect(ctx.tx, now=ctx.now)]
        return answer(f"Nothing was paused {_place_text(scope, ctx, 'anywhere')}", *others)
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
    for hold in current.holds:
        yield f"Nothing is posted {_place_text(hold.scope, ctx, 'anywhere')} {_until_text(ctx, hold.until)}: {hold.why}"
    for down in current.lines:
        since = wording.clock(down.since, ctx.zone, ctx.now)
        where = down.platform.capitalize()
        yield f"Commands in {where} have not worked since {since}: {wording.short(down.why, _ADVICE)}"
    if dead := current.queue.get("dead"):
        yield f"{wording.number(dead, 'message')} failed; each was reported in the admin channel."
    if overdue := [source.due_at for source in current.sources if source.due_at and source.overdue(ctx.now)]:
        count, since = wording.number(len(overdue), "source"), wording.clock(min(overdue), ctx.zone, ctx.now)
        yield f"{count} not checked since due {since}: the process that watches and posts may not be running."
    for source in current.sources:
        if source.needs_attention and source.health:
            since = wording.clock(source.since, ctx.zone, ctx.now) if source.since else "an unknown time"
            state = wording.with_period(f"{source.name} {source.health.words}, since {since}")
            yield f"{state} {wording.short(source.advice, _ADVICE)}"


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


def _place_text(scope: str, ctx: Context, everywhere: str = "everywhere") -> str:
    kind, _, name = scope.partition(":")
    if name.startswith(PERSONAL):
        member = person(ctx.tx, name.partition(":")[2])
        return f"to {member.name if member else 'a former member'}"
    places = {"channel": f"in “{name}”", "platform": f"on {name.capitalize()}", holds.ALL: everywhere}
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


# --- what was changed, and what one can do ----------------------------------------------------------------------------

_MAX_CHANGES = 8  # in the answer; the file has all
# What each role uses in its week; the other commands are behind "all".
USUAL: Final[Mapping[Role, str]] = {
    Role.ADMINISTRATOR: (
        "campaign setup/find/campaign status/people list/people invite/settings list/settings set/undo/"
        "feeds list/watch list/campaign pause/campaign me"
    ),
    Role.POLICY: (
        "find/campaign me/alerts recent/deadlines list/docket show/letter draft/letter list/bill list/watch list/"
        "watch add/learn start/meeting log"
    ),
    Role.PRESS: (
        "find/campaign me/mentions list/press inquiry/press inquiries/press find/press note/press pitch/"
        "press embargo/clips week/alerts recent/campaign follow"
    ),
    Role.REPRESENTATIVE: (
        "letter list/letter show/campaign me/find/deadlines list/bill list/campaign follow/campaign mail/"
        "campaign quiet/campaign board/meeting log/bill lobby-day"
    ),
    Role.APPROVER: "letter list/letter show/letter approve/letter confirm/campaign me/find/alerts recent",
}
_USUAL: Final = 12  # lines of help
_ALL: Final = "all"


@slash.command(
    example="since:7d",
    params=(Param("since", "how far back: 12h, 7d, 4w; 7d if left out", required=False),),
    who=ADMINISTRATOR,
)
def audit(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show who changed what, when, from where."""
    period = parse_duration(args.get("since", "7d"))
    if period is None:
        raise Refused(f"“{args['since'][:40]}” is not a length of time. Try 12h, 7d or 4w.", param="since")
    listed = changes.since(ctx.tx, ctx.now - period)
    if not listed:
        return answer("No changes in that time", "Look further back: /campaign audit since:12w")
    lines = []
    for row in listed[-_MAX_CHANGES:][::-1]:
        how = " → ".join(filter(None, (row.before, row.after)))
        what = f"{row.subject}: {how}" if how else row.subject
        lines.append(
            wording.short(f"{wording.clock(row.at, ctx.zone, ctx.now)} {row.who}, /{row.command}: {what}", 240)
        )
    reply = answer(
        f"{wording.number(len(listed), 'change')} since {wording.clock(listed[0].at, ctx.zone, ctx.now)}",
        *lines,
        foot="Newest first. The file has all changes, with before and after.",
    )
    columns = ("when", "who", "from", "command", "what", "before", "after")
    rows = (
        [f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.who, row.origin, f"/{row.command}", row.subject, row.before, row.after]
        for row in listed
    )
    return replace(reply, file=File("audit.csv", "text/csv", write_csv(columns, rows)))


_DETAILS_WARNING: Final = "Do not enter anything that identifies a {served}: no name, no case, no other detail."


def _command_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    shown = (Choice(command.path, f"/{command.path}") for command in ctx.commands if not command.hidden)
    return matching(shown, typed.lstrip("/"))


@slash.command(
    params=(Param("command", "a command, such as “watch add”; all", required=False, complete=_command_choices),),
    chat_only=True,
)
def help_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List what you can do here, with examples."""
    commands = [command for command in ctx.commands if not command.hidden]
    wanted = args.get("command", "").lstrip("/").casefold()
    if wanted in ("", _ALL):
        return _overview(ctx, commands) if wanted else _usual(ctx, commands)
    one = [command for command in commands if wanted == command.path]
    group = one or [command for command in commands if wanted == command.group]
    group = group or [command for command in commands if wanted == command.verb]
    if not group:
        close = get_close_matches(wanted, [command.path for command in commands], n=1)
        hint = f"Did you mean /{close[0]}?" if close else "/campaign help shows all you can do."
        raise Refused(f"There is nothing called /{wanted[:40]} that you can do here. {hint}", param="command")
    if len(group) == 1:
        command = group[0]
        params = []
        for param in (param for param in command.params if not param.by_button):
            choices = f" ({', '.join(choice.value for choice in param.choices)})" if param.choices else ""
            kind = f" ({param.kind.value})" if param.kind in (Kind.NUMBER, Kind.YES_NO) else ""
            params.append(f"{param.name}{'' if param.required else ' (optional)'}: {param.help}{choices}{kind}")
        has_text = any(param.kind is Kind.LONG for param in command.params)
        foot = _DETAILS_WARNING.format(served=ctx.config.coalition.care.served) if has_text else ""
        return answer(f"/{command.path}: {command.help}", *params, f"For example: {command.example}", foot=foot)
    lines = [f"{command.example}: {command.help}" for command in group]
    return long_answer(f"/{wanted}: {len(group)} commands", lines, file=f"help-{wanted}.txt")


def _usual(ctx: Context, commands: Sequence[Command]) -> Reply:
    """The commands of the person's roles, those of each role in turn, with a button for all."""
    by_role = [USUAL[role].split("/") for role in Role if role in ctx.actor.roles]
    theirs = {command.path: command for command in commands}
    paths = dict.fromkeys(path for row in zip_longest(*by_role) for path in row if path in theirs)
    usual = [theirs[path] for path in islice(paths, _USUAL)]
    roles = wording.listed([role.value for role in Role if role in ctx.actor.roles], len(Role))
    return answer(
        f"What you use most for {ctx.config.coalition.short} as {roles}",
        *(f"/{command.path}: {command.help}" for command in usual),
        buttons=[Button(f"All {len(commands)} commands", "campaign help", (("command", _ALL),))],
        foot="More on a group or a command: /campaign help letter",
    )


def _overview(ctx: Context, commands: Sequence[Command]) -> Reply:
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    lines = [
        f"/{group}: {', '.join(command.verb or command.help for command in members)}"
        for group, members in groups.items()
    ]
    return answer(
        f"All you can do here for {ctx.config.coalition.short}",
        *lines,
        foot="More on a group or a command: /campaign help letter",
    )
