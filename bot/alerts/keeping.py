"""How long what was published, and what was made of it, is kept."""

from __future__ import annotations

from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(table="coalition", stays="all that is the coalition's hangs on it"),
    Keeping(table="source", stays="how each source stands"),
    # Counted from when a source last listed it: old items resurface.
    Keeping(
        table="entry",
        term="published",
        since="updated_at",
        still="EXISTS (SELECT 1 FROM entry_key WHERE entry_id = entry.id AND seen_at >= :before)",
    ),
    Keeping(table="sighting", goes_with=("entry",)),
    Keeping(table="entry_key", goes_with=("entry",)),
    Keeping(table="entry_reference", goes_with=("entry",)),
    Keeping(table="match", goes_with=("entry",)),
    Keeping(table="digest_line", goes_with=("entry",)),
    Keeping(table="entry_work", goes_with=("entry",)),
)
