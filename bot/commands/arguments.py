"""Check a command's arguments against its parameters. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.commands.model import Choice, Command, Context, Form, FormField, Kind, Param, Refused
from bot.shared.calendar import day_in_words
from bot.shared.plain_text import short_hash
from bot.shared.time_phrases import CLOSE_OF_BUSINESS, FARTHEST, ZONES, parse_time, split_weekday

_YES_NO: Final = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "on": "yes"} | {
    "no": "no", "n": "no", "false": "no", "0": "no", "off": "no"
}  # fmt: skip
SEEN: Final = Param("seen", "the version the form showed", required=False, by_button=True)
_LABEL: Final = 40  # characters: a form's label has less room than a command's help
# Control characters, which no text needs, and lone surrogates, which no store takes.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def checked(command: Command, args: Mapping[str, str], now: datetime, files: Collection[str] = ()) -> dict[str, str]:
    """Return the checked arguments for the handler. An empty one is left out, unless its parameter `clears`.

    `now`: in the coalition's zone; `files`: the parameters for which a file was uploaded. Raises `Refused` with the
    parameter.
    """
    values = checked_values(command, args, now, files)
    for param in command.params:
        if param.required and not values.get(param.name):
            raise Refused(f"{param.words} is missing: {param.help}. For example: {command.example}", param=param.name)
    clearing = {param.name for param in command.params if param.clears}
    return {name: given for name, given in values.items() if given or name in clearing}


def checked_values(
    command: Command, args: Mapping[str, str], now: datetime, files: Collection[str] = ()
) -> dict[str, str]:
    """As `checked`, of arguments from which some may be missing; "" for an empty one."""
    params = {param.name: param for param in command.params}
    for name in args:
        if name not in params:
            close = get_close_matches(name, params, n=1)
            hint = f" Did you mean {close[0]}?" if close else f" For example: {command.example}"
            raise Refused(f"/{command.path} has no parameter “{name[:40]}”.{hint}", param=name[:40])
    values = {name: value(param, args[name], now) for name, param in params.items() if name in args}
    for name, param in params.items():
        if param.kind is Kind.FILE and values.get(name) and name not in files:
            raise Refused(f"{param.words} is a file. Leave it out, and a form asks for it.", param=name)
    return values


def matching(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """The choices whose label contains the typed text, for a completion."""
    return [choice for choice in choices if typed.casefold() in choice.label.casefold()]


def check_asks(asks: Mapping[int, object], numbers: Iterable[int], *, param: str = "asks") -> None:
    """Raise `Refused` if one of the numbers is none of the coalition's `asks`."""
    for number in numbers:
        if number not in asks:
            raise Refused(f"There is no ask {number}. The asks are {', '.join(map(str, asks))}.", param=param)


def read_zone(text: str, *_: object) -> ZoneInfo:
    """Return a time zone typed as `ET`, `PT` or `Europe/London`. Raises `Refused`."""
    try:
        return ZoneInfo(ZONES.get(text.upper(), text))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        names = ", ".join(ZONES)
        raise Refused(f"“{text[:40]}” is not a time zone. Try {names} or Europe/London.", param="zone") from error


def zone_choices(ctx: Context, typed: str) -> list[Choice]:  # noqa: ARG001 - a completer's form
    return matching((Choice(name, f"{name}, {zone}") for name, zone in ZONES.items()), typed)


def read_moment(text: str, now: datetime, at: time | None = CLOSE_OF_BUSINESS, param: str = "") -> datetime:
    """Return a time in UTC, as `parse_time` reads it in the zone of `now`. Raises `Refused`."""
    moment = parse_time(text, now, now.tzinfo or UTC, at)
    if moment is None:
        hour = "" if at else " with an hour"
        raise _no_date(text, now, f"a date{hour}. For example: Dec 18 5pm", param)
    return moment


def read_later(text: str, now: datetime, at: time | None = CLOSE_OF_BUSINESS, param: str = "") -> datetime:
    """Return a time within the next year, as `read_moment` reads it. Raises `Refused`.

    Where another argument may name the zone, only the command can tell: there the parameter's check is `read_moment`.
    """
    moment = read_moment(text, now, at, param)
    if moment <= now:
        past = f"“{text[:40]}” is in the past ({_day_text(moment, now)}). For example: next Friday 5pm"
        raise Refused(past, param=param)
    if moment > now + FARTHEST:
        far = f"“{text[:40]}” is more than a year away ({_day_text(moment, now)}). For example: Dec 18 5pm"
        raise Refused(far, param=param)
    return moment


