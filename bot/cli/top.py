"""`top`: the running bot on a terminal, second by second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import as_json, open_app, reports_errors

if TYPE_CHECKING:
    from bot.app.application import App

_REFRESH: Final = 1.0  # seconds


@click.command()
@click.option("--once", is_flag=True, help="Print one frame and end.")
@as_json
@reports_errors
def top(once: bool, as_json: bool) -> None:
    """Watch loops, sources, queue, holds and errors live.

    Ctrl-C ends it. Where standard output is no terminal or a dumb one, it prints one frame.
    """
    from bot.cli import frames

    with open_app() as app:
        if as_json:
            frames.print_json(app.top())
        elif once or not frames.can_redraw():
            frames.print_frame(app.top(), app.campaign.zone)
        else:
            _watch(app)


def _watch(app: App) -> None:
    import time
    from contextlib import suppress

    from bot.cli import frames
    from bot.store.database import StoreBusy

    with suppress(KeyboardInterrupt), frames.live() as show:
        while True:
            try:
                show(app.top(), app.campaign.zone)
            except StoreBusy as error:
                show(str(error), app.campaign.zone)
            time.sleep(_REFRESH)
