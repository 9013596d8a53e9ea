"""Whether work grows with what is stored: news and Register documents taken in beside ever more of their kind.

Measured in processor time of this process, which other work on the machine disturbs far less than the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from time import process_time
from typing import Any, Final

from bench.contestants import bot_on, feed
from bench.material import Story, Writer, document
from bench.measure import Figure, Round, Size, in_turn
from bot.alerts.intake import ingest
from bot.app.application import App, utc_now
from bot.commands.model import Job
from bot.media.news.intake import refresh
from bot.shared.answer import Fetched, Memory
from bot.shared.entry import Entry, Kind
from bot.sources.register.documents import document_entry

_STORED: Final = (1_000, 10_000, 100_000)
_PERIOD: Final = timedelta(days=90)  # over which what is stored came in, at an even pace
_ANSWER: Final = 40  # entries that one answer brings
_MEASURED: Final = 20  # answers at each size of the store
SOURCE: Final = "wire"

_Make = Callable[[Story, datetime], Entry]


def growth(size: Size) -> list[Figure]:
    """Processor time for each new entry where so many are stored, against that where the fewest are."""
    stored = [size.of(number) for number in _STORED]
    kinds: dict[str, _Make] = {"news entries": news_of, "Register documents": document_of}
    results = {kind: in_turn({"ours": partial(_growing, make, stored)}, 1)["ours"][0] for kind, make in kinds.items()}
    return [
        Figure(
            what=f"{kind}, shipped watches, {number:,} stored, processor time for each",
            unit="ms",
            ours=results[kind][number],
            rival=f"{stored[0]:,} stored",
            theirs=[sorted(results[kind][stored[0]])[_MEASURED // 2]] * _MEASURED,
            aim=1.3,
            less_is_better=True,
        )
        for kind in kinds
        for number in stored[1:]
    ]


@contextmanager
def _growing(make: _Make, stored: Sequence[int]) -> Iterator[Round]:
    """Milliseconds for an entry of each of the measured answers, by the number of entries stored before."""
    # The first round of a contestant does not count; once is enough, since all sizes are measured in it.
    played: list[dict[int, list[float]]] = []

    def play() -> dict[int, list[float]]:
        if not played:
            with bot_on({SOURCE: feed("http://127.0.0.1:9/wire")}) as app:
                played.append(dict(_measured(app, make, stored)))
        return played[0]

    yield play


def _measured(app: App, make: _Make, stored: Sequence[int]) -> Iterator[tuple[int, list[float]]]:
    answers = _answers(app, make, stored[-1])
    count = 0
    for number in stored:
        while count < number:
            next(answers)
            count += _ANSWER
        app.db.analyze()  # as the running bot does every hour
        yield number, [next(answers) for _ in range(_MEASURED)]
        count += _MEASURED * _ANSWER


def _answers(app: App, make: _Make, total: int) -> Iterator[float]:
    """Take in one answer after another, without end; yields the milliseconds for an entry of each."""
    writer, step = Writer(1), _PERIOD * _ANSWER / total
    now = utc_now() - _PERIOD
    while True:
        entries = tuple(make(story, now) for story in writer.stories(_ANSWER))
        answer = Fetched(entries=entries, memory=Memory(last_success_at=now))
        started = process_time()
        with Job(app.db, app.config, now, app.new_id).write() as work:
            ingest(work, answer, SOURCE, due_at=now + step, hooks=(refresh,), press=app.press)
        yield (process_time() - started) * 1_000 / _ANSWER
        with app.db.write() as tx:  # as the deliverer would: in a bot in use few messages wait
            tx.execute("UPDATE delivery SET state = 'sent', sent_at = created_at WHERE state = 'pending'")
        now += step


def news_of(story: Story, now: datetime) -> Entry:
    url = f"https://wire.example.org/news/{story.number}/release"
    key = f"url:{url.removeprefix('https://')}"
    return Entry(source=SOURCE, kind=Kind.NEWS, identity=(key,), thread=key, title=story.title, url=url,
                 summary=story.text, published=now, outlet=f"Outlet {story.number % 40}")  # fmt: skip


def document_of(story: Story, now: datetime) -> Entry:
    record: dict[str, Any] = document(story, now.date())
    return document_entry(record, SOURCE)
