"""Changes made in chat, laid over feeds.yml. Pure.

The file is never written by the bot, and a change in chat holds whatever the file says later, so the two never fight:
`differences` tells them apart, and `as_yaml` makes a file of both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from pydantic import BaseModel

from bot.config.load import Config, agreed, section
from bot.config.model import SourceConfig, WatchConfig
from bot.config.write import plain, rewritten

WATCH: Final = "watch"
SOURCE: Final = "source"
_KEYS: Final = {WATCH: "watches", SOURCE: "sources"}

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One watch or source as changed in chat.

    `body`: the section of feeds.yml as JSON. Without one, the file's stands if `muted_until` is set, and else the
    thing is taken out. A mute ends by itself.
    """

    kind: str  # WATCH or SOURCE
    name: str
    body: str | None = None
    muted_until: datetime | None = None

    @property
    def takes_out(self) -> bool:
        return self.body is None and self.muted_until is None


def body_of(section_: WatchConfig | SourceConfig) -> str:
    return json.dumps(plain(section_), ensure_ascii=False)


def in_force(config: Config, changes: Iterable[Change], now: datetime) -> Config:
    """`config` with the changes laid over it; a watch that is muted at `now` judges nothing.

    Laying the same changes twice is laying them once. Raises `ConfigError` for what agrees with the rest no more: a
    change that names a source, or an ask, that has gone from the files since.
    """
    changes = tuple(changes)
    held = {
        "watches": _laid(config.feeds.watches, WatchConfig, [c for c in changes if c.kind == WATCH]),
        "sources": _laid(config.feeds.sources, SourceConfig, [c for c in changes if c.kind == SOURCE]),
    }
    made = agreed(config, config.feeds.model_copy(update=held))
    return replace(made, watches=tuple(watch for watch in made.watches if watch.id not in muted(changes, now)))


def muted(changes: Iterable[Change], now: datetime) -> dict[str, datetime]:
    """The watches that are muted at `now`, and until when."""
    return {c.name: c.muted_until for c in changes if c.kind == WATCH and c.muted_until and c.muted_until > now}


def differences(config: Config, changes: Iterable[Change], now: datetime) -> list[str]:
    """What chat has changed against the files, a line each, for `check`."""
    told = []
    silent = muted(changes := tuple(changes), now)
    for change in changes:
        held: Mapping[str, BaseModel] = getattr(config.feeds, _KEYS[change.kind])
        said = _difference(change, held.get(change.name))
        if change.kind == WATCH and change.name in silent:
            said = "; ".join(filter(None, (said, f"muted until {silent[change.name]:%Y-%m-%d %H:%M} UTC")))
        if said:
            told.append(f"{_KEYS[change.kind]}.{change.name}: {said}")
    return told


def as_yaml(config: Config) -> str:
    """feeds.yml with what is in force in `config`, the file's comments kept. Mutes pass, and are not written."""
    return rewritten(config.text, config.feeds)


def _laid(file: Mapping[str, Section], model: type[Section], changes: list[Change]) -> dict[str, Section]:
    held = dict(file)
    for change in changes:
        if change.body is not None:
            held[change.name] = section(model, json.loads(change.body), f"{_KEYS[change.kind]}.{change.name}")
        elif change.takes_out:
            held.pop(change.name, None)
    return held


def _difference(change: Change, file: BaseModel | None) -> str:
    if change.takes_out:
        return "taken out in chat" if file else ""
    if change.body is None:
        return ""
    if file is None:
        return "added in chat"
    now, before = json.loads(change.body), plain(file)
    keys = sorted(key for key in now.keys() | before.keys() if now.get(key) != before.get(key))
    return f"changed in chat ({', '.join(keys)})" if keys else ""
