"""Generate docs/commands.md from the table of commands, so that it cannot become outdated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.app.command_table import with_own_examples
from bot.chat.typed import usage
from bot.cli.demo.setup import SHIPPED
from bot.commands.model import EVERYONE, Command, Param, Role
from bot.config.load import load
from bot.letters.templates import template

_OPENING = """\
# Commands

Made by `make docs` from the program itself; change the program, not this page.

The same in Slack, in Discord and on the console (`coalition-bot chat --as policy`). A group alone shows its commands;
what is needed and left out is asked for in a form. Discord offers each value as its own field."""


def page(commands: Sequence[Command]) -> str:
    """Return the whole page as Markdown."""
    return "\n".join(_lines([command for command in commands if not command.hidden])) + "\n"


def shipped_page(commands: Sequence[Command]) -> str:
    """Return the page with the examples of the shipped coalition."""
    config = load(SHIPPED / "feeds.yml", SHIPPED / "coalition.yml")
    return page(with_own_examples(commands, config, template.names(SHIPPED)))


def _lines(commands: Sequence[Command]) -> Iterator[str]:
    yield _OPENING
    for group in dict.fromkeys(command.group for command in commands):
        yield from ("", f"## /{group}")
        for command in commands:
            if command.group == group:
                yield from ("", f"### /{command.path}", "", f"{command.help}. For {_who(command.who)}.", "")
                yield from (f"```\n{usage(command)}\n```", "", f"For example: `{command.example}`")
                yield from _params(command.params)


def _params(params: Sequence[Param]) -> Iterator[str]:
    if params:
        yield from ("", "| value | needed | what it is |", "|---|---|---|")
    for param in params:
        one_of = f" (one of {', '.join(choice.value for choice in param.choices)})" if param.choices else ""
        yield f"| `{param.name}` | {'yes' if param.required else 'no'} | {param.help.replace('|', '/')}{one_of} |"


def _who(roles: frozenset[Role]) -> str:
    return "everyone" if roles == EVERYONE else ", ".join(role.value for role in Role if role in roles)


if __name__ == "__main__":
    from bot.app.command_table import COMMANDS

    print(shipped_page(COMMANDS), end="")  # noqa: T201 - `make docs` writes standard output to the page
