"""A representative's decision, button by button: what is asked, what is stored, who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Reply, Role
from bot.letters import notices, records
from bot.letters.lifecycle import Decision, State
from bot.outbox.model import from_json
from bot.people import records as people
from bot.people.model import Account
from bot.shared.card import Mark
from tests.kit.board import press, send, words
from tests.kit.letters_desk import Desk, labels, outdated

HEAD = {"signatory": "Maria Lopez", "title": "Director"}
BY_EMAIL = {"letter": "L-1", "member": "cast", "evidence": "email", "signatory": "Kay Roe", "title": "CEO"}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.opened()
    return desk


def decision(desk, id_="cast"):
    return records.sign_ons(desk.db, desk.letter().id).get(id_)


def edited(desk):
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    desk.approve()


def by_mail(desk, id_="cast"):
    """The representative's account at their mailbox, as a link in a mail has it."""
    rep = desk.reps[id_]
    with desk.db.write() as tx:
        both = replace(rep, accounts=tuple(sorted((*rep.accounts, Account("mail", "", rep.id)))))
        people.change(tx, rep, both, by=None, now=desk.now)
    return Account("mail", "", rep.id)


def receipts(desk, id_="cast"):
    rows = desk.db.read("SELECT card FROM delivery WHERE kind = 'answer' ORDER BY seq")
    return [row["card"] for row in rows]


def needs(desk, event):
    """The roles that messages about an event need their reader to have when they arrive."""
    sql = "SELECT needs FROM delivery WHERE key LIKE :key"
    return {row["needs"] for row in desk.db.read(sql, {"key": f"%:{event}:%"})}


# --- sign -------------------------------------------------------------------------------------------------------------


def test_the_form_names_the_organization_the_version_and_who_signed_last_time(desk):
    rep = desk.reps["cast"]
    form = desk.form(rep, "letter sign", letter="L-1")
    legal = desk.config.coalition.members["cast"].name
    assert (form.title, form.path, form.submit) == ("Sign L-001", "letter sign", "Sign")
    assert dict(form.args) == {"letter": "L-001", "text": desk.text(), "as": legal}
    assert [(field.param.name, field.label, field.initial) for field in form.fields] == [
        ("signatory", "Signatory", ""), ("title", "Title", ""), ("agree", "You have read version 1 and sign it?", "")
    ]  # fmt: skip
    assert form.fields[0].param.help == f"the person who signs for {legal[:70]}"
    assert [choice.value for choice in form.fields[2].param.choices] == ["yes", "no"]
    typed = desk.form(rep, "letter sign", letter="L-1", signatory="Ann Lee", title="Chair")
    assert [field.initial for field in typed.fields] == ["Ann Lee", "Chair", ""]
    desk.signs("cast")
    desk.opened()
    again = desk.form(rep, "letter sign", letter="L-2")
    assert [field.initial for field in again.fields] == ["Head of cast", "Director", ""]


@pytest.mark.parametrize("left_out", ["agree", "signatory", "title", "text"])
def test_without_all_of_the_form_nothing_is_signed(desk, left_out):
    given = {"agree": "yes", "text": desk.text(), **HEAD}
    del given[left_out]
    assert desk.form(desk.reps["cast"], "letter sign", letter="L-1", **given).title == "Sign L-001"
    assert decision(desk) is None


def test_a_signature_stores_who_signed_what_as_whom(desk):
    rep = desk.reps["cast"]
    card = desk.card(rep, "letter sign", letter="L-1", agree="yes", text=desk.text(), **HEAD)
    member = desk.config.coalition.members["cast"]
    assert (card.head, card.mark) == (f"Signed for {member.short} as shown", Mark.SIGN_ON)
    assert card.foot == "You can take it back until the letter is locked."
    assert card.lines[1].text == f"1 of {len(desk.reps)} signed, until Fri Nov 27, 2026, 5 p.m. EST."
    assert "Take back" in labels(card)
    signed = decision(desk)
    assert (signed.decision, signed.legal_name, signed.digest) == (Decision.SIGNED, member.name, desk.text())
    assert (signed.signatory, signed.title) == ("Maria Lopez", "Director")
    assert (signed.person, signed.at, signed.evidence) == (rep.id, desk.now, None)
    change = desk.changes()[-1]
    assert (change.subject, change.before) == ("L-001, cast", "")
    assert change.after == f"signed as “{member.name}”, text {desk.text()[:12]}"
    assert receipts(desk) == [], "who pressed a button in chat sees what was done"
    assert "1 of " in desk.shown(desk.config.coalition.letters.channel)[0].head
    again = desk.card(rep, "letter sign", letter="L-1", agree="yes", text=desk.text(), **HEAD | {"title": "Chair"})
    assert again.head == f"{member.short} already signed"
    assert decision(desk) == signed


