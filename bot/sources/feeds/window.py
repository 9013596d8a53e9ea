"""Compare a feed's current items with its earlier ones: what is new, and whether that is plausible. Pure.

An item has up to three marks: its guid, the page it links to, its title. Any one of them can
change (guids are renumbered, sites change host, headlines are edited, a page has many stories), so two of three decide.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from bot.shared.urls import canonical_key, short_key, web_address
from bot.sources.feeds.parse import Item

_KEPT: Final = 500  # digests of marks
_MOST: Final = 1_500  # the same, if a single window has that many
_MANY: Final = 10  # items in a window before "none is known" counts as an overrun
_PATTERN: Final = 3  # items back under new ids before it counts as renumbering


@dataclass(frozen=True, slots=True)
class Marks:
    """An item's marks. `keys`: its guid and page, if unique in the window; never empty."""

    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`new` maps the position of each item to return to its identity; `held` has the positions of those held back."""

    new: Mapping[int, tuple[str, ...]]
    held: frozenset[int]  # known titles under new ids, too many to be an accident
    overrun: bool  # nothing was known
    changed: bool  # something was not there before
    cursor: Mapping[str, Any]


class _Standing(Enum):
    KNOWN = auto()
    NEW = auto()
    BACK = auto()  # only the title is known


def marks(source: str, items: Sequence[Item]) -> list[Marks]:
    """The marks of a window's items. A page or guid of several different items is not a mark of any."""
    pages = [f"url:{canonical_key(item.link)}" if item.link else None for item in items]
    guids = [_guid(source, item, page) for item, page in zip(items, pages, strict=True)]
    words = (" ".join((item.title or item.summary).casefold().split()) for item in items)
    titles = [f"title:{source}:{_digest(text, 12)}" for text in words]
    page_of_many = _of_many(pages, titles)
    guid_of_many = _of_many(guids, list(zip(pages, titles, strict=True)))
    result = []
    for page, guid, title in zip(pages, guids, titles, strict=True):
        keys = tuple(k for k, many in ((page, page_of_many), (guid, guid_of_many)) if k is not None and k not in many)
        result.append(Marks(keys or (title,), title))
    return result


def compare(window: Sequence[Marks], cursor: Mapping[str, Any]) -> Comparison:
    """Compare the window with the cursor from the last comparison (empty at the first).

    If more than half of the last window's titles come back under new ids, the feed was renumbered: those
    items are held back and learned, so nothing is posted twice, and the rest is returned. Known items whose guid, page
    or headline changed are returned too, so the store can update them.
    """
    seen, before = frozenset(cursor.get("seen", ())), int(cursor.get("size", 0))
    seen_marks = [frozenset(m for m in (*mark.keys, mark.title) if _digest(m) in seen) for mark in window]
    standings = [_standing(mark, hits) for mark, hits in zip(window, seen_marks, strict=True)]
    held_back = _renumbered(window, standings, before)
    new: dict[int, tuple[str, ...]] = {}
    used_keys: set[str] = set()
    for n, mark in enumerate(window):
        if n in held_back or seen_marks[n].issuperset((*mark.keys, mark.title)) or not used_keys.isdisjoint(mark.keys):
            continue
        used_keys.update(mark.keys)
        # A guid or page that another story had before does not identify this one.
        new[n] = tuple(k for k in mark.keys if standings[n] is not _Standing.NEW or k not in seen_marks[n])
    # The digests to store: all of this window up to a limit, then earlier ones.
    fresh = list(dict.fromkeys(_digest(m) for mark in window for m in (*mark.keys, mark.title)))[:_MOST]
    learned = list(dict.fromkeys((*fresh, *cursor.get("seen", ()))))[: max(_KEPT, len(fresh))]
    return Comparison(
        new=new,
        held=held_back,
        overrun=before > 0 and len(window) >= _MANY and not any(seen_marks),
        changed=any(standings[n] is not _Standing.KNOWN for n in new),
        cursor={"seen": learned, "size": len(window)},
    )


def _standing(mark: Marks, seen_marks: frozenset[str]) -> _Standing:
    hits, titled = sum(key in seen_marks for key in mark.keys), mark.title in seen_marks
    if hits == len(mark.keys) or (hits and titled):
        return _Standing.KNOWN
    return _Standing.BACK if titled else _Standing.NEW


def _renumbered(window: Sequence[Marks], standings: Sequence[_Standing], before: int) -> frozenset[int]:
    """The items that came back, if too many. A title of several items ("Press release") is not counted."""
    back = frozenset(n for n, standing in enumerate(standings) if standing is _Standing.BACK)
    times = Counter(mark.title for mark in window)
    telling = sum(times[window[n].title] == 1 for n in back)
    return back if telling >= _PATTERN and 2 * telling > before else frozenset()


def _guid(source: str, item: Item, page: str | None) -> str | None:
    """The guid's key; a guid that is an address is normalized like a page, and is None if it is the page itself."""
    if not item.guid or item.guid == item.link:
        return None
    address = web_address(item.guid)
    folded = canonical_key(address) if address else short_key(item.guid)
    return None if f"url:{folded}" == page else f"guid:{source}:{folded}"


def _of_many(keys: Sequence[str | None], others: Sequence[object]) -> set[str]:
    """The keys that occur with more than one of `others`."""
    others_by_key: dict[str, set[object]] = {}
    for key, other in zip(keys, others, strict=True):
        if key is not None:
            others_by_key.setdefault(key, set()).add(other)
    return {key for key, several in others_by_key.items() if len(several) > 1}


def _digest(text: str, size: int = 6) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size).hexdigest()
