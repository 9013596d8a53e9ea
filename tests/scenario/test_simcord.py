"""The real messages in a third-party Discord simulator, which refuses messages over a limit."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
import pytest
import simcord
from discord.http import Route

from bot.chat.discord.render import message
from bot.chat.discord.sender import DiscordSender, Rest
from bot.commands.model import File
from bot.outbox.model import Channel, Delivered, Outgoing
from tests.kit.cards import CARDS
from tests.peers.discord import SETTLE

pytestmark = [pytest.mark.peer("simcord"), pytest.mark.sqlite]  # no store is read


async def post(client: discord.Client, channel: int, body: dict) -> dict:
    return await client.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=channel), json=body)


@pytest.mark.parametrize("kind", CARDS)
async def test_each_card_is_taken_and_read_back_as_it_was_sent(kind):
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        channel = env.create_guild("Coalition").create_text_channel("policy-alerts")
        sent = message(*CARDS[kind])
        await post(client, channel.id, sent)

        result = channel.last_message

    assert result.content == sent["content"]
    assert [embed.description for embed in result.embeds] == [embed["description"] for embed in sent["embeds"]]
    assert result.embeds[-1].footer.text == sent["embeds"][-1].get("footer", {}).get("text")
    assert (result.mentions, result.role_mentions, result.mention_everyone) == ([], [], False)


async def test_a_message_beyond_a_limit_is_refused_so_taking_ours_means_something():
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        channel = env.create_guild("Coalition").create_text_channel("policy-alerts")
        too_much = message(*CARDS["hostile"]) | {"content": "x" * 2001}

        with pytest.raises(discord.HTTPException, match="50035"):
            await post(client, channel.id, too_much)


async def test_a_person_is_written_to_with_a_file():
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        ada = env.create_guild("Coalition").add_member(env.create_user("ada"))
        sender = DiscordSender(
            Rest(lambda: client, "token", lambda: datetime.now(UTC)), message, clock=lambda: datetime.now(UTC), zone=UTC
        )
        sender.rest._client = client  # logged in already, to the Discord in this process
        pdf = File("letter.pdf", "application/pdf", b"%PDF-1.7 a letter")
        to = Channel("dm:ada", "discord", str(ada.id), "Ada Smith")
        outgoing = Outgoing(id="1", key="1", channel=to, card=CARDS["health"][0], files=(pdf,))

        sent = await sender.send(outgoing)
        assert isinstance(sent, Delivered), sent
        direct = await (await client.fetch_user(ada.id)).create_dm()
        result = await direct.fetch_message(int(sent.ref))
        assert [each.filename for each in result.attachments] == ["letter.pdf"]
