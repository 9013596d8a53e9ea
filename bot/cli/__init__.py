"""The command line: parse, call, print. Everything heavy is imported by the command that needs it.

Exit codes: 0 done · 1 done, and something needs a person's attention · 2 wrong usage or configuration · 3 the
database cannot be used · 4 another coalition-bot is running on it · 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Any, Final, NoReturn

import click

from bot.cli import letters, new, ops, running, watches
from bot.cli.common import INTERRUPTED, add_coalition_option, exit_code, fail


def main() -> NoReturn:
    """Run the command line; turn an error that a person can fix into one plain message and an exit code."""
    try:
        # Out of standalone mode click returns an Exit's code, or the command's return value: None.
        sys.exit(cli(prog_name="coalition-bot", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


_SECTIONS: Final = {
    "Start": ("demo", "new", "init", "check", "doctor"),
    "Run": ("run", "once", "chat", "mcp", "status", "pause", "resume", "outbox"),
    "Watches": ("why", "backtest"),
    "Letters, people and press": ("letter", "directory", "people", "press", "mentions"),
    "Data": ("backup", "restore", "export", "import", "erase", "db"),
}


class _Sections(click.Group):
    """Lists the commands by purpose, each with one full sentence, and ends them with an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Turn the errors that a person can fix into a message on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if (code := exit_code(error)) is None:
                raise
            fail(str(error), code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in _SECTIONS.items():
            commands = [(name, command) for name in names if (command := self.get_command(ctx, name))]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(limit=70)) for name, command in commands])


@click.group(
    cls=_Sections,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="To see it work: coalition-bot demo. To start your own: coalition-bot new FOLDER.",
)
@click.version_option(package_name="coalition-bot")
def cli() -> None:
    """Watch federal sources for a coalition's policy asks and post what matters to Slack or Discord."""


_COMMANDS: Final = (new.new, *running.COMMANDS, *watches.COMMANDS, *ops.COMMANDS)
_GROUPS: Final = (*letters.GROUPS, ops.outbox, ops.db)
_WITHOUT_A_COALITION: Final = (new.new, running.demo, running.run, ops.db)  # `run` serves all of them
for command in (*_COMMANDS, *_GROUPS):
    cli.add_command(command)
    if command not in _WITHOUT_A_COALITION:
        add_coalition_option(command)
