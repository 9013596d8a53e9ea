"""A card as a Discord message. Pure.

The head is the message's content, which is what a notification shows; the rest is an embed, where links may carry
labels. Outside text is escaped so that Discord finds no markup, link, mention or timestamp in it. (discord.py's
`escape_markdown` marks only the first of several `[label](url)` on a line, so it is not enough.)
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.card import Card, Mark
from bot.chat import anatomy, words
from bot.chat.anatomy import Span

_CONTENT = 300  # of 2,000: what a notification can show
_DESCRIPTION = 4_000  # of 4,096
_TOTAL = 5_900  # of 6,000 over all embeds of a message
_FOOTER = 500  # of 2,048; the courier's marker comes after it
_MARKER = 40  # room that is left for it
_ROW = 1_800

_COLOURS = {
    Mark.ALERT: 0xC2410C,
    Mark.FILING: 0x64748B,
    Mark.BILL: 0x1D4ED8,
    Mark.NEWS: 0x7C3AED,
    Mark.DIGEST: 0x0F766E,
    Mark.HELLO: 0x0F766E,
    Mark.HEALTH: 0xB45309,
}
# Anywhere: emphasis, spoilers, code, mentions, links, bare addresses and invitations ("discord.gg/…"). At the start of
# a line: headings, quotes, lists.
_MARKUP = re.compile(r"[\\*_~|`<\[\]]|:(?=//)|(?<=\.\w\w)/|(?<=\.\w\w\w)/|^[#>+-]")


def message(card: Card, today: date, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]:
    """The body of POST /channels/{id}/messages, without the courier's nonce, reply reference and footer marker.

    `today` is the reader's date, from which days are counted. `short` is for a message Discord called too long.
    """
    first, content = _escape(anatomy.first_line(card)), _plain(anatomy.first_line(card), _CONTENT)
    foot = words.cut(anatomy.foot(card, may_repeat=may_repeat), _FOOTER)
    lines = [anatomy.fit(row, _ROW, _say) for row in anatomy.rows(card, today, short=short)]
    if content != first or not any(lines):  # the head in full, where the content had to cut it
        lines = [_plain(anatomy.head(card), _ROW), *lines]
    room = _TOTAL - _MARKER - words.size(foot)
    embeds: list[dict[str, Any]] = [
        {"description": text, "color": _COLOURS[card.mark]}
        for text in anatomy.pack(lines, limit=_DESCRIPTION, budget=room)
    ]
    if foot:
        embeds[-1]["footer"] = {"text": foot}
    return {"content": content, "embeds": embeds, "allowed_mentions": {"parse": []}}


def _say(span: Span) -> str:
    text = _escape(span.text)
    if span.url and text:
        text = f"[{text}]({span.url.replace('(', '%28').replace(')', '%29')}){span.beside}"
    return f"**{text}**" if span.strong and text else text


def _plain(text: str, limit: int) -> str:
    return anatomy.fit((Span(text),), limit, _say)


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)
