"""A press contact's day in a third-party Slack simulator: a story, a reporter, a reminder, a report, an inquiry."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.model import Role
from bot.people.model import Account
from tests.kit.discord_face import until
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, SECRET, TEAM, TOKEN, local_slack
from tests.scenario.letter_journey import Watch, link, running
from tests.scenario.press_journey import SPEAKS, Later, bring, program
from tests.scenario.test_letter_local_slack import SlackUser, head, message_of
from tests.scenario.test_local_slack_face import chosen, text

pytestmark = pytest.mark.peer("local-slack")

SPEAKER = "U0SPEAKER"


def everything(message):
    return str(message and message["blocks"])


@pytest.mark.long
async def test_from_the_story_to_the_reporter_the_report_and_an_inquiry(tmp_path):  # noqa: PLR0915 - a whole day
    with local_slack(tmp_path) as peer:
        settings = {"slack_api_url": peer.api_url, "slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN,
                    "slack_signing_secret": SECRET}  # fmt: skip
        watch, clock = Watch(), Later()
        async with (
            running(program(tmp_path, f"slack:{CHANNEL}", settings, clock)) as app,
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{peer.url}/ui") as page,
        ):
            me = SlackUser(None, peer, page)
            reading = asyncio.create_task(me.read())
            await until(lambda: "'connected': True" in str(me.shown))
            link(app, Account("slack", TEAM, PERSON), "Pia", Role.PRESS)
            link(app, Account("slack", TEAM, SPEAKER), SPEAKS, Role.APPROVER)
            client = AsyncWebClient(TOKEN, base_url=peer.api_url)
            alone = (await client.conversations_open(users=PERSON))["channel"]["id"]

            bring(app, "Tribune", "Gazette")
            story = await watch.until(lambda: message_of(peer, "Tribune: Polaris fails"))
            assert "2 outlets" in head(story)
            await me.press_in(CHANNEL, story, "Claim")
            await watch.until(lambda: "Claimed by Pia" in everything(message_of(peer, "Tribune: Polaris fails")))
            await me.type('/mentions tag S-1 tone:critical reporter:"Jo Sample"')
            await watch.until(lambda: message_of(peer, "Tagged"))

            await me.type('/press add outlet:Tribune name:"Jo Sample" beat:labor email:jo@tribune.example')
            added = await watch.until(lambda: message_of(peer, "P-1 Jo Sample (Tribune): on the list"))
            assert "1 story of ours under this byline: S-1" in everything(added)
            assert added["ephemeral_to"] == PERSON
            await me.press_in(CHANNEL, added, "Note")
            await me.form()
            await me.submit(text=text("called, wants a farmworker leader"), follow=text("3d"))
            await watch.until(lambda: message_of(peer, "Note saved for P-1"))
            clock.turn(days=4)
            app.stir()
            reminder = await watch.until(lambda: message_of(peer, "Follow up with P-1 Jo Sample", alone))
            assert "called, wants a farmworker leader" in everything(reminder)

            await me.type("/clips funder since:2026-01-01")
            named = await watch.until(
                lambda: [f["name"] for each in peer.messages(alone) for f in each.get("files", ())]
            )
            assert named[0].startswith("clips-2026-01-01-")
            assert named[0].endswith(".docx")

            me.shown.clear()
            await me.type("/press inquiry")
            form = await me.form()
            assert [block["block_id"] for block in form["blocks"]][:5] == [
                "reporter",
                "outlet",
                "question",
                "due",
                "kind",
            ]
            await me.submit(
                reporter=text("Jo Sample"), outlet=text("Tribune"), question=text("What does the audit change?"),
                due=text("2h"), kind=chosen("question"),
            )  # fmt: skip
            asked = await watch.until(lambda: message_of(peer, "Press inquiry Q-1 from Tribune"))
            theirs = (await client.conversations_open(users=SPEAKER))["channel"]["id"]
            passed = await watch.until(lambda: message_of(peer, "Press inquiry Q-1 from Tribune", theirs))
            assert "What does the audit change?" in everything(passed)
            await me.press_in(CHANNEL, asked, "Acknowledge")
            for channel in (CHANNEL, theirs):
                await watch.until(
                    lambda: any("Acknowledged" in everything(each) for each in peer.messages(channel))  # noqa: B023
                )

            await me.type("/press erase P-1 sure:yes")
            await watch.until(lambda: message_of(peer, "P-1 is erased"))
            for channel in (alone, theirs):
                await watch.until(lambda: message_of(peer, "This was about a person who asked", channel))  # noqa: B023
            await watch.until(lambda: "Jo Sample" not in str([m for m in peer.messages() if not m.get("ephemeral_to")]))
            assert "Jo Sample" not in str(peer.messages(theirs))
            reading.cancel()
