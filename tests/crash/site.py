"""The program with its web site and its mail: in a child that the crash suite kills."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO

import dns.asyncresolver

from bot.app import runtime
from bot.app.application import build
from bot.app.frontends import frontends
from bot.config.load import Config
from bot.config.settings import Settings
from tests.kit.mail import FROM
from tests.peers.dns import AllTakeMail, NameServer


@dataclass(frozen=True)
class Site:
    """One start of the program at `port`. `ahead`: how far its clock is ahead of this machine's, in seconds."""

    database_url: str
    config: Config
    smtp: str
    port: int
    ahead: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def child(site: Site) -> None:
    asyncio.run(live(site))


async def live(site: Site) -> None:
    """Run until it is killed."""
    settings = Settings(
        _env_file=None,
        database_url=site.database_url,
        smtp_url=site.smtp,
        mail_from=FROM,
        web_url=site.url,
        web_bind=f"127.0.0.1:{site.port}",
    )
    clock = lambda: datetime.fromtimestamp(time.time() + site.ahead, UTC)  # noqa: E731
    async with NameServer({}, others=AllTakeMail()).running() as resolver:
        dns.asyncresolver.default_resolver = resolver
        with build(settings, site.config, running="alone", out=StringIO(), clock=clock, pace=timedelta(0)) as app:
            await runtime.run(app, frontends(settings, app))
