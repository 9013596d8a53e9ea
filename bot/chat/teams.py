"""Posts to Microsoft Teams, through a workflow "When a Teams webhook request is received", as an Adaptive Card.

Teams reads Markdown in a text block, not in the runs of a rich one: feeds' words are put into runs, as they are.
https://adaptivecards.io/explorer/RichTextBlock.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import Any, Final

from bot.chat import layout
from bot.chat.layout import Row, Span
from bot.chat.platform import Platform
from bot.chat.posting import chat, rows
from bot.outbox.model import Outgoing

_BUDGET: Final = 24_000  # bytes of rows: Teams takes messages of 28 KB
_FRAME: Final = 150  # bytes around a run


def message(outgoing: Outgoing, today: date) -> tuple[dict[str, Any], Mapping[str, str]]:
    card = outgoing.card
    kicker = layout.kicker(card)
    head = [
        *([_block((Span(kicker),), size="Small")] if kicker else []),
        _block((Span(layout.head(card), strong=True),), size="Medium"),
    ]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": layout.first_line(card),
        "msteams": {"width": "Full"},
        "body": [*head, *map(_block, _fitting([row for row in rows(outgoing, today) if row]))],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}, {}


def _fitting(shown: list[Row]) -> list[Row]:
    sizes = accumulate(sum(len(f"{span.text}{span.url}".encode()) + _FRAME for span in row) for row in shown)
    fitting = sum(size <= _BUDGET for size in sizes)
    return [*shown[:fitting], *([(Span(layout.MORE.format(len(shown) - fitting)),)] if shown[fitting:] else [])]


def _block(row: Row, size: str = "Default") -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [_run(span, size) for span in row if span.text]}


def _run(span: Span, size: str) -> dict[str, Any]:
    run: dict[str, Any] = {"type": "TextRun", "text": span.text + span.beside, "size": size}
    if span.strong:
        run["weight"] = "Bolder"
    if span.url:
        run |= {"color": "Accent", "selectAction": {"type": "Action.OpenUrl", "url": span.url}}
    return run


PLATFORM: Final[Platform] = chat("teams", message)
