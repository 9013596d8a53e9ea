"""Dockets on regulations.gov against a server that keeps to its published OpenAPI file: asked gently, read in full."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bench.work import Tally
from bot.deadlines import agenda, records
from bot.deadlines.dockets import Dockets
from bot.deadlines.records import Docket, OurComment
from bot.deadlines.regulations_gov import DocumentPage, Status, is_id
from bot.deadlines.regulations_gov import RegulationsGov as Client
from bot.deadlines.windows import closing_dates, open_windows
from bot.deadlines.wording import docket_line
from bot.fetch.http import Fetcher, Limits
from bot.letters.drafting import derive
from bot.shared.answer import Body, FetchFailed, outcome
from bot.shared.entry import Change
from tests.kit.alerts import COALITION, Room, document
from tests.peers.regulations_gov import KEY, Comment, Document, RegulationsGov, many, regulations_gov

DOCKET = "USCG-2026-0041"
FIRST = Document(f"{DOCKET}-0001", closes=date(2027, 1, 12))
LATER = date(2027, 2, 12)
EARLIER = date(2027, 1, 8)


@pytest.fixture
async def server():
    async with regulations_gov() as server:
        server.add(FIRST)
        yield server


@pytest.fixture
async def client(server):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    yield Client(fetcher, KEY, server.url)
    await fetcher.close()


class Answering(Fetcher):
    """A site that has one answer to everything."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("test")
        self.answer = answer

    async def get(self, url, *_, **__):
        return Body(url, 200, "application/json", self.answer, {})


class Look:
    """A room with an alert on a document in the docket, and what reads the docket."""

    def __init__(self, room: Room, client: Client) -> None:
        self.room = room
        self.dockets = Dockets(client)

    async def now(self, **later: float) -> None:
        self.room.wait(**later)
        await self.dockets.refresh(self.room.job)

    def windows(self):
        return open_windows(self.room.db, self.room.now)

    def docket(self, id_: str = DOCKET) -> Docket:
        return records.dockets(self.room.db)[id_]


@pytest.fixture
def look(tmp_path, client):
    room = Room(tmp_path)
    room.take("register", document(comments_close_on=date(2027, 1, 12)))
    return Look(room, client)


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2021-08-17T03:59:59Z", date(2021, 8, 16)),  # summer time in Washington
        ("2021-12-17T04:59:59Z", date(2021, 12, 16)),  # winter time
        ("2026-11-01T03:59:59Z", date(2026, 10, 31)),  # the night before the clocks go back
        ("2021-08-16T23:59:59-04:00", date(2021, 8, 16)),
        (None, None),
        ("soon", None),
    ],
)
async def test_the_last_second_in_washington_names_the_day(server, client, end, day, monkeypatch):
    monkeypatch.setattr("tests.peers.regulations_gov.last_second", lambda _: end)
    read = await client.document(FIRST.id, datetime.now(UTC))

    assert read.closes_on == day


@pytest.mark.parametrize(
    "answer",
    ["[]", "{}", '{"data": 1}', '{"data": [1, {"id": 2}]}', '{"data": [{"id": "A-1", "attributes": {"docketId": 3}}]}',
     '{"data": {"id": "A-1-0001", "attributes": []}}', "<html>", '{"errors": []}', '{"data": null, "meta": 7}'],
)  # fmt: skip
async def test_whatever_comes_is_read_without_harm(answer):
    client, now = Client(Answering(answer.encode()), KEY), datetime(2026, 11, 24, tzinfo=UTC)

    by_number = await outcome(client.by_number("2026-1", now))
    assert not getattr(await outcome(client.documents(DOCKET, None, 1, now)), "documents", ())
    assert isinstance(await outcome(client.document(FIRST.id, now)), FetchFailed)
    assert isinstance(await outcome(client.comments("09", now)), FetchFailed)
    assert by_number == [] or isinstance(by_number, FetchFailed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("USCG-2026-0041", True), ("FDA-2026-P-10231-0005", True), ("EPA-HQ-OAR-2021-0317", True), ("uscg-2026", False),
     ("USCG", False), ("../dockets", False), ("A-1" * 60, False), ("USCG-2026-0041?x", False), ("", False)],
)  # fmt: skip
def test_ids_are_those_of_regulations_gov(text, expected):
    assert is_id(text) is expected


async def test_a_number_of_the_register_leads_to_its_docket(server, look):
    await look.now()

    [window] = look.windows()
    assert (window.register, window.docket, window.document) == (date(2027, 1, 12), date(2027, 1, 12), FIRST.id)
    assert look.docket().title == "Forced labor in shipping"
    assert [row.id for row in records.documents_of(look.room.db, DOCKET)] == [FIRST.id]


