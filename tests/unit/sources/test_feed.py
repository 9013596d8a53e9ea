from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.fetch.http import Fetcher
from bot.shared.answer import HOSTS, Fetched, Health, Memory, NotModified
from bot.shared.entry import Kind
from bot.sources.feeds.feed import FeedSource
from tests.kit.source_reader import SourceReader
from tests.peers.feedserver import rss

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


class Reader(SourceReader):
    """A source that is polled every half hour and remembers, as the poll loop has it."""

    def __init__(self, server, path="/feed", **given):
        super().__init__(server, NOW)
        self.path, self.given = path, given

    async def poll(self, body=None, **outlets):
        if body is not None:
            self.server.say(self.path, body, **outlets)
        source = FeedSource("news", "Newsroom", self.server.url(self.path), self.fetcher, **self.given)
        answer = await self.ask(source)
        self.now += HALF_HOUR
        return answer


@pytest.fixture
async def reader(server):
    reader = Reader(server)
    yield reader
    await reader.fetcher.close()


def item(n, **more):
    return {"title": f"Story {n}", "link": f"https://example.gov/{n}", "guid": f"g{n}", **more}


def feed(*numbers):
    return rss(*(item(n) for n in numbers))


def titles(answer):
    return [entry.title for entry in answer.entries]


async def test_the_first_poll_hands_on_everything_oldest_first_and_marks_the_baseline(reader):
    answer = await reader.poll(feed(3, 2, 1))
    assert isinstance(answer, Fetched)
    assert titles(answer) == ["Story 1", "Story 2", "Story 3"]
    assert (answer.health, answer.detail, answer.broken) == (Health.OK, "", 0)
    memory = answer.memory
    assert memory.first_success_at == memory.last_success_at == memory.last_change_at == NOW


async def test_an_entry_carries_the_keys_and_words_of_its_item(reader):
    answer = await reader.poll(
        rss(item(1, description="<p>What happened</p>", pubDate="Tue, 24 Nov 2026 16:00:00 GMT"))
    )
    [entry] = answer.entries
    assert entry.source == "news"
    assert entry.kind is Kind.NEWS
    assert entry.identity == ("url:example.gov/1", "guid:news:g1")
    assert entry.thread == "url:example.gov/1"
    assert entry.summary == "What happened"
    assert entry.published == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert entry.outlet == "Newsroom"


async def test_later_polls_hand_on_what_is_new_and_remember_when(reader):
    await reader.poll(feed(2, 1))
    answer = await reader.poll(feed(3, 2, 1))
    assert titles(answer) == ["Story 3"]
    assert answer.memory.first_success_at == NOW
    assert answer.memory.last_change_at == NOW + HALF_HOUR


async def test_dates_order_entries_where_all_have_one(reader):
    dated = [item(n, pubDate=f"Tue, 24 Nov 2026 {hour}:00:00 GMT") for n, hour in ((1, 15), (2, 13), (3, 14))]
    assert titles(await reader.poll(rss(*dated))) == ["Story 2", "Story 3", "Story 1"]


async def test_an_unchanged_feed_is_not_modified_and_counts_as_an_answer(reader):
    await reader.poll(feed(1), headers={"ETag": '"1"'})
    answer = await reader.poll()
    assert isinstance(answer, NotModified)
    assert answer.memory.last_success_at == NOW + HALF_HOUR
    assert answer.memory.last_change_at == NOW
    assert answer.memory.cursor == reader.memory.cursor


async def test_a_failure_of_the_fetch_is_passed_on(reader):
    assert (await reader.poll("", status=410)).health is Health.GONE


async def test_an_empty_feed_is_reported_at_the_second_time_and_recovers(reader):
    await reader.poll(feed(1, 2))
    first, second = await reader.poll(feed()), await reader.poll(feed())
    assert (first.health, second.health) == (Health.OK, Health.EMPTY)
    assert second.detail == "no items, 2 times in a row"
    back = await reader.poll(feed(1, 2, 3))
    assert (back.health, titles(back)) == (Health.OK, ["Story 3"])
    assert (await reader.poll(feed())).health is Health.OK


