"""Deadlines as people live with them: comment windows in the alert's thread, duties by law, what the digest names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts import digest, handling, intake
from bot.alerts.handling import Handling
from bot.config.coalition import DutyConfig
from bot.deadlines import agenda, records
from bot.deadlines.model import State
from bot.deadlines.records import Finding, load_commitments
from bot.deadlines.regulations_gov import DocketDocument, Status
from bot.deadlines.windows import open_windows
from bot.shared.calendar import business_day, day_in_words
from bot.shared.card import Card
from bot.shared.entry import Change
from bot.sources.register.documents import document_entry
from tests.kit.alerts import COALITION, Room, campaign, document

DUTY = {
    "statute": "6 U.S.C. 645",
    "owed": "The directive",
    "by": "the Secretary",
    "since": "2026-06-01",
    "period": "180 days",  # Sat Nov 28, 2026
    "source": "https://example.org/645",
    "checked_on": "2026-11-01",
    "confirmed": True,
    "asks": [4],
}
MORNING = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)  # 9:05 in Washington


class Deadlines(Room):
    """The alerts room, with reminders; its coalition has the duties that are given."""

    def __init__(self, folder, *, changes=None, duties=None):
        super().__init__(folder, campaign(changes), now=MORNING)
        named = {id_: DutyConfig.model_validate(DUTY | given) for id_, given in (duties or {}).items()}
        ours = COALITION.model_copy(update={"duties": named})
        self.config = replace(self.config, coalition=ours)
        agenda.post_reminders(replace(self.job, now=self.now - timedelta(days=1)))  # the silent first day

    def remind(self, on: date | None = None) -> None:
        """Nine in the morning there, of that day."""
        if on:
            self.now = datetime.combine(on, MORNING.time(), tzinfo=UTC)
        agenda.post_reminders(self.job)

    def reminded(self, channel: str = "policy") -> list[Card]:
        return self.cards(channel, agenda.KIND)


def comments(number: str = "2026-00001", closes: date | None = date(2026, 12, 10), **rest):
    return document(number, comments_close_on=closes, **rest)


@pytest.fixture
def room(tmp_path):
    return Deadlines(tmp_path)


# --- comment windows --------------------------------------------------------------------------------------------------


def test_comment_reminders_are_posted_14_7_and_2_days_before_in_the_alerts_thread(room):
    room.remind()
    room.take("register", comments())
    room.send_all()
    for day in range(1, 20):
        room.remind(date(2026, 11, 24) + timedelta(day))

    heads = [card.head for card in room.reminded()]
    assert heads == ["Comments close Thu Dec 10, 2026: Gloves made with forced labor"] * 3
    rows = [row for row in room.rows("policy") if row["kind"] in ("alert", agenda.KIND)]
    assert len({row["thread"] for row in rows}) == 1
    days = [row["created_at"][:10] for row in rows if row["kind"] == agenda.KIND]
    assert days == ["2026-11-26", "2026-12-03", "2026-12-08"]
    assert [(due.label, due.on) for due in room.reminded()[0].dues] == [
        ("Comments close", date(2026, 12, 10)),
        ("Our own comment due", date(2026, 12, 3)),
    ]


def test_d5_a_clock_that_was_a_year_ahead_at_a_start_loses_no_reminder_of_the_day_on_which_it_is_set(room):
    room.remind()
    room.take("register", comments())
    room.send_all()
    room.remind(date(2027, 11, 26))
    room.now = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
    agenda.post_reminders(room.job)
    room.remind(date(2026, 11, 26))
    room.remind(date(2026, 11, 26))
    assert [row["created_at"][:10] for row in room.rows("policy", agenda.KIND)] == ["2026-11-26"]


def test_d5_a_clock_that_was_years_behind_at_a_start_brings_no_reminders_of_those_years(tmp_path):
    duties = {"old": {"since": "2025-06-01"}, "now": {}}  # due on Fri Nov 28, 2025 and Sat Nov 28, 2026
    room = Deadlines(tmp_path, duties=duties)
    room.remind(date(2020, 1, 1))
    room.remind(date(2026, 11, 24))
    (card,) = room.reminded()
    assert "Nov 28, 2026" in str(card)


def test_an_extension_moves_the_reminders(room):
    room.remind()
    room.take("register", comments())
    room.send_all()
    room.remind(date(2026, 11, 26))
    extension = comments(
        "2026-00009", date(2026, 12, 24), change=Change.EXTENSION, references=("fr:2026-00001",),
        thread="fr:2026-00001", title="Gloves made with forced labor; extension of comment period",
    )  # fmt: skip
    room.take("register", extension)
    room.send_all()
    for day in range(3, 35):
        room.remind(date(2026, 11, 24) + timedelta(day))

    rows = room.rows("policy", agenda.KIND)
    assert [row["created_at"][:10] for row in rows] == ["2026-11-26", "2026-12-10", "2026-12-17", "2026-12-22"]
    assert room.reminded()[-1].head.startswith("Comments close Thu Dec 24, 2026, extended or reopened: Gloves")


def test_a_withdrawal_ends_the_reminders(room):
    room.remind()
    room.take("register", comments())
    room.send_all()
    room.take("register", document("2026-00009", change=Change.WITHDRAWAL, references=("fr:2026-00001",),
                                   thread="fr:2026-00001", title="Gloves; withdrawal"))  # fmt: skip
    room.remind(date(2026, 12, 3))

    assert room.reminded() == []


def test_an_alert_that_was_listed_in_the_digest_after_days_asleep_has_reminders(room):
    room.wait(days=20)
    closes = room.now.date() + timedelta(days=14)
    room.take("register", comments(closes=closes), comments("2026-00002", closes, title="A pledge"))
    assert room.rows("policy", intake.KIND) == []
    assert [window.numbers for window in open_windows(room.db, room.now)] == [("2026-00001",)]
    room.remind(closes - timedelta(days=7))
    assert [card.head for card in room.reminded()] == [
        f"Comments close {day_in_words(closes)}: Gloves made with forced labor"
    ]


def test_only_alerted_or_assigned_documents_have_reminders(room):
    room.remind()
    room.take("register", comments(title="A notice about trafficking in persons"))
    assert open_windows(room.db, room.now) == []

    stored = room.db.read("SELECT id FROM entry")[0]["id"]
    with room.db.write() as tx:
        tx.execute("INSERT INTO person (id, name, created_at) VALUES ('p', 'Ada', '2026')")
        handling.save(tx, stored, Handling(assigned_to="p", assigned_at=room.now))
    room.remind(date(2026, 12, 3))

    assert [card.head for card in room.reminded()] == [
        "Comments close Thu Dec 10, 2026: A notice about trafficking in persons"
    ]


def listed(closes: date) -> DocketDocument:
    """The alert's document as regulations.gov lists it."""
    return DocketDocument(
        id="USCG-2026-0041-0001", docket="USCG-2026-0041", object_id="09", number="2026-00001", kind="Notice", title="",
        posted_on=None, closes_on=closes, status=Status.OPEN,
    )  # fmt: skip


