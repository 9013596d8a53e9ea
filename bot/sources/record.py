"""What Congress prints: its Record, and the reports of its committees, by GovInfo's feeds and files. No key.

A feed lists what was issued; a day's Record has its list of parts in a file, and each part is a page of text. Old
issues come back in the feed; a day may have several that share parts; what does not exist is a web page, sent as 200.

The layout of a printed text is all there is: a paragraph of a member begins two spaces in, the first of a turn with the
member's name in capitals; what a member had printed (letters, bills) is further in; a bullet marks a statement that
nobody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import ClassVar, Final
from urllib.parse import urljoin

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, checked, outcome
from bot.shared.entry import Entry, Kind, Quote
from bot.shared.plain_text import clean, cut, day
from bot.shared.wording import number
from bot.sources.feeds.parse import TITLE, Item
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.grants.sentences import of_lines
from bot.sources.model import HttpSource

_MOST_SENTENCES: Final = 5_000  # sentences; a debate of a day has some 3,000
_TEXT: Final = re.compile(r"<pre>(.*?)(?:</pre>|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_BULLET: Final = "<bullet>"
_PAGE: Final = re.compile(r"\s*\[\[Page ([A-Z]{0,3}\d{1,6})\]\]\s*")
_FIRST_PAGE: Final = re.compile(r"\[Pages? ([A-Z]{0,3}\d{1,6})")
_NO_TEXT: Final = re.compile(
    r"\s*(?:\{time\}|[_=-]{3}|\[(?:Congressional Record|Senate|House|Extensions|Pages?|From the)\b|From the Cong).*"
)
_CENTERED: Final = 8  # blanks before a heading, at least
_NAME: Final = 150  # characters of a line in which a speaker's name is looked for
_SPEAKER: Final = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr)\.\s+(?:[A-Z][\w'’-]{0,20}\s+){0,3}?[A-Z][A-Za-z'’-]{0,20}?[A-Z]{2}[A-Z'’-]{0,20}"
    r"(?: of [A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2})?(?=\.(?:\s|$))"
    r"|The (?:[A-Z][a-z]{1,20} )?[A-Z]{2}[A-Z ]{0,40}(?: pro tempore)?(?: \([^()]{1,80}\))?(?=\.(?:\s|$))"
)
_TO_THE_CHAIR: Final = re.compile(r"(?:Mr\.|Madam) (?:President|Speaker|Chair)")
# What the clerks and reporters write between the members' words.
_CLERK: Final = re.compile(
    r"[(\[]|The (?:[a-z]+ ){0,4}[Cc]lerk\b|There (?:was no|being no) objection|Pending:|The following\b"
    r"|The (?:[a-z]+ ){0,2}(?:motion|resolution|preamble|bill|amendment|nomination|question|nays|result|title|report)"
    r"\b.{0,200}\b(?:was|were|is as|reads? as)\b"
)
_MODS: Final = "{http://www.loc.gov/mods/v3}"
_PARTS: Final = "/metadata/pkg/{0}/mods.xml"  # of a day: 3.4 MB for 288 parts
_TEXT_FILE: Final = "/content/pkg/{0}/html/{1}.htm"
_PART: Final = re.compile(r"CREC-\d{4}-\d\d-\d\d-pt\d{1,2}-Pg([SHE])\d{1,6}(?:-\d{1,4})?", re.ASCII)
_SECTIONS: Final = {"S": "Senate", "H": "House", "E": "Extensions of Remarks"}
_READ: Final = 40  # files in one poll, one a second; a day has some 110 parts in which members speak
_TRIES: Final = 24  # to read a file that is no text
_MOST_MISSING: Final = 3  # such files in a poll that reads nothing else: more of them are a closed road
_MOST_SEEN: Final = 300
_OLD: Final = timedelta(days=14)  # issues come back in the feed years later
_GONE: Final = frozenset({Health.GONE, Health.NOT_A_FEED, Health.MALFORMED, Health.TOO_LARGE})


def passages(body: str) -> tuple[Quote, ...] | None:
    """The sentences of a printed text in their order; None if there is none, as in the page for what does not exist."""
    text = _TEXT.search(body)
    if text is None:
        return None
    quotes = (
        Quote(words, place=paragraph[sentence.page or 0][1])
        for paragraph in _paragraphs(text[1].splitlines())
        for sentence in of_lines([(line, at) for at, (line, _) in enumerate(paragraph)])
        if (words := clean(sentence.text))
    )
    return tuple(islice(quotes, _MOST_SENTENCES))


def _paragraphs(lines: Iterable[str]) -> Iterator[list[tuple[str, str]]]:
    """Each paragraph as its lines, each with its place: "Mr. DURBIN, page S4241"."""
    turn, page, indent = _Turn(), "", 0
    paragraph: list[tuple[str, str]] = []
    for raw in lines:
        if marked := _PAGE.fullmatch(raw) or (not page and _FIRST_PAGE.match(raw)):
            page = marked[1]
        if not raw.strip() or marked or _NO_TEXT.fullmatch(raw):
            continue
        opens, closes = raw.startswith(_BULLET), raw.rstrip().endswith(_BULLET)
        line = _TAG.sub("", f"  {raw[len(_BULLET) :].lstrip()}" if opens else raw).rstrip()
        before, indent = indent, len(line) - len(line.lstrip())
        words = line.strip()
        if indent > before or indent == 2 or opens:
            if paragraph:
                yield paragraph
            paragraph = []
            words = turn.begin(words, indent, silent=opens)
        paragraph.append((words, turn.place(page)))
        turn.ends(words, closes=closes)
    if paragraph:
        yield paragraph


class _Turn:
    """Who has the floor, as the printed lines show it."""

    def __init__(self) -> None:
        self._speaker = self._before = self._role = ""
        self._silent = self._printed = False

    def begin(self, words: str, indent: int, *, silent: bool) -> str:
        """Begin a paragraph; its words without the speaker's name."""
        self._role = ""
        if indent >= _CENTERED:  # a heading ends a turn, and the same member may go on under it
            self._before, self._speaker = self._speaker or self._before, ""
        elif indent > 2:
            self._role = "Printed matter"
        elif named := _SPEAKER.match(words[:_NAME]):
            self._speaker, self._silent, self._printed = " ".join(named[0].split()), silent, False
            return words[named.end() + 1 :].strip() or words
        elif not self._speaker and self._before and _TO_THE_CHAIR.match(words):
            self._speaker = self._before
        elif _CLERK.match(words):
            self._role = "Clerk's words"
        return words

    def ends(self, words: str, *, closes: bool) -> None:
        """Take note of what a line ends: a statement in bullets, or the words that introduce what is printed."""
        self._printed = self._printed or words.endswith("follows:")
        if closes:
            self._speaker = self._before = ""

    def place(self, page: str) -> str:
        role = "Printed matter" if self._printed else self._role
        who = role or (f"{self._speaker} (not spoken)" if self._silent and self._speaker else self._speaker)
        return ", ".join(filter(None, (who, f"page {page}" if page else "")))


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read: a text, or with no `text` the list of a day's parts. The field names are keys of the cursor."""

    package: str
    text: str = ""
    title: str = ""
    issued: str = ""  # "2026-07-23"
    silent: bool = False  # of the baseline
    tries: int = 0


