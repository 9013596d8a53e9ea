"""The command line: parse, call, print. Everything heavy is imported by the command that needs it.

Exit codes: 0 done · 1 done, and something needs a person's attention · 2 wrong usage or configuration · 3 the
database cannot be used · 4 another coalition-bot is running on it · 130 interrupted.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from bot.app import App
    from bot.chat.console.face import ConsoleFace
    from bot.config.load import Config
    from bot.config.settings import Settings
    from bot.letters.model import Letter

ATTENTION, USAGE, STORE, RUNNING, INTERRUPTED = 1, 2, 3, 4, 130

P = ParamSpec("P")
R = TypeVar("R")


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


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Expected failures of a command as a message on stderr and an exit code; bugs keep their traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from bot.config.load import ConfigError
        from bot.store.database import StoreError

        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            _fail(str(error), USAGE)
        except StoreError as error:
            _fail(str(error), STORE)

    return run


def _fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)


class Ago(click.ParamType[datetime]):
    """A length of time back from now ("30d", "36h") or a day ("2026-01-23"), as an instant in UTC."""

    name = "30d|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if (length := _length(value)) is not None:
            return datetime.now(UTC) - length
        try:
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            self.fail(f'"{value}" is neither a length of time such as 30d nor a day such as 2026-01-23', param, ctx)


class Length(click.ParamType[timedelta]):
    """A length of time: "2h", "3d", "1w"."""

    name = "2h|3d"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        length = value if isinstance(value, timedelta) else _length(value)
        if length is None:
            self.fail(f'"{value}" is not a length of time such as 2h or 3d', param, ctx)
        return length


def _length(text: str) -> timedelta | None:
    found = re.fullmatch(r"(\d{1,5})([hdw])", text)
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    return int(found[1]) * units[found[2]] if found else None


def into(what: str, *, required: bool = False) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """The option `--into FILE`."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--into", "path", metavar="FILE", type=kind, required=required, help=what)


AGO = Ago()
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document (or line) a script can read.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start with: coalition-bot demo")
@click.version_option(package_name="coalition-bot")
def cli() -> None:
    """Watches federal sources for a coalition's asks, and says what matters in its Slack or Discord channels."""


@cli.command()
@plainly
def demo() -> None:
    """Show the whole main job on this machine: no token, no network, under 20 seconds."""
    from bot.demo.tour import run

    raise click.exceptions.Exit(run())


@cli.command()
@click.option("--if-missing", is_flag=True, help="Do nothing where a database is already there (for Procfile hosts).")
@plainly
def init(if_missing: bool) -> None:
    """Make the database. Nothing else ever makes one, so a lost disk cannot pass for a first run."""
    from bot import edges

    settings, _ = _configuration()
    store = edges.store(settings)
    if if_missing and store.exists():
        store.open().close()
        click.echo(f"{store} is there and in order.")
        return
    store.create().close()
    click.echo(f"Made {store}. Next: coalition-bot check, then coalition-bot run --dry-run")


@cli.command()
@click.option("--online", is_flag=True, help="Ask every source, and every token and channel, once.")
@click.option("--example", is_flag=True, help="The shipped example is what is meant: do not remark on it.")
@as_json
@plainly
def check(online: bool, example: bool, as_json: bool) -> None:
    """Check feeds.yml, coalition.yml and the environment; with --online also what they point at."""
    import asyncio

    from bot import edges, show
    from bot.app import check_online
    from bot.config.load import unserved

    settings, config = _configuration()
    edges.store(settings)
    show.checked(config, unserved(settings, config), remark=not example, as_json=as_json and not online)
    if online:
        findings = asyncio.run(check_online(settings, config))
        show.online(findings, as_json=as_json)
        if not all(finding.good for finding in findings):
            raise click.exceptions.Exit(ATTENTION)


@cli.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources, post nowhere: cards are printed here.")
@click.option("--since", type=AGO, help="Also raise what a source's first reading finds, back to then.")
@plainly
def run(dry_run: bool, since: datetime | None) -> None:
    """Watch, and post, until stopped."""
    import asyncio

    from bot import runtime
    from bot.faces import faces

    settings, _ = _configuration()
    with _opened(dry_run=dry_run, alone=True, since=since) as app:
        asyncio.run(runtime.run(app, {} if dry_run else faces(settings, app)))


