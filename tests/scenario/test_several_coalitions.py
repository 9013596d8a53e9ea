"""Several coalitions in one installation: each has its own files, tokens and store, and sees nothing of the others."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import shlex
import shutil
import sqlite3
import sys
from contextlib import ExitStack, closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import cli
from bot.app import loops, runtime, several, wiring
from bot.app.several import open_all
from bot.commands.model import Role
from bot.config import installation, logs
from bot.config.load import ConfigError
from bot.config.settings import Settings
from bot.ops.metrics import Metrics
from bot.ops.metrics import page as metrics_page
from bot.people import records as people
from bot.people.model import Person
from bot.shared import journey
from bot.store import address
from bot.store.database import StoreError, StoreUnusable
from bot.store.lock import AlreadyRunning
from bot.store.shape import read_tables
from bot.store.sqlite import APPLICATION_ID
from tests.kit import coalitions, stores
from tests.peers.feedserver import rss, serving
from tests.scenario.kit import Clock

ROOT = Path(__file__).parents[2]
DONE, ATTENTION, USAGE, STORE = 0, 1, 2, 3
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SLACK_A, SLACK_B = "xoxb-1-canary-river", "xoxb-2-canary-heat"


@pytest.fixture
def two(tmp_path, monkeypatch):
    """River and heat, without sources and stores."""
    coalitions.enter(tmp_path, monkeypatch)
    coalitions.add("river", {}, "river")
    coalitions.add("heat", {}, "heat")


@pytest.fixture
def two_stores(two):
    coalitions.created()


@pytest.fixture(params=["sqlite", "postgres"])
def either_store(request, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", request.param)


@pytest.fixture
def bot(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["coalition-bot", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def refused():
    with pytest.raises(ConfigError) as error:
        installation.load_all()
    return str(error.value).splitlines()


def put(name, **env):
    (installation.FOLDER / name / ".env").write_text("".join(f"{key}={value}\n" for key, value in env.items()))


def test_a_command_for_one_coalition_asks_which_and_lists_them(two_stores, bot):
    code, _, error = bot("status")
    assert (code, error) == (USAGE, "There are several coalitions: add --coalition NAME. They are heat and river.\n")
    code, _, error = bot("status", "--coalition", "lake")
    assert (code, error) == (USAGE, 'There is no coalition "lake". They are heat and river.\n')
    assert bot("status", "--coalition", "river")[0] == DONE


def test_the_commands_that_an_answer_names_are_for_the_same_coalition(two_stores, bot):
    code, _, error = bot("outbox", "retry", "none", "--coalition", "heat")
    assert (code, error) == (
        ATTENTION,
        "No queued or failed message has the id none. `coalition-bot outbox list --coalition heat` shows them.\n",
    )
    assert journey.served() == ""


def test_check_and_init_do_all_of_them(two_stores, bot, monkeypatch):
    monkeypatch.setenv("PORT", "0")
    code, out, _ = bot("check")
    assert code == DONE
    assert re.findall(r"^(\w+):$", out, re.MULTILINE) == ["heat", "river"]
    code, out, _ = bot("init", "--if-missing")
    assert code == DONE
    assert len(out.splitlines()) == 2
    assert all("already exists and opens" in line for line in out.splitlines())


def test_init_creates_the_stores_that_are_missing(either_store, two_stores, bot):
    coalitions.add("lake", {}, "lake")
    code, out, error = bot("init")
    assert (code, error) == (DONE, "")
    created = [line.startswith("Created ") for line in out.splitlines()]
    assert created == [False, True, False]
    assert out.count("already exists and opens") == 2
    assert bot("status", "--coalition", "lake")[0] == DONE


def test_what_is_wrong_with_the_host_s_env_is_found_for_each_coalition(two_stores, bot, monkeypatch):
    """The password of the database may be in it."""
    monkeypatch.setenv("PORT", "0")
    Path(".env").write_text("METRICS_TOKE=0123456789abcdef\n")
    Path(".env").chmod(0o644)
    assert "chmod 600 .env" in bot("doctor", "--coalition", "river")[1]
    machine = json.loads(bot("check", "--json", "--coalition", "river")[1])["machine"]
    assert [".env: other users" in slip or 'mean "METRICS_TOKEN"' in slip for slip in machine] == [True, True]


def test_init_names_the_way_to_one_coalition_when_another_has_a_mistake(two_stores, bot, monkeypatch):
    (installation.FOLDER / "heat" / "feeds.yml").write_text("watches: [")
    code, out, error = bot("init", "--if-missing")
    assert (code, out) == (USAGE, "")
    assert error.endswith("\nTo run this command for a coalition without mistakes, add --coalition NAME.\n")
    assert bot("init", "--if-missing", "--coalition", "river")[0] == DONE
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    error = bot("init", "--if-missing")[2]
    assert "SLACK_BOT_TOKEN: each coalition has its own" in error
    assert "--coalition" not in error  # it would end with the same mistake


def test_check_prints_one_json_document_for_all_or_that_of_one(two_stores, bot, monkeypatch):
    monkeypatch.setenv("PORT", "0")
    every = json.loads(bot("check", "--json")[1])
    assert {name: report["channels"] for name, report in every["coalitions"].items()} == {
        "heat": ["main"],
        "river": ["main"],
    }
    assert json.loads(bot("check", "--json", "--coalition", "river")[1]) == every["coalitions"]["river"]


@pytest.mark.sqlite
def test_the_stores_of_all_are_copied_or_none(two_stores, bot):
    code, out, _ = bot("db", "copy", "sqlite:///coalition.db", "sqlite:///copy.db")
    assert (code, out.count("all rows arrived")) == (DONE, 2)
    (installation.FOLDER / "river" / "copy.db").unlink()
    code, _, error = bot("db", "copy", "sqlite:///coalition.db", "sqlite:///copy.db")
    assert (code, error) == (
        USAGE,
        "Nothing was copied, because there is a database already: coalitions/heat/copy.db.\n",
    )
    assert not (installation.FOLDER / "river" / "copy.db").exists()


def test_without_a_folder_for_several_the_option_is_refused(tmp_path, monkeypatch, bot):
    coalitions.enter(tmp_path, monkeypatch)
    code, _, error = bot("status", "--coalition", "river")
    assert (code, error) == (USAGE, 'There is no coalition "river". There is no folder coalitions/ here.\n')


def test_every_command_but_those_for_all_takes_the_option():
    def leaves(command, path=()):
        for name, one in getattr(command, "commands", {}).items():
            yield from leaves(one, (*path, name))
        if not hasattr(command, "commands"):
            yield " ".join(path), command

    without = {path for path, one in leaves(cli.cli) if all("--coalition" not in param.opts for param in one.params)}
    assert without == {"new", "demo", "run", "db copy"}


def test_a_token_of_all_is_refused_because_it_would_serve_every_coalition(two, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_A)
    assert refused() == ["environment: SLACK_BOT_TOKEN: each coalition has its own: move it to coalitions/NAME/.env"]


def test_a_mistake_of_the_host_s_env_is_reported_with_its_name(two, bot):
    Path(".env").write_text(f"SLACK_BOT_TOKEN={SLACK_A}\n")
    what = ".env: SLACK_BOT_TOKEN: each coalition has its own: move it to coalitions/NAME/.env"
    assert bot("check")[::2] == (USAGE, f"{what}\n")


def test_a_host_can_begin_with_a_copy_of_the_example_environment(two, bot, monkeypatch):
    shutil.copy(ROOT / ".env.example", ".env")
    Path(".env").chmod(0o600)
    monkeypatch.setenv("PORT", "0")
    assert bot("check")[::2] == (DONE, "")


def test_each_line_of_the_procfile_can_serve_several_coalitions(two, monkeypatch):
    """`web` sets SLACK_MODE for all: it counts for who has a signing secret and does not choose."""
    put("river", SLACK_BOT_TOKEN=SLACK_A, SLACK_SIGNING_SECRET="s", WEB_URL="https://river.example.org")
    put("heat", SLACK_BOT_TOKEN=SLACK_B, SLACK_APP_TOKEN="xapp-b")
    coalitions.add("lake", {}, "lake")
    put("lake", SLACK_SIGNING_SECRET="s", SLACK_MODE="socket")
    modes = {}
    for line in (ROOT / "Procfile").read_text().splitlines():
        process, _, command = line.partition(": ")
        with monkeypatch.context() as environment:
            for word in shlex.split(command.partition(" coalition-bot")[0]) if "=" in command else ():
                name, _, value = word.partition("=")
                environment.setenv(name, re.sub(r"\$\{\w+:-(.*)\}", r"\1", value))  # as the host's shell does
            every = installation.load_all()
            modes[process] = {config.coalition.id: settings.slack_mode for settings, config in every}
    socket = dict.fromkeys(("river", "heat", "lake"), "socket")
    assert modes == {"release": socket, "worker": socket, "web": socket | {"river": "http"}}


def test_a_coalition_cannot_set_what_the_host_shares(two):
    put("heat", DATABASE_URL="sqlite:///theirs.db", LOG_LEVEL="DEBUG", FEEDS_FILE="../river/feeds.yml")
    assert refused() == [
        "coalitions/heat/.env: DATABASE_URL: all coalitions share it: move it to the .env of the host",
        "coalitions/heat/.env: LOG_LEVEL: all coalitions share it: move it to the .env of the host",
        "coalitions/heat/.env: FEEDS_FILE: the two files are in this folder: remove the variable",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "export WEB_URL=\"https://Board.example.org/\"  # the board\nSMTP_URL=\nODD\nMAIL_FROM='bot@river.test'\n",
        "A=board\nWEB_URL=https://${A}.${B:-river.test}\nSMTP_URL=smtp://${C}:x@relay.test\nMAIL_FROM=bot@river.test\n",
        "FEED_URL__NEWS=https://a.test/?a=b\nfeed_url__Local=c\nFEED_URL__EMPTY=\nSLACK_MODE=http\n",
        "WEBHOOK_URL__B=https://b.test\nWEBHOOK_URL__A=https://c.test\n",
    ],
)
def test_a_coalition_s_variables_mean_what_they_would_alone(two, monkeypatch, text):
    monkeypatch.setenv("C", "river")
    file = installation.FOLDER / "river" / ".env"
    file.write_text(text)
    one = installation.settings_of("river")
    differing = {
        name for name in Settings.model_fields if getattr(one, name) != getattr(Settings(_env_file=file), name)
    }
    assert differing == {"database_url", "feeds_file", "coalition_file"}


def test_each_has_its_own_tokens_and_two_with_the_same_are_refused(two):
    put("river", SLACK_BOT_TOKEN=SLACK_A)
    put("heat", SLACK_BOT_TOKEN=SLACK_B, DISCORD_BOT_TOKEN="d-heat")
    by_name = {config.coalition.id: settings for settings, config in installation.load_all()}
    assert by_name["river"].slack_bot_token.get_secret_value() == SLACK_A
    assert by_name["river"].discord_bot_token is None
    put("heat", SLACK_BOT_TOKEN=SLACK_A)
    assert refused() == ["coalitions: SLACK_BOT_TOKEN: heat and river have the same: each needs its own"]


def test_the_host_s_discord_application_serves_who_names_a_server_and_brings_none(two, monkeypatch):
    coalitions.add("lake", {}, "lake")
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "d-host")
    put("river", DISCORD_GUILD_ID="11000000000000001")
    put("heat", DISCORD_GUILD_ID="11000000000000002", discord_bot_token="d-heat")  # either case is read

    def tokens():
        every = [(config.coalition.id, settings.discord_bot_token) for settings, config in installation.load_all()]
        return {name: token and token.get_secret_value() for name, token in every}

    assert tokens() == {"river": "d-host", "heat": "d-heat", "lake": None}
    feeds = installation.FOLDER / "lake" / "feeds.yml"
    feeds.write_text(feeds.read_text().replace("console:main", "discord:1100000000000000000"))
    assert set(installation.unserved(*installation.load_one("lake"))) == {"DISCORD_GUILD_ID"}
    put("lake", DISCORD_BOT_TOKEN="d-host")
    what = "another coalition has the same Discord application: set the ID of this coalition's server"
    assert refused() == [f"coalitions/lake/.env: DISCORD_GUILD_ID: {what}"]
    put("lake", DISCORD_GUILD_ID="11000000000000001")
    assert refused() == ["coalitions: DISCORD_GUILD_ID: lake and river have the same: each needs its own"]
    monkeypatch.setenv("DISCORD_GUILD_ID", "11000000000000003")
    assert refused()[0].startswith("environment: DISCORD_GUILD_ID: each coalition has its own")


@pytest.mark.parametrize("url", ["https://A.example.org/", "https://a.example.org:443", "https://a.example.org:8443"])
def test_two_sites_on_one_host_are_refused_because_browsers_would_mix_their_sessions(two, url):
    put("river", WEB_URL="https://a.example.org")
    put("heat", WEB_URL=url)
    assert refused() == ["coalitions: WEB_URL: heat and river have the same: each needs its own"]


def test_the_usual_port_of_a_site_is_left_out_as_browsers_do(two):
    put("river", WEB_URL="https://A.example.org:443/")
    by_name = {config.coalition.id: settings for settings, config in installation.load_all()}
    assert by_name["river"].web_url == "https://a.example.org"


@pytest.mark.parametrize("host", ["[::1]", "our_board.example.org"])
def test_a_host_that_the_web_server_would_refuse_is_named_by_check(two, host):
    put("river", WEB_URL=f"https://{host}")
    (slip,) = refused()
    assert slip.startswith("coalitions/river/.env: WEB_URL: ")
    assert slip.endswith("cannot tell coalitions apart: use a host name of letters, digits, dashes and dots")


def test_a_folder_without_its_files_is_named_with_what_can_be_done(two):
    (installation.FOLDER / "lake").mkdir()
    what = "cannot be read (No such file or directory). Put it there, or move the folder out of coalitions/."
    assert refused() == [f"coalitions/lake/{file}: {what}" for file in ("coalition.yml", "feeds.yml")]


def test_a_folder_is_named_like_its_coalition(two):
    (installation.FOLDER / "heat").rename(installation.FOLDER / "lake")
    assert refused() == [
        'coalitions/lake/coalition.yml: id: "heat" differs from the folder\'s name. Rename the folder to it'
    ]
    (installation.FOLDER / "lake").rename(installation.FOLDER / "My lake")
    (slip,) = refused()
    assert slip == (
        "coalitions/My lake: a coalition's folder is named like its id: lower-case letters, digits and dashes, "
        "40 at most. Rename it, or move it out of coalitions/"
    )


def test_the_problems_of_all_are_reported_with_their_folder(two):
    for name in ("heat", "river"):
        path = installation.FOLDER / name / "feeds.yml"
        path.write_text(path.read_text().replace("admin: main", "admin: nobody"))
    assert [line.partition(":")[0] for line in refused()] == ["coalitions/heat/feeds.yml", "coalitions/river/feeds.yml"]


def test_each_store_is_its_own(either_store, two_stores):
    (one, _), (other, _) = installation.load_all()
    assert one.database_url != other.database_url
    stores_of = [wiring.store_address(settings).open() for settings in (one, other)]
    with stores_of[0].write() as tx, stores_of[1].write() as other_tx:  # neither waits for the other
        tx.execute("INSERT INTO coalition (id, name, created_at) VALUES ('x', 'x', '')")
        assert other_tx.read("SELECT id FROM coalition WHERE id = 'x'") == []
    for db in stores_of:
        db.close()


def test_a_second_run_waits_or_is_refused_as_the_store_allows(either_store, two_stores):
    loaded, parts = coalitions.listed(installation.load_all()), ("poll", "deliver", "slack")
    with open_all(loaded) as first:
        assert all(app.leads(part) for app in first for part in parts)
        if stores.CHOSEN == "sqlite":
            with pytest.raises(AlreadyRunning), open_all(loaded):
                pass
        else:
            with open_all(loaded) as apps:
                assert not any(app.leads(part) for app in apps for part in parts)
        with pytest.raises(AlreadyRunning):
            wiring.store_address(loaded[0][1]).lock()
    with open_all(loaded) as apps:
        assert all(app.leads(part) for app in apps for part in parts)


def news(title, page):
    return {"title": title, "link": f"https://x.test/{page}", "pubDate": "Tue, 24 Nov 2026 14:00:00 GMT"}


def titles(app):
    return {row["title"] for row in app.db.read("SELECT title FROM entry")}


def greeted(apps):
    """Whether each has read its sources and posted its greeting: the clock must not be turned while one is sent."""
    states = [[row["state"] for row in app.db.read("SELECT state FROM delivery")] for app in apps.values()]
    return all(map(titles, apps.values())) and all(each and set(each) == {"sent"} for each in states)


async def until(look):
    while True:
        if look():
            return
        await asyncio.sleep(0.02)


def test_a_dry_run_needs_no_store_and_runs_while_the_bot_runs(two):
    with coalitions.opened(Clock(NOW), dry_run=True, out=io.StringIO()) as apps:
        assert all(app.leads(part) for app in apps.values() for part in ("poll", "deliver"))
    assert not list(installation.FOLDER.rglob("*.db*"))


@pytest.fixture
def loaded(monkeypatch, two):
    """River and heat on PostgreSQL, for `open_all` of several processes, which look at their lock each time."""
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    monkeypatch.setattr(several, "_LOOK", 0)
    monkeypatch.setenv("DATABASE_URL", stores.url(Path("coalition.db")))
    coalitions.created()
    return coalitions.listed(installation.load_all())


def does_work(tenants):
    return {tenant.leads(part) for tenant in tenants for part in ("poll", "deliver", several.SHARED_DISCORD)}


def test_one_of_two_processes_does_the_work_of_all_until_it_ends(loaded):
    with ExitStack() as ending:
        first = ending.enter_context(open_all(loaded))
        with open_all(loaded) as second:
            assert (does_work(first), does_work(second)) == ({True}, {False})
            ending.close()
            assert does_work(second) == {True}


def test_installations_with_other_coalitions_on_one_server_do_not_wait_for_each_other(loaded):
    heat, river = loaded
    with open_all([heat]) as first, open_all([river]) as second:
        assert (does_work(first), does_work(second)) == ({True}, {True})


def test_a_process_with_an_added_coalition_waits_for_one_that_does_not_know_it_yet(loaded):
    for known in loaded:
        with ExitStack() as ending:
            before = ending.enter_context(open_all([known]))
            with open_all(loaded) as added:
                assert (does_work(before), does_work(added)) == ({True}, {False})
                ending.close()
                assert does_work(added) == {True}


def test_a_process_for_the_web_alone_does_no_work_even_if_no_other_does(loaded):
    with open_all(loaded, works=False) as answering:
        assert does_work(answering) == {False}
        with open_all(loaded) as working:
            assert (does_work(answering), does_work(working)) == ({False}, {True})


@pytest.mark.long
def test_the_loops_of_a_process_that_cannot_ask_the_server_go_on_as_they_were_and_one_hears_why(loaded, monkeypatch):
    monkeypatch.setattr(several, "_LOOK", 3600)
    with open_all(loaded) as tenants:
        assert does_work(tenants) == {True}
        for tenant in tenants:
            tenant.leads.__self__._look_at = 0
        stores.server().halt()
        try:
            with pytest.raises(StoreError):
                tenants[0].leads("poll")
            assert does_work(tenants) == {True}
        finally:
            stores.server()._start()


@pytest.mark.long
def test_a_process_with_very_many_coalitions_looks_at_each_less_often_but_once_a_minute(two):
    loaded = coalitions.listed(installation.load_all())
    slowdowns = []
    for count in (2, 50, 10_000):
        with open_all(loaded * (count // 2), dry_run=True, out=io.StringIO()) as tenants:
            slowdowns.append(tenants[0].open().app.slowdown)
    assert slowdowns == [1, 2, 10]
    assert slowdowns[-1] * loops.TICK < 60


@pytest.mark.long
async def test_one_run_serves_all_and_each_posts_only_its_own(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)  # it is for the whole process, which here is pytest's
    monkeypatch.setattr(loops, "TICK", 0.05)
    caplog.set_level(logging.INFO)
    coalitions.enter(tmp_path, monkeypatch)
    clock, out = Clock(NOW), io.StringIO()
    async with serving() as server:
        for name in ("river", "heat"):
            server.say(f"/{name}", rss(news("Old news", f"old-{name}")))
            coalitions.add(name, {"news": server.url(f"/{name}")}, f"canary-{name} OR both")
        coalitions.created()
        with coalitions.opened(clock, out=out) as apps:
            work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, name) for name, app in apps.items()]))
            async with asyncio.timeout(60):
                await until(lambda: greeted(apps))
                for name in apps:
                    server.say(f"/{name}", rss(news(f"canary-{name} and both", name)))
                clock.turn(hours=2)
                await until(lambda: all(f"canary-{name} and both" in out.getvalue() for name in apps))
            await coalitions.stop(work)
            for name, other in (("river", "heat"), ("heat", "river")):
                assert titles(apps[name]) == {"Old news", f"canary-{name} and both"}
                assert not apps[name].db.read("SELECT id FROM delivery WHERE card LIKE :it", {"it": f"%{other}%"})
    for name in ("river", "heat"):  # the line under a message says whose it is
        assert re.search(rf"canary-{name} and both.*?\n   {name}: (?:↳ )?main · #", out.getvalue(), re.DOTALL)
    assert out.getvalue().count("canary-river and both") == out.getvalue().count("canary-heat and both") == 1


async def test_a_card_of_one_names_commands_for_it(two_stores, monkeypatch):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)
    out = io.StringIO()
    with coalitions.opened(Clock(NOW), out=out) as apps:
        apps["heat"].tell("A message")
        with apps["heat"].db.write() as tx:
            tx.execute("UPDATE delivery SET state = 'dead', why = 'the channel is gone', kind = 'alert'")
        work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, name) for name, app in apps.items()]))
        async with asyncio.timeout(30):
            await until(lambda: "coalition-bot outbox retry ID --coalition heat" in out.getvalue())
        await coalitions.stop(work)


@pytest.fixture(params=["a broken file", "a deleted file", "a dropped schema"])
def broken(request, tmp_path, monkeypatch):
    """What breaks heat's store, and what repairs it: a copy of the whole of it."""
    on_server = request.param == "a dropped schema"
    monkeypatch.setattr(stores, "CHOSEN", "postgres" if on_server else "sqlite")
    coalitions.enter(tmp_path, monkeypatch)
    path = installation.FOLDER / "heat" / "coalition.db"

    def execute(sql):
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as conn:
            conn.execute(sql)

    def break_it():
        if on_server:
            execute('ALTER SCHEMA "coalition_heat" RENAME TO "lost"')
        elif request.param == "a broken file":
            with path.open("r+b") as file:
                file.write(b"x" * path.stat().st_size)
        else:
            path.rename(path.with_name("lost"))

    def repair_it():
        if on_server:
            execute('ALTER SCHEMA "lost" RENAME TO "coalition_heat"')
        else:
            for end in ("-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)
            shutil.copy(tmp_path / "heat.copy", path)

    def created():
        coalitions.created()
        if not on_server:
            shutil.copy(path, tmp_path / "heat.copy")

    return created, break_it, repair_it


def metrics_of(apps):
    metrics = {name: Metrics(app.db, lambda app=app: app.config, app.pulse, app.clock) for name, app in apps.items()}
    return metrics_page(metrics)[0].decode()


@pytest.mark.long
async def test_a_lost_store_ends_its_coalition_s_part_alone_until_it_is_repaired(broken, monkeypatch, caplog):
    created, break_it, repair_it = broken
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)
    monkeypatch.setattr(loops, "TICK", 0.05)
    monkeypatch.setattr(loops, "AFTER_FAILURE", (0.05,))
    caplog.set_level(logging.INFO)
    clock, out = Clock(NOW), io.StringIO()
    async with serving() as server:
        for name in ("river", "heat"):
            server.say(f"/{name}", rss(news("Old news", f"old-{name}")))
            coalitions.add(name, {"news": server.url(f"/{name}")}, "canary", env={"WEB_URL": f"https://{name}.test"})
        created()
        with coalitions.opened(clock, out=out) as apps:
            common = coalitions.common_frontends(apps)
            work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, name) for name, app in apps.items()]))
            async with asyncio.timeout(60), TestClient(TestServer(common["web"]._build())) as client:
                await until(lambda: greeted(apps))
                break_it()  # until that is noticed, a file that was moved away still takes what is posted
                await until(lambda: "stopped for this coalition" in caplog.text)
                for name in apps:
                    server.say(f"/{name}", rss(news(f"canary of {name}", name), news("Old news", f"old-{name}")))
                clock.turn(hours=2)
                await until(lambda: "canary of river" in out.getvalue())
                assert not work.done()
                assert re.findall(r"^coalition_bot_store_usable.*", metrics_of(apps), re.MULTILINE) == [
                    'coalition_bot_store_usable{coalition="heat"} 0.0',
                    'coalition_bot_store_usable{coalition="river"} 1.0',
                ]
                await until(lambda: not any(app.pulse.stuck() for app in apps.values()))  # the clock was turned
                answer = await client.get("/readyz", headers={"Host": "river.test"})
                assert await answer.text() == "ready; 1 of 2 coalitions cannot be served"
                for page in ("heat", "river"):  # a page neither takes what would be lost nor makes an empty file
                    with pytest.raises(StoreUnusable) if page == "heat" else nullcontext():
                        await asyncio.to_thread(apps[page].db.read, "SELECT id FROM coalition")
                repair_it()
                await until(lambda: "the store can be used again" in caplog.text)
                await until(lambda: "canary of heat" in out.getvalue())
            await coalitions.stop(work)
    assert out.getvalue().count("canary of river") == out.getvalue().count("canary of heat") == 1


