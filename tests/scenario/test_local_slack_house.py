"""An administrator's and a policy director's day by commands, buttons and forms, in Slack as others wrote it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app.application import App
from bot.commands.model import Role
from bot.people.model import Account
from tests.kit.ports import unused_port
from tests.peers.feedserver import FeedServer, rss, serving
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, SECRET, TEAM, TOKEN, LocalSlack, local_slack
from tests.scenario.letter_journey import Watch, bring, link, program, running
from tests.scenario.test_letter_local_slack import SlackUser, message_of
from tests.scenario.test_local_slack_face import chosen, connected, text

pytestmark = pytest.mark.peer("local-slack")

ITEMS = [{"title": "A story", "link": "https://example.gov/1", "pubDate": "Mon, 23 Nov 2026 15:01:00 GMT"}]


class Day:
    """One person's day: what they type and press, and what is then to be read in the channel."""

    def __init__(self, app: App, peer: LocalSlack, me: SlackUser, feeds: FeedServer) -> None:
        self.app, self.peer, self.me, self.feeds = app, peer, me, feeds
        self._watch = Watch(30)

    async def read(self, beginning: str, channel: str = CHANNEL) -> dict[str, Any]:
        return await self._watch.until(lambda: message_of(self.peer, beginning, channel))

    async def until(self, words: str, *, times: int = 1) -> None:
        await self._watch.until(lambda: str(self.peer.messages()).count(words) >= times)

    async def ask(self, line: str, beginning: str) -> dict[str, Any]:
        await self.me.type(line)
        return await self.read(beginning)

    async def press(self, message: dict[str, Any], label: str, beginning: str) -> dict[str, Any]:
        await self.me.press_in(CHANNEL, message, label)
        return await self.read(beginning)


@asynccontextmanager
async def day(folder: Path, mode: str, *roles: Role) -> AsyncIterator[Day]:
    port = unused_port() if mode == "http" else None
    with local_slack(folder, bot_port=port) as peer:
        settings = {"slack_api_url": peer.api_url, "slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN,
                    "slack_signing_secret": SECRET, "slack_mode": mode, "port": port or 0}  # fmt: skip
        async with (
            serving() as feeds,
            running(program(folder, f"slack:{CHANNEL}", settings)) as app,
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{peer.url}/ui") as page,
        ):
            me = SlackUser(None, peer, page)  # type: ignore[arg-type]
            reading = asyncio.create_task(me.read())
            await connected(me, port)
            link(app, Account("slack", TEAM, PERSON), "Maria Lopez", *roles)
            bring(app)
            yield Day(app, peer, me, feeds)
            reading.cancel()


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.long
async def test_an_administrator_sets_up_adds_a_source_asks_why_pauses_and_reads_the_audit(tmp_path, mode):
    async with day(tmp_path, mode, Role.ADMINISTRATOR) as item:
        await item.ask("/campaign setup", "Setting up for ATEST")
        card = await item.ask("/campaign setup step:coalition", "Who you are")
        for label, beginning in (
            ("Next: asks", "What you ask"),
            ("Next: members", "Who signs your letters"),
            ("Next: channels", "Channels: where the bot posts"),
        ):
            card = await item.press(card, label, beginning)
        assert f"policy (slack:{CHANNEL}): the bot can post and read" in str(card["blocks"])
        for label, beginning in (
            ("Next: routes", "Routes: what is posted where"),
            ("Next: people", "People: who can do what"),
            ("Next: watching", "Watching: what is read"),
        ):
            card = await item.press(card, label, beginning)
        await item.me.press_in(CHANNEL, card, "Next: digest")
        await item.until("A preview for “policy”")

        await item.ask("/feeds list", "0 sources")
        url = item.feeds.say("/news", rss(*ITEMS))
        card = await item.ask(f'/feeds add {url} name:"Example newsroom"', "Not saved yet: “Example newsroom”")
        await item.press(card, "Save", "Saved: “Example newsroom”")
        await item.ask('/watch test "forced labor"', "This query on the last 90 days")
        await item.me.type("/find 2026-00001")
        await item.until("Matched")

        card = await item.ask("/campaign pause until:2h", "Posting is paused everywhere until")
        await item.press(card, "Resume", "Posting again everywhere")
        card = await item.ask("/campaign audit", "3 changes since")
        assert "Maria Lopez, /campaign resume: everywhere" in str(card["blocks"])


@pytest.mark.long
async def test_a_policy_director_reads_the_whole_and_says_what_was_not_wanted(tmp_path, mode):
    async with day(tmp_path, mode, Role.POLICY) as item:
        alert = await item.read("Finding: Gloves")
        await item.me.press_in(CHANNEL, alert, "Why")
        await item.until("Matched")
        await item.me.type("/find 2026-00001")
        await item.until("Finding: Gloves", times=4)  # the alert and this, each in its head and in its notification

        await item.me.press_in(CHANNEL, alert, "Not relevant")
        form = await item.me.form()
        assert [block["block_id"] for block in form["blocks"]] == ["reason", "note"]
        await item.me.submit(reason=chosen("noise"), note=text("An old one"))
        await item.read("Noted: ")
        await item.until("noise by Maria Lopez")

        await item.me.press_in(CHANNEL, alert, "Not relevant")
        await item.until("noise by Maria Lopez", times=2)
        assert [row["subject"] for row in item.app.db.read("SELECT subject FROM audit ORDER BY seq")] == [
            "Finding: Gloves Are Produced With Forced Labor"
        ]
