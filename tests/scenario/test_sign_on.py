"""Sign-on: each organisation once, by its own representative, for the text it was shown."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands.model import Refusal, Role
from bot.config.coalition import Holder
from bot.letters import records
from bot.letters.lifecycle import Decision, State
from bot.people import records as people
from tests.kit.board import words
from tests.kit.letters_desk import UNTIL, Desk, leave

SIGNER = {"signatory": "Kay Buck", "title": "Director"}


def signed(desk, name="L-1"):
    letter = desk.letter(name)
    parsed = records.sign_ons(desk.db, letter.id)
    return sorted(id_ for id_, each in parsed.items() if each.counts(letter.version))


def on_the_card(desk):
    return desk.shown(desk.config.coalition.letters.channel)[0]


# --- asking -----------------------------------------------------------------------------------------------------------


def test_every_representative_is_asked_alone_and_the_channel_shows_how_many_have_signed(desk):
    desk.opened()
    card = on_the_card(desk)

    assert card.head == "L-001: sign-on open until Fri Nov 27, 2026, 5 p.m. EST · 0 of 12"
    assert [button.label for button in card.buttons] == ["Read", "Sign", "Decline", "Suggest edit"]
    for id_, rep in desk.reps.items():
        (asked,) = desk.sent_to(rep)
        member = desk.config.coalition.members[id_]
        assert asked.head.startswith("Please sign by Friday 5 p.m.: ")
        asks = (
            f"{member.short or member.name} is asked to sign L-001 until Fri Nov 27, 2026, 5 p.m. EST; 0 of 12 signed"
        )
        assert any(line.text.startswith(asks) for line in asked.lines)
        assert "Not legal advice." in words(asked)


def test_what_a_representative_is_shown_of_a_letter_has_no_empty_line(desk):
    desk.opened()
    shown = desk.card(desk.reps["cast"], "letter show", letter="L-001")
    assert all(line.text for section in shown.sections for line in section.lines)


def test_the_form_names_the_legal_name_and_who_signed_last_time(desk):
    cast = desk.config.coalition.members["cast"].model_copy(update={"legal_name": "CAST, Inc."})
    members = dict(desk.config.coalition.members) | {"cast": cast}
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"members": members}))
    desk.opened()
    form = desk.form(desk.reps["cast"], "letter sign", letter="L-1")
    assert [field.param.name for field in form.fields] == ["signatory", "title", "agree"]
    assert [field.initial for field in form.fields] == ["", "", ""]
    assert [field.param.required for field in form.fields] == [True, True, True]
    assert form.fields[0].param.help == "the person who signs for CAST, Inc."
    assert "Not legal advice." in form.fields[2].param.help

    given = {"signatory": "Maria Lopez", "title": "Executive Director", "agree": "yes"}
    desk.card(desk.reps["cast"], form.path, **dict(form.args), **given)
    signed = words(desk.sent_to(desk.reps["cast"])[0])
    assert "Signed for CAST as “CAST, Inc.” by Maria Lopez, Executive Director, 10:06 a.m.\n" in f"{signed}\n"
    desk.opened()
    again = desk.form(desk.reps["cast"], "letter sign", letter="L-2")
    assert [field.initial for field in again.fields[:2]] == ["Maria Lopez", "Executive Director"]


def test_a_member_without_a_representative_is_named(desk):
    with desk.db.write() as tx:
        people.remove(tx, desk.reps["hti"], now=desk.now)
    name = desk.approved().name
    card = desk.card(desk.pol, "letter signon", letter=name, until=UNTIL)

    assert "11 people asked; 0 of 12 signed." in words(card)
    assert "No one is linked as representative of HTI." in words(card)


def test_who_represents_a_member_later_is_asked_and_the_card_says_who_has_nobody(desk):
    leave(desk, desk.reps["hti"])
    desk.opened()
    assert "No one is linked as representative of HTI." in words(on_the_card(desk))
    new = desk.add("New", Role.REPRESENTATIVE, organisation="hti")
    second = desk.add("Second", Role.REPRESENTATIVE, organisation="cast")
    leave(desk, desk.reps["polaris"])
    desk.compose()
    for person in (new, second):
        assert [card.head[:27] for card in desk.sent_to(person)] == ["Please sign by Friday 5 p.m"]
    assert "No one is linked as representative of Polaris." in words(on_the_card(desk))

    desk.signs("cast")
    desk.add("Third", Role.REPRESENTATIVE, organisation="cast")
    before = desk.ids
    desk.compose()
    assert desk.ids == before, "nobody is asked twice, nor for a member that has answered"

    with desk.db.write() as tx:
        people.change(tx, desk.reps["ciw"], replace(desk.reps["ciw"], organisation="verite"), by=None, now=desk.now)
    desk.compose()
    first, second = desk.sent_to(desk.reps["ciw"])
    assert "CIW is asked to sign" in words(first)
    assert "Verite is asked to sign" in words(second), "who moved to another member is asked for that"

    change(desk)
    desk.approve()
    fourth = desk.add("Fourth", Role.REPRESENTATIVE, organisation="hti")
    desk.compose()
    assert [len(desk.sent_to(person)) for person in (fourth, new, desk.reps["truah"])] == [1, 1, 1]


def test_a_signature_that_was_taken_back_is_on_no_card(desk):
    desk.opened()
    desk.signs("cast")
    desk.signs("hti")
    assert "Signed: CAST and HTI." in words(desk.sent_to(desk.reps["hti"])[0])
    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")
    assert "Signed: HTI." in words(desk.sent_to(desk.reps["hti"])[0])


# --- signing ----------------------------------------------------------------------------------------------------------


def test_signing_counts_once_and_the_cards_say_so(desk):
    desk.opened()
    card = desk.signs("cast")
    assert card.head == "Signed for CAST as shown"
    assert [button.label for button in card.buttons] == ["Read", "Take back"]
    assert on_the_card(desk).head.endswith("1 of 12")
    assert "Signed: CAST." in words(on_the_card(desk))

    assert desk.signs("cast").head == "CAST already signed"
    colleague = desk.add("Second", Role.REPRESENTATIVE, organisation="cast")
    second = desk.card(colleague, "letter sign", letter="L-1")
    assert second.head == "CAST already signed"
    assert "by Head of cast, Director" in words(second)
    assert signed(desk) == ["cast"]


def test_a_representative_signs_only_for_their_own_organization(desk):
    desk.opened()
    refused = desk.refused(desk.reps["cast"], "letter sign", letter="L-1", agree="yes", organization="polaris")
    assert "has no parameter “organization”" in refused.what
    staff = desk.add("Staff", *Role)
    assert "no such command" in desk.refused(staff, "letter sign", letter="L-1", agree="yes").what
    former = desk.add("Former", Role.REPRESENTATIVE, organisation="no-longer-a-member")
    assert isinstance(desk.ask(former, "letter sign", letter="L-1", agree="yes"), Refusal)
    assert signed(desk) == []


def test_a_role_that_was_taken_away_while_the_form_was_open_signs_nothing(desk):
    desk.opened()
    form = desk.form(desk.reps["cast"], "letter sign", letter="L-1")
    with desk.db.write() as tx:
        rep = desk.reps["cast"]
        people.change(tx, rep, replace(rep, roles=frozenset()), by=None, now=desk.now)

    assert isinstance(desk.ask(desk.reps["cast"], form.path, **dict(form.args), agree="yes"), Refusal)
    assert signed(desk) == []


def test_a_typed_agreement_names_no_text_so_the_form_shows_which_one_it_is(desk):
    digest = desk.opened().version.digest
    form = desk.form(desk.reps["cast"], "letter sign", letter="L-1", agree="yes", **SIGNER)

    assert dict(form.args)["text"] == digest
    assert signed(desk) == []


def test_saying_no_in_the_form_signs_nothing(desk):
    desk.opened()
    form = desk.form(desk.reps["cast"], "letter sign", letter="L-1")
    saved = desk.card(desk.reps["cast"], form.path, **dict(form.args), **SIGNER, agree="no")
    assert saved.head == "CAST has not signed"
    assert signed(desk) == []


def declines(desk, id_, **reason):
    form = desk.form(desk.reps[id_], "letter decline", letter="L-1")
    return desk.card(desk.reps[id_], form.path, **dict(form.args), **reason)


def test_a_representative_hears_when_another_replaces_their_decision_on_the_same_text(desk):
    desk.opened()
    first, second = desk.reps["cast"], desk.add("Ida", Role.REPRESENTATIVE, organisation="cast", user="UIDA")
    desk.signs("cast")
    for path, before, now in (("decline", "signed", "declined"), ("unsign", "declined", "no answer")):
        told = {who.id: len(desk.sent_to(who)) for who in (first, second)}
        by, other = (second, first) if path == "decline" else (first, second)
        desk.card(by, f"letter {path}", letter="L-1", **({"agree": "yes", "reason": "No"} if path == "decline" else {}))
        assert len(desk.sent_to(by)) == told[by.id]
        (card,) = desk.sent_to(other)[told[other.id] :]
        assert card.head == f"{by.name} changed the decision of CAST on L-001"
        assert words(card).splitlines()[2] == f"You: {before}. Now: {now}."

    desk.signs("cast")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.approve()
    desk.card(second, "letter sign", letter="L-1", agree="yes", text=desk.text(), signatory="Ida Roe", title="Chair")
    assert sum("Ida changed" in card.head for card in desk.sent_to(first)) == 1  # of a new text it is a new decision


def test_who_declines_what_was_declined_learns_that_and_nobody_hears_of_a_change(desk):
    desk.opened()
    ida = desk.add("Ida", Role.REPRESENTATIVE, organisation="cast", user="UIDA")
    given = {"letter": "L-1", "agree": "yes", "reason": "No"}
    desk.card(desk.reps["cast"], "letter decline", **given)
    heard = [len(desk.sent_to(who)) for who in (desk.pol, desk.reps["cast"])]
    audited = len(desk.changes())

    second = desk.card(ida, "letter decline", **given)

    assert second.head == "CAST already declined"
    assert [button.label for button in second.buttons] == ["Read", "Take back", "Sign"]
    assert [len(desk.sent_to(who)) for who in (desk.pol, desk.reps["cast"])] == heard
    assert len(desk.changes()) == audited

    desk.card(ida, "letter decline", **given | {"reason": "We disagree with paragraph 3"})

    assert "paragraph 3" in str(desk.sent_to(desk.pol)[-1])


def test_declining_asks_once_and_takes_a_reason(desk):
    desk.opened()
    form = desk.form(desk.reps["truah"], "letter decline", letter="L-1")
    assert (form.title, form.submit) == ("Decline L-001?", "Decline")
    assert [(field.param.name, field.param.required) for field in form.fields] == [("reason", False)]
    assert signed_or_declined(desk) == {}

    card = declines(desk, "truah", reason="Our board has not met.")
    assert card.head == "T’ruah declined to sign L-001"
    assert "Declined: T’ruah." in words(on_the_card(desk))
    assert "Our board" not in words(on_the_card(desk))
    message = desk.sent_to(desk.pol)[-1]
    assert (message.head, message.lines[0].text) == ("T’ruah declined to sign L-001", "Reason: Our board has not met.")
    assert "T’ruah declined: Our board has not met." in words(desk.card(desk.pol, "letter show", letter="L-1"))
    assert "Our board" not in words(desk.card(desk.reps["hti"], "letter show", letter="L-1"))
    declines(desk, "hti")
    assert signed_or_declined(desk) == {"truah": "declined", "hti": "declined"}


def signed_or_declined(desk, name="L-1"):
    parsed = records.sign_ons(desk.db, desk.letter(name).id)
    return {id_: each.decision.value for id_, each in parsed.items()}


def test_a_representative_can_decline_sign_and_withdraw(desk):
    desk.opened()
    rep = desk.reps["truah"]
    declined = declines(desk, "truah")
    assert [button.label for button in declined.buttons] == ["Read", "Take back", "Sign"]
    assert desk.card(rep, "letter unsign", letter="L-1").head == "T’ruah withdrew its refusal"
    assert "Declined" not in words(on_the_card(desk))
    declines(desk, "truah")

    desk.signs("truah")
    assert signed(desk) == ["truah"]
    assert desk.card(rep, "letter unsign", letter="L-1").head == "T’ruah withdrew its signature"
    assert signed(desk) == []
    assert "has not signed" in desk.refused(rep, "letter unsign", letter="L-1").what


def test_a_suggestion_reaches_the_author_and_changes_nothing(desk):
    letter = desk.opened()
    card = desk.card(desk.reps["hti"], "letter suggest", letter="L-1", suggestion="Say “must”, not “should”.")

    assert card.head == "Thank you. The text stays as it is for now"
    message = desk.sent_to(desk.pol)[-1]
    assert message.head == "Rep hti (HTI) suggests an edit to L-001"
    assert message.lines[0].text == "Say “must”, not “should”."
    assert desk.letter().version == letter.version


# --- a text that changes ----------------------------------------------------------------------------------------------


def change(desk, text="Other words."):
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text=text)


def test_a_changed_text_waits_for_approval_and_then_asks_again_showing_the_change(desk):
    desk.opened()
    desk.signs("cast")
    change(desk)
    assert "the text is being changed" in on_the_card(desk).head
    assert "in review" in desk.refused(desk.reps["hti"], "letter sign", letter="L-1", agree="yes").what

    assert "1 person asked to look at the change" in words(desk.approve())
    again = desk.sent_to(desk.reps["cast"])[-1]
    assert again.head.startswith("The text changed, please sign again by Friday 5 p.m.: ")
    assert "became “Other words." in words(again)
    assert (
        len(desk.sent_to(desk.reps["hti"])) == 1
    )  # who had not signed has the card already, and it shows the new text
    assert signed(desk) == []
    assert desk.signs("cast").head == "Signed for CAST as shown"
    assert signed(desk) == ["cast"]


def test_a_signature_is_of_the_text_that_was_shown(desk):
    desk.opened()
    form = desk.form(desk.reps["cast"], "letter sign", letter="L-1")
    change(desk)
    desk.approve()

    late = desk.card(desk.reps["cast"], form.path, **dict(form.args), **SIGNER, agree="yes")
    assert late.head == "The text of L-001 has changed since you were shown it"
    assert "became “Other words." in words(late)
    assert signed(desk) == []
    sign = next(button for button in late.buttons if button.label == "Sign")
    desk.card(desk.reps["cast"], sign.path, **dict(sign.args), **SIGNER, agree="yes")
    assert signed(desk) == ["cast"]


def test_only_signatures_of_the_last_text_are_under_the_letter(desk):
    desk.opened()
    for id_ in ("cast", "polaris"):
        desk.signs(id_)
    change(desk)
    desk.approve()
    desk.signs("polaris")
    desk.lock()

    rows = list(csv.DictReader(io.StringIO(desk.file(desk.pol, letter="L-1", as_="csv").data.decode("utf-8-sig"))))
    assert [row["organization"] for row in rows] == ["Polaris"]
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    assert "Polaris" in text
    assert "Coalition to Abolish Slavery" not in text.rpartition("Sincerely,")[2]


def test_an_export_before_the_lock_says_what_can_still_change(desk):
    desk.opened()
    desk.signs("cast")
    card = desk.card(desk.pol, "letter export", letter="L-1", as_="csv")
    assert card.foot.startswith("Open for sign-on · text ")
    assert card.foot.endswith("not locked: text and signatures can still change")
    desk.lock()
    assert "not locked" not in desk.card(desk.pol, "letter export", letter="L-1", as_="csv").foot


def test_a_text_changed_back_is_the_text_that_was_signed(desk):
    letter = desk.opened()
    desk.signs("cast")
    change(desk)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text=letter.version.texts[0].written.body[3].text)
    desk.approve()

    assert signed(desk) == ["cast"]


# --- given elsewhere, and from outside --------------------------------------------------------------------------------


def test_a_signature_given_elsewhere_is_recorded_and_shown_as_such(desk):
    desk.opened()
    card = desk.records("Polaris", note="3 November")
    assert "Polaris: email: 3 November, recorded by Pol." in words(card)
    given = {"evidence": "spoken", "signatory": "Al Lee", "title": "CEO"}
    again = desk.refused(desk.pol, "letter record", letter="L-1", member="polaris", **given)
    assert "It is recorded: email: 3 November, recorded by Pol." in again.what

    desk.lock()
    rows = list(csv.DictReader(io.StringIO(desk.file(desk.pol, letter="L-1", as_="csv").data.decode("utf-8-sig"))))
    assert (rows[0]["how"], rows[0]["member"]) == ("email: 3 November, recorded by Pol", "polaris")
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    written = "* Signature given in writing and recorded by the coalition."
    assert f"\nPolaris*, Sam Roe, Director\n\n{written}\n" in text


@pytest.mark.parametrize(
    ("evidence", "note"),
    [
        ("email", "* Signature given in writing and recorded by the coalition."),
        ("letter", "* Signature given in writing and recorded by the coalition."),
        ("form", "* Signature given in writing and recorded by the coalition."),
        ("spoken", "† Signature given orally and recorded by the coalition."),
    ],
)
def test_the_note_under_a_letter_says_only_what_the_evidence_shows(desk, evidence, note):
    desk.opened()
    desk.records("polaris", evidence=evidence)
    desk.lock()
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()

    assert f"\nPolaris{note[0]}, Sam Roe, Director\n\n{note}\n" in text
    assert ("writing" in text.rpartition("Polaris")[2]) is (evidence != "spoken")


def test_a_signature_recorded_before_kinds_were_asked_for_is_not_called_written(desk):
    desk.opened()
    desk.records("polaris")
    with desk.db.write() as tx:  # as the migration leaves that row
        tx.execute("UPDATE signature SET evidence_kind = 'not stated', evidence = 'phone call, says Pol'")
    desk.lock()

    assert "Polaris‡" in (text := desk.file(desk.pol, letter="L-1", as_="txt").data.decode())
    assert "‡ Signature recorded by the coalition." in text
    assert "writing" not in text.rpartition("Polaris")[2]


def test_every_recorded_signature_names_a_person_and_their_title(desk):
    desk.opened()
    for left in ("signatory", "title"):
        given = {"evidence": "email", "signatory": "Sam Roe", "title": "Director"}
        del given[left]
        form = desk.form(desk.pol, "letter record", letter="L-1", member="cast", **given)
        assert [field.param.name for field in form.fields if field.param.required] == [left]
        asked = desk.refused(desk.pol, "letter record", letter="L-1", member="cast", **given, **{left: " "})
        assert f"{left} is missing" in asked.what
    assert signed(desk) == []


RECORD = {"letter": "L-1", "member": "cast", "evidence": "spoken", "signatory": "Kay", "title": "CEO"}


def test_a_refusal_cannot_be_overwritten_by_a_recorded_signature(desk):
    desk.opened()
    declines(desk, "cast", reason="No.")
    for staff in (desk.pol, desk.admin):
        refused = desk.refused(staff, "letter record", **RECORD)
        assert refused.what.startswith("CAST declined (Rep cast, ")
        assert refused.what.endswith("only its representative can change that: ask them to press Sign under L-001.")
    assert signed_or_declined(desk) == {"cast": "declined"}

    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")  # it takes its refusal back
    desk.card(desk.pol, "letter record", **RECORD)
    assert signed(desk) == ["cast"]


def test_a_refusal_outlasts_its_member_that_is_removed_and_added_again(desk):
    names = {"full-name": "Harbor Legal Aid", "short": "Harbor"}
    desk.card(desk.admin, "settings member", name="new", **names)
    harbor = desk.add("Harbor's", Role.REPRESENTATIVE, organisation="harbor")
    desk.opened()
    desk.card(harbor, "letter decline", letter="L-1", agree="yes")
    desk.card(desk.admin, "settings remove", setting="member harbor", sure="yes")
    desk.card(desk.admin, "settings member", name="new", letters="yes", **names)
    given = {"member": "harbor-2", "evidence": "email", **SIGNER}

    refused = desk.refused(desk.pol, "letter record", letter="L-1", **given)
    assert refused.what.startswith("Harbor declined (Harbor's, ")
    assert signed(desk) == []


def test_a_withdrawn_signature_cannot_be_recorded_again(desk):
    desk.opened()
    desk.signs("cast")
    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")

    assert "CAST withdrew its signature" in desk.refused(desk.pol, "letter record", **RECORD).what
    assert signed_or_declined(desk) == {"cast": "withdrawn"}


def test_a_refusal_outlasts_a_change_of_the_text(desk):
    desk.opened()
    declines(desk, "cast")
    change(desk)
    desk.approve()

    assert "CAST declined" in desk.refused(desk.pol, "letter record", **RECORD).what


@pytest.mark.parametrize("role", [Role.PRESS, Role.APPROVER])
def test_only_policy_and_administrators_record_signatures(desk, role):
    desk.opened()
    other = desk.add("Other", role)
    for path in ("letter record", "letter allies"):
        assert "no such command" in desk.refused(other, path, letter="L-1").what
    desk.card(desk.admin, "letter record", **RECORD)
    assert signed(desk) == ["cast"]


def test_representatives_are_notified_of_recorded_signatures_and_can_object(desk):
    desk.opened()
    second = desk.add("Second", Role.REPRESENTATIVE, organisation="cast")
    assert "2 representatives notified; they can object." in words(desk.card(desk.pol, "letter record", **RECORD))
    for rep in (desk.reps["cast"], second):
        message = desk.sent_to(rep)[-1]
        assert message.head == "Pol recorded that CAST signs L-001"
        assert "by Kay, CEO. Evidence: spoken: recorded by Pol." in words(message)
        assert [button.label for button in message.buttons] == ["Read", "We did not sign"]
    button = message.buttons[1]
    form = desk.form(second, button.path, **dict(button.args))
    card = desk.card(second, form.path, **dict(form.args), reason="Kay left in May.")
    assert card.head == "CAST's signature is removed from L-001"
    assert signed_or_declined(desk) == {"cast": "declined"}
    assert [desk.sent_to(desk.pol)[-1].head, desk.sent_to(desk.pol)[-1].lines[0].text] == [
        "CAST declined to sign L-001", "Reason: Kay left in May."
    ]  # fmt: skip
    assert "CAST declined" in desk.refused(desk.pol, "letter record", **RECORD).what


def test_recording_again_notifies_again(desk):
    desk.opened()
    desk.card(desk.pol, "letter record", **RECORD)
    change(desk)
    desk.approve()
    desk.card(desk.pol, "letter record", **RECORD)

    heads = [card.head for card in desk.sent_to(desk.reps["cast"])]
    assert heads.count("Pol recorded that CAST signs L-001") == 2


def test_an_objection_after_the_lock_reaches_the_author_and_the_person_who_recorded_it(desk):
    desk.opened()
    desk.card(desk.admin, "letter record", **RECORD)
    desk.lock()
    card = desk.card(desk.reps["cast"], "letter object", letter="L-1", reason="Not ours.")

    assert card.head == "The staff have your objection"
    for staff in (desk.pol, desk.admin):
        message = desk.sent_to(staff)[-1]
        assert message.head == "CAST objects to its signature under L-001, which is locked"
        assert "Reason: Not ours." in words(message)
        assert "/letter withdraw stops it" in words(message)
    assert signed(desk) == ["cast"]  # what is locked stays as it was locked
    assert any(change_.after.startswith("objects") for change_ in desk.changes())


def test_one_objects_only_to_what_staff_recorded_for_one_s_own(desk):
    desk.opened()
    desk.signs("hti")
    desk.card(desk.pol, "letter record", **RECORD)

    for id_ in ("hti", "polaris"):
        assert (
            "Staff recorded no signature"
            in desk.refused(desk.reps[id_], "letter object", letter="L-1", reason="x").what
        )
    assert signed(desk) == ["cast", "hti"]


def test_every_list_of_signatures_is_of_this_text(desk):
    """What stood in counsel's table and not under the letter: signatures of an earlier text."""
    desk.opened()
    desk.records("ciw")
    desk.signs("free-the-slaves")
    desk.signs("hti")
    change(desk)
    desk.approve()
    desk.records("polaris", evidence="spoken")
    desk.signs("cast")
    desk.signs("verite")
    desk.lock()

    names = ["Coalition to Abolish Slavery and Trafficking", "Polaris", "Verite"]
    rows = list(csv.DictReader(io.StringIO(desk.file(desk.pol, letter="L-1", as_="csv").data.decode("utf-8-sig"))))
    counsel = list(csv.DictReader(io.StringIO(desk.file(desk.pol).data.decode("utf-8-sig"))))
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode().rpartition("Sincerely,")[2]
    assert [row["organization"] for row in rows] == [row["organization"] for row in counsel] == names
    assert [row["member"] for row in rows] == [row["member"] for row in counsel] == ["cast", "polaris", "verite"]
    assert [name for name in (member.name for member in desk.config.coalition.members.values()) if name in text] == [
        "Coalition to Abolish Slavery and Trafficking", "Polaris", "Verite"
    ]  # fmt: skip
    assert "Signed: CAST, Polaris and Verite." in words(on_the_card(desk))
    assert {row["text"] for row in rows} == {desk.text()}