@pytest.mark.long
@pytest.mark.sqlite
async def test_a_store_that_was_restored_wrongly_does_not_end_the_others_run(two_stores, monkeypatch, caplog):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)
    monkeypatch.setattr(loops, "TICK", 0.05)
    monkeypatch.setattr(loops, "AFTER_FAILURE", (0.05,))
    path = installation.FOLDER / "heat" / "coalition.db"
    with coalitions.opened(Clock(NOW), out=io.StringIO()) as apps:
        work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, name) for name, app in apps.items()]))
        async with asyncio.timeout(60):
            path.rename(path.with_name("lost"))
            await until(lambda: "stopped for this coalition" in caplog.text)
            with closing(sqlite3.connect(path)) as other:  # a table, and none of what says how it was made
                other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                other.execute("CREATE TABLE coalition (id TEXT)")
            await until(lambda: "table coalition already exists" in caplog.text or work.done())
            assert not work.done()
        await coalitions.stop(work)


@pytest.mark.sqlite
def test_a_lost_store_is_used_again_only_if_it_is_the_coalition_s_alone(two_stores):
    with coalitions.opened(Clock(NOW), out=io.StringIO()) as apps:
        apps["heat"].release_store("it was lost")
        with closing(sqlite3.connect(installation.FOLDER / "heat" / "coalition.db")) as db, db:
            db.execute("INSERT INTO coalition (id, name, created_at) VALUES ('river', 'River', '2026')")
        with pytest.raises(StoreUnusable, match='belongs to another coalition: "river"'):
            apps["heat"].reopen_store()
        with pytest.raises(StoreUnusable, match="it was lost"):
            apps["heat"].db.read("SELECT id FROM coalition")


