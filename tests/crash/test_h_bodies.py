"""H4 over real sockets: half a form, or one too large, costs neither memory, time nor lines in the log."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

import pytest

from bot.chat.slack.web import PATH
from bot.chat.web import listener
from bot.chat.web.site import application
from tests.crash.test_h_flood import answer, connect
from tests.kit.board import Board
from tests.kit.ports import unused_port
from tests.kit.web_face import frontend
from tests.peers.lines import Lines

pytestmark = pytest.mark.sqlite  # the face alone, the same on either store

FORM = b"POST %b HTTP/1.1\r\nHost: bot\r\nContent-Type: application/x-www-form-urlencoded\r\n"
LIMITED = ["/in", "/link"]


@pytest.fixture
async def site(tmp_path):
    """A board with its log-in by mail; `lines` are what its server logs."""
    stop, lines, port = asyncio.Event(), Lines(), unused_port()
    face = frontend(Board(tmp_path, ()), mail_link=lambda address, to: None)

    async def slack(request):
        return listener.web.Response(body=await request.read())

    routes = [*face.routes(), listener.web.post(PATH, slack)]
    work = asyncio.create_task(
        listener.serve(application(routes, middleware=face.middleware), "127.0.0.1", port, stop, lines)
    )
    await asyncio.sleep(0)
    yield port, lines
    stop.set()
    await asyncio.wait_for(work, 60)


def leave(client: socket.socket) -> None:
    """Break the connection off, as a phone does that loses its network."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@pytest.mark.parametrize("path", [*LIMITED, PATH])
@pytest.mark.parametrize("end", [leave, socket.socket.close])
async def test_a_visitor_who_leaves_in_the_middle_of_a_body_is_no_error(site, caplog, path, end):
    port, lines = site
    for _ in range(5):
        client = await asyncio.to_thread(connect, port, FORM % path.encode() + b"Content-Length: 900\r\n\r\nlink=")
        await asyncio.sleep(0.02)
        end(client)
    await _hello(port)
    assert lines.written == []
    assert [record for record in caplog.records if record.name.startswith("bot")] == []


@pytest.mark.parametrize("path", [*LIMITED, PATH])
async def test_a_body_that_is_not_http_is_refused_in_one_line(site, caplog, path):
    port, _ = site
    with connect(port, FORM % path.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nlink\r\n") as client:
        received = await asyncio.to_thread(answer, client)
    assert received.split()[1] == b"400"
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("path", LIMITED)
async def test_a_form_of_a_stranger_that_is_too_large_is_refused_before_it_is_sent(site, path):
    port, _ = site
    with connect(port, FORM % path.encode() + b"Content-Length: 3900000\r\n\r\n") as client:
        received = await asyncio.to_thread(answer, client)
    assert received.split()[1] == b"413"


@pytest.mark.parametrize("path", LIMITED)
async def test_a_form_of_a_stranger_without_a_length_ends_at_4_kb(site, path):
    port, _ = site
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    with connect(port, FORM % path.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk) as client:
        received = await asyncio.to_thread(answer, client)
    assert received.split()[1] == b"413"


async def _hello(port: int) -> None:
    """Another visitor is served: what came before was handled."""
    with contextlib.closing(
        await asyncio.to_thread(connect, port, b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
    ) as one:
        assert b"200" in await asyncio.to_thread(one.recv, 4096)
