"""What a host's monitoring sees of the running bot: /healthz, /readyz and /metrics."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
import pytest
import simcord
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.chat.web.site import Monitoring, application
from bot.commands.model import Call, Role
from bot.config.logs import configure
from bot.entries.source_records import SourceState, save_source
from bot.ops.metrics import Metrics
from bot.ops.metrics import page as metrics_page
from bot.ops.pulse import STUCK_AFTER, Pulse, not_ready
from bot.outbox import holds
from bot.people.model import Account
from bot.shared.answer import Health, Memory
from bot.store import schema
from bot.store.database import StoreBusy
from tests.kit import discord_face, stores
from tests.kit.alerts import Room, campaign, document
from tests.kit.discord_face import until
from tests.kit.ports import unused_port
from tests.kit.slack_face import House, serving
from tests.peers.discord import SETTLE
from tests.peers.slack_app import SlackApp
from tests.scenario.kit import Clock
from tests.scenario.letter_journey import bring, link, program, running

TOKEN = "a-long-token-for-prometheus"
ADA = Account("slack", "T0HOME", "U0ADA")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def answer(url, token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            try:
                async with session.get(url, headers=headers) as response:
                    return response.status, await response.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


def samples(page):
    """The value of each sample of the page, by its name and labels, without the coalition's."""
    every = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {
        (sample.name, *sorted(value for name, value in sample.labels.items() if name != "coalition")): sample.value
        for sample in every
    }


@pytest.mark.long
async def test_the_running_bot_is_ready_and_counts_what_it_posted(tmp_path):
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"metrics_token": TOKEN, "web_bind": f"127.0.0.1:{port}"}
    async with running(program(tmp_path, "console:policy", settings)) as app:
        assert await answer(f"{url}/healthz") == (200, "ok")
        assert await answer(f"{url}/readyz") == (200, "ready")
        await asyncio.to_thread(bring, app)
        async with asyncio.timeout(60):
            while True:
                status, page = await answer(f"{url}/metrics", TOKEN)
                counted = samples(page)
                if counted.get(("coalition_bot_delivery_attempts_total", "console", "sent"), 0) >= 2:
                    break
                await asyncio.sleep(0.1)
    assert status == 200
    assert counted["coalition_bot_loop_failures", "poll"] == 0
    assert "Gloves" not in page
    assert app.config.coalition.name not in page


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN}x", "ü"])
async def test_metrics_are_only_for_clients_that_send_the_token(token):
    monitoring = Monitoring(problems=list, metrics=(TOKEN, lambda: (b"x 1\n", "text/plain")))
    async with TestClient(TestServer(application([], monitoring=monitoring))) as client:
        response = await client.get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})
        assert (response.status, await response.text()) == (401, "")
        right = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (right.status, await right.text()) == (200, "x 1\n")


async def test_while_the_database_is_away_there_are_no_metrics_and_no_traceback(caplog):
    def figures():
        raise StoreBusy("The database server at db.test, port 5432 cannot be reached now.")

    monitoring = Monitoring(problems=list, metrics=(TOKEN, figures))
    async with TestClient(TestServer(application([], monitoring=monitoring))) as client:
        for _ in range(3):
            response = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
            assert (response.status, await response.text()) == (503, "not ready: store")
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.getMessage().startswith("the figures cannot be read now: The database server at db.test")
    assert line.exc_info is None


async def test_without_a_token_there_is_no_page_of_metrics():
    async with TestClient(TestServer(application([], monitoring=Monitoring(problems=list)))) as client:
        assert (await client.get("/metrics")).status == 404


async def test_strangers_who_ask_often_do_not_make_the_store_work():
    asked, ticks = [], [0.0]

    def problems():
        asked.append(1)
        return ["store"]

    monitoring = Monitoring(problems=problems)
    async with TestClient(TestServer(application([], monitoring=monitoring, ticks=lambda: ticks[0]))) as client:
        for _ in range(5):
            response = await client.get("/readyz")
            assert (response.status, await response.text()) == (503, "not ready: store")
        assert len(asked) == 1
        ticks[0] = 2.0
        await client.get("/readyz")
        assert len(asked) == 2


def test_a_store_that_is_behind_and_a_stuck_loop_are_named(tmp_path, monkeypatch):
    path = tmp_path / "coalition.db"
    clock = Clock(NOW)
    pulse = Pulse(clock)
    pulse.start("poll")
    with closing(stores.create(path)) as db:
        assert not_ready(stores.at(path), db, pulse) == []
        clock.turn(seconds=STUCK_AFTER.total_seconds() + 1)
        assert not_ready(stores.at(path), db, pulse) == ["loop poll"]
        pulse.fail("poll")
        newer = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
        monkeypatch.setattr("bot.store.schema.MIGRATIONS", newer)
        assert not_ready(stores.at(path), db, pulse) == ["migrations"]


