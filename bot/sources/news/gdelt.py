"""GDELT's index of world news: articles of the last day that match a search. No snippet, no author.

It allows one request in five seconds, returns an empty object for "nothing found", and rejects a query with
a plain-text message under "200 OK".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

from bot.shared.answer import Body, FetchFailed
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean
from bot.sources.model import Basics, Given, SearchConfig
from bot.sources.news.news_index import NewsIndex, Question, text_of

GDELT_URL: Final = "https://api.gdeltproject.org/api/v2/doc/doc"
# The index adds spaces around punctuation: "Veterans ' Relief Act , signed".
_BEFORE: Final = re.compile(r"\s+(?=[,.;:!?%)\]’])")
_AFTER: Final = re.compile(r"(?<=[(\[$#“‘])\s+")
_APOSTROPHE: Final = re.compile(r"(?<=\w) ' ?s\b")


class GdeltConfig(SearchConfig):
    """A search of GDELT's index of online news."""

    brings: ClassVar = Kind.NEWS
    kind: Literal["gdelt"]

    def adapter(self, given: Given) -> Gdelt:
        return Gdelt(*given.basics, query=self.keyword)


class Gdelt(NewsIndex):
    """One GDELT search. Satisfies `Source`."""

    default_url = GDELT_URL
    most = 250
    rows = "articles"

    def __init__(
        self,
        *basics: *Basics,
        query: str,
        gap: float = 5,
    ) -> None:
        super().__init__(*basics, gap=gap)
        params = {"query": query, "mode": "ArtList", "format": "json", "maxrecords": self.most, "timespan": "1d",
                 "sort": "DateDesc"}  # fmt: skip
        self._url = f"{self._url}?{urlencode(params)}"

    def _question(self, now: datetime) -> Question:  # noqa: ARG002 - its searches always cover the last day
        return Question(self._url)

    def _refused(self, body: Body, failed: FetchFailed) -> FetchFailed:
        """The failure with GDELT's own message, if it rejected the query."""
        message = body.data[:200].decode("utf-8", "replace").strip()
        if body.content_type.startswith("text/") and message and "<" not in message:
            return FetchFailed(Health.MALFORMED, f"GDELT rejected the query: “{clean(message)}”")
        return failed

    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        return self._article(
            text_of(row, "url"),
            tidy(text_of(row, "title")),
            text_of(row, "domain"),
            as_of=_seen(text_of(row, "seendate"), now),
        )


def tidy(title: str) -> str:
    """A headline without the spaces that the index adds around punctuation."""
    return _APOSTROPHE.sub("'s", _AFTER.sub("", _BEFORE.sub("", clean(title))))


def _seen(text: str, now: datetime) -> datetime | None:
    """The time GDELT saw the article, in UTC. It does not give the time of publication."""
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return min(moment, now)
