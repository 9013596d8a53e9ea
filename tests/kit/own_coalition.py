"""The shipped coalition with every example and placeholder replaced, as a new coalition would do."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.config.coalition import Coalition, MediaContact, Signer

PRINTED: Final[dict[str, Any]] = {
    "example": False,
    "contact": "campaign@alliance.test",
    "address": ("1 Main Street, NW", "Washington, DC 20001"),
    "phone": "202-456-0100",
    "site": "https://alliance.test",
    "signer": Signer(name="Maria Lopez", title="Director"),
    "media_contact": MediaContact(name="Tom Diaz", phone="202-456-0101", email="press@alliance.test"),
}


def own(coalition: Coalition, **changed: Any) -> Coalition:
    """The coalition with what letters print of it filled in, and whatever else is changed."""
    return coalition.model_copy(update=PRINTED | changed)


def checked_by(coalition: Coalition, day: date) -> Coalition:
    """The coalition as if everything it says of the law had been read by that day: for clocks that stand earlier."""

    def moved(sections: Any) -> dict[str, Any]:
        return {
            id_: section.model_copy(update={"checked_on": min(section.checked_on or day, day)})
            for id_, section in sections.items()
        }

    return coalition.model_copy(update={"authorities": moved(coalition.authorities), "duties": moved(coalition.duties)})
