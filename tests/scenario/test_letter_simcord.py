"""From [Draft letter] on an alert to the signed letter, by commands, buttons and forms, in simulated Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.app.application import App
from bot.app.frontends import frontends
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.outbox.model import Channel
from bot.people.model import Account
from bot.shared.calendar import business_day
from tests.peers.discord import SETTLE
from tests.scenario.letter_journey import bring, link, program

pytestmark = pytest.mark.peer("simcord")

GUILD, CHANNEL = 1_100_000_000_000_000_001, 1_100_000_000_000_000_009


@dataclass
class Stage:
    app: App
    env: simcord.Env
    client: discord.Client
    channel: simcord.ChannelHandle
    guild: Any

    def person(self, name: str, *roles: Role, organisation: str | None = None) -> simcord.MemberActor:
        actor = self.guild.add_member(self.env.create_user(name.lower()))
        link(self.app, Account("discord", str(GUILD), str(actor.id)), name, *roles, organisation=organisation)
        return actor

    async def go_on(self) -> None:
        """What the loops of the running bot do."""
        await self.app.compose()
        while (await self.app.deliver_once()).sent:
            pass

    def posted(self, words: str) -> Any:
        return next(each for each in reversed(self.channel.history()) if words in each.content)

    async def sent_to(self, actor: simcord.MemberActor, words: str) -> Any:
        alone = await (await self.client.fetch_user(actor.id)).create_dm()
        return next(each for each in [each async for each in alone.history()] if words in each.content)


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    given = {"discord_bot_token": "not-a-real-token"}
    business_day(date(2026, 11, 24))  # imports 200 modules: the simulator's five seconds are for the bot's own work
    with program(folder, f"discord:{CHANNEL}", given).started() as app:
        face = frontends(Settings(_env_file=None, **given), app)["discord"]
        client = face.client()
        env = simcord.Env(client, settle_timeout=SETTLE)
        await env.start()
        app._deliverer._senders["discord"].rest._client = client  # logged in already, to the Discord in this process
        guild = env.create_guild("Coalition", id=GUILD)
        channel = guild.create_text_channel("policy")
        app._deliverer._channels.named["policy"] = Channel("policy", "discord", str(channel.id))
        try:
            yield Stage(app, env, client, channel, guild)
            env.raise_errors()
        finally:
            await env.shutdown()
            await app.edges.fetcher.close()  # its sender is of the client that is shut down already


def names(message: Any) -> list[str]:
    return [each.filename.rpartition(".")[2] for each in message.attachments]


@pytest.mark.long
async def test_a_letter_is_drafted_approved_signed_and_locked(tmp_path):
    async with staged(tmp_path) as stage:
        pol = stage.person("Pol", Role.POLICY)
        app = stage.person("App", Role.APPROVER)
        rep = stage.person("Maria", Role.REPRESENTATIVE, organisation="cast")
        bring(stage.app)
        await stage.go_on()
        alert = stage.posted("Finding: Gloves")

        opened = await pol.click(alert, label="Draft letter")
        fields = {each["component"]["custom_id"]: each["component"] for each in opened.modal["components"]}
        assert fields["to"]["value"] == "office:cbp"
        chosen = {"template": ["business-accountability"], "to": "office:cbp", "ask": "4"}
        done = await pol.submit_modal(opened, chosen)
        assert "Draft L-001 v1" in done.response.content
        await stage.go_on()
        draft = stage.posted("Draft L-001 v1")
        assert names(draft) == ["docx", "pdf"]
        assert draft.reference.message_id == alert.id

        await pol.click(draft, label="Request approval")
        await stage.go_on()
        assert await stage.sent_to(app, "Please approve L-001")  # simcord lets nobody press a button there
        opened = await app.slash(stage.channel, "letter approve", letter="L-001")
        done = await app.submit_modal(opened, {"agree": ["yes"]})
        assert "L-001 is approved" in done.response.content
        opened = await app.click(done.response, label="Open for sign-on")
        await app.submit_modal(opened, {"until": "3d"})
        await stage.go_on()

        assert await stage.sent_to(rep, "Please sign by")
        opened = await rep.click(stage.posted("L-001: sign-on open"), label="Sign")
        assert [each["component"]["custom_id"] for each in opened.modal["components"]] == [
            "signatory",
            "title",
            "agree",
        ]
        filled = {"signatory": "Maria Lopez", "title": "Director", "agree": ["yes"]}
        done = await rep.submit_modal(opened, filled)
        assert "Signed for CAST as shown" in done.response.content
        await stage.go_on()
        assert await stage.sent_to(rep, "CAST has signed L-001")
        assert "1 of 12" in stage.posted("L-001: sign-on open").content

        asked = await pol.slash(stage.channel, "letter lock", letter="L-001")
        await pol.click(asked.response, label="Lock it")
        await stage.go_on()
        locked = stage.channel.last_message
        assert "L-001 locked: 1 of 12 signed" in locked.content
        assert names(locked) == ["docx", "pdf", "csv"]
        assert names(await stage.sent_to(rep, "L-001 locked")) == ["pdf"]
