"""The pages of bills, in a browser without script."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.config.coalition import FamilyBill
from bot.letters import records as letters
from tests.kit.furnished import BILL, furnish
from tests.kit.letters_desk import Desk
from tests.scenario.test_board_pages import read


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    furnish(desk)
    return desk


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


async def test_bills_are_listed_by_family_and_the_followed_ones_alone(desk):
    everything, followed, table = await read(
        desk, desk.pol, "/bills", "/bills?tracked=yes", "/bills.csv?tracked=yes&family=tsra"
    )

    assert everything.page.xpath("//a[@href='/bills/hr4323-119']")
    assert "became Public Law 119-73 on Fri Jan 23, 2026" in everything.text
    assert "H.R. 7137 (118th)" in everything.text
    assert "H.R. 7137 (118th)" not in followed.text
    assert {row["id"] for row in rows(table)} == {"hr1379-119", "s2255-119", "hr4323-119"}
    assert {row["last action"] for row in rows(table)} >= {"2026-01-23"}


async def test_a_bill_of_the_list_has_its_last_step_its_cosponsors_and_our_letter(desk):
    def follow():
        family = desk.config.coalition.bills["tsra"]
        listed = family.model_copy(update={"bills": (*family.bills, FamilyBill(id=BILL))})
        bills = desk.config.coalition.bills | {"tsra": listed}
        desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"bills": bills}))
        desk.now = datetime(2025, 8, 5, 14, tzinfo=UTC)  # ten joined, and one of them withdrew
        letter = desk.letter("L-1")
        with desk.db.write() as tx:
            letters.save_look(tx, letter.id, {**letter.facts, "bill": BILL}, ())

    await asyncio.to_thread(follow)
    page, own = await read(desk, desk.pol, "/bills", f"/bills/{BILL}")

    (letter,) = own.page.xpath("//dl/dt[.='Our letters']/following-sibling::dd[1]")
    assert letter.xpath(".//a/@href") == ["/letters/L-001"]
    assert "open for sign-on · 2 of 12 signed · closes Fri Nov 27, 5 p.m." in letter.text_content()
    (row,) = page.page.xpath(f"//tr[th/a/@href='/bills/{BILL}']")
    assert [" ".join(" ".join(cell.itertext()).split()) for cell in row[2:]] == [
        "10 11 joined, 1 withdrew in 30 days",
        "L-001, open for sign-on 2 of 12 signed · closes Fri Nov 27, 5 p.m.",
    ]
    assert page.page.xpath("//details[contains(summary, 'of ended Congresses')]//a[@href='/bills/hr7137-118']")
    assert page.page.xpath("//tr/th/a[@href='/bills/hr4323-119']"), "a law stays"


async def test_a_bill_shows_its_way_family_and_buttons(desk):
    (page,) = await read(desk, desk.pol, "/bills/hr4323-119")

    way = [" ".join(each.text_content().split()) for each in page.page.xpath("//ol[@class='way']/li")]
    assert way[0] == "Introduced Thu Jul 10, 2025"
    assert way[-1] == "Law Fri Jan 23, 2026"
    assert page.page.xpath("//details[contains(summary, 'of ended Congresses')]//a[@href='/bills/s3240-116']")
    assert not page.page.xpath("//details//li[strong='H.R. 4323 (119th)']"), "the bill itself is always shown"
    assert page.page.xpath("//form[@action='/do/letter/draft']//input[@value='hr4323-119']")


async def test_the_map_and_the_table_have_the_same_numbers(desk):
    page, table = await read(desk, desk.pol, f"/bills/{BILL}", f"/bills/{BILL}.csv")

    body = page.page.xpath("//table[caption='Cosponsors by state and party']/tbody/tr")
    by_state = {row[0].text: [cell.text for cell in row[1:]] for row in body}
    assert by_state["California"] == ["1", "2", "0", "3"]
    assert by_state["Maine"] == ["0", "0", "1", "1"]
    assert by_state["not known"] == ["0", "0", "1", "1"]
    assert "Utah" not in by_state, "who withdrew is no cosponsor"
    (described,) = page.page.xpath("//svg[@class='map']/@aria-label")
    tiles = {each.text for each in page.page.xpath("//svg/g/title")}
    for state in by_state.keys() - {"not known"}:
        assert f"{state} {by_state[state][-1]}" in described
        assert f"{state}: {by_state[state][-1]}" in tiles
    assert (
        "10 cosponsors: 4 Republicans, 4 Democrats, 1 independent and 1 other or not known, from 6 state delegations."
        in page.text
    )
    assert [row["withdrew"] for row in rows(table) if row["state"] == "UT"] == ["2025-08-01"]


async def test_cosponsors_are_drawn_over_time_to_the_law_or_to_the_last_check(desk):
    law, read_later = await read(desk, desk.pol, "/bills/hr4323-119", f"/bills/{BILL}")

    until = "Cosponsors over time, from introduction (Thu Jul 10, 2025) to"
    (drawn,) = law.page.xpath("//svg[starts-with(@aria-label, 'Cosponsors over time')]")
    assert drawn.get("aria-label") == f"{until} Fri Jan 23, 2026: 4 all, 3 D, 1 R"
    assert {"Committee", "House", "Senate", "4 all"} <= set(drawn.xpath("./text/text()"))
    (unfinished,) = read_later.page.xpath("//svg[starts-with(@aria-label, 'Cosponsors over time')]/@aria-label")
    assert unfinished == f"{until} Tue Nov 24, 2026: 10 all, 4 D, 4 R", "one withdrew"


async def test_each_text_is_compared_with_the_one_before(desk):
    (page,) = await read(desk, desk.pol, f"/bills/{BILL}")

    forms = page.page.xpath("//form[@action='/do/bill/compare']")
    pairs = [(form.xpath(".//*[@name='from']/@value"), form.xpath(".//*[@name='to']/@value")) for form in forms]
    assert pairs == [(["rh"], ["eh"]), (["ih"], ["rh"])]


async def test_a_bill_that_is_unknown_or_has_no_record_is_named(desk):
    odd, unread, listed = await read(desk, desk.pol, "/bills/%3Cb%3E", "/bills/hr1-119", "/bills/s3240-116")

    assert odd.status == unread.status == 404
    assert "There is no bill “<b>”" in odd.text
    assert "Track it with /bill track" in unread.text
    assert "Not known: its record has not been read." in listed.text


async def test_no_family_says_what_to_do(desk):
    coalition = desk.config.coalition.model_copy(update={"bills": {}})
    desk.config = replace(desk.config, coalition=coalition)
    (page,) = await read(desk, desk.pol, "/bills")

    assert "No bill yet. Track one by its number" in page.text
    assert page.page.xpath("//a[@href='/do/bill/track']")
