"""Draw docs/pictures/slack-command.png and its like, and letter-signon-slack.png: a command's answer, a form, a letter
that is open for sign-on, as local-slack's page shows what the whole bot says.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import render
from bot.commands.model import Role
from bot.config.coalition import Member
from bot.shared.card import Card
from tests.kit.board import TUESDAY, Board
from tests.kit.letters_desk import Desk, config
from tests.kit.pictures import PICTURES, Page, browser
from tests.kit.slack_face import board_in_slack
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, TEAM, TOKEN, LocalSlack, local_slack

SHOTS = {
    "slack-command": ("/letter draft police-letters to:ovc", ".msg"),
    "slack-form": ("/watch add", ".modal"),
    "slack-setup": ("/campaign setup step:zone", ".msg"),
    "slack-people": ("/people list", ".msg"),
    "slack-bill": ("/bill show s3240-116", ".msg"),
}


async def shoot(page: Page, board: Board, peer: LocalSlack, path: Path) -> None:
    text, selector = SHOTS[path.stem]
    command, _, rest = text.partition(" ")
    how = {"channel": CHANNEL, "user": PERSON, "command": command, "text": rest}
    async with board_in_slack(board, peer.api_url, TOKEN, APP_TOKEN):
        await asyncio.sleep(1)  # until the line is open
        await asyncio.to_thread(peer.do, "command", **how)
        await asyncio.sleep(1)
        await page.shoot(peer.url, selector, path)


def sign_on(folder: Path) -> Card:
    """The card in the channel after some members of an invented coalition have signed."""
    names = ("Alpha House", "Beta Fund", "Gamma Center", "Delta Network", "Epsilon Clinic", "Zeta Shelter")
    made_up = {name.partition(" ")[0].lower(): Member(name=name) for name in names}
    base = config()
    desk = Desk(folder, replace(base, coalition=base.coalition.model_copy(update={"members": made_up})))
    desk.opened()
    for each in ("alpha", "gamma", "zeta"):
        desk.signs(each)
    return desk.shown(desk.config.coalition.letters.channel or "")[0]


async def shoot_card(page: Page, place: Path, card: Card, path: Path) -> None:
    with local_slack(place) as peer:
        client = AsyncWebClient(TOKEN, base_url=peer.api_url)
        await client.chat_postMessage(channel=CHANNEL, **render.message(card, TUESDAY.date()))
        await page.shoot(peer.url, ".msg", path)


async def draw(pictures: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        board = Board(Path(folder))
        roles = (Role.POLICY, Role.ADMINISTRATOR)
        board.add("Policy Director", *roles, user=PERSON, team=TEAM)
        board.add("Maria Lopez", Role.REPRESENTATIVE, organisation="cast", user="U0MARIA")
        place = Path(folder) / "letter"
        place.mkdir()
        card = await asyncio.to_thread(sign_on, place)
        async with browser(Path(folder) / "chromium") as page:
            await shoot_card(page, place, card, pictures / "letter-signon-slack.png")
            for name in SHOTS:
                place = Path(folder) / name
                place.mkdir()
                with local_slack(place) as peer:
                    await shoot(page, board, peer, pictures / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(draw(PICTURES))
