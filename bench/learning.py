"""A round of /learn start over ever so many stored documents, against the time that a person waits for an answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import process_time
from typing import Final

from bench.material import Writer, document
from bench.measure import Figure, Round, Size, in_turn
from bot.app.application import utc_now
from bot.entries.records import insert_entries
from bot.learning.records import Answer, save_answer
from bot.learning.rounds import WINDOW, lesson, next_round
from bot.sources.register.documents import document_entry
from bot.store import address as owner
from bot.store.address import address

_STORED: Final = 100_000  # documents, all of them within the 90 days that are learned from
_ANSWERED: Final = 100  # every fifth with a Yes
_LIMIT: Final = 3.0  # seconds
_COALITION: Final = "us"
_ASK: Final = "No joint grant applications; victim money for victims. Grants should not require joint applications."


def learning(size: Size) -> list[Figure]:
    """Processor seconds from a press of [Ten more] to the next ten entries."""
    stored = size.of(_STORED)
    seconds = in_turn({"ours": partial(_learner, stored)}, size.short.rounds)["ours"]
    return [
        Figure(
            what=f"a round of /learn start over {stored:,} documents, {_ANSWERED} answered, processor time",
            unit="s",
            ours=seconds,
            rival="limit",
            theirs=[_LIMIT] * len(seconds),
            aim=1,
            less_is_better=True,
        )
    ]


@contextmanager
def _learner(stored: int) -> Iterator[Round]:
    with tempfile.TemporaryDirectory() as folder:
        db = address(f"sqlite:///{Path(folder) / 'learning.db'}").create()
        now, writer = utc_now(), Writer(1)
        ids = [f"{number:032x}" for number in range(stored)]
        with db.write() as tx:
            owner.take(tx, _COALITION, "Us", now)
            stories = writer.stories(stored)
            insert_entries(
                tx,
                ((id_, document_entry(document(story, now.date()), "register"), False)
                 for id_, story in zip(ids, stories, strict=True)),
                now,
            )  # fmt: skip
            for number, id_ in enumerate(ids[:_ANSWERED]):
                answer = Answer.YES if number % 5 == 0 else Answer.NO
                save_answer(tx, 0, id_, answer, by=None, now=now)
        db.analyze()

        def play() -> float:
            started, dice = process_time(), Random(1)  # noqa: S311 - repeatable, no secret
            with db.snapshot() as reader:
                learned = lesson(reader, 0, [_ASK], now - WINDOW, now + timedelta(seconds=1), dice)
                cards = next_round(reader, learned, dice)
            assert cards
            return process_time() - started

        yield play
        db.close()
