"""What concerns the asker alone: me, follow, unfollow, quiet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.alerts import words
from bot.answering import answer
from bot.bills import tracking
from bot.bills.asking import bill_meant
from bot.campaign.lengths import hours
from bot.card import Button, Line
from bot.command import Choice, Desk, Refused, Reply
from bot.people import preferences
from bot.people.preferences import QUIET, ZONE, Follow, Preferences, When
from bot.sources.bill_number import written
from bot.sources.states import STATES

_WAITING = 4  # things in the answer
_HOW_IT_COMES = "It comes by direct message, and not in your quiet hours."
_UNREAD = "Its record is not read, so nothing will come. Policy staff begin that with /bill track."
_HOW = {When.NOW: "at once", When.DAILY: "daily", When.WEEKLY: "on Mondays"}


def me(desk: Desk, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - it takes none
    """Who I am here, what I follow, when I may be told, what waits for me."""
    mine = _mine(desk)
    waits = [line for room in desk.waiting for line in room(desk.tx, desk.config.coalition.id, desk.actor, desk.now)]
    lines = [
        Line(_hears(desk, mine)),
        Line(_quiet(desk, mine)),
        Line(
            f"{words.number(len(waits), 'thing waits', 'things wait')} for you." if waits else "Nothing waits for you."
        ),
        *waits[:_WAITING],
        *([Line(f"and {len(waits) - _WAITING} more")] if len(waits) > _WAITING else []),
    ]
    buttons = [Button("Follow", "campaign follow"), Button("Quiet hours", "campaign quiet")]
    buttons += [Button("Follow no more", "campaign unfollow")] if mine.follows else []
    return answer(_who(desk), *lines, buttons=desk.theirs(*buttons))


def follow(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Hear of an ask, a bill or a state by direct message, at once or in a digest."""
    what = _what(desk, args["what"])
    if isinstance(what, Reply):
        return what
    before = _followed(desk, what)
    when = When(args.get("when", before.when if before else When.DAILY))
    if before and before.when is when:
        return answer(f"You follow {_follows(desk, what)} already, and hear of it {_HOW[when]}")
    follows = Follow(what, when, before.since if before else desk.now)
    preferences.follow(desk.tx, desk.config.coalition.id, _person(desk), follows)
    told = f"{_follows(desk, what)}, {_HOW[when]}"
    desk.note(f"what {desk.actor.name} follows", f"{_follows(desk, what)}, {_HOW[before.when]}" if before else "", told)
    others = [each for each in When if each is not when]
    buttons = [
        *(
            Button(_HOW[each][0].upper() + _HOW[each][1:], "campaign follow", (("what", what), ("when", each.value)))
            for each in others
        ),
        Button("Follow no more", "campaign unfollow", (("what", what),)),
    ]
    head = f"You follow {_follows(desk, what)} from here on, and hear of it {_HOW[when]}"
    return answer(head, _HOW_IT_COMES if _is_read(desk, what) else _UNREAD, buttons=buttons)


def unfollow(desk: Desk, args: Mapping[str, str]) -> Reply:
    what = _what(desk, args["what"])
    if isinstance(what, Reply) or _followed(desk, what) is None:
        raise Refused(f"You do not follow “{args['what'][:60]}”. /campaign me shows what you do.", param="what")
    preferences.unfollow(desk.tx, desk.config.coalition.id, _person(desk), what)
    desk.note(f"what {desk.actor.name} follows", _follows(desk, what), "")
    return answer(f"You follow {_follows(desk, what)} no more")


