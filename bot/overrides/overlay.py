"""Apply changes from chat over feeds.yml and coalition.yml. Pure.

The bot never writes the files, and a change from chat stays active whatever a file says later: `differences` lists
such changes, and `exported` merges both into one file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from bot.config import catalog
from bot.config.coalition import Coalition, Family, FamilyBill
from bot.config.feeds import Feeds, SourceConfig, WatchConfig
from bot.config.load import Config, ConfigError, Problem, revised
from bot.config.write import coalition_text, feeds_text, plain

WATCH: Final = "watch"
SOURCE: Final = "source"
BILL: Final = "bill"
CHANNEL: Final = "channel"
ASK: Final = "ask"
MEMBER: Final = "member"
OFFICE: Final = "office"
VALUES: Final = "values"  # several values at the top of a file, under the name of their group
KEYS: Final = {
    WATCH: "watches",
    SOURCE: "sources",
    BILL: "bills",
    CHANNEL: "channels",
    ASK: "asks",
    MEMBER: "members",
    OFFICE: "offices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One section of the files as changed in chat.

    `body`: the section as JSON; for a bill, the result of `bill_body`; for VALUES, the values by key, null for one that
    is left out. Without a body, the file's section stays if `muted_until` is set, and else the section is removed: a
    bill is unfollowed. A mute expires.
    """

    kind: str  # WATCH, SOURCE, BILL, CHANNEL, ASK, MEMBER, OFFICE or VALUES
    name: str
    body: str | None = None
    muted_until: datetime | None = None

    @property
    def place(self) -> str:
        """The path used in problems: "watches.s567"."""
        return self.name if self.kind == VALUES else f"{KEYS[self.kind]}.{self.name}"

    @property
    def places(self) -> frozenset[str]:
        """The paths of the values that it changes: "watches.s567", or "phone" and "site"."""
        return frozenset(json.loads(self.body or "{}")) if self.kind == VALUES else frozenset({self.place})

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
    feeds, coalition = plain(config.feeds), plain(config.coalition)
    for change in changes:
        if change.kind != BILL:
            _apply(change, feeds, coalition)
    made = revised(config, feeds, coalition)
    made = replace(made, coalition=_followed(made.coalition, [c for c in changes if c.kind == BILL]))
    in_chat = config.in_chat.union(*(change.places for change in changes if change.body or change.takes_out))
    silent = muted(changes, now)
    watches = tuple(watch for watch in made.watches if watch.id not in silent)
    return replace(made, in_chat=in_chat, files=config.in_files, watches=watches)


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
        difference = _difference(change, _in_files(config, change))
        if change.kind == WATCH and change.name in silent:
            difference = "; ".join(filter(None, (difference, f"muted until {silent[change.name]:%Y-%m-%d %H:%M} UTC")))
        if difference:
            lines.append(f"{change.place}: {difference}")
    return lines


def feeds_yaml(config: Config) -> str:
    """feeds.yml with the content of `config` and the file's comments. Mutes expire, so they are not written."""
    return feeds_text(config.text, config.in_files.feeds, config.feeds)


def coalition_yaml(config: Config) -> str:
    """coalition.yml with the content of `config` and the file's comments."""
    return coalition_text(config.coalition_text, config.in_files.coalition, config.coalition)


def _slip(config: Config, changes: list[Change], now: datetime) -> Problem | None:
    try:
        effective(config, changes, now)
    except ConfigError as error:
        return error.problems[0]
    return None


def _why(config: Config, change: Change, slip: Problem) -> str:
    place = slip.where if change.kind == VALUES else slip.where.removeprefix(f"{change.place}.")
    return f"{_difference(change, _in_files(config, change))}, but {place}: {slip.what}"


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


def _in_files(config: Config, change: Change) -> dict[str, Any] | None:
    """What the files have in the place of a change, as plain values; None if nothing."""
    if change.kind == VALUES:
        values = plain(config.feeds) | plain(config.coalition)
        return {key: values.get(key) for key in change.places}
    if change.kind == BILL:
        bills = (bill for family in config.coalition.bills.values() for bill in family.bills)
        return next((plain(bill) for bill in bills if bill.id == change.name), None)
    file: BaseModel = config.feeds if KEYS[change.kind] in Feeds.model_fields else config.coalition
    sections: Mapping[str | int, BaseModel] = getattr(file, KEYS[change.kind])
    section = sections.get(int(change.name) if change.kind == ASK else change.name)
    return plain(section) if section else None


def _apply(change: Change, feeds: dict[str, Any], coalition: dict[str, Any]) -> None:
    """Put a change into the values of its file."""
    if change.kind == VALUES:
        for key, value in json.loads(change.body or "{}").items():
            values = feeds if key in Feeds.model_fields else coalition
            values[key] = value
            if value is None:
                del values[key]
        return
    key = KEYS[change.kind]
    sections = (feeds if key in Feeds.model_fields else coalition).setdefault(key, {})
    name = int(change.name) if change.kind == ASK else change.name
    if change.body is not None:
        sections[name] = json.loads(change.body)
    elif change.takes_out:
        sections.pop(name, None)


def _difference(change: Change, file: dict[str, Any] | None) -> str:
    if change.takes_out:
        return "removed in chat" if file else ""
    if change.body is None:
        return ""
    if file is None:
        return "added in chat"
    if change.kind == BILL:
        return "" if file.get("follow") else "followed in chat"
    now = json.loads(change.body)
    now = catalog.with_offices({change.name: now})[change.name] if change.kind == OFFICE else now
    keys = sorted(key for key in now.keys() | file.keys() if now.get(key) != file.get(key))
    return f"changed in chat ({', '.join(keys)})" if keys else ""
