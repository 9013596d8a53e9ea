"""Settings as the fields of a form and back. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from functools import partial
from typing import Any, Final

from pydantic import BaseModel

from bot.commands.model import Kind, Refused
from bot.config import catalog
from bot.config.load import Config
from bot.settings.changes import ASK, KEYS, OFFICE, VALUES, Change, plain, sections, values_at
from bot.settings.sections import Field, Section, Shape
from bot.shared import wording
from bot.shared.agencies import agency_in_a_sentence
from bot.shared.calendar import hour_in_words
from bot.shared.entry import Agency
from bot.shared.time_phrases import parse_hour, parse_hours

NEW: Final = "new"  # written for an item that does not exist yet
_LONGEST_ID: Final = 24
_NUMBERS: Final = re.compile(r"\s*\d{1,4}(?:[\s,;]+\d{1,4})*\s*")


def items(config: Config, section: Section) -> dict[str, str]:
    """The items of a section that has several, by name, each with its title."""
    return {
        name: _one_line(section, item)
        for name, item in _named(config, section).items()
        if not section.inside or getattr(item, section.inside) is not None
    }


def current(config: Config, section: Section, name: str = "", *, defaults: bool = False) -> dict[str, Any] | None:
    """An item's values as a person would write them, or the values of a section without items; None if missing.

    `defaults`: with the values that are left out.
    """
    if not section.named:
        values = plain(config.feeds, defaults=defaults) | plain(config.coalition, defaults=defaults)
        return {key: values[key] for key in section.keys if values.get(key) is not None}
    item = _named(config, section).get(name)
    return plain(item, defaults=defaults) if item is not None else None


def texts(section: Section, values: Mapping[str, Any]) -> dict[str, str]:
    """The values as the texts of the form's fields."""
    pairs = ((field, _at(values, field.path)) for field in section.fields)
    return {field.param.name: "" if value is None else _SHAPES[field.shape][2](value) for field, value in pairs}


def edited(section: Section, values: Mapping[str, Any], args: Mapping[str, str]) -> dict[str, Any]:
    """The values with the fields in `args` changed; an empty one removes its value. Raises `Refused`."""
    made: dict[str, Any] = json.loads(json.dumps(values))
    for field in section.fields:
        if field.param.name in args:
            _put(made, field.path, _parsed(field, args[field.param.name]))
    return made


def dated(before: Mapping[str, Any], after: dict[str, Any], today: date) -> dict[str, Any]:
    """An office whose new holder, or source for one, is as of today, unless another day is given."""
    was, now = before.get("holder", {}), after.get("holder", {})
    same = all(was.get(key) == now.get(key) for key in ("name", "source"))
    if not now or same or now.get("as_of", was.get("as_of")) != was.get("as_of"):
        return after
    return after | {"holder": now | {"as_of": today.isoformat()}}


def change_to(config: Config, section: Section, name: str, values: Mapping[str, Any] | None) -> Change:
    """The change that gives an item these values; None removes it.

    A list changes as a whole. Of values at the top of a file, those change that differ from the file's.
    """
    if section.key:
        listed = [plain(item) for item in sections(config, section.key)]
        place = int(name) - 1 if name.isdecimal() else len(listed)
        listed[place : place + 1] = [dict(values)] if values is not None else []
        return Change(kind=VALUES, name=section.key, body=_json({section.key: listed}))
    if section.kind == VALUES:
        wanted, files = values or {}, current(config.in_files, section) or {}
        changed = {key: wanted.get(key) for key in section.keys if wanted.get(key) != files.get(key)}
        return Change(kind=VALUES, name=section.what, body=_json(changed))
    if values is None and section.inside:
        whole = current(config, section, name) or {}
        values = {key: value for key, value in whole.items() if key != section.inside}
    return Change(kind=section.kind, name=name, body=None if values is None else _json(values))


def canonical(config: Config, change: Change) -> Change:
    """A change with its values as the configuration has them, after it was validated.

    An office leaves out what the catalog has, so that a newer catalog still corrects it.
    """
    values = values_at(config, change) if change.body is not None else None
    if values is None:
        return change
    shipped = catalog.offices().get(change.name, {}) if change.kind == OFFICE else {}
    if shipped and not shipped.keys() - values.keys() and values["block"] == shipped["block"]:
        values = {key: value for key, value in values.items() if value != shipped.get(key)}
    return replace(change, body=_json(values))


def office_of(config: Config, agency: Agency) -> dict[str, Any]:
    """An office for an agency as far as the Register tells: its name, slug and department, its acronym if we ask it."""
    name = agency_in_a_sentence(agency.name).removeprefix("the ")  # the Register's is "Agriculture Department"
    acronym = "".join(word[0] for word in name.split() if word[0].isupper())
    asked = " ".join(ask.text for ask in config.coalition.asks.values())
    offices = config.coalition.all_offices.items()
    above = next((id_ for id_, office in offices if agency.parent and agency.parent in office.agencies), None)
    return {
        "name": name,
        "block": [name],
        "agencies": [agency.slug] if agency.slug else [],
        **({"part_of": above} if above else {}),
        **({"also": [acronym]} if len(acronym) > 2 and re.search(rf"\b{acronym}\b", asked) else {}),
    }


