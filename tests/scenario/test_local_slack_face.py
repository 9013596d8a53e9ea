"""A command, its answer, a form with a mistake, a button, the home page: in a third-party Slack simulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.kit.discord_face import until
from tests.kit.ports import unused_port
from tests.kit.slack_face import House, serving
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, SECRET, TEAM, TOKEN, LocalSlack, local_slack

pytestmark = [pytest.mark.peer("local-slack"), pytest.mark.sqlite]  # the face alone, the same on either store


@dataclass
class Desk:
    """The person at local-slack's own page, over the socket that the page speaks through."""

    campaign: House
    peer: LocalSlack
    page: aiohttp.ClientWebSocketResponse
    shown: list[dict[str, Any]] = field(default_factory=list)

    async def type(self, text: str) -> None:
        command, _, rest = text.partition(" ")
        how = {"channel": CHANNEL, "user": PERSON, "command": command, "text": rest}
        await asyncio.to_thread(self.peer.do, "command", **how)

    async def answer(self, count: int = 1) -> dict[str, Any]:
        return (await self.messages(lambda parsed: len(parsed) >= count))[-1]

    async def messages(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """What the channel shows, once it is enough."""
        async with asyncio.timeout(60):
            while not enough(parsed := await asyncio.to_thread(self.peer.messages)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return parsed

    async def press(self, message: dict[str, Any], label: str) -> None:
        element = next(
            element
            for block in message["blocks"]
            for element in block.get("elements", ())
            if element.get("text", {}).get("text") == label
        )
        how = {"channel": CHANNEL, "messageTs": message["ts"], "user": PERSON, "action": element}
        await asyncio.to_thread(self.peer.do, "interact", **how)

    async def form(self) -> dict[str, Any]:
        """The window that is open. On a busy machine Slack's three seconds may be over: a button then opens it."""
        pressed = set[str]()
        async with asyncio.timeout(60):
            while not (opened := [each["stack"][-1] for each in self.shown if each["t"] == "view" and each["stack"]]):
                for message in await asyncio.to_thread(self.peer.messages):
                    if "Open the form" in str(message.get("blocks")) and message["ts"] not in pressed:
                        pressed.add(message["ts"])
                        await self.press(message, "Open the form")
                await asyncio.sleep(0.05)
        return opened[-1]

    async def submit(self, **filled: dict[str, Any]) -> None:
        self.shown.clear()
        values = {name: {name: element} for name, element in filled.items()}
        await self.page.send_json({"t": "view_submit", "user": PERSON, "values": values})

    async def read(self) -> None:
        async for message in self.page:
            self.shown.append(message.json())


def text(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


@pytest.fixture(params=["socket", "http"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    campaign, port = House(tmp_path), unused_port() if request.param == "http" else None
    campaign.link(PERSON, "Ada", team=TEAM)
    with local_slack(tmp_path, bot_port=port) as peer:
        tokens = {"slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN, "slack_signing_secret": SECRET}
        where = {"slack_mode": request.param, "port": port or 0}
        face = campaign.face(peer.api_url, settings=tokens | where, clock=lambda: datetime.now(UTC))
        async with serving(face), aiohttp.ClientSession() as session, session.ws_connect(f"{peer.url}/ui") as page:
            desk = Desk(campaign, peer, page)
            reading = asyncio.create_task(desk.read())
            await connected(desk, port)
            yield desk
            reading.cancel()


async def connected(desk: Desk, port: int | None) -> None:
    """Wait for the socket as the page shows it, or for the port."""
    if port is None:
        await until(lambda: "'connected': True" in str(desk.shown))
        return
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def head(message: dict[str, Any]) -> str:
    return message["blocks"][0]["text"]["text"]


async def test_a_command_is_answered_to_the_person_alone(desk):
    await desk.type('/watch add "T visa" level:alert')
    reply = await desk.answer()

    assert head(reply) == "Saved: query T visa, level alert"
    assert (reply["subtype"], reply["ephemeral_to"]) == ("ephemeral", PERSON)
    assert desk.campaign.audit() == ["Ada: T visa: added"]


async def test_a_form_is_opened_sent_wrong_corrected_and_answered(desk):
    await desk.type("/campaign remind")
    view = await desk.form()

    await desk.submit(what=text("the letter"), day=text("someday"))
    await until(lambda: [each for each in desk.shown if each["t"] == "view_errors"])
    errors = next(each["errors"] for each in desk.shown if each["t"] == "view_errors")
    await desk.submit(what=text("the letter"), day=text("Fri"))

    assert [block["block_id"] for block in view["blocks"]] == ["what", "day", "wait"]
    assert errors == {"day": "“someday” is no day. Write one like Fri or 27 Nov."}
    assert head(await desk.answer()) == "I will remind you of the letter on Fri"
    await until(lambda: {"t": "view", "stack": []} in desk.shown)  # it has closed
    assert desk.campaign.audit() == ["Ada: reminder: the letter on Fri"]


async def test_a_group_alone_shows_what_there_is_and_leads_to_the_form(desk):
    await desk.type("/late")
    await desk.form()
    await desk.submit(command=chosen("late answer"))

    assert (await desk.form())["callback_id"] == "late answer"
    await desk.submit(seconds=text("1"), how=chosen("public"))
    reply = await desk.answer()
    assert head(reply) == "Here at last"
    assert "ephemeral_to" not in reply


async def test_a_button_updates_the_message_in_place(desk):
    await desk.type("/alerts recent")
    reply = await desk.answer()
    await desk.press(reply, "Assign to me")
    (changed,) = await desk.messages(lambda parsed: head(parsed[-1]) != "One alert")

    assert head(changed) == "One alert, taken by Ada"
    assert desk.campaign.audit() == ["Ada: 4f2c81: Ada"]


async def test_a_button_opens_a_form(desk):
    await desk.type("/alerts recent")
    await desk.press(await desk.answer(), "Note")

    assert (await desk.form())["blocks"][0]["element"]["initial_value"] == "so far"
    await desk.submit(text=text("worth a letter"))
    assert head(await desk.answer(2)) == "Noted: worth a letter"


async def test_the_home_page_says_what_waits(desk):
    await asyncio.to_thread(desk.peer.do, "open-home", user=PERSON)
    await until(lambda: [each for each in desk.shown if each["t"] == "home"])

    view = next(each["view"] for each in desk.shown if each["t"] == "home")
    assert head(view) == "What waits for you"
