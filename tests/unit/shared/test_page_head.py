"""What a page says of itself."""

from bot.shared.page_head import page_head

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
