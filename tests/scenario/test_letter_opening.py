"""Opening sign-on, the one reminder, and signatures that staff record: what is stored, said and asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.model import Kind, Reply
from bot.letters import opening, records
from bot.letters.lifecycle import Decision, State
from bot.letters.model import Evidence
from bot.shared.card import Mark
from tests.kit.board import words
from tests.kit.letters_desk import UNTIL, labels, last_change, leave, outdated
from tests.scenario.test_mail import code, invited

CLOSES = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
BY_EMAIL = {"letter": "L-1", "member": "cast", "evidence": "email", "signatory": "Kay Roe", "title": "CEO"}
COLUMNS = "organization,signatory,title,evidence,note\n"
PERSONAL = "Maria called 202-456-1111, DOB 3/4/2009."


@pytest.fixture
def opened(desk):
    desk.opened()
    return desk


def decisions(desk):
    return records.sign_ons(desk.db, desk.letter().id)


def short(desk, id_):
    member = desk.config.coalition.members[id_]
    return member.short or member.name


def allies(desk, rows, **more):
    return desk.hand(desk.pol, "letter allies", (COLUMNS + rows).encode(), letter="L-1", **more)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_opening_stores_the_deadline_asks_everyone_and_says_so(desk):
    desk.approved()
    card = desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)
    letter, members = desk.letter(), len(desk.reps)
    assert (letter.state, letter.closes_at, letter.reminded_at) == (State.OPEN, CLOSES, None)
    assert (card.head, card.mark) == ("L-001 is open for sign-on until Fri Nov 27, 2026, 5 p.m. EST", Mark.SIGN_ON)
    assert card.lines[0].text == f"{members} people asked; 0 of {members} signed."
    assert "No one is linked as representative" not in words(card)
    assert "Not asked" not in words(card)
    assert "Not legal advice." in words(card)
    assert [(each.label, each.path) for each in card.buttons] == [
        ("Read", "letter show"), ("Remind", "letter remind"), ("Lock", "letter lock")
    ]  # fmt: skip
    assert last_change(desk) == ("L-001", "approved", "open for sign-on until Fri Nov 27, 2026, 5 p.m.")
    assert len(desk.shown(desk.config.coalition.letters.channel)) == 1
    assert {len(desk.sent_to(rep)) for rep in desk.reps.values()} == {1}
    assert desk.card(desk.reps["cast"], "letter show", letter="L-1").head.startswith("L-001")


def test_members_whom_nobody_represents_are_named_with_an_invitation_for_who_may_invite(desk):
    silent = ["cast", "hti", "polaris", "verite"]
    leave(desk, *(desk.reps[id_] for id_ in silent))
    desk.approved()
    card = desk.card(desk.admin, "letter signon", letter="L-1", until=UNTIL)
    line = next(line.text for line in card.lines if line.text.startswith("No one is linked"))
    assert line.startswith("No one is linked as representative of ")
    assert all(short(desk, id_) in line for id_ in silent)
    assert [(each.label.partition(" ")[0], each.path) for each in card.line_buttons] == [
        ("Invite", "people invite")
    ] * 3
    first = card.line_buttons[0]
    assert first.label == f"Invite {short(desk, dict(first.args)['organization'])}"
    by_policy = desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)
    assert by_policy.line_buttons == ()


def test_a_member_whose_representative_has_not_confirmed_an_address_is_named_with_what_to_do(desk):
    leave(desk, desk.reps["cast"])
    rosa = invited(desk, organization="cast")
    desk.approved()
    card = desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)
    assert card.lines[0].text.startswith(f"{len(desk.reps) - 1} people asked;")
    assert card.lines[1].text.startswith(f"Not asked: {short(desk, 'cast')}. Their representatives are asked as soon")
    desk.card(desk.admin, "people invite", name="Rosa Diaz", code=code(desk, rosa))
    desk.compose()
    assert len(desk.sent_to(rosa)) == 1


def test_what_is_out_of_date_is_not_opened_reminded_of_or_recorded(opened):
    outdated(opened)
    given = {key: value for key, value in BY_EMAIL.items() if key != "letter"}
    for path, args in (("signon", {"until": UNTIL}), ("remind", {}), ("record", given)):
        assert "other@alliance.test" in opened.untrue(opened.pol, f"letter {path}", letter="L-1", **args)
    assert isinstance(allies(opened, "Good Org,Al Roe,CEO,letter,\n"), Reply) is False or decisions(opened) == {}
    assert decisions(opened) == {}


def test_a_later_deadline_keeps_the_summary_and_lets_members_be_reminded_again(opened):
    summary = "We ask the Office to end joint applications."
    opened.card(opened.pol, "letter signon", letter="L-1", until=UNTIL, summary=summary)
    opened.card(opened.pol, "letter remind", letter="L-1")
    assert opened.letter().reminded_at == opened.now
    opened.card(opened.pol, "letter signon", letter="L-1", until="Sat 17:00")
    letter = opened.letter()
    assert (letter.summary, letter.reminded_at, letter.closes_at) == (summary, None, CLOSES + timedelta(days=1))


@pytest.mark.parametrize("summary", ["80 percent of applicants are refused.", PERSONAL])
def test_a_summary_that_nobody_approved_states_nothing_and_names_no_one(desk, summary):
    desk.approved()
    answer = desk.ask(desk.pol, "letter signon", letter="L-1", until=UNTIL, summary=summary)
    if summary is PERSONAL:
        assert answer.form.fields[-1].initial == summary
    else:
        assert answer.param == "summary"
        assert answer.what.startswith("The summary says “80 percent")
        assert answer.what.endswith(", which only an approved text may. Say what the letter asks for.")
    assert desk.letter().state is State.APPROVED


# --- the reminder -----------------------------------------------------------------------------------------------------


def test_members_who_have_not_answered_are_reminded_once(opened):
    opened.signs("cast")
    card = opened.card(opened.pol, "letter remind", letter="L-1")
    rest = len(opened.reps) - 1
    assert (card.head, card.mark) == (f"{rest} people reminded", Mark.SIGN_ON)
    assert card.lines[0].text.startswith("Waiting for ")
    assert short(opened, "cast") not in card.lines[0].text
    assert last_change(opened) == ("L-001", "", f"{rest} people reminded")
    assert len(opened.sent_to(opened.reps["cast"])) == 1
    first, reminder = opened.sent_to(opened.reps["hti"])
    assert words(first) != words(reminder)
    refused = opened.refused(opened.pol, "letter remind", letter="L-1").what
    assert refused.startswith("Members were already reminded, ")
    assert ".. " not in refused
    assert refused.endswith("To give them more time, extend it: /letter signon L-001")


def test_a_reminder_that_would_reach_nobody_is_none(opened):
    leave(opened, *opened.reps.values())
    refused = opened.refused(opened.pol, "letter remind", letter="L-1").what
    assert refused.startswith("No one was reminded: every member has answered, or those that have not lack")
    assert opened.letter().reminded_at is None


# --- a member's signature given elsewhere -----------------------------------------------------------------------------


def test_a_recorded_signature_stores_its_evidence_and_its_member_hears_of_it(opened):
    card = opened.card(opened.pol, "letter record", **BY_EMAIL, note="May 3")
    legal = opened.config.coalition.members["cast"].name
    assert (card.head, card.mark) == ("1 signature recorded for L-001", Mark.SIGN_ON)
    assert [line.text for line in card.lines] == [
        f"{legal}: email: May 3, recorded by Pol.", "1 representative notified; they can object.", "1 of 12 signed."
    ]  # fmt: skip
    signed = decisions(opened)["cast"]
    assert (signed.decision, signed.legal_name, signed.digest) == (Decision.SIGNED, legal, opened.text())
    assert (signed.signatory, signed.title) == ("Kay Roe", "CEO")
    assert (signed.evidence, signed.note) == (Evidence.EMAIL, "May 3, recorded by Pol")
    assert (signed.person, signed.at) == (opened.pol.id, opened.now)
    subject, before, after = last_change(opened)
    assert (subject, before) == ("L-001, cast", "")
    how = "email: May 3, recorded by Pol"
    assert after == f"recorded as signed, {how}, as “{legal}” by Kay Roe, CEO, text {opened.text()[:12]}"
    heard = opened.sent_to(opened.reps["cast"])[-1]
    assert (heard.head, heard.mark) == ("Pol recorded that CAST signs L-001", Mark.SIGN_ON)
    assert f"As “{legal}” by Kay Roe, CEO. Evidence: {how}." in words(heard)
    assert heard.foot == f"Text {opened.text()[:12]} · version 1"
    assert labels(heard) == ["Read", "We did not sign"]
    assert opened.shown(opened.config.coalition.letters.channel)[0].head.endswith("1 of 12")


def test_a_member_without_a_representative_is_to_be_told_by_staff(opened):
    leave(opened, opened.reps["cast"])
    card = opened.card(opened.pol, "letter record", **BY_EMAIL)
    assert "It has no linked representative, so no one there was notified. Tell them yourself." in words(card)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("in chat", "It has signed already. Its representative signed in chat."),
        ("recorded", "It has signed already. It is recorded: email: recorded by Pol."),
    ],
)
def test_a_member_that_has_signed_this_text_is_not_recorded_again(opened, how, says):
    if how == "in chat":
        opened.signs("cast")
    else:
        opened.card(opened.pol, "letter record", **BY_EMAIL)
    refused = opened.refused(opened.pol, "letter record", **BY_EMAIL)
    assert (refused.what, refused.param) == (says, "member")


@pytest.mark.parametrize(("path", "action"), [("decline", "declined"), ("unsign", "withdrew its signature")])
def test_what_a_representative_decided_only_they_change(opened, path, action):
    opened.signs("cast")
    opened.card(opened.reps["cast"], f"letter {path}", letter="L-1", agree="yes") if path == "decline" else opened.card(
        opened.reps["cast"], "letter unsign", letter="L-1"
    )
    refused = opened.refused(opened.pol, "letter record", **BY_EMAIL)
    assert refused.param == "member"
    assert refused.what.startswith(f"CAST {action} (Rep cast, ")
    assert refused.what.endswith("only its representative can change that: ask them to press Sign under L-001.")
    assert decisions(opened)["cast"].decision is not Decision.SIGNED


def test_a_signature_of_an_earlier_text_may_be_recorded_for_this_one(opened):
    opened.signs("cast")
    opened.card(opened.pol, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    opened.approve()
    opened.card(opened.pol, "letter record", **BY_EMAIL)
    assert decisions(opened)["cast"].counts(opened.letter().version)


@pytest.mark.parametrize("field", ["signatory", "title", "note"])
def test_what_was_typed_with_it_is_looked_through_first(opened, field):
    answer = opened.ask(opened.pol, "letter record", **BY_EMAIL | {field: "Maria, DOB 3/4/2009"})
    assert answer.form is not None
    assert decisions(opened) == {}


def test_the_organization_is_no_signatory(opened):
    legal = opened.config.coalition.members["cast"].name
    assert opened.refused(opened.pol, "letter record", **BY_EMAIL | {"signatory": legal}).param == "signatory"
    assert decisions(opened) == {}


# --- allies from a table ----------------------------------------------------------------------------------------------


def test_allies_are_stored_by_name_with_their_evidence_and_audited(opened):
    card = allies(opened, "  Good   Org ,Al Roe,CEO,E-Mail,May 3\nToile,Di Roe,Director,letter,\n").card
    assert card.head == "2 signatures recorded for L-001"
    assert card.lines[0].text.startswith("Good Org and Toile: email: May 3, recorded by Pol.")
    good = next(each for each in decisions(opened).values() if each.legal_name == "Good Org")
    assert (good.signatory, good.title, good.evidence) == ("Al Roe", "CEO", Evidence.EMAIL)
    assert good.note == "May 3, recorded by Pol"
    assert good.organisation.startswith("ally:")
    changes = [each.after for each in opened.changes() if each.command == "letter allies"]
    assert len(changes) == 2
    assert "as “Good Org” by Al Roe, CEO" in changes[0]


def test_of_a_long_table_twenty_have_a_line_each_in_the_audit(opened):
    allies(opened, "".join(f"Org {n},Al Roe,CEO,form,\n" for n in range(22)))
    changes = [each.after for each in opened.changes() if each.command == "letter allies"]
    assert len(changes) == 21
    assert changes[-1] == "and 2 more recorded from the same table"


def test_no_more_than_a_letter_takes_are_recorded(opened, monkeypatch):
    monkeypatch.setattr(opening, "_MAX_SIGNATURES", 3)
    allies(opened, "".join(f"Org {n},Al Roe,CEO,form,\n" for n in range(2)))
    again = "Org 1,Al Roe,CEO,form,\nOrg 2,Al Roe,CEO,form,\n"
    assert allies(opened, again).card.head == "2 signatures recorded for L-001"
    refused = allies(opened, "Org 3,Al Roe,CEO,form,\n")
    assert (refused.what, refused.param) == ("A letter takes 3 signatures at most.", "file")
    assert len(decisions(opened)) == 3


def test_a_table_does_not_sign_over_what_was_decided_on_the_public_page(opened):
    allies(opened, "Good Org,Al Roe,CEO,form,\nToile,Di Roe,Director,form,\n")
    with opened.db.write() as tx:
        tx.execute(
            "UPDATE signature SET evidence_kind = 'public page', decision = 'withdrawn' WHERE legal_name = 'Good Org'"
        )
    refused = allies(opened, "Good Org,Al Roe,CEO,form,\n")
    assert refused.what.startswith("Nothing was recorded. Good Org (withdrawn) decided on the letter's public page,")
    assert refused.param == "file"
    assert allies(opened, "Toile,Di Roe,Director,form,\n").card


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Good Org,,CEO,email,\n", "Line 2: organization, signatory and title are required."),
        (",Al Roe,CEO,email,\n", "Line 2: organization, signatory and title are required."),
        ("Good Org,Al Roe,,email,\n", "Line 2: organization, signatory and title are required."),
        ("Good Org,Al Roe,CEO,call,\n", "Line 2: evidence is one of email, letter, form and spoken; put details"),
        ("Good Org,Good Org,CEO,email,\n", "Line 2: "),
        ("Polaris,Al Roe,CEO,email,\n", "Line 2: “Polaris” looks like the member Polaris. Use /letter record"),
        ("", "The table has no rows."),
    ],
)
def test_a_slip_in_a_table_is_named_with_its_line_and_nothing_is_recorded(opened, rows, says):
    refused = allies(opened, rows)
    assert refused.what.startswith(says)
    assert refused.param == "file"
    assert decisions(opened) == {}


def test_a_table_with_other_columns_or_of_another_kind_is_refused(opened):
    other = opened.hand(opened.pol, "letter allies", b"name\nX\n", letter="L-1")
    columns = "organization,signatory,title,evidence"
    assert other.what == f"The first line must be {columns},note; required: {columns.replace(',', ', ')}."
    odd = opened.hand(opened.pol, "letter allies", b"\xff\xfeo\0", letter="L-1", name="list.xlsx")
    assert odd.what == "“list.xlsx” is not in UTF-8. Save it as “CSV UTF-8”."
    assert other.param == odd.param == "file"
    british = opened.hand(
        opened.pol, "letter allies", b"Organisation, Signatory,TITLE,evidence\nGood Org,Al Roe,CEO,form\n", letter="L-1"
    )
    assert british.card.head == "1 signature recorded for L-001"


def test_names_like_a_member_s_or_in_another_alphabet_are_confirmed_first(opened):
    rows = "Polaris Industries,Al Roe,CEO,form,\nМир Org,Di Roe,CEO,form,\n"
    form = allies(opened, rows).form
    assert (form.title, form.path) == ("Please check", "letter allies")
    assert [field.param.name for field in form.fields] == ["distinct", "file"]
    line = form.fields[0]
    assert line.label == "Is one of them a member?"
    assert line.param.help == "“Polaris Industries”, like Polaris and “Мир Org”, with letters of another alphabet"
    assert [choice.value for choice in line.param.choices] == ["yes"]
    assert (line.param.required, line.param.kind) == (True, Kind.TEXT)
    assert dict(form.args) == {"letter": opened.letter().id}
    assert decisions(opened) == {}
    allies(opened, rows, distinct="yes")
    assert len(decisions(opened)) == 2
    noted = [each.after for each in opened.changes() if each.after.startswith("confirmed that none is a member")]
    assert len(noted) == 1


def test_a_table_that_seems_to_name_a_person_served_is_asked_about(opened):
    form = allies(opened, f'Good Org,Al Roe,CEO,form,"{PERSONAL}"\n').form
    assert form is not None
    assert decisions(opened) == {}
    rows = f'Polaris Industries,Al Roe,CEO,form,"{PERSONAL}"\n'
    asked = allies(opened, rows, distinct="yes").form
    assert dict(asked.args)["distinct"] == "yes"
