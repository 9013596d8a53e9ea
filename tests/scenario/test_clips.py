"""Clip reports: what is counted, what is left out, and that the documents say it."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest

from bot.commands.model import Reply
from bot.media.clips import model, sheet
from bot.media.clips.model import Period
from bot.media.clips.report import report_file, stories_covered
from bot.media.news import records
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.entry import Named
from tests.kit.alerts import news
from tests.kit.board import press, words
from tests.kit.clips import INQUIRIES, NOON, ROOT, TEXT, empty, long, mention, report, stories, story
from tests.kit.documents import run_together, words_of_docx
from tests.kit.press import Press
from tests.peers.need import need

WEEK = report()
WHOLE_WEEK = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
SHEET = sheet.template_data(WEEK)


def rendered(shown: model.Report, kind: str) -> bytes:
    return report_file(shown, kind, ROOT).data


def words_of_pdf(data: bytes) -> str:
    run = subprocess.run([need("pdftotext"), "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return run.stdout.decode()


# --- what is counted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("around", "day", "first", "last", "words_shown"),
    [
        (model.week, "2026-11-24", "2026-11-23", "2026-11-29", "November 23–29, 2026"),
        (model.week, "2027-01-01", "2026-12-28", "2027-01-03", "December 28, 2026 – January 3, 2027"),
        (model.month, "2028-02-10", "2028-02-01", "2028-02-29", "February 1–29, 2028"),
        (model.month, "2026-12-31", "2026-12-01", "2026-12-31", "December 1–31, 2026"),
        (model.quarter, "2026-11-24", "2026-10-01", "2026-12-31", "October 1 – December 31, 2026"),
        (model.quarter, "2026-03-31", "2026-01-01", "2026-03-31", "January 1 – March 31, 2026"),
    ],
)
def test_a_period_is_of_whole_days(around, day, first, last, words_shown):
    result = around(date.fromisoformat(day))

    assert result == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert result.text == words_shown
    assert result.previous.last == result.first - timedelta(days=1)
    assert result.previous.days == result.days


def test_a_story_counts_once_and_its_copies_are_listed():
    values = {figure["what"]: figure["value"] for figure in SHEET["figures"]}

    assert values == {"stories": "9", "placements": "33", "with one of us quoted": "5", "in tier 1": "1"}
    assert sum(int(bar["said"]) for bar in SHEET["charts"][0]["bars"]) == 9
    assert "Most reprinted: “Stings by county task forces led to few services” (AP, 14 outlets)." in SHEET["summary"]


def test_a_week_without_a_reprint_names_no_most_reprinted_story():
    single = tuple(story for story in stories() if len(story.outlets) == 1)
    assert single
    assert "Most reprinted" not in " ".join(sheet.template_data(report(stories=single))["summary"])


def test_a_story_without_a_tone_is_not_called_unclear():
    assert "2 in support, 1 neutral, 1 critical, 2 unclear and 3 not judged yet" in SHEET["summary"][1]


def test_response_times_are_medians():
    assert SHEET["summary"][-1] == (
        "3 press inquiries, acknowledged after 20 min, answered after 3 h (medians), 1 late, 1 still open."
    )
    unanswered = tuple(replace(inquiry, acknowledged_at=None, answered_at=None) for inquiry in INQUIRIES)
    assert sheet.template_data(report(inquiries=unanswered))["summary"][-1] == "3 press inquiries, 1 still open."


def test_every_chart_has_its_content_in_words():
    for chart in SHEET["charts"]:
        for bar in chart["bars"]:
            assert f"{bar['label']} {bar['said']}" in chart["alt"]


def test_a_withheld_headline_stays_withheld_and_so_does_its_address():
    words_shown = repr(SHEET) + sheet.to_csv(WEEK).decode()

    assert "Headline withheld" in words_shown
    assert "Girl named X" not in words_shown
    assert "localnews9" not in words_shown


def test_no_more_than_forty_words_of_a_text_are_shown():
    assert len(TEXT.split()) > 40
    for detail in SHEET["details"]:
        assert len(detail["quote"].removesuffix(" …").split()) <= 40


def test_weeks_without_a_story_are_in_the_chart_too():
    chart = sheet.charts(report(period=Period(date(2026, 11, 16), date(2027, 2, 14))))[0]

    assert chart["title"] == "Stories per week"
    assert [bar["value"] for bar in chart["bars"]] == [9, *[0] * 12]


@pytest.mark.long
def test_our_own_releases_are_hollow_columns_next_to_the_stories_of_their_day(desk):
    own = (Named(entity="polaris", kind="member", words="", own=True),)
    release = mention(40, "Polaris", NOON + timedelta(days=3), "Our statement", first_party=True, names=own)
    office = mention(41, "Department of Justice", NOON, "Office acts", first_party=True)
    for n, each in enumerate((release, office)):
        with desk.db.write() as tx:
            records.open_story(tx, f"r{n}", f"story:r{n}", each.at)
            records.put(tx, replace(each, story=f"r{n}"))
    said = "Our own releases, not counted: Nov 16 0, Nov 17 0, Nov 18 0, Nov 19 1, Nov 20 0, Nov 21 0 and Nov 22 0."
    made = {kind: desk.ask(desk.pia, "clips week", as_=kind).file for kind in ("pdf", "docx", "png")}

    assert "hollow: our own releases, not counted" in " ".join(words_of_pdf(made["pdf"].data).split())
    with zipfile.ZipFile(io.BytesIO(made["docx"].data)) as archive:
        assert said in archive.read("word/document.xml").decode()
    assert said in made["png"].alt
    assert made["png"].alt.startswith("Stories per day: Nov 16 ")


def test_share_of_voice_appears_only_on_request_and_for_named_sides():
    entities = dict(WEEK.coalition.entities)
    rival = entities["polaris"].model_copy(update={"kind": "opponent", "name": "A Rival", "member": None})
    coalition = WEEK.coalition.model_copy(update={"entities": entities | {"rival": rival}})
    theirs = story(30, mention(30, "Paper", NOON, "Rival speaks", entities=("rival",)))
    asked = report(coalition=coalition, stories=(*stories(), theirs), voice=True)

    assert "Share of voice" not in [chart["title"] for chart in SHEET["charts"]]
    (chart,) = [chart for chart in sheet.charts(asked) if chart["title"] == "Share of voice"]
    assert [(bar["label"], bar["said"]) for bar in chart["bars"]] == [("ATEST", "7 (88%)"), ("A Rival", "1 (12%)")]


def test_advertising_value_is_only_mentioned_as_not_counted():
    words_shown = " ".join(one["text"] for one in SHEET["method"])

    assert "advertising value, which measures nothing" in words_shown
    assert "AVE" not in words_shown.replace("HAVE", "")
    assert "America/New_York" in words_shown
    assert (
        "2 stories that appeared only in releases of ours, of a member or of an office, 1 that a person muted"
        in words_shown
    )


# --- the documents --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    return {"docx": rendered(WEEK, "docx"), "pdf": rendered(WEEK, "pdf")}


def test_both_documents_say_every_word_of_the_sheet(made):
    in_docx, in_pdf = run_together(words_of_docx(made["docx"])), run_together(words_of_pdf(made["pdf"]))
    for row in SHEET["rows"]:
        for column in ("outlet", "headline", "about", "quoted"):
            assert run_together(row[column]) in in_pdf, row[column]
    words_shown = [SHEET["title"], SHEET["period"], *SHEET["summary"], *(one["text"] for one in SHEET["method"])]
    words_shown += [detail["quote"] for detail in SHEET["details"]]
    for text in words_shown:
        assert run_together(text) in in_docx, text
        assert run_together(text) in in_pdf, text


def test_the_first_page_has_all_figures_and_the_table_begins_below_them(made):
    first, *_ = words_of_pdf(made["pdf"]).split("\f")

    assert "3 press inquiries" in first
    assert "By tier of outlet" in first
    assert "Coverage" in first


def test_the_pdf_is_tagged_its_charts_have_words_and_its_headlines_lead_on(made):
    with pikepdf.open(io.BytesIO(made["pdf"])) as pdf:
        alts = [str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]
        links = [str(item.A.URI) for page in pdf.pages for item in page.get("/Annots", ()) if "/A" in item]
        assert pdf.Root.MarkInfo.Marked
    assert {chart["alt"] for chart in SHEET["charts"]} <= set(alts)
    assert {row["url"] for row in SHEET["rows"] if row["url"]} <= set(links)


def test_the_word_file_has_the_charts_with_their_words_and_links(made):
    with zipfile.ZipFile(io.BytesIO(made["docx"])) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/picture")]
        document = archive.read("word/document.xml").decode()
        assert archive.testzip() is None
    assert len(pictures) == len(SHEET["charts"])
    for chart in SHEET["charts"]:
        assert chart["alt"] in document
    assert 'HYPERLINK "https://ap.example/100?a=1&amp;b=2"' in document.replace("&quot;", '"')


def test_an_empty_week_is_a_report_all_the_same():
    none = empty()

    for text in (words_of_docx(rendered(none, "docx")), words_of_pdf(rendered(none, "pdf"))):
        assert "No coverage of us or our asks was found." in " ".join(text.split())
        assert "No press inquiry was logged." in text
        assert "No story." in text
        assert "How this was made" in text
    assert sheet.to_csv(none).count(b"\n") == 1


def test_a_quarter_of_many_stories_is_set_within_the_limits():
    assert rendered(long(), "pdf").startswith(b"%PDF")
    assert rendered(long(), "docx").startswith(b"PK")


def test_the_same_words_make_the_same_file(made):
    assert rendered(WEEK, "docx") == made["docx"]


HOSTILE = "=cmd|' /C calc'!A0 {{ 7*7 }} {% for x in y %} #import \"x\" $1$ *b* <w:t> &amp; \u202egnirts \x00"


def test_what_outlets_write_is_text_and_nothing_else():
    evil = story(1, mention(1, HOSTILE, NOON, HOSTILE, reporter=HOSTILE, excerpt=HOSTILE))
    own_values = report(stories=(evil,))

    for text in (words_of_docx(rendered(own_values, "docx")), words_of_pdf(rendered(own_values, "pdf"))):
        assert "{{7*7}}" in run_together(text)
        assert "49" not in text
    (row,) = csv.DictReader(io.StringIO(sheet.to_csv(own_values).decode("utf-8-sig")))
    assert row["headline"].startswith("'=cmd")


# --- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path):
    """The stories of the week of 16 November are kept; it is Tuesday 24 November."""
    made = Press(tmp_path)
    with made.db.write() as tx:
        for each in stories():
            records.open_story(tx, each.id, f"story:{each.id}", each.opened_at)
            for one in each.mentions:
                records.put(tx, replace(one, story=each.id))
    made.card(made.pia, "press add", outlet="AP", name="A Desk", tier="1")
    return made


def test_a_week_is_the_one_that_has_ended(desk):
    answer = desk.ask(desk.pia, "clips week")
    assert isinstance(answer, Reply)

    assert answer.card.head == "Weekly clip report: November 16–22, 2026: 7 stories, 31 placements"
    assert answer.file.name == "clips-2026-11-16-2026-11-22.docx"
    assert "No tone set: S-" in words(answer.card)
    assert "Set it with /mentions tag" in words(answer.card)
    assert [button.label for button in answer.card.buttons] == ["PDF", "CSV", "PNG"]


def test_its_buttons_give_other_formats_and_the_picture_has_alternative_text(desk):
    card = desk.card(desk.pia, "clips week", of="2026-11-18")

    for label, start in (("PDF", b"%PDF"), ("CSV", b'\xef\xbb\xbf"date","story"'), ("PNG", b"\x89PNG")):
        file = press(desk, desk.pia, card, label).file
        assert file.data.startswith(start)
        assert bool(file.alt) is (label == "PNG")


def test_a_week_in_which_nothing_was_is_reported_and_has_nothing_to_draw(desk):
    answer = desk.ask(desk.pia, "clips week", of="2026-06-01")

    assert answer.card.head.endswith("June 1–7, 2026: 0 stories, 0 placements")
    assert [button.label for button in answer.card.buttons] == ["PDF", "CSV"]
    refused = desk.refused(desk.pia, "clips week", of="2026-06-01", as_="png")
    assert refused.param == "as"


@pytest.mark.long
def test_the_current_period_is_reported_to_date(desk):
    assert "November 1–24, 2026" in desk.card(desk.pia, "clips month", of="this").head
    assert "October 1–31, 2026" in desk.card(desk.pia, "clips month").head
    assert "July 1 – September 30, 2026" in desk.card(desk.pia, "clips quarter").head


@pytest.mark.parametrize("claim", [{"outlet": "AP"}, {"at": datetime(2026, 11, 8, tzinfo=UTC)}])
def test_a_copy_that_comes_after_the_clip_does_not_take_its_place(desk, claim):
    clipped = next(each for each in records.stories(desk.db, *WHOLE_WEEK) if each.teller != "AP")
    desk.card(desk.pia, "mentions clip", story=clipped.label)
    desk.now += timedelta(minutes=5)
    own = {"id": "copy", "key": "copy", "seen_at": desk.now, "credit": "AP", "url": "https://copy.example/a"}
    copy = replace(clipped.original, **({"outlet": "Blog", "latest": "Director arrested"} | own | claim))
    with desk.db.write() as tx:
        records.put(tx, copy)
    after = records.story(desk.db, clipped.id)
    assert (after.title, after.link, after.at) == (clipped.title, clipped.link, clipped.at)
    assert after.mentions[-1].id == "copy"
    table = desk.ask(desk.pia, "clips week", of="2026-11-18", as_="csv").file.data.decode("utf-8-sig")
    row = next(each for each in csv.DictReader(io.StringIO(table)) if each["story"] == clipped.label)
    assert row["headline"] == clipped.title


def test_a_funder_gets_what_was_paid_for_alone(desk):
    card = desk.card(desk.pia, "clips funder", since="2026-11-01", ask="4", about="CIW")

    assert card.head == "Clip report: November 1–24, 2026: 1 story, 3 placements"
    assert card.badge == "CIW · Ask 4"
    for given, param in (
        ({"since": "2026-11-20", "until": "2026-11-01"}, "until"),
        ({"since": "2000-01-01"}, "until"),
        ({"since": "last year"}, "since"),
        ({"since": "2026-11-01", "about": "nobody"}, "about"),
    ):
        assert desk.refused(desk.pia, "clips funder", **given).param == param


def test_our_own_releases_and_muted_stories_are_left_out_and_counted(desk):
    own = mention(40, "Polaris", NOON, "Our own release", first_party=True)
    with desk.db.write() as tx:
        records.open_story(tx, "own", "story:own", NOON)
        records.put(tx, replace(own, story="own"))
        muted = records.story(tx, "s2")
        records.save(tx, replace(muted, muted_at=datetime(2026, 11, 20, tzinfo=UTC)))

    answer = desk.ask(desk.pia, "clips week", as_="csv")

    assert "6 stories" in answer.card.head
    assert b"Our own release" not in answer.file.data


# --- of what, and since when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "first"),
    [
        ({}, "No coverage of us or our asks was found."),
        ({"muted": 2}, "No story was counted. Left out: 2 muted stories."),
        ({"own_releases": 1, "muted": 1}, "No story was counted. Left out: 1 muted story and 1 release of our own."),
        ({"unnamed": stories()[:1]}, "No story names us."),
    ],
)
def test_a_report_that_counts_nothing_says_what_it_left_out(left_out, first):
    cover = {"stories": (), "inquiries": (), "own_releases": 0, "muted": 0} | left_out
    summary = sheet.template_data(report(**cover))["summary"]

    assert summary[0] == first
    assert "more" not in " ".join(summary)


def test_a_time_before_watching_began_is_not_called_one_without_coverage():
    before = sheet.template_data(empty(watched_since=date(2026, 11, 25)))["summary"]
    assert (
        before[1]
        == "The bot has watched the news since November 25, 2026. This report has only stories that people added."
    )
    never = sheet.template_data(empty(watched_since=None))["summary"]
    assert never[1] == "No news source has been read yet, so this report has only stories that people added."


def test_news_that_a_source_brought_was_watched_also_if_it_was_removed_since(tmp_path):
    press_ = Press(tmp_path)
    url = "https://herald.example/2026/polaris-opens-an-office"
    title = "Polaris opens an office against human trafficking"
    press_.bring(news("polaris", title, outlet="Herald", url=url, identity=(f"url:{url[8:]}",)))
    press_.now += timedelta(days=30)

    shown = words(press_.card(press_.pia, "clips funder", since="2026-11-01"))
    assert "1 story" in shown
    assert "The bot has watched the news since November 24, 2026." in shown


def test_a_report_starts_its_charts_when_watching_began():
    since = date(2026, 11, 16)
    cards = report(period=Period(date(2026, 7, 1), date(2026, 11, 22)), watched_since=since)
    summary = " ".join(sheet.template_data(cards)["summary"])
    assert "The bot has watched the news since November 16, 2026. Earlier days have only what people added." in summary
    assert [bar["label"] for bar in sheet.charts(cards)[0]["bars"]] == ["Nov 16"]
    assert sheet.template_data(cards)["figures"][0]["more"] == "the previous period was not monitored"


def test_stories_from_before_watching_began_are_charted():
    cards = report(period=Period(date(2026, 7, 1), date(2026, 11, 29)), watched_since=date(2026, 11, 25))
    assert [bar["value"] for bar in sheet.charts(cards)[0]["bars"]] == [9, 0]


def test_when_watching_began_is_when_the_first_source_of_news_was_read(desk):
    news = next(id_ for id_, item in desk.config.feeds.sources.items() if sheet.is_news(item))
    desk.now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    desk.take(news, Fetched(entries=(), memory=Memory(), health=Health.EMPTY_EXPECTED))
    desk.now = datetime(2026, 11, 24, 15, tzinfo=UTC)
    card = desk.card(desk.pia, "clips month")
    assert "The bot has watched the news since November 20, 2026. This report has only" in words(card)
    assert "The bot has watched" in words(desk.card(desk.pia, "clips week", of="2026-11-18"))


def test_stories_that_name_none_of_us_are_listed_separately_and_not_counted(desk):
    answer = desk.ask(desk.pia, "clips week", as_="csv")
    rows = list(csv.DictReader(io.StringIO(answer.file.data.decode("utf-8-sig"))))
    apart = [row["headline"] for row in rows if row["names us"] == "no"]
    outlets = [row["outlet"] for row in rows if row["names us"] == "no"]

    assert len(rows) == 9
    assert apart == [row["headline"] for row in rows][-2:]
    assert {row["about"] for row in rows if row["names us"] == "no"} == {""}
    assert "2 more stories on our asks name none of us: listed separately, not counted." in words(answer.card)
    made = {kind: desk.ask(desk.pia, "clips week", as_=kind).file.data for kind in ("docx", "pdf")}
    for text in (words_of_docx(made["docx"]), words_of_pdf(made["pdf"])):
        shown = run_together(text)
        assert run_together("On our asks, without naming us") in shown
        after = shown.partition(run_together("On our asks, without naming us"))[2]
        assert all(run_together(outlet) in after for outlet in outlets)


def test_a_release_of_an_office_is_no_placement(desk):
    release = mention(50, "Department of Justice", NOON, "Office acts on grants", first_party=True)
    paper = mention(51, "Herald", NOON + timedelta(hours=1), "Polaris: office acts on grants", excerpt="")
    for id_, parts in (("r1", [replace(release, id="m50a", key="a")]), ("r2", [release, paper])):
        with desk.db.write() as tx:
            records.open_story(tx, id_, f"story:{id_}", NOON)
            for part in parts:
                records.put(tx, replace(part, story=id_))

    answer = desk.ask(desk.pia, "clips week", as_="csv")
    rows = list(csv.DictReader(io.StringIO(answer.file.data.decode("utf-8-sig"))))

    assert answer.card.head == "Weekly clip report: November 16–22, 2026: 8 stories, 32 placements"
    assert [row["outlet"] for row in rows if "grants" in row["headline"]] == ["Herald"]
    assert "Department of Justice" not in answer.file.data.decode()


def test_an_outlet_that_follows_a_release_has_its_own_headline_words_and_day(desk):
    """Polaris's release of Sunday night, which two papers print on Monday."""
    sunday = datetime(2026, 11, 15, 20, 0, tzinfo=UTC)
    own = (Named(entity="polaris", kind="member", words="Polaris", own=True, quoted=True),)
    release = mention(60, "Polaris", sunday, "We hail a victory", first_party=True, names=own, quoted=("polaris",))
    papers = [
        mention(61 + n, outlet, sunday + timedelta(hours=20), "Senate passes bill", excerpt="The Senate passed it.")
        for n, outlet in enumerate(("Herald", "Herald", "Sun"))
    ]
    with desk.db.write() as tx:
        records.open_story(tx, "r1", "story:r1", sunday)
        for part in (release, *papers):
            records.put(tx, replace(part, story="r1"))

    def rows(of):
        table = desk.ask(desk.pia, "clips week", of=of, as_="csv").file.data.decode("utf-8-sig")
        return [
            row for row in csv.DictReader(io.StringIO(table)) if row["story"] not in {f"S-{n}" for n in range(1, 10)}
        ]

    assert rows("2026-11-15") == []
    (row,) = rows("2026-11-16")
    assert (row["date"], row["outlet"], row["headline"]) == ("2026-11-16", "Herald", "Senate passes bill")
    assert (row["link"], row["copies"], row["quoted"]) == (papers[0].url, "1", "")
    (told,) = [each for each in stories_covered(desk.db, *WHOLE_WEEK) if each.id == "r1"]
    assert sheet.template_data(report(stories=(told,)))["details"][0]["quote"] == "The Senate passed it."


