"""The demo's week says of itself what is real, and its server answers as of the moment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.cli.demo import replay

MONDAY = datetime(2026, 1, 26, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def week() -> replay.Week:
    return replay.load(replay.WEEK)


def test_the_week_is_small_enough_to_ship():
    assert sum(file.stat().st_size for file in replay.WEEK.rglob("*") if file.is_file()) < 300_000


def test_an_invented_document_says_so_and_a_real_one_is_where_it_says(week):
    for document in week.documents:
        number, url = document["document_number"], document["html_url"]
        invented = document["title"].endswith("(demo)")
        assert invented == ("2026-9" in number) == url.startswith("https://register.invalid/"), number
        day = document["publication_date"].replace("-", "/")
        assert invented or url.startswith(f"https://www.federalregister.gov/documents/{day}/{number}/")


def test_everything_else_that_is_invented_says_so_too(week):
    titles = [item["title"] for item in week.items if "page" not in item]
    titles += [filing["title"] or filing["toc_doc"] for filing in week.filings]
    assert [title for title in titles if not title.endswith("(demo)")] == []


def test_every_look_alike_is_in_the_week(week):
    there = {row.get("title") for row in (*week.documents, *week.items)}
    assert {planted["title"] for planted in week.look_alikes} <= there


def test_an_issue_is_out_at_six_eastern_and_not_before(week):
    minutes = (datetime(2026, 1, 20, 10, 59, tzinfo=UTC), datetime(2026, 1, 20, 11, 0, tzinfo=UTC))
    days = [max(document["publication_date"] for document in week.published(now)) for now in minutes]
    assert days == ["2026-01-16", "2026-01-20"]


def test_a_filing_leaves_public_inspection_when_its_issue_is_out(week):
    def there(day: int) -> bool:
        now = datetime(2026, 1, day, 14, 0, tzinfo=UTC)
        return "2026-90103" in {filing["document_number"] for filing in week.on_inspection(now)}

    assert [there(day) for day in (19, 20, 21, 22)] == [False, True, True, False]


def test_the_law_is_in_the_bills_record_from_friday_evening_on(week):
    before = week.bill("BILLSTATUS-119hr4323", datetime(2026, 1, 23, 23, 0, tzinfo=UTC))
    after = week.bill("BILLSTATUS-119hr4323", datetime(2026, 1, 23, 23, 5, tzinfo=UTC))
    assert b"Became Public Law" not in before.body
    assert b"Became Public Law No: 119-73." in after.body


async def test_the_register_answers_a_search_with_the_fields_that_it_asks_for(week):
    async with replay.ReplayServer(week, lambda: MONDAY) as base, aiohttp.ClientSession() as session:
        asked = {"fields[]": "document_number", "conditions[publication_date][is]": "2026-01-20"}
        async with session.get(f"{base}/api/v1/documents.json", params=asked) as answer:
            results = (await answer.json())["results"]
    there = [document for document in week.documents if document["publication_date"] == "2026-01-20"]
    assert sorted(each["document_number"] for each in results) == sorted(each["document_number"] for each in there)
    assert {tuple(each) for each in results} == {("document_number",)}


def test_the_readme_of_the_week_names_each_of_its_files():
    readme = (replay.WEEK / "README.md").read_text("utf-8")
    assert [f.name for f in Path(replay.WEEK).iterdir() if f.name != "README.md" and f.name not in readme] == []