COLUMNS = "organization,signatory,title,evidence\n"


def allies(desk, table):
    return desk.hand(desk.pol, "letter allies", table.encode(), letter="L-1")


def test_allies_come_from_a_table_whose_slips_are_named(desk):
    desk.opened()
    who = "Di,Director,email"
    table = "\ufeffOrganization,Signatory,Title,Evidence,Note\n=Good Org,Al,CEO,letter,signed PDF\n"
    table += f"Étoile,{who},\nToile,{who},\n"
    assert "3 signatures recorded" in words(allies(desk, table).card)
    assert on_the_card(desk).head.endswith("0 of 12 and 3 allies")
    assert "1 signature recorded" in words(allies(desk, f"{COLUMNS}Toile,{who}\nTOILE,{who}").card)
    assert on_the_card(desk).head.endswith("0 of 12 and 3 allies")

    for lines, what in (
        (f"Polaris,{who}", "looks like the member"), (f"cast,{who}", "looks like the member"),
        ("Somebody,,CEO,email", "Line 2: organization"),
        ("Somebody,Di,,email", "Line 2: organization"), ("Somebody,Di,CEO,call", "evidence is one of email, letter"),
        ("", "has no rows"),
    ):  # fmt: skip
        assert what in allies(desk, COLUMNS + lines).what
    assert "first line" in allies(desk, "name\nX").what
    assert "CSV UTF-8" in desk.hand(desk.pol, "letter allies", b"\xff\xfeo\0", letter="L-1").what
    desk.lock()
    assert "'=Good Org" in desk.file(desk.pol, letter="L-1", as_="csv").data.decode()


