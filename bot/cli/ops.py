"""The operator's commands: check files and machine, back up, export, import, restore, erase; the queue of messages."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import (
    ATTENTION,
    STORE,
    USAGE,
    as_json,
    chosen_coalition,
    chosen_settings,
    configuration,
    configurations,
    fail,
    open_app,
    today,
)

if TYPE_CHECKING:
    from bot.config.load import Config
    from bot.config.settings import Settings

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--online", is_flag=True, help="Also check every source, token and channel once.")
@click.option("--save", type=_FILE, help="With --online: write what each source answered into this file, a line each.")
@click.option("--network", default="unknown", help="With --save: the kind of network this is, such as home or cloud.")
@click.option("--example", is_flag=True, help="Do not remind me that these are the example files.")
@click.option("--queries", is_flag=True, help="Print each watch's query, including those written as lists.")
@as_json
def check(online: bool, save: Path | None, network: str, example: bool, queries: bool, as_json: bool) -> None:
    """Check the two files, the environment and this machine.

    With --online it also checks every source, token and channel once.
    """
    import asyncio

    from bot.app.online import Record, check_online
    from bot.cli import output
    from bot.shared.answer import State

    coalitions = configurations()
    good, reports = True, {}
    for settings, config in coalitions:
        if len(coalitions) > 1 and not as_json:
            click.echo(f"{config.coalition.id}:")
        passed, report = _check_files(settings, config, example=example, queries=queries, quiet=as_json)
        if online:
            record = Record(network, datetime.now(UTC))
            findings = asyncio.run(check_online(settings, config, record.note))
            if not as_json:
                output.print_findings(findings)
            try:
                if save:
                    record.save(save)
            except (OSError, ValueError, LookupError, TypeError):
                fail(
                    f"{save} was not written: its folder takes no file, or it has other lines than this command's.",
                    USAGE,
                )
            passed &= all(finding.state is State.GOOD for finding in findings)
            report = [asdict(finding) for finding in findings]
        good, reports[config.coalition.id] = good and passed, report
    if as_json:
        output.print_json({"coalitions": reports} if len(coalitions) > 1 else report)
    if not good:
        raise click.exceptions.Exit(ATTENTION)


def _check_files(settings: Settings, config: Config, *, example: bool, queries: bool, quiet: bool) -> tuple[bool, Any]:
    """Return whether all is well with a coalition's files and this machine, and a report; print it if not `quiet`."""
    from bot.app import wiring
    from bot.cli import output
    from bot.config.coalition import dated_ahead
    from bot.config.installation import folder_of, unserved
    from bot.config.load import Problem
    from bot.letters import lint
    from bot.letters.templates import template
    from bot.ops import doctor

    day = today(config)
    wrong = [*dated_ahead(config.coalition, day), *lint.lint_asks(config.coalition, day)]
    foreign = template.of_others(config.folder, config.coalition)
    store = wiring.store_address(settings)
    slips = [
        *(str(config.coalition_lines.problem(place, what)) for place, what in wrong),
        *(str(Problem(f"templates/letters/{name}/meta.yml", None, "", why)) for name, why in foreign),
        *doctor.machine_slips(settings, store, folder_of(settings), datetime.now(UTC)),
        *doctor.slips_in(settings, config),
    ]
    missing = unserved(settings, config)
    in_chat, active = doctor.changed_in_chat(store, config, datetime.now(UTC))
    report = output.check_report(config, missing, slips, in_chat, active.left_out)
    if not quiet:
        output.print_check(config, missing, report, remark=not example)
        output.print_placeholders(active)
        for line in lint.waiting_asks(config.coalition, day):
            click.echo(line)
        for watch in config.watches if queries else ():
            click.echo(f"{watch.id}: {watch.query.text}")
    return not slips and not missing, report


@click.command()
def doctor() -> None:
    """Check this machine and explain how to fix what is wrong."""
    from bot.app import wiring
    from bot.app.application import utc_now
    from bot.cli import output
    from bot.config.installation import folder_of
    from bot.ops import doctor as surgery
    from bot.shared.answer import State

    settings, config = configuration()
    findings = surgery.examine(settings, config, wiring.store_address(settings), folder_of(settings), utc_now())
    output.print_findings(findings)
    if any(finding.state is State.BAD for finding in findings):
        raise click.exceptions.Exit(ATTENTION)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--to", "recipient", metavar="age1…", help="Encrypt it to this public key, made by `age-keygen`.")
