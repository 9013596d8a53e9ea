"""Announcements of federal money at grants.gov: forecast, posted, changed; with their own text, where it is attached.

`search2` and `fetchOpportunity` are asked by POST and want no key. Of each announcement the attached files are read,
the sentences with the phrases of feeds.yml are quoted, and the text is held against that of the programme's last one.
A poll opens a few announcements, new and changed ones first; in a day each is opened several times.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from bot.shared.calendar import day_in_words
from bot.shared.entry import Difference, Entry, Kind, Quote
from bot.sources.fetch.http import Fetcher, Unchanged
from bot.sources.fetch.payload import read_object
from bot.sources.grants.attachment import Attached, read
from bot.sources.grants.opportunity import (
    CHANGED,
    POSTED,
    File,
    Hit,
    Opportunity,
    hit,
    opportunity,
    programme,
    the_one_before,
)
from bot.sources.grants.sentences import Comparison, Sentence, compare, finder, key
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory

GRANTS_URL: Final = "https://api.grants.gov/v1/api"
FILES_URL: Final = "https://grants.gov/grantsws/rest/opportunity/att/download"
PAGE: Final = "https://www.grants.gov/search-results-detail/{}"
_OPEN: Final = "forecasted|posted"
_PAST: Final = "closed|archived"
_ROWS: Final = 100
_MOST_ROWS: Final = 500
_OPENED: Final = 6  # announcements in one poll: each may cost ten requests, a second apart
_QUOTES: Final = 30
_OLD: Final = timedelta(days=7)  # before the first look


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An announcement as it was when last opened. `at` is "" where it never was; `silent`: there from the beginning.

    `listed` is the closing date as the search had it. `said` are digests of the sentences that were quoted; `unread` is
    why its own text was not read, "" where it was; `wanted` a mark of the phrases that were looked for. `changes`: how
    often it was told to be changed, so that what goes back and comes again is told again.
    """

    stage: str
    listed: str = ""
    closes: str = ""
    files: str = ""
    wanted: str = ""
    said: tuple[str, ...] = ()
    unread: str = "not opened yet"
    at: str = ""
    silent: bool = False
    changes: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """`again`: what could not be read may be there next time."""

    sentences: tuple[Sentence, ...] = ()
    files: tuple[str, ...] = ()  # "NOFO.pdf, 64 pages"
    unread: str = ""
    again: bool = False


@dataclass(slots=True)
class _Round:
    """What one poll brings."""

    known: dict[str, _Known]
    entries: list[Entry] = field(default_factory=list)
    baseline: set[str] = field(default_factory=set)
    failed: list[FetchFailed] = field(default_factory=list)


