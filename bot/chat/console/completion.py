"""Complete a line typed at the console: the command, its parameters' names and their values. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.chat import typed
from bot.commands.model import Choice, Command, Refused

_LAST: Final = re.compile(r'(?P<before>.*\s)(?P<name>[A-Za-z][\w-]*):(?P<open>"?)(?P<value>[^":]*)', re.DOTALL)
_NAME: Final = re.compile(r"(?P<before>.*\s)(?P<name>[A-Za-z][\w-]*|)", re.DOTALL)


def of_line(
    line: str,
    *,
    commands: Sequence[Command],
    suggest: Callable[[str, dict[str, str], str, str], Sequence[Choice]],
) -> list[Choice]:
    """Completed lines. `suggest` returns a parameter's values from path, other arguments, name and text."""
    shown = [command for command in commands if not command.hidden]
    start = line if line.startswith("/") else f"/{line}"
    paths = [f"/{command.path}" for command in shown]
    if begun := [path for path in paths if path.startswith(start.casefold()) and path != start.casefold()]:
        if " " not in start:
            begun = list(dict.fromkeys(path.partition(" ")[0] for path in begun))
        return [Choice(f"{path} ", path) for path in begun]
    longest = sorted(shown, key=lambda command: len(command.path), reverse=True)
    command = next((each for each in longest if start.casefold().startswith(f"/{each.path} ")), None)
    if command is None:
        return []
    return _values(start, command, shown, suggest) or _names(start, command)


def _values(
    line: str,
    command: Command,
    commands: Sequence[Command],
    suggest: Callable[[str, dict[str, str], str, str], Sequence[Choice]],
) -> list[Choice]:
    match = _LAST.fullmatch(line)
    if match is None or match["name"] not in {param.name for param in command.params}:
        return []
    try:
        before = typed.read(match["before"], commands)
    except Refused:
        return []
    args = before.args if isinstance(before, typed.Typed) else {}
    offered = suggest(command.path, args, match["name"], match["value"])
    return [Choice(f"{match['before']}{match['name']}:{_quoted(choice.value)} ", choice.label) for choice in offered]


def _names(line: str, command: Command) -> list[Choice]:
    match = _NAME.fullmatch(line)
    if match is None:
        return []
    return [
        Choice(f"{match['before']}{param.name}:", f"{param.name}: {param.help}")
        for param in command.params
        if param.name.startswith(match["name"].casefold()) and f" {param.name}:" not in line
    ]


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value
