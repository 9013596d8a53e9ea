"""Which asks we see through titles and synopses alone, because announcements of money were not read. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config.feeds import Feeds, SourceKind
from bot.entries.records import SourceState
from bot.shared import wording
from bot.shared.entry import Kind
from bot.sources.grants.grants import unread


def synopses_only(states: Mapping[str, SourceState], feeds: Feeds, heard: Sequence[int]) -> str:
    """`Asks 1 and 2: of 3 of 21 grant announcements titles and synopses only …`; "" where every text was read.

    `heard`: the asks that are of interest where it is said.
    """
    sources = [id_ for id_, source in feeds.sources.items() if source.enabled and source.kind is SourceKind.GRANTS]
    looking = [
        watch for watch in feeds.watches.values() if Kind.GRANT in watch.kinds or set(sources) & set(watch.sources)
    ]
    asks = sorted({ask for watch in looking for ask in watch.asks if ask in heard})
    if not sources or not asks:
        return ""
    read, posted, asked = set[str](), set[str](), False
    for state in (states[id_] for id_ in sources if id_ in states):
        without, all_ = unread(state.memory)
        read, posted, asked = read | (all_ - without), posted | all_, asked or state.memory.first_success_at is not None
    if not read and (posted or not asked):
        return f"{wording.asks(asks)}: of grant announcements titles and synopses only; no text of theirs was read yet."
    if posted - read:
        count = f"{len(posted - read)} of {len(posted)}"
        return (
            f"{wording.asks(asks)}: of {count} grant announcements titles and synopses only; their text was not read."
        )
    return ""
