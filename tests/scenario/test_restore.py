"""Restoring a backup: what was posted since it was made is not posted again, and what was not posted, is."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.chat.discord import sender as discord_sender
from bot.chat.slack import sender as slack_sender
from bot.config.settings import Settings
from bot.ops.restore import Restored
from bot.outbox import holds
from bot.outbox.holds import Hold
from bot.store.database import StoreUnusable
from bot.store.lock import AlreadyRunning
from tests.kit import restoring, stores
from tests.peers.discord import DiscordPeer
from tests.peers.register import GATE, RegisterPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import DISCORD, SLACK, Clock, Program, discord_says, shipped, slack_says, tokens

ADMIN = "C0ADMIN"
CHANNELS = {
    "policy": {"to": f"slack:{SLACK}"},
    "field": {"to": f"discord:{DISCORD}"},
    "admin": {"to": f"slack:{ADMIN}"},
}
WATCHES = {
    "gloves": {"query": "gloves", "level": "alert", "asks": [4]},
    "pledge": {"query": "pledge", "level": "digest", "asks": [3]},
}
CORRECTS_THE_SECOND = {
    "action": "Notice; correction.",
    "correction_of": "https://www.federalregister.gov/api/v1/documents/2026-00002.json",
}
CARD = "This card is updated every hour."
TUESDAY = datetime(2026, 1, 20, 15, tzinfo=UTC)  # 10:00 in Washington


def document(number: int, title: str, **more: Any) -> dict[str, Any]:
    url = f"https://www.federalregister.gov/documents/2026/01/20/2026-{number:05}/notice"
    about = {"document_number": f"2026-{number:05}", "title": title, "publication_date": "2026-01-20", "html_url": url}
    return about | {"agencies": [], "type": "Notice", "abstract": None} | more


class House:
    """The program, its three channels, and backups of it."""

    def __init__(self, program: Program, register: RegisterPeer, slack: SlackPeer, discord: DiscordPeer) -> None:
        self.program, self.register, self.slack, self.discord = program, register, slack, discord
        self.backups = itertools.count()

    @property
    def settings(self) -> Settings:
        url = stores.url(self.program.database)
        folder = self.program.folder
        files = {"feeds_file": folder / "feeds.yml", "coalition_file": folder / "coalition.yml"}
        return Settings(_env_file=None, database_url=url, **files, **self.program.settings)

    async def brings(self, *documents: dict[str, Any], hours: float = 1) -> None:
        """After some hours these are published too, and the bot has a look."""
        self.register.documents += documents
        self.program.clock.turn(hours=hours)
        with self.program.started() as app:
            await app.once()

    def backup(self) -> Path:
        path = self.program.folder / f"backup-{next(self.backups)}.db"
        with self.program.started() as app:
            app.db.backup(str(path))
        return path

    async def restore(self, path: Path) -> Restored:
        """Onto this machine; on PostgreSQL into a new database, as required."""
        if stores.CHOSEN == "postgres":
            stores.server().drop(stores._made.pop(self.program.database))
        return await restoring.restore(
            self.settings,
            self.program.config,
            path,
            clock=self.program.clock,
            new_id=lambda: f"new{next(self.program.ids):029}",
        )

    def posted(self) -> dict[str, list[str]]:
        """The messages in the two alert channels; the pinned card, which changes each hour, is posted once in each."""
        everything = {
            "slack": [slack_says(message) for message in self.slack.messages[SLACK]],
            "discord": [discord_says(message) for message in self.discord.messages[DISCORD]],
        }
        shown = {name: [text for text in texts if CARD not in text] for name, texts in everything.items()}
        assert all(len(texts) - len(shown[name]) == 1 for name, texts in everything.items())
        return shown

    def admin(self) -> list[str]:
        return [slack_says(message) for message in self.slack.messages[ADMIN]]


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[House]:
    slack, discord = SlackPeer(), DiscordPeer()
    async with RegisterPeer() as register, slack.running() as slack_url, discord.running() as discord_url:
        more = {"channels": CHANNELS, "routes": [{"to": "policy"}, {"to": "field"}], "watches": WATCHES}
        config = shipped(folder, {"register": register.documents_url}, {}, replace=more)
        program = Program(folder, config, Clock(TUESDAY), tokens(slack_url, discord_url))
        campaign = House(program, register, slack, discord)
        await campaign.brings(document(1, "Something else"))
        yield campaign


OLD = ("first notice", "Rubber gloves", "Latex gloves", "Nitrile gloves", "pledge to look")


def repeated(campaign: House, titles: tuple[str, ...]) -> list[str]:
    """Every title that is in two messages of a channel."""
    return [
        f"{title} in {platform}"
        for platform, messages in campaign.posted().items()
        for title in titles
        if sum(title in text for text in messages) > 1
    ]


async def lost_hours(campaign: House) -> None:
    """What the bot says after the backup: alone, together, as a reply, and in a digest."""
    await campaign.brings(document(11, "Rubber gloves seized"))
    await campaign.brings(document(12, "Latex gloves detained"), document(13, "Nitrile gloves released"))
    await campaign.brings(
        document(14, "Gloves of the first notice; Correction", **CORRECTS_THE_SECOND),
        document(15, "A pledge to look"),
    )
    await campaign.brings(hours=24)  # Wednesday's digest


@pytest.mark.long
async def test_a7_nothing_posted_since_the_backup_is_posted_again(tmp_path):
    async with living(tmp_path) as campaign:
        await campaign.brings(document(2, "Gloves of the first notice"))
        backup = campaign.backup()
        await lost_hours(campaign)
        before = campaign.posted()
        assert all("Latex gloves" in "\n".join(messages) for messages in before.values())
        assert all("A pledge to look" in "\n".join(messages) for messages in before.values())

        moved = await campaign.restore(backup)
        await campaign.brings(document(21, "Gloves that nobody has heard of"), document(22, "A pledge of the next day"))
        await campaign.brings(hours=24)  # Thursday's digest

        after = campaign.posted()
        for platform, messages in before.items():
            assert after[platform][: len(messages)] == messages
            new = after[platform][len(messages) :]
            assert ["Gloves that nobody has heard of" in text for text in new] == [True, False]
            assert new[1].splitlines()[0].lstrip().startswith("Thursday digest")
            assert "A pledge of the next day" in new[1]
            assert not any(title in text for text in new for title in OLD)
        assert repeated(campaign, OLD[1:]) == []
        assert moved.on_hold == {}
        (notices,) = [text for text in campaign.admin() if "A backup was restored" in text]
        assert (
            f"Found {moved.posted_since} messages posted in the channels since then; none is posted again." in notices
        )


@pytest.mark.long
async def test_what_waited_in_the_backup_and_was_posted_since_is_not_posted_again(tmp_path):
    async with living(tmp_path) as campaign:
        for peer in (campaign.slack, campaign.discord):
            peer.fail("429", seconds=600, times=1)
        await campaign.brings(document(2, "Gloves that had to wait"), document(3, "A pledge that had to wait"))
        backup = campaign.backup()
        await campaign.brings(hours=24)
        before = campaign.posted()
        assert all("Gloves that had to wait" in "\n".join(messages) for messages in before.values())

        moved = await campaign.restore(backup)
        await campaign.brings()

        assert campaign.posted() == before
        assert (moved.settled, moved.lines) == (2, 2)


async def test_that_a_source_works_again_is_reported_once(tmp_path):
    async with living(tmp_path) as campaign:
        campaign.register.answer = lambda _: web.Response(text=GATE, content_type="text/html")
        await campaign.brings()
        backup = campaign.backup()
        campaign.register.answer = lambda _: None
        await campaign.brings(hours=3)
        await campaign.restore(backup)
        await campaign.brings()

        assert sum("works again" in text for text in campaign.admin()) == 1


async def test_what_the_lost_bot_had_not_posted_yet_is_posted(tmp_path):
    async with living(tmp_path) as campaign:
        for peer in (campaign.slack, campaign.discord):
            peer.fail("429", seconds=600, times=1)
        await campaign.brings(document(2, "Gloves that had to wait"))
        backup = campaign.backup()

        await campaign.restore(backup)
        await campaign.brings(document(3, "Gloves published while it was away"))

        for messages in campaign.posted().values():
            notices = "\n".join(messages)
            assert (notices.count("Gloves that had to wait"), notices.count("Gloves published while")) == (1, 1)


async def test_a_follow_up_after_a_restore_hangs_on_the_message_that_only_the_platform_remembered(tmp_path):
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        await campaign.brings(document(2, "Gloves of the lost hours"))
        await campaign.restore(backup)
        await campaign.brings()
        await campaign.brings(document(3, "Gloves of the lost hours; Correction", **CORRECTS_THE_SECOND))
        first, reply = campaign.slack.messages[SLACK][-2:]
        assert reply["thread_ts"] == first["ts"]


async def test_where_the_history_cannot_be_read_the_channel_waits_for_a_person(tmp_path):
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        await campaign.brings(document(2, "Gloves of the lost hours"))
        before = campaign.posted()
        campaign.discord.blind.add(DISCORD)

        moved = await campaign.restore(backup)
        await campaign.brings()

        assert set(moved.on_hold) == {"field"}
        assert campaign.posted() == before
        (notices,) = [text for text in campaign.admin() if "A backup was restored" in text]
        assert "“field” is on hold" in notices
        assert "coalition-bot resume field" in notices


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "pages", "channel"), [(slack_sender, "_ALL_PAGES", "policy"), (discord_sender, "_ALL_PAGES", "field")]
)
async def test_where_more_was_posted_than_is_read_the_channel_waits_for_a_person(
    tmp_path, monkeypatch, module, pages, channel
):
    monkeypatch.setattr(module, pages, 1)
    monkeypatch.setattr(module, "_PAGE", 1)
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        for number in range(2, 5):
            await campaign.brings(document(number, f"Gloves of hour {number}"))
        moved = await campaign.restore(backup)
        assert moved.on_hold[channel] == "too many messages were posted in the channel since"


async def test_slack_s_pauses_are_kept_to_and_the_look_goes_on(tmp_path):
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        await campaign.brings(document(2, "Gloves of the lost hours"))
        campaign.slack.fail("429", method="history", seconds=0.1, times=3)
        moved = await campaign.restore(backup)
        assert moved.on_hold == {}
        assert moved.posted_since > 0


async def test_a_pause_that_a_person_had_set_stays(tmp_path):
    async with living(tmp_path) as campaign:
        with campaign.program.started() as app, app.db.write() as tx:
            holds.pause(tx, Hold(holds.ALL, "press conference"), now=app.clock())
        backup = campaign.backup()
        await campaign.restore(backup)
        with campaign.program.started() as app, app.db.write() as tx:
            assert holds.resume(tx, None, now=app.clock()).paused


async def test_the_backup_stays_as_it_was_and_the_store_that_was_there_is_kept(tmp_path):
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        data = backup.read_bytes()
        moved = await campaign.restore(backup)
        assert backup.read_bytes() == data
        if stores.CHOSEN == "sqlite":
            assert moved.aside is not None
            assert moved.aside.exists()


@pytest.mark.parametrize("content", [b"", b"no database", b"PK\x03\x04 no archive"])
async def test_what_is_no_backup_is_refused_and_the_store_stays(tmp_path, content):
    async with living(tmp_path) as campaign:
        wrong = tmp_path / "wrong.db"
        wrong.write_bytes(content)
        with pytest.raises(StoreUnusable):
            await campaign.restore(wrong)
        if stores.CHOSEN == "sqlite":
            with campaign.program.started() as app:
                assert app.status()


async def test_a_restore_while_the_bot_runs_is_refused(tmp_path):
    async with living(tmp_path) as campaign:
        backup = campaign.backup()
        with campaign.program.started(), pytest.raises(AlreadyRunning):
            await restoring.restore(
                campaign.settings, campaign.program.config, backup, clock=campaign.program.clock,
                new_id=str,
            )  # fmt: skip
        await asyncio.sleep(0)
