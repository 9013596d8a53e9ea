"""Our bill and its namesakes: H.R. 4323 is followed to its end, S. 3240 of another Congress is never heard of."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.kit import stores
from tests.peers.feedserver import FeedServer, rss, serving
from tests.peers.govinfo import Bill, GovInfoPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import SLACK, Clock, Program, shipped, slack_says, tokens

OURS = ("hr4323-119", "s2255-119", "hr1379-119")
DECOYS = ("s3240-119", "hr3240-119")


@dataclass
class Congress:
    """The program, asking GovInfo for bills and two feeds for news, and posting to a Slack."""

    program: Program
    govinfo: GovInfoPeer
    feeds: FeedServer
    slack: SlackPeer

    def bill(self, name: str) -> Bill:
        number, _, congress = name.partition("-")
        return self.govinfo.bills[f"BILLSTATUS-{congress}{number}"]

    def posted(self) -> list[str]:
        return [slack_says(message) for message in self.slack.messages[SLACK]]


def law_summary(folder: Path) -> dict[str, str]:
    """The summary of the law, as the bulk data have it since 2026-06-02."""
    (result,) = ET.parse(next((folder / "billsum_xml").glob("BILLSUM-119hr4323*.xml"))).iter("summary")
    return {
        "actionDate": result.findtext("action-date", ""), "actionDesc": result.findtext("action-desc", ""),
        "text": result.findtext("summary-text", ""), "updateDate": result.get("update-date", ""),
    }  # fmt: skip


def feed(*titles: str, guids: tuple[str, ...] = (), on: str) -> str:
    names = guids or tuple(f"{on}-{number}" for number in range(len(titles)))
    link = "https://www.govinfo.gov/app/details/{}".format
    pairs = zip(names, titles, strict=True)
    return rss(*({"guid": name, "link": link(name), "title": title, "pubDate": on} for name, title in pairs))


@asynccontextmanager
async def congress(
    folder: Path, corpus: Path, *bills: str, start: datetime, follow: tuple[str, ...] = (), only: str = ""
) -> Iterator[Congress]:
    before = format_datetime(start - timedelta(days=1))
    records = [json.loads((corpus / f"congress/bills_119/{bill}.json").read_text()) for bill in bills]
    slack = SlackPeer()
    async with GovInfoPeer(list(map(Bill.of_mirror, records))) as govinfo, serving() as feeds, slack.running() as url:
        sources = {
            "bill-status": govinfo.files_url,
            "govinfo-bills": feeds.say("/bills.xml", feed("S. 1 (IS) - An Act", on=before)),
            "ice-news": feeds.say("/justice", feed("A release", on=before)),
        }
        steps = 'type:(passed OR received OR presented OR "became law")'
        watches = {"twin": {"query": f"bill:{only} AND {steps}", "level": "alert", "asks": [8]}}
        config = shipped(
            folder, sources, {"policy": f"slack:{SLACK}"}, replace={"watches": watches} if only else {},
            follow=follow, only=only,
        )  # fmt: skip
        yield Congress(Program(folder, config, Clock(start), tokens(url)), govinfo, feeds, slack)


def stored(program: Program, thread: str) -> list[str]:
    rows = stores.at(program.database).open().read("SELECT title FROM entry WHERE thread = :thread", {"thread": thread})
    return [row["title"] for row in rows]


@pytest.mark.long
async def test_the_enacted_bill_is_posted_day_by_day_in_one_thread_and_nothing_else_is(tmp_path, corpus):
    refreshed, texts, summary = date(2026, 4, 7), date(2025, 12, 22), date(2026, 6, 2)
    by_day: dict[date, list[str]] = {}
    async with congress(tmp_path, corpus, *OURS, start=datetime(2025, 7, 7, 14, tzinfo=UTC)) as bot:
        bill, clock = bot.bill("hr4323-119"), bot.program.clock
        days = {refreshed} | {date.fromisoformat(action["actionDate"]) for action in bill.actions}
        bill.undated_from = texts
        bill.levels["summaries"].append(law_summary(corpus / "congress"))
        joined = {date.fromisoformat(row["sponsorshipDate"]) for row in bill.levels["cosponsors"]}
        bot.govinfo.written = [bill]
        with bot.program.started() as app:
            while (day := clock().date()) <= date(2026, 6, 3):
                for record in bot.govinfo.bills.values():
                    record.until = day
                bill.updated = clock().isoformat() if day in days else bill.updated
                before = len(bot.posted())
                await app.once()
                by_day[day] = bot.posted()[before:]
                clock.turn(days=1)
        posted = bot.slack.messages[SLACK]
        entries = stored(bot.program, "bill:hr4323-119")

    digests = {day: [text for text in posts if "digest: " in text.splitlines()[0]] for day, posts in by_day.items()}
    alerts = {day: [text for text in posts if text.startswith(("🔔", "🏛️", "📰"))] for day, posts in by_day.items()}
    for text in itertools.chain(*alerts.values()):
        print(text, end="\n\n")  # noqa: T201 - to be read by people: pytest -s
    assert (len(bill.actions), len(entries)) == (24, 37)
    assert {str(day): [text.splitlines()[1] for text in posts] for day, posts in alerts.items() if posts} == {
        "2025-07-10": ["2 alerts at once: Introduced: Trafficking Survivors Relief Act of 2025 (S. 2255, 119th)"],
        "2025-09-10": ["Approved by committee: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2025-10-17": ["Ready for a vote: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2025-12-01": ["Passed the House by voice vote: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2025-12-02": ["Arrived in the Senate: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2025-12-18": ["Passed the Senate by unanimous consent: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2026-01-12": ["Sent to the President: Trafficking Survivors Relief Act (H.R. 4323, 119th)"],
        "2026-01-23": ["Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73"],
    }
    lineage = json.loads((corpus / "congress/lineage.json").read_text())["bills"]
    (milestones,) = (expected["milestones"] for expected in lineage if expected["id"] == "hr4323-119")
    rows = {date.fromisoformat(on) for on, _ in milestones}
    assert {day for day, posts in alerts.items() if posts} == rows - {summary} | {date(2025, 7, 10)}
    in_digest = {day for day, posts in digests.items() if "H.R. 4323" in str(posts)}
    message = date(2025, 12, 19)  # the Senate's to the House
    assert in_digest == joined - {date(2025, 7, 10), date(2025, 9, 10)} | {message, texts, summary}
    assert "Summary by the Library: Public Law" in str(digests[summary])
    assert "1 cosponsor joined (now 6): Rep. McBride, Sarah [D-DE-At Large]" in str(digests[date(2025, 7, 21)])
    assert all(len(posts) <= 1 for posts in digests.values())
    assert by_day[refreshed] == []
    first = next(message["ts"] for message in posted if "2 alerts at once" in message["text"])
    assert [message.get("thread_ts") for message in posted if message["text"].startswith("🏛️ Bill")] == [first] * 7


@pytest.mark.long
async def test_watching_its_twin_alone_shows_every_step_that_made_the_law(tmp_path, corpus):
    """S. 2255 itself never moved: its identical House bill did."""
    async with congress(tmp_path, corpus, *OURS, start=datetime(2025, 11, 25, 14, tzinfo=UTC), only="s2255-119") as bot:
        with bot.program.started() as app:
            while (day := bot.program.clock().date()) <= date(2026, 1, 24):
                for record in bot.govinfo.bills.values():
                    record.until = day
                await app.once()
                bot.program.clock.turn(days=1)
        heads = [text.splitlines() for text in bot.posted() if text.startswith("🏛️ Bill")]
        hr1379 = bot.govinfo.asked_for("hr1379")

    assert [lines[1].partition(":")[0] for lines in heads] == [
        "Passed the House by voice vote", "Arrived in the Senate", "Passed the Senate by unanimous consent",
        "Sent to the President", "Became law",
    ]  # fmt: skip
    assert "You track S. 2255 (119th), which has the same text." in heads[-1]
    assert heads[-1][1].endswith("(H.R. 4323, 119th) → Public Law 119-73")
    assert hr1379 == 0  # related, but not the same text


async def test_when_only_the_update_date_changes_nothing_is_posted(tmp_path, corpus):
    async with congress(tmp_path, corpus, *OURS, start=datetime(2026, 4, 6, 14, tzinfo=UTC)) as bot:
        bill = bot.bill("hr4323-119")
        await bot.program.once()
        bot.slack.forget()
        bill.updated, bot.govinfo.written = "2026-04-07T19:59:31Z", [bill]
        bot.program.clock.turn(hours=29)
        await bot.program.once()
        assert bot.govinfo.asked_for("119hr4323.xml") == 2
        assert bot.posted() == []


PRINTED = {
    "BILLS-119s3240is": "S.&nbsp;3240&nbsp;(IS) - McSCUSE ME Act of 2025",
    "BILLS-119hr3240ih": "H.R.&nbsp;3240&nbsp;(IH) - RESTORE Act",
    "BILLS-119hr4323enr": "H.R.&nbsp;4323&nbsp;(ENR) - Trafficking Survivors Relief Act",
}
RELEASES = (
    "Senate takes up S. 3240, the McSCUSE ME Act",
    "H.R. 3240 and S.3240: what farmers say of restaurant meals",
    "President signs the Trafficking Survivors Relief Act",  # so that silence means something
)


async def test_a_namesake_by_number_is_posted_neither_as_a_bill_nor_from_a_feed(tmp_path, corpus):
    start = datetime(2025, 11, 13, 14, tzinfo=UTC)
    async with congress(tmp_path, corpus, *OURS, *DECOYS, start=start, follow=DECOYS) as bot:
        for name in DECOYS:
            bot.bill(name).until = date(2025, 1, 1)
        await bot.program.once()
        bot.program.clock.turn(days=1)
        for name in DECOYS:
            bot.bill(name).until = None
        today = format_datetime(start + timedelta(hours=20))
        bot.feeds.say("/bills.xml", feed(*PRINTED.values(), guids=tuple(PRINTED), on=today))
        bot.feeds.say("/justice", feed(*RELEASES, on=today))
        bot.slack.forget()
        await bot.program.once()
        posts = bot.posted()
        assert sum(len(stored(bot.program, f"bill:{name}")) for name in DECOYS) >= 4

    assert [text.splitlines()[:2] for text in posts] == [
        ["📰 News · Ask 8", "President signs the Trafficking Survivors Relief Act"],
        ["Friday digest: 1 item since Thu 9 a.m.", "3 sources checked, last at 9 a.m."],
    ]
    assert "Bill passed by both chambers: Trafficking Survivors Relief Act (H.R. 4323)" in posts[1]
    assert not re.search("3240|McSCUSE|RESTORE", str(posts))
