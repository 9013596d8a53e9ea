"""What concerns the asker alone: me, follow, unfollow, quiet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.bills import tracking
from bot.bills.picking import resolve_bill
from bot.commands.model import Choice, Context, Refused, Reply
from bot.commands.replies import answer
from bot.people import preferences
from bot.people.preferences import QUIET, ZONE, Follow, Preferences, When
from bot.shared import wording
from bot.shared.bill_number import written
from bot.shared.card import Button, Line
from bot.shared.durations import hours
from bot.shared.states import STATES

_WAITING = 4  # things in the answer
_HOW_IT_COMES = "It comes by direct message, and not in your quiet hours."
_UNREAD = "Its record is not read, so nothing will come. Policy staff begin that with /bill track."
_HOW = {When.NOW: "at once", When.DAILY: "daily", When.WEEKLY: "on Mondays"}


def me(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - it takes none
    """Who I am here, what I follow, when I may be told, what waits for me."""
    mine = _mine(ctx)
    waits = [line for room in ctx.waiting for line in room(ctx.tx, ctx.config.coalition.id, ctx.actor, ctx.now)]
    lines = [
        Line(_hears(ctx, mine)),
        Line(_quiet(ctx, mine)),
        Line(
            f"{wording.number(len(waits), 'thing waits', 'things wait')} for you."
            if waits
            else "Nothing waits for you."
        ),
        *waits[:_WAITING],
        *([Line(f"and {len(waits) - _WAITING} more")] if len(waits) > _WAITING else []),
    ]
    buttons = [Button("Follow", "campaign follow"), Button("Quiet hours", "campaign quiet")]
    buttons += [Button("Follow no more", "campaign unfollow")] if mine.follows else []
    return answer(_who(ctx), *lines, buttons=ctx.theirs(*buttons))


def follow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Hear of an ask, a bill or a state by direct message, at once or in a digest."""
    what = _what(ctx, args["what"])
    if isinstance(what, Reply):
        return what
    before = _followed(ctx, what)
    when = When(args.get("when", before.when if before else When.DAILY))
    if before and before.when is when:
        return answer(f"You follow {_follows(ctx, what)} already, and hear of it {_HOW[when]}")
    follows = Follow(what, when, before.since if before else ctx.now)
    preferences.follow(ctx.tx, ctx.config.coalition.id, _person(ctx), follows)
    told = f"{_follows(ctx, what)}, {_HOW[when]}"
    ctx.note(f"what {ctx.actor.name} follows", f"{_follows(ctx, what)}, {_HOW[before.when]}" if before else "", told)
    others = [each for each in When if each is not when]
    buttons = [
        *(
            Button(_HOW[each][0].upper() + _HOW[each][1:], "campaign follow", (("what", what), ("when", each.value)))
            for each in others
        ),
        Button("Follow no more", "campaign unfollow", (("what", what),)),
    ]
    head = f"You follow {_follows(ctx, what)} from here on, and hear of it {_HOW[when]}"
    return answer(head, _HOW_IT_COMES if _is_read(ctx, what) else _UNREAD, buttons=buttons)


def unfollow(ctx: Context, args: Mapping[str, str]) -> Reply:
    what = _what(ctx, args["what"])
    if isinstance(what, Reply) or _followed(ctx, what) is None:
        raise Refused(f"You do not follow “{args['what'][:60]}”. /campaign me shows what you do.", param="what")
    preferences.unfollow(ctx.tx, ctx.config.coalition.id, _person(ctx), what)
    ctx.note(f"what {ctx.actor.name} follows", _follows(ctx, what), "")
    return answer(f"You follow {_follows(ctx, what)} no more")


