"""The crash: a worker is killed right after its first message is posted, and another takes over.

As a program, this module is the worker:
``python -m bot.cli.demo.crash DATABASE FOLDER BASE DISCORD_URL NOW EXAMPLE``.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.cli.demo import replay, setup
from bot.cli.demo.server import LoopbackServer

WORST_MOMENT: Final = "after-send"  # posted, and not yet recorded
LATER: Final = timedelta(
    minutes=5
)  # longer than Discord remembers a nonce: the worker must search the channel's history
_BOT: Final[dict[str, Any]] = {"id": "1", "username": "demo", "discriminator": "0", "avatar": None, "bot": True}


@dataclass(frozen=True, slots=True)
class Crash:
    """`ended` is the first worker's exit code (-9: SIGKILL). The counts compare with an undisturbed run."""

    ended: int
    before: int
    posted: int
    expected: int
    lost: int
    repeated: int


async def crash(database: Path, folder: Path, base: str, now: datetime, example: str) -> Crash:
    """Run two workers (the first is killed) and one undisturbed worker on copies of `database`.

    `folder` contains coalition.yml and feeds.yml, `example` is the example whose week is replayed.
    """
    calm, rough = (Path(shutil.copy(database, database.with_suffix(end))) for end in (".calm", ".rough"))
    expected, actual = LoopbackChannel(), LoopbackChannel()
    async with expected as quiet_url, actual as rough_url:
        where = (str(folder), base)
        undisturbed, ended = await asyncio.gather(
            _work(calm, *where, quiet_url, now, example),
            _work(rough, *where, rough_url, now, example, die=WORST_MOMENT),
        )
        before = len(actual.posted)
        second = await _work(rough, *where, rough_url, now + LATER, example)
    wanted, had = _count_messages(expected), _count_messages(actual)
    if undisturbed or second or not wanted:
        raise RuntimeError(f"the demo's workers ended with {undisturbed} and {second}, having posted {wanted.total()}")
    return Crash(
        ended=ended,
        before=before,
        posted=had.total(),
        expected=wanted.total(),
        lost=(wanted - had).total(),
        repeated=(had - wanted).total(),
    )


async def _work(
    database: Path, folder: str, base: str, discord_url: str, now: datetime, example: str, *, die: str = ""
) -> int:
    arguments = (str(database), folder, base, discord_url, now.isoformat(), example)
    environment = {**os.environ, "COALITION_BOT_FAILPOINT": die}
    worker = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name, *arguments, env=environment)
    return await worker.wait()


def _count_messages(channel: LoopbackChannel) -> Counter[tuple[str, str]]:
    """The messages in the channels, by first line."""
    return Counter((message["channel_id"], message["content"]) for message in channel.posted)


def main(database: str, folder: str, base: str, discord_url: str, now: str, example: str) -> None:
    """Poll every source once, post what is due, and exit."""
    moment = datetime.fromisoformat(now)
    config = setup.config(replay.load(replay.folder_of(example)), base, Path(folder), discord=True)
    with setup.open_app(config, Path(database), clock=lambda: moment, discord_url=discord_url) as app:
        asyncio.run(app.once())


if __name__ == "__main__":
    main(*sys.argv[1:])


class LoopbackChannel(LoopbackServer):
    """`async with LoopbackChannel() as url` gives an address for DISCORD_API_URL; `posted` has the visible messages.

    Discord forgets a message's nonce after some minutes; this channel ignores nonces, so a message sent twice is in
    `posted` twice.
    """

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        super().__init__(
            web.get("/users/@me", _me),
            web.get("/oauth2/applications/@me", _application),
            web.post("/channels/{id}/messages", self._post),
            web.get("/channels/{id}/messages", self._history),
            web.patch("/channels/{id}/messages/{message}", self._edit),
        )

    async def _post(self, request: web.Request) -> web.Response:
        message = {**await request.json(), "id": str(len(self.posted) + 1), "channel_id": request.match_info["id"]}
        self.posted.append(message | {"author": _BOT})
        return _json(self.posted[-1])

    async def _edit(self, request: web.Request) -> web.Response:
        """Accept an edit; `posted` keeps what was posted."""
        return _json(self.posted[int(request.match_info["message"]) - 1] | await request.json())

    async def _history(self, request: web.Request) -> web.Response:
        """The channel's messages, newest first. There are few, so `after` is ignored."""
        messages = [message for message in self.posted if message["channel_id"] == request.match_info["id"]]
        return _json(messages[::-1])


def _json(value: Any) -> web.Response:
    """A JSON response; discord.py reads JSON only without a charset."""
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


async def _me(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's signature
    return _json(_BOT)


async def _application(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's signature
    return _json(
        {"id": "1", "name": "demo", "icon": None, "description": "", "bot_public": False, "flags": 0}
        | {"bot_require_code_grant": False, "verify_key": "", "owner": _BOT}
    )
