import re

from hypothesis import given
from hypothesis import strategies as st

from bot.shared.answer import FetchFailed
from bot.shared.plain_text import read_date
from bot.shared.urls import web_address
from bot.sources.feeds.feed import compare, marks
from bot.sources.feeds.parse import Item, Reading, parse
from tests.peers.feedserver import rss

_hostile = st.text(
    st.one_of(
        st.sampled_from("<>&;!-[]\"'/ \n\t\0\x07\u202e\u2066\u200b\ufeff\xad\u0301é日\U0001f514"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)
_feeds = st.lists(
    st.dictionaries(st.sampled_from(["title", "link", "guid", "description", "pubDate", "source"]), _hostile),
    max_size=4,
).map(lambda items: rss(*items).encode())
_damage = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=4)


def damaged(feed, cuts):
    for where, what in cuts:
        at = int(where * len(feed))
        feed = feed[:at] + what + feed[at + len(what) :]
    return feed


@given(_feeds, _damage, st.sampled_from(["application/rss+xml", "text/xml", "text/html; charset=x", ""]))
def test_whatever_comes_is_read_or_refused_and_what_is_read_is_plain(feed, cuts, content_type):
    parsed = parse(damaged(feed, cuts), content_type, "https://example.gov/feed")
    assert isinstance(parsed, (Reading, FetchFailed))
    for item in parsed.items if isinstance(parsed, Reading) else ():
        assert item.title or item.link or item.guid
        assert item.link == web_address(item.link)
        for text in (item.title, item.summary, item.outlet):
            assert not re.search("[\x00-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", text)
            assert text == " ".join(text.split())


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_is_not(text):
    when = read_date(text)
    assert when is None or 1990 <= when.year <= 2200


_some = st.integers(0, 5).map(str)
_items = st.lists(
    st.builds(
        lambda title, page, guid: Item(f"T{title}", f"https://a.org/{page}" if page else "", guid, "", None, ""),
        _some,
        st.one_of(st.just(""), _some),
        st.one_of(st.just(""), _some),
    ),
    max_size=14,
)


@given(st.lists(_items, max_size=4))
def test_what_was_handed_on_or_held_back_is_not_handed_on_again(windows):
    cursor = {}
    for window in windows:
        cursor = compare(marks("s", window), cursor).cursor
        again = compare(marks("s", window), cursor)
        assert (again.new, again.held) == ({}, frozenset())


@given(_items)
def test_a_first_window_hands_on_no_key_twice_and_leaves_no_item_out(window):
    parsed, message = compare(marks("s", window), {}), marks("s", window)
    handed = [key for keys in parsed.new.values() for key in keys]
    assert len(handed) == len(set(handed))
    assert all(set(mark.keys) & set(handed) for mark in message)