@pytest.mark.parametrize("name", ["Polaris.", "P\u043elaris", "Polaris (national office)", "Polaris Project"])
def test_an_ally_that_looks_like_a_member_is_refused(desk, name):
    desk.opened()
    refused = allies(desk, f"{COLUMNS}Good Org,Al,CEO,form\n{name},Di,CEO,form")
    assert refused.what == f"Line 3: “{name}” looks like the member Polaris. Use /letter record for members."
    assert signed(desk) == []


@pytest.mark.parametrize("name", ["Polaris Industries", "\u041c\u0438\u0440 Org"])
def test_an_ally_that_resembles_a_member_has_to_be_confirmed(desk, name):
    desk.opened()
    table = f"{COLUMNS}{name},Di,CEO,form".encode()
    form = desk.hand(desk.pol, "letter allies", table, letter="L-1").form
    assert (form.title, form.fields[0].param.name, form.fields[0].param.required) == ("Please check", "distinct", True)
    assert name in form.fields[0].param.help
    assert signed(desk) == []

    desk.hand(desk.pol, "letter allies", table, letter="L-1", distinct="yes")
    assert len(signed(desk)) == 1
    assert any(f"confirmed that none is a member: “{name}”" in each.after for each in desk.changes())


# --- the name under a letter ------------------------------------------------------------------------------------------


