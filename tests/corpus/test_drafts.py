"""What the watches that `new` drafts from a statement find in months that the table of words does not have.

A year of Register documents and two causes, each with the statement of an invented coalition and the documents that
concern it by a rule that no title or summary shows.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.config.load import load
from bot.sources.register.documents import document_entry
from tests.corpus.channel import coalition_of, slug_of

pytestmark = pytest.mark.long

HELD_OUT = ("02", "04", "06", "08", "10", "12")  # `bin/register_words.py` left these months out of the table
YEAR = Path("federal_register") / "year_2025"


@pytest.fixture(scope="module")
def documents(corpus: Path) -> Sequence[Mapping[str, Any]]:
    with gzip.open(corpus / YEAR / "documents.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [item for item in map(json.loads, lines) if item["publication_date"][5:7] in HELD_OUT]


def as_the_api_gives_it(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with slugs of its agencies: the mirror has their names, and "Part II" of the issue among them."""
    names = [name for name in document["agencies"] if not name.startswith("Part ")]
    return {**document, "agencies": [{"name": name, "slug": slug_of(name)} for name in names]}


@pytest.mark.parametrize("cause", ["loans", "whales"])
def test_the_drafts_of_an_unknown_cause_find_more_than_half_of_it_at_half_a_percent_of_noise(
    corpus, documents, cause, tmp_path
):
    said = json.loads((corpus / YEAR / f"cause_{cause}.json").read_text(encoding="utf-8"))
    relevant = set(said["relevant"])
    folder = coalition_of(corpus, cause, tmp_path)
    matcher = load(folder / "feeds.yml", folder / "coalition.yml").matcher
    found = {True: 0, False: 0}
    for document in documents:
        entry = document_entry({**as_the_api_gives_it(document), "source": "federal-register"}, "register")
        found[document["document_number"] in relevant] += bool(matcher.match(entry))
    of = sum(document["document_number"] in relevant for document in documents)
    recall, noise = found[True] / of, found[False] / (len(documents) - of)
    print(f"{cause}: {recall:.2f} of {of} at {noise:.2%}")  # noqa: T201 - the figures of docs/performance.md

    assert recall >= 0.55
    assert noise <= 0.005
