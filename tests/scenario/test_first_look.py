"""The first answer of a source may be empty: then its baseline is that nothing was there, and what comes next is news.

Each kind of source is read by its real adapter over loopback, and its answer is saved as in the running bot.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.app.polling import Poller
from bot.entries import source_records
from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Health
from bot.sources.congress.bill_status import BillStatus
from bot.sources.congress.house_floor import HouseFloor
from bot.sources.feeds.feed import FeedSource
from bot.sources.gdelt import Gdelt
from bot.sources.grants.grants import Grants
from bot.sources.page import Page
from bot.sources.register.federal_register import FederalRegister, PublicInspection
from bot.watch.model import Level
from tests.kit.alerts import TUESDAY, Room, campaign, watch
from tests.peers.feedserver import rss, serving
from tests.peers.gdelt import article, packed
from tests.peers.grants import Announcement, GrantsPeer
from tests.peers.register import RegisterPeer, filing

KINDS = {
    "register": {"kind": "federal-register", "name": "Federal Register"},
    "inspection": {"kind": "public-inspection", "name": "Public inspection"},
    "grants": {"kind": "grants", "name": "grants.gov"},
    "newsroom": {"kind": "feed", "name": "A newsroom", "url": "https://www.example.gov/rss"},
    "index": {"kind": "gdelt", "name": "GDELT", "phrases": ["gloves"]},
    "page": {"kind": "page", "name": "Orders", "url": "https://www.example.gov/orders"},
    "floor": {"kind": "house-floor", "name": "House floor"},
    "bills": {"kind": "bill-status", "name": "GovInfo"},
}
WATCHES = (watch("gloves", "gloves", Level.ALERT, (4,)),)


class Looks:
    """A room whose sources are polled through the program's own poll loop, an hour apart."""

    def __init__(self, tmp_path: Any, fetcher: Fetcher, now: datetime = TUESDAY) -> None:
        base = campaign({"sources": KINDS, "routes": [{"to": "policy"}]}, WATCHES)
        self.room = Room(tmp_path, base, baseline=False, now=now)
        self.fetcher = fetcher

    async def at(self, source: Any) -> Looks:
        self.room.wait(hours=1)
        poller = Poller(
            self.room.db,
            {source.id: source},
            self.room.config,
            clock=lambda: self.room.now,
            new_id=self.room.new_id,
            dice=lambda: 0.0,
            since=None,
        )
        await poller.poll_now()
        return self

    @property
    def titles(self) -> list[str]:
        return sorted({title for title, _ in self.room.posted("policy")})


@pytest.fixture
async def looks(tmp_path):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    yield Looks(tmp_path, fetcher)
    await fetcher.close()


@pytest.fixture
async def server():
    async with serving() as server:
        yield server


def request_for_comment(number: int, day: date, closes: date | None = None) -> dict[str, Any]:
    return {
        "document_number": f"2026-{number:05}",
        "title": f"Gloves: request {number} for comments",
        "type": "Notice",
        "publication_date": day.isoformat(),
        "comments_close_on": closes.isoformat() if closes else None,
        "agencies": [{"name": "U.S. Customs and Border Protection", "slug": "u-s-customs-and-border-protection"}],
    }


@pytest.mark.parametrize("missing", [False, True], ids=["an empty answer", "a 404 for nothing found"])
async def test_ten_comment_requests_after_a_register_that_first_answered_empty_are_all_posted(looks, missing):
    async with RegisterPeer() as peer:
        peer.empty_is_404 = missing
        source = FederalRegister("register", "Federal Register", peer.documents_url, looks.fetcher)
        for _ in range(3):
            await looks.at(source)
        peer.documents = [request_for_comment(n, date(2026, 11, 18 + n % 6), date(2026, 12, 20)) for n in range(1, 11)]
        await looks.at(source)

    assert looks.titles == sorted(f"Gloves: request {n} for comments" for n in range(1, 11))


async def test_a_document_far_older_than_the_first_empty_look_is_posted_only_while_comments_are_open(looks):
    async with RegisterPeer() as peer:
        lookback = timedelta(days=60)
        source = FederalRegister("register", "Federal Register", peer.documents_url, looks.fetcher, lookback=lookback)
        await looks.at(source)
        peer.documents = [
            request_for_comment(1, date(2026, 10, 5), date(2026, 11, 23)),
            request_for_comment(2, date(2026, 10, 5), date(2026, 11, 24)),
        ]
        await looks.at(source)

    assert looks.titles == ["Gloves: request 2 for comments"]


