"""/deadlines as people ask it, over the shipped configuration and a real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from bot.commands.model import Form, Reply, Role
from bot.deadlines import agenda, commitment_commands
from bot.deadlines.model import Basis, Claim, Commitment, State
from bot.deadlines.records import load_commitments, save_commitment
from bot.letters.drafting.facts import current_claim
from bot.people import account_notices
from bot.shared.answer import Body, FetchFailed, Health
from bot.site.board import deadlines
from tests.kit.alerts import document
from tests.kit.board import CONFIG, Board, press, run, words

DIRECTIVE = {
    "basis": "6 U.S.C. 645",
    "owed": "the screening protocol.",
    "by": "the Secretary",
    "due": "180 days after December 21, 2018",
    "source": "https://www.govinfo.gov/app/details/PLAW-115publ392",
}
LAW = """
<html><body><pre>[[Page 139 STAT. 2003]] Public Law 119-73 119th Congress
SEC. 3. REPORTS.
(b) Report.--Not later than 1 year after &lt;&lt;NOTE: Deadline.&gt;&gt; the date of enactment of this
Act, each United States attorney shall submit to the Attorney General a report on motions.
The Secretary shall, not later than ninety days after December 21, 2018, issue a directive. It shall be sent
not later than 30 days after receipt of a notice.
Approved January 23, 2026.</pre></body></html>
"""


class Network:
    """What a command's fetch gets: one answer for every address, and the addresses it was asked for."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    async def get(self, url):
        self.asked.append(url)
        return self.answer


def law(text=LAW):
    return Network(Body("https://www.govinfo.gov/x", 200, "text/html", text.encode(), {}))


def claimed(board: Board, id_: str, today: date) -> Claim:
    claim = current_claim(board.db, board.config.coalition, f"duty:{id_}", today)
    assert isinstance(claim, Claim)
    return claim


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path, fetching=law())


@pytest.fixture
def pat(board):
    return board.add("Pat", Role.POLICY)


def stored_duties(board):
    return load_commitments(board.db, board.config.coalition)


# --- list and show ----------------------------------------------------------------------------------------------------


def test_the_list_is_by_date_and_says_how_many_days_are_left(board, pat):
    board.bring(document("2026-00001", "Uyghur Forced Labor Prevention Act Entity List: request for comments",
                         comments_close_on=date(2026, 12, 28), action="Request for comments."))  # fmt: skip
    lines = [line.text for line in board.card(pat, "deadlines list").lines]

    assert lines[0] == (
        "Wed Jun 19, 2019: The directive on victim protection with the victim screening protocol "
        "(6 U.S.C. 645(a), (b)), no public record found as of Tue Nov 24, 2026 [dhs-directive]"
    )
    assert lines[1].startswith(
        "Sat Dec 21, 2019: The advanced training curriculum on human trafficking (34 U.S.C. 20713"
    )
    assert lines[2].startswith("Mon Dec 28, 2026: comments close, in 22 business days: ")
    assert "Public Law 119-73, section 3(a)), due in 60 days [attorneys-motions-report]" in lines[3]
    assert len(lines) == 6


def test_a_comment_period_is_ahead_until_its_day_ends_in_washington(tmp_path):
    coalition = CONFIG.coalition.model_copy(update={"zone": "Pacific/Guam", "duties": {}})
    board = Board(tmp_path, config=replace(CONFIG, coalition=coalition))
    board.bring(document("2026-00001", "Uyghur Forced Labor Prevention Act Entity List: request for comments",
                         comments_close_on=date(2026, 12, 1), action="Request for comments."))  # fmt: skip
    board.card(board.admin, "alerts assign", entry="2026-00001", to="me")
    call, listed = board.call(board.admin, "deadlines list"), []
    for moment in (datetime(2026, 12, 2, 4, 30, tzinfo=UTC), datetime(2026, 12, 2, 5, 30, tzinfo=UTC)):
        board.now = moment
        soon = agenda.due_soon(board.db, board.now, coalition=coalition)
        groups = run(board.dispatcher.view(call, frozenset(Role), lambda ctx: deadlines.show(ctx, {}, {}))).values[
            "groups"
        ]
        listed.append((len(soon), {name: len(rows) for name, rows in groups.items() if rows}))
    assert listed == [(1, {"This week": 1}), (0, {})]


