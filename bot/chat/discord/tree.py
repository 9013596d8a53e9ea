"""The command table in Discord's registration format, with native types, choices and completion. Pure.

Not an `app_commands.CommandTree`: that reads Python function signatures, which a table does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.chat import wording
from bot.commands.model import Command, Kind, Param

# Limits of discord/discord-api-docs, interactions/application-commands.
HELP: Final = 100
CHOICES: Final = 25
_TEXT: Final = 6_000
_LARGEST: Final = 999_999_999
_SUB_COMMAND: Final = 1
_STRING, _INTEGER, _BOOLEAN = 3, 4, 5
_GUILD_INSTALL, _IN_GUILD, _IN_DM = 0, 0, 1


def tree(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """The body of PUT /applications/{id}/commands: one command per group, with its verbs as subcommands."""
    rooms: dict[str, dict[str, Any]] = {}
    for command in commands:
        if not command.hidden:
            rooms.setdefault(command.group, _room(command.group))["options"].append(_verb(command))
    return list(rooms.values())


def _room(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": f"/{name} …",
        "contexts": [_IN_GUILD, _IN_DM],
        "integration_types": [_GUILD_INSTALL],
        "options": [],
    }


def _verb(command: Command) -> dict[str, Any]:
    params = [param for param in command.params if not in_form(param)]
    return {
        "type": _SUB_COMMAND,
        "name": command.verb,
        "description": wording.cut(command.help, HELP),
        # Discord requires required options first.
        "options": [_option(param) for param in sorted(params, key=lambda param: not param.required)],
    }


def in_form(param: Param) -> bool:
    """Whether the parameter is asked in a form: a file, or a required long text; an option is one narrow line."""
    return param.kind is Kind.FILE or (param.kind is Kind.LONG and param.required)


def _option(param: Param) -> dict[str, Any]:
    option = {"name": param.name, "description": wording.cut(param.help, HELP), "required": param.required}
    if param.kind is Kind.YES_NO:
        return option | {"type": _BOOLEAN}
    if param.kind is Kind.NUMBER:
        option |= {"type": _INTEGER, "min_value": 0, "max_value": _LARGEST}
    else:
        option |= {"type": _STRING}
    if param.complete or len(param.choices) > CHOICES:
        option["autocomplete"] = True
    elif param.choices:
        option["choices"] = [
            {"name": wording.cut(choice.label, HELP), "value": typed(param.kind is Kind.NUMBER, choice.value)}
            for choice in param.choices
        ]
    if param.kind in (Kind.TEXT, Kind.LONG) and "choices" not in option:
        option["max_length"] = min(param.longest, _TEXT)
    return option


def typed(number: bool, value: str) -> str | int:
    """A choice's value in the option's type, which Discord requires."""
    return int(value) if number else value