def test_a_typed_legal_name_is_not_taken(desk):
    desk.opened()
    given = {"text": desk.text(), "agree": "yes", "legal-name": "Polaris", **SIGNER}
    assert "has no parameter “legal-name”" in desk.refused(desk.reps["cast"], "letter sign", letter="L-1", **given).what
    assert signed(desk) == []


def test_an_administrator_sets_the_legal_name_and_the_audit_has_both(desk):
    new = "Coalition to Abolish Slavery & Trafficking, Inc."
    assert isinstance(desk.ask(desk.pol, "settings member", **{"name": "cast", "legal-name": new}), Refusal)
    desk.card(desk.admin, "settings member", **{"name": "cast", "legal-name": new})
    change_ = desk.changes()[-1]
    whole = "full-name: Coalition to Abolish Slavery and Trafficking; short: CAST"
    assert (change_.subject, change_.before, change_.after) == ("member cast", whole, f"{whole}; legal-name: {new}")
    desk.opened()
    desk.signs("cast")
    desk.records("hti")
    desk.card(desk.admin, "settings member", **{"name": "cast", "legal-name": ""})  # back to its full name
    desk.card(desk.admin, "settings member", **{"name": "hti", "legal-name": "HTI, Inc."})
    desk.lock()

    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    assert f"{new}, Head of cast, Director\nHuman Trafficking Institute*, Sam Roe" in text
    notes = [(change_.subject, change_.after) for change_ in desk.changes()]
    assert ("L-001, cast", f"signed as “{new}”, text {desk.text()[:12]}") in notes
    recorded = next(after for subject, after in notes if subject == "L-001, hti")
    assert recorded.startswith("recorded as signed, email: 3 November, recorded by Pol, as “Human Trafficking Instit")


