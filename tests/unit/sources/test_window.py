import pytest

from bot.sources.feeds.feed import compare, marks
from bot.sources.feeds.parse import Item


def item(title="", link="", guid="", summary=""):
    return Item(title=title, link=link, guid=guid, summary=summary, published=None, outlet="")


def items(count, *, guid="g{}", link="https://a.org/{}", title="Story {}", start=0):
    return [item(title.format(n), link.format(n), guid.format(n)) for n in range(start, start + count)]


def look(window, cursor=None):
    return compare(marks("s", window), cursor or {})


def seen(window):
    return look(window).cursor


def test_an_item_is_known_by_its_page_and_by_its_guid():
    [mark] = marks("s", [item("A", "https://www.a.org/1/?utm_source=x", "g1")])
    assert mark.keys == ("url:a.org/1", "guid:s:g1")


def test_a_guid_that_is_the_page_itself_adds_nothing_and_one_that_is_an_address_is_folded():
    [same] = marks("s", [item("A", "https://a.org/1", "http://www.a.org/1/")])
    assert same.keys == ("url:a.org/1",)
    [other] = marks("s", [item("A", "https://a.org/1", "http://www.a.org/?p=1")])
    assert other.keys == ("url:a.org/1", "guid:s:a.org?p=1")


def test_a_page_that_carries_several_titles_identifies_none_of_them():
    home = [item("A", "https://a.org/", "1"), item("B", "https://a.org/"), item("C", "https://a.org/c")]
    with_guid, with_title, own_page = marks("s", home)
    assert with_guid.keys == ("guid:s:1",)
    assert with_title.keys == (with_title.title,)
    assert own_page.keys == ("url:a.org/c",)


def test_a_guid_that_different_items_share_identifies_none_of_them():
    one, other = marks("s", [item("A", "https://a.org/a", "1"), item("B", "https://a.org/b", "1")])
    assert (one.keys, other.keys) == (("url:a.org/a",), ("url:a.org/b",))


def test_items_without_a_title_are_distinguished_by_their_text():
    window = [item(link="https://a.org/", summary="one"), item(link="https://a.org/", summary="two")]
    assert len({mark.keys for mark in marks("s", window)}) == 2


def test_the_same_item_twice_in_one_window_is_handed_on_once():
    assert len(look([item("A", "https://a.org/a", "1"), item("A", "https://a.org/a", "2")]).new) == 1


def test_a_window_seen_before_holds_nothing_new():
    result = look(items(20), seen(items(20)))
    assert (result.new, result.changed, result.overrun, result.held) == ({}, False, False, frozenset())


def test_new_items_among_known_ones_are_found():
    result = look(items(20, start=5), seen(items(20)))
    assert list(result.new) == [15, 16, 17, 18, 19]
    assert result.changed
    assert not result.overrun


def test_a_known_item_whose_mark_moved_is_handed_on_under_all_its_keys_but_is_nothing_new():
    before = seen([item("A", "https://a.org/a", "1")])
    for moved in (
        item("A edited", "https://a.org/a", "1"),
        item("A", "https://a.org/b", "1"),
        item("A", "https://a.org/a", "2"),
    ):
        result = look([moved], before)
        assert result.new == {0: marks("s", [moved])[0].keys}
        assert not result.changed


def test_a_guid_or_page_that_is_used_again_for_another_story_does_not_hide_it():
    before = seen([item("A", "https://a.org/a", "1")])
    guid_again = look([item("B", "https://a.org/b", "1")], before)
    page_again = look([item("B", "https://a.org/a", "2")], before)
    assert (guid_again.new, guid_again.changed) == ({0: ("url:a.org/b",)}, True)
    assert (page_again.new, page_again.changed) == ({0: ("guid:s:2",)}, True)


def test_known_titles_under_new_ids_are_held_back_and_learned_while_new_ones_go_on():
    before = seen(items(20))
    moved = [*items(19, guid="n{}", link="https://b.org/{}", start=1), item("New", "https://b.org/new", "n")]
    result = look(moved, before)
    assert len(result.held) == 19
    assert list(result.new) == [19]
    assert not result.overrun
    again = look(moved, result.cursor)
    assert (again.new, again.held) == ({}, frozenset())


def test_half_of_the_window_under_new_ids_is_not_yet_a_pattern():
    moved = [*items(10), *items(10, guid="n{}", link="https://b.org/{}", start=10)]
    result = look(moved, seen(items(20)))
    assert not result.held
    assert len(result.new) == 10


def test_titles_that_return_by_nature_are_not_taken_for_renumbering():
    daily = items(10, title="Press release")
    result = look(items(10, title="Press release", start=8), seen(daily))
    assert not result.held
    assert len(result.new) == 8


def test_a_window_of_ten_or_more_without_one_known_item_is_an_overrun_and_handed_on():
    result = look(items(10, start=100), seen(items(10)))
    assert result.overrun
    assert len(result.new) == 10
    assert not look(items(9, start=100), seen(items(9))).overrun


def test_neither_a_first_look_nor_one_after_an_empty_window_is_an_overrun():
    assert not look(items(10)).overrun
    assert not look(items(10, start=100), {**seen(items(10)), "size": 0}).overrun


@pytest.mark.long
def test_what_is_remembered_is_bounded():
    cursor = {}
    for start in range(0, 2_000, 10):
        cursor = look(items(30, start=start), cursor).cursor
    assert len(cursor["seen"]) == 500
    large = look(items(5_000), cursor).cursor
    assert len(large["seen"]) == 1_500
    assert not look(items(5_000), large).overrun
