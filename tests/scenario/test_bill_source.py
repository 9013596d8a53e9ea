"""Followed bills against GovInfo's and congress.gov's own shapes and failures, over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.congress.bill_status import BillStatus
from tests.peers.govinfo import CHALLENGE, Bill, GovInfoPeer

pytestmark = pytest.mark.sqlite  # no store is read

NOON = datetime(2025, 12, 2, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PASSED = "On motion to suspend the rules and pass the bill Agreed to by voice vote."


def bill(type_: str = "HR", number: str = "4323", *actions: tuple[str, str]) -> Bill:
    rows = [
        {"actionDate": day, "text": text, "type": "Floor", "sourceSystem": {"code": "2", "name": "House floor actions"}}
        for day, text in actions or [("2025-12-01", PASSED), ("2025-07-10", "Introduced in House")]
    ]
    about = {"congress": 119, "type": type_, "number": number, "title": f"Act {number}", "introducedDate": "2025-07-10"}
    titles = [{"titleType": "Official Title as Introduced", "title": "To provide for an example."}]
    return Bill(about, rows, titles)


def cosponsor(bioguide: str, joined: str, withdrawn: str = "") -> dict[str, str]:
    return {"bioguideId": bioguide, "fullName": f"Rep. {bioguide}", "sponsorshipDate": joined,
            "sponsorshipWithdrawnDate": withdrawn, "isOriginalCosponsor": "False"}  # fmt: skip


def identical(type_: str, number: str, relation: str = "Identical bill") -> dict[str, Any]:
    return {"congress": "119", "type": type_, "number": number, "title": f"Act {number}",
            "relationshipDetails": [{"identifiedBy": "CRS", "type": relation}]}  # fmt: skip


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    yield fetcher
    await fetcher.close()


@pytest.fixture
async def peer() -> AsyncIterator[GovInfoPeer]:
    async with GovInfoPeer([bill(), bill("S", "2255")]) as peer:
        yield peer


def source(peer: GovInfoPeer, fetcher: Fetcher, *bills: str, key: str | None = None) -> BillStatus:
    return BillStatus(
        "bills", "Bills", peer.files_url, fetcher, bills=bills or ("hr4323-119", "s2255-119"),
        api_url=peer.api_url, key=key,
    )  # fmt: skip


def titles(answer: Any) -> list[str]:
    assert isinstance(answer, Fetched), answer
    return [entry.title for entry in answer.entries]


def polled(answer: Any, at: datetime = NOON) -> Memory:
    """The memory as the store hands it back."""
    return Memory(answer.memory.validators, answer.memory.cursor, at, at)


async def test_at_first_every_bill_is_read_and_is_baseline(peer, fetcher):
    answer = await source(peer, fetcher).poll(Memory(), NOON)
    assert titles(answer) == ["Introduced in House", "Introduced in House", PASSED, PASSED]
    assert answer.baseline == {entry.identity[0] for entry in answer.entries}
    assert peer.asked[0][0] == "/rss/billstatus-batch.xml"  # found on the host of the files
    assert (answer.health, answer.entries[0].summary) == (Health.OK, "To provide for an example.")


async def test_the_batch_feed_says_which_bill_to_read_again(peer, fetcher):
    bills = source(peer, fetcher)
    memory = polled(await bills.poll(Memory(), NOON))
    peer.asked.clear()
    assert isinstance(await bills.poll(memory, NOON + HOUR), NotModified)
    assert peer.asked_for("bulkdata") == 0
    changed = peer.bills["BILLSTATUS-119hr4323"]
    changed.actions.insert(0, {"actionDate": "2025-12-02", "text": "Received in the Senate.", "type": "IntroReferral"})
    peer.written.append(changed)
    answer = await bills.poll(memory, NOON + HOUR)
    assert titles(answer)[-1] == "Received in the Senate."
    assert answer.baseline == frozenset()
    assert (peer.asked_for("119hr4323.xml"), peer.asked_for("119s2255.xml")) == (1, 0)


async def test_a_bill_is_read_at_least_every_six_hours_though_the_feed_never_names_it(peer, fetcher):
    bills = source(peer, fetcher)
    memory = polled(await bills.poll(Memory(), NOON))
    peer.asked.clear()
    await bills.poll(memory, NOON + 5 * HOUR)
    assert peer.asked_for("bulkdata") == 0
    assert isinstance(await bills.poll(memory, NOON + 6 * HOUR), NotModified)  # asked conditionally: 304
    assert peer.asked_for("bulkdata") == 2


@pytest.mark.parametrize(
    "feed",
    [
        lambda _: web.Response(status=500),
        lambda _: web.Response(text=CHALLENGE, content_type="text/html", status=403),
        lambda _: web.Response(text="<html><body>Not found</body></html>", content_type="text/html"),
    ],
)
async def test_when_the_feed_cannot_be_read_each_bill_is_asked_for(peer, fetcher, feed):
    bills = source(peer, fetcher)
    memory = polled(await bills.poll(Memory(), NOON))
    peer.feed_answer = feed
    peer.bills["BILLSTATUS-119s2255"].actions.insert(0, {"actionDate": "2025-12-02", "text": "Hearings held."})
    answer = await bills.poll(memory, NOON + HOUR)
    assert titles(answer)[-1] == "Hearings held."
    assert answer.health is Health.OK
    assert "each bill was read instead" in answer.detail


async def test_a_bill_followed_later_is_a_silent_baseline_though_the_source_is_not_new(peer, fetcher):
    memory = polled(await source(peer, fetcher, "hr4323-119").poll(Memory(), NOON))
    answer = await source(peer, fetcher, "hr4323-119", "s2255-119").poll(memory, NOON + HOUR)
    assert {entry.bill for entry in answer.entries} == {"s2255-119"}
    assert answer.baseline == {entry.identity[0] for entry in answer.entries}


async def test_a_bill_dropped_and_followed_again_is_read_whole_as_baseline(peer, fetcher):
    both = polled(await source(peer, fetcher).poll(Memory(), NOON))
    one = polled(await source(peer, fetcher, "s2255-119").poll(both, NOON + 7 * HOUR))
    assert "hr4323-119" not in one.cursor["bills"]
    again = await source(peer, fetcher).poll(one, NOON + 8 * HOUR)
    assert {entry.identity[0] for entry in again.entries if entry.bill == "hr4323-119"} == again.baseline != frozenset()


async def test_one_bill_that_fails_stops_no_other_and_is_named_and_asked_again(peer, fetcher):
    bills = source(peer, fetcher, "hr1-119", "s2255-119")
    answer = await bills.poll(Memory(), NOON)
    assert {entry.bill for entry in answer.entries} == {"s2255-119"}
    assert answer.health is Health.GONE
    assert answer.detail.startswith("H.R. 1 (119th): ")
    peer.bills["BILLSTATUS-119hr1"] = bill("HR", "1")
    later = await bills.poll(polled(answer), NOON + HOUR)
    assert {entry.bill for entry in later.entries} == {"hr1-119"}
    assert later.baseline == {entry.identity[0] for entry in later.entries}


async def test_a_change_is_not_lost_when_the_file_fails_after_the_feed_named_it(peer, fetcher):
    bills = source(peer, fetcher, "hr4323-119")
    memory = polled(await bills.poll(Memory(), NOON))
    changed = peer.bills["BILLSTATUS-119hr4323"]
    changed.actions.insert(0, {"actionDate": "2025-12-02", "text": "Received in the Senate."})
    peer.written.append(changed)
    peer.file_answer = lambda _: web.Response(status=503)
    failed = await bills.poll(memory, NOON + HOUR)
    assert (failed.health, failed.entries) == (Health.UNREACHABLE, ())
    peer.file_answer = lambda _: None
    assert titles(await bills.poll(polled(failed), NOON + 2 * HOUR))[-1] == "Received in the Senate."


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (web.Response(text=CHALLENGE, content_type="text/html", status=403), Health.BLOCKED),
        (web.Response(text=CHALLENGE, content_type="text/html"), Health.BLOCKED),
        (web.Response(text="<html><body>Welcome</body></html>", content_type="text/html"), Health.NOT_A_FEED),
        (web.Response(text="<billStatus><bill>", content_type="application/xml"), Health.MALFORMED),
        (web.Response(body=bill("S", "3240").billstatus(), content_type="application/xml"), Health.MALFORMED),
    ],
)
async def test_a_file_that_is_no_record_of_the_bill_is_named_for_what_it_is(peer, fetcher, answer, health):
    body, content_type, status = answer.body, answer.content_type, answer.status
    peer.file_answer = lambda _: web.Response(body=body, content_type=content_type, status=status)
    peer.feed_answer = lambda _: web.Response(status=500)
    failed = await source(peer, fetcher, "hr4323-119").poll(Memory(), NOON)
    assert isinstance(failed, FetchFailed)
    assert failed.health is health


async def test_a_refreshed_update_date_or_a_corrected_citation_brings_the_same_entries(peer, fetcher):
    bills = source(peer, fetcher, "hr4323-119")
    first = await bills.poll(Memory(), NOON)
    record = peer.bills["BILLSTATUS-119hr4323"]
    record.updated = "2026-04-07T19:59:31Z"
    record.actions[0]["text"] += " (CR H4919)"
    again = await bills.poll(polled(first), NOON + 7 * HOUR)
    assert {entry.identity for entry in again.entries} == {entry.identity for entry in first.entries}
    assert again.entries[0].as_of == datetime(2026, 4, 7, 19, 59, 31, tzinfo=UTC)


async def test_an_old_record_refreshed_years_later_brings_nothing_old(peer, fetcher):
    bills = source(peer, fetcher, "hr4323-119")
    memory = polled(await bills.poll(Memory(), NOON))
    record = peer.bills["BILLSTATUS-119hr4323"]
    record.updated = "2028-01-01T00:00:00Z"
    record.actions.insert(0, {"actionDate": "2027-12-30", "text": "Became Public Law No: 119-999."})
    answer = await bills.poll(memory, datetime(2028, 1, 2, tzinfo=UTC))
    assert titles(answer) == ["Became Public Law No: 119-999."]


async def test_with_a_key_the_api_is_asked_first_and_the_key_stays_in_its_header(peer, fetcher):
    answer = await source(peer, fetcher, key=peer.key).poll(Memory(), NOON)
    assert titles(answer) == ["Introduced in House", "Introduced in House", PASSED, PASSED]
    assert peer.asked[0][0].startswith("/v3/bill/119/hr/4323?")
    assert {key for path, key in peer.asked if path.startswith("/v3/")} == {peer.key}
    assert {key for path, key in peer.asked if not path.startswith("/v3/")} == {""}
    assert not any(peer.key in path for path, _ in peer.asked)
    assert all("format=json" in path for path, _ in peer.asked if path.startswith("/v3/"))


async def test_with_a_key_the_rest_of_a_record_is_asked_for_when_it_changed_and_every_six_hours(peer, fetcher):
    bills = source(peer, fetcher, "hr4323-119", key=peer.key)
    memory = polled(first := await bills.poll(Memory(), NOON))
    assert [record.source for record in first.records] == ["congress.gov", "GovInfo BILLSTATUS"]
    counts = []
    for hours, updated in ((1, ""), (2, "2025-12-02T19:00:00Z"), (3, ""), (9, "")):
        peer.bills["BILLSTATUS-119hr4323"].updated = updated or peer.bills["BILLSTATUS-119hr4323"].updated
        peer.asked.clear()
        memory = polled(await bills.poll(memory, NOON + hours * HOUR))
        counts.append((peer.asked_for("/actions"), peer.asked_for("/cosponsors"), peer.asked_for("/bulkdata")))
    assert counts == [(1, 0, 0), (1, 1, 1), (1, 0, 0), (1, 1, 1)]


async def test_a_level_of_the_api_that_fails_is_unknown_and_not_empty(peer, fetcher):
    record = peer.bills["BILLSTATUS-119hr4323"]
    record.levels = {"cosponsors": [cosponsor("A000001", "2025-07-10")]}
    peer.api_answer = lambda request: web.Response(status=500) if request.path.endswith("/summaries") else None
    peer.file_answer = lambda _: web.Response(status=503)
    answer = await source(peer, fetcher, "hr4323-119", key=peer.key).poll(Memory(), NOON)
    (alone,) = answer.records
    assert (alone.summaries, len(alone.cosponsors), alone.texts) == (None, 1, ())
    assert "only congress.gov was read" in answer.detail


async def test_api_and_files_agree_on_the_identity_of_an_action(peer, fetcher):
    by_file = await source(peer, fetcher).poll(Memory(), NOON)
    by_api = await source(peer, fetcher, key=peer.key).poll(Memory(), NOON)
    assert [entry.identity for entry in by_file.entries] == [entry.identity for entry in by_api.entries]


async def test_long_histories_come_page_by_page(peer, fetcher):
    record = bill("HR", "4323", *[("2025-12-01", f"Amendment {n} offered.") for n in range(600)])
    peer.bills = {record.package: record}
    answer = await source(peer, fetcher, "hr4323-119", key=peer.key).poll(Memory(), NOON)
    assert len(set(titles(answer))) == 600
    assert peer.asked_for("/actions") == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500, "text": '{"error": "cannot access local variable (UnboundLocalError)"}'},
        {"status": 200, "text": '{"error": "cannot access local variable (UnboundLocalError)", "request": {}}'},
        {"status": 429, "text": '{"error": {"code": "OVER_RATE_LIMIT"}}', "headers": {"Retry-After": "24374"}},
        {"status": 403, "text": '{"error": {"code": "API_KEY_MISSING"}}'},
        {"status": 403, "text": CHALLENGE},
        {"status": 200, "text": "<?xml version='1.0'?><api-root><bill/></api-root>"},
        {"status": 200, "text": '{"bill": {"congress": 118, "type": "HR", "number": "4323"}}'},
        {"status": 404, "text": "{}"},
    ],
)
async def test_where_the_api_fails_govinfo_answers(peer, fetcher, answer):
    peer.api_answer = lambda _: web.Response(**answer)
    got = await source(peer, fetcher, "hr4323-119", key=peer.key).poll(Memory(), NOON)
    assert titles(got) == ["Introduced in House", PASSED]
    assert got.health is Health.OK
    assert "GovInfo was read instead" in got.detail
    assert peer.key not in got.detail


async def test_when_both_fail_both_are_named_and_the_longer_wait_is_kept(peer, fetcher):
    peer.api_answer = lambda _: web.Response(status=429, headers={"Retry-After": "3600"})
    peer.file_answer = lambda _: web.Response(status=503, headers={"Retry-After": "60"})
    failed = await source(peer, fetcher, "hr4323-119", key=peer.key).poll(Memory(), NOON)
    assert isinstance(failed, FetchFailed)
    assert failed.retry_at == NOON + HOUR
    assert "429" in failed.detail
    assert "503" in failed.detail


async def test_without_bills_there_is_nothing_to_say(peer, fetcher):
    nothing = BillStatus("bills", "Bills", peer.files_url, fetcher, bills=())
    assert isinstance(await nothing.poll(Memory(), NOON), NotModified)


def test_a_bill_without_its_congress_is_refused_at_once(peer):
    with pytest.raises(ValueError, match="hr1234-119"):
        BillStatus("bills", "Bills", "", Fetcher("x"), bills=["S.3240"])


async def test_a_day_is_a_bare_date(peer, fetcher):
    answer = await source(peer, fetcher, "hr4323-119").poll(Memory(), NOON)
    assert [entry.publication_date for entry in answer.entries] == [date(2025, 7, 10), date(2025, 12, 1)]


async def fresh(bills: BillStatus, memory: Memory, at: datetime) -> tuple[list[str], Memory]:
    """What is no baseline of the next answer."""
    answer = await bills.poll(memory, at)
    entries = getattr(answer, "entries", ())
    baseline = getattr(answer, "baseline", frozenset())
    return [entry.title for entry in entries if entry.identity[0] not in baseline], polled(answer, at)


async def test_joining_and_withdrawing_cosponsors_are_posted_by_day_with_the_count(peer, fetcher):
    record = peer.bills["BILLSTATUS-119hr4323"]
    record.levels = {"cosponsors": [cosponsor("A1", "2025-07-14"), cosponsor("B2", "2025-07-14")]}
    bills = source(peer, fetcher, "hr4323-119")
    answer = await bills.poll(Memory(), NOON)
    keys = {entry.identity[0] for entry in answer.entries}
    record.levels["cosponsors"] = [
        cosponsor("A1", "2025-07-14", "2025-12-02"), cosponsor("B2", "2025-07-14"), cosponsor("C3", "2025-12-01"),
    ]  # fmt: skip
    peer.written.append(record)
    again = await bills.poll(polled(answer), NOON + HOUR)
    assert [(e.title, e.type) for e in again.entries if e.identity[0] not in keys] == [
        ("1 cosponsor joined (now 3): Rep. C3", "Cosponsors"),
        ("1 cosponsor withdrew (now 2): Rep. A1", "Cosponsor withdrew"),
    ]


async def test_a_text_without_a_date_is_posted_once_and_a_reworded_summary_is_not(peer, fetcher):
    record = peer.bills["BILLSTATUS-119hr4323"]
    bills = source(peer, fetcher, "hr4323-119")
    answer = await bills.poll(Memory(), NOON)
    seen = {entry.identity[0] for entry in answer.entries}
    shown = []
    for day in (2, 3):
        url = "https://www.govinfo.gov/content/pkg/BILLS-119hr4323eh/xml/BILLS-119hr4323eh.xml"
        summary = {
            "actionDate": "",
            "actionDesc": "Passed House",
            "text": f"Words {day}",
            "updateDate": f"2025-12-0{day}",
        }
        record.levels = {
            "textVersions": [{"type": "Engrossed in House", "date": "", "formats": [{"url": url}]}],
            "summaries": [summary],
        }
        record.updated = f"2025-12-0{day}T01:00:00Z"
        peer.written = [record]
        answer = await bills.poll(polled(answer), NOON + 8 * day * HOUR)
        shown.append([entry.title for entry in answer.entries if entry.identity[0] not in seen])
        seen |= {entry.identity[0] for entry in answer.entries}
    assert shown == [["Summary by the Library: Passed House", "Text published: Engrossed in House"], []]


ESTIMATE = {
    "pubDate": "2025-12-05T01:33:00Z",
    "title": "H.R. 4323, Act 4323",
    "url": "https://www.cbo.gov/publication/59168",
    "description": "As ordered reported by the House Committee on the Judiciary on November 18, 2025",
}
AMENDMENTS = [
    {"congress": "119", "type": "SAMDT", "number": "890", "purpose": "In the nature of a substitute.",
     "submittedDate": "2025-12-04T05:00:00Z"},
    {"congress": "119", "type": "HAMDT", "number": "12", "submittedDate": "2025-12-04T05:00:00Z"},
    {"congress": "119", "type": "SAMDT", "number": "891", "purpose": "Undated."},
]  # fmt: skip
LISTED = [
    "2 amendments submitted: S.Amdt. 890 (In the nature of a substitute.) and H.Amdt. 12",
    f"Cost estimate by the Congressional Budget Office: {ESTIMATE['description']}",
]


@pytest.mark.parametrize("key", ["", GovInfoPeer.key])
async def test_a_cost_estimate_and_amendments_are_each_one_line_once(peer, fetcher, key):
    bills, record = source(peer, fetcher, "hr4323-119", key=key), peer.bills["BILLSTATUS-119hr4323"]
    _, memory = await fresh(bills, Memory(), NOON)
    record.levels = {"cboCostEstimates": [ESTIMATE, ESTIMATE], "amendments": AMENDMENTS}
    record.updated, peer.written = "2025-12-05T01:00:00Z", [record]
    answer = await bills.poll(memory, NOON + 72 * HOUR)
    lists = [entry for entry in answer.entries if entry.type in ("Cost estimate", "Amendments submitted")]
    news = sorted({entry.identity: entry for entry in lists}.values(), key=lambda entry: entry.title)

    assert [(entry.title, str(entry.publication_date)) for entry in news] == [
        (title, "2025-12-04") for title in LISTED
    ]  # the estimate was published in the evening, in Washington
    assert news[1].url == "https://www.cbo.gov/publication/59168"
    assert not answer.baseline
    record.updated = "2025-12-06T01:00:00Z"
    again = await bills.poll(polled(answer, NOON + 72 * HOUR), NOON + 96 * HOUR)
    assert {entry.identity for entry in news} <= {entry.identity for entry in again.entries}


async def test_what_was_listed_before_the_lists_were_read_is_no_news(peer, fetcher):
    bills, record = source(peer, fetcher, "hr4323-119"), peer.bills["BILLSTATUS-119hr4323"]
    _, memory = await fresh(bills, Memory(), NOON)
    del memory.cursor["bills"]["hr4323-119"]["lists"]  # as version 0.2 left it
    record.levels = {"cboCostEstimates": [ESTIMATE], "amendments": AMENDMENTS, "relatedBills": [identical("S", "7")]}
    peer.written = [record]
    answer = await bills.poll(memory, NOON + 72 * HOUR)

    silent = {entry.title for entry in answer.entries if entry.identity[0] in answer.baseline}
    assert silent == {*LISTED, "S. 7 (119th) has the same text, by the Library."}


async def test_an_identical_bill_of_the_same_congress_is_followed_too_and_counts_for_it(peer, fetcher):
    peer.bills["BILLSTATUS-119s2255"].levels = {
        "relatedBills": [identical("HR", "4323"), identical("HR", "1", "Related bill"),
                         identical("HR", "5") | {"congress": "118"}]}  # fmt: skip
    bills = source(peer, fetcher, "s2255-119")
    new, memory = await fresh(bills, Memory(), NOON)
    assert new == []
    assert peer.asked_for("119hr1.xml") + peer.asked_for("118hr5.xml") == 0
    record = peer.bills["BILLSTATUS-119hr4323"]
    record.actions.insert(0, {"actionDate": "2025-12-02", "text": "Became Public Law No: 119-73."})
    peer.written = [record]
    answer = await bills.poll(memory, NOON + HOUR)
    law = answer.entries[-1]
    assert (law.title, law.bill, law.speaks_for) == ("Became Public Law No: 119-73.", "hr4323-119", ("s2255-119",))


async def test_of_a_bill_that_is_called_identical_late_only_the_furthest_step_is_news(peer, fetcher):
    bills = source(peer, fetcher, "s2255-119")
    _, memory = await fresh(bills, Memory(), NOON)
    record = peer.bills["BILLSTATUS-119s2255"]
    record.levels = {"relatedBills": [identical("HR", "4323")]}
    peer.written = [record]
    new, memory = await fresh(bills, memory, NOON + HOUR)
    said = "H.R. 4323 (119th) has the same text, by the Library."
    assert new == ["Introduced in House", PASSED, PASSED, said]  # its own two, known before, and one of the other's
    peer.written = []
    assert (await fresh(bills, memory, NOON + 2 * HOUR))[0] == []


async def test_a_bill_dies_with_its_congress_though_its_record_never_changes(peer, fetcher):
    bills = source(peer, fetcher, "hr4323-119", "s2255-119")
    peer.bills["BILLSTATUS-119s2255"].actions.insert(0, {"actionDate": "2026-12-31", "text": "Presented to President."})
    before, after = datetime(2027, 1, 3, 16, tzinfo=UTC), datetime(2027, 1, 4, 16, tzinfo=UTC)
    _, memory = await fresh(bills, Memory(), before)
    new, memory = await fresh(bills, memory, after)
    assert new[-1] == "Died with the 119th Congress, which ended before it became law."
    assert sum(title.startswith("Died") for title in new) == 1  # what was presented may still be signed
    assert (await fresh(bills, memory, after + timedelta(hours=7)))[0] == []


async def test_a_twin_of_a_law_is_not_reported_as_dying_alone(peer, fetcher):
    law, twin = peer.bills["BILLSTATUS-119hr4323"], peer.bills["BILLSTATUS-119s2255"]
    law.actions.insert(0, {"actionDate": "2026-01-23", "text": "Became Public Law No: 119-73."})
    law.laws = [{"type": "Public Law", "number": "119-73"}]
    twin.levels = {"relatedBills": [identical("HR", "4323")]}
    bills = source(peer, fetcher, "hr4323-119", "s2255-119")
    _, memory = await fresh(bills, Memory(), datetime(2027, 1, 3, 16, tzinfo=UTC))
    new, _ = await fresh(bills, memory, datetime(2027, 1, 4, 16, tzinfo=UTC))

    ended = "Ended with the 119th Congress. H.R. 4323, with the same text, is Public Law 119-73."
    assert [title for title in new if "Congress" in title] == [ended]


async def test_a_bill_of_a_family_whose_law_coalition_yml_names_does_not_die_alone(peer, fetcher):
    family = {"s2255-119": "", "hr9-119": "Public Law 119-80", "hr9-120": "Public Law 120-1"}
    bills = BillStatus("bills", "Bills", peer.files_url, fetcher, bills=("s2255-119",), laws=[family])
    _, memory = await fresh(bills, Memory(), datetime(2027, 1, 3, 16, tzinfo=UTC))
    new, _ = await fresh(bills, memory, datetime(2027, 1, 4, 16, tzinfo=UTC))

    assert new[-1] == "Ended with the 119th Congress. H.R. 9, from the same family, is Public Law 119-80."


# --- subjects ---------------------------------------------------------------------------------------------------------


async def test_every_entry_of_a_bill_has_the_subjects_of_its_record(peer, fetcher):
    peer.bills["BILLSTATUS-119hr4323"].subjects = ["Human trafficking", "Crime victims"]
    answer = await source(peer, fetcher, "hr4323-119").poll(Memory(), NOON)
    assert {entry.subjects for entry in answer.entries} == {("Human trafficking", "Crime victims")}


async def test_entries_read_from_the_api_have_the_subjects_that_only_the_file_has(peer, fetcher):
    peer.bills["BILLSTATUS-119hr4323"].subjects = ["Human trafficking"]
    bills = source(peer, fetcher, "hr4323-119", key=peer.key)
    answer = await bills.poll(Memory(), NOON)
    assert {entry.subjects for entry in answer.entries} == {("Human trafficking",)}
