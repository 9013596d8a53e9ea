"""What a person asked for, read out of Discord's interaction data. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Data = Mapping[str, Any]


def command(data: Data) -> tuple[str, dict[str, str]]:
    """The path of a slash command and its arguments as text."""
    path, options = _leaf(data)
    return path, {option["name"]: _text(option.get("value", "")) for option in options}


def typing(data: Data) -> tuple[str, str, bool]:
    """The option that is being filled in, what was typed so far, and whether it takes a number."""
    _, options = _leaf(data)
    option = next((option for option in options if option.get("focused")), {})
    return option.get("name", ""), _text(option.get("value", "")), option.get("type") == 4


def fields(data: Data) -> dict[str, str]:
    """What was filled into a form, by parameter; what was left empty is empty."""
    return {
        field["custom_id"]: field["value"] if "value" in field else "".join(field.get("values") or [])
        for field in _fields(data.get("components", []))
    }


def _leaf(data: Data) -> tuple[str, list[Data]]:
    """A room holds one option, the verb; that holds the arguments."""
    (verb,) = data["options"]
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
