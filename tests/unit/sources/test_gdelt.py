"""GDELT's files: which articles are picked out, none lost or twice, and what is no such file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.shared.answer import FetchFailed, Health
from bot.shared.entry import Quote
from bot.sources import gdelt_child
from bot.sources.gdelt import Gdelt
from tests.kit.source_reader import SourceReader, reading
from tests.peers.feedserver import broken_off
from tests.peers.gdelt import article, packed

NOW = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LOGIN = "<html><body><form action='/login'><input type=password></form></body></html>"


class Index(SourceReader):
    """Files at their quarters; one that is not said does not exist."""

    def __init__(self, server):
        super().__init__(server, NOW)
        url = server.url("/{moment}.gkg.csv.zip")
        self.source = Gdelt("gdelt", "GDELT", url, self.fetcher, phrases=("human traffick*", "River Alliance"))

    def path(self, at):
        return f"/{at.replace(minute=at.minute // 15 * 15):%Y%m%d%H%M}00.gkg.csv.zip"

    def out(self, at, *rows, body=None, **how):
        self.server.say(self.path(at), packed(*(rows or [article(0)])) if body is None else body, **how)

    async def poll(self, minutes=15):
        answer = await self.ask(self.source)
        self.now += timedelta(minutes=minutes)
        return answer


@pytest.fixture
async def index():
    async with reading(Index) as index:
        for back in range(3):
            index.out(NOW - back * QUARTER)
        await index.poll()
        yield index


def titles(answer):
    return [entry.title for entry in getattr(answer, "entries", ())]


async def test_an_article_fits_by_its_headline_or_by_a_name_in_its_text(index):
    index.out(
        index.now,
        article(1, "Survivors of human trafficking speak &amp; sue"),
        article(2, "A quiet day", names=("Ohio River Alliance", "City Hall")),
        article(3, "Drug traffickers held"),
    )
    by_title, by_name = (await index.poll()).entries

    assert (by_title.title, by_title.passages) == ("Survivors of human trafficking speak & sue", ())
    assert (by_title.outlet, by_title.url) == ("herald.example", "https://herald.example/2026/story-1")
    assert by_title.identity == ("url:herald.example/2026/story-1",)
    assert by_title.as_of == datetime(2026, 11, 24, 17, 15, tzinfo=UTC)
    assert by_name.passages == (Quote("Ohio River Alliance", place="named in it, by GDELT"),)


async def test_a_file_that_is_not_out_yet_is_read_when_it_is_and_one_that_never_comes_is_left_out(index):
    late, lost = index.now, index.now + QUARTER
    assert (await index.poll()).health is Health.EMPTY_EXPECTED
    index.out(lost + QUARTER, article(3, "Human trafficking 3"))
    index.out(late, article(1, "Human trafficking 1"))
    assert titles(await index.poll()) == ["Human trafficking 1"]
    later = [titles(await index.poll()) for _ in range(5)]

    assert [title for titles_ in later for title in titles_] == ["Human trafficking 3"]


@pytest.mark.long
async def test_after_a_night_without_a_check_every_file_is_read_once(index):
    began = index.now
    for n in range(32):
        index.out(began + n * QUARTER, article(n, f"Human trafficking {n}"))
    index.now += 31 * QUARTER
    read = [title for _ in range(5) for title in titles(await index.poll(0))]

    assert read == [f"Human trafficking {n}" for n in range(32)]


@pytest.mark.long
async def test_after_more_than_a_day_it_says_that_files_were_left_out(index):
    index.now += timedelta(days=3)
    for back in range(97):
        index.out(index.now - back * QUARTER)
    answer = await index.poll()

    assert (answer.health, answer.detail) == (Health.OVERRUN, "files older than a day were left out")


@pytest.mark.parametrize(
    ("how", "health"),
    [
        ({"body": "", "status": 403}, Health.BLOCKED),
        ({"body": "", "status": 429}, Health.UNREACHABLE),
        ({"body": LOGIN}, Health.MALFORMED),
        ({"body": b""}, Health.MALFORMED),
        ({"body": packed(article(1))[:200]}, Health.MALFORMED),
        ({"body": packed(b"another\ttable")}, Health.MALFORMED),
        (None, Health.UNREACHABLE),
    ],
)
async def test_a_refusal_or_another_file_is_health_and_nothing_is_lost(index, how, health):
    path = index.path(index.now)
    index.out(index.now, article(1, "Human trafficking")) if how is None else index.out(index.now, **how)
    if how is None:
        index.server.script(path, broken_off)
    answer = await index.poll(0)
    assert isinstance(answer, FetchFailed)
    assert answer.health is health

    index.out(index.now, article(1, "Human trafficking"))
    assert titles(await index.poll()) == ["Human trafficking"]


@pytest.mark.long
@pytest.mark.parametrize("body", [b"", packed(b"another\ttable"), packed(article(1))[:200]])
async def test_a_file_that_stays_broken_holds_up_the_later_ones_for_an_hour_at_most(index, body):
    index.out(index.now, body=body)
    for n in range(1, 6):
        index.out(index.now + n * QUARTER, article(n, f"Human trafficking {n}"))
    polled = [await index.poll() for _ in range(6)]

    assert [answer.health for answer in polled[:4]] == [Health.MALFORMED] * 4
    assert [title for answer in polled for title in titles(answer)] == [f"Human trafficking {n}" for n in range(1, 6)]


async def test_files_that_are_gone_for_hours_are_told(index):
    index.now += timedelta(hours=3)
    assert (await index.poll()).health is Health.GONE


async def test_odd_rows_are_left_out_and_a_row_of_bad_bytes_is_read(index):
    good = article(1, "Human trafficking")
    rows = (
        b"\xff\xfe",
        b"\t" * 40,
        good.replace(b"herald.example/2026", b"herald.example/\xff"),
        article(2, "Human trafficking", url="javascript:x"),
    )
    index.out(index.now, good, *rows)

    assert titles(await index.poll()) == ["Human trafficking", "Human trafficking"]


@pytest.mark.parametrize("column", [3, 4, 23, 26])
async def test_what_is_of_megabytes_is_cut_or_left_out_before_it_leaves_the_child(column):
    parts, much = article(1, "Human trafficking", names=("Human trafficking",)).split(b"\t"), b"x" * 1_900_000
    words = b"Human trafficking" if b"Human trafficking" in parts[column] else parts[column]
    parts[column] = parts[column].replace(words, words + much)

    rows = gdelt_child.answer(("human traffick*",), packed(b"\t".join(parts))) or ()
    assert [max(map(len, row)) for row in rows] == ([] if column == 4 else [2_000])


@pytest.mark.long
async def test_a_bomb_is_not_unpacked(index):
    bomb = packed(b"x" * 100_000_000)
    index.out(index.now, body=bomb)
    answer = await index.poll()

    assert len(bomb) < 1_000_000
    assert answer.health is Health.MALFORMED