@pytest.mark.parametrize("verb", ["sign", "decline"])
@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("settings member", {"name": "cast", "legal-name": "Quite Another Fund, Inc."}),
        ("people role", {"person": "Rep cast", "organization": "ciw"}),
    ],
)
def test_a_form_decides_only_for_the_organization_that_it_named(desk, verb, path, change):
    form = desk.form(desk.reps["cast"], f"letter {verb}", letter="L-1", text=desk.text())
    name = desk.config.coalition.members["cast"].name
    desk.card(desk.admin, path, **change)
    desk.now += timedelta(hours=25)

    refused = send(desk, desk.reps["cast"], form, agree="yes", **HEAD)
    assert refused.what.startswith(f"This form was for {name}; you now act for ")
    assert records.sign_ons(desk.db, desk.letter().id) == {}


def test_no_in_the_form_signs_nothing_and_says_so(desk):
    card = desk.card(desk.reps["cast"], "letter sign", letter="L-1", agree="no", text=desk.text(), **HEAD)
    assert card.head == f"{desk.config.coalition.members['cast'].short} has not signed"
    assert decision(desk) is None


def test_the_organization_is_no_signatory_and_its_field_is_named(desk):
    own = {"signatory": desk.config.coalition.members["cast"].name, "title": "Director"}
    refused = desk.refused(desk.reps["cast"], "letter sign", letter="L-1", agree="yes", text=desk.text(), **own)
    assert refused.param == "signatory"
    assert decision(desk) is None


@pytest.mark.parametrize("path", ["sign", "decline"])
def test_a_text_that_has_changed_is_shown_and_neither_signed_nor_declined(desk, path):
    old = desk.text()
    edited(desk)
    card = desk.card(
        desk.reps["cast"], f"letter {path}", letter="L-1", agree="yes", text=old, **HEAD if path == "sign" else {}
    )
    assert card.head == "The text of L-001 has changed since you were shown it"
    assert decision(desk) is None


def test_what_is_out_of_date_is_not_signed(desk):
    outdated(desk)
    assert "other@alliance.test" in desk.untrue(
        desk.reps["cast"], "letter sign", letter="L-1", agree="yes", text=desk.text(), **HEAD
    )
    assert decision(desk) is None


@pytest.mark.parametrize("path", ["sign", "decline", "suggest"])
def test_at_the_moment_it_closes_a_letter_takes_no_decision(desk, path):
    desk.signs("cast")
    before = decision(desk)
    desk.now = desk.letter().closes_at - timedelta(minutes=1)  # asking takes a minute
    refused = desk.refused(desk.reps["cast"], f"letter {path}", letter="L-1")
    assert refused.what == "Sign-on for L-001 has closed. Write to the staff if you are late."
    assert decision(desk) == before


def test_who_represents_nobody_decides_nothing(desk):
    gone = desk.add("Gone", Role.REPRESENTATIVE, organisation="cast")
    members = {id_: each for id_, each in desk.config.coalition.members.items() if id_ != "cast"}
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"members": members}))
    assert not isinstance(desk.ask(gone, "letter decline", letter="L-1", agree="yes"), Reply)


# --- decline, take back, object ---------------------------------------------------------------------------------------


