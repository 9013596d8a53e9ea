"""The kit for members' own supporters: from texts that there are, off until a person shows it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.congress import records as directory
from tests.kit.board import words
from tests.kit.campaign_page import SITE, PublicDesk
from tests.kit.congress import public
from tests.kit.furnished import BILL


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.furnish()
    with desk.db.write() as tx:
        directory.replace(tx, public(), now=desk.now)
    return desk


def read(desk, *paths):
    async def visit():
        async with desk.visit() as browser:
            return [await browser.get(path) for path in paths]

    return asyncio.run(visit())


def test_it_is_off_until_it_is_shown_and_the_question_names_what_it_is(desk):
    assert read(desk, "/campaign/kit/L-001")[0].status == 404
    asked = words(desk.card(desk.admin, "public show", what="kit L-001"))
    assert desk.config.coalition.asks[1].title in asked
    assert "that is grassroots lobbying (/lobbying log)." in asked
    shown = desk.show("kit L-001")
    assert shown.lines[0].url == f"{SITE}/campaign/kit/L-001", "its own page, not only the front page"
    front, page = read(desk, "/campaign", "/campaign/kit/L-001")
    assert front.page.xpath("//section[@id='kits']//a/@href") == ["/campaign/kit/L-001"]
    assert page.status == 200
    assert f"What to post {desk.letter('L-1').version.subject} {SITE}" in page.text, "without our own number"
    assert read(desk, "/campaign/kit/L-002")[0].status == 404
    assert "kit L-001" in words(desk.card(desk.admin, "public list"))


def test_it_has_the_asks_with_their_reasons_the_telephones_by_state_and_texts_to_post(desk):
    desk.show(f"kit {BILL}")
    page, state = read(desk, f"/campaign/kit/{BILL}", f"/campaign/kit/{BILL}?state=NY")
    listed = next(each for each in desk.config.coalition.bills.values() if BILL in {bill.id for bill in each.bills})
    for ask in (desk.config.coalition.asks[number] for number in listed.asks):
        assert ask.title in page.text
        assert " ".join(ask.because.split()) in page.text
    assert f"H.R. 9999 (119th): Example Relief Act {SITE}/campaign/kit/{BILL}" in page.text
    assert "202-225" not in page.text
    assert "Senator Ada Oak-Ash (NY) 202-225-0001" in state.text
    assert len(state.page.xpath("//tbody/tr")) == 13


def test_a_letter_that_is_withdrawn_or_not_final_has_no_kit(desk):
    assert "Only a locked letter" in desk.refused(desk.admin, "public show", what="kit L-002").what
    assert "not one of your bills" in desk.refused(desk.admin, "public show", what="kit hr1-119").what
    desk.show("kit L-001")
    desk.card(desk.pol, "letter withdraw", letter="L-1", why="A mistake", agree="yes")
    desk.ticks += 60
    assert read(desk, "/campaign/kit/L-001")[0].status == 404


def test_a_member_without_a_listed_telephone_is_said_to_have_none(desk):
    with desk.db.write() as tx:
        mute = tuple(replace(each, phone="") for each in public().members)
        directory.replace(tx, replace(public(), members=mute), now=desk.now)
    desk.show("kit L-001")
    assert "not known" in read(desk, "/campaign/kit/L-001?state=NY")[0].text
