"""The catalog of agencies: who is in it, by which names, with what evidence; and how soon each source is asked."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app.polling import next_poll
from bot.config import catalog
from bot.config.catalog import bodies, name, named, of_offices, offices_in
from bot.config.feeds import SourceConfig
from bot.shared.agencies import agencies, called
from bot.shared.answer import Health
from bot.shared.calendar import business_day
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.plain_text import EASTERN
from bot.watch.engine import Matcher
from bot.watch.model import Level, Watch
from bot.watch.query import parse

CORPUS = os.environ.get("CORPUS_DIR")
FMCSA = Agency(
    "Federal Motor Carrier Safety Administration",
    "federal-motor-carrier-safety-administration",
    "transportation-department",
)
MISSED = (
    "ACF ATSDR BJA BOEM CBP CDC CFPB CMS EDA EEOC EOUSA EPA FCC FDA FMCSA FRA FTC FWS HRSA HUD MSHA NIH NIOSH NLRB NPS "
    "OJP ORR OTIP OVC OVW OWCP SAMHSA SBA SEC SSA USCIS VA"
)


@pytest.mark.parametrize("short", MISSED.split())
def test_an_agency_that_coalitions_deal_with_is_known_by_its_short_name_and_has_an_office(short):
    id_ = catalog.office_called(short)

    assert called(short)
    assert catalog.offices()[id_]["salutation"].startswith("Dear ")


def test_no_two_agencies_have_one_short_name_and_each_one_above_exists():
    shorts = [agency["short"].casefold() for agency in agencies().values() if "short" in agency]

    assert len(shorts) == len(set(shorts))
    assert {agency["part_of"] for agency in agencies().values() if "part_of" in agency} <= agencies().keys()


def test_a_name_of_the_register_is_that_of_one_agency():
    slugs = [slug for agency in agencies().values() for slug in agency.get("register", ())]

    assert len(slugs) == len(set(slugs))


def test_no_two_sources_have_one_id_or_one_name():
    sections = [section.items() for agency in agencies().values() if (section := agency.get("sources"))]
    ids = [id_ for section in sections for id_, _ in section]

    assert len(ids) == len(set(ids))
    assert len({section["name"] for section in catalog.sources().values()}) == len(catalog.sources())


def test_a_source_that_nobody_saw_working_says_so():
    sources = {id_: SourceConfig.model_validate(section) for id_, section in catalog.sources().items()}
    assert [id_ for id_, source in sources.items() if not source.note and source.verified == "no"] == []


@pytest.mark.skipif(not CORPUS, reason="CORPUS_DIR names no recorded evidence")
def test_only_addresses_that_somebody_saw_answer_are_called_verified():
    lines = (Path(CORPUS or "") / "newsrooms" / "newsrooms.jsonl").read_text(encoding="utf-8").splitlines()
    roads = [road for line in lines for road in json.loads(line)["roads"]]
    alive = {re.split(r"[ ,]", road["address"])[0] for road in roads if road["verdict"] == "alive"}
    dead = {road["address"] for road in roads if road["verdict"] == "dead"}
    news = [section for agency in agencies().values() for section in agency.get("sources", {}).values()]
    urls = [(section.get("url"), section.get("verified", "no")) for section in news]
    urls += [(road.get("url"), "no") for section in news for road in section.get("fallbacks", ())]

    assert not [url for url, day in urls if day != "no" and url not in alive and "gao.gov" not in url]
    assert not [url for url, _ in urls if url in dead]
    seen = " ".join(road["address"] for road in roads if road["kind"].startswith("mail"))
    mailed = [road for section in news for road in (section, *section.get("fallbacks", ())) if road["kind"] == "mail"]
    assert len(mailed) == 21
    assert not [sender for road in mailed for sender in road["senders"] if sender not in seen]


def test_a_document_is_found_by_its_agency_s_short_name():
    entry = Entry(
        source="register", kind=Kind.DOCUMENT, identity=("x",), thread="x", title="Hours of service", agencies=(FMCSA,)
    )
    for query, found in (
        ("agency:FMCSA", True),
        ("agency:fmcsa service", True),
        ("agency:FRA", False),
        ("agency:DOT", True),
    ):
        watch = Watch("w", "w", (), Level.DIGEST, parse(query))
        assert bool(Matcher([watch]).match(entry)) is found, query


def test_an_agency_that_the_register_does_not_name_is_found_by_its_name():
    grant = Entry(
        source="g",
        kind=Kind.GRANT,
        identity=("x",),
        thread="x",
        title="Funds",
        agencies=(Agency("Bureau of Justice Assistance"),),
    )

    assert Matcher([Watch("w", "w", (), Level.DIGEST, parse("agency:BJA"))]).match(grant)


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("uscis-news", "uscis-news"),
        ("USCIS, news and alerts", "uscis-news"),
        ("USCIS", "uscis-news"),
        ("Mine Safety and Health Administration", "labor-news"),  # it has none of its own: its department's
        ("FMCSA", "transportation-news"),
        ("example.org", ""),
    ],
)
def test_a_source_is_found_by_its_id_its_name_or_its_agency(typed, source):
    assert catalog.source_called(typed) == source


def test_the_offices_that_a_text_names_are_found_by_name_and_by_acronym():
    assert offices_in("USDA should raise it. The Food and Nutrition Service must keep it.") == ["agriculture", "fns"]
    assert of_offices(["fns"]) == ["food-and-nutrition-service"]
    assert offices_in("Let every school serve meals.") == []


def test_an_office_that_publishes_nothing_itself_is_found_in_the_documents_of_the_one_above_it():
    assert of_offices(["niosh", "bja", "bja-foia"]) == [
        "centers-for-disease-control-and-prevention", "justice-programs-office",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["The FAA should act.", "Ask the Federal Aviation Administration to act."])
def test_an_agency_of_the_register_is_named_by_its_name_or_its_initials(text):
    assert named(text) == ["federal-aviation-administration"]


def test_an_acronym_that_the_text_explains_names_the_agency():
    assert named("BSA must act.", {"BSA": "Federal Transit Administration"}) == ["federal-transit-administration"]
    assert named("The faa must act.") == []


def test_what_agencies_are_called_is_known_in_full_and_for_short():
    assert {"EPA", "FAA", "USDA", "FNS", "Centers for Disease Control and Prevention"} <= bodies()


def test_an_agency_is_called_by_its_name():
    assert name("food-and-nutrition-service") == "Food and Nutrition Service"


WEEK = [datetime(2023, 6, 12, 0, tzinfo=EASTERN) + timedelta(minutes=n) for n in range(7 * 24 * 60)]  # the recorded one
ISSUES = [at for at in WEEK if at.time() == time(6) and business_day(at.date())]  # the Register is out by 6 a.m.
PAGE = Path(__file__).parents[3] / "docs" / "performance.md"
LIMITS = {
    "register": timedelta(minutes=30),
    "bill-status": timedelta(minutes=60),
    "house-votes": timedelta(minutes=60),
    "senate-votes": timedelta(minutes=60),
    "senate-hearings": timedelta(hours=2),
    "house-hearings": timedelta(hours=2),
}


def looks(config):
    """When it is asked in two weeks, with the widest jitter."""
    asked, now = [], WEEK[0] - timedelta(days=3)
    while not asked or asked[-1] < WEEK[-1] + timedelta(days=3):
        asked.append(now)
        now = next_poll(every=config.every, between=config.between, health=Health.OK, failures=0, retry_at=None,
                        now=now, jitter=0.999)  # fmt: skip
    return asked


@pytest.mark.parametrize(("source", "limit"), LIMITS.items())
def test_the_schedule_brings_news_in_time_and_the_page_says_how_soon(source, limit):
    config = SourceConfig.model_validate(catalog.sources()[source])
    asked, delays = looks(config), []
    for moment in ISSUES if source == "register" else WEEK:
        while asked[0] < moment:
            asked.pop(0)
        delays.append(asked[0] - moment)
    delays.sort()
    median, late = (round(delays[int(len(delays) * share)] / timedelta(minutes=1)) for share in (0.5, 0.95))
    assert timedelta(minutes=late) <= limit
    assert f"| {config.name} | {median} | {late} | {round(limit / timedelta(minutes=1))} |" in PAGE.read_text("utf-8")
