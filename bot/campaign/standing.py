"""How the campaign stands, and posting held and let go: status, pause, resume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import status as standing
from bot.alerts import words
from bot.alerts.house import House, house_of
from bot.alerts.status import ChannelLine, SourceLine, Status
from bot.answering import LINES, answer
from bot.campaign.lengths import length
from bot.card import Button, Line, Section
from bot.command import Choice, Desk, Param, Refused, Reply
from bot.deadlines import agenda
from bot.letters import freshness, waiting
from bot.outbox import holds
from bot.outbox.holds import Hold
from bot.outbox.model import DIRECT, Channel
from bot.people.asking import look_through
from bot.people.records import person

WHY: Final = Param("why", "the reason, which others see", required=False, longest=200)
_ADVICE: Final = 160  # characters of what to try


def status(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What needs a person first; all sources and channels with `details`."""
    house = house_of(desk.config)
    found = standing.status(desk.tx, house, now=desk.now)
    troubles = list(_troubles(found, house, desk))
    head = words.number(len(troubles), "thing needs", "things need") + " attention" if troubles else "All is in order"
    shown = troubles[: LINES - 4]
    if len(troubles) > len(shown):
        shown.append(f"and {len(troubles) - len(shown)} more")
    coming = agenda.coming(desk.tx, house.coalition, desk.now)
    letters = waiting.sign_ons(desk.tx, house, desk.now)
    directory = freshness.warnings(desk.tx, house.coalition, desk.now.astimezone(house.zone).date())
    shown += [*(f"Next deadline: {line}" for line in coming[:1]), *letters[:1]]
    shown += [*directory[:1], *([found.synopses] if found.synopses else [])]
    buttons = [Button("Details", "campaign status", (("details", "yes"),))]
    buttons += [_resume(hold.scope) for hold in found.holds if _resumable(hold.scope)][:2]
    reply = answer(head, *shown, _counts(found, house, desk.now), buttons=desk.theirs(*buttons))
    if args.get("details") != "yes" or reply.card is None:
        return reply
    sections = (
        Section("Sources", tuple(Line(_source(source, house, desk.now)) for source in found.sources)),
        Section("Channels", tuple(Line(_channel(channel, house, desk.now)) for channel in found.channels)),
        *([Section("Next deadlines", tuple(map(Line, coming)))] if coming else []),
        *([Section("Letters", tuple(map(Line, letters)))] if letters else []),
    )
    return replace(reply, card=replace(reply.card, sections=sections, buttons=reply.card.buttons[1:]))


