"""Letters, people and press: templates and documents, and tables too long for a chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from bot.cli.common import ATTENTION, USAGE, asked, coalition_folder_option, configuration, fail, open_app, say, today

if TYPE_CHECKING:
    from bot.letters.model import Letter

_SHOWN: Final = 10  # members of Congress in a line
_ROLE: Final = "administrator"  # the actor in the audit log: "console (administrator)"


@click.group()
def directory() -> None:
    """The directory of Congress that letters use."""


@directory.command("sync")
@click.option(
    "--from", "path", type=click.Path(exists=True), help="A folder or file to use instead of the public site."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day its files are from.")
@click.option("--force", is_flag=True, help="Use it even if it is older than the current one.")
def directory_sync(path: str | None, as_of: datetime | None, force: bool) -> None:
    """Update the directory from the public site or from files."""
    import asyncio

    from bot.shared.errors import CoalitionBotError
    from bot.shared.wording import listed

    with open_app() as app:
        try:
            day = as_of.date() if as_of else None
            synced = asyncio.run(app.sync_directory(Path(path) if path else None, as_of=day, force=force))
        except CoalitionBotError as wrong:
            fail(f"The directory was not changed: {wrong}.", ATTENTION)
        for what, members in (("Joined", synced.joined), ("Left", synced.left)):
            if members:
                click.echo(f"{what}: {listed([member.label for member in members], _SHOWN)}")
        click.echo("\n".join(app.directory()[0]))


@directory.command("status")
def directory_status() -> None:
    """Show what is in the directory and when it expires."""
    with open_app() as app:
        lines, is_usable = app.directory()
    click.echo("\n".join(lines))
    if not is_usable:
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
    from bot.letters import lint
    from bot.letters.templates import template
    from bot.shared.wording import number

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
    for report in reports:
        size = "" if report.words is None else f": {report.words} words"
        claims = f", claims {', '.join(report.claims)}" if report.claims else ""
        click.echo("\n".join((f"{report.name}{size}{claims}", *(f"  {finding}" for finding in report.findings))))
    for line in () if name else lint.waiting_asks(config.coalition, day):
        click.echo(line)
    problems = sum(len(report.findings) for report in reports)
    click.echo(f"{number(problems, 'problem')} found." if problems else "No problems found.")
    if problems:
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
    from bot.letters.lint import rehearse
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
    from bot.letters import gates, records

    with open_app() as app:
        letter = records.find(app.db, name)
        letters = gates.current_letters(app.db, app.config, letter, app.clock()) if letter else []
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
    from bot.media.news.clippings import LARGEST, read_clippings
    from bot.media.news.intake import add
    from bot.shared.wording import number

    with Path(file).open("rb") as opened_file:
        data = opened_file.read(LARGEST + 1)
    parsed = read_clippings(data, Path(file).name)
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
    say(asked("press", "press import", csv=_text(file)))


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
    say(asked(_ROLE, "people import", csv=_text(file)))


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError:
        return fail("This file is not UTF-8 text: save it as CSV UTF-8.", ATTENTION)


GROUPS: Final = (directory, letter, mentions, press, people)
