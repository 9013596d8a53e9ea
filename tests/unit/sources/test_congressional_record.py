"""The Congressional Record and committees' reports: who says what on which page, and files that are no text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.headline import excerpt_lines, headline
from bot.media.news.reading import Reading
from bot.shared.answer import FetchFailed, Health, NotModified
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind, Quote
from bot.sources.record import CommitteeReports, CongressionalRecord, passages
from bot.watch.engine import Matcher
from bot.watch.model import Level, Watch, quotes_of
from bot.watch.query import parse
from tests.kit.alerts import COALITION, watch
from tests.kit.media import Desk
from tests.kit.media import campaign as media_campaign
from tests.kit.source_reader import SourceReader, reading
from tests.peers.congressional_record import BULLETS, EXTENSION, NOT_FOUND, SPEECH, part, parts, say_feed
from tests.peers.feedserver import rss

NOW = datetime(2026, 7, 24, 14, 0, tzinfo=UTC)
DAY = date(2026, 7, 23)
LOGIN = "<html><body><form action='/login'><input type=password></form></body></html>"


class Reader(SourceReader):
    """An issue of the Record; its parts are texts by id, each with a member who speaks."""

    def __init__(self, server):
        super().__init__(server, NOW)
        self.source = CongressionalRecord("record", "Record", server.url("/rss/crec.xml"), self.fetcher)
        self.issues = []
        self.issue("CREC-2026-07-22", DAY - timedelta(days=1), "CREC-2026-07-22-pt1-PgS4100")

    def issue(self, package, on, *ids, body=SPEECH, roles=()):
        self.issues.insert(0, (package, "Congressional Record", on))
        say_feed(self.server, "/rss/crec.xml", self.issues)
        listed = [
            (id_, f"TITLE OF {id_}", role) for id_, role in zip(ids, roles or ["SPEAKING"] * len(ids), strict=True)
        ]
        self.server.say(f"/metadata/pkg/{package}/mods.xml", parts(listed), content_type="text/xml")
        for id_ in ids:
            self.text(package, id_, part(body, page=id_.rpartition("Pg")[2].partition("-")[0]))

    def text(self, package, id_, body, **answer):
        self.server.say(f"/content/pkg/{package}/html/{id_}.htm", body, content_type="text/html", **answer)

    async def poll(self):
        answer = await self.ask(self.source)
        self.now += timedelta(minutes=30)
        return answer


def spoken(body, **options):
    return {quote.text: quote.place for quote in passages(part(body, **options))}


def test_a_sentence_has_its_speaker_as_printed_and_the_page_it_begins_on():
    said = spoken(SPEECH)

    assert said["The bill ends that, and the T visa remains their road to safety."] == "Mr. DURBIN, page S4241"
    assert said["It is late."] == "Mr. DURBIN, page S4242"
    assert said["The Senator from Florida."] == "The PRESIDING OFFICER (Mr. Curtis), page S4242"
    assert said["The time on human trafficking has expired."] == "The SPEAKER pro tempore, page S4242"
    # A name that stands within a turn begins no other one.
    assert said["Mr. President, I thank Mr. DURBIN. for his words on human trafficking."] == (
        "Ms. VAN HOLLEN of Florida, page S4242"
    )


def test_what_a_member_had_printed_and_what_a_clerk_writes_is_not_said_by_the_member():
    said = spoken(SPEECH)

    letter = "Dear Senator: We wait years for each T visa, and the law allows no such delay."
    assert said[letter] == "Printed matter, page S4242"
    assert said["The bill was ordered to a third reading on human trafficking."] == "Clerk's words, page S4242"


def test_a_statement_in_bullets_was_not_spoken_and_a_heading_ends_a_turn_until_the_member_goes_on():
    said = spoken(BULLETS, page="S4243")

    assert said['Mr. President, human trafficking is a crime "against us all."'] == (
        "Mr. McCONNELL (not spoken), page S4243"
    )
    assert said["Mr. President, I rise on human trafficking."] == "Mrs. De La PAZ, page S4243"
    assert said["HEALTH CARE"] == "page S4243"
    assert said["Mr. President, on another matter, human trafficking harms health."] == "Mrs. De La PAZ, page S4243"


async def test_a_part_is_an_entry_with_its_section_and_its_page_on_govinfo(reader):
    await reader.poll()
    reader.issue("CREC-2026-07-23", DAY, "CREC-2026-07-23-pt1-PgE1029-2", body=EXTENSION)

    (entry,) = (await reader.poll()).entries

    assert (entry.kind, entry.publication_date) == (Kind.RECORD, DAY)
    assert headline(entry).text == (
        "Congressional Record, Extensions of Remarks: TITLE OF CREC-2026-07-23-pt1-PgE1029-2"
    )
    assert entry.url.endswith("/content/pkg/CREC-2026-07-23/html/CREC-2026-07-23-pt1-PgE1029-2.htm")
    assert entry.passages[-1].place == "Mr. EXAMPLE, page E1029"


async def test_the_first_answer_reads_one_issue_as_the_baseline(reader):
    reader.issue("CREC-2026-07-23", DAY, "CREC-2026-07-23-pt1-PgS4241")

    first = await reader.poll()

    assert [entry.identity for entry in first.entries] == [("govinfo:CREC-2026-07-23-pt1-PgS4241",)]
    assert first.baseline == {"govinfo:CREC-2026-07-23-pt1-PgS4241"}
    assert isinstance(await reader.poll(), NotModified)  # the same bytes
    assert reader.server.count("/metadata/pkg/CREC-2026-07-23/mods.xml") == 1


async def test_parts_in_which_no_member_speaks_are_not_asked_for(reader):
    await reader.poll()
    ids = ("CREC-2026-07-23-pt1-PgS4200", "CREC-2026-07-23-pt1-PgS4201", "CREC-2026-07-23-pt1-PgD700")
    reader.issue("CREC-2026-07-23", DAY, *ids, roles=("SUBMITTING", "SPEAKING", "SPEAKING"))

    answer = await reader.poll()

    assert [entry.identity[0] for entry in answer.entries] == ["govinfo:CREC-2026-07-23-pt1-PgS4201"]


async def test_a_day_without_a_speech_is_no_trouble(reader):
    await reader.poll()
    reader.issue("CREC-2026-07-23", DAY, "CREC-2026-07-23-pt1-PgS1", roles=("SUBMITTING",))

    answer = await reader.poll()

    assert (answer.entries, answer.health, answer.detail) == ((), Health.OK, "")


async def test_a_long_day_is_read_over_several_polls_each_part_once(reader):
    await reader.poll()
    reader.issue("CREC-2026-07-23", DAY, *(f"CREC-2026-07-23-pt1-PgS{number}" for number in range(4300, 4400)))

    answers = [await reader.poll() for _ in range(3)]

    read = [entry.identity[0] for answer in answers for entry in answer.entries]
    assert (len(read), len(set(read))) == (100, 100)
    assert answers[0].detail == "61 files still to be read"
    assert answers[-1].detail == ""
    assert isinstance(await reader.poll(), NotModified)


async def test_an_issue_is_read_when_the_feed_gives_it_no_day(reader):
    await reader.poll()
    reader.issue("CREC-2026-07-23", DAY, "CREC-2026-07-23-pt1-PgS4241")
    reader.server.say("/rss/crec.xml", rss({"title": "Congressional Record", "guid": "CREC-2026-07-23"}))

    assert [entry.publication_date for entry in (await reader.poll()).entries] == [DAY]


async def test_an_issue_of_years_ago_that_comes_back_is_not_read(reader):
    await reader.poll()
    reader.issue("CREC-1996-04-24", date(1996, 4, 24), "CREC-1996-04-24-pt1-PgH3792")

    assert (await reader.poll()).entries == ()
    assert reader.server.count("/metadata/pkg/CREC-1996-04-24/mods.xml") == 0


@pytest.mark.parametrize("body", [NOT_FOUND, LOGIN, "", "<html><body><pre"])
async def test_a_file_that_is_no_text_is_asked_for_again_and_holds_up_no_other(reader, body):
    await reader.poll()
    lacking, other = "CREC-2026-07-23-pt1-PgS4300", "CREC-2026-07-23-pt1-PgS4301"
    reader.issue("CREC-2026-07-23", DAY, lacking, other)
    reader.text("CREC-2026-07-23", lacking, body)

    assert [entry.identity[0] for entry in (await reader.poll()).entries] == [f"govinfo:{other}"]
    reader.text("CREC-2026-07-23", lacking, part(SPEECH))
    assert [entry.identity[0] for entry in (await reader.poll()).entries] == [f"govinfo:{lacking}"]


async def test_a_file_that_never_comes_is_given_up_and_counted(reader):
    await reader.poll()
    reader.issue("CREC-2026-07-23", DAY, "CREC-2026-07-23-pt1-PgS4300")
    reader.text("CREC-2026-07-23", "CREC-2026-07-23-pt1-PgS4300", NOT_FOUND)

    broken = [(await reader.poll()).broken for _ in range(24)]

    assert sum(broken) == 1
    assert isinstance(await reader.poll(), NotModified)


@pytest.mark.parametrize(
    "refusal", [{"status": 403}, {"status": 429}, {"body": LOGIN}, {"status": 404}, {"status": 503}]
)
async def test_when_all_files_are_refused_it_fails_and_loses_nothing(reader, refusal):
    await reader.poll()
    ids = [f"CREC-2026-07-23-pt1-PgS{number}" for number in range(4300, 4305)]
    reader.issue("CREC-2026-07-23", DAY, *ids)
    assert len((await reader.poll()).entries) == 5
    later = [f"CREC-2026-07-24-pt1-PgS{number}" for number in range(4400, 4405)]
    reader.issue("CREC-2026-07-24", DAY + timedelta(days=1), *later)
    for id_ in later:
        reader.text("CREC-2026-07-24", id_, **{"body": "", **refusal})

    answers = [await reader.poll() for _ in range(30)]

    assert all(isinstance(answer, FetchFailed) for answer in answers[1:])
    for id_ in later:
        reader.text("CREC-2026-07-24", id_, part(SPEECH))
    assert [entry.identity[0] for entry in (await reader.poll()).entries] == [f"govinfo:{id_}" for id_ in later]


async def test_a_committee_s_report_is_read_whole_without_speakers():
    async with reading(lambda server: SourceReader(server, NOW)) as reader:
        source = CommitteeReports("reports", "Reports", reader.server.url("/rss/crpt.xml"), reader.fetcher)
        old = ("CRPT-119hrpt511", "H. Rept. 119-511 - OLD", DAY - timedelta(days=1))
        new = ("CRPT-119hrpt512", "H. Rept. 119-512 - TRAFFICKING SURVIVORS RELIEF ACT", DAY)
        head = "[House Report 119-512]\n[From the U.S. Government Publishing Office]"
        text = f"{head}\n\n  The Committee finds that\nMr. SMITH is right."
        for package in (old[0], new[0]):
            reader.server.say(
                f"/content/pkg/{package}/html/{package}.htm", f"<html><body><pre>{text}</pre></body></html>"
            )
        say_feed(reader.server, "/rss/crpt.xml", [old])
        await reader.ask(source)
        say_feed(reader.server, "/rss/crpt.xml", [new, old])

        (entry,) = (await reader.ask(source)).entries

        assert headline(entry).text == "Committee report: TRAFFICKING SURVIVORS RELIEF ACT"
        assert entry.passages == (Quote("The Committee finds that Mr. SMITH is right."),)


def test_an_alert_quotes_the_sentences_that_match_those_with_most_of_the_words_first():
    watch = Watch("t", "t", (2,), Level.ALERT, parse('"human trafficking" AND (convictions OR "t visa")'))
    entry = Entry(source="r", kind=Kind.RECORD, identity=("r:1",), thread="r:1", title="RELIEF",
                  passages=passages(part(SPEECH)))  # fmt: skip
    matches = Matcher([watch]).match(entry)

    (first, *others) = quotes_of(entry.passages, matches)

    assert first.text.endswith("survivors of human trafficking carry convictions for what they were forced to do.")
    assert "It is late." not in [quote.text for quote in others]
    line = next(
        excerpt_lines(Entry(source="r", kind=Kind.RECORD, identity=("r",), thread="r", title="", quotes=(first,)))
    )
    assert line.startswith("Mr. DURBIN, page S4241: “Madam President, survivors of human trafficking")


@pytest.mark.parametrize(
    ("title", "lines", "shown"),
    [
        ("RELIEF", ("Mr. President, Nadia Morales was trafficked at 16.", "The law failed."), ["The law failed."]),
        ("TRAFFICKING SURVIVORS RELIEF ACT", ("The law failed.",), ["The law failed."]),
        ("JUSTICE FOR VICTIMS OF TRAFFICKING ACT", ("The law failed.",), ["The law failed."]),
        ("IN HONOR OF NADIA MORALES, TRAFFICKED AT 16", ("The law failed.",), None),
        ("HONORING MARIA LOPEZ, SURVIVOR OF HUMAN TRAFFICKING", ("The law failed.",), None),
    ],
)
def test_no_quote_and_no_title_names_a_minor(title, lines, shown):
    entry = Entry(source="r", kind=Kind.RECORD, identity=("r:1",), thread="r:1", title=title,
                  url="https://www.govinfo.gov/content/pkg/CREC-2026-07-23/html/CREC-2026-07-23-pt1-PgS4241.htm",
                  quotes=tuple(map(Quote, lines)))  # fmt: skip

    read, _ = Reading(COALITION).read(entry)

    assert (read.title == HEADLINE_WITHHELD) is (shown is None)
    assert [quote.text for quote in read.quotes] == (shown or [])


def test_what_is_posted_and_kept_is_the_quotes_and_not_the_whole_text(tmp_path):
    desk = Desk(tmp_path, media_campaign(watches=(watch("t", "convictions", asks=(8,)),)))
    quotes = passages(part(SPEECH))
    entry = Entry(source="bills", kind=Kind.RECORD, identity=("r:1",), thread="r:1", title="RELIEF",
                  type="Congressional Record, Senate", publication_date=DAY, url="https://www.govinfo.gov/content/pkg/1",
                  passages=quotes)  # fmt: skip

    desk.take("bills", entry)
    desk.take("bills", entry)  # a second issue of the day lists it again

    (card,) = desk.cards("policy", "alert")
    assert card.head == "Congressional Record, Senate: RELIEF"
    (said,) = (line.text for line in card.lines if "DURBIN" in line.text)
    assert said.startswith("Mr. DURBIN, page S4241: “Madam President, survivors of human trafficking carry convictions")
    assert [(link.label, link.url) for link in card.links] == [("Text", entry.url)]
    (row,) = desk.db.read("SELECT body FROM entry WHERE kind = 'record'")
    assert "It is late" not in row["body"]
