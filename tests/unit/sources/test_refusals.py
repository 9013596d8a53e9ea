"""Every kind of source that is read over the web, refused in every way: told once with the cause, and nothing posted.

Mail is not here: nobody is asked for it, and what it refuses has its own tests.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts import intake
from bot.config.feeds import SourceConfig
from bot.entries import source_records
from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import FetchFailed, Health, NotModified
from bot.sources.kinds import KINDS
from tests.kit.alerts import FEEDS, Room, campaign
from tests.peers.feedserver import broken_off, rss, serving

WELCOME = "<html><head><title>Welcome</title></head><body>We have moved.</body></html>"
LOGIN = "<html><body><form action='/login'><input type=password></form></body></html>"
REFUSALS = {
    "403": {"status": 403, "body": LOGIN, "content_type": "text/html"},
    "429": {"status": 429, "headers": {"Retry-After": "600"}},
    "503": {"status": 503},
    "login page with 200": {"body": LOGIN, "content_type": "text/html"},
    "gone": {"status": 404},
    "moved": {"status": 301, "headers": {"Location": "/welcome"}},
    "no body": {"body": ""},
    "empty": {"body": rss()},
    "half an answer": None,  # the connection ends in the middle
}
# What a publisher sends when it has nothing, so that the same answer of a closed road is not told.
NOTHING_YET = {
    ("house-floor", "gone"): "the House lists no votes in a week without session",
    ("house-hearings", "empty"): "a committee announces nothing in recess",
    ("house-votes", "gone"): "the Clerk has no page of a day without session",
    ("senate-votes", "login page with 200"): "the Senate's page for a session without a vote",
    ("senate-votes", "gone"): "the same",
    ("senate-votes", "moved"): "the same",
    ("senate-votes", "empty"): "the same",
    ("house-roll-calls", "login page with 200"): "the Senate's and the Clerk's page for what does not exist",
    ("house-roll-calls", "gone"): "the same",
    ("house-roll-calls", "moved"): "the same",
}
OVER_THE_WEB = [kind for kind, config in KINDS.items() if not config.of_mailbox]
LEAST = {"name": "It", "keyword": "water", "chamber": "house"}


# With --quick three are tried: one that says so, one that looks like a page, and one that breaks off.
MOSTLY_LONG = [
    each if each in {"403", "empty", "half an answer"} else pytest.param(each, marks=pytest.mark.long)
    for each in REFUSALS
]


class Everywhere(dict):
    """The pages of a server that answers every address alike, but that of its welcome page."""

    def __init__(self, welcome, answer):
        super().__init__()
        self.welcome, self.answer = welcome, answer

    def get(self, path, default=None):
        return self.welcome if path == "/welcome" else self.answer


class Refused(Room):
    """A room that reads one source of a kind, with what it needs, and four times in four hours."""

    def __init__(self, folder, kind, server):
        about = {"kind": kind, "url": server.url({"omb-reviews": "/{list}"}.get(kind, "/here"))}
        about |= {key: value for key, value in LEAST.items() if key in KINDS[kind].model_fields}
        super().__init__(folder, campaign({"sources": FEEDS["sources"] | {"it": about}}))
        config = SourceConfig.model_validate(about)
        self.fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=5))
        given = {"bills": ("hr4323-119",), "laws": {}, "sources": ()}
        self.source = config.adapter("it", config.url, self.fetcher, lambda _: "name:a-secret-key", **given)
        if hasattr(self.source, "gap"):
            self.source.gap = 0

    async def check(self):
        self.wait(hours=1)
        state = source_records.source_state(self.db, "it")
        answer = await self.source.poll(state.memory, self.now)
        due = self.now + timedelta(hours=1)
        if isinstance(answer, NotModified):
            self.all_unchanged({"it": answer})
        else:
            record = intake.record_failure if isinstance(answer, FetchFailed) else intake.ingest
            with self.job.write() as work:
                record(work, answer, "it", due_at=due)
        return answer


@pytest.mark.parametrize("refusal", MOSTLY_LONG)
@pytest.mark.parametrize("kind", OVER_THE_WEB)
async def test_a_refusal_is_told_once_with_its_cause_and_posts_nothing(tmp_path, kind, refusal):
    async with serving() as server:
        server.say("/welcome", WELCOME, content_type="text/html")
        server.script("/", broken_off)
        if how := REFUSALS[refusal]:
            server.say("/", **how)
        server.pages = Everywhere(server.pages["/welcome"], server.pages["/"])
        room = Refused(tmp_path, kind, server)

        answers = [await room.check() for _ in range(4)]

        await room.fetcher.close()
    assert not any(getattr(each, "entries", ()) or getattr(each, "posts", ()) for each in answers)
    assert room.cards("policy") == room.cards("media") == []
    told = [card for card in room.cards("admin") if "It" in card.head]
    if (kind, refusal) in NOTHING_YET:
        assert told == []
        assert {getattr(each, "health", Health.UNCHANGED) for each in answers} <= {
            Health.EMPTY_EXPECTED, Health.OK, Health.UNCHANGED,
        }  # fmt: skip
    else:
        (card,) = told
        text = " ".join(line.text for line in card.lines)
        assert any(answer.detail in text for answer in answers if getattr(answer, "detail", ""))
        assert "a-secret-key" not in text