async def test_a_docket_date_that_differs_is_saved_and_the_earlier_date_binds(server, look):
    server.add(replace(FIRST, closes=date(2027, 1, 11)))
    await look.now()

    [window] = look.windows()
    assert (window.docket, window.closes) == (date(2027, 1, 11), date(2027, 1, 11))


@pytest.mark.parametrize(
    ("docket", "days", "binding"),
    [(date(2027, 1, 11), 0, date(2027, 1, 11)), (LATER, 0, date(2027, 1, 12)), (LATER, 60, LATER)],
)
async def test_the_list_the_digest_and_a_letter_have_the_same_day_of_two_sources(server, look, docket, days, binding):
    server.add(replace(FIRST, closes=docket))
    await look.now()
    look.room.wait(days=days)

    room = look.room
    (due,) = closing_dates(room.db, "policy", room.config, room.now, timedelta(days=60))
    (window,) = look.windows()
    letter = derive.occasion(room.db, room.config, "2026-00001", room.now.date()).entry
    assert [due.on, window.closes, letter.comments_close_on] == [binding] * 3


async def test_a_day_in_the_docket_of_another_document_that_is_extended_too_does_not_count(server, look):
    await look.now()
    extension = {"change": Change.EXTENSION, "references": ("fr:2026-00001",), "comments_close_on": LATER}
    look.room.take("register", document("2026-00009", "Two periods", **extension))
    server.add(Document("EPA-2026-0007-0003", "EPA-2026-0007", number="2026-00009", closes=date(2027, 3, 1)))
    server.add(Document(f"{DOCKET}-0003", number="2026-00009", closes=LATER))
    await look.now(hours=1)

    assert [(each.document, each.docket) for each in look.windows() if each.numbers] == [(f"{DOCKET}-0003", LATER)]


async def test_pages_are_read_to_the_end_and_the_next_reading_goes_on_from_there(server, look):
    server.add(*many(600, datetime(2026, 11, 20, tzinfo=UTC)))
    await look.now()
    assert len(records.documents_of(look.room.db, DOCKET)) == 601
    assert [path for path in server.asked if "page%5Bnumber%5D=3" in path]
    assert not [path for path in server.asked if "page%5Bnumber%5D=4" in path]

    server.asked.clear()
    new = Document(f"{DOCKET}-0999", number=None, changed=datetime(2026, 11, 24, 16, tzinfo=UTC))
    server.add(new)
    await look.now(hours=4)
    (path,) = [path for path in server.asked if "docketId" in path]
    # 12:00 in London, the newest change, is 7:00 in Washington; an hour is read again.
    assert "2026-11-24+06:00:00" in path
    assert new.id in {row.id for row in records.documents_of(look.room.db, DOCKET)}


@pytest.mark.long
async def test_a_docket_with_more_than_twenty_pages_is_read_over_several_rounds(server, look):
    server.add(*many(5_600, datetime(2026, 11, 1, tzinfo=UTC), timedelta(minutes=3)))
    for _ in range(4):
        await look.now(minutes=20)

    assert not [path for path in server.asked if "page%5Bnumber%5D=21" in path]
    assert len(records.documents_of(look.room.db, DOCKET)) == 5_601


# --- politeness -------------------------------------------------------------------------------------------------------


async def test_a_docket_is_read_every_few_hours_and_a_round_is_limited(server, look):
    for _ in range(12):
        await look.now(minutes=15)
    assert sum("docketId" in path for path in server.asked) == 1
    assert sum("frDocNum" in path for path in server.asked) == 1

    await look.now(days=30)
    server.asked.clear()
    await look.now(days=-30)  # the clock had been ahead
    assert sum("docketId" in path for path in server.asked) == 1

    with look.room.db.write() as tx:
        for n in range(60):
            server.dockets[f"EPA-2026-{n:04}"] = "x"
            records.DOCKETS.save(tx, Docket(id=f"EPA-2026-{n:04}", followed_at=look.room.now))
    server.asked.clear()
    await look.now(minutes=15)
    assert len(server.asked) <= 30


async def test_a_refused_key_is_logged_without_it_and_not_tried_for_an_hour(server, look, caplog):
    caplog.set_level(logging.WARNING)
    server.status = 429
    await look.now()
    await look.now(minutes=50)

    assert len(server.asked) == 1
    assert "Could not read regulations.gov" in caplog.text
    assert KEY not in caplog.text
    server.status = 0
    await look.now(minutes=20)
    assert look.docket().title


async def test_nothing_is_requested_without_an_open_comment_period(server, look):
    await look.now(days=100)

    assert server.asked == []


