"""The front ends of several coalitions: their one web site, and the connection of a Discord application they share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.app.frontends import Member, discord_frontend, figures_page, problems, responder, slack_endpoint
from bot.app.loops import Frontend
from bot.app.several import Tenant
from bot.app.shares import SHARED_DISCORD
from bot.config import installation
from bot.shared.wording import number

if TYPE_CHECKING:
    from bot.chat.discord.frontend import DiscordFrontend
    from bot.chat.web.site import Figures, Hosted, Pages
    from bot.ops.metrics import Metrics

_AGAIN: Final = 30.0  # seconds between two tries to open those that share a Discord application


def common_frontends(tenants: Sequence[Tenant]) -> dict[str, Frontend]:
    """Return the one web site, which tells the coalitions apart by host, and the connection of a Discord application
    that they share.
    """
    host, token = tenants[0].settings, installation.host_metrics_token(tenants[0].settings)
    common: dict[str, Frontend] = {}
    if sharing := [tenant for tenant in tenants if tenant.shares_discord]:
        common[SHARED_DISCORD] = _SharedDiscord(sharing)
    sites = {urlsplit(tenant.settings.web_url).netloc: tenant for tenant in tenants if tenant.settings.web_url}
    if sites or token:
        from bot.chat.web.site import Monitoring, Site, by_host

        monitoring = Monitoring(
            partial(_problems, tenants),
            figures_page(token, partial(_metrics, tenants)),
            partial(_lost, tenants),
        )
        hosted = {site: _site(tenant) for site, tenant in sites.items()}
        common["web"] = Site(
            partial(by_host, hosted, monitoring), *host.site_bind, ticks=time.monotonic, proxies=host.proxies
        )
    return common


class _SharedDiscord:
    """One Discord application of several coalitions: they are opened where its connection is."""

    single = True

    def __init__(self, sharing: Sequence[Tenant]) -> None:
        self._sharing = sharing

    async def run(self, stop: asyncio.Event) -> None:
        waiting = [*self._sharing]
        members = await _open_waiting(waiting)
        if not members:
            return
        frontend = discord_frontend(members, guilds=[tenant.settings.discord_guild_id for tenant in self._sharing])
        opening = asyncio.create_task(self._open_others(waiting, members, frontend))
        try:
            await frontend.run(stop)
        finally:
            opening.cancel()

    @staticmethod
    async def _open_others(waiting: list[Tenant], members: list[Member], frontend: DiscordFrontend) -> None:
        """Answer for those that could not be opened, too, once they can be."""
        while waiting:
            await asyncio.sleep(_AGAIN)
            for member in await _open_waiting(waiting):
                members.append(member)
                frontend.add(responder(*member, shared=True))


async def _open_waiting(waiting: list[Tenant]) -> list[Member]:
    """Open the coalitions that wait; those that can be opened wait no more."""
    tried = await asyncio.to_thread(lambda: [(tenant, tenant.try_open()) for tenant in waiting])
    waiting[:] = [tenant for tenant, served in tried if not served]
    return [(tenant.settings, served.app, tenant.metrics) for tenant, served in tried if served]


def _site(tenant: Tenant) -> Hosted:
    from bot.chat.web.site import Hosted

    opening = partial(_pages_and_figures, tenant)
    endpoint = slack_endpoint(tenant.settings, tenant.slack, tenant.clock)
    if endpoint:
        return Hosted(tenant.name, opening, endpoint.routes(), endpoint.finish)
    return Hosted(tenant.name, opening)


def _pages_and_figures(tenant: Tenant) -> tuple[Pages, Figures]:
    """Open a coalition's site. Raises `ConfigError`, `StoreError`."""
    return tenant.pages(), figures_page(tenant.settings.metrics_token, partial(_metrics, [tenant]), process=False)


def _problems(tenants: Sequence[Tenant]) -> list[str]:
    """What is not ready, without the coalition: anyone can read it, and it would name the others at each one's host.

    One store that can be used is asked, not each: a lost one does not make the others unready, and a host's monitoring
    asks every few seconds.
    """
    usable = next(filter(Tenant.is_usable, sorted(tenants, key=lambda tenant: tenant.app is None)), None)
    if usable is None:
        return ["store"]
    stuck = (f"loop {name}" for tenant in tenants if tenant.app for name in tenant.app.pulse.stuck())
    return list(dict.fromkeys([*problems(usable.settings, usable.open().app)(), *stuck]))


def _lost(tenants: Sequence[Tenant]) -> str:
    """How many coalitions this process cannot serve: the site is ready for the others."""
    lost = sum(tenant.is_lost for tenant in tenants)
    return f"; {lost} of {number(len(tenants), 'coalition')} cannot be served" if lost else ""


def _metrics(tenants: Sequence[Tenant]) -> dict[str, Metrics | None]:
    return {tenant.name: tenant.metrics if tenant.try_open() else None for tenant in tenants}
