"""The wording of messages on every platform, and the cleaning of outside text. Pure.

Three kinds of rule: readable dates, text that cannot deceive (no invisible characters, no live mention), and
addresses that are what they look like.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from itertools import islice
from urllib.parse import urlsplit

import regex
from w3lib.url import safe_url_string

from bot.shared.calendar import business_days_until, day_in_words
from bot.shared.card import Due, Mark
from bot.shared.language import gettext_noop
from bot.shared.wording import UNSEEN, number

SIGNS: dict[Mark, tuple[str, str]] = {
    Mark.ALERT: ("🔔", "Alert"),
    Mark.FILING: ("📄", "Filing"),
    Mark.BILL: ("🏛️", "Bill"),
    Mark.HEARING: ("🗓️", "Committee"),
    Mark.NEWS: ("📰", "News"),
    Mark.DIGEST: ("", "Digest"),  # the head names it: "Monday digest · …"
    Mark.HELLO: ("", "Hello"),
    Mark.HEALTH: ("🩺", "Source health"),
    Mark.LETTER: ("✉️", "Letter"),
    Mark.SIGN_ON: ("✍️", gettext_noop("Sign-on")),
    Mark.DEADLINE: ("⏳", "Deadline"),
    Mark.ANSWER: ("", "Answer"),  # an answer needs no label
}
ALT = 1_000  # characters of a picture's text; Slack takes no more
MAY_REPEAT = gettext_noop("(may be a repeat)")
OUR_FAULT = "Something went wrong on our side. Look whether it was done before you try again. The log has details."
UNAVAILABLE = (
    "The bot cannot open your coalition's data now, so nothing was done. Try again in a few minutes. "
    "If this lasts, ask an administrator."
)

_LONGEST = 20_000  # characters of one text that are processed; no platform shows a quarter of that
_LONGEST_URL = 1_500  # a longer address would not leave room for its label in a Discord embed
_NEAR = 30  # characters a cut may lose to end at a whole word
_LONGEST_WAIT = 366  # days ahead within which business days are useful
_SPACE = regex.compile(r"[\s\u2800]+")
# Two unseen signs stay, in emoji only: the emoji selector, and the joiner between two pictographs.
_UNSEEN = regex.compile(
    r"(?!(?<=\p{Emoji})\uFE0F|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic}))"
    rf"[{UNSEEN}]"
)
_NO_FILE_NAME = re.compile(r'["/\\:*?<>|\u200b]+')
_LONGEST_FILE_NAME = 120
_FLOOD = regex.compile(r"(\p{M}{4})\p{M}+")
_MENTION = re.compile(r"(?<=@)(?=everyone|here|channel)|(?<=<)(?=[@!#])")
_GRAPHEME = regex.compile(r"\X")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_HOST_IN_TEXT = regex.compile(r"(?:[\w-]+[.。．｡])+\p{L}{2,}")


def clean(text: str) -> str:
    """Outside text as one line without anything hidden.

    Line breaks become spaces, invisible characters go, at most four combining marks stay on a letter, and what a
    platform might take for a mention is broken by a zero-width space. The Register's typewriter quotes (``…'') become
    quotation marks, so no backtick is left to open a code block.
    """
    text = unicodedata.normalize("NFC", _SPACE.sub(" ", text[:_LONGEST]))
    text = " ".join(_FLOOD.sub(r"\1", _UNSEEN.sub("", text)).split())
    text = text.replace("``", "“").replace("''", "”").replace("`", "'")
    return _MENTION.sub("\u200b", text)


def file_name(name: str) -> str:
    """A file's name, safe for a header and for a list of files."""
    return _NO_FILE_NAME.sub("_", clean(name))[:_LONGEST_FILE_NAME] or "file"


def size(text: str) -> int:
    """Length in UTF-16 units, the strictest of the ways in which the platforms may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int, cost: Callable[[str], int] = size) -> str:
    """`text` within `limit`, cut between words if one is near, never inside a visible character.

    `cost` measures a beginning of the text as it will be sent, escapes included; it may only grow with the text.
    """
    if cost(text) <= limit:
        return text
    if limit < 1:
        return ""
    ends = [piece.end() for piece in islice(_GRAPHEME.finditer(text), limit)]
    fitting = bisect_right(ends, limit - 1, key=lambda end: cost(text[:end]))
    beginning = text[: ends[fitting - 1]] if fitting else ""
    words, _, tail = beginning.rpartition(" ")
    return (words if words and len(tail) < _NEAR else beginning).rstrip(" ,;:·-–") + "…"


def safe_url(url: str) -> str:
    """The address, safe for a link; "" if it is not usable.

    Only http and https with a plain host: no user name that poses as one, no backslash that browsers and servers read
    differently. Foreign letters in the host come as punycode, so a look-alike shows; `<`, `>`, `|`, `@` and spaces are
    percent-encoded, so the address can neither end its link early nor mention anyone.
    """
    if "\\" in url:
        return ""
    try:
        safe = safe_url_string(url.strip()).replace("|", "%7C")
        parts = urlsplit(safe)
        hostname, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and "@" not in parts.netloc and _HOST.fullmatch(hostname)
    return safe.replace("@", "%40") if good and len(safe) <= _LONGEST_URL else ""


def host(url: str) -> str:
    """The host of a safe address, without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def host_to_show(label: str, url: str) -> str:
    """The host of `url` if `label` looks like another host's address, else ""."""
    named = {found[0].lower().removeprefix("www.") for found in _HOST_IN_TEXT.finditer(label)}
    return host(url) if "://" in label or named - {host(url)} else ""


def due(what: Due, today: date) -> tuple[str, str]:
    """A binding date in words, and the time until then: ("Comments close Mon Jan 25, 2027", "in 39 business days")."""
    label = clean(what.label)
    text = " ".join(filter(None, (label, day_in_words(what.on), clean(what.detail))))
    days = (what.on - today).days
    if days == 0:
        return text, "today"
    if days < 0:
        return text, f"{'closed ' if label.endswith('close') else ''}{number(-days, 'day')} ago"
    if days > _LONGEST_WAIT:
        return text, f"in {number(days, 'day')}"
    left = business_days_until(today, what.on)
    return text, f"in {number(left, 'business day')}" if left else "before the next business day"
