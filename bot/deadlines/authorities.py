"""The table of authorities: what the law says, as far as somebody has read it, and not too long ago. Pure."""

from __future__ import annotations

from datetime import date

from bot.calendar import day_in_words
from bot.config.coalition import Coalition
from bot.deadlines.model import Claim, NoClaim


def claim(coalition: Coalition, id_: str, today: date) -> Claim:
    """The claim of that id as it may be made today, its citation behind it.

    Raises `NoClaim` for one that is missing, not confirmed, or checked longer ago than it is good for.
    """
    authority = coalition.authorities.get(id_)
    if authority is None:
        raise NoClaim(f"coalition.yml has no authority “{id_}”.")
    if not authority.confirmed or authority.checked_on is None:
        raise NoClaim(
            f"{authority.citation} ({id_}) is not confirmed. Read it, then write source, checked_on, checked_by and "
            "confirmed: true under authorities in coalition.yml."
        )
    if today > authority.checked_on + authority.good_for:
        raise NoClaim(
            f"{authority.citation} ({id_}) was checked on {day_in_words(authority.checked_on)}, which is too long ago. "
            "Read it again and renew checked_on in coalition.yml."
        )
    text = f"{authority.says.rstrip('. ')} ({authority.citation})."
    return Claim(id=id_, text=text, source=authority.source, checked_on=authority.checked_on)
