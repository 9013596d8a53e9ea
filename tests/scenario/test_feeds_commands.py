"""Sources from chat, over a publisher on the loopback and the bot's own fetcher."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.intake import ingest
from bot.app.wiring import Network
from bot.commands.model import Job, Refusal
from bot.config.feeds import SourceConfig
from bot.config.load import load
from bot.entries import source_records
from bot.fetch.http import Fetcher, Limits
from bot.media.news.reading import Reading
from bot.people import account_notices
from bot.shared.answer import HOSTS, Fetched, FetchFailed, Health, Memory
from bot.shared.bill_number import BillNumber
from bot.sources.feeds.feed import FeedSource
from bot.sources.mail.source import Inbox
from tests.kit.alerts import TUESDAY
from tests.kit.board import CONFIG
from tests.kit.commands import Office, words_of
from tests.kit.web_face import KEYRING
from tests.peers.feedserver import rss, serving

ITEMS = [
    {"title": f"Story {n}", "link": f"https://example.gov/{n}", "pubDate": f"Mon, 23 Nov 2026 15:0{n}:00 GMT"}
    for n in (5, 4, 3, 2, 1)
]
PAGE = """<html><head><link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/rss+xml" title="News" href="/news/feed">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
</head><body>Hello</body></html>"""


@pytest.fixture
async def server():
    async with serving() as server:
        yield server


@pytest.fixture
async def office(tmp_path, server):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    wire = FeedSource("wire", "The wire", server.url("/wire"), fetcher)
    reading = Reading(CONFIG.coalition)
    fetching = Network(
        fetcher, lambda: {"wire": wire}, dict, None, None,
        reading=lambda given: [reading.read(entry)[0] for entry in given], clock=lambda: TUESDAY,
    )  # fmt: skip
    yield Office(tmp_path, fetching=fetching)
    await fetcher.close()


def page(server, path="/news", body=PAGE):
    return server.say(path, body, content_type="text/html")


async def test_no_headline_is_shown_that_the_channels_would_not_be_shown(office, server):
    named = ITEMS[0] | {"title": "Police find Jane Roe, 15, after a week", "link": "https://example.gov/jane-roe-15"}
    feed = server.say("/news/feed", rss(named, *ITEMS[1:]))
    server.say("/wire", rss(named, *ITEMS[1:]))

    added = await office.ask("bo", "feeds add", url=feed, name="Example newsroom")
    looked = await office.ask("bo", "feeds check", name="wire")

    for card in (added, looked):
        assert "Headline withheld" in repr(card)
        assert "Roe" not in repr(card)
        assert "jane-roe" not in repr(card)


async def test_a_bill_that_no_source_reads_is_answered_with_the_source_to_add():
    fetcher = Fetcher("test")
    fetching = Network(fetcher, dict, dict, None, None, reading=lambda entries: entries, clock=lambda: TUESDAY)
    failed = await fetching.bill(BillNumber(119, "hr", 12345))
    await fetcher.close()
    assert isinstance(failed, FetchFailed)
    assert failed.detail == "no source reads bills: add bill-status to the sources in feeds.yml"


async def test_the_feed_behind_a_page_is_found_shown_and_saved(office, server):
    feed = server.say("/news/feed", rss(*ITEMS))
    card = await office.ask("bo", "feeds add", url=page(server), name="Example newsroom")
    assert card.head == "Not saved yet: “Example newsroom”"
    assert [line.text for line in card.lines] == [
        "5 items at 127.0.0.1",
        "Mon Nov 23, 2026: Story 5",
        "Mon Nov 23, 2026: Story 4",
        "Mon Nov 23, 2026: Story 3",
    ]
    assert office.config == office.files

    reply = await office.press("bo", card, "Save")

    assert (reply.card.head, reply.replaces) == ("Saved: “Example newsroom”", True)
    assert office.config.feeds.sources["example-newsroom"].url == feed
    assert office.audit() == [("Bo Li", "source example-newsroom", "", "Example newsroom, feed, 127.0.0.1")]
    assert isinstance(await office.press("bo", card, "Save"), Refusal)


async def test_another_feed_under_the_name_of_a_removed_source_begins_with_a_silent_first_answer(office, server):
    async def added(path: str, *items: dict[str, str]) -> int:
        url = server.say(path, rss(*items))
        await office.press("bo", await office.ask("bo", "feeds add", url=url, name="Agency news"), "Save")
        state = source_records.source_state(office.db, "agency-news")
        fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
        answer = await FeedSource("agency-news", "Agency news", url, fetcher).poll(
            state.memory if state else Memory(), office.room.now
        )
        await fetcher.close()
        with Job(office.db, office.config, office.room.now, office.room.new_id).write() as work:
            return ingest(work, answer, "agency-news", due_at=office.room.now).messages

    banned = [each | {"title": f"Forced labor import ban on ship {n}"} for n, each in enumerate(ITEMS)]
    assert await added("/news/feed", *ITEMS) == 0
    await office.ask("bo", "feeds remove", name="agency-news")
    office.room.now += timedelta(hours=1)
    assert await added("/press/feed", *(each | {"link": f"{each['link']}/press"} for each in banned)) == 0


async def test_an_address_of_a_feed_itself_will_do(office, server):
    card = await office.ask("bo", "feeds add", url=server.say("/feed", rss(*ITEMS)))
    assert card.head == "Not saved yet: “127.0.0.1”"
    assert server.count("/feed") == 1


async def test_an_agency_of_the_catalog_brings_its_news_with_all_its_roads(office):
    card = await office.ask("bo", "feeds add", url="uscis")
    assert "From the catalog: uscis-news, news-page of uscis.gov; nobody has confirmed it." in words_of(card)

    saved = await office.press("bo", card, "Save")
    assert "It is checked every 1h" in words_of(saved.card)
    source = office.config.feeds.sources["uscis-news"]
    assert [road.label for road in source.fallbacks] == ["feed of uscis.gov", "mail of public.govdelivery.com"]
    assert source.fallbacks[0].url == "https://www.uscis.gov/news/rss-feed/59144"
    assert "is a source already" in (await office.refused("bo", "feeds add", url="USCIS")).what


async def test_the_next_feed_of_a_page_is_tried_where_the_first_is_broken(office, server):
    server.say("/news/feed", "<html>gone to the archive</html>")
    server.say("/comments/feed", rss(ITEMS[0]))
    assert "1 item at" in words_of(await office.ask("bo", "feeds add", url=page(server)))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("/nothing", "answered 404"),
        ("/plain", "links to no feed"),
        ("ftp://example.org/x", "not a web address"),
        ("http://10.1.2.3/feed", "leads to a private or reserved address"),
        ("http://169.254.169.254/latest/meta-data", "leads to a private or reserved address"),
    ],
)
async def test_what_cannot_be_read_is_refused_at_its_field_with_the_reason(office, server, url, why):
    page(server, "/plain", "<html><body>Hello</body></html>")
    refused = await office.refused("bo", "feeds add", url=server.url(url) if url.startswith("/") else url)
    assert (refused.param, why in refused.what) == ("url", True)


async def test_a_page_cannot_lead_the_bot_to_a_private_address(office, server):
    page(server, body='<link rel=alternate type="application/rss+xml" href="http://192.168.1.1/feed">')
    assert "none can be read" in (await office.refused("bo", "feeds add", url=server.url("/news"))).what


async def test_a_feed_that_is_read_already_is_not_added_again(office, server):
    url = server.say("/feed", rss(*ITEMS))
    await office.press("bo", await office.ask("bo", "feeds add", url=url, name="Ours"), "Save")
    refused = await office.refused("bo", "feeds add", url=f"{url}?utm_source=x")
    assert refused.what == "“Ours” already reads that feed."


async def test_an_empty_feed_is_shown_as_empty(office, server):
    assert "The feed is empty now" in words_of(await office.ask("bo", "feeds add", url=server.say("/feed", rss())))


async def test_check_asks_now_and_keeps_nothing(office, server):
    server.say("/wire", rss(*ITEMS))
    card = await office.ask("cy", "feeds check", name="wire")
    assert card.head == "“The wire” is working: 5 entries"
    assert card.lines[0].text == "Mon Nov 23, 2026: Story 5"
    assert office.db.read("SELECT id FROM entry") == []

    server.say("/wire", status=403)
    card = await office.ask("cy", "feeds check", name="wire")
    assert card.head == "“The wire” blocks the bot"
    assert "Try: run the bot from another network" in words_of(card)


async def test_check_takes_the_name_that_people_know_a_source_by(office, server):
    server.say("/wire", rss(*ITEMS))
    card = await office.ask("cy", "feeds check", name="the Wire")
    assert card.head == "“The wire” is working: 5 entries"


async def test_check_of_what_is_not_there_or_off_says_so(office):
    assert "Did you mean wire?" in (await office.refused("cy", "feeds check", name="wir")).what
    assert "turned off" in (await office.ask("cy", "feeds check", name="newsroom")).head


async def test_the_list_begins_with_what_needs_a_look(office):
    office.room.fail("newsroom", Health.GONE, "www.ice.gov answered 404")
    card = await office.ask("ada", "feeds list")
    assert card.head == "5 sources, 1 needs attention"
    assert [section.title for section in card.sections] == ["Needs attention", "Working"]
    line = card.sections[0].lines[0].text
    assert line.startswith("ICE newsroom (newsroom) · gone · checked 10:05")
    assert " a.m. Try: find" in line, "one period"
    assert len(card.sections[1].lines) == 4


async def test_what_was_held_is_taken_once_an_administrator_accepts_it(office):
    answer = Fetched(
        entries=(), memory=Memory(cursor={HOSTS: ["a.example"], "size": 12}), health=Health.FOREIGN, detail="12 items"
    )
    with office.room.job.write() as work:
        ingest(work, answer, "wire", due_at=office.room.now + timedelta(hours=1))
    (card,) = office.room.cards("admin", "health")
    assert card.head == "“The wire” lists nothing it listed before; is the address still right?"
    assert (await office.press("bo", card, "The address is right")).card.head == "Accepted: “The wire”"
    state = source_records.source_state(office.db, "wire")
    assert (state.memory.cursor, state.due_at <= office.room.now) == ({"size": 12}, True)
    office.room.unchanged("wire")
    assert "Nothing of “The wire” is held" in (await office.refused("bo", "feeds accept", name="wire")).what


async def test_removing_is_named_to_the_admin_channel_and_undone_and_a_watch_s_own_source_is_kept(office):
    refused = await office.refused("bo", "feeds remove", name="wire")
    assert "limited to that source: “wire-only”" in refused.what

    card = await office.ask("bo", "feeds remove", name="ICE newsroom")
    assert "newsroom" not in office.config.feeds.sources
    (notice,) = account_notices.waiting(office.db)
    assert notice.address == office.config.feeds.channels[office.config.feeds.admin].to
    assert notice.text == "The source “ICE newsroom” was removed by Bo Li"
    await office.press("bo", card, "Undo")
    assert office.config == office.files
    assert [line[2:] for line in office.audit()] == [("ICE newsroom, feed, ice.gov", ""), ("", "restored")]


@pytest.mark.parametrize("path", ["feeds add", "feeds accept", "feeds remove", "feeds save"])
async def test_only_an_administrator_changes_what_is_read(office, path):
    args = {"feeds add": {"url": "https://example.org"}, "feeds save": {"draft": "x"}}
    refused = await office.refused("ada", path, **args.get(path, {"name": "wire"}))
    assert "no such command" in refused.what


async def test_what_is_exported_reads_back_as_what_is_in_force(office, server, tmp_path):
    await office.press(
        "ada", await office.ask("ada", "watch add", query='"forced labor" NOT asbestos', asks="4"), "Save"
    )
    await office.ask("ada", "watch remove", name="field")
    await office.press("bo", await office.ask("bo", "feeds add", url=server.say("/feed", rss(*ITEMS))), "Save")
    reply = await office.answer("bo", "settings export", file="feeds.yml")
    assert "watches.field: removed in chat" in words_of(reply.card)
    assert "added in chat" in words_of(reply.card)
    (tmp_path / "feeds.yml").write_bytes(reply.file.data)
    (tmp_path / "coalition.yml").write_text(
        "{id: us, name: Us, short: Us, contact: us@example.org, asks: {3: {title: a}, 4: {title: b}, 8: {title: c}}}"
    )
    read = load(tmp_path / "feeds.yml", tmp_path / "coalition.yml")
    assert read.feeds.watches == office.config.feeds.watches
    assert read.feeds.sources == office.config.feeds.sources


async def test_an_administrator_alone_sees_the_email_address_of_a_source(tmp_path):
    fetcher, inbox = Fetcher("test"), Inbox("imaps://mail.test", "bot@coalition.test", KEYRING, None)
    mail = {"kind": "mail", "senders": ["ovc@public.govdelivery.com"], "url": "https://public.govdelivery.com/x"}
    sources = {
        "ovc": SourceConfig.model_validate({**mail, "name": "OVC"}),
        "wire": SourceConfig.model_validate(
            {"kind": "feed", "name": "Wire", "url": "https://w.gov", "fallbacks": [mail]}
        ),
        "feed": SourceConfig.model_validate({"kind": "feed", "name": "Feed", "url": "https://f.gov"}),
    }
    feeds = CONFIG.feeds.model_copy(update={"sources": {**CONFIG.feeds.sources, **sources}})

    def office(read):
        adapters = {
            id_: source.adapter(id_, source.url, fetcher, key="", bills=(), laws=(), sources=(), inbox=read)
            for id_, source in sources.items()
        }
        network = Network(
            fetcher, lambda: adapters, dict, None, None, reading=lambda given: given, clock=lambda: TUESDAY
        )
        folder = tmp_path / str(bool(read))
        folder.mkdir()
        return Office(folder, files=replace(CONFIG, feeds=feeds), fetching=network)

    reads, does_not = office(inbox), office(None)
    cards = [await reads.ask("bo", "feeds address", name=name) for name in ("ovc", "wire")]
    addresses = [card.lines[0].text for card in cards]
    assert all(re.fullmatch(r"bot\+s-[a-z2-7]{26}@coalition\.test", address) for address in addresses)
    assert len(set(addresses)) == 2
    assert cards[0].lines[1].url == "https://public.govdelivery.com/x"
    assert isinstance(await reads.answer("ada", "feeds address", name="ovc"), Refusal)
    for office_, name, why in (
        (reads, "feed", "gets no email"),
        (does_not, "ovc", "set IMAP_URL and MAIL_FROM"),
        (does_not, "wire", "set IMAP_URL and MAIL_FROM"),
    ):
        refusal = await office_.answer("bo", "feeds address", name=name)
        assert isinstance(refusal, Refusal)
        assert why in refusal.what
    await fetcher.close()
