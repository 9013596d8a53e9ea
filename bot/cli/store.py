"""`db`: copy the database."""

from __future__ import annotations

import click

from bot.cli.common import reports_errors


@click.group()
def db() -> None:
    """The database."""


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@reports_errors
def db_copy(source: str, target: str) -> None:
    """Copy a store to a new one and compare them.

    Both are written as DATABASE_URL is: sqlite:///coalition.db, postgresql://user:password@host/name. Stop the bot
    first: what it says meanwhile would not be copied.
    """
    from bot.store.address import address
    from bot.store.copying import copy_store

    old, new = address(source), address(target)
    lock = old.lock()
    try:
        done = copy_store(old.open(), new.create(), progress=lambda table, rows: click.echo(f"{table}: {rows:,} rows"))
    finally:
        lock.release()
    click.echo(f"Copied {sum(one.rows for one in done):,} rows of {len(done)} tables to {new}; all rows arrived.")
    click.echo("Next: set DATABASE_URL to it and start the bot.")
