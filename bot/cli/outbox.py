"""`outbox`: queued messages and failed ones."""

from __future__ import annotations

import click

from bot.cli.common import ATTENTION, as_json, fail, open_app


@click.group()
def outbox() -> None:
    """The queue of messages, and what could not be posted."""


@outbox.command("list")
@as_json
def outbox_list(as_json: bool) -> None:
    """List queued and failed messages, oldest first."""
    from bot.cli import output
    from bot.outbox import dead_letters

    with open_app() as app:
        queue = dead_letters.list_messages(app.db)
        output.print_outbox(queue, app.status().mail, app.campaign.zone, as_json=as_json)


@outbox.command("retry")
@click.argument("id_", metavar="ID")
def outbox_retry(id_: str) -> None:
    """Retry a message now.

    If it may have arrived, the platform is asked first.
    """
    from bot.commands.model import Refused

    with open_app() as app:
        try:
            _check_id(id_, exists=app.retry(id_))
        except Refused as refused:
            fail(refused.what, ATTENTION)
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
