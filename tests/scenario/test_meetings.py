"""/meeting as people ask it: what was said and promised, who may read it, and where it never appears."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.bills import facts
from bot.bills import records as bills
from bot.bills.positions import positions
from bot.campaign import lobby_day, meetings
from bot.commands.model import Form, Reply, Role
from bot.congress import records as directory
from bot.deadlines import agenda
from bot.deadlines.records import load_commitments
from bot.letters.committees import record_of
from bot.offices import records
from bot.offices.model import Answer
from bot.ops import erase
from bot.ops.retention import forget
from bot.people import audit
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, BillRecord, Sponsor
from tests.kit.board import CONFIG, Board, press, send, words
from tests.kit.congress import CHAIR, SENATOR, member, public

BILL = "hr4323-119"
OURS, OTHERS = tuple(CONFIG.coalition.members)[:2]
SHORT = CONFIG.coalition.members[OURS].short or CONFIG.coalition.members[OURS].name
VISIT = {
    "office": member(SENATOR),
    "asked": "cosponsor the Relief Act",
    "said": "She is with you, the press team decides when.",
    "promised": "the day of the announcement by Dec 18",
    "next": "send the bill's text by Friday",
    "on": "yesterday",
    "bill": BILL,
    "answer": "said yes",
    "role": "legislative director",
}


@pytest.fixture
def board(tmp_path):
    board = Board(tmp_path)
    record = BillRecord(
        BillNumber.of(BILL), "Relief Act", None, datetime(2026, 10, 1, 16, tzinfo=UTC),
        (Action(date(2025, 7, 10), "Introduced in House"),), introduced=date(2025, 7, 10),
        sponsors=(Sponsor(f"T{CHAIR:06}", "Rep. Elm, Jo [I-OH-4]"),), cosponsors=(), source="GovInfo BILLSTATUS",
    )  # fmt: skip
    with board.db.write() as tx:
        directory.replace(tx, public(), now=board.now)
        bills.save(tx, [record], board.now)
    return board


@pytest.fixture
def pol(board):
    return board.add("Pol", Role.POLICY)


@pytest.fixture
def rep(board):
    return board.add("Rae", Role.REPRESENTATIVE, organisation=OURS)


@pytest.fixture
def other(board):
    return board.add("Otto", Role.REPRESENTATIVE, organisation=OTHERS)


def commitments(board, **how):
    return load_commitments(board.db, board.config.coalition, **how)


def context(board, person, path):
    call = board.call(person, path)
    actor = board.dispatcher.actor(call.platform, call.team, call.user)
    return board.dispatcher._ctx(board.db, call, actor, board.now)


def queued(board, kind=meetings.KIND):
    sql = "SELECT channel, card FROM delivery WHERE kind = :kind ORDER BY created_at, id"
    return [(row["channel"], row["card"]) for row in board.db.read(sql, {"kind": kind})]


# --- ask, log, show ---------------------------------------------------------------------------------------------------


def test_one_form_makes_a_promise_with_a_clock_a_next_step_with_an_owner_and_evidence_for_the_whip(board, pol):
    form = board.ask(pol, "meeting log").form
    assert isinstance(form, Form)
    assert [field.param.name for field in form.fields][:5] == ["office", "asked", "said", "promised", "next"]

    card = send(board, pol, form, **VISIT | {"office": "ada oak-ash"}).card
    assert card.head == "M-1: Senator Ada Oak-Ash (NY), held Mon Nov 23, 2026"
    told = words(card)
    assert "Asked “cosponsor the Relief Act”; they said “She is with you, the press team decides when.”" in told
    assert "Promised: Fri Dec 18, 2026: The day of the announcement, due in 24 days [m1]" in told
    assert "Next step with Senator Ada Oak-Ash (NY): send the bill's text, by Fri Nov 27, 2026: Pol" in told
    promise = commitments(board, internal=True)["m1"]
    assert (promise.by, promise.due, promise.quote) == (
        "Senator Ada Oak-Ash (NY)", date(2026, 12, 18), "She is with you, the press team decides when.",
    )  # fmt: skip
    (family,) = [each for each in CONFIG.coalition.bills.values() if BILL in {bill.id for bill in each.bills}]
    assert promise.asks == tuple(sorted(family.asks))

    whip = board.ask(pol, "bill whip", bill=BILL)
    assert "Of the unknown, in meetings with us: 1 said yes. Not public, and not counted above." in words(whip.card)
    assert f"Said yes to {board.config.coalition.short}, asked “cosponsor the Relief Act”, Mon Nov 23, 2026" in words(
        whip.card
    )


def test_a_meeting_is_asked_for_moved_canceled_and_logged(board, pol):
    asked = board.card(pol, "meeting ask", office="HSJU", on="Dec 4", for_="a hearing")
    assert asked.head == "M-1: House Committee on the Judiciary, asked for Fri Dec 4, 2026"
    moved = board.card(pol, "meeting move", meeting="M-1", on="Dec 8")
    assert moved.head.endswith("asked for Tue Dec 8, 2026")
    assert press(board, pol, moved, "Cancel").card.head.endswith("canceled, was for Tue Dec 8, 2026")
    canceled = board.card(pol, "meeting show", meeting="M-1")
    assert [button.label for button in canceled.buttons] == ["Move", "Remove"]
    board.card(pol, "meeting ask", office="HSJU", on="Dec 2", for_="the bill")
    listed = [line.text.partition(" ")[0] for line in board.card(pol, "meeting list").lines]
    assert listed == ["M-2", "M-1"]  # what was canceled is last
    moved = board.card(pol, "meeting move", meeting="M-1", on="Dec 9")
    assert [button.label for button in moved.buttons] == ["Log it", "Move", "Cancel", "Remove"]

    board.now += timedelta(days=16)
    assert "Was the meeting with House Committee on the Judiciary held?" in words(board.card(pol, "campaign me"))
    form = press(board, pol, moved, "Log it").form
    card = send(board, pol, form, asked="a hearing", said="In the spring", on="Dec 9").card
    assert card.head == "M-1: House Committee on the Judiciary, held Wed Dec 9, 2026"
    assert "For: a hearing" in words(card)
    assert "was held" in board.refused(pol, "meeting move", meeting="M-1", on="Dec 20").what
    late = board.card(pol, "meeting log", meeting="M-2", office="HSJU", asked="a vote", said="Soon")
    assert late.head.endswith("held Wed Dec 2, 2026")  # the day it was asked for


def test_another_ask_of_the_same_meeting_has_its_own_words_and_promise(board, pol):
    board.card(pol, "meeting log", **VISIT)
    card = board.card(
        pol,
        "meeting log",
        meeting="m-1",
        office=member(SENATOR),
        asked="a hearing",
        said="Spring",
        promised="a date by Jan 15",
    )
    assert [line.text for line in card.lines if line.text.startswith("Asked")][1] == (
        "Asked “a hearing”; they said “Spring”."
    )
    assert {"m1", "m1-2"} < set(commitments(board, internal=True))
    again = {"meeting": "M-1", "office": member(SENATOR), "asked": "a call", "said": "Yes"}
    refused = board.refused(pol, "meeting log", **again, on="Nov 20")
    assert (refused.param, refused.what.partition(".")[0]) == ("on", "M-1 was held on Mon Nov 23, 2026")
    assert board.card(pol, "meeting log", **again, on="Nov 23")


def test_a_logged_meeting_is_corrected_in_a_form_and_keeps_its_number_and_promises(board, pol, rep):
    board.card(pol, "meeting log", **VISIT)
    before = commitments(board, internal=True)["m1"]
    card = board.card(pol, "meeting show", meeting="M-1")
    form = press(board, pol, card, "Correct").form
    assert [field.initial for field in form.fields][:3] == [
        "cosponsor the Relief Act", "She is with you, the press team decides when.",
        "send the bill's text by Fri Nov 27, 2026",
    ]  # fmt: skip
    assert {field.param.name: field.initial for field in form.fields}["on"] == "Mon Nov 23, 2026"

    after = send(board, pol, form, said="She is with you.", on="Nov 20", next="").card
    assert "while your form was open" in send(board, pol, form, said="She is not.").what  # a form of before
    assert after.head == "M-1: Senator Ada Oak-Ash (NY), held Fri Nov 20, 2026"
    assert "Asked “cosponsor the Relief Act”; they said “She is with you.”" in words(after)
    assert "Next step" not in words(after)
    basis = "meeting M-1 with Senator Ada Oak-Ash (NY), Fri Nov 20, 2026"
    assert commitments(board, internal=True)["m1"] == replace(before, quote="She is with you.", basis=basis)
    entry = audit.since(board.db, board.now - timedelta(minutes=2))[-1]  # which keeps no word that was taken out
    assert (entry.subject, entry.before, entry.after) == ("meeting M-1", "", "corrected: said, next, on")
    again = send(board, pol, press(board, pol, after, "Correct").form)
    assert (again.card.head, again.card.lines) == (after.head, after.lines)
    assert audit.since(board.db, entry.at)[-1] == entry  # what was left as it was is no change
    assert "that you may open" in board.refused(rep, "meeting correct", meeting="M-1", said="No").what
    more = send(board, pol, press(board, pol, after, "Add an ask").form, asked="a hearing", said="In the spring").card
    second = press(board, pol, more, "Correct").form
    assert (second.title, second.fields[0].initial) == ("Correct M-1: last ask", "a hearing")
    board.card(pol, "meeting ask", office="HSJU", on="Dec 2", for_="the bill")
    assert "not logged yet" in board.refused(pol, "meeting correct", meeting="M-2").what


def test_a_corrected_day_of_a_meeting_is_said_of_its_promises_but_not_to_everyone(board, pol):
    board.card(pol, "meeting log", **VISIT)
    board.card(pol, "meeting log", meeting="M-1", office=member(SENATOR), asked="a", said="b", promised="c by Dec 20")
    board.card(pol, "deadlines confirm", id="m1", due="2026-12-18", source="https://oak-ash.senate.gov/day")
    board.card(pol, "meeting correct", meeting="M-1", on="Nov 20")
    owed = commitments(board, internal=True)
    assert owed["m1"].basis == "promised by Senator Ada Oak-Ash (NY)"
    assert owed["m1-2"].basis == "meeting M-1 with Senator Ada Oak-Ash (NY), Fri Nov 20, 2026"


def test_the_answer_on_a_bill_is_noted_after_a_form_that_had_no_room_for_it(board, pol):
    card = board.card(pol, "meeting log", office=member(SENATOR), asked="cosponsor", said="Yes")
    noted = send(
        board, pol, press(board, pol, card, "Answer on a bill").form, bill="H.R. 4323 (119th)", answer="said no"
    )
    assert "H.R. 4323 (119th): said no." in words(noted.card)
    assert "Answer on a bill" not in [button.label for button in noted.card.buttons]
    assert "in meetings with us: 1 said no" in words(board.card(pol, "bill whip", bill=BILL))


@pytest.mark.parametrize(
    ("typed", "param", "why"),
    [
        ({"office": "elm"}, "office", "several offices"),
        ({"office": "Atlantis"}, "office", "not an office"),
        ({"promised": "a reply"}, "promised", "End with the day"),
        ({"promised": "a reply by soon"}, "promised", "is not a date"),
        ({"bill": "hr4323"}, "bill", "with its Congress"),
        ({"answer": ""}, "answer", "together"),
        ({"on": "tomorrow"}, "on", "in the future"),
        ({"owner": "Otto"}, "owner", "did not come"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field_and_nothing_is_saved(board, pol, other, typed, param, why):
    refused = board.refused(pol, "meeting log", **VISIT | typed)
    assert why in refused.what
    assert refused.param == param
    assert records.meetings(board.db) == []


def test_what_may_identify_a_person_who_is_served_is_asked_about(board, pol):
    answer = board.ask(pol, "meeting log", **VISIT | {"said": "Rosa Martinez, a survivor we serve, moved him"})
    assert answer.form.title == "Please check"


# --- who may read and change it ---------------------------------------------------------------------------------------


def test_a_representative_reports_a_visit_of_their_own_member_in_one_form(board, pol, rep, other):
    form = board.ask(rep, "meeting log", office=member(SENATOR)).form
    card = send(board, rep, form, asked="cosponsor", said="Yes", promised="a call by Dec 4").card
    assert f"Ours: {SHORT}" in words(card)

    assert "M-1" in words(board.card(rep, "meeting list"))
    assert "M-1" in words(board.card(pol, "meeting list"))
    assert "M-1" not in words(board.card(other, "meeting list"))
    assert board.refused(other, "meeting show", meeting="M-1").what == (
        board.refused(other, "meeting show", meeting="M-9").what.replace("M-9", "M-1")
    )
    refused = board.refused(rep, "meeting log", **VISIT | {"organizations": OTHERS})
    assert (refused.param, "own organization" in refused.what) == ("organizations", True)


def test_a_representative_changes_only_their_own_reports(board, pol, rep):
    board.card(pol, "meeting log", **VISIT | {"organizations": f"{OURS}, {OTHERS}"})
    board.card(rep, "meeting show", meeting="M-1")
    for path, more in (("log", {"office": member(SENATOR), "asked": "x", "said": "y"}), ("remove", {})):
        assert "policy staff" in board.refused(rep, f"meeting {path}", meeting="M-1", **more).what
    board.card(rep, "meeting log", **VISIT)
    board.card(rep, "meeting remove", meeting="M-2")


def test_what_was_said_and_promised_reaches_no_other_member_no_channel_and_no_letter(board, pol, rep, other):
    board.card(rep, "meeting log", **VISIT)
    secret = ("announcement", "She is with you", "said yes", "Said yes")
    for person, path, args in (
        (other, "deadlines list", {}),
        (other, "bill whip", {"bill": BILL}),
        (other, "bill show", {"bill": BILL}),
        (other, "find", {"words": "oak-ash"}),
    ):
        reply = board.ask(person, path, **args)
        assert isinstance(reply, Reply), (path, reply)
        assert reply.card, (path, reply)
        text = words(reply.card) + (reply.file.data.decode(errors="replace") if reply.file else "")
        assert not [word for word in secret if word in text], (path, text)
    sheet = board.ask(other, "bill lobby-day", of="NY", as_="csv").file.data.decode()
    assert not [word for word in secret if word in sheet]
    assert b"announcement" not in board.ask(pol, "deadlines calendar").file.data
    assert "no deadline" in board.refused(other, "deadlines show", id="m1").what
    assert "m1" not in commitments(board)  # of which letters, digests and the calendar are made
    assert "m1" in words(board.card(pol, "deadlines list"))

    board.now = datetime(2026, 12, 18, 15, tzinfo=UTC)
    agenda.post_reminders(board.job)
    board.now += timedelta(days=1)
    for day in (datetime(2026, 12, 3, 15, tzinfo=UTC), datetime(2026, 12, 18, 15, tzinfo=UTC)):
        board.now = day
        agenda.post_reminders(board.job)
    told = [channel for channel, card in queued(board, agenda.KIND) if "announcement" in card]
    assert told
    assert all(channel.startswith("dm:") and channel[3:] in {pol.id, board.admin.id} for channel in told)


def test_their_own_lobby_day_sheet_shows_the_last_meeting_and_ends_in_the_report(board, pol, rep, other):
    board.card(rep, "meeting log", **VISIT)
    rows = list(csv.DictReader(io.StringIO(board.ask(rep, "bill lobby-day", of="NY", as_="csv").file.data.decode())))
    mine = [row["what"] for row in rows if row["subject"] == "meeting"]
    assert mine[0] == f"Last meeting Mon Nov 23, 2026, with {SHORT} (M-1)"
    assert mine[2].startswith("Promised: Fri Dec 18, 2026: The day of the announcement")
    asker = context(board, rep, "bill lobby-day")
    sheet = lobby_day.template_data(lobby_day.build(asker, "NY"), asker)
    senator = next(each for each in sheet["members"] if "Oak-Ash" in each["name"])
    assert senator["meetings"] == mine
    assert senator["report"] == f"/meeting log office:{member(SENATOR)}"
    reply = board.ask(rep, "bill lobby-day", of="NY")
    assert reply.file.media_type == "application/pdf"
    assert press(board, rep, reply.card, "Report a visit").form.path == "meeting log"


def test_a_vote_or_signature_says_more_than_what_was_said_to_us(board, pol):
    board.card(pol, "meeting log", **VISIT | {"office": member(CHAIR), "answer": "said no"})
    whip = board.ask(pol, "bill whip", bill=BILL)
    assert "in meetings with us" not in words(whip.card)
    rows = [row for row in csv.DictReader(io.StringIO(whip.file.data.decode("utf-8-sig"))) if row["member"] == "Jo Elm"]
    assert [(row["position"], row["source"]) for row in rows] == [
        ("for", "GovInfo BILLSTATUS, as of Thu Oct 1, 2026"),
        ("for", "meeting M-1, not public"),
    ]


def test_no_public_position_and_no_fact_of_a_letter_changes_with_what_was_said_to_us(board, pol):
    """Public pages, messages on members and letters read these alone."""

    def public():
        numbers, about = (
            directory.senate_numbers(board.db),
            facts.bill_facts(board.db, board.config.coalition, BILL, now=board.now),
        )
        return positions(board.db, BillNumber.of(BILL), numbers), [
            record_of(board.db, member(n), about) for n in (SENATOR, CHAIR)
        ]

    before = public()
    board.card(pol, "meeting log", **VISIT)
    board.card(pol, "meeting log", **VISIT | {"office": member(CHAIR), "answer": "said no"})
    assert public() == before


# --- promises, next steps, removal ------------------------------------------------------------------------------------


def test_a_promise_is_met_without_a_public_source_and_leaves_the_open_ones(board, pol):
    board.card(pol, "meeting log", **VISIT)
    saved = board.card(pol, "deadlines set", id="m1", state="met")
    assert "was done." in words(saved)
    sheet = board.ask(pol, "bill lobby-day", of="NY", as_="csv").file.data.decode()
    assert "Last meeting" in sheet
    assert "Promised:" not in sheet


def test_a_promise_with_a_source_that_others_can_open_is_in_everyones_ledger(board, pol, other):
    board.card(pol, "meeting log", **VISIT)
    board.card(pol, "deadlines confirm", id="m1", due="2026-12-18", source="https://senate.example.gov/news")
    assert "[m1]" in words(board.card(other, "deadlines list"))
    shown = words(board.card(other, "deadlines show", id="m1"))
    assert "The day of the announcement (promised by Senator Ada Oak-Ash (NY))" in shown
    assert "M-1" not in shown
    assert VISIT["said"] not in shown + str(commitments(board)["m1"])
    assert "The day of the announcement" in words(board.card(pol, "meeting show", meeting="M-1"))


def test_the_owner_is_reminded_of_the_next_step_on_its_day_and_presses_done(board, pol):
    sam = board.add("Sam", Role.PRESS)
    board.card(pol, "meeting log", **VISIT | {"owner": "Sam"})
    meetings.remind(board.job)
    assert queued(board) == []
    assert "Next step with Senator Ada Oak-Ash" in words(board.card(sam, "campaign me"))

    board.now = datetime(2026, 11, 27, 13, 59, tzinfo=UTC)  # a minute to nine
    meetings.remind(board.job)
    assert queued(board) == []
    board.now += timedelta(minutes=1)
    for _ in range(2):
        meetings.remind(board.job)
    [(channel, card)] = queued(board)
    assert channel == f"dm:{sam.id}"
    assert "send the bill's text" in card
    assert "done" in words(board.card(sam, "meeting done", meeting="M-1"))
    assert "Next step" not in words(board.card(sam, "campaign me"))


def test_each_new_next_step_of_a_meeting_is_reminded_of(board, pol):
    board.card(pol, "meeting log", **VISIT)
    board.now = datetime(2026, 11, 27, 15, tzinfo=UTC)
    meetings.remind(board.job)
    board.card(pol, "meeting correct", meeting="M-1", next="call their counsel by Dec 2")
    board.now = datetime(2026, 12, 2, 15, tzinfo=UTC)
    meetings.remind(board.job)
    board.card(
        pol, "meeting log", meeting="M-1", office=member(SENATOR), asked="a", said="b", next="ask again by today"
    )
    for _ in range(2):
        meetings.remind(board.job)
    steps = ("send the bill's text", "call their counsel", "ask again")
    assert all(said in card for (_, card), said in zip(queued(board), steps, strict=True))


def test_the_step_of_someone_who_leaves_goes_to_who_logged_the_meeting(board, pol):
    board.add("Sam", Role.PRESS)
    board.card(pol, "meeting log", **VISIT | {"owner": "Sam"})
    assert "M-1 Next step" in words(board.card(board.admin, "people leave", person="Sam", sure="yes"))
    board.now = datetime(2026, 11, 27, 15, tzinfo=UTC)
    meetings.remind(board.job)
    assert [channel for channel, _ in queued(board)] == [f"dm:{pol.id}"]


def test_removing_a_meeting_removes_its_promises_and_undo_restores_both(board, pol):
    board.card(pol, "meeting log", **VISIT)
    board.card(pol, "meeting log", meeting="M-1", office=member(SENATOR), asked="a", said="b", promised="c by Dec 20")
    board.card(pol, "deadlines remove", id="m1-2")
    removed = board.card(pol, "meeting remove", meeting="M-1")
    assert not {"m1", "m1-2"} & set(commitments(board, internal=True))
    assert "no meeting" in board.refused(pol, "meeting show", meeting="M-1").what

    restored = press(board, pol, removed, "Undo")
    assert isinstance(restored, Reply)
    assert "Promised: Fri Dec 18, 2026" in words(restored.card)
    assert {"m1", "m1-2"} & set(commitments(board, internal=True)) == {"m1"}  # the other was removed before
    board.card(pol, "meeting log", **VISIT)
    assert [each.label for each in records.meetings(board.db)] == ["M-2", "M-1"]


def test_a_person_and_an_organization_are_erased_from_meetings(board, pol, rep):
    sam = board.add("Sam Vandermeer", Role.POLICY)
    board.card(rep, "meeting log", **VISIT)
    board.card(pol, "meeting log", **VISIT | {"owner": sam.id, "next": "Sam Vandermeer calls them by Friday"})
    with board.job.write() as work:
        done = erase.erase_person(work, sam.id, erase.always)
        erase.erase_organization(work, OURS, erase.always)
    assert "Vandermeer" not in str(board.everything())
    assert [each[:3] for each in done.tasks] == ["M-2"]
    assert [(each.organizations, each.next_by) for each in records.meetings(board.db)] == [
        ((), None),
        ((), None),
    ]
    (said,) = meetings.statements_on(context(board, pol, "bill whip"), [BILL]).values()
    assert {answer for answer, _ in said} == {Answer.FOR}


def test_meetings_expire_and_their_promises_stay(board, pol):
    board.card(pol, "meeting log", **VISIT)
    with board.db.write() as tx:
        assert forget(tx, board.config.coalition, board.now + timedelta(days=1_100))["meeting"] == 1
    assert "m1" in commitments(board, internal=True)
    assert replace(commitments(board, internal=True)["m1"], source="x").is_internal is False
