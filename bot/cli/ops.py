"""The operator's commands: check the machine, export, import, restore and erase data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import ATTENTION, USAGE, as_json, chosen_settings, configuration, fail, reports_errors

if TYPE_CHECKING:
    from bot.store.address import Address

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--online", is_flag=True, help="Also compare this machine's clock with a source's.")
@as_json
@reports_errors
def doctor(online: bool, as_json: bool) -> None:
    """Check this machine and explain how to fix what is wrong."""
    import asyncio

    from bot import wiring
    from bot.app.application import utc_now
    from bot.cli import output
    from bot.config.installation import folder_of
    from bot.ops import doctor as surgery
    from bot.shared.finding import State

    settings, config = configuration()
    findings = surgery.examine(settings, config, wiring.store_address(settings), folder_of(settings), utc_now())
    if online:
        findings.append(asyncio.run(surgery.the_time(config, utc_now)))
    output.print_findings(findings, as_json=as_json)
    if any(finding.state is State.BAD for finding in findings):
        raise click.exceptions.Exit(ATTENTION)


@click.command("export")
@click.argument("file", type=_FILE)
@reports_errors
def export_(file: Path) -> None:
    """Write the whole coalition to FILE.zip.

    It has the store, feeds.yml, coalition.yml, the templates, and tables for people. It contains no token.
    """
    from bot.app.application import utc_now
    from bot.ops import backup
    from bot.shared.wording import number

    settings, config = configuration()
    try:
        rows = backup.export_store(settings, config, file, utc_now)
    except FileExistsError:
        fail(f"{file} already exists. Choose another name.", USAGE)
    files = "feeds.yml, coalition.yml, templates"
    click.echo(f"{file} contains everything: {number(rows, 'row')}, {files}. It contains no token.")
    click.echo(f"To move: stop this bot, then run there `coalition-bot import {file.name}`.")


@click.command("import")
@click.argument("file", type=_FILE)
@reports_errors
def import_(file: Path) -> None:
    """Set up an exported coalition in an empty folder.

    Nothing that is already there is replaced.
    """
    from bot.cli import output
    from bot.ops import backup
    from bot.ops.export import unpack_files
    from bot.shared.wording import number

    settings = chosen_settings(new=True)
    put = unpack_files(file, settings.feeds_file, settings.coalition_file)
    settings, config = configuration()
    contents = backup.import_store(settings, config, file)
    click.echo(f"{config.coalition.name} is imported, with {number(len(put), 'new file')}.")
    output.print_contents(contents)
    click.echo("Next: put the tokens into .env, `coalition-bot check --online`, then `coalition-bot run`.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="The file with the secret key of an encrypted backup.")
@reports_errors
def restore(file: Path, key: Path | None) -> None:
    """Replace the store with a backup or an export.

    What was posted since it was made is looked up in the channels and not posted again.
    """
    import asyncio

    from bot.app.application import new_id, utc_now
    from bot.cli import output
    from bot.ops import backup
    from bot.ops.encryption import WrongKey

    settings, config = configuration()
    work = backup.restore_backup(settings, config, file, clock=utc_now, new_id=new_id, key=key)
    try:
        moved = asyncio.run(work)
    except WrongKey as error:
        fail(str(error), USAGE)
    output.print_restore(moved, config.coalition.tz)
    if moved.restored.held:
        raise click.exceptions.Exit(ATTENTION)


@click.command()
@click.option("--person", metavar="ID|NAME", help="A person in the coalition, by id or full name.")
@click.option("--org", metavar="ID", help='A member by its id in coalition.yml, or "ally:NAME"; its people too.')
@click.option("--reporter", metavar="P-NUMBER", help="A contact on the press list.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@reports_errors
def erase(person: str | None, org: str | None, reporter: str | None, yes: bool) -> None:
    """Erase a person or organization, and list other copies.

    You must delete or replace those copies yourself.

    Example: coalition-bot erase --person "Maria Lopez"
    """
    from bot.app.application import new_id, utc_now
    from bot.cli import output
    from bot.ops import backup
    from bot.ops.erase import NothingToErase

    if [person, org, reporter].count(None) != 2:
        fail("Say who to erase: --person, --org or --reporter.", USAGE)
    if not yes:
        click.confirm("Erase them permanently? You cannot undo this", abort=True)
    settings, config = configuration()
    try:
        done, copies = backup.erase_names(
            settings, config, person=person, organisation=org, reporter=reporter, clock=utc_now, new_id=new_id
        )
    except NothingToErase as unknown:
        fail(str(unknown), ATTENTION)
    output.print_erasure(
        done, copies, backup.count_mentions((settings.feeds_file, settings.coalition_file), done.names)
    )


def _progress(table: str, rows: int) -> None:
    from bot.shared.wording import number

    if rows:
        click.echo(f"{table}: {number(rows, 'row')}")


COMMANDS: Final = (doctor, export_, import_, restore, erase)


@click.group()
def db() -> None:
    """The database."""


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@reports_errors
def db_copy(source: str, target: str) -> None:
    """Copy a store to a new one and compare them.

    Both are written as DATABASE_URL is: sqlite:///coalition.db, postgresql://user:password@host/name. Of several
    coalitions, each store is copied. Stop the bot first: what it says meanwhile would not be copied.
    """
    from bot.config import installation
    from bot.store.address import address

    names = installation.names()
    own = installation.own_database
    stores = [(address(own(source, name)), address(own(target, name))) for name in names]
    stores = stores or [(address(source), address(target))]
    if names and (there := [str(new) for _, new in stores if new.exists()]):
        fail(f"Nothing was copied, because there is a database already: {', '.join(there)}.", USAGE)
    for old, new in stores:
        _copy(old, new)
    click.echo("Next: set DATABASE_URL to it and start the bot.")


def _copy(old: Address, new: Address) -> None:
    from bot.shared.wording import number
    from bot.store.copying import copy_store

    lock = old.lock()
    try:
        done = copy_store(old.open(), new.create(), progress=_progress)
    finally:
        lock.release()
    copied = number(sum(one.rows for one in done), "row")
    click.echo(f"Copied {copied} of {number(len(done), 'table')} to {new}; all rows arrived.")
