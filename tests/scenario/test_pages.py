"""Pages without a feed, from the shipped watches to the channel: one message for a real change, with its lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.peers.feedserver import serving
from tests.peers.newsrooms import newsroom
from tests.peers.pages import EMPTY, PAGES, SIGN_IN, page, relaunched
from tests.scenario.kit import Clock, Program, shipped

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ORDERS, PROGRAM, *_ = PAGES
BY_SOURCE = {
    "cbp-withhold-release-orders": ORDERS,
    "ovc-human-trafficking": PROGRAM,
}


class Desk:
    def __init__(self, folder, server, sources, replace=None):
        self.server = server
        addresses = {id_: server.url(f"/{made.name}") for id_, made in sources.items()}
        config = shipped(folder, addresses, {"policy": "console:policy"}, replace=replace)
        self.program = Program(folder, config, Clock(NOW))

    def show(self, made, html):
        self.server.say(f"/{made.name}", html, content_type="text/html")

    async def look(self, **turn):
        """What is said after one look at all pages, health aside."""
        self.program.clock.turn(**(turn or {"minutes": 10}))
        before = len(self.program.printed("policy"))
        with self.program.started() as app:
            polled, _ = await app.once()
        return polled.polled, self.program.printed("policy")[before:]


@pytest.fixture
async def server():
    async with serving() as server:
        yield server


def asked(made):
    """feeds.yml for one page of the five, with one watch on it."""
    source = {"kind": "page", "name": "The watched page", "rolling": made.rolling, "enabled": True}
    watch = {"level": "alert", "asks": [5], "query": '"the watched page"', "sources": ["page"]}
    return {"sources": {"page": source}, "watches": {"any": watch}}


@pytest.mark.long
@pytest.mark.parametrize("made", PAGES, ids=lambda made: made.name)
async def test_of_all_that_happens_to_a_page_only_the_real_change_is_posted_once_with_its_lines(tmp_path, server, made):
    cards = asked(made)
    cards["sources"]["page"]["url"] = server.url(f"/{made.name}")
    desk = Desk(tmp_path, server, {}, cards)
    states = []
    sentence = []
    for html in (
        page(made, made.lines),
        page(made, made.lines),
        SIGN_IN,
        EMPTY,
        page(made, made.lines),
        page(made, made.after),
        page(made, made.after),
        relaunched(made),
        relaunched(made),
    ):
        desk.show(made, html)
        (polled,), messages = await desk.look()
        states.append(polled.health.value)
        sentence += messages

    assert states == ["ok", "ok", "blocked", "empty", "ok", "ok", "ok", "redesigned", "redesigned"]
    alerts = [" ".join(text.split()) for text in sentence if text.startswith("🔔")]
    (alert,) = alerts
    removed = () if made.rolling else made.removed
    assert all(f"Added: “{line}”" in alert for line in made.added)
    assert all(f"Removed: “{line}”" in alert for line in removed)
    assert f"Lines added: {len(made.added)}; removed: {len(removed)}." in alert
    assert alert.count("Added:") + alert.count("Removed:") == len(made.added) + len(removed)


@pytest.mark.long
async def test_the_shipped_watches_map_changes_of_pages_to_the_asks(tmp_path, server):
    desk = Desk(tmp_path, server, BY_SOURCE)
    for made in BY_SOURCE.values():
        desk.show(made, page(made, made.lines))
    await desk.look()
    for made in BY_SOURCE.values():
        desk.show(made, page(made, made.after))

    _, messages = await desk.look()

    orders, program = sorted(messages)
    assert "CBP, withhold release orders and findings changed" in orders
    assert "Added: “10/05/2026 | A cotton gin | Turkmenistan | Active”" in orders
    assert "→ Ask 4" in orders
    assert "OVC, human trafficking changed" in program
    assert "→ Ask 2, No police letter of support" in program


@pytest.mark.long
async def test_a_new_headline_of_a_newsroom_is_news_and_its_error_page_is_none(tmp_path, server):
    day = ("/news/2026/11/23/{}", "2026-11-23")
    before = [(f"DHS announces measure number {n} today", day[0].format(n), day[1]) for n in range(12)]
    campaign = ("DHS launches a campaign against human trafficking", day[0].format("campaign"), day[1])
    places = {"dhs-press-releases": server.url("/news-releases")}
    program = Program(tmp_path, shipped(tmp_path, places, {"policy": "console:policy"}), Clock(NOW))
    for html in (newsroom(before), SIGN_IN, newsroom([campaign, *before]), EMPTY, newsroom([campaign, *before])):
        server.say("/news-releases", html, content_type="text/html")
        program.clock.turn(minutes=65)
        with program.started() as app:
            await app.once()
    program.clock.turn(days=1)
    with program.started() as app:
        await app.once()

    _greeting, digest = (" ".join(text.split()) for text in program.printed("policy"))
    assert digest.count("DHS launches a campaign against human trafficking") == 1
    assert "measure number" not in digest
