"""feeds.yml written back: what differs is put into the text as it stands, so that its comments stay."""

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
    """A section as a person would write it: strings, numbers and lists, and only what is not so anyway."""
    return {name: _written(value) for name, value in section.model_dump(exclude_defaults=True).items()}


def rewritten(text: str, feeds: Feeds) -> str:
    """The text of feeds.yml with the sources and watches of `feeds`; a comment goes only with what it stands at."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text) or CommentedMap()
    lists = plain_values(document.get("lists") or {})
    for key, wanted in (("sources", feeds.sources), ("watches", feeds.watches)):
        held = document.setdefault(key, CommentedMap())
        by_id = catalog.by_id(held)
        _lay(by_id, wanted, lists)
        if isinstance(held, CommentedSeq):
            _list_again(held, by_id)
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _list_again(held: CommentedSeq, by_id: CommentedMap) -> None:
    """Put what `by_id` has into the list that it was made of."""
    named = [item if isinstance(item, str) else next(iter(item)) for item in held]
    for place in reversed(range(len(named))):
        if named[place] not in by_id:
            del held[place]
        elif by_id[named[place]] is not None:
            held[place] = CommentedMap({named[place]: by_id[named[place]]})
    held.extend(CommentedMap({name: section}) for name, section in by_id.items() if name not in named)


def _lay(held: CommentedMap, wanted: Mapping[str, BaseModel], lists: Mapping[str, Any]) -> None:
    for name in [name for name in held if name not in wanted]:
        del held[name]
    for name, section in wanted.items():
        now = plain(section)
        if name not in held:
            held[name] = CommentedMap(now)
            continue
        before = _read(name, held[name], type(section), lists)
        if before == now:
            continue
        if held[name] is None:  # named alone, as the catalogue has it
            held[name] = CommentedMap()
        for key in before.keys() - now.keys():
            _reset(held[name], key, section)
        held[name].update({key: value for key, value in now.items() if before.get(key) != value})
        if before.get("query") != now.get("query"):  # one way to say what is looked for
            for key in word_lists.KEYS:
                held[name].pop(key, None)


def _reset(held: CommentedMap, key: str, section: BaseModel) -> None:
    """Remove a key; one that only the catalogue has is set back to what it would be without."""
    if key in held:
        del held[key]
    else:
        held[key] = _written(getattr(section, key))


def _read(name: str, held: Any, model: type[BaseModel], lists: Mapping[str, Any]) -> dict[str, Any]:
    values = plain_values(held)
    try:
        raw = catalog.expanded(name, values) if model is SourceConfig else word_lists.with_query(values, lists)
        return plain(model.model_validate(raw))
    except ValueError:  # the file was edited since: its own slip, which `check` names, is replaced
        return dict.fromkeys(held or ())


def _written(value: Any) -> Any:
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
            return [_written(item) for item in value]
    return value
