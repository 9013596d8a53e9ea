"""The scorecard: each member on each item by public records alone; counts, and a grade only by the coalition's rule."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.bills import records as bills
from bot.campaign.scorecard import COLUMNS, NO_RULE, general_election
from bot.config.coalition import ScorecardRule
from bot.congress import records as directory
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import HOUSE, SENATE, BillRecord, Cosponsor, MemberVote, Related, RollCall, Sponsor
from tests.kit.board import words
from tests.kit.campaign_page import PublicDesk
from tests.kit.congress import ACCENT, CHAIR, DELEGATE, HANK, NEWCOMER, SENATOR, SENATOR_TOO, public
from tests.kit.web_face import BOARD, Browser, open_session, web_site

BILL, TWIN = "hr4323-119", "s2255-119"
VOTE, SENATE_VOTE, SPONSORS = (
    "H.R. 4323 (119th), House roll call 130",
    "H.R. 4323 (119th), Senate roll call 45",
    "H.R. 4323 (119th) and S. 2255 (119th), sponsors",
)
GONE = "Z000001"


def bioguide(n):
    return f"T{n:06}"


def record(bill, sponsor, cosponsors=(), twin=""):
    related = (Related(twin, "Relief Act", ("Identical bill",)),) if twin else ()
    return BillRecord(
        BillNumber.of(bill), "Relief Act", None, datetime(2026, 10, 1, 16, tzinfo=UTC), (), date(2025, 7, 10),
        sponsors=(Sponsor(bioguide(sponsor), "Rep. Elm, Jo [I-OH-4]"),), cosponsors=tuple(cosponsors),
        related=related, source="GovInfo BILLSTATUS",
    )  # fmt: skip


def roll(votes, chamber=HOUSE, question="On Passage", number=130):
    return RollCall(
        chamber=chamber, congress=119, session=1, number=number, bill=BILL, question=question, result="Passed",
        at=datetime(2025, 12, 1, 23, tzinfo=UTC), yeas=2, nays=1, votes=tuple(MemberVote(*each) for each in votes),
        url="https://clerk.house.gov/evs/x.xml",
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    record_congress(desk)
    return desk


def record_congress(desk):
    """Its directory, two bills with the same text, and their roll calls."""
    congress = public()
    numbered = [replace(m, lis="S001") if m.bioguide == bioguide(SENATOR) else m for m in congress.members]
    signed = [
        Cosponsor(bioguide(ACCENT), "Rep. Velázquez, Zoë [D-NY-7]", date(2025, 9, 10)),
        Cosponsor(bioguide(DELEGATE), "Del. Pine, Ed [D-GU]", date(2025, 9, 10), date(2025, 11, 3)),
        Cosponsor(GONE, "Rep. Gone, Al [R-TX-9]", date(2025, 9, 10)),
    ]
    ours = [(bioguide(HANK), "Nay"), (bioguide(ACCENT), "Aye"), (bioguide(CHAIR), "Present"), (GONE, "Not Voting")]
    with desk.db.write() as tx:
        directory.replace(tx, replace(congress, members=tuple(numbered)), now=desk.now)
        bills.save(tx, [record(BILL, CHAIR, signed, TWIN), record(TWIN, SENATOR_TOO)], desk.now)
        votes = [
            roll(ours),
            roll([("S001", "Yea"), ("S999", "Nay", "Sen. Past, Pat [R-UT]")], SENATE, "On Passage of the Bill", 45),
            roll([(bioguide(HANK), "Aye")], question="On Motion to Recommit", number=129),
        ]
        bills.save_roll_calls(tx, votes, desk.now)


def rows(desk, **args):
    reply = desk.ask(desk.admin, "bill scorecard", **args)
    return list(csv.DictReader(io.StringIO(reply.file.data.decode("utf-8-sig"))))


def positions(desk, item, **args):
    return {row["id"]: row["position"] for row in rows(desk, **args) if row["item"] == item}


def with_rule(desk, **rule):
    coalition = desk.config.coalition.model_copy(update={"scorecard": ScorecardRule(**rule)})
    desk.config = replace(desk.config, coalition=coalition)


def test_a_vote_shows_who_was_for_against_present_absent_not_there_and_of_the_other_chamber(desk):
    shown = positions(desk, VOTE)
    assert [shown[bioguide(n)] for n in (ACCENT, HANK, CHAIR)] == ["for", "against", "present"]
    assert shown[GONE] == "not voting"
    assert shown[bioguide(NEWCOMER)] == "not in office"  # sworn in half a year later
    assert shown[bioguide(SENATOR)] == "other chamber"
    assert shown[bioguide(DELEGATE)] == "no record"  # delegates have no vote on passage


def test_a_bill_and_its_companion_are_one_item_and_a_missing_signature_is_not_against(desk):
    shown = positions(desk, SPONSORS)
    assert [shown[bioguide(n)] for n in (ACCENT, CHAIR, SENATOR_TOO)] == ["for"] * 3
    assert (shown[bioguide(DELEGATE)], shown[bioguide(HANK)]) == ("no record", "no record")  # withdrew; never signed
    assert len([item for item in {row["item"] for row in rows(desk)} if TWIN[1:5] in item]) == 1


def test_who_left_congress_stays_with_the_name_and_seat_that_the_records_give(desk):
    gone = next(row for row in rows(desk) if row["id"] == GONE)
    past = next(row for row in rows(desk, state="UT") if row["id"] == "S999" and row["item"] == SENATE_VOTE)
    assert (gone["member"], gone["party"], gone["state"]) == ("Representative Al Gone", "Republican", "TX")
    assert (past["member"], past["position"]) == ("Senator Pat Past", "against")


def test_every_line_has_its_source_and_day_and_nothing_said_to_us_has_a_column(desk):
    signed = next(row for row in rows(desk, member="Velazquez") if row["item"] == SPONSORS)
    voted = next(row for row in rows(desk, member="Velazquez") if row["item"] == VOTE)
    assert (signed["what"], signed["on"]) == ("Cosponsored H.R. 4323 (119th)", "2025-09-10")
    assert (voted["on"], voted["source"], voted["for means"]) == (
        "2025-12-01", "House roll call 130", "Yes: to pass H.R. 4323 (119th)",
    )  # fmt: skip
    assert {row["rule"] for row in rows(desk)} == {NO_RULE}
    assert {row["grade"] for row in rows(desk)} == {""}


def test_other_roll_calls_do_not_count_and_a_bill_without_one_is_said(desk):
    text = words(desk.card(desk.admin, "bill scorecard"))
    assert "H.R. 4323 (119th) and S. 2255 (119th): 1 other roll call does not show who is for the bill." in text
    assert "H.R. 1379 (119th): no roll call on passage was read." in text
    assert "Recommit" not in str(rows(desk))
    assert text.count("no roll call on passage was read") == 1


def test_without_the_directory_staff_get_the_command_that_reads_it_and_visitors_do_not(desk):
    with desk.db.write() as tx:
        tx.execute("DELETE FROM directory")
    desk.show("scorecard")
    command = "directory sync"
    (page,) = read(desk, "/campaign/scorecard")
    assert (page.status, command in page.text) == (200, False)
    assert "The list of all members was not read yet" in page.text
    assert command in words(desk.card(desk.admin, "bill scorecard"))


def test_a_senator_whose_number_the_directory_lacks_is_said_to_have_a_row_of_its_own(desk):
    text = words(desk.card(desk.admin, "bill scorecard"))
    count = sum(each.role.value == "Senator" for each in public().members) - 1
    assert f"The directory lacks the roll-call numbers of {count} senators" in text


def test_a_senator_whose_number_is_not_known_is_not_said_to_be_missing_from_a_vote(desk):
    with desk.db.write() as tx:
        past = Sponsor("P000009", "Sen. Past, Pat [R-UT]")  # S999 in the roll call
        bills.save(tx, [replace(record(TWIN, SENATOR_TOO), sponsors=(past,))], desk.now)
    what = {row["id"]: row["what"] for row in rows(desk) if row["item"] == SENATE_VOTE}
    assert (what["P000009"], what[bioguide(SENATOR_TOO)], what["S999"]) == ("", "", "Recorded as Nay")
    house = {row["id"]: row["what"] for row in rows(desk) if row["item"] == VOTE}
    assert "Not listed in this vote" in house.values()


def test_half_a_percent_is_rounded_up(desk):
    with_rule(desk, minimum=1)
    with desk.db.write() as tx:
        votes = ["Aye"] * 4 + ["Nay"] * 3
        bills.save_roll_calls(
            tx, [roll([(bioguide(ACCENT), each)], number=200 + n) for n, each in enumerate(votes)], desk.now
        )
    assert {row["grade"] for row in rows(desk, member="Velazquez")} == {"63%"}  # 5 of 8


def test_a_state_and_a_member_are_found_and_what_is_not_found_is_said(desk):
    assert desk.card(desk.reps["polaris"], "bill scorecard", state="New York").head.startswith("New York: 13 members")
    one = desk.card(desk.admin, "bill scorecard", member="Zoe Velazquez")
    assert one.head == "Representative Zoë Velázquez (Independent, NY-7): 2 for"
    assert "not a state" in desk.refused(desk.admin, "bill scorecard", state="Narnia").what
    assert "no member of Congress" in desk.refused(desk.admin, "bill scorecard", member="Nobody").what
    assert "Add the state" in desk.refused(desk.admin, "bill scorecard", member="Elm").what


@pytest.mark.parametrize(
    ("rule", "grades"),
    [
        ({"minimum": 1}, {ACCENT: "100%", HANK: "0%", CHAIR: ""}),
        ({"minimum": 1, "absence": "against"}, {ACCENT: "100%", HANK: "0%", CHAIR: "0%"}),
        ({"minimum": 1, "absence": "against", "items": "all"}, {ACCENT: "100%", HANK: "0%", CHAIR: "50%"}),
        ({"minimum": 2, "items": "all"}, {ACCENT: "100%", HANK: "", CHAIR: ""}),
    ],
)
def test_a_grade_follows_the_coalitions_rule_which_is_printed(desk, rule, grades):
    with_rule(desk, **rule)
    given = {row["id"]: row["grade"] for row in rows(desk)}
    assert {n: given[bioguide(n)] for n in grades} == grades
    assert "Grade, by the rule of ATEST: the share that is for." in desk.card(desk.admin, "bill scorecard").foot


def read(desk, *paths):
    async def visit():
        async with desk.visit() as browser:
            return [await browser.get(path) for path in paths]

    return asyncio.run(visit())


def test_the_public_page_is_off_until_a_person_shows_it_and_then_has_every_member(desk):
    assert [each.status for each in read(desk, "/campaign/scorecard", "/campaign/scorecard.csv")] == [404, 404]
    desk.show("scorecard")
    front, page, state, table = read(
        desk, "/campaign", "/campaign/scorecard", "/campaign/scorecard?state=NY", "/campaign/scorecard.csv"
    )
    assert front.page.xpath("//section[@id='scorecard']//a/@href") == ["/campaign/scorecard"]
    assert NO_RULE in page.text
    assert "Recorded as Aye, Mon Dec 1, 2025" in state.text
    names = [each.text_content() for each in page.page.xpath("//a[starts-with(@href, '?state=')]")]
    assert names[:-1] == sorted(names[:-1]), "by name, not by postal code; the seats not known are last"
    assert names.index("Alabama") < names.index("Alaska")
    assert len(page.body) < 20_000  # one state at a time
    everyone = csv.DictReader(io.StringIO(table.body.decode("utf-8-sig")))
    assert tuple(everyone.fieldnames or ()) == COLUMNS
    assert len({row["id"] for row in everyone}) == len(public().members) + 2
    desk.card(desk.admin, "public hide", what="scorecard")
    desk.ticks += 60
    assert [each.status for each in read(desk, "/campaign/scorecard")] == [404]


def test_near_a_general_election_it_asks_again_and_says_why(desk):
    desk.now = datetime(2026, 10, 20, 15, tzinfo=UTC)
    asked = desk.card(desk.admin, "public show", what="scorecard")
    again = desk.card(desk.admin, "public show", **dict(asked.buttons[0].args))
    assert "The general election is on Tue Nov 3, 2026, in 14 days." in words(again)
    assert "501(c)(3)" in words(again)
    assert "Nothing is public" in desk.card(desk.admin, "public list").head
    shown = desk.card(desk.admin, "public show", **dict(again.buttons[0].args))
    assert shown.head == "Everyone can see scorecard"


def test_one_that_was_shown_long_before_an_election_says_by_when_to_decide_again(desk):
    """It follows the records in the last sixty days, too."""
    desk.now = datetime(2028, 2, 1, 15, tzinfo=UTC)
    until = "The general election is on Tue Nov 7, 2028: by Fri Sep 8, 2028, decide whether to hide it."
    assert until in words(desk.card(desk.admin, "public show", what="scorecard"))
    desk.show("scorecard")
    assert until in words(desk.card(desk.admin, "public list"))
    desk.now = datetime(2028, 10, 1, 15, tzinfo=UTC)
    assert "501(c)(3)" in words(desk.card(desk.admin, "public list"))


@pytest.mark.parametrize(
    ("after", "on"),
    [
        (date(2026, 11, 3), date(2026, 11, 3)),
        (date(2026, 11, 4), date(2028, 11, 7)),
        (date(2027, 1, 1), date(2028, 11, 7)),
        (date(2032, 10, 31), date(2032, 11, 2)),
        (date(2022, 1, 1), date(2022, 11, 8)),
    ],
)
def test_a_general_election_is_the_tuesday_after_the_first_monday_of_november(after, on):
    assert general_election(after) == on


def test_the_board_filters_by_chamber_party_and_state_and_sorts(desk):
    async def visit():
        async with web_site(desk, **BOARD) as url, Browser(url) as browser:
            open_session(desk, desk.admin.accounts[0], "c" * 32)
            browser.set_cookie("session", "c" * 32)
            paths = ("?chamber=house&state=NY", "?sort=against", ".csv?chamber=senate&state=NY", "?state=nowhere")
            return [await browser.get(f"/scorecard{each}") for each in paths]

    house, against, table, every = asyncio.run(visit())
    assert "9 members" in house.text
    assert "Ada Oak-Ash" not in house.text
    first, second = (against.page.xpath(f"//tbody/tr[{n}]/td[1]")[0].text_content() for n in (1, 2))
    assert (first, second) == ("1 against", "1 against")
    assert {row["chamber"] for row in csv.DictReader(io.StringIO(table.body.decode("utf-8-sig")))} == {"Senate"}
    assert f"{len(public().members) + 2} members" in every.text
