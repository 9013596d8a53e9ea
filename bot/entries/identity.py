"""Which stored entry an incoming one is, and what its coming means. Pure.

Documents come twice, from two sources or at two stages; feeds change their guids, re-date and edit. Any key known
makes an entry the same, with one exception: a guid alone, when both address and title are new, is a guid that was
used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from bot.shared.entry import Entry, Kind, Stage

# The fields in which None means that the source did not say.
_GAPS: Final = (
    "summary",
    "published",
    "publication_date",
    "agencies",
    "type",
    "action",
    "dates_text",
    "comments_close_on",
    "effective_on",
    "number",
    "dockets",
    "outlet",
    "pdf_url",
)


class Standing(StrEnum):
    NEW = "new"
    PUBLISHED = "published"  # known as a filing, now published
    EDITED = "edited"  # known, same stage, other words
    JOINED = "joined"  # known, and another source brings it for the first time
    AGAIN = "again"  # known, nothing to say


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as the store has it: as last read, and the (source, stage) pairs that brought it."""

    id: str
    entry: Entry
    brought: frozenset[tuple[str, str]] = frozenset()


class Known:
    """What is known while one answer is read: the store's keys and entries, then the answer's own."""

    def __init__(self, keys: Mapping[str, str], entries: Mapping[str, Stored]) -> None:
        self._keys = dict(keys)
        self._entries = dict(entries)

    def find(self, entry: Entry) -> Stored | None:
        for key in sorted(entry.identity, key=_is_guid):
            stored = self._entries.get(self._keys.get(key, ""))
            if stored is not None and not (_is_guid(key) and _used_again(entry, stored.entry)):
                return stored
        return None

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def learn(self, stored: Stored, identity: tuple[str, ...]) -> tuple[str, ...]:
        """Remember an entry; the keys that were not known to be its own come back."""
        self._entries[stored.id] = stored
        fresh = tuple(key for key in identity if self._keys.get(key) != stored.id)
        self._keys.update(dict.fromkeys(fresh, stored.id))
        return fresh


def standing(entry: Entry, stored: Stored) -> Standing:
    """What the coming of a known entry means."""
    was = stored.entry
    if entry.stage is not was.stage:
        return Standing.PUBLISHED if entry.stage is Stage.PUBLISHED else Standing.AGAIN
    if entry.source != was.source:
        return Standing.AGAIN if (entry.source, entry.stage) in stored.brought else Standing.JOINED
    return Standing.EDITED if _words(fill_gaps(entry, was)) != _words(was) else Standing.AGAIN


def fill_gaps(entry: Entry, other: Entry) -> Entry:
    """`entry`, and where its source is silent, what was said elsewhere of the same thing.

    Withheld in one telling is withheld in all: they lead to each other.
    """
    if entry.withheld or other.withheld:
        entry, other = entry.withhold(), other.withhold()
    gaps: dict[str, Any] = {name: getattr(other, name) for name in _GAPS if getattr(entry, name) is None}
    if "comments_close_on" in gaps:
        gaps |= {"comments_hour": other.comments_hour, "comments_worded": other.comments_worded}
    references = tuple(dict.fromkeys((*entry.references, *other.references)))
    return replace(entry, **gaps, url=entry.url or other.url, references=references)


def _is_guid(key: str) -> bool:
    return key.startswith("guid:")


def _used_again(entry: Entry, was: Entry) -> bool:
    return entry.url != was.url and entry.title != was.title


def _words(entry: Entry) -> Entry:
    """What an entry says, without what identifies it, changes at every reading, or is our own reading of it.

    A bill's record gets its subjects long after its first steps, which are no news because of them.
    """
    subjects = () if entry.kind is Kind.BILL else entry.subjects
    return replace(entry, identity=(), thread="", references=(), speaks_for=(), as_of=None, names=(), subjects=subjects)
