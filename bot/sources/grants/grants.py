"""Funding announcements at grants.gov: forecast, posted or changed, with the text of their attached files.

`search2` and `fetchOpportunity` are POST requests without a key. The attached files are read, the sentences with the
phrases in feeds.yml are quoted, and the text is compared with the program's previous announcement. A poll opens a few
announcements, new and changed ones first, so each is opened several times a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field

from bot.fetch.payload import read_object
from bot.shared import isolation
from bot.shared.answer import Answer, Failure, Fetched, FetchFailed, Health, Memory, Unchanged, checked, outcome
from bot.shared.calendar import day_in_words
from bot.shared.entry import CHANGED, POSTED, Difference, Entry, Kind, Quote
from bot.shared.plain_text import finder, short_hash
from bot.shared.values import Address, Phrase
from bot.shared.wording import number
from bot.sources.grants.opportunity import (
    File,
    Hit,
    Opportunity,
    parse_hit,
    parse_opportunity,
    previous_announcement,
    program,
)
from bot.sources.grants.sentences import Comparison, Sentence, compare, key
from bot.sources.model import HttpSource

FILES_URL: Final = "https://grants.gov/grantsws/rest/opportunity/att/download"
PAGE: Final = "https://www.grants.gov/search-results-detail/{}"
_ROWS: Final = 100
_MOST_ROWS: Final = 500
_OPENED: Final = 6  # announcements per poll: each may take ten requests, a second apart
_QUOTES: Final = 30
_OLD_ENOUGH: Final = timedelta(days=7)  # before the first poll
_TIMEOUT = 90  # seconds of wall time
_PASSING: Final = (Health.UNREACHABLE, Health.BLOCKED, Health.NEEDS_KEY)  # worth another try


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """An announcement when it was last opened. `at` is "" if it never was; `silent`: it existed before the first poll.

    `listed` is the closing date in the search results, `closes` the one in the record. `said` are digests of the quoted
    sentences; `unread` is why its own text was not read, or ""; `wanted` is a digest of the phrases searched for.
    `changes` counts reported changes, so that a change that is reverted and made again is reported again. The field
    names are keys of the stored cursor.
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
    """The text of the attached files. `unread`: why a file was not read; `again`: it may be readable next time."""

    sentences: tuple[Sentence, ...] = ()
    files: tuple[str, ...] = ()  # "NOFO.pdf, 64 pages"
    unread: str = ""
    again: bool = False


@dataclass(slots=True)
class _PollResult:
    """The results of one poll."""

    states: dict[str, _State]
    entries: list[Entry] = field(default_factory=list)
    baseline: set[str] = field(default_factory=set)
    failed: dict[str, FetchFailed] = field(default_factory=dict)


