"""The real program in a third-party Discord simulator: what its channel shows after two days, and in which thread.

simcord runs in this process and answers discord.py's calls, not HTTP: a small relay puts it behind a loopback address.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import simcord
from aiohttp import web
from discord.http import Route

from tests.peers.discord import SETTLE
from tests.scenario.journey import FILED, HEADS, PUBLISHED, journey

pytestmark = pytest.mark.peer("simcord")


@asynccontextmanager
async def over_http(client: discord.Client) -> AsyncIterator[str]:
    """An address for DISCORD_API_URL at which `client`, attached to simcord, answers."""

    base = Route.BASE

    async def answer(request: web.Request) -> web.Response:
        route = Route(request.method, request.path)
        route.url = f"{base}{request.path}"  # the program has turned discord.py's own address to us
        body = {"json": await request.json()} if request.can_read_body else {"params": dict(request.query)}
        try:
            shown: Any = await client.http.request(route, **body)
        except discord.HTTPException as error:
            shown, status = {"message": error.text, "code": error.code}, error.status
        else:
            status = 200
        # Exactly this content type: with a charset discord.py leaves the body a string.
        return web.Response(
            body=json.dumps(shown).encode(), status=status, headers={"Content-Type": "application/json"}
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        Route.BASE = base
        await runner.cleanup()


@pytest.mark.long
async def test_two_days_stand_in_the_channel_in_order_each_thing_once_and_in_its_thread(tmp_path):
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        channel = env.create_guild("Coalition").create_text_channel("policy-alerts")
        async with over_http(client) as url:
            settings = {"discord_api_url": url, "discord_bot_token": "not-a-real-token"}
            async with journey(tmp_path, f"discord:{channel.id}", settings) as days:
                assert await days.to_the_end() == [3, 2, 2, 2, 2, 1]  # the hellos; each start edits the pinned card
                assert await days.once_more(minutes=10) == (0, 1)
                assert await days.once_more(hours=5) == (3, 1)  # after nine: what falls due in 60 days, and the card
        result = [
            message for message in channel.history() if "pinned a message" not in message.content
        ]  # Discord says so

    shown = {message.content: message for message in result}
    assert all(head in content for head, content in zip(HEADS, shown, strict=True))
    assert len(result) == len(HEADS)
    (filed,) = (message for content, message in shown.items() if FILED in content)
    replies = {content: message.reference.message_id for content, message in shown.items() if message.reference}
    assert list(replies.values()) == [filed.id]
    assert PUBLISHED in str(replies)
    assert len(days.program.printed("admin")) == 1  # hello, and no trouble
