"""`directory` and `letter`: the offices of Congress, and the letters' templates and documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    ATTENTION,
    USAGE,
    coalition_folder_option,
    configuration,
    fail,
    open_app,
    today,
)

if TYPE_CHECKING:
    from bot.letters.model import Letter


@click.group()
def directory() -> None:
    """The directory of Congress that letters use."""


@directory.command("sync")
@click.option(
    "--from", "path", type=click.Path(exists=True), help="A folder or file to use instead of the public site."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day its files are from, if they do not say.")
@click.option("--force", is_flag=True, help="Use it even if it is older than the current one.")
def directory_sync(path: str | None, as_of: datetime | None, force: bool) -> None:
    """Update the directory from the public site or from files."""
    import asyncio

    from bot.cli import output
    from bot.congress.published import WrongSnapshot

    with open_app() as app:
        try:
            day = as_of.date() if as_of else None
            synced = asyncio.run(app.sync_directory(Path(path) if path else None, as_of=day, force=force))
        except WrongSnapshot as wrong:
            fail(f"The directory was not changed: {wrong}.", ATTENTION)
        output.print_sync(synced)
        output.print_directory(app.directory())


@directory.command("status")
def directory_status() -> None:
    """Show what is in the directory and when it expires."""
    from bot.cli import output

    with open_app() as app:
        status = app.directory()
    output.print_directory(status)
    if not status.usable:
        raise click.exceptions.Exit(ATTENTION)


@click.group()
def letter() -> None:
    """Letter templates and documents."""


@letter.command("lint")
@click.argument("name", required=False)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Check as of that day: which claims will be too old by then?"
)
def letter_lint(name: str | None, on: datetime | None) -> None:
    """Check the templates and the asks of coalition.yml, or one template.

    Finds unknown facts, claims that may not be made, unconfirmed citations and style.
    """
    from bot.cli import output
    from bot.letters.linting import lint
    from bot.letters.templates import template

    _, config = configuration()
    day = on.date() if on else today(config)
    try:
        names = [name] if name else template.names(config.folder)
        if not names:
            fail(template.no_templates_message(config.folder), USAGE)
        reports = [lint.lint(config.folder, each, config.coalition, day) for each in names]
    except template.TemplateProblem as problem:
        fail(str(problem), USAGE)
    if not name:
        reports += [lint.asks(config.coalition, config.coalition_lines, day), lint.asks_on_bills(config.folder)]
    output.print_lint(reports)
    if any(report.findings for report in reports):
        raise click.exceptions.Exit(ATTENTION)


@letter.command("try")
@click.argument("name")
@click.option("--to", metavar="office:ID", help="An office of coalition.yml; without it, an example.")
@click.option("--ask", type=int, help="The number of an ask; without it, an example.")
@coalition_folder_option("Make FILE.docx or FILE.pdf instead of printing it.")
def letter_try(name: str, to: str | None, ask: int | None, path: Path | None) -> None:
    """Print a letter of examples from the template NAME.

    Nothing is saved.

    Example: coalition-bot letter try agency-request --to office:labor --ask 1
    """
    from bot.letters.linting.rehearsal import rehearse
    from bot.letters.sheet import plain
    from bot.letters.templates.template import TemplateProblem

    _, config = configuration()
    try:
        made = rehearse(config, name, to=to, ask=ask, today=today(config))
    except TemplateProblem as problem:
        fail(str(problem), USAGE)
    if path:
        _save([made.letter], config.folder, path)
    else:
        click.echo(plain(made.letter), nl=False)
    if made.examples:
        click.echo(f"\nSample values: {', '.join(made.examples)}.", err=True)


@letter.command("render")
@click.argument("name")
@coalition_folder_option("FILE.zip for all addressees, FILE.docx or FILE.pdf for the first.", required=True)
def letter_render(name: str, path: Path) -> None:
    """Write the documents of the letter NAME to a file.

    Example: coalition-bot letter render L-014 --into letters.zip
    """
    from bot.commands.model import Refused
    from bot.congress.directory import NotAddressable
    from bot.letters import gates, records

    with open_app() as app:
        try:
            letter = records.find(app.db, name)
            letters = gates.current_letters(app.db, app.config, letter, app.clock()) if letter else []
        except (NotAddressable, Refused) as why:
            fail(str(why), ATTENTION)
    if not letters:
        fail(f"There is no letter {name}; /letter list shows yours.", USAGE)
    _save(letters, app.config.folder, path)


def _save(letters: Sequence[Letter], folder: Path, path: Path) -> None:
    """Write the letters as documents in the format that the file name gives."""
    from bot.cli import output
    from bot.letters.documents import render
    from bot.shared.errors import CoalitionBotError
    from bot.shared.private_files import write_private

    kinds = {".docx": render.docx, ".pdf": render.pdf}
    try:
        if path.suffix == ".zip":
            with output.progress("letters") as progress:
                render.merge(letters, folder, path, progress=progress)
        elif make := kinds.get(path.suffix):
            write_private(path, make(letters[0], folder))
        else:
            fail(f"{path.name} is not a .zip, .docx or .pdf", USAGE)
    except (CoalitionBotError, OSError) as problem:
        fail(str(problem), ATTENTION)
    click.echo(f"Wrote {path}.")
