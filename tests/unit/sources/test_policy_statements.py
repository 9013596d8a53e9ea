"""Statements of Administration Policy: what is read of the list, what is news, and what is no list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.bill_milestones import bill_headline
from bot.shared.answer import FetchFailed, Health, NotModified
from bot.shared.entry import Kind
from bot.sources.congress.policy_statements import PolicyStatements
from tests.kit.source_reader import SourceReader

OCTOBER = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
PATH = "/archive/list.yaml"


def statement(bills="hr4323", issued="2026-09-24", *, title="H.R. 4323 – Relief Act", congress="119", more=""):
    listed = "".join(f"\n  - {bill}" for bill in bills.split())
    return (
        f"- bills:{listed or ' []'}\n  document_title: '{title} '\n  congress: {congress}\n  date_issued: '{issued}'\n"
        f"  fetched_from_url: https://www.whitehouse.gov/SAP-{issued}.pdf\n{more}"
    )


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, OCTOBER)

    async def poll(self, *statements, body=None, status=200):
        text = "".join(statements) if body is None else body
        self.server.say(PATH, text, content_type="text/plain", status=status)
        self.now += timedelta(hours=12)
        source = PolicyStatements("sap", "White House", self.server.url(PATH), self.fetcher)
        return await self.ask(source)


async def test_each_bill_of_a_statement_is_an_entry_that_claims_no_position(reader):
    answer = await reader.poll(statement("hr4323 sjres32"))

    assert [entry.bill for entry in answer.entries] == ["hr4323-119", "sjres32-119"]
    entry = answer.entries[0]
    assert (entry.kind, entry.thread, entry.publication_date) == (Kind.BILL, "bill:hr4323-119", date(2026, 9, 24))
    assert entry.title == "Statement of Administration Policy: H.R. 4323 – Relief Act"
    assert entry.url == "https://www.whitehouse.gov/SAP-2026-09-24.pdf"
    assert entry.notes == ("The list does not say which position it takes: read the statement.",)
    assert bill_headline([entry]) == "White House statement: H.R. 4323, 119th"


async def test_a_list_that_is_the_same_brings_nothing(reader):
    await reader.poll(statement())
    assert isinstance(await reader.poll(statement()), NotModified)


async def test_what_is_added_months_later_is_stored_in_silence(reader):
    old = statement("hr1", "2025-04-03")
    answer = await reader.poll(statement(), old)

    assert answer.baseline == {"statement:hr1-119:2025-04-03"}


async def test_a_rescinded_statement_is_one_entry_more(reader):
    first = await reader.poll(statement())
    after = await reader.poll(statement(more="  rescinded: true\n"))

    assert [entry.identity for entry in after.entries][:1] == [first.entries[0].identity]
    assert after.entries[1].title.startswith("Statement of Administration Policy rescinded: ")


async def test_two_statements_on_a_bill_and_day_are_two_entries_and_one_listed_twice_is_one(reader):
    first, second = statement("hr4323 hr4323"), statement(title="H.R. 4323 – Senate Amendment")
    before = await reader.poll(first, first)
    after = await reader.poll(first, second, first)

    assert [entry.identity for entry in before.entries] == [("statement:hr4323-119:2026-09-24",)]
    assert [(entry.identity, entry.title.partition(" – ")[2]) for entry in after.entries] == [
        (("statement:hr4323-119:2026-09-24",), "Relief Act"),
        (("statement:hr4323-119:2026-09-24:2",), "Senate Amendment"),
    ]


async def test_records_without_day_title_or_congress_are_counted_and_those_without_bills_bring_nothing(reader):
    rows = (statement(issued="soon"), statement(title=""), statement(congress="many"), statement(""), "- just words\n")
    answer = await reader.poll(*rows, statement("hr4323 nonsense"))

    assert ([entry.bill for entry in answer.entries], answer.broken) == (["hr4323-119"], 4)


@pytest.mark.parametrize(
    ("body", "status", "health"),
    [
        ("<!DOCTYPE html><html></html>", 200, Health.NOT_A_FEED),
        ("", 403, Health.BLOCKED),
        ("404: Not Found", 404, Health.GONE),
        ("words: only", 200, Health.NOT_A_FEED),
        ("- [unclosed", 200, Health.MALFORMED),
        ("[]", 200, Health.NOT_A_FEED),
        ("- a\n" * 200_000, 200, Health.TOO_LARGE),
        ("!!python/object:os.system x", 200, Health.MALFORMED),
    ],
)
async def test_what_is_no_list_is_the_sources_health(reader, body, status, health):
    answer = await reader.poll(body=body, status=status)

    assert isinstance(answer, FetchFailed)
    assert answer.health is health


@pytest.mark.parametrize(
    ("first", "next_one"),
    [
        ("- &a0 [x, x]\n", "- &a{} [*a{}, *a{}]\n"),
        ("- &a0 {{x: 1}}\n", "- &a{} {{<<: [*a{}, *a{}]}}\n"),
    ],
)
async def test_e4_values_that_stand_for_others_are_refused_before_they_multiply(reader, first, next_one):
    bomb = first.format() + "".join(next_one.format(n, n - 1, n - 1) for n in range(1, 60))
    answer = await reader.poll(body=f"{bomb}{statement(title='x')}".replace("'x '", "*a59"))

    assert (answer.health, answer.detail) == (Health.MALFORMED, "the list of statements is not plain YAML")


async def test_the_recorded_list_is_read(reader, material):
    recorded = material / "rules_to_come/statements_of_administration_policy_47-Trump.yaml"
    answer = await reader.poll(body=recorded.read_text(encoding="utf-8"))

    assert answer.broken == 0
    assert [entry.bill for entry in answer.entries][-1] == "hconres89-119"
    assert len(answer.entries) == 10
