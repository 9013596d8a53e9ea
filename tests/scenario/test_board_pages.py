"""The board's pages, in a browser without script."""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import json
import random
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.bills import records as bills
from bot.commands.model import Role
from bot.entries import source_records
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Cosponsor
from bot.shared.calendar import day_in_words
from bot.shared.entry import Entry, Kind
from bot.site.board.pages import PAGES
from tests.kit.alerts import action, document
from tests.kit.furnished import furnish, made_up
from tests.kit.web_face import BOARD, Browser, make_link, web_site


async def read(desk, person, *paths):
    """The pages as that person gets them."""
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, person))
        return [await browser.get(path) for path in paths]


async def test_today_shows_what_came_by_ask_with_why(desk):
    await asyncio.to_thread(desk.bring, document("2026-00077", "Enhanced Collaborative Model: forced labor"))
    (page,) = await read(desk, desk.pol, "/today")

    assert "Enhanced Collaborative Model: forced labor" in page.text
    assert "Nothing new" in page.text
    assert page.page.xpath("//a[@href='/find?words=2026-00077']")


async def test_today_shows_the_steps_of_a_bill_as_one_event(desk):
    steps = (
        action("Signed by President.", "Signed by President"),
        action("Became Public Law No: 119-73.", "Became law"),
    )
    await asyncio.to_thread(desk.bring, *steps)
    page, listed = await read(desk, desk.pol, "/today", "/today.json")

    assert "1 new item, 1 alert since" in page.text
    (row,) = json.loads(listed.body)
    assert row["title"].startswith("Became law: Trafficking Survivors Relief Act")


async def test_an_address_that_is_no_web_page_is_no_link(desk):
    entry = replace(document("2026-00077", "Enhanced Collaborative Model: forced labor"), url="javascript:alert(1)")
    await asyncio.to_thread(desk.bring, entry)
    (page,) = await read(desk, desk.pol, "/today")

    assert "forced labor" in page.text
    assert "javascript:" not in page.body.decode()


async def test_alerts_by_week_count_an_event_once_and_say_since_when_anything_was_read(desk):
    steps = (action("Signed by President.", "Signed by President"), action("Became Public Law.", "Became law"))
    await asyncio.to_thread(desk.bring, *steps, document("2026-00077", "Finding: forced labor"))
    page, table = await read(desk, desk.pol, "/today", "/asks.csv")

    assert "2 alerts in 26 weeks; none for Asks 1, 2, 3, 5, 6, 7 and 9" in page.text
    assert "Nothing was read before Tue Nov 24, 2026." in page.text
    assert "Ask 4: 1 alert in 26 weeks, at most 1 in one" in page.page.xpath("//svg/@aria-label")
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert len(rows) == 26
    assert (rows[-1]["Ask 4"], rows[-1]["Ask 8"], rows[-1]["Ask 1"]) == ("1", "1", "0")
    assert {row["Ask 4"] for row in rows[:-1]} == {"0"}


async def test_the_board_counts_stories_as_clip_reports_do(desk):
    story = Entry(source="wire", kind=Kind.NEWS, identity=("url:herald.example/1",), thread="url:herald.example/1",
                  title="Continued Presence for victims of human trafficking", url="https://herald.example/1",
                  outlet="Herald", summary="Continued Presence is rarely granted.")  # fmt: skip
    await asyncio.to_thread(desk.bring, story)
    pia = await asyncio.to_thread(desk.add, "Pia", Role.PRESS)
    clips = await asyncio.to_thread(desk.card, pia, "clips week", of="this")
    report, table = await read(desk, desk.pol, "/report", "/report.csv")

    assert clips.head.endswith(": 0 stories, 0 placements")
    assert any("1 story on our asks names none of us" in line.text for line in clips.lines)
    assert "0 stories name us; 1 more on our asks" in report.text
    last = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))[-1]
    assert (last["Name us"], last["On our asks, no name"]) == ("0", "1")


