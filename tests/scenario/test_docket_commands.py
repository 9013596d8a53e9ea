"""What people ask of dockets: /docket show, follow and unfollow, and `check --online`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app.online import check_online
from bot.commands.model import Refusal, Reply, Role
from bot.config.settings import Settings
from bot.deadlines import records
from bot.deadlines.dockets import Dockets
from bot.deadlines.regulations_gov import RegulationsGov as Client
from bot.fetch.http import Fetcher, Limits
from bot.people.model import Person
from bot.shared.answer import State
from tests.kit.board import Board
from tests.peers.regulations_gov import KEY, Document, RegulationsGov, regulations_gov
from tests.scenario.kit import shipped

DOCKET = "USCG-2026-0041"


def with_server(folder: Any, work: Callable[[Board, RegulationsGov, Dockets], Awaitable[None]], key: str = KEY) -> None:
    async def run() -> None:
        async with regulations_gov() as server:
            fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
            client = Client(fetcher, key, server.url)
            network = SimpleNamespace(regulations_gov=client if key else None, now=lambda: board.now)
            board = Board(folder, fetching=network)
            try:
                await work(board, server, Dockets(client))
            finally:
                await fetcher.close()

    asyncio.run(run())


async def ask(board: Board, path: str, by: Person | None = None, /, **args: str) -> Any:
    answer = await board.dispatcher.answer(board.call(by or board.admin, path, board.new_id(), **args))
    if isinstance(answer, Refusal):
        return answer.what
    assert isinstance(answer, Reply)
    return answer.card


def test_a_docket_is_followed_read_shown_and_unfollowed(tmp_path):
    async def work(board, server, dockets):
        assert (await ask(board, "docket show")).head == "No dockets are followed"
        followed = await ask(board, "docket follow", id=f"https://www.regulations.gov/docket/{DOCKET}/")
        assert followed.head == f"{DOCKET} is followed: Forced labor in shipping"
        server.add(Document(f"{DOCKET}-0001", number=None, closes=date(2027, 1, 12)))
        server.counted["090000640001"] = 1_204
        await dockets.refresh(board.job)

        card = await ask(board, "docket show", id=DOCKET.lower())
        assert card.lines[0].text == (
            f"{DOCKET}-0001 Notice: Notice about forced labor, comments close Tue Jan 12, 2027, "
            "1,204 comments posted as of Tue Nov 24, 2026"
        )
        assert [button.label for button in card.buttons] == ["Unfollow"]
        (line,) = (await ask(board, "docket show")).lines
        assert line.text.endswith(
            "Forced labor in shipping, 1 document, comments close Tue Jan 12, 2027, 1,204 comments "
            "posted as of Tue Nov 24, 2026"
        )
        shown = await ask(board, "deadlines show", id=f"{DOCKET}-0001")
        assert shown.lines[0].text == "On regulations.gov: 1,204 comments posted as of Tue Nov 24, 2026."

        assert (await ask(board, "docket unfollow", id=DOCKET)).head == f"{DOCKET} is no longer followed"
        assert (await ask(board, "docket show")).head == "No dockets are followed"
        assert not [line for line in (await ask(board, "deadlines list")).lines if "comments close" in line.text]

    with_server(tmp_path, work)


def test_an_unknown_docket_and_what_is_no_id_are_refused_with_what_to_do(tmp_path):
    async def work(board, server, _):
        gone = await ask(board, "docket follow", id="EPA-2026-9999")
        assert gone == "regulations.gov has no docket “EPA-2026-9999”. Copy the id from the docket’s page."
        assert "It looks like USCG-2026-0041" in await ask(board, "docket follow", id="../keys")
        assert "/docket follow" in await ask(board, "docket show", id="EPA-2026-9999")
        server.status = 500
        assert "could not be read" in await ask(board, "docket follow", id=DOCKET)

    with_server(tmp_path, work)


def test_without_a_key_every_answer_says_what_to_do(tmp_path):
    async def work(board, server, _):
        for path, args in (("docket show", {}), ("docket follow", {"id": DOCKET})):
            answer = await ask(board, path, **args)
            text = answer if isinstance(answer, str) else answer.lines[0].text
            assert "REGULATIONS_GOV_API_KEY in .env" in text
        assert server.asked == []

    with_server(tmp_path, work, key="")


def test_a_person_without_an_alert_gets_a_moved_date_by_message(tmp_path):
    async def work(board, server, dockets):
        server.add(Document(f"{DOCKET}-0001", number=None, closes=date(2027, 1, 12)))
        await ask(board, "docket follow", id=DOCKET)
        await dockets.refresh(board.job)
        moved = datetime(2026, 11, 24, 16, tzinfo=UTC)
        server.add(Document(f"{DOCKET}-0001", number=None, closes=date(2027, 2, 12), changed=moved))
        board.now = datetime(2026, 11, 24, 20, tzinfo=UTC)
        await dockets.refresh(board.job)

        rows = board.db.read("SELECT channel, card FROM delivery")
        assert [row["channel"] for row in rows] == [f"dm:{board.admin.id}"]
        assert "Comments now close Fri Feb 12, 2027" in rows[0]["card"]

    with_server(tmp_path, work)


def test_a_moved_date_is_posted_for_the_administrators_once_the_follower_has_left(tmp_path):
    async def work(board, server, dockets):
        pol = board.add("Pol", Role.POLICY)
        server.add(Document(f"{DOCKET}-0001", number=None, closes=date(2027, 1, 12)))
        await ask(board, "docket follow", pol, id=DOCKET)
        shown = await ask(board, "docket follow", id=DOCKET)
        assert (shown.head, shown.lines[0].text) == (
            f"{DOCKET} is already followed", "Pol follows it, and gets a message about each change."
        )  # fmt: skip
        await dockets.refresh(board.job)
        await ask(board, "people leave", person=pol.id, sure="yes")
        moved = datetime(2026, 11, 24, 16, tzinfo=UTC)
        server.add(Document(f"{DOCKET}-0001", number=None, closes=date(2026, 12, 28), changed=moved))
        board.now = datetime(2026, 11, 24, 20, tzinfo=UTC)
        await dockets.refresh(board.job)

        (row,) = board.db.read("SELECT channel, card FROM delivery WHERE kind = 'deadline'")
        assert row["channel"] == board.config.feeds.admin
        assert "Comments now close Mon Dec 28, 2026" in row["card"]
        assert (await ask(board, "docket follow", id=DOCKET)).head.startswith(f"{DOCKET} is followed")

    with_server(tmp_path, work)


def test_who_follows_a_docket_that_an_alert_brought_gets_its_changes(tmp_path):
    async def work(board, server, dockets):
        with board.db.write() as tx:
            records.DOCKETS.save(tx, records.Docket(id=DOCKET, followed_at=board.now))
        assert (await ask(board, "docket follow", id=DOCKET)).head.startswith(f"{DOCKET} is followed")
        assert records.dockets(board.db)[DOCKET].followed_by == board.admin.id

    with_server(tmp_path, work)


def test_only_policy_staff_and_administrators_follow_dockets(tmp_path):
    board = Board(tmp_path)
    press = board.add("Press", Role.PRESS)
    assert isinstance(board.ask(press, "docket follow", id=DOCKET), Refusal)
    assert records.dockets(board.db) == {}


@pytest.mark.parametrize(("key", "state"), [(KEY, State.GOOD), ("wrong", State.BAD)])
async def test_check_online_asks_regulations_gov_once(tmp_path, key, state):
    async with regulations_gov() as server:
        config = shipped(tmp_path, {}, {"policy": "console:policy"})
        settings = Settings(_env_file=None, regulations_gov_api_key=key, regulations_gov_url=server.url)
        (finding,) = [each for each in await check_online(settings, config) if each.subject == "regulations.gov"]

        assert finding.state is state
        assert len(server.asked) == 1
        assert key not in finding.sentence
