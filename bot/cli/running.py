"""The commands of the main job: try, start, run, watch and pause the bot."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import (
    AGO,
    ATTENTION,
    USAGE,
    all_settings,
    as_json,
    asked,
    chosen_settings,
    configuration,
    configurations,
    configure_log,
    fail,
    is_single,
    open_app,
    refuse_demo,
    say,
)

if TYPE_CHECKING:
    from bot.app.application import App
    from bot.app.loops import Frontend
    from bot.app.runtime import Servable
    from bot.config.settings import Settings


@click.command()
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demo's coalition in this new folder, to try commands in.",
)
@click.option("--all", "every", is_flag=True, help="Show every message and answer in full.")
@click.option("--example", default="", help="Replay a week of another complete example instead: heat.")
def demo(keep: Path | None, every: bool, example: str) -> None:
    """Replay a week without tokens or network, in a few seconds."""
    from bot.cli.demo.tour import run
    from bot.cli.starter import files

    if example and example not in files.examples():
        fail(f"There is no example “{example[:40]}”; choose from: {', '.join(files.examples())}.", USAGE)
    if keep and keep.exists() and any(keep.iterdir()):
        fail(f"{keep} is not empty. Choose another folder; nothing was changed.", USAGE)
    run(keep=keep, every=every, example=example)


@click.command()
@click.option("--if-missing", is_flag=True, help="Do nothing if the database already exists (for Procfile hosts).")
def init(if_missing: bool) -> None:
    """Create the database.

    Nothing else creates one, so a lost disk cannot pass for a first run. Of several coalitions, it creates those
    databases that are missing.
    """
    from bot.app import wiring
    from bot.store.address import open_own

    for settings, config in configurations():
        store = wiring.store_address(settings)
        if (if_missing or not is_single()) and store.exists():
            open_own(store, config.coalition.id).close()
            click.echo(f"{store} already exists and opens.")
        else:
            store.create().close()
            click.echo(f"Created {store}. Next: coalition-bot once --dry-run --since 30d")


@click.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources and print here instead of posting.")
@click.option("--since", type=AGO, help="Also post what is already there at the first check, back to then.")
@click.option("--web-only", is_flag=True, help="Only serve pages and Slack over HTTP, next to another `run`.")
def run(dry_run: bool, since: datetime | None, web_only: bool) -> None:
    """Watch and post until you stop it."""
    import asyncio

    from bot.app import runtime

    opening = _open_one if is_single() else _open_several
    with opening(dry_run=dry_run, since=since, web_only=web_only) as (coalitions, common):
        asyncio.run(runtime.run_all(coalitions, common))
    if dry_run:
        click.echo("This was a dry run: nothing was posted, and its database is deleted.")


# What a run serves: the coalitions, and the front ends of several.
_Run = tuple["Sequence[Servable]", "Mapping[str, Frontend]"]


@contextmanager
def _open_one(*, dry_run: bool, since: datetime | None, web_only: bool) -> Iterator[_Run]:
    from bot.app.application import build
    from bot.app.frontends import frontends
    from bot.app.loops import Served
    from bot.config.installation import unserved

    settings, config = configuration()
    _prepare([settings], dry_run=dry_run, web_only=web_only)
    for variable, names in unserved(settings, config).items() if not dry_run else ():
        click.echo(f"{variable} is not set: messages for {', '.join(names)} wait until you set it.", err=True)
    with build(settings, config, dry_run=dry_run, running="web-only" if web_only else "shared", since=since) as app:
        served = Served(app, {} if dry_run else frontends(settings, app), works=not web_only)
        yield [served], {}


@contextmanager
def _open_several(*, dry_run: bool, since: datetime | None, web_only: bool) -> Iterator[_Run]:
    from bot.app import several
    from bot.app.loops import Served
    from bot.config import installation

    by_name = installation.all_settings()
    configure_log(list(by_name.values()))
    _prepare(list(by_name.values()), dry_run=dry_run, web_only=web_only)
    coalitions = [(name, one, partial(installation.files_of, name, one)) for name, one in by_name.items()]
    with several.open_all(coalitions, dry_run=dry_run, works=not web_only, since=since) as tenants:
        if dry_run:
            yield [Served(tenant.open().app, {}, tenant.name) for tenant in tenants], {}
        else:
            yield tenants, several.common_frontends(tenants)


def _prepare(every: Sequence[Settings], *, dry_run: bool, web_only: bool) -> None:
    """End the program if the folder is the demo's, the port of the web site is taken, or --web-only cannot work."""
    from bot.app import wiring

    if every[0].demo_clock:
        refuse_demo()
    if web_only and dry_run:
        fail("--web-only: a dry run serves no pages. Leave out one of the two.", USAGE)
    if web_only and not all(wiring.store_address(one).shared for one in every):
        fail("SQLite has one process, which does everything. Leave out --web-only, or use PostgreSQL.", USAGE)
    if web_only and not any(one.serves_web for one in every):
        fail("--web-only: there is nothing to serve. Set WEB_URL, or SLACK_MODE=http (docs/web.md).", USAGE)
    for settings in [one for one in every if one.serves_web and not dry_run][:1]:
        from bot.chat.web.listener import listen

        listen(*settings.site_bind).close()


