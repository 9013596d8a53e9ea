"""The table of authorities: what the law says, as far as somebody has read it, and not too long ago. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.config.coalition import Coalition
from bot.deadlines.model import Claim, NoClaim
from bot.shared.calendar import day_in_words


def claimable(coalition: Coalition, today: date, asks: Collection[int] | None = None) -> list[Claim]:
    """Every claim that may be made today. `asks`: only those that serve one of these asks."""
    found = []
    for id_, authority in coalition.authorities.items():
        if asks is not None and not set(asks) & set(authority.asks):
            continue
        try:
            found.append(claim(coalition, id_, today))
        except NoClaim:
            continue
    return found


def dated_ahead(coalition: Coalition, today: date) -> list[tuple[tuple[str, ...], str]]:
    """(place in coalition.yml, finding) of every day of a check that has not come yet."""
    holders = {id_: office.holder for id_, office in coalition.offices.items() if office.holder}
    days = [
        *((("authorities", id_, "checked_on"), held.checked_on) for id_, held in coalition.authorities.items()),
        *((("duties", id_, "checked_on"), duty.checked_on) for id_, duty in coalition.duties.items()),
        *((("offices", id_, "holder", "as_of"), holder.as_of) for id_, holder in holders.items()),
    ]
    what = "is in the future. Write the day on which somebody looked"
    return [(place, f"{day_in_words(day)} {what}") for place, day in days if day and day > today]


def claim(coalition: Coalition, id_: str, today: date) -> Claim:
    """The claim of that id as it may be made today, its citation behind it.

    Raises `NoClaim` for one that is missing, not confirmed, checked too long ago, or checked on a day to come.
    """
    authority = coalition.authorities.get(id_)
    if authority is None:
        raise NoClaim(f"coalition.yml has no authority “{id_}”.")
    if not authority.confirmed or authority.checked_on is None:
        raise NoClaim(
            f"{authority.citation} ({id_}) is not confirmed. Read it, then write source, checked_on, checked_by and "
            "confirmed: true under authorities in coalition.yml."
        )
    if authority.checked_on > today:
        raise NoClaim(
            f"{authority.citation} ({id_}) was checked on {day_in_words(authority.checked_on)}, which is in the "
            "future. Correct checked_on in coalition.yml."
        )
    if today > authority.checked_on + authority.good_for:
        raise NoClaim(
            f"{authority.citation} ({id_}) was checked on {day_in_words(authority.checked_on)}, which is too long ago. "
            "Read it again and renew checked_on in coalition.yml."
        )
    text = f"{authority.says.rstrip('. ')} ({authority.citation})."
    return Claim(id=id_, text=text, source=authority.source, checked_on=authority.checked_on)
