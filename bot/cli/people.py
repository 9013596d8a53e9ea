"""`people`: import and export everyone who acts in a chat as a table, however many they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from bot.cli.common import ATTENTION, asked, coalition_folder_option, fail, reports_errors

if TYPE_CHECKING:
    from bot.commands.model import Reply

_ROLE: Final = "administrator"  # the actor in the audit log: "console (administrator)"


@click.group()
def people() -> None:
    """The people who may act for the coalition."""


@people.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@reports_errors
def import_(file: TextIO) -> None:
    """Import people from a CSV FILE.

    Its columns are name, organization, roles and accounts. All lines or none; nobody is removed.

    Example: coalition-bot people import people.csv
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        fail("This file is not UTF-8 text: save it as CSV UTF-8.", ATTENTION)
    click.echo(_head(asked(_ROLE, "campaign import-people", csv=text)))


@people.command()
@coalition_folder_option("The file to write; it must not exist yet.", required=True)
@reports_errors
def export(path: Path) -> None:
    """Export everyone with a chat account to a CSV file."""
    from bot.shared.private_files import write_private

    reply = asked(_ROLE, "campaign export-people")
    assert reply.file is not None
    try:
        write_private(path, reply.file.data, new=True)
    except FileExistsError:
        fail(f"{path} already exists. Choose another name.", ATTENTION)
    click.echo(f"{_head(reply)}: {path}")


def _head(reply: Reply) -> str:
    return reply.card.head if reply.card else ""
