"""PostgreSQL goes away, or commits and its answer is lost: what pages and commands say is what the store has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import httpx2
import pytest
from aiohttp.test_utils import TestServer
from mcp import Client

from bot.chat.mail.frontend import MailPages
from bot.chat.mcp import McpFrontend
from bot.chat.web.listener import Limits
from bot.chat.web.site import application
from bot.letters.allies.model import Stage
from bot.people.dispatch import AWAY
from bot.people.model import Account
from bot.people.sessions import Sessions
from bot.store import postgres
from tests.kit import allies, stores
from tests.kit.campaign_page import PublicDesk
from tests.kit.letters_desk import NEW
from tests.kit.mail import KEYRING as MAIL_KEYS
from tests.kit.web_face import BOARD, Browser, frontend, open_session
from tests.peers.lost_commits import LostCommits

pytestmark = pytest.mark.long

COOKIE = "c" * 32
TYPED = {
    "legal_name": "Quay Legal Aid", "website": "www.quay.example.org", "signatory": "Bo Ray", "title": "Director",
    "address": "bo@quay.example.org", "listed": "yes",
}  # fmt: skip


class House(PublicDesk):
    """Every page that writes, over a connection that may lose the answers of commits."""

    def __init__(self, folder, line) -> None:
        super().__init__(folder)
        self.line = line
        self.show("ask 1")
        self.opened()
        self.card(self.pol, "allies open", letter="L-1")
        self.secret = allies.ask(self)
        with self.job.write() as work:
            self.token = work.new_id()
            work.tx.execute(
                "INSERT INTO subscriber (id, address, token, asked_at) VALUES (:t, 'a@b.org', :t, :n)",
                {"t": self.token, "n": self.now.isoformat()},
            )
        read = self.config
        self._in_force = SimpleNamespace(config=lambda: read)  # a running bot's pages have it in memory
        open_session(self, Account("slack", "T0HOME", "UPOL"), COOKIE)

    @asynccontextmanager
    async def visit(self, **limits):
        board = frontend(self, **BOARD)
        box = self.letterbox
        mails = MailPages(
            "Us", MAIL_KEYS, stop=box.unsubscribe, confirm=box.confirm, clock=lambda: self.now, ticks=lambda: self.ticks
        )
        public = [*(route for each in self.pages() for route in each.routes()), *mails.routes()]
        async with (
            TestServer(
                application(
                    [*board.routes(), *public],
                    middleware=board.middleware,
                    ticks=lambda: self.ticks,
                    limits=Limits(**limits),
                )
            ) as server,
            Browser(str(server.make_url("/")).rstrip("/")) as browser,
        ):
            browser.set_cookie("session", COOKIE)
            yield browser

    def count(self, sql):
        with postgres.connect(stores.url(self.folder / "board.db")) as conn:  # not by the line that is broken
            return conn.execute(f"SELECT COUNT(*) AS n FROM {sql}").fetchone()["n"]

    def do(self, write, *, away=False):
        """Press a button of a page that was open before, while answers are lost; `away`: and the server stays away."""

        async def run():
            async with self.visit() as browser:
                until = self.now + timedelta(days=1)
                tokens = {page: MAIL_KEYS.token(page, self.token, until) for page in ("stop", "confirm")}
                page = await browser.get(write.page.format(secret=self.secret, **tokens))
                self.now += timedelta(seconds=10)
                form = page.page.xpath("//main//form[@method='post'][.//button]")[0]
                form.set("action", form.get("action") or page.url)
                lost, self.line.lose, self.line.away = self.line.lost, True, away
                try:
                    answer = await browser.submit(form, write.typed, button=write.button)
                finally:
                    self.line.lose = self.line.away = False
                assert self.line.lost > lost, "nothing was committed"
                return answer

        return asyncio.run(run())


@dataclass(frozen=True)
class Write:
    """A form of a page; `done`: what its answer says; `stored`: what is in the store then, once."""

    page: str
    typed: Mapping[str, str]
    done: str
    stored: str
    button: tuple[str, str] | None = None


CONFIRMED = f"ally_request WHERE stage = '{Stage.CONFIRMED.value}'"
DISOWNED = f"ally_request WHERE stage = '{Stage.DISOWNED.value}'"
WRITES = [
    Write("/sign/L-001", TYPED, "Check your email", "ally_request WHERE address LIKE 'bo@%'"),
    Write(
        "/ally/{secret}",
        {},
        "is confirmed",
        CONFIRMED,
        ("action", "confirm"),
    ),
    Write(
        "/ally/{secret}",
        {},
        "does not sign",
        DISOWNED,
        ("action", "disown"),
    ),
    Write("/campaign", {"address": "new@example.org"}, "Check your email", "subscriber WHERE address LIKE 'new@%'"),
    Write("/mail/confirm/{confirm}", {}, "Thank you", "subscriber WHERE confirmed_at IS NOT NULL"),
    Write("/do/letter/draft", NEW, "L-002", "letter WHERE number = 2"),
]
STOP = Write("/mail/stop/{stop}", {}, "No more email", "subscriber WHERE address = 'a@b.org'")  # deletes it


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    direct = stores.url
    with LostCommits(stores.server().folder) as line:
        monkeypatch.setattr(stores, "url", lambda path: line.url(direct(path)))
        house = House(tmp_path, line)
        monkeypatch.setattr(stores, "url", direct)
        yield house
        house.db.close()


@pytest.mark.parametrize("write", [*WRITES, STOP], ids=lambda write: f"{write.page} {write.done}")
def test_a_page_says_done_when_the_server_committed_and_its_answer_was_lost(house, write):
    answer = house.do(write)
    assert (answer.status, write.done in answer.text) == (200, True), answer.text
    assert house.count(write.stored) == (write is not STOP)


@pytest.mark.parametrize("write", [*WRITES, STOP], ids=lambda write: f"{write.page} {write.done}")
def test_a_page_never_says_that_nothing_was_changed_while_the_server_stays_away(house, write, monkeypatch):
    monkeypatch.setattr(postgres, "WAIT_MS", 300)
    answer = house.do(write, away=True)
    assert house.count(write.stored) == (write is not STOP)
    assert "cannot tell whether this was done" in answer.text
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")


def test_a_command_s_answer_is_its_answer_though_the_server_s_was_lost(house):
    house.line.lose = True
    card = house.card(house.pol, "letter draft", **NEW)
    house.line.lose = False
    assert "L-002" in card.head
    assert house.count("letter") == 2


def test_while_the_server_is_away_a_visit_is_no_error_and_the_log_gets_one_line(house, caplog):
    caplog.set_level(logging.WARNING)
    pages = ("/campaign", "/sign/L-001", f"/ally/{house.secret}", "/campaign/feed.atom", "/", "/letters")

    async def run():
        async with house.visit() as browser:
            house.line.cut()
            return [await browser.get(page) for page in pages * 3] + [await browser.post("/in", {"link": "x"})]

    answers = asyncio.run(run())
    assert {(each.status, each.headers["Retry-After"]) for each in answers} == {(503, "30")}
    assert all("Please try again in a moment" in each.text for each in answers)
    (line,) = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)


def test_while_the_server_is_silent_visitors_are_told_when_to_come_back_and_no_later_visit_waits_for_them(house):
    async def run():
        async with house.visit(answer=0.5) as browser:
            house.line.answers.clear()
            away = [await browser.get(path) for path in ("/campaign", "/letters", "/sign/L-001") * 3]
            house.line.answers.set()
            return away, [await browser.get(path) for path in ("/campaign", "/letters", "/sign/L-001")]

    away, then = asyncio.run(run())
    assert {(each.status, each.headers["Retry-After"]) for each in away} == {(503, "30")}
    assert [each.status for each in then] == [200, 200, 200]


def test_while_the_server_is_away_an_assistant_is_told_so_and_when_to_come_back(house, caplog):
    token = house.card(house.pol, "campaign board", for_="assistant").lines[0].text
    who = Sessions(house.db, clock=lambda: house.now, new_id=house.new_id)
    over_http = McpFrontend(house.dispatcher, who, ticks=lambda: 0)
    by_stdio = McpFrontend(house.dispatcher, who, ticks=lambda: 0, token=token)
    site = httpx2.ASGITransport(over_http.site("http://bot.test/mcp"), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    caplog.set_level(logging.WARNING)

    async def run():
        house.line.cut()
        async with httpx2.AsyncClient(transport=site, headers=headers) as http:
            answer = await http.post("http://bot.test/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        async with Client(by_stdio.server()) as client:
            return answer, await client.call_tool("letter", {"command": "list"})

    answer, asked = asyncio.run(run())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.text == asked.content[0].text == AWAY
    assert asked.is_error
    assert {record.exc_info for record in caplog.records} == {None}


def test_while_the_database_can_only_be_read_the_board_and_assistants_read_it(house):
    token = house.card(house.pol, "campaign board", for_="assistant").lines[0].text
    who = Sessions(house.db, clock=lambda: house.now, new_id=house.new_id)
    server = McpFrontend(house.dispatcher, who, ticks=lambda: 0, token=token).server()
    house.now += timedelta(minutes=11)  # after which it is noted anew when a session was last used
    with postgres.connect(stores.url(house.folder / "board.db")) as conn:
        (row,) = conn.execute("SELECT current_database() AS name").fetchall()
        conn.execute(f'ALTER DATABASE "{row["name"]}" SET default_transaction_read_only = on')
        ours = "datname = current_database() AND pid <> pg_backend_pid()"
        conn.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")

    async def run():
        async with house.visit() as browser, Client(server) as client:
            pages = [await browser.get(path) for path in ("/", "/letters")]
            return pages, await client.call_tool("letter", {"command": "list"})

    pages, asked = asyncio.run(run())
    assert [page.status for page in pages] == [200, 200]
    assert "L-001" in asked.content[0].text
    assert house.refused(house.pol, "letter draft", **NEW).what == AWAY
