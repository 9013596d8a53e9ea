"""Read YAML 1.2 with the line of each key, and explain mistakes to a person who edits it by hand. Pure.

libyaml parses; what a plain word is follows YAML 1.2's core schema: NO is a word, 21:00 and 2026-11-24 are text.
YAML's own messages speak of tokens and blocks ("did not find expected key").
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any, Final

import yaml
from yaml import CSafeLoader

from bot.shared.errors import CoalitionBotError

# The line of each key or item, from 1, and the places below: {"watches": (3, {"s567": (4, {}), …}), …}.
Places = dict[str, tuple[int, "Places"]]

_DEEPEST: Final = 200  # sections in sections
_MOST: Final = 1_000_000  # values; a few lines of aliases of aliases can stand for gigabytes
_TOO_DEEP: Final = "its sections are nested too deeply, or one contains itself. Check its brackets and its * aliases"
_TOO_MUCH: Final = f"its * aliases stand for more than {_MOST:,} values. Write out what you need of them"
_WORDS: Final = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word.casefold() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_INTEGER: Final = re.compile(r"[-+]?\d{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}", re.ASCII)
_LONGEST_NUMBER: Final = 40  # characters
_FLOAT: Final = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?", re.ASCII)

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # written as "\e" it would command a terminal
_KEY_AND_VALUE: Final = re.compile(r"\s*(?:- )?[^\s:#\"'][^:#]*: +(?![#\s]|$)")
_SECOND_COLON: Final = re.compile(r"\s*(?:- )?(?P<key>[^\s:#\"'][^:#]*): +(?P<value>[^\"'#\[{].*: .*|[^\"'#\[{].*:)$")
_NO_SPACE: Final = re.compile(r"\s*[\w-]+:[^\s]")
# The parser's message, with the character at its place → what to do. The mistake is at that place, or where something
# opened.
_AT_LINE: Final = {
    r"tab character|cannot start any token \t": "a tab: indent with spaces",
    r"cannot start any token (.)": "a value cannot begin with {}: put it in quotes",
    r"unknown escape character": "a backslash in double quotes: use single quotes instead",
    r"expected '-' indicator": "this line is in a list: begin it with a dash, or indent it less",
    r"expected key": "this line is indented differently from the lines around it",
    r"nesting depth": _TOO_DEEP,
    r"node content": "a bracket is not closed, or there is no value between two of its commas",
}
_AT_OPENING: Final = {
    r"could not find expected ':'": "there is no colon after the name",
    r"end of stream": "a quotation mark opens here and is never closed",
    r"expected ',' or '(.)'": "a bracket opens here and is not closed with {}",
}


class Unreadable(CoalitionBotError):
    """A text is not YAML. `line`: from 1, None if unknown; `what`: what to do about it."""

    def __init__(self, line: int | None, what: str) -> None:
        super().__init__(f"line {line}: {what}" if line else what)
        self.line = line
        self.what = what


def plain_yaml(text: str, *, aliases: bool = True) -> Any:
    """Return a text's values in plain containers. Raises `Unreadable`.

    `aliases`: False refuses them, as a stranger's text needs none.
    """
    return _Reader(text, aliases=aliases).document()[0]


def shipped_yaml(package: str, name: str) -> Any:
    """Return the values of a file that ships in a package: its words and tables, to which a newcomer adds lines."""
    return plain_yaml(files(package).joinpath(f"{name}.yml").read_text(encoding="utf-8"))


def yaml_with_places(text: str) -> tuple[Any, Places]:
    """As `plain_yaml`, with the line of each key."""
    return _Reader(text, aliases=True).document()


_Read = tuple[Any, int, Places]  # a value, the line where it begins, and the places in it


class _Reader:
    """Reads a text of one document from the events of its parser."""

    def __init__(self, text: str, *, aliases: bool) -> None:
        self._text = text
        self._parser = CSafeLoader(text)
        self._aliases = aliases
        self._anchored: dict[str, tuple[_Read, int] | None] = {}  # and its values; None for those that are being read
        self._depth = 0
        self._count = 0  # of values, as often as aliases repeat them

    def document(self) -> tuple[Any, Places]:
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None, {}
        value, _, places = self._read(self._next())
        self._next()  # the document ends
        if not isinstance(after := self._next(), yaml.StreamEndEvent):
            raise Unreadable(after.start_mark.line + 1, "a second document begins here: remove the line with ---")
        return value, places

    def _next(self) -> Any:
        try:
            return self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            raise Unreadable(*_explained(error, self._text.splitlines())) from error
        except yaml.YAMLError as error:  # a control character
            raise Unreadable(None, " ".join(str(error).split(" in ")[0].split())) from error

    def _read(self, event: Any) -> _Read:
        anchor, line = event.anchor, event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(anchor, line)
        before, self._count = self._count, self._count + 1
        if event.tag:
            raise Unreadable(line, "a value cannot begin with !: put it in quotes")
        if anchor:
            self._anchored[anchor] = None
        places: Places = {}
        if isinstance(event, yaml.ScalarEvent):
            if _CONTROL.search(event.value):
                raise Unreadable(line, "a control character is in a value: remove what the backslash stands for")
            value: Any = _plain(event.value) if event.implicit[0] else event.value
        else:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise Unreadable(line, _TOO_DEEP)
            value, places = self._list() if isinstance(event, yaml.SequenceStartEvent) else self._section()
            self._depth -= 1
        read = value, line, places
        if anchor:
            self._anchored[anchor] = read, self._count - before
        return read

    def _repeated(self, anchor: str, line: int) -> _Read:
        """Return what an alias stands for."""
        if anchor not in self._anchored or not self._aliases:
            raise Unreadable(line, "a value cannot begin with *: put it in quotes")
        if (anchored := self._anchored[anchor]) is None:
            raise Unreadable(line, _TOO_DEEP)
        read, size = anchored
        self._count += size
        if self._count > _MOST:
            raise Unreadable(line, _TOO_MUCH)
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
        merged: list[tuple[Any, Places]] = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, line, _ = self._read(event)
            value, _, below = self._read(self._next())
            if isinstance(key, dict | list):
                raise Unreadable(line, "a name cannot be a list or a section")
            if key in section:
                raise Unreadable(line, f'found duplicate key "{key}": each name may appear only once')
            if key == "<<" and isinstance(value, dict):  # another section's keys; its own count
                merged.append((value, below))
                continue
            section[key] = value
            places[str(key)] = line, below
        for value, below in merged:
            section, places = value | section, below | places
        return section, places


def _plain(word: str) -> Any:
    """Return what a word without quotes stands for."""
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return int(word, 0) if word[:2] in ("0o", "0x") else int(word)
    return float(word) if len(word) < _LONGEST_NUMBER and _FLOAT.fullmatch(word) else word


def _explained(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[int, str]:
    """Return a mistake's line and what to do about it."""
    mark = error.problem_mark
    assert mark is not None  # libyaml has one for all but a character that YAML refuses
    number, opened = mark.line + 1, (error.context_mark or mark).line + 1
    line = lines[mark.line] if mark.line < len(lines) else ""
    problem = f"{error.problem or error.context} {line[mark.column : mark.column + 1]}"
    if "mapping values are not allowed" in problem:
        return _misplaced_colon(number, lines)
    if "did not find expected key" in problem and line[: mark.column].strip():
        return number, "text after a closing quotation mark or bracket: put the whole value in quotes"
    for words, place in ((_AT_LINE, number), (_AT_OPENING, opened)):
        for pattern, advice in words.items():
            if match := re.search(pattern, problem):
                return place, advice.format(*match.groups())
    return number, f"not readable as YAML: {error.problem or error.context}"


def _misplaced_colon(number: int, lines: list[str]) -> tuple[int, str]:
    """Explain a colon that is not allowed. Usually the mistake is in that line, or in the one above."""
    line = lines[number - 1] if number <= len(lines) else ""
    if match := _SECOND_COLON.match(line):
        value = match["value"].replace('"', "'")
        return number, f'a second colon in one line: put the value in quotes, {match["key"].strip()}: "{value}"'
    above = next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip()), 0)
    if above and _NO_SPACE.match(lines[above - 1]):
        return above, "there is no space after the colon"
    if above and ":" not in lines[above - 1]:
        return above, "there is no colon after the name"
    if above and _KEY_AND_VALUE.match(lines[above - 1]):
        return number, f"indented deeper than line {above}, which already has a value"
    return number, "a colon is not allowed here: put the value in quotes"
