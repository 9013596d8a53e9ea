"""A letter to many recipients is rendered in the background, file by file, and arrives as direct messages."""

from __future__ import annotations

import io
import random
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import File, Job
from bot.letters import records
from bot.letters.documents import merge
from bot.letters.lifecycle import Dossier, State, Text
from bot.outbox import files
from tests.kit.board import words
from tests.kit.documents import own_templates
from tests.kit.letters_desk import Desk

OVC, DHS, TREES = "office:ovc", "office:homeland-security", "office:trees"


def to_many(desk: Desk, count: int, also: str = DHS) -> Dossier:
    """A draft to so many: the last is another than the first."""
    letter = desk.drafted()
    (text,) = letter.version.texts
    many = replace(letter.version, number=2, texts=(Text(text.written, (*[OVC] * (count - 1), also)),))
    with desk.db.write() as tx:
        records.add_version(tx, letter.id, many)
        records.save(tx, replace(letter, version=many))
    return desk.letter(letter.name)


def work(desk: Desk, part: int = 2) -> bool:
    return merge.make_next_file(lambda: Job(desk.db, desk.config, desk.now, desk.new_id), part=part)


def handed_over(desk: Desk) -> list[zipfile.ZipFile]:
    rows = desk.db.read("SELECT id FROM delivery WHERE channel = :me ORDER BY seq", {"me": f"dm:{desk.pol.id}"})
    return [zipfile.ZipFile(io.BytesIO(file.data)) for row in rows for file in files.load(desk.db, row["id"])]


def heads(desk: Desk) -> list[str]:
    return [card.head for card in desk.sent_to(desk.pol)]


def test_a_letter_for_each_addressee_is_asked_for_with_one_press(desk):
    to_many(desk, 61)
    answer = desk.card(desk.pol, "letter merge", letter="L-001")
    assert answer.head == "Making 61 letters of L-001 …"
    assert ("Pol", "61 letters to be made as documents") in [(change.who, change.after) for change in desk.changes()]


@pytest.mark.long
def test_a_merge_arrives_file_by_file_with_its_progress(desk):
    to_many(desk, 3)
    desk.card(desk.pol, "letter merge", letter="L-001")
    assert heads(desk) == ["Making 3 letters of L-001"]
    assert "░░░░░░░░░░░░░░░░░░░░ 0 of 3" in words(desk.sent_to(desk.pol)[0])

    assert work(desk)
    assert heads(desk) == ["Making 3 letters of L-001", "L-001: letters 1 to 2 of 3"]
    assert "█████████████░░░░░░░ 2 of 3" in words(desk.sent_to(desk.pol)[0])

    assert work(desk)
    assert heads(desk) == ["L-001: all 3 made", "L-001: letters 1 to 2 of 3", "L-001: letters 3 to 3 of 3"]
    assert not work(desk)
    first, last = handed_over(desk)
    director = "the-director-office-for-victims-of-crime"
    assert first.namelist()[:2] == [f"001-{director}.docx", f"001-{director}.pdf"]
    assert last.namelist()[0] == "003-the-secretary-of-homeland-security.docx"
    assert last.read("labels.csv").decode("utf-8-sig").splitlines()[1].startswith('"003-the-secretary')
    assert "envelopes.pdf" in last.namelist()


@pytest.mark.long
def test_undeliverable_letters_do_not_fill_the_disk(desk):
    to_many(desk, 3)
    desk.card(desk.pol, "letter merge", letter="L-001")
    with desk.db.write() as tx:
        (first,) = tx.read("SELECT MIN(id) AS id FROM delivery")
        files.put(tx, first["id"], [File(f"{n}.zip", "application/zip", bytes(10_000_000)) for n in range(21)])

    refused = desk.refused(desk.pol, "letter merge", letter="L-001")

    assert "210 MB of documents are still waiting to be delivered" in refused.what
    assert "coalition-bot letter render L-001 --into letters.zip" in refused.what


def noise(side: int) -> bytes:
    """A PNG that no packing makes smaller."""
    dice = random.Random(1)
    rows = b"".join(b"\0" + dice.randbytes(3 * side) for _ in range(side))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    made = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.long
