"""Posts to a webhook of a space in Google Chat, in its own markup.

https://developers.google.com/workspace/chat/format-messages
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.chat.layout import Span
from bot.chat.platform import Platform
from bot.chat.posting import chat, text
from bot.outbox.model import Outgoing

_LIMIT: Final = 8_000  # characters of up to four bytes: a message has 32,000 bytes
# Google Chat has no escapes: `<users/all>` notifies everyone, `*`, `_`, `~` and "`" format what is between two of them.
_LOOKALIKES: Final = str.maketrans({"<": "‹", ">": "›", "|": "¦", "*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_BARE: Final = ("://", ":\u2060//")  # a word joiner, which is not shown, keeps a bare address from becoming a link


def message(outgoing: Outgoing, today: date) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The message in the thread of the one it replies to. One `requestId` is posted once, however often it is sent."""
    body = {"text": text(outgoing, today, _say, _LIMIT), "thread": {"threadKey": outgoing.reply_to or outgoing.mark}}
    return body, {"requestId": outgoing.mark, "messageReplyOption": "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"}


def _say(span: Span) -> str:
    words = _plain(span.text)
    words = f"*{words}*" if span.strong and words.strip() else words
    return f"<{span.url}|{words}>{_plain(span.beside)}" if span.url else words


def _plain(words: str) -> str:
    return words.translate(_LOOKALIKES).replace(*_BARE)


PLATFORM: Final[Platform] = chat("googlechat", message)