def test_an_empty_list_explains_how_deadlines_are_added(tmp_path):
    coalition = CONFIG.coalition.model_copy(update={"duties": {}})
    board = Board(tmp_path, config=type(CONFIG)(CONFIG.feeds, coalition, CONFIG.watches))
    card = board.card(board.admin, "deadlines list")

    assert card.head == "No deadlines"
    assert "/deadlines add" in words(card)
    assert "/alerts assign" in words(card), "a digest line's comment period is not listed before"


def test_one_duty_is_shown_with_what_is_known_and_what_is_not(board, pat):
    card = board.card(pat, "deadlines show", id="gao-assessment")

    assert (
        card.head
        == "Due Tue Jan 23, 2029: The assessment of how survivors use the law (Public Law 119-73, section 3(c))"
    )
    assert "Read in the enrolled text, BILLS-119hr4323enr.xml." in words(card)
    assert [button.label for button in card.buttons] == ["Set outcome", "Remove"]


def test_a_window_is_found_by_its_documents_number(board, pat):
    board.bring(document("2026-00001", "Uyghur Forced Labor Prevention Act Entity List: request for comments",
                         comments_close_on=date(2026, 12, 28)))  # fmt: skip
    card = board.card(pat, "deadlines show", id="2026-00001")

    assert card.head.startswith("Comments close Mon Dec 28, 2026: ")
    assert [(due.label, due.on) for due in card.dues][1] == ("Our own comment due", date(2026, 12, 18))


def test_an_unknown_deadline_gets_a_pointer_to_the_list(board, pat):
    assert "/deadlines list" in board.refused(pat, "deadlines show", id="nothing").what


# --- add, confirm, set, remove ----------------------------------------------------------------------------------------


def test_a_bare_call_opens_the_form_of_a_duty_with_five_fields_needed(board, pat):
    form = board.ask(pat, "deadlines add").form

    assert [field.param.name for field in form.fields] == [
        "basis",
        "owed",
        "by",
        "due",
        "source",
        "kind",
        "quote",
        "asks",
    ]
    assert [field.param.required for field in form.fields] == [True] * 5 + [False] * 3


def test_a_duty_is_written_down_and_can_be_undone(board, pat):
    card = board.card(pat, "deadlines add", **DIRECTIVE, asks="9, 6")

    assert card.head == "Added d1: due Wed Jun 19, 2019, 2,715 days ago"
    assert (stored_duties(board)["d1"].owed, stored_duties(board)["d1"].asks) == ("The screening protocol", (6, 9))
    assert board.changes()[-1].after == "The screening protocol (6 U.S.C. 645), 180 days after 2018-12-21"
    press(board, pat, card, "Undo")
    assert "d1" not in stored_duties(board)
    assert board.card(pat, "deadlines add", **DIRECTIVE).head.startswith("Added d2")


def test_adding_a_past_duty_does_not_count_as_checking_its_outcome(board, pat):
    card = board.card(pat, "deadlines add", **DIRECTIVE)

    assert "Letters cannot mention it until someone records" in words(card)
    why = current_claim(board.db, board.config.coalition, "duty:d1", date(2026, 11, 25))
    assert isinstance(why, str)
    assert "nobody has checked since" in why
    assert "last checked never" in words(board.card(pat, "deadlines show", id="d1"))
    board.card(pat, "deadlines set", id="d1", state="no record found")
    text = claimed(board, "d1", date(2026, 11, 25)).text
    assert "as of November 24, 2026 we have found no public record" in text


def test_free_text_of_a_duty_is_checked_for_personal_details(board, pat):
    typed = DIRECTIVE | {"owed": "the report on our client Maria"}
    form = board.ask(pat, "deadlines add", **typed).form

    assert "a person's name" in form.fields[0].param.help
    assert "d1" not in stored_duties(board)
    filled = {field.param.name: field.initial for field in form.fields if field.initial} | dict(form.args)
    board.card(pat, form.path, **filled | {"owed": "The report", "sure": "yes"})
    assert stored_duties(board)["d1"].owed == "The report"