def test_a_member_does_not_get_another_member_s_name(desk):
    refused = desk.refused(desk.admin, "settings member", **{"name": "cast", "legal-name": "P\u043elaris, Inc."})
    assert "looks like the name of another member, Polaris" in refused.what


def test_what_was_typed_before_an_upgrade_does_not_go_under_the_letter(desk):
    desk.opened()
    desk.signs("cast")
    with desk.db.write() as tx:  # as the migration leaves what a representative had typed
        tx.execute("UPDATE signature SET legal_name = ''")
    desk.lock()
    desk.card(desk.admin, "settings member", **{"name": "cast", "legal-name": "CAST, Inc."})  # after the lock

    rows = list(csv.DictReader(io.StringIO(desk.file(desk.pol, letter="L-1", as_="csv").data.decode("utf-8-sig"))))
    assert rows[0]["organization"] == "Coalition to Abolish Slavery and Trafficking"


@pytest.mark.long
def test_ten_thousand_allies_are_taken_and_one_more_is_refused(desk):
    desk.opened()
    rows = "".join(f"Org {n},Al,CEO,form\n" for n in range(10_000))
    assert "10,000 signatures recorded" in words(allies(desk, COLUMNS + rows).card)
    assert on_the_card(desk).head.endswith("0 of 12 and 10,000 allies")

    assert "10,000 signatures at most" in allies(desk, f"{COLUMNS}One more,Al,CEO,form").what
    assert max(len(line.text) for line in on_the_card(desk).lines) < 500