def test_a_refusal_is_asked_once_stored_with_its_reason_and_the_author_hears_of_it(desk):
    rep, short = desk.reps["cast"], desk.config.coalition.members["cast"].short
    form = desk.form(rep, "letter decline", letter="L-1", text=desk.text())
    assert (form.title, form.path, form.submit) == ("Decline L-001?", "letter decline", "Decline")
    assert [(field.param.name, field.label) for field in form.fields] == [("reason", "Why? (optional)")]
    named = desk.config.coalition.members["cast"].name
    assert form.fields[0].param.help.startswith(f"for {named[:30]}")
    assert dict(form.args) == {"letter": desk.letter().id, "text": desk.text(), "agree": "yes", "as": named}
    assert decision(desk) is None

    card = desk.card(rep, "letter decline", letter="L-1", agree="yes", reason="Our board has not met.")
    assert card.head == f"{short} declined to sign L-001"
    assert card.foot == "You can take it back until the letter is locked."
    stored = decision(desk)
    assert (stored.decision, stored.note, stored.digest) == (Decision.DECLINED, "Our board has not met.", desk.text())
    assert desk.changes()[-1].after == f"declined, text {desk.text()[:12]}"
    heard = desk.sent_to(desk.pol)[-1]
    assert (heard.head, heard.lines[0].text) == (card.head, "Reason: Our board has not met.")
    assert heard.mark is Mark.SIGN_ON
    assert "Our board" not in str(desk.sent_to(desk.admin))
    assert needs(desk, "declined") == {notices.STAFF_ONLY}
    assert desk.shown(desk.config.feeds.admin) == [], "the author heard of it"

    back = desk.card(rep, "letter unsign", letter="L-1")
    assert (back.head, decision(desk)) == (f"{short} withdrew its refusal", None)
    change = desk.changes()[-1]
    assert (change.subject, change.before, change.after) == ("L-001, cast", "declined", "no answer")
    assert "has not signed L-001" in desk.refused(rep, "letter unsign", letter="L-1").what


def test_a_reason_alone_is_enough_and_one_that_may_name_a_person_served_is_asked_about(desk):
    rep = desk.reps["cast"]
    asked = desk.form(rep, "letter decline", letter="L-1", reason="Call Maria at 202-456-1111, DOB 3/4/2009.")
    assert asked.fields[-1].param.name == "reason"
    assert decision(desk) is None
    desk.card(rep, "letter decline", letter="L-1", reason="No time.")
    assert decision(desk).note == "No time."


def test_a_signature_is_taken_back_once(desk):
    desk.signs("cast")
    card = desk.card(desk.reps["cast"], "letter unsign", letter="L-1")
    assert card.head == f"{desk.config.coalition.members['cast'].short} withdrew its signature"
    assert decision(desk).decision is Decision.WITHDRAWN
    assert desk.changes()[-1].after == f"withdrawn, text {desk.text()[:12]}"
    assert "has not signed L-001" in desk.refused(desk.reps["cast"], "letter unsign", letter="L-1").what


@pytest.mark.parametrize("stays_unlocked_by", ["a statement without a source", "a change in review"])
def test_a_signature_can_be_taken_back_until_the_lock_also_after_the_deadline(desk, stays_unlocked_by):
    if stays_unlocked_by == "a statement without a source":
        desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text="In 2019, 80 percent of them failed.")
        desk.approve()
    desk.signs("cast")
    desk.signs("hti")
    if stays_unlocked_by == "a change in review":
        desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text="Other words.")
    desk.compose(days=4)
    assert desk.letter().locked_at is None

    shown = desk.card(desk.reps["cast"], "letter show", letter="L-1")
    assert labels(shown)[0] == "Take back"
    taken = press(desk, desk.reps["cast"], shown, "Take back").card
    assert taken.head == f"{desk.config.coalition.members['cast'].short} withdrew its signature"
    assert decision(desk).decision is Decision.WITHDRAWN
    assert decision(desk, "hti").decision is Decision.SIGNED


def test_buttons_for_an_organization_do_nothing_for_the_one_that_its_representative_moved_to(desk):
    desk.signs("cast")
    (take_back,) = (button for button in desk.sent_to(desk.reps["cast"])[-1].buttons if button.label == "Take back")
    desk.card(desk.admin, "letter record", **BY_EMAIL | {"member": "truah"})
    (objects,) = (b for b in desk.sent_to(desk.reps["truah"])[-1].buttons if b.label == "We did not sign")
    desk.card(desk.admin, "letter record", **BY_EMAIL | {"member": "ciw"})
    for button, old, new in ((take_back, "cast", "truah"), (objects, "truah", "ciw")):
        moved = replace(desk.reps[old], organisation=new)
        with desk.db.write() as tx:
            people.change(tx, desk.reps[old], moved, by=None, now=desk.now)
        before = records.sign_ons(desk.db, desk.letter().id)
        refused = desk.refused(moved, button.path, **dict(button.args))
        assert refused.what == "That button was for an organization that you no longer act for. Nothing was done."
        assert records.sign_ons(desk.db, desk.letter().id) == before


