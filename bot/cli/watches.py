"""What watches match, and why: `why`, `backtest`, and the last step of `new`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import ATTENTION, USAGE, ago, configuration, fail, open_app

if TYPE_CHECKING:
    from bot.app.online import Listing
    from bot.config.load import Config
    from bot.config.settings import Settings
    from bot.watch.backtest import Report
    from bot.watch.model import Watch

LATER: Final = "coalition-bot backtest --online"
_SILENCE: Final = 15.0  # seconds
_KEEP, _ALERT, _DROP = "keep", "alert", "drop"


@click.command()
@click.argument("needle", metavar="URL|ID")
def why(needle: str) -> None:
    """Explain why something was posted, or was not.

    URL|ID is an address, a Federal Register number, a bill, or an id.

    Example: coalition-bot why 2021-06393
    """
    from bot.alerts import explain
    from bot.cli import output

    with open_app() as app:
        explanation = explain.why(app.db, app.config, needle, now=app.clock(), stories=app.press.explain)
    for line in explanation.lines:
        output.terminal().print(line, markup=False)


@click.command()
@click.argument("query", metavar="QUERY|WATCH", required=False)
@click.option("--since", metavar="30d|DATE", default="90d", show_default=True, help="How far back to look.")
@click.option(
    "--online", is_flag=True, help="Ask the sources now, instead of what is stored. Without QUERY: every watch."
)
def backtest(query: str | None, since: str, online: bool) -> None:
    """Test a query or a watch on stored entries.

    With --online it asks the sources what they list now, and needs no database.

    Example: coalition-bot backtest '"public comment" NEAR/10 extend*' --since 90d
    """
    if online:
        _backtest_online(query, ago(since, datetime.now(UTC)))
        return
    if query is None:
        fail("Name a query or a watch to test, or add --online to test every watch.", USAGE)
    from bot.alerts.preview import backtest_window

    with open_app() as app:
        tried = _watch(app.config, query)
        report = backtest_window(app.db, tried, None, app.clock(), ago(since, app.clock()))
    _print_trial(tried, report)


def _backtest_online(query: str | None, since: datetime) -> None:
    """Print what a query or watch, or each watch, would have matched among what the sources list."""
    settings, config = configuration()
    watches = [_watch(config, query)] if query is not None else config.watches
    listed = read(settings, config, since)
    if len(listed.failed) == listed.asked:
        fail(_nothing_read(listed), ATTENTION)
    _print_listing(listed)
    for one in watches:
        _print_trial(one, listed.report(one))


def _watch(config: Config, text: str) -> Watch:
    """Return the watch with that id, or one made from `text` as a query; ends the program if it is neither."""
    from bot.watch.model import Level, Watch
    from bot.watch.query import parse

    watches = {watch_.id: watch_ for watch_ in config.watches}
    if text in watches:
        return watches[text]
    _check_watch_id(text, list(watches))
    return Watch("candidate", "candidate", (), Level.DIGEST, parse(text))


def read(settings: Settings, config: Config, since: datetime) -> Listing:
    """Ask the sources for all they list, and say every while which of them have not answered."""
    import asyncio

    from bot.app import online
    from bot.shared.answer import Answer, Fetched
    from bot.shared.wording import listed as names
    from bot.shared.wording import number

    waiting = {source.name for source in config.feeds.enabled.values()}

    def note(name: str, answer: Answer) -> None:
        waiting.discard(name)
        what = number(len(answer.entries), "entry", "entries") if isinstance(answer, Fetched) else "not read"
        click.echo(f"  {name}: {what}", err=True)

    async def listing() -> Listing:
        reading = asyncio.create_task(online.listing(settings, config, since, datetime.now(UTC), note))
        while not (await asyncio.wait({reading}, timeout=_SILENCE))[0]:
            click.echo(f"  still reading {names(sorted(waiting), 3) or 'what came'} …", err=True)
        return reading.result()

    click.echo(f"Reading {number(len(waiting), 'source')}; this can take two minutes.", err=True)
    return asyncio.run(listing())


def choose(config: Config, listed: Listing, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Show what each of these draft watches matches, and ask whether to keep it for the digest, alert or drop it.

    Returns the `level` by id, or an empty `query` for a dropped one; nothing if no source could be read.
    """
    if len(listed.failed) == listed.asked:
        click.echo(_nothing_read(listed))
        return {}
    _print_listing(listed)
    return {id_: _chosen(config, listed, id_) for id_ in ids}


def _chosen(config: Config, listed: Listing, id_: str) -> dict[str, str]:
    draft = next(watch for watch in config.watches if watch.id == id_)
    _print_trial(draft, listed.report(draft))
    answer = click.prompt(
        "  Keep it for the digest, alert at once, or drop it?",
        default=_KEEP,
        type=click.Choice([_KEEP, _ALERT, _DROP, "k", "a", "d"], case_sensitive=False),
        show_choices=False,
    )
    if answer[0] == _DROP[0]:
        return {"query": ""}
    return {"level": "alert" if answer[0] == _ALERT[0] else "digest"}


def _print_listing(listed: Listing) -> None:
    from bot.shared.wording import number

    entries = sum(listed.since <= when < listed.until for _, when in listed.entries)
    answered = listed.asked - len(listed.failed)
    click.echo(
        f"{number(answered, 'source lists', 'sources list')} {number(entries, 'entry', 'entries')} "
        f"since {listed.since:%b %-d, %Y}."
    )
    for name, why in listed.failed.items():
        click.echo(f"{name} was not read: {why}.")


def _print_trial(tried: Watch, report: Report) -> None:
    from bot.alerts.preview import report_sections
    from bot.shared.card import Line

    click.echo(f"\n{tried.id}: {tried.query.text}")
    hits, *near = report_sections(report)
    for line in (*hits.lines, *(line for section in near for line in (Line(f"{section.title}:"), *section.lines))):
        click.echo(f"  {line.text}")


def _nothing_read(listed: Listing) -> str:
    why = next(iter(listed.failed.values()), "none is turned on")
    return f"No source could be read ({why}). Test the watches later with: {LATER}"


def _check_watch_id(query: str, ids: Sequence[str]) -> None:
    """Check a single bare word that is no watch's id: refuse it if it is close to an id, otherwise name it."""
    import re
    from difflib import get_close_matches

    if not re.fullmatch(r"[\w-]+", query):
        return
    if close := get_close_matches(query.casefold(), ids, n=1):
        fail(
            f'There is no watch "{query}". Did you mean "{close[0]}"? To search for the word itself, quote it: '
            f"'\"{query}\"'.",
            USAGE,
        )
    click.echo(f'There is no watch "{query}": searching for the word.', err=True)


COMMANDS: Final = (why, backtest)