async def peaks_of(desk, pages, *lots):
    """The most memory that the pages take, after each lot."""
    peaks = []
    for lot in lots:
        await asyncio.to_thread(desk.bring, *lot)
        await read(desk, desk.pol, *pages)  # what stays, such as templates
        tracemalloc.start()
        await read(desk, desk.pol, *pages)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return peaks


@pytest.mark.long
async def test_a_page_takes_no_more_memory_among_many_alerts_than_among_few(desk):
    numbers = range(100_00, 100_60), range(200_00, 204_00)
    lots = ([document(f"2026-{n}", f"Finding on factory {n}: forced labor") for n in some] for some in numbers)
    few, many = await peaks_of(desk, ("/today", "/asks", "/asks/4", "/report"), *lots)
    assert many < 1.3 * few


@pytest.mark.long
async def test_a_page_takes_no_more_memory_among_many_stories_than_among_few(desk):
    def news(n):
        url = f"https://herald.example/{n}"
        title = f"Polaris: {random.Random(n).randbytes(32).hex(' ', 4)}"  # alike, they would be one story
        return Entry(source="wire", kind=Kind.NEWS, identity=(url,), thread=url, title=title, url=url,
                     outlet="Herald", summary="Polaris fights trafficking.")  # fmt: skip

    lots = [news(n) for n in range(120)], [news(n) for n in range(1_000, 1_600)]
    few, many = await peaks_of(desk, ("/mentions", "/report"), *lots)
    assert many < 1.3 * few


async def test_a_page_leaves_nothing_that_only_a_collection_of_cycles_frees(desk):
    await asyncio.to_thread(furnish, desk)
    paths = ["/letters/L-001", "/bills/hr4323-119", "/asks/1", "/find?words=labor", "/do/letter/draft"]
    paths += [page.path for page in PAGES if "{" not in page.path]
    left = []
    gc.freeze()  # what other tests left is looked at no more: with it each collection takes a tenth of a second
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.pol))
        for path in paths:
            await browser.get(path)  # what stays, such as compiled templates
            gc.collect()
            gc.set_debug(gc.DEBUG_SAVEALL)
            await browser.get(path)
            gc.collect()
            gc.set_debug(0)
            left += [(path, type(each)) for each in gc.garbage if type(each).__module__.startswith(("bot.", "jinja2."))]
            gc.garbage.clear()
    assert left == [], "a connection's objects may be left"


async def test_the_report_says_that_no_news_was_read(desk):
    (report,) = await read(desk, desk.pol, "/report")
    assert "0 stories name us; no news source was read yet" in report.text


async def test_coverage_by_week_counts_our_own_releases_apart(desk):
    story = Entry(source="wire", kind=Kind.NEWS, identity=("url:herald.example/1",), thread="url:herald.example/1",
                  title="Polaris: Lawmakers press agencies", url="https://herald.example/1", outlet="Herald",
                  summary="Polaris fights trafficking.")  # fmt: skip
    url = "https://endslaveryandtrafficking.org/news/our-statement-on-the-law"
    release = replace(story, identity=(url,), thread=url, url=url, title="Our statement", published=desk.now)
    await asyncio.to_thread(desk.bring, story, release)
    press, report, table = await read(desk, desk.pol, "/mentions", "/report", "/report.csv")

    for page in (press, report):
        labels = page.page.xpath("//svg/@aria-label")
        assert labels[0].startswith("Name us: 1 item in ")
        assert labels[2].startswith("Our own releases: 1 item in ")
    assert "1 story names us; 0 more on our asks; 1 release of our own" in report.text
    with desk.db.write() as tx:
        tx.execute("UPDATE source SET first_success_at = NULL")
    (report,) = await read(desk, desk.pol, "/report")
    assert "The news was not watched yet" not in report.text, "there are stories"
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert (rows[-1]["Name us"], rows[-1]["Our own releases"]) == ("1", "1")
    with desk.db.write() as tx:
        tx.execute("UPDATE story SET muted_at = opened_at")
    (press,) = await read(desk, desk.pol, "/mentions")
    labels = press.page.xpath("//svg/@aria-label")
    assert labels[0].startswith("Name us: 0 items in ")
    assert labels[2].startswith("Our own releases: 1 item in "), "a release is no coverage, muted or not"


