"""The meetings of the House's committees: their feeds, their files, and the host's error pages sent as answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.shared.entry import HearingStatus
from bot.sources.congress.house_hearings import COMMITTEES, HouseHearings
from tests.kit.source_reader import SourceReader, reading
from tests.peers.hearings import DENIED, NOT_FOUND, STUB, document, feed, item, meeting, path

SATURDAY = datetime(2026, 7, 25, 20, 0, tzinfo=UTC)
LATER = "2026-07-27T09:00:00"


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, SATURDAY)
        self.committees = ("JU00",)

    def feed(self, *items, code="JU00", **sentence):
        self.server.say(f"/rss?Code={code}", feed(*items), **sentence)

    def file(self, text, number=119001, on="20260729", **sentence):
        kinds = {name: sentence.pop(name) for name in ("code", "kind") if name in sentence}
        self.server.say(path(number, on, **kinds), text, content_type="text/xml", **sentence)

    async def poll(self):
        self.now += timedelta(hours=2)
        url = self.server.url("/rss?Code={committee}")
        source = HouseHearings("house", "House", url, self.fetcher, committees=self.committees)
        return await self.ask(source)

    async def entries(self):
        return getattr(await self.poll(), "entries", ())

    async def revised(self, text):
        """The entries after the meeting's file and its item in the feed changed."""
        self.feed(item(note="revised"))
        self.file(text)
        return await self.entries()


@pytest.fixture
async def reader():
    async with reading(Reader) as reader:
        reader.feed(item(), STUB)
        reader.file(meeting(119001, document("HR 188", "H.R. 188 (Rep. A), “Example Act”")))
        yield reader


async def test_a_meeting_is_read_with_its_room_its_hours_and_the_bills_noticed(reader):
    [entry] = await reader.entries()

    assert (entry.title, entry.type) == ("Markup of bills on relief for survivors", "Markup")
    assert entry.url == "https://docs.house.gov/Committee/Calendar/ByEvent.aspx?EventID=119001"
    assert (entry.bills, entry.summary) == (
        ("hr188-119",), "H.R. 188 (119th): H.R. 188 (Rep. A), “Example Act”",
    )  # fmt: skip
    assert entry.hearing.when == "Wed Jul 29, 2026, 10 a.m. ET"
    assert entry.hearing.ends == datetime(2026, 7, 29, 16, 30, tzinfo=UTC)
    assert (entry.hearing.place, entry.hearing.committee_id) == ("2141 RHOB", "HSJU")
    assert entry.hearing.body == "House Judiciary Committee"


async def test_a_subcommittee_has_its_name_and_the_directory_s_code(reader):
    given = {"code": "IG05", "name": "Subcommittee on Defense", "parent": "Permanent Select Committee on Intelligence"}
    reader.feed(item(code="IG05"))
    reader.file(meeting(119001, **given), code="IG05")
    [entry] = await reader.entries()

    assert entry.hearing.committee_id == "HLIG05"
    assert entry.hearing.body == "House Permanent Select Committee on Intelligence, Subcommittee on Defense"


@pytest.mark.parametrize(
    ("number", "description", "bills"),
    [
        ("HR 188", "", ("hr188-119",)),
        ("226", "H.R.226, Collaboration Act (Rep. B)", ("hr226-119",)),
        ("226", "Collaboration Act", ()),
        ("", "H.R. _____ (Rep. C), “Draft Act”", ()),
        ("", "Discussion draft of a bill", ()),
        ("HJRES 7", "", ("hjres7-119",)),
        ("HR " + "9" * 5_000, "", ()),
    ],
)
async def test_a_document_without_a_number_is_no_bill_and_is_not_guessed_at(reader, number, description, bills):
    reader.file(meeting(119001, document(number, description), document("HR 1", "Notice", kind="SD"),
                        document("HR 2", "Withdrawn", removed="2026-07-24T10:00:00")))  # fmt: skip
    [entry] = await reader.entries()

    assert entry.bills == bills
    assert entry.notes == (() if bills else ("Without a bill number on its agenda: 1 draft.",))


@pytest.mark.parametrize(
    ("number", "metadata", "file", "bills"),
    [
        ("10355", "HR 10355", "", ("hr10355-119",)),
        ("10355", "10355", "BILLS-119HR10355ih.pdf", ("hr10355-119",)),
        ("", "", "BILLS-119HJRES7ih-ExampleResolution.pdf", ("hjres7-119",)),
        ("", "", "BILLS-119pih-ExampleAct.pdf", ()),
        ("10355", "HR 226", "BILLS-119HR226ih.pdf", ()),  # that of another bill
    ],
)
async def test_a_number_without_its_type_is_completed_from_the_document_s_own_file(
    reader, number, metadata, file, bills
):
    reader.file(meeting(119001, document(number, "Example Act", metadata=metadata, file=file)))
    [entry] = await reader.entries()

    assert entry.bills == bills


