"""How long what was said is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (
    # A thread is kept whole while anything in it is young, a message while it says something that is kept. That a
    # channel was greeted is never forgotten, or it would be greeted again.
    Keeping(
        table="delivery",
        term="messages",
        since="created_at",
        still="""
            state IN ('pending', 'sending', 'retry', 'ambiguous') OR kind = 'hello'
            OR EXISTS (SELECT 1 FROM delivery_entry WHERE delivery_id = delivery.id)
            OR EXISTS (SELECT 1 FROM delivery AS later WHERE later.created_at >= :before AND (
                       later.edits = delivery.id
                       OR later.coalition_id = delivery.coalition_id
                          AND later.channel = delivery.channel AND later.thread = delivery.thread))
        """,
    ),
    Keeping(table="delivery_entry", goes_with=("delivery", "entry")),
    Keeping(table="delivery_file", goes_with=("delivery",)),
    Keeping(table="hold", stays="until posting goes on"),
    Keeping(table="recalled", term=timedelta(days=90), since="said_at"),
)