def quiet(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Hours in which I am told nothing, in my own zone; "off" for none."""
    before = _mine(ctx)
    wanted = "" if args["hours"].lower() in ("off", "none", "no") else hours(args["hours"])
    if wanted is None:
        raise Refused(f"“{args['hours'][:40]}” are no hours: write 18:00-08:00, or off.", param="hours")
    zone = args.get("zone", before.zone)
    try:
        ZoneInfo(zone or ctx.config.coalition.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"I know no zone “{zone[:40]}”: write it as America/Los_Angeles.", param="zone") from None
    for name, value in ((QUIET, wanted), (ZONE, zone)):
        preferences.set_preference(ctx.tx, ctx.config.coalition.id, _person(ctx), name, value)
    after = _mine(ctx)
    ctx.note(f"quiet hours of {ctx.actor.name}", _quiet(ctx, before), _quiet(ctx, after))
    return answer(_quiet(ctx, after))


def followable(ctx: Context, typed: str) -> Sequence[Choice]:
    """The asks and the bills of coalition.yml, and the states."""
    asks = [Choice(f"ask:{number}", f"Ask {number}: {ask.title}") for number, ask in ctx.config.coalition.asks.items()]
    bills = [
        Choice(f"bill:{bill.id}", f"{wording.bill(bill.id)}: {bill.title or family.name}")
        for family in ctx.config.coalition.bills.values()
        for bill in reversed(family.bills)
    ]
    states = [Choice(f"state:{code}", name) for code, name in STATES.items()]
    return [each for each in (*asks, *bills, *states) if typed.casefold() in each.label.casefold()]


def followed(ctx: Context, typed: str) -> Sequence[Choice]:
    mine = [Choice(it.what, _follows(ctx, it.what)) for it in _mine(ctx).follows]
    return [each for each in mine if typed.casefold() in each.label.casefold()]


def _what(ctx: Context, text: str) -> str | Reply:
    """`ask:4`, `bill:hr1234-119` or `state:TX` from what was typed; a question, where a bill's Congress is not said."""
    known = ctx.config.coalition.asks
    ask = re.fullmatch(r"(?:ask[: ]?)?\s*(\d{1,4})", text.strip().lower())
    if ask:
        if int(ask[1]) not in known:
            raise Refused(f"There is no ask {ask[1]}; there are {', '.join(map(str, known))}.", param="what")
        return f"ask:{int(ask[1])}"
    named = text.strip().removeprefix("state:").casefold()
    if state := next((code for code, name in STATES.items() if named in (code.casefold(), name.casefold())), None):
        return f"state:{state}"
    if written(text.removeprefix("bill:")) is None:
        what = f"“{text[:60]}” is no ask, no bill and no state: write “ask 4”, “hr1234-119” or “Texas”."
        raise Refused(what, param="what")
    meant = resolve_bill(ctx, text, "campaign follow", "what")
    return meant if isinstance(meant, Reply) else f"bill:{meant.id}"


def _mine(ctx: Context) -> Preferences:
    return preferences.preferences_of(ctx.tx, ctx.config.coalition.id, _person(ctx))


def _person(ctx: Context) -> str:
    assert ctx.actor.person is not None, "strangers are refused before a handler runs"
    return ctx.actor.person


def _followed(ctx: Context, what: str) -> Follow | None:
    return next((it for it in _mine(ctx).follows if it.what == what), None)


def _is_read(ctx: Context, what: str) -> bool:
    """Whether anything brings what is followed: of bills only the records that the coalition follows are read."""
    kind, _, name = what.partition(":")
    return kind != "bill" or name in tracking.followed(ctx.config.coalition)


def _hears(ctx: Context, mine: Preferences) -> str:
    """`You hear daily of ask 4 (…) and H.R. 1234 (119th); on Mondays of ask 8 (…).`"""
    paces = [(when, [it.what for it in mine.follows if it.when is when]) for when in When]
    told = [f"{_HOW[when]} of {wording.listed([_follows(ctx, what) for what in its], 9)}" for when, its in paces if its]
    return f"You hear {'; '.join(told)}." if told else "You follow nothing yet."


def _who(ctx: Context) -> str:
    roles = wording.listed(sorted(ctx.actor.roles)) or "without a role"
    member = ctx.config.coalition.members.get(ctx.actor.organisation or "")
    return f"You are {ctx.actor.name}: {roles}{f', {member.short or member.name}' if member else ''}"


def _follows(ctx: Context, what: str) -> str:
    kind, _, name = what.partition(":")
    if kind == "bill":
        return wording.bill(name)
    if kind == "state":
        return f"{STATES[name]} (where it is named)"
    ask = ctx.config.coalition.asks.get(int(name))
    return f"ask {name}{f' ({ask.title})' if ask else ''}"


def _quiet(ctx: Context, mine: Preferences) -> str:
    zone = mine.zone or ctx.config.coalition.zone
    return f"Quiet hours: {mine.quiet.replace('-', ' to ')} ({zone})." if mine.quiet else f"No quiet hours ({zone})."