class Grants:
    """The announcements of `agencies` (grants.gov's codes), or of all, that have `keyword`. Satisfies `Source`.

    Cursor: ``{"opportunities": {"358302": {…}}}``, a `_Known` for each that is open.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the port's name for it
        name: str,
        url: str,
        fetcher: Fetcher,
        *,
        agencies: Sequence[str] = (),
        keyword: str = "",
        phrases: Sequence[str] = (),
        files_url: str = "",
        may_be_empty: bool = False,
    ) -> None:
        self.id = id
        self.name = name
        self._url = url or GRANTS_URL
        self._files_url = files_url or FILES_URL
        self._fetcher = fetcher
        self._agencies = "|".join(agencies)
        self._keyword = keyword
        self._wanted = finder(phrases)
        self._mark = hashlib.sha256("\n".join(phrases).encode()).hexdigest()[:10]
        self._may_be_empty = may_be_empty

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        found = await self._search(_OPEN, self._keyword, self._agencies, now)
        if isinstance(found, FetchFailed):
            return found
        if not found:
            return self._empty(memory, now)
        was = {id_: _known(kept) for id_, kept in memory.cursor.get("opportunities", {}).items()}
        round_ = _Round(
            {it.id: was.get(it.id) or _Known(stage=it.stage, silent=_was_there(it, memory, now)) for it in found}
        )
        turn = sorted(found, key=lambda it: _patience(it, was.get(it.id)))[:_OPENED]
        for it in turn:
            await self._open(it, found, round_, now)
        if len(round_.failed) == len(turn):
            return round_.failed[0]
        return Fetched(
            entries=tuple(round_.entries),
            memory=_kept(memory, {id_: asdict(kept) for id_, kept in round_.known.items()}, now),
            detail=f"{len(round_.failed)} could not be opened: {round_.failed[0].detail}" if round_.failed else "",
            baseline=frozenset(round_.baseline),
        )

    def _empty(self, memory: Memory, now: datetime) -> Fetched:
        health = Health.EMPTY_EXPECTED if self._may_be_empty else Health.EMPTY
        kept = _kept(memory, memory.cursor.get("opportunities", {}), now)
        return Fetched(entries=(), memory=kept, health=health, detail="no open announcement is listed for this search")

    # --- asking ------------------------------------------------------------------------------------------------------

    async def _search(self, statuses: str, keyword: str, agencies: str, now: datetime) -> list[Hit] | FetchFailed:
        found: dict[str, Hit] = {}
        for start in range(0, _MOST_ROWS, _ROWS):
            question = {"rows": _ROWS, "startRecordNum": start, "oppStatuses": statuses}
            question |= {name: said for name, said in (("keyword", keyword), ("agencies", agencies)) if said}
            data = await self._ask("search2", question, now)
            if isinstance(data, FetchFailed):
                return data
            hits = data.get("oppHits")
            if not isinstance(hits, list):
                return FetchFailed(Health.MALFORMED, f"{urlsplit(self._url).hostname} answered without a list of hits")
            found |= {it.id: it for it in map(hit, hits) if it}
            if len(hits) < _ROWS:
                break
        return list(found.values())

    async def _ask(self, what: str, question: Mapping[str, Any], now: datetime) -> Mapping[str, Any] | FetchFailed:
        body = await self._fetcher.post(f"{self._url.rstrip('/')}/{what}", question, now=now)
        if isinstance(body, FetchFailed):
            return body
        said = await asyncio.to_thread(read_object, body)
        if isinstance(said, FetchFailed):
            return said
        data = said.get("data")
        if said.get("errorcode") != 0 or not isinstance(data, Mapping):
            return FetchFailed(Health.MALFORMED, f"{urlsplit(self._url).hostname} did not answer {what} with data")
        return data

    async def _record(self, it: Hit, now: datetime) -> Opportunity | FetchFailed:
        record = await self._ask("fetchOpportunity", {"opportunityId": int(it.id)}, now)
        return record if isinstance(record, FetchFailed) else await asyncio.to_thread(opportunity, record, it)

    async def _read(self, files: Iterable[File], now: datetime) -> _Text:
        text = _Text()
        for file in files:
            body = await self._fetcher.get(f"{self._files_url}/{file.id}", now=now)
            if isinstance(body, FetchFailed):
                passing = body.health in (Health.UNREACHABLE, Health.BLOCKED)
                text = replace(text, unread=f"{file.name}: {body.detail}", again=text.again or passing)
                continue
            assert not isinstance(body, Unchanged)  # without validators the answer always comes in full
            match await read(body.data):
                case Attached(sentences, pages):
                    named = f"{file.name}, {pages} pages" if pages else file.name
                    text = replace(text, sentences=(*text.sentences, *sentences), files=(*text.files, named))
                case why:
                    text = replace(text, unread=f"{file.name} is {why}")
        return text if text.files or text.unread else replace(text, unread="none is attached")

    # --- one announcement --------------------------------------------------------------------------------------------

    async def _open(self, found: Hit, all_found: Sequence[Hit], round_: _Round, now: datetime) -> None:
        """Open one, and note what it is now and what is to be told of it."""
        it = await self._record(found, now)
        if isinstance(it, FetchFailed):
            round_.failed.append(it)
            return
        was, new = round_.known[found.id], None
        fresh = not was.at or it.stage != was.stage
        text = await self._read(it.files, now) if it.stage == POSTED and (fresh or it.stamp != was.files) else None
        noted = await asyncio.to_thread(self._note, it, was, text, now)
        kept = replace(noted, listed=_iso(found.closes))
        if fresh:
            before = None if was.silent or not text or text.unread else await self._before(found, all_found, now)
            new = await asyncio.to_thread(self._announced, found, it, text, before)
        elif was.closes != kept.closes or kept.said != was.said:
            kept = replace(kept, changes=was.changes + 1)
            new = await asyncio.to_thread(self._changed, found, it, text, was)
        if new and was.silent and (fresh or (was.unread and was.closes == kept.closes)):
            round_.baseline.add(new.identity[0])
        round_.known[found.id] = replace(kept, silent=was.silent and bool(kept.unread) and it.stage == POSTED)
        round_.entries += [new] if new else []

    def _note(self, it: Opportunity, was: _Known, text: _Text | None, now: datetime) -> _Known:
        kept = replace(was, stage=it.stage, closes=_iso(it.closes), at=now.isoformat())
        if text is None:
            return kept if it.stage == POSTED else replace(kept, unread="a forecast has none")
        said = {_digest(quote) for quote in compare(text.sentences, None, self._wanted).quotes}
        if text.unread:
            said |= set(was.said)  # what was not read is not gone
        files = "" if text.again else it.stamp
        return replace(kept, files=files, said=tuple(sorted(said)), unread=text.unread, wanted=self._mark)

    async def _before(self, it: Hit, open_: Sequence[Hit], now: datetime) -> tuple[Hit, _Text] | str:
        """The text of the programme's announcement before this one, or why there is nothing to compare."""
        past = await self._search(_PAST, programme(it.title), it.agency, now)
        if isinstance(past, FetchFailed):
            return f"The announcement before it could not be looked for: {past.detail}."
        before = the_one_before(it, [*open_, *past])
        if before is None:
            return "No earlier announcement of this programme was found, so nothing is compared."
        record = await self._record(before, now)
        text = _Text(unread=record.detail) if isinstance(record, FetchFailed) else await self._read(record.files, now)
        if text.unread:
            return f"The one before it, {_named(before)}, could not be read, so nothing is compared: {text.unread}."
        return before, text

    def _announced(
        self, found: Hit, it: Opportunity, text: _Text | None, before: tuple[Hit, _Text] | str | None
    ) -> Entry:
        earlier = before[1].sentences if isinstance(before, tuple) else None
        said = compare(text.sentences, earlier, self._wanted) if text else Comparison(())
        notes = [f"Expected: {it.expected}; estimates." if it.expected else ""]
        if isinstance(before, tuple):
            notes.append(_compared(before[0], said))
        elif before:
            notes.append(before)
        notes.append(_how_read(text) if text else "")
        entry = self._entry(found, it, it.stage, said.quotes, notes)
        return replace(entry, identity=(f"grant:{found.id}:{it.stage.casefold()}",))

    def _changed(self, found: Hit, it: Opportunity, text: _Text | None, was: _Known) -> Entry:
        notes = []
        if _iso(it.closes) != was.closes:
            earlier = f", before it was {day_in_words(date.fromisoformat(was.closes))}" if was.closes else ""
            notes.append(f"Closing date changed: {day_in_words(it.closes) if it.closes else 'none is given'}{earlier}.")
        quotes: list[Quote] = []
        if text:
            now_said = compare(text.sentences, None, self._wanted).quotes
            fresh = [quote for quote in now_said if _digest(quote) not in was.said]
            comparable = not was.unread and was.wanted == self._mark
            added = [replace(quote, difference=Difference.ADDED) for quote in fresh] if comparable else fresh
            quotes = [*added, *(quote for quote in now_said if quote not in fresh)]
            gone = len(set(was.said) - set(map(_digest, now_said))) if comparable and not text.unread else 0
            notes.append(f"Of the sentences quoted before, {gone} no longer there." if gone else "")
            notes.append(_how_read(text))
        entry = self._entry(found, it, CHANGED, quotes, notes)
        state = (str(was.changes), _iso(it.closes), *map(_digest, quotes))
        mark = hashlib.sha256("\n".join(state).encode()).hexdigest()[:12]
        return replace(entry, identity=(f"grant:{found.id}:changed:{mark}",))

    def _entry(self, found: Hit, it: Opportunity, type_: str, quotes: Sequence[Quote], notes: Sequence[str]) -> Entry:
        pdf = next((file for file in it.files if file.name.casefold().endswith(".pdf")), None)
        return Entry(
            source=self.id,
            kind=Kind.GRANT,
            identity=(),
            thread=f"grant:{found.id}",
            title=it.title,
            url=PAGE.format(found.id),
            summary=it.summary or None,
            published=it.published,
            agencies=it.agencies or None,
            type=type_,
            closes_on=it.closes,
            number=it.number or None,
            pdf_url=f"{self._files_url}/{pdf.id}" if pdf else None,
            as_of=it.as_of,
            quotes=tuple(quotes[:_QUOTES]),
            notes=tuple(filter(None, notes)),
        )