# --- reminder and deadline --------------------------------------------------------------------------------------------


def test_one_reminder_at_noon_of_the_day_before_to_those_that_have_not_answered(desk):
    desk.opened()
    desk.signs("cast")
    declines(desk, "truah")
    desk.now = datetime(2026, 11, 26, 16, 59, tzinfo=UTC)
    desk.compose()
    assert len(desk.sent_to(desk.reps["hti"])) == 1
    desk.compose(minutes=1)
    desk.compose(minutes=1)

    (reminder,) = desk.sent_to(desk.reps["hti"])[1:]
    assert reminder.head.startswith("Please sign by Friday 5 p.m.: ")
    assert reminder.lines[0].text == "This is the only reminder."
    assert "Signed: CAST." in words(reminder)
    assert len(desk.sent_to(desk.reps["cast"])) == len(desk.sent_to(desk.reps["truah"])) == 1
    assert "already reminded" in desk.refused(desk.pol, "letter remind", letter="L-1").what


@pytest.mark.parametrize(("until", "reminders"), [("Wed 9:00", 0), ("Wed 17:00", 1)])
def test_nobody_is_reminded_within_a_day_of_being_asked(desk, until, reminders):
    desk.opened(until)
    desk.compose(hours=22)  # past noon of the day before
    assert len(desk.sent_to(desk.reps["hti"])) == 1
    desk.compose(hours=3)
    sent = [card.lines[0].text for card in desk.sent_to(desk.reps["hti"])]
    assert sent.count("This is the only reminder.") == reminders


