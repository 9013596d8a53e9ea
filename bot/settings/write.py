"""Write the two files: changes are put into the existing text, so that its comments stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from datetime import date, time, timedelta
from enum import Enum
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel

from bot.config import catalog
from bot.shared.time_phrases import duration_text
from bot.shared.yaml_text import yaml_with_places

_NAMED: Final = ("sources", "offices")  # sections that may be a list of names and named sections


def plain(section: BaseModel, *, defaults: bool = False) -> dict[str, Any]:
    """Return a section as a person would write it: strings, numbers and lists. `defaults`: also what is left out."""
    values: dict[str, Any] = _to_yaml(section.model_dump(exclude_defaults=not defaults))
    return values


def edited(text: str, edit: Callable[[MutableMapping[Any, Any]], None]) -> str:
    """Return a file's text after `edit` has changed its values; the rest stays as it is."""
    from ruamel.yaml.comments import CommentedMap

    yaml = _yaml()
    document = yaml.load(text) or CommentedMap()
    before = _plain_values(document)
    lists = {key: document[key] for key in _NAMED if isinstance(document.get(key), list)}
    for key, items in lists.items():
        document[key] = catalog.by_id(items)
    edit(document)
    for key, items in lists.items():
        _update_list(items, document[key])
        document[key] = items
    yaml.dump(document, out := StringIO())
    if document.fa.flow_style():  # in braces, as JSON is: its keys are not on lines of their own
        return out.getvalue()
    changed = {key for key, value in _plain_values(document).items() if key not in before or before[key] != value}
    # ruamel would wrap the lines of the other values again
    originals, parts = _parts(text), _parts(out.getvalue())
    return "".join(part if key in changed else originals.get(key, part) for key, part in parts.items())


def _yaml() -> Any:
    """Ruamel's reader and writer, imported for the first change: it takes 1.5 MB."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor
    from ruamel.yaml.nodes import ScalarNode

    class Constructor(RoundTripConstructor):
        """ruamel's own, which keeps a word that looks like a date and is none, such as 2026-13-45, as ours does."""

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep=deep)
            except (ValueError, LookupError):
                if not isinstance(node, ScalarNode):
                    raise
                return node.value

    yaml = YAML()
    yaml.Constructor = Constructor
    yaml.preserve_quotes = True
    yaml.width = 4_096  # a line that is broken inside a value reads badly
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def put(values: MutableMapping[Any, Any], key: Any, wanted: Any) -> None:
    """Set a value, or remove it if it is None; a commented section keeps the comments of what stays the same."""
    before = values.get(key)
    if wanted is None:
        values.pop(key, None)
    elif isinstance(before, MutableMapping) and isinstance(wanted, dict):
        for name in [name for name in before if name not in wanted]:
            del before[name]
        for name, value in wanted.items():
            if _plain_values(before.get(name)) != value:
                put(before, name, value)
    elif isinstance(before, list) and isinstance(wanted, list):
        _put_list(before, wanted)
    else:
        values[key] = wanted


def _put_list(items: list[Any], wanted: list[Any]) -> None:
    """Make a list equal to `wanted`; items that are in both keep their comments."""
    plain_items = _plain_values(items)
    for place, value in enumerate(wanted):
        if place < len(plain_items) and plain_items[place] == value:
            continue
        if value in plain_items[place:]:  # those before it were removed
            for _ in range(plain_items[place:].index(value)):
                del items[place]
                del plain_items[place]
        elif place < len(plain_items) and len(plain_items) >= len(wanted):
            items[place] = plain_items[place] = value
        else:
            items.insert(place, value)
            plain_items.insert(place, value)
    del items[len(wanted) :]


def _update_list(items: list[Any], by_id: Mapping[Any, Any]) -> None:
    """Put the sections in `by_id` back into the list that it was made from."""
    named = [item if isinstance(item, str) else next(iter(item)) for item in items]
    for place in reversed(range(len(named))):
        if named[place] not in by_id:
            del items[place]
        elif by_id[named[place]] is not None:
            items[place] = {named[place]: by_id[named[place]]}
    items.extend({name: section} for name, section in by_id.items() if name not in named)


def _parts(text: str) -> dict[str, str]:
    """Return the text by its keys at the top, each up to the next one; what is before the first is under ""."""
    starts = {"": 0} | {key: line - 1 for key, (line, _) in yaml_with_places(text)[1].items()}
    lines = text.splitlines(keepends=True)
    ends = [*sorted(starts.values())[1:], len(lines)]
    return {key: "".join(lines[start:end]) for (key, start), end in zip(starts.items(), ends, strict=True)}


def _plain_values(node: Any) -> Any:
    """Convert ruamel's containers and strings to plain ones, as the reader has them."""
    if isinstance(node, Mapping):
        return {key: _plain_values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain_values(value) for value in node]
    return str(node) if isinstance(node, str | date) else node


def _to_yaml(value: Any) -> Any:
    yaml = value
    match value:
        case Enum():
            yaml = str(value.value)
        case timedelta():
            yaml = duration_text(value)
        case time():
            yaml = f"{value:%H:%M}"
        case date():
            yaml = value.isoformat()
        case tuple() | list():
            yaml = [_to_yaml(item) for item in value]
        case dict():
            yaml = {key: _to_yaml(item) for key, item in value.items()}
    return yaml
