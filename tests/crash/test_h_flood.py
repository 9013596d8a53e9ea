"""D3 and H4 over real sockets: strangers who open connections and send nothing cost neither alerts nor disk."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
import time
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.chat.web import listener
from bot.chat.web.listener import Limits
from bot.config.logs import Throttle
from tests.kit import stores
from tests.kit.ports import unused_port
from tests.peers.feedserver import rss, serving
from tests.peers.lines import Lines
from tests.peers.slack import SlackPeer
from tests.peers.slack_app import SECRET
from tests.scenario.kit import ROOT, SLACK, shipped, tokens

FILES = 256  # `ulimit -n`
HALF_OPEN = 300
HALF_A_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nX-Slack-"


def connect(port: int, sent: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.sendall(sent)
    return client


def answer(client: socket.socket) -> bytes:
    """Everything that comes until the server closes the connection."""
    client.settimeout(5)
    received = b""
    try:
        while chunk := client.recv(4096):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


async def until(condition, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(folder: Path, settings: dict[str, str], log: Path):
    """The installed program, with few file descriptors."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | settings
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--since", "30d"),
            cwd=folder,
            env=env,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=written,
            preexec_fn=limited,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.mark.long
async def test_alerts_go_on_while_three_hundred_connections_are_half_open(tmp_path):
    slack, port, asked, go_on = SlackPeer(), unused_port(), asyncio.Event(), asyncio.Event()

    async def feed(_: web.Request) -> web.Response:
        asked.set()
        await go_on.wait()
        now = format_datetime(datetime.now(UTC))
        links = [f"https://www.cbp.gov/newsroom/{number}" for number in range(3)]
        items = [
            {
                "title": f"CBP issues Withhold Release Order on item {link[-1]}",
                "link": link,
                "guid": link,
                "pubDate": now,
            }
            for link in links
        ]
        return web.Response(body=rss(*items), content_type="application/rss+xml")

    async with serving() as feeds, slack.running() as url:
        feeds.script("/cbp", feed)
        shipped(tmp_path, {"cbp-news": feeds.url("/cbp")}, {"policy": f"slack:{SLACK}"})
        stores.create(tmp_path / "coalition.db").close()
        settings = {name.upper(): value for name, value in tokens(slack=url).items()}
        settings |= {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": SECRET, "PORT": str(port)}
        settings |= {"DATABASE_URL": stores.url(tmp_path / "coalition.db")}
        log = tmp_path / "log"
        async with running(tmp_path, settings, log) as process:
            await asyncio.wait_for(asked.wait(), 90)
            await until(lambda: "Listening" in log.read_text(), 90, "it does not listen")
            with ExitStack() as stored:
                for _ in range(HALF_OPEN):
                    stored.enter_context(await asyncio.to_thread(connect, port, HALF_A_HEAD))
                go_on.set()
                await until(lambda: "item 2" in str(slack.messages[SLACK]), 90, log.read_text()[-2000:])
                async with (
                    aiohttp.ClientSession() as session,
                    session.get(f"http://127.0.0.1:{port}/healthz") as healthy,
                ):
                    assert healthy.status == 200
                process.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(process.wait(), 60) == 0
        written = log.read_text()
        assert len(written.splitlines()) < 50, written[:4000]
        assert "Traceback" not in written


@pytest.fixture
async def outside(request):
    """A site with small limits; `lines` are what it logs."""
    stop, lines, port = asyncio.Event(), Lines(), unused_port()
    site = web.Application()

    async def events(asked: web.Request) -> web.Response:
        listener.trust(asked)
        return web.Response(text="taken")

    site.add_routes([web.post("/", events), web.get("/", _hello)])
    limits = getattr(request, "param", Limits(connections=4, head=0.3))
    work = asyncio.create_task(listener.serve(site, "127.0.0.1", port, stop, lines, limits))
    await asyncio.sleep(0)
    yield port, lines
    stop.set()
    await asyncio.wait_for(work, 60)


async def _hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def test_half_a_head_is_closed_when_its_time_is_over(outside):
    port, _ = outside
    with connect(port, HALF_A_HEAD) as client:
        assert await asyncio.to_thread(answer, client) == b""


async def test_a_connection_is_closed_when_no_second_request_follows(outside):
    port, _ = outside
    with connect(port, b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n") as client:
        assert (await asyncio.to_thread(answer, client)).endswith(b"hello")


async def test_where_there_are_too_many_the_oldest_goes_and_a_signed_one_stays(outside):
    port, _ = outside
    signed = connect(port, b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 0\r\n\r\n")
    assert b"taken" in await asyncio.to_thread(signed.recv, 4096)
    half_open = [await asyncio.to_thread(connect, port, HALF_A_HEAD) for _ in range(4)]
    assert await asyncio.to_thread(answer, half_open[0]) == b""
    signed.sendall(b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 0\r\n\r\n")
    assert b"taken" in await asyncio.to_thread(signed.recv, 4096)
    for client in (signed, *half_open):
        client.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
        (b"GET / HTTP/1.1\r\nHost: bot\r\n" + b"X-Long: " + b"x" * 5_000 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: bot\r\n" + b"X-Many: x\r\n" * 100 + b"\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n", b"200"),
        (b"GET /elsewhere HTTP/1.1\r\nHost: bot\r\n\r\n", b"404"),
        (b"PUT / HTTP/1.1\r\nHost: bot\r\nContent-Length: 0\r\n\r\n", b"405"),
    ],
)
async def test_no_answer_reveals_which_versions_are_at_work(outside, caplog, sent, status):
    port, lines = outside
    with connect(port, sent) as client:
        received = await asyncio.to_thread(answer, client)
    assert received.split()[1] == status
    assert b"aiohttp" not in received
    assert b"Python" not in received
    assert lines.written == (["A request that is not valid HTTP was refused"] if status == b"400" else [])
    assert "Traceback" not in caplog.text


async def test_our_own_bug_is_logged_once_a_minute_with_its_traceback_and_posted_to_nobody(caplog):
    async def bug(_: web.Request) -> web.Response:
        raise RuntimeError("the bug")

    stop, port, site = asyncio.Event(), unused_port(), web.Application()
    site.add_routes([web.get("/", bug)])
    lines = Throttle(logging.getLogger("bot"), time.monotonic)
    work = asyncio.create_task(listener.serve(site, "127.0.0.1", port, stop, lines))
    await asyncio.sleep(0)
    for _ in range(3):
        with connect(port, b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n") as client:
            received = await asyncio.to_thread(answer, client)
        assert b"500" in received
        assert b"the bug" not in received
    stop.set()
    await work
    assert caplog.text.count("RuntimeError: the bug") == 1


async def test_a_port_in_use_is_reported():
    port = unused_port()
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(listener.CannotListen, match=r"in use\. Set WEB_BIND"),
    ):
        await listener.serve(web.Application(), "127.0.0.1", port, asyncio.Event(), Lines())
