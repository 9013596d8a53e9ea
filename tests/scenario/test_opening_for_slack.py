"""Slack's requests for a coalition that is not open, or cannot be: acknowledged first, then opened or told why not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app.several import Tenant
from bot.config import installation
from tests.kit import coalitions, stores
from tests.peers.slack_app import SECRET, SlackApp
from tests.scenario.test_opening_coalitions import process
from tests.scenario.test_several_coalitions import NOW, until

pytestmark = pytest.mark.sqlite  # it chooses its store

WHY = (
    "The bot cannot open your coalition's data now, so nothing was done. Try again in a few minutes. "
    "If this lasts, ask an administrator."
)
STOPPED = (
    "The bot was stopped before it could open your coalition's data, so nothing was done. Try again in a few minutes."
)
FORM = {
    "id": "V1",
    "type": "modal",
    "callback_id": "watch add",
    "blocks": [{"block_id": "query", "type": "input", "optional": True, "element": {"type": "plain_text_input"}}],
}


@dataclass
class Host:
    """A process that serves the site of a coalition, one of several, which is not open."""

    slack: SlackApp
    tenant: Tenant
    client: TestClient

    async def send(self, payload: dict[str, Any]) -> tuple[int, str]:
        body, headers = self.slack.signed(payload, now=NOW.timestamp())
        async with self.client.post("/slack/events", data=body, headers=headers | {"Host": "heat.test"}) as answer:
            return answer.status, await answer.text()

    def block(self) -> tuple[threading.Event, threading.Event]:
        """Let the coalition open only once the second is set. The first is set when that begins."""
        started, go, build = threading.Event(), threading.Event(), self.tenant._build

        def later() -> Any:
            started.set()
            assert go.wait(60)
            return build()

        self.tenant._build = later
        return started, go


@pytest.fixture
async def host(tmp_path, monkeypatch, request) -> AsyncIterator[Host]:
    monkeypatch.setattr(stores, "CHOSEN", getattr(request, "param", "sqlite"))
    slack = SlackApp()
    coalitions.enter(tmp_path, monkeypatch)
    async with slack.running() as url:
        monkeypatch.setenv("SLACK_API_URL", url)
        env = {"SLACK_BOT_TOKEN": SlackApp.TOKEN, "SLACK_MODE": "http", "SLACK_SIGNING_SECRET": SECRET}
        coalitions.add(
            "heat", {}, "heat", env=env | {"WEB_URL": "https://heat.test", "METRICS_TOKEN": "figures-of-heat-alone"}
        )
        if stores.CHOSEN == "sqlite":
            stores.create(installation.FOLDER / "heat" / "coalition.db").close()
        else:
            await asyncio.to_thread(coalitions.created)
        with process() as ((tenant,), common):
            async with asyncio.timeout(60), TestClient(TestServer(common["web"]._build())) as client:
                yield Host(slack, tenant, client)


async def test_a_command_is_acknowledged_before_its_coalition_is_opened_and_then_answered(host):
    _, go = host.block()
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    assert host.tenant.app is None
    go.set()
    (answer,) = await host.slack.heard("posted")
    assert "is not linked yet" in answer["text"]
    about = {"Host": "heat.test", "Authorization": "Bearer figures-of-heat-alone"}
    figures = await (await host.client.get("/metrics", headers=about)).text()
    assert 'coalition_bot_acknowledgement_seconds_count{coalition="heat",platform="slack"} 1.0' in figures


async def test_a_form_waits_until_its_coalition_is_open(host):
    started, go = host.block()
    form = asyncio.create_task(host.send(host.slack.submit(FORM)))
    await until(started.is_set)
    assert not form.done()
    go.set()
    status, answer = await form
    assert (status, "is not linked yet" in answer) == (200, True)


async def test_who_asks_a_coalition_that_cannot_be_opened_learns_that_and_is_answered_once_it_is_repaired(host, caplog):
    path = installation.FOLDER / "heat" / "feeds.yml"
    text = path.read_text()
    path.write_text(text.replace("admin: main", "admin: nobody"))
    button = {"action_id": "watch list#0", "value": "{}"}
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    assert await host.send(host.slack.press(button)) == (200, "")
    assert await host.send(host.slack.home()) == (200, "")
    answers = await host.slack.heard("posted", 2)
    assert [(answer["text"], answer["response_type"]) for answer in answers] == [(WHY, "ephemeral")] * 2
    (home,) = await host.slack.heard("homes")
    assert home["blocks"][0]["text"]["text"] == WHY
    assert caplog.text.count("cannot be answered") == 1  # a line a minute
    assert (await host.send(host.slack.submit(FORM)))[0] == 503
    path.write_text(text)
    host.tenant._build, build = lambda: 1 / 0, host.tenant._build
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    assert (await host.slack.heard("posted", 3))[-1]["text"] == WHY
    assert "division by zero" in caplog.text
    host.tenant._build = build
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    assert "is not linked yet" in (await host.slack.heard("posted", 4))[-1]["text"]


async def test_who_waits_for_a_coalition_to_open_when_the_process_stops_learns_that_nothing_was_done(host):
    started, go = host.block()
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    await until(started.is_set)
    await host.client.close()
    go.set()
    assert [answer["text"] for answer in host.slack.posted] == [STOPPED]


async def test_a_stop_waits_for_the_answer_of_a_coalition_opened_for_this_request_alone(host):
    async with host.slack._arrived:  # until it is released, Slack does not answer
        assert await host.send(host.slack.command("/campaign me")) == (200, "")
        await until(lambda: host.slack.posted)
        stop = asyncio.create_task(host.client.close())
        assert not (await asyncio.wait({stop}, timeout=0.3))[0]
    await stop


@pytest.mark.parametrize("host", ["postgres"], indirect=True)
async def test_while_the_server_is_stopped_commands_are_acknowledged_and_the_person_learns_why_nothing_comes(host):
    server = stores.server()
    server.halt()
    try:
        assert await host.send(host.slack.command("/campaign me")) == (200, "")
        assert [answer["text"] for answer in await host.slack.heard("posted")] == [WHY]
    finally:
        server._start()
    assert await host.send(host.slack.command("/campaign me")) == (200, "")
    assert "is not linked yet" in (await host.slack.heard("posted", 2))[-1]["text"]
    server.halt()
    try:
        assert await host.send(host.slack.command("/campaign me")) == (200, "")
        answer = (await host.slack.heard("posted", 3))[-1]
    finally:
        server._start()
    assert answer["text"] == "The database is busy. Please try again in a moment."
