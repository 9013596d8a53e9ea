"""How dates, outside text and addresses are worded."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chat import wording
from bot.shared.card import Due, Mark

WED = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("today", "on", "expected"),
    [
        (
            WED,
            date(2027, 1, 25),
            "in 39 business days",
        ),  # Thanksgiving, Christmas, New Year and King Day are not counted
        (WED, date(2026, 11, 27), "in 1 business day"),  # the day after Thanksgiving
        (WED, WED, "today"),
        (date(2026, 11, 27), date(2026, 11, 29), "before the next business day"),
        (date(2027, 6, 17), date(2027, 6, 18), "before the next business day"),  # Juneteenth as observed
        (WED, date(2026, 11, 24), "closed 1 day ago"),
        (WED, date(2026, 11, 22), "closed 3 days ago"),
        (WED, date(2028, 11, 25), "in 731 days"),
    ],
)
def test_a_deadline_says_how_far_off_it_is(today, on, expected):
    assert wording.due(Due("Comments close", on), today)[1] == expected


def test_a_date_carries_its_weekday():
    assert wording.due(Due("Comments close", date(2027, 1, 25)), WED)[0] == "Comments close Mon Jan 25, 2027"


def test_what_does_not_close_is_only_past():
    assert wording.due(Due("Effective", date(2026, 11, 22)), WED) == ("Effective Sun Nov 22, 2026", "3 days ago")


def test_a_date_at_the_end_of_time_costs_no_time():
    assert wording.due(Due("Effective", date.max), WED)[1] == "in 2,912,114 days"


def test_every_kind_has_a_word_and_no_sign_appears_alone():
    assert set(wording.SIGNS) == set(Mark)
    assert all(word for _, word in wording.SIGNS.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\n\tb\u2028c", "a b c"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("pay\u200bpal\ufeff \u2066x\u2069", "paypal x"),
        ("\x1b[31mred\x07\x00", "[31mred"),
        ("e" + "\u0301" * 30, "é" + "\u0301" * 4),
        ("\ud800broken", "broken"),
        ("👩‍👩‍👧 🏛️ 👍🏽", "👩‍👩‍👧 🏛️ 👍🏽"),
        ("a\u200db\ufe0f", "ab"),
        ("\u3164\u115f", ""),
        ("``forced labor''", "“forced labor”"),
        ("@everyone @here", "@\u200beveryone @\u200bhere"),
        ("<!channel> <@U1> <#C1>", "<\u200b!channel> <\u200b@U1> <\u200b#C1>"),
        ("info@example.org", "info@example.org"),
    ],
)
def test_outside_text_shows_what_it_says(text, expected):
    assert wording.clean(text) == expected


def test_a_text_is_cut_between_words():
    assert wording.cut("Convict, Forced or Indentured Labor", 20) == "Convict, Forced or…"


def test_a_long_word_is_cut_inside_but_never_inside_a_visible_character():
    family = "👩‍👩‍👧‍👦"

    assert wording.cut(family * 500, 40) == family * 3 + "…"


def test_escapes_count_when_a_text_is_cut():
    shown = wording.cut("&" * 100, 21, cost=lambda text: 5 * wording.size(text))

    assert shown == "&&&&…"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.federalregister.gov/d/2021-06393", "https://www.federalregister.gov/d/2021-06393"),
        ("https://example.org/a|b<c>d e", "https://example.org/a%7Cb%3Cc%3Ed%20e"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("https://example.org/@everyone", "https://example.org/%40everyone"),
        ("https://example.org/\u202ex", "https://example.org/%E2%80%AEx"),
        ("javascript:alert(2)", ""),
        ("data:text/html,x", ""),
        ("1", ""),
        ("", ""),
        ("//example.org/x", ""),
        ("https://", ""),
        ("ftp://example.org/", ""),
        ("https://www.justice.gov@evil.example/", ""),
        ("https://www.justice.gov\\@evil.example/", ""),
        ("https://evil|x.example/", ""),
        ("https://example.org:99999/", ""),
        ("http://[bad/", ""),
        ("https://example.org/\udc80", ""),
        ("https://example.org/" + "a" * 3000, ""),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url, expected):
    assert wording.safe_url(url) == expected


@pytest.mark.parametrize(
    ("label", "url", "expected"),
    [
        ("Federal Register 2021-06393", "https://www.federalregister.gov/d/2021-06393", ""),
        ("H.R. 4323 and S. 3240, U.S. Code", "https://www.congress.gov/", ""),
        ("federalregister.gov", "https://www.federalregister.gov/", ""),
        ("www.justice.gov", "https://evil.example/", "evil.example"),
        ("https://www.justice.gov", "https://evil.example/", "evil.example"),
        ("justice。gov", "https://evil.example/", "evil.example"),
        ("аррӏе.com", "https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
    ],
)
def test_a_label_that_reads_like_another_host_shows_the_true_host(label, url, expected):
    assert wording.host_to_show(label, url) == expected