async def test_a_docket_that_is_gone_says_so_and_delays_no_other(server, look):
    with look.room.db.write() as tx:
        records.DOCKETS.save(tx, Docket(id="AAA-2020-0001", followed_at=look.room.now))
    await look.now()

    assert "404" in look.docket("AAA-2020-0001").trouble
    assert look.docket().title == "Forced labor in shipping"


# --- what is posted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read_before", [True, False])
async def test_an_earlier_day_than_the_registers_corrects_the_alert_and_is_a_reply(server, look, read_before):
    if read_before:
        await look.now()
    server.add(replace(FIRST, closes=date(2027, 1, 11), changed=datetime(2026, 11, 25, tzinfo=UTC)))
    for _ in range(3):
        await look.now(hours=20)

    alert, reply = look.room.cards("policy")[-2:]
    assert [due.on for due in (*alert.dues, *reply.dues)] == [date(2027, 1, 11)] * 2
    assert "Comments close Mon Jan 11, 2027; it was Tue Jan 12, 2027." in alert.updated
    assert reply.head == "Comments now close Mon Jan 11, 2027: Notice about forced labor"
    assert reply.lines[-2].text == (
        "The Register says Tue Jan 12, 2027, regulations.gov says Mon Jan 11, 2027: the earlier day is used."
    )


async def test_a_moved_date_is_one_reply_in_the_alerts_thread(server, look):
    await look.now()
    before = len(look.room.cards("policy"))
    server.add(replace(FIRST, closes=LATER, changed=datetime(2026, 11, 25, tzinfo=UTC)))
    for _ in range(3):
        await look.now(hours=4)

    cards = look.room.cards("policy")[before:]
    assert [card.head for card in cards] == ["Comments still close Tue Jan 12, 2027: Notice about forced labor"]
    assert [line.text for line in cards[0].lines[:2]] == [
        f"regulations.gov now takes comments on {FIRST.id} until Fri Feb 12, 2027; it was Tue Jan 12, 2027.",
        "The Register says Tue Jan 12, 2027, regulations.gov says Fri Feb 12, 2027: the earlier day is used.",
    ]
    rows = look.room.db.read("SELECT thread FROM delivery WHERE channel = 'policy' ORDER BY seq")
    assert rows[-1]["thread"] == rows[-2]["thread"]


async def test_a_date_that_moves_there_and_back_again_is_posted_each_time(server, look):
    await look.now()
    before = len(look.room.cards("policy"))
    for closes in (EARLIER, date(2027, 1, 12), EARLIER):
        server.add(replace(FIRST, closes=closes, changed=look.room.now))
        await look.now(days=1)

    days = [card.dues[0].on for card in look.room.cards("policy")[before:]]
    assert days == [EARLIER, date(2027, 1, 12), EARLIER]


async def test_a_period_reopened_on_regulations_gov_alone_is_listed_again(server, look):
    await look.now()
    look.room.wait(days=60)
    assert look.windows() == []
    server.add(replace(FIRST, closes=date(2027, 3, 1), changed=look.room.now))
    await look.now()

    [window] = look.windows()
    assert (window.register, window.docket, window.moved) == (None, date(2027, 3, 1), True)


async def test_a_withdrawn_document_is_reported_once(server, look):
    await look.now()
    server.add(replace(FIRST, withdrawn=True, open=False, changed=datetime(2026, 11, 25, tzinfo=UTC)))
    for _ in range(2):
        await look.now(hours=4)

    heads = [card.head for card in look.room.cards("policy")]
    assert heads.count("Withdrawn on regulations.gov: Notice about forced labor") == 1
    [row] = records.documents_of(look.room.db, DOCKET)
    assert row.status is Status.WITHDRAWN


@pytest.mark.parametrize("closes", [EARLIER, date(2027, 1, 11)])
async def test_a_withdrawal_gives_nobody_a_later_day(server, look, closes):
    await look.now()
    earlier = replace(FIRST, closes=EARLIER, changed=datetime(2026, 11, 25, tzinfo=UTC))
    ended = replace(earlier, closes=closes, withdrawn=True, open=False, changed=datetime(2026, 11, 26, tzinfo=UTC))
    for document_ in (earlier, ended):
        server.add(document_)
        await look.now(hours=20)

    alert, _, withdrawn = look.room.cards("policy")[-3:]
    assert [due.on for due in alert.dues] == [EARLIER]
    assert (withdrawn.head, withdrawn.dues) == ("Withdrawn on regulations.gov: Notice about forced labor", ())


def statements(look, documents):
    tally = Tally()
    with tally.counting():
        look.dockets._save_page(look.room.job, look.docket(), DocumentPage(documents, more=False, read_to=None))
    return len(tally.statements)


