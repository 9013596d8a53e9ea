"""What a page says of itself, and the feeds that it names."""

import pytest

from bot.shared.plain_text import feed_links, page_head
from tests.kit.effort import processor_limit

ADDRESS = "https://www.herald.example/2026/a?utm_source=x"


def head(html, content_type="text/html; charset=utf-8"):
    return page_head(html if isinstance(html, bytes) else html.encode(), content_type, ADDRESS)


def test_what_it_says_for_others_to_show_comes_first():
    parsed = head(
        '<title>x | Herald</title><meta property="og:title" content="Raid &amp; rescue"><meta property="og:site_name" '
        'content="The Herald"><meta name="description" content="Text."><meta property="article:published_time" '
        'content="2026-11-23T09:00:00-05:00"><link rel="canonical" href="/2026/a">'
    )
    assert (parsed.title, parsed.outlet, parsed.summary) == ("Raid & rescue", "The Herald", "Text.")
    assert parsed.published.isoformat() == "2026-11-23T14:00:00+00:00"
    assert parsed.url == "https://www.herald.example/2026/a"


def test_a_day_without_an_hour_or_a_zone_is_its_day():
    for written in ("2026-11-23", "2026-11-23T00:00:00Z", "2026-11-23T12:00:00"):
        parsed = head(f'<meta property="article:published_time" content="{written}">')
        assert parsed.published.isoformat() == "2026-11-23T17:00:00+00:00"


def test_a_page_that_says_little_has_its_title():
    parsed = head("<html><title>Raid in Tampa</title>")
    assert (parsed.title, parsed.outlet, parsed.published, parsed.url) == ("Raid in Tampa", "", None, "")


def test_a_copy_that_names_another_site_as_the_original_keeps_its_own_address():
    assert head('<link rel="canonical" href="https://ap.example/a">').url == ""
    assert head('<link rel="canonical" href="javascript:alert(1)">').url == ""


def test_pages_in_other_letters_are_read():
    assert head("<title>Café</title>".encode("cp1252"), "text/html; charset=windows-1252").title == "Café"
    for charset in ("nonsense", "idna"):
        assert head(f"<meta charset={charset}><title>Raid</title>", "text/html").title == "Raid"


def test_a_hostile_page_ends():
    assert head(b"<meta " * 200_000).title == ""
    assert head(b"<title>" + b"x" * 5_000_000).title == ""


HERE = "https://www.example.org/news/index.html"


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://www.example.org/feed"]),
        ("<LINK REL=Alternate TYPE=application/atom+xml HREF=atom.xml>", ["https://www.example.org/news/atom.xml"]),
        ('<link href="//cdn.example.org/f" type="application/rss+xml" rel="alternate">', ["https://cdn.example.org/f"]),
        ('<link rel="alternate" type="text/html" hreflang="es" href="/es">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/feed">', []),
        ('<link rel="alternate" type="application/rss+xml" href="">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">', []),
        ('<link rel="alternate" type="application/rss+xml" href="https://me:pw@example.org/f">', []),
        ('<link rel="alternate" type="application/rss+xml" href="https://[bad">', []),
        ('<a rel="alternate" type="application/rss+xml" href="/feed">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/f?a=1&amp;b=2">', ["https://www.example.org/f?a=1&b=2"]),
    ],
)  # fmt: skip
def test_only_feeds_that_can_be_followed_are_named(page, links):
    assert list(feed_links(page.encode(), HERE)) == links


def test_the_page_s_own_order_is_kept_and_nothing_named_twice():
    tags = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in (2, 1, 2))
    assert feed_links(tags.encode(), HERE) == ("https://www.example.org/2", "https://www.example.org/1")


@pytest.mark.parametrize(
    "page", [b"<link " * 300_000, b"<" * 2_000_000, b"<link rel=" + b"a" * 2_000_000, b"\xff\x00" * 9]
)
def test_a_hostile_page_costs_little(page):
    with processor_limit(5):
        assert feed_links(page, HERE) == ()
