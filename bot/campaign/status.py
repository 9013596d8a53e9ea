"""How the campaign stands, and posting held and let go: status, pause, resume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import status as standing
from bot.alerts.campaign import Campaign, campaign_of
from bot.alerts.status import ChannelLine, SourceLine, Status
from bot.commands.model import Choice, Context, Param, Refused, Reply
from bot.commands.replies import LINES, answer
from bot.congress import freshness
from bot.deadlines import agenda
from bot.letters import todo
from bot.outbox import holds
from bot.outbox.holds import Hold
from bot.outbox.model import DIRECT, Channel
from bot.people.confirm_text import confirm_params
from bot.people.records import person
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.shared.durations import length

WHY: Final = Param("why", "the reason, which others see", required=False, longest=200)
_ADVICE: Final = 160  # characters of what to try


def status(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What needs a person first; all sources and channels with `details`."""
    campaign = campaign_of(ctx.config)
    found = standing.status(ctx.tx, campaign, now=ctx.now)
    troubles = list(_troubles(found, campaign, ctx))
    head = wording.number(len(troubles), "thing needs", "things need") + " attention" if troubles else "All is in order"
    shown = troubles[: LINES - 4]
    if len(troubles) > len(shown):
        shown.append(f"and {len(troubles) - len(shown)} more")
    coming = agenda.next_deadlines(ctx.tx, campaign.coalition, ctx.now)
    letters = todo.open_sign_ons(ctx.tx, campaign, ctx.now)
    directory = freshness.warnings(ctx.tx, campaign.coalition, ctx.now.astimezone(campaign.zone).date())
    shown += [*(f"Next deadline: {line}" for line in coming[:1]), *letters[:1]]
    shown += [*directory[:1], *([found.synopses] if found.synopses else [])]
    buttons = [Button("Details", "campaign status", (("details", "yes"),))]
    buttons += [_resume(hold.scope) for hold in found.holds if _resumable(hold.scope)][:2]
    reply = answer(head, *shown, _counts(found, campaign, ctx.now), buttons=ctx.theirs(*buttons))
    if args.get("details") != "yes" or reply.card is None:
        return reply
    sections = (
        Section("Sources", tuple(Line(_source(source, campaign, ctx.now)) for source in found.sources)),
        Section("Channels", tuple(Line(_channel(channel, campaign, ctx.now)) for channel in found.channels)),
        *([Section("Next deadlines", tuple(map(Line, coming)))] if coming else []),
        *([Section("Letters", tuple(map(Line, letters)))] if letters else []),
    )
    return replace(reply, card=replace(reply.card, sections=sections, buttons=reply.card.buttons[1:]))


