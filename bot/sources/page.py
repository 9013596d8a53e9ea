"""A web page without a feed: watched for added and removed lines, or a newsroom's, of which each headline is an entry.

Noise (update dates, counters, share buttons) does not count as lines. A page whose tag paths and most lines differ has
a new layout: then every line would be "added", which means nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from bot.shared import isolation
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, checked
from bot.shared.entry import Difference, Entry, Kind, Quote
from bot.shared.plain_text import cut, read_date, short_hash
from bot.shared.urls import host_of, web_address
from bot.sources.feeds.feed import FeedSource
from bot.sources.feeds.parse import SUMMARY, TITLE, Item, Reading
from bot.sources.model import HttpSource
from bot.sources.robots import allowed_until

_SAME_LAYOUT: Final = 0.5  # share of common tag paths
_SAME_TEXT: Final = 0.8  # share of unchanged lines that makes a new layout the same text
_SHORT: Final = 80  # characters; a longer line is not a counter
_NUMBERS: Final = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov"
    r"|dec)(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\b\.?|\b(?:a\.?m|p\.?m|e[sd]?t|utc|gmt)\b\.?|\d+(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
# Words that every page has around its text.
_PASSING: Final = re.compile(
    r"\b(?:date|page|content|site|web|this|last|was|is|on|at|of|the|first|updated?|modified|reviewed|revised|published"
    r"|created|posted|changed|current|time|today|as|now|views?|visits?|visitors?|hits|likes?|shares?|followers?|comments?"
    r"|downloads?|reads?|minutes?|min|ago|hours?|days?|results?|showing|displaying|items?|print|email|e|mail|share|tweet"
    r"|facebook|twitter|linkedin|copy|link|back|to|top|skip|main|menu|next|previous|more|loading|copyright|all|rights"
    r"|reserved|x)\b",
    re.IGNORECASE,
)
_MAX_STORED: Final = 60_000  # characters of a page's lines
_QUOTES: Final = 30
_FULL_PAGE: Final = 15  # lines; a sign-in page has fewer, and so does a list that was empty before
_SIGN_IN: Final = re.compile(r"/(?:log-?in|sign-?in|sso|saml|oauth2?|auth(?:orize|enticate)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's lines, and the tag paths they are in."""

    lines: tuple[str, ...]
    shape: frozenset[str]


