"""Headlines that differ in a word that counts are two stories, whatever else they share."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kit.changed_headlines import swallowed, swapped

FILES = ("headlines_first.jsonl", "headlines_second.jsonl", "one_topic.jsonl")


def test_a_headline_is_changed_in_every_word_that_counts():
    assert list(swapped("Senate passes bill in Ohio, 12 to 3")) == [
        "House passes bill in Ohio, 12 to 3",
        "Senate rejects bill in Ohio, 12 to 3",
        "Senate passes bill in Iowa, 12 to 3",
        "Senate passes bill in Ohio, 13 to 3",
        "Senate passes bill in Ohio, 12 to 4",
    ]


def test_no_changed_headline_is_folded_into_the_first():
    lines = [line for name in FILES for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()]
    items = [json.loads(line) for line in lines]
    tried, wrong = swallowed([(item["title"], item.get("excerpt", ""), item["outlet"]) for item in items])
    assert tried > 1_500
    assert wrong == []
