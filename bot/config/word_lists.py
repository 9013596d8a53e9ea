"""Translate watches written as lists of words into queries. Pure.

    lists:
      water: [water rights, "groundwater*"]
    watches:
      ask-1: {level: alert, all: [list:water, [tribe, tribal]], not: [beverage]}

reads as ``("water rights" OR groundwater*) AND (tribe OR tribal) NOT beverage``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.shared.errors import CoalitionBotError
from bot.watch.query import FIELDS

KEYS: Final = ("all", "any", "not")
_LIST: Final = r"list:([a-z0-9][a-z0-9-]*)"
_LIST_IN_QUERY: Final = re.compile(rf'"[^"]*"|(?<![\w-]){_LIST}')
_QUERY: Final = re.compile(r'["()“”]|(?<!\S)(?:AND|OR|NOT|NEAR/\d+)(?!\S)')  # an item with one of these is a query
_IN_FIELD: Final = re.compile(rf"({'|'.join(FIELDS)}):\s*(\S.*)", re.DOTALL)
_NO_LIST: Final = "not a list of words: write [one, two], or each on its own line after a dash"


class WordListError(CoalitionBotError, ValueError):
    """What is wrong with a watch's lists, and under which of its keys."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def with_query(watch: Any, lists: Mapping[str, Any]) -> Any:
    """Return a watch's section with its lists turned into its `query`. Raises `WordListError`.

    A value that is not a section is returned unchanged, for the models to refuse.
    """
    if not isinstance(watch, Mapping):
        return watch
    query, parts = watch.get("query"), [_Reader(lists, key).part(watch[key]) for key in KEYS if key in watch]
    if isinstance(query, str):
        written = _Reader(lists, "query").expanded(query)
        parts = [f"({written})", *parts] if parts else [written]
    elif not parts:
        return watch
    return without_lists(watch) | {"query": " AND ".join(parts).replace(" AND NOT ", " NOT ")}


def without_lists(watch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the section with a stand-in query instead of its lists, to find what else is wrong with it."""
    return {"query": "unread"} | {key: value for key, value in watch.items() if key not in KEYS}


class _Reader:
    """Reads one key of a watch. Tracks the lists being expanded, so that none contains itself."""

    def __init__(self, lists: Mapping[str, Any], key: str) -> None:
        self._lists = lists
        self._key = key
        self._inside: list[str] = []

    def part(self, value: Any) -> str:
        items = self._items(value)
        match self._key:
            case "all":
                return " AND ".join(self._any([item]) for item in items)
            case "not":
                return f"NOT {self._any(items)}"
        return self._any(items)

    def expanded(self, query: str) -> str:
        """Return a query with each list name replaced by the list's words."""
        return _LIST_IN_QUERY.sub(lambda found: self._expand_list(found[1]) if found[1] else found[0], query)

    def _items(self, value: Any) -> Sequence[Any]:
        items = [value] if isinstance(value, str | Mapping) else value
        if not isinstance(items, Sequence) or not items:
            raise WordListError(self._key, _NO_LIST)
        return items

    def _any(self, items: Sequence[Any]) -> str:
        alternatives = list(dict.fromkeys(self._alternatives(items)))
        return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"

    def _alternatives(self, items: Sequence[Any]) -> Iterator[str]:
        for item in items:
            match item:
                case str() if item.strip():
                    yield self._item(item.strip())
                case Mapping():  # to YAML, `title: public comment` in a list is a section
                    for field, words in item.items():
                        yield f"{field}:{self._any(self._items(words))}"
                case Sequence() if item and not isinstance(item, str):
                    yield from self._alternatives(item)
                case _:
                    raise WordListError(self._key, f"{item!r} is not text: put it in quotes")

    def _item(self, text: str) -> str:
        """Translate one item: words in a row, words in a field, a list by its name, or part of a query."""
        if _QUERY.search(text):
            return f"({self.expanded(text)})"
        if match := re.fullmatch(_LIST, text):
            return self._expand_list(match[1])
        if match := _IN_FIELD.fullmatch(text):
            return f"{match[1]}:{self._item(match[2])}"
        return f'"{text}"' if re.search(r"[\s:]", text) else text

    def _expand_list(self, name: str) -> str:
        if name not in self._lists:
            has = f"it has {', '.join(self._lists)}" if self._lists else "it has none"
            raise WordListError(self._key, f'there is no list "{name}" under `lists:`; {has}')
        if name in self._inside:
            raise WordListError(self._key, f'the list "{name}" contains itself')
        self._inside.append(name)
        made = self._any(self._items(self._lists[name]))
        self._inside.pop()
        return made
