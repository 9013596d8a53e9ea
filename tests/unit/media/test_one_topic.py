"""A page of headlines on one topic, without texts, as an index of news gives them.

Made up for this in the shapes of the recorded ones: outlets' names behind headlines, signs set apart by spaces, Title
Case. `headline` numbers those that say the same; most share a member's full name, a bill or a hotline with others.
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

from bench.clusters import Clusters
from bot.media.news.cluster import fingerprint, name_pairs
from tests.kit import configs

ITEMS = [json.loads(line) for line in (Path(__file__).parent / "one_topic.jsonl").read_text("utf-8").splitlines()]


def test_same_headlines_are_one_story_and_others_are_not():
    entities = configs.shipped().coalition.entities.values()
    names = name_pairs(name.words for entity in entities for name in (*entity.names, *entity.short))
    clusters = Clusters()
    story_ids = [clusters.add(item["id"], fingerprint(item["title"], "", item["outlet"], names)) for item in ITEMS]
    pairs = list(combinations(range(len(ITEMS)), 2))
    joined = {(a, b) for a, b in pairs if story_ids[a] == story_ids[b]}
    same = {(a, b) for a, b in pairs if ITEMS[a]["headline"] == ITEMS[b]["headline"]}

    assert len(ITEMS) >= 90
    assert len(same) >= 100
    assert len(joined & same) >= 0.9 * len(joined)  # precision
    assert len(joined & same) >= 0.9 * len(same)  # recall
    assert joined <= same  # as it is: not one wrong


def test_a_member_s_name_alone_makes_no_story():
    stories = {item["headline"]: item for item in ITEMS if item["title"].startswith("Coalition to Abolish Slavery and")}
    clusters = Clusters()
    story_ids = [clusters.add(item["id"], fingerprint(item["title"], "", item["outlet"])) for item in stories.values()]
    assert len(set(story_ids)) == len(stories) == 5
