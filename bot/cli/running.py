"""The commands of the main job: demo, check, run, query and pause the bot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import (
    AGO,
    ATTENTION,
    STORE,
    USAGE,
    Length,
    all_settings,
    as_json,
    chosen_settings,
    configuration,
    configurations,
    fail,
    named_channel,
    open_app,
    open_apps,
    reports_errors,
    today,
)

if TYPE_CHECKING:
    from bot.app.application import App
    from bot.chat.console.frontend import ConsoleFrontend
    from bot.commands.model import Actor
    from bot.config.load import Config, Problem
    from bot.config.settings import Settings
    from bot.store.address import Address


@click.command()
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demo's coalition in this new folder, to try commands in.",
)
@click.option("--all", "every", is_flag=True, help="Show every message and answer in full.")
@click.option("--example", default="", help="Replay a week of another complete example instead: heat.")
@reports_errors
def demo(keep: Path | None, every: bool, example: str) -> None:
    """Replay a week without tokens or network, in 20 seconds."""
    from bot.demo.tour import run
    from bot.starter import files

    if example and example not in files.examples():
        fail(f"There is no example “{example[:40]}”; choose from: {', '.join(files.examples())}.", USAGE)
    if keep and keep.exists() and any(keep.iterdir()):
        fail(f"{keep} is not empty. Choose another folder; nothing was changed.", USAGE)
    raise click.exceptions.Exit(run(keep=keep, every=every, example=example))


@click.command()
@click.option("--if-missing", is_flag=True, help="Do nothing if the database already exists (for Procfile hosts).")
@reports_errors
def init(if_missing: bool) -> None:
    """Create the database.

    Nothing else creates one, so a lost disk cannot pass for a first run.
    """
    from bot import wiring

    for settings, _ in configurations():
        store = wiring.store_address(settings)
        if if_missing and store.exists():
            store.open().close()
            click.echo(f"{store} already exists and opens.")
        else:
            store.create().close()
            click.echo(f"Created {store}. Next: coalition-bot check, then coalition-bot run --dry-run")


@click.command()
@click.option("--online", is_flag=True, help="Also check every source, token and channel once.")
@click.option("--example", is_flag=True, help="Do not remind me that these are the example files.")
@click.option("--queries", is_flag=True, help="Print each watch's query, including those written as lists.")
@as_json
@reports_errors
def check(online: bool, example: bool, queries: bool, as_json: bool) -> None:
    """Check the two files, the environment and this machine.

    With --online it also checks every source, token and channel once.
    """
    from bot.cli import output

    coalitions = configurations()
    good, reports = True, {}
    for settings, config in coalitions:
        if len(coalitions) > 1 and not as_json:
            click.echo(f"{config.coalition.id}:")
        passed, report = _check_files(settings, config, example=example, queries=queries, quiet=as_json)
        if online:
            answered, report = _check_online(settings, config, quiet=as_json)
            passed &= answered
        good, reports[config.coalition.id] = good and passed, report
    if as_json:
        output.print_json({"coalitions": reports} if len(coalitions) > 1 else report)
    if not good:
        raise click.exceptions.Exit(ATTENTION)


def _check_files(settings: Settings, config: Config, *, example: bool, queries: bool, quiet: bool) -> tuple[bool, Any]:
    """Return whether all is well with a coalition's files and this machine, and a report; print it if not `quiet`."""
    from bot import wiring
    from bot.cli import output
    from bot.config.load import ConfigError, Problem, unserved
    from bot.deadlines import authorities
    from bot.letters.templates import lint, template
    from bot.ops import doctor

    day = today(config)
    if wrong := [*authorities.dated_ahead(config.coalition, day), *lint.lint_asks(config.coalition, day)]:
        raise ConfigError([config.coalition_lines.problem(place, what) for place, what in wrong])
    if foreign := template.of_others(config.folder, config.coalition):
        raise ConfigError([Problem(f"templates/letters/{name}/meta.yml", None, "", why) for name, why in foreign])
    store = wiring.store_address(settings)
    slips = [*_machine_slips(settings, store), *doctor.closed_sources(config.feeds)]
    checked = config, unserved(settings, config), slips, *_changed_in_chat(store, config)
    if not quiet:
        output.print_check(*checked, remark=not example)
        for id_, watch in config.feeds.watches.items() if queries else ():
            click.echo(f"{id_}: {watch.query}")
    return not slips and not checked[1], output.check_report(*checked)


