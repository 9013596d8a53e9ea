"""How long people, and what they did, are kept."""

from __future__ import annotations

from typing import Final

from bot.people.inbox import KEPT
from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(table="person", stays="what they did hangs on it; an erased one has no name", sheet=True),
    Keeping(table="account", stays="until it is unlinked", theirs="person_id", sheet=True),
    Keeping(table="person_role", stays="until it is taken", theirs="person_id", sheet=True),
    Keeping(table="member_name", stays="until an administrator changes it", members="member", sheet=True),
    Keeping(table="preference", stays="until it is changed", theirs="person_id"),
    Keeping(table="audit", term="audit", since="at", sheet=True),
    Keeping(table="inbox", term=KEPT, since="seen_at"),
    Keeping(table="memo", stays="what the bot must know after a restart"),
)