@pytest.mark.sqlite
async def test_the_run_ends_when_no_store_can_be_used(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)
    monkeypatch.setattr(loops, "TICK", 0.05)
    coalitions.enter(tmp_path, monkeypatch)
    for name in ("river", "heat"):
        coalitions.add(name, {}, name)
    coalitions.created()
    with coalitions.opened(Clock(NOW), out=io.StringIO()) as apps:
        work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, name) for name, app in apps.items()]))
        for name in apps:
            (installation.FOLDER / name / "coalition.db").unlink()
        with pytest.raises(StoreUnusable, match="was deleted or replaced"):
            await work


@pytest.fixture
async def feeds():
    async with serving() as server:
        server.say("/both", rss(news("Old news", "old")), headers={"ETag": '"1"'})
        yield server


@pytest.fixture
async def three(tmp_path, monkeypatch, feeds):
    """River and heat list one feed; heat another one under an id that lake has for a third."""
    coalitions.enter(tmp_path, monkeypatch)
    both = {"both": feeds.url("/both")}
    coalitions.add("river", both, "canary")
    coalitions.add("heat", both | {"own": feeds.say("/heat", rss(news("Heat's own", "h")))}, "canary")
    coalitions.add("lake", {"own": feeds.say("/lake", rss(news("Lake's own", "l")))}, "canary")
    coalitions.created()
    clock = Clock(NOW)
    with coalitions.opened(clock, out=io.StringIO()) as apps:
        yield apps, clock
        for app in apps.values():
            await app.close()


