"""A press contact's day in a third-party Discord simulator: a story, a reporter, a reminder, a report, an inquiry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
import simcord

from bot.app.frontends import frontends
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.outbox.model import Channel
from tests.peers.discord import SETTLE
from tests.scenario.press_journey import SPEAKS, Later, bring, program
from tests.scenario.test_letter_simcord import CHANNEL, GUILD, Stage

pytestmark = pytest.mark.peer("simcord")


def everything(message: discord.Message) -> str:
    return f"{message.content} {[embed.to_dict() for embed in message.embeds]}"


@asynccontextmanager
async def staged(folder: Path, clock: Later) -> AsyncIterator[Stage]:
    given = {"discord_bot_token": "not-a-real-token"}
    with program(folder, f"discord:{CHANNEL}", given, clock).started() as app:
        client = frontends(Settings(_env_file=None, **given), app)["discord"].client()
        env = simcord.Env(client, settle_timeout=SETTLE)
        await env.start()
        app._deliverer._senders["discord"].rest._client = client  # logged in already, to the Discord in this process
        guild = env.create_guild("Coalition", id=GUILD)
        channel = guild.create_text_channel("press")
        app._deliverer._channels.named["press"] = Channel("press", "discord", str(channel.id))
        try:
            yield Stage(app, env, client, channel, guild)
            env.raise_errors()
        finally:
            await env.shutdown()


@pytest.mark.long
async def test_from_the_story_to_the_reporter_the_report_and_an_inquiry(tmp_path):
    clock = Later()
    async with staged(tmp_path, clock) as stage:
        pia, maria = stage.person("Pia", Role.PRESS), stage.person(SPEAKS, Role.APPROVER)
        bring(stage.app, "Tribune", "Gazette")
        await stage.go_on()
        story = stage.posted("Tribune: Polaris fails")
        assert "2 outlets" in everything(story)
        await pia.click(story, label="Claim")
        await pia.slash(stage.channel, "mentions tag", story="S-1", tone="critical", reporter="Jo Sample")
        await stage.go_on()
        assert "Claimed by Pia" in everything(stage.posted("Tribune: Polaris fails"))

        added = await pia.slash(stage.channel, "press add", outlet="Tribune", name="Jo Sample", beat="labor")
        assert "P-1 Jo Sample (Tribune): on the list" in everything(added.response)
        assert "1 story of ours under this byline: S-1" in everything(added.response)
        opened = await pia.click(added.response, label="Note")
        noted = await pia.submit_modal(opened, {"text": "called, wants a farmworker leader", "follow": "3d"})
        assert "Note saved for P-1" in everything(noted.response)
        clock.turn(days=4)
        await stage.go_on()
        reminder = await stage.sent_to(pia, "Follow up with P-1 Jo Sample")
        assert "called, wants a farmworker leader" in everything(reminder)

        report = await pia.slash(stage.channel, "clips funder", since="2026-01-01")
        assert "1 story, 2 placements" in everything(report.response)
        assert [file.filename.rpartition(".")[2] for file in report.response.attachments] == ["docx"]
        drawn = await pia.click(report.response, label="PNG")
        assert [file.filename.rpartition(".")[2] for file in drawn.response.attachments] == ["png"]

        given = {"reporter": "Jo Sample", "outlet": "Tribune", "due": "2h", "kind": "question"}
        opened = await pia.slash(stage.channel, "press inquiry", **given)
        await pia.submit_modal(opened, {"question": "What does the audit change?"})
        await stage.go_on()
        asked = stage.posted("Press inquiry Q-1 from Tribune")
        assert "What does the audit change?" in everything(await stage.sent_to(maria, "Press inquiry Q-1"))
        await maria.click(asked, label="Acknowledge")
        await stage.go_on()
        assert "Acknowledged" in everything(stage.posted("Press inquiry Q-1 from Tribune"))
        assert "Acknowledged" in everything(await stage.sent_to(maria, "Press inquiry Q-1"))

        await pia.slash(stage.channel, "press erase", contact="P-1", sure=True)
        await stage.go_on()
        for actor in (pia, maria):
            assert await stage.sent_to(actor, "This was about a person who asked to be erased")
        assert stage.posted("This was about a person who asked to be erased")
