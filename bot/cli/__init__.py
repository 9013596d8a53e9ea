"""The command line: parse, call, print. Everything heavy is imported by the command that needs it.

Exit codes: 0 done · 1 done, and something needs a person's attention · 2 wrong usage or configuration · 3 the
database cannot be used · 4 another coalition-bot is running on it · 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Final, NoReturn

import click

from bot.cli import house, letters, main_job, media, new, outbox, people, store
from bot.cli.parts import INTERRUPTED


def main() -> NoReturn:
    """Run the command line and turn what a person can mend into one plain message and an exit code."""
    try:
        # Out of standalone mode click returns the code of an Exit, or what the command returned: None.
        sys.exit(cli(prog_name="coalition-bot", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start with: coalition-bot demo")
@click.version_option(package_name="coalition-bot")
def cli() -> None:
    """Watches federal sources for a coalition's asks, and says what matters in its Slack or Discord channels."""


_GROUPS: Final = (
    outbox.outbox,
    letters.directory,
    letters.letter,
    media.mentions,
    media.press,
    people.people,
    store.db,
)
for command in (new.new, *main_job.COMMANDS, *house.COMMANDS, *_GROUPS):
    cli.add_command(command)
