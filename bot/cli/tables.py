"""`people`, `press` and `mentions`: tables too long for a chat, and articles from other services."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from bot.cli.common import ATTENTION, USAGE, asked, coalition_folder_option, fail, open_app

if TYPE_CHECKING:
    from bot.commands.model import Reply

_ROLE: Final = "administrator"  # the actor in the audit log: "console (administrator)"


@click.group()
def mentions() -> None:
    """Mentions in the press."""


@mentions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def import_mentions(file: str) -> None:
    """Import articles from a table (.csv) or a mail (.eml).

    They become mentions. Nothing is posted.

    A table needs a column url (or link) and a column title (or headline); outlet, author, date and excerpt are taken
    too.
    """
    from bot.commands.model import Job
    from bot.media.news.clippings import LARGEST, NoClippings, read_clippings
    from bot.media.news.intake import add
    from bot.shared.wording import number

    with Path(file).open("rb") as opened_file:
        data = opened_file.read(LARGEST + 1)
    try:
        parsed = read_clippings(data, Path(file).name)
    except NoClippings as problem:
        fail(str(problem), USAGE)
    with open_app() as app, Job(app.db, app.config, app.clock(), app.new_id).write() as work:
        done = add(work, parsed.clippings, by=None)
    new = len(parsed.clippings) - done.already_stored - done.redacted
    parts = [f"{new} new in {number(len(done.stories), 'story', 'stories')}", f"{done.already_stored} already stored"]
    parts += [f"{done.redacted} left out because they were redacted"] if done.redacted else []
    parts += [f"{parsed.left_out} without an address and a headline"] if parsed.left_out else []
    click.echo(f"{number(len(parsed.clippings), 'article')} read: {', '.join(parts)}.")
    if parsed.left_out:
        raise click.exceptions.Exit(ATTENTION)


@click.group()
def press() -> None:
    """The press list."""


@press.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_press(file: TextIO) -> None:
    """Import a press list from a CSV FILE.

    All lines or none, as /press import does, but of any length.

    Example: coalition-bot press import press.csv
    """
    card = asked("press", "press import", csv=_text(file)).card
    assert card
    click.echo("\n".join((card.head, *(line.text for line in card.lines))))


@click.group()
def people() -> None:
    """The people who may act for the coalition."""


@people.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_people(file: TextIO) -> None:
    """Import people from a CSV FILE.

    Its columns are name, organization, roles and accounts. All lines or none; nobody is removed.

    Example: coalition-bot people import people.csv
    """
    click.echo(_head(asked(_ROLE, "campaign import-people", csv=_text(file))))


@people.command("export")
@coalition_folder_option("The file to write; it must not exist yet.", required=True)
def export_people(path: Path) -> None:
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


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError:
        return fail("This file is not UTF-8 text: save it as CSV UTF-8.", ATTENTION)
