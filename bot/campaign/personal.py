"""/campaign me, follow, unfollow and quiet: the asker's own settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.bills.commands import tracked_bills
from bot.bills.facts import resolve_bill
from bot.campaign import notices
from bot.commands.arguments import check_asks, matching, read_zone, zone_choices
from bot.commands.model import Choice, Context, Group, Param, Refused, Reply, answer
from bot.congress import records
from bot.congress.directory import words_of
from bot.congress.model import fold
from bot.people import preferences
from bot.people.preferences import MEMBER, QUIET, ZONE, Follow, Preferences, When
from bot.shared import wording
from bot.shared.bill_number import parse_bill_number
from bot.shared.card import Button, Line
from bot.shared.states import STATES, state_named
from bot.shared.time_phrases import parse_hours

_NO_ZONE = "coalition"  # typed instead of a zone: the coalition's counts
_MAX_WAITING = 4  # items in the answer
_MAX_FOLLOWED = 100  # everything that someone follows is looked up at each step, and listed by /campaign me
_DELIVERY_NOTE = "It comes by direct message, outside your quiet hours."
_UNREAD_NOTE = (
    "The bot does not read this bill's record, so nothing will come. Policy staff can add it with /bill track."
)
_MEMBER_NOTE = (
    "One direct message on Mondays, if there is news: what they sign and how they vote on the bills you track, their "
    "committees, and letters you sent them. What they did before is not news."
)
_PACE_WORDS = {When.NOW: "at once", When.DAILY: "daily", When.WEEKLY: "on Mondays"}
_WHEN = (
    Choice("now", "At once, for alerts"),
    Choice("daily", "In a digest each business day"),
    Choice("weekly", "In a digest on Mondays"),
)


def follow_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the asks and bills of coalition.yml, and the states."""
    asks = [Choice(f"ask:{number}", f"Ask {number}: {ask.title}") for number, ask in ctx.config.coalition.asks.items()]
    bills = [
        Choice(f"bill:{bill.id}", f"{wording.bill(bill.id)}: {bill.title or family.name}")
        for family in ctx.config.coalition.bills.values()
        for bill in reversed(family.bills)
    ]
    states = [Choice(f"state:{code}", name) for code, name in STATES.items()]
    members = [
        Choice(f"{MEMBER}{member.bioguide}", member.label) for member in (records.members(ctx.tx) if typed else ())
    ]
    return matching((*asks, *bills, *states, *members), typed)


def _followed_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    follows = _preferences(ctx).follows
    return matching((Choice(each.what, _follow_name(ctx, each.what)) for each in follows), typed)


slash = Group("campaign")


