"""The Congressional Record, and committees' reports, by GovInfo's feeds and files. No key.

A feed lists what was issued; a day's Record has its list of parts in a file, and each part is a page of text. Old
issues come back in the feed; a day may have several that share parts; what does not exist is a web page, sent as 200.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal
from urllib.parse import urljoin

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory
from bot.shared.entry import Entry, Kind, Quote
from bot.shared.health import Health
from bot.shared.plain_text import clean, cut, day
from bot.shared.wording import number
from bot.sources.feeds.parse import TITLE, Item
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.model import HttpSource, SourceConfig
from bot.sources.record.text import passages

_MODS: Final = "{http://www.loc.gov/mods/v3}"
_PARTS: Final = "/metadata/pkg/{0}/mods.xml"  # of a day: 3.4 MB for 288 parts
_TEXT: Final = "/content/pkg/{0}/html/{1}.htm"
_PART: Final = re.compile(r"CREC-\d{4}-\d\d-\d\d-pt\d{1,2}-Pg([SHE])\d{1,6}(?:-\d{1,4})?", re.ASCII)
_SECTIONS: Final = {"S": "Senate", "H": "House", "E": "Extensions of Remarks"}
_READ: Final = 40  # files in one poll, one a second; a day has some 110 parts in which members speak
_TRIES: Final = 24  # to read a file that is no text
_MOST_MISSING: Final = 3  # such files in a poll that reads nothing else: more of them are a closed road
_MOST_SEEN: Final = 300
_OLD: Final = timedelta(days=14)  # issues come back in the feed years later
_GONE: Final = frozenset({Health.GONE, Health.NOT_A_FEED, Health.MALFORMED, Health.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read: a text, or with no `text` the list of a day's parts. The field names are keys of the cursor."""

    package: str
    text: str = ""
    title: str = ""
    issued: str = ""  # "2026-07-23"
    silent: bool = False  # of the baseline
    tries: int = 0


@dataclass(slots=True)
class _Poll:
    """The results of one poll."""

    left: list[_File]
    again: list[_File] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    read: int = 0
    broken: int = 0


class CongressionalRecordConfig(SourceConfig):
    """What members of Congress say, as the Congressional Record prints it."""

    brings: ClassVar = Kind.RECORD
    kind: Literal["congressional-record"]


class CommitteeReportsConfig(SourceConfig):
    """The reports of Congress's committees, in full."""

    brings: ClassVar = Kind.RECORD
    kind: Literal["committee-reports"]