def quiet(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Hours in which I am told nothing, in my own zone; "off" for none."""
    before = _mine(desk)
    wanted = "" if args["hours"].lower() in ("off", "none", "no") else hours(args["hours"])
    if wanted is None:
        raise Refused(f"“{args['hours'][:40]}” are no hours: write 18:00-08:00, or off.", param="hours")
    zone = args.get("zone", before.zone)
    try:
        ZoneInfo(zone or desk.config.coalition.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"I know no zone “{zone[:40]}”: write it as America/Los_Angeles.", param="zone") from None
    for name, value in ((QUIET, wanted), (ZONE, zone)):
        preferences.put(desk.tx, desk.config.coalition.id, _person(desk), name, value)
    after = _mine(desk)
    desk.note(f"quiet hours of {desk.actor.name}", _quiet(desk, before), _quiet(desk, after))
    return answer(_quiet(desk, after))


def followable(desk: Desk, typed: str) -> Sequence[Choice]:
    """The asks and the bills of coalition.yml, and the states."""
    asks = [Choice(f"ask:{number}", f"Ask {number}: {ask.title}") for number, ask in desk.config.coalition.asks.items()]
    bills = [
        Choice(f"bill:{bill.id}", f"{words.bill(bill.id)}: {bill.title or family.name}")
        for family in desk.config.coalition.bills.values()
        for bill in reversed(family.bills)
    ]
    states = [Choice(f"state:{code}", name) for code, name in STATES.items()]
    return [each for each in (*asks, *bills, *states) if typed.casefold() in each.label.casefold()]


def followed(desk: Desk, typed: str) -> Sequence[Choice]:
    mine = [Choice(it.what, _follows(desk, it.what)) for it in _mine(desk).follows]
    return [each for each in mine if typed.casefold() in each.label.casefold()]


def _what(desk: Desk, text: str) -> str | Reply:
    """`ask:4`, `bill:hr4323-119` or `state:TX` from what was typed; a question, where a bill's Congress is not said."""
    known = desk.config.coalition.asks
    ask = re.fullmatch(r"(?:ask[: ]?)?\s*(\d{1,4})", text.strip().lower())
    if ask:
        if int(ask[1]) not in known:
            raise Refused(f"There is no ask {ask[1]}; there are {', '.join(map(str, known))}.", param="what")
        return f"ask:{int(ask[1])}"
    named = text.strip().removeprefix("state:").casefold()
    if state := next((code for code, name in STATES.items() if named in (code.casefold(), name.casefold())), None):
        return f"state:{state}"
    if written(text.removeprefix("bill:")) is None:
        what = f"“{text[:60]}” is no ask, no bill and no state: write “ask 4”, “hr4323-119” or “Texas”."
        raise Refused(what, param="what")
    meant = bill_meant(desk, text, "campaign follow", "what")
    return meant if isinstance(meant, Reply) else f"bill:{meant.id}"


def _mine(desk: Desk) -> Preferences:
    return preferences.of(desk.tx, desk.config.coalition.id, _person(desk))


def _person(desk: Desk) -> str:
    assert desk.actor.person is not None, "strangers are refused before a handler runs"
    return desk.actor.person


def _followed(desk: Desk, what: str) -> Follow | None:
    return next((it for it in _mine(desk).follows if it.what == what), None)


def _is_read(desk: Desk, what: str) -> bool:
    """Whether anything brings what is followed: of bills only the records that the coalition follows are read."""
    kind, _, name = what.partition(":")
    return kind != "bill" or name in tracking.followed(desk.config.coalition)


def _hears(desk: Desk, mine: Preferences) -> str:
    """`You hear daily of ask 4 (…) and H.R. 4323 (119th); on Mondays of ask 8 (…).`"""
    paces = [(when, [it.what for it in mine.follows if it.when is when]) for when in When]
    told = [f"{_HOW[when]} of {words.listed([_follows(desk, what) for what in its], 9)}" for when, its in paces if its]
    return f"You hear {'; '.join(told)}." if told else "You follow nothing yet."


def _who(desk: Desk) -> str:
    roles = words.listed(sorted(desk.actor.roles)) or "without a role"
    member = desk.config.coalition.members.get(desk.actor.organisation or "")
    return f"You are {desk.actor.name}: {roles}{f', {member.short or member.name}' if member else ''}"


def _follows(desk: Desk, what: str) -> str:
    kind, _, name = what.partition(":")
    if kind == "bill":
        return words.bill(name)
    if kind == "state":
        return f"{STATES[name]} (where it is named)"
    ask = desk.config.coalition.asks.get(int(name))
    return f"ask {name}{f' ({ask.title})' if ask else ''}"


def _quiet(desk: Desk, mine: Preferences) -> str:
    zone = mine.zone or desk.config.coalition.zone
    return f"Quiet hours: {mine.quiet.replace('-', ' to ')} ({zone})." if mine.quiet else f"No quiet hours ({zone})."