def test_letters_may_use_a_new_future_duty_at_once(board, pat):
    board.card(pat, "deadlines add", **DIRECTIVE | {"due": "1 year after 2026-06-01"})

    assert claimed(board, "d1", date(2026, 11, 25)).text.endswith("is due June 1, 2027.")


@pytest.mark.parametrize(
    ("slip", "param"),
    [
        ({"due": "next year"}, "due"),
        ({"due": "180 days after the hearing"}, "due"),
        ({"due": "0 days after 2018-12-21"}, "due"),
        ({"due": "9999 years after 2018-12-21"}, "due"),
        ({"due": "1 year after 0001-01-01"}, "due"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"source": "somebody told me"}, "source"),
        ({"asks": "77"}, "asks"),
    ],
)
def test_an_error_names_its_field_and_nothing_is_saved(board, pat, slip, param):
    assert board.refused(pat, "deadlines add", **DIRECTIVE | slip).param == param
    assert "d1" not in stored_duties(board)


def test_overdue_needs_a_persons_finding_with_a_source(board, pat):
    assert "Give the source" in board.refused(pat, "deadlines set", id="dhs-directive", state="not met").what
    card = board.card(pat, "deadlines set", id="dhs-directive", state="not met", source="https://example.org/hearing")

    assert words(card).count("is overdue, 2,715 days as of Tue Nov 24, 2026; source: https://example.org/hearing") == 1
    claim = claimed(board, "dhs-directive", date(2027, 11, 25))
    assert "is overdue, 2,715 days as of November 24, 2026" in claim.text, "nobody has checked since"
    assert claim.source == "https://example.org/hearing"

    assert press(board, pat, card, "Undo").card.head == "Undone"
    assert "we have found no public record" in (claimed(board, "dhs-directive", date(2026, 11, 25)).text)
    assert "Nothing to undo" in press(board, pat, card, "Undo").what


def test_an_undo_keeps_a_newer_finding(board, pat):
    first = board.card(pat, "deadlines set", id="dhs-directive", state="not met", source="https://example.org/1")
    board.card(pat, "deadlines set", id="dhs-directive", state="met", source="https://example.org/2")

    assert "a newer outcome was recorded since" in press(board, pat, first, "Undo").what
    assert stored_duties(board)["dhs-directive"].state is State.MET


def test_having_looked_again_moves_the_day_that_letters_say(board, pat):
    board.now += timedelta(days=30)
    board.card(pat, "deadlines set", id="dhs-directive", state="no record found")

    claim = claimed(board, "dhs-directive", date(2026, 12, 25))
    assert "as of December 24, 2026 we have found no public record of it" in claim.text
    assert claim.checked_on == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("owed", "offered"),
    [
        ("The yearly report", True),
        ("A report each fiscal year", True),
        ("The annual leave rule", False),
        ("The semi-annual report", False),
        ("A report twice each year", False),
        ("A report every other year", False),
    ],
)
def test_the_next_of_a_yearly_duty_is_offered_when_one_is_met(board, pat, owed, offered):
    board.card(pat, "deadlines add", **DIRECTIVE | {"owed": owed, "asks": "4"})
    met = board.card(pat, "deadlines set", id="d1", state="met", source="https://example.org/report")
    assert [button.label for button in met.buttons] == ["Add the next"] * offered + ["Undo"]
    if offered:
        form = board.ask(pat, met.buttons[0].path, **dict(met.buttons[0].args)).form
        given = {field.param.name: field.initial for field in form.fields}
        assert (form.path, given["owed"], given["due"], given["asks"]) == ("deadlines add", owed, "2020-06-19", "4")
        again = board.card(pat, "deadlines set", id="d1", state="met", source="https://example.org/report.pdf")
        assert [button.label for button in again.buttons] == ["Undo"]


def test_the_outcome_is_asked_for_in_a_form(board, pat):
    form = board.ask(pat, "deadlines set", id="dhs-directive").form

    assert [field.param.name for field in form.fields] == ["state", "source", "to"]
    assert dict(form.args) == {"id": "dhs-directive"}


