"""The pictures of the site: their numbers, bounds and labels, from nothing to five hundred values."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.states import STATES
from bot.site import charts

COUNTS = st.integers(0, 500)
FIRST = date(2025, 7, 10)
NARROWEST = 288  # pixels


def read(picture):
    return ET.fromstring(picture)


def texts(picture):
    return [each.text for each in read(picture).iter("text")]


def bars(picture, style="bar"):
    """(place, height) of each column, from the path."""
    (path,) = [each for each in read(picture).iter("path") if each.get("class") == style]
    return [(int(at), float(height)) for at, height in re.findall(r"M(\d+)\.1 20v-([\d.]+)", path.get("d"))]


def test_columns_begin_at_0_on_a_scale_that_rows_share():
    picture = charts.columns([0, 1, 4, 2], "Ask 4: 7 alerts", top=8)

    assert bars(picture) == [(1, 2.5), (2, 10), (3, 5)]
    assert texts(picture) == ["4"], "the number of the highest"
    assert read(picture).get("aria-label") == "Ask 4: 7 alerts"
    assert read(picture).get("role") == "img"


def test_a_row_without_a_value_has_its_baseline_and_nothing_else():
    picture = read(charts.columns([0] * 26, "Ask 9: 0 alerts"))

    assert not list(picture.iter("path"))
    assert [each.get("class") for each in picture.iter("line")] == ["base"]


def test_places_that_failed_are_full_blocks():
    assert bars(charts.columns([1, 0, 0], "", bad={1, 2}), "badf") == [(1, 20), (2, 20)]


def test_a_sign_on_has_a_segment_for_each_organization_up_to_forty():
    picture = read(charts.segments(8, 3, 1))

    assert [each.get("class") for each in picture.iter("rect")] == ["bar"] * 8 + ["off"] * 3 + ["badf"]
    assert picture.get("aria-label") == "8 of 12 signed, 1 declined, 3 have not signed"
    assert len(list(read(charts.segments(412, 79, 9)).iter("rect"))) == 3, "of many one bar"
    assert read(charts.segments(0, 0, 0)).get("aria-label") == "No organization was asked"


def test_late_letters_are_marked_by_a_sign_and_not_by_color_alone():
    few, many = read(charts.squares(5, 2, 8, "")), read(charts.squares(61, 33, 61, ""))
    small = read(charts.squares(6, 0, 61, ""))

    assert [each.get("class") for each in few.iter("rect")] == ["bar"] * 3 + ["warn"] * 2
    assert [each.text for each in few.iter("text")] == ["!", "!"]
    assert [each.get("class") for each in many.iter("rect")] == ["bar", "warn"]
    assert [each.get("width") for each in small.iter("rect")] == [f"{92 * 6 / 61:.2f}%"], "all stages share a scale"


def test_the_map_has_a_tile_for_each_state_and_more_is_darker():
    picture = read(charts.state_map({"CA": 9, "TX": 5, "ME": 1}, "Cosponsors by state"))

    assert picture.get("aria-label") == "Cosponsors by state: California 9, Texas 5, Maine 1"
    tiles = {each.find("title").text: each.get("class") for each in picture.iter("g")}
    assert len(tiles) == len(STATES)
    assert (tiles["California: 9"], tiles["Texas: 5"], tiles["Maine: 1"], tiles["Ohio: 0"]) == ("t3", "t2", "t1", "t0")


def lines(*totals, marks=(), days=200):
    series = [
        charts.Series(f"{total} {name}", [(FIRST + timedelta(n), n + 1) for n in range(total)] or [(FIRST, 0)], "ln")
        for name, total in zip("RDa", totals, strict=False)
    ]
    return charts.step_lines(series, FIRST, FIRST + timedelta(days), marks, "cosponsors", "19 cosponsors")


def test_lines_are_labeled_at_their_end_and_events_at_their_day():
    picture = lines(11, 8, 19, marks=[(date(2025, 10, 17), "Committee"), (date(2025, 12, 1), "House")])

    assert {"19 a", "11 R", "8 D", "20 cosponsors", "10", "Committee", "House", "Aug", "2026"} <= set(texts(picture))


@pytest.mark.parametrize("total", [0, 1, 500])
def test_the_end_of_a_scale_is_round_and_holds_every_value(total):
    first = [each for each in texts(lines(total)) if each.endswith("cosponsors")]

    assert first == [{0: "10 cosponsors", 1: "10 cosponsors", 500: "500 cosponsors"}[total]]


def boxes(picture):
    """(left, right, top, bottom) of each label in pixels, at the narrowest."""
    for each in read(picture).findall("text"):
        x, y = float(each.get("x").rstrip("%")) * NARROWEST / 100, float(each.get("y"))
        width = len(each.text) * 6.5
        left = {"middle": x - width / 2, "end": x - width}.get(each.get("text-anchor"), x)
        yield left, left + width, y - 9, y


DAYS = st.integers(1, 3_000).flatmap(lambda days: st.tuples(st.just(days), st.lists(st.integers(1, days), max_size=9)))


@given(DAYS, st.lists(COUNTS, min_size=1, max_size=3))
def test_no_label_of_an_event_a_day_or_a_line_touches_another(given_days, totals):
    days, at = given_days
    names = ("Committee", "House", "Senate", "Law") * 3
    marks = [(FIRST + timedelta(n), label) for n, label in zip(sorted(at), names, strict=False)]
    picture = lines(*totals, marks=marks, days=days)

    found = [box for box in boxes(picture) if box[2] < 20 or box[3] > 180 or box[0] > NARROWEST * 0.85]
    for n, (left, right, top, bottom) in enumerate(found):
        for other in found[n + 1 :]:
            assert right <= other[0] + 1 or other[1] <= left + 1 or bottom <= other[2] + 1 or other[3] <= top + 1


@given(st.lists(COUNTS, min_size=1, max_size=60), COUNTS)
def test_every_picture_is_well_formed_bounded_and_without_odd_numbers(values, other):
    weeks = [FIRST + timedelta(weeks=n) for n in range(len(values))]
    pictures = (
        charts.columns(values, "a < b & “c”", bad=range(0, len(values), 3)), charts.months(weeks),
        charts.segments(values[0], other, values[-1]),
        charts.squares(sum(values), min(values), max(sum(values), 99), ""),
        lines(values[0], other), charts.state_map(dict(zip(STATES, values, strict=False)), "x"),
    )  # fmt: skip
    for picture in pictures:
        read(picture)
        assert len(picture) < 12_000 + 60 * len(values)
        assert not re.search(r"nan|inf|e-\d", picture)
        for x, width in re.findall(r'<rect[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', picture):
            assert float(x) + float(width) <= 100.1