def test_a_story_without_an_ask_and_without_us_is_on_none_of_our_asks(desk):
    other = mention(70, "Herald", NOON, "A trafficking case in the county", entities=(), asks=())
    with desk.db.write() as tx:
        records.open_story(tx, "o1", "story:o1", NOON)
        records.put(tx, replace(other, story="o1"))
    answer = desk.ask(desk.pia, "clips week", as_="csv")

    assert "2 more stories on our asks name none of us" in words(answer.card)
    assert "A trafficking case" not in answer.file.data.decode()
    left_out = sheet.template_data(report(others=1))["method"]
    assert "1 that neither name us nor are on an ask" in " ".join(each["text"] for each in left_out)


@pytest.mark.long
def test_a_report_on_one_ask_or_member_counts_its_inquiries_alone(desk):
    asked = {"reporter": "Jo", "outlet": "Wire", "kind": "question", "due": "2h", "question": "What?"}
    for more in ({"ask": "8"}, {"ask": "4"}, {"member": "polaris"}, {}):
        desk.card(desk.pia, "press inquiry", **asked, **more)

    def inquiries(**args):
        card = desk.card(desk.pia, "clips funder", since="2026-11-01", **args)
        return next(line.text for line in card.lines if "press inquir" in line.text)

    assert inquiries().startswith("4 press inquiries")
    assert inquiries(ask="8").startswith("1 press inquiry")
    assert inquiries(about="polaris").startswith("1 press inquiry")
    assert inquiries(about="atest").startswith("3 press inquiries")
