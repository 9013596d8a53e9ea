"""The demo, run as a person runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from bot.cli import cli
from bot.cli.demo import replay
from bot.config.load import load
from tests.kit.causes import FIRST, SECOND, words_in

pytestmark = pytest.mark.sqlite  # the demo always runs on a file
ROOT = Path(__file__).parents[2]


def run_demo(folder: Path, *options: str) -> str:
    """The output of `coalition-bot demo`, run in a folder that has other settings and tokens."""
    (folder / ".env").write_text("SLACK_BOT_TOKEN=xoxb-somebody\nDATABASE_URL=sqlite:///own.db\n")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TMPDIR": str(folder / "tmp"),
        "DYNO": "worker.1",
        "CONGRESS_API_KEY": "x",
    }
    (folder / "tmp").mkdir()
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", *options],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    sys.stdout.write(f"the demo took {time.monotonic() - began:.1f} s\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def short(tmp_path_factory) -> tuple[str, Path]:
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    return run_demo(folder), folder


@pytest.fixture(scope="module")
def whole_demo(tmp_path_factory) -> tuple[str, Path]:
    """The whole demo, with the folder that it keeps."""
    folder: Path = tmp_path_factory.mktemp("kept")
    return run_demo(folder, "--all", "--keep", str(folder / "play")), folder / "play"


@pytest.fixture(scope="module")
def heat(tmp_path_factory) -> tuple[str, Path]:
    """The whole demo of the second example, with its folder."""
    folder: Path = tmp_path_factory.mktemp("heat")
    return run_demo(folder, "--example", "heat", "--all", "--keep", str(folder / "play")), folder / "play"


@pytest.fixture(scope="module")
def demo(whole_demo) -> str:
    return whole_demo[0]


def act(demo: str, number: int) -> str:
    """One act of the demo, its lines folded into one."""
    text = re.split(r"^(?:\d\.|Where to look next)", demo, flags=re.MULTILINE)[number]
    return " ".join(text.split())


@pytest.mark.long
def test_the_first_look_posts_nothing_but_a_greeting_in_each_channel(demo):
    assert act(demo, 1).count("Watching for you:") == 3
    assert "🔔" not in act(demo, 1)


@pytest.mark.long
def test_the_new_law_is_posted_once_with_its_number_its_ask_and_the_reason(demo):
    week = act(demo, 2)
    assert week.count("Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th)") == 1
    assert "Public Law 119-73" in week
    assert re.search(r"Why: .{0,300}→ Ask 8", week)


@pytest.mark.long
def test_a_finding_is_posted_when_filed_and_followed_up_in_its_thread_when_published_and_corrected(demo):
    filed, published, corrected = (
        demo.index(words) for words in ("On public inspection: ", "Published as filed: ", " corrects a ")
    )
    assert filed < min(published, corrected)
    assert re.search(r"Published as filed: (?:.*\n)+?   ↳ policy", demo)


@pytest.mark.long
def test_a_comment_period_and_its_extension_give_their_dates(demo):
    week = act(demo, 2)
    assert "Comments close Mon Feb 23, 2026 by 5:00 p.m. (in 23 business days)" in week
    assert "Comments close Mon Mar 9, 2026" in week


@pytest.mark.long
def test_a_web_page_in_place_of_a_feed_is_reported_once_with_something_to_try(demo):
    assert demo.count("🩺") == 1
    assert "open the address in a browser" in act(demo, 2)


@pytest.mark.long
def test_look_alikes_are_not_posted_and_the_reason_is_given(demo):
    held_back = act(demo, 3)
    assert "It was posted anyway." not in held_back
    assert "Polaris sleds" in held_back
    assert "Polaris sleds" not in act(demo, 2)
    assert "the same article, posted once" in held_back


@pytest.mark.long
def test_the_digest_names_every_ask_once(demo):
    policy = act(demo, 4).split("Monday digest:")[1]
    for ask in range(1, 10):
        assert re.search(rf"\b(?:Ask|Asks)\b[^.•]*\b{ask}\b", policy), f"ask {ask} is not named"


@pytest.mark.long
def test_asking_again_brings_nothing_new(demo):
    assert "Nothing new since Fri 6:15 p.m." in act(demo, 4)


@pytest.mark.long
def test_an_alert_becomes_a_letter_that_two_members_sign(whole_demo):
    text, folder = whole_demo
    letter = act(text, 5)
    assert "Signed for CAST" in letter
    assert "L-001 is locked: 2 of 12 signed" in letter
    (pdf,) = folder.glob("L-001*.pdf")
    assert str(pdf) in text
    page = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "2026-90103" in page
    assert "Dana Sample (demo)" in page
    assert "never sent" in page


@pytest.mark.long
def test_the_press_sees_a_story_and_a_clip_report(whole_demo):
    text, folder = whole_demo
    press = act(text, 6)
    assert "2 outlets" in press
    assert "Weekly clip report: January 19–25, 2026" in press
    assert [path.suffix for path in folder.glob("clips-*")] == [".pdf"]


@pytest.mark.long
def test_deadlines_are_listed(demo):
    assert "comments close, in 29 business days" in act(demo, 7)


@pytest.mark.long
def test_nothing_is_dated_after_the_week(demo):
    """Deadlines ahead are; what was read, checked, published or found is not."""
    text = " ".join(demo.split())
    checked = re.findall(
        r"(?:as of|checked|published|filed|seen) (?:\w{3} )?(\w{3} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)", text
    )
    assert len(checked) > 20
    forms = {True: "%Y-%m-%d", False: "%b %d, %Y"}
    days = [datetime.strptime(day, forms["-" in day]).astimezone().date() for day in checked]
    assert max(days) <= date(2026, 1, 26)


@pytest.mark.long
def test_the_short_version_is_short_and_has_every_act(short):
    text, _ = short
    assert len(text.splitlines()) < 180
    for words in ("→ Ask 8", "Monday digest:", "Signed for CAST", "Weekly clip report", "comments close"):
        assert words in text
    assert "demo --all" in text
    assert "coalition-bot new FOLDER" in text


@pytest.mark.long
def test_the_short_version_leaves_its_documents_alone_behind(short):
    text, folder = short
    left = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".env")
    assert [path.suffix for path in left] == [".pdf", ".pdf"]
    assert all(str(path) in text for path in left)


@pytest.mark.long
def test_the_second_example_replays_its_own_week(heat):
    text, folder = heat
    assert "replays a week, July 10 to 20, 2026" in text
    assert "comments close Thu Aug 13, 2026" in act(text, 2)
    assert "It was posted all the same." not in act(text, 3)
    assert "Ask 3, Time to get used to the heat" in act(text, 4)
    assert "L-001 is locked: 2 of 3 signed" in act(text, 5)
    assert "Weekly clip report: July 13–19, 2026: 1 story" in act(text, 6)
    assert "comments close, in 18 business days" in act(text, 7)
    assert sorted(path.name.partition("-")[0] for path in folder.glob("*.pdf")) == ["L", "clips"]


@pytest.mark.long
def test_no_word_of_one_cause_is_in_the_demo_of_the_other(whole_demo, heat):
    """Cards, digests, answers and letters of both examples, and every file that their demos leave behind."""
    for (text, folder), foreign in ((whole_demo, SECOND), (heat, FIRST)):
        pages = [page.extract_text() for pdf in folder.glob("*.pdf") for page in PdfReader(pdf).pages]
        files = [path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in (".yml", ".j2")]
        assert len(pages) > 1
        assert len(files) > 10
        assert words_in("\n".join([text, *pages, *files]), foreign) == []


def test_an_unknown_example_is_refused_with_the_ones_there_are():
    refused = CliRunner().invoke(cli, ["demo", "--example", "rivers"])
    assert refused.exit_code == 2
    assert "There is no example “rivers”; choose from: heat." in refused.stderr


@pytest.mark.long
def test_the_folder_that_is_kept_answers_at_the_end_of_the_week_and_posts_nothing(whole_demo, tmp_path):
    _, folder = whole_demo
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environment["WEB_URL"] = "https://board.example.org"  # where nothing answers for the demo

    def command(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            line, cwd=folder, env=environment, input=typed, capture_output=True, text=True, check=False
        )

    chat = command("chat", "--as", "policy", typed="/alerts recent\n/letter list\n/campaign board\n")
    assert "6 alerts in the last 7 days" in chat.stdout  # several steps of an event are one
    assert "L-001 · locked" in chat.stdout
    assert "There is no web board yet." in chat.stdout
    assert "in 153 entries, " in command("backtest", "traffick*", "--since", "30d").stdout
    refused = command("once")
    assert refused.returncode == 2
    assert "belongs to the demo" in refused.stderr
    again = command("demo", "--keep", str(folder))
    assert again.returncode == 2
    assert "is not empty" in again.stderr


@pytest.mark.parametrize("example", ["", "heat"])
def test_the_letterhead_of_the_demo_leaves_no_placeholder(tmp_path, example):
    (tmp_path / "demo").mkdir()
    replay.lay_out(
        tmp_path / "demo", example, replay.load_journey(replay.folder_of(example)).letterhead, date(2026, 1, 26)
    )
    shown = load(tmp_path / "demo" / "feeds.yml", tmp_path / "demo" / "coalition.yml").coalition
    assert dict(shown.placeholders) == {}
    assert not shown.example


@pytest.mark.long
def test_an_installed_package_has_all_that_demo_and_new_need(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site-packages")

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site-packages"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "from bot.cli.demo.replay import SHIPPED; print(SHIPPED)"]
    where = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert Path(where.strip()) == tmp_path / "site-packages" / "bot" / "example"
    assert (Path(where.strip()) / "templates" / "letters" / "joint-applications" / "letter.j2").is_file()
    start = ["new", "river", "--name", "River Coalition", "--ask", "Keep water in the river.", "--yes"]
    for folder, words in (("", ["demo"]), ("", start), ("river", ["init"]), ("river", ["check"])):
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(command, cwd=tmp_path / folder, env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), words