def test_where_the_author_has_left_the_administrators_hear_of_a_refusal(desk):
    with desk.db.write() as tx:
        people.remove(tx, desk.pol, now=desk.now)
    desk.card(desk.reps["cast"], "letter decline", letter="L-1", agree="yes")
    (heard,) = desk.shown(desk.config.feeds.admin)
    assert heard.head.endswith("declined to sign L-001")
    assert heard.lines == (), "no reason was given"


def test_an_objection_while_the_letter_is_open_removes_the_signature(desk):
    desk.card(desk.admin, "letter record", **BY_EMAIL)
    rep, short = desk.reps["cast"], desk.config.coalition.members["cast"].short
    form = desk.form(rep, "letter object", letter="L-1")
    assert (form.title, form.submit) == ("We did not sign this", "Object")
    card = desk.card(rep, form.path, **dict(form.args), reason="Kay left in May.")
    assert card.head == f"{short}'s signature is removed from L-001"
    assert card.foot == "You can take it back until the letter is locked."
    assert decision(desk).decision is Decision.DECLINED
    for staff in (desk.pol, desk.admin):
        heard = desk.sent_to(staff)[-1]
        assert (heard.head, heard.lines[0].text) == (f"{short} declined to sign L-001", "Reason: Kay left in May.")
    assert "Staff recorded no signature" in desk.refused(rep, "letter object", letter="L-1", agree="yes").what


def test_a_note_of_staff_is_no_objection_whatever_its_words(desk):
    note = "says that it did not sign the first letter, but signs this one"
    desk.card(desk.admin, "letter record", **BY_EMAIL | {"note": note})
    desk.lock("L-1")
    assert decision(desk).note.startswith(note)
    assert "Under it, but says" not in words(desk.card(desk.bap, "letter show", letter="L-1"))


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        (State.LOCKED, "It has not been sent: /letter withdraw stops it, /letter duplicate starts it again."),
        (State.SENT, "Correct it with its recipients."),
        (State.WITHDRAWN, "Correct it with its recipients."),
    ],
)
def test_an_objection_to_a_letter_that_is_final_reaches_staff_and_leaves_it_as_it_is(desk, state, hint):
    desk.card(desk.admin, "letter record", **BY_EMAIL)
    signed = decision(desk)
    with desk.db.write() as tx:
        locked_at = None if state is State.WITHDRAWN else desk.now
        records.save(tx, replace(desk.letter(), state=state, locked_at=locked_at))
    card = desk.card(desk.reps["cast"], "letter object", letter="L-1", agree="yes", reason="Not ours.")
    assert (card.head, card.foot) == ("The staff have your objection", "The letter is locked as it is.")
    assert card.lines[1].text == f"1 of {len(desk.reps)} signed."
    assert decision(desk) == replace(signed, objected_at=desk.now)
    assert decision(desk).how == f"email: says that it did not sign; {signed.note}"
    named = "Under it, but says that it did not sign: Coalition to Abolish Slavery and Trafficking."
    assert named in words(desk.card(desk.bap, "letter show", letter="L-1"))
    assert named not in words(desk.card(desk.reps["cast"], "letter show", letter="L-1"))
    for staff in (desk.pol, desk.admin):
        heard = desk.sent_to(staff)[-1]
        short = desk.config.coalition.members["cast"].short
        assert heard.head == f"{short} objects to its signature under L-001, which is {state.value}"
        assert [line.text for line in heard.lines] == ["Reason: Not ours.", hint]
    change = desk.changes()[-1]
    assert (change.subject, change.before) == ("L-001, cast", "signed")
    assert change.after == "objects to the signature recorded for it"


