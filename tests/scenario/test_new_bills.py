"""A bill that nobody follows: noticed by the feed's title, or by what its record adds days or weeks later."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.app.polling import Poller
from bot.entries import source_records
from bot.fetch.http import Fetcher, Limits
from bot.shared.bill_number import BillNumber
from bot.sources.congress.new_bills import NewBills
from bot.sources.kinds import SourceConfig
from bot.watch.model import Level
from tests.kit.alerts import Room, campaign, watch
from tests.peers.feedserver import rss, serving
from tests.peers.govinfo import Bill, GovInfoPeer

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
FEEDS = {
    "printed": {"kind": "new-bills", "name": "GovInfo, bills as printed", "may_be_empty": True},
    "bills": {"kind": "bill-status", "name": "GovInfo"},
}
WATCHES = (watch("trafficking", '"human traffick*"', Level.DIGEST),)


def printed(bill: str, title: str = "To help.", version: str = "ih") -> dict[str, str]:
    number = BillNumber.of(bill)
    package = f"BILLS-{number.congress}{number.type}{number.number}{version}"
    return {
        "guid": package,
        "link": f"https://www.govinfo.gov/app/details/{package}",
        "title": f"{number.label.partition(' (')[0]} ({version.upper()}) - {title}",
        "pubDate": format_datetime(START),
    }


def record(bill: str, *subjects: str, title: str = "Help Act", official: str = "To help.") -> Bill:
    number = BillNumber.of(bill)
    of = {"congress": number.congress, "type": number.type.upper(), "number": number.number, "title": title}
    titles = [{"titleType": "Official Title as Introduced", "title": official}]
    return Bill(of, [{"actionDate": "2026-11-23", "text": "Introduced in House"}], titles, subjects=list(subjects))


class Library:
    """The feed, the records, and the program's own poll loop, at the times that a test sets."""

    def __init__(self, tmp_path, feeds, peer, fetcher):
        self.room = Room(tmp_path, campaign({"sources": FEEDS}, WATCHES), baseline=False, now=START)
        self.feeds, self.peer, self.fetcher, self.followed = feeds, peer, fetcher, ()

    def hold(self, *bills: Bill) -> None:
        self.peer.bills |= {bill.package: bill for bill in bills}

    async def poll(self, *items: dict[str, str], **later: float) -> None:
        """Everything is built again, as after a restart; only the store stays."""
        self.room.wait(**later or {"hours": 1})
        if items:
            self.feeds.say("/bills.xml", rss(*items))
        records = SourceConfig.model_validate({"kind": "bill-status", "name": "Records", "url": self.peer.files_url})
        source = NewBills(
            "printed", "GovInfo, bills as printed", self.feeds.url("/bills.xml"), self.fetcher,
            sources=[records], bills=self.followed, may_be_empty=True,
        )  # fmt: skip
        poller = Poller(
            self.room.db, {"printed": source}, self.room.config, clock=lambda: self.room.now,
            new_id=self.room.new_id, dice=lambda: 0.0, since=None,
        )  # fmt: skip
        await poller.poll_now()

    @property
    def raised(self) -> list[str]:
        """The titles of the digest lines, each as often as it was written down."""
        sql = "SELECT e.title FROM digest_line AS l JOIN entry AS e ON e.id = l.entry_id ORDER BY e.title"
        return [row["title"] for row in self.room.db.read(sql)]

    def asked(self, bill: str) -> int:
        return self.peer.asked_for(BillNumber.of(bill).file.rpartition("/")[2])


@pytest.fixture
async def library(tmp_path):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    async with serving() as feeds, GovInfoPeer([]) as peer:
        made = Library(tmp_path, feeds, peer, fetcher)
        await made.poll(printed("hr1-119"))
        yield made
    await fetcher.close()


async def test_a_bill_is_raised_by_the_subjects_of_its_record(library):
    library.hold(record("hr900-119", "Human trafficking"), record("hr901-119", "Fishes"))
    await library.poll(printed("hr900-119"), printed("hr901-119"))

    assert library.raised == ["H.R. 900 (IH) - To help."]
    why = library.room.db.read("SELECT reasons FROM match")[0]["reasons"]
    assert '"field":"subjects"' in why.replace(" ", "")


async def test_a_bill_is_raised_by_the_short_title_that_only_its_record_has(library):
    library.hold(record("hr900-119", "Fishes", title="Human Trafficking Awareness Act"))
    await library.poll(printed("hr900-119"))

    assert library.raised == ["H.R. 900 (IH) - To help."]