def test_a_reminder_by_hand_is_the_one_reminder(desk):
    desk.opened()
    assert "12 people reminded" in desk.card(desk.pol, "letter remind", letter="L-1").head
    desk.now = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
    desk.compose()

    assert len(desk.sent_to(desk.reps["hti"])) == 2


def test_a_reminder_that_reaches_nobody_says_so_and_can_be_sent_later(tmp_path):
    desk = Desk(tmp_path)
    desk.opened()
    for representative in desk.reps.values():
        desk.card(representative, "letter decline", letter="L-1", agree="yes")

    assert "No one was reminded" in desk.refused(desk.pol, "letter remind", letter="L-1").what
    assert desk.letter().reminded_at is None


def test_at_its_deadline_it_locks_by_itself_and_late_signatures_are_refused(desk):
    desk.opened()
    desk.signs("cast")
    desk.now = datetime(2026, 11, 27, 21, 59, tzinfo=UTC)
    late = desk.refused(desk.reps["hti"], "letter sign", letter="L-1", agree="yes")
    assert late.what.startswith("Sign-on for L-001 has closed.")
    assert desk.now == desk.letter().closes_at  # to the second: one asked a minute later is refused anyway
    desk.compose()

    assert desk.letter().state is State.LOCKED
    assert signed(desk) == ["cast"]
    assert any("locked at its deadline" in each.after for each in desk.changes())


@pytest.mark.parametrize("changed", ["authorities", "offices"])
def test_the_author_is_notified_once_that_a_lock_failed_at_the_deadline(desk, changed):
    desk.opened(template="business-accountability", ask="4", to="homeland-security")
    office = desk.config.coalition.all_offices["homeland-security"]
    holder = Holder(name="Jo Roe", surname="Roe", source="https://example.gov", as_of=desk.now.date() - timedelta(400))
    changes = {"authorities": {}, "offices": {"homeland-security": office.model_copy(update={"holder": holder})}}
    left = desk.config.coalition.model_copy(update={changed: changes[changed]})
    desk.config = replace(desk.config, coalition=left)
    desk.compose(days=4)
    desk.compose(days=1)

    heads = [card.head for card in desk.sent_to(desk.pol)]
    assert heads.count("L-001 could not be locked at its deadline") == 1
    assert desk.letter().state is State.OPEN


def test_where_its_author_has_left_the_administrators_hear_that_it_could_not_be_locked(desk):
    desk.opened(template="business-accountability", ask="4", to="homeland-security")
    leave(desk, desk.pol)
    left = desk.config.coalition.model_copy(update={"authorities": {}})
    desk.config = replace(desk.config, coalition=left)
    desk.compose(days=4)
    desk.compose(days=1)

    heads = [card.head for card in desk.shown(desk.config.feeds.admin)]
    assert heads.count("L-001 could not be locked at its deadline") == 1


@pytest.mark.parametrize("author_left", [False, True])
def test_if_the_sender_has_left_the_follow_up_goes_to_the_author_or_the_administrators(desk, author_left):
    desk.locked("cast")
    sender = desk.add("Sender", Role.POLICY)
    desk.card(sender, "letter sent", letter="L-1", via="post", **{"follow-up": "5"})
    leave(desk, sender, *([desk.pol] if author_left else []))
    desk.compose(days=14)

    message = desk.shown(desk.config.feeds.admin) if author_left else desk.sent_to(desk.pol)
    assert [card.head for card in message if "no answer is logged" in card.head] == [
        "L-001: no answer is logged, 14 days after it was sent"
    ]


