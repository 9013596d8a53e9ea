"""Whether the bot's machine is fit for it: each thing that may be wrong is found, with what to do about it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.chat.web import site
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.ops import doctor
from bot.shared.answer import Finding, State
from bot.store.address import File
from bot.store.database import to_text
from tests.kit import configs
from tests.scenario.kit import copy_files

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> File:
    copy_files(tmp_path)
    store = File(tmp_path / "coalition.db")
    store.create().close()
    return store


def examined(store: File, config: Config | None = None, **settings: str) -> dict[str, Finding]:
    folder = store.path.parent
    config = config or configs.load(folder)
    files = {"feeds_file": folder / "feeds.yml", "coalition_file": folder / "coalition.yml"}
    return {
        finding.subject: finding
        for finding in doctor.examine(Settings(_env_file=None, **files, **settings), config, store, folder, NOW)
    }


def test_a_machine_in_order_has_nothing_bad(store):
    assert [finding for finding in examined(store).values() if finding.state is State.BAD] == []


def test_every_finding_that_is_not_good_says_what_to_do(store):
    store.path.chmod(0o644)
    findings = examined(store)
    assert all(finding.next_step for finding in findings.values() if finding.state is not State.GOOD)


@pytest.mark.parametrize(("name", "limit"), [("SQLite", "_SQLITE"), ("expat", "_EXPAT")])
def test_an_old_version_is_found(store, monkeypatch, name, limit):
    monkeypatch.setattr(doctor, limit, (99, 1))
    finding = examined(store)[name]
    assert finding.state is (State.LOOK if name == "expat" else State.BAD)
    assert "it should be 99.1 or newer" in finding.sentence


def test_the_floor_of_jinja2_is_the_first_whose_sandbox_holds():
    """3.1.6 is the first without CVE-2025-27516; pip installs no older one."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]
    assert "jinja2>=3.1.6" in project["dependencies"]


@pytest.mark.parametrize("name", ["coalition.db", "coalition.db-wal", ".env"])
def test_what_others_may_open_is_found(store, name):
    path = store.path.parent / name
    path.touch(0o600)
    assert examined(store)["rights"].state is State.GOOD
    path.touch(0o600)
    path.chmod(0o640)
    assert examined(store)[name].next_step == f"chmod 600 {path}"


def test_a_file_that_says_what_is_watched_must_not_be_anybodys_to_change(store):
    (store.path.parent / "feeds.yml").chmod(0o666)
    assert examined(store)["feeds.yml"].state is State.BAD


@pytest.mark.parametrize(("free", "state"), [(10**8, State.BAD), (10**9, State.LOOK), (10**10, State.GOOD)])
def test_the_room_on_the_disk_is_weighed(store, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda where: shutil._ntuple_diskusage(free, 0, free))
    assert examined(store)["disk"].state is state


def test_a_database_that_is_not_there_is_found(store):
    store.path.unlink()
    assert examined(store)["database"].state is State.BAD


def test_a_long_log_is_found(store):
    wal = store.path.with_name("coalition.db-wal")
    wal.touch(0o600)
    os.truncate(wal, 300_000_000)  # a hole: it takes no room
    assert "300 MB" in examined(store)["database log"].sentence


def test_an_old_backup_is_found_and_a_new_one_is_good(store):
    assert examined(store)["backup"].sentence == "none yet"
    db = store.open()
    with db.write() as tx:
        for sql in (
            "INSERT INTO coalition (id, name, created_at) VALUES ('atest', 'Us', :at)",
            "INSERT INTO backup (path, made_at) VALUES ('/b', :at)",
        ):
            tx.execute(sql, {"at": to_text(NOW - timedelta(days=8))})
    assert examined(store)["backup"].state is State.LOOK
    with db.write() as tx:
        tx.execute("UPDATE backup SET made_at = :at", {"at": to_text(NOW - timedelta(days=1))})
    assert examined(store)["backup"].state is State.GOOD


def test_a_token_that_is_missing_is_found_and_one_that_is_there_is_never_shown(store):
    feeds = store.path.parent / "feeds.yml"
    feeds.write_text(feeds.read_text().replace("console:policy", "slack:C0POLICY"))
    assert "SLACK_BOT_TOKEN is not set: messages for policy would wait" in examined(store)["token"].sentence
    findings = examined(store, slack_bot_token="xoxb-canary-1")
    assert findings["tokens"].state is State.GOOD
    assert "canary" not in str(findings)


@asynccontextmanager
async def listening(site: web.Application) -> AsyncIterator[Settings]:
    """Serve it; yields settings whose site would have the same port."""
    async with TestServer(site) as server:
        yield Settings(_env_file=None, web_url="http://127.0.0.1", web_bind=f"127.0.0.1:{server.port}")


async def test_our_own_site_on_the_port_is_no_fault_while_the_bot_runs():
    async with listening(site.application([])) as settings:
        (finding,) = await asyncio.to_thread(lambda: list(doctor.port(settings, running=True)))
        (stopped,) = await asyncio.to_thread(lambda: list(doctor.port(settings)))

    assert (finding.state, finding.sentence.partition(" ")[2]) == (State.GOOD, "is used by this bot, which is running")
    assert stopped.state is State.BAD


async def test_another_program_on_the_port_is_a_fault_also_while_the_bot_runs():
    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    stranger = web.Application()
    stranger.add_routes([web.get("/healthz", healthy)])
    async with listening(stranger) as settings:
        (finding,) = await asyncio.to_thread(lambda: list(doctor.port(settings, running=True)))

    assert finding.state is State.BAD
    assert "Address already in use" in finding.sentence


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({"web_bind": "0.0.0.0:8080"}, True),
        ({"web_bind": "[::]:8080"}, True),
        ({}, False),
        ({"web_bind": "0.0.0.0:8080", "trusted_proxies": "10.0.0.0/8"}, False),
        ({"web_bind": "0.0.0.0:8080", "web_url": None}, False),
    ],
)
def test_a_site_for_other_machines_that_names_no_proxy_is_remarked(given, warned):
    settings = Settings(_env_file=None, **{"web_url": "https://board.example.org"} | given)
    assert bool(list(doctor.slips_in(settings, configs.shipped()))) is warned


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({"web_url": "http://127.0.0.1:9000"}, True),
        ({"web_url": "http://localhost:9000", "web_bind": "127.0.0.1:9000"}, False),
        ({"web_url": "http://127.0.0.1:8080"}, False),
        ({"web_url": "https://board.example.org"}, False),
    ],
)
def test_an_address_of_this_machine_with_a_port_that_the_site_does_not_have_is_remarked(given, warned):
    remarks = [*doctor.slips_in(Settings(_env_file=None, **given), configs.shipped())]
    assert any("WEB_BIND=127.0.0.1:9000" in remark for remark in remarks) is warned


def test_a_source_that_is_read_by_email_needs_a_mailbox():
    shipped = configs.shipped()
    bulletin = SourceConfig.model_validate({"kind": "mail", "name": "OVC", "senders": ["news@ovc.example"]})
    config = replace(shipped, feeds=shipped.feeds.model_copy(update={"sources": {"ovc": bulletin}}))
    assert "source ovc: it is read by email, and IMAP_URL is not set (docs/mail.md)" in [
        *doctor.slips_in(Settings(_env_file=None), config)
    ]