async def test_the_report_counts_what_happened_in_its_quarter_and_nothing_else(desk):
    await asyncio.to_thread(furnish, desk)
    name = (await asyncio.to_thread(desk.locked, *list(desk.reps)[:2])).name
    await asyncio.to_thread(desk.card, desk.pol, "letter sent", letter=name, via="email", on="2026-11-20")
    now, law, empty = await read(desk, desk.pol, "/report", "/report?of=2026-Q1", "/report?of=2026-Q2")

    (heading,) = now.page.xpath("//h1/text()")
    assert heading.startswith("1 letter sent")
    numbers = [int(each.text_content()) for each in now.page.xpath("//ul[@class='figures-row']//*[@class='num']")]
    assert numbers[:3] == [1, 4, 0], "letters, signatures of both letters, cosponsors"
    assert f"/letters/{name}" in now.page.xpath("//ol[@class='steps']//a/@href")
    assert "H.R. 4323 (119th): Became law" in law.text
    assert "1 law" in law.page.xpath("//h1/text()")[0]
    for withdrawn in ("L-1", "L-2"):
        await asyncio.to_thread(
            desk.card, desk.pol, "letter withdraw", letter=withdrawn, agree="yes", why="wrong office"
        )
    (now,) = await read(desk, desk.pol, "/report")
    assert "2 signatures by 2 organizations" in now.text, "those of a withdrawn letter do not count"
    assert empty.page.xpath("//h1/text()") == [
        "No letter sent, no step of a bill and no story that names us is on record"
    ], "no one read then"
    assert "Nothing was read before Tue Nov 24, 2026." in empty.text


async def test_the_report_says_of_how_many_bills_it_does_not_know_who_joined(desk):
    await asyncio.to_thread(furnish, desk)
    undated = replace(made_up(), number=BillNumber.of("hr4323-119"), cosponsors=(Cosponsor("X1", "Rep. Able, Ann"),))
    with desk.db.write() as tx:
        bills.save(tx, [undated], desk.now)
    (report,) = await read(desk, desk.pol, "/report")
    assert "not known of 1 more bill" in report.text


async def test_what_waits_is_a_deed_without_a_command(desk):
    await asyncio.to_thread(desk.opened)
    (page,) = await read(desk, next(iter(desk.reps.values())), "/today")

    (row,) = page.page.xpath("//section[h2='Waiting for you']//li")
    assert row.xpath(".//a/@href") == ["/do/letter/show?letter=L-001"] * 2
    assert " ".join(row.text_content().split()).startswith("L-001 End joint grant applications")
    assert "closes Fri Nov 27, 5 p.m." in row.text_content()
    assert "/letter" not in page.text


async def test_what_closes_first_waits_first_and_wins_in_the_list_of_asks(desk):
    await asyncio.to_thread(desk.opened)
    second = await asyncio.to_thread(desk.opened, "2026-12-03 17:00")
    today, asks = await read(desk, next(iter(desk.reps.values())), "/today", "/asks")

    waiting = today.page.xpath("//section[h2='Waiting for you']//li")
    assert ["L-001" in row.text_content() for row in waiting] == [True, False]
    assert "closes Thu Dec 3, 5 p.m." in waiting[1].text_content()
    (cell,) = asks.page.xpath(f"//tr[th/a/@href='/asks/{second.ask}']/td[2]")
    assert "L-001, open for sign-on" in cell.text_content()
    assert cell.text_content().split(" · ")[-1].strip() == "and 1 more open"


@pytest.mark.parametrize("days", ["", "?days=" + 5_000 * "9"])
async def test_a_quiet_day_is_reported_as_quiet_whatever_days_are_asked_for(desk, days):
    (page,) = await read(desk, desk.pol, f"/today{days}")

    assert "Nothing new since" in page.text