def test_where_regulations_gov_gives_another_day_both_are_shown_and_the_earlier_binds(room):
    room.remind()
    room.take("register", comments())
    with room.db.write() as tx:
        records.DOCUMENTS.save(tx, listed(date(2026, 12, 9)))
    room.remind(date(2026, 12, 2))

    card = room.reminded()[0]
    assert card.dues[0].on == date(2026, 12, 9)
    assert card.lines[0].text == (
        "The Register says Thu Dec 10, 2026, regulations.gov says Wed Dec 9, 2026: the earlier day is used."
    )


def test_a_window_is_open_until_its_day_has_ended_in_washington(room):
    room.take("register", comments(closes=date(2026, 11, 25)))

    assert open_windows(room.db, datetime(2026, 11, 26, 4, 59, tzinfo=UTC))  # 23:59 there
    assert open_windows(room.db, datetime(2026, 11, 26, 5, 0, tzinfo=UTC)) == []


def test_a_change_that_gives_no_day_leaves_the_window_s_and_shows_its_words(room):
    room.take("register", comments())
    room.take("register", comments("2026-00009", None, change=Change.REOPENING, thread="fr:2026-00001",
                                   references=("fr:2026-00001",), title="Gloves; reopening of comment period",
                                   dates_text="Comments are due by December 20, 2026."))  # fmt: skip

    [window] = open_windows(room.db, room.now)
    assert window.closes == date(2026, 12, 10)
    assert window.moved
    assert "December 20" in window.dates


# --- duties -----------------------------------------------------------------------------------------------------------


def test_a_duty_reminder_is_posted_on_the_day_and_an_overdue_duty_is_in_each_quarter_s_first_digest(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}})
    room.remind()
    room.compose()
    digests = []
    for day in range(1, 190):
        on = date(2026, 11, 24) + timedelta(day)
        room.remind(on)
        if on > date(2026, 11, 28) and business_day(on):
            digests += [on for _ in clocks_of(digest_of(room, on))]

    assert [row["created_at"][:10] for row in room.rows("policy", agenda.KIND)] == ["2026-11-28"]
    assert [card.head for card in room.reminded()] == ["Due Sat Nov 28, 2026: The directive (6 U.S.C. 645)"]
    assert digests == [date(2026, 11, 30), date(2027, 1, 4), date(2027, 4, 1)]


def test_reminders_missed_while_the_bot_was_down_are_posted_once(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}})
    room.remind()
    room.remind(date(2027, 3, 5))
    room.remind(date(2027, 3, 5))

    assert len(room.reminded()) == 1


