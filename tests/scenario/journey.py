"""Two days of a coalition's channel: hello, an alert, a filing and its publication, a bill that becomes law, a digest,
and two duties that fall due in sixty days.

The sources are loopback peers; the moments are those of two ordinary days before Thanksgiving.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.kit.board import CONFIG
from tests.peers.feedserver import FeedServer, rss, serving
from tests.peers.govinfo import Bill, GovInfoPeer
from tests.peers.register import RegisterPeer, filing
from tests.scenario.kit import Clock, Program, shipped

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 08:00 in Washington
CBP = {"slug": "u-s-customs-and-border-protection", "name": "U.S. Customs and Border Protection", "id": 501}
DHS = {"slug": "homeland-security-department", "name": "Homeland Security Department", "id": 227, "parent_id": None}
FINDING = "Notice of Finding That Gloves Are Produced With Convict, Forced or Indentured Labor"
ORDER = "CBP issues Withhold Release Order on seafood"
FILED = "On public inspection: Finding: Gloves Are Produced With Convict, Forced or Indentured Labor"
PUBLISHED = "Published as filed: Finding: Gloves Are Produced With Convict, Forced or Indentured Labor"
DUE, LAW = "Due Sat Jan 23, 2027:", "Public Law 119-73, section 3"
HEADS = (  # of what the channel then holds, oldest first
    f"Watching for you: 4 sources, {len(CONFIG.watches)} watches, 9 asks",
    "Checked Tue Nov 24, 2026, 6:51 p.m. · 4 sources fine",  # the pinned card, as it was edited last
    ORDER,
    FILED,
    "Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73",
    PUBLISHED,
    f"{DUE} The U.S. attorneys’ report on motions to vacate and expunge ({LAW}(a))",
    f"{DUE} The report on training of U.S. attorneys on indicators of human trafficking ({LAW}(b))",
)


class Journey:
    def __init__(self, program: Program, register: RegisterPeer, govinfo: GovInfoPeer, feeds: FeedServer) -> None:
        self.program, self.register, self.govinfo, self.feeds = program, register, govinfo, feeds
        self._items = [_release("CBP seizes counterfeit watches", MONDAY)]
        self._say_news()

    async def to_the_end(self) -> list[int]:
        """Live through both days, each look a start of the program; how many messages each look posted."""
        looks = (self._baseline, self._order, self._filed, self._law, self._published, self._digest)
        return [await look() for look in looks]

    async def once_more(self, **later: float) -> tuple[int, int]:
        """Messages posted by a second look of one and the same program, and by the next program."""
        with self.program.started() as app:
            await app.once()
            self.program.clock.turn(**later)
            _, delivered = await app.once()
        self.program.clock.turn(**later)
        return delivered.sent, await self.program.once()

    async def _baseline(self) -> int:
        return await self._at(MONDAY)

    async def _order(self) -> int:
        self._items.insert(0, _release(ORDER, MONDAY))
        self._say_news()
        return await self._at(MONDAY.replace(hour=14))

    async def _filed(self) -> int:
        self.register.filings.append(_filing("2026-90002", FINDING, "2026-11-24"))
        return await self._at(MONDAY.replace(hour=15))

    async def _law(self) -> int:
        bill = self.govinfo.bills["BILLSTATUS-119hr4323"]
        for text in ("Signed by President.", "Became Public Law No: 119-73."):
            bill.actions.insert(0, _action("2026-11-23", text))
        bill.updated, self.govinfo.written = "2026-11-23T21:00:00Z", [bill]
        return await self._at(MONDAY.replace(hour=22))

    async def _published(self) -> int:
        self.register.filings.pop()
        self.register.documents.append(_document("2026-90002", FINDING, "2026-11-24"))
        return await self._at(datetime(2026, 11, 24, 11, 15, tzinfo=UTC))

    async def _digest(self) -> int:
        return await self._at(datetime(2026, 11, 24, 13, 31, tzinfo=UTC))

    async def _at(self, moment: datetime) -> int:
        self.program.clock.at = moment
        self.register.published_until = moment.date()
        return await self.program.once()

    def _say_news(self) -> None:
        self.feeds.say("/cbp", rss(*self._items))


@asynccontextmanager
async def journey(folder: Path, to: str, settings: dict[str, Any]) -> AsyncIterator[Journey]:
    """`to` is the one channel, as feeds.yml writes it; `settings` lead to its platform."""
    documents = [_document("2026-90001", "Airworthiness Directives", "2026-11-23")]
    bills = [_bill("HR", "4323"), _bill("S", "2255"), _bill("HR", "1379")]
    filings = [_filing("2026-90003", "Safety Zones", "2026-11-25")]
    async with RegisterPeer(documents, filings) as register, GovInfoPeer(bills) as govinfo, serving() as feeds:
        sources = {
            "register": register.documents_url,
            "public-inspection": register.inspection_url,
            "bill-status": govinfo.files_url,
            "cbp-news": feeds.url("/cbp"),
        }
        program = Program(folder, shipped(folder, sources, {"policy": to}), Clock(MONDAY), settings)
        yield Journey(program, register, govinfo, feeds)


def _document(number: str, title: str, on: str) -> dict[str, Any]:
    url = f"https://www.federalregister.gov/documents/{on.replace('-', '/')}/{number}/example"
    about = {"document_number": number, "title": title, "publication_date": on, "html_url": url, "type": "Notice"}
    return about | {"agencies": [DHS, CBP | {"parent_id": 227}], "abstract": None}


def _filing(number: str, title: str, publishes: str) -> dict[str, Any]:
    return filing(number, title=title, publication_date=publishes, agencies=[DHS, CBP | {"parent_id": 227}])


def _bill(type_: str, number: str) -> Bill:
    about = {"congress": 119, "type": type_, "number": number, "title": "Trafficking Survivors Relief Act"}
    return Bill(about, [_action("2025-07-10", "Introduced in House")])


def _action(day: str, text: str) -> dict[str, Any]:
    return {"actionDate": day, "text": text, "type": "Floor", "sourceSystem": {"code": "9", "name": "Congress"}}


def _release(title: str, at: datetime) -> dict[str, str]:
    link = f"https://www.cbp.gov/newsroom/{title.replace(' ', '-').lower()}"
    return {"title": title, "link": link, "guid": link, "pubDate": format_datetime(at)}