async def test_a_source_that_two_list_is_asked_once_for_both(feeds, three):
    apps, clock = three
    await asyncio.gather(*(app.poll_due() for app in apps.values()))
    assert feeds.count("/both") == 1
    feeds.say("/both", rss(news("canary", "new"), news("Old news", "old")), headers={"ETag": '"2"'})
    clock.turn(hours=1, minutes=1)
    await apps["heat"].poll_due()
    clock.turn(seconds=5)
    with apps["river"].db.write() as tx:  # even if it would not be due yet
        tx.execute("UPDATE source SET due_at = '2027-01-01T00:00:00.000000Z'")
    await apps["river"].poll_due()
    assert feeds.count("/both") == 2
    assert titles(apps["river"]) == {"Old news", "canary"}
    assert titles(apps["heat"]) == {"Old news", "canary", "Heat's own"}
    clock.turn(hours=1, minutes=1)
    for _ in range(3):  # unchanged, by the validators that both remember
        for app in apps.values():
            await app.poll_due()
    assert feeds.count("/both") == 3
    (last,) = [headers for path, headers in feeds.asked if path == "/both"][-1:]
    assert last["If-None-Match"] == '"2"'


async def test_one_id_of_two_addresses_is_two_sources(feeds, three):
    apps, _ = three
    await asyncio.gather(*(app.poll_due() for app in apps.values()))
    assert titles(apps["lake"]) == {"Lake's own"}
    assert titles(apps["heat"]) == {"Old news", "Heat's own"}
    assert titles(apps["river"]) == {"Old news"}


