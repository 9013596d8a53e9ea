"""GAO and the inspectors general, as the catalog reads them: a report is reported once, whatever its list does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.config import catalog
from bot.shared.answer import Health
from bot.shared.entry import Difference
from bot.sources.feeds.feed import FeedSource
from bot.sources.page import Page
from tests.kit.source_reader import SourceReader

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
REPORTS = tuple(f"OIG-26-{n} | The Department Must Improve Program Number {n}" for n in range(40, 20, -1))
NEW = "OIG-26-41 | Inspections of Detention Facilities Missed Required Steps"
NOT_FOUND = (
    "<!DOCTYPE html><html><head><title>Not found</title></head><body><main><h1>Page not found</h1></main></body>"
)


def dhs(rows, day):
    cells = "".join(
        f'<tr><td class="views-field-field-report-number">{number}</td>'
        f'<td class="views-field-title"><a href="/sites/{number}.pdf">{title}</a></td>'
        f'<td class="views-field-field-issue-date"><time datetime="2026-11-{day:02}T12:00:00Z">11/{day:02}/2026</time>'
        "</td></tr>"
        for number, title in (row.split(" | ") for row in rows)
    )
    return f"<html><body><main><h1>Audits</h1><table><tbody>{cells}</tbody></table></main></body></html>"


def oversight(rows, day):
    cells = "".join(
        f'<tr class="listing-table__row"><td><time datetime="2026-11-{day:02}T12:00:00Z">11/{day:02}/2026</time></td>'
        f'<td>{agency}</td><td>{title}</td><td class="action-cell"><a href="/reports/x">View Report</a></td></tr>'
        '<tr class="listing-table__accordion-toggle"><td><button>View Report Highlights</button></td></tr>'
        for agency, title in (row.split(" | ") for row in rows)
    )
    return f"<html><body><main><h1>Reports</h1><table><tbody>{cells}</tbody></table></main></body></html>"


LISTS = pytest.mark.parametrize(("id_", "made"), [("dhs-inspector-general", dhs), ("oversight-reports", oversight)])


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, MONDAY)

    async def see(self, id_, html):
        """What the catalog's page says when it shows this."""
        section = catalog.sources()[id_]
        self.server.say("/list", html, content_type="text/html")
        self.now += timedelta(hours=12)
        options = {key: section[key] for key in ("select", "rolling", "ignore")}
        return await self.ask(Page(id_, section["name"], self.server.url("/list"), self.fetcher, **options))

    async def poll(self, body, **how):
        self.server.say("/reports.xml", body, **how)
        self.now += timedelta(hours=6)
        return await self.ask(FeedSource("gao", "GAO", self.server.url("/reports.xml"), self.fetcher))


def added(answer):
    return [quote.text for entry in answer.entries for quote in entry.quotes if quote.difference is Difference.ADDED]


@LISTS
async def test_only_a_new_row_is_a_new_report(reader, id_, made):
    await reader.see(id_, made(REPORTS, 2))

    assert (await reader.see(id_, made(REPORTS[::-1], 9))).entries == ()  # another order, corrected dates
    error = await reader.see(id_, NOT_FOUND)  # with status 200
    assert (error.health, error.detail) == (Health.EMPTY, "the watched part (tbody) is not on the page")
    assert added(await reader.see(id_, made((NEW, *REPORTS[:-1]), 9))) == [NEW]  # and the oldest leaves


# --- GAO's feed, in the form of a recorded one -----------------------------------------------------------------------


def gao(*numbers, at="07:16:14"):
    items = "".join(
        f"<item><title>Program {n}: Steps Needed to Improve Oversight</title>"
        f"<link>https://www.gao.gov/products/gao-26-{n}</link><description>\nWhat GAO Found\n\nNumber {n}</description>"
        f'<pubDate>Mon, 23 Nov 2026 {at} -0500</pubDate><guid isPermaLink="false">/products/gao-26-{n}</guid></item>'
        for n in numbers
    )
    style = '<?xml-stylesheet type="text/xsl" href="/scripts/rss.xsl" ?>'
    return f'<?xml version="1.0"?>\n{style}\n<rss version="2.0"><channel><title>Reports</title>{items}</channel></rss>'


async def test_a_report_that_leaves_the_feed_and_returns_with_another_date_is_reported_once(reader):
    await reader.poll(gao(103, 102, 101))

    assert (await reader.poll(gao(103, 101))).entries == ()
    assert (await reader.poll(gao(103, 102, 101, at="09:30:00"))).entries == ()
    (entry,) = (await reader.poll(gao(104, 103, 102))).entries
    assert entry.url == "https://www.gao.gov/products/gao-26-104"


async def test_an_error_page_in_place_of_the_feed_is_health(reader):
    await reader.poll(gao(101))

    answer = await reader.poll(NOT_FOUND, content_type="text/html")
    assert answer.health is Health.NOT_A_FEED
    assert len((await reader.poll(gao(102, 101))).entries) == 1


@pytest.mark.parametrize("id_", ["justice-inspector-general", "dhs-inspector-general", "oversight-reports"])
def test_no_address_that_nobody_tried_is_called_verified(id_):
    assert catalog.sources()[id_].get("verified", "no") == "no"