def read_past_day(text: str, now: datetime) -> date:
    """Return a day up to today, as `parse_time` reads it in the zone of `now`. Raises `Refused`."""
    moment = parse_time(text, now, now.tzinfo or UTC, time(0), past=True)
    if moment is None:
        raise _no_date(text, now, "a date. For example: Nov 24 or 11/24/2026", past=True)
    if moment > now:
        raise Refused(f"“{text[:40]}” is in the future ({_day_text(moment, now)}). For example: yesterday")
    return moment.astimezone(now.tzinfo).date()


def _no_date(text: str, now: datetime, wanted: str, param: str = "", *, past: bool = False) -> Refused:
    """Why a text is no date: its date is of another day of the week, or it is none at all."""
    weekday, rest = split_weekday(text)
    moment = parse_time(rest, now, now.tzinfo or UTC, time(0), past=past)
    is_wrong = moment and moment.astimezone(now.tzinfo).weekday() != weekday
    what = (
        f"wrong about the day of the week: it is {_day_text(moment, now)}" if moment and is_wrong else f"not {wanted}"
    )
    return Refused(f"“{text[:40]}” is {what}", param=param)


def _day_text(moment: datetime, now: datetime) -> str:
    return day_in_words(moment.astimezone(now.tzinfo).date())


def read_asks(asks: Mapping[int, object], text: str) -> tuple[int, ...]:
    """Return the numbers of asks in a text such as `4, 8`, each once. Raises `Refused` for one that is no ask."""
    numbers = tuple(dict.fromkeys(map(int, re.findall(r"\d{1,4}", text))))
    if text.strip() and not numbers:
        raise Refused(
            f"Write the numbers of asks, such as 4, 8. The asks are {', '.join(map(str, asks))}.", param="asks"
        )
    check_asks(asks, numbers)
    return numbers


def mark(shown: Mapping[str, Any] | None) -> str:
    """A short mark of what a form shows, for its argument `SEEN`: to notice that it was changed since."""
    return short_hash(json.dumps(shown, sort_keys=True, default=str), 8)


def refuse_outdated(args: Mapping[str, str], shown: Mapping[str, str], item: str) -> None:
    """Raise `Refused` if the form that was sent showed an item that was changed since: nothing is overwritten.

    Only for a form that changes something: one that was sent twice does not.
    """
    if args.get(SEEN.name, mark(shown)) != mark(shown):
        raise Refused(f"{item} was changed while your form was open. Nothing was overwritten: open the form again.")


def form(command: Command, args: Mapping[str, str]) -> Form | None:
    """Return a form for the missing parameters; None if no required one is missing."""
    left = [param for param in command.params if param.name not in args and not param.by_button]
    if not any(param.required for param in left):
        return None
    asked = sorted(left, key=lambda param: not param.required)  # a frontend with little room drops the last
    fields = tuple(FormField(param, param.label[:_LABEL]) for param in asked)
    return Form(title=command.help, path=command.path, fields=fields, args=dict(args), submit="Continue")


def value(param: Param, given: str, now: datetime | None = None) -> str:
    """Return one checked argument, "" for an empty one. Raises `Refused` with the parameter.

    `now`: in the coalition's zone; None if the parameter's own check is for later.
    """
    try:
        return _value(param, given, now)
    except Refused as refused:
        raise Refused(refused.what, param=param.name) from None


def _value(param: Param, given: str, now: datetime | None) -> str:
    text = _UNWRITABLE.sub("", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if param.kind is not Kind.LONG:
        text = " ".join(text.split())
    if len(text) > param.longest:
        raise Refused(f"{param.words} is too long: {len(text):,} characters of at most {param.longest:,}.")
    if not text:
        return ""
    if param.choices:
        by_word = {word.casefold(): choice.value for choice in param.choices for word in (choice.label, choice.value)}
        if (picked := by_word.get(text.casefold())) is not None:
            return picked
        one_of = ", ".join(choice.value for choice in param.choices)
        raise Refused(f"{param.words} must be one of {one_of}, not “{text[:40]}”.")
    if param.kind is Kind.NUMBER and not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refused(f"{param.words} must be a number, not “{text[:40]}”.")
    if param.kind is Kind.YES_NO:
        if text.casefold() not in _YES_NO:
            raise Refused(f"{param.words} must be yes or no, not “{text[:40]}”.")
        return _YES_NO[text.casefold()]
    if param.check and now:
        param.check(text, now)
    return text
