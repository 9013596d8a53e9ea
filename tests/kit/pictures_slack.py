"""Draw docs/pictures/slack-setup.png: a command's answer as local-slack's page shows it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.commands.model import Role
from tests.kit.board import Board
from tests.kit.pictures import PICTURES, browser
from tests.kit.slack_face import board_in_slack
from tests.peers.local_slack import APP_TOKEN, CHANNEL, PERSON, TEAM, TOKEN, local_slack


async def draw(pictures: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        board = Board(Path(folder))
        board.add("Policy Director", Role.POLICY, Role.ADMINISTRATOR, user=PERSON, team=TEAM)
        how = {"channel": CHANNEL, "user": PERSON, "command": "/campaign", "text": "setup step:zone"}
        async with browser(Path(folder) / "chromium") as page:
            with local_slack(Path(folder)) as peer:
                async with board_in_slack(board, peer.api_url, TOKEN, APP_TOKEN):
                    await asyncio.sleep(1)  # until the line is open
                    await asyncio.to_thread(peer.do, "command", **how)
                    await asyncio.sleep(1)
                    await page.shoot(peer.url, ".msg", pictures / "slack-setup.png")


if __name__ == "__main__":
    asyncio.run(draw(PICTURES))