def new_name(config: Config, section: Section, args: Mapping[str, str], used: Collection[str] = ()) -> str:
    """The name of a new item: the next number of an ask, a member's or office's id from its names.

    `used`: ids that another had, whose signatures and representatives a new item would get.
    """
    taken = sections(config, section.key or KEYS[section.kind])
    if section.key:
        return str(len(taken) + 1)
    if section.kind == ASK:
        return str(max(taken, default=0) + 1)
    taken = {*taken, *used}
    called = args.get("also", "").partition("\n")[0] or args.get("full-name", "").rpartition(", ")[2]  # of an office
    return new_id(args.get("short") or called, taken, _LONGEST_ID, section.what)


def new_id(name: str, taken: Collection[Any], longest: int = 40, otherwise: str = "new") -> str:
    """An id for one of the files from a name: `forced-labor-imports`, with a number if that is taken."""
    base = wording.slug(name, longest) or otherwise
    return next(id_ for n in range(1, len(taken) + 2) if (id_ := base if n == 1 else f"{base}-{n}") not in taken)


def item_name(section: Section, typed: str) -> str:
    """The name of an item as it is stored: ask 03 is ask 3."""
    return str(int(typed)) if typed.isdecimal() and (section.key or section.kind == ASK) else typed


def fields(config: Config, section: Section) -> Iterator[tuple[str, str, str]]:
    """The label, the text and the origin of each value of a section without items."""
    shown = texts(section, current(config, section, defaults=True) or {})
    for field in section.fields:
        text = shown[field.param.name].replace("\n", " / ")
        yield field.label, wording.short(text, 200), config.origin(*field.path)


def origin(config: Config, section: Section, name: str) -> str:
    if section.key:
        return config.origin(section.key, int(name) - 1)
    return config.origin(KEYS[section.kind], name)


def summary(config: Config, section: Section) -> str:
    """A section in one line: `9, 2 set in chat`, or its short values and what is missing."""
    if section.named:
        named = list(items(config, section))
        in_chat = sum(origin(config, section, name) == "chat" for name in named)
        names = f" ({wording.listed(named, 5)})" if named and not section.key and section.kind != ASK else ""
        return f"{len(named) or 'none yet'}{names}{f', {in_chat} set in chat' if in_chat else ''}"
    rows = list(fields(config, section))
    shown = [f"{name.lower()} {text}" for name, text, _ in rows if text and len(text) <= 50]
    missing = [name.lower() for name, text, _ in rows if not text]
    in_chat = sum(bool(text) and place == "chat" for _, text, place in rows)
    parts = [", ".join(shown[:4]), f"not set: {wording.listed(missing, 5)}" if missing else ""]
    return "; ".join(filter(None, (*parts, f"{in_chat} set in chat" if in_chat else "")))


def _named(config: Config, section: Section) -> dict[str, BaseModel]:
    whole = sections(config, section.key or KEYS[section.kind])
    return {str(name): item for name, item in (enumerate(whole, start=1) if section.key else whole.items())}


def _one_line(section: Section, item: BaseModel) -> str:
    """An item in a few words."""
    shown = texts(section, plain(item, defaults=True))
    first, *rest = section.fields
    short = {field.label: shown[field.param.name] for field in rest if field.param.kind is Kind.TEXT}
    parts = [f"{label.lower()} {text}" for label, text in short.items() if 0 < len(text) <= 60]
    return wording.short(", ".join([shown[first.param.name], *parts]), 150)


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


def _put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value, or remove it if it is None; a part that becomes empty goes too."""
    *above, last = path
    if above:
        inner = values.setdefault(above[0], {})
        _put(inner, path[1:], value)
        if not inner:
            del values[above[0]]
    elif value is None:
        values.pop(last, None)
    else:
        values[last] = value


def _parsed(field: Field, text: str) -> Any:
    """A field's text as a value; None if it is empty. The loader judges the value."""
    if not text:
        return None
    read, wanted, _ = _SHAPES[field.shape]
    if (value := read(text)) is None and wanted:
        raise Refused(wording.with_period(f"“{text[:40]}” is not {wanted}"), param=field.param.name)
    return value


def _split(at: str, text: str) -> list[str]:
    return [word.strip() for word in re.split(at, text) if word.strip()]


def _numbers(text: str) -> list[int] | None:
    return list(map(int, re.findall(r"\d+", text))) if _NUMBERS.fullmatch(text) else None


def _hours_in_words(*hours: str) -> str:
    return " to ".join(hour_in_words(time.fromisoformat(hour)) for hour in hours)


# How a text is read as a value, None if it cannot be; what it should be then; and how the value is written as a text.
_SHAPES: Final[Mapping[Shape, tuple[Callable[[str], Any], str, Callable[[Any], str]]]] = {
    Shape.TEXT: (str, "", str),
    Shape.NUMBER: (int, "", str),
    Shape.YES_NO: (lambda text: text == "yes" or None, "", lambda value: "yes" if value else "no"),
    Shape.LINES: (partial(_split, r"\n"), "", "\n".join),
    Shape.LIST: (partial(_split, r"[,;\n]"), "", ", ".join),
    Shape.NUMBERS: (_numbers, "a list of numbers, such as 4, 8", lambda value: ", ".join(map(str, value))),
    Shape.HOUR: (parse_hour, "a time of day, such as 8:30 a.m.", _hours_in_words),
    Shape.HOURS: (
        lambda text: (hours := parse_hours(text)) and hours.split("-"),
        "two times of day, such as 8 p.m. to 7 a.m.",
        lambda value: _hours_in_words(*value),
    ),
}


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
