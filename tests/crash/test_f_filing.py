"""A comment is filed once, or a person is asked, wherever the bot dies; and what arrives is what was shown."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.letters.filing.model import Filing, FilingState
from tests.crash import filing
from tests.kit import stores
from tests.kit.filing import DOCUMENT, FilingDesk, served

pytestmark = pytest.mark.long

# Where it dies, and whether the comment is then certainly not filed yet.
BEFORE = ("filing uploading", "fetch", "filing upload answered")
AFTER = ("filing posting", "filing answered", "filing recorded")


@pytest.fixture
def desk(tmp_path):
    with served() as server:
        desk = FilingDesk(tmp_path, server)
        desk.prepared()
        desk.agreed = {
            kind: desk.ask(desk.app, "letter filing", letter="L-1", as_=kind).file.data for kind in ("json", "pdf")
        }
        desk.press()
        yield desk


class Lives:
    """The bot's lives on one store."""

    def __init__(self, desk: FilingDesk, forks: Any) -> None:
        self.desk = desk
        self.forks = forks
        self.number = 0

    def start(self, die_at: str = "") -> Any:
        self.number += 1
        self.desk.now += timedelta(hours=7)
        desk, store = self.desk, stores.url(self.desk.folder / "board.db")
        # A copy: what the desk has made of the configuration, such as the matcher, cannot be sent to a process.
        life = filing.Life(store, replace(desk.config), desk.server.url, desk.now, self.number, die_at)
        process = self.forks.Process(target=filing.child, args=(life,))
        process.start()
        return process

    def run(self, die_at: str = "") -> int | None:
        process = self.start(die_at)
        process.join(60)
        return process.exitcode


def filed_once_or_asked(desk: FilingDesk) -> Filing:
    """What holds after any death: no second comment, nothing but what was shown, and nobody left in the dark."""
    sent = desk.server.filed
    assert len(sent) <= 1
    for comment in sent:
        assert comment.body == desk.agreed["json"]
        assert list(comment.files.values()) == [desk.agreed["pdf"]]
    current = desk.filing()
    heads = [card.head for card in desk.sent_to(desk.app)]
    if current.state is FilingState.FILED:
        assert current.tracking == sent[0].tracking
        assert heads.count(f"L-001 is filed, tracking number {current.tracking}") == 1
    else:
        assert current.state is FilingState.UNCLEAR
        assert heads.count("Was L-001 received by regulations.gov?") == 1
    return current


@pytest.mark.parametrize("point", BEFORE)
def test_f_a_death_before_the_comment_is_sent_files_it_once_later(desk, forks, point):
    lives = Lives(desk, forks)
    assert lives.run(point) == -signal.SIGKILL
    assert desk.server.filed == []
    assert lives.run(point) == -signal.SIGKILL  # and again at the same place
    for _ in range(2):
        assert lives.run() == 0

    assert filed_once_or_asked(desk).state is FilingState.FILED


@pytest.mark.parametrize("point", AFTER)
def test_f_a_death_once_it_is_being_sent_never_sends_it_again(desk, forks, point):
    lives = Lives(desk, forks)
    assert lives.run(point) == -signal.SIGKILL
    for _ in range(3):
        assert lives.run() == 0

    current = filed_once_or_asked(desk)
    assert len(desk.server.filed) == (0 if point == "filing posting" else 1)
    assert current.state is (FilingState.FILED if point == "filing recorded" else FilingState.UNCLEAR)


def test_f_a_death_while_the_site_stores_the_comment_is_settled_once_it_is_posted(desk, forks):
    lives, running = Lives(desk, forks), []
    desk.server.on_filed = lambda: os.kill(running[0].pid, signal.SIGKILL)
    running.append(lives.start())
    running[0].join(60)
    assert running[0].exitcode == -signal.SIGKILL
    desk.server.on_filed = lambda: None
    assert lives.run() == 0
    assert filed_once_or_asked(desk).state is FilingState.UNCLEAR

    desk.server.post_comment(desk.server.filed[0], f"{DOCUMENT.docket}-0123", desk.now.date())
    assert lives.run() == 0
    current = desk.filing()
    assert (current.state, current.tracking) == (FilingState.FILED, desk.server.filed[0].tracking)
    assert len(desk.server.filed) == 1