@click.command()
@click.option("--dry-run", is_flag=True, help="Read the real sources and print here instead of posting.")
@click.option("--since", type=AGO, help="Also post what is already there at the first check, back to then.")
@click.argument("source", required=False)
def once(dry_run: bool, since: datetime | None, source: str | None) -> None:
    """Read every source once, post what is due, and end.

    SOURCE is the id of one source in feeds.yml, to read only that one.

    Example: coalition-bot once register --dry-run
    """
    import asyncio

    from bot.cli import output

    with open_app(dry_run=dry_run, running="alone", since=since) as app:
        sources, on = app.config.feeds.sources, app.config.feeds.enabled
        if source is not None and source not in on:
            problem = (
                f'"{source}" is turned off' if source in sources else f'There is no source "{source}" in feeds.yml'
            )
            fail(f"{problem}. The sources that are turned on: {', '.join(on) or 'none'}.", USAGE)
        if sys.stdout.isatty():
            logging.getLogger("bot").setLevel(logging.WARNING)  # a person reads the same in the cards and the table
        polled, delivered = asyncio.run(app.once(source))
        output.print_round(polled, delivered, dry_run=dry_run)
        if dry_run:
            output.print_next_digests(app.db, app.config, app.clock())
        if not polled.good or delivered.dead:
            raise click.exceptions.Exit(ATTENTION)


