"""The lock's question, exports and their names, and the log of what was sent and answered."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.commands.model import Reply
from bot.letters import records
from bot.letters.documents import publish
from bot.letters.lifecycle import State
from bot.shared.calendar import business_day_after
from bot.shared.card import Mark
from tests.kit.board import words
from tests.kit.letters_desk import labels


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def to_two(desk, state: State = State.APPROVED):
    """The letter with a second addressee, as it stands in this state."""
    letter = desk.letter()
    text = replace(letter.version.texts[0], to=(*letter.version.texts[0].to, "office:bja"))
    two = replace(letter, state=state, version=replace(letter.version, number=2, texts=(text,)))
    with desk.db.write() as tx:
        records.add_version(tx, letter.id, two.version)
        records.save(tx, two)
    return desk.letter()


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_the_lock_asks_once_more_and_says_who_has_not_answered(desk):
    desk.opened()
    members = desk.config.coalition.members
    assert "Declined" not in desk.card(desk.pol, "letter lock", letter="L-1").lines[0].text
    desk.signs("cast")
    desk.card(desk.reps["hti"], "letter decline", letter="L-1", agree="yes", text=desk.text())
    asked = desk.card(desk.pol, "letter lock", letter="L-1")
    first = asked.lines[0].text
    assert first.startswith(f"1 of {len(members)} signed. Declined: {members['hti'].short or members['hti'].name}.")
    assert "Waiting for " in first
    assert asked.lines[1].text == "After that, neither the text nor the signatures can change."
    assert labels(asked) == ["Lock it", "Remind"]
    assert asked.foot == f"Text {desk.text()[:12]} · version 1"

    for id_ in members.keys() - {"cast", "hti"}:
        desk.signs(id_)
    assert "Every member has answered." in desk.card(desk.pol, "letter lock", letter="L-1").lines[0].text


def test_a_locked_letter_has_its_moment_its_cards_and_a_line_in_the_audit(desk):
    desk.opened()
    desk.signs("cast")
    answer = desk.lock()
    assert answer.head.startswith("L-001 is locked: 1 of ")
    assert (labels(answer), answer.mark) == (["Open"], Mark.LETTER)
    assert desk.letter().locked_at == desk.now
    assert desk.shown(desk.config.coalition.letters.channel)[-1].head.startswith("L-001 locked")
    change = desk.changes()[-1]
    assert (change.subject, change.before) == ("L-001", "open for sign-on")
    assert change.after.startswith(f"locked, text {desk.text()[:12]}, 1 of ")


def test_the_names_under_a_locked_letter_never_change(desk):
    """Of a signature that an older version stored, the lock stores the name."""
    desk.opened()
    desk.signs("cast")
    desk.signs("hti")
    with desk.db.write() as tx:
        tx.execute("UPDATE signature SET legal_name = '' WHERE organisation = 'cast'")
        tx.execute("UPDATE signature SET legal_name = 'As It Was, Inc.' WHERE organisation = 'hti'")
    desk.lock()
    signed = records.sign_ons(desk.db, desk.letter().id)
    assert signed["cast"].legal_name == desk.config.coalition.members["cast"].name
    assert signed["hti"].legal_name == "As It Was, Inc."


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "is_mail"),
    [(State.DRAFT, False), (State.REVIEW, False), (State.APPROVED, True), (State.LOCKED, True),
     (State.WITHDRAWN, False)],
)  # fmt: skip
def test_a_mail_is_drafted_of_an_approved_letter_alone(desk, state, is_mail):
    desk.approved()
    with desk.db.write() as tx:
        records.save(tx, replace(desk.letter(), state=state))
    answer = desk.ask(desk.pol, "letter export", letter="L-1", as_="eml")
    if is_mail:
        assert answer.file.media_type == "message/rfc822"
    else:
        assert answer.param == "as"
        assert answer.what.startswith(f"L-001 is {state.value}. Only an approved letter")


@pytest.mark.long
def test_a_letter_to_several_is_exported_to_the_first_and_a_button_makes_one_for_each(desk):
    desk.approved()
    to_two(desk)
    pdf = desk.ask(desk.pol, "letter export", letter="L-1")
    assert pdf.file.data.startswith(b"%PDF")
    assert "this is the first of 2." in words(pdf.card)
    assert [(button.label, button.path) for button in pdf.card.buttons] == [("One for each", "letter merge")]


@pytest.mark.long
def test_an_export_says_how_it_is_edited_in_word_only_to_who_may_and_while_it_may_be(desk):
    desk.opened()
    docx = desk.ask(desk.pol, "letter export", letter="L-1", as_="docx")
    assert "To edit it, change the subject and the text in Word" in words(docx.card)
    assert labels(docx.card) == ["Upload it"]
    assert docx.card.foot.endswith(" · not locked: text and signatures can still change")
    assert (docx.card.head, docx.card.mark) == ("L-001, version 1, as DOCX", Mark.LETTER)
    others = [(desk.reps["cast"], "docx"), (desk.pol, "txt")]
    desk.signs("cast")
    answers = [desk.ask(who, "letter export", letter="L-1", as_=kind) for who, kind in others]
    desk.lock()
    answers.append(desk.ask(desk.pol, "letter export", letter="L-1", as_="docx"))
    assert [labels(each.card) for each in answers] == [[]] * 3
    assert not any("in Word" in words(each.card) for each in answers)
    assert answers[-1].card.foot == f"Locked · text {desk.text()[:12]}"


def test_the_table_of_signatures_has_staff_s_notes_for_staff_alone(desk):
    desk.opened()
    desk.records("polaris", evidence="spoken", note="a call with their director")
    desk.signs("cast")
    of_staff, of_rep = (
        {row["member"]: row for row in rows(desk.file(who, letter="L-1", as_="csv").data)}
        for who in (desk.pol, desk.reps["cast"])
    )
    assert of_staff["polaris"]["how"] == "spoken: a call with their director, recorded by Pol"
    assert of_rep["polaris"]["how"] == "recorded: spoken"
    assert of_staff["cast"] == of_rep["cast"]
    assert of_rep["cast"] == {
        "organization": desk.config.coalition.members["cast"].name, "member": "cast", "signatory": "Head of cast",
        "title": "Director", "how": "in chat", "on": "2026-11-24", "text": desk.text(),
    }  # fmt: skip


@pytest.mark.parametrize(("locked", "kinds"), [(False, ["docx", "pdf"]), (True, ["docx", "pdf", "csv"])])
def test_the_documents_that_are_posted_have_the_signatures_once_these_are_final(desk, locked, kinds):
    desk.opened()
    desk.records("polaris", evidence="spoken", note="a call with their director")
    if locked:
        desk.lock()
    files, why_not = publish.documents(desk.db, desk.config, desk.letter(), desk.now)
    assert [file.name.rpartition(".")[2] for file in files] == kinds
    assert why_not == ""
    assert not locked or b"a call with their director" not in files[-1].data


def test_documents_that_cannot_be_made_come_with_the_reason(desk, tmp_path):
    letter = desk.opened()
    (tmp_path / "broken").mkdir()
    broken = replace(desk.config, folder=tmp_path / "broken")
    files, why_not = publish.documents(desk.db, broken, letter, desk.now)
    assert files == ()
    assert why_not.startswith("Its documents could not be rendered: ")


def test_the_file_of_a_letter_is_called_final_from_its_lock_on(desk):
    letter = desk.drafted()
    names = {state: publish.file_name(replace(letter, state=state)) for state in State}
    final = {state for state, name in names.items() if name.startswith("L-001-final-")}
    assert final == {State.LOCKED, State.SENT, State.ANSWERED, State.CLOSED}
    assert {names[state] for state in set(State) - final} == {names[State.DRAFT]}


def test_a_letter_whose_subject_has_no_letters_is_called_a_letter(desk):
    letter = desk.drafted()
    (text,) = letter.version.texts
    odd = replace(letter.version, texts=(replace(text, written=replace(text.written, subject="???")),))
    assert publish.file_name(replace(letter, version=odd)) == "L-001-draft-v1-letter"


def test_staff_s_table_has_every_locked_letter_and_its_mail_and_no_draft(desk):
    desk.locked("cast")
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    desk.drafted()
    answer = desk.ask(desk.pol, "letter export")
    assert answer.card.head == "1 letter and who signed them, by quarter and member"
    assert answer.card.foot.startswith("For your counsel.")
    assert answer.card.mark is Mark.LETTER
    assert answer.file.name == "letters-by-quarter.csv"
    assert answer.file.media_type == "text/csv"
    assert [row["what"] for row in rows(answer.file.data)] == ["sent", "signed"]
    theirs = desk.ask(desk.reps["cast"], "letter export")
    assert theirs.card.head == "1 letter that you signed, by quarter"
    assert [row["what"] for row in rows(theirs.file.data)] == ["signed"]
    assert desk.ask(desk.reps["hti"], "letter export").card.head == "0 letters that you signed, by quarter"
    desk.locked("cast")
    assert desk.ask(desk.pol, "letter export").card.head.startswith("2 letters")
    desk.card(desk.pol, "letter withdraw", letter="L-3", agree="yes", why="wrong office")
    assert desk.ask(desk.pol, "letter export").card.head.startswith("1 letter and")


# --- mail -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_taken"), [("0", False), ("1", True), ("250", True), ("251", False)])
def test_a_follow_up_is_within_a_year_of_business_days(desk, days, is_taken):
    desk.locked("cast")
    answer = desk.ask(desk.pol, "letter sent", letter="L-1", via="post", **{"follow-up": days})
    assert isinstance(answer, Reply) is is_taken
    assert is_taken or answer.param == "follow-up"


def test_what_was_sent_is_logged_with_who_how_and_when(desk):
    desk.locked("cast")
    card = desk.card(desk.pol, "letter sent", letter="L-1", via="post", on="Nov 20", note="By courier.")
    assert card.head == "Logged: L-001 sent by post on Fri Nov 20, 2026"
    assert (labels(card), card.mark) == (["Log an answer"], Mark.LETTER)
    assert desk.letter().state is State.SENT
    (mail,) = records.mail(desk.db, desk.letter().id)
    assert (mail.kind, mail.how, mail.note, mail.on) == ("sent", "post", "By courier.", date(2026, 11, 20))
    assert (mail.follow_up_on, mail.person, mail.at) == (date(2026, 12, 7), desk.pol.id, desk.now)
    change = desk.changes()[-1]
    assert (change.subject, change.before, change.after) == ("L-001", "locked", "sent on 2026-11-20")


def test_an_answer_is_logged_with_its_words_and_then_the_letter_is_closed(desk):
    desk.locked("cast")
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    card = desk.card(desk.pol, "letter reply", letter="L-1", what="They will meet us.")
    assert (card.head, card.lines[0].text) == ("Logged: an answer to L-001, Tue Nov 24, 2026", "They will meet us.")
    assert (labels(card), card.mark) == (["Close", "Record a promise"], Mark.LETTER)
    assert desk.letter().state is State.ANSWERED
    assert [each.note for each in records.mail(desk.db, desk.letter().id)] == ["", "They will meet us."]
    closed = desk.card(desk.pol, "letter close", letter="L-1")
    assert (closed.head, closed.mark) == ("L-001 is closed", Mark.LETTER)
    assert desk.letter().state is State.CLOSED
    change = desk.changes()[-1]
    assert (change.subject, change.before, change.after) == ("L-001", "answered", "closed")


def test_what_two_people_log_alike_is_in_the_log_once(desk):
    """The table for counsel lists each mailing, and each is followed up."""
    desk.locked("cast")
    for path, args in (("sent", {"via": "post"}), ("reply", {"what": "They will meet us."})):
        logged, audited = len(records.mail(desk.db, desk.letter().id)), len(desk.changes())
        desk.card(desk.pol, f"letter {path}", letter="L-1", **args)
        again = desk.refused(desk.admin, f"letter {path}", letter="L-1", **args)
        assert again.what == "That is logged already. To log another of that day, add a note or use other words."
        assert len(records.mail(desk.db, desk.letter().id)) == logged + 1
        assert len(desk.changes()) == audited + 1
        desk.card(desk.admin, f"letter {path}", letter="L-1", **args, on="Nov 20")
    desk.card(desk.admin, "letter sent", letter="L-1", via="post", note="To the counsel, too.")


@pytest.mark.parametrize("path", ["sent", "reply"])
def test_a_note_that_may_name_a_person_served_is_asked_about_and_not_yet_logged(desk, path):
    desk.locked("cast")
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    name = "note" if path == "sent" else "what"
    via = {"via": "post"} if path == "sent" else {}
    answer = desk.ask(desk.pol, f"letter {path}", letter="L-1", **via, **{name: "Call 202-456-1111, DOB 3/4/2009."})
    assert answer.form is not None
    assert len(records.mail(desk.db, desk.letter().id)) == 1


@pytest.mark.parametrize(("days", "is_taken"), [(3_650, True), (3_651, False)])
def test_no_mail_is_logged_of_more_than_ten_years_ago(desk, days, is_taken):
    desk.locked("cast")
    on = (desk.now.date() - timedelta(days=days)).isoformat()
    answer = desk.ask(desk.pol, "letter sent", letter="L-1", via="post", on=on)
    assert isinstance(answer, Reply) is is_taken
    assert is_taken or answer.param == "on"


def test_a_reminder_is_promised_only_while_no_answer_is_logged(desk):
    desk.locked("cast")
    late = desk.card(desk.pol, "letter sent", letter="L-1", via="post", on="2026-11-16")
    assert late.lines[0].text.startswith(
        "Follow-up on Tue Dec 1, 2026, 10 business days later: the bot will remind you"
    )
    desk.card(desk.pol, "letter reply", letter="L-1", what="They will meet us.")
    again = desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    assert [line.text for line in again.lines] == ["An answer is logged: there is no reminder."]
    desk.compose(days=40)
    assert not any("no answer is logged" in card.head for card in desk.sent_to(desk.pol))


@pytest.mark.parametrize(
    ("on", "days", "after"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 12, 1)),
    ],
)
def test_business_days_leave_out_weekends_and_federal_holidays(on, days, after):
    assert business_day_after(on, days) == after


def test_a_letter_that_is_out_of_date_is_neither_locked_nor_exported_before_it_is_sent(desk):
    desk.opened()
    desk.signs("cast")
    before = desk.config
    desk.config = replace(before, coalition=before.coalition.model_copy(update={"contact": "other@alliance.test"}))
    for args in ({}, {"text": desk.text()}):
        assert "other@alliance.test" in desk.untrue(desk.pol, "letter lock", letter="L-1", **args)
    assert "other@alliance.test" in desk.untrue(desk.pol, "letter export", letter="L-1")
    assert "contact" in publish.documents(desk.db, desk.config, desk.letter(), desk.now)[1]
    assert desk.file(desk.pol, letter="L-1", as_="csv").name.endswith(".csv"), "the signatures are as they are"
    with desk.db.write() as tx:
        records.save(tx, replace(desk.letter(), state=State.SENT))
    assert desk.file(desk.pol, letter="L-1", as_="txt").data


def test_a_letter_that_was_locked_without_sign_on_is_there_for_the_members(desk):
    desk.approved()
    assert "does not exist" in desk.refused(desk.reps["cast"], "letter show", letter="L-1").what
    desk.lock()
    assert desk.card(desk.reps["cast"], "letter show", letter="L-1").head.startswith("L-001")


def test_a_locked_letter_says_what_the_coalition_and_its_addressee_were_when_it_was_locked(desk):
    desk.approved()
    desk.lock()
    before = desk.file(desk.pol, letter="L-1", as_="txt").data
    phone = desk.config.coalition.phone
    with desk.db.write() as tx:
        records.save(tx, replace(desk.letter(), state=State.SENT))
    offices = desk.config.coalition.offices
    moved = offices["ovc"].model_copy(update={"block": ("Elsewhere", "Reno, NV 89501")})
    changed = {"phone": "202-456-0199", "offices": offices | {"ovc": moved}}
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update=changed))
    answer = desk.ask(desk.pol, "letter export", letter="L-1", as_="txt")
    assert answer.file.data == before
    assert phone.encode() in before


def test_a_placeholder_is_refused_with_its_own_sentence_of_the_paragraph(desk):
    desk.drafted()
    text = "We wrote to you in May. You can reach us at campaign@example.org today. We thank you."
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text=text, sure="yes")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    refused = desk.refused(desk.pol, "letter lock", letter="L-1").what
    assert "in “You can reach us at campaign@example.org today.” Edit that sentence" in refused


@pytest.mark.parametrize(("less", "is_file"), [(0, True), (1, False)])
def test_what_is_larger_than_a_chat_takes_is_refused(desk, monkeypatch, less, is_file):
    desk.approved()
    size = len(desk.file(desk.pol, letter="L-1", as_="txt").data)
    monkeypatch.setattr(publish, "LARGEST_FILE", size - less)
    answer = desk.ask(desk.pol, "letter export", letter="L-1", as_="txt")
    assert isinstance(answer, Reply) is is_file
    assert is_file or "a chat takes 10 MB" in answer.what


def test_a_document_that_cannot_be_made_is_refused_with_the_reason(desk, tmp_path):
    desk.approved()
    broken = tmp_path / "broken"
    shutil.copytree(desk.config.folder / "templates", broken / "templates")
    (broken / "templates" / "letter.typ").unlink(missing_ok=True)
    (broken / "templates" / "letter.typ").symlink_to(tmp_path / "elsewhere")
    desk.config = replace(desk.config, folder=broken)
    refused = desk.refused(desk.pol, "letter export", letter="L-1", as_="pdf")
    assert "letter.typ" in refused.what