def unread(memory: Memory) -> tuple[set[str], set[str]]:
    """Of the posted announcements that are listed, those whose own text was not read; and all."""
    known = {id_: _known(kept) for id_, kept in memory.cursor.get("opportunities", {}).items()}
    posted = {id_ for id_, kept in known.items() if kept.stage == POSTED}
    return {id_ for id_ in posted if known[id_].unread}, posted


def _known(kept: Mapping[str, Any]) -> _Known:
    return _Known(**{**kept, "said": tuple(kept.get("said", ()))})


def _was_there(it: Hit, memory: Memory, now: datetime) -> bool:
    """Whether an announcement that the search lists for the first time was there before we began to look.

    Everything of the first look was. After a first look that found nothing, it is what opened long before and takes
    no applications any more.
    """
    looked = memory.first_success_at
    if looked is None:
        return True
    if memory.last_change_at is not None or (it.closes and it.closes >= now.date()):
        return False
    return it.opened is not None and it.opened < looked.date() - _OLD


def _patience(it: Hit, was: _Known | None) -> tuple[bool, bool, str]:
    """Who is opened first: what is new, what the search shows changed, what was opened longest ago."""
    if was is None:
        return False, False, ""
    return True, bool(was.at) and it.stage == was.stage and _iso(it.closes) == was.listed, was.at


def _kept(memory: Memory, known: Mapping[str, Any], now: datetime) -> Memory:
    cursor = {"opportunities": dict(known)}
    return replace(
        memory, cursor=cursor, first_success_at=memory.first_success_at or now, last_success_at=now, validators={}
    )


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _digest(quote: Quote) -> str:
    return hashlib.sha256(key(quote.text).encode()).hexdigest()[:10]


def _named(it: Hit) -> str:
    return f"{it.number or it.title}{f' of {day_in_words(it.opened)}' if it.opened else ''}"


def _compared(before: Hit, said: Comparison) -> str:
    new, gone, same = (said.count(which) for which in (Difference.ADDED, Difference.REMOVED, None))
    verb = "is" if new == 1 else "are"
    return (
        f"Compared with {_named(before)}: of the sentences we look for {new} {verb} new, {gone} gone, {same} as before;"
        f" {said.others} other sentences differ."
    )


def _how_read(text: _Text) -> str:
    read_ = f"Read: {'; '.join(text.files)}." if text.files else "Title and synopsis only."
    in_full = " in full" if text.files else ""
    return f"{read_} Its own text was not read{in_full}: {text.unread}." if text.unread else read_
