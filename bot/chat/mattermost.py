"""Posts to an incoming webhook of Mattermost, in its Markdown.

https://developers.mattermost.com/integrate/webhooks/incoming/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.chat.layout import Span
from bot.chat.platform import Platform
from bot.chat.posting import chat, text
from bot.outbox.model import Outgoing

_LIMIT: Final = 16_383  # characters of a post since Mattermost 5.0
_MARKUP: Final = re.compile(r"([\\*_~`|<>\[\]#])")
_LIVE: Final = re.compile(r"@(?=\w)|:(?=//|[a-z0-9_+-]+:)")  # mentions, bare addresses and pictures
_JOINER: Final = "\u2060"  # is not shown, and keeps "@channel" from notifying everyone


def message(outgoing: Outgoing, today: date) -> tuple[dict[str, Any], Mapping[str, str]]:
    return {"text": text(outgoing, today, _say, _LIMIT)}, {}


def _say(span: Span) -> str:
    words = _escape(span.text)
    words = f"**{words}**" if span.strong and words.strip() else words
    return f"[{words}](<{span.url}>){_escape(span.beside)}" if span.url else words


def _escape(words: str) -> str:
    return _LIVE.sub(rf"\g<0>{_JOINER}", _MARKUP.sub(r"\\\1", words))


PLATFORM: Final[Platform] = chat("mattermost", message)
