"""Code shared by all commands of the command line: exit codes, parameter types, how the bot is opened."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, ParamSpec, TypeVar

import click

from bot.shared.time_phrases import parse_duration

if TYPE_CHECKING:
    from bot.app.application import App
    from bot.commands.model import Reply
    from bot.config.load import Config
    from bot.config.settings import Settings

ATTENTION, USAGE, STORE, RUNNING, INTERRUPTED = 1, 2, 3, 4, 130

P = ParamSpec("P")
R = TypeVar("R")


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a command's expected errors into a message on stderr and an exit code; bugs keep their traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from bot.config.load import ConfigError
        from bot.store.address import AlreadyRunning
        from bot.store.database import StoreError

        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            fail(str(error), USAGE)
        except StoreError as error:
            fail(str(error), STORE)
        except AlreadyRunning as error:
            fail(str(error), RUNNING)

    return run


def fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)


class Ago(click.ParamType[datetime]):
    """A length of time before now ("30d", "36h") or a day ("2026-01-23"), as an instant in UTC."""

    name = "30d|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if (length := parse_duration(value)) is not None:
            return datetime.now(UTC) - length
        try:
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            self.fail(f'"{value}" is neither a length of time such as 30d nor a date such as 2026-01-23', param, ctx)


class Length(click.ParamType[timedelta]):
    """A length of time: "2h", "3d", "1w"."""

    name = "2h|3d"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        length = value if isinstance(value, timedelta) else parse_duration(value)
        if length is None:
            self.fail(f'"{value}" is not a length of time such as 2h or 3d', param, ctx)
        return length


def coalition_folder_option(what: str, *, required: bool = False) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return the option `--into FILE`."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--into", "path", metavar="FILE", type=kind, required=required, help=what)


AGO = Ago()
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def configuration() -> tuple[Settings, Config]:
    from bot.config import logs
    from bot.config.load import load, load_settings
    from bot.shared import isolation

    settings = load_settings()
    isolation.hide_memory()
    logs.configure(sys.stderr, level=settings.log_level, as_json=settings.log_json, secrets=logs.secrets_of(settings))
    return settings, load(settings.feeds_file, settings.coalition_file)


def today(config: Config) -> date:

    return datetime.now(config.coalition.tz).date()


def open_app(
    *, dry_run: bool = False, running: Literal["alone", "shared"] | None = None, since: datetime | None = None
) -> App:
    from bot.app.application import build, utc_now

    settings, config = configuration()
    clock = utc_now
    if start := settings.demo_clock:
        if running:
            fail(
                "This folder belongs to the demo (DEMO_CLOCK is set): nothing can be posted from it. Start your own "
                "with `coalition-bot new FOLDER`.",
                USAGE,
            )
        clock = functools.partial(_demo_time, start, utc_now())
    return build(settings, config, dry_run=dry_run, running=running, since=since, clock=clock)


def _demo_time(start: datetime, began: datetime) -> datetime:
    """Return the time since `began`, added to the end of the demo's week."""
    return start + (datetime.now(UTC) - began)


def named_channel(app: App, name: str | None) -> str | None:
    if name is not None and name not in app.config.feeds.channels:
        fail(f'There is no channel "{name}"; there are {", ".join(app.config.feeds.channels)}.', USAGE)
    return name


def asked(role: str, command: str, **args: str) -> Reply:
    """Return the answer of a command to a person with that role at the console; a refusal ends the program."""
    import asyncio

    from bot.commands.model import Call
    from bot.dispatch import Refusal
    from bot.people.seed import console_actor

    with open_app() as app:
        with app.db.write() as tx:
            who = console_actor(tx, app.config.coalition, role, app.clock(), new_id=app.new_id)
        call = Call(path=command, args=args, platform=who.platform, team=who.team, user=who.user, id=app.new_id())
        answer = asyncio.run(app.dispatcher.answer(call))
    if isinstance(answer, Refusal):
        fail(answer.what, ATTENTION)
    return answer
