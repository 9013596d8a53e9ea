"""H1 to H5 over HTTP: only what Slack signed, just now and once, gets in, and nothing of the rest is written down."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.listener import asyncio_runner

from bot.chat.web import listener
from bot.chat.web.listener import Limits
from bot.chat.web.site import application
from tests.kit import discord_face
from tests.kit.ports import unused_port
from tests.kit.slack_face import House, endpoint, serving
from tests.peers.lines import Lines
from tests.peers.slack_app import SECRET, SlackApp, sign

pytestmark = pytest.mark.sqlite  # the face alone, the same on either store

NOW = time.time()


@dataclass
class Door:
    campaign: House
    slack: SlackApp
    session: aiohttp.ClientSession

    async def knock(self, body: bytes | BytesIO, headers: dict[str, str]) -> tuple[int, str]:
        async with self.session.post("/slack/events", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def type(self, text: str, now: float = NOW) -> tuple[int, str]:
        return await self.knock(*self.slack.signed(self.slack.command(text), now=now))


@pytest.fixture
async def door(tmp_path) -> AsyncIterator[Door]:
    campaign, slack, port = House(tmp_path), SlackApp(), unused_port()
    campaign.link()
    settings = {"slack_mode": "http", "port": port, "slack_app_token": None}
    async with slack.running() as url:
        face = campaign.face(url, settings=settings, clock=lambda: datetime.fromtimestamp(NOW, UTC))
        async with serving(face), aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            await open_(session)
            yield Door(campaign, slack, session)


async def open_(session: aiohttp.ClientSession) -> None:
    for _ in range(500):
        with contextlib.suppress(aiohttp.ClientConnectorError):
            await session.get("/healthz")
            return
        await asyncio.sleep(0.01)


async def test_a_signed_command_is_acknowledged_empty_and_answered(door):
    assert await door.type('/watch add "T visa"') == (200, "")
    (messages,) = await door.slack.heard("posted")
    assert messages["blocks"][0]["text"]["text"] == "Saved: query T visa"


async def test_f4_a_command_is_acknowledged_once_it_is_noted_that_its_person_waits(door):
    assert await door.type("/late answer seconds:1") == (200, "")
    assert [row["path"] for row in door.campaign.db.read("SELECT path FROM promise")] == ["late answer"]
    await door.slack.heard("posted")


async def test_a_form_opened_and_sent_over_http_shows_what_is_wrong_and_then_closes(door):
    await door.type("/campaign remind")
    (view,) = await door.slack.heard("views")
    wrong = await door.knock(*door.slack.signed(door.slack.submit(view, what="x", day="someday"), now=NOW))
    right = await door.knock(*door.slack.signed(door.slack.submit(view, what="x", day="Fri"), now=NOW))

    assert wrong[0] == 200
    assert '"errors": {"day"' in wrong[1]
    assert right == (200, "")


async def test_the_host_learns_that_it_is_alive_and_finds_nothing_else(door):
    async with door.session.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")
    async with door.session.get("/slack/events") as answer:
        assert answer.status == 405


async def test_slack_s_own_test_of_the_address_is_answered_if_it_is_signed(door):
    body = '{"type": "url_verification", "challenge": "c-1", "token": "t"}'
    headers = {"Content-Type": "application/json"}

    assert await door.knock(body.encode(), headers | sign(body, str(int(NOW)))) == (200, '{"challenge": "c-1"}')
    assert (await door.knock(body.encode(), headers))[0] == 401


@pytest.mark.parametrize("off", [-301, 301])
async def test_h1_a_request_five_minutes_off_is_refused(door, off):
    assert (await door.type("/watch add x", now=NOW + off))[0] == 401


@pytest.mark.parametrize("off", [-298, 298])
async def test_h1_a_request_that_is_a_little_off_is_taken(door, off):
    assert (await door.type("/watch add x", now=NOW + off))[0] == 200


async def test_h1_a_body_that_was_changed_is_refused(door):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert (await door.knock(body.replace(b"add+x", b"add+y"), headers))[0] == 401


async def test_h1_another_s_secret_signs_nothing(door):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert (await door.knock(body, headers | sign(body.decode(), str(int(NOW)), "another secret")))[0] == 401


async def test_h2_a_good_request_that_comes_again_is_acknowledged_and_not_done_again(door):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert [await door.knock(body, headers) for _ in range(3)] == [(200, "")] * 3
    await door.slack.heard("posted")
    await door.type("/alerts why")
    assert len(await door.slack.heard("posted", 2)) == 2
    assert door.campaign.audit() == ["Ada: x: added"]


@pytest.mark.parametrize("stamp", ["abc", "1.5", "", "-1", "9" * 5_000, "١٢٣"])
async def test_h3_a_time_that_is_no_number_is_refused_without_a_trace(door, stamp):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert (await door.knock(body, headers | {"X-Slack-Request-Timestamp": stamp}))[0] in (401, 400)


@pytest.mark.parametrize("signature", ["v0=é", "v0=", "", "é" * 100, "v1=abc"])
async def test_h3_a_signature_that_is_not_ascii_or_no_signature_is_refused(door, signature):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert (await door.knock(body, headers | {"X-Slack-Signature": signature}))[0] == 401


async def test_h3_without_the_headers_it_is_refused(door):
    body, headers = door.slack.signed(door.slack.command("/watch add x"), now=NOW)

    assert (await door.knock(body, {"Content-Type": headers["Content-Type"]}))[0] == 401
    assert (await door.knock(b"\xff\xfe", headers))[0] == 401


async def test_h4_nothing_of_a_refused_request_is_logged(door, caplog):
    caplog.set_level(logging.DEBUG)
    body, headers = door.slack.signed(door.slack.command('/letter draft text:"the secret draft"'), now=NOW)
    await door.knock(body, headers | {"X-Slack-Signature": "v0=wrong"})

    assert "was refused" in caplog.text
    assert "secret" not in caplog.text
    assert door.campaign.audit() == []


async def test_h7_a_signed_request_of_a_workspace_where_nobody_is_linked_does_nothing(door):
    payload = door.slack.command("/watch add x") | {"team_id": "T0OTHER"}
    assert (await door.knock(*door.slack.signed(payload, now=NOW)))[0] == 200
    (messages,) = await door.slack.heard("posted")

    assert "is not linked yet" in messages["text"]
    assert door.campaign.audit() == []


async def test_ssl_check_without_a_signature_is_refused(door):
    assert (await door.knock(b"ssl_check=1&token=x", {"Content-Type": "application/x-www-form-urlencoded"}))[0] == 401


async def test_a_body_beyond_what_slack_sends_is_not_read(door):
    stamped = {"X-Slack-Request-Timestamp": str(int(NOW)), "X-Slack-Signature": "v0=abc"}
    assert (await door.knock(BytesIO(b"x" * 250_001), stamped))[0] == 413


@pytest.mark.parametrize(
    "headers", [{}, {"X-Slack-Request-Timestamp": str(int(NOW) - 301), "X-Slack-Signature": "v0=a"}]
)
async def test_a_request_without_a_fresh_time_is_refused_before_its_body_arrives(door, headers):
    async def never():
        yield b"x"
        await asyncio.sleep(3600)

    async with (
        asyncio.timeout(60),
        door.session.post("/slack/events", data=never(), headers=headers) as answer,
    ):
        assert answer.status == 401


async def test_a_body_that_does_not_end_is_given_up(tmp_path, caplog):
    campaign, lines, stop, port = House(tmp_path), Lines(), asyncio.Event(), unused_port()
    limits = Limits(body=0.2)
    face = campaign.face("http://127.0.0.1:1/", clock=lambda: datetime.fromtimestamp(NOW, UTC))
    site = application(endpoint(face, limits).routes(), limits=limits)
    work = asyncio.create_task(listener.serve(site, "127.0.0.1", port, stop, lines, limits))
    await asyncio.sleep(0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stamped = f"X-Slack-Request-Timestamp: {int(NOW)}\r\nX-Slack-Signature: v0=abc\r\n"
    writer.write(f"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 9\r\n{stamped}\r\nx".encode())
    received = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    stop.set()
    await work
    assert b" 408 " in received
    assert caplog.messages[-1] == "A request whose body did not arrive in time was refused"


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[]", JSON),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"{", JSON),
        (b"{\xff}", JSON),
        (b'{"command": 5}', JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": []}', JSON),
        (b"text=%ff&command=%2Fwatch&user_id=\xff", FORM),
        (b"payload=", FORM),
        (b"payload=[]", FORM),
        (b"payload=null", FORM),
        (b'payload={"type":"view_submission"}', FORM),
        (b'payload={"type":"view_submission","view":{"state":{"values":[]}}}', FORM),
        (b'payload={"type":"block_actions","actions":{}}', FORM),
        (b'payload={"type":"block_actions","user":"U1","actions":[]}', FORM),
        (b'payload={"type":"block_suggestion"}', FORM),
    ],
)
async def test_l11_a_signed_body_that_slack_would_not_send_is_answered_400_in_one_line(door, caplog, body, kind):
    stamp = str(int(NOW))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    caplog.clear()
    assert (await door.knock(body, headers))[0] in (400, 401)
    assert len(caplog.records) == 1
    assert "Traceback" not in caplog.text


def distorted(payload: Any) -> Iterator[Any]:
    """The payload with each of its parts missing, and of each other type."""
    for other in (None, 1, True, "x", "", [], ["x"], {}, {"x": 1}):
        if type(other) is not type(payload) or other != payload:
            yield other
    parts = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for name, part in list(parts):
        whole = copy.copy(payload)
        del whole[name]
        yield whole
        for each in distorted(part):
            whole = copy.copy(payload)
            whole[name] = each
            yield whole


@pytest.mark.long
@pytest.mark.parametrize("kind", ["command", "press", "submit", "search", "home", "test"])
async def test_l11_no_part_of_a_signed_request_that_is_missing_or_of_another_type_is_our_fault(door, kind):
    view: dict[str, Any] = {}
    if kind in ("submit", "search"):
        await door.type("/campaign remind")
        (view,) = await door.slack.heard("views")
    payload = {
        "command": lambda: door.slack.command("/watch add x"),
        "press": lambda: door.slack.press({"action_id": "watch add#0", "value": '{"query": "x"}'}),
        "submit": lambda: door.slack.submit(view, what="x", day="Fri"),
        "search": lambda: door.slack.search(view, "what", "x"),
        "home": door.slack.home,
        "test": lambda: {"type": "url_verification", "challenge": "c-1", "token": "t"},
    }[kind]()
    answers = {}
    for number, each in enumerate(distorted(payload)):
        answers[json.dumps(each)] = await knock_as(door, each, number)
    assert {text: status for text, status in answers.items() if status not in (200, 400)} == {}


async def knock_as(door: Door, payload: Any, number: int) -> int:
    """Sent as Slack would send it, at a time of its own."""
    stamp = str(int(NOW) - number % 300)
    typed = isinstance(payload, dict) and "command" in payload
    is_json = not typed and isinstance(payload, dict) and payload.get("type") in ("event_callback", "url_verification")
    text = json.dumps(payload)
    if typed:
        text = urlencode(
            {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
        )
    body = text if typed or is_json else urlencode({"payload": text})
    headers = {"Content-Type": JSON if is_json else FORM} | sign(body, stamp)
    return (await door.knock(body.encode(), headers))[0]


async def test_a_hundred_unsigned_requests_are_one_line_in_the_log(door, caplog):
    for _ in range(100):
        assert (await door.knock(b"x", {}))[0] == 401
    assert [record.message for record in caplog.records] == ["A request that Slack did not sign was refused"]


async def test_h5_no_request_over_http_can_pass_for_one_of_socket_mode(door):
    """Bolt does not look at the signature of a Socket Mode request; only our own code makes requests, all of HTTP."""
    body = b'{"type": "event_callback", "event": {"type": "app_home_opened"}, "mode": "socket_mode"}'
    for headers in ({"X-Slack-Bolt-Mode": "socket_mode"}, {"mode": "socket_mode"}, {}):
        assert (await door.knock(body, {"Content-Type": JSON} | headers))[0] == 401
    async with door.session.post("/slack/events?mode=socket_mode", data=body) as answer:
        assert answer.status == 401
    payload = door.slack.command("/watch add x") | {"mode": "socket_mode", "lazy_only": "1"}
    body, headers = door.slack.signed(payload, now=NOW)
    assert (await door.knock(body, headers | {"X-Slack-Signature": "v0=wrong"}))[0] == 401
    assert door.campaign.audit() == []


async def test_c5_fifty_people_at_once_are_all_acknowledged_while_half_of_the_answers_take_their_time(
    door, monkeypatch
):
    go_on, commands = asyncio.Event(), ("/watch add x{}", "/late answer seconds:{}")
    monkeypatch.setattr(discord_face, "pause", lambda _: go_on.wait())
    monkeypatch.setattr(asyncio_runner, "time", SimpleNamespace(time=lambda: 0.0))  # Bolt's three seconds
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*(door.type(commands[number % 2].format(number)) for number in range(50)))

    assert {status for status, _ in answers} == {200}
    assert len(await door.slack.heard("posted", 25)) == 25
    go_on.set()
    assert len(await door.slack.heard("posted", 50)) == 50
