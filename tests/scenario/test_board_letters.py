"""The pages of deadlines and letters, in a browser without script."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace

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
    page, duties, table = await read(desk, desk.pol, "/deadlines", "/deadlines?kind=duties", "/deadlines.csv")

    assert "Tue 12 Jan 2027: comments close" in page.text
    assert page.page.xpath("//a[@href='/do/deadlines/show?id=2026-00077']")
    assert page.page.xpath("//form[@action='/do/deadlines/subscribe']")
    assert "comments close" not in duties.text
    days = [row["date"] for row in rows(table)]
    assert days == sorted(days)
    assert {"comments", "duties"} <= {row["kind"] for row in rows(table)}
    (asked,) = await read(desk, desk.pol, "/deadlines.csv?ask=4")
    assert all("4" in row["asks"].split(", ") for row in rows(asked))


async def test_no_deadline_says_where_they_come_from(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"duties": {}}))
    (page,) = await read(desk, desk.pol, "/deadlines")

    assert "Nothing is due" in page.text
    assert page.page.xpath("//a[@href='/do/deadlines/add']")


async def test_letters_are_listed_and_filtered_by_state(desk):
    page, drafts, table = await read(desk, desk.pol, "/letters", "/letters?state=draft", "/letters.csv")

    assert page.page.xpath("//a[@href='/letters/L-001']")
    assert not drafts.page.xpath("//a[@href='/letters/L-001']")
    filters = ["All", "Draft", "Open for sign-on"]
    assert [each.text for each in page.page.xpath("//ul[@class='filters']//a")] == filters, "states without a letter"
    assert [(row["id"], row["state"]) for row in rows(table)] == [("L-002", "draft"), ("L-001", "open for sign-on")]


@pytest.mark.long
async def test_a_long_list_of_letters_has_pages_with_what_each_reader_may_see(desk):
    first = desk.letter("L-1")
    with desk.db.write() as tx:
        for n in range(3, 54):  # drafts, next to one draft and an open letter
            copied = replace(first, id=f"more-{n}", number=n, state=State.DRAFT)
            records.add(tx, copied, Rendering(texts=copied.version.texts, facts=None))
    newest, older, filtered, table = await read(
        desk, desk.pol, "/letters", "/letters?page=2", "/letters?state=draft", "/letters.csv"
    )
    (theirs,) = await read(desk, next(iter(desk.reps.values())), "/letters")

    def listed(answer):
        return answer.page.xpath("//ul[@class='lines']//a/text()")

    assert listed(newest) == [f"L-{n:03}" for n in range(53, 3, -1)]
    assert listed(older) == ["L-003", "L-002", "L-001"]
    assert "53 letters" in newest.text
    assert "51–53 of 53" in older.text
    assert older.page.xpath("//a[@rel='prev'][@href='/letters?page=1']")
    assert filtered.page.xpath("//a[@rel='next'][@href='/letters?state=draft&page=2']")
    assert len(rows(table)) == 53
    assert listed(theirs) == ["L-001"]
    assert "1 letter," in theirs.text


async def test_a_letter_shows_its_text_who_signs_and_what_one_may_do(desk):
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    names = [member.short or member.name for member in desk.config.coalition.members.values()]
    facts = dict(zip(page.page.xpath("//dl/dt"), page.page.xpath("//dl/dd"), strict=True))
    shown = {head.text_content(): names.text_content() for head, names in facts.items()}
    assert set(shown["Signed (2)"].split(", ")) == set(names[:2])
    assert shown["Declined (1)"] == names[2]
    assert f"No answer ({len(names) - 3})" in shown
    assert desk.letter().version.texts[0].written.body[0].text in page.text
    assert "1 organization waits to be accepted" in page.text
    assert page.page.xpath("//form[@action='/do/allies/accept']")
    assert page.page.xpath("//form[@action='/do/letter/lock']")


async def test_a_changed_letter_shows_what_changed_and_who_must_confirm(desk):
    await asyncio.to_thread(rewritten, desk)
    (page,) = await read(desk, desk.pol, "/letters/L-1")

    assert CANARY in page.text
    assert "Signed an earlier text, to confirm (2)" in page.text
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


async def test_the_answers_about_allies_lead_back_to_the_letters_and_those_without_a_page_to_today(desk):
    waiting, mine = await read(desk, desk.pol, "/do/allies/list?letter=L-1", "/do/campaign/me")

    assert waiting.page.xpath("//p[@class='foot']/a[@href='/letters']")
    assert mine.page.xpath("//p[@class='foot']/a[@href='/today']")
