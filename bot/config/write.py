"""Write the two files back: changes are put into the existing text, so that its comments stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time, timedelta
from enum import Enum
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.config import catalog, word_lists
from bot.config.coalition import Coalition
from bot.config.feeds import Feeds

_COALITION_VALUES: Final = (
    "name", "short", "contact", "zone", "about", "address", "phone", "site", "signer", "media_contact", "letters",
    "spokespeople", "speakers",
)  # fmt: skip
_WHOLE: Final = ("kind", "block")  # a source or an office that has this key itself takes nothing from the catalog
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def plain(section: BaseModel, *, defaults: bool = False) -> dict[str, Any]:
    """Return a section as a person would write it: strings, numbers and lists. `defaults`: also what is left out."""
    values: dict[str, Any] = _to_yaml(section.model_dump(exclude_defaults=not defaults))
    return values


def feeds_text(text: str, before: Feeds, after: Feeds) -> str:
    """Return the text of feeds.yml, which has the values `before`, with those of `after`; the rest stays as it is."""
    yaml = _yaml()
    document = yaml.load(text) or CommentedMap()
    for key in ("sources", "watches", "channels"):
        _write_sections(document, key, getattr(before, key), getattr(after, key))
    _write_values(document, before, after, ("routes", "admin", "safety", "press"))
    return _spliced(text, _dumped(yaml, document), _changed(before, after))


def coalition_text(text: str, before: Coalition, after: Coalition) -> str:
    """As `feeds_text`, for coalition.yml."""
    yaml = _yaml()
    document = yaml.load(text) or CommentedMap()
    for key in ("asks", "members", "offices", "bills"):
        _write_sections(document, key, getattr(before, key), getattr(after, key))
    _write_values(document, before, after, _COALITION_VALUES)
    return _spliced(text, _dumped(yaml, document), _changed(before, after))


def _changed(before: BaseModel, after: BaseModel) -> set[str]:
    return {key for key in type(before).model_fields if getattr(before, key) != getattr(after, key)}


def _spliced(text: str, dumped: str, changed: Collection[str]) -> str:
    """Return `text` with the parts of `dumped` under these keys: ruamel would wrap the lines of other lists again."""
    if text.lstrip().startswith("{"):  # as JSON: its keys are not on lines of their own
        return dumped
    originals, parts = _parts(text), _parts(dumped)
    return "".join(part if key in changed else originals.get(key, part) for key, part in parts.items())


def _parts(text: str) -> dict[str, str]:
    """Return the text by its keys at the top, each up to the next one; what is before the first is under ""."""
    document = YAML().load(text)
    starts = {"": 0} | {str(key): document.lc.key(key)[0] for key in document or ()}
    lines = text.splitlines(keepends=True)
    ends = [*sorted(starts.values())[1:], len(lines)]
    return {key: "".join(lines[start:end]) for (key, start), end in zip(starts.items(), ends, strict=True)}


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4_096  # a line that is broken inside a value reads badly
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dumped(yaml: YAML, document: CommentedMap) -> str:
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _write_sections(
    document: CommentedMap, key: str, before: Mapping[Any, BaseModel], after: Mapping[Any, BaseModel]
) -> None:
    """Update the named sections under a key, which may be a list of names and sections."""
    if before == after:
        return
    sections = document.get(key)
    if sections is None:
        document[key] = sections = CommentedMap()
    by_id = catalog.by_id(sections)
    for name in before.keys() - after.keys():
        by_id.pop(name, None)
    for name, section in after.items():
        if name not in by_id and section != before.get(name):
            by_id[name] = CommentedMap(plain(section))
        elif section != before.get(name):
            _update_section(by_id, name, before[name], section)
    if isinstance(sections, CommentedSeq):
        _update_list(sections, by_id)


def _update_section(sections: dict[Any, Any], name: Any, before: BaseModel, after: BaseModel) -> None:
    was, now = plain(before), plain(after)
    values = sections[name]
    if any(was.get(key) != now.get(key) and key not in (values or {}) for key in _WHOLE):
        sections[name] = CommentedMap(now)
        return
    if values is None:  # named alone, as in the catalog
        sections[name] = values = CommentedMap()
    for key in was.keys() - now.keys():
        _remove_key(values, key, after)
    for key, value in now.items():
        if was.get(key) != value:
            _merge(values, key, value)
    if was.get("query") != now.get("query"):  # a watch has either a query or lists
        for key in word_lists.KEYS:
            values.pop(key, None)


def _write_values(document: CommentedMap, before: BaseModel, after: BaseModel, keys: Sequence[str]) -> None:
    """Update values at the top of a file; one that becomes a default is removed."""
    now = plain(after)
    for key in keys:
        if getattr(before, key) != getattr(after, key):
            if key in now:
                _merge(document, key, now[key])
            else:
                document.pop(key, None)


def _merge(values: CommentedMap, key: str, wanted: Any) -> None:
    """Set a value; a section keeps the comments of the keys that stay the same."""
    before = values.get(key)
    if isinstance(before, CommentedMap) and isinstance(wanted, dict):
        for name in [name for name in before if name not in wanted]:
            del before[name]
        for name, value in wanted.items():
            if _plain_values(before.get(name)) != value:
                _merge(before, name, value)
    elif isinstance(before, CommentedSeq) and isinstance(wanted, list):
        _merge_list(before, wanted)
    else:
        values[key] = wanted


def _plain_values(node: Any) -> Any:
    """Convert ruamel's containers and strings to plain ones."""
    if isinstance(node, Mapping):
        return {key: _plain_values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain_values(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _merge_list(items: CommentedSeq, wanted: list[Any]) -> None:
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


def _update_list(items: CommentedSeq, by_id: Mapping[Any, Any]) -> None:
    """Put the sections in `by_id` back into the list that it was made from."""
    named = [item if isinstance(item, str) else next(iter(item)) for item in items]
    for place in reversed(range(len(named))):
        if named[place] not in by_id:
            del items[place]
        elif by_id[named[place]] is not None:
            items[place] = CommentedMap({named[place]: by_id[named[place]]})
    items.extend(CommentedMap({name: section}) for name, section in by_id.items() if name not in named)


def _remove_key(values: CommentedMap, key: str, section: BaseModel) -> None:
    """Remove a key; a key that only the catalog has is set back to its default."""
    if key in values:
        del values[key]
    else:
        values[key] = _to_yaml(getattr(section, key))


def _to_yaml(value: Any) -> Any:
    yaml = value
    match value:
        case Enum():
            yaml = str(value.value)
        case timedelta():
            seconds = int(value.total_seconds())
            size, unit = next(pair for pair in _UNITS if not seconds % pair[0])
            yaml = f"{seconds // size}{unit}"
        case time():
            yaml = f"{value:%H:%M}"
        case date():
            yaml = value.isoformat()
        case tuple() | list():
            yaml = [_to_yaml(item) for item in value]
        case dict():
            yaml = {key: _to_yaml(item) for key, item in value.items()}
    return yaml
