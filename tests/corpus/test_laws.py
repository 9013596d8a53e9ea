"""The finder of duties on enacted laws that were marked by hand: found, days, and who owes them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from bot.deadlines.law_duties import Clock, find_clocks
from tests.kit.laws import printed

ALL, LIMITS, OWNERS, WRONG = 0.85, 0.95, 0.9, 0.02  # shares
_SMALL = {"the", "of", "and", "a", "an"}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"<page>.*?</page>", "", text)).casefold().strip()


def _about(clock: Clock, mark: dict) -> bool:
    sentence, quote = _plain(mark["sentence"]), _plain(clock.quote)
    return _plain(clock.limit) in sentence and (sentence[:80] in quote or quote[-80:] in sentence)


def _same_office(clock: Clock, mark: dict) -> bool:
    wanted, got = set(_plain(mark["who"]).split()) - _SMALL, set(_plain(clock.by).split()) - _SMALL
    return bool(got) and (wanted <= got or got <= wanted)


@pytest.fixture
def marked(corpus) -> list[tuple[dict, Clock | None]]:
    """Each mark with its clock, which no other mark has."""
    pairs: list[tuple[dict, Clock | None]] = []
    for file in sorted((corpus / "enacted").glob("PL-*.json")):
        law = json.loads(file.read_text(encoding="utf-8"))
        text = file.with_suffix(".txt").read_text(encoding="utf-8")
        clocks = find_clocks(printed(text, date.fromisoformat(law["enacted"])))
        for mark in law["duties"]:
            clock = next((clock for clock in clocks if _about(clock, mark)), None)
            clocks = [other for other in clocks if other is not clock]
            pairs.append((mark, clock))
    return pairs


def test_the_duties_of_marked_laws_are_found_with_their_days_and_owners(marked):
    limits = [clock for mark, clock in marked if "not later than" in mark["rule"].get("phrase", "")]
    found = [(mark, clock) for mark, clock in marked if clock]
    days = [(mark, clock) for mark, clock in found if clock.due]
    wrong = [mark["id"] for mark, clock in days if clock.due.isoformat() != mark["due"]]

    assert len(limits) > 30
    assert sum(map(bool, limits)) >= LIMITS * len(limits)
    assert len(found) >= ALL * len(marked)
    assert len(wrong) <= WRONG * len(days), wrong
    assert sum(_same_office(clock, mark) for mark, clock in found) >= OWNERS * len(found)
    assert [mark["id"] for mark, clock in found if mark["due"] and not clock.due] == []