async def test_a_coalition_whose_memory_is_older_asks_for_itself_and_misses_nothing(feeds, three):
    """As after its store was away, or with an older backup."""
    apps, clock = three
    await asyncio.gather(*(app.poll_due() for app in apps.values()))
    before = apps["river"].db.read("SELECT memory FROM source")[0]["memory"]
    feeds.say("/both", rss(news("canary", "new"), news("Old news", "old")), headers={"ETag": '"2"'})
    clock.turn(hours=1, minutes=1)
    await apps["heat"].poll_due()
    with apps["river"].db.write() as tx:
        older = before.replace('"size":1', '"size":0')
        tx.execute("UPDATE source SET memory = :memory", {"memory": older})
    await apps["river"].poll_due()
    assert feeds.count("/both") == 3
    assert titles(apps["river"]) == {"Old news", "canary"}


async def test_the_figures_of_each_have_its_name_and_those_of_the_process_none(three):
    apps, _ = three
    await asyncio.gather(*(app.poll_due() for app in apps.values()))
    metrics = {name: Metrics(app.db, lambda app=app: app.config, app.pulse, app.clock) for name, app in apps.items()}
    metrics["heat"].attempted("slack", "sent")
    page = metrics_page(metrics)[0].decode()
    lag = "coalition_bot_source_healthy"
    assert re.findall(rf"^{lag}{{(.*)}} 1.0$", page, re.MULTILINE) == [
        'coalition="heat",source="both"',
        'coalition="heat",source="own"',
        'coalition="lake",source="own"',
        'coalition="river",source="both"',
    ]
    assert re.findall(r"^coalition_bot_delivery_attempts_total.*", page, re.MULTILINE) == [
        'coalition_bot_delivery_attempts_total{coalition="heat",outcome="sent",platform="slack"} 1.0'
    ]
    assert page.count("# TYPE coalition_bot_source_healthy ") == page.count("# TYPE process_open_fds ") == 1
    assert len(re.findall(r"^process_open_fds ", page, re.MULTILINE)) == 1


