"""Planned rules as staff see them: silent at first, digest lines when a plan changes, and a list apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.app.polling import Poller
from bot.deadlines import agenda
from bot.deadlines.windows import planned_rules
from bot.entries import records
from bot.fetch.http import Fetcher, Limits
from bot.shared.entry import Agency, Entry, Kind, PlannedRule, PlannedStep
from bot.sources.register.reginfo import UnifiedAgenda
from bot.watch.model import Level, asks_of
from tests.kit.alerts import Room, campaign, watch
from tests.kit.board import CONFIG, Board, words
from tests.peers.agenda import NOT_THERE, edition, rule
from tests.peers.feedserver import serving

AUGUST = datetime(2026, 8, 4, 14, 0, tzinfo=UTC)
SOURCES = {"agenda": {"kind": "unified-agenda", "name": "Unified Agenda", "every": "24h"}}
WATCHES = (
    watch("relief", "relief", Level.ALERT, (8,)),
    watch("ovc", 'agency:"victims of crime"', Level.DIGEST, (3,), kinds=(Kind.PLANNED_RULE,)),
)
NPRM = ("NPRM", "11/00/2026")
VISA = {"title": "Fees for Visas", "agency": "Citizenship Services", "acronym": "USCIS", "abstract": "New fees."}


class Reginfo:
    def __init__(self, tmp_path, server, fetcher):
        self.server, self.fetcher = server, fetcher
        base = campaign({"sources": SOURCES, "routes": [{"to": "policy"}]}, WATCHES)
        self.room = Room(tmp_path, base, baseline=False, now=AUGUST)
        for name in ("202410", "202504", "202510", "202604"):
            self.has(name, NOT_THERE)

    def has(self, name, body):
        self.server.say(f"/agenda?{name}", body, content_type="text/xml")

    async def check(self):
        self.room.wait(days=1)
        source = UnifiedAgenda("agenda", "Agenda", self.server.url("/agenda?{edition}"), self.fetcher)
        poller = Poller(self.room.db, {"agenda": source}, self.room.config, clock=lambda: self.room.now,
                        new_id=self.room.new_id, dice=lambda: 0.0, since=None)  # fmt: skip
        await poller.poll_now()
        self.room.compose()
        self.room.send_all()

    @property
    def digest(self):
        return [line.text for card in self.room.cards("policy", "digest") for line in card.lines] + [
            line.text for card in self.room.cards("policy", "digest") for part in card.sections for line in part.lines
        ]


@pytest.fixture
async def reginfo(tmp_path):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    async with serving() as server:
        site = Reginfo(tmp_path, server, fetcher)
        site.has("202510", edition(rule("1121-AA12", NPRM), rule("1615-AC07", NPRM, **VISA)))
        await site.check()
        yield site
    await fetcher.close()


async def test_the_first_edition_is_silent_and_listed(reginfo):
    await reginfo.check()

    assert reginfo.room.cards("policy", "alert") == []
    assert not [text for text in reginfo.digest if "1121-AA12" in text]
    [plan] = planned_rules(reginfo.room.db, reginfo.room.now)
    assert plan.rule.rin == "1121-AA12"


async def test_a_plan_that_moved_is_one_line_of_the_digest_and_never_a_deadline(reginfo):
    reginfo.has("202604", edition(rule("1121-AA12", ("NPRM", "03/00/2027")), rule("1615-AC07", NPRM, **VISA)))
    for _ in range(3):
        await reginfo.check()

    assert reginfo.room.cards("policy", "alert") == []  # although a watch of alerts matches its title
    assert [text for text in reginfo.digest if "RIN" in text] == [
        (
            "Office for Victims of Crime: Plan changed: Relief for Survivors of Trafficking; NPRM planned for 2027-03 "
            "by OVC, RIN 1121-AA12, per the Spring 2026 agenda; NPRM moved from 2026-11 to 2027-03 (also Ask 8)"
        )
    ]
    assert agenda.lines(reginfo.room.db, reginfo.room.config.coalition, reginfo.room.now) == []


async def test_an_unchanged_plan_is_silent_and_named_by_the_newer_edition(reginfo):
    reginfo.has("202604", edition(rule("1121-AA12", NPRM)))
    for _ in range(2):
        await reginfo.check()

    assert not [text for text in reginfo.digest if "RIN" in text]
    [plan] = planned_rules(reginfo.room.db, reginfo.room.now)
    assert plan.rule.edition == "202604"


async def test_a_plan_without_a_step_ahead_is_not_listed(reginfo):
    reginfo.has("202604", edition(rule("1121-AA12", stage="Completed Actions")))
    await reginfo.check()

    assert planned_rules(reginfo.room.db, reginfo.room.now) == []


def test_the_list_is_narrowed_by_ask_agency_or_rin(tmp_path):
    plan = PlannedRule(
        rin="1121-AA12",
        agency="Office for Victims of Crime",
        acronym="OVC",
        stage="Proposed Rule Stage",
        steps=(PlannedStep("NPRM", "2026-10"),),
        edition="202510",
        exported=date(2026, 7, 3),
    )
    board = Board(tmp_path)
    entry = Entry(
        source="agenda",
        kind=Kind.PLANNED_RULE,
        identity=("rule:1121-AA12:1",),
        thread=plan.thread,
        rule=plan,
        title="Grants for Victims of Human Trafficking",
        agencies=(Agency("Office for Victims of Crime", None, "justice-department"),),
        summary="Continued presence for victims of human trafficking, who apply for T nonimmigrant status.",
    )
    [stored] = board.bring(entry)
    matches = records.matches_of(board.db, [stored.id])
    asks = asks_of(match for some in matches.values() for match in some)

    for about in ("", "1121-AA12", "victims crime", "ovc", *(f"ask {asks[0]}", str(asks[0]))):
        card = board.card(board.admin, "deadlines planned", **({"about": about} if about else {}))
        assert (
            "NPRM planned for 2026-10 by OVC, RIN 1121-AA12, per the Fall 2025 agenda; that month has passed"
            in words(card)
        )
    for about in ("cocoa", "999"):
        refusal = board.refused(board.admin, "deadlines planned", about=about)
        assert f"No planned rule about “{about}” matched a watch" in refusal.what
        assert "your watches decide which of its rules matter" in refusal.what


def test_where_the_agenda_is_not_read_the_list_says_what_to_add(tmp_path):
    off = {id_: source.model_copy(update={"enabled": False}) for id_, source in CONFIG.feeds.sources.items()}
    board = Board(tmp_path, config=replace(CONFIG, feeds=CONFIG.feeds.model_copy(update={"sources": off})))

    refusal = board.refused(board.admin, "deadlines planned")

    assert "add unified-agenda to the sources in feeds.yml" in refusal.what
