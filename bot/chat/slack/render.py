"""A card as a Slack message. Pure.

Outside text is cut, then escaped (exactly `&`, `<`, `>`), so it can hold no link, no mention and no command of
Slack's; `verbatim` stops Slack from making links of bare words. Links are only those of the card.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.card import Card
from bot.chat import anatomy
from bot.chat.anatomy import Span

_HEADER = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
_SECTION = 2_900  # Slack's limit is 3,000
_CONTEXT = 600
_ROW = 1_800
_TEXT = 3_000
# Undocumented: near 12,000 characters of blocks together Slack answers msg_blocks_too_long (slackapi/bolt-js#2509).
_ALL_BLOCKS = 9_800
_SECTION_FRAME = 100  # a section without its text, as JSON


def message(card: Card, today: date, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]:
    """Arguments for chat.postMessage: `text` for notifications and screen readers, `blocks` for the eye.

    `today` is the reader's date, from which days are counted. `short` is for a message Slack called too long.
    """
    rows = anatomy.rows(card, today, short=short)
    lines = [anatomy.fit(row, _ROW, _say) for row in rows]
    text = anatomy.pack([_plain(anatomy.first_line(card), _ROW), *lines], limit=_TEXT, budget=_TEXT)[0]
    return {"text": text, "blocks": _blocks(card, lines, may_repeat), "unfurl_links": False, "unfurl_media": False}


def _blocks(card: Card, lines: list[str], may_repeat: bool) -> list[dict[str, Any]]:
    head = anatomy.head(card)
    title = _plain(head, _HEADER)
    if title != _escape(head):  # the head in full, where the header had to cut it
        lines = [_plain(head, _ROW), *lines]
    over = _context(_plain(anatomy.kicker(card), _CONTEXT))
    under = _context(_plain(anatomy.foot(card, may_repeat=may_repeat), _CONTEXT))
    header = [{"type": "header", "text": {"type": "plain_text", "text": title}}]
    room = _ALL_BLOCKS - _json_size([*over, *header, *under]) - 8 * _SECTION_FRAME
    texts = anatomy.pack(lines, limit=_SECTION, budget=room, cost=lambda line: _json_size(line) - 2)
    return [*over, *header, *(_section(text) for text in texts), *under]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text), "expand": True}


def _context(text: str) -> list[dict[str, Any]]:
    return [{"type": "context", "elements": [_mrkdwn(text)]}] if text else []


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _say(span: Span) -> str:
    text = _escape(span.text)
    if span.url and text:
        text = f"<{_escape(span.url)}|{text}>{span.beside}"
    return f"*{text}*" if span.strong and text else text


def _plain(text: str, limit: int) -> str:
    return anatomy.fit((Span(text),), limit, _say)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _json_size(value: object) -> int:
    return len(json.dumps(value))
