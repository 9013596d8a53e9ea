"""Read facts from an entry before it is matched: the entities it names, whether it is news, and whether
its headline may be shown. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from bot.config.coalition import Coalition
from bot.config.media import NotNews
from bot.media.news.entities import Entities, Rule
from bot.media.news.withhold import Care
from bot.shared.entry import Entry, Kind
from bot.shared.urls import host_of, path_of
from bot.watch.index import Index

EXCERPT: Final = 60  # words of a text that are stored
_BEFORE: Final = 20  # of them, before a name that occurs further on
_HEADLINE: Final = 6  # words of the last step of an address that only a headline has
# A bill with its Congress, as trackers write it and reporters do not: 119hr1234, s2255-119
_TYPE: Final = "(?:hr|s|hres|sres|hjres|sjres|hconres|sconres)"
_BILL: Final = re.compile(rf"\b1[0-3]\d{_TYPE}\d{{1,5}}\b|\b{_TYPE}\d{{1,5}}-1[0-3]\d\b")
_CONGRESS: Final = re.compile(r"(?:9\d|1[0-3]\d)(?:st|nd|rd|th)?(?:-congress)?")
_KEEPS: Final = frozenset({"bill", "bills", "billdetail", "bill-search", "document", "doc"})  # with a number after
_NEWS: Final = re.compile(r"\b(?:blogs?|news|newsroom|press|releases?|stories|latest|\d{4})\b")  # a section of a site
_ADDRESS: Final = re.compile(r"(?:^|\b)(?:https?[:-]|www\.)")  # another address within an address: a mirror
# One or two words, as a section of a site is called: example.org/press-releases
_LABEL: Final = re.compile(r"[a-z]{3,}(?:[-_][a-z]{3,})?(?:\.\w{1,5})?")


class Reading:
    """Reads entries. `rules` are the look-alikes corrected in chat."""

    def __init__(self, coalition: Coalition, rules: Iterable[Rule] = ()) -> None:
        self._entities = Entities(coalition.entities, rules)
        self._not_news = coalition.media.not_news
        self._first_party = coalition.media.first_party
        self._care = Care(coalition)

    def read(self, entry: Entry) -> tuple[Entry, Index | None]:
        """Return the entry with what can be derived from it, and its index.

        Of other kinds than news only court records are read: a case's name or text may name a person who was harmed.
        """
        if entry.kind is Kind.COURT:
            index = Index(entry)
            return _with_index(self._care.read(entry, index), index)
        if entry.kind is not Kind.NEWS:
            return entry, None
        index = Index(entry)
        read = self._care.read(self._entities.named(entry, index), index)
        if not on_site(host_of(entry.url), self._first_party):
            read = excerpt(read)
        dated = (read.publication_date or read.published) is not None
        steps = _steps(read.url)
        # An entity's own page without a day, headline or news section is a permanent page.
        permanent = not steps or not (_is_headline(steps[-1]) or any(_NEWS.search(step) for step in steps[:-1]))
        own = permanent and not dated and any(name.own for name in read.names)
        if own or is_no_news(read.url, self._not_news, dated=dated):
            read = replace(read, kind=Kind.LISTING)
        return _with_index(read, index)


def _with_index(read: Entry, index: Index) -> tuple[Entry, Index]:
    """Return the entry with its index. `index`: that of the entry as it came, which has the same words."""
    if read.withheld:
        return read, Index(read)
    index.entry = read
    return read, index


def excerpt(entry: Entry) -> Entry:
    """Return the entry with at most 60 words of text: the first, or those around a name that occurs further on."""
    text = entry.summary or ""
    words = text.split(maxsplit=EXCERPT)
    if len(words) <= EXCERPT:
        return entry
    places = [len(text[:at].split()) for name in entry.names if name.words and (at := text.find(name.words)) >= 0]
    first = min(places, default=0)
    begin = first - _BEFORE if first > EXCERPT - _BEFORE else 0
    excerpt = " ".join((text.split(maxsplit=begin + EXCERPT) if begin else words)[begin : begin + EXCERPT])
    return replace(entry, summary=f"…{excerpt}" if begin else excerpt, text=text)


def is_no_news(url: str, what: NotNews, *, dated: bool = False) -> bool:
    """Whether an address is that of an index page, a site without news, a bill's page or a copy of another address.

    `dated`: its source gives a day, so a short address is a story's.
    """
    host = host_of(url)
    if on_site(host, what.sites):
        return True
    steps = _steps(url)
    if not steps:
        return bool(host) and not urlsplit(url).query
    if _is_bill(steps) or any(map(_ADDRESS.search, steps)):
        return True
    last = steps[-1]
    if _is_headline(last):
        return False
    label = not dated and _LABEL.fullmatch(last) is not None
    part = len(steps) == 1 and (last in what.pages or label)
    return not {*what.steps}.isdisjoint(steps) or (part and not urlsplit(url).query)


def _is_bill(steps: Sequence[str]) -> bool:
    """Whether these are the steps of the address of a bill or a numbered document, on any site."""
    if _BILL.search("/".join(steps)):
        return True
    for step, following in pairwise(steps):
        congress = _CONGRESS.fullmatch(step) is not None
        if not (congress or step in _KEEPS) or _is_headline(following):
            continue
        if any(map(str.isdigit, following)) or (congress and following.startswith(("house-", "senate-"))):
            return True
    return False


def _steps(url: str) -> list[str]:
    return [step.casefold() for step in path_of(url).split("/") if step]


def _is_headline(step: str) -> bool:
    return step.count("-") + step.count("_") + 1 >= _HEADLINE


def on_site(host: str, sites: Iterable[str]) -> bool:
    """Whether the host is one of these sites or belongs to one."""
    return f".{host}".endswith(_with_dots(tuple(sites)))


@lru_cache(64)  # the same few lists for every entry
def _with_dots(sites: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f".{site}" for site in sites)