@pytest.mark.parametrize(
    ("changed", "type_", "status"),
    [
        ({"on": "2026-07-30"}, "Markup moved", HearingStatus.SCHEDULED),
        ({"status": "R", "starts": "14:00:00"}, "Markup moved", HearingStatus.SCHEDULED),
        ({"room": "2237"}, "Markup room changed", HearingStatus.SCHEDULED),
        ({"status": "C"}, "Markup canceled", HearingStatus.CANCELED),
        ({"status": "P"}, "Markup postponed", HearingStatus.POSTPONED),
    ],
)
async def test_a_change_is_reported_at_the_next_check(reader, changed, type_, status):
    bills = document("HR 188", "H.R. 188 (Rep. A), “Example Act”")
    await reader.poll()
    [entry] = await reader.revised(meeting(119001, bills, **{"updated": LATER} | changed))

    assert (entry.type, entry.hearing.status) == (type_, status)
    assert await reader.entries() == ()


async def test_a_file_is_read_again_when_its_item_changes_and_a_few_times_a_day(reader):
    for _ in range(3):
        await reader.poll()
    assert reader.server.count(path()) == 1
    await reader.poll()
    assert reader.server.count(path()) == 2
    reader.feed(item(note="revised"))
    await reader.poll()
    assert reader.server.count(path()) == 3


async def test_what_is_canceled_on_its_morning_is_told_though_its_item_says_nothing(reader):
    reader.now = datetime(2026, 7, 29, 8, 0, tzinfo=UTC)  # six hours before it
    await reader.poll()
    bills = document("HR 188", "H.R. 188 (Rep. A), “Example Act”")
    reader.file(meeting(119001, bills, status="C", updated="2026-07-29T07:00:00"))
    [entry] = await reader.entries()

    assert entry.type == "Markup canceled"


async def test_new_meetings_are_read_before_those_of_today_are_read_again(reader):
    reader.now = datetime(2026, 7, 28, 8, 0, tzinfo=UTC)
    near = range(119001, 119042)
    reader.feed(*(item(number) for number in near))
    for number in near:
        reader.file(meeting(number), number)
    await reader.poll()
    reader.feed(*(item(number) for number in near), item(119099, "20260805"))
    reader.file(meeting(119099, on="2026-08-05"), 119099, "20260805")

    assert "hearing:house:119099" in [entry.thread for entry in await reader.entries()]


async def test_nothing_new_is_not_modified(reader):
    await reader.poll()

    assert isinstance(await reader.poll(), NotModified)


async def test_what_is_over_is_not_asked_for(reader):
    reader.feed(item(on="20260722"), item(119002, "20260730"))
    reader.file(meeting(119002, on="2026-07-30"), 119002, "20260730")
    [entry] = await reader.entries()

    assert entry.thread == "hearing:house:119002"
    assert reader.server.count(path(on="20260722")) == 0


async def test_a_postponed_meeting_moved_to_a_later_month_is_posted(reader):
    await reader.poll()
    await reader.revised(meeting(119001, status="P", updated=LATER))
    reader.now += timedelta(days=20)
    reader.feed(item(note="rescheduled"))
    reader.file(meeting(119001, on="2026-09-09", status="R", updated="2026-08-12T09:00:00"))

    notes = [entry.notes for entry in await reader.entries() if entry.change]
    assert [note[0] for note in notes] == ["On again, after it was postponed."]


async def test_many_meetings_are_read_over_several_checks_the_soonest_first(reader):
    days = [f"202608{day:02}" for day in range(1, 29)] * 2
    numbers = range(119100, 119100 + len(days))
    reader.feed(*(item(n, on) for n, on in zip(numbers, days, strict=True)))
    for n, on in zip(numbers, days, strict=True):
        reader.file(meeting(n, on=f"{on[:4]}-{on[4:6]}-{on[6:]}"), n, on)
    first = await reader.poll()
    second = await reader.poll()

    assert (len(first.entries), len(second.entries)) == (40, 16)
    assert first.detail == "16 meetings wait for the next check"
    assert {entry.identity[0] for entry in second.entries} == set(second.baseline)  # they were there at the first look


async def test_what_a_committee_lists_when_it_is_first_read_is_baseline(reader):
    assert (await reader.poll()).baseline == {"hearing:house:119001"}
    reader.committees = ("JU00", "VR00")
    reader.feed(item(119002, "20260730", code="VR00"), code="VR00")
    reader.file(meeting(119002, on="2026-07-30", code="VR00"), 119002, "20260730", code="VR00")
    answer = await reader.poll()
    assert answer.baseline == {"hearing:house:119002"}

    reader.feed(item(), item(119003, "20260730"))
    reader.file(meeting(119003, on="2026-07-30"), 119003, "20260730")
    answer = await reader.poll()
    assert (len(answer.entries), answer.baseline) == (1, frozenset())


