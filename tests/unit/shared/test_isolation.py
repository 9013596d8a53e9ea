"""A parser that was taken over: what it may still reach from its process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.shared import isolation
from tests.peers.need import missing

ROOT = Path(__file__).parents[3]
# What code that a stranger got to run in the child would try. Each line says what came of it.
TAKEN_OVER = """
import ctypes, json, os, socket, subprocess, sys
from pathlib import Path
from bot.shared import isolation
secret, templates, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
inherited = [name for name in os.environ if "TOKEN" in name]
shut_off = isolation.confine(1 << 30, [templates])

def tried(what):
    try:
        return str(what())
    except Exception as error:
        return type(error).__name__

print(json.dumps({
    "shut off": shut_off,
    "inherited": inherited,
    "secret": tried(secret.read_text),
    "folder": tried(lambda: os.listdir(secret.parent)),
    "parent": tried(lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()),
    "write": tried(lambda: open("/tmp/taken-over", "wb")),
    "start": tried(lambda: subprocess.run(["/bin/true"])),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", port), 5)),
    "signal": tried(lambda: os.kill(os.getppid(), 0)),
    "template": tried((templates / "letter.txt").read_text),
    "library": tried(lambda: __import__("lxml.etree").__name__),
    "of the bot": tried(lambda: __import__("bot.sources.feeds.parse").__name__),
}))
"""


@pytest.fixture
def reached(tmp_path: Path) -> dict[str, object]:
    if not isolation.version():
        missing("this kernel has no Landlock: Linux 5.13 or newer")
    home, templates = tmp_path / "home", tmp_path / "templates"
    home.mkdir()
    templates.mkdir()
    (home / ".env").write_text("SLACK_BOT_TOKEN=xoxb-canary")
    (templates / "letter.txt").write_text("Dear")
    command, options = isolation.starting("unused")
    with socket.create_server(("127.0.0.1", 0)) as server:
        arguments = [str(home / ".env"), str(templates), str(server.getsockname()[1])]
        ran = subprocess.run(
            [command[0], "-c", TAKEN_OVER, *arguments], stdout=subprocess.PIPE, check=True, **options
        )  # fmt: skip
    result: dict[str, object] = json.loads(ran.stdout)
    return result


def test_it_finds_no_secret_file_and_nothing_of_its_parent(reached, monkeypatch):
    assert reached["shut off"] is True
    closed = ("secret", "folder", "parent", "write", "start")
    assert {name: reached[name] for name in closed} == dict.fromkeys(closed, "PermissionError")


def test_it_reaches_nobody(reached):
    expected = {"connect": "PermissionError"} if isolation.version() >= 4 else {}
    expected |= {"signal": "PermissionError"} if isolation.version() >= 6 else {}
    assert {name: reached[name] for name in expected} == expected


def test_it_can_do_its_work(reached):
    assert (reached["template"], reached["library"], reached["of the bot"]) == ("Dear", "lxml", "bot")


def test_it_inherits_no_token(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    _, options = isolation.starting("bot.sources.feeds.parse_child")
    assert "SLACK_BOT_TOKEN" not in options["env"]


def test_where_the_kernel_has_no_landlock_the_limits_still_hold():
    """As on an old kernel: the call is refused before anything is asked of it."""
    code = (
        "import resource\nfrom bot.shared import isolation\nisolation.version = lambda: 0\n"
        "print(isolation.confine(1 << 29), resource.getrlimit(resource.RLIMIT_AS)[0], "
        "resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.split() == ["False", str(1 << 29), "0"]


def test_a_question_may_take_so_many_seconds_of_a_processor():
    code = (
        "import resource\nfrom bot.shared import isolation\nisolation.read_question(1 << 29, 1_000)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    ran = subprocess.run([sys.executable, "-c", code], input=b"{}\n", capture_output=True, check=True, cwd=ROOT)
    assert 1_000 <= int(ran.stdout) <= 1_060  # what it used before is added


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_the_bot_s_own_memory_is_closed_to_others_of_its_user(tmp_path):
    code = (
        "import click, ctypes\nfrom bot.cli.common import configuration\n"
        "with click.Context(click.Command('check')):\n    configuration()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE
    )
    env = os.environ | {"FEEDS_FILE": str(ROOT / "feeds.yml"), "COALITION_FILE": str(ROOT / "coalition.yml")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    assert ran.stdout.strip() == "0"