def test_reminders_are_posted_after_nine_and_once_a_day(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}})
    room.now = datetime(2026, 11, 28, 13, 59, tzinfo=UTC)
    room.remind()
    assert room.reminded() == []
    room.now = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
    room.remind()
    room.remind()
    assert len(room.reminded()) == 1


def test_the_first_day_is_silent(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}, "old": {"since": "2018-12-21"}})
    with room.db.write() as tx:
        tx.execute("DELETE FROM memo")
    room.remind(date(2026, 11, 28))
    room.remind(date(2026, 11, 29))
    assert room.reminded() == []


def test_a_wrong_clock_neither_drops_nor_repeats_reminders(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}})
    room.remind(date(2026, 11, 28))
    room.remind(date(2099, 1, 1))
    before = len(room.reminded())
    room.remind(date(2026, 11, 28))
    assert len(room.reminded()) == before


def test_a_duty_that_was_met_has_no_more_reminders(tmp_path):
    room = Deadlines(tmp_path, duties={"directive": {}})
    with room.db.write() as tx:
        met = Finding("f1", "directive", State.MET, "https://example.org/directive", date(2026, 11, 20))
        records.add_finding(tx, met, by=None, now=room.now)
    room.remind(date(2026, 11, 28))

    assert room.reminded() == []
    assert load_commitments(room.db, room.config.coalition)["directive"].state is State.MET


def test_a_date_that_is_not_confirmed_says_so(tmp_path):
    room = Deadlines(tmp_path, duties={"report": {"confirmed": False, "note": "From the bill as introduced."}})
    room.remind(date(2026, 11, 28))

    assert "This date is not confirmed. From the bill as introduced." in [ln.text for ln in room.reminded()[0].lines]


def test_a_duty_whose_asks_have_no_channel_goes_to_the_admin_channel(tmp_path):
    room = Deadlines(tmp_path, changes={"routes": [{"to": "media", "asks": [8]}]}, duties={"directive": {}})
    room.remind(date(2026, 11, 28))

    assert len(room.reminded("admin")) == 1
    assert room.reminded("media") == []


def test_a_reminder_waits_out_quiet_hours(tmp_path):
    quiet = {"channels": {"policy": {"to": "console:policy", "quiet": ["08:00", "12:00"]},
                          "admin": {"to": "console:admin"}}}  # fmt: skip
    room = Deadlines(tmp_path, changes=quiet, duties={"directive": {}})
    room.remind(date(2026, 11, 28))

    assert room.rows("policy", agenda.KIND)[0]["due_at"].startswith("2026-11-28T17:00")


# --- the digest -------------------------------------------------------------------------------------------------------


def digest_of(room: Deadlines, on: date) -> Card:
    room.now = datetime.combine(on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=14)
    for source in room.config.feeds.sources:
        room.unchanged(source)
    room.take("register", document(f"2026-{on}", "A pledge"))  # a digest without news is not posted each day
    room.wait(minutes=1)
    digest.compose(
        room.job,
        started_at=room.now - timedelta(days=1),
        others=lambda db, audience, ahead: replace(
            room.added(db, audience, ahead), sections=agenda.clocks(db, room.config, audience, on)
        ),
    )
    return room.cards("policy", digest.KIND)[-1]


def clocks_of(card: Card) -> list[str]:
    return [line.text for section in card.sections if section.title == "Duty clocks" for line in section.lines]


def test_the_weeks_first_digest_names_the_clocks_of_two_months_and_the_others_of_two_weeks(tmp_path):
    room = Deadlines(tmp_path, duties={
        "old": {"since": "2018-12-21", "owed": "The old directive"},
        "near": {"owed": "The near report"},
        "far": {"since": "2026-11-01", "period": "1 year", "owed": "The far report"},
    })  # fmt: skip
    room.compose()

    near = "The near report (6 U.S.C. 645) is due Sat Nov 28, 2026."
    first = [line.split(" (")[0] for line in clocks_of(digest_of(room, date(2026, 11, 25)))]
    assert first == ["The old directive", "The near report"]  # it is the first of its quarter, too
    assert clocks_of(digest_of(room, date(2026, 11, 27))) == [near]
    # What is due in a year is too far ahead, and what was due is in the first digest of a quarter.
    digest_of(room, date(2027, 9, 3))
    assert clocks_of(digest_of(room, date(2027, 9, 7))) == ["The far report (6 U.S.C. 645) is due Mon Nov 1, 2027."]
    assert clocks_of(digest_of(room, date(2027, 9, 8))) == []


