"""`mentions` and `press`: articles from other services, and press lists too long for a chat."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from bot.cli.common import ATTENTION, USAGE, asked, fail, open_app, reports_errors


@click.group()
def mentions() -> None:
    """Mentions in the press."""


@mentions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@reports_errors
def import_(file: str) -> None:
    """Import articles from a table (.csv) or a mail (.eml).

    They become mentions. Nothing is posted.

    A table needs a column url (or link) and a column title (or headline); outlet, author, date and excerpt are taken
    too.
    """
    from bot.commands.model import Job
    from bot.media.news.add import add, clipping
    from bot.shared.wording import number
    from bot.sources.news.clippings import LARGEST, NoClippings, read_clippings

    with Path(file).open("rb") as opened_file:
        data = opened_file.read(LARGEST + 1)
    try:
        parsed = read_clippings(data, Path(file).name)
    except NoClippings as problem:
        fail(str(problem), USAGE)
    given = [clipping(it.url, it.title, it.outlet, it.summary, it.published, it.author) for it in parsed.clippings]
    with open_app() as app, Job(app.db, app.config, app.clock(), app.new_id).write() as work:
        done = add(work, given, by=None)
    new = len(given) - done.known - done.redacted
    parts = [f"{new} new in {number(len(done.stories), 'story', 'stories')}", f"{done.known} already stored"]
    parts += [f"{done.redacted} left out because they were redacted"] if done.redacted else []
    parts += [f"{parsed.left_out} without an address and a headline"] if parsed.left_out else []
    click.echo(f"{number(len(given), 'article')} read: {', '.join(parts)}.")
    if parsed.left_out:
        raise click.exceptions.Exit(ATTENTION)


@click.group()
def press() -> None:
    """The press list."""


@press.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@reports_errors
def press_import(file: TextIO) -> None:
    """Import a press list from a CSV FILE.

    All lines or none, as /press import does, but of any length.

    Example: coalition-bot press import press.csv
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        fail("This file is not UTF-8 text: save it as CSV UTF-8.", ATTENTION)
    card = asked("press", "press import", csv=text).card
    assert card
    click.echo("\n".join((card.head, *(line.text for line in card.lines))))
