"""Colors: the contrast that WCAG computes, and an accent that text can have on its ground."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.coalition import LEAST, contrast, legible

COLORS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54), ("#1f4e8c", "#ffffff", 8.3)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.02)


@given(COLORS, st.sampled_from(["#f8f8f6", "#1c1f23"]))
def test_any_color_becomes_legible_and_one_that_is_stays_as_it_is(color, ground):
    shown = legible(color, ground)

    assert contrast(shown, ground) >= LEAST
    assert (shown == color) == (contrast(color, ground) >= LEAST)


def test_an_accent_is_darker_on_light_and_lighter_on_dark():
    assert legible("#f2b400", "#f8f8f6") == "#916c00"
    assert legible("#f2b400", "#1c1f23") == "#f2b400"
    assert legible("#000000", "#1c1f23") != "#000000"
