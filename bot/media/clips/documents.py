"""A clip report as DOCX, PDF, CSV and as a picture of its charts, made in the limited process (`bot/printing`).

Every function here waits for its document, so it is called from a thread and never on the event loop.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.media.clips.sheet import Report, sheet
from bot.printing.host import Maker

_WORD: Final = "reports/clips.docx"
_PDF: Final = "reports/clips.typ"
_CHARTS: Final = "reports/charts.png.typ"


def docx(report: Report, folder: Path) -> bytes:
    """By `templates/reports/clips.docx` in `folder`; the charts are pictures in it. Raises `DocumentProblem`."""
    words = sheet(report)
    with Maker(folder) as maker:
        drawn = [{"png": b64encode(_one(maker, _CHARTS, {"charts": [it]})).decode(), **it} for it in words["charts"]]
        return _one(maker, _WORD, {**words, "pictures": drawn})


def pdf(report: Report, folder: Path) -> bytes:
    """By `templates/reports/clips.typ` in `folder`, tagged for screen readers. Raises `DocumentProblem`."""
    with Maker(folder) as maker:
        return _one(maker, _PDF, sheet(report))


def png(report: Report, folder: Path) -> tuple[bytes, str]:
    """The charts as one picture, and what they show in words. Raises `DocumentProblem`."""
    drawn = sheet(report)["charts"]
    with Maker(folder) as maker:
        return _one(maker, _CHARTS, {"charts": drawn}), " ".join(chart["alt"] for chart in drawn)


def _one(maker: Maker, template: str, words: Mapping[str, Any]) -> bytes:
    maker.ask([template], words)
    return maker.answer()[0]
