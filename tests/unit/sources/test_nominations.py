"""Nominations before the Senate: what is read of them, what is a step, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.headline import headline
from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.shared.entry import Kind
from bot.sources.congress.congress_gov import Nominations
from bot.watch.engine import Matcher
from bot.watch.model import Level, Watch
from bot.watch.query import parse
from tests.kit.source_reader import SourceReader
from tests.peers import congress_api as api

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
LIST = "/v3/nomination/119"
TIP = "Jane Roe, of Ohio, to be Ambassador at Large to Monitor and Combat Trafficking in Persons, vice John Doe."


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)
        self.key = "k"

    async def poll(self, *rows, **refusal):
        body = refusal.pop("body", None) or api.listed("nominations", rows)
        self.server.say(LIST, body, **{"content_type": "application/json"} | refusal)
        answer = await self.ask(Nominations("pn", "PN", self.server.url("/v3"), self.fetcher, key=self.key))
        self.now += timedelta(hours=6)
        return answer


async def test_a_nomination_has_its_office_its_step_and_the_senate_s_own_words(reader):
    [entry] = (await reader.poll(api.nomination_row(updated=NOW))).entries

    assert (entry.kind, entry.type, entry.publication_date) == (
        Kind.NOMINATION, "Nomination received", date(2026, 11, 19),
    )  # fmt: skip
    assert headline(entry).text.startswith("Nomination received: Jane Roe, of Ohio, to be Director of the Office for")
    assert entry.url == "https://www.congress.gov/nomination/119th-congress/1180/2"
    assert [agency.name for agency in entry.agencies] == ["Office for Victims of Crime", "Department of Justice"]
    assert entry.notes == ("PN1180-2: Received in the Senate and referred to the Committee on the Judiciary.",)
    assert entry.thread == "nomination:119-PN1180-2"


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Committee on Banking, Housing, and Urban Affairs. Hearings held.", "Hearing held"),
        ("Committee on the Judiciary. Ordered to be reported favorably.", "Ordered reported"),
        ("Reported by Senator Grassley, Committee on the Judiciary, without printed report.", "Reported"),
        ("Confirmed by the Senate by Yea-Nay Vote. 52 - 45. Record Vote Number: 12.", "Confirmed"),
        ("Returned to the President under the provisions of Senate Rule XXXI.", "Returned"),
        ("Received message of withdrawal of nomination from the President.", "Withdrawn"),
        ("Placed on Senate Executive Calendar. Calendar No. 9.", "Placed on calendar"),
        ("Senate considered.", "Nomination"),
    ],
)
async def test_each_step_is_called_by_the_senate_s_words(reader, text, step):
    [entry] = (await reader.poll(api.nomination_row(action=text, updated=NOW))).entries

    assert entry.type == step


@pytest.mark.parametrize(
    ("query", "description", "found"),
    [
        ("agency:OVC", api.nomination_row(updated=NOW)["description"], True),
        ('agency:"Monitor and Combat Trafficking"', TIP, True),
        ("agency:OTIP", TIP, False),  # of another department, with "Trafficking in Persons" in its name
        ("trafficking", TIP, True),
        ("agency:OVC", "John Doe, of Ohio, to be an Assistant Attorney General.", False),
    ],
)
async def test_a_watch_finds_nominations_to_an_office_of_the_catalog(reader, query, description, found):
    [entry] = (await reader.poll(api.nomination_row(description=description, updated=NOW))).entries

    assert bool(Matcher([Watch("w", "w", (), Level.DIGEST, parse(query))]).match(entry)) is found


async def test_a_step_comes_once_and_the_next_one_in_the_same_thread(reader):
    received, touched = api.nomination_row(updated=NOW), api.nomination_row(updated=NOW + timedelta(hours=5))
    heard = api.nomination_row(action="Hearings held.", on="2026-11-21", updated=NOW + timedelta(hours=11))
    entries = [entry for row in (received, touched, heard) for entry in (await reader.poll(row)).entries]

    assert len({entry.thread for entry in entries}) == 1
    assert [entry.type for entry in {entry.identity: entry for entry in entries}.values()] == [
        "Nomination received", "Hearing held",
    ]  # fmt: skip


async def test_what_its_congress_returned_at_its_end_is_read_in_the_next_one(reader):
    await reader.poll(api.nomination_row(updated=NOW))
    reader.now = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
    reader.server.say("/v3/nomination/120", api.listed("nominations", ()), content_type="application/json")
    returned = "Returned to the President under the provisions of Senate Rule XXXI, paragraph 6."
    row = api.nomination_row(action=returned, on="2027-01-03", updated=reader.now)
    [entry] = (await reader.poll(row)).entries

    assert (entry.type, entry.thread) == ("Returned", "nomination:119-PN1180-2")
    assert entry.url == "https://www.congress.gov/nomination/119th-congress/1180/2"
    reader.now = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
    before = len(reader.server.asked)
    await reader.poll()
    assert [path.partition("?")[0] for path, _ in reader.server.asked[before:]] == ["/v3/nomination/120"]


async def test_only_what_changed_is_asked_for_and_a_list_that_came_empty_loses_nothing(reader):
    await reader.poll(api.nomination_row(updated=NOW))
    assert isinstance(await reader.poll(), NotModified)
    await reader.poll(api.nomination_row(updated=NOW + timedelta(hours=7)))

    asked = [path.partition("fromDateTime=")[2][:20] for path, _ in reader.server.asked]
    assert asked == ["2026-10-21T13:00:00Z", "2026-11-20T13:00:00Z", "2026-11-20T13:00:00Z"]


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (api.nomination_row(civilian=False, updated=NOW), 0),
        (api.nomination_row(citation="PN1; DROP", updated=NOW), 1),
        (api.nomination_row(description="", updated=NOW), 1),
        (api.nomination_row(on="soon", updated=NOW), 1),
    ],
)
async def test_what_is_no_civilian_nomination_is_left_out(reader, row, broken):
    answer = await reader.poll(row)

    assert (answer.entries, answer.broken, answer.health) == ((), broken, Health.EMPTY_EXPECTED)


@pytest.mark.parametrize(
    ("refusal", "health"),
    [
        ({"body": "<html><body>Just a moment</body></html>", "status": 403, "content_type": "text/html"}, "blocked"),
        ({"body": "x", "status": 429}, "unreachable"),
        ({"body": "<html><body><form></form></body></html>", "content_type": "text/html"}, "not-a-feed"),
        ({"body": "{}"}, "malformed"),
        ({"body": "x", "status": 404}, "gone"),
    ],
)
async def test_a_refusal_is_the_source_s_health_and_the_next_poll_asks_from_where_it_was(reader, refusal, health):
    await reader.poll(api.nomination_row(updated=NOW))
    answer = await reader.poll(**refusal)
    assert isinstance(answer, FetchFailed)
    assert answer.health == health

    again = await reader.poll(api.nomination_row(action="Hearings held.", on="2026-11-21", updated=NOW))
    assert isinstance(again, Fetched)


async def test_without_a_key_it_says_which_and_asks_nobody(reader):
    reader.key = ""
    answer = await reader.poll()

    assert isinstance(answer, FetchFailed)
    assert "CONGRESS_API_KEY" in answer.detail
    assert reader.server.asked == []
