"""/campaign audit and help: changes and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice, zip_longest
from typing import Final

from bot.commands.arguments import matching
from bot.commands.group import Group
from bot.commands.model import (
    ADMINISTRATOR,
    Choice,
    Command,
    Context,
    File,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    answer,
    long_answer,
)
from bot.people import audit as changes
from bot.shared import wording
from bot.shared.card import Button
from bot.shared.csv_cells import write_csv
from bot.shared.time_phrases import parse_duration

_MAX_CHANGES = 8  # in the answer; the file has all
# What each role uses in its week; the other commands are behind "all".
USUAL: Final[Mapping[Role, str]] = {
    Role.ADMINISTRATOR: (
        "campaign setup/find/campaign status/people list/people invite/settings list/settings set/undo/"
        "feeds list/watch list/campaign pause/campaign me"
    ),
    Role.POLICY: (
        "find/campaign me/alerts recent/deadlines list/docket show/letter draft/letter list/bill list/watch list/"
        "watch add/learn start/campaign follow"
    ),
    Role.PRESS: (
        "find/campaign me/mentions list/press inquiry/press inquiries/press find/press note/press pitch/"
        "press embargo/clips week/alerts recent/campaign follow"
    ),
    Role.REPRESENTATIVE: (
        "letter list/letter show/campaign me/find/deadlines list/bill list/campaign follow/campaign mail/"
        "campaign quiet/campaign board"
    ),
    Role.APPROVER: "letter list/letter show/letter approve/letter confirm/campaign me/find/alerts recent",
}
_USUAL: Final = 12  # lines of help
_ALL: Final = "all"

slash = Group("campaign")


@slash.command(
    "audit",
    "Show who changed what, when, from where",
    "since:7d",
    params=(Param("since", "how far back: 12h, 7d, 4w; 7d if left out", required=False),),
    who=ADMINISTRATOR,
)
def audit(ctx: Context, args: Mapping[str, str]) -> Reply:
    period = parse_duration(args.get("since", "7d"))
    if period is None:
        raise Refused(f"“{args['since'][:40]}” is not a length of time. Try 12h, 7d or 4w.", param="since")
    listed = changes.since(ctx.tx, ctx.now - period)
    if not listed:
        return answer("No changes in that time", "Look further back: /campaign audit since:12w")
    lines = []
    for row in listed[-_MAX_CHANGES:][::-1]:
        how = " → ".join(filter(None, (row.before, row.after)))
        what = f"{row.subject}: {how}" if how else row.subject
        lines.append(
            wording.short(f"{wording.clock(row.at, ctx.zone, ctx.now)} {row.who}, /{row.command}: {what}", 240)
        )
    reply = answer(
        f"{wording.number(len(listed), 'change')} since {wording.clock(listed[0].at, ctx.zone, ctx.now)}",
        *lines,
        foot="Newest first. The file has all changes, with before and after.",
    )
    columns = ("when", "who", "from", "command", "what", "before", "after")
    rows = (
        [f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.who, row.origin, f"/{row.command}", row.subject, row.before, row.after]
        for row in listed
    )
    return replace(reply, file=File("audit.csv", "text/csv", write_csv(columns, rows)))


_DETAILS_WARNING: Final = "Do not enter anything that identifies a {served}: no name, no case, no other detail."


def _command_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    shown = (Choice(command.path, f"/{command.path}") for command in ctx.commands if not command.hidden)
    return matching(shown, typed.lstrip("/"))


@slash.command(
    "help",
    "List what you can do here, with examples",
    params=(Param("command", "a command, such as “watch add”; all", required=False, complete=_command_choices),),
)
def help_(ctx: Context, args: Mapping[str, str]) -> Reply:
    commands = [command for command in ctx.commands if not command.hidden]
    wanted = args.get("command", "").lstrip("/").casefold()
    if wanted in ("", _ALL):
        return _overview(ctx, commands) if wanted else _usual(ctx, commands)
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
        for param in (param for param in command.params if not param.by_button):
            choices = f" ({', '.join(choice.value for choice in param.choices)})" if param.choices else ""
            kind = f" ({param.kind.value})" if param.kind in (Kind.NUMBER, Kind.YES_NO) else ""
            params.append(f"{param.name}{'' if param.required else ' (optional)'}: {param.help}{choices}{kind}")
        has_text = any(param.kind is Kind.LONG for param in command.params)
        foot = _DETAILS_WARNING.format(served=ctx.config.coalition.care.served) if has_text else ""
        return answer(f"/{command.path}: {command.help}", *params, f"For example: {command.example}", foot=foot)
    lines = [f"{command.example}: {command.help}" for command in group]
    return long_answer(f"/{wanted}: {len(group)} commands", lines, file=f"help-{wanted}.txt")


def _usual(ctx: Context, commands: Sequence[Command]) -> Reply:
    """The commands of the person's roles, those of each role in turn, with a button for all."""
    by_role = [USUAL[role].split("/") for role in Role if role in ctx.actor.roles]
    theirs = {command.path: command for command in commands}
    paths = dict.fromkeys(path for row in zip_longest(*by_role) for path in row if path in theirs)
    usual = [theirs[path] for path in islice(paths, _USUAL)]
    roles = wording.listed([role.value for role in Role if role in ctx.actor.roles], len(Role))
    return answer(
        f"What you use most for {ctx.config.coalition.short} as {roles}",
        *(f"/{command.path}: {command.help}" for command in usual),
        buttons=[Button(f"All {len(commands)} commands", "campaign help", (("command", _ALL),))],
        foot="More on a group or a command: /campaign help letter",
    )


def _overview(ctx: Context, commands: Sequence[Command]) -> Reply:
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    lines = [
        f"/{group}: {', '.join(command.verb or command.help for command in members)}"
        for group, members in groups.items()
    ]
    return answer(
        f"All you can do here for {ctx.config.coalition.short}",
        *lines,
        foot="More on a group or a command: /campaign help letter",
    )