async def test_an_ask_is_a_list_that_can_be_filtered_and_taken_as_csv(desk):
    await asyncio.to_thread(desk.bring, document("2026-00077", "Enhanced Collaborative Model: forced labor"))
    asks, csv_, json_, one = await read(desk, desk.pol, "/asks", "/asks/1.csv?days=7", "/asks/1.json", "/asks/1?days=7")

    listed = asks.page.xpath("//div[contains(@class, 'table')]//tbody//th/a/@href")
    assert listed == [f"/asks/{ask}" for ask in desk.config.coalition.asks]
    rows = list(csv.DictReader(io.StringIO(csv_.body.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [row["id"] for row in json.loads(json_.body)]
    assert desk.config.coalition.asks[1].text in one.text


async def test_an_ask_of_the_list_has_its_last_alert_letter_bill_deadline_and_stories(desk):
    await asyncio.to_thread(furnish, desk)
    story = Entry(source="wire", kind=Kind.NEWS, identity=("url:herald.example/1",), thread="url:herald.example/1",
                  title="Continued Presence for victims of human trafficking", url="https://herald.example/1",
                  outlet="Herald", summary="Continued Presence is rarely granted.")  # fmt: skip
    await asyncio.to_thread(desk.bring, story)
    (page,) = await read(desk, desk.pol, "/asks")
    (theirs,) = await read(desk, next(iter(desk.reps.values())), "/asks")

    def cells(answer, ask):
        (row,) = answer.page.xpath(f"//tr[th/a/@href='/asks/{ask}']")
        return [" ".join(" ".join(cell.itertext()).split()) for cell in row[1:]]

    assert cells(page, 1)[1] == "L-001, open for sign-on 2 of 12 signed · closes Fri Nov 27, 5 p.m."
    assert cells(page, 3)[4] == "1"
    assert cells(page, 4)[0] == "Tue Nov 24, 2026"
    assert cells(page, 4)[3] == "Tue Jan 12, 2027 Notice of Inquiry: forced labor in supply chains"
    assert cells(page, 8)[2] == "H.R. 4323 (119th) It became Public Law 119-73 on Fri Jan 23, 2026."
    assert cells(page, 6)[3].startswith("Wed Jun 19, 2019 2 overdue The directive on victim protection")
    assert cells(page, 7) == ["none", "", "", "", "0"]
    assert len(cells(theirs, 7)) == 4, "stories are for those who read the press list"


async def test_the_page_of_an_ask_has_its_letters_its_bill_and_all_that_is_due(desk):
    await asyncio.to_thread(furnish, desk)
    first, sixth, eighth, theirs, empty = [
        *await read(desk, desk.pol, "/asks/1", "/asks/6", "/asks/8"),
        *await read(desk, next(iter(desk.reps.values())), "/asks/1", "/asks/7"),
    ]

    def fact(answer, name):
        (text,) = answer.page.xpath(f"//dl/dt[.='{name}']/following-sibling::dd[1]")
        return " ".join(" ".join(text.itertext()).split())

    assert "open for sign-on · 2 of 12 signed · closes Fri Nov 27, 5 p.m." in fact(first, "Our letters")
    assert fact(sixth, "Deadlines").startswith("Wed Jun 19, 2019 Overdue The directive on victim protection")
    assert fact(eighth, "Bill").startswith("H.R. 4323 (119th)")
    assert first.page.xpath("//main//a[@href='/asks']")
    assert first.page.xpath("//form[@action='/do/letter/draft']//input[@name='ask']/@value") == ["1"]
    (letters,) = await read(desk, desk.pol, "/letters")
    assert letters.page.xpath("//form[@action='/do/letter/draft']"), "one press opens the form that is filled in"
    assert not theirs.page.xpath("//form[@action='/do/letter/draft']")
    assert not empty.page.xpath("//dl"), "nothing to show"


async def test_an_office_s_page_has_what_it_owes_and_what_came(desk):
    await asyncio.to_thread(
        desk.card, desk.pol, "deadlines set", id="dhs-directive", state="met", source="https://www.dhs.gov/d"
    )
    name = "the+Secretary+of+Homeland+Security"
    page, csv_ = await read(desk, desk.pol, f"/offices?office={name}", f"/offices.csv?office={name}")
    rows = {row["Id"]: row for row in csv.DictReader(io.StringIO(csv_.body.decode("utf-8-sig")))}

    assert "2 commitments, 1 past without a record that it was kept" in page.text
    assert "The directive on victim protection" in page.text
    assert rows.keys() == {"dhs-directive", "advanced-curriculum"}, "the second is owed by two offices"
    met = rows["dhs-directive"]
    assert (met["Due"], met["Outcome"], met["Source"]) == ("Wed Jun 19, 2019", "Met", "https://www.dhs.gov/d")
    assert page.page.xpath("//th[.='Quotation']")
    assert page.page.xpath("//a[.='Contacts and meetings']/@href") == [f"/do/office/show?office={name}"]
    several, every = await read(desk, desk.pol, "/offices?office=each+U.S.+attorney", "/offices")
    assert several.page.xpath("//a[.='Open an office']"), "nobody has contacts in all of them"
    assert every.page.xpath("//a[.='Open an office']")
    assert not page.page.xpath("//td[.='2019-06-19']")


async def test_a_next_step_that_waits_keeps_the_name_of_its_office(desk):
    visit = {"office": "ovc", "asked": "A call", "said": "Yes", "next": "send the text by Friday"}
    await asyncio.to_thread(desk.card, desk.pol, "meeting log", **visit)
    (today,) = await read(desk, desk.pol, "/today")
    assert "Next step with the Director, Office for Victims of Crime" in today.text


async def test_an_ask_that_does_not_exist_is_named(desk):
    missing, odd = await read(desk, desk.pol, "/asks/99", "/asks/%C2%B2")

    assert missing.status == odd.status == 404
    assert "There is no ask 99." in missing.text


@pytest.mark.parametrize("role", Role)
async def test_every_page_opens_or_is_refused_for_every_role(desk, role):
    member = next(iter(desk.config.coalition.members)) if role is Role.REPRESENTATIVE else None
    person = await asyncio.to_thread(lambda: desk.add("Someone", role, organisation=member, user="USOME"))
    plain = [page for page in PAGES if "{" not in page.path]
    answers = await read(desk, person, *(page.path for page in plain))

    for page, answer in zip(plain, answers, strict=True):
        assert answer.status == (200 if role in page.who else 404), page.path


async def test_the_press_list_shows_no_address_and_is_for_the_press_role_alone(desk):
    pia = await asyncio.to_thread(desk.add, "Pia", Role.PRESS)
    (empty,) = await read(desk, pia, "/press")
    assert "The press list is empty. Import a spreadsheet as CSV, or add people one by one." in empty.text
    reporter = {"name": "Jo Canary", "outlet": "Example Wire", "email": "jo@wire.example", "phone": "+1 202 555 0147"}
    await asyncio.to_thread(lambda: desk.card(pia, "press add", source="they wrote to us", **reporter))

    (page,) = await read(desk, pia, "/press")
    assert "Jo Canary" in page.text
    assert "jo@wire.example" not in page.body.decode()
    assert "0147" not in page.body.decode()
    for answer in await read(desk, desk.pol, *(page.path for page in PAGES if "{" not in page.path)):
        assert "Canary" not in answer.body.decode()


async def test_the_press_page_begins_with_what_waits_for_the_press_role_alone(desk):
    def add():
        pia = desk.add("Pia", Role.PRESS)
        desk.card(pia, "press add", source="they wrote to us", name="Jo Sample", outlet="Example Wire")
        desk.card(pia, "press note", contact="P-1", text="asked for the audit", follow="friday")
        desk.card(pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
        desk.card(pia, "press embargo", about="Old figures", lifts="2026-11-25 10:00", zone="ET")
        asked = {"reporter": "Jo Sample", "kind": "question", "question": "What do you ask?", "due": "today 5pm"}
        desk.card(pia, "press inquiry", outlet="Example Wire", **asked)
        desk.now += timedelta(days=2)
        return pia

    pia = await asyncio.to_thread(add)
    (page,) = await read(desk, pia, "/mentions")
    (theirs,) = await read(desk, desk.pol, "/mentions")

    rows = page.page.xpath("//section[h2='Waiting']//li")
    assert [" ".join(" ".join(row.itertext()).split()) for row in rows] == [
        "Q-1 from Example Wire Late Due Tue Nov 24, 5 p.m.",
        "Follow up with P-1 Jo Sample (Example Wire) Due Fri Nov 27, 9 a.m.",
        "E-1 Figures Embargo lifts Tue Dec 1, 10 a.m.",
    ]
    assert not theirs.page.xpath("//section[h2='Waiting']")


async def test_each_figure_of_the_report_leads_to_what_it_counts(desk):
    story = Entry(source="wire", kind=Kind.NEWS, identity=("url:herald.example/1",), thread="url:herald.example/1",
                  title="Polaris: Lawmakers press agencies", url="https://herald.example/1", outlet="Herald",
                  summary="Polaris fights trafficking.")  # fmt: skip
    await asyncio.to_thread(desk.bring, story)
    report, quarter, before = await read(desk, desk.pol, "/report", "/mentions?of=2026-Q4", "/mentions?of=2026-Q3")

    links = report.page.xpath("//ul[@class='figures-row']//a/@href")
    assert links == ["#happened", "/letters", "/bills", "/mentions?of=2026-Q4"]
    assert report.page.xpath("//*[@id='happened']")
    assert quarter.page.xpath("//th/a[@href='/do/mentions/show?story=S-1']")
    assert "No stories in this time. They come from your news sources, and from articles that staff add" in before.text


async def test_every_watch_says_what_it_looks_for_and_leads_to_its_test(desk):
    pages, url = [], "/watches"
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.pol))
        while url:
            pages.append(await browser.get(url))
            url = "".join(f"/watches{each}" for each in pages[-1].page.xpath("//a[@rel='next']/@href"))
        last = await browser.get("/watches?page=99999")
        first_again = await browser.get("/watches?page=x")
        one = await browser.get(pages[0].page.xpath("//th/a/@href")[0])

    shown = [href for page in pages for href in page.page.xpath("//tbody//th/a/@href")]
    in_order = sorted(desk.config.feeds.watches.items(), key=lambda item: item[1].asks[0] if item[1].asks else 99)
    assert shown == [f"/do/watch/show?name={id_}" for id_, _ in in_order]
    assert "Looks for: " in one.text
    assert one.page.xpath("//a[contains(@href, '/do/watch/test')]")
    assert len(pages) > 1
    assert last.page.xpath("//a[@rel='prev']/@href") == pages[-1].page.xpath("//a[@rel='prev']/@href")
    assert first_again.page.xpath("//th/a/text()") == pages[0].page.xpath("//th/a/text()")


async def test_a_watch_without_a_name_is_titled_by_its_question(desk):
    first, watch = next((id_, each) for id_, each in desk.config.feeds.watches.items() if len(each.asks) == 1)
    unnamed = desk.config.feeds.watches | {first: watch.model_copy(update={"name": ""})}
    desk.config = replace(desk.config, feeds=desk.config.feeds.model_copy(update={"watches": unnamed}))

    (page,) = await read(desk, desk.pol, f"/watches?ask={watch.asks[0]}")

    titles = page.page.xpath("//th/a/text()")
    assert titles[0] == desk.config.coalition.asks[watch.asks[0]].title


async def test_watches_are_filtered_by_ask_and_sorted_by_what_they_matched(desk):
    await asyncio.to_thread(desk.bring, document("2026-00077", "Notice of Inquiry: forced labor in supply chains"))
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.pol))
        of_four = await browser.get("/watches?ask=4")
        busiest = await browser.get(of_four.page.xpath("//a[. = 'Most matches first']/@href")[0])
        listed = json.loads((await browser.get("/watches.json?ask=4&sort=matches")).body)

    asked = [id_ for id_, watch in desk.config.feeds.watches.items() if 4 in watch.asks]
    assert len(of_four.page.xpath("//tbody/tr")) == len(asked)
    counts = [int(cell) for cell in busiest.page.xpath("//tbody//td[@class='n']/text()")]
    assert counts[0] == 1
    assert counts == sorted(counts, reverse=True)
    assert [row["matches"] for row in listed] == [str(count) for count in counts]
    assert "1 match in 13 weeks" in busiest.body.decode()
    assert busiest.page.xpath("//h1/text()") == [f"2 of {len(asked)} watches matched something in 13 weeks"]
    assert len(busiest.page.xpath("//td[span = 'no match']")) == len(asked) - 2