@slash.command()
def me(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - it takes none
    """Show what waits for you, what you follow, and your quiet hours."""
    settings = _preferences(ctx)
    waiting = [line for room in ctx.rooms.waiting for line in room(ctx.tx, ctx.config, ctx.actor, ctx.now)]
    follows = [
        f"{_PACE_WORDS[when]}: {wording.listed(names, 9)}"
        for when in When
        if (names := [_follow_name(ctx, each.what) for each in settings.follows if each.when is when])
    ]
    roles = wording.listed(sorted(ctx.actor.roles)) or "none"
    member = ctx.config.coalition.members.get(ctx.actor.organisation or "")
    name = f"{ctx.actor.name}{f', {member.short or member.name}' if member else ''}"
    head = f"Signed in as {name}. {'Roles' if len(ctx.actor.roles) > 1 else 'Role'}: {roles}"
    lines = [
        Line(f"{wording.number(len(waiting), 'item waits', 'items wait') if waiting else 'Nothing waits'} for you."),
        *wording.cap_lines(waiting, _MAX_WAITING),
        Line(f"You follow {'; '.join(follows)}." if follows else "You follow nothing yet."),
        Line(_quiet_line(ctx, settings)),
    ]
    buttons = [Button("Follow", "campaign follow"), Button("Quiet hours", "campaign quiet")]
    buttons += [Button("Unfollow", "campaign unfollow")] if settings.follows else []
    return answer(head, *lines, buttons=ctx.theirs(*buttons))


@slash.command(
    example='"ask {ask}" when:weekly',
    params=(
        Param("what", "an ask, a bill with its Congress, a state, or a member of Congress", complete=follow_choices),
        Param("when", "how soon; daily if left out, weekly for a member of Congress", required=False, choices=_WHEN),
    ),
    changes=True,
)
def follow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Follow an ask, a bill, a state or a member of Congress by direct message."""
    what = _resolve(ctx, args["what"])
    if isinstance(what, Reply):
        return what
    before = _current_follow(ctx, what)
    is_member = what.startswith(MEMBER)
    when = When(args.get("when", before.when if before else When.WEEKLY if is_member else When.DAILY))
    if is_member and when is not When.WEEKLY:
        raise Refused("A member of Congress is followed weekly: one message on Mondays. Try when:weekly.", param="when")
    if before and before.when is when:
        return answer(f"You already follow {_follow_name(ctx, what)}, {_PACE_WORDS[when]}")
    if before is None and len(_preferences(ctx).follows) >= _MAX_FOLLOWED:
        raise Refused(f"You follow {_MAX_FOLLOWED} already, the most there can be. /campaign unfollow ends one.")
    preferences.follow(ctx.tx, ctx.person, Follow(what, when, before.since if before else ctx.now))
    name = _follow_name(ctx, what)
    was = f"{name}, {_PACE_WORDS[before.when]}" if before else ""
    ctx.note(f"what {ctx.actor.name} follows", was, f"{name}, {_PACE_WORDS[when]}")
    buttons = [
        Button(words[0].upper() + words[1:], "campaign follow", (("what", what), ("when", pace.value)))
        for pace, words in _PACE_WORDS.items()
        if pace is not when and not is_member
    ]
    buttons.append(Button("Unfollow", "campaign unfollow", (("what", what),)))
    note = _MEMBER_NOTE if is_member else _DELIVERY_NOTE
    if what.startswith("bill:") and what.removeprefix("bill:") not in tracked_bills(ctx.config.coalition):
        note = _UNREAD_NOTE  # the bot reads only the bills that the coalition tracks
    return answer(f"You now follow {name}, {_PACE_WORDS[when]}", note, buttons=buttons)


@slash.command(
    example="{bill}", params=(Param("what", "something that you follow", complete=_followed_choices),), changes=True
)
def unfollow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Stop following an ask, a bill, a state or a member of Congress."""
    what = _resolve(ctx, args["what"])
    if isinstance(what, Reply) or _current_follow(ctx, what) is None:
        raise Refused(f"You do not follow “{args['what'][:60]}”. /campaign me shows what you follow.", param="what")
    preferences.unfollow(ctx.tx, ctx.person, what)
    if what.startswith(MEMBER):
        preferences.set_preference(ctx.tx, ctx.person, notices.KNOWN + what.removeprefix(MEMBER), "")
    ctx.note(f"what {ctx.actor.name} follows", _follow_name(ctx, what), "")
    return answer(f"You no longer follow {_follow_name(ctx, what)}")


def _hours(text: str, *_: object) -> str:
    """`18:00-08:00` from hours of the day, "" for none. Raises `Refused`."""
    hours = "" if text.lower() in ("off", "none", "no") else parse_hours(text)
    if hours is None:
        raise Refused(f"“{text[:40]}” is not a range of hours. For example: 6pm-8am, or off")
    return hours


@slash.command(
    example="6pm-8am zone:America/Los_Angeles",
    params=(
        Param("hours", "from-to, such as 6pm-8am; or off", check=_hours),
        Param(
            "zone", "your time zone: ET, PT; or coalition, for the coalition's", required=False, complete=zone_choices
        ),
    ),
    changes=True,
)
def quiet(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set hours without direct messages."""
    before = _preferences(ctx)
    quiet_hours = _hours(args["hours"])
    typed = args.get("zone", before.zone)
    zone = read_zone(typed).key if typed.lower() not in ("", _NO_ZONE) else ""
    for name, value in ((QUIET, quiet_hours), (ZONE, zone)):
        preferences.set_preference(ctx.tx, ctx.person, name, value)
    after = _preferences(ctx)
    ctx.note(f"quiet hours of {ctx.actor.name}", _quiet_line(ctx, before), _quiet_line(ctx, after))
    return answer(_quiet_line(ctx, after))


def _resolve(ctx: Context, text: str) -> str | Reply:
    """`ask:4`, `bill:hr1234-119`, `state:TX` or `member:G000555` from text; a question if a Congress is missing."""
    ask = re.fullmatch(r"(?:ask[: ]?)?\s*(\d{1,4})", text.strip().lower())
    if ask:
        check_asks(ctx.config.coalition.asks, [int(ask[1])], param="what")
        return f"ask:{int(ask[1])}"
    if state := state_named(text.strip().removeprefix("state:")):
        return f"state:{state}"
    if parse_bill_number(text.removeprefix("bill:")) is None:
        return _member(ctx, text)
    bill = resolve_bill(ctx, text, "campaign follow", "what")
    return bill if isinstance(bill, Reply) else f"bill:{bill.id}"


def _member(ctx: Context, text: str) -> str:
    """`member:G000555` from an id or a name. Raises `Refused` if it is not exactly one member of Congress."""
    if any(follow.what == text for follow in _preferences(ctx).follows):
        return text  # also of a member who left Congress
    typed = text.strip().removeprefix(MEMBER)
    wanted = fold(typed)
    members = [member for member in records.members(ctx.tx) if member.serves(ctx.today)]
    fits = [member for member in members if member.bioguide == typed.upper()] or [
        member for member in members if wanted and set(wanted) <= set(words_of(member))
    ]
    if len(fits) == 1:
        return f"{MEMBER}{fits[0].bioguide}"
    if fits:
        names = wording.listed([f"{member.full_name} ({member.place})" for member in fits], 5)
        raise Refused(f"“{text[:60]}” fits {len(fits)} members of Congress: {names}. Add the state.", param="what")
    raise Refused(
        f"“{text[:60]}” is not an ask, a bill, a state or a member of Congress. Try “ask 4”, “hr1234-119”, “Texas” or "
        "a member's name.",
        param="what",
    )


def _preferences(ctx: Context) -> Preferences:
    return preferences.preferences_of(ctx.tx, ctx.person)


def _current_follow(ctx: Context, what: str) -> Follow | None:
    return next((follow for follow in _preferences(ctx).follows if follow.what == what), None)


def _follow_name(ctx: Context, what: str) -> str:
    kind, _, name = what.partition(":")
    if kind == "bill":
        return wording.bill(name)
    if kind == "state":
        return f"{STATES[name]} (where it is named)"
    if kind == "member":
        member = records.member(ctx.tx, name)
        return member.label if member else f"member {name} (no longer in Congress)"
    ask = ctx.config.coalition.asks.get(int(name))
    return f"ask {name}{f' ({ask.title})' if ask else ''}"


def _quiet_line(ctx: Context, settings: Preferences) -> str:
    zone = settings.zone or ctx.config.coalition.zone
    hours = f"Quiet hours: {settings.quiet.replace('-', ' to ')}" if settings.quiet else "No quiet hours"
    return f"{hours} ({zone})."
