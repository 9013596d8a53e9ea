"""A mailing to Congress: every letter as DOCX and PDF, against docxtpl as it is commonly used, then LibreOffice."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import psutil  # type: ignore[import-untyped]
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from bench.material import ROOT, Writer
from bench.measure import Figure, Round, Size, in_turn, note_delays
from bot.congress.model import Addressee
from bot.letters.documents.render import merge
from bot.letters.model import Letter, Paragraph, Shape, Signature, Written
from bot.letters.sheet import sheet

_CONGRESS: Final = 535
_SPAN: Final = 0.05  # seconds between two looks at how much memory is in use
_A_CALL: Final = 200  # files: of more than some 250, LibreOffice 25.2 leaves the rest out without a word
_LATEST: Final = 50.0  # milliseconds that the event loop may be late


def letters(size: Size) -> list[Figure]:
    """Two pages, thirteen signatures, one addressee each. LibreOffice turns them to PDF by the hundred, warmed up."""
    office = shutil.which("soffice")
    if not office:
        raise RuntimeError("LibreOffice is not here to be compared with: apt-get install libreoffice-writer-nogui")
    size, count = size.short, size.of(_CONGRESS)
    found = in_turn(
        {"ours": partial(_by_us, count), "theirs": partial(_by_libreoffice, count, office)}, size.rounds, one_core=False
    )
    ours, theirs = zip(*found["ours"], strict=True), zip(*found["theirs"], strict=True)
    (rate, memory, late), (their_rate, their_memory) = ours, theirs
    rival = "docxtpl, then LibreOffice"
    what = f"{count} letters as DOCX and PDF"
    return [
        Figure(what=what, unit="letters/s", ours=rate, rival=rival, theirs=their_rate, aim=4),
        Figure(
            what=f"{what}, memory", unit="MB", ours=memory, rival=rival, theirs=their_memory, aim=1, less_is_better=True
        ),
        Figure(
            what="event loop late meanwhile, 99 of 100 times",
            unit="ms",
            ours=late,
            rival="limit",
            theirs=[_LATEST] * size.rounds,
            aim=1,
            less_is_better=True,
        ),
    ]


@contextmanager
def _by_us(count: int) -> Iterator[Round]:
    """Letters a second into one ZIP, the megabytes of all processes, how late the event loop was in milliseconds."""
    batch = _mailing(count)
    with TemporaryDirectory() as name, asyncio.Runner() as runner:
        to = Path(name) / "letters.zip"

        async def play() -> tuple[float, float, float]:
            late: list[float] = []
            watching = asyncio.create_task(note_delays(late))
            weighing = asyncio.create_task(_weigh(weights := [0.0]))
            started = perf_counter()
            await asyncio.to_thread(merge, batch, ROOT, to, progress=lambda *_: None)
            seconds = perf_counter() - started
            watching.cancel()
            weighing.cancel()
            return count / seconds, max(weights), sorted(late)[len(late) * 99 // 100]

        yield lambda: runner.run(play())


@contextmanager
def _by_libreoffice(count: int, office: str) -> Iterator[Round]:
    """Letters a second, and megabytes."""
    batch = [sheet(letter) | {"logo": ""} for letter in _mailing(count)]
    with TemporaryDirectory() as name, asyncio.Runner() as runner:
        folder = Path(name)

        def make() -> None:
            for path in folder.glob("*.pdf"):
                path.unlink()
            for place, words in enumerate(batch):
                file = DocxTemplate(ROOT / "templates/letterhead.docx")
                file.render(words, autoescape=True)
                file.save(folder / f"{place}.docx")
            command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
            files = sorted(folder.glob("*.docx"))
            for first in range(0, count, _A_CALL):
                some = files[first : first + _A_CALL]
                subprocess.run([*command, "--outdir", folder, *some], check=True, capture_output=True)  # noqa: S603
            assert all(path.with_suffix(".pdf").exists() for path in files)

        async def play() -> tuple[float, float]:
            weighing = asyncio.create_task(_weigh(weights := [0.0]))
            started = perf_counter()
            await asyncio.to_thread(make)
            seconds = perf_counter() - started
            weighing.cancel()
            return count / seconds, max(weights)

        yield lambda: runner.run(play())


async def _weigh(weights: list[float]) -> None:
    """Megabytes resident in this process and in those it started."""
    me = psutil.Process()
    while True:
        alive = [me, *me.children(recursive=True)]
        weights.append(sum(each.memory_info().rss for each in alive if each.is_running()) / 1e6)
        await asyncio.sleep(_SPAN)


def _mailing(count: int) -> list[Letter]:
    writer = Writer(4)
    asks = tuple(Paragraph(writer.prose(18), Shape.ITEM) for _ in range(9))
    body = (*(Paragraph(writer.prose(80)) for _ in range(4)), Paragraph("What we ask", Shape.HEADING), *asks)
    signed = tuple(Signature(organisation=writer.prose(4), signatory="José Núñez", title="Director") for _ in range(13))
    letter = Letter(
        number="L-1",
        version=1,
        date=date(2026, 11, 25),
        sender=("A Coalition of the Bench", "Washington, DC"),
        to=Addressee(id="", name="", block=(), salutation=""),
        written=Written(subject=writer.prose(8), body=body),
        signatures=signed,
        digest="0" * 64,
    )
    return [replace(letter, to=_member(place)) for place in range(count)]


def _member(place: int) -> Addressee:
    block = (f"The Honorable Zoë Member {place}", "United States House of Representatives", "Washington, DC 20515")
    return Addressee(id=str(place), name=f"Member {place}", block=block, salutation=f"Dear Member {place}:")
