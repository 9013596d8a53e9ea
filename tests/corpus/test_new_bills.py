"""298 labeled bills on the program's own path: GovInfo's feed of new bills, each bill's record, the shipped watches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from bot.shared.bill_number import BillNumber
from bot.store.database import Reader
from tests.peers.feedserver import rss, serving
from tests.peers.govinfo import Bill, GovInfoPeer
from tests.scenario.kit import Clock, Program, shipped

START = datetime(2026, 3, 2, 14, tzinfo=UTC)
DECOYS = ("number_decoy", "judiciary_homeland_random", "other_random")
OURS = ("Trafficking Survivors Relief Act", "Fairness for Crime Victims Act")  # watched for other reasons
_A_NIGHT = 100  # the feed's window

Row = dict[str, Any]


def number(row: Row) -> BillNumber:
    kind, digits, congress = row["id"].split("-")
    return BillNumber.of(f"{kind}{digits}-{congress}")


def printed(rows: Iterable[Row]) -> str:
    """The feed as GovInfo has it: the short title, behind the number."""
    items = []
    for row in rows:
        bill = number(row)
        package = f"BILLS-{bill.congress}{bill.type}{bill.number}ih"
        items.append(
            {
                "guid": package,
                "link": f"https://www.govinfo.gov/app/details/{package}",
                "title": f"{bill.label.partition(' (')[0]} (IH) - {row['title']}",
                "pubDate": format_datetime(START),
            }
        )
    return rss(*items)


def record(row: Row, *, subjects: bool) -> Bill:
    bill = number(row)
    of = {"congress": bill.congress, "type": bill.type.upper(), "number": bill.number, "title": row["title"]}
    titles = [{"titleType": "Official Title as Introduced", "title": row["official"]}]
    actions = [{"actionDate": "2026-03-01", "text": "Introduced in House"}]
    return Bill(of, actions, titles, subjects=row["subjects"] if subjects else [])


def raised(db: Reader, rows: Sequence[Row]) -> set[str]:
    """The bills of which something was posted, or is a line of the next digest."""
    posted_rows = db.read(
        "SELECT entry_id FROM digest_line UNION SELECT e.entry_id FROM delivery_entry AS e "
        "JOIN delivery AS d ON d.id = e.delivery_id WHERE d.kind IN ('alert', 'story')"
    )
    bodies = {row["id"]: json.loads(row["body"]) for row in db.read("SELECT id, body FROM entry")}
    bills = {bodies[row["entry_id"]].get("bill") for row in posted_rows}
    return {row["id"] for row in rows if number(row).id in bills}


@pytest.mark.long
async def test_the_field_is_raised_by_titles_and_records_and_no_decoy_is(tmp_path: Path, corpus: Path) -> None:
    file = corpus / "congress" / "corpus_119" / "bills_sample_119.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    field = {row["id"] for row in rows if row["stratum"] == "crs_subject_human_trafficking"}
    decoys = {row["id"] for row in rows if row["stratum"] in DECOYS and not any(item in row["title"] for item in OURS)}
    assert (len(field), len(decoys)) == (27, 214)

    async with GovInfoPeer([]) as peer, serving() as feeds:
        sources = {"govinfo-bills": feeds.say("/bills.xml", printed([])), "bill-status": peer.files_url}
        config = shipped(tmp_path, sources, {"policy": "console:policy"})
        program = Program(tmp_path, config, Clock(START))
        with program.started() as app:
            await app.poll_once()  # the first look, before any of them is there
            for first in range(0, len(rows), _A_NIGHT):
                program.clock.turn(hours=1)
                feeds.say("/bills.xml", printed(rows[first : first + _A_NIGHT]))
                await app.poll_once()
            by_feed = raised(app.db, rows)
            peer.bills |= {item.package: item for item in (record(row, subjects=False) for row in rows)}
            for _ in range(len(rows) // 20 + 1):
                program.clock.turn(hours=6)
                await app.poll_once()
            by_titles = raised(app.db, rows)
            await app.close()
        peer.bills |= {
            item.package: item for item in (record(row, subjects=True) for row in rows)
        }  # a week or so later
        with program.started() as app:
            for _ in range(60):
                program.clock.turn(hours=12)
                await app.poll_once()
            by_subjects = raised(app.db, rows)
            await app.close()

    assert len(field & by_feed) == 7
    assert len(field & by_titles) == 10
    assert len(field & by_subjects) >= 0.95 * len(field), field - by_subjects
    assert not decoys & by_subjects
