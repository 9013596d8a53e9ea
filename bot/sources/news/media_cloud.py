"""Media Cloud's archive of online news: articles of the last days that match a search. Needs an API key.

It gives the day of publication but no hour, snippet or author, and allows few requests a minute; so it is for
counting, and late for alerts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

from pydantic import Field

from bot.shared.answer import FetchFailed
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, day
from bot.sources.model import Basics, Given, SearchConfig
from bot.sources.news.news_index import NewsIndex, Question, text_of

MEDIA_CLOUD_URL: Final = "https://search.mediacloud.org/api/search/story-list"
_BACK: Final = timedelta(days=4)  # articles are indexed up to a few days late


class MediaCloudConfig(SearchConfig):
    """A search of Media Cloud's collections of newspapers."""

    brings: ClassVar = Kind.NEWS
    key_setting: ClassVar = "media_cloud_api_key"
    kind: Literal["media-cloud"]
    collections: tuple[int, ...] = Field(
        default=(34412234,), description="the number of a collection; its newspapers of the United States if left out"
    )

    def adapter(self, given: Given) -> MediaCloud:
        return MediaCloud(*given.basics, query=self.keyword, collections=self.collections, key=given.key)


class MediaCloud(NewsIndex):
    """One search in some of Media Cloud's collections. Satisfies `Source`."""

    default_url = MEDIA_CLOUD_URL
    most = 500
    rows = "stories"

    def __init__(
        self,
        *basics: *Basics,
        query: str,
        collections: Sequence[int],
        key: str,
        gap: float = 30,
    ) -> None:
        super().__init__(*basics, gap=gap)
        self._params = {"q": query, "platform": "onlinenews-mediacloud", "cs": ",".join(map(str, collections)),
                       "page_size": self.most}  # fmt: skip
        self._key = key

    def _question(self, now: datetime) -> Question | FetchFailed:
        if not self._key:
            return FetchFailed(Health.BLOCKED, "it needs a key: set MEDIA_CLOUD_API_KEY")
        days = {"start": f"{now - _BACK:%Y-%m-%d}", "end": f"{now:%Y-%m-%d}"}
        return Question(f"{self._url}?{urlencode(self._params | days)}", {"Authorization": f"Token {self._key}"})

    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        return self._article(
            text_of(row, "url"),
            clean(text_of(row, "title")),
            text_of(row, "media_name"),
            publication_date=day(text_of(row, "publish_date")),
            as_of=_moment(text_of(row, "indexed_date"), now),
        )


def _moment(text: str, now: datetime) -> datetime | None:
    """The time it was indexed, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)