@cli.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources, post nowhere: cards are printed here.")
@click.option("--since", type=AGO, help="Also raise what a source's first reading finds, back to then.")
@plainly
def once(dry_run: bool, since: datetime | None) -> None:
    """Ask every source now, post what is due, and end."""
    import asyncio

    from bot import show

    with _opened(dry_run=dry_run, alone=True, since=since) as app:
        polled, delivered = asyncio.run(app.once())
        show.once(polled, delivered)
        if not polled.good or delivered.dead:
            raise click.exceptions.Exit(ATTENTION)


@cli.command()
@click.option(
    "--as",
    "role",
    required=True,
    metavar="ROLE",
    help="administrator, policy, press, approver, or representative:MEMBER.",
)
@plainly
def chat(role: str) -> None:
    """Ask as in Slack or Discord, here: the same commands, forms and buttons, with no token.

    Example: coalition-bot chat --as policy
    """
    import asyncio

    from bot.chat.console.face import ConsoleFace
    from bot.command import Refused
    from bot.people.seed import console_actor

    with _opened() as app:
        try:
            with app.db.write() as tx:
                actor = console_actor(tx, app.config.coalition, role, app.clock(), new_id=app.new_id)
        except Refused as refused:
            _fail(refused.what, USAGE)
        face = ConsoleFace(
            app.switchboard,
            actor,
            sys.stdin,
            sys.stdout,
            clock=app.clock,
            zone=app.house.zone,
            new_id=app.new_id,
            folder=Path(),
        )
        asyncio.run(_talk(face, app))


async def _talk(face: ConsoleFace, app: App) -> None:
    try:
        await face.run()
    finally:
        await app.close()


@cli.command()
@as_json
@plainly
def status(as_json: bool) -> None:
    """Show sources and their health, the queue, what is held, and the next deadlines."""
    from bot import show

    with _opened() as app:
        show.status(app.status(), app.coming(), app.house.zone, as_json=as_json)


@cli.command()
@click.argument("needle", metavar="URL|ID")
@as_json
@plainly
def why(needle: str, as_json: bool) -> None:
    """Why did I (not) see this? An address, a Federal Register number, a bill, or an id.

    Example: coalition-bot why 2021-06393
    """
    from bot import show

    with _opened() as app:
        show.why(app.why(needle), as_json=as_json)


@cli.command()
@click.argument("query", metavar="QUERY|WATCH")
@click.option("--since", type=AGO, default="90d", show_default=True, help="How far back to look.")
@as_json
@plainly
def backtest(query: str, since: datetime, as_json: bool) -> None:
    """Run a query, or a watch of feeds.yml, over what has come in, before anyone saves it.

    Example: coalition-bot backtest '"continued presence" NEAR/10 victim*' --since 90d
    """
    from bot import show
    from bot.watch.query import QueryError

    with _opened() as app:
        try:
            watch = app.watch(query)
        except QueryError as error:
            _fail(str(error), USAGE)
        show.backtest(app.backtest(watch, since), watch.query.in_words(), as_json=as_json)


@cli.command()
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"))
@as_json
@plainly
def judge(file: Any, as_json: bool) -> None:
    """Hold the watches against items you have judged by hand (JSON Lines): no database, token or network needed."""
    from bot import show

    _, config = _configuration()
    if show.judged(config, file, as_json=as_json):
        raise click.exceptions.Exit(ATTENTION)


@cli.group()
def outbox() -> None:
    """What waits to be posted, and what could not be."""


@outbox.command("list")
@as_json
@plainly
def outbox_list(as_json: bool) -> None:
    """List what waits or was given up, oldest first."""
    from bot import show

    with _opened() as app:
        show.outbox(app.waiting(), app.house.zone, as_json=as_json)


@outbox.command("retry")
@click.argument("id_", metavar="ID")
@plainly
def outbox_retry(id_: str) -> None:
    """Try a delivery again now; where it may have arrived, the platform is asked first."""
    with _opened() as app:
        if not app.retry(id_):
            _fail(
                f"Nothing with the id {id_} waits or was given up. `coalition-bot outbox list` shows what does.",
                ATTENTION,
            )
    click.echo("It will be tried again with the next round.")


