"""The House's floor schedule: what may come to a vote, and what was taken off again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.shared.answer import Fetched, Health, Memory, NotModified
from bot.shared.entry import Kind
from bot.sources.congress.house_floor import HouseFloor
from bot.sources.feeds.feed import FeedSource
from tests.kit.source_reader import SourceReader
from tests.peers.feedserver import rss

WEDNESDAY = datetime(2026, 7, 22, 15, 30, tzinfo=UTC)
CATEGORY = "Items that may be considered under suspension of the rules"


def item(n: int, number: str = "H.R. 2715 ", title: str = "Destruction of Hazardous Imports Act, as amended ",
         removed: str = "") -> str:  # fmt: skip
    return (
        f'<floor-item id="{n}" add-date="2026-07-14T10:35:26.150" remove-date="{removed}" '
        'publish-date="2026-07-14T18:43:21.660">'
        f"<legis-num>{number}</legis-num><floor-text>{title}</floor-text><files>"
        '<file doc-url="http://docs.house.gov/billsthisweek/20260720/H4123_SUS_xml (1).pdf"/></files></floor-item>'
    )


def schedule(*items: str, week: str = "2026-07-20") -> str:
    return (
        f'<floorschedule congress-num="119" week-date="{week}" update-date="2026-07-22T11:18:24.900">'
        f'<category type="{CATEGORY}"><floor-items>{"".join(items)}</floor-items></category></floorschedule>'
    )


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, WEDNESDAY)

    async def poll(self):
        source = HouseFloor("floor", "House floor", self.server.url("/floor/{week}.xml"), self.fetcher)
        answer = await self.ask(source)
        self.now += timedelta(hours=2)
        return answer

    def say(self, body, week="20260720", **text):
        self.server.say(f"/floor/{week}.xml", body, **text)


async def test_a_bill_on_the_schedule_is_an_entry_of_that_very_congress(reader):
    reader.say(schedule(item(409675)))
    answer = await reader.poll()

    assert isinstance(answer, Fetched)
    [entry] = answer.entries
    assert (entry.kind, entry.bill, entry.thread) == (Kind.BILL, "hr2715-119", "bill:hr2715-119")
    assert entry.title == f"On the House floor in the week of Mon Jul 20, 2026: {CATEGORY}"
    assert entry.bill_title == "Destruction of Hazardous Imports Act"
    assert entry.url == "https://www.congress.gov/bill/119th-congress/house-bill/2715"
    assert entry.publication_date == date(2026, 7, 14)
    assert entry.as_of == datetime(2026, 7, 22, 15, 18, 24, 900_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "bill"),
    [("S. 2255", "s2255-119"), ("H.J. Res. 7 ", "hjres7-119"), ("H. Con. Res. 89", "hconres89-119"),
     ("H.Res. 12", "hres12-119")],
)  # fmt: skip
async def test_every_kind_of_measure_is_known_by_its_number(reader, number, bill):
    reader.say(schedule(item(1, number)))

    assert [entry.bill for entry in (await reader.poll()).entries] == [bill]


async def test_what_has_no_number_is_news_and_never_a_bill(reader):
    reader.say(schedule(item(1, "", "Senate amendment to the trafficking bill")))
    [entry] = (await reader.poll()).entries

    assert (entry.kind, entry.bill) == (Kind.NEWS, None)
    assert entry.title.endswith("Senate amendment to the trafficking bill")


async def test_a_revision_that_changes_nothing_for_a_bill_keeps_its_identity(reader):
    reader.say(schedule(item(1)))
    first = await reader.poll()
    reader.say(schedule(item(1), item(2, "H.R. 4123")))
    second = await reader.poll()

    assert first.entries[0].identity in [entry.identity for entry in second.entries]
    assert len({entry.identity for entry in second.entries}) == 2


async def test_taken_off_is_reported_only_of_what_was_read_while_it_was_listed(reader):
    reader.say(schedule(item(1), item(2, "H.R. 4123", removed="2026-07-15T09:00:00")))
    assert [entry.bill for entry in (await reader.poll()).entries] == ["hr2715-119"]
    reader.say(schedule(item(1, removed="2026-07-22T09:00:00"), item(2, "H.R. 4123", removed="2026-07-15T09:00:00")))
    [gone] = (await reader.poll()).entries

    assert (gone.bill, gone.type, gone.publication_date) == (
        "hr2715-119", "Taken off the schedule", date(2026, 7, 22)
    )  # fmt: skip
    assert gone.title.startswith("Removed from the House floor schedule for the week of Mon Jul 20, 2026")


@pytest.mark.parametrize("removed", [("", "2026-07-21T09:00:00"), ("2026-07-21T09:00:00", "")])
async def test_an_item_that_is_listed_twice_and_once_taken_off_is_on_the_schedule_and_news_once(reader, removed):
    answers = []
    for others in ((), (item(2, "H.R. 4123"),)):
        reader.say(schedule(*(item(1, removed=day) for day in removed), *others))
        answers.append(await reader.poll())

    assert [entry.type for entry in answers[0].entries] == ["Scheduled"]
    assert answers[0].entries[0].identity == answers[1].entries[0].identity
    assert len(answers[1].entries) == 2


async def test_what_an_older_version_saw_on_the_schedule_is_news_when_it_is_taken_off(reader):
    reader.memory = Memory(cursor={"on": ["20260720:1"]})
    reader.say(schedule(item(1, removed="2026-07-22T09:00:00")))

    assert [entry.type for entry in (await reader.poll()).entries] == ["Taken off the schedule"]


async def test_back_on_the_schedule_after_it_was_taken_off_is_news_each_time(reader):
    seen = []
    for removed in ("", "2026-07-21T09:00:00", "", "2026-07-22T09:00:00", ""):
        reader.say(schedule(item(1, removed=removed)))
        [entry] = (await reader.poll()).entries
        reader.say(schedule(item(1, removed=removed), item(2)))
        assert entry.identity in [each.identity for each in (await reader.poll()).entries]  # a revision is no turn
        seen.append((entry.identity, entry.type))

    assert len(set(seen)) == 5
    assert [type_ for _, type_ in seen] == 2 * ["Scheduled", "Taken off the schedule"] + ["Scheduled"]


async def test_from_thursday_on_the_next_week_is_read_too(reader):
    reader.say(schedule(item(1)))
    reader.say(schedule(item(7, "H.R. 9"), week="2026-07-27"), week="20260727")
    assert len((await reader.poll()).entries) == 1
    reader.now = datetime(2026, 7, 23, 4, 30, tzinfo=UTC)  # Thursday, half past midnight in Washington
    entries = (await reader.poll()).entries

    assert [entry.bill for entry in entries] == ["hr9-119"]


async def test_nothing_new_is_not_modified(reader):
    reader.say(schedule(item(1)))
    await reader.poll()

    assert isinstance(await reader.poll(), NotModified)


async def test_a_week_without_votes_has_no_file_and_is_no_trouble_once_the_address_was_seen_to_work(reader):
    reader.server.say("/floor/20260720.xml", "", status=404)
    assert (await reader.poll()).health is Health.GONE
    reader.say(schedule(item(1)))
    await reader.poll()
    reader.now = datetime(2026, 7, 27, 15, tzinfo=UTC)
    reader.server.say("/floor/20260727.xml", "", status=404)

    assert (await reader.poll()).health is Health.EMPTY_EXPECTED


@pytest.mark.parametrize(
    ("body", "health"),
    [
        ("<floorschedule", Health.MALFORMED),
        ("<rss/>", Health.NOT_A_FEED),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + schedule(item(1)), Health.NOT_A_FEED),
        ("<!doctype html><title>Just a moment...</title>", Health.BLOCKED),
        ('<floorschedule week-date="soon"/>', Health.NOT_A_FEED),
    ],
)
async def test_what_is_no_schedule_is_distinguished(reader, body, health):
    reader.say(body)

    assert (await reader.poll()).health is health


async def test_a_schedule_that_does_not_name_its_congress_makes_no_bill(reader):
    reader.say(schedule(item(1)).replace(' congress-num="119"', ""))

    assert [entry.bill for entry in (await reader.poll()).entries] == [None]


async def test_a_congress_gov_feed_names_its_bills_by_their_links_alone(reader):
    link = "https://www.congress.gov/bill/119th-congress/house-bill/8884"
    reader.server.say(
        "/feed", rss({"title": "H.R.8884", "link": link}, {"title": "x", "link": "https://example.org/bill/1"})
    )
    source = FeedSource("floor", "Floor", reader.server.url("/feed"), reader.fetcher)
    answer = await source.poll(Memory(), WEDNESDAY)

    assert sorted(str(entry.bill) for entry in answer.entries) == ["None", "hr8884-119"]


async def test_the_recorded_week_is_read(reader, material):
    recorded = (material / "congress/house_floor/bills_this_week_20260720_excerpt.xml").read_text(encoding="utf-8")
    reader.say(recorded)

    assert [entry.bill for entry in (await reader.poll()).entries] == ["hr2715-119", "hr4123-119"]


async def test_the_recorded_floor_feed_is_read(reader, material):
    reader.server.say("/feed", (material / "congress/rss/congress_house-floor-today_2026-07-23_shape.xml").read_text())
    source = FeedSource("floor", "Floor", reader.server.url("/feed"), reader.fetcher)

    assert {entry.bill for entry in (await source.poll(Memory(), WEDNESDAY)).entries} == {"hr8884-119", "hconres89-119"}
