"""Warn about asks whose grant announcements were not read beyond title and synopsis. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config.feeds import Feeds, SourceKind
from bot.entries.records import SourceState
from bot.shared import wording
from bot.shared.entry import Kind
from bot.sources.grants.grants import unread_announcements


def synopses_only(states: Mapping[str, SourceState], feeds: Feeds, asks_shown: Sequence[int]) -> str:
    """A note such as `Asks 1 and 2: …`; "" if the text of every grant announcement was read.

    `asks_shown`: the asks to report on.
    """
    sources = [id_ for id_, source in feeds.sources.items() if source.enabled and source.kind is SourceKind.GRANTS]
    watches = [
        watch for watch in feeds.watches.values() if Kind.GRANT in watch.kinds or set(sources) & set(watch.sources)
    ]
    asks = sorted({ask for watch in watches for ask in watch.asks if ask in asks_shown})
    if not sources or not asks:
        return ""
    read, posted, asked = set[str](), set[str](), False
    for state in (states[id_] for id_ in sources if id_ in states):
        without, all_ = unread_announcements(state.memory)
        read, posted, asked = read | (all_ - without), posted | all_, asked or state.memory.first_success_at is not None
    if not read and (posted or not asked):
        return f"{wording.asks(asks)}: grant announcements were read by title and synopsis only; no full text yet."
    if posted - read:
        count = f"{len(posted - read)} of {len(posted)}"
        return f"{wording.asks(asks)}: {count} grant announcements were read by title and synopsis only."
    return ""
