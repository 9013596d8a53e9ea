"""The command line as a person at a terminal, or a script, drives it: in a folder with the shipped files."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner

from bot import cli
from bot.cli import output
from bot.config.load import load
from bot.outbox.model import State
from bot.outbox.queued import QueuedMessage, WaitingMail
from tests.kit import stores
from tests.peers.register import RegisterPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import LAW, ROOT, SLACK, WATCHES, copy_files, shipped

DONE, ATTENTION, USAGE, STORE, RUNNING = 0, 1, 2, 3, 4
TODAY = datetime.now(ZoneInfo("America/New_York")).date().isoformat()
SAMPLE = "discord:1100000000000000000"
FINDING = "Notice of Finding That Gloves Are Made by Forced Labor"
ALERT = "🔔 Alert · Finding: Gloves Are Made by Forced Labor"
NUMBER = "2026-90001"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Bot = Callable[..., Ran]


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bot:
    """`bot("check", "--json")`: the program's entry point, in a new folder."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("SLACK_", "DISCORD_", "DATABASE_", "EPHEMERAL_", "DYNO")):
            monkeypatch.delenv(name)
    copy_files(tmp_path)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["coalition-bot", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
async def register(tmp_path: Path, bot: Bot) -> AsyncIterator[RegisterPeer]:
    """The Register with today's finding in it; it is the one source that is asked."""
    dhs = {"slug": "homeland-security-department", "name": "Homeland Security Department", "id": 227}
    url = f"https://www.federalregister.gov/documents/{TODAY.replace('-', '/')}/{NUMBER}/finding"
    about = {"document_number": NUMBER, "title": FINDING, "publication_date": TODAY, "html_url": url}
    async with RegisterPeer([about | {"agencies": [dhs], "type": "Notice", "abstract": None}]) as peer:
        shipped(tmp_path, {"register": peer.documents_url}, {"policy": "console:policy"})
        assert (await asyncio.to_thread(bot, "init")).code == DONE
        yield peer


async def apart(bot: Bot, *arguments: str) -> Ran:
    """Run it in a thread, so that the peers of this loop can answer."""
    return await asyncio.to_thread(bot, *arguments)


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`coalition-bot run …` as a process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Ask it to stop as hosts do; what it printed."""
    process.send_signal(signal.SIGTERM)
    printed = await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == DONE, printed
    return printed


# --- init, check ------------------------------------------------------------------------------------------------------


def test_init_makes_a_database_for_its_owner_alone_and_never_a_second(bot, tmp_path):
    made = bot("init")
    assert (made.code, made.err) == (DONE, "")
    assert "Next: coalition-bot once --dry-run --since 30d" in made.out
    assert (tmp_path / "coalition.db").stat().st_mode & 0o777 == 0o600
    again = bot("init")
    assert (again.code, again.out) == (STORE, "")
    assert "coalition.db already exists" in again.err
    assert bot("init", "--if-missing") == Ran(DONE, "coalition.db already exists and opens.\n", "")


def test_check_says_what_the_files_amount_to(bot):
    assert bot("check").code == DONE
    result = bot("check", "--json")
    assert result.code == DONE
    report = {"sources": 29, "watches": WATCHES, "channels": ["policy", "press", "admin"], "example": True}
    assert result.json == report | {"without_token": [], "changed_in_chat": [], "left_out": [], "machine": []}


def test_check_names_every_slip_at_once_with_its_line_and_no_traceback(bot, tmp_path):
    broken = """
    sources:
      register: {kind: federal-registr, name: Register}
      news: {kind: feed, name: News}
    watches:
      ours: {level: alert, query: 'NOT asbestos', sources: [registr], asks: [77]}
      theirs: {level: loud, query: '"no end'}
    channels:
      policy: {to: "irc:policy"}
    routes:
      - {to: polcy}
    admin: policy
    """
    (tmp_path / "feeds.yml").write_text(broken)
    result = bot("check")
    assert (result.code, result.out) == (USAGE, "")
    assert "Traceback" not in result.err
    report = result.err.splitlines()
    assert all(re.match(r"feeds\.yml:\d+: [a-z]", line) for line in report), result.err
    for line, slip in (
        (3, "federal-registr"), (4, "address"), (6, 'Did you mean "register"?'), (6, "no ask 77"), (6, "ours.query"),
        (7, "loud"), (7, "theirs.query"), (9, "irc:policy"), (11, 'Did you mean "policy"?'),
    ):  # fmt: skip
        assert any(sentence.startswith(f"feeds.yml:{line}:") and slip in sentence for sentence in report), (
            line,
            slip,
            result.err,
        )


def flat(text: str) -> str:
    return " ".join(text.split())


def test_check_names_an_accent_that_is_hard_to_read_and_refuses_what_is_no_color(bot, tmp_path):
    path = tmp_path / "coalition.yml"
    text = path.read_text()
    assert "hard to read" not in flat(bot("check").out)
    path.write_text(f'accent: "#f2b400"\n{text}')
    shown = "accent #f2b400 is hard to read on white: pages use #916c00, in dark #f2b400."
    assert shown in flat(bot("check").out)
    path.write_text(f"accent: blue\n{text}")
    assert '"blue" does not have the right form: write it as "#1f4e8c"' in flat(bot("check").err)


def test_check_names_a_day_of_checking_that_has_not_come_with_its_line(bot, tmp_path):
    path = tmp_path / LAW["authorities"]
    text = path.read_text().replace("checked_on: 2026-11-2", "checked_on: 2096-11-2", 1)
    path.write_text(text)
    line = next(n for n, sentence in enumerate(text.splitlines(), start=1) if "2096" in sentence)

    result = bot("check")
    assert result.code == ATTENTION
    assert re.search(
        rf"claims\.yml:{line}: authorities\.[a-z-]+\.checked_on: .* 2096 is in the future\.", flat(result.out)
    )


def test_check_names_the_line_of_an_ask_that_cites_what_nobody_confirmed(bot, tmp_path):
    path = tmp_path / "coalition.yml"
    lines = path.read_text().splitlines()
    at = next(n for n, sentence in enumerate(lines) if sentence.startswith("    text:"))
    lines.insert(at + 1, "      The House passed it 420-0 under 22 U.S.C. 9999.")
    path.write_text("\n".join(lines))

    result = bot("check")
    assert result.code == ATTENTION, "the bot runs with it"
    said = flat(result.out)
    assert f"coalition.yml:{at + 1}: asks.1.text: cites 22 U.S.C. 9999, which nobody has confirmed." in said
    assert "states a vote of 420-0, which nobody has confirmed." in said


def test_check_prints_what_each_watch_looks_for_also_a_learned_one(bot, tmp_path):
    feeds = tmp_path / "feeds.yml"
    learned = "watches:\n  quarries: {learned: {above: 1, weights: {quarry: 2.5, bridge: -1}}}\n"
    feeds.write_text(feeds.read_text().replace("watches:\n", learned, 1))
    shown = bot("check", "--queries").out
    assert "\nquarries: quarry +2.5, bridge -1.0\n" in shown
    assert "\ncontinued-presence-t-visa: " in shown


def test_a_key_of_0_1_is_refused_with_its_line(bot, tmp_path):
    path = tmp_path / "coalition.yml"
    before, media, after = path.read_text().partition("\nmedia:\n  care:\n")
    path.write_text(f"{before}{media}    survivors: [tenant*]\n{after}")
    result = bot("check")
    assert result.code == USAGE
    line = before.count("\n") + 4
    assert f'coalition.yml:{line}: media.care.survivors: unknown key "survivors"' in flat(result.err)


def test_check_names_channels_whose_token_is_not_set_and_asks_for_attention(bot, tmp_path, monkeypatch):
    feeds = tmp_path / "feeds.yml"
    feeds.write_text(feeds.read_text().replace("console:policy", "slack:C0123ABCD").replace("console:press", SAMPLE))
    result = bot("check")
    assert result.code == ATTENTION
    assert "SLACK_BOT_TOKEN is not set, so messages for policy would wait" in result.out
    assert "DISCORD_BOT_TOKEN is not set, so messages for press would wait" in result.out
    assert bot("check", "--json").json["without_token"] == ["policy", "press"]
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    assert bot("check", "--json").json["without_token"] == ["press"]


def test_check_names_what_would_fail_outside_the_two_files(bot, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/missing/coalition.db")
    monkeypatch.setenv("SLACK_BOT_TOKN", "xoxb-canary")
    (tmp_path / ".env").write_text("DISCORD_TOKEN=canary\n")
    (tmp_path / ".env").chmod(0o644)

    result = bot("check")

    assert result.code == ATTENTION
    assert f"{tmp_path}/missing does not exist. Create the folder, or correct DATABASE_URL." in result.out
    assert 'SLACK_BOT_TOKN: the bot does not read this variable. Did you mean "SLACK_BOT_TOKEN"?' in result.out
    assert 'DISCORD_TOKEN: the bot does not read this variable. Did you mean "DISCORD_BOT_TOKEN"?' in result.out
    assert ".env: other users of this machine can read it" in result.out
    assert "canary" not in result.out
    assert len(bot("check", "--json").json["machine"]) == 4


def test_check_names_an_administrator_of_another_discord_server(bot, tmp_path, monkeypatch):
    monkeypatch.setenv("DISCORD_GUILD_ID", "1100000000000000000")
    file = tmp_path / "coalition.yml"
    ours, theirs = (
        f"discord:{server}/2200000000000000000" for server in ("1100000000000000000", "3300000000000000000")
    )
    file.write_text(f"administrators:\n- {ours}\n- {theirs}\n{file.read_text()}")

    (slip,) = bot("check", "--json").json["machine"]

    assert slip.startswith(f"coalition.yml:3: administrators.1: {theirs} is an account of another Discord server.")
    assert f"so write {ours}." in slip


@pytest.mark.long
def test_a_port_that_another_program_has_is_named_by_check_and_run(bot, monkeypatch):
    bot("init")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        for name, value in {
            "SLACK_MODE": "http", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s",
            "PORT": str(number),
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)

        check, run = bot("check"), bot("run")

    assert check.code == ATTENTION
    assert f"127.0.0.1:{number} cannot be used: Address already in use" in check.out
    assert (run.code, run.out) == (USAGE, "")
    assert "cannot be used: Address already in use. Set WEB_BIND to an address and port that are free." in run.err
    assert "PORT=8081 coalition-bot run" in run.err


@pytest.mark.parametrize("host", ["board.invalid", "board..org"])
def test_a_host_that_does_not_resolve_is_named_by_check_and_run(bot, monkeypatch, host):
    bot("init")
    for name, value in {
        "SLACK_MODE": "http", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s",
        "WEB_BIND": f"{host}:8080",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    check, run = bot("check"), bot("run")

    assert check.code == ATTENTION
    assert f"{host} in WEB_BIND does not resolve to an address. Set WEB_BIND to" in " ".join(check.out.split())
    assert (run.code, run.out) == (USAGE, "")
    assert "does not resolve to an address. Set WEB_BIND to an address of this machine: 127.0.0.1:8080" in run.err


def test_check_online_without_a_network_says_so_in_one_line_for_all_sources(bot, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        number = gone.getsockname()[1]
    sources = "\n".join(
        f"  feed-{n}: {{kind: feed, name: Feed {n}, url: 'http://127.0.0.1:{number}/{n}'}}" for n in range(5)
    )
    feeds = "allow_hosts: [127.0.0.1]\nwatches:\n  any: {level: alert, query: word}\n"
    feeds += "channels:\n  policy: {to: 'console:policy'}\nroutes:\n  - {to: policy}\nadmin: policy\n"
    (tmp_path / "feeds.yml").write_text(f"sources:\n{sources}\n{feeds}")

    result = bot("check", "--online")

    assert result.code == ATTENTION
    assert "none of 5 sources can be reached" in result.out
    assert "Feed 3" not in result.out


@pytest.mark.parametrize("name", ["feeds.yml", "no-folder/seen.jsonl"])
def test_check_online_writes_no_lines_into_a_file_of_another_kind(bot, tmp_path, name):
    text = (
        "allow_hosts: [127.0.0.1]\nsources:\n  ours: {kind: feed, name: Ours, url: 'http://127.0.0.1:9/feed'}\n"
        "watches:\n  any: {level: alert, query: word}\n"
        "channels:\n  policy: {to: 'console:policy'}\nroutes:\n  - {to: policy}\nadmin: policy\n"
    )
    (tmp_path / "feeds.yml").write_text(text)

    result = bot("check", "--online", "--save", name)

    assert result.code == USAGE
    assert f"{name} was not written: its folder takes no file" in result.err
    assert (tmp_path / "feeds.yml").read_text() == text


@pytest.mark.parametrize(
    ("host", "allowed", "named"),
    [("127.0.0.1", "10.0.0.1", True), ("localhost", "", True), ("127.0.0.1", "127.0.0.1", False), ("feeds", "", False)],
)
def test_check_names_a_source_that_the_bot_will_refuse_to_read(bot, tmp_path, host, allowed, named):
    (tmp_path / "feeds.yml").write_text(
        f"sources:\n  ours: {{kind: feed, name: Ours, url: 'http://{host}:8000/feed'}}\nallow_hosts: [{allowed}]\n"
        "watches:\n  any: {level: alert, query: word}\n"
        "channels:\n  policy: {to: 'console:policy'}\nroutes:\n  - {to: policy}\nadmin: policy\n"
    )

    result = bot("check")

    assert (f"source ours: {host} is on your own network" in result.out) is named
    assert (result.code == ATTENTION) is named


@pytest.mark.parametrize(("url", "words"), [("mysql://u:canary@h/db", "begins with mysql:"), ("x.db", "names no")])
def test_check_refuses_a_database_that_this_version_cannot_use(bot, monkeypatch, url, words):
    monkeypatch.setenv("DATABASE_URL", url)
    result = bot("check")
    assert (result.code, result.out) == (STORE, "")
    assert words in result.err
    assert "canary" not in result.err


@pytest.mark.long
@pytest.mark.parametrize("command", [("status",), ("once",), ("why", "x"), ("backup", "copy.db"), ("run",)])
def test_without_a_database_each_command_says_how_to_make_one(bot, tmp_path, command):
    result = bot(*command)
    assert (result.code, result.out) == (STORE, "")
    assert "There is no database at coalition.db" in result.err
    assert "coalition-bot init" in result.err
    assert not list(tmp_path.glob("*.db"))


@pytest.mark.long
@pytest.mark.parametrize("variable", [("EPHEMERAL_DISK", "1"), ("DYNO", "worker.1")])
@pytest.mark.parametrize("command", ["init", "run"])
def test_a_host_that_loses_its_disk_is_refused(bot, tmp_path, monkeypatch, command, variable):
    monkeypatch.setenv(*variable)
    result = bot(command)
    assert (result.code, result.out) == (STORE, "")
    assert f"{variable[0]} is set" in result.err
    assert not list(tmp_path.glob("*.db"))


@pytest.mark.parametrize("wrong", [("nonsense",), ("once", "--since", "someday"), ("why",)])
def test_wrong_usage_has_its_own_exit_code(bot, wrong):
    result = bot(*wrong)
    assert (result.code, result.out) == (USAGE, "")
    assert "Usage: coalition-bot" in result.err


# --- once, status, why, backtest ------------------------------------------------------------------------------------


@pytest.mark.long
async def test_once_raises_what_is_new_and_can_answer_for_it_afterwards(bot, register):
    first = await apart(bot, "once", "--since", "2d")
    assert first.code == DONE
    assert ALERT in first.out
    assert f"Watching for you: 1 source, {WATCHES} watches, 9 asks" in first.out
    assert "1 new entry; 3 messages posted." in first.out
    second = await apart(bot, "once")
    assert (second.code, "🔔" in second.out) == (DONE, False)
    assert "0 new entries; 0 messages posted." in second.out

    stands = await apart(bot, "status", "--json")
    assert stands.code == DONE
    asked = [source for source in stands.json["sources"] if source["enabled"]]
    assert [(source["name"], source["health"]) for source in asked] == [("Federal Register", "unchanged")]
    assert "Federal Register" in (await apart(bot, "status")).out

    explained = await apart(bot, "why", NUMBER)
    assert explained.code == DONE
    assert "Matched: “Forced-labor findings and import bans” (alert)" in explained.out
    assert "Posted to “policy”" in explained.out
    unknown = await apart(bot, "why", "2026-00002")
    assert "Nothing found for “2026-00002”." in unknown.out

    assert "1 hit in 1 entry, " in (await apart(bot, "backtest", "gloves AND labor")).out
    by_name = await apart(bot, "backtest", "forced-labour-findings", "--since", "30d")
    assert FINDING in by_name.out
    close = await apart(bot, "backtest", "forced-labor-findings")
    assert (close.code, close.out) == (USAGE, "")
    assert 'no watch "forced-labor-findings". Did you mean "forced-labour-findings"?' in close.err
    word = await apart(bot, "backtest", "gloves")
    assert (word.code, word.err) == (DONE, 'There is no watch "gloves": searching for the word.\n')
    quoted = await apart(bot, "backtest", '"forced-labor-findings"')
    assert (quoted.code, quoted.err) == (DONE, "")
    slip = await apart(bot, "backtest", "gloves AND (labor")
    assert (slip.code, slip.out) == (USAGE, "")
    assert "column" in slip.err


@pytest.mark.long
async def test_once_reads_one_source_and_names_those_that_are_on(bot, register, tmp_path):
    feeds = tmp_path / "feeds.yml"
    one = await apart(bot, "once", "register", "--dry-run", "--since", "2d")
    assert (one.code, ALERT in one.out) == (DONE, True)

    shipped = feeds.read_text()
    feeds.write_text(shipped.replace("level: alert", "level: digest"))
    quiet = await apart(bot, "once", "register", "--dry-run", "--since", "2d")
    assert "Finding: Gloves" in quiet.out.partition("digest: 1 item")[2]
    feeds.write_text(shipped)

    wrong = await apart(bot, "once", "registr")
    assert (wrong.code, wrong.out) == (USAGE, "")
    assert wrong.err == 'There is no source "registr" in feeds.yml. The sources that are turned on: register.\n'

    off = next(id_ for id_ in load(feeds, tmp_path / "coalition.yml").feeds.sources if id_ != "register")
    turned_off = await apart(bot, "once", off)
    assert turned_off.err == f'"{off}" is turned off. The sources that are turned on: register.\n'


def at_a_terminal(*arguments: str) -> tuple[str, str]:
    """What the program prints on a terminal, and its log."""
    outer, inner = pty.openpty()
    command, env = [sys.executable, "-m", "bot", *arguments], os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=inner, stderr=subprocess.PIPE, text=True, env=env) as process:
        os.close(inner)
        shown = b""
        with suppress(OSError):  # how a terminal ends
            while some := os.read(outer, 4096):
                shown += some
        os.close(outer)
        assert process.stderr
        return shown.decode(), process.stderr.read()


@pytest.mark.long
async def test_once_at_a_terminal_has_no_log_between_its_cards(bot, register):
    shown, log = await asyncio.to_thread(at_a_terminal, "once", "register", "--dry-run", "--since", "2d")
    assert FINDING in shown
    assert "INFO" not in log
    assert "INFO" in (await apart(bot, "once", "register", "--dry-run", "--since", "2d")).err


async def test_a_first_check_since_a_day_reads_the_register_back_to_that_day(bot, register):
    old = (date.fromisoformat(TODAY) - timedelta(days=25)).isoformat()
    register.documents[0] |= {"publication_date": old}
    assert ALERT in (await apart(bot, "once", "register", "--dry-run", "--since", "30d")).out
    assert ALERT not in (await apart(bot, "once", "register", "--dry-run", "--since", "20d")).out


@pytest.mark.long
async def test_once_asks_for_attention_when_a_source_is_in_trouble(bot, register):
    register.documents.clear()
    register.empty_is_404 = True
    result = await apart(bot, "once")
    assert result.code == ATTENTION
    assert "gone" in result.out


# --- the outbox, pause and resume -----------------------------------------------------------------------------------


def test_the_queue_says_how_many_emails_wait_for_the_limit(capsys):
    now = datetime(2026, 1, 20, 15, tzinfo=ZoneInfo("UTC"))
    email = QueuedMessage(
        id="d1",
        channel="confirm:p1",
        platform="mail",
        key="code",
        kind="code",
        head="Confirm your address",
        state=State.PENDING,
        attempts=0,
        created_at=now,
        due_at=now,
        sent_at=None,
        why=None,
    )
    output.print_outbox([email], WaitingMail(1, 2, now), now.tzinfo, as_json=False)
    assert "1 email waits for the limit of 2 an hour (MAIL_PER_HOUR). The next is sent" in capsys.readouterr().out


@pytest.mark.long
async def test_what_waits_can_be_listed_dropped_and_brought_back(bot, register):
    paused = await apart(bot, "pause", "policy", "--why", "an embargo")
    assert paused.code == DONE
    assert "1 message posted" in (await apart(bot, "once", "--since", "2d")).out  # the admin channel's hello
    waiting = [json.loads(line) for line in (await apart(bot, "outbox", "list", "--json")).out.splitlines()]
    assert [item["channel"] for item in waiting] == ["policy", "policy"]
    alert = next(item["id"] for item in waiting if "Gloves" in str(item))
    assert alert in (await apart(bot, "outbox", "list")).out

    assert (await apart(bot, "outbox", "drop", alert)).code == USAGE  # a reason is asked for
    dropped = await apart(bot, "outbox", "drop", alert, "--why", "said in the meeting")
    assert (dropped.code, alert in dropped.out) == (DONE, True)
    assert alert not in (await apart(bot, "outbox", "list")).out
    assert (await apart(bot, "outbox", "retry", alert)).code == DONE
    assert (await apart(bot, "outbox", "retry", "nonsense")).code == ATTENTION
    assert (await apart(bot, "outbox", "drop", "nonsense", "--why", "x")).code == ATTENTION

    assert "Posting again in “policy”" in (await apart(bot, "resume", "policy")).out
    sentence = await apart(bot, "once")
    assert ALERT in sentence.out
    assert "The queue is empty." in (await apart(bot, "outbox", "list")).out


@pytest.mark.long
async def test_posting_can_be_paused_everywhere_and_for_a_while(bot, register):
    paused = await apart(bot, "pause", "--for", "2h")
    assert paused.code == DONE
    assert re.match(r"Posting is paused everywhere until .*(noon|midnight|\d{1,2}(:\d\d)? [ap]\.m\.)\n", paused.out)
    assert "0 messages posted" in (await apart(bot, "once", "--since", "2d")).out
    assert "paused by hand" in (await apart(bot, "status")).out
    assert "Posting again" in (await apart(bot, "resume")).out
    assert "Nothing was paused" in (await apart(bot, "resume")).out
    assert "3 messages posted" in (await apart(bot, "once")).out


@pytest.mark.long
async def test_one_channel_can_be_paused_and_is_not_reported_as_going_on_while_everything_is_paused(bot, register):
    result = await apart(bot, "pause", "policy")
    assert "Posting is paused in “policy” until someone resumes it" in result.out
    assert "Posting is paused" in (await apart(bot, "pause", "--why", "press conference")).out
    private = ("pause", "--why", "call her at 202-555-0143, born May 4, 1988")
    asked = await apart(bot, *private)
    assert (asked.code, "add --sure" in asked.err, "born" in asked.err) == (ATTENTION, True, False)
    assert (await apart(bot, *private, "--sure")).code == DONE
    result = await apart(bot, "resume", "policy")
    assert result.out.startswith("Resumed in “policy”, but nothing is posted yet\nEverything is on hold ")
    assert "posted in the next round" not in result.out
    assert "posted in the next round" in (await apart(bot, "resume")).out


@pytest.mark.long
@pytest.mark.parametrize("command", [("pause", "polcy"), ("resume", "polcy"), ("pause", "--for", "soon")])
async def test_a_slip_in_pause_or_resume_changes_nothing(bot, register, command):
    result = await apart(bot, *command)
    assert (result.code, result.out) == (ATTENTION, "")
    assert "Nothing was paused" in (await apart(bot, "resume")).out


# --- backup ---------------------------------------------------------------------------------------------------------


async def test_a_backup_is_whole_private_and_never_overwrites(bot, register, tmp_path, monkeypatch):
    await apart(bot, "once", "--since", "2d")
    assert (await apart(bot, "backup", "copy.db")).code == DONE
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "copy.db").read_bytes()
    again = await apart(bot, "backup", "copy.db")
    assert (again.code, again.out) == (USAGE, "")
    assert (tmp_path / "copy.db").read_bytes() == before
    monkeypatch.setenv("DATABASE_URL", "sqlite:///copy.db")
    assert "Posted to “policy”" in (await apart(bot, "why", NUMBER)).out


# --- run ------------------------------------------------------------------------------------------------------------


@pytest.mark.long
async def test_run_keeps_others_off_its_database_and_ends_when_asked_to(bot, register):
    with running() as process:
        await until(lambda: bool(register.asked), process)
        for command in ("once", "run"):
            second = await apart(bot, command)
            assert (second.code, second.out) == (RUNNING, "")
            assert "Another coalition-bot is running" in second.err
        assert (await apart(bot, "status")).code == DONE  # looking is allowed
        assert (await apart(bot, "status", "--running")).code == DONE
        await ended(process)
    gone = await apart(bot, "status", "--running")
    assert (gone.code, gone.out) == (ATTENTION, "")
    assert "No bot is running on coalition.db" in gone.err
    assert (await apart(bot, "once")).code == DONE


def test_a_process_for_the_web_alone_needs_postgresql_and_a_site(bot, monkeypatch):
    ran = bot("run", "--web-only", "--dry-run")
    assert (ran.code, ran.err) == (USAGE, "--web-only: a dry run serves no pages. Leave out one of the two.\n")
    ran = bot("run", "--web-only")
    assert (ran.code, ran.err) == (
        USAGE,
        "SQLite has one process, which does everything. Leave out --web-only, or use PostgreSQL.\n",
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere.example.org/campaign")  # not asked
    ran = bot("run", "--web-only")
    assert (ran.code, ran.err) == (
        USAGE,
        "--web-only: there is nothing to serve. Set WEB_URL, or SLACK_MODE=http (docs/web.md).\n",
    )


@pytest.mark.sqlite  # it chooses its store
def test_a_process_for_the_web_alone_is_not_a_running_bot(bot, monkeypatch, tmp_path):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    monkeypatch.setenv("DATABASE_URL", stores.url(tmp_path / "web.db"))
    lock = stores.at(tmp_path / "web.db").lock(shared=True)
    alone = bot("status", "--running")
    assert (alone.code, alone.out) == (ATTENTION, "")
    assert (
        "but none watches or posts. Unless one is just starting, start `coalition-bot run` without --web-only."
        in alone.err
    )

    assert lock.leads("poll")
    assert bot("status", "--running").code == DONE
    lock.release()
    assert "No bot is running" in bot("status", "--running").err


@pytest.mark.long
async def test_a_database_that_is_deleted_under_a_running_bot_ends_it(bot, register, tmp_path):
    with running() as process:
        await until(lambda: bool(register.asked), process)
        (tmp_path / "coalition.db").unlink()
        _, log = await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == STORE
    assert "coalition.db was deleted or replaced while the bot ran" in log
    assert "stopping after" not in log  # that is for a stop by a signal, and came before the reason


@pytest.mark.long
async def test_run_names_the_tokens_that_are_missing_before_it_starts(bot, register, tmp_path):
    shipped(tmp_path, {"register": register.documents_url}, {"policy": f"slack:{SLACK}"})
    with running() as process:
        await until(lambda: bool(register.asked), process)
        _, log = await ended(process)
    assert log.startswith("SLACK_BOT_TOKEN is not set: messages for policy wait until you set it.")
    assert "stopping after the messages now being sent" in log


@pytest.mark.long
async def test_a_dry_run_prints_posts_nowhere_and_leaves_nothing_behind(bot, tmp_path, register, monkeypatch):
    slack = SlackPeer()
    (tmp_path / "coalition.db").unlink()
    (tmp_path / "tmp").mkdir()
    shipped(tmp_path, {"register": register.documents_url}, {"policy": f"slack:{SLACK}"})
    before = {path.name for path in tmp_path.iterdir()}
    async with slack.running() as url:
        where = {"SLACK_API_URL": url, "SLACK_BOT_TOKEN": slack.TOKEN, "TMPDIR": str(tmp_path / "tmp")}
        with running("--dry-run", "--since", "2d", **where) as process:
            await until(lambda: bool(register.asked), process)
            out, _ = await ended(process)
        assert out.splitlines()[-1] == "This was a dry run: nothing was posted, and its database is deleted."
        for name, value in where.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("tempfile.tempdir", None)
        printed = await apart(bot, "once", "--dry-run", "--since", "2d")
    assert (printed.code, ALERT in printed.out) == (DONE, True)
    assert slack.calls == {}
    assert {path.name for path in tmp_path.iterdir()} == before
    assert not list((tmp_path / "tmp").iterdir())


def test_the_module_is_the_command_too(bot):
    result = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (DONE, "")
    assert re.search(r"\d+\.\d+", result.stdout)


@pytest.mark.long
def test_check_says_what_chat_has_changed_against_the_file(bot):
    bot("init")
    assert bot("check", "--json").json["changed_in_chat"] == []
    _typed("/watch remove tariff-act-307", "/watch mute trafficking-laws until:3d")

    result = bot("check")
    assert result.code == DONE
    assert "Changed in chat, and used instead of the files" in result.out
    assert "watches.tariff-act-307: removed in chat" in result.out
    assert "watches.trafficking-laws: muted until" in result.out
    assert len(bot("check", "--json").json["changed_in_chat"]) == 2


@pytest.mark.long
def test_check_names_a_placeholder_where_it_is_set_and_none_that_chat_has_replaced(bot):
    bot("init")
    assert "coalition.yml, line 16: phone: 202-555-0100" in bot("check").out
    _typed("/settings set letterhead", "", "202-456-0100", "https://www.example.net", "", "", "")

    result = bot("check").out
    assert " phone: 202" not in result
    assert "  chat: site: www.example.net" in result


@pytest.mark.long
def test_check_names_what_chat_has_changed_and_fits_no_more(bot, tmp_path):
    bot("init")
    _typed("/feeds remove justice-news", "/watch mute trafficking-laws until:3d")
    feeds = (tmp_path / "feeds.yml").read_text(encoding="utf-8")
    only = "\nwatches:\n  only: {level: digest, query: gloves, sources: [justice-news]}\n"
    (tmp_path / "feeds.yml").write_text(feeds.replace("\nwatches:\n", only), encoding="utf-8")

    result = bot("check")
    assert "no longer valid with the files and not active" in result.out
    assert "sources.justice-news: removed in chat, but watches.only.sources.0: unknown source" in result.out
    report = bot("check", "--json").json
    assert ([line[:22] for line in report["changed_in_chat"]], len(report["left_out"])) == (
        ["watches.trafficking-la"],
        1,
    )


@pytest.mark.long
def test_people_come_from_a_table_however_long(bot, tmp_path):
    bot("init")
    rows = [f"Person {n},cast,representative,slack:T0HOME/U0{n:04}" for n in range(200)]
    (tmp_path / "people.csv").write_text("\n".join(["name,organization,roles,accounts", *rows]), encoding="utf-8-sig")

    assert bot("people", "import", "people.csv").out.strip() == "Imported: 200 new, 0 changed, 0 unchanged"
    assert bot("people", "import", "people.csv").out.strip() == "Imported: 0 new, 0 changed, 200 unchanged"


def test_a_table_with_a_slip_takes_nobody_in_and_names_the_line(bot, tmp_path):
    bot("init")
    (tmp_path / "people.csv").write_text("name,organization,roles,accounts\nA,cast,boss,slack:T0HOME/U0AAA\n")
    result = bot("people", "import", "people.csv")

    assert result.code == ATTENTION
    assert "line 2: “boss” is not a role" in result.err
    (tmp_path / "people.csv").write_text("name,organization,roles,accounts\nA,cast,representative,slack:T0HOME/U0AAA\n")
    assert bot("people", "import", "people.csv").out.strip() == "Imported: 1 new, 0 changed, 0 unchanged"


@pytest.mark.long
def test_a_press_list_comes_from_a_table_however_long(bot, tmp_path):
    bot("init")
    rows = [f"Paper {n},1,Reporter {n},r{n}@paper.example" for n in range(500)]
    (tmp_path / "press.csv").write_text("\n".join(["outlet,tier,name,email", *rows]), encoding="utf-8-sig")

    assert bot("press", "import", "press.csv").out.startswith("Imported: 500 new, 0 changed, 0 unchanged")
    assert bot("press", "import", "press.csv").out.strip() == "Imported: 0 new, 0 changed, 500 unchanged"
    (tmp_path / "press.csv").write_text("name\nJo\n")
    wrong = bot("press", "import", "press.csv")
    assert wrong.code == ATTENTION
    assert "required: outlet" in wrong.err


def _typed(*lines):
    """Said at the console by an administrator."""
    subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--as", "administrator"], input="\n".join(lines), text=True, check=True
    )


# --- help -----------------------------------------------------------------------------------------------------------


def test_help_lists_every_command_once_in_a_group_with_a_whole_sentence():
    listed = [name for names in cli._SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(cli.cli.commands)

    shown = CliRunner().invoke(cli.cli, ["--help"]).output
    groups = [group for group in cli.cli.commands.values() if isinstance(group, click.Group)]
    shown += "".join(CliRunner().invoke(cli.cli, [group.name, "--help"]).output for group in groups)
    assert "..." not in shown.replace("[ARGS]...", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_names_the_program(bot, shell, monkeypatch):
    monkeypatch.setenv("_COALITION_BOT_COMPLETE", f"{shell}_source")
    assert "_COALITION_BOT_COMPLETE" in bot().out
