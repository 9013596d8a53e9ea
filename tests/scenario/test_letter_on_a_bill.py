"""[Draft letter] on a bill: the form has the chair of the committee that has it, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.bills import records as bills
from bot.chat.console.frontend import Question
from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.chat.slack.incoming import Back
from bot.congress import records
from bot.letters.recipients import select
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord, Committee, Cosponsor
from tests.kit.board import press
from tests.kit.congress import ACCENT, CHAIR, DELEGATE, HANK, member, public
from tests.kit.letters_desk import GRANTS, Desk

HOUSE, SENATE = (
    Committee("hsju00", "Judiciary Committee", "House"),
    Committee("ssju00", "Judiciary Committee", "Senate"),
)
WAYS = Committee("hswm00", "Ways and Means Committee", "House")
ID = "hr1-119"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    with desk.db.write() as tx:
        records.replace(tx, public(), now=desk.now)
    return desk


def knows(desk: Desk, *committees: Committee, id_: str = ID, **more) -> None:
    record = BillRecord(BillNumber.of(id_), "An Act", None, datetime(2026, 6, 1, tzinfo=UTC), (), committees=committees)
    with desk.db.write() as tx:
        bills.save(tx, [replace(record, source="here", **more)], desk.now)


def drafts(desk: Desk, id_: str = ID):
    form = desk.form(desk.pol, "letter draft", bill=id_)
    return {field.param.name: field for field in form.fields}


@pytest.mark.parametrize(
    ("committees", "to"),
    [
        ((HOUSE,), "chair:HSJU"),
        ((WAYS, HOUSE), "chair:HSJU"),  # the directory has no Ways and Means
        ((HOUSE, SENATE), "chair:SSJU"),  # it has come to the other chamber
        ((WAYS,), ""),
        ((), ""),
    ],
)
def test_who_leads_the_committee_that_has_it_is_filled_in(desk, committees, to):
    knows(desk, *committees)
    assert drafts(desk)["to"].initial == to
    assert bool(drafts(desk)["to"].shown) is bool(to)


def test_a_bill_that_is_law_goes_to_nobody_who_could_still_act_on_it(desk):
    knows(desk, HOUSE, laws=(("Public Law", "119-1"),))
    assert drafts(desk)["to"].initial == ""


def test_a_bill_whose_congress_is_over_goes_to_nobody(desk):
    knows(desk, HOUSE, id_="hr1-117")
    assert drafts(desk, "hr1-117")["to"].initial == ""


def test_a_bill_that_nobody_has_read_leaves_it_open(desk):
    assert drafts(desk)["to"].initial == ""
    asked = {"template": "support-a-bill", "to": "office:ovc", "bill": ID, "field-1": "It helps."}
    refused = desk.refused(desk.pol, "letter fill", **asked)
    assert (refused.param, refused.what) == (
        "bill", "There is no record of H.R. 1 (119th) yet. Track it with /bill track to have its record read."
    )  # fmt: skip


def test_addressees_by_a_bill_that_nobody_has_read_are_nobody(desk):
    refused = desk.refused(desk.pol, "letter draft", template="joint-applications", to=f"cosponsors of {ID}", ask="1")
    assert refused.param == "to"
    assert "H.R. 1 (119th)" in refused.what


def test_its_cosponsors_can_be_picked_and_left_out(desk):
    joined, withdrew = date(2026, 3, 3), date(2026, 4, 4)
    cosponsors = (Cosponsor(f"T{ACCENT:06}", "", joined), Cosponsor(f"T{DELEGATE:06}", "", joined, withdrew))
    knows(desk, HOUSE, cosponsors=cosponsors)

    assert select(desk.db, desk.config, "cosponsors of H.R. 1 (119th)", now=desk.now)[0] == [member(ACCENT)]
    others = select(desk.db, desk.config, f"House Judiciary except cosponsors of {ID}", now=desk.now)[0]
    assert {*others} == {member(n) for n in (CHAIR, HANK, DELEGATE)}


def test_cosponsors_that_no_record_gives_are_nobody(desk):
    knows(desk, HOUSE)

    refused = desk.refused(desk.pol, "letter draft", template="joint-applications", to=f"cosponsors of {ID}", ask="1")
    assert refused.what == "Who cosponsors H.R. 1 (119th) is not known: no source has its record."


def test_the_button_on_a_bill_s_card_opens_it_so(desk):
    knows(desk, HOUSE)
    form = press(desk, desk.pol, desk.card(desk.pol, "bill show", bill=ID), "Draft letter").form
    assert [field.initial for field in form.fields if field.param.name in ("to", "bill")] == ["chair:HSJU", ID]


def test_every_front_end_shows_who_an_id_belongs_to(desk):
    stored = desk.bring(GRANTS)[0]
    form = desk.form(desk.pol, "letter draft", entry=stored.id)
    name = "the Commissioner, U.S. Customs and Border Protection"
    (to,) = [field for field in form.fields if field.param.name == "to"]

    (block,) = [each for each in slack.modal(form, Back())["blocks"] if each["block_id"] == "to"]
    assert block["element"]["initial_option"] == {
        "text": {"type": "plain_text", "text": name}, "value": "office:cbp"
    }  # fmt: skip
    (label,) = [each for each in discord.modal(form, "x")["components"] if each["component"]["custom_id"] == "to"]
    assert label["description"].startswith(name)
    assert label["component"]["value"] == "office:cbp"
    assert f"Enter keeps “office:cbp”, {name}" in Question(to, to.initial).prompt()