async def test_a_page_below_another_lights_its_place_in_the_navigation(desk):
    (ask,) = await read(desk, desk.pol, "/asks/4")

    assert ask.page.xpath("//header//nav//a[@aria-current]/@href") == ["/asks"]


async def test_after_logging_in_people_see_today(desk):
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        shown = await browser.log_in(await asyncio.to_thread(make_link, desk, desk.pol))

        assert shown.url == f"{site}/today"
        assert "What you can do here." in (await browser.get("/")).text


async def test_a_watch_s_query_is_edited_next_to_what_it_would_have_matched(desk):
    await asyncio.to_thread(desk.bring, document("2026-00077", "Notice about forced labor on fishing vessels"))
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.admin))
        one = await browser.get((await browser.get("/watches")).page.xpath("//tbody//th/a/@href")[0])
        form = await browser.submit(one.page.xpath("//form[@action='/do/watch/edit']")[0])
        tried = await browser.submit(form.forms[0], {"query": '"fishing vessels"'})
        again = await browser.submit(tried.forms[0], {"query": "vessels"})
        saved = await browser.submit(again.page.xpath("//form[@action='/do/watch/save']")[0])

    assert "Not saved yet" in tried.text
    assert "fishing vessels" in tried.page.xpath("//textarea")[0].text
    assert not tried.page.xpath("//form[@action='/do/watch/change']")
    assert again.page.xpath("//textarea")[0].text.strip() == "vessels"
    assert "1 hit in 1 entry" in again.text
    assert "Saved" in saved.text


