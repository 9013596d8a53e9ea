from __future__ import annotations

import discord.http
import pytest

from tests.outbox_kit import Kit, store
from tests.peers.discord import DiscordPeer
from tests.peers.slack import SlackPeer


@pytest.fixture
async def kit(tmp_path):
    kit = Kit(store(tmp_path))
    yield kit
    await kit.close()


@pytest.fixture
async def slack():
    """A loopback Slack with its address as `url`."""
    peer = SlackPeer()
    async with peer.running() as url:
        peer.url = url
        yield peer


@pytest.fixture
async def discord_():
    """A loopback Discord with its address as `url`."""
    peer, base = DiscordPeer(), discord.http.Route.BASE
    async with peer.running() as url:
        peer.url = url
        yield peer
    discord.http.Route.BASE = base
