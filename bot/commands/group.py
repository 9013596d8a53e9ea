"""Declare a command next to its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.commands.model import EVERYONE, Command, Context, Handler, Param, Role

_H = TypeVar("_H", bound=Handler)


class Group:
    """One module's subcommands of a slash command, in order of definition.

    A module's own is called `slash`. `bot/app/command_table.py` lists them all. `who`: the roles that may use a
    subcommand which does not name its own; `formerly`: the group in which they were in the last version.
    """

    def __init__(self, name: str, *, who: frozenset[Role] = EVERYONE, formerly: str = "") -> None:
        self.name = name
        self.who = who
        self.formerly = formerly
        self.commands: list[Command] = []

    def command(
        self,
        verb: str,
        help_: str,
        example: str = "",
        *,
        params: Sequence[Param] = (),
        who: frozenset[Role] | None = None,
        changes: bool = False,
        fetch: Callable[[Any, Mapping[str, str]], Awaitable[Any]] | None = None,
        prepare: Callable[[Context, Mapping[str, str]], Any] | None = None,
        hidden: bool = False,
        button: str = "",
        formerly: Sequence[str] = (),
    ) -> Callable[[_H], _H]:
        """Return a decorator that adds the handler's `Command` to the group, and returns the handler unchanged.

        `example`: the arguments of an example. The rest is as in `Command`.
        """

        def add(handler: _H) -> _H:
            self.commands.append(
                Command(
                    group=self.name,
                    verb=verb,
                    help=help_,
                    example=" ".join(filter(None, (f"/{self.name}", verb, example))),
                    handler=handler,
                    params=tuple(params),
                    who=self.who if who is None else who,
                    changes=changes,
                    fetch=fetch,
                    prepare=prepare,
                    hidden=hidden,
                    button=button,
                    formerly=tuple(formerly or filter(None, [self.formerly and f"{self.formerly} {verb}"])),
                )
            )
            return handler

        return add
