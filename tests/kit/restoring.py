"""Restore a backup with the senders of a coalition's settings, as the command line does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.app import wiring
from bot.config.load import Config
from bot.config.settings import Settings
from bot.ops import backup
from bot.ops.restore import Restored


async def restore(
    settings: Settings,
    config: Config,
    path: Path,
    *,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    key: Path | None = None,
) -> Restored:
    return await backup.restore_backup(
        wiring.store_address(settings),
        config,
        path,
        connect=lambda zone: wiring.senders(settings, zone, sys.stdout, clock),
        clock=clock,
        new_id=new_id,
        key=key,
    )