@pytest.mark.sqlite  # whose driver names its statements
async def test_documents_that_are_as_they_were_cost_no_statement_and_new_ones_few(server, look):
    await look.now()
    ours, none = records.document(look.room.db, FIRST.id), statements(look, ())
    of_others = tuple(replace(ours, id=f"{DOCKET}-{n:04}", number=f"2026-1{n:04}") for n in range(40))
    undated = tuple(replace(each, id=f"{each.id}9", closes_on=None) for each in of_others)

    assert statements(look, of_others) - none <= 1 + 4 * 40
    assert statements(look, undated) - none == 1 + 40
    assert statements(look, of_others + undated) - none == 1


async def test_comments_are_counted_once_a_day_by_what_the_list_says_of_all(server, look):
    server.counted[FIRST.object_id] = 175_299  # far more than can be listed
    for _ in range(10):
        await look.now(hours=2)

    assert sum("commentOnId" in path for path in server.asked) == 1
    lines = agenda.lines(look.room.db, COALITION, look.room.now)
    assert ", 175,299 comments posted as of " in lines[0].text


async def test_a_withdrawn_document_of_a_followed_docket_is_no_deadline(server, look):
    server.add(Document(f"{DOCKET}-0002", closes=LATER, number=None, withdrawn=True, open=False))
    await look.now()

    assert [window.document for window in look.windows()] == [FIRST.id]
    line = docket_line(
        look.docket(), records.documents_of(look.room.db, DOCKET)[1:], {}, look.room.now.date(), COALITION.tz
    )
    assert "comments close" not in line.text


async def test_a_document_that_cannot_be_counted_delays_no_other(server, look):
    server.add(Document(f"{DOCKET}-0002", closes=LATER, number=None))
    server.counted |= {FIRST.object_id: "many", f"{FIRST.object_id[:-1]}2": 7}
    for _ in range(3):
        await look.now(hours=4)

    assert list(records.counts(look.room.db, [FIRST.id, f"{DOCKET}-0002"])) == [f"{DOCKET}-0002"]


async def test_a_docket_unfollowed_while_it_is_read_stays_so(server, look):
    await look.now()
    stored = look.docket()
    with look.room.db.write() as tx:
        records.DOCKETS.save(tx, replace(stored, unfollowed_at=look.room.now))
    look.dockets._save_trouble(look.room.job, stored, "404")

    assert (look.docket().unfollowed_at, look.docket().trouble) == (look.room.now, "404")


async def test_another_document_of_a_followed_docket_is_a_deadline_too(server, look):
    server.add(Document(f"{DOCKET}-0007", number="2026-00777", title="Draft assessment", closes=LATER))
    await look.now()

    listed = [window for window in look.windows() if window.listed_only]
    assert [(window.id, window.closes, window.title) for window in listed] == [
        (f"{DOCKET}-0007", LATER, "Draft assessment")
    ]
    assert b"Draft assessment" in agenda.file(look.room.db, COALITION, look.room.now)


# --- are we in? -------------------------------------------------------------------------------------------------------


def filed(look: Look, server: RegulationsGov) -> OurComment:
    comment = OurComment(
        tracking="mxx-0000-abcd", document=FIRST.id, what="L-014", organization="Us", filed_at=look.room.now
    )
    with look.room.db.write() as tx:
        records.save_our_comment(tx, comment)
    return comment


async def test_our_comment_is_noticed_once_posted_by_its_tracking_number_alone(server, look):
    await look.now()
    ours = filed(look, server)
    others = [Comment(f"{DOCKET}-{n:04}", FIRST.id, organization="Us and others") for n in (100, 101)]
    server.comments += others
    await look.now(hours=1)
    assert (
        look.windows()[0].filed
        == "L-014 is filed, tracking number mxx-0000-abcd, not found among the posted comments yet"
    )

    server.comments.append(Comment(f"{DOCKET}-0102", FIRST.id, "Us", ours.tracking))
    await look.now(hours=2)  # looked for once a day
    assert records.our_comments(look.room.db)[0].posted_as is None
    for _ in range(2):
        await look.now(hours=24)

    assert look.windows()[0].filed == f"L-014 is posted as {DOCKET}-0102"
    heads = [card.head for card in look.room.cards("policy")]
    assert heads.count(f"L-014 is posted as {DOCKET}-0102") == 1


async def test_the_recorded_list_is_read(material):
    recorded = (material / "regulations_gov/documents_list_2026-09-02_p1.json").read_bytes()
    rows, meta = json.loads(recorded)["data"], json.loads(recorded)["meta"]
    docket = rows[0]["attributes"]["docketId"]
    page = await Client(Answering(recorded), KEY).documents(docket, None, 1, datetime.now(UTC))

    assert [row.id for row in page.documents] == [row["id"] for row in rows if row["attributes"]["docketId"] == docket]
    assert page.more is meta["hasNextPage"]