@click.command()
@click.option(
    "--as",
    "role",
    required=True,
    metavar="ROLE",
    help="administrator, policy, press, approver, or representative:MEMBER.",
)
def chat(role: str) -> None:
    """Use the chat commands on this terminal, without a token.

    Type "as ROLE" there to act in another role, such as an approver who approves what policy wrote.

    Example: coalition-bot chat --as policy
    """
    import asyncio

    from bot.chat.console.frontend import ConsoleFrontend
    from bot.commands.model import Refused
    from bot.config.installation import folder_of

    settings = chosen_settings()
    with open_app() as app:
        try:
            actor = app.console_actor(role)
        except Refused as refused:
            fail(refused.what, USAGE)
        frontend = ConsoleFrontend(
            app.dispatcher,
            actor,
            None if sys.stdin.isatty() and sys.stdout.isatty() else sys.stdin,
            sys.stdout,
            clock=app.clock,
            zone=app.config.zone,
            new_id=app.new_id,
            folder=folder_of(settings) / "exports",
            become=app.console_actor,
        )
        asyncio.run(_until_done(frontend.run(), app))


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Listen there, on the host of WEB_BIND, instead of stdio.")
@click.option("--url", metavar="URL", help="The https address of --port for people, if a proxy is in between.")
def mcp(port: int | None, url: str | None) -> None:
    """Let people's own assistants read, over the Model Context Protocol.

    An assistant that starts this command gives it its person's token, from /campaign board for:assistant in chat, as
    COALITION_BOT_TOKEN. Over HTTP, with --port, each request brings a token.

    Example: coalition-bot mcp --port 8090
    """
    import asyncio
    import time
    from importlib.util import find_spec

    from bot.app.frontends import get_ready, sessions
    from bot.chat.web.listener import CannotListen, listen
    from bot.commands.model import Refused

    if find_spec("mcp") is None:
        fail("Assistants need one more package: pip install 'coalition-bot[mcp]'.", USAGE)
    from bot.chat.mcp import PATH, McpFrontend

    if url and not (url.startswith("https://") and url.endswith(PATH)):
        fail(f"Tokens need https: write --url as https://assistants.example.org{PATH}", USAGE)
    token = os.environ.get("COALITION_BOT_TOKEN", "") if port is None else ""
    host, _ = chosen_settings().site_bind
    with open_app() as app:
        get_ready(app)
        frontend = McpFrontend(app.dispatcher, sessions(app), ticks=time.monotonic, token=token)
        try:
            if port is None:
                serving = frontend.serve_stdio()
            else:
                url = url or f"http://127.0.0.1:{port}{PATH}"
                serving = frontend.serve_http(listen(host, port), url)
                click.echo(f"Assistants reach {app.config.coalition.short} at {url}", err=True)
            asyncio.run(_until_done(serving, app))
        except Refused as refused:
            fail(refused.what, USAGE)
        except CannotListen as error:
            fail(f"{error.why}. Choose another --port.", USAGE)


async def _until_done(work: Coroutine[Any, Any, None], app: App) -> None:
    try:
        await work
    finally:
        await app.close()


@click.command()
@click.option("--all", "every", is_flag=True, help="Also show each source's next check and usual delay.")
@click.option("--running", is_flag=True, help="Only report whether the bot is running, for a container's health check.")
@as_json
def status(every: bool, running: bool, as_json: bool) -> None:
    """Show sources, the queue, holds and the next deadlines."""
    if running:
        from bot.app import wiring
        from bot.store.lock import ALIVE

        for settings in all_settings():
            store, now = wiring.store_address(settings), datetime.now(UTC)
            if not store.running(now):
                seconds = f"{ALIVE.total_seconds():.0f}"
                fail(f"No bot is running on {store}, or it has not responded for {seconds} seconds.", ATTENTION)
            if not store.running(now, working=True):
                todo = "Unless one is just starting, start `coalition-bot run` without --web-only."
                fail(f"A process runs on {store}, but none watches or posts. {todo}", ATTENTION)
            click.echo(f"The bot is running on {store}.")
        return
    from dataclasses import asdict

    from bot.cli import output

    if as_json:
        with open_app() as app:
            output.print_json(asdict(app.status()) | {"deadlines": app.next_deadlines()})
        return
    output.print_answer(asked("administrator", "campaign status", details="yes"))
    if every:
        output.print_answer(asked("administrator", "feeds list"))


@click.command()
@click.argument("channel", required=False)
@click.option("--for", "length", metavar="2h|3d", help="How long; until `resume` if left out.")
@click.option("--why", default="paused by hand", show_default=True)
@click.option("--sure", is_flag=True, help="Nothing in --why identifies a person you serve.")
def pause(channel: str | None, length: str | None, why: str, sure: bool) -> None:
    """Stop posting, everywhere or in one CHANNEL.

    Sources are still read, and nothing is lost.
    """
    say(asked("administrator", "campaign pause", channel=channel, until=length, why=why, sure="yes" if sure else None))


@click.command()
@click.argument("channel", required=False)
def resume(channel: str | None) -> None:
    """Resume posting, everywhere or in one CHANNEL."""
    say(asked("administrator", "campaign resume", channel=channel))


COMMANDS: Final = (demo, init, run, once, chat, mcp, status, pause, resume)