async def test_the_host_s_token_shows_the_figures_of_all_at_every_host(three, monkeypatch):
    apps, _ = three
    monkeypatch.setenv("METRICS_TOKEN", "token-of-the-host")
    for name in apps:
        put(name, WEB_URL=f"https://{name}.example.org")
    common = coalitions.common_frontends(apps)
    async with TestClient(TestServer(common["web"]._build())) as client:

        async def shown(host, token):
            """The coalitions whose figures the page has, or its status."""
            headers = {"Host": f"{host}.example.org", "Authorization": f"Bearer {token}"}
            answer = await client.get("/metrics", headers=headers)
            return {*re.findall('coalition="(.*?)"', await answer.text())} or answer.status

        for host in ("river", "lake", "elsewhere"):
            assert await shown(host, "token-of-the-host") == {"heat", "lake", "river"}
            assert await shown(host, "token-of-a-stranger") == 401


def test_the_host_s_limit_of_email_is_that_of_each_coalition_without_one(two, monkeypatch):
    monkeypatch.setenv("MAIL_PER_HOUR", "50")
    put("river", MAIL_PER_HOUR="20")
    assert [installation.settings_of(name).mail_per_hour for name in ("heat", "river")] == [50, 20]


def test_a_token_for_the_figures_of_one_coalition_is_refused(two):
    put("river", METRICS_TOKEN="token-of-only-river")
    assert refused() == [
        "coalitions/river/.env: METRICS_TOKEN: all coalitions share it: move it to the .env of the host"
    ]


