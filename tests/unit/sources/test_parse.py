import sys
from datetime import UTC, datetime

import pytest

from bot.shared.answer import FetchFailed, Health
from bot.shared.plain_text import cut
from bot.sources.feeds.parse import Reading, parse
from bot.sources.feeds.parse_child import ordinary, parse_apart
from tests.peers.feedserver import rss

RSS = "application/rss+xml"
ITEM = {"title": "A finding", "link": "https://example.gov/1", "guid": "1"}


def read(feed, content_type=RSS, address="https://example.gov/feed.xml"):
    return parse(feed.encode() if isinstance(feed, str) else feed, content_type, address)


def only(feed, **given):
    parsed = read(feed, **given)
    assert isinstance(parsed, Reading)
    [item] = parsed.items
    return item


def test_an_item_is_plain_text_with_its_page_and_its_date():
    item = only(
        rss(
            ITEM
            | {
                "description": "<p>Forced <b>la</b>bor</p><p>found&nbsp;&amp; named</p>",
                "pubDate": "Tue, 24 Nov 2026 12:00:00 EST",
            }
        )
    )
    assert item.title == "A finding"
    assert (item.link, item.guid, item.outlet) == ("https://example.gov/1", "1", "")
    assert item.summary == "Forced labor found & named"
    assert item.published == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def test_a_literal_entity_in_a_title_is_read():
    assert only(rss(ITEM | {"title": "S.&nbsp;5429&nbsp;(IS) -\n\t\tA bill"})).title == "S. 5429 (IS) - A bill"


def test_an_atom_entry_without_a_summary_shows_its_content():
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id>'
        '<title type="html">&lt;b&gt;Slack&lt;/b&gt; &amp;#39;26</title><link href="https://example.org/a"/><updated>2026-11-24T12:00:00Z</updated>'
        '<content type="html">&lt;p&gt;the text&lt;/p&gt;</content></entry></feed>'
    )
    item = only(feed, content_type="application/atom+xml")
    assert (item.title, item.summary) == ("Slack '26", "the text")
    assert item.published == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("link", ["javascript:alert(2)", "data:text/html,x", "1", "http://a:b@c.org/"])
def test_a_link_that_nobody_could_follow_is_no_link(link):
    assert only(rss(ITEM | {"link": link})).link == ""


def test_a_guid_is_a_link_only_where_it_is_a_web_address():
    assert only(rss({"title": "A", "guid": "1"})).link == ""
    assert only(rss({"title": "A", "guid": "javascript:alert(2)"})).link == ""
    assert only(rss({"title": "A", "guid": "https://example.gov/1"})).link == "https://example.gov/1"


def test_a_link_without_a_host_is_on_the_host_of_the_feed():
    assert only(rss(ITEM | {"link": "/news/1"})).link == "https://example.gov/news/1"
    assert only(rss(ITEM | {"link": "//other.gov/1"})).link == "https://other.gov/1"


@pytest.mark.parametrize("link", ["//[x", "//a\u2100.com/", "/" + "a" * 3000])
def test_a_link_that_cannot_be_completed_is_no_link(link):
    assert only(rss(ITEM | {"link": link})).link == ""


def test_who_wrote_it_is_the_name_without_the_address():
    assert only(rss(ITEM | {"author": "jo@h.example (Jo Sample)"})).author == "Jo Sample"
    assert only(rss(ITEM | {"dc:creator": "Jo Sample"})).author == "Jo Sample"
    assert only(rss(ITEM)).author == ""


def test_the_outlet_of_a_gathered_item_is_its_source_or_the_host_of_its_page():
    named = rss(ITEM | {"source": "Daily Planet"})
    wrapped = rss(ITEM | {"link": "https://www.google.com/url?url=https://www.example.org/a&ct=ga&usg=x"})
    assert only(named).outlet == "Daily Planet"
    assert only(wrapped).outlet == "example.org"


def test_the_sign_that_wordpress_puts_under_a_summary_goes():
    foot = "<p>What happened.</p><p>The post A finding appeared first on Example.</p>"
    assert only(rss(ITEM | {"description": foot})).summary == "What happened."


def test_long_texts_end_at_a_word():
    item = only(rss(ITEM | {"title": "word " * 5000, "description": "word " * 5000}))
    assert len(item.title) <= 500
    assert len(item.summary) <= 2000
    assert item.title.endswith("word…")
    assert cut("a" * 20, 10) == "a" * 9 + "…"
    assert cut("short", 10) == "short"


async def test_a_child_reads_what_a_thread_reads():
    feed = rss(
        ITEM | {"pubDate": "Tue, 24 Nov 2026 12:00:00 GMT", "description": "naïve \U0001f514"}, {}, {"guid": "2"}
    )
    parsed_here = read(feed)
    assert parsed_here == await parse_apart(feed.encode(), RSS, "https://example.gov/feed.xml")
    assert parsed_here.broken == 1
    page = b"<html><title>x</title></html>"
    failure = FetchFailed(Health.NOT_A_FEED, "the answer is a web page, not a feed")
    assert failure == read(page) == await parse_apart(page, "text/html", "https://example.gov/")


async def test_the_child_is_given_no_secrets_and_one_that_says_nothing_is_a_refusal(monkeypatch, tmp_path):
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/env\n")
    spy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(spy))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    answer = await parse_apart(b"<rss/>", RSS, "https://example.gov/")
    assert answer.health is Health.REFUSED
    assert "PATH=" in (tmp_path / "env").read_text()
    assert "canary" not in (tmp_path / "env").read_text()


@pytest.mark.parametrize(
    "body",
    [b"<rss>" + b"a" * 1000, b"<rss>" + b"\n \t" * 400 + b"</rss>", b"<rss " + b"a='b' " * 1000 + b">"],
)
def test_endless_words_blanks_and_tags_are_not_ordinary(body):
    assert not ordinary(body)


def test_real_feeds_are_ordinary_and_none_loses_an_item(material):
    counts = {
        "media/google_alerts_atom_real.xml": 20,
        "media/org_wordpress_feed_real.xml": 10,
        "media/bing_news_real_excerpt.xml": 1,
        "congress/rss/govinfo_bills_2026-09-28_subset.xml": 10,
        "congress/rss/congress_most-viewed-bills_2026-08-09.xml": 1,
        "congress/rss/congress_house-floor-today_2026-07-23_shape.xml": 2,
        "congress/rss/congress_house-floor-today_empty_2026-07-25.xml": 0,
    }
    for name, count in counts.items():
        data = (material / name).read_bytes()
        assert ordinary(data)
        parsed = parse(data, RSS, "https://example.org/")
        assert (len(parsed.items), parsed.broken, parsed.cut_off) == (count, 0, False), name
        assert all("&" not in item.title or "& " in item.title for item in parsed.items), name