def backup(file: str, recipient: str | None) -> None:
    """Copy the live database to FILE.

    The copy is an SQLite file that you alone can read, whichever engine the bot uses.
    """
    from bot.app import wiring
    from bot.app.application import utc_now
    from bot.ops import backup
    from bot.ops.backup import back_up, back_up_encrypted
    from bot.store import address as owner
    from bot.store import schema
    from bot.store.address import File

    settings, config = configuration()
    store = wiring.store_address(settings)
    pending = store.pending()
    if pending and not isinstance(store, File):
        fail(
            f"{store} belongs to an earlier version. Back it up with that version or with pg_dump: this version would "
            "first have to change its tables.",
            STORE,
        )
    with closing(store.open_as_is()) as db:
        with db.write() as tx:  # a backup names its coalition, even in a store that was never used
            owner.take(tx, config.coalition.id, config.coalition.name, utc_now())
        try:
            if recipient is None:
                back_up(db, Path(file))
            else:
                back_up_encrypted(db, Path(file), recipient)
        except FileExistsError:
            fail(f"{file} already exists. Choose another name.", USAGE)
        backup.record_copy(db, Path(file), utc_now(), before_baseline=schema.BASELINE in pending)
    click.echo(f"Copied to {file}.")


@click.command("export")
@click.argument("file", type=_FILE)
def export_(file: Path) -> None:
    """Write the whole coalition to FILE.zip.

    It has the store, feeds.yml, coalition.yml, the templates, and tables for people. It contains no token.
    """
    from bot.app import wiring
    from bot.app.application import utc_now
    from bot.ops import backup
    from bot.shared.wording import number

    settings, config = configuration()
    try:
        rows = backup.export_store(wiring.store_address(settings), settings, config, file, utc_now)
    except FileExistsError:
        fail(f"{file} already exists. Choose another name.", USAGE)
    files = "feeds.yml, coalition.yml, templates"
    click.echo(f"{file} contains everything: {number(rows, 'row')}, {files}. It contains no token.")
    click.echo(f"To move: stop this bot, then run there `coalition-bot import {file.name}`.")


