"""A whole Congress of bills' records: read, normalised and held against what is known, beside parsing the XML alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from lxml import etree

from bench.measure import Figure, Round, Size, in_turn
from bot.sources.congress.bill_record import bill_entries, read_billstatus

_BILLS: Final = 16_000
_AIM: Final = 2
_RIVAL: Final = "lxml parses the files, and no more"
_BOILERPLATE: Final = (
    "<dc:description>" + "This file contains bill summaries and statuses for federal legislation. " * 12
)
_WORDS: Final = ("relief", "survivors", "reporting", "commerce", "grants", "oversight", "veterans", "energy", "land")


def whole_congress(size: Size) -> list[Figure]:
    """Files of the shape and the size that GovInfo's have: four actions, a dozen cosponsors, and what goes with them.

    All of them are read again in every round; in daily use, an unchanged file is not parsed.
    """
    with TemporaryDirectory(prefix="bench-congress-") as folder:
        for number, text in enumerate(_files(size.of(_BILLS)), start=1):
            (Path(folder) / f"{number}.xml").write_text(text, encoding="utf-8")
        parse, read, diff = "parse", "read", "diff"
        found = in_turn(
            {parse: partial(_parse, folder), read: partial(_read, folder), diff: partial(_diff, folder)},
            size.short.rounds,
        )
    unit = f"s for {size.of(_BILLS):,} files"
    return [
        Figure(
            what=f"a Congress of bills' records, {name}", unit=unit, ours=found[ours], rival=_RIVAL,
            theirs=found[parse], aim=aim, less_is_better=True,
        )
        for name, ours, aim in (("read and normalised", read, None), ("read, normalised and diffed", diff, _AIM))
    ]  # fmt: skip


@contextmanager
def _parse(folder: str) -> Iterator[Round]:
    yield lambda: _timed(lambda: [etree.fromstring(path.read_bytes()) is None for path in _paths(folder)])


@contextmanager
def _read(folder: str) -> Iterator[Round]:
    yield lambda: _timed(lambda: [not read_billstatus(path.read_bytes()).title for path in _paths(folder)])


@contextmanager
def _diff(folder: str) -> Iterator[Round]:
    known: set[str] = set()

    def compare() -> None:
        for path in _paths(folder):
            known.update(entry.identity[0] for entry in bill_entries(read_billstatus(path.read_bytes()), "bench"))

    yield lambda: _timed(compare)


def _timed(work: object) -> float:
    assert callable(work)
    started = perf_counter()
    work()
    return perf_counter() - started


def _paths(folder: str) -> list[Path]:
    return sorted(Path(folder).iterdir())


def _files(count: int) -> Iterator[str]:
    dice = random.Random(7)  # noqa: S311 - the same files at every run
    members = [f"Rep. Name{n}, Given [D-CA-{n % 52}]" for n in range(540)]
    for number in range(1, count + 1):
        title = " ".join(dice.choices(_WORDS, k=6)).title() + f" Act of 2025 ({number})"
        begun = date(2025, 1, 3) + timedelta(days=dice.randrange(600))
        yield _file(number, title, begun, dice, members)


def _file(number: int, title: str, begun: date, dice: random.Random, members: list[str]) -> str:
    who = dice.sample(range(len(members)), dice.randrange(25))
    committee = f"<item><systemCode>hs{number % 40:02}00</systemCode><name>Committee {number % 40}</name></item>"
    actions = (
        ("House floor actions", "H11100", f"Referred to the House Committee on Subject {number % 40}."),
        ("Library of Congress", "Intro-H", "Introduced in House"),
        ("Library of Congress", "1000", "Introduced in House"),
        ("House committee actions", "", f"Committee Consideration of Matter {number} Held"),
    )
    return "".join(
        (
            '<?xml version="1.0" encoding="utf-8"?><billStatus><version>3.0.0</version><bill>',
            f"<number>{number}</number><updateDate>2026-06-01T12:00:00Z</updateDate><originChamber>House</originChamber>",
            f"<type>HR</type><introducedDate>{begun}</introducedDate><congress>119</congress>",
            f"<committees>{committee}</committees><actions>",
            *(
                f"<item><actionDate>{begun + timedelta(days=nth)}</actionDate><committees>{committee}</committees>"
                f"<sourceSystem><code>2</code><name>{source}</name></sourceSystem><text>{text}</text>"
                f"<type>Action</type><actionCode>{code}</actionCode></item>"
                for nth, (source, code, text) in enumerate(actions)
            ),
            f"</actions><sponsors>{_member(number % 540, members)}</item></sponsors><cosponsors>",
            *(
                f"{_member(one, members)}<sponsorshipDate>{begun + timedelta(days=nth * 9)}</sponsorshipDate>"
                "<isOriginalCosponsor>False</isOriginalCosponsor></item>"
                for nth, one in enumerate(who)
            ),
            "</cosponsors><relatedBills><item><title>Another</title><congress>119</congress>",
            f"<number>{number % 4_000 + 1}</number><type>S</type><relationshipDetails><item><type>Related bill</type>",
            "<identifiedBy>CRS</identifiedBy></item></relationshipDetails></item></relatedBills><subjects>",
            "<legislativeSubjects>"
            + "<item><name>Congressional oversight</name></item>" * 6
            + "</legislativeSubjects>",
            "</subjects><summaries><summary><versionCode>00</versionCode><actionDesc>Introduced in House</actionDesc>",
            f"<updateDate>2026-01-02T00:00:00Z</updateDate><text><![CDATA[<p>{title}. {'It does this. ' * 40}</p>]]>",
            f"</text></summary></summaries><title>{title}</title><titles>",
            f"<item><titleType>Display Title</titleType><title>{title}</title></item>",
            f"<item><titleType>Official Title as Introduced</titleType><title>To provide for {title}.</title></item>",
            f"</titles><textVersions><item><type>Introduced in House</type><date>{begun}T05:00:00Z</date><formats>",
            f"<item><url>https://www.govinfo.gov/x/BILLS-119hr{number}ih.xml</url></item></formats></item>",
            "</textVersions></bill>",
            f'<dublinCore xmlns:dc="http://purl.org/dc/elements/1.1/">{_BOILERPLATE}</dc:description></dublinCore>',
            "</billStatus>",
        )
    )


def _member(number: int, members: list[str]) -> str:
    return (
        f"<item><bioguideId>A{number:06}</bioguideId><fullName>{members[number]}</fullName><firstName>Given</firstName>"
        f"<lastName>Name{number}</lastName><party>D</party><state>CA</state><district>{number % 52}</district>"
        f"<identifiers><bioguideId>A{number:06}</bioguideId></identifiers>"
    )