def _check_online(settings: Settings, config: Config, *, quiet: bool) -> tuple[bool, Any]:
    """Return whether every source, token and channel answers well, and a report; print it if not `quiet`."""
    import asyncio

    from bot.cli import output
    from bot.ops.online import check_online
    from bot.shared.finding import State

    findings = asyncio.run(check_online(settings, config))
    if not quiet:
        output.print_findings(findings, as_json=False)
    return all(finding.state is State.GOOD for finding in findings), output.findings_report(findings)


def _machine_slips(settings: Settings, store: Address) -> list[str]:
    """Return what is wrong outside the two files: names of variables, permissions, the disk, the port."""
    import os

    from dotenv import dotenv_values

    from bot.config.installation import folder_of
    from bot.config.load import misspelled
    from bot.ops import doctor
    from bot.shared.finding import State

    folder = folder_of(settings)
    slips = [str(slip) for slip in misspelled((*os.environ, *dotenv_values(folder / ".env")))]
    bad = [finding for finding in doctor.host(settings, store, folder, datetime.now(UTC)) if finding.state is State.BAD]
    return slips + [f"{finding.subject}: {finding.sentence}. {finding.next_step}" for finding in bad]


def _changed_in_chat(store: Address, config: Config) -> tuple[Sequence[str], Sequence[Problem]]:
    """Return the changes made in chat; none if there is no database yet, or one that the next start will migrate."""
    from bot.overrides.effective import outdated_overrides

    if not store.exists() or store.pending():
        return (), ()
    with closing(store.open()) as db:
        return outdated_overrides(db, config, datetime.now(UTC))


@click.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources and print here instead of posting.")
@click.option("--since", type=AGO, help="Also post what is already there at the first check, back to then.")
@reports_errors
def run(dry_run: bool, since: datetime | None) -> None:
    """Watch and post until you stop it."""
    import asyncio

    from bot.app import runtime
    from bot.config.load import unserved
    from bot.ops import doctor
    from bot.ops.error_reports import ReportsUnavailable, reporting
    from bot.shared.finding import State

    coalitions = configurations()
    serving = [settings for settings, _ in coalitions if settings.serves_web][:1]
    taken = [finding for settings in serving for finding in doctor.port(settings) if finding.state is State.BAD]
    if taken and not dry_run:
        fail(f"{taken[0].sentence}. {taken[0].next_step}", USAGE)
    for settings, config in [] if dry_run else coalitions:
        for variable, names in unserved(settings, config).items():
            click.echo(f"{variable} is not set: messages for {', '.join(names)} wait until you set it.", err=True)
    dsn = coalitions[0][0].sentry_dsn if not dry_run else None
    with open_apps(coalitions, dry_run=dry_run, since=since) as (served, common):
        try:
            with reporting(dsn.get_secret_value()) if dsn else nullcontext():
                asyncio.run(runtime.run_all(served, common))
        except ReportsUnavailable as error:
            fail(str(error), USAGE)


@click.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources and print here instead of posting.")
@click.option("--since", type=AGO, help="Also post what is already there at the first check, back to then.")
@click.argument("source", required=False)
@reports_errors
def once(dry_run: bool, since: datetime | None, source: str | None) -> None:
    """Read every source once, post what is due, and end.

    SOURCE is the id of one source in feeds.yml, to read only that one.

    Example: coalition-bot once register --dry-run
    """
    import asyncio

    from bot.cli import output

    with open_app(dry_run=dry_run, running="alone", since=since) as app:
        polled, delivered = asyncio.run(app.once(_named_source(app, source)))
        output.print_round(polled, delivered, dry_run=dry_run)
        if not polled.good or delivered.dead:
            raise click.exceptions.Exit(ATTENTION)


