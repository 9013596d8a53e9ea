"""The commands of whoever looks after the bot: is its machine fit for it, and where its data go and come from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from bot.cli.parts import ATTENTION, as_json, configuration, plainly


@click.command()
@click.option("--online", is_flag=True, help="Also hold this machine's clock against a source's.")
@as_json
@plainly
def doctor(online: bool, as_json: bool) -> None:
    """Look whether this machine is fit for the bot, and say what to do about what is not."""
    import asyncio

    from bot import app, edges, show
    from bot import doctor as surgery

    settings, config = configuration()
    findings = surgery.examine(settings, config, edges.store(settings), Path(), app.utc_now())
    if online:
        findings.append(asyncio.run(app.the_time(config)))
    show.examined(findings, as_json=as_json)
    if any(finding.sign is surgery.Sign.BAD for finding in findings):
        raise click.exceptions.Exit(ATTENTION)


COMMANDS: Final = (doctor,)