async def test_the_audit_says_who_did_what_and_is_for_administrators_alone(desk):
    (mine,) = await read(desk, desk.admin, "/audit")
    (theirs,) = await read(desk, desk.pol, "/audit")

    assert mine.status == 200
    assert theirs.status == 404


async def test_every_source_is_listed(desk):
    (page,) = await read(desk, desk.pol, "/sources")

    sources = desk.config.feeds.sources.values()
    on = sum(source.enabled for source in sources)
    assert len(page.page.xpath("//tbody/tr")) == on
    assert len(page.page.xpath("//details[contains(summary, 'turned off')]//li")) == len(sources) - on
    assert f"{on} sources, {on} not checked yet, and {len(sources) - on} turned off" in page.text


async def test_where_nothing_watches_the_board_does_not_say_that_no_source_needs_attention(desk):
    for source in desk.config.feeds.enabled:
        answer = Fetched(entries=(), memory=Memory(), health=Health.EMPTY_EXPECTED, detail="")
        await asyncio.to_thread(desk.take, source, answer)
    on = f"{len(desk.config.feeds.enabled)} sources, "
    (before,) = await read(desk, desk.pol, "/sources")
    desk.now += timedelta(hours=2)
    after, today = await read(desk, desk.pol, "/sources", "/today")

    assert f"{on}none needs attention" in before.text
    assert f"{on}{len(desk.config.feeds.enabled)} not checked since due: what watches may not be running" in after.text
    assert "Nothing known (no source answers as it should)" in today.text


