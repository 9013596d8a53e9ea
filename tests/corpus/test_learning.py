"""From an ask's text and at most 200 answers to a query, on recorded documents that two readers labeled.

The labels are split in halves, and each half plays both parts: one is answered, the other only measures the query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.learning.proposal import MOST
from bot.learning.records import Answer
from bot.shared.entry import Entry
from bot.sources.register.documents import document_entry
from tests.kit import configs
from tests.kit.learning import learn, raised, stored

CLICKS = 200
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Measured:
    recall: tuple[int, int]
    noise: tuple[int, int]


def lines(path: Path) -> list[Document]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def marks(item: Document) -> list[int]:
    return [item[key] for key in ("relevant", "second") if key in item]


def wanted(item: Document, ask: int | None) -> bool:
    """Whether both readers want it and, if an ask is meant, one of them names that ask."""
    both = len(marks(item)) == 2 and min(marks(item)) >= 1
    return both and (ask is None or ask in {*item["asks"], *item.get("second_asks", ())})


def answer(item: Document, ask: int | None) -> Answer:
    """The oracle's answer; what the readers disagree on is skipped, and the week's other documents are a No."""
    if "relevant" in item and len(marks(item)) == 2 and 0 < sum(mark > 0 for mark in marks(item)) < 2:
        return Answer.SKIP
    return Answer.YES if "relevant" in item and wanted(item, ask) else Answer.NO


@pytest.fixture(scope="module")
def labeled(corpus: Path) -> list[Document]:
    return lines(corpus / "federal_register" / "labelled.jsonl")


@pytest.fixture(scope="module")
def week(corpus: Path, labeled: list[Document]) -> list[Document]:
    """The recorded week, without the documents that are labeled: they may be in the half that measures."""
    numbers = {item["document_number"] for item in labeled}
    everything = lines(corpus / "federal_register" / "week_2023-06-12_documents.jsonl")
    return [item for item in everything if item["document_number"] not in numbers]


def measure(folder: Path, ask: int | None, answered: Sequence[Document], rest: Sequence[Document]) -> Measured:
    asks = configs.shipped().coalition.asks
    texts = [f"{each.title}. {each.text}" for number, each in asks.items() if ask in (None, number)]
    by_id = {item["document_number"]: item for item in answered}
    db = stored(folder, {id_: entry(item) for id_, item in by_id.items()})
    session = learn(db, texts, lambda id_: answer(by_id[id_], ask), clicks=CLICKS, seed=1)
    db.close()
    assert session.clicks <= CLICKS
    assert len(session.proposal.phrases) <= MOST
    positives = [entry(item) for item in rest if wanted(item, ask)]
    noise = [entry(item) for item in rest if max(marks(item)) == 0]
    query = session.proposal.query
    measured = Measured((raised(query, positives), len(positives)), (raised(query, noise), len(noise)))
    print(ask, measured, query)  # noqa: T201 - the figures of docs/performance.md
    return measured


def entry(item: Document) -> Entry:
    return document_entry({**item, "source": "federal-register"}, "register")


@pytest.mark.long
@pytest.mark.parametrize(("ask", "positives"), [(None, 89), (4, 21)])
def test_two_hundred_answers_find_a_query_for_the_other_half(labeled, week, tmp_path, ask, positives):
    halves = labeled[::2], labeled[1::2]
    measures = []
    for number, (one, other) in enumerate((halves, halves[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        measures.append(measure(folder, ask, [*one, *week], other))
    assert sum(each.recall[1] for each in measures) == positives
    assert sum(each.noise[1] for each in measures) == 503
    for each in measures:
        assert each.recall[0] >= 0.85 * each.recall[1]
        assert each.noise[0] <= 0.02 * each.noise[1]