def test_a_date_of_the_file_is_confirmed_by_a_person_and_then_a_letter_may_say_it(tmp_path):
    unread = CONFIG.coalition.duties["gao-assessment"].model_copy(update={"confirmed": False})
    coalition = CONFIG.coalition.model_copy(update={"duties": {"gao-assessment": unread}})
    board = Board(tmp_path, config=type(CONFIG)(CONFIG.feeds, coalition, CONFIG.watches))
    pat = board.add("Pat", Role.POLICY)
    why = current_claim(board.db, board.config.coalition, "duty:gao-assessment", date(2026, 11, 24))
    assert isinstance(why, str)
    assert "not confirmed" in why
    form = board.ask(pat, "deadlines confirm", id="gao-assessment").form
    assert form.fields[0].initial == "3 years after 2026-01-23"

    text = "https://www.govinfo.gov/content/pkg/PLAW-119publ73/html/PLAW-119publ73.htm"
    card = board.card(pat, "deadlines confirm", id="gao-assessment", due="2 years after 2026-01-23", source=text)

    assert card.head == "Confirmed: The assessment of how survivors use the law, due Sun Jan 23, 2028"
    claim = claimed(board, "gao-assessment", date(2026, 11, 24))
    assert claim.text == "The assessment of how survivors use the law is due January 23, 2028."
    assert claim.citation == "Public Law 119-73, section 3(c)"


def test_confirming_a_date_does_not_count_as_checking_the_outcome(board, pat):
    board.now += timedelta(days=30)
    board.card(
        pat, "deadlines confirm", id="dhs-directive", due="180 days after 2018-12-21", source="https://example.org/law"
    )

    claim = claimed(board, "dhs-directive", date(2026, 12, 25))
    assert "as of November 24, 2026 we have found no public record of it" in claim.text


def test_a_duty_is_not_overdue_before_its_day_has_ended(board, pat):
    early = board.refused(pat, "deadlines set", id="training-report", state="not met", source="https://example.org/1")

    assert early.param == "state"
    assert "It is due Sat Jan 23, 2027" in early.what


def test_a_duty_of_the_file_is_removed_from_chat_and_put_back(board, pat):
    card = board.card(pat, "deadlines remove", id="dhs-directive")
    assert "dhs-directive" not in stored_duties(board)

    press(board, pat, card, "Undo")
    assert stored_duties(board)["dhs-directive"].confirmed
    assert "already back" in press(board, pat, card, "Undo").what


@pytest.mark.parametrize("role", [Role.PRESS, Role.REPRESENTATIVE, Role.APPROVER])
def test_only_policy_and_administrators_change_a_duty(board, role):
    other = board.add("Other", role, organisation="cast")

    assert "no such command" in board.refused(other, "deadlines remove", id="dhs-directive").what
    letters = [] if role is Role.REPRESENTATIVE else ["Letter"]
    assert [button.label for button in board.card(other, "deadlines show", id="dhs-directive").buttons] == letters
    assert "no such command" in board.refused(other, "deadlines foia", id="dhs-directive").what


# --- what offices say, and requests for their records -----------------------------------------------------------------


def test_a_promise_at_a_hearing_is_tracked_with_its_words(board, pat):
    words_ = "We will publish the protocol by the end of March."
    promise = DIRECTIVE | {
        "basis": "the hearing of June 3, 2026",
        "kind": "hearing",
        "quote": words_,
        "due": "March 31, 2027",
    }
    assert board.card(pat, "deadlines add", **promise).head == "Added d1: due Wed Mar 31, 2027, in 127 days"

    card = board.card(pat, "deadlines show", id="d1")
    assert f"Words at a hearing: “{words_}”" in words(card)
    assert [link.label for link in card.links] == ["Source"]
    assert "FOIA request" not in [button.label for button in card.buttons], "it is not due yet"


def test_the_former_name_of_what_sets_a_commitment_is_understood(board, pat):
    former = {"statute" if name == "basis" else name: text for name, text in DIRECTIVE.items()}
    board.card(pat, "deadlines add", **former)

    assert stored_duties(board)["d1"].basis == DIRECTIVE["basis"]


def test_the_quote_of_a_promise_is_checked_for_personal_details(board, pat):
    asked = board.ask(pat, "deadlines add", **DIRECTIVE | {"quote": "Her Social Security number is 123-45-6789."})

    assert asked.form or "Social Security" in words(asked.card)
    assert "d1" not in stored_duties(board)