async def test_a_stranger_reads_what_is_not_ready_but_not_for_which_coalition(three):
    apps, clock = three
    for name in apps:
        put(name, WEB_URL=f"https://{name}.example.org")
    common = coalitions.common_frontends(apps)
    for app in apps.values():
        app.pulse.start("poll")
    clock.turn(hours=2)
    async with TestClient(TestServer(common["web"]._build())) as client:
        for host in ("river.example.org", "127.0.0.1"):
            answer = await client.get("/readyz", headers={"Host": host})
            assert (answer.status, await answer.text()) == (503, "not ready: loop poll")


async def test_the_log_names_the_coalition_that_is_served():
    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 1, "posted", (), None)
    with journey.serve("river"):
        served = logs.RedactingFormatter().format(record)
        assert json.loads(logs.RedactingFormatter(as_json=True).format(record))["coalition"] == "river"
        assert await asyncio.to_thread(journey.served) == "river"
    assert served.endswith("bot.x: [river] posted")
    assert logs.RedactingFormatter().format(record).endswith("bot.x: posted")


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.sqlite
def test_one_is_exported_imported_erased_and_restored_and_the_other_stays_byte_for_byte(two_stores, bot, tmp_path):
    river, heat = installation.FOLDER / "river", installation.FOLDER / "heat"
    before = contents(river)
    with closing(wiring.store_address(installation.settings_of("heat")).open()) as db, db.write() as tx:
        address.take(tx, "heat", "heat", NOW)
        person = Person(
            id="2" * 32, name="Canary Heatfeather", organisation=None, roles=frozenset({Role.POLICY}), accounts=()
        )
        people.add(tx, person, by=None, now=NOW)
    files = {"export": "heat.zip", "backup": "heat.db"}
    for command, file in files.items():
        assert bot(command, file, "--coalition", "heat")[0] == DONE
    assert "canary" not in river.joinpath("coalition.db").read_text("latin-1").casefold()
    assert "--coalition NAME" in bot("export", "all.zip")[2]
    assert bot("erase", "--person", "Canary Heatfeather", "--yes", "--coalition", "heat")[0] == DONE
    assert b"Heatfeather" not in heat.joinpath("coalition.db").read_bytes()
    code, out, _ = bot("restore", "heat.db", "--coalition", "heat")
    assert code in (DONE, 1)
    assert "it starts this one again within 10 minutes" in out
    shutil.rmtree(heat)
    assert bot("status", "--coalition", "heat")[0] == USAGE
    code, _, error = bot("import", "heat.zip", "--coalition", "heat")
    assert (code, error) == (DONE, "")
    assert {path.name for path in heat.iterdir()} >= {"coalition.yml", "feeds.yml", "coalition.db"}
    assert bot("import", "heat.zip", "--coalition", "river")[0] == STORE
    assert contents(river) == before