async def test_a_bill_that_its_title_raised_is_not_raised_again_by_its_record(library):
    library.hold(record("hr900-119", "Human trafficking", title="Human Trafficking Awareness Act"))
    await library.poll(printed("hr900-119", "To end human trafficking."))
    await library.poll(hours=6)

    assert library.raised == ["H.R. 900 (IH) - To end human trafficking."]


async def test_subjects_that_come_weeks_later_raise_the_bill_then_and_end_the_reading(library):
    library.hold(record("hr900-119"))
    await library.poll(printed("hr900-119"))
    for _ in range(9):
        await library.poll(days=2)
    assert (library.raised, library.asked("hr900-119")) == ([], 6)
    library.hold(record("hr900-119", "Human trafficking"))
    for _ in range(30):
        await library.poll(days=2)

    assert library.raised == ["H.R. 900 (IH) - To help."]
    assert library.asked("hr900-119") == 7


async def test_a_record_without_subjects_is_given_up_after_sixty_days(library):
    library.hold(record("hr900-119"))
    await library.poll(printed("hr900-119"))
    for _ in range(90):
        await library.poll(days=1)

    assert library.asked("hr900-119") == 9
    assert source_records.source_state(library.room.db, "printed").memory.cursor["records"] == {}


async def test_a_record_that_is_not_there_yet_is_asked_for_again(library):
    await library.poll(printed("hr900-119"))
    library.hold(record("hr900-119", "Human trafficking"))
    await library.poll(hours=7)

    assert library.raised == ["H.R. 900 (IH) - To help."]


async def test_unreachable_records_are_retried_gently_and_nothing_is_lost(library):
    library.hold(*(record(f"hr{n}-119", "Human trafficking") for n in range(900, 905)))
    library.peer.file_answer = lambda _: web.Response(status=503)
    await library.poll(*(printed(f"hr{n}-119") for n in range(900, 905)))
    assert library.peer.asked_for("BILLSTATUS-119") == 1
    assert "records of new bills could not be read" in source_records.source_state(library.room.db, "printed").detail
    library.peer.file_answer = lambda _: None
    await library.poll()

    assert len(library.raised) == 5


async def test_a_poll_reads_twenty_records_and_the_next_ones_the_rest(library):
    library.hold(*(record(f"hr{n}-119", "Human trafficking") for n in range(900, 950)))
    await library.poll(*(printed(f"hr{n}-119") for n in range(900, 950)))
    assert (library.peer.asked_for("BILLSTATUS-119"), len(library.raised)) == (20, 20)
    await library.poll()
    await library.poll()

    assert (library.peer.asked_for("BILLSTATUS-119"), len(set(library.raised))) == (50, 50)


async def test_baseline_and_followed_bills_are_not_read(library):
    library.followed = ("hr900-119",)
    await library.poll(printed("hr1-119"), printed("hr900-119"))

    assert library.peer.asked_for("BILLSTATUS-119") == 0


async def test_a_broken_record_is_no_trouble_of_the_feed(library):
    library.hold(record("hr901-119", "Human trafficking"))
    library.peer.file_answer = lambda request: (
        web.Response(text="<billStatus><bill>", content_type="application/xml") if "hr900" in request.path else None
    )
    await library.poll(printed("hr900-119"), printed("hr901-119"))

    assert library.raised == ["H.R. 901 (IH) - To help."]
    assert source_records.source_state(library.room.db, "printed").health.good


async def test_a_later_text_of_a_bill_is_raised_by_its_subjects_too(library):
    library.hold(record("hr900-119", "Human trafficking"))
    await library.poll(printed("hr900-119"))
    await library.poll(printed("hr900-119"), printed("hr900-119", version="rh"), days=30)

    assert library.raised == ["H.R. 900 (IH) - To help.", "H.R. 900 (RH) - To help."]


async def test_a_crash_between_reading_and_storing_reads_once_more_and_raises_once(library, monkeypatch):
    library.hold(record("hr900-119", "Human trafficking"))

    def dies(*_, **__):
        raise RuntimeError("the power fails")

    with monkeypatch.context() as broken:
        broken.setattr(source_records, "save_source", dies)
        with pytest.raises(RuntimeError):
            await library.poll(printed("hr900-119"))
    await library.poll()
    await library.poll()

    assert library.raised == ["H.R. 900 (IH) - To help."]
