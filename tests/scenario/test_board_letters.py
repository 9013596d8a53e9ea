"""The pages of deadlines and letters, in a browser without script."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import STAFF, Role
from bot.letters import records
from bot.letters.facts import Rendering
from bot.letters.lifecycle import State
from tests.kit.furnished import furnish
from tests.kit.letters_desk import Desk
from tests.scenario.test_board_pages import read

CANARY = "A sentence that only staff may read"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    furnish(desk)
    return desk


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


def rewritten(desk):
    """The second letter, a draft, and the open one get a new text that nobody has opened."""
    for name in ("L-1", "L-2"):
        desk.card(desk.pol, "letter edit", letter=name, paragraph="1", text=CANARY)


async def test_deadlines_are_listed_by_date_and_filtered_by_kind_and_ask(desk):
    await asyncio.to_thread(desk.opened, "2026-12-03 17:00")
    page, duties, table = await read(desk, desk.pol, "/deadlines", "/deadlines?kind=duties", "/deadlines.csv")

    assert page.page.xpath("//h1/text()") == ["2 overdue, 1 due this week"]
    groups = page.page.xpath("//section[ul[@class='days']]")
    titles = {group[0].text: [link.split("/")[-1] for link in group.xpath(".//div/a/@href")] for group in groups}
    assert list(titles) == ["Overdue", "This week", "Within 30 days", "Later"], "a group without a row is left out"
    assert titles["Overdue"] == ["show?id=dhs-directive", "show?id=advanced-curriculum"]
    assert titles["This week"] == ["L-001"]
    assert titles["Within 30 days"] == ["L-003"]
    assert titles["Later"][0] == "show?id=2026-00077"
    assert page.page.xpath("//aside//h2/text()") == ["November 2026"], "the month of the next deadline"
    assert "Comments close · in 32 business days" in page.text
    assert page.page.xpath("//form[@action='/do/deadlines/subscribe']")
    assert "Comments close · in" not in duties.text
    days = [row["date"] for row in rows(table)]
    assert days == sorted(days)
    assert {"comments", "duties"} <= {row["kind"] for row in rows(table)}
    (asked,) = await read(desk, desk.pol, "/deadlines.csv?ask=4")
    assert all("4" in row["asks"].split(", ") for row in rows(asked))


async def test_a_month_has_each_deadline_on_its_day_and_leads_to_its_neighbors(desk):
    december, january, odd, far = await read(
        desk, desk.pol, *(f"/deadlines?month={month}" for month in ("2026-12", "2027-01", "soon", "9999-12"))
    )

    assert not december.page.xpath("//td/a")
    assert december.page.xpath("//nav/a[@href='/deadlines?month=2027-01']")
    assert december.page.xpath("string(//thead//th)") == "Sun"
    assert december.page.xpath("string(//tbody//time/@datetime)") == "2026-11-29"
    assert january.page.xpath("//td/a/@class") == ["comments", "duties", "duties"]
    (cell,) = january.page.xpath("//td[time/@datetime='2027-01-12']")
    assert cell.xpath("./a/@href") == ["/do/deadlines/show?id=2026-00077"]
    assert january.page.xpath("//section[h2='This week']//div/a/@href") == ["/letters/L-001"], "in each month"
    assert odd.status == far.status == 404
    assert "There is no month “soon”." in odd.text


async def test_no_deadline_says_where_they_come_from(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"duties": {}}))
    (page,) = await read(desk, desk.pol, "/deadlines")

    assert "0 overdue, 0 due this week" in page.text
    assert page.page.xpath("//a[@href='/do/deadlines/add']")


async def test_letters_are_listed_and_filtered_by_state(desk):
    page, drafts, table = await read(desk, desk.pol, "/letters", "/letters?state=draft", "/letters.csv")

    assert page.page.xpath("//a[@href='/letters/L-001']")
    assert not drafts.page.xpath("//a[@href='/letters/L-001']")
    filters = ["All", "Draft", "Open for sign-on"]
    assert [each.text for each in page.page.xpath("//ul[@class='filters']//a")] == filters, "states without a letter"
    assert [(row["id"], row["state"]) for row in rows(table)] == [("L-002", "draft"), ("L-001", "open for sign-on")]


def add_drafts(desk, *numbers):
    first = desk.letter("L-1")
    with desk.db.write() as tx:
        for n in numbers:
            copied = replace(first, id=f"more-{n}", number=n, state=State.DRAFT, closes_at=None)
            records.add(tx, copied, Rendering(texts=copied.version.texts, facts=None))


def send(desk):
    """L-1 goes out, and a month passes without an answer."""
    desk.lock("L-1")
    desk.card(desk.pol, "letter sent", letter="L-1", via="email", on="2026-11-24")
    desk.now += timedelta(days=31)


def cells(answer):
    """What each row of the list says of a letter, by its number."""
    every = answer.page.xpath("//div[contains(@class, 'table')]//tbody/tr")
    texts = ([" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in every)
    return {row.xpath("./th/a/@href")[0][-5:]: text[1:] for row, text in zip(every, texts, strict=True)}


async def test_a_letter_of_the_list_has_its_progress_who_acts_next_and_its_age(desk):
    first, third = (list(desk.reps.values())[n] for n in (0, 3))
    await asyncio.to_thread(desk.card, desk.pol, "letter review", letter="L-2")
    (staff,) = await read(desk, desk.pol, "/letters")
    (signed,) = await read(desk, first, "/letters")
    (asked,) = await read(desk, third, "/letters")
    await asyncio.to_thread(send, desk)
    (late,) = await read(desk, desk.pol, "/letters")

    assert cells(staff)["L-002"] == ["In review", "App and Bap can approve", "drafted today"]
    state, waits, age = cells(staff)["L-001"]
    assert state.startswith("Open for sign-on 2 of 12 signed · closes Fri Nov 27, 5 p.m.")
    assert "and 7 more" in waits
    assert age == "drafted today"
    assert cells(asked)["L-001"][1] == "You to sign or decline"
    assert cells(signed)["L-001"][1] == waits
    assert cells(late)["L-001"][1:] == ["The Director, Office for Victims of Crime to answer", "sent 31 days ago Late"]
    assert not staff.page.xpath("//figure"), "two letters need no drawing"


async def test_letters_are_drawn_by_stage_with_the_late_ones_marked(desk):
    await asyncio.to_thread(add_drafts, desk, *range(3, 8))
    (fresh,) = await read(desk, desk.pol, "/letters")
    await asyncio.to_thread(send, desk)
    (late,) = await read(desk, desk.pol, "/letters")

    def stages(answer):
        return {row[0].text: [cell.text for cell in row[2:]] for row in answer.page.xpath("//figure//tbody/tr")}

    assert "No answer is late" in fresh.text
    assert (stages(fresh)["Draft"], stages(fresh)["Sign-on"], stages(fresh)["Sent"]) == (
        ["6", "0 days"],
        ["1", "0 days"],
        ["0", None],
    )
    assert "1 letter has waited more than 30 days for an answer" in late.text
    assert stages(late)["Sent"] == ["1", "31 days"]
    assert "exclamation" not in fresh.text, "the key explains only what is drawn"
    assert "An exclamation mark: more than 30 days without an answer." in late.text
    assert late.page.xpath("//td/svg/text/text()") == ["!"]


@pytest.mark.long
async def test_a_long_list_of_letters_has_pages_with_what_each_reader_may_see(desk):
    await asyncio.to_thread(add_drafts, desk, *range(3, 54))  # next to one draft and an open letter
    newest, older, filtered, table = await read(
        desk, desk.pol, "/letters", "/letters?page=2", "/letters?state=draft", "/letters.csv"
    )
    (theirs,) = await read(desk, next(iter(desk.reps.values())), "/letters")

    def listed(answer):
        return [href.rpartition("/")[2] for href in answer.page.xpath("//tbody//th/a/@href")]

    assert listed(newest) == [f"L-{n:03}" for n in range(53, 3, -1)]
    assert listed(older) == ["L-003", "L-002", "L-001"]
    assert "53 letters" in newest.text
    assert "51–53 of 53" in older.text
    assert older.page.xpath("//a[@rel='prev'][@href='?page=1']")
    assert filtered.page.xpath("//a[@rel='next'][@href='?state=draft&page=2']")
    assert len(rows(table)) == 53
    assert listed(theirs) == ["L-001"]
    assert "1 letter," in theirs.text


async def test_a_letter_shows_its_text_who_signs_and_what_one_may_do(desk):
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    names = [member.short or member.name for member in desk.config.coalition.members.values()]
    tiles = page.page.xpath("//ul[@class='tiles']/li")
    shown = {tile[0].text: (tile.get("class"), tile[1].text) for tile in tiles}
    assert shown == {
        **dict.fromkeys(names[:2], ("signed", "Signed Nov 24")),
        names[2]: ("declined", "Declined Nov 24"),
        **dict.fromkeys(names[3:], ("silent", "No answer")),
    }
    assert page.page.xpath("//svg/@aria-label") == ["2 of 12 signed, 1 declined, 9 have not signed"]
    assert "2 of 12 signed; 2 business days left" in page.text
    assert desk.letter().version.texts[0].written.body[0].text in page.text
    assert "1 organization waits to be accepted" in page.text
    assert page.page.xpath("//form[@action='/do/allies/accept']")
    assert page.page.xpath("//form[@action='/do/letter/lock']")


async def test_what_keeps_a_letter_from_being_locked_is_shown_first_to_staff_with_its_button(desk):
    text = f"{CANARY} “80 percent of applicants are refused,” the audit says."
    await asyncio.to_thread(desk.card, desk.pol, "letter edit", letter="L-1", paragraph="1", text=text)
    for person, buttons in ((desk.pol, 0), (desk.app, 1)):
        (page,) = await read(desk, person, "/letters/L-1")
        (shown,) = page.page.xpath("//section[@aria-label='Before it can be locked']")
        assert "which nobody has confirmed. It cannot be locked until" in shown.text_content()
        assert len(shown.xpath(".//form[@action='/do/letter/confirm']")) == buttons
        assert "nobody has confirmed" not in page.page.xpath("string(//details[summary[starts-with(., 'Sources')]])")
        assert not page.page.xpath("//details//section[@aria-label='Before it can be locked']")
    (theirs,) = await read(desk, next(iter(desk.reps.values())), "/letters/L-1")
    assert not theirs.page.xpath("//section[@aria-label='Before it can be locked']")


async def test_a_member_that_withdrew_its_signature_is_not_shown_as_silent(desk):
    member = next(iter(desk.reps))
    await asyncio.to_thread(desk.card, desk.reps[member], "letter unsign", letter="L-1")
    (page,) = await read(desk, desk.pol, "/letters/L-1")
    name = desk.config.coalition.members[member].short or desk.config.coalition.members[member].name
    (note,) = page.page.xpath(f"//ul[@class='tiles']/li[b/text()='{name}']/small/text()")
    assert note == "Withdrew its signature Nov 24"


async def test_a_changed_letter_shows_what_changed_and_who_must_confirm(desk):
    await asyncio.to_thread(rewritten, desk)
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    assert CANARY in page.text
    assert page.text.count("Signed an earlier text, to confirm Nov 24") == 2
    assert page.page.xpath("//a[@href='/do/letter/changes?letter=L-001&since=1']")


@pytest.mark.parametrize("role", Role)
async def test_a_text_that_was_not_opened_is_shown_to_staff_alone(desk, role):
    await asyncio.to_thread(rewritten, desk)
    if role is Role.REPRESENTATIVE:
        person = next(iter(desk.reps.values()))
    else:
        person = await asyncio.to_thread(lambda: desk.add("Someone", role, user="USOME"))
    paths = ("/letters", "/letters/L-1", "/letters/L-2", "/letters.json", "/letters/L-1.csv")
    answers = await read(desk, person, *paths)

    seen = [CANARY in answer.body.decode() for answer in answers]
    signed_by = "Head of" in answers[-1].body.decode()
    if role in STAFF:
        assert seen[1]
        assert seen[2]
        assert signed_by
        assert [answer.status for answer in answers] == [200] * 5
    else:
        assert not any(seen)
        assert not signed_by
        assert [answer.status for answer in answers] == [200, 200, 404, 200, 200]
        assert "L-002" not in answers[0].text + answers[3].body.decode()
        assert "harbor" not in answers[1].body.decode().casefold(), "an ally that was not accepted"


async def test_a_letter_is_shown_as_the_page_that_will_be_sent(desk):
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    (shown,) = page.page.xpath("//article[@class='sheet']")
    text = " ".join(shown.text_content().split())
    assert text.startswith(desk.config.coalition.name)
    assert "November 24, 2026 DirectorOffice for Victims of Crime" in text
    assert "Re: End joint grant applications" in text
    assert text.endswith("L-001, version 1 · not final, not for sending")


async def test_the_first_button_of_a_letter_is_the_usual_step_and_the_last_what_takes_something_back(desk):
    first, *_, silent = desk.reps.values()
    (draft,) = await read(desk, desk.pol, "/letters/L-2")
    (asked,) = await read(desk, silent, "/letters/L-1")
    (signed,) = await read(desk, first, "/letters/L-1")

    def styles(answer):
        return [each.get("class").split()[1] for each in answer.page.xpath("//aside//*[contains(@class, 'button ')]")]

    assert styles(draft) == ["primary", "plain"]
    assert styles(asked)[0] == "primary"
    assert styles(signed) == sorted(styles(signed), key=("primary", "plain", "danger").index)


async def test_a_letter_s_way_says_where_it_is(desk):
    letter, draft = await read(desk, desk.pol, "/letters/L-1", "/letters/L-2")

    def way(answer):
        return {each[0].text: (each.get("class"), each[1].text) for each in answer.page.xpath("//ol[@class='way']/li")}

    assert way(letter)["Approval"] == ("done", "Tue Nov 24, 2026")
    assert way(draft)["Approval"] == ("ahead", None)
    assert way(letter)["Sign-on"] == ("done", "until Fri Nov 27, 2026")
    assert way(letter)["Locked"] == ("ahead", None)
    assert letter.page.xpath("//li[@aria-current='step']/strong/text()") == ["Sign-on"]
    assert draft.page.xpath("//li[@aria-current='step']/strong/text()") == ["Draft"]


async def test_the_way_of_a_letter_that_was_locked_early_says_when_sign_on_ended(desk):
    await asyncio.to_thread(desk.lock, "L-1")
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    notes = {each[0].text: each[1].text for each in page.page.xpath("//ol[@class='way']/li")}
    assert notes["Sign-on"] == "until Tue Nov 24, 2026"
    assert notes["Locked"] == "Tue Nov 24, 2026"
    assert page.page.xpath("//article[@class='sheet']/h3/text()") == ["Signed by 2 organizations"]


async def test_the_way_of_a_letter_has_the_day_on_which_it_was_first_sent(desk):
    def sent_twice():
        desk.lock("L-1")
        for on in ("2026-11-20", "2026-11-23"):
            desk.card(desk.pol, "letter sent", letter="L-1", via="post", on=on)

    await asyncio.to_thread(sent_twice)
    letter, list_ = await read(desk, desk.pol, "/letters/L-1", "/letters")
    notes = {each[0].text: each[1].text for each in letter.page.xpath("//ol[@class='way']/li")}
    assert notes["Sent"] == "Fri Nov 20, 2026"
    assert "sent 4 days ago" in list_.text


async def test_a_letter_that_was_closed_without_an_answer_is_not_shown_as_answered(desk):
    with desk.db.write() as tx:
        letter = records.find(tx, next(each.id for each in records.letters(tx, (State.OPEN,))))
        records.save(tx, replace(letter, state=State.CLOSED))
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    (answered,) = page.page.xpath("//ol[@class='way']/li[strong='Answered']")
    assert (answered.get("class"), answered[1].text) == ("ended", "none")
    assert not page.page.xpath("//li[@aria-current='step']")


async def test_the_answers_about_allies_lead_back_to_the_letters_and_those_without_a_page_to_today(desk):
    waiting, mine = await read(desk, desk.pol, "/do/allies/list?letter=L-1", "/do/campaign/me")

    assert waiting.page.xpath("//p[@class='foot']/a[@href='/letters']")
    assert mine.page.xpath("//p[@class='foot']/a[@href='/today']")