def without_noise(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines with content, without dates, counters and standard page texts."""
    return tuple(
        line
        for line in lines
        if len(line) > _SHORT or re.search(r"[^\W\d_]", _PASSING.sub(" ", _NUMBERS.sub(" ", line)))
    )


def share_unchanged(before: PageText, now: PageText) -> float:
    """The share of the lines of `before` that are still in `now`."""
    unchanged = (Counter(before.lines) & Counter(now.lines)).total()
    return unchanged / len(before.lines) if before.lines else 0.0


def is_redesigned(before: PageText, now: PageText) -> bool:
    shared = len(before.shape & now.shape) / max(1, len(before.shape | now.shape))
    return shared < _SAME_LAYOUT and share_unchanged(before, now) < _SAME_TEXT


def differences(before: PageText, now: PageText) -> tuple[Quote, ...]:
    """The added lines, then the removed ones, each in page order."""
    added, removed = _missing(now.lines, before.lines), _missing(before.lines, now.lines)
    return (
        *(Quote(line, difference=Difference.ADDED) for line in added),
        *(Quote(line, difference=Difference.REMOVED) for line in removed),
    )


def _missing(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    unmatched = Counter(map(str.casefold, others))
    missing = []
    for line in lines:
        if unmatched[line.casefold()]:
            unmatched[line.casefold()] -= 1
        else:
            missing.append(line)
    return missing


async def read_page(source: HttpSource, body: Body, **asked: Any) -> Mapping[str, Any]:
    """What `page_child.answer` finds in a page, which has the other keys of its head. Raises `Failure`."""
    if body.url != source.url and _SIGN_IN.search(urlsplit(body.url).path):
        raise Failure(Health.BLOCKED, f"{_host(source)} redirects to a sign-in page")
    head = {"content_type": body.content_type, **asked}
    parsed: Mapping[str, Any] | None = await isolation.ask_json("bot.sources.page_child", head, body.data)
    if parsed is None:
        raise Failure(Health.REFUSED, "parsing the page takes too much time or memory")
    if "failed" in parsed:
        raise Failure(Health.MALFORMED, parsed["failed"])
    return parsed


def _host(source: HttpSource) -> str:
    return urlsplit(source.url).hostname or "this address"


class Page(HttpSource, kind="page", brings=Kind.REVISION, needs_url=True):
    """A web page that has no feed: its new and changed lines.

    Cursor: ``{"lines": […], "shape": […]}`` at the last check, with no lines if the part was there but empty;
    ``"anew"``, the digest of a new layout, which counts only once it was seen twice; ``"robots": [until, allowed]``.
    """

    select: str = Field(default="main", description="the part to watch, as a CSS selector")
    ignore: tuple[str, ...] = Field(
        default=(), description="parts to ignore, as CSS selectors; menus and forms are always ignored"
    )
    rolling: bool = Field(
        default=False,
        description="true for a page with a list whose oldest lines drop off: only new lines are reported",
    )

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        robots = checked(await allowed_until(self.fetcher, self.url, memory.cursor, now))
        memory = replace(memory, cursor={**memory.cursor, "robots": robots})
        answer = await self.ask(memory, now, "text/html")
        if not isinstance(answer, tuple):
            return answer
        body, _ = answer
        parsed = await read_page(self, body, select=self.select, ignore=self.ignore)
        return await asyncio.to_thread(self._answer, parsed, body, memory, now)

    def _answer(self, parsed: Mapping[str, Any], body: Body, memory: Memory, now: datetime) -> Answer:
        previous = PageText(tuple(memory.cursor.get("lines", ())), frozenset(memory.cursor.get("shape", ())))
        current = PageText(_fitting(without_noise(parsed["lines"] or ())), frozenset(parsed["shape"]))
        if parsed["sign_in"] and len(current.lines) < _FULL_PAGE and share_unchanged(previous, current) < 0.5:
            return FetchFailed(Health.BLOCKED, f"{_host(self)} sends a sign-in page")
        if not current.lines and (parsed["lines"] is None or previous.lines):
            problem = "is empty" if parsed["lines"] is not None else "is not on the page"
            return FetchFailed(Health.EMPTY, f"the watched part ({self.select}) {problem}")
        next_memory = replace(
            memory,
            validators={self.url: body.validators},
            cursor={"robots": memory.cursor["robots"], "lines": current.lines, "shape": sorted(current.shape)},
        )
        if not current.lines:  # no validators: the next answer must be complete to be compared
            detail = f"the watched part ({self.select}) is empty"
            return Fetched(entries=(), memory=replace(next_memory, validators={}), health=Health.EMPTY, detail=detail)
        if not previous.lines:
            # A few lines are news of a list that was empty; a whole page is one that we see for the first time.
            if "lines" not in memory.cursor or len(current.lines) >= _FULL_PAGE:
                return Fetched(entries=(), memory=next_memory)
        elif is_redesigned(previous, current):
            # A new layout counts when seen a second time: it may be a maintenance notice.
            mark = _digest(current.lines)
            share = f"{share_unchanged(previous, current):.0%} of its lines are unchanged, in a different layout"
            if memory.cursor.get("anew") != mark:
                cursor = {**memory.cursor, "anew": mark}
                next_memory = replace(next_memory, validators={}, cursor=cursor)  # a full answer next time
            return Fetched(entries=(), memory=next_memory, health=Health.REDESIGNED, detail=share)
        return self._compared(previous, current, next_memory, now)

    def _compared(self, previous: PageText, current: PageText, next_memory: Memory, now: datetime) -> Fetched:
        quotes = [
            quote
            for quote in differences(previous, current)
            if not (self.rolling and quote.difference is Difference.REMOVED)
        ]
        key = f"page:{self.id}:{_digest(previous.lines)}:{_digest(current.lines)}"
        counts = (sum(quote.difference is which for quote in quotes) for which in Difference)
        entry = Entry(
            source=self.id,
            kind=Kind.REVISION,
            identity=(key,),
            thread=key,
            title=self.name,
            url=self.url,
            as_of=now,
            quotes=tuple(quotes[:_QUOTES]),
            notes=("Lines added: {}; removed: {}.".format(*counts),),
        )
        return Fetched(entries=(entry,) if quotes else (), memory=next_memory)


def _fitting(lines: Sequence[str]) -> tuple[str, ...]:
    """As many lines as fit into the store between two checks."""
    fitting, room = [], _MAX_STORED
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        fitting.append(line)
    return tuple(fitting)


def _digest(lines: Sequence[str]) -> str:
    return short_hash("\n".join(lines), 12)


class NewsPage(FeedSource, kind="news-page", brings=Kind.NEWS, needs_url=True):
    """A newsroom's page that has no feed: its dated headlines, each an entry with its link.

    Cursor: that of a feed, and that of `allowed_until`.
    """

    accept = "text/html"
    select: str = Field(default="main", description="the part with the headlines, as a CSS selector")
    ignore: tuple[str, ...] = Field(default=(), description="parts to ignore, as CSS selectors")

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        robots = checked(await allowed_until(self.fetcher, self.url, memory.cursor, now))
        answer = await super()._poll(memory, now)
        assert not isinstance(answer, FetchFailed)  # it has an address
        left = answer.memory
        return replace(answer, memory=replace(left, cursor={**left.cursor, "robots": robots}))

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading:  # noqa: ARG002 - as a feed
        parsed = await read_page(self, body, select=self.select, ignore=self.ignore, headlines=True)
        if not parsed["items"]:
            if parsed["sign_in"]:
                raise Failure(Health.BLOCKED, f"{host_of(self.url)} sends a sign-in page")
            raise Failure(Health.EMPTY, f"the page has no dated headlines in its part {self.select}")
        items = [_headline_item(row, body.url) for row in parsed["items"]]
        return Reading(tuple(filter(None, items)), broken=items.count(None))


def _headline_item(row: Sequence[str], address: str) -> Item | None:
    """The item of a headline; None without an address that people can follow."""
    title, target, date, around = row
    link = web_address(urljoin(address, target))
    if not link:
        return None
    return Item(cut(title, TITLE), link, guid="", summary=cut(around, SUMMARY), published=read_date(date), outlet="")
