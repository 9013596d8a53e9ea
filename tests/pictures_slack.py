"""Make docs/pictures/slack-command.png and slack-form.png: a command's answer and a form, as local-slack's page draws
what the whole bot says through its Slack face.

Run ``python -m tests.pictures_slack``; it wants what ``tests.pictures`` wants.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.chat.slack.face import SlackFace
from bot.command import Role
from bot.config.settings import Settings
from tests.board import Board
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, TEAM, TOKEN, LocalSlack, local_slack
from tests.pictures import PICTURES, Page, browser
from tests.slack_kit import serving

SHOTS = {
    "slack-command": ("/letter draft agency-request to:ovc ask:1", ".msg"),
    "slack-form": ("/watch add asks:4", ".modal"),
    "slack-setup": ("/campaign setup step:zone", ".msg"),
    "slack-people": ("/campaign people", ".msg"),
    "slack-bill": ("/bill show s3240-116", ".msg"),
}


async def shoot(page: Page, board: Board, peer: LocalSlack, name: str) -> None:
    text, selector = SHOTS[name]
    command, _, rest = text.partition(" ")
    how = {"channel": CHANNEL, "user": PERSON, "command": command, "text": rest}
    settings = Settings(slack_bot_token=TOKEN, slack_app_token=APP_TOKEN, slack_api_url=peer.api_url, _env_file=None)  # type: ignore[call-arg]
    face = SlackFace(
        settings,
        board.switchboard,
        board.commands,
        clock=lambda: board.now,
        zone=ZoneInfo("America/New_York"),
        tell=print,
        dice=lambda: 0.5,
    )
    async with serving(face):
        await asyncio.sleep(1)  # until the line is open
        await asyncio.to_thread(peer.do, "command", **how)
        await asyncio.sleep(1)
        await page.shoot(peer.url, selector, PICTURES / f"{name}.png")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        board = Board(Path(folder))
        roles = (Role.POLICY, Role.ADMINISTRATOR)
        board.add("Policy Director", *roles, user=PERSON, team=TEAM)
        board.add("Maria Lopez", Role.REPRESENTATIVE, organisation="cast", user="U0MARIA")
        async with browser(Path(folder) / "chromium") as page:
            for name in SHOTS:
                place = Path(folder) / name
                place.mkdir()
                with local_slack(place) as peer:
                    await shoot(page, board, peer, name)


if __name__ == "__main__":
    asyncio.run(main())