async def test_a_source_shows_its_new_items_by_day_and_the_days_of_its_failures(desk):
    await asyncio.to_thread(desk.bring, document("2026-00077", "Finding: forced labor"))
    today = desk.config.coalition.day(desk.now)
    with desk.db.write() as tx:
        for days, failed in ((1, (True,)), (2, (True, True, False)), (3, (True, False)), (4, (True, False, False))):
            for each in failed:
                source_records.count_check(tx, "register", today - timedelta(days), failed=each, new=0)
        state = source_records.source_state(tx, "register")
        source_records.save_source(tx, replace(state, health=Health.NOT_A_FEED))
    (page,) = await read(desk, desk.pol, "/sources")

    (first, *_) = page.page.xpath("//tbody/tr")
    assert first.xpath(".//svg/@aria-label") == [f"{first[0][0].text}: 1 new item in 30 days, trouble on 3 days"]
    assert "1 needs attention" in page.text
    assert first.xpath("string(.//span[contains(@class, 'late')])").startswith("not returning a feed (since ")
    assert first.xpath("string(td[last()])") == "needs attention"
    assert "look for the publisher's RSS or Atom link" in first.text_content()
    assert f"a.m. Counted since {day_in_words(today - timedelta(4))}." in page.text


async def test_today_says_what_it_rests_on_and_lists_each_item_once(desk):
    title = "Enhanced Collaborative Model: forced labor and joint applications for grants"
    await asyncio.to_thread(desk.bring, document("2026-00077", title))
    await asyncio.to_thread(desk.opened)
    (page,) = await read(desk, desk.pol, "/today")

    assert f"{len([each for each in desk.config.feeds.sources.values() if each.enabled])} sources, " in page.text
    assert "not checked yet" in page.text
    assert len(page.page.xpath("//a[@href='/find?words=2026-00077']")) == 1
    assert page.page.xpath("//a[@href='/letters/L-001']")