@click.command("import")
@click.argument("file", type=_FILE)
def import_(file: Path) -> None:
    """Set up an exported coalition in an empty folder.

    Nothing that is already there is replaced.
    """
    from bot.app import wiring
    from bot.cli import output
    from bot.ops import backup
    from bot.ops.export import refuse_another, unpack_files
    from bot.shared.wording import number

    settings = chosen_settings(new=True)
    if chosen := chosen_coalition(new=True):
        refuse_another(file, chosen)
    put = unpack_files(file, settings.feeds_file, settings.coalition_file)
    settings, config = configuration()
    contents = backup.import_store(wiring.store_address(settings), config, file)
    click.echo(f"{config.coalition.name} is imported, with {number(len(put), 'new file')}.")
    output.print_contents(contents)
    click.echo("Next: put the tokens into .env, `coalition-bot check --online`, then `coalition-bot run`.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="The file with the secret key of an encrypted backup.")
@click.option("--last", type=_FILE, help="A backup of the database that is replaced, if that is on a server.")
def restore(file: Path, key: Path | None, last: Path | None) -> None:
    """Replace the store with a backup or an export.

    What was posted since it was made is looked up in the channels and not posted again.
    """
    import asyncio

    from bot.app import wiring
    from bot.app.application import new_id, utc_now
    from bot.cli import output
    from bot.config import installation
    from bot.ops import backup

    settings, config = configuration()
    work = backup.restore_backup(
        wiring.store_address(settings),
        config,
        file,
        connect=lambda zone: wiring.senders(settings, zone, sys.stdout, utc_now),
        clock=utc_now,
        new_id=new_id,
        key=key,
        last=last,
    )
    done = asyncio.run(work)
    output.print_restore(done, config.coalition.tz, several=bool(installation.names()))
    if done.on_hold:
        raise click.exceptions.Exit(ATTENTION)


@click.command()
@click.option("--person", metavar="ID|NAME", help="A person in the coalition, by id or full name.")
@click.option("--org", metavar="ID", help='A member by its id in coalition.yml, or "ally:NAME"; its people too.')
@click.option("--reporter", metavar="P-NUMBER", help="A contact on the press list (P-31) or in an office (C-12).")
@click.option("--yes", is_flag=True, help="Do not ask; then the name stays in texts.")
def erase(person: str | None, org: str | None, reporter: str | None, yes: bool) -> None:
    """Erase a person or organization, and list other copies.

    You must delete or replace those copies yourself.

    Example: coalition-bot erase --person "Maria Lopez"
    """
    from bot.app import wiring
    from bot.app.application import new_id, utc_now
    from bot.cli import output
    from bot.ops import backup
    from bot.ops.erase import never

    if [person, org, reporter].count(None) != 2:
        fail("Say who to erase: --person, --org or --reporter.", USAGE)
    if not yes:
        click.confirm("Erase them permanently? You cannot undo this", abort=True)
    settings, config = configuration()
    done, copies = backup.erase_names(
        wiring.store_address(settings),
        config,
        person=person,
        organization=org,
        reporter=reporter,
        agree=never if yes else output.agree_to_redact,
        clock=utc_now,
        new_id=new_id,
    )
    output.print_erasure(
        done, copies, backup.count_mentions((settings.feeds_file, settings.coalition_file), done.names)
    )


def _progress(table: str, rows: int) -> None:
    from bot.shared.wording import number

    if rows:
        click.echo(f"{table}: {number(rows, 'row')}")


COMMANDS: Final = (check, doctor, backup, export_, import_, restore, erase)


@click.group()
def db() -> None:
    """The database."""


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def db_copy(source: str, target: str) -> None:
    """Copy a store to a new one and compare them.

    Both are written as DATABASE_URL is: sqlite:///coalition.db, postgresql://user:password@host/name. Of several
    coalitions, each store is copied. Stop the bot first: what it says meanwhile would not be copied.
    """
    from bot.config import installation
    from bot.shared.wording import number
    from bot.store.address import address
    from bot.store.shape import copy_store

    names = installation.names()
    own = installation.own_database
    stores = [(address(own(source, name)), address(own(target, name))) for name in names]
    stores = stores or [(address(source), address(target))]
    if names and (there := [str(new) for _, new in stores if new.exists()]):
        fail(f"Nothing was copied, because there is a database already: {', '.join(there)}.", USAGE)
    for old, new in stores:
        lock = old.lock()
        try:
            done = copy_store(old.open(), new.create_to_fill(), progress=_progress)
        finally:
            lock.release()
        copied = number(sum(one.rows for one in done), "row")
        click.echo(f"Copied {copied} of {number(len(done), 'table')} to {new}; all rows arrived.")
    click.echo("Next: set DATABASE_URL to it and start the bot.")


@click.group()
def outbox() -> None:
    """The queue of messages, and what could not be posted."""


@outbox.command("list")
@as_json
def outbox_list(as_json: bool) -> None:
    """List queued and failed messages, oldest first."""
    from bot.cli import output
    from bot.outbox import queued

    with open_app() as app:
        queue = queued.list_messages(app.db)
        output.print_outbox(queue, app.status().mail, app.config.zone, as_json=as_json)


@outbox.command("retry")
@click.argument("id_", metavar="ID")
def outbox_retry(id_: str) -> None:
    """Retry a message now.

    If it may have arrived, the platform is asked first.
    """
    with open_app() as app:
        _check_id(id_, exists=app.retry(id_))
    click.echo("It will be retried in the next round.")


@outbox.command("drop")
@click.argument("id_", metavar="ID")
@click.option("--why", required=True, help="The reason, kept with the message.")
def outbox_drop(id_: str, why: str) -> None:
    """Discard a queued message.

    `outbox retry` brings it back.
    """
    from bot.shared.journey import shell_command

    with open_app() as app:
        _check_id(id_, exists=app.drop(id_, why))
    click.echo(f"Discarded. To undo: {shell_command(f'outbox retry {id_}')}")


def _check_id(id_: str, *, exists: bool) -> None:
    if not exists:
        from bot.shared.journey import shell_command

        fail(f"No queued or failed message has the id {id_}. `{shell_command('outbox list')}` shows them.", ATTENTION)