async def test_a_filing_after_an_empty_inspection_list_is_posted(looks):
    async with RegisterPeer() as peer:
        source = PublicInspection("inspection", "Public inspection", peer.inspection_url, looks.fetcher)
        await looks.at(source)  # ten in the morning of a business day, when the list should not be empty
        peer.filings = [filing("2026-00009", title="Gloves made with forced labor")]
        await looks.at(source)

    assert looks.titles == ["Gloves made with forced labor"]


@pytest.mark.parametrize("may_be_empty", [False, True])
async def test_grants_after_a_search_without_hits_are_posted_but_not_those_that_ended_before(
    looks, server, may_be_empty
):
    peer = GrantsPeer(server)
    source = Grants(
        "grants", "grants.gov", peer.url, looks.fetcher, attachments=peer.files_url, may_be_empty=may_be_empty
    )
    await looks.at(source)
    peer.announcements = [
        Announcement(1, "N-1", "Gloves, new", date(2026, 11, 24)),
        Announcement(2, "N-2", "Gloves, still open", date(2026, 8, 1), closes=date(2027, 1, 15)),
        Announcement(3, "N-3", "Gloves, an old forecast", date(2026, 3, 2), forecast=True),
    ]
    await looks.at(source)

    assert looks.titles == ["Gloves, new", "Gloves, still open"]


def story(n: int, published: datetime | None) -> dict[str, str]:
    dated = {"pubDate": format_datetime(published)} if published else {}
    return {"title": f"Gloves {n:04}", "link": f"https://www.example.gov/{n}", "guid": f"g{n}", **dated}


@pytest.mark.parametrize("may_be_empty", [False, True])
@pytest.mark.parametrize("dated", [True, False])
async def test_the_first_items_of_a_feed_that_was_empty_and_valid_are_posted(looks, server, dated, may_be_empty):
    url = server.say("/feed", rss())
    source = FeedSource("newsroom", "A newsroom", url, looks.fetcher, may_be_empty=may_be_empty)
    await looks.at(source)
    server.say("/feed", rss(*(story(n, TUESDAY if dated else None) for n in range(3))))
    await looks.at(source)

    assert looks.titles == ["Gloves 0000", "Gloves 0001", "Gloves 0002"]


@pytest.mark.long
@pytest.mark.parametrize("dated", [True, False])
async def test_thousands_of_old_items_after_an_empty_feed_are_stored_silently(looks, server, dated):
    source = FeedSource("newsroom", "A newsroom", server.say("/feed", rss()), looks.fetcher)
    await looks.at(source)
    old = [story(n, TUESDAY - timedelta(days=30 + n % 900) if dated else None) for n in range(1, 2_901)]
    server.say("/feed", rss(*old))
    await looks.at(source)
    assert looks.titles == []

    server.say("/feed", rss(story(9_999, TUESDAY + timedelta(hours=3) if dated else None), *old))
    await looks.at(source)
    assert looks.titles == ["Gloves 9999"]


async def test_a_feed_with_only_broken_items_has_no_baseline_yet(looks, server):
    source = FeedSource("newsroom", "A newsroom", server.say("/feed", rss({"title": ""}, {"title": ""})), looks.fetcher)
    await looks.at(source)
    assert source_records.source_state(looks.room.db, "newsroom").memory.first_success_at is None
    server.say("/feed", rss(story(1, TUESDAY)))
    await looks.at(source)

    assert looks.titles == []


async def test_a_page_of_errors_is_no_first_look(looks, server):
    url = server.say("/feed", "<html><body>Not Found</body></html>", content_type="text/html")
    source = FeedSource("newsroom", "A newsroom", url, looks.fetcher)
    await looks.at(source)
    server.say("/feed", rss(story(1, TUESDAY)))
    await looks.at(source)

    assert looks.titles == []


async def test_a_feed_at_a_new_address_posts_what_is_new_and_not_the_archive_that_it_shows(looks, server):
    first = server.say("/old", rss(*(story(n, TUESDAY - timedelta(days=1)) for n in range(12))))
    await looks.at(FeedSource("newsroom", "A newsroom", first, looks.fetcher))
    archive = [story(n, TUESDAY - timedelta(days=n)) for n in range(30, 130)]
    second = server.say("/new", rss(story(500, TUESDAY + timedelta(hours=1)), *archive))
    await looks.at(FeedSource("newsroom", "A newsroom", second, looks.fetcher))

    assert looks.titles == ["Gloves 0500"]