async def test_a_feed_that_may_be_empty_is_empty_in_peace(server):
    reader = Reader(server, may_be_empty=True)
    answer = await reader.poll(feed())
    assert (answer.health, answer.detail) == (Health.EMPTY_EXPECTED, "")
    assert isinstance(await reader.poll(), NotModified)
    assert titles(await reader.poll(feed(*range(10)))) == [f"Story {n}" for n in reversed(range(10))]
    await reader.fetcher.close()


async def test_a_feed_that_brings_nothing_new_for_long_is_stale_until_it_does(server):
    reader = Reader(server, stale_after=timedelta(days=7))
    await reader.poll(feed(1), headers={"ETag": '"1"'})
    reader.now += timedelta(days=8)
    unchanged = await reader.poll()
    assert (unchanged.health, unchanged.detail) == (Health.STALE, "nothing new since Tue Nov 24, 2026")
    assert (await reader.poll(feed(1) + "<!-- touched -->")).health is Health.STALE
    assert (await reader.poll(feed(2, 1))).health is Health.OK
    await reader.fetcher.close()


async def test_a_feed_that_was_dead_before_we_met_it_is_stale_at_once(server):
    reader = Reader(server, stale_after=timedelta(days=30))
    answer = await reader.poll(rss(item(1, pubDate="Tue, 01 Sep 2026 12:00:00 GMT")))
    assert (answer.health, answer.memory.last_change_at) == (Health.STALE, datetime(2026, 9, 1, 12, tzinfo=UTC))
    await reader.fetcher.close()


async def test_a_renumbered_feed_is_suspect_once_and_says_nothing_twice(reader):
    await reader.poll(feed(*range(12)))
    moved = [item(n, link=f"https://new.example.gov/{n}", guid=f"n{n}") for n in range(12)]
    answer = await reader.poll(rss(*moved))
    assert (answer.health, answer.entries) == (Health.SUSPECT, ())
    assert answer.detail == "12 known items came back under new ids and are not posted again"
    again = await reader.poll(rss(item(99), *moved))
    assert (again.health, titles(again)) == (Health.OK, ["Story 99"])


async def test_a_window_that_rolled_over_whole_is_an_overrun_and_still_handed_on(reader):
    await reader.poll(feed(*range(12)))
    answer = await reader.poll(feed(*range(50, 62)))
    assert answer.health is Health.OVERRUN
    assert len(answer.entries) == 12


async def test_another_site_s_feed_under_the_address_is_held_until_a_person_accepts_it(reader):
    await reader.poll(feed(*range(12)))
    foreign = [item(n, link=f"https://casino.example.com/{n}", guid=f"c{n}", title=f"Bet {n}") for n in range(12)]
    for _ in range(2):
        answer = await reader.poll(rss(*foreign))
        assert (answer.health, answer.entries) == (Health.FOREIGN, ())
    assert answer.detail == (
        "12 items, none of them listed before: they lead to casino.example.com, those before led to example.gov"
    )
    back = await reader.poll(feed(*range(13)))
    assert (back.health, titles(back)) == (Health.OK, ["Story 12"])
    held = await reader.poll(rss(*foreign))
    cursor = {key: value for key, value in held.memory.cursor.items() if key != HOSTS}  # as /feeds accept leaves it
    reader.memory = replace(held.memory, cursor=cursor)
    assert len((await reader.poll(rss(*foreign))).entries) == 12
    assert titles(await reader.poll(rss(item(50, link="https://casino.example.com/50"), *foreign))) == ["Story 50"]


async def test_a_permanent_redirect_is_reported_and_the_feed_still_read(server, reader):
    server.say("/new", feed(1))
    server.redirect("/feed", "/new", 301)
    answer = await reader.poll()
    assert titles(answer) == ["Story 1"]
    assert answer.detail == f"it has moved for good to {server.url('/new')}: change its url in feeds.yml"


