"""Which of several coalitions a process opens, and when: its share, those whose pages are asked for, those repaired."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
import signal
import threading
from contextlib import contextmanager

import pytest
from aiohttp.test_utils import TestClient, TestServer
from discord.gateway import DiscordWebSocket

from bot.app import common_frontends, loops, runtime, shares
from bot.app.several import Tenant, open_all
from bot.app.shares import SHARED_DISCORD
from bot.config import installation
from bot.config.load import ConfigError
from bot.config.logs import Throttle
from bot.config.settings import Settings
from bot.outbox import connections
from bot.store import memo
from bot.store.database import StoreBusy, StoreUnusable
from tests.kit import coalitions, stores
from tests.peers.discord_gateway import DiscordGateway
from tests.scenario.kit import Clock
from tests.scenario.test_several_coalitions import NOW, until

pytestmark = pytest.mark.sqlite  # it chooses its store

NAMES = ("heat", "lake", "river", "wind")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)  # it is for the whole process, which here is pytest's
    monkeypatch.setattr(runtime, "_WANTED", 0.05)
    monkeypatch.setattr(loops, "TICK", 0.05)
    monkeypatch.setattr(loops, "AFTER_FAILURE", (0.05,))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    coalitions.enter(tmp_path, monkeypatch)
    for name in NAMES:
        coalitions.add(name, {}, name, env={"WEB_URL": f"https://{name}.test"})
    return tmp_path


@pytest.fixture
def on_server(monkeypatch, installed):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    monkeypatch.setenv("DATABASE_URL", stores.url(installed / "coalition.db"))
    coalitions.created()


@pytest.fixture
def on_files(installed):
    coalitions.created()


@contextmanager
def process():
    """A process of all, as `run` opens it: its tenants, and the front ends of all."""
    every = [(name, one, lambda name=name, one=one: installation.files_of(name, one)) for name, one in settings()]
    with open_all(every, clock=Clock(NOW), out=io.StringIO()) as tenants:
        yield tenants, common_frontends.common_frontends(tenants)


def settings():
    return installation.all_settings().items()


def opened(tenants):
    return [tenant.name for tenant in tenants if tenant.app]


async def stopped(work):
    os.kill(os.getpid(), signal.SIGTERM)
    await work


async def test_of_two_processes_each_opens_only_its_own(on_server):
    with process() as (first, _), process() as (second, _):
        assert [tenant.name for tenant in first if tenant.wanted()] == ["heat", "lake"]
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(second))
            await until(lambda: len(opened(second)) == 2 or work.done())
            await asyncio.sleep(0.5)
            assert (opened(second), work.done()) == (["river", "wind"], False)
            await stopped(work)


async def test_a_page_opens_its_coalition_in_a_process_that_does_not_serve_it(on_server):
    with process() as (reading, _):
        assert all(tenant.leads(part) for tenant in reading for part in ("poll", "deliver"))
        with process() as (tenants, common):
            async with TestClient(TestServer(common["web"]._build())) as client:
                answer = await client.get("/", headers={"Host": "lake.test"})
                assert (answer.status, opened(tenants)) == (401, ["lake"])
                assert "an administrator of lake" in await answer.text()
                elsewhere = await client.get("/", headers={"Host": "other.test"})
                assert elsewhere.status == 404
                assert "the proxy has to send the Host header as it came" in await elsewhere.text()
                assert (await client.put("/", headers={"Host": "lake.test"})).status == 405
                answer = await client.get("/readyz")
                assert (answer.status, await answer.text()) == (200, "ready")
            # The loops of a bot that is open wait until they are needed.
            assert [tenant.name for tenant in tenants if tenant.wanted()] == ["lake"]


async def test_files_with_a_mistake_keep_only_their_coalition_from_being_served_until_it_is_repaired(on_files, caplog):
    caplog.set_level(logging.INFO)
    path = installation.FOLDER / "heat" / "feeds.yml"
    text = path.read_text()
    path.write_text(text.replace("admin: main", "admin: nobody"))
    with process() as (tenants, common):
        async with asyncio.timeout(60), TestClient(TestServer(common["web"]._build())) as client:
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: opened(tenants) == ["lake", "river", "wind"] and "attempt 2" in caplog.text)
            assert 'coalitions/heat/feeds.yml:8: admin: unknown channel "nobody"' in caplog.text
            answer = await client.get("/", headers={"Host": "heat.test"})
            assert (answer.status, "Try again" in await answer.text()) == (503, True)
            assert "default-src" in answer.headers["Content-Security-Policy"]
            await client.get("/", headers={"Host": "heat.test"})
            assert caplog.text.count("the site of heat.test cannot be opened") == 1
            assert (await client.get("/", headers={"Host": "wind.test"})).status == 401
            assert await (await client.get("/readyz")).text() == "ready; 1 of 4 coalitions cannot be served"
            path.write_text(text)
            await until(lambda: len(opened(tenants)) == 4)
            await until(lambda: "this coalition can be served again" in caplog.text)
            levels = [record.levelname for record in caplog.records if "cannot be served" in record.getMessage()]
            assert levels[:2] == ["CRITICAL", "WARNING"]
            assert (await client.get("/", headers={"Host": "heat.test"})).status == 401
            await stopped(work)


async def test_an_unforeseen_error_keeps_only_its_coalition_from_being_served(on_files, caplog):
    (installation.FOLDER / "heat" / "feeds.yml").write_text(f"sources: {'[' * 2_000}")
    with process() as (tenants, common):
        monitoring = common["web"]._build
        tenants[1]._build, build = lambda: 1 / 0, tenants[1]._build
        async with asyncio.timeout(60), TestClient(TestServer(monitoring())) as client:
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: opened(tenants) == ["river", "wind"] and caplog.text.count("attempt 2;") == 2)
            assert "division by zero" in caplog.text
            assert "heat/feeds.yml" in caplog.text
            assert await (await client.get("/readyz")).text() == "ready; 2 of 4 coalitions cannot be served"
            tenants[1]._build = build
            await until(lambda: opened(tenants) == ["lake", "river", "wind"])
            await stopped(work)


async def test_an_outage_is_one_line_for_all_coalitions_that_are_being_opened(on_files, caplog, monkeypatch):
    monkeypatch.setattr(runtime, "OUTAGES", Throttle(runtime.log, lambda: 0))
    calls = []

    def refused():
        calls.append(1)
        raise StoreBusy("The database server cannot be reached now.")

    with process() as (tenants, _):
        builds = {tenant: tenant._build for tenant in tenants[1:]}
        for tenant in builds:
            tenant._build = refused
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: len(calls) > 2 * len(builds) and opened(tenants) == ["heat"])
            assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == [
                "this coalition cannot be opened now, and is tried again: The database server cannot be reached now."
            ]
            for tenant, build in builds.items():
                tenant._build = build
            await until(lambda: len(opened(tenants)) == 4)
            await stopped(work)


async def test_all_loops_go_on_as_soon_as_the_database_is_back(on_server, monkeypatch):
    monkeypatch.setattr(shares, "_LOOK", 0.05)
    with process() as (tenants, _):
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: len(opened(tenants)) == 4)
            monkeypatch.setattr(loops, "AFTER_FAILURE", (3600.0,))
            stores.server().halt()
            await until(lambda: all(loop.failures for loop in loops_of(tenants)))
            await asyncio.to_thread(stores.server()._start)
            await until(lambda: not any(loop.failures for loop in loops_of(tenants)))
            await stopped(work)


async def test_what_could_not_be_opened_is_opened_as_soon_as_the_database_is_back(on_server, monkeypatch):
    monkeypatch.setattr(shares, "_LOOK", 0.05)
    monkeypatch.setattr(runtime, "_WANTED", 0.05)
    monkeypatch.setattr(loops, "AFTER_FAILURE", (3600.0,))
    refused, others_are_open = [], threading.Event()

    def refuse():
        refused.append(1)
        raise StoreBusy("The database server cannot be reached now.")

    def refuse_late():
        refused.append(1)
        others_are_open.wait(30)
        raise StoreBusy("The database server cannot be reached now.")

    with process() as (tenants, _):
        builds = {tenant: tenant._build for tenant in tenants[1:]}
        for tenant in builds:
            tenant._build = refuse_late if tenant is tenants[3] else refuse
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: len(refused) == len(builds) and opened(tenants) == ["heat"])
            for tenant, build in builds.items():
                tenant._build = build
            stores.server().halt()
            await until(lambda: any(loop.failures for loop in loops_of(tenants[:1])))
            await asyncio.to_thread(stores.server()._start)
            await until(lambda: len(opened(tenants)) == 3)
            others_are_open.set()
            await until(lambda: len(opened(tenants)) == 4)
            await stopped(work)


def loops_of(tenants):
    return [loop for tenant in tenants for loop in tenant.app.pulse.loops()]


async def test_after_a_stop_no_coalition_is_opened(on_files, monkeypatch):
    monkeypatch.setattr(runtime, "_OPENING", 1)
    with process() as (tenants, _):
        for tenant in tenants:
            tenant._build = lambda build=tenant._build: os.kill(os.getpid(), signal.SIGTERM) or build()
        await asyncio.wait_for(runtime.run_all(tenants), 60)
        assert len(opened(tenants)) == 1


async def test_the_run_ends_when_no_coalition_can_be_opened(on_files):
    for name in NAMES[:3]:
        (installation.FOLDER / name / "coalition.db").unlink()
    path = installation.FOLDER / "wind" / "coalition.yml"
    path.write_text("id: 1\n")
    with process() as (tenants, _), pytest.raises((ConfigError, StoreUnusable)):
        await asyncio.wait_for(runtime.run_all(tenants), 60)


async def test_a_coalition_that_is_repaired_later_gets_its_commands_in_a_shared_discord_application(
    installed, monkeypatch
):
    path = installation.FOLDER / "heat" / "feeds.yml"
    text = path.read_text()
    guilds = {"heat": 1100000000000000001, "lake": 1100000000000000002}
    for name, guild in guilds.items():
        with (installation.FOLDER / name / ".env").open("a") as env:
            env.write(f"DISCORD_GUILD_ID={guild}\n")
    coalitions.created()
    path.write_text(text.replace("admin: main", "admin: nobody"))
    peer, stop = DiscordGateway(), asyncio.Event()
    monkeypatch.setenv("DISCORD_BOT_TOKEN", peer.token)
    monkeypatch.setattr(common_frontends, "_AGAIN", 0.05)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)

    async def answer(token):
        me = {"name": "campaign", "options": [{"type": 1, "name": "me", "options": []}]}
        await peer.interact(token, me, guild=guilds["heat"])
        await until(lambda: any(body.get("type") not in (5, 6) for body in peer.callbacks.get(token, ())))
        return repr(peer.callbacks[token])

    async with peer.running() as url, asyncio.timeout(60):
        monkeypatch.setenv("DISCORD_API_URL", url)
        monkeypatch.setenv("DISCORD_GATEWAY_URL", url.replace("http", "ws"))
        with process() as (tenants, common):
            work = asyncio.create_task(common[SHARED_DISCORD].run(stop))
            await until(lambda: opened(tenants) == ["lake"])
            db, connected = tenants[1].app.db, connections.memo_name("discord")  # written once it is
            await until(lambda: memo.get_memo(db, connected) is not None)
            assert "cannot open your coalition's data now, so nothing was done" in await answer("before")
            path.write_text(text)
            tokens = map(str, itertools.count())
            while "is not linked yet" not in await answer(next(tokens)):
                pass
            assert len(opened(tenants)) == 2
            stop.set()
            await work


@pytest.mark.parametrize(
    ("error", "lost"), [(StoreBusy("away"), False), (StoreUnusable("damaged"), True), (ConfigError([]), True)]
)
def test_an_outage_of_the_database_leaves_no_coalition_that_cannot_be_served(error, lost):
    """/metrics and pages open coalitions that other processes serve: /readyz would have named them long after it."""

    def refused():
        raise error

    tenant = Tenant("lake", Settings(_env_file=None), refused, None)
    assert tenant.try_open() is None
    assert tenant.is_lost == lost
