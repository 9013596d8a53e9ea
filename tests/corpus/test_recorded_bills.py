"""Recorded bills of Congress, through the readers and through the source."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web

from bot.fetch.http import Fetcher, Limits
from bot.fetch.payload import read_object
from bot.shared.answer import Body, Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, steps
from bot.sources.congress.bill_record import bill_entries, read_api, read_billstatus
from bot.sources.congress.bill_status import BillStatus
from tests.peers.govinfo import Bill, GovInfoPeer


@pytest.fixture(scope="module")
def congress(corpus: Path) -> Path:
    return corpus / "congress"


@pytest.fixture
def hr4323(congress: Path) -> Bill:
    return Bill.of_mirror(load(congress / "bills_119/hr4323-119.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text())


def law_summary(congress: Path) -> dict[str, str]:
    """The summary of the law, as the bulk data have it since 2026-06-02."""
    (summary,) = ET.parse(next((congress / "billsum_xml").glob("BILLSUM-119hr4323*.xml"))).iter("summary")
    return {
        "actionDate": summary.findtext("action-date", ""), "actionDesc": summary.findtext("action-desc", ""),
        "text": summary.findtext("summary-text", ""), "updateDate": summary.get("update-date", ""),
    }  # fmt: skip


def named(package: str) -> str:
    """The bill a BILLSTATUS file's name speaks of."""
    digits = package.removeprefix("DEV-").removeprefix("BILLSTATUS-")
    return f"{digits[3:]}-{digits[:3]}"


def test_every_billstatus_file_is_read_whatever_its_schema(congress):
    files = sorted((congress / "billstatus_xml").rglob("*BILLSTATUS-*.xml"))
    assert len(files) == 14
    for file in files:
        record = read_billstatus(file.read_bytes())
        assert record.number.id == named(file.stem)
        assert record.title
        assert record.official_title
        assert record.updated
        happened = steps(record.actions)
        assert happened[0].type == "Introduced"
        assert [step.date for step in happened] == sorted(step.date for step in happened)


def test_the_same_bill_in_two_schemas_has_the_same_steps(congress):
    old, new = (
        steps(read_billstatus((congress / "billstatus_xml" / folder / "BILLSTATUS-117s35.xml").read_bytes()).actions)
        for folder in ("v1_117", ".")
    )
    assert [step.key for step in old] == [step.key for step in new]


def test_every_api_sample_is_read(congress):
    files = [*(congress / "api_v3_docs_hr21").glob("*.json"), *(congress / "api_v3_recorded").glob("*.json")]
    assert len(files) == 21
    for file in files:
        answer = read_object(Body("https://api.congress.gov/v3/x", 200, "application/json", file.read_bytes(), {}))
        assert isinstance(answer, dict), (file.name, answer)
    detail = load(congress / "api_v3_docs_hr21/bill_117_hr_21.json")
    record = read_api(detail, load(congress / "api_v3_docs_hr21/bill_117_hr_21_actions.json")["actions"])
    assert (record.number.id, record.title, len(steps(record.actions))) == ("hr21-117", "FedRAMP Authorization Act", 8)
    double = load(congress / "api_v3_recorded/hr9770-119_actions.json")["actions"]
    record = read_api({"bill": {"congress": 119, "type": "HR", "number": "9770"}}, double)
    assert (len(double), len(steps(record.actions))) == (14, 11)


def test_the_enacted_bill_has_seventeen_steps_in_its_twenty_four_rows(hr4323):
    record = read_billstatus(hr4323.billstatus())
    happened = steps(record.actions)
    assert (len(record.actions), len(happened)) == (24, 17)
    assert [step.type for step in happened if step.type not in ("Action", "Referred")] == [
        "Introduced", "Markup held", "Ordered reported", "Reported", "Placed on calendar", "Passed House",
        "Received in Senate", "Passed Senate", "Presented to President", "Signed by President", "Became law",
    ]  # fmt: skip
    entries = bill_entries(record, "bills")
    assert len({entry.identity for entry in entries}) == len(entries)
    assert {entry.thread for entry in entries} == {"bill:hr4323-119"}
    kinds = Counter(entry.type for entry in entries)
    assert (kinds["Text published"], kinds["Summary published"], kinds["Cosponsors"]) == (5, 1, 12)
    assert [entry.title for entry in entries if entry.type == "Became law"] == ["Became Public Law No: 119-73."]


@pytest.mark.parametrize("file", ["all_actions_2025-12-01", "actions_trafficking_119"])
def test_no_two_events_become_one_on_a_busy_day_or_in_a_busy_field(congress, file):
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (congress / f"corpus_119/{file}.jsonl").read_text().splitlines():
        row = json.loads(line)
        rows[row["bill"]].append(row)
    raw = unique = 0
    for bill, theirs in rows.items():
        kind, number, term = bill.split("-")
        mirror = {"bill": {"bill": {"congress": term, "type": kind, "number": number}}, "actions": {"actions": theirs}}
        record = read_api({"bill": mirror["bill"]["bill"]}, Bill.of_mirror(mirror).actions)
        happened = steps(record.actions)
        raw, unique = raw + len(record.actions), unique + len(happened)
        assert _events(record.actions) <= len(happened), bill
    print(f"{file}: {raw} rows, {unique} steps ({1 - unique / raw:.1%} repeat another)")  # noqa: T201
    assert 0.2 < 1 - unique / raw < 0.31


