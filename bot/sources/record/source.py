"""The Congressional Record, and committees' reports, by GovInfo's feeds and files. No key.

A feed lists what was issued; a day's Record has its list of parts in a file, and each part is a page of text. Old
issues come back in the feed; a day may have several that share parts; what does not exist is a web page, sent as 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
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
        read, left, failed = await self._read_some(left, now)
        if failed and not read:
            return failed
        unread = [asdict(file) for file in left if file.tries < _TRIES]
        return Fetched(
            entries=tuple(entry for _, entry in read if entry),
            memory=replace(after, cursor={"seen": [*seen], "left": unread}),
            detail=f"{number(len(unread), 'file')} still to be read" if unread else "",
            broken=len(left) - len(unread),
            baseline=frozenset(entry.identity[0] for file, entry in read if entry and file.silent),
        )

    def _listed(self, items: Iterable[Item]) -> list[_File] | FetchFailed:
        """What the feed lists, oldest first."""
        named = ((self.package.search(f"{item.guid} {item.link}"), item) for item in items)
        files = [self._file(package[0], item) for package, item in named if package]
        dated = [file for file in files if file.issued]
        return sorted(dated, key=lambda file: file.issued) or FetchFailed(Health.EMPTY, "the feed lists no issues")

    def _file(self, package: str, item: Item) -> _File:
        issued = f"{item.published:%F}" if item.published else ""
        return _File(package, package, item.title.partition(" - ")[2] or item.title, issued)

    async def _read_some(
        self, left: list[_File], now: datetime
    ) -> tuple[list[tuple[_File, Entry | None]], list[_File], FetchFailed | None]:
        """A poll's share: what was read, what is left to read, and why no more can be read at the moment."""
        read: list[tuple[_File, Entry | None]] = []
        again: list[_File] = []
        while left and len(read) + len(again) < _READ:
            file = left.pop(0)
            answer = await self._read(file, now)
            if not isinstance(answer, FetchFailed):
                read.append((file, answer if isinstance(answer, Entry) else None))
                left[:0] = answer if isinstance(answer, list) else ()
            elif answer.health in _GONE:
                again.append(replace(file, tries=file.tries + 1))
            else:
                return read, [file, *left, *again], answer
        closed = (
            FetchFailed(Health.GONE, "its files are not what they should be") if len(again) > _MOST_MISSING else None
        )
        return read, [*left, *again], closed

    async def _read(self, file: _File, now: datetime) -> list[_File] | Entry | FetchFailed:
        """The parts of an issue, or the entry of a text."""
        url = urljoin(self.url, (_TEXT if file.text else _PARTS).format(file.package, file.text))
        return await self.fetcher.read(url, partial(self._entry if file.text else _parts, file), now=now)

    def _entry(self, file: _File, body: Body) -> Entry | FetchFailed:
        quotes = passages(body.data.decode("utf-8", "replace"))
        if quotes is None:
            return FetchFailed(Health.NOT_A_FEED, "a file of the issue has no text")
        section = _PART.fullmatch(file.text)
        key = f"govinfo:{file.text}"
        return Entry(
            source=self.id,
            kind=Kind.RECORD,
            identity=(key,),
            thread=key,
            title=cut(file.title, TITLE) or file.text,
            url=body.url,
            publication_date=day(file.issued),
            type=f"Congressional Record, {_SECTIONS[section[1]]}" if section else "Committee report",
            passages=quotes if section else tuple(Quote(quote.text) for quote in quotes),  # a report has no speakers
        )


class CongressionalRecord(CommitteeReports, settings=CongressionalRecordConfig):
    """The parts of each day's Record in which members speak. Satisfies `Source`. Cursor: as `CommitteeReports`."""

    default_url = "https://www.govinfo.gov/rss/crec.xml"
    package: ClassVar = re.compile(r"CREC-(\d{4}-\d\d-\d\d)(?:-[a-z]\d{1,4})?", re.ASCII)

    def _file(self, package: str, item: Item) -> _File:  # noqa: ARG002 - of a package whose id has no day
        return _File(package, issued=package[5:15])


def _parts(issue: _File, body: Body) -> list[_File] | FetchFailed:
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
