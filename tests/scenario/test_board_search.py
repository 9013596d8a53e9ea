"""The search page of the board, in a browser without script."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace

import pytest

from tests.kit.alerts import document
from tests.kit.letters_desk import Desk
from tests.kit.web_face import BOARD, Browser, make_link, web_site


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.bring(
        document("2026-00077", "Enhanced Collaborative Model: forced labor"),
        *(document(f"2026-001{n:02}", f"Gloves made with forced labor {n}") for n in range(9)),
    )
    desk.drafted()
    return desk


async def read(desk, person, *paths):
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, person))
        return [await browser.get(path) for path in paths]


async def test_the_box_on_each_page_leads_to_results_that_open_on_the_board(desk):
    page, there = await read(desk, desk.pol, "/today", "/find?words=forced+labor")

    (form,) = page.page.xpath("//form[@role='search']")
    assert form.get("action") == "/find"
    headings = there.page.xpath("//main//h2/text()")
    assert {"Asks", "Published", "Watches"} <= set(headings)
    assert there.page.xpath("//a[@href='/find?words=2026-00108'][contains(., 'Gloves made with forced labor 8')]")
    assert there.page.xpath("//input[@name='words']/@value") == ["forced labor"]
    assert "/find with an id" not in there.text


async def test_the_words_are_marked_in_the_results(desk):
    (page,) = await read(desk, desk.pol, "/find?words=collab+force&in=Published")

    (hit,) = page.page.xpath("//ul[@class='found']/li")
    assert [mark.text for mark in hit.findall(".//mark")] == ["Collaborative", "forced"]


async def test_an_office_is_found_by_its_name_for_who_may_read_all_about_it(desk):
    (theirs,) = await read(desk, desk.pol, "/find?words=victims+crime+director")
    (other,) = await read(desk, next(iter(desk.reps.values())), "/find?words=victims+crime+director")

    (link,) = theirs.page.xpath("//main//a[contains(@href, '/do/office/show')]")
    assert link.get("href") == "/do/office/show?office=office%3Aovc"
    assert link.text_content() == "the Director, Office for Victims of Crime"
    assert "/do/office/show" not in other.text


async def test_one_list_is_shown_whole_and_its_table_has_all(desk):
    page, one, table = await read(
        desk, desk.pol, "/find?words=forced", "/find?words=forced&in=Published", "/find.csv?words=forced&in=Published"
    )

    assert len(page.page.xpath("//h2[. = 'Published']/following-sibling::ul[1]/li")) == 6
    assert page.page.xpath("//a[@href='/find?words=forced&in=Published'][starts-with(., 'All 10')]")
    assert len(one.page.xpath("//ul[@class='found']/li")) == 10
    assert len(list(csv.DictReader(io.StringIO(table.body.decode())))) == 10


async def test_what_is_named_is_shown_with_why_it_was_posted(desk):
    (page,) = await read(desk, desk.pol, "/find?words=2026-00077")

    assert page.page.xpath("//article//h3[. = 'Why it was posted or not']")
    assert page.page.xpath("//a[contains(@href, '/do/letter/draft')] | //form[@action='/do/letter/draft']")


async def test_a_draft_is_not_found_by_who_may_not_open_it(desk):
    words = "/find?words=joint+applications"
    (theirs,) = await read(desk, next(iter(desk.reps.values())), words)
    (ours,) = await read(desk, desk.pol, words)

    assert ours.page.xpath("//a[@href='/letters/L-001']")
    assert not theirs.page.xpath("//a[@href='/letters/L-001']")
    assert "Watches" not in theirs.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("hr77-119", "It is not among the bills in coalition.yml."),
        ("https://nowhere.example/report", "No source in feeds.yml reads that site."),
    ],
)
async def test_what_is_named_and_not_stored_is_explained(desk, words, sentence):
    (page,) = await read(desk, desk.pol, f"/find?words={words}")

    assert sentence in page.text
    assert "Nothing has all of these words." not in page.text


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/find", "Type words, such as"), ("/find?words=zebra", "Nothing has all of these words.")],
)
async def test_an_empty_page_says_what_to_type(desk, path, sentence):
    (page,) = await read(desk, desk.pol, path)

    assert sentence in page.text


async def test_a_source_is_listed_without_its_address_which_may_have_a_key(desk):
    feeds = desk.config.feeds
    name, source = next((name, each) for name, each in feeds.sources.items() if each.kind == "feed")
    secret = source.model_copy(update={"url": "https://alerts.example.org/feed?key=CANARY", "name": "Search alerts"})
    feeds = feeds.model_copy(update={"sources": {**feeds.sources, name: secret}})
    desk.config = replace(desk.config, feeds=feeds)

    page, table = await read(desk, desk.pol, "/find?words=alerts.example.org", "/find.csv?words=search+alerts")

    assert "Search alerts" in page.text
    assert "Search alerts" in table.body.decode()
    assert "CANARY" not in page.text + table.body.decode()
