"""Recorded documents of the Register, through the reader and through the source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.entry import Change
from bot.sources.register.documents import document_entry
from bot.sources.register.federal_register import FederalRegister
from tests.peers.register import RegisterPeer


@pytest.fixture(scope="module")
def register(corpus: Path) -> Path:
    return corpus / "federal_register"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def load(path: Path) -> Any:
    return json.loads(path.read_text())


def recorded(register: Path) -> Iterator[dict[str, Any]]:
    yield from lines(register / "labelled.jsonl")
    yield from lines(register / "week_2023-06-12_documents.jsonl")
    yield from load(register / "api_documents_search_2016-02-29_full_day.json")["results"]
    yield from load(register / "api_documents_multi_2017-27513_2017-27451.json")["results"]
    yield from load(register / "api_documents_search_2026_term.json")["results"]
    yield load(register / "api_document_2026-13726_correction.json")
    yield load(register / "api_document_2026-19895_reopening.json")
    for call in load(register / "api_documents_search_2026_recorded_calls.json"):
        yield from call["response"].get("results", [])


def test_every_recorded_document_becomes_an_entry(register):
    documents = list(recorded(register))
    entries = [document_entry(document, "fr") for document in documents]
    assert len(entries) > 1300
    for document, entry in zip(documents, entries, strict=True):
        assert entry.title
        assert entry.publication_date == date.fromisoformat(document["publication_date"])
        assert (entry.agencies is None) == ("agencies" not in document)
        assert (entry.summary is None) <= (not document.get("abstract"))
    changes = Counter(entry.change for entry in entries)
    assert changes[Change.CORRECTION] >= 15
    assert sum(count for change, count in changes.items() if change) < 0.05 * len(entries)


def test_sub_agencies_are_shown_before_their_departments(register):
    day = load(register / "api_documents_search_2016-02-29_full_day.json")["results"]
    entries = [document_entry(document, "fr") for document in day]
    subs = [entry for entry in entries if any(agency.parent for agency in entry.agencies or ())]
    assert len(subs) == 75
    assert all(entry.agency and entry.agency.parent for entry in subs)
    assert [a.name for e in entries for a in e.agencies or () if a.slug is None] == ["Office of the Secretary"]


def test_the_recorded_reopening_ends_when_its_own_text_says(register):
    entry = document_entry(load(register / "api_document_2026-19895_reopening.json"), "fr")
    assert (entry.change, entry.comments_close_on) == (Change.REOPENING, date(2026, 10, 29))
    assert entry.references == ("page:91 FR 54729", "docket:USCG-2026-0041")


def test_the_recorded_correction_is_known_by_its_title_and_action(register):
    entry = document_entry(load(register / "api_document_2026-13726_correction.json"), "fr")
    assert (entry.change, entry.type) == (Change.CORRECTION, "Proposed Rule")


def test_a_withdrawal_of_2025_is_known_by_its_title(register):
    result = {entry["document_number"]: entry for entry in lines(register / "labelled.jsonl")}
    assert document_entry(result["2024-31012"], "fr").change is Change.WITHDRAWAL


async def test_the_recorded_week_comes_once_however_often_the_register_is_asked(register):
    documents = lines(register / "week_2023-06-12_documents.jsonl")
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    seen: Counter[str] = Counter()
    async with RegisterPeer(documents) as peer:
        source = FederalRegister("fr", "Federal Register", peer.documents_url, fetcher)
        memory = Memory()
        for day in range(5):
            morning = datetime(2023, 6, 12, 14, 0, tzinfo=UTC) + timedelta(days=day)
            peer.published_until = morning.date()
            answer = await source.poll(memory, morning)
            assert isinstance(answer, Fetched)
            assert answer.health is Health.OK
            new = {entry.identity[0] for entry in answer.entries} - seen.keys()
            seen.update(new)
            memory = answer.memory
    await fetcher.close()
    assert len(seen) == len(documents) == 580


async def test_the_recorded_full_day_comes_whole_through_the_source(register):
    answer = load(register / "api_documents_search_2016-02-29_full_day.json")
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    async with RegisterPeer(answer["results"]) as peer:
        source = FederalRegister("fr", "Federal Register", peer.documents_url, fetcher)
        got = await source.poll(Memory(), datetime(2016, 2, 29, 15, 0, tzinfo=UTC))
    await fetcher.close()
    assert isinstance(got, Fetched)
    assert (len(got.entries), got.broken, got.health) == (answer["count"], 0, Health.OK)


def test_the_words_agree_with_the_field_wherever_a_document_has_both(register):
    """But for one that reopens its comment period, whose field still holds the old day."""
    result = {document["document_number"]: document for document in recorded(register)}
    both = [item for item in result.values() if item.get("comments_close_on") and item.get("dates")]
    differ = [
        item["document_number"] for item in both if _worded(item) != date.fromisoformat(item["comments_close_on"])
    ]
    assert len(both) == 8
    assert differ == ["2026-19895"]


def test_notices_with_an_empty_field_get_a_day_from_their_abstract_alone(register):
    """Of these recordings only titles and abstracts are known; the live answers carry the DATES section as well."""
    week = lines(register / "week_2023-06-12_documents.jsonl")
    days = {item["document_number"]: on for item in week if (on := _worded(item))}
    assert len(days) == 21
    assert days["2023-12550"] == date(2023, 7, 15)  # "an extension of the comment period until July 15, 2023"
    assert days["2023-12834"] == date(2023, 8, 8)  # "from July 24, 2023, to August 8, 2023"
    assert days["2023-12439"] == date(2023, 7, 12)  # "an additional 30 days for public comments"
    assert "2023-12445" not in days  # the form's approval expires on September 30, 2023
    assert "2023-12585" not in days  # "published … on April 5, 2023, allowing a 60-day comment period"
    assert all(date(2023, 6, 12) < on < date(2023, 9, 1) for on in days.values())


def _worded(document: dict[str, Any]) -> date | None:
    """The last day for comments by the document's words alone."""
    return document_entry(document | {"comments_close_on": None}, "fr").comments_close_on
