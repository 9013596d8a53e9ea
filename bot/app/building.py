"""The composition root: builds, from settings and the two files, a bot that can poll, deliver and compose.

Nothing is built at import, and a chat library is imported only if a channel uses its platform.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TextIO

from bot.app import wiring
from bot.app.application import App, new_id, utc_now
from bot.app.wiring import Edges
from bot.chat.platform import Clients
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits
from bot.people.sessions import load_keyring
from bot.shared.calendar import CurrentZone
from bot.sources.sharing import Sharing


def build(
    settings: Settings,
    config: Config,
    *,
    dry_run: bool = False,
    running: Literal["alone", "shared", "web-only"] | None = None,
    leads: Callable[[str], bool] | None = None,
    sharing: Sharing | None = None,
    clients: Clients | None = None,
    since: datetime | None = None,
    out: TextIO | None = None,
    clock: Callable[[], datetime] = utc_now,
    new_id: Callable[[], str] = new_id,
    dice: Callable[[], float] = random.random,
    limits: Limits | None = None,
    pace: timedelta = timedelta(seconds=1),
) -> App:
    """Build the bot; does no network I/O.

    `dry_run`: a temporary database, and every channel printed to `out` (standard output). `running`: take the lock of
    a running bot, shared with others where the store allows it or not at all; "web-only": the others do the work.
    `leads`: whether this process has a part of the work, from who has the lock already. `sharing`: requests to
    sources and `clients`: those of chat platforms, with other coalitions. Raises `StoreUnusable`, `AlreadyRunning`.
    """
    config = replace(
        config,
        site=settings.web_url or "",
        mail_per_hour=settings.mail_per_hour,
        discord_guild=settings.discord_guild_id,
    )
    if dry_run:
        config = _on_console(config)
    db, has_part, cleanup = (
        wiring.temporary_store() if dry_run else wiring.open_store(settings, config.coalition.id, running)
    )
    fetcher = wiring.fetcher(config, limits, sharing.pacing if sharing else None)
    zone = CurrentZone(config.coalition.tz)
    senders = wiring.senders(settings, zone, out or sys.stdout, clock, clients, dry_run=dry_run)
    inbox = None if dry_run else wiring.inbox(settings, load_keyring(db, new_id))
    edges = Edges(
        settings=settings,
        fetcher=fetcher,
        senders=senders,
        regulations_gov=wiring.regulations_gov(settings, fetcher),
        inbox=inbox,
        sharing=sharing,
        printed=dry_run,
        zone=zone,
    )
    pace = timedelta(0) if dry_run else pace
    return App(
        config, db, edges, clock=clock, new_id=new_id, dice=dice, pace=pace, since=since,
        leads=leads or has_part, cleanup=cleanup,
    )  # fmt: skip


def _on_console(config: Config) -> Config:
    channels = {
        name: channel.model_copy(update={"to": f"console:{name}"}) for name, channel in config.feeds.channels.items()
    }
    feeds = config.feeds.model_copy(update={"channels": channels})
    return replace(config, feeds=feeds)
