"""Put changes from chat over the values of feeds.yml and coalition.yml. Pure.

A change stays in force whatever a file says later: `differences` shows both values, and `written` puts it into a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import Enum
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel

from bot.config import catalog
from bot.config.feeds import WORD_LISTS, Feeds
from bot.config.load import Config, ConfigError, Problem, revised
from bot.shared import wording
from bot.shared.time_phrases import duration_text
from bot.shared.yaml_text import yaml_with_places

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
_SHOWN: Final = 80  # characters of a value in a difference
_NAMED: Final = ("sources", "offices")  # sections that may be a list of names and named sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One section of the files as changed in chat.

    `body`: the section as JSON; for a bill, the result of `bill_body`; for VALUES, the values by key, null for one that
    is left out. Without a body the section is removed, and a bill is unfollowed.
    """

    kind: str  # WATCH, SOURCE, BILL, CHANNEL, ASK, MEMBER, OFFICE or VALUES
    name: str
    body: str | None = None

    @property
    def place(self) -> str:
        """The path used in problems: "watches.s567"."""
        return self.name if self.kind == VALUES else f"{KEYS[self.kind]}.{self.name}"

    @property
    def places(self) -> frozenset[str]:
        """The paths of the values that it changes: "watches.s567", or "phone" and "site"."""
        return frozenset(json.loads(self.body or "{}")) if self.kind == VALUES else frozenset({self.place})

    @property
    def key(self) -> str | int:
        """The key of its section."""
        return int(self.name) if self.kind == ASK else self.name


def section_body(section: BaseModel) -> str:
    return json.dumps(plain(section), ensure_ascii=False)


def bill_body(title: str, family: str = "", asks: Iterable[int] = ()) -> str:
    """The body of a tracked bill. `family`: its family in coalition.yml; "" for a new family."""
    return json.dumps({"title": title, "family": family, "asks": list(asks)}, ensure_ascii=False)


def effective(config: Config, changes: Iterable[Change], muted: Collection[str] = ()) -> Config:
    """`config` with the changes applied. The watches in `muted` match nothing.

    Idempotent. Raises `ConfigError` for a change that no longer fits: it refers to a source or an ask that has been
    removed from the files.
    """
    changes = tuple(changes)
    feeds, coalition = plain(config.feeds), plain(config.coalition)
    for change in changes:
        _apply(change, feeds, coalition)
    made = revised(config, feeds, coalition) if changes else config
    in_chat = config.in_chat.union(*(change.places for change in changes))
    watches = tuple(watch for watch in made.watches if watch.id not in muted)
    return replace(made, in_chat=in_chat, files=config.in_files, watches=watches)


def fitting(config: Config, changes: Iterable[Change], muted: Collection[str] = ()) -> Config:
    """`config` with every change applied that still fits; its `left_out` lists the others.

    Retries while progress is made: a source can be removed after the watch that was limited to it.
    """
    changes = tuple(changes)
    with suppress(ConfigError):
        return effective(config, changes, muted)
    accepted: list[Change] = []
    slips: dict[Change, Problem] = {}
    left, before = changes, -1
    while len(accepted) > before:
        before, slips = len(accepted), {}
        for change in left:
            try:
                effective(config, [*accepted, change])
                accepted.append(change)
            except ConfigError as error:
                slips[change] = error.problems[0]
        left = tuple(slips)
    out = []
    for change, slip in slips.items():
        place = slip.where if change.kind == VALUES else slip.where.removeprefix(f"{change.place}.")
        out.append(Problem("chat", None, change.place, f"{difference(config, change)}, but {place}: {slip.what}"))
    return replace(effective(config, accepted, muted), left_out=tuple(out))


def differences(config: Config, changes: Iterable[Change]) -> list[str]:
    """The active changes from chat that the files do not have: a line each, with both values.

    `asks.3: changed in chat (title: “Fund it” in coalition.yml, line 12, “Fund it twice” in chat)`.
    """
    out = {slip.where for slip in config.left_out}
    pairs = ((change, difference(config, change)) for change in changes if change.place not in out)
    return [f"{change.place}: {what}" for change, what in pairs if what]