async def test_meetings_are_listed_by_state_for_who_may_read_them(desk):
    def meet():
        said = {"said": "Soon", "promised": "a day by Dec 18", "next": "send the bill by Dec 1"}
        desk.card(desk.pol, "meeting log", office="ovc", asked="A call", organizations="cast", **said)
        desk.card(desk.pol, "meeting ask", office="ovc", on="Dec 4", for_="the rule")

    await asyncio.to_thread(meet)
    every, held, table = await read(desk, desk.pol, "/meetings", "/meetings?state=held", "/meetings.csv?state=asked")
    (theirs,) = await read(desk, desk.reps["cast"], "/meetings")
    (others,) = await read(desk, desk.reps["polaris"], "/meetings")

    assert [f"M-{n}" in every.text for n in (1, 2)] == [True, True]
    assert [f"M-{n}" in held.text for n in (1, 2)] == [f"M-{n}" in theirs.text for n in (1, 2)] == [True, False]
    assert "A day, by Fri Dec 18, 2026" in held.text
    assert "send the bill · Tue Dec 1, 2026 · Pol" in held.text
    assert [row["Meeting"] for row in csv.DictReader(io.StringIO(table.body.decode("utf-8-sig")))] == ["M-2"]
    assert "No meeting that you may read" in others.text
    (office,) = set(every.page.xpath("//td//a[contains(@href, '/do/office/show')]/@href"))
    offices, there = await read(desk, desk.pol, "/offices", office)
    assert office in offices.page.xpath("//td//a/@href")
    assert "M-1 Tue Nov 24, 2026, held" in there.text
    (today,) = await read(desk, desk.pol, "/today")
    assert "Next step with the Director, Office for Victims of Crime" in " ".join(today.page.xpath("//main//a/text()"))
    assert "/do/office/show" not in theirs.text, "a representative may not read all about an office"