def test_an_office_may_move_its_day_and_the_first_one_is_not_forgotten(board, pat):
    board.card(pat, "deadlines add", **DIRECTIVE | {"kind": "meeting"})
    source = "https://www.dhs.gov/letter"
    assert board.refused(pat, "deadlines set", id="d1", state="moved", source=source).param == "to"
    assert board.refused(pat, "deadlines set", id="d1", state="met", source=source, to="12/1/2027").param == "to"
    board.card(pat, "deadlines set", id="d1", state="moved", source=source, to="12/1/2027")

    moved = stored_duties(board)["d1"]
    assert (moved.state, moved.due, moved.first_due) == (State.MOVED, date(2027, 12, 1), date(2019, 6, 19))
    board.card(pat, "deadlines set", id="d1", state="no record found")
    assert stored_duties(board)["d1"].due == date(2027, 12, 1)
    confirmed = board.card(pat, "deadlines confirm", id="d1", due="June 20, 2019", source=source)
    assert confirmed.head.endswith("due Thu Jun 20, 2019, moved to Wed Dec 1, 2027"), "what was typed is shown"


def test_a_due_day_with_another_day_of_the_week_is_refused_with_the_right_one(board, pat):
    refused = board.refused(pat, "deadlines add", **DIRECTIVE | {"due": "Mon Dec 18, 2026"})
    assert refused.what.endswith("is wrong about the day of the week: it is Fri Dec 18, 2026")
    too_early = board.refused(pat, "deadlines add", **DIRECTIVE | {"due": "Fri Dec 18, 1801"})
    assert "is not a due date" in too_early.what, "its day of the week is right"


def test_a_missed_commitment_offers_the_letter_and_the_request(board, pat):
    labels = [button.label for button in board.card(pat, "deadlines show", id="dhs-directive").buttons]
    assert labels == ["Set outcome", "Letter", "FOIA request", "Remove"]

    card = press(board, pat, board.card(pat, "deadlines show", id="dhs-directive"), "FOIA request").card
    assert "To the FOIA office of the Department of Homeland Security. Check its address on foia.gov" in words(card)
    draft = next(button for button in card.buttons if button.label == "Draft the request")
    assert dict(draft.args) == {
        "template": "foia-request", "duty": "dhs-directive", "to": "office:homeland-security-foia",
    }  # fmt: skip
    assert "it is not verified" in words(card)
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-10-01")
    late = board.card(pat, "deadlines show", id="dhs-directive-foia")
    assert [button.label for button in late.buttons] == ["Set outcome", "Remove"]
    assert "ask OGIS to mediate" in words(late)


def test_a_request_for_records_has_its_clocks_from_the_day_of_receipt_on(board, pat):
    first = board.refused(pat, "deadlines foia", id="dhs-directive", step="extended", on="2026-11-20")
    assert "First enter the day" in first.what
    form = board.ask(pat, "deadlines foia", id="dhs-directive", step="received").form
    assert [field.param.name for field in form.fields] == ["on", "number"]
    assert (
        "is in the future"
        in board.refused(pat, "deadlines foia", id="dhs-directive", step="received", on="12/1/2026").what
    )

    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02", number="2026-HQ-00123")
    request = stored_duties(board)["dhs-directive-foia"]
    assert request.due == date(2026, 12, 2), "over Veterans Day and Thanksgiving"
    owed = board.config.coalition.duties["dhs-directive"].owed
    assert request.owed == f"The answer to our FOIA request 2026-HQ-00123 about {owed[0].lower()}{owed[1:]}"
    assert request.by == "the FOIA office of the Department of Homeland Security"
    board.card(pat, "deadlines foia", id="dhs-directive", step="extended", on="2026-11-20")
    assert stored_duties(board)["dhs-directive-foia"].due == date(2026, 12, 16)

    board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-23")
    both = stored_duties(board)
    assert both["dhs-directive-foia"].state is State.MET
    assert both["dhs-directive-appeal"].due == date(2027, 2, 21)
    assert both["dhs-directive-appeal"].state is State.UNKNOWN