class Grants(HttpSource, kind="grants", brings=Kind.GRANT):
    """Announcements of federal money on grants.gov.

    Cursor: ``{"opportunities": {"358302": {…}}, "closed": {}}``, a `_State` for each open announcement, and for each
    that closed early and is still to be read once more.
    """

    default_url = "https://api.grants.gov/v1/api"
    agencies: tuple[str, ...] = Field(
        default=(), description="grants.gov's codes, such as `USDOJ-OJP-OVC`; all if left out"
    )
    keyword: str = Field(default="", description='only announcements with these words, e.g. "water quality"')
    phrases: tuple[Phrase, ...] = Field(
        default=(),
        description="what to look for in the announcements' own text; sentences with a match are quoted. A star at the "
        "end of a word stands for any ending",
    )
    attachments: Address = Field(default="", description="the address of attached files, before their number")
    may_be_empty: bool = False

    @staticmethod
    def unread(memory: Memory) -> tuple[set[str], set[str]]:
        states = {id_: _state_of(state) for id_, state in memory.cursor.get("opportunities", {}).items()}
        posted = {id_ for id_, state in states.items() if state.stage == POSTED}
        return {id_ for id_ in posted if states[id_].unread}, posted

    def __post_init__(self) -> None:
        super().__post_init__()
        self.attachments = self.attachments or FILES_URL
        self._wanted = finder(self.phrases)
        self._mark = short_hash("\n".join(self.phrases), 10)

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        hits = await self._search("forecasted|posted", self.keyword, "|".join(self.agencies), now)
        if not hits:
            health = Health.EMPTY_EXPECTED if self.may_be_empty else Health.EMPTY
            detail = "no open announcement is listed for this search"
            return Fetched(entries=(), memory=memory, health=health, detail=detail)
        before = (memory.cursor.get(which, {}) for which in ("closed", "opportunities"))
        states = {id_: _state_of(state) for stored in before for id_, state in stored.items()}
        # What is not listed as open any more before its day is opened once again.
        listed, today = {hit.id for hit in hits}, str(now.date())
        gone = ((id_, state) for id_, state in states.items() if id_ not in listed and state.listed >= today)
        closed = [Hit(id_, "", "", state.stage, "", frozenset(), opened=None, closes=None) for id_, state in gone]
        result = _PollResult(
            {
                hit.id: states.get(hit.id) or _State(stage=hit.stage, silent=_existed_before(hit, memory, now))
                for hit in (*hits, *closed)
            }
        )
        opened = sorted((*closed, *hits), key=lambda hit: _priority(hit, states.get(hit.id)))[:_OPENED]
        for hit in opened:
            await self._open(hit, hits, result, now)
        failed = list(result.failed.values())
        if len(failed) == len(opened):
            return failed[0]
        again = {id_ for id_, why in result.failed.items() if why.health in _PASSING}
        saved = {"opportunities": hits, "closed": [hit for hit in closed if hit not in opened or hit.id in again]}
        cursor = {name: {hit.id: asdict(result.states[hit.id]) for hit in each} for name, each in saved.items()}
        return Fetched(
            entries=tuple(result.entries),
            memory=replace(memory, cursor=cursor),
            detail=f"{number(len(failed), 'announcement')} could not be opened: {failed[0].detail}" if failed else "",
            baseline=frozenset(result.baseline),
        )

    # --- requests ----------------------------------------------------------------------------------------------------

    async def _search(self, statuses: str, keyword: str, agencies: str, now: datetime) -> list[Hit]:
        hits_by_id: dict[str, Hit] = {}
        for start in range(0, _MOST_ROWS, _ROWS):
            question = {"rows": _ROWS, "startRecordNum": start, "oppStatuses": statuses}
            question |= {name: value for name, value in (("keyword", keyword), ("agencies", agencies)) if value}
            data = await self._ask("search2", question, now)
            hits = data.get("oppHits")
            if not isinstance(hits, list):
                raise Failure(Health.MALFORMED, f"{urlsplit(self.url).hostname} answered without a list of hits")
            hits_by_id |= {hit.id: hit for hit in map(parse_hit, hits) if hit}
            if len(hits) < _ROWS:
                break
        return list(hits_by_id.values())

    async def _ask(self, what: str, question: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        body = checked(await self.fetcher.post(f"{self.url.rstrip('/')}/{what}", question, now=now))
        answer = checked(await asyncio.to_thread(read_object, body))
        data = answer.get("data")
        if answer.get("errorcode") != 0 or not isinstance(data, Mapping):
            raise Failure(Health.MALFORMED, f"{urlsplit(self.url).hostname} did not answer {what} with data")
        return data

    async def _record(self, hit: Hit, now: datetime) -> Opportunity:
        record = await self._ask("fetchOpportunity", {"opportunityId": int(hit.id)}, now)
        return await asyncio.to_thread(parse_opportunity, record, hit)

    async def _read(self, files: Iterable[File], now: datetime) -> _Text:
        text = _Text()
        for file in files:
            body = await self.fetcher.get(f"{self.attachments}/{file.id}", now=now)
            if isinstance(body, FetchFailed):
                again = text.again or body.health in _PASSING
                text = replace(text, unread=f"{file.name}: {body.detail}", again=again)
                continue
            assert not isinstance(body, Unchanged)  # without validators, the answer always comes in full
            match await read_attachment(body.data):
                case Attached(sentences, pages):
                    label = f"{file.name}, {pages} pages" if pages else file.name
                    text = replace(text, sentences=(*text.sentences, *sentences), files=(*text.files, label))
                case reason:
                    text = replace(text, unread=f"{file.name} is {reason}")
        return text if text.files or text.unread else replace(text, unread="none is attached")

    # --- one announcement --------------------------------------------------------------------------------------------

    async def _open(self, hit: Hit, all_hits: Sequence[Hit], result: _PollResult, now: datetime) -> None:
        """Open one announcement, save its state and add an entry if it is new or changed."""
        record = await outcome(self._record(hit, now))
        if isinstance(record, FetchFailed):
            result.failed[hit.id] = record
            return
        state, entry = result.states[hit.id], None
        first_time = not state.at or record.stage != state.stage
        text = (
            await self._read(record.files, now)
            if record.stage == POSTED and (first_time or record.stamp != state.files)
            else None
        )
        updated = await asyncio.to_thread(self._next_state, record, state, text, now)
        updated = replace(updated, listed=_iso(hit.closes))
        if first_time:
            previous = None if state.silent or not text or text.unread else await self._previous(hit, all_hits, now)
            entry = await asyncio.to_thread(self._announced, hit, record, text, previous)
        elif state.closes != updated.closes or updated.said != state.said:
            updated = replace(updated, changes=state.changes + 1)
            entry = await asyncio.to_thread(self._changed, hit, record, text, state)
        if entry and state.silent and (first_time or (state.unread and state.closes == updated.closes)):
            result.baseline.add(entry.identity[0])
        result.states[hit.id] = replace(
            updated, silent=state.silent and bool(updated.unread) and record.stage == POSTED
        )
        result.entries += [entry] if entry else []

    def _next_state(self, record: Opportunity, state: _State, text: _Text | None, now: datetime) -> _State:
        updated = replace(state, stage=record.stage, closes=_iso(record.closes), at=now.isoformat())
        if text is None:
            return updated if record.stage == POSTED else replace(updated, unread="a forecast has none")
        digests = {_digest(quote) for quote in compare(text.sentences, None, self._wanted).quotes}
        if text.unread:
            digests |= set(state.said)  # keep those of a file that could not be read this time
        files = "" if text.again else record.stamp
        return replace(updated, files=files, said=tuple(sorted(digests)), unread=text.unread, wanted=self._mark)

    async def _previous(self, hit: Hit, open_: Sequence[Hit], now: datetime) -> tuple[Hit, _Text] | str:
        """The program's previous announcement and its text, or why there is nothing to compare."""
        past = await outcome(self._search("closed|archived", program(hit.title), hit.agency, now))
        if isinstance(past, FetchFailed):
            return f"The previous announcement could not be searched for: {past.detail}."
        previous = previous_announcement(hit, [*open_, *past])
        if previous is None:
            return "No earlier announcement of this program was found, so nothing is compared."
        record = await outcome(self._record(previous, now))
        text = _Text(unread=record.detail) if isinstance(record, FetchFailed) else await self._read(record.files, now)
        if text.unread:
            return f"The previous one, {_name_of(previous)}, could not be read, so nothing is compared: {text.unread}."
        return previous, text

    def _announced(
        self, hit: Hit, record: Opportunity, text: _Text | None, previous: tuple[Hit, _Text] | str | None
    ) -> Entry:
        earlier = previous[1].sentences if isinstance(previous, tuple) else None
        comparison = compare(text.sentences, earlier, self._wanted) if text else Comparison(())
        notes = [f"Expected: {record.expected}; estimates." if record.expected else ""]
        if isinstance(previous, tuple):
            new, gone, same = (comparison.count(which) for which in (Difference.ADDED, Difference.REMOVED, None))
            notes.append(
                f"Compared with {_name_of(previous[0])}: of the matching sentences, {new} new, {gone} removed, "
                f"{same} unchanged; {comparison.others} other sentences differ."
            )
        elif previous:
            notes.append(previous)
        notes.append(_text_note(text) if text else "")
        entry = self._entry(hit, record, record.stage, comparison.quotes, notes)
        return replace(entry, identity=(f"grant:{hit.id}:{record.stage.casefold()}",))

    def _changed(self, hit: Hit, record: Opportunity, text: _Text | None, state: _State) -> Entry:
        notes = []
        if _iso(record.closes) != state.closes:
            earlier = f", before it was {day_in_words(date.fromisoformat(state.closes))}" if state.closes else ""
            notes.append(
                f"Closing date changed: {day_in_words(record.closes) if record.closes else 'none is given'}{earlier}."
            )
        quotes: list[Quote] = []
        if text:
            current_quotes = compare(text.sentences, None, self._wanted).quotes
            new_quotes = [quote for quote in current_quotes if _digest(quote) not in state.said]
            comparable = not state.unread and state.wanted == self._mark
            added = [replace(quote, difference=Difference.ADDED) for quote in new_quotes] if comparable else new_quotes
            quotes = [*added, *(quote for quote in current_quotes if quote not in new_quotes)]
            gone = len(set(state.said) - set(map(_digest, current_quotes))) if comparable and not text.unread else 0
            notes.append(f"Removed: {gone} of the sentences quoted before." if gone else "")
            notes.append(_text_note(text))
        entry = self._entry(hit, record, CHANGED, quotes, notes)
        digested = (str(state.changes), _iso(record.closes), *map(_digest, quotes))
        mark = short_hash("\n".join(digested), 12)
        return replace(entry, identity=(f"grant:{hit.id}:changed:{mark}",))

    def _entry(self, hit: Hit, record: Opportunity, type_: str, quotes: Sequence[Quote], notes: Sequence[str]) -> Entry:
        pdf = next((file for file in record.files if file.name.casefold().endswith(".pdf")), None)
        return Entry(
            source=self.id, kind=Kind.GRANT, identity=(), thread=f"grant:{hit.id}", type=type_, title=record.title,
            url=PAGE.format(hit.id), summary=record.summary or None, published=record.published,
            agencies=record.agencies or None, closes_on=record.closes, number=record.number or None, as_of=record.as_of,
            pdf_url=f"{self.attachments}/{pdf.id}" if pdf else None,
            quotes=tuple(quotes[:_QUOTES]), notes=tuple(filter(None, notes)),
        )  # fmt: skip


def _state_of(stored: Mapping[str, Any]) -> _State:
    return _State(**{**stored, "said": tuple(stored.get("said", ()))})


def _existed_before(hit: Hit, memory: Memory, now: datetime) -> bool:
    """Whether an announcement listed for the first time existed before the first poll.

    Everything in the first answer existed. If that was empty, so did any announcement that opened more than
    `_OLD_ENOUGH` before the first poll and no longer takes applications.
    """
    first_poll = memory.first_success_at
    if first_poll is None:
        return True
    if memory.last_change_at is not None or (hit.closes and hit.closes >= now.date()):
        return False
    return hit.opened is not None and hit.opened < first_poll.date() - _OLD_ENOUGH


def _priority(hit: Hit, state: _State | None) -> tuple[bool, bool, str]:
    """Sort key: new announcements first, then those changed in the search, then those opened longest ago."""
    if state is None:
        return False, False, ""
    return True, bool(state.at) and hit.stage == state.stage and _iso(hit.closes) == state.listed, state.at


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _digest(quote: Quote) -> str:
    return short_hash(key(quote.text), 10)


def _name_of(hit: Hit) -> str:
    return f"{hit.number or hit.title}{f' of {day_in_words(hit.opened)}' if hit.opened else ''}"


def _text_note(text: _Text) -> str:
    read_ = f"Read: {'; '.join(text.files)}." if text.files else "Title and synopsis only."
    in_full = " in full" if text.files else ""
    return f"{read_} Its own text was not read{in_full}: {text.unread}." if text.unread else read_


@dataclass(frozen=True, slots=True)
class Attached:
    """An announcement's text. `pages` is 0 for a file without pages, such as a Word file that was never laid out."""

    sentences: tuple[Sentence, ...]
    pages: int


async def read_attachment(data: bytes) -> Attached | str:
    """The text of a PDF or Word file, or why it cannot be read: `locked by a password`."""
    answer = await isolation.ask_json("bot.sources.grants.attachment_child", None, data, _TIMEOUT)
    if answer is None:
        return "too large to be read safely"
    if "unreadable" in answer:
        return str(answer["unreadable"])
    return Attached(tuple(Sentence(*each) for each in answer["sentences"]), answer["pages"])