def pause(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Post nothing, in one channel or anywhere. Reading goes on and nothing is lost."""
    scope = _scope(desk, args)
    lasts = length(args["length"]) if "length" in args else None
    if "length" in args and lasts is None:
        raise Refused(f"“{args['length'][:40]}” is no length of time: write 2h, 3d or 1w.", param="length")
    if ask := look_through(desk, args, _place(scope, desk), WHY):
        return ask
    until = desk.now + lasts if lasts else None
    held = Hold(scope, args.get("why", f"paused by {desk.actor.name}"), until)
    before = _state(desk, scope)
    holds.pause(desk.tx, held, coalition_id=desk.config.coalition.id, now=desk.now)
    desk.note(_place(scope, desk), before, _state(desk, scope))
    return answer(
        f"Posting stops {_place(scope, desk)} {_until(desk, until)}",
        "Reading goes on, and nothing is lost: what comes meanwhile is posted afterwards.",
        buttons=[_resume(scope)],
    )


def resume(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Post again what waits."""
    scope = _scope(desk, args)
    before = _state(desk, scope)
    cid = desk.config.coalition.id
    name = args.get("channel")
    channel = Channel(name, *desk.config.feeds.channels[name].to.split(":", 1)) if name else None
    resumed = holds.resume(desk.tx, channel, coalition_id=cid, now=desk.now)
    if not resumed.paused and not resumed.tried:
        others = [_place(hold.scope, desk) for hold in holds.holds(desk.tx, coalition_id=cid)]
        return answer(f"Nothing was paused {_place(scope, desk)}", *(f"Held {place}." for place in others))
    desk.note(_place(scope, desk), before, "posting" if resumed.paused else "trying again")
    refused = [f"Posting {_place(tried, desk)} was refused; I try again at once." for tried in resumed.tried]
    if not resumed.paused:
        return answer("Trying again", *refused)
    return answer(f"Posting again {_place(scope, desk)}", "What waited is posted with the next round.", *refused)


def channels(desk: Desk, typed: str) -> Sequence[Choice]:
    return [Choice(name, name) for name in desk.config.feeds.channels if typed.casefold() in name]


def _troubles(found: Status, house: House, desk: Desk) -> Iterator[str]:
    now = desk.now
    for source in found.sources:
        if source.enabled and source.health and not source.health.good:
            yield f"{source.name}, since {_when(source.since, house, now)}: {words.short(source.advice, _ADVICE)}"
    for hold in found.holds:
        until = f"until {words.clock(hold.until, house.zone, now)}" if hold.until else "until somebody resumes it"
        yield f"Nothing is posted {_place(hold.scope, desk)} {until}: {hold.why}"
    for down in found.lines:
        since = words.clock(down.since, house.zone, now)
        where = down.platform.capitalize()
        yield f"Commands in {where} have not worked since {since}: {words.short(down.why, _ADVICE)}"
    if dead := found.queue.get("dead"):
        yield f"{words.number(dead, 'message was', 'messages were')} given up; the admin channel was told of each."


def _counts(found: Status, house: House, now: datetime) -> str:
    asked = f"last asked {words.clock(found.checked_at, house.zone, now)}" if found.checked_at else "not asked yet"
    waits = sum(count for state, count in found.queue.items() if state not in ("sent", "dead", "dropped"))
    queue = f"{words.number(waits, 'message waits', 'messages wait')}" if waits else "nothing waits to be posted"
    safety = f" · every post goes to “{found.safety}” for now" if found.safety else ""
    on = sum(source.enabled for source in found.sources)
    return (
        f"{words.number(on, 'source')}, {asked} · {words.number(found.watches, 'watch', 'watches')} · "
        f"{words.number(found.asks, 'ask')} · {queue}{safety}"
    )


def _source(source: SourceLine, house: House, now: datetime) -> str:
    health = source.health.value if source.health else ("not asked yet" if source.enabled else "switched off")
    news = f", last news {_when(source.last_change_at, house, now)}" if source.last_change_at else ""
    return f"{source.name}: {health}{news}"


def _channel(channel: ChannelLine, house: House, now: datetime) -> str:
    held = f"held: {channel.held}" if channel.held else "posting"
    digest = f", next digest {_when(channel.next_digest, house, now)}" if channel.next_digest else ""
    return f"{channel.name}: {held}{digest}, {words.number(channel.digest_lines, 'line waits', 'lines wait')}"


def _when(moment: datetime | None, house: House, now: datetime) -> str:
    return words.clock(moment, house.zone, now) if moment else "an unknown time"


def _scope(desk: Desk, args: Mapping[str, str]) -> str:
    name = args.get("channel")
    if name is None:
        return holds.ALL
    if name not in desk.config.feeds.channels:
        known = ", ".join(desk.config.feeds.channels)
        raise Refused(f"There is no channel “{name[:40]}”. There are: {known}.", param="channel")
    return holds.channel_scope(name)


def _place(scope: str, desk: Desk) -> str:
    kind, _, name = scope.partition(":")
    if name.startswith(DIRECT):
        found = person(desk.tx, desk.config.coalition.id, name.removeprefix(DIRECT))
        return f"to {found.name if found else 'somebody who has left'}"
    return {"channel": f"in “{name}”", "platform": f"on {name.capitalize()}"}.get(kind, "anywhere")


def _state(desk: Desk, scope: str) -> str:
    held = [hold for hold in holds.holds(desk.tx, coalition_id=desk.config.coalition.id) if hold.scope == scope]
    return f"held {_until(desk, held[0].until)}: {held[0].why}" if held else "posting"


def _until(desk: Desk, until: datetime | None) -> str:
    house = house_of(desk.config)
    return f"until {words.clock(until, house.zone, desk.now)}" if until else "until somebody resumes it"


def _resumable(scope: str) -> bool:
    """By a button: a channel or all. What a platform or a person's account refuses goes on by itself."""
    return scope == holds.ALL or not scope.startswith(("platform:", holds.channel_scope(DIRECT)))


def _resume(scope: str) -> Button:
    _, _, channel = scope.partition(":")
    args = (("channel", channel),) if channel else ()
    return Button(f"Resume {channel}".strip(), "campaign resume", args, "primary")
