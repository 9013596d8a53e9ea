"""Clippings from files: the tables of media databases, forwarded alert mails, and what is neither."""

from email.message import EmailMessage

import pytest

from bot.media.news.clippings import NoClippings, read_clippings
from tests.kit.effort import processor_limit


def test_a_table_is_read_by_its_columns_whatever_their_order_and_names():
    table = (
        "Headline;Publication;Link;Date;Byline\n"
        "“Raid” in Tampa - The Herald;The Herald;https://h.example/1?utm_source=x;2026-11-23;Jo Sample\n"
    )
    (one,) = read_clippings(table.encode("utf-8-sig"), "May.CSV").clippings

    assert (one.title, one.outlet, one.url) == ("“Raid” in Tampa", "The Herald", "https://h.example/1?utm_source=x")
    assert (one.published.date().isoformat(), one.author) == ("2026-11-23", "Jo Sample")


def test_rows_that_say_too_little_are_counted_and_copies_come_once():
    rows = (
        "url,title\nhttps://h.example/1,One\nhttps://www.h.example/1/,One again\nftp://x,Two\nhttps://h.example/2,\n\n"
    )
    parsed = read_clippings(rows.encode(), "x.csv")

    assert [item.title for item in parsed.clippings] == ["One"]
    assert parsed.left_out == 2


def test_a_table_of_windows_is_read():
    (one,) = read_clippings("url,title\nhttps://h.example/1,Caf\xe9 raid\n".encode("cp1252"), "x.csv").clippings

    assert one.title == "Café raid"


LINK = b'<a href="https://h.example/a">Five people held after raid</a>'


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/html" + b"; a=b" * 400_000 + b"\n\n",
        b"Content-Type: text/html; " + b'"a' * 500_000 + b"\n\n",
        b"Content-Type: text/html\nContent-Disposition: inline" + b"; a=b" * 1_000_000 + b"\n\n",
    ],
)
def test_a_mail_made_to_be_slow_is_read_in_time(head):
    """Each took ten minutes or more."""
    with processor_limit(5):
        (one,) = read_clippings(head + LINK, "x.eml").clippings
    assert one.title == "Five people held after raid"


def test_a_charset_that_python_reads_in_quadratic_time_is_not_used():
    head = b"Content-Type: text/html; charset=punycode\n\n"
    with processor_limit(5):
        (one,) = read_clippings(head + LINK + b" a-" + b"b9c" * 200_000, "x.eml").clippings
    assert one.title == "Five people held after raid"


def test_parts_in_one_another_and_links_in_one_another_are_not_followed_without_end():
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(200))
    with pytest.raises(NoClippings, match="too many parts in one another"):
        read_clippings(parts + b"Content-Type: text/html\n\n" + LINK + b"x\n" * 100_000, "x.eml")
    worded = b"Content-Type: text/html\n\n" + LINK + b"The boundary of the reserve. " * 30
    assert read_clippings(worded, "x.eml").clippings[0].title == "Five people held after raid"
    nested = b"Content-Type: text/html\n\n" + LINK + b'<div><a href="https://h.example/b">w w w w w' * 10_000
    assert read_clippings(nested, "x.eml").clippings[0].title == "Five people held after raid"


def test_markup_made_to_be_slow_is_read_at_once():
    hostile = "".join(f"<b id={number}>" for number in range(240)) + "<div></b>" * 40_000  # for hours, otherwise
    (one,) = read_clippings(
        b"Content-Type: text/html\n\n<!-- <a href='https://h.example/b'>No link in a comment</a> -->"
        + LINK + hostile.encode(), "x.eml",
    ).clippings  # fmt: skip
    assert one.title == "Five people held after raid"


def test_the_links_of_an_alert_mail_are_its_articles():
    wrapped = "https://www.google.com/url?rct=j&sa=t&url=https://h.example/a?id=7&x=1&ct=ga&cd=1&usg=2"
    mail = EmailMessage()
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 -0500"
    mail.set_content("plain")
    mail.add_alternative(
        f'<a href="{wrapped.replace("&", "&amp;")}"><b>Polaris</b> under fire over tips</a>'
        f'<a href="{wrapped}">more</a>'
        '<a href="https://www.google.com/alerts/remove?x">Unsubscribe from this alert now</a>'
        '<a href="javascript:alert(1)">Click here for a prize</a>',
        subtype="html",
    )
    parsed = read_clippings(mail.as_bytes(), "alert.eml")

    (one,) = parsed.clippings
    assert (one.url, one.title, one.outlet) == (
        "https://h.example/a?id=7&x=1",
        "Polaris under fire over tips",
        "h.example",
    )
    assert one.published.isoformat() == "2026-11-23T14:00:00+00:00"
    assert parsed.left_out == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("x.xlsx", b"PK", "not a .csv or .eml file"),
        ("x.csv", b"name,phone\nA,1\n", "needs a column"),
        ("x.csv", b"", "needs a column"),
        ("x.eml", b"Subject: x\n\nplain", "no HTML part"),
        ("x.eml", b"", "no HTML part"),
        ("x.csv", b"x" * 10_000_001, "Split it into smaller files"),
    ],
)
def test_what_is_no_file_of_clippings_is_refused_in_plain_words(name, data, why):
    with pytest.raises(NoClippings, match=why):
        read_clippings(data, name)


def test_hostile_mails_and_tables_end():
    deep = b"Content-Type: text/html\n\n" + b"<a href='https://h.example/" + b"<" * 200_000
    assert read_clippings(deep, "x.eml").clippings == ()
    assert read_clippings(b"url,title\n" + b'"' * 100_000, "x.csv").clippings == ()
