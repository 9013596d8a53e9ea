"""`upgrade --check`: what a newer version would change here, before it is started."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import ATTENTION, USAGE, as_json, chosen_settings, fail

if TYPE_CHECKING:
    from bot.config.load import Config
    from bot.shared.finding import Finding
    from bot.store.address import Address

_FRESH: Final = timedelta(days=1)  # of a backup, before tables change


@dataclass(frozen=True, slots=True)
class Release:
    """What one release added. `first_migration`: an earlier release's database waits for it (`schema.pending`)."""

    version: str
    first_migration: str
    settings: Sequence[str] = ()  # environment variables
    coalition: Sequence[str] = ()  # keys of coalition.yml
    docs: str = ""  # where the steps are that only a person can take


RELEASES: Final = (
    Release(
        version="0.2.0",
        first_migration="0025_letter_signing",
        settings=("WEB_BIND", "WEB_URL"),
        coalition=("about", "address", "phone", "site", "signer", "media_contact", "office_groups", "care"),
        docs='docs/operations.md, "From 0.1 to 0.2"',
    ),
    Release(
        version="0.3.0",
        first_migration="0100_baseline",
        settings=("TRUSTED_PROXIES", "MAIL_PER_HOUR"),
        coalition=("speakers",),
        docs='docs/operations.md, "From 0.2 to 0.3"',
    ),
)


@click.command()
@click.option("--check", is_flag=True, help="Show what this version would change; change nothing.")
@as_json
def upgrade(check: bool, as_json: bool) -> None:
    """Show what a new version changes, before you start it.

    It compares the database, .env and the two files with this version. It needs no network.

    Example: coalition-bot upgrade --check
    """
    from dotenv import dotenv_values

    from bot import wiring
    from bot.app.application import utc_now
    from bot.cli import output
    from bot.config.installation import folder_of
    from bot.config.load import ConfigError, load
    from bot.shared.finding import State

    if not check:
        fail(
            "The database is upgraded when the new version starts, so there is nothing to run. "
            "`coalition-bot upgrade --check` shows what would change.",
            USAGE,
        )
    settings = chosen_settings()
    store = wiring.store_address(settings)
    pending = store.pending()
    unseen = [release for release in RELEASES if release.first_migration in pending]
    problems, config = "", None
    try:
        config = load(settings.feeds_file, settings.coalition_file)
    except ConfigError as error:
        problems = str(error)
    findings = [
        _tables(pending),
        *(_backup(store, pending, utc_now()) if config else ()),
        *_variables(dotenv_values(folder_of(settings) / ".env"), unseen),
        *(_files(config, unseen) if config else ()),
        *_by_hand(unseen),
    ]
    output.print_findings(findings, as_json=as_json)
    if problems:
        fail(f"This version does not accept the files as they are:\n{problems}", USAGE)
    if any(finding.state is not State.GOOD for finding in findings):
        raise click.exceptions.Exit(ATTENTION)


def _tables(pending: Sequence[str]) -> Finding:
    from bot.shared.finding import Finding, State

    if not pending:
        return Finding("database", State.GOOD, "up to date with this version")
    changes = "1 change is" if len(pending) == 1 else f"{len(pending)} changes are"
    return Finding(
        "database",
        State.LOOK,
        f"{changes} waiting: {', '.join(pending)}",
        "The next start makes them, each completely or not at all. After that, an older version refuses the database.",
    )


def _backup(store: Address, pending: Sequence[str], now: datetime) -> Iterator[Finding]:
    """Check for a recent backup; yields nothing if no table changes."""
    from bot.ops import backup_copies
    from bot.shared.finding import Finding, State
    from bot.store.address import File

    if not pending:
        return
    with closing(store.open_as_is()) as db:
        last = max((copy.made_at for copy in backup_copies.recorded_copies(db)), default=None)
    summary = f"the last one is from {last:%Y-%m-%d %H:%M} UTC" if last else "none was made yet"
    fresh = last is not None and now - last < _FRESH
    advice = "Stop the bot, then `coalition-bot backup FILE`. It copies the database as it is now."
    if not isinstance(store, File):
        advice = (
            "Stop the bot, then back it up with the version that made it (`coalition-bot backup FILE`) or with pg_dump."
        )
    advice = "" if fresh else advice
    yield Finding("backup", State.GOOD if fresh else State.LOOK, summary, advice)


def _variables(written: Collection[str], unseen: Sequence[Release]) -> Iterator[Finding]:
    """Check the variables that are new or unknown. `written`: the names in .env, filled in or not."""
    from bot.config.load import misspelled
    from bot.config.settings import Settings
    from bot.shared.finding import Finding, State

    fields = {name.upper(): field for name, field in Settings.model_fields.items()}
    close = {slip.where: slip.what for slip in misspelled(written)}
    for name in sorted(set(map(str.upper, written)) - fields.keys()):
        if not name.startswith("FEED_URL__"):
            what = close.get(name, "this version does not read it")
            yield Finding(f".env: {name}", State.LOOK, what, "Correct the name, or remove the line.")
    for release in unseen:
        for name in release.settings:
            if name not in written:
                yield Finding(f".env: {name}", State.LOOK, f"new in {release.version}: {fields[name].description}")


def _files(config: Config, unseen: Sequence[Release]) -> Iterator[Finding]:
    from bot.config import catalog
    from bot.config.coalition import Coalition
    from bot.shared.finding import Finding, State

    given = config.coalition.model_fields_set
    for release in unseen:
        for key in release.coalition:
            if key not in given:
                summary = f"new in {release.version}: {Coalition.model_fields[key].description}"
                yield Finding(f"coalition.yml: {key}", State.LOOK, summary)
    for slip in config.renamed:
        yield Finding(f"coalition.yml: {slip.where}", State.LOOK, slip.what)
    for id_, source in config.feeds.sources.items():
        kind = catalog.sources().get(id_, {}).get("kind", source.kind)
        if kind != source.kind:
            yield Finding(
                f"feeds.yml: {id_}",
                State.LOOK,
                f"has `kind: {source.kind}`; the catalog of this version has `kind: {kind}`",
                f"Take `kind: {kind}`, or write only the source's id: `- {id_}`.",
            )


def _by_hand(unseen: Sequence[Release]) -> Iterator[Finding]:
    from bot.shared.finding import Finding, State

    for release in unseen:
        yield Finding(
            f"version {release.version}", State.LOOK, "you must do some steps yourself", f"See {release.docs}."
        )
