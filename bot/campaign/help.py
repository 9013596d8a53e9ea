"""/campaign help: the commands that the asker may use, from the command table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from bot.commands.group import Group
from bot.commands.model import Choice, Command, Context, Kind, Param, Refused, Reply
from bot.commands.replies import answer, long_answer

_DETAILS_WARNING: Final = "Do not enter anything that identifies a {served}: no name, no case, no other detail."


def complete(ctx: Context, typed: str) -> Sequence[Choice]:
    paths = [command.path for command in ctx.commands if not command.hidden]
    return [Choice(path, f"/{path}") for path in paths if typed.lstrip("/").casefold() in path]


slash = Group("campaign")


@slash.command(
    "help",
    "List what you can do here, with examples",
    params=(Param("command", "a command, such as “watch add”", required=False, complete=complete),),
)
def help_(ctx: Context, args: Mapping[str, str]) -> Reply:
    commands = [command for command in ctx.commands if not command.hidden]
    wanted = args.get("command", "").lstrip("/").casefold()
    if not wanted:
        return _overview(ctx, commands)
    one = [command for command in commands if wanted == command.path]
    group = one or [command for command in commands if wanted == command.group]
    group = group or [command for command in commands if wanted == command.verb]
    if not group:
        close = get_close_matches(wanted, [command.path for command in commands], n=1)
        hint = f"Did you mean /{close[0]}?" if close else "/campaign help shows all you can do."
        raise Refused(f"There is nothing called /{wanted[:40]} that you can do here. {hint}", param="command")
    if len(group) == 1:
        command = group[0]
        params = []
        for param in command.params:
            choices = f" ({', '.join(choice.value for choice in param.choices)})" if param.choices else ""
            kind = f" ({param.kind.value})" if param.kind in (Kind.NUMBER, Kind.YES_NO) else ""
            params.append(f"{param.name}: {param.help}{choices}{kind}{'' if param.required else ', optional'}")
        has_text = any(param.kind is Kind.LONG for param in command.params)
        foot = _DETAILS_WARNING.format(served=ctx.config.coalition.care.served) if has_text else ""
        return answer(f"/{command.path}: {command.help}", *params, f"For example: {command.example}", foot=foot)
    lines = [f"{command.example}: {command.help}" for command in group]
    return long_answer(f"/{wanted}: {len(group)} commands", lines, file=f"help-{wanted}.txt")


def _overview(ctx: Context, commands: Sequence[Command]) -> Reply:
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    lines = [f"/{group}: {', '.join(command.verb for command in members)}" for group, members in groups.items()]
    example = next((command.path for command in commands if command.path != "campaign help"), "campaign help")
    return answer(
        f"What you can do here for {ctx.config.coalition.short}",
        *lines,
        foot=f"More on a group or a command: /campaign help command:“{example}”",
    )
