"""The table of authorities: what the law says, confirmed by a person not too long ago. Pure."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines.model import Claim, NoClaim
from bot.shared.calendar import day_in_words
from bot.shared.plain_text import typographic

NEWER_AFTER: Final = timedelta(days=548)  # 18 months after what a claim is about, a newer one is probably out


def claimable(coalition: Coalition, today: date, asks: Collection[int] | None = None) -> list[Claim]:
    """Every claim that may be made today, optionally only those for some of `asks`."""
    claims = []
    for id_, authority in coalition.authorities.items():
        if asks is None or set(asks) & set(authority.asks):
            with suppress(NoClaim):
                claims.append(claim(coalition, id_, today))
    return claims


def aged(coalition: Coalition, ids: Collection[str], today: date) -> list[str]:
    """For each of these claims that is about a time long past: the line that asks for a newer one."""
    listed_here = ((id_, coalition.authorities[id_]) for id_ in ids if id_ in coalition.authorities)
    return [
        f"Look for a newer year: {authority.citation} ({id_}) is about the time up to {day_in_words(authority.of)}."
        for id_, authority in listed_here
        if authority.of and today > authority.of + NEWER_AFTER
    ]


def claim(coalition: Coalition, id_: str, today: date) -> Claim:
    """The claim of that id.

    Raises `NoClaim` if it is missing, not confirmed, checked too long ago, or dated in the future.
    """
    authority = coalition.authorities.get(id_)
    if authority is None:
        raise NoClaim(f"coalition.yml has no authority “{id_}”.")
    if not authority.confirmed or authority.checked_on is None:
        raise NoClaim(
            f"{authority.citation} ({id_}) is not confirmed. Read it, then write source, checked_on, checked_by and "
            "confirmed: true under authorities in coalition.yml."
        )
    checked = f"{authority.citation} ({id_}) was checked on {day_in_words(authority.checked_on)}"
    if authority.checked_on > today:
        raise NoClaim(f"{checked}, which is in the future. Correct checked_on in coalition.yml.")
    if today > authority.checked_on + authority.good_for:
        raise NoClaim(f"{checked}, which is too long ago. Read it again and renew checked_on in coalition.yml.")
    return Claim(
        id=id_,
        text=typographic(f"{authority.says.rstrip('. ')}."),
        source=authority.source,
        checked_on=authority.checked_on,
        citation=authority.citation,
    )
