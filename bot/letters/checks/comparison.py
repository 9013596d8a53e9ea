"""Compare the facts that a letter was drafted from with those of today, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.letters.facts import Facts
from bot.shared.wording import listed, number, short

_LONGEST: Final = 160  # characters of a value
_SHOWN: Final = 4  # changed facts in words
_LOOKED: Final = (("today",), ("bill", "as_of"))  # days of looking: they pass without any change
# Facts in words, most telling first, where the path alone does not read well; the others are named by their path.
_NAMES: Final[Mapping[str, str]] = {
    "bill.status": "The bill’s status",
    "bill.law": "The law that the bill became",
    "bill.stage": "The bill’s stage",
    "bill.since": "The day on which the bill reached its stage",
    "bill.before": "The chamber that acts next",
    "bill.passed": "The chambers that passed the bill",
    "bill.over": "Whether the bill’s Congress has ended",
    "addressee.record.cosponsor_since": "The day on which they joined the bill",
    "addressee.record.withdrew_on": "The day on which their name was withdrawn",
    "addressee.record.committee": "Their committee that has the bill",
    "addressee.record.chairs": "The committee they chair",
    "addressee.record.ranking": "The committee whose ranking member they are",
    "entry.comments_close": "The day on which comments close",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not as it was. `path`: as templates name it."""

    path: str
    before: Any
    now: Any

    @property
    def sentence(self) -> str:
        before, now = self.before, self.now
        if self.path == "bill.stage":  # the table of what may be asked names stages as "in-committee"
            before, now = (str(stage or "").replace("-", " ") for stage in (before, now))
        return f"{_name(self.path)}: {_words(before)} when it was drafted, {_words(now)} now."


def pinned(fresh: Facts, stored: Facts) -> Facts:
    """The facts of today with the stored days of looking."""
    common = {key: dict(value) if isinstance(value, Mapping) else value for key, value in fresh.common.items()}
    for *folders, name in _LOOKED:
        ours, theirs = common, stored.common
        for folder in folders:
            ours, theirs = ours.get(folder) or {}, theirs.get(folder) or {}
        if name in ours and name in theirs:
            ours[name] = theirs[name]
    return replace(fresh, common=common)


def changes(stored: Mapping[str, Any], fresh: Mapping[str, Any], path: str = "") -> Iterator[Change]:
    """Each stored fact that has another value now. A fact that was not known at the draft is not in its text."""
    for key, before in stored.items():
        now, place = fresh.get(key), f"{path}{key}"
        if isinstance(before, Mapping):
            yield from changes(before, now if isinstance(now, Mapping) else {}, f"{place}.")
        elif before != now:
            yield Change(place, before, now)


def in_words(changed: Sequence[Change], used: Collection[str] = ()) -> list[str]:
    """Sentences on the most telling changes. `used`: the facts that the template names; of others only if none is."""
    order = list(_NAMES)
    changed = [change for change in changed if change.path in used] or changed
    changed = sorted(changed, key=lambda change: order.index(change.path) if change.path in order else len(order))
    more = len(changed) - _SHOWN
    return [
        *(change.sentence for change in changed[:_SHOWN]),
        *([f"And {number(more, 'more fact')}."] if more > 0 else []),
    ]


def _name(path: str) -> str:
    folder, _, name = path.rpartition(".")
    owner = folder.rpartition(".")[2].replace("record", "addressee")
    words = name.replace("_", " ")
    return _NAMES.get(path) or (f"The {owner}’s {words}" if owner else f"The {words}")


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        value = [part for part in value.values() if part]
    if isinstance(value, (list, tuple)):
        items = [_words(item) if isinstance(item, Mapping) else str(item) for item in value]
        return short(listed(items, 4), _LONGEST) or "none"
    return "none" if value in ("", None) else f"“{short(str(value), _LONGEST)}”"