@outbox.command("drop")
@click.argument("id_", metavar="ID")
@click.option("--why", required=True, help="The reason, kept with the delivery.")
@plainly
def outbox_drop(id_: str, why: str) -> None:
    """Let a delivery go unsaid. `outbox retry` brings it back."""
    with _opened() as app:
        if not app.drop(id_, why):
            _fail(
                f"Nothing with the id {id_} waits or was given up. `coalition-bot outbox list` shows what does.",
                ATTENTION,
            )
    click.echo(f"Dropped. To undo: coalition-bot outbox retry {id_}")


@cli.group()
def directory() -> None:
    """Congress as letters know it: who is a member, who leads which committee."""


@directory.command("sync")
@click.option("--from", "path", type=click.Path(exists=True), help="A folder or file, instead of the public site.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day its files are from, where none says so.")
@click.option("--force", is_flag=True, help="Take it even where it is older than what is held.")
@plainly
def directory_sync(path: str | None, as_of: datetime | None, force: bool) -> None:
    """Replace the directory by the newest public record of Congress, or by files in its shape."""
    import asyncio

    from bot import show
    from bot.letters.published import WrongSnapshot

    with _opened() as app:
        try:
            day = as_of.date() if as_of else None
            synced = asyncio.run(app.sync_directory(Path(path) if path else None, as_of=day, force=force))
        except WrongSnapshot as wrong:
            _fail(f"The directory stays as it is: {wrong}.", ATTENTION)
        show.synced(synced)
        show.directory(app.directory())


@directory.command("status")
@plainly
def directory_status() -> None:
    """Show what the directory holds and until when it may be used."""
    from bot import show

    with _opened() as app:
        held = app.directory()
    show.directory(held)
    if not held.usable:
        raise click.exceptions.Exit(ATTENTION)


@cli.group()
def letter() -> None:
    """The templates that letters are written from."""


@letter.command("lint")
@click.argument("name", required=False)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of that day: which claims will be too old by then?")
@plainly
def letter_lint(name: str | None, on: datetime | None) -> None:
    """Say what is wrong with the templates, or with one: facts there are not, claims that may not be made, style."""
    from bot import show
    from bot.letters import lint, template

    _, config = _configuration()
    day = on.date() if on else _today(config)
    try:
        known = [name] if name else template.names(config.folder)
        reports = [lint.lint(config.folder, each, config.coalition, day) for each in known]
    except template.TemplateProblem as problem:
        _fail(str(problem), USAGE)
    show.linted(reports)
    if any(report.findings for report in reports):
        raise click.exceptions.Exit(ATTENTION)


@letter.command("try")
@click.argument("name")
@click.option("--to", metavar="office:ID", help="An office of coalition.yml; without it, an example.")
@click.option("--ask", type=int, help="The number of an ask; without it, an example.")
@into("Make FILE.docx or FILE.pdf instead of printing it.")
@plainly
def letter_try(name: str, to: str | None, ask: int | None, path: Path | None) -> None:
    """Print a letter as the template NAME would write it. Nothing is kept.

    Example: coalition-bot letter try ask-1 --to office:ovc --ask 1
    """
    from bot.letters.plain import plain
    from bot.letters.rehearsal import rehearse
    from bot.letters.template import TemplateProblem

    _, config = _configuration()
    try:
        made = rehearse(config, name, to=to, ask=ask, today=_today(config))
    except TemplateProblem as problem:
        _fail(str(problem), USAGE)
    if path:
        _save([made.letter], config.folder, path)
    else:
        click.echo(plain(made.letter), nl=False)
    if made.examples:
        click.echo(f"\nMade up here: {', '.join(made.examples)}.", err=True)


@letter.command("render")
@click.argument("name")
@into("FILE.zip for all addressees, FILE.docx or FILE.pdf for the first.", required=True)
@plainly
def letter_render(name: str, path: Path) -> None:
    """Make the documents of the letter NAME, as it stands, for however many addressees.

    Example: coalition-bot letter render L-014 --into letters.zip
    """
    from bot.letters import finding
    from bot.letters.directory import NotAddressable

    with _opened() as app:
        try:
            found = finding.by_name(app.db, app.config, name, app.clock())
        except NotAddressable as why:
            _fail(str(why), ATTENTION)
    if not found:
        _fail(f"There is no letter {name}; /letter list shows yours.", USAGE)
    _save(found, app.config.folder, path)


