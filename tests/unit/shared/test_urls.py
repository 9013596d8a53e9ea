import re

import pytest
from lxml import etree

from bot.shared.urls import canonical_key, host_of, typed_address, unwrap, web_address


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org:443/news/", "example.org/news"),
        ("http://example.org:80/news", "example.org/news"),
        ("http://example.org:8080/news", "example.org:8080/news"),
        ("https://m.example.org/amp/news/a.html", "example.org/news/a.html"),
        ("https://amp.example.org/news?amp=1&b=2&a=1", "example.org/news?a=1&b=2"),
        ("https://example.org/news/amp/", "example.org/news"),
        ("https://example.org/campus/ampere", "example.org/campus/ampere"),
        ("https://example.org/news?noamp=mobile#top", "example.org/news"),
        ("https://example.org/?utm_source=x&UTM_Medium=y&fbclid=1&ms=mail", "example.org"),
        ("https://house.example/single.aspx?DocumentID=7&ref=feed", "house.example/single.aspx?DocumentID=7"),
        ("https://example.org/?p=123", "example.org?p=123"),
        ("https://EXAMPLE.org/A", "example.org/A"),
        ("https://www.gov/x", "www.gov/x"),
    ],
)
def test_spellings_of_one_page_have_one_key(url, key):
    assert canonical_key(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://house.example/x.aspx?DocumentID=7", "https://house.example/x.aspx?DocumentID=8"),
        ("https://example.org/?p=1", "https://example.org/?id=1"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://news.example.org/a"),
    ],
)
def test_different_pages_keep_different_keys(one, other):
    assert canonical_key(one) != canonical_key(other)


def test_a_google_alerts_target_with_a_bare_ampersand_is_kept_whole():
    url = "https://www.google.com/url?rct=j&sa=t&url=https://example.org/a?x=1&y=2&ct=ga&cd=abc&usg=def"
    assert unwrap(url) == "https://example.org/a?x=1&y=2"


def test_a_bing_link_leads_to_its_target_whatever_else_changes():
    links = [
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&tid={tid}&url=https%3a%2f%2fexample.org%2fa%3fid%3d1&c=9"
        for tid in ("AA", "BB")
    ]
    assert {canonical_key(link) for link in links} == {"example.org/a?id=1"}
    assert unwrap(links[0]) == "https://example.org/a?id=1"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?url=javascript:alert(1)&ct=ga",
        "https://www.google.com/search?url=https://example.org",
        "https://bing.com.evil.example/apiclick.aspx?url=https%3a%2f%2fexample.org",
        "https://example.org/a",
    ],
)
def test_what_is_no_wrapper_or_wraps_no_web_address_stays(url):
    assert unwrap(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(2)",
        "data:text/html,x",
        "1",
        "/news/1",
        "https:///metadata",
        "http://a:b@c.org/",
        "http://a.org:x/",
        "https://example.org/a b",
        "https://example.org/a\u202eb",
        "https://example.org/" + "a" * 3000,
        "http://[::1",
        "",
    ],
)
def test_what_nobody_can_follow_is_no_address(url):
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" example.org ", "https://example.org"),
        ("www.example.org/news?p=1", "https://www.example.org/news?p=1"),
        ("example.org:8443/news", "https://example.org:8443/news"),
        ("bücher.example", "https://bücher.example"),
        ("xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
        ("http://example.org", "http://example.org"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_a_site_that_is_typed_without_its_scheme_is_https(typed, address):
    assert typed_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "example", "the press office", "a@example.org", "10.1.2.3", "2021-06393", "S.3240", "htp:/example.org"],
)
def test_what_is_no_site_is_not_made_one(typed):
    assert typed_address(typed) == ""


def test_an_outlet_can_be_called_by_its_host():
    assert host_of("https://www.example.org/news") == "example.org"


def test_all_links_of_a_real_google_alerts_feed_are_unwrapped(material):
    tree = etree.parse(material / "media/google_alerts_atom_real.xml")
    links = tree.xpath("//*[local-name()='entry']/*[local-name()='link']/@href")
    targets = [unwrap(link) for link in links]
    assert len(targets) == 20
    for link, target in zip(links, targets, strict=True):
        assert target == re.search(r"url=(.*)&ct=ga", link)[1]
        assert host_of(target) != "google.com"
