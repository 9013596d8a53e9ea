"""Announcements of money: what they ask for, quoted from their own text and held against last year's, in one alert."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.entries import source_records
from bot.outbox.model import from_json
from bot.shared.answer import Health
from tests.peers.feedserver import serving
from tests.peers.grants import PDF, WORD, Announcement, GrantsPeer, pdf, word
from tests.scenario.kit import WATCHES, Clock, Program, shipped

pytestmark = pytest.mark.long

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


def only_text(messages):
    assert len(messages) == 1, messages
    return " ".join(messages[0].split())


@pytest.mark.long
@pytest.mark.parametrize(("before", "now"), [("pdf", "docx"), ("docx", "pdf")])
async def test_one_changed_condition_is_found_quoted_mapped_and_posted_in_one_alert(desk, before, now):
    await desk.begun()
    kinds = {"pdf": (PDF, as_pdf), "docx": (WORD, as_word)}
    for name, kind, condition, year in (("Old", before, WAS, 2025), ("New", now, IS, 2026)):
        mime, made = kinds[kind]
        desk.announce(year, (f"{name}.{kind}", mime, made(condition, year)), closed=year == 2025)

    answer = only_text(await desk.poll())

    assert "Funding announced, changed since the last one" in answer
    assert "Ask 2 " in answer
    assert "Ask 1" not in answer
    assert f"Added, page 2: “{IS}”" in answer
    assert f"Removed, page 2: “{WAS}”" in answer
    assert f"Page 1: “{KEPT}”" in answer
    assert answer.index(IS) < answer.index(WAS) < answer.index(KEPT)
    assert (
        "Compared with O-OVC-2025-171000 of Thu Feb 20, 2025: of the matching sentences, 1 new, 1 removed, 1 unchanged"
        "; 0 other sentences differ." in answer
    )
    assert "Applications close Fri Apr 3, 2026" in answer
    assert "“letter of support from the local law enforcement” in its text" in answer


async def test_a_closing_day_that_moves_is_told_under_the_alert_also_if_only_the_attached_text_matched(desk):
    await desk.begun()
    made = desk.announce(2026, ("New.pdf", PDF, as_pdf(IS, 2026)))
    made.title, made.synopsis = "OVC FY 2026 Rural and Tribal Programs", "<p>Services for victims of crime.</p>"
    assert "Applications close Fri Apr 3, 2026" in only_text(await desk.poll())

    made.closes = date(2026, 3, 12)

    answer = only_text(await desk.poll())
    assert "Applications now close Thu Mar 12, 2026: " in answer
    assert "it was Fri Apr 3, 2026" in answer
    assert await desk.poll() == []

    made.closes = None
    await desk.poll()
    with desk.program.started() as app:
        cards = [
            from_json(row["card"]) for row in app.db.read("SELECT card FROM delivery WHERE kind = 'alert' ORDER BY seq")
        ]
    assert "the source does not give; it was Thu Mar 12, 2026." in cards[0].updated
    assert cards[0].dues == ()


@pytest.mark.long
async def test_a_condition_that_is_the_same_as_last_year_is_quoted_without_a_claim_of_change(desk):
    await desk.begun()
    desk.announce(2025, ("Old.pdf", PDF, as_pdf(IS, 2025)), closed=True)
    desk.announce(2026, ("New.pdf", PDF, as_pdf(IS, 2026)))

    answer = only_text(await desk.poll())

    assert "Funding announced: OVC FY 2026" in answer
    assert f"Page 2: “{IS}”" in answer
    assert "0 new, 0 removed, 2 unchanged; 0 other" in answer


@pytest.mark.long
async def test_the_same_thing_is_posted_once_however_often_it_is_read(desk):
    await desk.begun()
    desk.announce(2026, ("New.pdf", PDF, as_pdf(IS, 2026)))
    only_text(await desk.poll())

    assert [await desk.poll() for _ in range(4)] == [[]] * 4
    assert desk.server.count("/att/3520260") == 1


@pytest.mark.long
async def test_a_new_condition_and_a_new_closing_date_are_follow_ups_in_its_thread(desk):
    await desk.begun()
    one = desk.announce(2026, ("New.pdf", PDF, as_pdf(WAS, 2026)))
    only_text(await desk.poll())

    one.closes = date(2026, 4, 17)
    assert "Applications now close Fri Apr 17, 2026" in only_text(await desk.poll())
    one.files.clear()
    desk.grants.attach(one, 99, "Revised.pdf", PDF, as_pdf(IS, 2026))
    changed = only_text(await desk.poll())

    digest = " ".join((await desk.poll(days=1))[-1].split())
    assert "Funding announcement changed: OVC FY 2026" in digest
    assert "applications close Fri Apr 17, 2026" in digest
    assert "Funding announcement changed: OVC FY 2026" in changed
    assert f"Added, page 2: “{IS}”" in changed
    assert "Removed: 1 of the sentences quoted before." in changed
    assert desk.program.out.getvalue().count("↳ policy") == 2


async def test_an_announcement_that_closes_before_its_day_is_told_and_not_asked_for_again(desk):
    await desk.begun()
    one = desk.announce(2026, ("New.pdf", PDF, as_pdf(WAS, 2026)))
    await desk.poll()

    one.closed, one.closes = True, NOW.date()
    assert "Applications now close Mon Mar 2, 2026" in " ".join(await desk.poll())
    before = len(desk.grants.asked)
    await desk.poll()
    await desk.poll()
    assert {"opportunityId": one.id} not in [question for _, question in desk.grants.asked[before:]]


def remembered(desk):
    with desk.program.started() as app:
        state = source_records.source_states(app.db)["grants-justice"]
    return state.health, {int(id_) for states in state.memory.cursor.values() for id_ in states}


async def test_an_empty_list_is_reported_and_nothing_is_forgotten(desk):
    await desk.begun()
    desk.grants.announcements[0].closed = True
    await desk.poll()

    assert remembered(desk) == (Health.EMPTY_EXPECTED, {1})


@pytest.mark.long
async def test_one_that_closed_early_is_remembered_until_it_was_read_once_more(desk):
    await desk.begun()
    gone = [desk.announce(2026, id_=each) for each in range(2, 10)]
    await desk.poll()
    await desk.poll()
    for one in gone:
        one.closed, one.closes = True, NOW.date()
    desk.grants.broken.add(2)  # the server fails
    await desk.poll()
    assert remembered(desk)[1] >= {1, 2}
    assert len(remembered(desk)[1]) == 4  # no poll opens more than six of the eight
    desk.grants.broken.clear()
    await desk.poll()

    assert remembered(desk)[1] == {1}


@pytest.mark.long
async def test_a_change_that_is_an_alert_and_moves_the_closing_date_is_one_reply(desk):
    await desk.begun()
    one = desk.announce(2026, ("New.pdf", PDF, as_pdf(WAS, 2026)))
    only_text(await desk.poll())

    one.closes = date(2026, 3, 12)
    one.files.clear()
    desk.grants.attach(one, 99, "Revised.pdf", PDF, as_pdf(IS, 2026))
    changed = only_text(await desk.poll())

    assert f"Added, page 2: “{IS}”" in changed
    assert "Applications close Thu Mar 12, 2026" in changed


@pytest.mark.long
async def test_a_closing_date_that_moves_back_and_forth_is_posted_each_time(desk):
    await desk.begun()
    one = desk.announce(2026, ("New.pdf", PDF, as_pdf(WAS, 2026)))
    first = one.closes
    only_text(await desk.poll())

    for closes in (date(2026, 4, 17), first, date(2026, 4, 17)):
        one.closes = closes
        await desk.poll()

    with desk.program.started() as app:
        stored = app.db.read("SELECT id FROM entry WHERE thread = :it", {"it": f"grant:{one.id}"})
    assert len(stored) == 4  # as it was announced, and three changes


async def test_a_forecast_and_what_it_becomes_are_two_events_of_one_thread(desk):
    await desk.begun()
    one = desk.announce(2026, forecast=True)
    assert await desk.poll() == []  # a line of the digest

    one.forecast = False
    desk.grants.attach(one, 99, "NOFO.pdf", PDF, as_pdf(IS, 2026))
    assert "Funding announced: OVC FY 2026" in only_text(await desk.poll())
    with desk.program.started() as app:
        rows = app.db.read("SELECT body FROM entry WHERE thread = :thread", {"thread": f"grant:{one.id}"})
    bodies = "\n".join(row["body"] for row in rows)
    assert len(rows) == 2
    assert "Expected: applications due Fri Apr 3, 2026; estimates." in bodies


@pytest.mark.long
async def test_what_was_open_at_the_first_poll_is_never_posted_but_a_change_of_it_is(desk):
    old = [desk.announce(2026, ("N.pdf", PDF, as_pdf(IS, 2026)), id_=n) for n in range(10, 18)]
    await desk.poll()
    assert [text.splitlines()[0] for text in desk.program.printed("policy")] == [
        f"Watching for you: 1 source, {WATCHES} watches, 9 asks"
    ]
    assert await desk.poll() == []  # the eight are opened in two polls
    assert len([what for what, _ in desk.grants.asked if what == "fetchOpportunity"]) >= 8

    old[3].files.clear()
    desk.grants.attach(old[3], 99, "Revised.pdf", PDF, as_pdf(WAS, 2026))
    for _ in range(2):
        answer = await desk.poll()
        if answer:
            break
    assert f"Added, page 2: “{WAS}”" in only_text(answer)


@pytest.mark.parametrize(
    ("data", "mime", "why"),
    [
        (b"%PDF-1.7 nothing", PDF, "NOFO.pdf is a broken PDF"),
        ("#rect()", PDF, "NOFO.pdf is a scanned PDF without text"),
        (b"<html>moved</html>", PDF, "NOFO.pdf is neither PDF nor Word"),
        (b"PK\x03\x04nothing", WORD, "NOFO.pdf is a broken Word file"),
    ],
)
async def test_a_text_that_cannot_be_read_is_reported_as_unread(desk, data, mime, why):
    await desk.begun()
    synopsis = "Human trafficking victims: a letter of support from the police is wanted."
    desk.announce(2026, ("NOFO.pdf", mime, pdf(data) if isinstance(data, str) else data), synopsis=synopsis)

    answer = only_text(await desk.poll())

    assert f"Title and synopsis only. Its own text was not read: {why}." in answer
    assert "Ask 2" in answer


async def test_a_file_that_could_not_be_fetched_is_read_when_it_can_be(desk):
    await desk.begun()
    desk.announce(2026, ("NOFO.pdf", PDF, as_pdf(IS, 2026)))
    page = desk.server.pages["/att/3520260"]
    desk.server.say("/att/3520260", status=503)
    assert await desk.poll() == []  # by its title a line of the digest

    desk.server.pages["/att/3520260"] = page
    answer = only_text(await desk.poll())

    assert "Funding announcement changed" in answer
    assert f"Page 2: “{IS}”" in answer
    assert "Added" not in answer


@pytest.mark.long
async def test_status_and_digest_say_which_asks_are_seen_through_synopses_alone_until_texts_are_read(desk):
    with desk.program.started() as app:
        assert app.status().synopses == (
            "Asks 1, 2, 5, 6 and 8: grant announcements were read by title and synopsis only; no full text yet."
        )
    await desk.begun()
    read = desk.announce(2026, ("NOFO.pdf", PDF, as_pdf(IS, 2026)))
    await desk.poll()
    with desk.program.started() as app:
        assert app.status().synopses == (
            "Asks 1, 2, 5, 6 and 8: 1 of 2 grant announcements were read by title and synopsis only."
        )
    digest = " ".join((await desk.poll(days=7))[-1].split())  # the first of a week is posted without news
    assert "Asks 1, 2, 5, 6 and 8: 1 of 2 grant announcements were" in digest

    desk.grants.announcements[:] = [read]
    await desk.poll()
    with desk.program.started() as app:
        assert app.status().synopses == ""


async def test_an_announcement_that_cannot_be_opened_holds_up_no_other(desk):
    await desk.begun()
    desk.grants.broken.add(desk.announce(2026, id_=2).id)
    desk.announce(2026, ("NOFO.pdf", PDF, as_pdf(IS, 2026)))

    assert f"Page 2: “{IS}”" in only_text(await desk.poll())


@pytest.mark.long
async def test_phrases_that_are_looked_for_since_today_make_no_sentence_new(desk):
    await desk.begun()
    one = desk.announce(2026, ("NOFO.pdf", PDF, as_pdf(IS, 2026)))
    only_text(await desk.poll())
    config = desk.program.config
    source = config.feeds.sources["grants-justice"]
    wider = source.model_copy(update={"phrases": (*source.phrases, "scored by")})
    feeds = config.feeds.model_copy(update={"sources": {"grants-justice": wider}})
    desk.program.config = type(config)(feeds, config.coalition, config.watches, config.folder)

    one.files.clear()
    desk.grants.attach(one, 99, "Again.pdf", PDF, as_pdf(IS, 2026))
    answer = " ".join(" ".join(await desk.poll()).split())

    assert "Added" not in answer
