"""What a feed shows at one time, held against what it showed before: what is new, and whether that can be. Pure.

An item has up to three marks: its guid, the page it links to, its title. Any one of them moves (guids are renumbered,
sites change host, headlines are edited, one page carries many stories), so two of three decide.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from bot.shared.urls import canonical_key, web_address
from bot.sources.feeds.parse import Item

_KEPT: Final = 500  # digests of marks
_MOST: Final = 1_500  # the same, where one window alone has that many
_MANY: Final = 10  # items in a window, for "none of them known" to mean something
_PATTERN: Final = 3  # items that came back under new ids, for it to be no accident


@dataclass(frozen=True, slots=True)
class Marks:
    """`keys` are those of the item's guid and page that tell it from the others of its window, never none."""

    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`new` maps the position of each item to hand on to its identity; `held` are the positions of those held back."""

    new: Mapping[int, tuple[str, ...]]
    held: frozenset[int]  # known titles under new ids, more than can be by accident
    overrun: bool  # nothing was known
    changed: bool  # something was not there before
    cursor: Mapping[str, Any]


class _Standing(Enum):
    KNOWN = auto()
    NEW = auto()
    BACK = auto()  # only its title is known


def marks(source: str, items: Sequence[Item]) -> list[Marks]:
    """The marks of a window's items. A page or guid that stands on several different items marks none of them."""
    pages = [f"url:{canonical_key(item.link)}" if item.link else None for item in items]
    guids = [_guid(source, item, page) for item, page in zip(items, pages, strict=True)]
    titles = [f"title:{source}:{_title(item)}" for item in items]
    page_of_many = _of_many(pages, titles)
    guid_of_many = _of_many(guids, list(zip(pages, titles, strict=True)))
    found = []
    for page, guid, title in zip(pages, guids, titles, strict=True):
        keys = tuple(k for k, many in ((page, page_of_many), (guid, guid_of_many)) if k is not None and k not in many)
        found.append(Marks(keys or (title,), title))
    return found


def compare(window: Sequence[Marks], cursor: Mapping[str, Any]) -> Comparison:
    """The window against the cursor that the last comparison left (empty at the first).

    Where more than half of the last window's titles come back under new ids, the feed has renumbered itself: those
    items are held back and learned, so that nothing is said twice, and the rest goes on. Known items whose guid, page
    or headline changed are handed on too, for the store to learn it.
    """
    seen, before = frozenset(cursor.get("seen", ())), int(cursor.get("size", 0))
    known = [frozenset(m for m in (*mark.keys, mark.title) if _digest(m) in seen) for mark in window]
    standings = [_standing(mark, hits) for mark, hits in zip(window, known, strict=True)]
    held = _renumbered(window, standings, before)
    new: dict[int, tuple[str, ...]] = {}
    said: set[str] = set()
    for n, mark in enumerate(window):
        if n in held or known[n].issuperset((*mark.keys, mark.title)) or not said.isdisjoint(mark.keys):
            continue
        said.update(mark.keys)
        # A guid or page that stood on another story before is not this one's own.
        new[n] = tuple(k for k in mark.keys if standings[n] is not _Standing.NEW or k not in known[n])
    return Comparison(
        new=new,
        held=held,
        overrun=before > 0 and len(window) >= _MANY and not any(known),
        changed=any(standings[n] is not _Standing.KNOWN for n in new),
        cursor={"seen": _learn(window, cursor.get("seen", ())), "size": len(window)},
    )


def _standing(mark: Marks, known: frozenset[str]) -> _Standing:
    hits, titled = sum(key in known for key in mark.keys), mark.title in known
    if hits == len(mark.keys) or (hits and titled):
        return _Standing.KNOWN
    return _Standing.BACK if titled else _Standing.NEW


def _renumbered(window: Sequence[Marks], standings: Sequence[_Standing], before: int) -> frozenset[int]:
    """The items that came back, if too many. A title that stands on several items ("Press release") tells nothing."""
    back = frozenset(n for n, standing in enumerate(standings) if standing is _Standing.BACK)
    times = Counter(mark.title for mark in window)
    telling = sum(times[window[n].title] == 1 for n in back)
    return back if telling >= _PATTERN and 2 * telling > before else frozenset()


def _learn(window: Sequence[Marks], seen: Sequence[str]) -> list[str]:
    """The digests to keep: all of this window, as far as that is bearable, and of what was seen before."""
    fresh = list(dict.fromkeys(_digest(m) for mark in window for m in (*mark.keys, mark.title)))[:_MOST]
    return list(dict.fromkeys((*fresh, *seen)))[: max(_KEPT, len(fresh))]


def _guid(source: str, item: Item, page: str | None) -> str | None:
    """The guid's key; an address among guids is folded like a page, and is none where it is the page itself."""
    if not item.guid or item.guid == item.link:
        return None
    address = web_address(item.guid)
    folded = canonical_key(address) if address else item.guid
    return None if f"url:{folded}" == page else f"guid:{source}:{folded}"


def _of_many(keys: Sequence[str | None], others: Sequence[object]) -> set[str]:
    """The keys that stand beside more than one of `others`."""
    beside: dict[str, set[object]] = {}
    for key, other in zip(keys, others, strict=True):
        if key is not None:
            beside.setdefault(key, set()).add(other)
    return {key for key, those in beside.items() if len(those) > 1}


def _title(item: Item) -> str:
    """What stands for the title in a key: the title, or the text of an item that has none."""
    return _digest(" ".join((item.title or item.summary).casefold().split()), 12)


def _digest(text: str, size: int = 6) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size).hexdigest()
