from __future__ import annotations

import discord.http
import pytest

from tests.crash import driver
from tests.kit import stores
from tests.kit.outbox import store
from tests.peers.chat import in_process
from tests.peers.discord import DiscordPeer
from tests.peers.slack import SlackPeer


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


@pytest.fixture(scope="session")
def forks():
    return driver.context()


@pytest.fixture(scope="module")
def peers():
    """A Slack and a Discord in separate processes, which outlive the killed senders."""
    with in_process("slack") as slack, in_process("discord") as discord_:
        yield slack, discord_


@pytest.fixture
def job(peers, tmp_path):
    store(tmp_path).close()
    for peer in peers:
        peer.reset()
    return driver.Job(stores.at(tmp_path / "coalition.db"), peers[0].url, peers[1].url, items=4)
