"""Lists of addressees: people who cannot be written to are left out and named; for those who cannot act, it warns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.commands.model import Form
from bot.config.coalition import Holder
from bot.congress import records
from tests.kit.congress import APPOINTED, SENATOR, SENATOR_TOO, member, public
from tests.kit.letters_desk import REQUEST, Desk, config

CONGRESS = "outreach-money-congress"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    with desk.db.write() as tx:
        records.replace(tx, replace(public(), as_of=date(2026, 11, 20)), now=desk.now)
    return desk


def card_text(desk: Desk, **args: str) -> str:
    """What the draft's card says."""
    return "\n".join(line.text for line in desk.card(desk.pol, "letter fill", **args).lines)


def offered(desk: Desk, typed: str) -> list[str]:
    call = desk.call(desk.pol, "letter draft")
    return [choice.value for choice in asyncio.run(desk.dispatcher.complete(call, "to", typed))]


def out_of_date(office: str):
    base = config()
    holder = Holder(name="Jane Doe", surname="Doe", source="https://example.org", as_of=date(2020, 1, 1))
    changed = base.coalition.offices[office].model_copy(update={"holder": holder})
    offices = base.coalition.offices | {office: changed}
    return replace(base, coalition=base.coalition.model_copy(update={"offices": offices}))


def test_a_member_whose_term_has_ended_is_set_aside_and_the_others_are_written_to(desk):
    card = card_text(desk, template=CONGRESS, to="Senate Judiciary")

    assert sorted(desk.letter().version.addressees) == [member(SENATOR), member(SENATOR_TOO)]
    assert "Not written to: The term of Senator Cy Fir (OH) ended on Tue Nov 3, 2026" in card


def test_a_vacant_seat_and_an_unknown_name_are_set_aside(desk):
    card = card_text(desk, template=CONGRESS, to="Oak-Ash, NY-99, Nobody")

    assert desk.letter().version.addressees == (member(SENATOR),)
    assert '"NY-99" and "Nobody" are not offices' in card


def test_a_list_of_which_nobody_is_left_is_refused_with_every_reason(desk):
    refused = desk.refused(desk.pol, "letter draft", template=CONGRESS, to=f"{member(APPOINTED)}, NY-99")

    assert refused.param == "to"
    assert "The term of Senator Cy Fir" in refused.what
    assert "NY-99" in refused.what


def test_a_joint_letter_goes_to_those_who_can_be_written_to(desk):
    card = card_text(desk, template=CONGRESS, to="Senate Judiciary jointly")

    (id_,) = desk.letter().version.addressees
    assert set(id_.removeprefix("joint:").split("+")) == {member(SENATOR), member(SENATOR_TOO)}
    assert "The term of Senator Cy Fir" in card


def test_a_joint_letter_of_which_one_is_left_is_a_letter_to_that_one(tmp_path):
    desk = Desk(tmp_path, out_of_date("bja"))
    card = card_text(desk, template="joint-applications", to="ovc, bja jointly")

    assert desk.letter().version.addressees == ("office:ovc",)
    assert "Jane Doe as Director, Bureau of Justice Assistance is known from" in card


def test_the_audit_keeps_who_was_set_aside(desk):
    card_text(desk, template=CONGRESS, to="Senate Judiciary")

    notes = [row["after_text"] for row in desk.db.read("SELECT after_text FROM audit")]
    assert any("Not written to: The term of Senator Cy Fir" in note for note in notes)


def test_an_office_that_is_not_listed_is_named_without_a_word_of_congress_first(tmp_path):
    desk = Desk(tmp_path)
    refused = desk.refused(desk.pol, "letter draft", template="joint-applications", to="Secretary of Trees, Oak Bureau")

    assert refused.what.startswith('"Secretary of Trees" and "Oak Bureau" are not offices that the bot knows.')
    assert "no directory" not in refused.what


@pytest.mark.parametrize(
    ("typed", "office"),
    [("Labor", "labor"), ("Department of Justice", "attorney-general"), ("homeland security", "homeland-security")],
)
def test_an_agency_s_word_is_its_office(desk, typed, office):
    desk.drafted(template="agency-request", ask="4", to=typed)

    assert desk.letter().version.addressees == (f"office:{office}",)


# --- whether the addressee can act ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "warning"),
    [
        (
            {"template": "police-letters", "to": "cbp"},
            "This letter suits an office that writes the terms of victim services grants, such as OVC.",
        ),
        (
            {"template": "continued-presence", "to": "Oak-Ash"},
            "Check the addressee: Senator Ada Oak-Ash may not be able to do",
        ),
        (
            {"template": "agency-request", "ask": "2", "to": "cbp"} | REQUEST,
            "Letters on this ask go to the Director, Office for",
        ),
        ({"template": "police-letters", "to": "ovc, cbp"}, "Check the addressee: the Commissioner, U.S. Customs"),
        (
            {"template": "clear-records-congress", "to": "Yew"},
            "suits members of the committees on the judiciary and on",
        ),
    ],
)
def test_an_addressee_that_may_not_act_on_the_ask_is_warned_of(desk, args, warning):
    assert warning in card_text(desk, **args)


@pytest.mark.parametrize(
    "args",
    [
        {"template": "police-letters", "to": "ovc"},
        {"template": "police-letters", "to": "attorney-general"},  # is above OJP
        {"template": "continued-presence", "to": "justice-and-homeland-security"},
        {"template": "business-accountability", "to": "labor"},
        {"template": CONGRESS, "to": "Oak-Ash"},
        {"template": "ask-for-a-hearing", "ask": "2", "to": "chair:SSJU"},
    ],
)
def test_an_addressee_that_can_act_has_no_warning(desk, args):
    answer = desk.ask(desk.pol, "letter draft", "", **args)

    if isinstance(getattr(answer, "form", None), Form):  # the template asks for more: its early look was fine
        return
    assert "Check the addressee" not in "\n".join(line.text for line in answer.card.lines)


def test_the_approver_is_warned_as_well(desk):
    desk.card(desk.pol, "letter draft", template="police-letters", to="cbp")
    desk.card(desk.pol, "letter review", letter="L-1")

    (card,) = desk.sent_to(desk.app)
    assert card.lines[0].text.startswith("Check the addressee: the Commissioner, U.S. Customs")


def test_the_approver_is_asked_for_a_newer_year(desk):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="cbp")
    desk.card(desk.pol, "letter review", letter="L-1")

    (card,) = desk.sent_to(desk.app)
    (line,) = [line.text for line in card.lines if line.text.startswith("Look for a newer year: ")]
    assert line.endswith("(forced-labor-orders) is about the time up to Mon Sep 30, 2024.")


# --- what is offered --------------------------------------------------------------------------------------------------


def test_a_committee_is_offered_as_a_whole(desk):
    assert offered(desk, "senate jud")[0] == "committee:SSJU"


def test_the_last_item_of_a_list_is_completed(desk):
    values = offered(desk, "committee:SSJU except elm ny")
    card_text(desk, template=CONGRESS, to=values[0])

    assert values[0] == f"committee:SSJU except {member(SENATOR_TOO)}"
    assert desk.letter().version.addressees == (member(SENATOR),)
    assert offered(desk, f"committee:SSJU except {member(APPOINTED)}, oak")[0].endswith(f", {member(SENATOR)}")