# --- what is no meeting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence", "health"),
    [
        (NOT_FOUND, {}, Health.NOT_A_FEED),
        (DENIED, {"status": 403}, Health.BLOCKED),
        (DENIED, {}, Health.BLOCKED),
        ("<committee-meeting/>", {}, Health.NOT_A_FEED),
        ("<rss><channel>", {}, Health.MALFORMED),
    ],
)
async def test_an_error_page_for_a_feed_is_health_whatever_its_status(reader, body, sentence, health):
    reader.server.say("/rss?Code=JU00", body, content_type="text/html", **sentence)
    answer = await reader.poll()

    assert isinstance(answer, FetchFailed)
    assert (answer.health, answer.detail[:6]) == (health, "JU00: ")


@pytest.mark.parametrize(
    ("body", "health"),
    [
        (NOT_FOUND, Health.NOT_A_FEED),
        ("<rss/>", Health.NOT_A_FEED),
        (meeting(119001)[:-30], Health.MALFORMED),
        (meeting(119001, on=""), Health.MALFORMED),
        (meeting(119001, code="x"), Health.MALFORMED),
        (meeting(119009), Health.MALFORMED),  # another meeting's
    ],
)
async def test_an_error_page_for_a_meeting_is_health_and_stops_no_other(reader, body, health):
    reader.feed(item(), item(119002, "20260730"))
    reader.file(body)
    reader.file(meeting(119002, on="2026-07-30"), 119002, "20260730")
    answer = await reader.poll()

    assert isinstance(answer, Fetched)
    assert [entry.thread for entry in answer.entries] == ["hearing:house:119002"]
    assert (answer.health, answer.detail[:15]) == (health, "meeting 119001:")


async def test_one_committee_s_broken_feed_does_not_hide_the_others(reader):
    reader.committees = ("VR00", "JU00")
    answer = await reader.poll()

    assert (len(answer.entries), answer.health, answer.detail[:6]) == (1, Health.GONE, "VR00: ")


async def test_an_item_leads_nowhere_but_to_the_feed_s_own_host(reader):
    foreign = item().replace("http://docs.house.gov", "http://elsewhere.example")
    reader.feed(foreign, item(119002).replace("/Meetings/", "/other/"))
    [entry] = await reader.entries()

    assert entry.thread == "hearing:house:119001"
    assert reader.server.count(path()) == 1


async def test_a_recess_is_no_trouble(reader):
    reader.feed(STUB)
    answer = await reader.poll()

    assert (answer.entries, answer.health) == ((), Health.EMPTY_EXPECTED)


def test_every_committee_has_a_feed():
    assert len(COMMITTEES) == len(set(COMMITTEES)) == 22


async def test_the_recorded_meeting_is_read(reader, material):
    recorded = (material / "congress/hearings/house_meeting-115955.xml").read_bytes()
    reader.now = datetime(2023, 5, 20, tzinfo=UTC)
    reader.feed(item(115955, "20230523", code="II10", kind="HHRG"))
    reader.file(recorded, 115955, "20230523", code="II10", kind="HHRG")
    [entry] = await reader.entries()

    assert entry.bills[:2] == ("hr188-118", "hr934-118")
    assert all(bill.startswith("hr") and bill.endswith("-118") for bill in entry.bills)
    assert entry.notes == ("Without a bill number on its agenda: 1 draft.",)
    assert entry.hearing.when == "Tue May 23, 2023, 2 p.m. ET"
    assert entry.hearing.place == "1324 LHOB"
    assert entry.hearing.body == "House Natural Resources Committee, Subcommittee on Federal Lands"


@pytest.mark.parametrize("lost", ["neither", "metadata"])
async def test_every_bill_of_the_recorded_agenda_is_read_though_types_are_lost_and_titles_stand_alone(
    reader, corpus, lost
):
    recorded = (corpus / "congress/hearings/house_meeting-115955.xml").read_text()
    body = re.sub(r"<description>H\.R\. \d[^<]*", "<description>A title alone", recorded)
    first, *more = re.split(r"(?=<filename-metadata>)", body.replace("<legis-num>HR ", "<legis-num>"))
    if lost == "neither":
        more = [part.replace("<legis-num>", "<legis-num>HR ", 1) for part in more]
    reader.now = datetime(2023, 5, 20, tzinfo=UTC)
    reader.feed(item(115955, "20230523", code="II10", kind="HHRG"))
    reader.file("".join([first, *more]), 115955, "20230523", code="II10", kind="HHRG")
    [entry] = await reader.entries()

    assert set(entry.bills) == {f"hr{n}-118" for n in (188, 934, 2997, 1726, 3522, 3499, 3389, 3396)}
    assert entry.notes == ("Without a bill number on its agenda: 1 draft.",)