def test_an_answer_that_was_entered_by_mistake_is_taken_back_and_its_appeal_too(board, pat):
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02")
    card = board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-20")

    press(board, pat, card, "Undo the answer")
    assert stored_duties(board)["dhs-directive-foia"].state is State.UNKNOWN
    assert "dhs-directive-appeal" not in stored_duties(board)


def test_of_two_answers_the_time_to_appeal_runs_from_the_one_that_is_left(board, pat):
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02")
    board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-10")
    final = board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-20")

    press(board, pat, final, "Undo the answer")
    assert stored_duties(board)["dhs-directive-appeal"].since == date(2026, 11, 10)


def test_ten_days_more_are_added_to_a_clock_that_stood_still(board, pat):
    moved = {"state": "moved", "to": "12/15/2026", "source": "https://www.dhs.gov/question"}
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02")
    board.card(pat, "deadlines set", id="dhs-directive-foia", **moved)
    for _ in range(2):  # entered twice, it is still one notice
        card = board.card(pat, "deadlines foia", id="dhs-directive", step="extended", on="2026-11-20")
        assert stored_duties(board)["dhs-directive-foia"].due == date(2026, 12, 30)
    assert "and then moved, is due Wed Dec 30, 2026." in words(card)


def test_a_day_of_a_request_that_a_person_has_confirmed_counts_as_it_is(board, pat):
    day = {"due": "12/15/2026", "source": "https://www.dhs.gov/letter"}
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02")
    board.card(pat, "deadlines confirm", id="dhs-directive-foia", **day)
    for _ in range(2):  # entered twice, it is still one notice
        card = board.card(pat, "deadlines foia", id="dhs-directive", step="extended", on="2026-11-20")
        assert card.head.endswith("due Wed Dec 30, 2026")
    board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-23")
    assert stored_duties(board)["dhs-directive-appeal"].due == date(2027, 2, 21)


def test_no_step_of_a_request_is_before_its_receipt_and_none_extends_what_was_answered(board, pat):
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02")
    for step in ("extended", "answered"):
        refused = board.refused(pat, "deadlines foia", id="dhs-directive", step=step, on="2026-10-30")
        assert refused.what == "They received it on Mon Nov 2, 2026, which is later."
    board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-11-20")
    refused = board.refused(pat, "deadlines foia", id="dhs-directive", step="extended", on="2026-11-20")
    assert "was done" in refused.what


def test_a_second_request_is_not_taken_for_answered(board, pat):
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-10-01")
    board.card(pat, "deadlines foia", id="dhs-directive", step="answered", on="2026-10-20")
    board.card(pat, "deadlines foia", id="dhs-directive", step="received", on="2026-11-02", number="2026-HQ-00123")

    request = stored_duties(board)["dhs-directive-foia"]
    assert (request.state, request.due) == (State.UNKNOWN, date(2026, 12, 2))


def test_a_request_is_not_offered_before_the_day_or_without_a_known_office(board, pat):
    assert "is due Sat Jan 23, 2027" in board.refused(pat, "deadlines foia", id="training-report").what
    board.card(pat, "deadlines add", **DIRECTIVE | {"by": "the Comptroller General"})

    card = board.card(pat, "deadlines foia", id="d1")
    assert "FOIA does not reach Congress, the courts or GAO" in words(card)


def test_the_request_of_a_missed_duty_is_drafted_by_its_template(board, pat):
    card = press(board, pat, board.card(pat, "deadlines show", id="dhs-directive"), "FOIA request").card
    form = press(board, pat, card, "Draft the request").form

    assert isinstance(form, Form)
    assert dict(form.args) | {field.param.name: field.initial for field in form.fields if field.initial} == {
        "template": "foia-request",
        "to": "office:homeland-security-foia",
        "duty": "dhs-directive",
    }


# --- suggestions ------------------------------------------------------------------------------------------------------


