"""Parse grants.gov's funding announcements: search hits and full records. Pure.

Formats of `search2` and `fetchOpportunity` in 2025 and 2026: dates are
``08/24/2026`` in a search and ``Aug 24, 2026 12:00:00 AM EDT`` in a record; a forecast has its text under
``forecast``, a posted one under ``synopsis``, possibly next to a stale ``forecast``; assistance listings are
``cfdaList``, ``cfdas`` or ``alns``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.fetch.payload import list_of, object_of
from bot.shared.calendar import day_in_words
from bot.shared.entry import FORECAST, POSTED, Agency
from bot.shared.plain_text import EASTERN, clean, read_date, short_hash

_STAGES: Final = {"forecasted": FORECAST, "posted": POSTED, "closed": POSTED, "archived": POSTED}
_MOST_FILES: Final = 3
_YEAR: Final = re.compile(r"\b(?:fy|fiscal year)? ?(?:19|20)\d\d(?:[-–]\d\d(?:\d\d)?)?\b|\bfy ?\d\d\b", re.IGNORECASE)


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
    """An announcement's record. `expected`: a forecast's estimated dates, in words."""

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
        return short_hash("\n".join(sorted(file.stamp for file in self.files)), 12)


def parse_hit(value: Any) -> Hit | None:
    """A search hit; None if it cannot be opened or has an unknown status."""
    if not isinstance(value, Mapping):
        return None
    id_, stage = _text(value.get("id")), _STAGES.get(_text(value.get("oppStatus")).casefold())
    title = _text(value.get("title"))
    if not id_.isdecimal() or stage is None or not title:
        return None
    return Hit(
        id=id_,
        number=_text(value.get("number")),
        title=title,
        stage=stage,
        agency=_text(value.get("agencyCode")),
        listings=frozenset(filter(None, map(_text, list_of(value, "cfdaList")))),
        opened=_day(value.get("openDate")),
        closes=_day(value.get("closeDate")),
    )


def program(title: str) -> str:
    """A title without its year, the same for all announcements of a program."""
    return " ".join(re.findall(r"[^\W_]+", _YEAR.sub(" ", title.casefold())))


def previous_announcement(hit: Hit, others: Iterable[Hit]) -> Hit | None:
    """The newest earlier announcement of the same programme: its title without the year, and an assistance listing."""
    same_program = [
        other
        for other in others
        if other.id != hit.id
        and other.stage == POSTED
        and program(other.title) == program(hit.title)
        and (not (other.listings and hit.listings) or other.listings & hit.listings)
        and other.opened
        and (hit.opened is None or other.opened < hit.opened)
    ]
    return max(same_program, key=lambda other: other.opened or date.min, default=None)


def parse_opportunity(record: Mapping[str, Any], hit: Hit) -> Opportunity:
    """Parse an announcement's record, with missing fields from the search hit."""
    forecast = _text(record.get("docType")).casefold() == "forecast" or not isinstance(record.get("synopsis"), Mapping)
    section = object_of(record, "forecast" if forecast else "synopsis")
    texts = (section.get("forecastDesc" if forecast else "synopsisDesc"), section.get("applicantEligibilityDesc"))
    posted = _moment(section.get("postingDate"))
    # The office, then its department, from the record's details, else from its text.
    names = [_text(object_of(record, at).get("agencyName")) for at in ("agencyDetails", "topAgencyDetails")]
    agencies = dict.fromkeys(filter(None, names)) or filter(None, [_text(section.get("agencyName"))])
    estimates = {
        "posted": _day(section.get("estSynopsisPostingDate")),
        "applications due": _day(section.get("estApplicationResponseDate")),
    }
    expected = ", ".join(f"{what} {day_in_words(on)}" for what, on in estimates.items() if on)
    return Opportunity(
        number=_text(record.get("opportunityNumber")) or hit.number,
        title=_text(record.get("opportunityTitle")) or hit.title,
        stage=FORECAST if forecast else POSTED,
        summary=" ".join(filter(None, map(_text, texts))),
        agencies=tuple(map(Agency, agencies)),
        published=posted,
        closes=None if forecast else _day(section.get("responseDate")) or hit.closes,
        expected=expected if forecast else "",
        files=tuple(_files(record))[:_MOST_FILES],
        as_of=_moment(section.get("lastUpdatedDate")) or posted,
    )


def _files(record: Mapping[str, Any]) -> Iterator[File]:
    """The announcement's files: those of the newest revision, else of the announcement, else all attachments."""
    folders = [folder for folder in list_of(record, "synopsisAttachmentFolders") if isinstance(folder, Mapping)]
    kinds = {
        kind: [f for f in folders if kind in _text(f.get("folderType")).casefold()] for kind in ("revis", "announ")
    }
    for folder in kinds["revis"] or kinds["announ"] or folders:
        for file in list_of(folder, "synopsisAttachments"):
            if not isinstance(file, Mapping) or not str(file.get("id", "")).isdecimal():
                continue
            name, mime = _text(file.get("fileName")), _text(file.get("mimeType")).casefold()
            if name.casefold().endswith((".pdf", ".docx")) or "pdf" in mime or "wordprocessingml" in mime:
                changed = _text(file.get("lastUpdatedDate")) or _text(file.get("createdDate"))
                stamp = f"{file['id']} {file.get('fileLobSize', '')} {changed}"
                yield File(str(file["id"]), name or f"attachment {file['id']}", stamp)


def _text(value: Any) -> str:
    return clean(str(value)) if isinstance(value, str | int) else ""


def _moment(value: Any) -> datetime | None:
    return read_date(value) if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    moment = _moment(value)
    return moment.astimezone(EASTERN).date() if moment else None