def _events(actions: tuple[Action, ...]) -> int:
    """Events by another measure: each chamber says an event once, but a referral once for each committee."""
    return len({(a.date, a.text, a.time, a.source) for a in actions if a.source != "Library of Congress"})


@pytest.mark.long
async def test_replayed_day_by_day_the_enacted_bill_posts_each_step_once(congress, hr4323):
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    texts: dict[str, str] = {}
    days: dict[date, int] = {}
    async with GovInfoPeer([hr4323]) as peer:
        source = BillStatus("bills", "Bills", peer.files_url, fetcher, bills=["hr4323-119"], batch_url=peer.batch_url)
        memory, day = Memory(), date(2025, 7, 9)
        hr4323.undated_from = date(2025, 12, 22)
        hr4323.levels["summaries"] = [*hr4323.levels["summaries"], law_summary(congress)]
        peer.written = [hr4323]
        while day <= date(2026, 6, 3):
            now = datetime(day.year, day.month, day.day, 23, 0, tzinfo=UTC)
            hr4323.until = day
            # The record is touched on every day of an action, and once when nothing had happened.
            if any(action["actionDate"] == day.isoformat() for action in hr4323.actions) or day == date(2026, 4, 7):
                hr4323.updated = now.isoformat().replace("+00:00", "Z")
            answer = await source.poll(memory, now)
            assert isinstance(answer, Fetched | NotModified)
            fresh = [e for e in getattr(answer, "entries", ()) if e.identity[0] not in texts]
            texts |= {entry.identity[0]: entry.title for entry in fresh}
            if fresh:
                days[day] = len(fresh)
            memory = Memory(answer.memory.validators, answer.memory.cursor, memory.first_success_at or now, now)
            day += timedelta(days=1)
    await fetcher.close()
    assert Counter(key.split(":")[2][:4] for key in texts)["2025"] == 14
    assert len(texts) == 37
    of_actions = {date.fromisoformat(action["actionDate"]) for action in hr4323.actions}
    of_cosponsors = {date.fromisoformat(row["sponsorshipDate"]) for row in hr4323.levels["cosponsors"]}
    twin = date(2025, 7, 9)  # which has no day: it was known at the first look
    assert days.keys() - of_actions - of_cosponsors == {twin, hr4323.undated_from, date(2026, 6, 2)}


def test_the_decoys_share_no_thread_with_the_enacted_bill(congress):
    threads = {
        entry.thread
        for file in (congress / "bills_119").glob("*.json")
        for entry in bill_entries(read_billstatus(Bill.of_mirror(load(file)).billstatus()), "bills")
    }
    numbers = ("s3240", "hr3240", "hr2255", "hr4323", "s2255", "hr1379")
    assert threads == {f"bill:{BillNumber.of(f'{number}-119').id}" for number in numbers}


CLASSES = {
    232: Health.UNREACHABLE,  # 500 for a reserved number
    398: Health.MALFORMED,  # an error object sent as success
    387: Health.UNREACHABLE,
    429: Health.UNREACHABLE,
    403: Health.BLOCKED,
    46: Health.BLOCKED,
    437: Health.BLOCKED,
}


async def test_every_recorded_error_of_the_api_has_its_class_and_costs_no_entry(congress, hr4323):
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    hr4323.until, now = None, datetime(2026, 6, 1, tzinfo=UTC)
    errors = [error for error in load(congress / "api_v3_errors/errors.json") if error["status"] != 200]
    assert len(errors) == len(CLASSES)
    async with GovInfoPeer([hr4323]) as peer:
        for error in errors:
            peer.api_answer = _recorded(error)
            got = await fetcher.get(f"{peer.api_url}/bill/119/hr/4323?format=json", now=now)
            failed = read_object(got) if isinstance(got, Body) else got
            assert isinstance(failed, FetchFailed), error
            assert failed.health is CLASSES[error.get("issue", error["status"])], error
            if error["status"] == 429:
                assert failed.retry_at == now + timedelta(seconds=24374)
            source = BillStatus(
                "bills", "Bills", peer.files_url, fetcher, bills=["hr4323-119"], batch_url=peer.batch_url,
                api_url=peer.api_url, key=peer.key,
            )  # fmt: skip
            answer = await source.poll(Memory(), now)
            assert isinstance(answer, Fetched)
            assert len(answer.entries) == 36
            assert "GovInfo was read instead" in answer.detail
    await fetcher.close()


def _recorded(error: dict[str, Any]) -> Any:
    status = error["status"] if isinstance(error["status"], int) else 200
    title = error.get("body_html_title")
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head></html>"
    body, kind = (page, "text/html") if title else (json.dumps(error.get("body", {})), "application/json")
    return lambda _: web.Response(status=status, text=body, content_type=kind, headers=error.get("headers"))