def pause(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Post nothing, in one channel or anywhere. Reading goes on and nothing is lost."""
    scope = _scope(ctx, args)
    lasts = length(args["length"]) if "length" in args else None
    if "length" in args and lasts is None:
        raise Refused(f"“{args['length'][:40]}” is no length of time: write 2h, 3d or 1w.", param="length")
    if ask := confirm_params(ctx, args, _place(scope, ctx), WHY):
        return ask
    until = ctx.now + lasts if lasts else None
    held = Hold(scope, args.get("why", f"paused by {ctx.actor.name}"), until)
    before = _state(ctx, scope)
    holds.pause(ctx.tx, held, coalition_id=ctx.config.coalition.id, now=ctx.now)
    ctx.note(_place(scope, ctx), before, _state(ctx, scope))
    return answer(
        f"Posting stops {_place(scope, ctx)} {_until(ctx, until)}",
        "Reading goes on, and nothing is lost: what comes meanwhile is posted afterwards.",
        buttons=[_resume(scope)],
    )


def resume(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Post again what waits."""
    scope = _scope(ctx, args)
    before = _state(ctx, scope)
    cid = ctx.config.coalition.id
    name = args.get("channel")
    channel = Channel(name, *ctx.config.feeds.channels[name].to.split(":", 1)) if name else None
    resumed = holds.resume(ctx.tx, channel, coalition_id=cid, now=ctx.now)
    if not resumed.paused and not resumed.tried:
        others = [_place(hold.scope, ctx) for hold in holds.all_holds(ctx.tx, coalition_id=cid)]
        return answer(f"Nothing was paused {_place(scope, ctx)}", *(f"Held {place}." for place in others))
    ctx.note(_place(scope, ctx), before, "posting" if resumed.paused else "trying again")
    refused = [f"Posting {_place(tried, ctx)} was refused; I try again at once." for tried in resumed.tried]
    if not resumed.paused:
        return answer("Trying again", *refused)
    return answer(f"Posting again {_place(scope, ctx)}", "What waited is posted with the next round.", *refused)


def channels(ctx: Context, typed: str) -> Sequence[Choice]:
    return [Choice(name, name) for name in ctx.config.feeds.channels if typed.casefold() in name]


def _troubles(found: Status, campaign: Campaign, ctx: Context) -> Iterator[str]:
    now = ctx.now
    for source in found.sources:
        if source.enabled and source.health and not source.health.good:
            yield f"{source.name}, since {_when(source.since, campaign, now)}: {wording.short(source.advice, _ADVICE)}"
    for hold in found.holds:
        until = f"until {wording.clock(hold.until, campaign.zone, now)}" if hold.until else "until somebody resumes it"
        yield f"Nothing is posted {_place(hold.scope, ctx)} {until}: {hold.why}"
    for down in found.lines:
        since = wording.clock(down.since, campaign.zone, now)
        where = down.platform.capitalize()
        yield f"Commands in {where} have not worked since {since}: {wording.short(down.why, _ADVICE)}"
    if dead := found.queue.get("dead"):
        yield f"{wording.number(dead, 'message was', 'messages were')} given up; the admin channel was told of each."


def _counts(found: Status, campaign: Campaign, now: datetime) -> str:
    asked = f"last asked {wording.clock(found.checked_at, campaign.zone, now)}" if found.checked_at else "not asked yet"
    waits = sum(count for state, count in found.queue.items() if state not in ("sent", "dead", "dropped"))
    queue = f"{wording.number(waits, 'message waits', 'messages wait')}" if waits else "nothing waits to be posted"
    safety = f" · every post goes to “{found.safety}” for now" if found.safety else ""
    on = sum(source.enabled for source in found.sources)
    return (
        f"{wording.number(on, 'source')}, {asked} · {wording.number(found.watches, 'watch', 'watches')} · "
        f"{wording.number(found.asks, 'ask')} · {queue}{safety}"
    )


def _source(source: SourceLine, campaign: Campaign, now: datetime) -> str:
    health = source.health.value if source.health else ("not asked yet" if source.enabled else "switched off")
    news = f", last news {_when(source.last_change_at, campaign, now)}" if source.last_change_at else ""
    return f"{source.name}: {health}{news}"


def _channel(channel: ChannelLine, campaign: Campaign, now: datetime) -> str:
    held = f"held: {channel.held}" if channel.held else "posting"
    digest = f", next digest {_when(channel.next_digest, campaign, now)}" if channel.next_digest else ""
    return f"{channel.name}: {held}{digest}, {wording.number(channel.digest_lines, 'line waits', 'lines wait')}"


def _when(moment: datetime | None, campaign: Campaign, now: datetime) -> str:
    return wording.clock(moment, campaign.zone, now) if moment else "an unknown time"


def _scope(ctx: Context, args: Mapping[str, str]) -> str:
    name = args.get("channel")
    if name is None:
        return holds.ALL
    if name not in ctx.config.feeds.channels:
        known = ", ".join(ctx.config.feeds.channels)
        raise Refused(f"There is no channel “{name[:40]}”. There are: {known}.", param="channel")
    return holds.channel_scope(name)


def _place(scope: str, ctx: Context) -> str:
    kind, _, name = scope.partition(":")
    if name.startswith(DIRECT):
        found = person(ctx.tx, ctx.config.coalition.id, name.removeprefix(DIRECT))
        return f"to {found.name if found else 'somebody who has left'}"
    return {"channel": f"in “{name}”", "platform": f"on {name.capitalize()}"}.get(kind, "anywhere")


def _state(ctx: Context, scope: str) -> str:
    held = [hold for hold in holds.all_holds(ctx.tx, coalition_id=ctx.config.coalition.id) if hold.scope == scope]
    return f"held {_until(ctx, held[0].until)}: {held[0].why}" if held else "posting"


def _until(ctx: Context, until: datetime | None) -> str:
    campaign = campaign_of(ctx.config)
    return f"until {wording.clock(until, campaign.zone, ctx.now)}" if until else "until somebody resumes it"


def _resumable(scope: str) -> bool:
    """By a button: a channel or all. What a platform or a person's account refuses goes on by itself."""
    return scope == holds.ALL or not scope.startswith(("platform:", holds.channel_scope(DIRECT)))


def _resume(scope: str) -> Button:
    _, _, channel = scope.partition(":")
    args = (("channel", channel),) if channel else ()
    return Button(f"Resume {channel}".strip(), "campaign resume", args, "primary")