def _save(letters: Sequence[Letter], folder: Path, path: Path) -> None:
    """The letters as documents of the kind that the file's name says."""
    from bot import show
    from bot.letters import documents
    from bot.letters.printing.parts import DocumentProblem

    kinds = {".docx": documents.docx, ".pdf": documents.pdf}
    try:
        if path.suffix == ".zip":
            with show.progress("letters") as progress:
                documents.merge(letters, folder, path, progress=progress)
        elif make := kinds.get(path.suffix):
            path.write_bytes(make(letters[0], folder))
        else:
            _fail(f"{path.name} is no .zip, .docx or .pdf", USAGE)
    except (DocumentProblem, OSError) as problem:
        _fail(str(problem), ATTENTION)
    click.echo(f"{path} is written.")


@cli.command()
@click.argument("channel", required=False)
@click.option("--for", "length", type=Length(), help="How long; without it, until `resume`.")
@click.option("--why", default="paused by hand", show_default=True)
@plainly
def pause(channel: str | None, length: timedelta | None, why: str) -> None:
    """Stop posting, everywhere or in one CHANNEL. Reading goes on and nothing is lost."""
    with _opened() as app:
        until = app.clock() + length if length else None
        app.pause(_channel(app, channel), until=until, why=why)
    again = f"coalition-bot resume {channel}" if channel else "coalition-bot resume"
    end = f"until `{again}`" if until is None else f"until {until:%a %d %b %H:%M} UTC"
    where = f" to {channel}" if channel else ""
    click.echo(f"Posting{where} stops {end}; reading goes on, nothing is lost.")


@cli.command()
@click.argument("channel", required=False)
@plainly
def resume(channel: str | None) -> None:
    """Post again what waits, everywhere or in one CHANNEL."""
    with _opened() as app:
        resumed = app.resume(_channel(app, channel))
        held = next((line.held for line in app.status().channels if line.name == channel), "")
    said = "Resumed." if resumed else "It was not paused."
    if held:  # by a pause of everything, or by its platform
        said += f" {channel} stays held ({held}): `coalition-bot resume` ends a pause of everything."
    elif resumed:
        said += " What waited is posted with the next round."
    click.echo(said)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False))
@plainly
def backup(file: str) -> None:
    """Copy the live database to FILE, readable by you alone."""
    with _opened() as app:
        try:
            app.db.backup(file)
        except FileExistsError:
            _fail(f"{file} is already there. Choose another name.", USAGE)
    click.echo(f"Copied to {file}.")


@cli.group()
def db() -> None:
    """The database itself."""


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@plainly
def db_copy(source: str, target: str) -> None:
    """Copy everything at FROM into a new store at TO, and look whether it arrived.

    Both are written as DATABASE_URL is: sqlite:///coalition.db, postgresql://user:password@host/name. Stop the bot
    first: what it says meanwhile would not be copied.
    """
    from bot.store.address import address
    from bot.store.copying import copy

    old, new = address(source), address(target)
    release = old.lock()
    try:
        done = copy(old.open(), new.create(), progress=lambda table, rows: click.echo(f"{table}: {rows:,} rows"))
    finally:
        release()
    click.echo(f"Copied {sum(one.rows for one in done):,} rows of {len(done)} tables to {new}; all of them arrived.")
    click.echo("Next: set DATABASE_URL to it and start the bot.")


def _configuration() -> tuple[Settings, Config]:
    from bot import logs
    from bot.config.load import load, load_settings

    settings = load_settings()
    logs.configure(sys.stderr, level=settings.log_level, as_json=settings.log_json, secrets=logs.secrets_of(settings))
    return settings, load(settings.feeds_file, settings.coalition_file)


def _today(config: Config) -> date:
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(config.coalition.zone)).date()


def _opened(*, dry_run: bool = False, alone: bool = False, since: datetime | None = None) -> App:
    from bot.app import build
    from bot.store.address import AlreadyRunning

    settings, config = _configuration()
    try:
        return build(settings, config, dry_run=dry_run, alone=alone, since=since)
    except AlreadyRunning as error:
        _fail(str(error), RUNNING)


def _channel(app: App, name: str | None) -> str | None:
    if name is not None and name not in app.config.feeds.channels:
        _fail(f'There is no channel "{name}"; there are {", ".join(app.config.feeds.channels)}.', USAGE)
    return name
