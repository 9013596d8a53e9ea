"""A newsroom's page: each dated headline is an entry; a menu, an error page and a sign-in page are none."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config.feeds import SourceConfig
from bot.shared.answer import FetchFailed, Health
from bot.shared.entry import Kind
from bot.sources.page_child import answer
from tests.kit.source_reader import SourceReader
from tests.peers.newsrooms import newsroom

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
GIVEN = {"bills": (), "laws": (), "sources": ()}
CORPUS = os.environ.get("CORPUS_DIR")


def headline(number, day=23):
    return f"Agency Announces Measure {number}", f"/news/2026/11/{day}/measure-{number}", f"2026-11-{day:02}"


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)

    async def see(self, html, **how):
        self.server.say("/newsroom", html, **{"content_type": "text/html"} | how)
        config = SourceConfig.model_validate(
            {"kind": "news-page", "name": "Agency", "url": self.server.url("/newsroom")}
        )
        answer = await self.ask(config.adapter("agency", config.url, self.fetcher, **GIVEN))
        self.now += timedelta(hours=1)
        return answer


async def test_a_headline_is_an_entry_with_its_page_and_its_day(reader):
    (entry,) = (await reader.see(newsroom([headline(1)]))).entries

    assert (entry.kind, entry.title) == (Kind.NEWS, "Agency Announces Measure 1")
    assert entry.url == reader.server.url("/news/2026/11/23/measure-1")
    assert entry.published == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # noon in Washington
    assert entry.summary == "2026-11-23 About it."
    assert entry.outlet == "Agency"


async def test_only_a_new_headline_is_new_whatever_else_changes(reader):
    await reader.see(newsroom([headline(n) for n in range(10)]))
    changed = newsroom([headline(n) for n in range(10)][::-1], more="<p>Our new office opens on December 1, 2026.</p>")

    assert (await reader.see(changed)).entries == ()
    answer = await reader.see(newsroom([headline(n) for n in range(11)]))
    assert [entry.title for entry in answer.entries] == ["Agency Announces Measure 10"]


@pytest.mark.parametrize(
    ("html", "health"),
    [
        (
            "<html><body><main><h1>Page not found</h1><a href='/'>Go to the home page</a></main></body></html>",
            Health.EMPTY,
        ),
        ("<html><body><main><h1>Maintenance</h1>We are back on November 25, 2026.</main></body></html>", Health.EMPTY),
        ("<html><body><main><form action='/login'><input type=password></form></main></body></html>", Health.BLOCKED),
        ("<html><head><title>Just a moment...</title></head><body></body></html>", Health.BLOCKED),
    ],
)
async def test_an_error_page_in_its_place_is_health_and_brings_nothing(reader, html, health):
    await reader.see(newsroom([headline(1)]))

    answer = await reader.see(html)
    assert isinstance(answer, FetchFailed)
    assert answer.health is health
    assert len((await reader.see(newsroom([headline(1), headline(2)]))).entries) == 1


async def test_robots_txt_is_obeyed(reader):
    reader.server.say("/robots.txt", "User-agent: *\nDisallow: /newsroom\n", content_type="text/plain")

    assert (await reader.see(newsroom([headline(1)]))).health is Health.UNWELCOME


async def test_a_link_that_many_dates_lead_to_is_a_category():
    rows = "".join(
        f'<div class="row"><div><a href="/recent/{day}">Designations of the day</a></div>'
        f'<div>July {day}, 2026 - <a href="/lists">Sanctions List Updates</a></div></div>'
        for day in (28, 29, 30)
    )
    found = answer({"content_type": "text/html", "select": "body", "ignore": (), "headlines": True}, rows.encode())

    assert [(link, date) for _, link, date, _ in found["items"]] == [
        ("/recent/28", "July 28, 2026"),
        ("/recent/29", "July 29, 2026"),
        ("/recent/30", "July 30, 2026"),
    ]


async def test_an_item_that_is_shown_twice_with_two_dates_is_no_category():
    html = (
        '<main><div><p>August 4, 2026</p><a href="/1">Agency holds a hearing on its rule in August</a></div>'
        '<div><p>July 4, 2026</p><a href="/1">Agency holds a hearing on its rule in August</a></div></main>'
    )
    head = {"content_type": "text/html", "select": "main", "ignore": (), "headlines": True}

    assert [link for _, link, *_ in answer(head, html.encode())["items"]] == ["/1"]


@pytest.mark.long
async def test_two_hundred_dates_next_to_a_link_of_two_megabytes_are_read_within_the_child_s_limit(reader):
    answer = await reader.see(f"<main><a href=/1>{'word ' * 400_000}</a>{'<p>July 4, 2026</p>' * 200}</main>")

    assert len(answer.entries) == 1


async def test_the_heading_of_a_section_is_not_the_headline_of_its_only_item():
    html = '<main><h2>Latest News</h2><a href="/1">Agency fines a company for pollution</a> July 4, 2026</main>'
    head = {"content_type": "text/html", "select": "main", "ignore": (), "headlines": True}
    (item,) = answer(head, html.encode())["items"]
    assert item[:3] == ("Agency fines a company for pollution", "/1", "July 4, 2026")


@pytest.mark.parametrize(
    "row",
    [
        '<li><a href="{to}"><h3>{title}</h3><p>{day}</p><p>More.</p></a></li>',
        '<li><a href="{to}"><h3>{title}</h3><time datetime="{day}">July</time><p>More.</p></a></li>',
        '<li><h3>{title}</h3><p>{day}</p><a href="{to}">Read more about it</a></li>',
        '<li><p>{day}</p><a href="/topics{to}">Press Release</a><h3><a href="{to}">{title}</a></h3></li>',
    ],
    ids=["a card that is a link", "one with a time", "a call below", "a tag above"],
)
async def test_the_heading_of_a_row_is_its_headline(row):
    html = "".join(row.format(to=f"/news/{n}", day=f"2026-07-{n}", title=f"Release {n} is out") for n in range(20, 30))
    head = {"content_type": "text/html", "select": "main", "ignore": (), "headlines": True}
    listed = answer(head, f"<main><h1>Newsroom</h1><ul>{html}</ul></main>".encode())["items"]

    expected = [(f"Release {n} is out", f"/news/{n}", f"2026-07-{n}") for n in range(20, 30)]
    assert [(title, link, date) for title, link, date, _ in listed] == expected


async def test_the_heading_of_a_list_is_no_headline():
    html = "<main><h2>Latest news</h2><p>July 30, 2026</p><p><a href=/n/1>The rule is out</a> <a href=/t>All of it</a>"
    head = {"content_type": "text/html", "select": "main", "ignore": (), "headlines": True}

    assert [title for title, *_ in answer(head, html.encode())["items"]] == ["The rule is out"]


@pytest.mark.parametrize(
    "row",
    [
        '<li><a href="{to}"><time datetime="{day}">Day</time></a><h3><a href="{to}">{title}</a></h3><p>{more}</p></li>',
        '<li><p>{more}</p><h3><a href="{to}">{title}</a></h3><p>Posted: {day}</p><a href="{to}">Read it all</a></li>',
    ],
    ids=["a calendar sheet", "the teaser first"],
)
async def test_a_day_in_a_headline_s_teaser_is_not_its_day_and_hides_neither_it_nor_its_neighbor(row):
    teasers = ("Applications are due by September 4, 2026, at noon.", "On July 4, 2026, agents came.", "More soon.")
    html = "".join(
        row.format(to=f"/news/{n}", day=f"2026-07-{n}", title=f"Release {n} of the office", more=teasers[n - 28])
        for n in (28, 29, 30)
    )
    head = {"content_type": "text/html", "select": "main", "ignore": (), "headlines": True}
    found = answer(head, f"<main><ul>{html}</ul></main>".encode())["items"]

    assert [(link, date) for _, link, date, _ in found] == [(f"/news/{n}", f"2026-07-{n}") for n in (28, 29, 30)]
    assert [around.count(".") for *_, around in found] == [1, 1, 1]


@pytest.mark.long
async def test_a_page_of_a_hundred_thousand_nested_blocks_ends(reader):
    answer = await reader.see("<main>" + "<div>1/1/2026" * 100_000)

    assert answer.health in (Health.EMPTY, Health.REFUSED)


@pytest.mark.skipif(not CORPUS, reason="CORPUS_DIR names no recorded pages")
@pytest.mark.parametrize(
    ("page", "count"), [("cftc-press", 2), ("dhs-newsroom", 2), ("fema-news", 3), ("ofac-recent-actions", 3)]
)
def test_the_recorded_newsrooms_are_read(page, count):
    body = (Path(CORPUS or "") / "newsrooms" / "samples" / "pages" / f"{page}.html").read_bytes()
    found = answer({"content_type": "text/html", "select": "body", "ignore": (), "headlines": True}, body)

    assert len(found["items"]) == count
    assert all(title and link.startswith("/") and "2026" in date for title, link, date, _ in found["items"])
