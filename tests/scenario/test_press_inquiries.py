"""Press inquiries: who gets them, who learns of it when no one answers, and what is never passed on automatically."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.media.contacts import records
from bot.media.contacts.model import InquiryState
from bot.media.press import notices
from bot.ops.retention import forget
from bot.outbox import queued
from tests.kit.board import press, words
from tests.kit.press import Press, config

ASKED = {
    "reporter": "Jo Sample",
    "outlet": "Example Wire",
    "kind": "question",
    "question": "What does the new guidance change?",
    "due": "today 17:00",
}


@pytest.fixture
def desk(tmp_path):
    return Press(tmp_path)


def asked(desk, **args):
    return desk.card(desk.pia, "press inquiry", **(ASKED | args))


def heads(cards):
    return [card.head for card in cards]


def test_an_empty_list_of_inquiries_explains_how_to_add_one(desk):
    card = desk.card(desk.pia, "press inquiries")

    assert card.head == "No inquiry is open"
    assert "/press inquiry" in words(card)


def test_an_inquiry_goes_to_the_spokesperson_and_the_press_channel(desk):
    card = asked(desk)

    assert card.head == "Press inquiry Q-1 from Example Wire: answer by Tue Nov 24, 2026, 5 p.m. EST"
    assert "Jo Sample: “What does the new guidance change?”" in words(card)
    assert "Passed to Maria Lopez." in words(card)
    assert heads(desk.shown("press")) == heads(desk.sent_to(desk.maria)) == [card.head]
    for other in (desk.tom, desk.ana, desk.kim, desk.pol):
        assert desk.sent_to(other) == []


@pytest.mark.parametrize(
    ("about", "who"),
    [
        ({"ask": "4"}, "ana"),  # who is named for the ask
        ({"ask": "5"}, "maria"),  # who speaks on any
        ({"member": "Polaris"}, "kim"),  # a member's own matter
        ({"member": "polaris", "ask": "4"}, "kim"),
        ({"member": "cast"}, None),  # nobody else speaks for a member
    ],
)
def test_an_inquiry_is_assigned_by_its_ask_and_member(desk, about, who):
    card = asked(desk, **about)

    for name in ("maria", "tom", "ana", "kim"):
        assert len(desk.sent_to(getattr(desk, name))) == (name == who), name
    assert ("Not passed on" in words(card)) is (who is None)


def test_where_the_spokesperson_has_left_the_backup_is_asked(desk):
    desk.card(desk.admin, "people leave", person="Maria Lopez", sure="yes")

    assert "Passed to Tom Diaz." in words(asked(desk))


def test_a_deadline_is_shown_in_its_own_zone_and_in_ours(desk):
    card = asked(desk, due="2026-11-25 21:30", zone="pt")

    assert card.head.endswith("answer by Wed Nov 25, 2026, 9:30 p.m. PST (Thu 12:30 a.m. EST)")


def test_a_deadline_that_is_past_here_and_not_in_its_own_zone_is_taken(desk):
    desk.now = desk.now.replace(hour=23)  # 6 p.m. in New York, 3 p.m. in Los Angeles
    card = asked(desk, due="today 5pm", zone="PT")

    assert card.head.endswith("answer by Tue Nov 24, 2026, 5 p.m. PST (8 p.m. EST)")


def test_a_deadline_of_some_hours_is_from_now(desk):
    asked(desk, due="2h")

    (inquiry,) = records.open_inquiries(desk.db)
    assert inquiry.due_at - inquiry.received_at == timedelta(hours=2)


@pytest.mark.parametrize(
    ("given", "param"),
    [({"due": "soon"}, "due"), ({"due": "2026-11-01"}, "due"), ({"zone": "/etc"}, "zone"), ({"member": "x"}, "member")],
)
def test_an_invalid_inquiry_is_refused_and_not_posted(desk, given, param):
    assert desk.refused(desk.pia, "press inquiry", **(ASKED | given)).param == param
    assert desk.shown("press") == desk.sent_to(desk.maria) == []


# --- on its way -----------------------------------------------------------------------------------------------------


def test_the_spokesperson_answers_it_and_every_card_is_updated(desk):
    asked(desk)
    (mine,) = desk.sent_to(desk.maria)
    press(desk, desk.maria, mine, "Acknowledge")
    form = press(desk, desk.maria, mine, "Answered").form
    desk.card(desk.maria, form.path, **dict(form.args), outcome="Sent the fact sheet", link="https://wire.example/1")

    for card in (*desk.shown("press"), *desk.sent_to(desk.maria)):
        assert "Acknowledged 10:02 a.m." in words(card)
        assert "Answered 10:04 a.m." in words(card)
        assert "Sent the fact sheet" in words(card)
        assert card.buttons == ()
    assert desk.card(desk.pia, "press inquiries").head == "No inquiry is open"


def test_an_inquiry_closed_by_mistake_is_reopened(desk):
    asked(desk)
    desk.card(desk.pia, "press close", inquiry="Q-1")
    closed = desk.card(desk.pia, "press inquiries", inquiry="Q-1")
    assert "Closed without an answer" in words(closed)

    again = press(desk, desk.pia, closed, "Reopen").card

    assert "Not acknowledged yet." in words(again)


def test_an_inquiry_closed_without_an_answer_shows_none_that_was_taken_back(desk):
    asked(desk)
    desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="Sent our statement", link="https://wire.example/1")
    desk.card(desk.pia, "press reopen", inquiry="Q-1")
    closed = words(desk.card(desk.pia, "press close", inquiry="Q-1"))
    assert "Closed without an answer" in closed
    assert "statement" not in closed
    assert "wire.example" not in closed


def test_an_answered_inquiry_is_deleted_after_its_time_and_an_open_one_stays(desk):
    asked(desk)
    asked(desk)
    desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="Sent our statement")
    desk.now += desk.config.coalition.retention.press + timedelta(days=1)
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now)
    assert records.find_inquiry(desk.db, "Q-1") is None
    assert records.find_inquiry(desk.db, "Q-2")


def test_an_inquiry_is_declined_with_a_reason_and_ends_once(desk):
    asked(desk)
    assert "Declined" in words(desk.card(desk.pia, "press decline", inquiry="Q-1", why="not our field"))

    assert "Q-1 is declined already" in desk.refused(desk.pia, "press close", inquiry="Q-1").what


def test_other_people_cannot_open_an_inquiry(desk):
    asked(desk)
    (mine,) = desk.sent_to(desk.maria)

    for button in mine.buttons:
        theirs = desk.refused(
            desk.tom, button.path, inquiry="Q-1", **({"outcome": "x"} if "answered" in button.path else {})
        )
        nothing = desk.refused(
            desk.tom, button.path, inquiry="Q-9", **({"outcome": "x"} if "answered" in button.path else {})
        )
        assert theirs == nothing
    assert records.find_inquiry(desk.db, "Q-1").state is InquiryState.RECEIVED


def test_a_press_person_passes_it_on_by_hand(desk):
    asked(desk, member="cast")

    desk.card(desk.pia, "press pass-on", inquiry="Q-1", to="Ana Reyes")

    assert len(desk.sent_to(desk.ana)) == 1
    assert "Passed to Ana Reyes." in words(desk.shown("press")[0])


def test_a_person_who_gets_an_inquiry_back_is_notified_again(desk):
    asked(desk, member="cast")
    for to in ("Ana Reyes", "Kim Park", "Kim Park", "Ana Reyes"):
        desk.card(desk.pia, "press pass-on", inquiry="Q-1", to=to)

    assert (len(desk.sent_to(desk.ana)), len(desk.sent_to(desk.kim))) == (2, 1)
    assert "Passed to Ana Reyes." in words(desk.sent_to(desk.ana)[-1])
    waiting = desk.db.read("SELECT channel FROM delivery WHERE state = 'pending' AND edits IS NULL")
    assert f"dm:{desk.kim.id}" not in [row["channel"] for row in waiting]


def test_an_inquiry_is_not_passed_to_a_person_without_an_account(desk):
    asked(desk, member="cast")
    desk.card(desk.admin, "people unlink", account=str(desk.ana.accounts[0]))

    refused = desk.refused(desk.pia, "press pass-on", inquiry="Q-1", to="Ana Reyes")

    assert "Contact them yourself" in refused.what
    assert "Not passed on" in words(desk.shown("press")[0])


def test_an_inquiry_waits_for_its_spokesperson_and_is_unassigned_when_they_leave(desk):
    asked(desk)
    assert "To answer: Q-1 from Example Wire" in words(desk.card(desk.maria, "campaign me"))

    left = desk.card(desk.admin, "people leave", person="Maria Lopez", sure="yes")

    assert "Press inquiry Q-1 from Example Wire" in words(left)
    assert "Not passed on" in words(desk.shown("press")[0])


# --- the clock ------------------------------------------------------------------------------------------------------


def test_an_inquiry_not_acknowledged_within_the_hour_is_escalated_once(desk):
    asked(desk)
    desk.compose(minutes=58)
    assert len(desk.shown("press")) == 1

    for _ in range(3):
        desk.compose(minutes=5)

    raised = "Q-1 from Example Wire: not acknowledged yet"
    assert heads(desk.shown("press"))[1:] == [raised]
    assert heads(desk.sent_to(desk.maria))[1:] == [raised]
    assert heads(desk.sent_to(desk.tom)) == [raised]
    assert "Jo" not in words(desk.sent_to(desk.tom)[0])


def test_an_acknowledged_inquiry_is_escalated_before_and_after_its_deadline(desk):
    asked(desk)
    desk.card(desk.pia, "press acknowledge", inquiry="Q-1")
    for _ in range(16):  # until 18:00
        desk.compose(minutes=30)

    assert heads(desk.shown("press"))[1:] == [
        "Q-1 from Example Wire: less than an hour left, and no answer yet",
        "Q-1 from Example Wire is past its deadline without an answer",
    ]
    assert "Q-1 Example Wire, late, due Tue Nov 24, 2026, 5 p.m. EST" in words(desk.card(desk.pia, "press inquiries"))
    late = desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="Sent it")
    assert "after the deadline" in words(late)


def test_an_answered_inquiry_is_not_escalated(desk):
    asked(desk)
    desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="Sent it")

    desk.compose(days=2)

    assert len(desk.shown("press")) == 1


def waiting(desk, channel="press"):
    """The reminders that wait for a channel, as during a pause."""
    queue = [message for message in queued.list_messages(desk.db) if message.channel == channel]
    return [message.head for message in queue if message.kind == notices.REMINDER_KIND]


@pytest.mark.parametrize("ended", ["answered", "decline", "close"])
def test_no_reminder_that_waits_says_that_nobody_answered_once_it_was(desk, ended):
    asked(desk)
    desk.compose(hours=2)
    assert waiting(desk) == ["Q-1 from Example Wire: not acknowledged yet"]

    desk.card(desk.pia, f"press {ended}", inquiry="Q-1", **({"outcome": "Sent it"} if ended == "answered" else {}))

    assert waiting(desk) == waiting(desk, f"dm:{desk.maria.id}") == []


def test_of_the_reminders_that_wait_only_the_one_that_is_still_true_is_posted(desk):
    asked(desk)
    desk.compose(hours=2)
    desk.compose(hours=4, minutes=30)
    assert waiting(desk) == ["Q-1 from Example Wire: less than an hour left, and no answer yet"]

    desk.compose(hours=2)
    desk.card(desk.pia, "press acknowledge", inquiry="Q-1")

    assert waiting(desk) == ["Q-1 from Example Wire is past its deadline without an answer"]


def test_without_a_press_channel_everyone_with_the_press_role_is_notified(tmp_path):
    desk = Press(tmp_path, config(channel=None))
    asked(desk)

    assert len(desk.sent_to(desk.pia)) == 1
    assert desk.shown("press") == []


# --- survivors ------------------------------------------------------------------------------------------------------

MEET = "Can I interview a survivor called Jane Roe, her number is 202 555 0100?"


def test_a_request_to_meet_a_survivor_is_not_assigned_and_its_question_not_saved(desk):
    card = asked(desk, kind="protected interview", question=MEET, ask="4", member="polaris")

    assert "It is not passed on automatically" in words(card)
    for person in (desk.maria, desk.tom, desk.ana, desk.kim):
        assert desk.sent_to(person) == []
    stored = str(desk.everything())
    for word in ("Jane Roe", "555 0100", "interview a survivor"):
        assert word not in stored


def test_it_is_raised_in_the_press_channel_alone(desk):
    asked(desk, kind="protected interview", question=MEET)
    desk.compose(days=1)

    assert len(desk.shown("press")) == 2
    for person in (desk.maria, desk.tom):
        assert desk.sent_to(person) == []


def test_the_outcome_of_such_a_request_is_not_saved(desk):
    asked(desk, kind="protected interview", question=MEET)

    desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="Jane Roe will call")

    assert "Jane Roe" not in str(desk.everything())


def test_such_a_request_of_another_kind_is_stopped_before_it_is_posted(desk):
    refused = desk.refused(desk.pia, "press inquiry", **(ASKED | {"question": MEET, "kind": "interview"}))

    assert refused.param == "kind"
    assert desk.shown("press") == desk.sent_to(desk.maria) == []
    assert "Jane Roe" not in str(desk.everything())
    question = "Can I speak to somebody on how survivors get T visas?"
    assert "Passed to Maria Lopez." in words(asked(desk, question=question, sure="yes"))


def test_a_question_about_survivors_is_a_question(desk):
    assert "Passed to Maria Lopez." in words(asked(desk, question="How many survivors did the act help?"))
