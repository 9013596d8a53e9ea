"""What lxml reads of a plain feed is what feedparser reads of it; everything else is left to feedparser."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.feeds import parse
from bot.sources.feeds.parse import read_plain
from tests.peers.feedserver import rss

ADDRESS = "https://news.example.org/feed"
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "Gloves seized",
            "A &amp; B",
            "<![CDATA[<p>Hello <b>you</b></p>]]>",
            "&lt;p&gt;Hello&lt;/p&gt;",
            "Caf\u00e9",
            "Caf\u00c3\u00a9",  # UTF-8 taken for Latin-1
            "\u0093quoted\u0094",  # Windows-1252 taken for Latin-1
            "text <!-- a note --> more",
            "text <b>inside</b>",
            "&#8217;",
            "https://example.org//a?b=1&amp;c=2",
            "HTTPS:///example.org/a",
            "/relative/path",
            "Tue, 24 Nov 2026 10:00:00 GMT",
            "2026-11-24T10:00:00Z",
            "24 novembre 2026",
            "jo@example.org (Jo Sample)",
            "Jo Sample",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30).map(escape),
)
RSS_TAGS = st.sampled_from(
    [
        *("title", "link", "guid", "description", "pubDate", "author", "category", "comments", "source"),
        *("dc:creator", "dc:date", "content:encoded", "media:title", "media:content", "itunes:author", "unheard-of"),
        *('guid isPermaLink="false"', 'guid isPermaLink="yes"', 'source url="https://a.example"', 'enclosure url="x"'),
        'title type="html"',
    ]
)
ATOM_TAGS = st.sampled_from(
    [
        *("title", "id", "updated", "published", "summary", "content", "author", "category", "source", "rights"),
        *('title type="html"', 'content type="html"', 'summary type="xhtml"', 'content type="text/plain"'),
        *('link href="https://example.org/1"', 'link rel="alternate" type="text/html" href="https://e.org//2"'),
        *('link rel="enclosure" href="https://example.org/3"', 'link rel="self" href="https://example.org/4"'),
        'content xml:lang="fr"',
    ]
)
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def element(tag: str, text: str) -> str:
    name = tag.split(maxsplit=1)[0]
    if name == "author" and text.startswith("Jo"):
        text = f"<name>{text}</name>"
    return f"<{tag}>{text}</{name}>"


def items(tags):
    parts = st.lists(st.builds(element, tags, TEXTS), max_size=6, unique_by=lambda part: part.split(">")[0])
    return st.lists(parts.map("".join), max_size=3)


def rss_feed(all_items):
    body = "".join(f"<item>{item}</item>" for item in all_items)
    return f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel><title>F</title>{body}</channel></rss>'


def atom_feed(all_items):
    body = "".join(f"<entry>{item}</entry>" for item in all_items)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{body}</feed>'


PLAIN_RSS_TAGS = st.sampled_from(
    [
        *("title", "link", "guid", "description", "pubDate", "author", "category", "comments", "source"),
        *('guid isPermaLink="false"', 'source url="https://a.example"', "dc:date"),
    ]
)
PLAIN_ATOM_TAGS = st.sampled_from(
    ["title", "id", "updated", "published", "summary", 'link href="https://example.org/1"', 'content type="html"']
)
FEEDS = st.one_of(
    items(PLAIN_RSS_TAGS).map(rss_feed),
    items(RSS_TAGS).map(rss_feed),
    items(PLAIN_ATOM_TAGS).map(atom_feed),
    items(ATOM_TAGS).map(atom_feed),
)
TYPES = st.sampled_from(
    ["application/rss+xml", "text/xml", "text/xml; charset=utf-8", "text/html; charset=latin-1", ""]
)


def both(data: bytes, content_type: str):
    """What each of the two reads; None where the feed is not plain."""
    data, content_type = parse._readable(data, content_type)
    return parse._plain(data, content_type, ADDRESS), parse._any(data, content_type, ADDRESS)


@pytest.mark.long
@settings(max_examples=600)
@given(feed=FEEDS, content_type=TYPES)
def test_a_plain_feed_reads_as_feedparser_reads_it(feed, content_type):
    plain, any_feed = both(feed.encode(), content_type)
    assert plain is None or plain == any_feed


@pytest.mark.long
@settings(max_examples=300)
@given(feed=FEEDS, where=st.floats(0, 1), what=st.binary(max_size=6), content_type=TYPES)
def test_a_damaged_feed_reads_as_feedparser_reads_it(feed, where, what, content_type):
    data = feed.encode()
    at = int(where * len(data))
    plain, any_feed = both(data[:at] + what + data[at + len(what) :], content_type)
    assert plain is None or plain == any_feed


@pytest.mark.parametrize(
    "item",
    [
        "<title>A</title><link>https://e.org/1</link><guid>1</guid><description>B</description>",
        "<title>A</title><guid>https://e.org/1</guid><pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate>",
        "<title>A</title><dc:creator><![CDATA[Jo]]></dc:creator><source url='https://a.example'>Wire</source>",
        "<title>A</title><description>B</description><content:encoded>C</content:encoded><category>x</category>",
    ],
)
def test_what_newsrooms_send_is_plain(item):
    plain, any_feed = both(rss_feed([item]).encode(), "application/rss+xml")
    assert plain == any_feed
    assert plain.items


@pytest.mark.parametrize(
    "feed",
    [
        rss_feed(["<title>A</title><title>B</title>"]),
        rss_feed(["<title>A <b>bold</b></title>"]),
        rss_feed(["<content:encoded>C</content:encoded><description>B</description>"]),
        rss_feed(["<title>A</title><media:title>B</media:title>"]),
        rss_feed(["<title>A</title>"]).replace("<channel>", '<channel xml:base="https://b.example/">'),
        rss_feed(["<title>A</title>"]).replace("</rss>", ""),
        '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss_feed(["<title>&a;</title>"]),
        '<?xml version="1.0" encoding="iso-8859-1"?>' + rss_feed(["<title>A</title>"]).partition("?>")[2],
        "<html><body>no feed</body></html>",
    ],
)
def test_anything_unusual_is_left_to_feedparser(feed):
    assert read_plain(feed.encode(), "application/rss+xml", 10) is None


def test_what_is_past_the_limit_is_counted_and_not_kept():
    feed = rss(*({"title": f"Story {n}", "link": f"https://e.org/{n}", "guid": str(n)} for n in range(7)))
    entries, beyond = read_plain(feed if isinstance(feed, bytes) else feed.encode(), "application/rss+xml", 5)
    assert ([entry["id"] for entry in entries], beyond) == (["0", "1", "2", "3", "4"], 2)
