"""Several coalitions are opened one after the other; those that cannot be are tried again, and the others go on."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
import signal
from contextlib import contextmanager

import pytest
from aiohttp.test_utils import TestClient, TestServer
from discord.gateway import DiscordWebSocket

from bot.app import loops, runtime, several, wiring
from bot.app.several import SHARED_DISCORD, Tenant, common_frontends, open_all
from bot.config import installation
from bot.config.load import ConfigError
from bot.config.logs import Throttle
from bot.config.settings import Settings
from bot.outbox import connections
from bot.store import memo, schema
from bot.store.database import StoreBusy, StoreUnusable
from tests.kit import coalitions, stores
from tests.peers.discord_gateway import DiscordGateway
from tests.peers.slack_app import SECRET, SlackApp
from tests.scenario.kit import Clock
from tests.scenario.test_several_coalitions import NOW, until

pytestmark = [pytest.mark.sqlite, pytest.mark.long]  # it chooses its store

NAMES = ("heat", "lake", "river", "wind")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)  # it is for the whole process, which here is pytest's
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
        yield tenants, common_frontends(tenants)


def settings():
    return installation.all_settings().items()


def opened(tenants):
    return [tenant.name for tenant in tenants if tenant.app]


async def test_the_site_shows_each_coalition_at_its_host_once_it_is_open(on_files):
    with process() as (tenants, common):
        async with TestClient(TestServer(common["web"]._build())) as client:

            async def status(host, method="get", path="/"):
                answer = await client.request(method, path, headers={"Host": host})
                return answer.status, await answer.text()

            assert (await status("127.0.0.1", path="/readyz"))[1] == "not ready: coalitions are being opened"
            assert (await status("lake.test"))[0] == 503
            for tenant in tenants:
                tenant.open()
            code, text = await status("lake.test")
            assert (code, "an administrator of lake" in text) == (401, True)
            code, text = await status("other.test")
            assert (code, "the proxy has to send the Host header as it came" in text) == (404, True)
            assert (await status("lake.test", "put"))[0] == 405


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
            assert caplog.text.count("the site of heat.test cannot be shown") == 1
            assert (await client.get("/", headers={"Host": "wind.test"})).status == 401
            assert await (await client.get("/readyz")).text() == "ready; 1 of 4 coalitions cannot be served"
            path.write_text(text)
            await until(lambda: len(opened(tenants)) == 4)
            await until(lambda: "this coalition can be served again" in caplog.text)
            levels = [record.levelname for record in caplog.records if "cannot be served" in record.getMessage()]
            assert levels[:2] == ["CRITICAL", "WARNING"]
            assert (await client.get("/", headers={"Host": "heat.test"})).status == 401
            await coalitions.stop(work)


async def test_an_unforeseen_error_keeps_only_its_coalition_from_being_served(on_files, caplog):
    (installation.FOLDER / "heat" / "feeds.yml").write_text(f"sources: {'[' * 2_000}")
    with process() as (tenants, common):
        monitoring = common["web"]._build
        tenants[1].build, build = lambda: 1 / 0, tenants[1].build
        async with asyncio.timeout(60), TestClient(TestServer(monitoring())) as client:
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: opened(tenants) == ["river", "wind"] and caplog.text.count("attempt 2;") == 2)
            assert "division by zero" in caplog.text
            assert "heat/feeds.yml" in caplog.text
            assert await (await client.get("/readyz")).text() == "ready; 2 of 4 coalitions cannot be served"
            tenants[1].build = build
            await until(lambda: opened(tenants) == ["lake", "river", "wind"])
            await coalitions.stop(work)


async def test_an_outage_is_one_line_for_all_coalitions_that_are_being_opened(on_files, caplog, monkeypatch):
    monkeypatch.setattr(runtime, "OUTAGES", Throttle(runtime.log, lambda: 0))
    calls = []

    def refused():
        calls.append(1)
        raise StoreBusy("The database server cannot be reached now.")

    with process() as (tenants, _):
        builds = {tenant: tenant.build for tenant in tenants[1:]}
        for tenant in builds:
            tenant.build = refused
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: len(calls) > 2 * len(builds) and opened(tenants) == ["heat"])
            assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == [
                "this coalition cannot be opened now, and is tried again: The database server cannot be reached now."
            ]
            for tenant, build in builds.items():
                tenant.build = build
            await until(lambda: len(opened(tenants)) == 4)
            await coalitions.stop(work)


async def test_an_outage_of_the_server_is_over_soon_for_loops_and_for_coalitions_that_could_not_be_opened(
    on_server, monkeypatch
):
    monkeypatch.setattr(several, "_LOOK", 0)
    monkeypatch.setattr(loops, "AFTER_FAILURE", (3600.0,))
    monkeypatch.setattr(loops, "LONGEST_OUTAGE_WAIT", 0.05)

    def refuse():
        raise StoreBusy("The database server cannot be reached now.")

    with process() as (tenants, _):
        build = tenants[3].build
        tenants[3].build = refuse
        async with asyncio.timeout(60):
            work = asyncio.create_task(runtime.run_all(tenants))
            await until(lambda: len(opened(tenants)) == 3)
            stores.server().halt()
            await until(lambda: all(loop.failures for loop in loops_of(tenants[:3])))
            tenants[3].build = build
            await asyncio.to_thread(stores.server()._start)
            await until(lambda: len(opened(tenants)) == 4)
            await until(lambda: not any(loop.failures for loop in loops_of(tenants)))
            await coalitions.stop(work)


def test_once_a_newer_version_has_migrated_the_database_no_coalition_works_on(on_server, monkeypatch):
    with process() as (tenants, _):
        with monkeypatch.context() as patched:
            newer = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
            patched.setattr("bot.store.schema.MIGRATIONS", newer)
            wiring.store_address(tenants[1].settings).open().close()

        for tenant in tenants:
            with pytest.raises(StoreUnusable, match="newer coalition-bot"):
                tenant.leads("deliver")


def loops_of(tenants):
    return [loop for tenant in tenants for loop in tenant.app.pulse.loops()]


async def test_after_a_stop_no_coalition_is_opened(on_files, monkeypatch):
    monkeypatch.setattr(runtime, "_OPENING", 1)
    with process() as (tenants, _):
        for tenant in tenants:
            tenant.build = lambda build=tenant.build: os.kill(os.getpid(), signal.SIGTERM) or build()
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
    peer = DiscordGateway()
    monkeypatch.setenv("DISCORD_BOT_TOKEN", peer.token)
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
            work = asyncio.create_task(runtime.run_all(tenants, {SHARED_DISCORD: common[SHARED_DISCORD]}))
            await until(lambda: opened(tenants) == ["lake", "river", "wind"])
            db, connected = tenants[1].app.db, connections.memo_name("discord")  # written once it is
            await until(lambda: memo.get_memo(db, connected) is not None)
            assert "cannot open your coalition's data now, so nothing was done" in await answer("before")
            path.write_text(text)
            tokens = map(str, itertools.count())
            while "is not linked yet" not in await answer(next(tokens)):
                pass
            assert len(opened(tenants)) == 4
            await coalitions.stop(work)


@pytest.mark.parametrize(
    ("error", "lost"), [(StoreBusy("away"), False), (StoreUnusable("damaged"), True), (ConfigError([]), True)]
)
def test_an_outage_of_the_database_leaves_no_coalition_that_cannot_be_served(error, lost):
    def refused():
        raise error

    tenant = Tenant("lake", Settings(_env_file=None), refused, leads=lambda _: True)
    with pytest.raises(type(error)):
        tenant.open()
    assert tenant.is_lost == lost


async def test_while_the_server_is_stopped_slack_is_acknowledged_and_the_person_learns_why_nothing_comes(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    coalitions.enter(tmp_path, monkeypatch)
    slack, server = SlackApp(), stores.server()
    async with slack.running() as url, asyncio.timeout(60):
        monkeypatch.setenv("SLACK_API_URL", url)
        env = {"SLACK_BOT_TOKEN": SlackApp.TOKEN, "SLACK_MODE": "http", "SLACK_SIGNING_SECRET": SECRET}
        coalitions.add("heat", {}, "heat", env=env | {"WEB_URL": "https://heat.test"})
        await asyncio.to_thread(coalitions.created)
        with process() as ((tenant,), common):
            await asyncio.to_thread(tenant.open)
            async with TestClient(TestServer(common["web"]._build())) as client:

                async def send():
                    body, headers = slack.signed(slack.command("/campaign me"), now=NOW.timestamp())
                    headers |= {"Host": "heat.test"}
                    return (await client.post("/slack/events", data=body, headers=headers)).status

                assert await send() == 200
                assert "is not linked yet" in (await slack.heard("posted"))[0]["text"]
                server.halt()
                try:
                    assert await send() == 200
                    answer = (await slack.heard("posted", 2))[-1]
                finally:
                    server._start()
    assert answer["text"] == "The database is busy. Please try again in a moment."


def test_a_coalition_whose_front_ends_fail_is_not_open_and_is_built_once(on_files, monkeypatch):
    with process() as (tenants, _):
        built, build = [], tenants[0].build
        tenants[0].build = lambda: built.append(build()) or built[-1]
        with monkeypatch.context() as away:
            away.setattr(several, "frontends_of_one", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                tenants[0].open()
        assert (tenants[0].app, tenants[0].is_lost) == (None, True)
        assert tenants[0].open().app is built[0]
        assert (len(built), tenants[0].is_lost) == (1, False)