def test_a_laws_limits_of_time_are_offered_and_taken_up_by_a_person(board, pat):
    card = board.card(pat, "deadlines suggest", law="P.L. 119-73")

    assert card.head == "3 time limits in Public Law 119-73"
    assert "Duties of this law already tracked: attorneys-motions-report, training-report" in words(card)
    assert (
        "1. sec. 3(b), due Sat Jan 23, 2027, by each United States attorney, to the Attorney General: “Not later than 1"
        in words(card)
    )
    assert set(stored_duties(board)) == set(board.config.coalition.duties)
    form = press(board, pat, card, "Add 1").form
    assert isinstance(form, Form)
    assert {field.param.name: field.initial for field in form.fields} == {
        "basis": "Public Law 119-73, section 3(b)",
        "owed": "submit to the Attorney General a report on motions",
        "by": "each United States attorney, to the Attorney General",
        "due": "1 year after 2026-01-23",
        "source": "https://www.govinfo.gov/app/details/PLAW-119publ73",
        "kind": "law",
        "quote": (
            "Not later than 1 year after the date of enactment of this Act, each United States attorney shall submit "
            "to the Attorney General a report on motions."
        ),
        "asks": "",
    }
    second = press(board, pat, card, "Add 2").form
    assert {field.param.name: field.initial for field in second.fields}["due"] == "90 days after 2018-12-21"
    third = press(board, pat, card, "Add 3").form
    assert {field.param.name: field.initial for field in third.fields}["due"] == "30 days after"
    assert "3. sec. 3(b), runs from an event, the sentence names no office: “It shall be sent" in words(card)


def test_a_long_law_is_offered_four_time_limits_at_a_time(tmp_path):
    sentence = "The Board shall report not later than {} days after the date of enactment of this Act.\n"
    text = f"SEC. 2. REPORTS.\n{''.join(sentence.format(n) for n in range(1, 7))}Approved January 23, 2026."
    board = Board(tmp_path, fetching=law(text))
    first = board.card(board.admin, "deadlines suggest", law="119-73")

    assert [button.label for button in first.buttons] == ["Add 1", "Add 2", "Add 3", "Add 4", "Show more"]
    second = press(board, board.admin, first, "Show more").card
    assert [button.label for button in second.buttons] == ["Add 5", "Add 6"]
    assert "5. sec. 2, due Wed Jan 28, 2026, by the Board" in words(second)
    assert "has 6 time limits" in board.card(board.admin, "deadlines suggest", law="119-73", first="7").head


def test_a_law_without_time_limits_or_text_gets_an_explanation(tmp_path):
    board = Board(tmp_path, fetching=law("<html>Nothing here.</html>"))
    assert "No time limits found" in board.card(board.admin, "deadlines suggest", law="119-73").head

    broken = Network(FetchFailed(Health.GONE, "www.govinfo.gov answers 404"))
    other = Board(tmp_path / "b", fetching=broken) if (tmp_path / "b").mkdir() is None else None
    assert "Check the number." in other.refused(other.admin, "deadlines suggest", law="119-9999").what
    assert broken.asked == ["https://www.govinfo.gov/content/pkg/PLAW-119publ9999/html/PLAW-119publ9999.htm"]


def test_only_a_laws_number_leads_to_the_network():
    network = law()
    sentence = asyncio.run(commitment_commands.fetch_law(network, {"law": "../../etc/passwd"}))

    assert "such as 119-99" in sentence
    assert network.asked == []


# --- calendars --------------------------------------------------------------------------------------------------------


def events(data: bytes) -> dict[str, date]:
    """Title → day, as a calendar program reads the file."""
    return {str(event["summary"]): event.decoded("dtstart") for event in Calendar.from_ical(data).walk("VEVENT")}


def test_the_calendar_file_has_every_deadline_as_an_all_day_entry(board, pat):
    board.bring(document("2026-00001", "Forced labor; “list” of goods, parts; and more",
                         comments_close_on=date(2026, 12, 28), action="Request for comments."))  # fmt: skip
    promise = {"basis": "the hearing of November 3, 2026", "kind": "hearing", "source": "https://example.gov/hearing"}
    board.card(pat, "deadlines add", owed="The list of grants", by="OVC", due="2027-03-01", **promise)
    answer = board.ask(pat, "deadlines calendar")

    assert (answer.file.name, answer.file.media_type) == ("deadlines.ics", "text/calendar")
    days = events(answer.file.data)
    assert days["Due by law: The directive on victim protection with the victim screening protocol"] == date(
        2019, 6, 19
    )
    assert days["Due by law: The assessment of how survivors use the law"] == date(2029, 1, 23)
    assert days["Due: The list of grants"] == date(2027, 3, 1), "a promise is no law"
    assert all(not isinstance(on, datetime) for on in days.values())
    assert b"DTSTART;VALUE=DATE:20190619" in answer.file.data