def test_on_postgres_each_is_moved_and_erased_alone_too(monkeypatch, tmp_path, bot):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    coalitions.enter(tmp_path, monkeypatch)
    for name in ("river", "heat"):
        coalitions.add(name, {}, name)
    coalitions.created()
    with closing(wiring.store_address(installation.settings_of("river")).open()) as river:
        before = [river.read(f"SELECT * FROM {name}") for name in read_tables()]
        assert bot("export", "heat.zip", "--coalition", "heat")[0] == DONE
        code, _, error = bot("restore", "heat.zip", "--coalition", "heat")
        assert code == STORE
        assert 'ALTER SCHEMA "coalition_heat" RENAME TO "coalition_heat-old";' in error
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as conn:
            conn.execute('DROP SCHEMA "coalition_heat" CASCADE')
        code, _, error = bot("status", "--coalition", "heat")
        assert (code, "There are no coalition-bot tables in the schema coalition_heat of" in error) == (STORE, True)
        assert bot("import", "heat.zip", "--coalition", "heat")[0] == DONE
        assert [river.read(f"SELECT * FROM {name}") for name in read_tables()] == before
    assert bot("status", "--coalition", "heat")[0] == DONE
    error = bot("import", "heat.zip", "--coalition", "heat")[2]
    assert (
        "There are coalition-bot tables in the schema coalition_heat of the database in DATABASE_URL already" in error
    )


def test_an_export_of_another_coalition_is_not_unpacked(two_stores, bot):
    """Its folder would have kept all commands from working, because its id differs from the folder's name."""
    assert bot("export", "heat.zip", "--coalition", "heat")[0] == DONE
    code, _, error = bot("import", "heat.zip", "--coalition", "lake")
    assert code == STORE
    assert error == 'heat.zip is an export of the coalition "heat": import it with --coalition heat.\n'
    assert not (installation.FOLDER / "lake").exists()
