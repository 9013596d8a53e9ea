"""A web page without a feed, watched for what is added to it and taken from it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from protego import Protego

from bot.shared.entry import Difference, Entry, Kind, Quote
from bot.sources.fetch import child
from bot.sources.fetch.http import Body, Fetcher, Unchanged
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.pages.revision import Look, differences, made_anew, stays, telling

ROBOT: Final = "coalition-bot"  # as robots.txt may name us
_LONGEST_ROBOTS: Final = 500 * 1024  # bytes that are read (RFC 9309, 2.5)
_ROBOTS_LAST: Final = timedelta(days=1)  # RFC 9309, 2.4
_MOST_KEPT: Final = 60_000  # characters of a page's lines
_QUOTES: Final = 30
_MUCH: Final = 15  # lines: a page that asks to sign in says less, and so does a list that was empty before
_SIGN_IN: Final = re.compile(r"/(?:log-?in|sign-?in|sso|saml|oauth2?|auth(?:orize|enticate)?)\b", re.IGNORECASE)


class Page:
    """A page of feeds.yml. Satisfies `Source`.

    `select` names the part that is watched, `ignore` parts of that which are left out; both are CSS selectors. Of a
    `rolling` list only what is new is told. Cursor: ``{"lines": […], "shape": […]}`` as at the last look, without lines
    where the part was there and empty;
    ``"anew"``, the digest of a page that was made anew and is not believed before it is seen twice;
    ``"robots": [until, allowed]``.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the port's name for it
        name: str,
        url: str,
        fetcher: Fetcher,
        *,
        select: str = "main",
        ignore: Sequence[str] = (),
        rolling: bool = False,
    ) -> None:
        self.id = id
        self.name = name
        self._url = url
        self._fetcher = fetcher
        self._select = select
        self._ignore = list(ignore)
        self._rolling = rolling

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        robots = await self._robots(memory, now)
        if isinstance(robots, FetchFailed):
            return robots
        memory = replace(memory, cursor={**memory.cursor, "robots": robots})
        if not robots[1]:
            return FetchFailed(Health.UNWELCOME, f"robots.txt of {self._host} asks robots to leave this page alone")
        got = await self._fetcher.get(self._url, memory.validators.get(self._url, {}), now=now, accept="text/html")
        if isinstance(got, FetchFailed):
            return got
        if isinstance(got, Unchanged):
            return NotModified(replace(memory, validators={self._url: got.validators}, last_success_at=now))
        said = await self._taken_apart(got)
        return said if isinstance(said, FetchFailed) else await asyncio.to_thread(self._answer, said, got, memory, now)

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or "this address"

    async def _robots(self, memory: Memory, now: datetime) -> tuple[str, bool] | FetchFailed:
        """Whether the page may be read, and until when that is known.

        RFC 9309: a robots.txt that is not there forbids nothing; one that cannot be reached forbids all, for now.
        """
        until, allowed = memory.cursor.get("robots", ("", True))
        if until > now.isoformat():
            return until, allowed
        got = await self._fetcher.get(urljoin(self._url, "/robots.txt"), now=now, accept="text/plain")
        if isinstance(got, FetchFailed) and got.health not in (Health.GONE, Health.BLOCKED):
            return replace(got, detail=f"{got.detail} (robots.txt, without which the page is not read)")
        allowed = await asyncio.to_thread(self._allowed, got.data) if isinstance(got, Body) else True
        return (now + _ROBOTS_LAST).isoformat(), allowed

    def _allowed(self, robots: bytes) -> bool:
        return Protego.parse(robots[:_LONGEST_ROBOTS].decode("utf-8", "replace")).can_fetch(self._url, ROBOT)

    async def _taken_apart(self, body: Body) -> Mapping[str, Any] | FetchFailed:
        """What `page_child.answer` says of the page."""
        if _SIGN_IN.search(urlsplit(body.url).path) and body.url != self._url:
            return FetchFailed(Health.BLOCKED, f"{self._host} sends us to a page to sign in")
        head = {"content_type": body.content_type, "select": self._select, "ignore": self._ignore}
        out = await child.ask("bot.sources.pages.page_child", head, body.data)
        if out is None:
            return FetchFailed(Health.REFUSED, "the page takes too long or too much to be taken apart")
        said: Mapping[str, Any] = json.loads(out)
        return FetchFailed(Health.MALFORMED, said["failed"]) if "failed" in said else said

    def _answer(self, said: Mapping[str, Any], body: Body, memory: Memory, now: datetime) -> Answer:
        before = Look(tuple(memory.cursor.get("lines", ())), frozenset(memory.cursor.get("shape", ())))
        look = Look(_fitting(telling(said["lines"] or ())), frozenset(said["shape"]))
        if said["sign_in"] and len(look.lines) < _MUCH and stays(before, look) < 0.5:
            return FetchFailed(Health.BLOCKED, f"{self._host} sends a page to sign in")
        if not look.lines and (said["lines"] is None or before.lines):
            there = "is empty" if said["lines"] is not None else "is not on the page"
            return FetchFailed(Health.EMPTY, f"the part that is watched ({self._select}) {there}")
        kept = Memory(
            validators={self._url: body.validators},
            cursor={"robots": memory.cursor["robots"], "lines": look.lines, "shape": sorted(look.shape)},
            first_success_at=memory.first_success_at or now,
            last_success_at=now,
            last_change_at=memory.last_change_at,
        )
        if not look.lines:  # no validators: the next answer must come in full to be compared
            detail = f"the part that is watched ({self._select}) is empty"
            return Fetched(entries=(), memory=replace(kept, validators={}), health=Health.EMPTY, detail=detail)
        if not before.lines:
            # A list that was empty gets its first few lines; a page that we only now get to see comes whole.
            listed = "lines" in memory.cursor and len(look.lines) < _MUCH
            return self._compared(before, look, kept, now) if listed else Fetched(entries=(), memory=kept)
        return self._anew(before, look, kept, memory) or self._compared(before, look, kept, now)

    def _anew(self, before: Look, look: Look, kept: Memory, memory: Memory) -> Fetched | None:
        """A page that was made anew is believed when it is seen a second time: it may be a notice of maintenance."""
        if not made_anew(before, look):
            return None
        mark = _digest(look.lines)
        share = f"{stays(before, look):.0%} of its lines are as before, and they stand in other parts of it"
        if memory.cursor.get("anew") != mark:
            cursor = {**memory.cursor, "anew": mark}
            kept = replace(kept, validators={}, cursor=cursor)  # the next answer must come in full to be compared
        return Fetched(entries=(), memory=kept, health=Health.REDESIGNED, detail=share)

    def _compared(self, before: Look, look: Look, kept: Memory, now: datetime) -> Fetched:
        found = [
            quote
            for quote in differences(before, look)
            if not (self._rolling and quote.difference is Difference.REMOVED)
        ]
        return Fetched(entries=(self._entry(before, look, found, now),) if found else (), memory=kept)

    def _entry(self, before: Look, look: Look, found: Sequence[Quote], now: datetime) -> Entry:
        key = f"page:{self.id}:{_digest(before.lines)}:{_digest(look.lines)}"
        counts = (sum(quote.difference is which for quote in found) for which in Difference)
        return Entry(
            source=self.id,
            kind=Kind.REVISION,
            identity=(key,),
            thread=key,
            title=self.name,
            url=self._url,
            as_of=now,
            quotes=tuple(found[:_QUOTES]),
            notes=("Lines added: {}; removed: {}.".format(*counts),),
        )


def _fitting(lines: Sequence[str]) -> tuple[str, ...]:
    """As much as is kept between two looks."""
    kept, room = [], _MOST_KEPT
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return tuple(kept)


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
