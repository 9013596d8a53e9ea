"""Trying watches on what the sources list now: the last step of `new`, and `backtest --online`."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli, watches
from bot.cli.demo.replay import SHIPPED
from bot.cli.new import try_watches
from bot.cli.starter import files
from bot.cli.starter.statement import DraftAsk
from bot.config.load import load
from bot.shared.entry import HEADLINE_WITHHELD
from tests.peers.feedserver import rss, serving
from tests.peers.register import RegisterPeer

pytestmark = pytest.mark.sqlite  # no store is read

START = files.Start(
    name="River Coalition",
    short="RC",
    contact="office@river.test",
    zone="America/Denver",
    channel="console:main",
    asks=(
        DraftAsk("Enforce the Lower Basin shortage guidelines."),
        DraftAsk("Settle tribal water."),
        DraftAsk("Let the House and Senate do more for all of us now."),  # names nothing: it has no draft
    ),
)
BASIN, TRIBAL = '"Lower Basin*" OR shortage*', '"tribal water*"'


def document(number: int, title: str, days_ago: int) -> dict[str, object]:
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
    url = f"https://www.federalregister.gov/documents/{day.replace('-', '/')}/2026-{number:05}/x"
    return {
        "document_number": f"2026-{number:05}", "title": title, "publication_date": day, "html_url": url,
        "agencies": [], "type": "Notice", "abstract": None,
    }  # fmt: skip


@pytest.fixture
async def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """A new folder whose one source is a Register on loopback."""
    documents = [
        document(1, "Lower Basin Operations in Dry Years", 3),
        document(2, "Lower Basin Advisory Meeting", 20),
        document(3, "Draft Shortage Guidelines", 80),
        document(4, "Lower Basin Operations, Old", 120),
        document(5, "Snow Survey", 5),
        document(6, "Basin Plans of Lower Rivers", 6),
    ]
    async with RegisterPeer(documents) as peer:
        files.write(START, tmp_path / "river", SHIPPED)
        monkeypatch.chdir(tmp_path / "river")
        _listen_to(peer.documents_url)
        yield tmp_path / "river"


def _listen_to(url: str) -> None:
    text = Path("feeds.yml").read_text(encoding="utf-8")
    Path("feeds.yml").write_text(
        text.replace("  - register\n", f"  - register: {{url: {url}}}\n") + "allow_hosts: [127.0.0.1]\n", "utf-8"
    )


async def run(*arguments: str) -> tuple[int, str]:
    runner = CliRunner()
    done = await asyncio.to_thread(runner.invoke, cli, arguments, env=dict(os.environ))
    return done.exit_code, done.output


async def tried(folder: Path, typed: Sequence[str]) -> tuple[files.Start, str]:
    """What `new` does once the files are written, with these answers."""
    chosen: list[files.Start] = []
    config = load(folder / "feeds.yml", folder / "coalition.yml")
    command = click.Command("try", callback=lambda: chosen.append(try_watches(START, folder, config)))
    done = await asyncio.to_thread(CliRunner().invoke, command, [], input="".join(f"{line}\n" for line in typed))
    assert done.exception is None, done.output
    return chosen[0], done.output


async def test_each_draft_is_shown_with_its_hits_of_ninety_days_and_kept_or_dropped(folder):
    chosen, shown = await tried(folder, ["keep", "drop"])

    assert "1 source lists 5 entries since " in shown
    counts = '"lower basin*": 2, words beginning "shortage": 1'
    assert (
        f"ask-1: {BASIN}\n  3 hits in 5 entries, 0.2 a week\n  {counts}\n  Lower Basin Operations in Dry Years\n"
        in shown
    )
    assert "  Nearly matched:\n  Basin Plans of Lower Rivers\n" in shown
    assert "Lower Basin Operations, Old" not in shown
    assert (
        f"ask-2: {TRIBAL}\n  0 hits in 5 entries, 0.0 a week\n"
        "  Nothing matched: check whether documents use these words.\n" in shown
    )
    assert chosen.tried == {"ask-1": {"level": "digest"}, "ask-2": {"query": ""}}
    assert load(folder / "feeds.yml", folder / "coalition.yml").feeds.watches.keys() == {"ask-1"}


async def test_a_draft_that_cannot_wait_is_an_alert_from_the_start(folder):
    await tried(folder, ["alert", "k"])

    watches = load(folder / "feeds.yml", folder / "coalition.yml").feeds.watches
    assert {id_: watch.level for id_, watch in watches.items()} == {"ask-1": "alert", "ask-2": "digest"}


async def test_all_watches_can_be_dropped(folder):
    await tried(folder, ["drop", "drop"])

    assert load(folder / "feeds.yml", folder / "coalition.yml").watches == ()


async def test_without_a_network_one_line_says_how_to_try_later_and_the_drafts_stay(folder):
    _listen_to_nothing(folder)
    before = (folder / "feeds.yml").read_text("utf-8")

    chosen, shown = await tried(folder, [])

    assert "No source could be read (" in shown
    assert shown.endswith("Test the watches later with: coalition-bot backtest --online\n")
    assert [draft.query for draft in chosen.watches()] == [BASIN, TRIBAL]
    assert (folder / "feeds.yml").read_text("utf-8") == before


def _listen_to_nothing(folder: Path) -> None:
    feeds = folder / "feeds.yml"
    text = feeds.read_text("utf-8")
    port = text.partition("http://127.0.0.1:")[2].partition("/")[0]
    feeds.write_text(text.replace(port, "1"), "utf-8")


async def test_backtest_online_tests_every_watch_without_a_database(folder):
    code, shown = await run("backtest", "--online")
    assert re.search(
        r"^Reading \d sources?; this can take two minutes\.\n(  .+: \d+ entr(y|ies)\n)+", shown, re.MULTILINE
    )

    assert code == 0
    assert f"ask-1: {BASIN}\n  3 hits in 5 entries, 0.2 a week\n" in shown
    assert f"ask-2: {TRIBAL}\n  0 hits" in shown
    assert list(folder.glob("*.db")) == []


async def test_while_a_source_takes_long_its_name_is_printed_again(folder, monkeypatch):
    monkeypatch.setattr(watches, "_SILENCE", 0.001)
    code, shown = await run("backtest", "--online")
    assert code == 0
    assert "\n  still reading Federal Register …\n" in shown


async def test_backtest_online_tests_one_query_or_watch(folder):
    _, shown = await run("backtest", "snow", "--online", "--since", "30d")
    assert "candidate: snow\n  1 hit in 4 entries, 0.2 a week\n  Snow Survey\n" in shown

    _, shown = await run("backtest", "ask-1", "--online")
    assert f"ask-1: {BASIN}\n  3 hits in " in shown
    assert "ask-2" not in shown


async def test_backtest_online_shows_no_name_of_a_child_that_the_running_bot_withholds(folder):
    title = "Zorabel Quill, 15, rescued from traffickers in the Lower Basin"
    async with serving() as server:
        server.say("/feed", rss({"title": title, "link": "https://news.test/2026/zorabel-quill-rescued"}))
        feeds = folder / "feeds.yml"
        source = f"  - wire: {{kind: feed, name: Wire, url: '{server.url('/feed')}'}}\nwatches:"
        feeds.write_text(feeds.read_text("utf-8").replace("watches:", source, 1), "utf-8")

        _, shown = await run("backtest", '"Lower Basin"', "--online")

    assert "3 hits" in shown
    assert HEADLINE_WITHHELD in shown
    assert "zorabel" not in shown.casefold()


async def test_backtest_without_a_query_says_what_to_name(folder):
    code, shown = await run("backtest")

    assert code == 2
    assert "Name a query or a watch to test, or add --online to test every watch." in shown
