"""`coalition-bot top`: what it shows of a bot that runs, of one that does not, and of trouble."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
from datetime import UTC, timedelta

import pytest

from bot.cli import frames
from bot.ops.pulse import STUCK_AFTER, Pulse
from bot.ops.top import frame
from bot.outbox import holds
from bot.shared.health import Health
from tests.kit import stores
from tests.kit.alerts import Room, document
from tests.scenario.kit import Clock, copy_files
from tests.scenario.letter_journey import program, running


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def shown(room, capsys):
    frames.print_frame(frame(room.db, room.campaign, room.now), UTC)
    return capsys.readouterr().out


def test_without_a_running_bot_it_says_so_and_shows_the_store(room, capsys):
    text = shown(room, capsys)
    assert "No running bot has reported here yet." in text
    assert "Queue: empty" in text
    assert "register" in text


def test_trouble_comes_first_and_says_why(room, capsys):
    room.take("register", document(title="Gloves made with forced labor"))
    room.fail("wire", Health.UNREACHABLE, "no route to wire.example")
    with room.db.write() as tx:
        hold = holds.Hold(holds.channel_scope("policy"), "press conference")
        holds.pause(tx, hold, now=room.now)
    room.wait(hours=3)
    text = shown(room, capsys)
    assert "Queue: 1 pending. Oldest overdue: console 3 h" in text
    assert "On hold channel:policy: press conference" in text
    sources = text[text.index("source ") :].splitlines()
    assert sources[1].split()[:2] == ["wire", "unreachable"]
    assert "no route to wire.example" in text
    assert "Gloves" not in text


def test_a_bot_that_stopped_and_a_stuck_loop_are_shown(room, capsys):
    clock = Clock(room.now)
    pulse = Pulse(clock)
    pulse.start("deliver")
    clock.turn(seconds=STUCK_AFTER.total_seconds() + 60)
    pulse.start("poll")
    pulse.fail("poll", OSError("with a name in it"))
    pulse.note_lateness(0.12)
    pulse.save(room.db)
    room.now = clock() + timedelta(seconds=10)
    text = shown(room, capsys)
    assert "running, last sign of life 10 s ago; event loop late by 120 ms at most" in text
    assert "stuck, 16 min ago" in text
    assert "loop poll since" in text
    assert "OSError" in text
    assert "with a name in it" not in text
    room.wait(minutes=10)
    assert "not running, last sign of life 10 min ago" in shown(room, capsys)


@pytest.mark.long
async def test_a_running_bot_is_seen_from_outside(tmp_path):
    async with running(program(tmp_path, "console:policy", {})) as app, asyncio.timeout(60):
        while not (look := await asyncio.to_thread(app.top)).loops:  # noqa: ASYNC110 - it saves them now and then
            await asyncio.sleep(0.1)
    assert look.running
    assert {loop.name for loop in look.loops} == {"poll", "deliver", "compose", "look", "make"}


@pytest.mark.long
@pytest.mark.sqlite
def test_on_a_dumb_terminal_it_prints_one_plain_frame(tmp_path):
    copy_files(tmp_path)
    stores.create(tmp_path / "coalition.db").close()
    master, slave = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb"}
    with os.fdopen(slave, "wb") as terminal:
        command = [sys.executable, "-m", "bot", "top"]
        subprocess.run(command, cwd=tmp_path, env=environment, stdin=slave, stdout=terminal, check=True)
        text = os.read(master, 100_000)
    os.close(master)

    assert text.count(b"Queue: empty") == 1
    assert b"\x1b" not in text


@pytest.mark.long
@pytest.mark.sqlite
def test_on_a_terminal_it_goes_on_until_ctrl_c(tmp_path):
    copy_files(tmp_path)
    stores.create(tmp_path / "coalition.db").close()
    master, slave = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "LINES": "40", "COLUMNS": "120"}
    command = [sys.executable, "-m", "bot", "top"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=slave, stdout=slave, stderr=subprocess.PIPE
    ) as top:
        os.close(slave)
        seen = b""
        while seen.count(b"Queue: empty") < 2:
            seen += os.read(master, 4096)
        top.send_signal(signal.SIGINT)
        try:
            while os.read(master, 4096):
                pass
        except OSError:  # Linux reports the end of a terminal like this
            pass
        assert (top.wait(60), top.stderr.read()) == (0, b"")
    os.close(master)
