"""Announced hearings as a channel sees them: one card, a reply to each change, the deadlines and the calendar."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import vobject

from bot.alerts import intake
from bot.app.polling import Poller
from bot.chat.discord import incoming
from bot.commands.model import Role
from bot.congress import records as directory
from bot.deadlines import agenda
from bot.deadlines.windows import upcoming
from bot.entries import records, source_records
from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Health, Memory
from bot.shared.card import Mark
from bot.shared.entry import Kind
from bot.sources.congress.house_hearings import HouseHearings
from bot.sources.congress.senate_hearings import SenateHearings
from bot.store.database import StopRequested
from bot.watch.model import Level
from tests.kit.alerts import Room, campaign, watch
from tests.kit.board import Board, words
from tests.kit.congress import public
from tests.kit.letters_desk import Desk
from tests.peers.feedserver import serving
from tests.peers.hearings import DENIED, NOT_FOUND, PLACEHOLDER, document, feed, item, meeting, path, row, senate

MONDAY = datetime(2026, 7, 27, 14, 0, tzinfo=UTC)
SOURCES = {
    "senate": {"kind": "senate-hearings", "name": "Senate hearings"},
    "house": {"kind": "house-hearings", "name": "House meetings", "every": "2h"},
}
WATCHES = (
    watch("relief", "bill:s365-119", Level.ALERT, (8,), kinds=(Kind.HEARING,)),
    watch("gloves", '"forced labor"', Level.ALERT, (4,)),
    watch("judiciary", "committee:judiciary", Level.DIGEST, ()),
)
ON_SLACK = {name: {"to": f"slack:C0{name.upper()}"} for name in ("policy", "media", "admin")}
AGENDA = [("SN", 365), ("HR", 1729), ("SN", 12)]
LATER = "07-27-2026 11:00:00 AM"


def markup(**changed):
    given = {"kind": "Open Business Meeting", "code": "SSEG00", "committee": "Energy and Natural Resources",
             "matter": "Business meeting to consider pending bills.", "bills": AGENDA}  # fmt: skip
    return row(338691, **given | changed)


class Capitol:
    """Both chambers' lists on loopback, polled by the program's own loop into a room with two channels."""

    def __init__(self, tmp_path, server, fetcher):
        self.server, self.fetcher = server, fetcher
        base = campaign({"sources": SOURCES, "routes": [{"to": "policy"}]}, WATCHES)
        self.room = Room(tmp_path, base, baseline=False, now=MONDAY)
        self.lists(row(338002))
        self.houses()

    def lists(self, *rows, body=None, **sentence):
        self.server.say("/senate.xml", body or senate(*rows), content_type="text/xml", **sentence)

    def houses(self, *items):
        self.server.say("/house?JU00", feed(*items))

    def sources(self):
        url = self.server.url
        house = HouseHearings("house", "House", url("/house?{committee}"), self.fetcher, committees=("JU00",))
        return {"senate": SenateHearings("senate", "Senate", url("/senate.xml"), self.fetcher), "house": house}

    async def check(self, times=1):
        """Both are asked, an hour later; what was queued is sent."""
        for _ in range(times):
            self.room.wait(hours=1)
            await Poller(
                self.room.db, self.sources(), self.room.config, clock=lambda: self.room.now,
                new_id=self.room.new_id, dice=lambda: 0.0, since=None,
            ).poll_now()  # fmt: skip
            self.room.send_all()
        return self

    @property
    def alerts(self):
        return self.room.rows("policy", "alert")

    @property
    def cards(self):
        return self.room.cards("policy", "alert")

    def calendar(self):
        data = agenda.file(self.room.db, self.room.config.coalition, self.room.now).decode()
        return list(getattr(vobject.readOne(data), "vevent_list", ()))


@pytest.fixture
async def capitol(tmp_path):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    async with serving() as server:
        yield await Capitol(tmp_path, server, fetcher).check()
    await fetcher.close()


async def test_what_was_announced_before_the_first_look_is_silent_and_in_the_deadlines(capitol):
    assert capitol.alerts == []
    [line] = agenda.lines(capitol.room.db, capitol.room.config.coalition, capitol.room.now)
    assert line.text.startswith(
        "Wed Jul 29, 2026, 10 a.m. ET: Hearing: "
        "Hearings to examine relief for survivors. (Senate Judiciary Committee) ["
    )


async def test_a_markup_of_a_followed_bill_is_one_card(capitol):
    capitol.lists(row(338002), markup())
    await capitol.check(3)

    [card] = capitol.cards
    assert card.head == (
        "Business meeting Wed Jul 29, 2026, 10 a.m. ET: "
        "S. 365 among 3 bills, Senate Energy and Natural Resources Committee"
    )
    assert (card.mark, card.badge) == (Mark.HEARING, "Ask 8")
    assert [line.text for line in card.lines] == [
        "Business meeting to consider pending bills.",
        "Senate Energy and Natural Resources Committee · SD-226",
    ]
    assert card.why == ("bill S. 365 (119th) → Ask 8, clear records",)
    assert [(due.label, due.on, due.detail) for due in card.dues] == [
        ("Business meeting", date(2026, 7, 29), "at 10 a.m. ET")
    ]
    assert [button.label for button in card.buttons] == ["Draft statement", "Ask for a hearing", "Why", "Not relevant"]
    assert all(len(incoming.encode(button.path, dict(button.args))) <= incoming.LONGEST for button in card.buttons)
    assert "statements" not in words(card)


async def test_a_deadline_for_statements_is_shown_where_the_source_gives_one(capitol):
    capitol.lists(
        row(338002), markup(matter="Hearings on relief. Statements for the record are due by August 5, 2026.")
    )
    await capitol.check()

    assert [(due.label, due.on) for due in capitol.cards[0].dues][1:] == [
        ("Statements for the record close", date(2026, 8, 5))
    ]


@pytest.mark.parametrize(
    ("changed", "head", "says"),
    [
        ({"on": "2026-07-30"}, "Business meeting moved to Thu Jul 30, 2026, 10 a.m. ET: S. 365 among 3 bills",
         "Moved from Wed Jul 29, 2026, 10 a.m. ET to Thu Jul 30, 2026, 10 a.m. ET."),
        ({"room": "SH-216"}, "Business meeting room changed, Wed Jul 29, 2026, 10 a.m. ET: S. 365 among 3 bills",
         "Room changed from SD-226 to SH-216."),
        ({"matter": "CANCELED: Business meeting to consider pending bills."},
         "Business meeting canceled, Wed Jul 29, 2026, 10 a.m. ET: S. 365 among 3 bills",
         "Canceled. It was scheduled for Wed Jul 29, 2026, 10 a.m. ET."),
        ({"bills": AGENDA[1:]}, "Business meeting agenda changed, Wed Jul 29, 2026, 10 a.m. ET: S. 365, Senate Energy",
         "Taken off the agenda: S. 365 (119th)."),
    ],
)  # fmt: skip
async def test_a_change_is_exactly_one_reply_in_the_thread_at_the_next_check(capitol, changed, head, says):
    capitol.lists(row(338002), markup())
    await capitol.check()
    capitol.lists(row(338002), markup(**{"updated": LATER} | changed))
    await capitol.check()

    first, reply = capitol.alerts
    assert reply["thread"] == first["thread"]
    assert capitol.cards[1].head.startswith(head)
    assert says in [line.text for line in capitol.cards[1].lines]
    await capitol.check(5)
    assert len(capitol.alerts) == 2


async def test_the_first_card_of_a_meeting_shows_where_it_is_now(capitol):
    capitol.room.config = campaign({"sources": SOURCES, "routes": [{"to": "policy"}], "channels": ON_SLACK}, WATCHES)
    capitol.lists(row(338002), markup())
    await capitol.check()
    capitol.lists(row(338002), markup(on="2026-07-30", room="SH-216", updated=LATER))
    await capitol.check()
    first, _ = capitol.cards
    assert first.head.startswith("Business meeting Thu Jul 30, 2026, 10 a.m. ET: S. 365 among 3 bills")
    assert first.lines[-1].text == "Senate Energy and Natural Resources Committee · SH-216"
    assert [due.on for due in first.dues] == [date(2026, 7, 30)]
    assert first.updated == (
        "Updated Mon Jul 27, 2026: Moved from Wed Jul 29, 2026, 10 a.m. ET to Thu Jul 30, 2026, 10 a.m. ET. "
        "Room changed from SD-226 to SH-216."
    )

    assert first.foot == "Senate hearings · as of Mon Jul 27, 2026, 11 a.m."

    off = markup(on="2026-07-30", room="SH-216", matter="CANCELED: Business meeting to consider pending bills.",
                 updated="07-27-2026 12:00:00 PM")  # fmt: skip
    capitol.lists(row(338002), off)
    await capitol.check()
    first = capitol.cards[0]
    assert first.head.startswith("Business meeting canceled, Thu Jul 30, 2026, 10 a.m. ET: S. 365 among 3 bills")
    assert (first.dues, len(capitol.alerts)) == ((), 3)
    edits = capitol.room.db.read("SELECT edits FROM delivery WHERE kind = 'edit'")
    assert [row["edits"] for row in edits] == [capitol.alerts[0]["id"]]


async def test_a_meeting_moved_ahead_of_its_first_card_opens_a_thread(capitol):
    capitol.lists(row(338002, matter="Hearings on forced labor.", updated="07-24-2026 09:00:30 PM", on="2026-07-31"))
    await capitol.check()

    heads = [card.head for card in capitol.cards]
    assert heads == [
        "Hearing moved to Fri Jul 31, 2026, 10 a.m. ET: Hearings on forced labor. (Senate Judiciary Committee)"
    ]


async def test_an_unrelated_bill_put_on_the_agenda_is_not_posted(capitol):
    capitol.lists(row(338002), markup())
    await capitol.check()
    capitol.lists(row(338002), markup(bills=[*AGENDA, ("HR", 7)], updated=LATER))
    await capitol.check()

    assert len(capitol.alerts) == 1


async def test_a_followed_bill_put_on_an_agenda_is_an_alert(capitol):
    capitol.lists(row(338002), markup(bills=AGENDA[1:]))
    await capitol.check()
    assert capitol.alerts == []
    capitol.lists(row(338002), markup(updated=LATER))
    await capitol.check()

    [card] = capitol.cards
    assert "Added to the agenda: S. 365 (119th)." in [line.text for line in card.lines]
    assert "S. 365 among 3 bills" in card.head


async def test_a_house_meeting_is_posted_and_its_move_too(capitol):
    bill = document("S 365", "S. 365, “Relief Act”")
    capitol.houses(item())
    capitol.server.say(path(), meeting(119001, bill, room="2237"))
    await capitol.check()
    capitol.houses(item(note="revised"))
    capitol.server.say(path(), meeting(119001, bill, room="2237", starts="14:30:00", updated="2026-07-27T12:00:00"))
    await capitol.check(2)

    assert [card.head for card in capitol.cards] == [
        "Markup Wed Jul 29, 2026, 2:30 p.m. ET: S. 365, House Judiciary Committee",
        "Markup moved to Wed Jul 29, 2026, 2:30 p.m. ET: S. 365, House Judiciary Committee",
    ]


async def test_placeholders_and_error_pages_are_reported_to_the_administrators_and_to_no_channel(capitol):
    capitol.lists(row(338002), markup())
    await capitol.check()
    before = len(capitol.room.rows("policy"))
    for sentence in (
        {"body": senate(PLACEHOLDER)},
        {"body": DENIED, "status": 403},
        {"body": DENIED},
        {"body": NOT_FOUND},
        {"body": "", "status": 500},
    ):
        capitol.lists(**sentence)
        await capitol.check(3)

    assert len(capitol.room.rows("policy")) == before
    assert any("Senate hearings" in head for head in capitol.room.heads("admin"))
    capitol.lists(row(338002), markup())
    await capitol.check(2)
    assert len(capitol.room.rows("policy")) == before


@pytest.mark.parametrize("after", [0, 1, 4, 8, 12, 16])
async def test_what_is_given_up_half_way_is_posted_once_when_it_comes_again(capitol, after):
    capitol.lists(row(338002), markup())
    await capitol.check()
    capitol.lists(row(338002), markup(on="2026-07-30", updated=LATER))
    room, statements = capitol.room, count()
    state = source_records.source_state(room.db, "senate")
    answer = await capitol.sources()["senate"].poll(state.memory, room.now)
    due_at = room.now + timedelta(hours=1)
    with pytest.raises(StopRequested), room.job.write() as work:
        intake.ingest(work, answer, "senate", due_at=due_at, stopping=lambda: next(statements) >= after)
    assert len(capitol.alerts) == 1
    await capitol.check(3)

    assert len(capitol.alerts) == 2


async def test_a_list_read_again_after_its_state_was_lost_repeats_nothing(capitol):
    capitol.lists(row(338002), markup())
    await capitol.check()
    with capitol.room.db.write() as tx:
        state = source_records.source_state(tx, "senate")
        memory = Memory(first_success_at=state.memory.first_success_at)
        source_records.save_source(tx, replace(state, memory=memory, health=Health.OK))
    await capitol.check(2)

    assert len(capitol.alerts) == 1


# --- the calendar -----------------------------------------------------------------------------------------------------


async def test_the_calendar_follows_a_meeting_that_moves_and_is_canceled(capitol):
    capitol.lists(markup())
    await capitol.check()
    [event] = [event for event in capitol.calendar() if "S. 365" in event.summary.value]
    uid = event.uid.value
    assert uid == "hearing-senate-338691@us.coalition-bot"
    assert (event.sequence.value, event.dtstart.value) == ("0", datetime(2026, 7, 29, 14, 0, tzinfo=UTC))
    assert event.location.value == "SD-226"
    assert not hasattr(event, "status")

    capitol.lists(markup(on="2026-07-30", updated=LATER))
    await capitol.check()
    [event] = [event for event in capitol.calendar() if event.uid.value == uid]
    assert (event.sequence.value, event.dtstart.value.day) == ("1", 30)

    off = "CANCELED: Business meeting to consider pending bills."
    capitol.lists(markup(on="2026-07-30", matter=off, updated="07-27-2026 12:00:00 PM"))
    await capitol.check()
    [event] = [event for event in capitol.calendar() if event.uid.value == uid]
    assert (event.sequence.value, event.status.value) == ("2", "CANCELLED")
    [meeting_] = [each for each in upcoming(capitol.room.db, capitol.room.now) if each.hearing.sequence == 2]
    assert meeting_.hearing.status.value == "canceled"


async def test_a_meeting_without_an_hour_is_a_whole_day_and_one_that_is_over_is_gone(capitol):
    capitol.lists(markup(time="TBA"))
    await capitol.check()
    assert date(2026, 7, 29) in [event.dtstart.value for event in capitol.calendar()]

    capitol.room.wait(days=3)
    assert capitol.calendar() == []


# --- what people ask --------------------------------------------------------------------------------------------------


async def announced(tmp_path, board, code="SSJU00"):
    """A hearing on a bill of the shipped coalition, taken in by its board."""
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    agenda_ = [("HR", 4323), ("SN", 12)]
    async with serving() as server:
        source = SenateHearings("senate-hearings", "Senate", server.url("/senate.xml"), fetcher)
        memory, now = Memory(), datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
        for rows in (
            (row(1, on="2026-12-01"),),
            (row(1, on="2026-12-01"), row(2, on="2026-12-02", bills=agenda_, code=code)),
        ):
            server.say("/senate.xml", senate(*rows), content_type="text/xml")
            answer = await source.poll(memory, now)
            board.take("senate-hearings", answer)
            memory = answer.memory
    await fetcher.close()
    return board


@pytest.fixture
async def board(tmp_path):
    return await announced(tmp_path, Board(tmp_path))


async def desk_of(tmp_path, code):
    desk = await announced(tmp_path, Desk(tmp_path), code)
    with desk.db.write() as tx:
        directory.replace(tx, replace(public(), as_of=date(2026, 11, 20)), now=desk.now)
    return desk


def asked(board, person, path, **args):
    """A command's answer, requested in a separate thread: the board runs an event loop for each."""
    with ThreadPoolExecutor(1) as pool:
        return asyncio.wrap_future(pool.submit(board.ask, person, path, "", **args))


