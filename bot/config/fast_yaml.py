"""Load YAML in a tenth of ruamel's time: libyaml parses it, and the values are those that ruamel would make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.tag import Tag

try:
    from yaml import CSafeLoader as Parser
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

# The line of each key or item, from 1, and the places below: {"watches": (3, {"s567": (4, {}), …}), …}.
Places = dict[str, tuple[int, "Places"]]

# What libyaml reads differently: tabs, line breaks of YAML 1.1, directives, tags, merged sections, and rare spellings.
_DIFFERENT: Final = re.compile(r"[\t\x85\u2028\u2029\ufeff]|^%|(?:^|[\s\[{,])!|<<|&\S*:|[|>][-+0-9]*#", re.MULTILINE)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_DEEPEST: Final = 200  # brackets in brackets; the time that ruamel takes grows with the square of their number
_WANTED: Final = {"timestamp": "a date", "bool": "true or false"}
_NOTHING: Final[Places] = {}  # below a scalar


def load(text: str) -> tuple[Any, Places]:
    """Return the values that ruamel reads, in plain containers, and their places.

    Raises `YAMLError` of ruamel, `RecursionError` for sections that are nested too deeply.
    """
    if not _DIFFERENT.search(text):
        with suppress(YAMLError, yaml.YAMLError, ValueError, LookupError):  # ruamel says more about a mistake
            return _Document(text).read()
    if _brackets_open(text) > _DEEPEST:
        raise RecursionError
    parser = YAML()
    parser.Constructor = _Constructor
    node = parser.load(text)
    return plain_values(node), _places(node)


class _Constructor(RoundTripConstructor):
    """ruamel's own, which reports a value that looks like a date or a number and is none by its line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError) as error:  # such as a date in month 13
            if not isinstance(node, ScalarNode):
                raise
            wanted = _WANTED.get(str(node.tag).rpartition(":")[2], "a usable number")
            what = f'"{node.value[:40]}" is not {wanted}'
            raise ConstructorError(problem=what, problem_mark=node.start_mark) from error


def _brackets_open(text: str) -> int:
    """Return how many brackets are open at once, at most."""
    return max(accumulate(1 if bracket in "[{" else -1 for bracket in re.findall(r"[][{}]", text)), default=0)


def plain_values(node: Any) -> Any:
    """Convert ruamel's containers and strings to plain ones."""
    if isinstance(node, Mapping):
        return {key: plain_values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain_values(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _places(node: Any) -> Places:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return _NOTHING
    items, lines = node.items() if isinstance(node, CommentedMap) else enumerate(node), node.lc.data or {}
    merged = [node.lc.line]  # a key from elsewhere has the line of its section
    return {str(key): (lines.get(key, merged)[0] + 1, _places(value)) for key, value in items}


class _LeftToRuamel(YAMLError):
    """A text with a mistake, or with what only ruamel reads."""


_Read = tuple[Any, int, Places]  # a value, the line where it begins, and the places in it


class _Document:
    """Reads a text of one document from the events of its parser."""

    def __init__(self, text: str) -> None:
        self._next = Parser(text).get_event
        self._anchored: dict[str, _Read | None] = {}  # None for those that are being read

    def read(self) -> tuple[Any, Places]:
        _, _, root = (self._next() for _ in range(3))  # the stream starts, then its first document
        if not isinstance(root, yaml.CollectionStartEvent):
            raise _LeftToRuamel
        value, _, places = self._read(root)
        if [type(self._next()) for _ in range(2)] != [yaml.DocumentEndEvent, yaml.StreamEndEvent]:
            raise _LeftToRuamel
        return value, places

    def _read(self, event: Any) -> _Read:
        anchor, line = event.anchor, event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) and anchor in self._anchored:
            if (read := self._anchored[anchor]) is None:
                raise RecursionError
            return read
        if isinstance(event, yaml.AliasEvent) or event.tag or anchor in self._anchored:
            raise _LeftToRuamel
        if anchor:
            self._anchored[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            value, places = self._scalar(event.value) if event.implicit[0] else event.value, _NOTHING
        else:
            value, places = self._list() if isinstance(event, yaml.SequenceStartEvent) else self._section()
        read = value, line, places
        if anchor:
            self._anchored[anchor] = read
        return read

    def _list(self) -> tuple[Any, Places]:
        values: list[Any] = []
        places: Places = {}
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            value, line, below = self._read(event)
            places[str(len(values))] = line, below
            values.append(value)
        return values, places

    def _section(self) -> tuple[Any, Places]:
        section: dict[Any, Any] = {}
        places: Places = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, line, _ = self._read(event)
            if isinstance(key, dict | list) or key in section:
                raise _LeftToRuamel
            section[key], _, below = self._read(self._next())
            places[str(key)] = line, below
        return section, places

    def _scalar(self, text: str) -> Any:
        """Return what a plain word is in YAML 1.2: NO is a word and 21:00 is text."""
        if _NUMBER.fullmatch(text):
            return int(text)
        tag = next((tag for tag, pattern in _special().get(text[:1], ()) if pattern.match(text)), None)
        if tag is None:
            return text
        if text == "=":  # means something else as a key
            raise _LeftToRuamel
        return self._constructor.construct_document(ScalarNode(Tag(suffix=tag), text))

    @cached_property
    def _constructor(self) -> Any:
        return YAML().constructor


@cache
def _special() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return ruamel's patterns of what is not text, by the first character."""
    return dict(YAML().resolver.versioned_resolver)
