"""Announcements of money: what they ask for, quoted from their own text and held against last year's, in one alert."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.peers.feedserver import serving
from tests.peers.grants import PDF, WORD, Announcement, GrantsPeer, pdf, word
from tests.scenario.kit import Clock, Program, shipped

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
WAS = "Letters of support from local law enforcement are encouraged, but no application is turned away without one."
IS = "Each application must include a letter of support from the local law enforcement agency of its service area."
KEPT = "Human trafficking task forces that are already funded may apply again."
FILLER = (
    "The Office provides resources to communities that serve crime victims. Applicants describe the need in their area,"
    " the services they plan, and how they will measure them over the years of the award."
)


def text(condition: str, year: int) -> tuple[tuple[str, ...], ...]:
    return (
        ("Program Description", f"This program runs in fiscal year {year}.", FILLER, KEPT),
        ("Eligibility Information", FILLER, condition, f"Applications are due by April 3, {year}."),
        ("Review", "Applications are scored by people who know the field."),
    )


def as_pdf(condition: str, year: int) -> bytes:
    return pdf(*("\n\n".join(page) for page in text(condition, year)), head=f"O-OVC-{year}-171000")


def as_word(condition: str, year: int) -> bytes:
    return word(*text(condition, year))


class Desk:
    """The shipped watches over grants.gov's loopback peer."""

    def __init__(self, folder, server, **replace):
        self.grants = GrantsPeer(server)
        config = shipped(folder, {"grants-justice": self.grants.url}, {"policy": "console:policy"}, replace=replace)
        source = config.feeds.sources["grants-justice"].model_copy(update={"attachments": self.grants.files_url})
        feeds = config.feeds.model_copy(update={"sources": {"grants-justice": source}})
        self.program = Program(folder, type(config)(feeds, config.coalition, config.watches, config.folder), Clock(NOW))
        self.server = server

    def announce(self, year: int, *files, id_: int = 0, **more) -> Announcement:
        made = Announcement(
            id=id_ or 350_000 + year,
            number=f"O-OVC-{year}-171000",
            title=f"OVC FY {year} Services for Victims of Human Trafficking",
            posted=date(year, 2, 20),
            closes=date(year, 4, 3),
            **more,
        )
        for n, (name, mime, data) in enumerate(files):
            self.grants.attach(made, 10 * made.id + n, name, mime, data)
        self.grants.announcements.append(made)
        return made

    async def poll(self, **turn):
        self.program.clock.turn(**(turn or {"hours": 2}))
        before = len(self.program.printed("policy"))
        await self.program.once()
        return self.program.printed("policy")[before:]

    async def begun(self):
        """The first poll is a silent baseline, after which the channel is greeted."""
        self.announce(2026, id_=1, closed=False).title = "OVC FY 2026 Crime Victim Compensation"
        await self.poll()
        await self.poll()
        return self


@pytest.fixture
async def desk(tmp_path):
    async with serving() as server:
        yield Desk(tmp_path, server)


def told(messages):
    assert len(messages) == 1, messages
    return " ".join(messages[0].split())


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("Old.pdf", PDF, as_pdf(WAS, 2025)), ("New.docx", WORD, as_word(IS, 2026))),
        (("Old.docx", WORD, as_word(WAS, 2025)), ("New.pdf", PDF, as_pdf(IS, 2026))),
    ],
    ids=["pdf-then-word", "word-then-pdf"],
)
async def test_one_changed_condition_is_found_quoted_mapped_and_said_in_one_alert(desk, before, now):
    await desk.begun()
    desk.announce(2025, before, closed=True)
    desk.announce(2026, now)

    said = told(await desk.poll())

    assert "Funding announced, changed since last year" in said
    assert "Ask 2" in said
    assert f"Added, page 2: “{IS}”" in said
    assert f"Removed, page 2: “{WAS}”" in said
    assert f"Page 1: “{KEPT}”" in said
    assert said.index(IS) < said.index(WAS) < said.index(KEPT)
    assert (
        "Compared with O-OVC-2025-171000 of Thu 20 Feb 2025: of the sentences we look for 1 is new, 1 gone, 1 as"
        " before; 0 other sentences differ." in said
    )
    assert "Applications close Fri 3 Apr 2026" in said
    assert "“letter of support from the local law enforcement” in its text" in said
