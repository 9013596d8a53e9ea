"""The shipped rules and watches on headlines that they were not written for.

They are invented, in the style of what a press contact reads. `mention_of` is who a headline really names; `relevant`
is what to do with it: 2 alert, 1 keep, 0 noise. The first file was written by people who had not read the rules, and
the rules were then improved with it. The second was written before that and tried afterwards.

The first results: in the first file 32 of 33 mentions were right and one, a byline, was wrong; 10 of 15 alerts were
posted, 31 of 38 items kept, and 2 of 26 noise items posted. In the second, 23 of 23 mentions were right; 14 of 14
alerts, 30 of 31 kept, 1 of 21 noise. Its last four lines were added later; one of them was wrongly an alert.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.clusters import Clusters
from bot.media.news.cluster import fingerprint
from tests.kit import configs
from tests.kit.judge import Judge


@pytest.fixture(scope="module", params=["headlines_first.jsonl", "headlines_second.jsonl"])
def judged(request):
    judge = Judge(configs.shipped())
    lines = (Path(__file__).parent / request.param).read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    return [(item, judge.verdict(item)) for item in items]


def levels(judged, *marks):
    return [verdict.level for item, verdict in judged if item["relevant"] in marks]


def test_who_is_meant_is_found_and_nobody_else_is(judged):
    result = [(item["title"], set(verdict.mentions), set(item["mention_of"])) for item, verdict in judged]
    assert [each for each in result if each[1] != each[2]] == []


def test_what_cannot_wait_is_an_alert_and_little_else_is(judged):
    act = levels(judged, 2)
    assert len(act) >= 14
    assert act.count("alert") >= 0.9 * len(act)
    assert act.count("alert") >= 0.75 * levels(judged, 0, 1, 2).count("alert")


def test_what_is_worth_a_line_is_raised(judged):
    levels_kept = levels(judged, 1, 2)
    assert levels_kept.count("none") <= 0.1 * len(levels_kept)


def test_noise_is_not(judged):
    noise = levels(judged, 0)
    assert len(noise) >= 21
    assert len(noise) - noise.count("none") <= 0.05 * len(noise)
    assert noise.count("alert") == 0


def test_no_two_of_them_are_one_story(judged):
    clusters = Clusters()
    story_ids = [
        clusters.add(item["id"], fingerprint(item["title"], item["excerpt"], item["outlet"])) for item, _ in judged
    ]
    assert story_ids == [item["id"] for item, _ in judged]


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Coalition to Abolish Slavery and Trafficking accused of mismanaging funds", "alert"),
        ("Human Trafficking Institute accused of retaliation", "alert"),
        ("Polaris, operator of the human trafficking hotline, accused of failing victims", "alert"),
        ("Coalition to Abolish Slavery and Trafficking faces audit", "alert"),
        ("Two accused of trafficking girls, Polaris says tips were ignored", "digest"),
        ("Man charged with sex trafficking had called Polaris hotline, lawsuit says", "digest"),
    ],
)
def test_a_member_that_is_accused_is_an_alert_and_a_trafficker_who_is_accused_is_not(title, level):
    judge = Judge(configs.shipped())
    url, text = "https://sun.example/2026/11/24/what-the-sun-printed-of-it-today", "It works against trafficking."
    item = {"source": "news", "title": title, "url": url, "date": "2026-11-24", "excerpt": text}
    assert judge.verdict(item).level == level
