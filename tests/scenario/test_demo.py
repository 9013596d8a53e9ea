"""The demo, run as a person runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> str:
    """What `coalition-bot demo` prints, run from a folder that holds somebody's own settings and tokens."""
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    (folder / ".env").write_text("SLACK_BOT_TOKEN=xoxb-somebody\nDATABASE_URL=sqlite:///own.db\n")
    root = Path(__file__).parents[2]
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
        "DYNO": "worker.1",
        "CONGRESS_API_KEY": "x",
    }
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    sys.stdout.write(f"the demo took {time.monotonic() - began:.1f} s\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [file.name for file in folder.iterdir()] == [".env"], "the demo leaves nothing behind"
    return done.stdout


def _act(demo: str, number: int) -> str:
    """One act of the demo, its lines folded into one."""
    text = re.split(r"^(?:\d\.|Where to look next)", demo, flags=re.MULTILINE)[number]
    return " ".join(text.split())


def test_the_first_look_posts_nothing_but_a_greeting_in_each_channel(demo):
    assert _act(demo, 1).count("Watching for you:") == 3
    assert "🔔" not in _act(demo, 1)


def test_the_new_law_is_told_once_with_its_number_its_ask_and_the_reason(demo):
    week = _act(demo, 2)
    assert week.count("Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th)") == 1
    assert "Public Law 119-73" in week
    assert re.search(r"Why: .{0,300}→ Ask 8", week)


def test_a_finding_is_told_when_filed_and_followed_up_in_its_thread_when_published_and_corrected(demo):
    filed, published, corrected = (
        demo.index(words) for words in ("On public inspection: ", "Published as filed: ", "Corrected: ")
    )
    assert filed < min(published, corrected)
    assert re.search(r"Published as filed: (?:.*\n)+?   ↳ policy", demo)


def test_a_comment_period_and_its_extension_give_their_dates(demo):
    week = _act(demo, 2)
    assert "Comments close Mon 23 Feb 2026 by 5:00 p.m. (in 23 business days)" in week
    assert "Comments close Mon 9 Mar 2026" in week


def test_a_web_page_in_place_of_a_feed_is_told_once_with_something_to_try(demo):
    assert demo.count("🩺") == 1
    assert "open the address in a browser" in _act(demo, 2)


def test_look_alikes_stay_silent_and_the_reason_is_given(demo):
    held_back = _act(demo, 3)
    assert "It was raised all the same." not in held_back
    assert "Polaris sleds" in held_back
    assert "Polaris sleds" not in _act(demo, 2)
    assert "the same article, said once" in held_back


def test_the_digest_names_every_ask_once(demo):
    policy = _act(demo, 4).split("Monday digest:")[1]
    for ask in range(1, 10):
        assert re.search(rf"\b(?:Ask|Asks)\b[^.•]*\b{ask}\b", policy), f"ask {ask} is not named"


def test_asking_again_brings_nothing_new(demo):
    assert "Nothing new since Fri 18:15" in _act(demo, 5)


def test_a_kill_right_after_a_message_went_out_loses_and_repeats_nothing(demo):
    crash = _act(demo, 6)
    assert "code -9" in crash
    out, expected = map(int, re.findall(r"(\d+) of (\d+) messages were out", crash)[0])
    assert 0 < out < expected
    assert f"Lost: 0. Repeated: 0. {expected} messages stand there." in crash


def test_the_demo_ends_with_where_to_look_next(demo):
    assert "coalition-bot run --dry-run" in _act(demo, 7)


def test_an_installed_package_has_all_that_the_demo_needs(tmp_path):
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site-packages")

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site-packages"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "import bot.demo.setup as s; print(s.SHIPPED)"]
    where = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert Path(where.strip()) == tmp_path / "site-packages" / "bot" / "example"
    assert (Path(where.strip()) / "templates" / "letters" / "ask-1" / "letter.j2").is_file()
    command = [sys.executable, "-m", "bot", "demo"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
