"""The real program over loopback peers: the shipped files with other addresses, and what its channels then show.

No part of the program is replaced: `bot.app.application.build` builds it; the tests set only the clock, the ids and the
dice.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.app.application import App, build
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits
from tests.kit import configs, stores
from tests.kit.configs import FILES, ROOT
from tests.peers.chat import Peer
from tests.peers.discord import DiscordPeer

WATCHES = len(configs.shipped().feeds.watches)
SLACK, DISCORD = "C0POLICY", "1100000000000000001"
LIMITS = Limits(gap=0, per_host=20)


class Clock:
    """A clock that moves only when it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


# The sections of coalition.yml in separate files.
LAW = {"authorities": "templates/letters/claims.yml", "duties": "templates/letters/duties.yml"}


def copy_files(folder: Path, source: Path = ROOT) -> None:
    """The two files, with those that coalition.yml names."""
    for name in (*FILES, *LAW.values()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, folder / name)


def shipped(
    folder: Path,
    sources: Mapping[str, str],
    channels: Mapping[str, str],
    *,
    replace: Mapping[str, Any] | None = None,
    follow: Sequence[str] = (),
    only: str = "",
) -> Config:
    """The shipped files, written to `folder` and read from there.

    `sources` maps those that are asked to their loopback addresses, all others are switched off; each of `channels`
    (name → place) hears everything. `replace` puts other top-level values into feeds.yml, `follow` more followed
    bills into coalition.yml; of those that it follows as shipped, `only` leaves one.
    """
    feeds, coalition = map(deepcopy, _as_shipped())
    for id_, source in feeds["sources"].items():
        source.update({"url": sources[id_], "enabled": True, "fallbacks": []} if id_ in sources else {"enabled": False})
    feeds["channels"] = {name: {"to": to} for name, to in channels.items()} | {"admin": feeds["channels"]["admin"]}
    feeds["routes"] = [{"to": name} for name in channels]
    feeds |= {"allow_hosts": ["127.0.0.1"]} | dict(replace or {})
    if feeds["press"] not in channels:
        del feeds["press"]
    for family in coalition["bills"].values() if only else ():
        for bill in family["bills"]:
            bill["follow"] = bill["id"] == only
    if follow:
        more = [{"id": bill, "follow": True} for bill in follow]
        coalition["bills"]["more"] = {"name": "Others", "bills": more}
    for name, file in zip(FILES, (feeds, coalition), strict=True):
        (folder / name).write_text(configs.dump(file), encoding="utf-8")
    return configs.load(folder)


@cache
def _as_shipped() -> tuple[dict[str, Any], ...]:
    """With the sources by id, and with the sections from separate files."""
    feeds, coalition = (YAML(typ="safe").load(ROOT / name) for name in FILES)
    listed = [{item: {}} if isinstance(item, str) else item for item in feeds["sources"]]
    feeds["sources"] = {id_: section for item in listed for id_, section in item.items()}
    coalition |= {key: YAML(typ="safe").load(ROOT / name) for key, name in LAW.items()}
    return feeds, coalition


@dataclass
class Program:
    """An installed bot: its folder with a database in it, its configuration and the moment it lives in.

    `settings` are further ones: tokens and addresses of chat platforms.
    """

    folder: Path
    config: Config
    clock: Clock
    settings: dict[str, Any] = field(default_factory=dict)
    out: StringIO = field(default_factory=StringIO)
    ids: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        stores.create(self.database).close()

    @property
    def database(self) -> Path:
        return self.folder / "coalition.db"

    def environment(self) -> Settings:
        return Settings(_env_file=None, database_url=stores.url(self.database), **self.settings)

    @contextmanager
    def started(self, running: Any = "shared", **options: Any) -> Iterator[App]:
        """One life of the program, from its start to its end."""
        with build(
            self.environment(),
            self.config,
            running=running,
            out=self.out,
            clock=self.clock,
            new_id=lambda: f"{next(self.ids):032}",
            dice=lambda: 0.5,
            limits=LIMITS,
            pace=timedelta(0),
            **options,
        ) as app:
            yield app

    async def once(self, **options: Any) -> int:
        """Start, ask every source, post what is due, end; how many messages were posted."""
        with self.started(**options) as app:
            polled, delivered = await app.once()
        assert all(one.health.good for one in polled.polled), polled
        assert (delivered.retried, delivered.ambiguous, delivered.dead) == (0, 0, 0)
        return delivered.sent

    def printed(self, channel: str) -> list[str]:
        """The messages that a console channel has shown, oldest first."""
        outcome = re.findall(r"(.*?)\n   (?:↳ )?(\S+) · #[a-z2-7]{10}\n\n", self.out.getvalue(), re.DOTALL)
        return [text for text, name in outcome if name == channel]


def tokens(slack: str = "", discord: str = "") -> dict[str, str]:
    """Settings that lead to the loopback platforms at these addresses."""
    given = {"slack_api_url": slack, "slack_bot_token": slack and Peer.TOKEN}
    given |= {"discord_api_url": discord, "discord_bot_token": discord and DiscordPeer.TOKEN}
    return {name: value for name, value in given.items() if value}


def slack_says(message: Mapping[str, Any]) -> str:
    """A Slack message as a person reads it, without its buttons."""
    blocks = [block for block in message["blocks"] if block["type"] != "actions"]
    texts = [block["elements"][0] if block["type"] == "context" else block["text"] for block in blocks]
    words_shown = re.sub(r"<http[^|>]+\|([^>]+)>", r"\1", "\n".join(text["text"] for text in texts)).replace("*", "")
    return words_shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def discord_says(message: Mapping[str, Any]) -> str:
    """A Discord message as a person reads it, without the sender's mark."""
    embeds = message["embeds"]
    texts = [message["content"], *(embed["description"] for embed in embeds)]
    texts.append(re.sub(r"(?: · )?#[a-z2-7]{10}$", "", embeds[-1]["footer"]["text"]))
    words_shown = re.sub(r"(?<!\\)\[((?:\\.|[^\]])+)\]\(http[^)]+\)", r"\1", "\n".join(texts)).replace("**", "")
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", words_shown)


def words(words_shown: str) -> list[str]:
    """The words of a message, whatever its layout: addresses that a console writes out are left aside."""
    shown = (line for line in words_shown.splitlines() if not re.match(r" +https?://\S+$", line))
    return sorted(word for line in shown for word in line.split() if word != "·")
