"""Recorded days of the Federal Register, through the real program into a console, a Slack and a Discord at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.alerts import explain
from tests.kit import stores
from tests.peers.discord import DiscordPeer
from tests.peers.register import RegisterPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import DISCORD, SLACK, WATCHES, Clock, Program, discord_says, shipped, slack_says, tokens, words

CARD = "This card is updated every hour."
PLACES = {"policy": "console:policy", "slack": f"slack:{SLACK}", "discord": f"discord:{DISCORD}"}


@pytest.fixture(scope="module")
def register(corpus: Path) -> Path:
    return corpus / "federal_register"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


class Watching:
    """The program on a Register, with its three channels."""

    def __init__(self, program: Program, register: RegisterPeer, slack: SlackPeer, discord: DiscordPeer) -> None:
        self.program, self.register = program, register
        self._slack, self._discord = slack, discord

    async def at(self, *moment: int, **options: Any) -> int:
        """One start, look and end of the program at that moment (UTC); how many messages are new in Slack."""
        before = len(self._messages())
        self.program.clock.at = datetime(*moment, tzinfo=UTC)
        self.register.published_until = self.program.clock.at.date()
        await self.program.once(**options)
        return len(self._messages()) - before

    def _messages(self) -> list[dict[str, Any]]:
        """The messages in Slack, without the pinned card."""
        return [message for message in self._slack.messages[SLACK] if CARD not in slack_says(message)]

    def posted(self) -> list[str]:
        """The messages in Slack; fails unless Discord shows the same, and the console the same alerts.

        The console has no pinned card, so its hello and its digests differ.
        """
        slack = [slack_says(message) for message in self._messages()]
        discord = [discord_says(message) for message in self._discord.messages[DISCORD]]
        alerts, printed = (
            [words(text) for text in texts if "Alert" in text.splitlines()[0]]
            for texts in (slack, self.program.printed("policy"))
        )
        assert list(map(words, slack)) == [words(text) for text in discord if CARD not in text]
        assert alerts == printed
        return slack

    def threads(self) -> list[str | None]:
        """For each message in Slack the head of the one it replies to."""
        messages = self._messages()
        heads = {message["ts"]: self._slack.text_of(message).splitlines()[0] for message in messages}
        return [heads[m["thread_ts"]] if m.get("thread_ts") else None for m in messages]

    def addresses(self) -> Counter[str]:
        """How often each document is linked from Slack."""
        posts = json.dumps([message["blocks"] for message in self._slack.messages[SLACK]])
        return Counter(re.findall(r"<(https://www\.federalregister\.gov/documents[^|]+)\|", posts))


@asynccontextmanager
async def watching(folder: Path, *documents: dict[str, Any], **feeds: Any) -> Iterator[Watching]:
    slack, discord = SlackPeer(), DiscordPeer()
    async with RegisterPeer(documents) as register, slack.running() as slack_url, discord.running() as discord_url:
        config = shipped(folder, {"register": register.documents_url}, PLACES, replace=feeds)
        program = Program(folder, config, Clock(datetime(2000, 1, 1, tzinfo=UTC)), tokens(slack_url, discord_url))
        yield Watching(program, register, slack, discord)


@pytest.mark.long
async def test_the_recorded_week_raises_one_alert_and_one_line_and_says_each_once(tmp_path, register):
    earlier = [d for d in lines(register / "labelled.jsonl") if "2023-06-02" <= d["publication_date"] <= "2023-06-09"]
    week = lines(register / "week_2023-06-12_documents.jsonl")
    assert (len(earlier), len(week)) == (2, 580)
    async with watching(tmp_path, *earlier, *week) as bot:
        assert await bot.at(2023, 6, 9, 12, 50) == 1  # the hello
        sent = []
        for day in range(12, 17):
            sent += [await bot.at(2023, 6, day, hour, 45) for hour in (10, 12, 13, 19)]
        posts = bot.posted()
        print(*posts, sep="\n\n")  # noqa: T201 - to be read by people: pytest -s
        stored = stores.at(bot.program.database).open().read("SELECT COUNT(*) AS n FROM entry")[0]["n"]

    assert stored == 582
    # An alert, the quarter's duties, a line in Tuesday's digest, and nothing else.
    assert sent == [1, 1, 0, 0, 0, 1, *[0] * 14]
    assert [text.splitlines()[0] for text in posts] == [
        f"Watching for you: 1 source, {WATCHES} watches, 9 asks",
        "🔔 Alert · Ask 4",
        "Monday digest: nothing new since Fri 8:50 a.m.",
        "Tuesday digest: 1 item since Mon 8:45 a.m.",
    ]
    hello, alert, monday, tuesday = posts
    assert "have had 1 digest line." in hello
    assert "Uyghur Forced Labor Prevention Act Entity List" in alert
    assert "1 alert was posted and is not repeated here." in monday
    assert "Duty clocks" in monday
    assert "2023 National Census of Victim Service Providers" in tuesday
    assert set(bot.addresses().values()) == {1}
    assert len(bot.addresses()) == 2
    assert len(bot.program.printed("admin")) == 1  # hello, and no trouble


async def test_a_recorded_full_day_with_a_look_alike_in_it_raises_nothing(tmp_path, register):
    day = load(register / "api_documents_search_2016-02-29_full_day.json")["results"]
    async with watching(tmp_path, *day) as bot:
        await bot.at(2016, 2, 29, 14, 15, since=datetime(2016, 2, 29, tzinfo=UTC))
        await bot.at(2016, 3, 1, 12, 0)
        posts = bot.posted()
        with bot.program.started() as app:
            seen = explain.why(app.db, app.config, "2016-04291", now=app.clock())
            drugs = "\n".join(seen.lines)

    assert len(day) == 129
    assert [text.splitlines()[0] for text in posts] == [f"Watching for you: 1 source, {WATCHES} watches, 9 asks"]
    assert "have had no alert and no digest line." in posts[0]
    assert "High Intensity Drug Trafficking Areas" in drugs
    assert "No watch matches." in drugs


WATCH = {"name": "Ours", "level": "alert", "query": 'title:("streamlined inspection" OR "financial forms")'}


def original(amending: dict[str, Any], number: str, on: str) -> dict[str, Any]:
    """The earlier document as the amending one speaks of it: same title, same docket."""
    title = amending["title"].rpartition(";")[0]
    same = {key: amending[key] for key in ("type", "agencies", "docket_ids", "abstract")}
    url = f"https://www.federalregister.gov/documents/{on.replace('-', '/')}/{number}/example"
    return same | {"document_number": number, "title": title, "publication_date": on, "html_url": url}


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "published", "subject", "passage"),
    [
        (
            "api_document_2026-13726_correction.json",
            "2026-06-24",
            "revisions to financial forms reporting and filing requirements",
            " corrects a proposed rule on revisions to financial forms",
        ),
        (
            "api_document_2026-19895_reopening.json",
            "2026-08-24",
            "Streamlined Inspection Program",
            "Comments close Thu Oct 29, 2026",
        ),
    ],
)
async def test_a_recorded_amendment_follows_what_it_amends_into_its_thread(
    tmp_path, register, file, published, subject, passage
):
    amending = load(register / file)
    first = original(amending, "2026-99999", published)
    on, amended = date.fromisoformat(published), date.fromisoformat(amending["publication_date"])
    async with watching(tmp_path, first, amending, watches={"ours": WATCH}) as bot:
        await bot.at(on.year, on.month, on.day, 14, since=datetime(2026, 1, 1, tzinfo=UTC))
        day = on
        while day < amended:
            day += timedelta(days=1)
            bot.program.clock.at = datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC)
            bot.register.published_until = day
            with bot.program.started() as app:
                await app.once()
        posts, threads = bot.posted(), bot.threads()
    alerts = [(text, thread) for text, thread in zip(posts, threads, strict=True) if "Alert" in text.splitlines()[0]]
    assert len(alerts) == 2
    assert alerts[0][1] is None
    assert subject in str(alerts[1][1])
    assert passage in alerts[1][0]
