"""The Unified Agenda: what is read of an edition, what changed between two, and what is no edition at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.shared.entry import Agency, Kind, PlannedRule, PlannedStep
from bot.sources.register.reginfo import UnifiedAgenda
from tests.kit.source_reader import SourceReader
from tests.peers.agenda import NOT_THERE, ROBOTS, edition, rule

AUGUST = datetime(2026, 8, 3, 14, 0, tzinfo=UTC)
NPRM = ("NPRM", "11/00/2026")


class Reader(SourceReader):
    """Polls a site that has the editions it was given, and its web page for all others."""

    def __init__(self, server):
        super().__init__(server, AUGUST, wire=20_000, decoded=20_000)
        for name in ("202410", "202504", "202510", "202604", "202610"):
            self.has(name, NOT_THERE)

    def has(self, name, body, **text):
        self.server.say(f"/agenda?{name}", body, content_type="text/xml", **text)

    async def poll(self):
        source = UnifiedAgenda("agenda", "Agenda", self.server.url("/agenda?{edition}"), self.fetcher)
        self.now += timedelta(days=1)
        return await self.ask(source)

    @property
    def asked(self):
        return [path.partition("?")[2] for path, _ in self.server.asked]


async def test_the_recorded_edition_is_read_with_its_months_and_without_its_markup(reader, material):
    reader.has("202510", (material / "rules_to_come/reginfo-rin-data-202510.xml").read_bytes())
    answer = await reader.poll()

    entry = answer.entries[0]
    assert (len(answer.entries), answer.broken, entry.kind) == (2, 0, Kind.PLANNED_RULE)
    assert "USDA's" in entry.title
    assert entry.title == entry.title.strip()
    assert entry.summary.startswith("This proposed rule would")
    assert not [mark for mark in ("<", "&", "\xa0", "DOCTYPE") if mark in entry.summary]
    assert (entry.rule.rin, entry.rule.stage, entry.rule.acronym) == ("0503-AA90", "Proposed Rule Stage", "AgSEC")
    assert entry.rule.steps == (PlannedStep("NPRM", "2026-11"),)
    assert entry.rule.plan == "NPRM planned for 2026-11 by AgSEC, RIN 0503-AA90, per the Fall 2025 agenda"
    assert entry.agencies == (
        Agency("Office of the Secretary", None, "agriculture-department"),
        Agency("Department of Agriculture", "agriculture-department"),
    )
    assert entry.agency.name == "Office of the Secretary"
    assert entry.url == "https://www.reginfo.gov/public/do/eAgendaViewRule?pubId=202510&RIN=0503-AA90"
    assert entry.published is entry.publication_date is entry.effective_on is None  # a plan has no day


async def test_an_edition_is_read_once_and_only_the_next_ones_are_asked_for(reader):
    reader.has("202510", edition(rule("1121-AA12", NPRM)))
    await reader.poll()
    assert reader.asked == ["202604", "202510"]
    reader.server.asked.clear()

    assert isinstance(await reader.poll(), NotModified)
    assert reader.asked == ["202604"]


async def test_what_changed_between_two_editions_is_posted_and_the_rest_keeps_its_identity(reader):
    final = ("Final Rule", "04/00/2027")
    reader.has("202510", edition(rule("1121-AA12", NPRM, final), rule("1121-AA13", NPRM), rule("1121-AA14", NPRM),
                                 rule("1121-AA15", stage="Completed Actions")))  # fmt: skip
    first = {entry.rule.rin: entry for entry in (await reader.poll()).entries}
    reader.has("202604", edition(
        rule("1121-AA12", ("NPRM", "03/00/2027"), ("Hearing", "04/00/2027"), stage="Final Rule Stage"),
        rule("1121-AA13", NPRM), run="2026-08-01-04:00",
    ))  # fmt: skip
    moved, same, gone = (await reader.poll()).entries

    assert moved.notes == ("Stage: Proposed Rule Stage became Final Rule Stage.", "NPRM moved from 2026-11 to 2027-03.",
                           "Added: Hearing 2027-04.", "Removed: Final Rule 2027-04.")  # fmt: skip
    assert moved.thread == first["1121-AA12"].thread
    assert moved.identity != first["1121-AA12"].identity
    assert (same.notes, same.identity) == ((), first["1121-AA13"].identity)
    assert same.rule.edition_name == "Spring 2026 agenda"
    assert (gone.rule.rin, gone.type) == ("1121-AA14", "No longer listed")
    assert gone.notes == ("The Spring 2026 agenda no longer lists it and gives no reason.",)


async def test_a_rule_that_cannot_be_read_is_not_said_to_be_gone(reader):
    reader.has("202510", edition(rule("1121-AA12", NPRM), rule("1121-AA13", NPRM)))
    await reader.poll()
    reader.has("202604", edition(rule("1121-AA12", NPRM), rule("1121-AA13", NPRM, title="")))
    answer = await reader.poll()

    assert [entry.rule.rin for entry in answer.entries] == ["1121-AA12"]
    assert answer.broken == 1


@pytest.mark.parametrize(
    ("steps", "plan"),
    [
        ((("NPRM", "11/14/2026"),), "NPRM planned for 2026-11-14 by OVC"),
        ((("NPRM", "01/00/2025"), ("Final Rule", "12/00/2026")), "Final Rule planned for 2026-12 by OVC"),
        ((("Next Action Undetermined", ""),), "Next Action Undetermined planned by OVC, no date given"),
        ((("NPRM", "13/00/2026"),), "NPRM planned by OVC, no date given"),
        ((("NPRM", "02/31/2027"),), "NPRM planned for 2027-02 by OVC"),
        ((("NPRM", "01/00/2025"),), "Proposed Rule Stage, no step ahead listed by OVC"),
        ((), "Proposed Rule Stage, no step ahead listed by OVC"),
    ],
)
async def test_a_plan_says_no_more_than_its_timetable(reader, steps, plan):
    reader.has("202510", edition(rule("1121-AA12", *steps)))
    [entry] = (await reader.poll()).entries

    assert entry.rule.plan == f"{plan}, RIN 1121-AA12, per the Fall 2025 agenda"


def test_a_month_is_late_once_it_has_passed():
    step = PlannedStep("NPRM", "2026-11")
    plan = PlannedRule(rin="1121-AA12", agency="OVC", stage="Proposed", steps=(step,), edition="202510")
    assert [plan.late(day) for day in (date(2026, 11, 30), date(2026, 12, 1))] == [False, True]


@pytest.mark.parametrize(
    ("body", "status", "health"),
    [(ROBOTS, 200, Health.BLOCKED), ("", 403, Health.BLOCKED), ("", 500, Health.UNREACHABLE),
     (edition(root="OTHER"), 200, Health.NOT_A_FEED), (edition(rule(), root="OTHER"), 200, Health.NOT_A_FEED),
     (edition(rule())[:-40], 200, Health.MALFORMED), (edition(), 200, Health.EMPTY),
     ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 200, Health.NOT_A_FEED)],
)  # fmt: skip
async def test_what_is_no_edition_is_the_sources_health(reader, body, status, health):
    reader.has("202604", body, status=status)
    answer = await reader.poll()

    assert isinstance(answer, FetchFailed)
    assert answer.health is health


async def test_a_site_without_any_recent_edition_fails_and_a_missing_one_is_only_not_there_yet(reader):
    assert (await reader.poll()).health is Health.NOT_A_FEED
    reader.has("202510", edition(rule()))
    reader.has("202604", "", status=404)
    assert isinstance(await reader.poll(), Fetched)


async def test_nothing_is_lost_if_the_edition_before_cannot_be_read_again(reader):
    reader.has("202510", edition(rule("1121-AA12", NPRM)))
    await reader.poll()
    reader.has("202604", edition(rule("1121-AA12", ("NPRM", "03/00/2027"))))
    reader.has("202510", "", status=500)
    assert (await reader.poll()).health is Health.UNREACHABLE
    reader.has("202510", edition(rule("1121-AA12", NPRM)))

    [entry] = (await reader.poll()).entries
    assert entry.notes == ("NPRM moved from 2026-11 to 2027-03.",)


async def test_rules_without_a_rin_title_or_agency_are_counted_and_a_large_edition_is_read(reader):
    rules = [rule(f"1121-A{letter}{n:02}", NPRM) for letter in "ABC" for n in range(20)]
    reader.has("202510", edition(*rules, rule("none"), rule("1121-AD01", title=""), rule("1121-AD02", agency="")))
    answer = await reader.poll()

    assert (len(answer.entries), answer.broken) == (60, 3)  # 30 kB, more than the limit for other bodies
