"""The Senate's list of hearings: what is read of it, what counts as a change, and what is no meeting at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.shared.entry import Change, HearingStatus, Kind
from bot.sources.congress.senate_hearings import SenateHearings
from tests.kit.source_reader import SourceReader
from tests.peers.hearings import DENIED, NOT_FOUND, PLACEHOLDER, row, senate

SATURDAY = datetime(2026, 7, 25, 20, 0, tzinfo=UTC)
LATER = "07-27-2026 09:00:00 AM"


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, SATURDAY)

    async def poll(self, *rows, body=None, status=200, content_type="text/xml", headers=None):
        """What the source answers two hours later, the list now having these rows."""
        self.server.say("/hearings.xml", body or senate(*rows), status=status, content_type=content_type,
                        headers=headers)  # fmt: skip
        self.now += timedelta(hours=2)
        source = SenateHearings("senate", "Senate", self.server.url("/hearings.xml"), self.fetcher)
        return await self.ask(source)

    async def entries(self, *rows, **text):
        """The entries of an answer; "not modified" has none."""
        return getattr(await self.poll(*rows, **text), "entries", ())

    async def change(self, *rows, **text):
        """The one entry of an answer."""
        [entry] = await self.entries(*rows, **text)
        return entry


async def test_a_meeting_is_read_with_its_hour_in_washington_and_every_bill_of_its_agenda(reader):
    bills = [("SN", 365), ("HR", 1729), ("PN", 12), ("SN", 677)]
    entry = await reader.change(row(code="SSJU22", kind="Open Business Meeting", bills=bills))

    assert (entry.kind, entry.thread, entry.type) == (Kind.HEARING, "hearing:senate:338001", "Business meeting")
    assert entry.title == "Hearings to examine relief for survivors."
    assert entry.bills == entry.hearing.bills == ("s365-119", "hr1729-119", "s677-119")
    assert entry.summary == (
        "S. 365 (119th): A bill to do the 365th thing.; H.R. 1729 (119th): A bill to do the 1729th thing.; "
        "S. 677 (119th): A bill to do the 677th thing."
    )
    assert entry.hearing.starts == datetime(2026, 7, 29, 14, 0, tzinfo=UTC)
    assert entry.hearing.when == "Wed Jul 29, 2026, 10 a.m. ET"
    assert (entry.hearing.committee_id, entry.hearing.body) == ("SSJU22", "Senate Judiciary Committee, a subcommittee")
    assert entry.hearing.place == "SD-226"
    assert entry.as_of == datetime(2026, 7, 25, 1, 0, 29, tzinfo=UTC)  # 9 p.m. in Washington, not the "Z" beside it


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"kind": "Closed Hearing"}, "Closed hearing"), ({"kind": ""}, "Meeting"),
     ({"kind": "Open Business Meeting", "matter": "Business meeting to markup S.737."}, "Markup")],
)  # fmt: skip
async def test_a_meeting_is_called_what_the_list_calls_it(reader, given, kind):
    assert (await reader.change(row(**given))).hearing.kind == kind


async def test_joint_bodies_keep_their_name_and_a_video_that_is_only_a_placeholder_is_left_out(reader):
    name, video = "Commission on Security and Cooperation in Europe", "https://www.senate.gov/isvp/?comm=xxxx"
    entry = await reader.change(row(code="JCSE00", committee=name, video=video))

    assert (entry.hearing.committee, entry.hearing.committee_id, entry.hearing.video) == (name, "JCSE", "")


async def test_a_meeting_without_an_hour_is_a_day(reader):
    hearing = (await reader.change(row(time="TBA"))).hearing

    assert (hearing.starts, hearing.day, hearing.when) == (None, date(2026, 7, 29), "Wed Jul 29, 2026")


@pytest.mark.parametrize(
    ("matter", "closes"),
    [("Hearings on relief. Statements for the record may be submitted by August 12, 2026.", date(2026, 8, 12)),
     ("Hearings on relief. Written testimony for the record is due no later than August 3, 2026", date(2026, 8, 3)),
     ("Hearings on statements for the record of August 3, 2026.", None), ("Hearings on relief.", None),
     ("Statements for the record close on February 31, 2026", None)],
)  # fmt: skip
async def test_statements_close_only_where_the_source_says_so(reader, matter, closes):
    assert (await reader.change(row(matter=matter))).hearing.statements_close == closes


# --- changes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "type_", "sentences"),
    [
        ({"on": "2026-07-30"}, "Hearing moved",
         ["Moved from Wed Jul 29, 2026, 10 a.m. ET to Thu Jul 30, 2026, 10 a.m. ET."]),
        ({"time": "02:00 PM"}, "Hearing moved",
         ["Moved from Wed Jul 29, 2026, 10 a.m. ET to Wed Jul 29, 2026, 2 p.m. ET."]),
        ({"room": "SH-216"}, "Hearing room changed", ["Room changed from SD-226 to SH-216."]),
        ({"on": "2026-07-30", "room": "SH-216"}, "Hearing moved",
         ["Moved from Wed Jul 29, 2026, 10 a.m. ET to Thu Jul 30, 2026, 10 a.m. ET.",
          "Room changed from SD-226 to SH-216."]),
        ({"matter": "CANCELED: Hearings to examine relief."}, "Hearing canceled",
         ["Canceled. It was scheduled for Wed Jul 29, 2026, 10 a.m. ET."]),
        ({"room": "POSTPONED"}, "Hearing postponed",
         ["Postponed from Wed Jul 29, 2026, 10 a.m. ET. No new date is given.",
          "Room changed from SD-226 to POSTPONED."]),
    ],
)  # fmt: skip
async def test_what_people_must_know_of_a_change_is_one_entry(reader, changed, type_, sentences):
    first = await reader.change(row())
    entries = await reader.entries(row(**{"updated": LATER} | changed))
    [entry] = [entry for entry in entries if entry.change]

    assert (entry.type, list(entry.notes), entry.thread) == (type_, sentences, first.thread)
    assert entry.change is Change.UPDATE
    assert entry.identity != first.identity
    assert entry.hearing.sequence == 1


async def test_a_meeting_that_moves_to_and_fro_is_a_new_entry_each_time(reader):
    await reader.poll(row())
    keys = {(await reader.change(row(room=room, updated=LATER))).identity[0] for room in ("A-1", "SD-226", "A-1")}

    assert len(keys) == 3


async def test_only_those_who_follow_a_bill_added_or_taken_off_are_concerned_by_a_new_agenda(reader):
    await reader.poll(row(bills=[("SN", 1), ("SN", 2)]))
    edited, entry = (await reader.poll(row(bills=[("SN", 1), ("SN", 365)], updated=LATER))).entries

    assert (entry.bills, entry.change, entry.type) == (("s365-119", "s2-119"), None, "Hearing agenda changed")
    assert entry.notes == ("Added to the agenda: S. 365 (119th).", "Taken off the agenda: S. 2 (119th).")
    assert "S. 1 (" not in entry.summary
    assert entry.hearing.bills == edited.bills == ("s1-119", "s365-119")


async def test_a_new_title_is_an_edit_of_the_announcement(reader):
    first = await reader.change(row(matter="Hearings to examine pending legislation."))
    entry = await reader.change(row(matter="Hearings to examine forced labor.", updated=LATER))

    assert (entry.identity, entry.change, entry.hearing.sequence) == (first.identity, None, 0)


@pytest.mark.parametrize("matter", ["Hearings to examine canceled flights.", "Hearings on postponed repairs."])
async def test_a_hearing_about_canceled_flights_is_not_canceled(reader, matter):
    assert (await reader.change(row(matter=matter))).hearing.status is HearingStatus.SCHEDULED


async def test_the_same_list_and_an_older_copy_of_it_bring_nothing(reader):
    await reader.poll(row())
    await reader.poll(row(room="SH-216", updated=LATER))

    assert await reader.entries(row(room="SH-216", updated=LATER)) == ()
    assert await reader.entries(row()) == ()
    assert await reader.entries(row(room="SH-216", updated=LATER)) == ()


async def test_a_meeting_missing_from_two_lists_in_a_row_is_reported_once_and_its_return_too(reader):
    other = row(338002)
    await reader.poll(row(), other)
    assert await reader.entries(other) == ()
    gone = await reader.change(other)

    assert (gone.type, gone.hearing.status) == ("Hearing no longer listed", HearingStatus.UNLISTED)
    assert gone.notes[0].startswith("The Senate's list no longer has this meeting and gives no reason.")
    assert await reader.entries(other) == ()
    assert (await reader.change(row(), other)).notes == ("Listed again.",)


async def test_a_list_unchanged_since_a_meeting_went_missing_confirms_it(reader):
    headers = {"Last-Modified": "Sat, 25 Jul 2026 22:00:00 GMT"}
    await reader.poll(row(), row(338002))
    await reader.poll(row(338002), headers=headers)

    assert (await reader.change(row(338002), headers=headers)).type == "Hearing no longer listed"
    assert isinstance(await reader.poll(row(338002), headers=headers), NotModified)


async def test_a_meeting_that_took_place_and_left_the_list_is_no_news(reader):
    await reader.poll(row(), row(338002, on="2026-08-04"))
    reader.now = datetime(2026, 7, 29, 18, 0, tzinfo=UTC)
    for _ in range(3):
        assert await reader.entries(row(338002, on="2026-08-04")) == ()


async def test_a_meeting_that_is_over_is_not_announced(reader):
    reader.now = datetime(2026, 7, 29, 13, 0, tzinfo=UTC)

    assert await reader.entries(row()) == ()


async def test_a_postponed_meeting_is_still_known_weeks_later(reader):
    await reader.poll(row(), row(338002))
    await reader.poll(row(matter="POSTPONED: Hearings on relief.", updated=LATER), row(338002))
    reader.now += timedelta(days=40)
    await reader.poll(row(338003, on="2026-09-20"))
    entries = await reader.entries(row(on="2026-09-16", updated="09-02-2026 09:00:00 AM"))

    assert [entry.notes for entry in entries if entry.change] == [
        (
            "On again, after it was postponed.",
            "Moved from Wed Jul 29, 2026, 10 a.m. ET to Wed Sep 16, 2026, 10 a.m. ET.",
        )
    ]


# --- what is no meeting -----------------------------------------------------------------------------------------------


async def test_a_placeholder_row_is_a_recess_and_never_an_entry(reader):
    answer = await reader.poll(PLACEHOLDER)

    assert (answer.entries, answer.health, answer.broken) == ((), Health.EMPTY_EXPECTED, 0)
    assert len(await reader.entries(PLACEHOLDER, row())) == 1


async def test_a_list_that_turns_empty_before_its_meetings_is_trouble_and_cancels_none(reader):
    await reader.poll(row())
    for _ in range(3):
        answer = await reader.poll(PLACEHOLDER)
        assert (answer.entries, answer.health) == ((), Health.EMPTY)
    assert await reader.entries(row()) == ()


@pytest.mark.parametrize(
    ("text", "health"),
    [
        ({"body": DENIED, "status": 403, "content_type": "text/html"}, Health.BLOCKED),
        ({"body": DENIED, "status": 403, "content_type": "text/xml"}, Health.BLOCKED),
        ({"body": DENIED}, Health.BLOCKED),
        ({"body": NOT_FOUND, "content_type": "text/html"}, Health.NOT_A_FEED),
        ({"body": "<rss><channel/></rss>"}, Health.NOT_A_FEED),
        ({"body": senate()}, Health.MALFORMED),
        ({"body": senate(row())[:-40]}, Health.MALFORMED),
        ({"body": '<!DOCTYPE a [<!ENTITY x "y">]>' + senate(row()).partition("?>")[2]}, Health.NOT_A_FEED),
        ({"body": "nothing here", "status": 404}, Health.GONE),
    ],
)  # fmt: skip
async def test_an_error_page_is_the_source_s_health_whatever_its_status(reader, text, health):
    await reader.poll(row())
    answer = await reader.poll(**text)

    assert isinstance(answer, FetchFailed)
    assert answer.health is health
    assert await reader.entries(row()) == ()


@pytest.mark.parametrize(
    "given",
    [{"bills": [("SN", int("9" * 4_000)), ("SN", 0), ("ZZ", 5)]}, {"on": "9999-12-31", "time": "11:00 PM"},
     {"matter": "Statement for the record by " * 50_000}, {"updated": "12-31-9999 11:00:00 PM"}],
)  # fmt: skip
async def test_absurd_numbers_days_and_lengths_are_read_as_far_as_they_make_sense(reader, given):
    entry = await reader.change(row(**given))

    assert (entry.bills, entry.hearing.statements_close) == ((), None)
    assert len(entry.title) <= 1_000


async def test_a_row_that_lacks_its_number_or_day_is_counted_and_stops_nothing(reader):
    broken = row().replace("<identifier>338001</identifier>", ""), row(on="soon")
    answer = await reader.poll(*broken, row(338002))

    assert isinstance(answer, Fetched)
    assert (len(answer.entries), answer.broken) == (1, 2)


# --- recorded ---------------------------------------------------------------------------------------------------------


async def test_every_bill_of_every_recorded_agenda_is_linked(reader, material):
    recorded = (material / "congress/hearings/senate_hearings_2026-07-25.xml").read_text(encoding="utf-8")
    answer = await reader.poll(body=recorded)
    written = re.findall(r'document_num="(\d+)" document_prefix="(SN|HR)"', recorded)

    linked = [bill for entry in answer.entries for bill in entry.bills]
    assert linked == [f"{'s' if prefix == 'SN' else 'hr'}{number}-119" for number, prefix in written]
    assert answer.broken == 0


async def test_the_recorded_markup_has_44_of_44_bills(reader, corpus):
    recorded = (corpus / "congress/hearings/senate_hearings_2026-07-25.xml").read_bytes()
    answer = await reader.poll(body=recorded)

    [markup] = [entry for entry in answer.entries if entry.identity == ("hearing:senate:338691",)]
    assert len(markup.bills) == 44
    assert "s365-119" in markup.bills
    assert len(answer.entries) == 9


async def test_five_days_between_two_recorded_lists_are_posted_as_what_changed(reader, material):
    folder = material / "congress/hearings"
    await reader.poll(body=(folder / "senate_hearings_2026-07-25.xml").read_bytes())
    reader.now = datetime(2026, 7, 30, 10, 0, tzinfo=UTC)
    answer = await reader.poll(body=(folder / "senate_hearings_2026-07-30.xml").read_bytes())

    by_thread = {}
    for entry in answer.entries:
        by_thread.setdefault(entry.thread, []).append(entry)
    reworded = by_thread["hearing:senate:338684"]
    assert [entry.type for entry in reworded] == ["Business meeting", "Business meeting agenda changed"]
    assert all(entry.change is None for entry in answer.entries)  # none moved
    assert not any(entry.thread == "hearing:senate:338690" for entry in answer.entries)  # gone, but for one list only


@pytest.mark.parametrize(
    ("file", "status", "health"),
    [("senate_hearings_2026-10-02_none_scheduled.xml", 200, Health.EMPTY_EXPECTED),
     ("senate_hearings_NEGATIVE_akamai_403.html", 403, Health.BLOCKED),
     ("senate_hearings_NEGATIVE_akamai_403.html", 200, Health.BLOCKED)],
)  # fmt: skip
async def test_recorded_answers_without_a_meeting_are_health(reader, material, file, status, health):
    answer = await reader.poll(body=(material / "congress/hearings" / file).read_bytes(), status=status)

    assert getattr(answer, "entries", ()) == ()
    assert answer.health is health
