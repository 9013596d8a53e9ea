"""Code shared by all commands of the command line: exit codes, parameter types, how the bot is opened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from bot.app.application import App
    from bot.commands.model import Reply
    from bot.config.load import Config
    from bot.config.settings import Settings

ATTENTION, USAGE, STORE, RUNNING, INTERRUPTED = 1, 2, 3, 4, 130

R = TypeVar("R")


def exit_code(error: Exception) -> int | None:
    """Return the exit code of an error that any command may end with; None for a bug, which keeps its traceback."""
    from bot.shared.errors import Problem, WrongUse
    from bot.store.database import StoreError
    from bot.store.lock import AlreadyRunning

    codes = {Problem: ATTENTION, WrongUse: USAGE, StoreError: STORE, AlreadyRunning: RUNNING}
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)


def fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)


class Ago(click.ParamType[datetime]):
    """A length of time before now ("30d", "36h") or a day ("2026-01-23"), as an instant in UTC."""

    name = "30d|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ARG002 - a ParamType's form
        if isinstance(value, datetime):
            return value
        return ago(value, datetime.now(UTC))


def ago(text: str, now: datetime) -> datetime:
    """The instant that "30d", "36h" or "2026-01-23" means. Raises `click.BadParameter`."""
    from bot.shared.time_phrases import parse_time

    moment = parse_time(text, now, UTC, time(0), past=True)
    if moment is None:
        raise click.BadParameter(
            f'"{text}" is neither a length of time such as 30d nor a date such as 1/23/2026', param_hint="--since"
        )
    return moment


def coalition_folder_option(what: str, *, required: bool = False) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return the option `--into FILE`."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--into", "path", metavar="FILE", type=kind, required=required, help=what)


_CHOSEN: Final = "coalition"  # in click's context


def add_coalition_option(command: click.Command) -> None:
    """Give a command, or all commands of a group, the option `--coalition NAME`."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            add_coalition_option(one)
        return
    option = click.Option(
        ["--coalition"],
        metavar="NAME",
        expose_value=False,
        callback=_choose,
        help="Which one, if the folder coalitions/ has several.",
    )
    command.params.append(option)


def _choose(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    ctx.meta[_CHOSEN] = value
    if value is not None:
        from bot.shared import journey

        ctx.with_resource(journey.serve(value))  # the commands that messages name are for the same


def chosen_coalition(*, new: bool = False) -> str | None:
    """Return the coalition that `--coalition` names; None if there is no folder `coalitions/`.

    Ends the program if the option is missing, or names none of them. `new`: it may name one that is not there yet.
    """
    from bot.config import installation
    from bot.shared.wording import listed

    there, chosen = installation.names(), click.get_current_context().meta.get(_CHOSEN)
    if chosen is None and there:
        fail(f"There are several coalitions: add --coalition NAME. They are {listed(there, len(there))}.", USAGE)
    if chosen is None or chosen in there or (new and installation.is_name(chosen)):
        return chosen
    others = f"They are {listed(there, len(there))}." if there else "There is no folder coalitions/ here."
    return fail(f'There is no coalition "{chosen[:40]}". {others}', USAGE)


AGO = Ago()
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def chosen_settings(*, new: bool = False) -> Settings:
    """Return the environment's settings, or those of the coalition that `--coalition` names."""
    from bot.config import installation
    from bot.config.load import load_settings

    chosen = chosen_coalition(new=new)
    return load_settings() if chosen is None else installation.settings_of(chosen)


def is_single() -> bool:
    """Whether the command is for one coalition: the one here, or the one that `--coalition` names."""
    from bot.config import installation

    return click.get_current_context().meta.get(_CHOSEN) is not None or not installation.names()


def all_settings() -> list[Settings]:
    """Return the settings of each coalition, or of the one that `--coalition` names."""
    from bot.config import installation

    if is_single():
        return [chosen_settings()]
    host = installation.Host()
    return [installation.settings_of(name, host) for name in installation.names()]


def configuration() -> tuple[Settings, Config]:
    """Return the settings and files of the coalition here, or of the one that `--coalition` names."""
    from bot.config import installation
    from bot.config.load import load

    chosen = chosen_coalition()
    settings = chosen_settings()
    configure_log([settings])
    if chosen is not None:
        return installation.load_one(chosen)
    return settings, load(settings.feeds_file, settings.coalition_file)


def configurations() -> list[tuple[Settings, Config]]:
    """Return the settings and files of each coalition, or of the one that `--coalition` names."""
    from bot.config import installation
    from bot.config.load import ConfigError

    if is_single():
        return [configuration()]
    try:
        loaded = installation.load_all()
    except ConfigError as error:
        if any(problem.file in ("environment", ".env") for problem in error.problems):
            raise  # a mistake of the host concerns every coalition
        fail(f"{error}\nTo run this command for a coalition without mistakes, add --coalition NAME.", USAGE)
    configure_log([settings for settings, _ in loaded])
    return loaded


def configure_log(settings: Sequence[Settings]) -> None:
    """Send the log to standard error, without the secrets of any of these settings."""
    from bot.config import logs
    from bot.shared import isolation

    isolation.hide_memory()
    secrets = [secret for each in settings for secret in logs.secrets_of(each)]
    logs.configure(sys.stderr, level=settings[0].log_level, as_json=settings[0].log_json, secrets=secrets)


def today(config: Config) -> date:
    return datetime.now(config.coalition.tz).date()


def open_app(
    *, dry_run: bool = False, running: Literal["alone", "shared"] | None = None, since: datetime | None = None
) -> App:
    from bot.app.application import build, utc_now

    settings, config = configuration()
    ahead = timedelta(0)
    if settings.demo_clock:
        if running:
            refuse_demo()
        ahead = settings.demo_clock - utc_now()  # time goes on from the end of the demo's week
        settings = settings.model_copy(update={"web_url": None})  # no board runs there, so no link would work
    return build(settings, config, dry_run=dry_run, running=running, since=since, clock=lambda: utc_now() + ahead)


def refuse_demo() -> NoReturn:
    fail(
        "This folder belongs to the demo (DEMO_CLOCK is set): nothing can be posted from it. Start your own with "
        "`coalition-bot new FOLDER`.",
        USAGE,
    )


def asked(role: str, command: str, **given: str | None) -> Reply:
    """Return the answer of a command to a person with that role at the console; a refusal ends the program."""
    import asyncio

    from bot.commands.model import Call, Refusal

    args = {name: text for name, text in given.items() if text is not None}
    with open_app() as app:
        who = app.console_actor(role)
        call = Call(path=command, args=args, platform=who.platform, team=who.team, user=who.user, id=app.new_id())
        answer = asyncio.run(app.dispatcher.answer(call))
    if isinstance(answer, Refusal):
        fail(answer.what, ATTENTION)
    if answer.form:  # to confirm that a text identifies nobody
        fail(f"{answer.form.fields[0].param.help} Use other words, or add --sure if it identifies nobody.", ATTENTION)
    return answer


def say(reply: Reply) -> None:
    """Print an answer's sentences."""
    assert reply.card is not None
    click.echo("\n".join((reply.card.head, *(line.text for line in reply.card.lines))))
