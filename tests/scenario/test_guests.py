"""Workspace guests, who may have no slash commands, can do everything they need with buttons and forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.chat.slack import incoming
from bot.commands.model import Role
from tests.kit.board import Board
from tests.kit.slack_face import board_in_slack
from tests.peers.slack_app import TEAM, SlackApp

GUEST, THEIRS = "U0GUEST", "T0THEIRS"  # of another workspace, in a channel that both share


@dataclass
class Visit:
    """A guest at the bot's home page: what is there, what they press, what they send."""

    board: Board
    slack: SlackApp

    async def home(self) -> dict:
        return await self._published_after(self.slack.home(GUEST))

    async def press(self, label: str) -> dict:
        """Press a button of the home page, and return the page that the bot publishes after every press there."""
        view = self.slack.homes[GUEST]
        (button,) = (each for each in buttons(view) if each["text"]["text"] == label)
        payload = self.slack.press(button, user=GUEST)
        return await self._published_after(payload | {"container": {"type": "view"}, "view": view, "response_url": ""})

    async def _published_after(self, payload: dict) -> dict:
        before = self.slack.homes.get(GUEST)
        await self.slack.deliver(self._theirs(payload))
        async with asyncio.timeout(60), self.slack._arrived:
            await self.slack._arrived.wait_for(lambda: self.slack.homes.get(GUEST) is not before)
        return self.slack.homes[GUEST]

    async def send(self, **filled: str) -> dict:
        """Send the form that is open, and return the home page that the bot publishes then."""
        view = (await self.slack.heard("views"))[-1]
        return await self._published_after(self.slack.submit(view, GUEST, **filled))

    def _theirs(self, payload: dict) -> dict:
        """As Slack reports a user of another workspace: with their own workspace's id."""
        if payload["type"] == "event_callback":
            return payload | {"team_id": THEIRS}
        return payload | {"user": {"id": GUEST, "team_id": THEIRS}, "team": {"id": TEAM}}


def buttons(view: dict) -> list[dict]:
    return [each for block in view["blocks"] if block["type"] == "actions" for each in block["elements"]]


def text(view: dict) -> str:
    return str([block.get("text") or block.get("elements") for block in view["blocks"]])


@pytest.fixture
async def visit(tmp_path) -> AsyncIterator[Visit]:
    board, slack = Board(tmp_path), SlackApp()
    async with slack.running() as url, board_in_slack(board, url):
        await slack.connected()
        yield Visit(board, slack)


async def test_an_unlinked_guest_learns_who_can_link_them_and_no_more(visit):
    home = await visit.home()

    assert f"your account is slack:{THEIRS}/{GUEST}" in text(home)
    assert buttons(home) == []


async def test_a_linked_guest_follows_an_ask_without_typing_a_command(visit):
    visit.board.add("Maria", Role.REPRESENTATIVE, organisation="cast", user=GUEST, team=THEIRS)
    home = await visit.home()
    assert "Signed in as Maria, CAST. Role: representative" in text(home)
    assert not any(incoming.decode_button(button)[0] in ("campaign pause", "watch add") for button in buttons(home))

    await visit.press("Follow")

    assert "ask 4 (Hold business to account" in text(await visit.send(what="ask:4"))
    (change,) = visit.board.changes()
    assert (change.who, change.subject) == ("Maria", "what Maria follows")


async def test_the_same_user_id_of_the_home_workspace_is_not_the_guest(visit):
    visit.board.add("Maria", Role.REPRESENTATIVE, organisation="cast", user=GUEST, team=THEIRS)

    await visit.slack.deliver(visit.slack.command("/campaign me", user=GUEST))
    (messages,) = await visit.slack.heard("posted")
    assert f"your account is slack:{TEAM}/{GUEST}" in messages["text"]


async def test_a_guest_who_was_unlinked_can_press_an_old_button_in_vain(visit):
    visit.board.add("Maria", Role.REPRESENTATIVE, organisation="cast", user=GUEST, team=THEIRS)
    await visit.home()
    with visit.board.db.write() as tx:
        tx.execute("DELETE FROM account WHERE user_id = :user", {"user": GUEST})

    assert "is not linked yet" in text(await visit.press("Follow"))
    assert visit.slack.views == {}