def test_extending_the_deadline_keeps_signatures_and_reminds_again(desk):
    desk.opened()
    desk.signs("cast")
    desk.compose(days=2, hours=3)
    desk.card(desk.pol, "letter signon", letter="L-1", until="2026-12-04")
    assert on_the_card(desk).head == "L-001: sign-on open until Fri Dec 4, 2026, 5 p.m. EST · 1 of 12"
    desk.now = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
    desk.compose()

    assert len(desk.sent_to(desk.reps["hti"])) == 3  # asked, and once reminded for each deadline


EASTERN = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in Washington


# --- all at once ------------------------------------------------------------------------------------------------------


def test_twelve_press_twice_at_one_moment_and_each_counts_once(desk):
    desk.opened()

    async def everybody():
        calls = [
            desk.call(rep, "letter sign", letter="L-1", agree="yes", text=desk.text(), **SIGNER)
            for rep in desk.reps.values()
            for _ in range(2)
        ]
        return await asyncio.gather(*(desk.dispatcher.answer(call) for call in calls))

    answers = asyncio.run(everybody())
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    assert signed(desk) == sorted(desk.reps)
    assert on_the_card(desk).head.endswith("12 of 12")


def test_every_member_signs_for_itself_and_for_no_other(desk):
    desk.opened()
    for n, id_ in enumerate(desk.reps, start=1):
        desk.signs(id_)
        parsed = records.sign_ons(desk.db, desk.letter().id)
        assert len(parsed) == n
        assert parsed[id_].person == desk.reps[id_].id
        assert parsed[id_].decision is Decision.SIGNED


def test_waiting_letters_and_the_signatures_of_leavers_are_shown(desk):
    from bot.commands.model import Actor
    from bot.letters.overview import waiting

    desk.opened()
    rep = desk.reps["cast"]
    who = Actor(platform="", team="", user="", person=rep.id, organisation="cast", roles=rep.roles)
    assert [line.text.partition(" L-")[0] for line in waiting(desk.db, desk.config, who, desk.now)] == ["To sign:"]
    assert waiting(desk.db, desk.config, who, desk.letter().closes_at) == [], "its sign-on is closed"
    desk.signs("cast")
    assert waiting(desk.db, desk.config, who, desk.now) == []
    change(desk)
    who = replace(who, person=desk.app.id, organisation=None, roles=desk.app.roles)
    assert [line.text.partition(" L-")[0] for line in waiting(desk.db, desk.config, who, desk.now)] == ["To approve:"]


def test_a_deadline_that_is_over_cannot_be_opened(desk):
    desk.approved()
    refused = desk.refused(desk.pol, "letter signon", letter="L-1", until="11/23")
    assert (refused.param, "is in the past (Mon Nov 23, 2026)" in refused.what) == ("until", True)
    assert desk.letter().state is State.APPROVED


def test_the_name_of_the_one_who_signs_is_not_the_organization_s(desk):
    letter = desk.opened()
    member = next(iter(desk.reps))
    name = desk.config.coalition.members[member].name
    args = {"letter": "L-1", "agree": "yes", "text": letter.version.digest, "title": "Director"}
    refused = desk.refused(desk.reps[member], "letter sign", signatory=name.upper(), **args)
    assert refused.param == "signatory"
    assert "is the organization's name. Write the name of the person who signs for it." in refused.what
    assert "“2” is not a name" in desk.refused(desk.reps[member], "letter sign", signatory="2", **args).what
    recorded = {"member": member, "evidence": "email", "signatory": f"The {name}, Inc.", "title": "Director"}
    assert desk.refused(desk.pol, "letter record", letter="L-1", note="3 May", **recorded).param == "signatory"
    table = b"organization,signatory,title,evidence\nHarbor Legal Aid,harbor legal aid,Director,email\n"
    refusal = desk.hand(desk.pol, "letter allies", table, letter="L-1")
    assert refusal.what.startswith("Line 2: “harbor legal aid” is the organization's name.")
    assert desk.card(desk.reps[member], "letter sign", signatory=f"Maria {name}", **args).head.startswith("Signed")


SUMMARY = "We ask the Office to end joint applications"  # as many type it, without its period


def test_the_summary_and_the_length_come_first_for_those_who_are_asked(desk):
    desk.approved()
    desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL, summary=SUMMARY)
    words_ = desk.letter().version.words
    for card in desk.sent_to(next(iter(desk.reps.values()))):
        assert [line.text for line in card.lines][:2] == [f"{SUMMARY}.", f"The letter has {words_} words."]
        assert card.foot == "Version 1"
    desk.card(desk.pol, "letter signon", letter="L-1", until="3d")
    assert desk.letter().summary == SUMMARY


def test_a_summary_may_begin_with_asks_and_name_the_addressee_for_short(desk):
    desk.approved()
    short = "Asks OVC to end joint applications."
    desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL, summary=short)
    assert desk.letter().summary == short
