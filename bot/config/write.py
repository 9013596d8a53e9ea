"""feeds.yml written back: what differs is put into the text as it stands, so that its comments stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import Enum
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from bot.config import catalog
from bot.config.feeds import Feeds
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
    if "sources" in document:
        document["sources"] = catalog.by_id(document["sources"])
    for key, wanted in (("sources", feeds.sources), ("watches", feeds.watches)):
        _lay(document.setdefault(key, CommentedMap()), wanted)
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _lay(held: CommentedMap, wanted: Mapping[str, BaseModel]) -> None:
    for name in [name for name in held if name not in wanted]:
        del held[name]
    for name, section in wanted.items():
        now = plain(section)
        if name not in held:
            held[name] = CommentedMap(now)
            continue
        before = _read(name, held[name], type(section))
        if before == now:
            continue
        if held[name] is None:  # named alone, as the catalogue has it
            held[name] = CommentedMap()
        for key in before.keys() - now.keys():
            _reset(held[name], key, section)
        held[name].update({key: value for key, value in now.items() if before.get(key) != value})


def _reset(held: CommentedMap, key: str, section: BaseModel) -> None:
    """Remove a key; one that only the catalogue has is set back to what it would be without."""
    if key in held:
        del held[key]
    else:
        held[key] = _written(getattr(section, key))


def _read(name: str, held: Any, model: type[BaseModel]) -> dict[str, Any]:
    try:
        return plain(model.model_validate(catalog.expanded(name, plain_values(held))))
    except ValidationError:  # the file was edited since: its own slip, which `check` names, is replaced
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
