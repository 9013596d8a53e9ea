"""The program `coalition-bot mcp`, as an assistant starts it, in an installation of two coalitions."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from bot import cli
from bot.app import wiring
from bot.commands.model import Role
from bot.config import installation
from bot.people import records, sessions
from bot.people.model import Account, Person
from tests.kit import coalitions
from tests.kit.board import ROOT, TUESDAY, run
from tests.kit.ports import unused_port

pytestmark = [pytest.mark.sqlite, pytest.mark.long]
PROGRAM = [sys.executable, "-m", "bot", "mcp"]


@pytest.fixture
def token(tmp_path, monkeypatch):
    """Of a person of the coalition river; there is another, heat."""
    coalitions.enter(tmp_path, monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DEMO_CLOCK", TUESDAY.isoformat())  # the program's time: a token ends after ninety days
    for name in ("river", "heat"):
        coalitions.add(name, {}, "water")
    coalitions.created()
    ada = Person(id="ada", name="Ada", roles=frozenset({Role.POLICY}), accounts=(Account("slack", "T1", "U1"),))
    settings, _ = installation.load_one("river")
    ids = iter(["id", "link", "token-of-ada"]).__next__
    with closing(wiring.store_address(settings).open()) as db, db.write() as tx:
        records.add(tx, ada, by=None, now=TUESDAY)
        link = sessions.make_link(tx, "ada", ada.accounts[0], now=TUESDAY, new_id=ids)
        return sessions.redeem(tx, link, sessions.ASSISTANT, now=TUESDAY, new_id=ids)


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_an_assistant_that_starts_the_program_reads_over_stdio(token, mode, version, tmp_path):
    env = os.environ | {"COALITION_BOT_TOKEN": token}
    program = StdioServerParameters(command=PROGRAM[0], args=[*PROGRAM[1:], "--coalition", "river"], env=env)

    async def ask():
        with (tmp_path / "log").open("w", encoding="utf-8") as log:
            async with Client(stdio_client(program, errlog=log), mode=mode) as client:
                tools = [tool.name for tool in (await client.list_tools()).tools]
                me = await client.call_tool("campaign", {"command": "me"})
                other = await client.call_tool("people", {"command": "list"})
                return client.protocol_version, tools, me, other

    got, tools, me, other = run(ask())
    assert got == version
    assert "letter" in tools
    assert "Signed in as Ada. Role: policy" in me.structured_content["text"]
    assert other.is_error
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "[river] /campaign me () for the assistant of ada" in log
    assert token not in log


def test_the_program_answers_over_http_whoever_has_a_token(token):
    port = unused_port()
    program = [*PROGRAM, "--coalition", "river", "--port", str(port)]
    with subprocess.Popen(program, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        line = next(line for line in running.stderr if line.startswith("Assistants reach"))
        url = line.split()[-1]

        async def ask():
            async with (
                httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
                Client(streamable_http_client(url, http_client=http)) as client,
            ):
                return await client.call_tool("campaign", {"command": "me"})

        me = run(ask())
        guessed = httpx2.post(url, json={}, headers={"Authorization": "Bearer guessed"})
        running.terminate()
        assert running.stdout.read() == ""
    assert line == f"Assistants reach river at http://127.0.0.1:{port}/mcp\n"
    assert "Signed in as Ada" in me.structured_content["text"]
    assert guessed.status_code == 401


def test_what_the_first_answer_needs_is_done_before_the_program_says_that_it_answers(token):
    """Such as the child process that tells the holidays."""
    watch = "import sys, runpy; said = lambda e, _: e == 'subprocess.Popen' and print('child', file=sys.stderr); "
    run_it = "sys.addaudithook(said); sys.argv = ['bot', *sys.argv[1:]]; runpy.run_module('bot', run_name='__main__')"
    port = str(unused_port())
    program = [PROGRAM[0], "-c", watch + run_it, "mcp", "--coalition", "river", "--port", port]
    with subprocess.Popen(program, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        before = list(iter(running.stderr.readline, f"Assistants reach river at http://127.0.0.1:{port}/mcp\n"))

        async def ask():
            async with (
                httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
                Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)) as client,
            ):
                return await client.call_tool("campaign", {"command": "status"})

        answer = run(ask())
        running.terminate()
        after = running.stderr.readlines()
    assert not answer.is_error
    assert before.count("child\n") == 1
    assert "child\n" not in after


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--coalition", "heat"], "The token in COALITION_BOT_TOKEN does not work."),
        ([], "There are several coalitions: add --coalition NAME."),
        (["--coalition", "river", "--port", "8090", "--url", "http://x.example/mcp"], "Tokens need https"),
    ],
)
def test_it_ends_with_a_sentence_if_nobody_could_ask(token, arguments, why, monkeypatch, capfd):
    """Among others a token of one coalition, in another."""
    monkeypatch.setenv("COALITION_BOT_TOKEN", token)
    monkeypatch.setattr(sys, "argv", ["coalition-bot", "mcp", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    printed = capfd.readouterr()
    assert ended.value.code == 2
    assert why in printed.err
    assert printed.out == ""


def test_without_the_extra_it_says_how_to_install_it(token):
    """As on a machine where the package is missing: what is on the path comes from the bot's own folder alone."""
    hide = "import sys, runpy; sys.modules['mcp'] = None; sys.argv = ['bot', 'mcp', '--coalition', 'river']; "
    ended = subprocess.run(
        [sys.executable, "-c", f"{hide}runpy.run_module('bot', run_name='__main__')"],
        capture_output=True, text=True, input="", check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr == "Assistants need one more package: pip install 'coalition-bot[mcp]'.\n"
