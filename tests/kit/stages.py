"""Who acts next on a bill, in the words of the people who classified real bills."""

from __future__ import annotations

from bot.bills.model import IN_COMMITTEES, Place, Stage

_OTHERS = {Stage.CONFERENCE: "conferees", Stage.ENROLLING: "enrolling clerk", Stage.PRESIDENT: "President"}


def acts_next(place: Place) -> str:
    """A chamber, its committee or committees, "conferees", "enrolling clerk", "President" or "nobody"."""
    if place.stage in IN_COMMITTEES and place.stage is not Stage.INTRODUCED:
        several = len(place.committees) > 1 or place.stage is Stage.IN_SEVERAL
        return f"{place.chamber} committee{'s' if several else ''}"
    return _OTHERS.get(place.stage) or place.acting or "nobody"
