"""From [Draft letter] on an alert to the signed letter, by commands, buttons and forms, in Slack as others wrote it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.model import Role
from bot.letters import records
from bot.people.model import Account
from tests.kit.discord_face import until
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, SECRET, TEAM, TOKEN, local_slack
from tests.scenario.letter_journey import Watch, bring, link, program, running
from tests.scenario.test_local_slack_face import Desk, chosen, text

pytestmark = pytest.mark.peer("local-slack")

APPROVER = "U0APPROVER"


def searched(value: str) -> dict[str, Any]:
    return {"type": "external_select", "selected_option": {"value": value}}


def head(message: dict[str, Any]) -> str:
    return next((b["text"]["text"] for b in message.get("blocks", ()) if b["type"] == "header"), "")


class SlackUser(Desk):
    """A person at local-slack's page, in the channel and in their direct messages."""

    async def press_in(self, channel: str, message: dict[str, Any], label: str) -> None:
        rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
        element = next(each for row in rows for each in row if each["text"]["text"] == label)
        how = {"channel": channel, "messageTs": message["ts"], "user": PERSON, "action": element}
        await asyncio.to_thread(self.peer.do, "interact", **how)


def message_of(peer: Any, beginning: str, channel: str = CHANNEL) -> dict[str, Any] | None:
    return next((each for each in reversed(peer.messages(channel)) if head(each).startswith(beginning)), None)


def with_files(peer: Any, beginning: str) -> list[str]:
    """The names of the files in the thread of the message that begins so."""
    result = message_of(peer, beginning)
    thread = result and (result.get("thread_ts") or result["ts"])
    return [
        file["name"] for each in peer.messages() if each.get("thread_ts") == thread for file in each.get("files", ())
    ]


def endings(names: list[str]) -> list[str]:
    return [name.rpartition(".")[2] for name in names]


@pytest.mark.long
async def test_a_letter_is_drafted_approved_signed_and_locked(tmp_path):
    with local_slack(tmp_path) as peer:
        settings = {"slack_api_url": peer.api_url, "slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN,
                    "slack_signing_secret": SECRET}  # fmt: skip
        watch = Watch()
        async with (
            running(program(tmp_path, f"slack:{CHANNEL}", settings)) as app,
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{peer.url}/ui") as page,
        ):
            me = SlackUser(None, peer, page)
            reading = asyncio.create_task(me.read())
            await until(lambda: "'connected': True" in str(me.shown))
            link(
                app,
                Account("slack", TEAM, PERSON),
                "Maria Lopez",
                Role.POLICY,
                Role.REPRESENTATIVE,
                organisation="cast",
            )
            link(app, Account("slack", TEAM, APPROVER), "App", Role.APPROVER)
            bring(app)
            alert = await watch.until(lambda: message_of(peer, "Finding: Gloves"))

            await me.press_in(CHANNEL, alert, "Draft letter")
            form = await me.form()
            filled = {block["block_id"]: block["element"] for block in form["blocks"]}
            assert filled["to"]["initial_option"]["value"] == "office:cbp"
            await me.submit(template=chosen("business-accountability"), to=searched("office:cbp"), ask=searched("4"))
            await watch.until(lambda: with_files(peer, "Draft L-001")[1:])
            assert endings(with_files(peer, "Draft L-001")) == ["docx", "pdf"]
            assert message_of(peer, "Draft L-001")["thread_ts"] == alert["ts"]

            await me.press_in(CHANNEL, message_of(peer, "Draft L-001"), "Request approval")
            await watch.until(lambda: message_of(peer, "L-001 waits for approval"))
            draft = records.find(app.db, "L-001")
            assert draft
            line = f"approve L-001 agree:yes text:{draft.version.digest}"
            how = {"channel": CHANNEL, "user": APPROVER, "command": "/letter", "text": line}
            await asyncio.to_thread(peer.do, "command", **how)
            await watch.until(lambda: message_of(peer, "L-001 is approved"))
            await me.type('/letter signon L-001 until:"3d"')
            await watch.until(lambda: message_of(peer, "L-001: sign-on open"))

            client = AsyncWebClient(TOKEN, base_url=peer.api_url)
            alone = (await client.conversations_open(users=PERSON))["channel"]["id"]
            asked = await watch.until(lambda: message_of(peer, "Please sign by", alone))
            me.shown.clear()
            await me.press_in(alone, asked, "Sign")
            form = await me.form()
            assert [block["block_id"] for block in form["blocks"]] == ["signatory", "title", "agree"]
            who = {"signatory": text("Maria Lopez"), "title": text("Executive Director")}
            await me.submit(**who, agree=chosen("yes"))
            await watch.until(lambda: message_of(peer, "CAST has signed L-001", alone))
            await watch.until(lambda: head(message_of(peer, "L-001: sign-on open") or {}).endswith("1 of 12"))

            await me.type("/letter lock L-001")
            await me.press_in(CHANNEL, await watch.until(lambda: message_of(peer, "Lock L-001?")), "Lock it")
            await watch.until(lambda: with_files(peer, "L-001 locked: 1 of 12 signed")[2:])
            assert endings(with_files(peer, "L-001 locked: 1 of 12 signed")) == ["docx", "pdf", "csv"]
            reading.cancel()