@pytest.mark.sqlite
def test_a_store_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "coalition.db"
    with closing(stores.create(path)) as db:
        path.write_bytes(b"not a database " * 10_000)
        assert not_ready(stores.at(path), db, Pulse(lambda: NOW)) == ["store"]


async def test_the_time_until_slack_is_acknowledged_is_measured(tmp_path):
    campaign, slack, times = House(tmp_path), SlackApp(), []
    campaign.link()
    face = partial(campaign.face, observe_ack=times.append)
    async with slack.running() as url, serving(face(url)):
        await slack.connected()
        assert await slack.deliver(slack.command("/campaign me")) is None
        await until(lambda: times)
    assert len(times) == 1


@pytest.mark.peer("simcord")
async def test_the_time_until_discord_is_acknowledged_is_measured(tmp_path):
    campaign, times = discord_face.House(tmp_path), []
    env = simcord.Env(campaign.face(observe_ack=times.append).client(), settle_timeout=SETTLE)
    await env.start()
    try:
        guild = env.create_guild("Coalition")
        ada = guild.add_member(env.create_user("ada"))
        campaign.link(guild.id, ada.id)
        await ada.slash(guild.create_text_channel("policy"), "watch add", query='"T visa"', asks=4, level="alert")
    finally:
        await env.shutdown()
    assert len(times) == 1


def page(room):
    metrics = Metrics(room.db, lambda: room.config, Pulse(lambda: room.now), lambda: room.now)
    return metrics_page({"us": metrics})[0].decode()


def test_lag_queue_and_holds_are_counted_by_ids_and_kinds(tmp_path):
    room = Room(tmp_path)
    room.take("register", document(title="Gloves: a title that stays in the store"))
    room.wait(hours=2)
    with room.db.write() as tx:
        hold = holds.Hold(holds.channel_scope("policy"), "a reason that stays in the store")
        holds.pause(tx, hold, now=room.now)
    text = page(room)
    counted = samples(text)
    assert counted["coalition_bot_delivery_oldest_age_seconds", "console"] == 7200
    assert counted["coalition_bot_queue_deliveries", "pending"] == 1
    assert counted["coalition_bot_holds", "channel"] == 1
    assert counted["coalition_bot_source_healthy", "register"] == 1
    assert counted["coalition_bot_source_lag_seconds", "register"] == 3600
    assert "stays in the store" not in text


def test_sources_beyond_the_most_count_as_one(tmp_path):
    many = {f"feed-{n}": {"kind": "feed", "name": f"Feed {n}", "url": "https://x.example/"} for n in range(600)}
    room = Room(tmp_path, campaign({"sources": many}), baseline=False)
    with room.db.write() as tx:
        for id_ in many:
            save_source(tx, checked(id_, room.now - timedelta(seconds=int(id_.removeprefix("feed-")))))
    name = "coalition_bot_source_lag_seconds"
    lags = {labels[0]: value for (each, *labels), value in samples(page(room)).items() if each == name}
    assert len(lags) == 501
    assert lags["other"] == 599


def checked(id_, due):
    return SourceState(
        id=id_,
        memory=Memory(),
        health=Health.OK,
        detail="",
        since=due,
        reported=None,
        checked_at=due,
        failures=0,
        due_at=due,
    )


class Lines(list):
    """A log's lines as JSON."""

    def write(self, text):
        self.extend(json.loads(line) for line in text.splitlines() if line)

    def flush(self):
        pass


@pytest.fixture
def json_log():
    lines = Lines()
    configure(lines, as_json=True)
    return lines


async def test_one_id_leads_from_a_command_to_its_message(tmp_path, json_log):
    async with running(program(tmp_path, "console:policy", {})) as app:
        link(app, ADA, "Ada", Role.POLICY)
        await asyncio.to_thread(bring, app)
        args = {"entry": "2026-00001", "to": "me"}
        call = Call(path="alerts assign", args=args, platform="slack", team=ADA.team, user=ADA.user, id="1")
        assert (await app.dispatcher.answer(call)).card.head.startswith("Assigned to Ada")
        row = app.db.read("SELECT id, journey FROM delivery WHERE kind = 'edit'")[0]
        sent = f"delivery {row['id']} to policy: sent"
        await until(lambda: any(line["message"] == sent for line in json_log))
    lines = {line["message"]: line.get("journey") for line in json_log}
    assert lines["/alerts assign from slack: answered"] == lines[sent] == row["journey"] != ""