def _named_source(app: App, typed: str | None) -> str | None:
    """Return the id of a source that is turned on; ends the program for any other."""
    sources = app.config.feeds.sources
    on = [id_ for id_, source in sources.items() if source.enabled]
    if typed is None or typed in on:
        return typed
    problem = f'"{typed}" is turned off' if typed in sources else f'There is no source "{typed}" in feeds.yml'
    return fail(f"{problem}. The sources that are turned on: {', '.join(on) or 'none'}.", USAGE)


@click.command()
@click.option(
    "--as",
    "role",
    required=True,
    metavar="ROLE",
    help="administrator, policy, press, approver, or representative:MEMBER.",
)
@reports_errors
def chat(role: str) -> None:
    """Use the chat commands on this terminal, without a token.

    Type "as ROLE" there to act in another role, such as an approver who approves what policy wrote.

    Example: coalition-bot chat --as policy
    """
    import asyncio

    from bot.chat.console.frontend import ConsoleFrontend
    from bot.chat.console.lines import keyboard
    from bot.commands.model import Refused
    from bot.config.installation import folder_of
    from bot.people.seed import console_actor

    settings = chosen_settings()
    edits = edits_of((folder_of(settings) / ".env", settings.feeds_file, settings.coalition_file))
    with open_app() as app:

        def become(role: str) -> Actor:
            with app.db.write() as tx:
                return console_actor(tx, app.config.coalition, role, app.clock(), new_id=app.new_id)

        try:
            actor = become(role)
        except Refused as refused:
            fail(refused.what, USAGE)
        frontend = ConsoleFrontend(
            app.dispatcher,
            actor,
            sys.stdin,
            sys.stdout,
            clock=app.clock,
            zone=app.campaign.zone,
            new_id=app.new_id,
            folder=Path(),
            keyboard=keyboard(),
            become=become,
            changed=edits,
        )
        asyncio.run(_talk(frontend, app))


def edits_of(files: Sequence[Path]) -> Callable[[], str]:
    """Return a function that says, once, which of these files were edited since the last call."""
    from bot.shared.wording import listed

    seen = {path: _edited_at(path) for path in files}

    def sentence() -> str:
        now = {path: _edited_at(path) for path in files}
        edited = [str(path) for path in files if now[path] != seen[path]]
        seen.update(now)
        return f"You edited {listed(edited)}. Type quit and start chat again to use the change." if edited else ""

    return sentence


