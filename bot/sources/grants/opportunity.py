"""What grants.gov says of an announcement of money: as a search shows it, and opened. Pure.

The shapes are those that many public programs read (`search2` and `fetchOpportunity`, 2025 and 2026): dates stand as
``08/24/2026`` in a search and as ``Aug 24, 2026 12:00:00 AM EDT`` in a record; a forecast keeps its words under
``forecast``, what was posted under ``synopsis``, which may stand beside a stale ``forecast``; assistance listings are
``cfdaList``, ``cfdas`` or ``alns``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.shared.calendar import day_in_words
from bot.shared.dates import EASTERN, read_date
from bot.shared.entry import Agency
from bot.sources.plain_text import clean

FORECAST: Final = "Forecast"  # an announcement is expected
POSTED: Final = "Posted"
CHANGED: Final = "Changed"  # its closing date, or what it asks for
_STAGES: Final = {"forecasted": FORECAST, "posted": POSTED, "closed": POSTED, "archived": POSTED}
_LONGEST: Final = 8_000  # characters of a summary
_MOST_FILES: Final = 3
_YEAR: Final = re.compile(r"\b(?:fy|fiscal year)? ?(?:19|20)\d\d(?:[-–]\d\d(?:\d\d)?)?\b|\bfy ?\d\d\b", re.IGNORECASE)
_MIDNIGHT: Final = re.compile(r" 12:00:00 AM\b.*")


@dataclass(frozen=True, slots=True)
class Hit:
    """An announcement in the results of a search. `agency` is grants.gov's code: ``HHS-ACF``."""

    id: str
    number: str
    title: str
    stage: str
    agency: str
    listings: frozenset[str]  # assistance listings: "16.320"
    opened: date | None
    closes: date | None


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    stamp: str  # changes when the file does


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An announcement as its record has it. `expected`: of a forecast, what is estimated, in words."""

    number: str
    title: str
    stage: str
    summary: str
    agencies: tuple[Agency, ...]
    published: datetime | None
    closes: date | None
    expected: str
    files: tuple[File, ...]
    as_of: datetime | None

    @property
    def stamp(self) -> str:
        """Changes when any of its files does."""
        return hashlib.sha256("\n".join(sorted(file.stamp for file in self.files)).encode()).hexdigest()[:12]


def hit(value: Any) -> Hit | None:
    """None: not one that can be opened, or with a status that we do not know."""
    if not isinstance(value, Mapping):
        return None
    id_, stage = _text(value.get("id")), _STAGES.get(_text(value.get("oppStatus")).casefold())
    title = _text(value.get("title"))
    if not id_.isdecimal() or stage is None or not title:
        return None
    listed = value.get("cfdaList")
    return Hit(
        id=id_,
        number=_text(value.get("number")),
        title=title,
        stage=stage,
        agency=_text(value.get("agencyCode")),
        listings=frozenset(filter(None, map(_text, listed if isinstance(listed, list) else ()))),
        opened=_day(value.get("openDate")),
        closes=_day(value.get("closeDate")),
    )


def programme(title: str) -> str:
    """A title without its year: what one programme's announcements have in common."""
    return " ".join(re.findall(r"[^\W_]+", _YEAR.sub(" ", title.casefold())))


def the_one_before(it: Hit, others: Iterable[Hit]) -> Hit | None:
    """The newest earlier announcement of the same programme: its title without the year, and an assistance listing."""
    alike = [
        other
        for other in others
        if other.id != it.id
        and other.stage == POSTED
        and programme(other.title) == programme(it.title)
        and (not (other.listings and it.listings) or other.listings & it.listings)
        and other.opened
        and (it.opened is None or other.opened < it.opened)
    ]
    return max(alike, key=lambda other: other.opened or date.min, default=None)


def opportunity(record: Mapping[str, Any], found: Hit) -> Opportunity:
    """The record of an announcement; what it leaves out, as the search had it."""
    forecast = _text(record.get("docType")).casefold() == "forecast" or not isinstance(record.get("synopsis"), Mapping)
    said = _section(record, "forecast" if forecast else "synopsis")
    telling = (said.get("forecastDesc" if forecast else "synopsisDesc"), said.get("applicantEligibilityDesc"))
    posted = _moment(said.get("postingDate"))
    return Opportunity(
        number=_text(record.get("opportunityNumber")) or found.number,
        title=_text(record.get("opportunityTitle")) or found.title,
        stage=FORECAST if forecast else POSTED,
        summary=" ".join(filter(None, map(_text, telling)))[:_LONGEST],
        agencies=tuple(_agencies(record, said)),
        published=posted,
        closes=None if forecast else _day(said.get("responseDate")) or found.closes,
        expected=_expected(said) if forecast else "",
        files=tuple(_files(record))[:_MOST_FILES],
        as_of=_moment(said.get("lastUpdatedDate")) or posted,
    )


def _agencies(record: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Agency]:
    """The office first, then its department; the record's own details are surer than the words of its text."""
    names = [_text(_section(record, at).get("agencyName")) for at in ("agencyDetails", "topAgencyDetails")]
    for name in dict.fromkeys(filter(None, names)) or filter(None, [_text(said.get("agencyName"))]):
        yield Agency(name)


def _expected(forecast: Mapping[str, Any]) -> str:
    days = {
        "posted": _day(forecast.get("estSynopsisPostingDate")),
        "applications due": _day(forecast.get("estApplicationResponseDate")),
    }
    return ", ".join(f"{what} {day_in_words(on)}" for what, on in days.items() if on)


def _files(record: Mapping[str, Any]) -> Iterator[File]:
    """The announcement's own files: of its newest revision where there is one, else whatever is attached."""
    folders = [folder for folder in _list(record, "synopsisAttachmentFolders") if isinstance(folder, Mapping)]
    kinds = {
        kind: [f for f in folders if kind in _text(f.get("folderType")).casefold()] for kind in ("revis", "announ")
    }
    for folder in kinds["revis"] or kinds["announ"] or folders:
        for file in _list(folder, "synopsisAttachments"):
            if not isinstance(file, Mapping) or not str(file.get("id", "")).isdecimal():
                continue
            name, mime = _text(file.get("fileName")), _text(file.get("mimeType")).casefold()
            if name.casefold().endswith((".pdf", ".docx")) or "pdf" in mime or "wordprocessingml" in mime:
                changed = _text(file.get("lastUpdatedDate")) or _text(file.get("createdDate"))
                stamp = f"{file['id']} {file.get('fileLobSize', '')} {changed}"
                yield File(str(file["id"]), name or f"attachment {file['id']}", stamp)


def _section(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return clean(str(value)) if isinstance(value, str | int) else ""


def _moment(value: Any) -> datetime | None:
    """A bare day stands as its midnight, in summer time all year round: it is read as that day."""
    return read_date(_MIDNIGHT.sub("", value)) if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    moment = _moment(value)
    return moment.astimezone(EASTERN).date() if moment else None