class CommitteeReports(HttpSource, kind="committee-reports", brings=Kind.RECORD):
    """The reports of Congress's committees, in full.

    The reports of a feed at GovInfo.

    Of the first answer the newest issue alone is read, as the baseline. Cursor: ``{"seen": [package, …], "left":
    [_File, …]}``, the packages that were listed and the files that are not read yet.
    """

    default_url = "https://www.govinfo.gov/rss/crpt.xml"
    package: ClassVar = re.compile(r"CRPT-\d{2,3}[hsej]rpt\d{1,5}(?:-pt\d{1,3})?", re.ASCII)

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "application/rss+xml")
        left = [_File(**file) for file in memory.cursor.get("left", ())]
        seen = dict.fromkeys(memory.cursor.get("seen", ()))
        if isinstance(answer, tuple):
            body, after = answer
            listed = self._listed(checked(await parse_feed(body.data, body.content_type, body.url)).items)
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

    def _listed(self, items: Iterable[Item]) -> list[_File]:
        """What the feed lists, oldest first."""
        named = ((self.package.search(f"{item.guid} {item.link}"), item) for item in items)
        files = [self._file(package[0], item) for package, item in named if package]
        dated = [file for file in files if file.issued]
        if not dated:
            raise Failure(Health.EMPTY, "the feed lists no issues")
        return sorted(dated, key=lambda file: file.issued)

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
            url = urljoin(self.url, (_TEXT_FILE if file.text else _PARTS).format(file.package, file.text))
            parse: Callable[[Body], list[_File] | Entry] = partial(self._entry if file.text else _parts, file)
            answer = await outcome(self.fetcher.read(url, parse, now))
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

    def _entry(self, file: _File, body: Body) -> Entry:
        quotes = passages(body.data.decode("utf-8", "replace"))
        if quotes is None:
            raise Failure(Health.NOT_A_FEED, "a file of the issue has no text")
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


class CongressionalRecord(CommitteeReports, kind="congressional-record", brings=Kind.RECORD):
    """What members of Congress say, as the Congressional Record prints it.

    The parts of each day's Record in which members speak. Cursor: as `CommitteeReports`.
    """

    default_url = "https://www.govinfo.gov/rss/crec.xml"
    package: ClassVar = re.compile(r"CREC-(\d{4}-\d\d-\d\d)(?:-[a-z]\d{1,4})?", re.ASCII)

    def _file(self, package: str, item: Item) -> _File:  # noqa: ARG002 - of a package whose id has no day
        return _File(package, issued=package[5:15])


def _parts(issue: _File, body: Body) -> list[_File]:
    """The parts of a day in which a member speaks, by the list's own marks."""
    root = checked(read_xml(body, f"{_MODS}mods", "the list of an issue's parts"))
    if root.find(f"{_MODS}relatedItem") is None:
        raise Failure(Health.MALFORMED, "the list of an issue's parts has none")
    parts = []
    for item in root.findall(f"{_MODS}relatedItem"):
        id_ = clean(item.findtext(f"{_MODS}extension/{_MODS}accessId") or "")
        speaks = any(member.get("role") == "SPEAKING" for member in item.iter(f"{_MODS}congMember"))
        if speaks and _PART.fullmatch(id_):
            title = clean(item.findtext(f"{_MODS}titleInfo/{_MODS}title") or "")
            parts.append(replace(issue, text=id_, title=title, tries=0))
    return parts