class CommitteeReports(HttpSource, settings=CommitteeReportsConfig):
    """The reports of a feed at GovInfo. Satisfies `Source`.

    Of the first answer the newest issue alone is read, as the baseline. Cursor: ``{"seen": [package, …], "left":
    [_File, …]}``, the packages that were listed and the files that are not read yet.
    """

    default_url = "https://www.govinfo.gov/rss/crpt.xml"
    package: ClassVar = re.compile(r"CRPT-\d{2,3}[hsej]rpt\d{1,5}(?:-pt\d{1,3})?", re.ASCII)
    speakers: ClassVar = False

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "application/rss+xml")
        if isinstance(answer, FetchFailed):
            return answer
        left = [_File(**file) for file in memory.cursor.get("left", ())]
        seen = dict.fromkeys(memory.cursor.get("seen", ()))
        if isinstance(answer, tuple):
            body, after = answer
            reading = await parse_feed(body.data, body.content_type, body.url)
            listed = reading if isinstance(reading, FetchFailed) else self._listed(reading.items)
            if isinstance(listed, FetchFailed):
                return listed
            new = [file for file in listed if file.package not in seen and file.issued > f"{now - _OLD:%F}"]
            if memory.first_success_at is None:
                new = [replace(file, silent=True) for file in new[-1:]]
            left += new
            seen = dict.fromkeys([*(file.package for file in listed), *seen][:_MOST_SEEN])
        elif left:
            after = answer.memory
        else:
            return answer
        poll = _Poll(left)
        failed = await self._read_all(poll, now)
        if failed and not poll.read:
            return failed
        kept = [asdict(file) for file in (*poll.left, *poll.again)]
        return Fetched(
            entries=tuple(poll.entries),
            memory=replace(after, cursor={"seen": [*seen], "left": kept}),
            detail=f"{number(len(kept), 'file')} still to be read" if kept else "",
            broken=poll.broken,
            baseline=frozenset(poll.silent),
        )

    def _listed(self, items: Iterable[Item]) -> list[_File] | FetchFailed:
        """What the feed lists, oldest first."""
        files = []
        for item in items:
            package = self.package.search(f"{item.guid} {item.link}")
            if package and (file := self._file(package[0], item)).issued:
                files.append(file)
        return sorted(files, key=lambda file: file.issued) or FetchFailed(Health.EMPTY, "the feed lists no issues")

    def _file(self, package: str, item: Item) -> _File:
        title = clean(item.title)
        return _File(
            package, package, title.partition(" - ")[2] or title, f"{item.published:%F}" if item.published else ""
        )

    async def _read_all(self, poll: _Poll, now: datetime) -> FetchFailed | None:
        """Read files until the poll's share is read; the failure if no more can be read at the moment."""
        failed = None
        for _ in range(_READ):
            if not poll.left:
                break
            file = poll.left.pop(0)
            failed = await self._read(file, poll, now)
            if failed is None:
                poll.read += 1
            elif failed.health not in _GONE:
                poll.left.insert(0, file)
                return failed
            elif file.tries + 1 < _TRIES:
                poll.again.append(replace(file, tries=file.tries + 1))
            else:
                poll.broken += 1
        return failed if len(poll.again) > _MOST_MISSING else None

    async def _read(self, file: _File, poll: _Poll, now: datetime) -> FetchFailed | None:
        url = urljoin(self.url, _TEXT.format(file.package, file.text) if file.text else _PARTS.format(file.package))
        body = await self.fetcher.get(url, now=now)
        if isinstance(body, FetchFailed):
            return body
        assert isinstance(body, Body)  # nothing was asked for conditionally
        if not file.text:
            parts = await asyncio.to_thread(_parts, body, file)
            if isinstance(parts, FetchFailed):
                return parts
            poll.left[:0] = parts
            return None
        quotes = await asyncio.to_thread(passages, body.data.decode("utf-8", "replace"), speakers=self.speakers)
        if quotes is None:
            return FetchFailed(Health.NOT_A_FEED, "a file of the issue has no text")
        entry = self._entry(file, url, quotes)
        poll.entries.append(entry)
        poll.silent |= {entry.identity[0]} if file.silent else set()
        return None

    def _entry(self, file: _File, url: str, quotes: tuple[Quote, ...]) -> Entry:
        section = _PART.fullmatch(file.text)
        key = f"govinfo:{file.text}"
        return Entry(
            source=self.id,
            kind=Kind.RECORD,
            identity=(key,),
            thread=key,
            title=cut(file.title, TITLE) or file.text,
            url=url,
            publication_date=day(file.issued),
            type=f"Congressional Record, {_SECTIONS[section[1]]}" if section else "Committee report",
            passages=quotes,
        )


class CongressionalRecord(CommitteeReports, settings=CongressionalRecordConfig):
    """The parts of each day's Record in which members speak. Satisfies `Source`. Cursor: as `CommitteeReports`."""

    default_url = "https://www.govinfo.gov/rss/crec.xml"
    package: ClassVar = re.compile(r"CREC-(\d{4}-\d\d-\d\d)(?:-[a-z]\d{1,4})?", re.ASCII)
    speakers: ClassVar = True

    def _file(self, package: str, item: Item) -> _File:  # noqa: ARG002 - of a package whose id has no day
        return _File(package, issued=package[5:15])


def _parts(body: Body, issue: _File) -> list[_File] | FetchFailed:
    """The parts of a day in which a member speaks, by the list's own marks."""
    root = read_xml(body, f"{_MODS}mods", "the list of an issue's parts")
    if isinstance(root, FetchFailed):
        return root
    if root.find(f"{_MODS}relatedItem") is None:
        return FetchFailed(Health.MALFORMED, "the list of an issue's parts has none")
    parts = []
    for item in root.findall(f"{_MODS}relatedItem"):
        id_ = clean(item.findtext(f"{_MODS}extension/{_MODS}accessId") or "")
        speaks = any(member.get("role") == "SPEAKING" for member in item.iter(f"{_MODS}congMember"))
        if speaks and _PART.fullmatch(id_):
            title = clean(item.findtext(f"{_MODS}titleInfo/{_MODS}title") or "")
            parts.append(replace(issue, text=id_, title=title, tries=0))
    return parts