async def test_deadlines_list_and_show_have_the_hearing(board):
    pat = board.add("Pat", Role.POLICY)
    listed = await asked(board, pat, "deadlines list")
    [line] = [line.text for line in listed.card.lines if "H.R. 4323" in line.text]
    assert line.startswith(
        "Wed Dec 2, 2026, 10 a.m. ET: Hearing: H.R. 4323 among 2 bills, Senate Judiciary Committee ["
    )

    shown = await asked(board, pat, "deadlines show", id=line[-11:-1])
    assert shown.card.head == "Hearing Wed Dec 2, 2026, 10 a.m. ET: H.R. 4323 among 2 bills, Senate Judiciary Committee"
    assert next(button.label for button in shown.card.buttons) == "Draft statement"


@pytest.mark.parametrize(
    ("code", "to"), [("SSJU00", "chair:SSJU"), ("SSGA01", "chair:SSGA01"), ("SSJU27", "chair:SSJU")]
)  # the last is a subcommittee without a chair on record
async def test_the_buttons_open_the_letter_s_form_with_committee_and_bill_filled_in(tmp_path, code, to):
    desk = await desk_of(tmp_path, code)
    [entry] = [one for one in records.hearings_since(desk.db, desk.now - timedelta(days=9)) if one.entry.bills]
    for template in ("statement-for-the-record", "ask-for-a-hearing"):
        answer = await asked(desk, desk.pol, "letter draft", entry=entry.id, template=template)
        filled = {field.param.name: field.initial for field in answer.form.fields}
        assert filled["template"] == template
        assert (filled["to"], filled["bill"], filled["ask"]) == (to, "hr4323-119", "8")
