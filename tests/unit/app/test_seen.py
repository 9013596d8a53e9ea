"""`check --online --save`: one line for each source that was asked, which the catalog shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.app.online import Record, check_online
from bot.config.catalog import with_seen
from bot.config.load import load
from bot.config.settings import Settings
from bot.shared.answer import Memory, NotModified
from tests.kit import configs
from tests.peers.feedserver import rss, serving

COALITION = "id: demo\nname: Demo\nshort: Demo\ncontact: bot@example.org\nasks:\n  1: {title: One}\n"
FEEDS = """\
sources:
  good: {{kind: feed, name: Good, url: "{good}"}}
  shut: {{kind: feed, name: Shut, url: "{shut}"}}
watches: {{any: {{level: alert, query: word}}}}
channels: {{policy: {{to: "console:policy"}}}}
routes: [{{to: policy}}]
admin: policy
allow_hosts: [127.0.0.1]
"""


@pytest.fixture
async def checked(tmp_path):
    """The configuration, and what each of its sources answered."""
    async with serving() as server:
        dated = {
            "title": "One",
            "link": "https://a.example/1",
            "pubDate": "Mon, 23 Nov 2026 15:00:00 GMT",
            "description": "x",
        }
        good = server.say("/good", rss(dated, {"title": "Two", "link": "https://a.example/2"}))
        shut = server.say("/shut", "", status=403)
        (tmp_path / "feeds.yml").write_text(FEEDS.format(good=good, shut=shut))
        (tmp_path / "coalition.yml").write_text(COALITION)
        config, answers = load(tmp_path / "feeds.yml", tmp_path / "coalition.yml"), {}
        await check_online(
            Settings(_env_file=None), config, lambda id_, source, answer: answers.update({id_: (source, answer)})
        )
        yield answers


def saved(file, answers, network="home", day=30):
    record = Record(network, datetime(2026, 11, day, 12, 0, tzinfo=UTC))
    for id_, (source, answer) in answers.items():
        record.note(id_, source, answer)
    record.save(file)
    return [json.loads(line) for line in file.read_text().splitlines()]


async def test_a_line_says_what_was_seen_on_which_network_and_its_shape(checked, tmp_path):
    good, shut = saved(tmp_path / "seen.jsonl", checked)
    assert good == {
        "source": "good", "day": "2026-11-30", "network": "home", "road": "feed of 127.0.0.1",
        "health": "ok", "detail": "", "entries": 2, "dated": 1, "worded": 1, "newest": "2026-11-23",
    }  # fmt: skip
    assert (shut["source"], shut["health"], shut["newest"]) == ("shut", "blocked", "")


async def test_a_later_check_replaces_the_line_of_its_network_alone(checked, tmp_path):
    for network, day in (("home", 1), ("cloud", 2), ("home", 3)):
        lines = saved(tmp_path / "seen.jsonl", {"good": checked["good"]}, network, day)

    assert [(line["network"], line["day"]) for line in lines] == [("cloud", "2026-11-02"), ("home", "2026-11-03")]


async def test_the_catalog_shows_the_last_day_on_which_a_source_worked(checked, tmp_path):
    file = tmp_path / "seen.jsonl"
    saved(file, checked)
    saved(file, {"good": checked["good"]}, "cloud", 2)

    shown = with_seen({"good": {"verified": "no"}, "shut": {}, "other": {}}, file.read_text())
    assert shown == {"good": {"verified": "2026-11-30"}, "shut": {}, "other": {}}


def test_an_unchanged_source_was_seen_to_work(tmp_path):
    source = configs.shipped().feeds.sources["justice-news"]

    (line,) = saved(tmp_path / "seen.jsonl", {"justice-news": (source, NotModified(Memory()))})
    assert (line["health"], line["road"]) == ("unchanged", "doj-news of justice.gov")