async def test_articles_after_files_in_which_nothing_fits_are_posted(looks, server):
    url = server.url("/{moment}.gkg.csv.zip")
    source = Gdelt("index", "GDELT", url, looks.fetcher, phrases=("gloves",))
    first = TUESDAY + timedelta(hours=1)
    for quarter in range(-2, 5):
        at = first + quarter * timedelta(minutes=15)
        rows = [article(1, "Gloves seized")] if quarter == 2 else [article(2)]
        server.say(f"/{at:%Y%m%d%H%M%S}.gkg.csv.zip", packed(*rows))
    await looks.at(source)
    await looks.at(source)

    assert looks.titles == ["Gloves seized"]


def orders(*lines: str) -> str:
    return f"<html><body><main><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul></main></body></html>"


async def test_the_first_lines_of_a_page_that_was_empty_are_posted_but_not_a_page_that_only_now_is_shown(looks, server):
    source = Page("page", "Orders", server.say("/orders", orders(), content_type="text/html"), looks.fetcher)
    await looks.at(source)
    assert source_records.source_state(looks.room.db, "page").health is Health.EMPTY
    server.say("/orders", orders("Order on gloves from the Sunrise works"), content_type="text/html")
    await looks.at(source)
    (card,) = looks.room.cards("policy")
    assert "Order on gloves from the Sunrise works" in str(card)


async def test_a_page_that_was_empty_and_comes_whole_is_a_baseline(looks, server):
    source = Page("page", "Orders", server.say("/orders", orders(), content_type="text/html"), looks.fetcher)
    await looks.at(source)
    many = [f"Order {name} on gloves" for name in ("of the north", "of the south", "of the east", "of the west")]
    lines = [f"{line}, the {word} of its kind" for line in many for word in ("oldest", "newest", "longest", "dearest")]
    server.say("/orders", orders(*lines), content_type="text/html")
    await looks.at(source)
    assert looks.titles == []
    server.say("/orders", orders(*lines, "Order on gloves from the Sunrise works"), content_type="text/html")
    await looks.at(source)
    assert len(looks.room.cards("policy")) == 1


async def test_the_first_schedule_after_a_recess_is_posted(looks, server):
    source = HouseFloor("floor", "House floor", server.url("/floor/{week}.xml"), looks.fetcher)
    await looks.at(source)  # no file: a recess, or a wrong address
    server.say(
        "/floor/20261123.xml",
        '<floorschedule congress-num="119" week-date="2026-11-23" update-date="2026-11-24T11:00:00.0">'
        '<category type="Suspensions"><floor-items><floor-item id="1" publish-date="2026-11-24T10:00:00.0">'
        "<legis-num>H.R. 9</legis-num><floor-text>Gloves Act</floor-text></floor-item></floor-items></category>"
        "</floorschedule>",
        content_type="application/xml",
    )
    await looks.at(source)

    assert len(looks.room.cards("policy")) == 1


async def test_bill_status_without_a_bill_to_read_has_had_its_first_look(looks, server):
    server.say("/rss/billstatus-batch.xml", rss())
    await looks.at(BillStatus("bills", "GovInfo", server.url("/bulkdata/BILLSTATUS"), looks.fetcher, bills=()))

    assert source_records.source_state(looks.room.db, "bills").memory.first_success_at == looks.room.now


async def test_a_watch_added_after_an_empty_first_check_matches_the_next_entries(tmp_path, looks, server):
    source = FeedSource("newsroom", "A newsroom", server.say("/feed", rss()), looks.fetcher)
    await looks.at(source)
    added = (*WATCHES, watch("hats", "hats", Level.ALERT, (8,)))
    looks.room.config = campaign({"sources": KINDS, "routes": [{"to": "policy"}]}, added)
    server.say("/feed", rss(story(1, TUESDAY) | {"title": "Hats made in prisons"}))
    await looks.at(source)

    assert looks.titles == ["Hats made in prisons"]


async def test_a_source_added_late_that_lists_nothing_is_confirmed_as_that(tmp_path, looks, server):
    for source in KINDS:
        if source != "newsroom":
            looks.room.take(source, health=Health.EMPTY_EXPECTED)
    looks.room.fail("newsroom", Health.UNREACHABLE)
    looks.room.compose()
    await looks.at(FeedSource("newsroom", "A newsroom", server.say("/feed", rss()), looks.fetcher))

    card = looks.room.cards("admin", "hello")[-1]
    assert card.head == "Now watching “A newsroom” too"
    assert card.lines[0].text == "It lists nothing today; new entries are matched and posted from now on."