async def test_the_exact_source_is_cut_from_the_end_of_a_headline(reader):
    gathered = rss(
        item(1, title="A - B - The - Planet", source="The - Planet"),
        item(2, title="A - The Planet", source="Planet"),
        item(3, title="Talks - stalled"),
    )
    answer = await reader.poll(gathered)
    outlets = {entry.title: entry.outlet for entry in answer.entries}
    assert outlets == {"A - B": "The - Planet", "A - The Planet": "Planet", "Talks - stalled": "Newsroom"}


async def test_a_bill_package_names_its_bill_and_its_list_of_files_is_no_summary(reader):
    packages = rss(
        item(1, guid="BILLS-119s5429is", description="Content Files PDF"),
        item(2, guid="BILLS-119hconres40pcs"),
        item(3),
    )
    answer = await reader.poll(packages)
    assert [(entry.bill, entry.summary) for entry in reversed(answer.entries)] == [
        ("s5429-119", None),
        ("hconres40-119", None),
        (None, None),
    ]


async def test_an_item_without_a_title_is_called_by_its_text_or_its_page(reader):
    answer = await reader.poll(rss({"guid": "1", "description": "Only text"}, {"link": "https://example.gov/2"}))
    assert titles(answer) == ["https://example.gov/2", "Only text"]


async def test_google_alerts_are_read_as_the_pages_they_lead_to(reader, material):
    answer = await reader.poll((material / "media/google_alerts_atom_real.xml").read_bytes())
    assert len(answer.entries) == 20
    assert not any("google.com" in entry.url or "<" in entry.title for entry in answer.entries)
    assert all(entry.outlet in entry.url for entry in answer.entries)


async def test_the_real_govinfo_feed_names_a_bill_for_every_item(reader, material):
    answer = await reader.poll((material / "congress/rss/govinfo_bills_2026-09-28_subset.xml").read_bytes())
    assert len(answer.entries) == 10
    for entry in answer.entries:
        package = entry.url.rsplit("/", 1)[1]
        assert package.startswith(f"BILLS-119{entry.bill.removesuffix('-119')}")
        assert "&nbsp;" not in entry.title


async def test_the_real_floor_feeds_pass_from_recess_to_session(server, material):
    reader = Reader(server, may_be_empty=True)
    recess = (material / "congress/rss/congress_house-floor-today_empty_2026-07-25.xml").read_bytes()
    session = (material / "congress/rss/congress_house-floor-today_2026-07-23_shape.xml").read_bytes()
    assert (await reader.poll(recess)).health is Health.EMPTY_EXPECTED
    answer = await reader.poll(session)
    assert titles(answer) == ["H.Con.Res.89", "H.R.8884"]
    assert answer.health is Health.OK
    await reader.fetcher.close()


async def test_a_page_whose_one_item_is_replaced_each_week_is_new_each_week(reader, material):
    week = (material / "congress/rss/congress_most-viewed-bills_2026-08-09.xml").read_text()
    await reader.poll(week)
    answer = await reader.poll(week.replace("August 9, 2026", "August 16, 2026"))
    assert titles(answer) == ["Most-Viewed Bills - Week of August 16, 2026"]


async def test_a_secret_address_is_neither_stored_nor_shown(server):
    reader = Reader(server, "/alerts/0123456789", url_env="FEED_URL__ALERTS")
    answer = await reader.poll(feed(1), headers={"ETag": '"1"'})
    assert "0123456789" not in repr(answer.memory)
    assert isinstance(await reader.poll(), NotModified)
    server.say("/new/0123456789", feed(1, 2))
    server.redirect("/alerts/0123456789", "/new/0123456789", 301)
    answer_again = await reader.poll()
    assert answer_again.detail == "it has moved for good to 127.0.0.1: change its url"
    server.say("/alerts/0123456789", status=404)
    assert "0123456789" not in (await reader.poll()).detail
    await reader.fetcher.close()


async def test_a_secret_address_that_is_not_set_is_reported():
    answer = await FeedSource("a", "Alerts", "", Fetcher("test"), url_env="FEED_URL__ALERTS").poll(Memory(), NOW)
    assert answer.detail == "its address is not set: set the variable that feeds.yml names under `url_env`"
