"""Write feeds.yml back: changes are put into the existing text, so that its comments stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import Enum
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.config import catalog, word_lists
from bot.config.feeds import Feeds, SourceConfig
from bot.config.load import plain_values

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def plain(section: BaseModel) -> dict[str, Any]:
    """Return a section as a person would write it: strings, numbers and lists, without defaults."""
    return {name: _to_yaml(value) for name, value in section.model_dump(exclude_defaults=True).items()}


def rewritten(text: str, feeds: Feeds) -> str:
    """Return the text of feeds.yml with the sources and watches of `feeds`; comments of other entries stay."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text) or CommentedMap()
    lists = plain_values(document.get("lists") or {})
    for key, wanted in (("sources", feeds.sources), ("watches", feeds.watches)):
        sections = document.setdefault(key, CommentedMap())
        by_id = catalog.by_id(sections)
        _update_sections(by_id, wanted, lists)
        if isinstance(sections, CommentedSeq):
            _update_list(sections, by_id)
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _update_list(items: CommentedSeq, by_id: CommentedMap) -> None:
    """Put the sections in `by_id` back into the list that it was made from."""
    named = [item if isinstance(item, str) else next(iter(item)) for item in items]
    for place in reversed(range(len(named))):
        if named[place] not in by_id:
            del items[place]
        elif by_id[named[place]] is not None:
            items[place] = CommentedMap({named[place]: by_id[named[place]]})
    items.extend(CommentedMap({name: section}) for name, section in by_id.items() if name not in named)


def _update_sections(sections: CommentedMap, wanted: Mapping[str, BaseModel], lists: Mapping[str, Any]) -> None:
    for name in [name for name in sections if name not in wanted]:
        del sections[name]
    for name, section in wanted.items():
        now = plain(section)
        if name not in sections:
            sections[name] = CommentedMap(now)
            continue
        before = _current_values(name, sections[name], type(section), lists)
        if before == now:
            continue
        if sections[name] is None:  # named alone, as in the catalog
            sections[name] = CommentedMap()
        for key in before.keys() - now.keys():
            _remove_key(sections[name], key, section)
        sections[name].update({key: value for key, value in now.items() if before.get(key) != value})
        if before.get("query") != now.get("query"):  # a watch has either a query or lists
            for key in word_lists.KEYS:
                sections[name].pop(key, None)


def _remove_key(values: CommentedMap, key: str, section: BaseModel) -> None:
    """Remove a key; a key that only the catalog has is set back to its default."""
    if key in values:
        del values[key]
    else:
        values[key] = _to_yaml(getattr(section, key))


def _current_values(name: str, section: Any, model: type[BaseModel], lists: Mapping[str, Any]) -> dict[str, Any]:
    values = plain_values(section)
    try:
        raw = catalog.expanded(name, values) if model is SourceConfig else word_lists.with_query(values, lists)
        return plain(model.model_validate(raw))
    except ValueError:  # the file was edited since: the invalid section, which `check` reports, is replaced
        return dict.fromkeys(section or ())


def _to_yaml(value: Any) -> Any:
    match value:
        case Enum():
            return str(value.value)
        case timedelta():
            seconds = int(value.total_seconds())
            size, unit = next(pair for pair in _UNITS if not seconds % pair[0])
            return f"{seconds // size}{unit}"
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case tuple():
            return [_to_yaml(item) for item in value]
    return value
