"""A letter's life, as people live it: drafted, changed, approved, signed, locked, sent, answered."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Refusal, Reply, Role
from bot.config.coalition import Holder
from bot.letters import lookup, notices, records
from bot.letters.documents import publish
from bot.letters.lifecycle import State
from bot.letters.sheet import folded
from bot.ops.retention import forget
from bot.outbox.messages import may_read
from bot.shared.entry import Agency
from bot.shared.wording import slug
from tests.kit.board import words
from tests.kit.letters_desk import GRANTS, NEW, REQUEST, UNTIL, Desk, config, labels

ALLIES = "organization,signatory,title,evidence,note"


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_a_press_on_an_alert_opens_the_form_filled_in(desk):
    saved = desk.bring(GRANTS)[0]
    form = desk.form(desk.pol, "letter draft", entry=saved.id)

    filled = {field.param.name: field.initial for field in form.fields}
    there = {name: initial for name, initial in filled.items() if initial}
    assert there == {"template": "public-comment", "to": "office:cbp", "ask": "4"}
    assert form.args == {"entry": saved.id}


def test_an_alert_of_an_agency_without_an_office_offers_to_add_it_or_to_write_to_another(desk):
    ask = desk.config.coalition.asks[1].model_copy(update={"text": "The SCC should publish its rules."})
    coalition = desk.config.coalition.model_copy(update={"asks": desk.config.coalition.asks | {1: ask}})
    desk.config = replace(desk.config, coalition=coalition)
    shells = Agency("Sea Cave Commission", "sea-cave-commission", "labor-department")
    saved = desk.bring(replace(GRANTS, agencies=(shells, Agency("Labor Department", "labor-department"))))[0]

    card = desk.card(desk.pol, "letter draft", entry=saved.id)

    assert card.head == "No address is known of the Sea Cave Commission, which published it"
    assert labels(card) == ["Write to the Secretary of Labor", "Write to another"]
    assert "An administrator can add it" in words(card)
    to_labor, another = (desk.form(desk.pol, button.path, **dict(button.args)) for button in card.buttons)
    assert {field.param.name: field.initial for field in to_labor.fields}["to"] == "office:labor"
    assert another.args == {"entry": saved.id}

    add = desk.card(desk.admin, "letter draft", entry=saved.id).buttons[0]
    form = desk.form(desk.admin, add.path, **dict(add.args))
    filled = {field.param.name: field.initial for field in form.fields if field.initial}
    assert filled == {
        "full-name": "Sea Cave Commission", "address": "Sea Cave Commission", "part-of": "labor",
        "agencies": "sea-cave-commission", "also": "SCC",
    }  # fmt: skip
    typed = {"full-name": "the Chair, Sea Cave Commission", "address": "Chair", "salutation": "Dear Chair:"}
    desk.card(desk.admin, form.path, **dict(form.args), **typed)  # as on Discord, which shows five fields

    assert desk.form(desk.pol, "letter draft", entry=saved.id).fields[1].initial.startswith("office:")
    assert desk.config.coalition.asks[1].text == "The SCC should publish its rules."


def test_an_alert_of_one_ask_gives_the_ask_to_a_letter_that_needs_it(desk):
    entry = desk.bring(GRANTS)[0]
    card = desk.card(desk.pol, "letter fill", template="agency-request", to="cbp", entry=entry.id, **REQUEST)

    assert card.head.startswith("Draft L-001 v1")
    assert card.badge == "Ask 4"


def test_the_office_that_an_ask_names_is_offered_as_its_addressee(desk):
    coalition = desk.config.coalition
    ask = coalition.asks[4].model_copy(update={"text": "The Office of Justice Programs and OVC should publish."})
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"asks": coalition.asks | {4: ask}}))

    form = desk.form(desk.pol, "letter draft", template="agency-request", ask="4")

    assert {field.param.name: field.initial for field in form.fields}["to"] == "office:ojp"


def test_a_draft_has_a_number_no_empty_field_and_what_can_be_done_next(desk):
    card = desk.card(desk.pol, "letter draft", **NEW)

    assert re.fullmatch(r"Draft L-001 v1, \d{3} words, no blanks", card.head)
    assert labels(card) == ["Open", "Edit", "Request approval", "DOCX"]
    assert desk.drafted().number == 2


def test_a_draft_says_the_next_command(desk):
    assert desk.card(desk.pol, "letter draft", **NEW).foot.endswith("Next: /letter review L-001 to request approval.")


def test_a_draft_s_file_and_the_final_one_have_different_names(desk):
    letter = desk.drafted()
    subject = slug(folded(letter.version.subject), 40)

    assert publish.file_name(letter) == f"L-001-draft-v1-{subject}"
    assert publish.file_name(replace(letter, state=State.APPROVED)) == f"L-001-draft-v1-{subject}"
    assert publish.file_name(replace(letter, state=State.LOCKED)) == f"L-001-final-{subject}"


def test_a_draft_from_an_alert_appears_in_its_thread_with_its_documents(desk):
    saved = desk.bring(GRANTS)[0]
    desk.drafted(entry=saved.id)
    desk.compose()

    channel = next(iter(desk.config.feeds.channels))
    (card,) = desk.shown(channel)
    assert card.head.startswith("Draft L-001 v1")
    assert [name.partition(".")[2] for name in desk.files(channel)[0]] == ["docx", "pdf"]
    threads = {row["thread"] for row in desk.db.read("SELECT thread FROM delivery WHERE channel = :c", {"c": channel})}
    assert len(threads) == 1
    assert "2026-00001" in words(desk.card(desk.pol, "letter show", letter="L-1"))


def test_the_reason_of_an_ask_is_in_the_form_for_the_author_to_correct(desk):
    coalition = desk.config.coalition
    ask = coalition.asks[4].model_copy(update={"because": "It costs lives."})
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"asks": coalition.asks | {4: ask}}))

    form = desk.form(desk.pol, "letter draft", template="agency-request", to="cbp", ask="4")

    assert {field.label: field.initial for field in form.fields}["Why"] == "It costs lives."


def test_the_form_has_the_ask_to_reword_only_where_its_grammar_did_not_allow_you(desk):
    coalition = desk.config.coalition

    def worded(text: str, to: str) -> str:
        ask = coalition.asks[4].model_copy(update={"text": text})
        desk.config = replace(desk.config, coalition=coalition.model_copy(update={"asks": coalition.asks | {4: ask}}))
        form = desk.form(desk.pol, "letter draft", template="agency-request", to=to, ask="4")
        return {field.label: field.initial for field in form.fields}["Wording"]

    assert worded("CBP should publish its findings.", "cbp") == ""
    assert worded("Importers should publish their findings.", "cbp") == "that importers publish their findings"
    assert worded("CBP should publish its findings.", "cbp, ovc") == ""  # a text of its own for each


def test_what_a_template_asks_for_is_asked_for(desk):
    form = desk.form(desk.pol, "letter draft", template="nofo-concern", to="ovc", ask="1")
    assert [field.label for field in form.fields] == ["Program", "Requires", "Quote", "Closes", "Figures"]

    answers = {"field-1": "ECM", "field-2": form.fields[1].param.choices[0].value, "field-3": "A letter is needed.",
               "field-4": "2027-01-12"}  # fmt: skip
    card = desk.card(desk.pol, form.path, **dict(form.args), **answers)
    assert card.head.startswith("Draft L-001 v1")
    wrong = desk.refused(desk.pol, form.path, **dict(form.args), **(answers | {"field-4": "soon"}))
    assert "is not a date" in wrong.what


def test_a_statement_goes_to_the_press_and_asks_for_no_addressee(desk):
    answers = {
        f"field-{n}": text for n, text in enumerate(("A law works", "Washington", "It does.", "We know.", "Ada"), 1)
    }
    desk.card(desk.pol, "letter fill", template="press-statement", **answers)

    assert desk.letter().version.addressees == ("press",)
    sentence = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    assert "A law works\n\n" in sentence
    assert "It does." in sentence
    assert "Sincerely" not in sentence
    back = desk.file(desk.pol, letter="L-1", as_="docx").data
    same = desk.hand(desk.pol, "letter upload", back, name="L-001.docx", letter="L-1")
    assert same.what == "Nothing changed: this is the current text."


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"to": "nobody at all"}, "to"),
        ({"ask": "12"}, "ask"),
        ({"template": "../secrets"}, "template"),
        ({"entry": "2031-99999"}, "entry"),
    ],
)
def test_what_is_not_there_is_refused_at_its_field_and_nothing_is_kept(desk, wrong, param):
    assert desk.refused(desk.pol, "letter draft", **(NEW | wrong)).param == param
    assert desk.card(desk.pol, "letter list").head == "No letters yet"


def test_what_a_person_writes_is_text_and_never_a_template(desk):
    desk.drafted(occasion="{{ 7 * 7 }} {% for x in y %}")
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()

    assert "{{ 7 * 7 }} {% for x in y %}" in text
    assert "it still has to be filled in" in desk.refused(desk.pol, "letter review", letter="L-1").what.lower()


def test_what_makes_it_timely_is_asked_once_and_never_lost(desk):
    timely, asked = "The new notice is out.", {"to": "ovc", "ask": "1"}
    first = desk.form(desk.pol, "letter draft", template="agency-request", ask="1")
    assert "What makes it timely" in [field.label for field in first.fields]
    second = desk.form(desk.pol, "letter draft", template="agency-request", occasion=timely, **asked)
    assert "Occasion" not in [field.label for field in second.fields]
    desk.card(desk.pol, second.path, **dict(second.args), **REQUEST)
    assert timely in desk.file(desk.pol, letter="L-1", as_="txt").data.decode()

    without = desk.form(desk.pol, "letter draft", template="agency-request", **asked)
    assert "Occasion" in [field.label for field in without.fields]
    refused = desk.refused(desk.pol, "letter draft", template="nofo-concern", occasion=timely, **asked)
    assert (refused.param, "no place for what makes it timely" in refused.what) == ("occasion", True)


def test_what_may_lead_to_a_survivor_is_asked_about_and_only_that_is_written_down(desk):
    form = desk.form(desk.pol, "letter draft", **NEW, occasion="Call Jane at 212-555-0100.")
    assert form.fields[0].param.help == "This seems to contain a phone number."
    assert desk.card(desk.pol, "letter list").head == "No letters yet"

    filled = {field.param.name: field.initial for field in form.fields if field.initial}
    desk.card(desk.pol, form.path, **dict(form.args), **(filled | {"sure": "yes"}))
    assert "212-555-0100" in desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    audit = [change.after for change in desk.changes()]
    assert any("confirmed that it identifies no one who is served" in each for each in audit)
    assert "555" not in str(audit)


# --- changing ---------------------------------------------------------------------------------------------------------


def test_a_reason_and_evidence_are_looked_through_before_others_see_them(desk):
    name = desk.opened().name
    given = {"evidence": "email", "signatory": "Sam Roe", "title": "Director", "note": "her client, 212-555-0100"}
    asked = desk.form(desk.pol, "letter record", letter=name, member="cast", **given)
    assert "a phone number" in asked.fields[0].param.help
    table = f"{ALLIES}\nNew Day,Al,CEO,spoken,call 212-555-0100".encode()
    assert "a phone number" in desk.hand(desk.pol, "letter allies", table, letter=name).form.fields[0].param.help
    assert desk.hand(desk.pol, "letter allies", table, letter=name, sure="yes").card
    asked = desk.form(desk.pol, "letter withdraw", letter=name, why="her client 212-555-0100 objects", sure="no")
    assert "a phone number" in asked.fields[0].param.help
    assert (desk.letter().state, desk.sent_to(desk.reps["cast"])[-1].head[:14]) == (State.OPEN, "Please sign by")

    sent = {field.param.name: field.initial for field in asked.fields if field.initial} | dict(asked.args)
    desk.card(desk.pol, asked.path, **sent | {"why": "They object.", "agree": "yes"})
    assert desk.letter().state is State.WITHDRAWN


def test_the_reason_for_a_withdrawal_is_there_still_when_one_is_asked_once_more(desk):
    desk.opened()
    desk.signs("cast")
    form = desk.form(desk.pol, "letter withdraw", letter="L-1", why="The office has closed.")
    assert desk.letter().state is State.OPEN
    desk.card(desk.pol, form.path, **dict(form.args), why=form.fields[1].initial, agree="yes")
    assert "Why: The office has closed." in words(desk.sent_to(desk.reps["cast"])[-1])


def shortened(desk):
    """A letter that a form has room for."""
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-1", text="The office owes its loyalty to all.\n\n- One.\n- Two.")
    return desk.letter()


def test_a_short_letter_is_edited_as_a_whole_and_comes_back_as_it_was(desk):
    letter = shortened(desk)
    form = desk.form(desk.pol, "letter edit", letter="L-1")
    text = form.fields[1].initial

    same = desk.refused(desk.pol, "letter edit", **dict(form.args), text=text)
    assert same.what == "Nothing changed: this is the current text."
    card = desk.card(desk.pol, "letter edit", **dict(form.args), text=text.replace("owes its loyalty", "owes loyalty"))
    assert card.head.startswith("Draft L-001 v3")
    assert "Removed “its”" in words(card)
    assert desk.letter().version.digest != letter.version.digest


def test_staff_see_the_numbers_by_which_paragraphs_are_edited(desk):
    desk.opened()
    parts = desk.letter().version.texts[0].written.body
    shown = [line.text for line in desk.card(desk.pol, "letter show", letter="L-1").lines]
    numbered = [line for line in shown if line.startswith("[")]
    assert [line.partition(" ")[0] for line in numbered] == [f"[{n}]" for n in range(1, len(parts) + 1)]
    second = desk.form(desk.pol, "letter edit", letter="L-1", paragraph="2").fields[0].initial
    assert numbered[1].startswith(f"[2] {second[:40]}")
    assert not [line for line in desk.card(desk.reps["cast"], "letter show", letter="L-1").lines if line.text[0] == "["]


def test_one_paragraph_is_changed_parted_and_taken_out(desk):
    before = len(desk.drafted().version.texts[0].written.body)
    form = desk.form(desk.pol, "letter edit", letter="L-1", paragraph="2")
    assert form.fields[0].initial == desk.letter().version.texts[0].written.body[1].text

    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="One.\n\nTwo.")
    assert len(desk.letter().version.texts[0].written.body) == before + 1
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="-")
    assert len(desk.letter().version.texts[0].written.body) == before
    assert "1 to" in desk.refused(desk.pol, "letter edit", letter="L-1", paragraph="99", text="x").what


def test_simultaneous_edits_lose_no_change(desk):
    shortened(desk)
    form = desk.form(desk.pol, "letter edit", letter="L-1")
    desk.card(desk.admin, "letter edit", letter="L-1", paragraph="1", text="Mine.")

    late = desk.refused(desk.pol, "letter edit", **dict(form.args), text="Yours.")
    assert "Ada saved version 3 in the meantime" in late.what
    assert desk.letter().version.texts[0].written.body[0].text == "Mine."


def test_a_paragraph_is_chosen_from_the_text_that_was_shown(desk):
    """Of a letter too long for a form: the numbers are those of the version that offered them."""
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text="Long words. " * 400)
    chooser = desk.form(desk.pol, "letter edit", letter="L-1")
    assert [field.param.name for field in chooser.fields] == ["paragraph"]
    desk.card(desk.admin, "letter edit", letter="L-1", paragraph="1", text="-")

    late = desk.refused(desk.pol, "letter edit", **dict(chooser.args), paragraph="2")
    assert "Ada saved version 3 in the meantime" in late.what


def test_two_versions_are_compared_in_words(desk):
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-1", subject="Let providers apply alone")
    card = desk.card(desk.pol, "letter changes", letter="L-1")

    assert card.head == "L-001: version 2 against version 1"
    assert "became “" in words(card) or "Removed “" in words(card)
    assert "by Pol" in card.byline


def test_a_paste_of_two_megabytes_is_refused_in_plain_words(desk):
    desk.drafted()
    refusal = desk.refused(desk.pol, "letter edit", letter="L-1", text="x" * 2_000_000)

    assert refusal.what == "text is too long: 2,000,000 characters of at most 40,000."
    assert desk.letter().version.number == 1


# --- approval ---------------------------------------------------------------------------------------------------------


def test_approvers_are_asked_and_see_what_it_is_as_lobbying(desk):
    desk.drafted()
    card = desk.card(desk.pol, "letter review", letter="L-1")
    assert "2 approvers asked." in words(card)

    (asked,) = desk.sent_to(desk.app)
    assert asked.head.startswith("Please approve L-001")
    assert "Not legal advice." in words(asked)
    form = desk.form(desk.app, "letter approve", letter="L-1")
    assert "Not legal advice." in form.fields[0].param.help


def test_a_request_for_approval_reaches_only_those_who_are_approvers_at_delivery(desk):
    desk.drafted()
    desk.card(desk.admin, "people role", person=desk.app.id, give="press")  # and keeps that one
    desk.card(desk.pol, "letter review", letter="L-1")

    row = desk.db.read("SELECT channel, needs FROM delivery WHERE key LIKE '%:approve:%' ORDER BY seq")[0]
    assert may_read(desk.db, row["channel"], row["needs"], desk.config.coalition.members)
    desk.card(desk.admin, "people role", person=desk.app.id, take="approver")

    assert not may_read(desk.db, row["channel"], row["needs"], desk.config.coalition.members)


def test_an_author_does_not_approve_alone(tmp_path):
    desk = Desk(tmp_path)
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    desk.card(both, "letter draft", **NEW)
    desk.card(both, "letter review", letter="L-1")

    refused = desk.refused(both, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    assert refused.what == (
        "You wrote some of L-001, so another person has to approve it. App and Bap can: /letter approve L-001."
    )
    assert desk.sent_to(both) == []
    assert "Approve" not in labels(desk.card(both, "letter show", letter="L-1"))
    assert desk.letter().state is State.REVIEW
    assert desk.approve().head == "L-001 is approved"


def test_the_next_step_of_a_letter_in_review_names_who_can_do_it(tmp_path):
    desk = Desk(tmp_path)
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")

    def next_step(by):
        what, _, after = desk.refused(by, "letter signon", letter="L-1", until=UNTIL).what.partition(" Next: ")
        assert what == "L-001 is in review, so you cannot open it for sign-on now."
        return after

    assert next_step(desk.pol) == "App and Bap can approve it."
    assert next_step(desk.add("Both", Role.POLICY, Role.APPROVER)) == "/letter approve L-001"
    for approver in notices.approvers(desk.db):
        desk.card(desk.admin, "people role", person=approver, take="approver")
    assert next_step(desk.pol) == (f"another approver has to approve it. {lookup.MAKE_APPROVER}")


def test_where_two_must_approve_one_is_not_enough(tmp_path):
    desk = Desk(tmp_path, config(approvals=2))
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")

    assert "Still needed: 1 approval." in words(desk.approve())
    assert "Still needed: 1 approval." in words(desk.approve())  # the same person again
    assert desk.approve(by=desk.bap).head == "L-001 is approved"


def test_approvers_who_approved_are_not_asked_for_the_same_text_again(tmp_path):
    desk = Desk(tmp_path, config(approvals=2))
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")
    late = desk.add("Late", Role.APPROVER)  # was not asked
    desk.approve(by=late)
    desk.card(desk.pol, "letter review", letter="L-1")

    assert desk.sent_to(late) == []
    assert len(desk.sent_to(desk.app)) == len(desk.sent_to(desk.bap)) == 1


def test_an_author_is_notified_of_the_approval_and_the_approver_is_not(desk):
    desk.approved()
    assert [card.head for card in desk.sent_to(desk.pol)] == ["L-001 is approved"]
    assert [card.head.partition(":")[0] for card in desk.sent_to(desk.app)] == ["Please approve L-001"]


def test_an_approval_is_of_the_text_that_was_shown(desk):
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")
    form = desk.form(desk.app, "letter approve", letter="L-1")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text="Other words.")

    late = desk.card(desk.app, "letter approve", **dict(form.args), agree="yes")
    assert late.head == "The text of L-001 has changed since you were shown it"
    assert "became “Other words." in words(late)
    assert desk.letter().state is State.REVIEW


def test_an_old_card_s_approve_says_that_the_text_has_changed(desk):
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")
    old = next(button for button in desk.sent_to(desk.app)[-1].buttons if button.label == "Approve")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text="Other words.")

    shown = desk.card(desk.app, old.path, **dict(old.args))
    assert shown.head == "The text of L-001 has changed since you were shown it"
    assert "became “Other words." in words(shown)
    new = next(button for button in shown.buttons if button.label == "Approve")
    form = desk.form(desk.app, new.path, **dict(new.args))
    assert form.fields[0].label == "You have read version 2 and approve it?"
    assert dict(form.args)["text"] == desk.text()


def test_the_first_digits_of_a_digest_bind_nothing(desk):
    """Two texts with the same 12 digits can be made in minutes: a shorter digest only opens the form."""
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")
    short = desk.text()[:12]
    form = desk.form(desk.app, "letter approve", letter="L-1", text=short, agree="yes")
    assert dict(form.args)["text"] == desk.text()
    assert desk.letter().state is State.REVIEW
    desk.approve()
    desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)
    given = {"letter": "L-1", "text": short, "agree": "yes", "signatory": "Kay", "title": "CEO"}
    form = desk.form(desk.reps["cast"], "letter sign", **given)
    assert dict(form.args)["text"] == desk.text()
    assert records.sign_ons(desk.db, desk.letter().id) == {}


@pytest.mark.parametrize("how", ["a colleague changes a dot", "a colleague copies it"])
def test_writers_never_approve_their_own_text(desk, how):
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    desk.card(both, "letter draft", **NEW)
    name = "L-001"
    if how == "a colleague copies it":
        desk.card(desk.pol, "letter duplicate", letter="L-1")
        name = "L-002"
    else:
        text = desk.letter().version.texts[0].written.body[0].text
        desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text=f"{text}.")
    assert "2 approvers asked." in words(desk.card(desk.pol, "letter review", letter=name))

    given = {"letter": name, "text": desk.text(name), "agree": "yes"}
    assert f"You wrote some of {name}" in desk.refused(both, "letter approve", **given).what
    assert desk.sent_to(both) == []
    assert desk.letter(name).state is State.REVIEW
    assert desk.approve(name).head == f"{name} is approved"


def test_an_approver_who_edits_is_an_author_and_the_others_are_asked_again(desk):
    desk.drafted()
    desk.card(desk.pol, "letter review", letter="L-1")
    fixer = desk.add("Fixer", Role.APPROVER)
    card = desk.card(fixer, "letter edit", letter="L-1", paragraph="1", text="Other words.")
    assert labels(card) == ["Open", "Edit", "See the change", "Request approval"]
    desk.card(fixer, "letter review", letter="L-1")

    assert len(desk.sent_to(desk.app)) == len(desk.sent_to(desk.bap)) == 2
    assert desk.sent_to(fixer) == []
    assert "You wrote some of" in desk.refused(fixer, "letter approve", letter="L-1").what


def test_a_withdrawal_is_reported_to_all_who_signed_any_text_without_its_unopened_words(desk):
    desk.opened()
    desk.signs("cast")
    desk.records("polaris")
    desk.card(desk.pol, "letter edit", letter="L-1", subject="Something nobody opened")
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")

    for id_ in ("cast", "polaris"):
        message = desk.sent_to(desk.reps[id_])[-1]
        assert message.head == "L-001 is withdrawn and will not be sent"
        assert "nobody opened" not in words(message)
    assert "withdrawn" not in desk.sent_to(desk.reps["hti"])[-1].lines[0].text


def test_an_edit_voids_an_approval(desk):
    desk.approved()
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text="Other words.")

    assert desk.letter().state is State.REVIEW
    assert "in review" in desk.refused(desk.pol, "letter lock", letter="L-1").what


def without(base, authority):
    left = {id_: each for id_, each in base.coalition.authorities.items() if id_ != authority}
    return replace(base, coalition=base.coalition.model_copy(update={"authorities": left}))


@pytest.mark.parametrize("how", ["removed", "expired", "reworded"])
def test_a_claim_that_may_no_longer_be_made_stops_the_approval_and_is_named(desk, how):
    name = desk.drafted(template="business-accountability", ask="4", to="homeland-security").name
    claim = desk.letter(name).version.texts[0].written.claims[0]
    desk.card(desk.pol, "letter review", letter=name)
    authority = desk.config.coalition.authorities[claim.id]
    match how:
        case "removed":
            desk.config = without(desk.config, claim.id)
        case "expired":
            desk.now += authority.good_for + timedelta(days=400)
        case "reworded":
            changed = authority.model_copy(update={"says": "Something else"})
            facts_given = dict(desk.config.coalition.authorities) | {claim.id: changed}
            desk.config = replace(
                desk.config, coalition=desk.config.coalition.model_copy(update={"authorities": facts_given})
            )

    text = desk.text(name)
    assert claim.text.removesuffix(".") in desk.untrue(desk.app, "letter approve", letter=name, text=text, agree="yes")
    assert desk.letter(name).state is State.REVIEW


def test_a_claim_that_was_taken_out_of_the_text_needs_no_authority(desk):
    name = desk.drafted(template="business-accountability", ask="4", to="homeland-security").name
    written = desk.letter(name).version.texts[0].written
    claim = written.claims[0]
    place = next(n for n, part in enumerate(written.body, 1) if claim.text in part.text)
    desk.card(desk.pol, "letter edit", letter=name, paragraph=str(place), text="It is wrong.")
    desk.card(desk.pol, "letter review", letter=name)
    desk.config = without(desk.config, claim.id)

    assert desk.approve(name).head == f"{name} is approved"


def test_a_request_without_another_approver_is_refused(tmp_path):
    desk = Desk(tmp_path, config(approvals=3))
    desk.drafted()

    assert "there are 2 approvers" in desk.refused(desk.pol, "letter review", letter="L-1").what


# --- after the lock ---------------------------------------------------------------------------------------------------


def test_the_shipped_example_can_be_drafted_and_never_locked(tmp_path):
    base = config()
    desk = Desk(tmp_path, replace(base, coalition=base.coalition.model_copy(update={"example": True})))
    desk.approved()

    assert "still the shipped example" in desk.refused(desk.pol, "letter lock", letter="L-1").what
    assert "still the shipped example" in desk.refused(desk.pol, "letter lock", letter="L-1", text=desk.text()).what
    assert desk.letter().state is State.APPROVED


def test_the_lock_shows_the_text_it_locks(desk):
    old = desk.approved().version.digest
    assert desk.card(desk.pol, "letter lock", letter="L-1").head == "Lock L-001?"
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text="Other words.")
    desk.approve()
    for text in (old, desk.letter().version.mark):
        asked = desk.card(desk.pol, "letter lock", letter="L-1", text=text)
        assert asked.head == "Lock L-001?"
    assert asked.foot.startswith(f"Text {desk.text()[:12]} · ")
    assert desk.letter().state is State.APPROVED


def test_a_letter_of_the_undersigned_is_not_locked_before_one_has_signed(desk):
    opened = desk.opened(signon="yes")
    first = opened.version.texts[0].written.body[0].text
    assert first.startswith("The Alliance to End Slavery and Trafficking (ATEST) and the undersigned organizations ")

    assert "none has signed its text" in desk.refused(desk.pol, "letter lock", letter="L-1", text=desk.text()).what
    desk.signs("cast")
    desk.lock()
    assert desk.letter().state is State.LOCKED


def test_after_the_lock_nothing_of_the_text_changes(desk):
    digest = desk.locked("cast").version.digest
    for path, args in (
        ("edit", {"paragraph": "1", "text": "x"}), ("review", {}), ("signon", {"until": UNTIL}),
        ("lock", {"text": digest}),
        ("record", {"member": "hti", "evidence": "email", "signatory": "Sam Roe", "title": "Director"}),
    ):  # fmt: skip
        assert "locked" in desk.refused(desk.pol, f"letter {path}", letter="L-1", **args).what
    assert "locked" in desk.refused(desk.reps["hti"], "letter sign", letter="L-1", agree="yes").what
    assert "locked" in desk.refused(desk.reps["cast"], "letter unsign", letter="L-1").what

    assert desk.letter().version.digest == digest
    text = desk.file(desk.pol, letter="L-1", as_="txt").data
    desk.now += timedelta(days=3)
    assert desk.file(desk.pol, letter="L-1", as_="txt").data == text
    assert digest[:12].encode() not in text
    assert b"L-001" not in text


def test_a_draft_as_text_says_that_it_is_one(desk):
    desk.drafted()
    assert "L-001, version 1 · not final, not for sending" in desk.file(desk.pol, letter="L-1", as_="txt").data.decode()


def test_a_sent_letter_can_be_printed_again_when_its_recipients_are_known_from_an_old_directory(desk):
    stored = Holder(name="Jane Doe", surname="Doe", source="https://example.org/office", as_of=desk.now.date())
    offices = dict(desk.config.coalition.offices)
    offices["ovc"] = offices["ovc"].model_copy(update={"holder": stored})
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": offices}))
    desk.locked("cast")
    text = desk.file(desk.pol, letter="L-1", as_="txt").data
    assert b"Jane Doe" in text

    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    desk.now += timedelta(days=1_000)
    assert desk.file(desk.pol, letter="L-1", as_="txt").data == text


@pytest.mark.parametrize("since", ["somebody else", "nobody"])
def test_a_letter_keeps_its_addressee_once_it_is_sent_and_goes_to_nobody_else_before(desk, since):
    stored = Holder(name="Jane Doe", surname="Doe", source="https://example.org/office", as_of=desk.now.date())
    offices = dict(desk.config.coalition.offices)

    def with_office(**office):
        new = {id_: each for id_, each in (offices | office).items() if each}
        desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": new}))

    with_office(ovc=offices["ovc"].model_copy(update={"holder": stored}))
    desk.locked("cast")
    text = desk.file(desk.pol, letter="L-1", as_="txt").data
    assert b"Jane Doe" in text

    other = offices["ovc"].model_copy(
        update={"holder": stored.model_copy(update={"name": "Max Roe", "surname": "Roe"})}
    )
    with_office(ovc=other if since == "somebody else" else None)
    assert "Jane Doe" in desk.untrue(
        desk.pol, "letter export", letter="L-1"
    )  # "nobody": the catalog has the office alone
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    assert desk.file(desk.pol, letter="L-1", as_="txt").data == text


def test_the_locked_letter_is_posted_once_with_its_documents(desk):
    desk.locked("cast", "polaris")
    desk.compose(minutes=1)
    desk.compose(minutes=1)

    channel = desk.config.coalition.letters.channel
    opened, locked = desk.shown(channel)
    assert (opened.head, locked.head) == ("L-001 locked: 2 of 12 signed", "L-001 locked: 2 of 12 signed")
    assert [name.partition(".")[2] for name in desk.files(channel)[1]] == ["docx", "pdf", "csv"]
    assert [name.partition(".")[2] for name in desk.files(f"dm:{desk.reps['cast'].id}")[-1]] == ["pdf"]
    assert len(desk.sent_to(desk.reps["hti"])) == 1  # who did not sign is not sent the letter


def test_a_locked_letter_is_out_only_with_its_documents_however_often_they_could_not_be_made(desk, tmp_path):
    whole = desk.config
    desk.locked("cast")
    broken = tmp_path / "broken"
    (broken / "templates").mkdir(parents=True)
    (broken / "templates" / "letter.typ").symlink_to(tmp_path / "elsewhere")
    desk.config = replace(whole, folder=broken)
    desk.compose(minutes=1)
    desk.compose(minutes=1)

    heads = [card.head for card in desk.sent_to(desk.pol)]
    assert heads.count("L-001 is locked, but its documents are not posted yet") == 1
    assert desk.letter().published_at is None

    desk.config = whole
    desk.compose(minutes=1)
    assert desk.letter().published_at is None  # it rests: each try starts a process
    desk.compose(minutes=10)
    assert [name.partition(".")[2] for name in desk.files(f"dm:{desk.reps['cast'].id}")[-1]] == ["pdf"]
    assert desk.letter().published_at == desk.now


def test_only_letters_for_which_something_is_due_are_read(desk):
    def due():
        return [letter.name for letter in records.due(desk.db, desk.now)]

    desk.opened("Fri 17:00")
    assert due() == []
    desk.now = desk.letter().closes_at - timedelta(days=1, hours=5)
    assert due() == ["L-001"]
    desk.compose()
    assert due() == []  # reminded
    desk.now = desk.letter().closes_at
    assert due() == ["L-001"]
    desk.compose()
    assert (desk.letter().state, due()) == (State.LOCKED, [])  # and published
    desk.card(desk.pol, "letter sent", letter="L-1", via="email")
    desk.compose(days=400)
    assert due() == []


def test_mail_is_logged_with_its_day(desk):
    desk.locked("cast")
    card = desk.card(desk.pol, "letter sent", letter="L-1", via="email")
    later = "10 business days later: the bot will remind you, unless an answer is logged."
    assert words(card).splitlines()[2] == f"Follow-up on Wed Dec 9, 2026, {later}"
    desk.compose(days=14)
    assert "no answer" not in str(desk.sent_to(desk.pol))
    desk.compose(days=1)
    desk.compose(days=1)
    assert [card.head for card in desk.sent_to(desk.pol) if "no answer" in card.head] == [
        "L-001: no answer is logged, 15 days after it was sent"
    ]
    card = desk.card(desk.pol, "letter reply", letter="L-1", what="They will meet us.")
    promise = next(button for button in card.buttons if button.label == "Record a promise")
    form = desk.form(desk.pol, promise.path, **dict(promise.args))
    assert form.args == {
        "basis": "the answer of Thu Dec 10, 2026 to L-001", "kind": "answer", "quote": "They will meet us.",
    }  # fmt: skip
    assert [field.param.name for field in form.fields if field.param.required] == ["owed", "by", "due", "source"]
    assert "Answered, Thu Dec 10, 2026: They will meet us." in words(desk.card(desk.pol, "letter show", letter="L-1"))
    desk.card(desk.pol, "letter close", letter="L-1")
    assert desk.letter().state is State.CLOSED


def test_a_withdrawal_is_asked_about_first_and_keeps_the_text(desk):
    desk.opened()
    desk.card(desk.pol, "letter withdraw", letter="L-1")
    assert desk.letter().state is State.OPEN
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes", why="overtaken")
    desk.card(desk.pol, "letter duplicate", letter="L-1")
    assert desk.letter("L-2").version.digest == desk.letter("L-1").version.digest


def test_counsel_gets_letters_and_sign_ons_by_quarter_and_member(desk):
    desk.locked("cast", "polaris")
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")
    rows = list(csv.DictReader(io.StringIO(desk.file(desk.pol).data.decode("utf-8-sig"))))

    assert [(row["quarter"], row["what"]) for row in rows] == [
        ("2026 Q4", "sent"), ("2026 Q4", "signed"), ("2026 Q4", "signed")
    ]  # fmt: skip
    assert {row["lobbying"] for row in rows} == {"none"}
    assert {row["note"] for row in rows} == {"Not legal advice."}


def test_a_representative_of_one_organization_gets_its_own_sign_ons_and_no_others(desk):
    desk.opened()
    desk.records("polaris", evidence="spoken", note="a call with their director")
    desk.signs("cast")
    desk.lock()
    desk.card(desk.pol, "letter sent", letter="L-1", via="post")

    table = desk.file(desk.reps["cast"]).data.decode("utf-8-sig")
    own = desk.config.coalition.members["cast"].name
    assert [(row["organization"], row["what"]) for row in csv.DictReader(io.StringIO(table))] == [(own, "signed")]
    assert len(desk.file(desk.reps["hti"]).data.splitlines()) == 1, "a head alone: it signed nothing"
    assert "a call with their director" in desk.file(desk.pol).data.decode()


# --- who may ----------------------------------------------------------------------------------------------------------


def test_before_it_is_open_a_letter_is_not_there_for_a_representative(desk):
    letter = desk.drafted()
    rep = desk.reps["cast"]
    absent = desk.refused(rep, "letter show", letter="L-77").what
    for key in ("L-1", letter.id):
        for path in ("show", "changes", "export"):
            assert desk.refused(rep, f"letter {path}", letter=key).what == absent
    assert desk.card(rep, "letter list").head == "No letters yet"
    assert desk.refused(rep, "letter sign", letter=letter.id).what == absent


@pytest.mark.parametrize(
    "path", ["edit", "review", "approve", "signon", "lock", "sent", "withdraw", "record", "allies"]
)
def test_a_representative_only_reads_and_signs(desk, path):
    desk.opened()
    assert isinstance(desk.ask(desk.reps["cast"], f"letter {path}", letter="L-1"), Refusal)


def test_every_button_carries_ids_alone_and_fits_discord(desk):
    from bot.chat.discord import incoming

    desk.opened()
    desk.signs("cast")
    cards = [card for who in (desk.app, desk.reps["cast"], desk.reps["hti"]) for card in desk.sent_to(who)]
    cards += [desk.card(who, "letter show", letter="L-1") for who in (desk.pol, desk.reps["hti"])]
    cards += desk.shown(desk.config.coalition.letters.channel)
    for card in cards:
        assert 0 < len(card.buttons) <= 4
        for button in card.buttons:
            assert len(incoming.encode(button.path, dict(button.args))) <= 100
            assert {name for name, _ in button.args} <= {"letter", "text", "as", "sure", "member"}


def test_an_answer_s_forms_fit_discord_s_five_fields(desk):
    desk.opened()
    for path, who in (("sign", desk.reps["cast"]), ("suggest", desk.reps["cast"])):
        answer = desk.ask(who, f"letter {path}", letter="L-1")
        assert isinstance(answer, Reply)
        assert len(answer.form.fields) <= 5


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "of an older version"])
def test_a_number_is_not_given_again_after_its_draft_was_deleted(desk, noted):
    desk.drafted()
    desk.drafted()
    desk.now += timedelta(days=200)
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now)
        if not noted:
            tx.execute("DELETE FROM memo WHERE name = 'letter number'")
    assert desk.db.read("SELECT id FROM letter") == []
    assert desk.drafted().name == "L-003"
