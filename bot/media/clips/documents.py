"""Clip reports as DOCX, PDF and chart pictures, rendered in the limited process (`bot/printing`).

Every function blocks until its document is ready, so call it from a thread and never on the event loop.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.media.clips.sheet import Report, template_data
from bot.printing.host import Maker

_DOCX: Final = "reports/clips.docx"
_PDF: Final = "reports/clips.typ"
_CHARTS: Final = "reports/charts.png.typ"


def docx(report: Report, folder: Path) -> bytes:
    """The report from `templates/reports/clips.docx` in `folder`, with pictures of the charts.

    Raises `DocumentProblem`.
    """
    data = template_data(report)
    with Maker(folder) as maker:
        pictures = [
            {"png": b64encode(_render(maker, _CHARTS, {"charts": [chart]})).decode(), **chart}
            for chart in data["charts"]
        ]
        return _render(maker, _DOCX, {**data, "pictures": pictures})


def pdf(report: Report, folder: Path) -> bytes:
    """The report from `templates/reports/clips.typ` in `folder`, tagged for screen readers.

    Raises `DocumentProblem`.
    """
    with Maker(folder) as maker:
        return _render(maker, _PDF, template_data(report))


def png(report: Report, folder: Path) -> tuple[bytes, str]:
    """The charts as one picture, and its alternative text. Raises `DocumentProblem`."""
    charts = template_data(report)["charts"]
    with Maker(folder) as maker:
        return _render(maker, _CHARTS, {"charts": charts}), " ".join(chart["alt"] for chart in charts)


def _render(maker: Maker, template: str, data: Mapping[str, Any]) -> bytes:
    maker.ask([template], data)
    return maker.answer()[0]
