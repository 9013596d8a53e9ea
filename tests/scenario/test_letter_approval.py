"""Approving, confirming a citation, withdrawing: who is asked, what is stored, who hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.model import Kind, Role
from bot.letters import lobbying, notices, records
from bot.letters.drafting import edit
from bot.letters.filing import records as filings
from bot.letters.filing.model import ENDED, Filing, FilingState
from bot.letters.lifecycle import State
from bot.people import records as people
from bot.people.model import Account
from bot.shared.card import Mark
from tests.kit.board import words
from tests.kit.letters_desk import REQUEST, UNTIL, Desk, config, labels, last_change, leave, outdated

CITES = "The terms are written under 22 U.S.C. 9999. They follow 18 U.S.C. 9998 too."


def asked_for(desk, name="L-1"):
    desk.drafted()
    return desk.card(desk.pol, "letter review", letter=name)


def edited(desk, text="Other words."):
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text=text)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_letter_with_blanks_is_not_ready_and_names_them(desk):
    desk.drafted()
    edited(desk, "We meet on [date].")
    refused = desk.refused(desk.pol, "letter review", letter="L-1")
    assert refused.what == "It still has to be filled in: [date]. /letter edit L-001"
    assert refused.param == "letter"


def test_what_is_out_of_date_is_neither_reviewed_nor_approved(desk):
    asked_for(desk)
    outdated(desk)
    assert "other@alliance.test" in desk.untrue(desk.pol, "letter review", letter="L-1")
    assert "other@alliance.test" in desk.untrue(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    assert list(records.approvals(desk.db, desk.letter())) == []


@pytest.mark.parametrize(
    ("leavers", "needed", "have"),
    [
        (2, 1, "needs 1 approval from people who did not write it, and there are no approvers like that."),
        (1, 2, "needs 2 approvals from people who did not write it, and there is 1 approver like that."),
        (0, 3, "needs 3 approvals from people who did not write it, and there are 2 approvers like that."),
    ],
)
def test_where_too_few_could_approve_it_says_how_many_there_are(tmp_path, leavers, needed, have):
    desk = Desk(tmp_path, config(approvals=needed))
    for person in (desk.app, desk.bap)[:leavers]:
        leave(desk, person)
    desk.drafted()
    refused = desk.refused(desk.pol, "letter review", letter="L-1").what
    assert have in refused
    assert "On this console" not in refused
    assert desk.letter().state is State.DRAFT


def test_on_the_console_one_person_is_told_how_to_be_another(desk):
    for person in (desk.app, desk.bap):
        leave(desk, person)
    both = replace(desk.pol, accounts=tuple(sorted((*desk.pol.accounts, Account("console", "", "policy")))))
    with desk.db.write() as tx:
        people.change(tx, desk.pol, both, by=None, now=desk.now)
    desk.drafted()
    refused = desk.refused(Account("console", "", "policy"), "letter review", letter="L-1").what
    assert refused.endswith(" On this console, “as approver” makes you one; “as policy” brings you back.")


def test_every_approver_who_did_not_write_it_is_asked_with_the_text_and_what_it_is(desk):
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    desk.drafted()
    desk.card(both, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    card = desk.card(desk.pol, "letter review", letter="L-1")
    assert (card.head, card.mark) == ("L-001 waits for approval", Mark.LETTER)
    assert [line.text for line in card.lines] == ["2 approvers asked.", "Still needed: 1 approval."]
    assert labels(card) == ["Open"]
    assert desk.letter().state is State.REVIEW
    assert last_change(desk) == ("L-001", "draft", f"in review, text {desk.text()[:12]}")
    assert desk.sent_to(both) == []
    letter = desk.letter()
    (asked,), (same,) = desk.sent_to(desk.app), desk.sent_to(desk.bap)
    assert asked == same
    assert (asked.head, asked.mark) == (f"Please approve L-001: {letter.version.subject[:90]}", Mark.LETTER)
    assert asked.byline.endswith(f" · {letter.version.words:,} words · by Both")
    assert asked.byline.startswith("to ")
    assert asked.badge
    assert asked.foot == f"Text {desk.text()[:12]} · version 2"
    assert labels(asked) == ["Read", "Approve", "Edit"]
    assert "Not legal advice." in words(asked)
    needs = desk.db.read("SELECT DISTINCT needs FROM delivery WHERE key LIKE '%:approve:%'")
    assert [row["needs"] for row in needs] == ["approver"]


def test_where_no_approver_can_be_reached_it_says_so(desk):
    with desk.db.write() as tx:
        for person in (desk.app, desk.bap):
            people.change(tx, person, replace(person, accounts=()), by=None, now=desk.now)
    assert "No one new was asked: the approvers were asked before, or have no chat account." in words(asked_for(desk))


def test_a_text_that_returns_to_an_earlier_one_is_asked_about_again(desk):
    desk.opened()
    first = desk.letter().version.texts[0].written.body[1].text
    desk.signs("ciw")
    for text in ("Another paragraph.", first):
        desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=text)
        assert "asked." in words(desk.card(desk.pol, "letter review", letter="L-1"))
        card = (
            desk.approve()
            if text != first
            else desk.card(desk.bap, "letter approve", letter="L-1", text=desk.text(), agree="yes")
        )
        assert "1 person asked to look at the change" in words(card) or text == first
        desk.signs("ciw")
    keys = [row["key"] for row in desk.db.read("SELECT key FROM delivery WHERE key LIKE '%:approve:%'")]
    assert [sum(f":approve:{number}:" in key for key in keys) for number in (1, 2, 3)] == [
        2,
        2,
        1,
    ]  # App has approved it


def test_a_text_that_all_approvers_have_approved_before_is_approved_when_it_returns(desk):
    asked_for(desk)
    first = desk.letter().version.texts[0].written.body[3].text
    desk.approve()
    edited(desk)
    edited(desk, first)
    desk.card(desk.bap, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    edited(desk)
    edited(desk, first)
    assert desk.card(desk.pol, "letter review", letter="L-1").head == "L-001 is approved"
    assert desk.letter().state is State.APPROVED


def test_a_text_that_no_pdf_can_show_is_not_approved(desk):
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="We ask\u00a0for ½ of § 7 – “now” 😀.")
    refused = desk.ask(desk.pol, "letter review", "", letter="L-1")
    assert "cannot show “😀”" in str(refused)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="We ask\u00a0for ½ of § 7 – “now”.")
    desk.card(desk.pol, "letter review", letter="L-1")


def test_an_approver_reads_which_citations_nobody_confirmed(desk):
    desk.card(desk.pol, "letter fill", template="agency-request", to="ovc", ask="2", occasion=CITES, **REQUEST)
    desk.card(desk.pol, "letter review", letter="L-1")
    (asked,) = desk.sent_to(desk.app)
    assert labels(asked) == ["Read", "Approve", "Confirm citations", "Edit"]
    assert "22 U.S.C. 9999" in words(asked)


# --- approving --------------------------------------------------------------------------------------------------------


def test_the_form_names_the_version_and_carries_its_text(desk):
    asked_for(desk)
    form = desk.form(desk.app, "letter approve", letter="L-1")
    assert (form.title, form.path, form.submit) == ("Approve L-001", "letter approve", "Approve")
    assert dict(form.args) == {"letter": "L-001", "text": desk.text()}
    (field,) = form.fields
    assert (field.param.name, field.label) == ("agree", "You have read version 1 and approve it?")
    assert [choice.value for choice in field.param.choices] == ["yes", "no"]
    assert (field.param.help, field.param.kind) == (lobbying.notice(desk.letter()), Kind.TEXT)
    assert field.param.required
    for args in ({"agree": "yes"}, {"text": desk.text()}, {"agree": "yes", "text": desk.text()[:12]}):
        assert desk.form(desk.app, "letter approve", letter="L-1", **args) == form
    assert list(records.approvals(desk.db, desk.letter())) == []


def test_not_yet_approves_nothing(desk):
    asked_for(desk)
    card = desk.card(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="no")
    assert (card.head, card.lines[0].text) == ("L-001 stays in review", "Nothing was approved.")
    assert desk.letter().state is State.REVIEW


def test_an_approval_is_stored_with_its_text_and_the_author_hears_of_it(desk):
    asked_for(desk)
    card = desk.approve()
    assert (card.head, card.lines[0].text) == ("L-001 is approved", "Approved by App.")
    assert labels(card) == ["Open for sign-on", "Lock", "Open"]
    assert desk.letter().state is State.APPROVED
    assert list(records.approvals(desk.db, desk.letter())) == [desk.app.id]
    assert last_change(desk) == ("L-001", "in review", f"version 1 approved, text {desk.text()[:12]}")
    assert desk.sent_to(desk.pol) == [card]
    assert "does not exist" in desk.refused(desk.reps["cast"], "letter show", letter="L-1").what
    row = desk.db.read("SELECT needs FROM delivery WHERE key LIKE '%:approved:%'")[0]
    assert row["needs"] == notices.STAFF_ONLY


def test_where_two_are_needed_both_are_named_and_a_writer_is_not(tmp_path):
    desk = Desk(tmp_path, config(approvals=2))
    asked_for(desk)
    first = desk.approve()
    assert (first.head, first.lines[0].text) == ("L-001: approved by you", "Still needed: 1 approval.")
    assert desk.letter().state is State.REVIEW
    assert desk.approve(by=desk.bap).lines[0].text == "Approved by App and Bap."


def test_the_approval_of_a_person_who_wrote_some_of_it_since_does_not_count(tmp_path):
    desk = Desk(tmp_path, config(approvals=2))
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    asked_for(desk)
    assert desk.approve(by=both).head == "L-001: approved by you"
    approved, before = desk.letter().version, edit.parts(desk.letter())[3].text
    desk.card(both, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text=before)
    assert desk.letter().version.is_text(approved.digest)
    assert "Approved by" not in words(desk.card(desk.pol, "letter show", letter="L-1"))
    assert desk.approve().lines[0].text == "Still needed: 1 approval."
    assert desk.approve(by=desk.bap).lines[0].text == "Approved by App and Bap."


def test_who_approved_unasked_is_not_asked_for_the_same_text(tmp_path):
    desk = Desk(tmp_path, config(approvals=2))
    asked_for(desk)
    late = desk.add("Late", Role.APPROVER)
    desk.approve(by=late)
    assert "3 approvers asked" not in words(desk.card(desk.pol, "letter review", letter="L-1"))
    assert desk.sent_to(late) == []


def test_a_writer_is_told_who_can_approve_it(desk):
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    asked_for(desk)
    desk.card(both, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    wrote = "You wrote some of L-001, so another person has to approve it."
    assert desk.refused(both, "letter approve", letter="L-1").what == f"{wrote} App and Bap can: /letter approve L-001."
    for person in (desk.app, desk.bap):
        leave(desk, person)
    assert (
        "No one else can yet. An administrator can make one" in desk.refused(both, "letter approve", letter="L-1").what
    )


def test_a_text_that_has_changed_is_shown_with_the_button_for_the_new_one(desk):
    asked_for(desk)
    old = desk.text()
    edited(desk)
    card = desk.card(desk.app, "letter approve", letter="L-1", text=old, agree="yes")
    assert card.head == "The text of L-001 has changed since you were shown it"
    assert labels(card) == ["Read", "Approve"]
    assert card.mark is Mark.LETTER
    assert list(records.approvals(desk.db, desk.letter())) == []


# --- a changed text that was open -------------------------------------------------------------------------------------


def test_an_approved_change_asks_those_who_signed_and_is_open_to_read(desk):
    desk.opened()
    desk.signs("cast")
    edited(desk)
    assert desk.card(desk.reps["cast"], "letter show", letter="L-1").foot.count(desk.text()[:12]) == 0
    card = desk.approve()
    end = "Sign-on is open again; 1 person asked to look at the change."
    assert card.lines[0].text == f"Approved by App. {end}"
    assert labels(card) == ["Open"]
    assert desk.letter().state is State.OPEN
    assert desk.sent_to(desk.reps["cast"])[-1].head.startswith("The text changed, please sign again")
    assert desk.shown(desk.config.coalition.letters.channel)[0].head.startswith("L-001: sign-on open until")
    assert desk.text()[:12] in words(desk.card(desk.reps["cast"], "letter show", letter="L-1"))


def test_when_a_text_returns_those_who_signed_the_other_one_see_what_changed_back(desk):
    desk.opened()
    first = desk.letter().version.texts[0].written.body[3].text
    desk.signs("cast")
    for text, signer in (("Other words.", "hti"), (first, None)):
        edited(desk, text)
        card = desk.card(desk.bap, "letter approve", letter="L-1", text=desk.text(), agree="yes")
        if signer:
            desk.signs(signer)
    assert "1 person asked to look at the change" in words(card)
    asked = desk.sent_to(desk.reps["hti"])[-1]
    assert asked.head.startswith("The text changed, please sign again")
    assert "“Other words.” became" in words(asked)

    edited(desk)
    desk.approve()
    desk.card(desk.reps["hti"], "letter unsign", letter="L-1")
    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")
    edited(desk, "Yet others.")
    assert "asked" not in words(desk.approve()), "nobody's signature is left"


def test_an_approved_change_that_nobody_had_signed_asks_nobody_again(desk):
    desk.opened()
    edited(desk)
    before = {id_: desk.sent_to(rep) for id_, rep in desk.reps.items()}
    assert desk.approve().lines[0].text == "Approved by App. Sign-on is open again."
    assert {id_: len(desk.sent_to(rep)) for id_, rep in desk.reps.items()} == {id_: len(c) for id_, c in before.items()}


def test_after_its_deadline_an_approved_change_stays_closed(desk):
    desk.opened()
    desk.signs("cast")
    edited(desk)
    desk.now = desk.letter().closes_at
    card = desk.approve()
    closed = "Sign-on closed Fri Nov 27, 2026, 5 p.m. EST: 0 of 12 signed this text. To open it: /letter signon L-001"
    assert card.lines[0].text == "Approved by App."
    assert card.lines[1].text.startswith(closed)
    assert desk.letter().state is State.APPROVED

    desk.card(desk.pol, "letter signon", letter="L-1", until="2026-12-04")
    asked, other = desk.sent_to(desk.reps["cast"])[-1], desk.sent_to(desk.reps["hti"])[-1]
    assert asked.head.startswith("The text changed, please sign again by Friday")
    assert "became “Other words." in words(asked)
    assert other.head.startswith("Please sign by Friday")


def test_the_author_hears_that_a_text_was_still_in_review_at_its_deadline(desk):
    desk.opened()
    edited(desk)
    desk.compose(days=4)
    desk.compose(days=1)
    missed = [card for card in desk.sent_to(desk.pol) if card.head == "L-001 could not be locked at its deadline"]
    assert [card.lines[0].text for card in missed] == [
        "Its changed text is not approved yet. Sign-on has ended: after the approval, /letter signon L-001 opens it."
    ]


@pytest.mark.parametrize(
    ("members", "head"),
    [
        (["cast"], "L-001 changed: the signature that you recorded for an earlier text no longer counts"),
        (["cast", "hti"], "L-001 changed: the 2 signatures that you recorded for an earlier text no longer count"),
    ],
)
def test_who_recorded_signatures_hears_that_a_change_voided_them(desk, members, head):
    desk.opened()
    given = {"evidence": "email", "signatory": "Kay Roe", "title": "CEO"}
    for id_ in members:
        desk.card(desk.admin, "letter record", letter="L-1", member=id_, **given)
    desk.signs("polaris")
    edited(desk)
    desk.approve()
    heard = desk.sent_to(desk.admin)[-1]
    assert (heard.head, heard.mark) == (head, Mark.SIGN_ON)
    names = [desk.config.coalition.members[id_].short for id_ in members]
    assert heard.lines[0].text == f"{' and '.join(names)}."
    assert heard.lines[1].text.startswith("Ask them about the new text, then record it again")
    assert labels(heard) == ["See the change", "Open"]
    assert "Polaris" not in words(heard)
    assert desk.shown(desk.config.feeds.admin) == [], "nobody recorded what was signed in chat"


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_asked_about_once_more_with_its_reason_to_correct(desk):
    desk.opened()
    asked = desk.card(desk.pol, "letter withdraw", letter="L-1")
    assert (asked.head, labels(asked)) == ("Withdraw L-001?", ["Withdraw it"])
    assert asked.lines[0].text == "It will not be sent. /letter duplicate reuses its text."
    assert dict(asked.buttons[0].args) == {"letter": desk.letter().id, "agree": "yes"}
    form = desk.form(desk.pol, "letter withdraw", letter="L-1", why="overtaken")
    assert (form.title, form.path, form.submit) == ("Withdraw L-001?", "letter withdraw", "Withdraw")
    assert [(field.param.name, field.label, field.initial) for field in form.fields] == [
        ("agree", "It will not be sent", ""), ("why", "Why, which others see", "overtaken")
    ]  # fmt: skip
    assert (form.fields[0].param.required, form.fields[0].param.kind) == (True, Kind.TEXT)
    assert [choice.value for choice in form.fields[0].param.choices] == ["yes"]
    assert dict(form.args) == {"letter": desk.letter().id}
    assert desk.letter().state is State.OPEN


@pytest.mark.parametrize("why", ["overtaken", ""])
def test_a_withdrawal_is_final_audited_and_told_to_those_who_signed(desk, why):
    desk.opened()
    desk.signs("cast")
    given = {"why": why} if why else {}
    card = desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes", **given)
    assert (card.head, labels(card)) == ("L-001 is withdrawn", ["Duplicate"])
    assert desk.letter().state is State.WITHDRAWN
    assert last_change(desk) == ("L-001", "open for sign-on", "withdrawn: overtaken" if why else "withdrawn")
    heard = desk.sent_to(desk.reps["cast"])[-1]
    assert (heard.head, heard.mark) == ("L-001 is withdrawn and will not be sent", Mark.SIGN_ON)
    assert [line.text for line in heard.lines][1:] == (["Why: overtaken"] if why else [])
    assert heard.lines[0].text == desk.letter().version.subject[:200]
    assert heard.buttons == ()
    assert "withdrawn" in desk.shown(desk.config.coalition.letters.channel)[0].head
    assert all("is withdrawn" not in card.head for card in desk.sent_to(desk.reps["hti"]))


def test_who_signed_an_earlier_text_hears_of_a_withdrawal_too(desk):
    desk.opened()
    desk.signs("cast")
    edited(desk)
    desk.approve()
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    assert desk.sent_to(desk.reps["cast"])[-1].head == "L-001 is withdrawn and will not be sent"


def test_where_the_signer_has_left_those_who_act_for_the_member_now_hear_of_it(desk):
    desk.opened()
    for id_ in ("cast", "hti"):
        desk.signs(id_)
    leave(desk, desk.reps["cast"])
    new = desk.add("New", Role.REPRESENTATIVE, organisation="cast")
    second = desk.add("Second", Role.REPRESENTATIVE, organisation="hti")
    desk.lock()
    desk.compose()
    assert desk.sent_to(new)[-1].head == "L-001 locked: 2 of 12 signed"
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    assert desk.sent_to(new)[-1].head == "L-001 is withdrawn and will not be sent"
    assert desk.sent_to(desk.reps["hti"])[-1].head == "L-001 is withdrawn and will not be sent"
    assert desk.sent_to(second) == []


IN_DOUBT = (FilingState.POSTING, FilingState.UNCLEAR)


@pytest.mark.parametrize("state", [each for each in FilingState if each not in ENDED])
def test_a_withdrawal_ends_a_filing_that_has_not_been_sent_and_is_refused_while_that_is_unknown(desk, state):
    desk.locked("cast")
    filing = Filing(
        id="f1", letter=desk.letter().id, state=state, document="D-1", document_title="A rule", object_id="o1",
        url="https://api.test", body="We ask.", submission_key="k1", pdf_name="a.pdf", pdf_digest="d1", pdf_size=1,
        prepared_by=desk.pol.id, prepared_at=desk.now, stepped_at=desk.now, retry_at=desk.now,
    )  # fmt: skip
    with desk.db.write() as tx:
        filings.FILINGS.insert(tx, [filing])
    answer = desk.ask(desk.app, "letter withdraw", letter="L-1", agree="yes")
    after = filings.current(desk.db, filing.letter)
    if state in IN_DOUBT:
        assert answer.what.endswith(". Settle that first: /letter filing L-001")
    if state in (*IN_DOUBT, FilingState.FILED):
        assert after == filing
    else:
        ended = {"why": "The letter was withdrawn.", "stepped_at": desk.now, "retry_at": None}
        assert after == replace(filing, state=FilingState.NOT_FILED, **ended)


def test_a_reason_that_may_name_a_person_served_is_asked_about_first(desk):
    desk.opened()
    reason = "Maria called 202-456-1111, DOB 3/4/2009."
    form = desk.form(desk.pol, "letter withdraw", letter="L-1", why=reason)
    assert form.fields[0].label != "It will not be sent"
    assert reason in [field.initial for field in form.fields]
    assert desk.letter().state is State.OPEN


def test_to_withdraw_is_no_word_on_whom_the_reason_names_nor_the_reverse(desk):
    desk.opened()
    named = {"letter": "L-1", "why": "Maria called 202-456-1111, DOB 3/4/2009."}
    form = desk.form(desk.pol, "letter withdraw", **named, agree="yes")  # as it was corrected in the question
    assert (form.title, form.args["agree"]) == ("Please check", "yes")
    form = desk.form(desk.pol, "letter withdraw", **named, sure="yes")
    assert (form.title, dict(form.args)) == ("Withdraw L-001?", {"letter": desk.letter().id}), "asked again, if changed"
    assert desk.letter().state is State.OPEN


# --- confirming -------------------------------------------------------------------------------------------------------


@pytest.fixture
def citing(desk):
    desk.card(desk.pol, "letter fill", template="agency-request", to="ovc", ask="2", occasion=CITES, **REQUEST)
    return desk


def test_the_form_offers_each_sentence_and_carries_what_was_typed(citing):
    form = citing.form(citing.app, "letter confirm", letter="L-1")
    assert (form.title, form.path, form.submit) == ("Confirm what L-001 says", "letter confirm", "Confirm")
    assert dict(form.args) == {"letter": citing.letter().id}
    which, source = form.fields
    assert (which.param.name, which.param.required, which.label) == ("citation", True, "Sentence that you checked")
    assert which.param.kind is Kind.TEXT
    assert (source.param.name, source.param.required, source.label) == ("source", True, "Source")
    assert [len(choice.value) for choice in which.param.choices] == [16, 16]
    assert [choice.label.partition(":")[0] for choice in which.param.choices] == ["22 U.S.C. 9999", "18 U.S.C. 9998"]
    assert (which.initial, source.initial) == (which.param.choices[0].value, "")
    typed = citing.form(citing.app, "letter confirm", letter="L-1", citation="18 U.S.C. 9998")
    assert typed.fields[0].initial == "18 U.S.C. 9998"
    typed = citing.form(citing.app, "letter confirm", letter="L-1", source="the code")
    assert typed.fields[1].initial == "the code"


def test_a_confirmation_is_stored_by_name_or_by_sentence_until_nothing_is_left(citing):
    given = {"letter": "L-1", "source": " https://uscode.house.gov \n p. 3 "}
    first = citing.card(citing.app, "letter confirm", citation="22 u.s.c. 9999", **given)
    assert (first.head, first.mark) == ("Confirmed: 22 U.S.C. 9999", Mark.LETTER)
    assert first.lines[0].text.startswith("In “")
    assert first.lines[1].text == "1 statement left to confirm."
    assert labels(first) == ["Confirm the next", "Open"]
    noted = "confirmed 22 U.S.C. 9999 in version 1, from https://uscode.house.gov p. 3"
    assert last_change(citing) == ("L-001", "", noted)
    mark = citing.form(citing.app, "letter confirm", letter="L-1").fields[0].param.choices[0].value
    last = citing.card(citing.app, "letter confirm", citation=mark, **given)
    assert (last.head, len(last.lines), labels(last)) == ("Confirmed: 18 U.S.C. 9998", 1, ["Open"])
    done = citing.card(citing.app, "letter confirm", citation=mark, **given)
    assert done.head == "L-001 has nothing to confirm"


def test_the_sentence_that_was_chosen_is_confirmed_and_no_other(citing):
    _, second = citing.form(citing.app, "letter confirm", letter="L-1").fields[0].param.choices
    card = citing.card(citing.app, "letter confirm", letter="L-1", citation=second.value, source="the code")
    assert card.head == "Confirmed: 18 U.S.C. 9998"
    left = citing.form(citing.app, "letter confirm", letter="L-1").fields[0].param.choices
    assert [choice.label.partition(":")[0] for choice in left] == ["22 U.S.C. 9999"]


def test_all_that_a_sentence_cites_is_confirmed_at_once(desk):
    both = "The terms follow 22 U.S.C. 9999 and 18 U.S.C. 9998. In May they changed 5 U.S.C. 9997."
    desk.card(desk.pol, "letter fill", template="agency-request", to="ovc", ask="2", occasion=both, **REQUEST)
    first, _ = desk.form(desk.app, "letter confirm", letter="L-1").fields[0].param.choices
    card = desk.card(desk.app, "letter confirm", letter="L-1", citation=first.value, source="the code")
    assert card.head == "Confirmed: 22 U.S.C. 9999 and 18 U.S.C. 9998"
    assert card.lines[1].text.endswith(" left to confirm.")


@pytest.mark.parametrize("typed", ["1 U.S.C. 1", "0" * 16, "1 U.S.C. 1 of the year 1901"])
def test_what_it_does_not_cite_is_not_confirmed(citing, typed):
    refused = citing.refused(citing.app, "letter confirm", letter="L-1", citation=typed, source="the code")
    assert refused.what == f"It does not cite “{typed}”, or that is already confirmed."
    assert refused.param == "citation"


def test_a_writer_confirms_nothing_of_their_own(citing):
    both = citing.add("Both", Role.POLICY, Role.APPROVER)
    citing.card(both, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    refused = citing.refused(both, "letter confirm", letter="L-1", citation="22 U.S.C. 9999", source="the code")
    assert refused.what == "You wrote some of this text. Another approver confirms what it cites."


def test_a_citation_in_two_sentences_is_chosen_in_the_form(desk):
    twice = "The terms follow 22 U.S.C. 9999. In May they changed 22 U.S.C. 9999 again."
    desk.card(desk.pol, "letter fill", template="agency-request", to="ovc", ask="2", occasion=twice, **REQUEST)
    refused = desk.refused(desk.app, "letter confirm", letter="L-1", citation="22 U.S.C. 9999", source="the code")
    assert refused.what == "2 sentences cite 22 U.S.C. 9999. Choose one in the form."
    assert refused.param == "citation"


def test_a_source_that_may_name_a_person_served_is_asked_about_first(citing):
    source = "Maria, 202-456-1111, DOB 3/4/2009"
    citing.form(citing.app, "letter confirm", letter="L-1", citation="22 U.S.C. 9999", source=source)
    assert len(citing.form(citing.app, "letter confirm", letter="L-1").fields[0].param.choices) == 2


# --- a fresh draft ----------------------------------------------------------------------------------------------------


def test_a_fresh_draft_is_a_version_of_today_s_facts_that_those_concerned_hear_of(desk):
    desk.opened()
    desk.signs("cast")
    before = desk.letter().version
    outdated(desk)
    card = desk.card(desk.pol, "letter again", letter="L-1")
    after = desk.letter()
    assert (after.version.number, after.state) == (2, State.REVIEW)
    assert any("other@alliance.test" in each for each in after.version.passages)
    assert card.head.startswith("Draft L-001 v2")
    assert card.sections
    for person, says in (
        (desk.app, "Your approval was for the earlier text. You are asked again once it is ready."),
        (
            desk.reps["cast"],
            "Your signature was for the earlier text. You are asked again once the new one is approved.",
        ),
    ):
        heard = next(each for each in desk.sent_to(person) if each.head == "L-001 was drafted again: its facts changed")
        assert says in words(heard)
        assert "other@alliance.test" in words(heard)
        assert bool(heard.sections) is (person is desk.app), "approvers see each change"
        assert (heard.mark is Mark.SIGN_ON) is (person is not desk.app)
    rows = desk.db.read("SELECT channel, needs FROM delivery WHERE key LIKE '%:again:%'")
    needs = {row["channel"]: row["needs"] for row in rows}
    assert needs == {f"dm:{desk.app.id}": notices.STAFF_ONLY, f"dm:{desk.reps['cast'].id}": "any"}
    assert not any("drafted again" in each.head for each in desk.sent_to(desk.bap))
    desk.card(desk.pol, "letter review", letter="L-1")
    assert before.digest != after.version.digest


def test_a_fresh_draft_that_reads_the_same_is_no_version(desk):
    desk.approved()
    card = desk.card(desk.pol, "letter again", letter="L-1")
    assert "A fresh draft reads the same." in words(card)
    assert (desk.letter().version.number, desk.letter().state) == (1, State.APPROVED)


def test_a_letter_that_was_changed_meanwhile_is_not_drafted_again_over_it(desk, monkeypatch):
    desk.drafted()
    outdated(desk)
    command = desk.dispatcher._commands["letter again"]

    def prepare(ctx, args):
        prepared = command.prepare(ctx, args)
        return replace(prepared, of=prepared.of - 1)

    monkeypatch.setitem(desk.dispatcher._commands, "letter again", replace(command, prepare=prepare))
    assert desk.refused(desk.pol, "letter again", letter="L-1").what == (
        "Pol saved a new version in the meantime. Try again."
    )
    assert desk.letter().version.number == 1


def test_sign_on_is_opened_only_for_what_was_approved(desk):
    asked_for(desk)
    assert "in review" in desk.refused(desk.pol, "letter signon", letter="L-1", until=UNTIL).what
