"""The rule for stories, over many items in memory."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.media.news.cluster import CANDIDATES, COMMON, LEAST, Fingerprint, story_of


class Clusters:
    """Clusters in memory, to measure many items at once. Finds what `copies` finds in the store."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Fingerprint]] = {}  # the story and the fingerprint of each
        self._rank: dict[str, int] = {}
        self._postings: defaultdict[str, list[str]] = defaultdict(list)
        self._frequent: set[str] = set()

    def add(self, id_: str, item: Fingerprint) -> str:
        """Return the story of an item, named after its first item."""
        shared = Counter(other for pair in item.pairs - self._frequent for other in self._postings[pair])
        near = [other for other, count in shared.most_common(CANDIDATES) if count >= min(LEAST, len(item.pairs))]
        near += [other for mark in item.marks - item.pairs for other in self._postings[mark][-CANDIDATES:]]
        candidates = [self._known[other] for other in sorted({*near}, key=self._rank.__getitem__)]
        story = story_of(item, candidates, self._frequent) or id_
        self._known[id_], self._rank[id_] = (story, item), len(self._rank)
        for mark in item.marks - self._frequent:
            self._postings[mark].append(id_)
            if mark in item.pairs and len(self._postings[mark]) > COMMON:
                self._frequent.add(mark)
        return story