def _edited_at(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


async def _talk(frontend: ConsoleFrontend, app: App) -> None:
    try:
        await frontend.run()
    finally:
        await app.close()


@click.command()
@click.option("--all", "every", is_flag=True, help="Also show sources that are turned off, and the next checks.")
@click.option("--running", is_flag=True, help="Only report whether the bot is running, for a container's health check.")
@as_json
@reports_errors
def status(every: bool, running: bool, as_json: bool) -> None:
    """Show sources, the queue, holds and the next deadlines."""
    if running:
        _say_whether_it_runs()
        return
    from bot.cli import output

    with open_app() as app:
        output.status(app.status(), app.coming(), app.campaign.zone, every=every, as_json=as_json)


def _say_whether_it_runs() -> None:
    from bot import wiring
    from bot.store.address import ALIVE

    for settings in all_settings():
        store = wiring.store_address(settings)
        if not store.running(datetime.now(UTC)):
            seconds = f"{ALIVE.total_seconds():.0f}"
            fail(f"No bot is running on {store}, or it has not responded for {seconds} seconds.", ATTENTION)
        click.echo(f"The bot is running on {store}.")


@click.command()
@click.argument("needle", metavar="URL|ID")
@as_json
@reports_errors
def why(needle: str, as_json: bool) -> None:
    """Explain why something was posted, or was not.

    URL|ID is an address, a Federal Register number, a bill, or an id.

    Example: coalition-bot why 2021-06393
    """
    from bot.cli import output

    with open_app() as app:
        output.why(app.why(needle), as_json=as_json)


@click.command()
@click.argument("query", metavar="QUERY|WATCH", required=False)
@click.option("--since", type=AGO, default="90d", show_default=True, help="How far back to look.")
@click.option(
    "--online", is_flag=True, help="Ask the sources now, instead of what is stored. Without QUERY: every watch."
)
@as_json
@reports_errors
def backtest(query: str | None, since: datetime, online: bool, as_json: bool) -> None:
    """Test a query or a watch on stored entries.

    With --online it asks the sources what they list now, and needs no database.

    Example: coalition-bot backtest '"public comment" NEAR/10 extend*' --since 90d
    """
    from bot.cli import trial

    if online:
        trial.backtest_online(query, since, as_json=as_json)
        return
    if query is None:
        fail("Name a query or a watch to test, or add --online to test every watch.", USAGE)
    from bot.cli import output

    with open_app() as app:
        watch = trial.watch(app.config, query)
        output.backtest(app.backtest(watch, since), watch.query.in_words(), as_json=as_json)


@click.command()
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"))
@as_json
@reports_errors
def judge(file: Any, as_json: bool) -> None:
    """Score the watches against items labeled by hand.

    FILE is JSON Lines. It needs no database, token or network.
    """
    from bot.cli import output

    _, config = configuration()
    if output.print_scores(config, file, as_json=as_json):
        raise click.exceptions.Exit(ATTENTION)


@click.command()
@click.argument("channel", required=False)
@click.option("--for", "length", type=Length(), help="How long; until `resume` if left out.")
@click.option("--why", default="paused by hand", show_default=True)
@reports_errors
def pause(channel: str | None, length: timedelta | None, why: str) -> None:
    """Stop posting, everywhere or in one CHANNEL.

    Sources are still read, and nothing is lost.
    """
    with open_app() as app:
        until = app.clock() + length if length else None
        app.pause(named_channel(app, channel), until=until, why=why)
    again = f"coalition-bot resume {channel}" if channel else "coalition-bot resume"
    end = f"until `{again}`" if until is None else f"until {until:%a %d %b %H:%M} UTC"
    where = f" to {channel}" if channel else ""
    click.echo(f"Posting{where} is paused {end}. Sources are still read, and nothing is lost.")


@click.command()
@click.argument("channel", required=False)
@reports_errors
def resume(channel: str | None) -> None:
    """Resume posting, everywhere or in one CHANNEL."""
    with open_app() as app:
        resumed = app.resume(named_channel(app, channel))
        hold = next((line.held for line in app.status().channels if line.name == channel), "")
    text = "Resumed." if resumed.paused else "It was not paused."
    if resumed.tried:
        text += f" Posting was refused ({', '.join(resumed.tried)}); the running bot retries at once."
    elif hold:  # by a pause of everything
        text += f" {channel} stays on hold ({hold}): `coalition-bot resume` ends a pause of everything."
    elif resumed.paused:
        text += " Queued messages are posted in the next round."
    click.echo(text)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--to", "recipient", metavar="age1…", help="Encrypt it to this public key, made by `age-keygen`.")
@reports_errors
def backup(file: str, recipient: str | None) -> None:
    """Copy the live database to FILE.

    The copy is an SQLite file that you alone can read, whichever engine the bot uses.
    """
    from bot import wiring
    from bot.app.application import utc_now
    from bot.entries import records
    from bot.ops import backup_copies
    from bot.ops.backup import back_up, back_up_encrypted
    from bot.ops.encryption import WrongKey
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
            records.ensure_coalition(tx, config.coalition.id, config.coalition.name, utc_now())
        try:
            if recipient is None:
                back_up(db, Path(file))
            else:
                back_up_encrypted(db, Path(file), recipient)
        except WrongKey as error:
            fail(str(error), USAGE)
        except FileExistsError:
            fail(f"{file} already exists. Choose another name.", USAGE)
        if backup_copies.TABLE_FROM not in pending:
            backup_copies.record_copy(db, config.coalition.id, Path(file), utc_now())
    click.echo(f"Copied to {file}.")


COMMANDS: Final = (demo, init, check, run, once, chat, status, why, backtest, judge, pause, resume, backup)
