"""An installation with several coalitions: `coalitions/NAME/` folders of a few lines each, in the current folder."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import several, wiring
from bot.app.application import App
from bot.app.loops import Frontend
from bot.app.several import Coalition, Tenant, open_all
from bot.config import installation
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits
from tests.kit import stores

COALITION = """\
id: {name}
name: {name} coalition
short: {name}
contact: campaign@{name}.test
zone: America/New_York
asks:
  1: {{title: The ask of {name}, text: "Do what {name} asks, please."}}
members:
  {name}-member: {{name: Member of {name}}}
"""
FEEDS = """\
sources: {sources}
watches:
  words: {{asks: [1], level: alert, query: '{query}'}}
channels:
  main: {{to: "{to}"}}
routes:
  - {{to: main}}
admin: main
allow_hosts: [127.0.0.1]
"""


def enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in this folder, with a database for the host and nothing else in the environment."""
    monkeypatch.chdir(folder)
    for name in os.environ:
        if name.startswith(("SLACK_", "DISCORD_", "DATABASE_", "WEB_", "SMTP_", "MAIL_")):
            monkeypatch.delenv(name)
    url = "sqlite:///coalition.db" if stores.CHOSEN == "sqlite" else stores.url(folder / "coalition.db")
    monkeypatch.setenv("DATABASE_URL", url)


def add(
    name: str, sources: Mapping[str, str], query: str, *, to: str = "console:main", env: Mapping[str, str] | None = None
) -> Path:
    """Write a coalition's folder. `sources`: the addresses of its feeds by id."""
    folder = installation.FOLDER / name
    folder.mkdir(parents=True)
    listed = ", ".join(f'{id_}: {{kind: feed, name: {id_}, url: "{url}"}}' for id_, url in sources.items())
    feeds = FEEDS.format(sources=f"{{{listed}}}", query=query, to=to)
    (folder / "coalition.yml").write_text(COALITION.format(name=name), encoding="utf-8")
    (folder / "feeds.yml").write_text(feeds, encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / ".env").write_text("".join(f"{key}={value}\n" for key, value in (env or {}).items()), encoding="utf-8")
    (folder / ".env").chmod(stat.S_IRUSR | stat.S_IWUSR)
    return folder


def created() -> None:
    """Create each coalition's store, as `coalition-bot init` does."""
    for settings, _ in installation.load_all():
        wiring.store_address(settings).create().close()


def listed(loaded: Iterable[tuple[Settings, Config]]) -> list[Coalition]:
    """Coalitions with files that have been read, for `open_all`."""
    return [(config.coalition.id, settings, lambda config=config: config) for settings, config in loaded]


def common_frontends(apps: Mapping[str, App]) -> dict[str, Frontend]:
    """The front ends that these share, with the settings that are in their folders now."""
    return several.common_frontends([_tenant(name, app, share=len(apps) > 1) for name, app in apps.items()])


def _tenant(name: str, app: App, *, share: bool) -> Tenant:
    settings = installation.settings_of(name)
    shares_discord = share and settings.discord_bot_token is not None
    tenant = Tenant(name, settings, lambda: app, leads=app.leads, shares_discord=shares_discord)
    tenant.open()
    return tenant


@contextmanager
def opened(clock: Any, **options: Any) -> Iterator[dict[str, App]]:
    """The bots of the installation, by coalition."""
    ids = itertools.count(10**9)  # not those of rows that a test has put into a store
    common: dict[str, Any] = {"limits": Limits(gap=0, per_host=20), "pace": timedelta(0), "dice": lambda: 0.5}
    with open_all(
        listed(installation.load_all()), clock=clock, new_id=lambda: f"{next(ids):032}", **(common | options)
    ) as tenants:
        yield {tenant.name: tenant.open().app for tenant in tenants}


async def stop(work: asyncio.Task[Any]) -> None:
    """SIGTERM, as a host sends it; if the run has ended by itself it would end the tests, so its error is raised."""
    if not work.done():
        os.kill(os.getpid(), signal.SIGTERM)
    await work