def test_the_calendar_file_opens_in_a_second_library(board, pat):
    vobject = pytest.importorskip("vobject")
    board.bring(document("2026-00001", "Forced labor; “list” of goods,\\ parts; and more: " + "wörd " * 40,
                         comments_close_on=date(2026, 12, 28), action="Request for comments."))  # fmt: skip
    data = board.ask(pat, "deadlines calendar").file.data

    read = vobject.readOne(data.decode())
    assert {event.summary.value: event.dtstart.value for event in read.vevent_list} == events(data)
    assert len(read.vevent_list) == 7
    assert all(event.dtend.value - event.dtstart.value == timedelta(1) for event in read.vevent_list)
    assert len({event.uid.value for event in read.vevent_list}) == 7
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_the_secret_address_gives_the_same_calendar_and_can_be_renewed(board, pat):
    def served(path: str) -> bytes | None:
        token = path.rpartition("/")[2].removesuffix(".ics")
        return agenda.subscribed_file(board.db, board.config.coalition, board.now, token)

    first = board.card(pat, "deadlines subscribe").lines[0].text
    assert board.card(pat, "deadlines subscribe").lines[0].text == first
    assert served(first)
    assert served("/calendar/guess.ics") is None
    renewed = press(board, pat, board.card(pat, "deadlines subscribe"), "Renew address")
    assert isinstance(renewed, Reply)
    assert served(first) is None
    assert served(renewed.card.lines[0].text)
    assert {notice.address for notice in account_notices.waiting(board.db)} == {"UADA"}


def test_before_anybody_asked_for_an_address_none_works(board):
    assert agenda.subscribed_file(board.db, board.config.coalition, board.now, "") is None
    assert agenda.subscribed_file(board.db, board.config.coalition, board.now, "\udcff") is None


# --- what was promised to us in a meeting -----------------------------------------------------------------------------


@pytest.fixture
def promise(board, pat):
    given = Commitment(
        id="m1", kind=Basis.MEETING, basis="meeting M-1", owed="The memo", by="the Secretary", since=date(2026, 12, 8),
        period="", source="", looked_on=None, confirmed=True, quote="You will have our memo",
    )  # fmt: skip
    with board.db.write() as tx:
        save_commitment(tx, given, by=pat.id, now=board.now, removed=False)
    return given


def test_a_promise_without_a_public_source_is_for_staff_and_in_no_letter_digest_or_calendar(board, pat, promise):
    rep = board.add("Rae", Role.REPRESENTATIVE, organisation=next(iter(CONFIG.coalition.members)))
    assert "The memo" in words(board.card(pat, "deadlines list"))
    assert "You will have our memo" in words(board.card(pat, "deadlines show", id="m1"))

    assert "The memo" not in words(board.card(rep, "deadlines list"))
    assert "There is no deadline" in board.refused(rep, "deadlines show", id="m1").what
    assert b"The memo" not in board.ask(pat, "deadlines calendar").file.data
    assert "There is no commitment" in str(current_claim(board.db, board.config.coalition, "duty:m1", board.now.date()))
    assert "m1" not in stored_duties(board)


def test_its_reminders_go_to_policy_staff_alone(board, pat, promise):
    agenda.post_reminders(board.job)
    board.now = datetime(2026, 12, 8, 15, tzinfo=UTC)
    agenda.post_reminders(board.job)

    rows = board.db.read("SELECT channel FROM delivery WHERE card LIKE '%The memo%'")
    assert {row["channel"] for row in rows} == {f"dm:{pat.id}", f"dm:{board.admin.id}"}


def test_it_is_met_without_a_source_and_a_source_gives_it_to_everyone(board, pat, promise):
    saved = board.card(pat, "deadlines set", id="m1", state="met")
    assert "The memo (meeting M-1), due Tue Dec 8, 2026, was done." in words(saved)

    board.card(pat, "deadlines confirm", id="m1", due="2026-12-08", source="https://example.gov/memo")
    assert stored_duties(board)["m1"].source == "https://example.gov/memo"
