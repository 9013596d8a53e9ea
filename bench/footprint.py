"""What the program costs before it does anything: the time to say how it is used, and the memory to wait in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Final

import psutil  # type: ignore[import-untyped]

from bench.material import ROOT, shipped
from bench.measure import Figure, Size
from bot.app.application import utc_now
from bot.entries.source_records import SourceState, save_source
from bot.shared.answer import Health, Memory
from bot.store import sqlite

_SETTLED: Final = 8.0  # seconds after its start in which an idle bot begins all that it will, and tidies up
_NOWHERE: Final = "http://127.0.0.1:9"  # nobody listens there
_CHAT: Final = {
    "SLACK_BOT_TOKEN": "xoxb-bench",
    "SLACK_API_URL": f"{_NOWHERE}/api/",
    "DISCORD_BOT_TOKEN": "bench",
    "DISCORD_API_URL": f"{_NOWHERE}/api/v10",
}
_MAIL: Final = {
    "SMTP_URL": "smtp://bench:bench@127.0.0.1:9",
    "IMAP_URL": "imap://bench:bench@127.0.0.1:9",
    "MAIL_FROM": "bench@example.org",
}
_METRICS: Final = {"METRICS_TOKEN": "bench" * 4}


def start(size: Size) -> list[Figure]:
    """`coalition-bot --help`, from nothing to the last line."""
    ours = [str(Path(sys.executable).with_name("coalition-bot")), "--help"]
    theirs = [sys.executable, "-c", "import click"]
    for command in (ours, theirs):
        _seconds(command)
    found = [(_seconds(ours), _seconds(theirs)) for _ in range(2 * size.rounds)]
    return [
        Figure(
            what="coalition-bot --help",
            unit="s",
            ours=[mine for mine, _ in found],
            rival="python -c 'import click'",
            theirs=[other for _, other in found],
            aim=1.5,
            less_is_better=True,
        )
    ]


def memory(size: Size) -> list[Figure]:
    """`coalition-bot run` with the shipped files when nothing is due: on the console, and with every face."""
    settled = _SETTLED * max(size.share, 0.3)
    chats = {'"console:policy"': '"slack:C0123ABCD"', '"console:press"': '"discord:1100000000000000000"'}
    kinds: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], float]] = {
        "console": ({}, {}, 90.0),
        "Slack and Discord": (chats, _CHAT, 115.0),
        "Slack, Discord, web, mail and metrics": (chats, _CHAT | _web() | _MAIL | _METRICS, 115.0),
    }
    rounds = size.short.rounds
    return [
        Figure(
            what=f"memory when idle, {name}",
            unit="MB",
            ours=[_idle(channels, environment, settled) for _ in range(rounds)],
            rival="limit",
            theirs=[limit] * rounds,
            aim=1,
            less_is_better=True,
        )
        for name, (channels, environment, limit) in kinds.items()
    ] + [
        Figure(
            what="memory when idle, with the board",
            unit="MB",
            ours=[_idle({}, _web(), settled) for _ in range(rounds)],
            rival="the console and 5 MB",
            theirs=[_idle({}, {}, settled) + 5 for _ in range(rounds)],
            aim=1,
            less_is_better=True,
        )
    ]


def _web() -> dict[str, str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    url = f"127.0.0.1:{port}"
    return {"WEB_URL": f"http://{url}", "WEB_BIND": url}


def _seconds(command: Sequence[str]) -> float:
    started = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own two commands
    return perf_counter() - started


def _idle(channels: Mapping[str, str], environment: Mapping[str, str], settled: float) -> float:
    """Resident megabytes of a bot with nothing to do."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        text = (ROOT / "feeds.yml").read_text(encoding="utf-8")
        for here, there in channels.items():
            assert here in text, here
            text = text.replace(here, there)
        (folder / "feeds.yml").write_text(text, encoding="utf-8")
        copy(ROOT / "coalition.yml", folder)
        copytree(ROOT / "templates", folder / "templates")  # coalition.yml names files in it
        _nothing_due(folder / "coalition.db")
        # sqlite-utils imports numpy if it is there, as only the development lock brings it: no bot in use has it.
        (folder / "absent").mkdir()
        (folder / "absent" / "numpy.py").write_text("raise ImportError", encoding="utf-8")
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{folder / 'absent'}{os.pathsep}{ROOT}", **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            assert bot.stderr
            next(
                (line for line in bot.stderr if b"set up to watch" in line), b""
            )  # at once, or later on a busy machine
            sleep(settled)
            assert bot.poll() is None, f"the bot ended by itself: {bot.communicate()[1].decode()}"
            return float(psutil.Process(bot.pid).memory_info().rss) / 1e6
        finally:
            bot.terminate()
            bot.communicate(timeout=20)


def _nothing_due(path: Path) -> None:
    """A database in which every source was asked just now."""
    now = utc_now()
    with closing(sqlite.create(path)) as db, db.write() as tx:
        for source in shipped().feeds.sources:
            state = SourceState(
                id=source,
                memory=Memory(first_success_at=now, last_success_at=now, last_change_at=now),
                health=Health.OK,
                detail="",
                since=now,
                reported=None,
                checked_at=now,
                failures=0,
                due_at=now + timedelta(days=1),
            )
            save_source(tx, state)
