"""What a source makes the bot do grows as what it sends: nothing else can be saved meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts import posted
from bot.entries import records
from bot.shared.entry import Change, Kind
from tests.kit.alerts import Room, document, news
from tests.kit.effort import lines_run

pytestmark = pytest.mark.long

SIZES = (60, 120, 180)


def extension(number):
    title = f"Gloves {number}; Extension of Comment Period"
    return document(f"2026-{number:05}", title, references=("fr:2026-00000",), change=Change.EXTENSION)


def step(number):
    return document(f"2026-{number:05}", f"Gloves made with forced labor {number}", thread="fr:2026-00000")


def release(number):
    return news(f"n{number}", f"Gloves seized in port {number}")


def filing_in_court(number):
    return replace(release(number), kind=Kind.COURT, thread="url:court.example/1")


@pytest.fixture
def lines_of(tmp_path):
    """What returns how many lines run while the register brings a number of entries that `made` makes.

    `again`: it brought them before, they were posted, and now each has another title.
    """

    def measured(made, size, *, again):
        folder = tmp_path / str(size)
        folder.mkdir()
        room, entries = Room(folder), [made(number) for number in range(size)]
        if again:
            room.take("register", *entries)
            room.send_all()
            entries = [replace(entry, title=f"{entry.title}, again") for entry in entries]
        return lines_run(lambda: room.take("register", *entries))

    return measured


@pytest.mark.parametrize(
    ("made", "again"), [(extension, False), (step, False), (step, True), (release, True), (filing_in_court, True)]
)
def test_what_is_done_grows_as_the_number_of_entries(lines_of, made, again):
    few, more, most = (lines_of(made, size, again=again) for size in SIZES)
    assert most - more <= 1.1 * (more - few)


def test_documents_that_each_name_others_are_looked_up_together(tmp_path, monkeypatch):
    room, asked, read = Room(tmp_path), [], records.select_in
    monkeypatch.setattr(records, "select_in", lambda db, sql, *rest: asked.append(sql) or read(db, sql, *rest))
    counts = []
    for start, size in ((0, 20), (20, 60)):
        asked.clear()
        documents = [replace(step(start + n), references=(f"docket:{n}", f"rin:{n}")) for n in range(size)]
        room.take("register", *documents)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


def test_the_card_of_a_long_list_is_read_once_for_all_of_its_lines_that_changed(tmp_path, monkeypatch):
    room, entries, read, card_of = Room(tmp_path), [filing_in_court(number) for number in range(40)], [], posted.card_of
    room.take("register", *entries)
    room.send_all()
    monkeypatch.setattr(posted, "card_of", lambda db, delivery: read.append(delivery) or card_of(db, delivery))
    room.take("register", *(replace(entry, title=f"{entry.title}, again") for entry in entries))
    assert (len(read), len(room.rows("policy", "alert"))) == (1, 1)