def test_what_a_representative_signed_in_chat_is_no_record_of_staff(desk):
    desk.signs("cast")
    assert "Staff recorded no signature" in desk.refused(desk.reps["cast"], "letter object", letter="L-1").what


# --- suggest ----------------------------------------------------------------------------------------------------------


def test_a_suggestion_is_asked_for_and_reaches_the_author_with_buttons(desk):
    rep, short = desk.reps["cast"], desk.config.coalition.members["cast"].short
    form = desk.form(rep, "letter suggest", letter="L-1")
    assert (form.title, form.path, form.submit) == ("Suggest an edit", "letter suggest", "Send")
    assert dict(form.args) == {"letter": desk.letter().id}
    (field,) = form.fields
    assert (field.param.name, field.param.required, field.label) == ("suggestion", True, "What should change?")
    card = desk.card(rep, "letter suggest", letter="L-1", suggestion="Say “must”.\nNot “should”.")
    assert card.foot == "The author got it as a direct message."
    heard = desk.sent_to(desk.pol)[-1]
    assert heard.head == f"Rep cast ({short}) suggests an edit to L-001"
    assert "Say “must”." in words(heard)
    assert labels(heard) == ["Open", "Edit"]
    assert needs(desk, "suggestion") == {notices.STAFF_ONLY}
    change = desk.changes()[-1]
    assert (change.subject, change.before, change.after) == ("L-001", "", f"{short} suggests an edit")


def test_suggestions_of_one_person_end_for_the_day(desk):
    for n in range(20):
        desk.card(desk.reps["cast"], "letter suggest", letter="L-1", suggestion=f"Say “must” in line {n}.")
    refused = desk.refused(desk.reps["cast"], "letter suggest", letter="L-1", suggestion="Say “must”.")
    assert "too many requests like this one today" in refused.what
    desk.card(desk.reps["ciw"], "letter suggest", letter="L-1", suggestion="Say “must”.")


def test_a_suggestion_that_may_name_a_person_served_is_asked_about(desk):
    before = desk.sent_to(desk.pol)
    asked = desk.form(
        desk.reps["cast"], "letter suggest", letter="L-1", suggestion="Call Maria at 202-456-1111, DOB 3/4/2009."
    )
    assert [field.initial for field in asked.fields][-1] == "Call Maria at 202-456-1111, DOB 3/4/2009."
    assert desk.sent_to(desk.pol) == before


def test_a_suggestion_whose_author_has_left_says_so(desk):
    with desk.db.write() as tx:
        people.remove(tx, desk.pol, now=desk.now)
    card = desk.card(desk.reps["cast"], "letter suggest", letter="L-1", suggestion="Say “must”.")
    assert card.foot == "Its author has left: tell the staff yourself."


# --- by a link in a mail ----------------------------------------------------------------------------------------------


def test_by_a_link_in_a_mail_a_text_is_decided_once_and_its_person_is_told(desk):
    mailbox, short = by_mail(desk), desk.config.coalition.members["cast"].short
    desk.card(mailbox, "letter sign", letter="L-1", agree="yes", text=desk.text(), **HEAD)
    (receipt,) = receipts(desk)
    assert f"{short} has signed L-001" in receipt
    assert "If it was not you, take it back" in receipt
    assert "Take back" in receipt
    assert from_json(receipt).mark is Mark.SIGN_ON
    signed = decision(desk)
    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")
    for path, args in (("sign", {"agree": "yes", "text": desk.text(), **HEAD}), ("decline", {"agree": "yes"})):
        refused = desk.refused(mailbox, f"letter {path}", letter="L-1", **args)
        assert refused.what.startswith(f"{short} has decided on this text already: withdrawn.")
    assert decision(desk).decision is Decision.WITHDRAWN
    assert signed.decision is Decision.SIGNED


def test_a_link_in_a_mail_decides_on_a_new_text(desk):
    mailbox = by_mail(desk)
    desk.card(desk.reps["cast"], "letter decline", letter="L-1", agree="yes")
    edited(desk)
    desk.card(mailbox, "letter sign", letter="L-1", agree="yes", text=desk.text(), **HEAD)
    assert decision(desk).counts(desk.letter().version)