def difference(config: Config, change: Change) -> str:
    """How a change differs from the files; "" if they have it too."""
    file = values_at(config.in_files, change)
    if change.kind == BILL:
        follows = bool(file and file.get("follow"))
        return "" if follows == (change.body is not None) else f"{'un' if follows else ''}followed in chat"
    if change.body is None:
        return "removed in chat" if file else ""
    if file is None:
        return "added in chat"
    chat = json.loads(change.body)
    chat = catalog.with_offices({change.name: chat})[change.name] if change.kind == OFFICE else chat
    keys = sorted(key for key in chat.keys() | file.keys() if chat.get(key) != file.get(key))
    both = []
    for key in keys:
        line = config.in_files.origin(*((key,) if change.kind == VALUES else (KEYS[change.kind], change.key, key)))
        both.append(f"{key}: {_shown(file.get(key))} in {line}, {_shown(chat.get(key))} in chat")
    return f"changed in chat ({'; '.join(both)})" if keys else ""


def sections(config: Config, key: str) -> Any:
    """The value at the top of one of the two files."""
    return getattr(config.feeds if key in Feeds.model_fields else config.coalition, key)


def values_at(config: Config, change: Change) -> dict[str, Any] | None:
    """What `config` has where a change applies, as plain values; None if nothing."""
    if change.kind == VALUES:
        values = plain(config.feeds) | plain(config.coalition)
        return {key: values.get(key) for key in change.places}
    if change.kind == BILL:
        bills = (bill for family in config.coalition.bills.values() for bill in family.bills)
        return next((plain(bill) for bill in bills if bill.id == change.name), None)
    section = sections(config, KEYS[change.kind]).get(change.key)
    return plain(section) if section else None


def written(config: Config, changes: Iterable[Change], name: str) -> str:
    """A file's text with the active changes and its comments. A watch's mute ends by itself, so it is not written."""
    out = {slip.where for slip in config.left_out}
    active = [change for change in changes if change.place not in out]
    feeds = name == "feeds.yml"

    def put_all(document: MutableMapping[Any, Any]) -> None:
        for change in active:
            _apply(_with_lists(change, config, document), *((document, {}) if feeds else ({}, document)))

    return edited(config.text if feeds else config.coalition_text, put_all)


def _with_lists(change: Change, config: Config, document: Mapping[Any, Any]) -> Change:
    """A changed watch with the lists of words that the file has instead of its query, if its query is the same."""
    body, watch = json.loads(change.body or "{}"), config.in_files.feeds.watches.get(change.name)
    if change.kind != WATCH or watch is None or body.get("query") != watch.query or "watches" not in document:
        return change
    words = {key: each for key, each in document["watches"][change.name].items() if key in ("query", *WORD_LISTS)}
    return replace(change, body=json.dumps({key: each for key, each in body.items() if key != "query"} | words))


def _shown(value: Any) -> str:
    return "left out" if value is None else f"“{wording.short(' '.join(_words(value).split()), _SHOWN)}”"


def _words(value: Any) -> str:
    """A value of the files in a sentence: `policy; asks 4, 8`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return "; ".join(f"{key} {_words(each)}" for key, each in value.items())
        case list() | tuple():
            return (" / " if any(isinstance(each, Mapping) for each in value) else ", ").join(map(_words, value))
    return str(value)


def _apply(change: Change, feeds: MutableMapping[Any, Any], coalition: MutableMapping[Any, Any]) -> None:
    """Put a change into the values of its file."""
    body = json.loads(change.body) if change.body is not None else None
    if change.kind == VALUES:
        for key, value in (body or {}).items():
            put(feeds if key in Feeds.model_fields else coalition, key, value)
        return
    key = KEYS[change.kind]
    file = feeds if key in Feeds.model_fields else coalition
    if file.get(key) is None:
        file[key] = {}
    if change.kind == BILL:
        _follow(change.name, body, file[key])
    else:
        put(file[key], change.key, body)


def _follow(bill_id: str, body: Mapping[str, Any] | None, families: MutableMapping[Any, Any]) -> None:
    """Follow a bill in its family, which may be a new one; without a body, stop following it."""
    listed = [bill for family in families.values() for bill in family["bills"] if bill["id"] == bill_id]
    for bill in listed:
        put(bill, "follow", True if body else None)
    if body and not listed:
        key = body["family"] if body["family"] in families else bill_id
        if key not in families:
            families[key] = {"name": body["title"], "asks": body["asks"], "bills": []}
        bill = {"id": bill_id, "title": body["title"], "follow": True, "source": "added in chat"}
        families[key]["bills"].append(bill)


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
