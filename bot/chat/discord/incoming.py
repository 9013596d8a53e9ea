"""Parse Discord's interaction data, and write the part of it that is ours: the `custom_id` of buttons and forms. Pure.

A `custom_id` is a URL query: `alerts+why?item=4f2c`. Discord stores it, so a button works after a restart and on an
alert that is a year old. Where several coalitions share an application, the coalition's tag follows an `@`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlencode

LONGEST: Final = 100  # characters (discord/discord-api-docs, components/reference)
_ODD: Final = "surrogatepass"  # a lone surrogate is encoded like any other character
_TAG: Final = "@"  # encoded wherever else it may be
Data = Mapping[str, Any]

_FILE: Final = 19  # a file in a form (discord/discord-api-docs, components/reference)


def encode(path: str, args: Mapping[str, str]) -> str:
    """The `custom_id` of a command and its arguments. Raises `ValueError` if too long: buttons use short ids."""
    coded = quote_plus(path, errors=_ODD)
    if args:
        coded += f"?{urlencode(args, errors=_ODD)}"
    if len(coded) > LONGEST:
        raise ValueError(f"{len(coded)} characters are too many for a Discord button or form: {coded[:40]}…")
    return coded


def decode(custom_id: str) -> tuple[str, dict[str, str]]:
    """The path and arguments. An id that is not ours becomes a path that no command has."""
    path, _, query = custom_id.partition(_TAG)[0].partition("?")
    try:
        return unquote_plus(path, errors=_ODD), dict(parse_qsl(query, keep_blank_values=True, errors=_ODD))
    except UnicodeDecodeError:
        return custom_id, {}


def tag(guild: str) -> str:
    """The four characters that say which coalition a button is of, from the id of its server; "" without one."""
    return hashlib.sha256(guild.encode()).hexdigest()[:4] if guild else ""


def tag_of(custom_id: str) -> str:
    return custom_id.partition(_TAG)[2]


def tagged(body: Mapping[str, Any], tag: str) -> dict[str, Any]:
    """A message or form whose `custom_id`s have the tag. One without room for it stays as it is."""

    def with_tag(item: Mapping[str, Any]) -> dict[str, Any]:
        id_ = item.get("custom_id", "")
        longer = f"{id_}{_TAG}{tag}"
        return {**item, "custom_id": longer} if id_ and len(longer) <= LONGEST else {**item}

    if not tag or "components" not in body:
        return {**body}
    if "custom_id" in body:
        return with_tag(body)  # a form: those of its fields are the parameters' names
    rows = [{**row, "components": [*map(with_tag, row["components"])]} for row in body["components"]]
    return {**body, "components": rows}


def command(data: Data) -> tuple[str, dict[str, str]]:
    """The path of a slash command and its arguments as text."""
    path, options = _leaf(data)
    return path, {option["name"]: _text(option.get("value", "")) for option in options}


def typing(data: Data) -> tuple[str, str, bool]:
    """The option being filled in, the text typed so far, and whether it takes a number."""
    _, options = _leaf(data)
    option = next((option for option in options if option.get("focused")), {})
    return option.get("name", ""), _text(option.get("value", "")), option.get("type") == 4


def fields(data: Data) -> dict[str, str]:
    """A form's values by parameter; for a file its name, "" for an empty field."""
    given = {
        field["custom_id"]: field["value"] if "value" in field else "".join(field.get("values") or [])
        for field in _fields(data.get("components", []))
    }
    return given | {name: str(file["filename"]) for name, file in files(data).items()}


def files(data: Data) -> dict[str, Data]:
    """The files uploaded in a form, as Discord describes them, by parameter."""
    attachments: Data = data.get("resolved", {}).get("attachments", {})
    uploads = [field for field in _fields(data.get("components", [])) if field.get("type") == _FILE]
    return {field["custom_id"]: attachments[id_] for field in uploads for id_ in field.get("values", ())[:1]}


def _leaf(data: Data) -> tuple[str, list[Data]]:
    """The path and its arguments: a group has one option, the verb, which has the arguments, unless it has no verbs."""
    options = data.get("options") or []
    if not options or options[0]["type"] != 1:  # a subcommand
        return data["name"], options
    (verb,) = options
    return f"{data['name']} {verb['name']}", verb.get("options") or []


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _fields(components: list[Data]) -> Iterator[Data]:
    for component in components:
        inner = [component["component"]] if "component" in component else component.get("components")
        if inner is None:
            yield component
        else:
            yield from _fields(inner)
