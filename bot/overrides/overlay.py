"""Apply changes from chat over feeds.yml. Pure.

The bot never writes the file, and a change from chat stays active whatever the file says later: `differences` lists
such changes, and `as_yaml` merges both into one file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from pydantic import BaseModel

from bot.config.coalition import Coalition, Family, FamilyBill
from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import Config, ConfigError, Problem, agreed, feeds_of, section
from bot.config.write import plain, rewritten

WATCH: Final = "watch"
SOURCE: Final = "source"
BILL: Final = "bill"
_KEYS: Final = {WATCH: "watches", SOURCE: "sources", BILL: "bills"}

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One watch, source or followed bill as changed in chat.

    `body`: the section of feeds.yml as JSON; for a bill, the result of `bill_body`. Without a body, the file's section
    stays if `muted_until` is set, and else the section is removed: a bill is unfollowed. A mute expires.
    """

    kind: str  # WATCH, SOURCE or BILL
    name: str
    body: str | None = None
    muted_until: datetime | None = None

    @property
    def place(self) -> str:
        """The path used in problems: "watches.s567"."""
        return f"{_KEYS[self.kind]}.{self.name}"

    @property
    def takes_out(self) -> bool:
        return self.body is None and self.muted_until is None


def watch_body(section_: WatchConfig | SourceConfig) -> str:
    return json.dumps(plain(section_), ensure_ascii=False)


def bill_body(title: str, family: str = "", asks: Iterable[int] = ()) -> str:
    """The body of a followed bill. `family`: its family in coalition.yml; "" for a new family."""
    return json.dumps({"title": title, "family": family, "asks": list(asks)}, ensure_ascii=False)


def effective(config: Config, changes: Iterable[Change], now: datetime) -> Config:
    """`config` with the changes applied; a watch that is muted at `now` matches nothing.

    Idempotent. Raises `ConfigError` for a change that no longer fits: it refers to a source or an ask that has been
    removed from the files.
    """
    changes = tuple(changes)
    sections = {
        "watches": _laid(config.feeds.watches, WatchConfig, [c for c in changes if c.kind == WATCH]),
        "sources": _laid(config.feeds.sources, SourceConfig, [c for c in changes if c.kind == SOURCE]),
    }
    made = agreed(config, config.feeds.model_copy(update=sections))
    made = replace(made, coalition=_followed(config.coalition, [c for c in changes if c.kind == BILL]))
    return replace(made, watches=tuple(watch for watch in made.watches if watch.id not in muted(changes, now)))


def fitting(config: Config, changes: Iterable[Change], now: datetime) -> Config:
    """`config` with every change applied that still fits; its `left_out` lists the others.

    Retries while progress is made: a source can be removed after the watch that was limited to it.
    """
    changes = tuple(changes)
    with suppress(ConfigError):
        return effective(config, changes, now)
    accepted: list[Change] = []
    slips: dict[Change, Problem] = {}
    left, before = changes, -1
    while len(accepted) > before:
        before, slips = len(accepted), {}
        for change in left:
            if slip := _slip(config, [*accepted, change], now):
                slips[change] = slip
            else:
                accepted.append(change)
        left = tuple(slips)
    mutes = [replace(change, body=None) for change in left if change.muted_until]
    out = [Problem("chat", None, change.place, _why(config, change, slip)) for change, slip in slips.items()]
    return replace(effective(config, [*accepted, *mutes], now), left_out=tuple(out))


def muted(changes: Iterable[Change], now: datetime) -> dict[str, datetime]:
    """The watches that are muted at `now`, and until when."""
    return {c.name: c.muted_until for c in changes if c.kind == WATCH and c.muted_until and c.muted_until > now}


def differences(config: Config, changes: Iterable[Change], now: datetime) -> list[str]:
    """The active changes from chat, a line each, for `check`."""
    lines = []
    silent, out = muted(changes := tuple(changes), now), {slip.where for slip in config.left_out}
    for change in (change for change in changes if change.place not in out):
        difference = _difference(change, _section_in_files(config, change))
        if change.kind == WATCH and change.name in silent:
            difference = "; ".join(filter(None, (difference, f"muted until {silent[change.name]:%Y-%m-%d %H:%M} UTC")))
        if difference:
            lines.append(f"{change.place}: {difference}")
    return lines


def as_text(config: Config) -> Config:
    """`config` with its sources and watches as feeds.yml has them."""
    return replace(config, feeds=feeds_of(config.text))


def as_yaml(config: Config) -> str:
    """feeds.yml with the content of `config` and the file's comments. Mutes expire, so they are not written."""
    return rewritten(config.text, config.feeds)


def _slip(config: Config, changes: list[Change], now: datetime) -> Problem | None:
    try:
        effective(config, changes, now)
    except ConfigError as error:
        return error.problems[0]
    return None


def _why(config: Config, change: Change, slip: Problem) -> str:
    place = slip.where.removeprefix(f"{change.place}.")
    return f"{_difference(change, _section_in_files(config, change))}, but {place}: {slip.what}"


def _followed(coalition: Coalition, changes: Iterable[Change]) -> Coalition:
    """The coalition with the bills followed in chat added and the unfollowed ones removed."""
    families = dict(coalition.bills)
    for change in changes:
        body = json.loads(change.body) if change.body else None
        listed = {bill.id for family in families.values() for bill in family.bills}
        families = {id_: _turned(family, change.name, on=body is not None) for id_, family in families.items()}
        if body is not None and change.name not in listed:
            bill = FamilyBill(id=change.name, title=body["title"], follow=True, source="added in chat")
            family = families.get(body["family"]) or Family(name=body["title"], asks=tuple(body["asks"]), bills=())
            key = body["family"] if body["family"] in families else change.name
            families[key] = family.model_copy(update={"bills": (*family.bills, bill)})
    return coalition.model_copy(update={"bills": families})


def _turned(family: Family, bill_id: str, *, on: bool) -> Family:
    bills = (bill.model_copy(update={"follow": on}) if bill.id == bill_id else bill for bill in family.bills)
    return family.model_copy(update={"bills": tuple(bills)})


def _section_in_files(config: Config, change: Change) -> BaseModel | None:
    """The section of that name in the files."""
    if change.kind == BILL:
        bills = (bill for family in config.coalition.bills.values() for bill in family.bills)
        return next((bill for bill in bills if bill.id == change.name), None)
    sections: Mapping[str, BaseModel] = getattr(config.feeds, _KEYS[change.kind])
    return sections.get(change.name)


def _laid(file: Mapping[str, Section], model: type[Section], changes: list[Change]) -> dict[str, Section]:
    sections = dict(file)
    for change in changes:
        if change.body is not None:
            sections[change.name] = section(model, json.loads(change.body), change.place)
        elif change.takes_out:
            sections.pop(change.name, None)
    return sections


def _difference(change: Change, file: BaseModel | None) -> str:
    if change.takes_out:
        return "removed in chat" if file else ""
    if change.body is None:
        return ""
    if file is None:
        return "added in chat"
    if change.kind == BILL:
        return "" if getattr(file, "follow", False) else "followed in chat"
    now, before = json.loads(change.body), plain(file)
    keys = sorted(key for key in now.keys() | before.keys() if now.get(key) != before.get(key))
    return f"changed in chat ({', '.join(keys)})" if keys else ""