def test_a_weeks_first_digest_names_the_clocks_of_two_months_also_when_it_comes_late(tmp_path):
    room = Deadlines(tmp_path, duties={"later": {"since": "2026-07-03", "owed": "The later report"}})
    room.compose()
    later = ["The later report (6 U.S.C. 645) is due Wed Dec 30, 2026."]

    assert clocks_of(digest_of(room, date(2026, 11, 25))) == later
    assert clocks_of(digest_of(room, date(2026, 11, 27))) == []
    assert clocks_of(digest_of(room, date(2026, 12, 2))) == later  # nothing was posted on Monday and Tuesday
    assert clocks_of(digest_of(room, date(2026, 12, 3))) == []


def test_a_digest_without_clocks_has_no_empty_place_for_them(tmp_path):
    room = Deadlines(tmp_path)
    room.compose()

    assert "Duty clocks" not in [section.title for section in digest_of(room, date(2026, 11, 30)).sections]


# --- days from the document's own words -------------------------------------------------------------------------------


def worded(published: date = date(2026, 11, 24), **fields):
    raw = {
        "document_number": "2026-00001",
        "title": "Gloves made with forced labor: request for comments",
        "type": "Notice",
        "publication_date": published.isoformat(),
        "comments_close_on": None,
        "agencies": [{"name": "U.S. Customs and Border Protection", "slug": "u-s-customs-and-border-protection"}],
        "dates": "Comments must be received by 5:00 p.m. Eastern Time on January 8, 2027.",
    }
    return document_entry(raw | fields, "register")


def test_a_notice_with_an_empty_field_has_a_window_a_reminder_and_a_calendar_day_from_its_words(room):
    room.remind()
    room.take("register", worded())
    room.send_all()

    (alert,) = room.cards("policy", "alert")
    assert [(due.label, due.on, due.detail) for due in alert.dues] == [
        ("Comments close", date(2027, 1, 8), "by 5:00 p.m. ET, from the document's words")
    ]
    (line,) = agenda.lines(room.db, room.config.coalition, room.now)
    assert line.text.startswith(
        "Fri Jan 8, 2027 by 5:00 p.m. ET: comments close, in 30 business days (from the document's words): "
    )
    calendar = agenda.file(room.db, room.config.coalition, room.now).decode().replace("\r\n ", "")
    assert "SUMMARY:Comments close by 5:00 p.m. ET: " in calendar
    assert "DESCRIPTION:The day is from the document's words." in calendar
    room.remind(date(2026, 12, 25))
    (card,) = room.reminded()
    assert card.head.startswith("Comments close Fri Jan 8, 2027 by 5:00 p.m. ET: ")
    assert card.dues[0].detail == "by 5:00 p.m. ET, from the document's words"


def test_a_day_of_the_record_gets_its_hour_from_the_words_and_no_mark(room):
    room.take("register", worded(comments_close_on="2027-01-08"))

    (alert,) = room.cards("policy", "alert")
    assert alert.dues[0].detail == "by 5:00 p.m. ET"


def test_where_record_and_words_differ_the_record_counts_and_the_words_are_shown(room):
    room.take("register", worded(comments_close_on="2027-01-05"))

    (alert,) = room.cards("policy", "alert")
    assert (alert.dues[0].on, alert.dues[0].detail) == (date(2027, 1, 5), "")
    assert any("January 8, 2027" in line.text for line in alert.lines)


def test_a_field_before_the_publication_gives_way_to_the_words(room):
    room.take("register", worded(comments_close_on="2026-08-24"))

    (window,) = open_windows(room.db, room.now)
    assert (window.closes, window.hour, window.worded) == (date(2027, 1, 8), "5:00 p.m. ET", True)


def test_another_day_of_regulations_gov_is_shown_next_to_the_words_and_has_no_hour(room):
    room.remind()
    room.take("register", worded())
    with room.db.write() as tx:
        records.DOCUMENTS.save(tx, listed(date(2027, 1, 7)))
    (window,) = open_windows(room.db, room.now)
    assert (window.closes, window.by) == (date(2027, 1, 7), "")
    room.remind(date(2026, 12, 28))

    assert room.reminded()[0].lines[0].text == (
        "The document's own words say Fri Jan 8, 2027, regulations.gov says Thu Jan 7, 2027: the earlier day is used."
    )


def test_our_own_day_is_not_shown_once_it_is_past(room):
    room.remind()
    room.take("register", worded(dates="Comments are due by noon ET on December 1, 2026."))
    room.remind(date(2026, 11, 29))

    assert [due.label for due in room.reminded()[-1].dues] == ["Comments close"]
    assert b"Our own comment due" not in agenda.file(room.db, room.config.coalition, room.now)


def test_the_digest_names_the_hour_of_a_close(room):
    room.take("register", worded(dates="Comments are due by noon ET on December 1, 2026."))
    room.compose()
    dues = digest_of(room, date(2026, 11, 30)).dues

    assert [(due.on, due.detail) for due in dues] == [(date(2026, 12, 1), "by noon ET, from the document's words")]
