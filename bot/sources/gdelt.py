"""GDELT's index of world news, by the file of each quarter of an hour: the articles of which a headline or a name fits.

Its search refuses most visitors since 2026; the files do not. One of English news is about 5.6 MB, 535 MB a day, and
has some 1,400 articles: headline, address, the names in the text, and no text. What fits is picked out in a child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field

from bot.shared import isolation
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, outcome
from bot.shared.entry import Entry, Kind, Quote
from bot.shared.plain_text import clean, cut, instant
from bot.shared.urls import canonical_key, web_address
from bot.shared.values import Phrase
from bot.sources.model import HttpSource

_QUARTER: Final = timedelta(minutes=15)
_LATE: Final = timedelta(hours=1)  # a file that is not there by then, or not whole, will not come
_OF_ONE: Final = (Health.GONE, Health.MALFORMED, Health.TOO_LARGE)  # failures of one file, which hold up no other
_BACK: Final = timedelta(days=1)  # files that are read after a time without a check
_MOST: Final = 8 * _QUARTER  # read in one poll
_LARGEST: Final = 30_000_000  # bytes of a file
_LONGEST: Final = 500  # characters of a headline or a name


class Gdelt(HttpSource, kind="gdelt", brings=Kind.NEWS):
    """The world's online news in English, by GDELT's files.

    The files at `url`, which has ``{moment}``. Cursor: ``{"next": the first not read yet}``.
    """

    default_url = "https://storage.googleapis.com/data.gdeltproject.org/gdeltv2/{moment}.gkg.csv.zip"
    phrases: tuple[Phrase, ...] = Field(
        default=(),
        description="an article is read if its headline or a name in its text has one of these. A star at the end of a "
        "word stands for any ending",
    )

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        newest = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        due = instant(memory.cursor.get("next")) or newest - 2 * _QUARTER
        quarter = first = max(due, newest - _BACK)
        entries: dict[str, Entry] = {}
        failed, read = None, False
        while quarter <= newest and quarter < first + _MOST:
            rows = await outcome(self._rows(quarter, now))
            if not isinstance(rows, FetchFailed):
                entries |= {entry.identity[0]: entry for row in rows if (entry := self._entry(row, quarter))}
                read = True
            else:
                failed = rows
                if failed.health not in _OF_ONE or quarter > now - _LATE:
                    break
            quarter += _QUARTER
        if failed and not read and (failed.health is not Health.GONE or quarter > first):
            return failed
        after = replace(memory, validators={}, cursor={"next": quarter.isoformat()})
        return Fetched(
            entries=tuple(entries.values()),
            memory=after,
            health=Health.OVERRUN if first > due else Health.OK if entries else Health.EMPTY_EXPECTED,
            detail="files older than a day were left out" if first > due else "",
        )

    async def _rows(self, quarter: datetime, now: datetime) -> Sequence[Any]:
        """What fits in the file of a quarter of an hour, as rows of `gdelt_child`."""
        url = self.url.replace("{moment}", f"{quarter:%Y%m%d%H%M%S}")
        body = await self.get(url, now, size=_LARGEST)
        assert isinstance(body, Body)  # nothing was asked for conditionally
        rows: Sequence[Any] | None = await isolation.ask_json("bot.sources.gdelt_child", list(self.phrases), body.data)
        if rows is None:
            raise Failure(Health.MALFORMED, "a file is not what GDELT publishes, or takes too long to read")
        return rows

    def _entry(self, row: Sequence[Any], seen: datetime) -> Entry | None:
        """The entry of a row; None without an address or a headline. When it was published, GDELT does not say."""
        address, headline, outlet, *names = map(clean, row)
        url = web_address(address)
        key = f"url:{canonical_key(url)}"
        if not (url and headline):
            return None
        named = tuple(Quote(cut(name, _LONGEST), place="named in it, by GDELT") for name in names)
        return Entry(
            source=self.id, kind=Kind.NEWS, identity=(key,), thread=key, title=cut(headline, _LONGEST), url=url,
            outlet=outlet or None, as_of=seen, passages=named,
        )  # fmt: skip
