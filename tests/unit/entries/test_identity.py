"""What the coming of an entry means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.entries.identity import Known, Standing, Stored, fill_gaps, standing
from tests.alerts_kit import document, filing, news

FROM_REGISTER = frozenset({("register", "published")})


@pytest.mark.parametrize(
    ("was", "comes", "what"),
    [
        (document(), document(), Standing.AGAIN),
        (document(), document(title="Other"), Standing.EDITED),
        (document(), document(as_of="later"), Standing.AGAIN),
        (document(summary="Said."), document(summary=None), Standing.AGAIN),
        (document(), document(comments_close_on=date(2027, 1, 4)), Standing.EDITED),
        (filing(), document(), Standing.PUBLISHED),
        (document(), filing(), Standing.AGAIN),
        (document(), document(source="wire", title="Other"), Standing.JOINED),
    ],
)
def test_what_a_known_entry_means(was, comes, what):
    assert standing(comes, Stored("1", was, FROM_REGISTER)) is what


def test_a_second_source_is_heard_once():
    stored = Stored("1", document(), FROM_REGISTER | {("wire", "published")})
    assert standing(document(source="wire", title="Other"), stored) is Standing.AGAIN


def test_gaps_are_filled_and_words_are_kept():
    filled = fill_gaps(document(summary=None, url=""), document(title="Other", summary="Said.", references=("rin:1",)))
    assert (filled.title, filled.summary, filled.references) == ("Gloves made with forced labor", "Said.", ("rin:1",))
    assert filled.url.endswith("2026-00001")


def test_a_surer_key_goes_before_a_guid():
    first, second = news("a"), news("b", guid="b")
    known = Known({"guid:newsroom:a": "1", "url:ice.gov/b": "2"}, {"1": Stored("1", first), "2": Stored("2", second)})
    assert known.find(news("b", guid="a")).id == "2"


def test_a_guid_alone_identifies_unless_address_and_title_are_both_new():
    known = Known({"guid:newsroom:a": "1"}, {"1": Stored("1", news("a"))})
    moved = news("z", guid="a")
    assert known.find(moved).id == "1"
    assert known.find(replace(moved, title="Another story")) is None


def test_only_new_keys_are_learned():
    known = Known({"url:ice.gov/a": "1"}, {"1": Stored("1", news("a"))})
    assert known.learn(Stored("1", news("a")), ("url:ice.gov/a", "guid:newsroom:new")) == ("guid:newsroom:new",)