def test_a_file_has_as_many_letters_as_a_chat_takes_whatever_logo_they_have(desk, tmp_path):
    to_many(desk, 6)
    own = own_templates(tmp_path, logo_png=noise(550))
    shutil.copytree(desk.config.folder / "templates/letters", own / "templates/letters")
    desk.config = replace(desk.config, folder=own)
    desk.card(desk.pol, "letter merge", letter="L-001")
    assert [work(desk, part=150) for _ in range(3)] == [True, True, False]
    assert heads(desk) == ["L-001: all 6 made", "L-001: letters 1 to 4 of 6", "L-001: letters 5 to 6 of 6"]


@pytest.mark.long
def test_a_running_merge_is_not_started_twice(desk):
    to_many(desk, 3)
    desk.card(desk.pol, "letter merge", letter="L-001")
    assert "already being made" in desk.refused(desk.pol, "letter merge", letter="L-001").what
    assert heads(desk) == ["Making 3 letters of L-001"]

    desk.card(desk.app, "letter merge", letter="L-001")
    assert [work(desk) for _ in range(5)] == [True, True, True, True, False]
    assert heads(desk)[0] == "L-001: all 3 made"
    assert desk.sent_to(desk.app)[0].head == "L-001: all 3 made"


def edited(desk: Desk) -> None:
    desk.card(desk.app, "letter edit", letter="L-001", subject="Another")


def locked(desk: Desk) -> None:
    desk.now += timedelta(minutes=1)
    with desk.db.write() as tx:
        records.save(tx, replace(desk.letter("L-001"), state=State.LOCKED, locked_at=desk.now))


def withdrawn(desk: Desk) -> None:
    desk.card(desk.app, "letter withdraw", letter="L-001", agree="yes")


def without_office(desk: Desk) -> None:
    """No file has the office any longer, and the catalog of agencies never had it."""
    offices = {id_: office for id_, office in desk.config.coalition.offices.items() if f"office:{id_}" != TREES}
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": offices}))


def renamed_office(desk: Desk) -> None:
    office = desk.config.coalition.offices["ovc"].model_copy(update={"name": "the Director, Office for Trees"})
    offices = desk.config.coalition.offices | {"ovc": office}
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": offices}))


@pytest.mark.long
@pytest.mark.parametrize(
    ("what", "why"),
    [
        (edited, "it is now version 3"),
        (locked, "The files made so far are drafts: the letter was locked since."),
        (withdrawn, "The letter was withdrawn since, and will not be sent."),
        (without_office, "trees"),
        (renamed_office, "Office for Trees now."),
    ],
    ids=["edited", "locked", "withdrawn", "gone", "renamed"],
)
def test_a_failed_merge_ends_with_the_reason(desk, what: Callable[[Desk], None], why):
    coalition = desk.config.coalition
    offices = coalition.offices | {"trees": coalition.offices["ovc"]}
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"offices": offices}))
    to_many(desk, 3, TREES)
    desk.card(desk.pol, "letter merge", letter="L-001")
    assert work(desk)
    what(desk)

    assert work(desk)
    assert heads(desk)[0] == "The letters of L-001 could not be made"
    assert "2 of 3 are made." in words(desk.sent_to(desk.pol)[0])
    assert why in words(desk.sent_to(desk.pol)[0])
    assert not work(desk)


def test_a_withdrawn_letter_is_made_for_nobody(desk):
    to_many(desk, 3)
    withdrawn(desk)
    assert "is withdrawn" in desk.refused(desk.pol, "letter merge", letter="L-001").what


@pytest.mark.long
def test_a_letter_that_was_locked_before_its_first_file_was_made_is_made_to_the_end(desk):
    to_many(desk, 3)
    desk.card(desk.pol, "letter merge", letter="L-001")
    locked(desk)
    assert [work(desk) for _ in range(3)] == [True, True, False]
    assert heads(desk)[0] == "L-001: all 3 made"


def test_a_representative_cannot_start_a_merge(desk):
    desk.opened()
    assert "no such command" in desk.refused(desk.reps["cast"], "letter merge", letter="L-001").what
