"""Pages that are no news, by the form of their address and by whether they have a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.media.news.reading import Reading, is_no_news
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind, Quote
from bot.watch.engine import judge
from bot.watch.model import Level, Reason, Watch
from bot.watch.query import Phrase, parse
from tests.unit.media.test_entities import COALITION


@pytest.mark.parametrize(
    "path",
    [
        "us/bill/HR4323/2026",
        "bill/119th-congress/house-bill/4323",
        "congress/bills/119/hr4323",
        "map/legislation/trafficking-survivors-relief-act-of-2025-119hr1379",
        "billdetail/1883821",
        "bills/hr4323-119",
        "bill-search/us/119/bills/USB00084910",
        "doc/384938/relief-act",
        "host-https-www.linkedin.com/company/polaris-project",
        "web/20250101000000/https://polaris.example/a-long-story-of-what-was-done",
    ],
)
@pytest.mark.parametrize("dated", [True, False])
def test_a_bill_s_page_and_a_mirror_are_known_by_their_form(path, dated):
    assert is_no_news(f"https://nobody-listed-it.example/{path}", COALITION.media.not_news, dated=dated)


@pytest.mark.parametrize(
    "path",
    [
        "bills/house-passes-hr-4323-to-clear-survivors-records",
        "2026/11/after-48-hr-12-arrested-in-sting",
        "119/what-the-congress-did-this-week-for-survivors",
    ],
)
def test_a_story_about_a_bill_is_news(path):
    assert not is_no_news(f"https://herald.example/{path}", COALITION.media.not_news)


@pytest.mark.parametrize("path", ["racial-equity/", "polaris-lawsuit", "trafficking.html"])
def test_a_short_address_is_news_where_its_source_gives_a_day(path):
    url = f"https://herald.example/{path}"
    assert is_no_news(url, COALITION.media.not_news)
    assert not is_no_news(url, COALITION.media.not_news, dated=True)


@pytest.mark.parametrize(
    ("path", "day", "kind"),
    [
        ("what-polaris-does", None, Kind.LISTING),
        ("impact/measured-over-time", None, Kind.LISTING),
        ("impact/measured-over-time", "2026-11-24", Kind.NEWS),
        ("blog/fighting-it-together", None, Kind.NEWS),
        ("special-ghana-field-report-child-trafficking-no-longer-tolerated", None, Kind.NEWS),
    ],
)
def test_a_standing_page_of_a_member_s_own_site_is_no_news(path, day, kind):
    site = COALITION.entities["polaris"].sites[0]
    on = date.fromisoformat(day) if day else None
    entry = Entry(source="s", kind=Kind.NEWS, identity=("x",), thread="x", title="Polaris", url=f"https://{site}/{path}",
                  publication_date=on)  # fmt: skip
    assert Reading(COALITION).read(entry)[0].kind is kind


@pytest.mark.parametrize(
    "path", ["news", "category/hotline/", "tag/labor/page/3/", "", "rulings/docview?id=1", "cfr/8/214.11"]
)
def test_what_has_a_day_is_a_story_whatever_folder_it_lies_in_and_a_list_or_a_law_without_one_is_none(path):
    url = f"https://polaris.example/{path}"
    assert not is_no_news(url, COALITION.media.not_news, dated=True)
    assert is_no_news(url, COALITION.media.not_news)


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("The permit stands, as Judge Sample wrote.", False),
        ("Among the plaintiffs was Bella Sample, 15, who was rescued in Ohio.", True),
    ],
)
def test_a_court_record_that_may_name_a_minor_is_withheld(text, withheld):
    record = Entry(source="s", kind=Kind.COURT, identity=("court:opinion:1",), thread="court:opinion:1", text=text,
                   title="River Alliance v. Water Board", url="https://courts.example/opinion/1/")  # fmt: skip
    read, index = Reading(COALITION).read(record)

    assert (read.title == HEADLINE_WITHHELD) is withheld
    assert bool(read.link) is not withheld
    assert index.find(Phrase(("river",)))  # it is matched all the same


def test_a_changed_page_quotes_no_line_that_may_name_a_minor_and_is_matched_by_it_all_the_same():
    lines = ("Sea salt of Example Farm: detained", "Trafficked at 16: the story of Nadia Morales")
    page = Entry(
        source="s", kind=Kind.REVISION, identity=("page:1",), thread="page:1", title="Findings",
        url="https://agency.example/findings", quotes=tuple(map(Quote, lines)), notes=("Lines added: 2.",),
    )  # fmt: skip
    watch = Watch("w", "w", (), Level.ALERT, parse("trafficked NEAR/9 morales"))

    read, index = Reading(COALITION).read(page)

    assert [quote.text for quote in read.quotes] == [lines[0]]
    assert read.notes[1] == "Not quoted: 1 line that may name a minor or someone harmed."
    assert (read.title, read.link) == (page.title, page.url)
    assert judge(watch, index).reasons == (Reason("text", ""),)
    harmless = replace(page, quotes=page.quotes[:1])
    assert Reading(COALITION).read(harmless) == (harmless, None)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (("Victims identified so far:", "Kyra Sample", "Nadia Morales"), [0]),
        (("Kyra Sample", "Age: 13", "Missing from Tampa", "Believed to be a victim of human trafficking"), [1, 2, 3]),
        (("Trafficking victim", "Name: Zorabel Quill"), [0]),
        (("Jane Smith", "Director, Office for Victims of Crime", "Appointed in May"), [0, 1, 2]),
        (("Panel 1", "Grace Holloway", "Ambassador at Large", "Ian Urbina", "Journalist"), [0, 1, 2, 3, 4]),
    ],
)
def test_a_name_alone_on_a_line_of_a_page_is_judged_with_the_lines_beside_it(lines, shown):
    page = Entry(
        source="s", kind=Kind.REVISION, identity=("page:1",), thread="page:1", title="Findings",
        url="https://agency.example/findings", quotes=tuple(map(Quote, lines)),
    )  # fmt: skip

    read, _ = Reading(COALITION).read(page)

    assert [quote.text for quote in read.quotes] == [lines[at] for at in shown]
