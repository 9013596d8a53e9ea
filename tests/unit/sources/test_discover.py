"""The feeds that a page names."""

from __future__ import annotations

import time

import pytest

from bot.shared.page_head import feed_links

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
    started = time.process_time()
    assert feed_links(page, HERE) == ()
    assert time.process_time() - started < 2
