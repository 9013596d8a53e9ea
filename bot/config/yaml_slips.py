"""Explain what is wrong with a YAML file to a person who edits it by hand. Pure.

YAML's own messages speak of tokens and blocks ("expected <block end>, but found '<block mapping start>'").
"""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

_KEY_AND_VALUE: Final = re.compile(r"\s*(?:- )?[^\s:#\"'][^:#]*: +(?![#\s]|$)")
_SECOND_COLON: Final = re.compile(r"\s*(?:- )?(?P<key>[^\s:#\"'][^:#]*): +(?P<value>[^\"'#\[{].*: .*|[^\"'#\[{].*:)$")
_NO_SPACE: Final = re.compile(r"\s*[\w-]+:[^\s]")
# The parser's message → what to do. The mistake is at the parser's own place, or where it says that something opened.
_AT_LINE: Final = {
    r"found character '\\t'": "a tab: indent with spaces",
    r"found character '(.+)' that cannot start": "a value cannot begin with {}: put it in quotes",
    r"undefined alias": "a value cannot begin with *: put it in quotes",
    r"unknown escape character": "a backslash in double quotes: use single quotes instead",
    r"(\".*\" is not (?:a date|true or false|a usable number))$": "{}",
    r"(found duplicate key .+?) with value": "{}: each name may appear only once",
    r"<block end>, but found '\?'": "this line is in a list: begin it with a dash, or indent it less",
    r"<block end>, but found '<scalar>'": "text after a closing quotation mark: put the whole value in quotes",
    r"<block end>": "the indentation matches no line above: line it up with the other names of its section",
}
_AT_OPENING: Final = {
    r"could not find expected ':'": "there is no colon after the name",
    r"end of stream": "a quotation mark opens here and is never closed",
    r"expected ',' or '(.)'": "a bracket opens here and is not closed with {}",
}


def explain(error: MarkedYAMLError, text: str) -> tuple[int | None, str]:
    """Return a mistake's line, from 1, and what to do about it; None if the parser names no line."""
    problem = " ".join(str(error.problem or error.context).split())
    line, opened = (mark.line + 1 if mark else None for mark in (error.problem_mark, error.context_mark))
    if "mapping values are not allowed" in problem:
        return _misplaced_colon(line or 1, text.splitlines())
    for words, at in ((_AT_LINE, line), (_AT_OPENING, opened or line)):
        for pattern, advice in words.items():
            if match := re.search(pattern, problem):
                return at, advice.format(*match.groups())
    return line, f"not readable as YAML: {problem}"


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
