"""What the room reads out of an entry before anybody judges it: whom it names, whether it is news at all, and whether
its headline may be shown. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from bot.config.coalition import Coalition, NotNews
from bot.entry import Entry, Kind
from bot.media.care import Care
from bot.media.entities import Entities, Rule
from bot.sources.canonical import host_of

EXCERPT: Final = 60  # words that are kept of a text
_BEFORE: Final = 20  # of them, in front of a name that stands further on
_HEADLINE: Final = 6  # words of an address's last step that only a headline has
# One or two words, as a part of a site is called: example.org/human-trafficking
_LABEL: Final = re.compile(r"[a-z]{3,}(?:[-_][a-z]{3,})?(?:\.\w{1,5})?")


class Reading:
    """`rules` are those told apart in chat."""

    def __init__(self, coalition: Coalition, rules: Iterable[Rule] = ()) -> None:
        self._entities = Entities(coalition.entities, rules)
        self._not_news = coalition.media.not_news
        self._first_party = coalition.media.first_party
        self._care = Care(coalition.media.care)

    def read(self, entry: Entry) -> Entry:
        """The entry with what can be told of it; anything but news as it is."""
        if entry.kind is not Kind.NEWS:
            return entry
        read = self._care.shown(self._entities.named(entry))
        if not on_site(host_of(entry.url), self._first_party):
            read = excerpted(read)
        return replace(read, kind=Kind.LISTING) if is_no_news(entry.url, self._not_news) else read


def excerpted(entry: Entry) -> Entry:
    """With at most 60 words of its text to be kept: the first, or those around a name that stands further on."""
    text = entry.summary or ""
    words = text.split()
    if len(words) <= EXCERPT:
        return entry
    places = [len(text[:at].split()) for name in entry.names if name.words and (at := text.find(name.words)) >= 0]
    first = min(places, default=0)
    begin = first - _BEFORE if first > EXCERPT - _BEFORE else 0
    kept = " ".join(words[begin : begin + EXCERPT])
    return replace(entry, summary=f"…{kept}" if begin else kept, text=text)


def is_no_news(url: str, what: NotNews) -> bool:
    """Whether an address is one of a page that only lists others, or of a site that makes no news."""
    host = host_of(url)
    if on_site(host, what.sites):
        return True
    steps = [step.casefold() for step in urlsplit(url).path.split("/") if step]
    if not steps:
        return bool(host) and not urlsplit(url).query
    last = steps[-1]
    if len(re.split(r"[-_]", last)) >= _HEADLINE:
        return False
    part = len(steps) == 1 and (last in what.pages or _LABEL.fullmatch(last) is not None)
    return not {*what.steps}.isdisjoint(steps) or (part and not urlsplit(url).query)


def on_site(host: str, sites: Iterable[str]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
