"""Generate docs/commands.md from the table of commands, so that it cannot become outdated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.app.command_table import with_own_examples
from bot.chat.typed import WHO, usage
from bot.cli.demo.replay import SHIPPED
from bot.commands.model import EVERYONE, STAFF, Command, Param, Role
from bot.config.load import load
from bot.letters.templates import template
from bot.shared.wording import listed

SHOWN = 4  # choices that a usage line has itself

_OPENING = """\
# Commands

For everyone who types commands: what each does, who may use it, and an example. Made by `make docs` from the program.

The same in Slack, in Discord and on the console (`coalition-bot chat --as policy`). A group alone, such as `/letter`,
lists its commands. A form asks for what is needed and left out; values in brackets are not needed. Where a command asks
back, a button answers; `sure:yes` does so when you type. *Staff* is everyone but representatives."""


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
        of_group = [command for command in commands if command.group == group]
        counted = Counter(_value(param) for command in of_group for param in _typed(command))
        shared = [value for value, uses in counted.items() if uses > 1]
        (roles, _), *_others = Counter(command.who for command in of_group).most_common(1)
        yield from (
            "",
            f"## /{group}",
            "",
            f"For {_who(roles)}{', unless a command says otherwise' * _differ(of_group)}.",
        )
        yield from ("", *shared) if shared else ()
        for command in of_group:
            who = "" if command.who == roles else f" For {_who(command.who)}."
            yield from ("", f"### /{command.path}", "", f"{command.help}.{who}", *_how(command))
            own = [value for param in _typed(command) if (value := _value(param)) not in shared]
            yield from ("", *own) if own else ()


def _differ(commands: Sequence[Command]) -> bool:
    return len({command.who for command in commands}) > 1


def _typed(command: Command) -> list[Param]:
    """The values that people type: buttons and forms give the others."""
    return [param for param in command.params if not param.by_button]


def _how(command: Command) -> Iterator[str]:
    """The values and an example; the example alone where it shows the only value."""
    typed = _typed(command)
    values = usage(replace(command, params=tuple(typed))).removeprefix(f"/{command.path}").strip()
    if len(typed) == 1 and typed[0].required:
        yield from ("", f"For example `{command.example}`")
    elif values:
        example = f", for example `{command.example}`" if command.example != f"/{command.path}" else ""
        yield from ("", f"`{values}`{example}")


def _value(param: Param) -> str:
    one_of = f" (one of {', '.join(choice.value for choice in param.choices)})" if len(param.choices) > SHOWN else ""
    return f"- `{param.name}`: {param.help}{one_of}"


def _who(roles: frozenset[Role]) -> str:
    if roles == EVERYONE:
        return "everyone"
    return "staff" if roles == STAFF else listed([WHO[role] for role in Role if role in roles], len(Role))


if __name__ == "__main__":
    from bot.app.command_table import COMMANDS

    print(shipped_page(COMMANDS), end="")  # noqa: T201 - `make docs` writes standard output to the page
