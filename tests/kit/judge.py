"""Score a coalition's watches against items labeled by hand, with the code that the running bot uses.

A file contains JSON Lines. An item has the Federal Register API's own format, or is a bill
(``{"source": "bill", "id": "hr1234-119", "title", "official", "subjects", …}``), or news
(``{"source": "news", "id", "url", "outlet", "title", "excerpt", "date"}``). Any field but the title may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.config.load import Config
from bot.media.news.reading import Reading
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import clean, day
from bot.sources.register.documents import document_entry
from bot.watch import model
from bot.watch.engine import Matcher
from bot.watch.model import Level

Item = Mapping[str, Any]

_MUST = 2  # a reviewer's label for an alert; 1 is worth a digest line, 0 is noise


@dataclass(frozen=True, slots=True)
class Verdict:
    """The watches' result for one item. `level`: "alert", "digest" or "none"; `mentions`: the entities it names."""

    id: str
    level: str
    asks: tuple[int, ...]
    mentions: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    line: int  # from 1
    what: str


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`, as in "18 of 19 must-alerts posted as alerts"."""

    name: str
    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


class Judge:
    """Applies the configuration's watches to items."""

    def __init__(self, config: Config) -> None:
        self._matcher = Matcher(config.watches)
        self._reading = Reading(config.coalition)
        self._asks = {number: ask.title for number, ask in config.coalition.asks.items()}
        # A watch can be limited to some sources, so an item counts as one of the source that would list it.
        self._register = _first(config, "federal-register")
        self._bills = _first(config, "bill-status")

    def verdict(self, item: Item) -> Verdict:
        entry, index = self._reading.read(self.entry(item))
        matches = self._matcher.match(entry, index)
        level = model.loudest(matches)
        return Verdict(
            id=_id(item),
            level=level.value if level else "none",
            asks=model.asks_of(matches),
            mentions=tuple(name.entity for name in entry.names),
            why=model.why(matches, self._asks),
        )

    def entry(self, item: Item) -> Entry:
        """Return the entry that the item's source would make of it."""
        source, number = item.get("source"), _bill_number(item)
        if source == "federal-register" or (source not in ("bill", "news") and "document_number" in item):
            return document_entry(item, self._register)
        if source == "bill" or (source != "news" and number):
            return _bill(item, number, self._bills)
        key = f"url:{_text(item, 'url') or _id(item)}"
        return Entry(
            source="news",
            kind=Kind.NEWS,
            identity=(key,),
            thread=key,
            title=_text(item, "title"),
            url=_text(item, "url"),
            summary=_text(item, "excerpt") or None,
            outlet=_text(item, "outlet") or None,
            publication_date=_day(item.get("date")),
        )


def read(lines: Iterable[str]) -> Iterator[tuple[int, Item] | BadLine]:
    """Return a file's items with their line numbers, and the lines without an item; blank lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield BadLine(number, f"not JSON: {error}")
            continue
        if isinstance(item, dict) and isinstance(item.get("title"), str) and item["title"].strip():
            yield number, item
        else:
            yield BadLine(number, "not an item: expected a JSON object with a title")


def score(judged: Sequence[tuple[Item, Verdict]]) -> tuple[Rate, ...]:
    """Compare the verdicts with the labels of one or two reviewers; items without a label are skipped.

    A must-alert is an item that every reviewer labels 2, a may-alert one that at least one reviewer labels 2. An item
    that every reviewer labels 1 or 2 must be posted; one that every reviewer labels 0 is noise.
    """
    marked = [
        (item, verdict, marks)
        for item, verdict in judged
        if (marks := [mark for key in ("relevant", "second") if isinstance(mark := item.get(key), int)])
    ]

    def rate(name: str, whole: Callable[[list[int]], bool], part: Callable[[Verdict], bool]) -> Rate:
        verdicts = [verdict for _, verdict, marks in marked if whole(marks)]
        return Rate(name, sum(map(part, verdicts)), len(verdicts))

    alerts = [marks for _, verdict, marks in marked if _alerted(verdict)]
    raised = [marks for _, verdict, marks in marked if _raised(verdict)]
    asked = [
        not asks.isdisjoint(verdict.asks)
        for item, verdict, marks in marked
        if min(marks) == _MUST and (asks := _numbers(item, "asks") | _numbers(item, "second_asks"))
    ]
    return (
        rate("must-alerts posted as alerts", lambda marks: min(marks) == _MUST, _alerted),
        Rate("alerts that someone labeled an alert", sum(max(marks) == _MUST for marks in alerts), len(alerts)),
        rate("must-posts posted", lambda marks: min(marks) >= 1, _raised),
        Rate("posted items that someone wants", sum(max(marks) >= 1 for marks in raised), len(raised)),
        rate("noise posted", lambda marks: max(marks) == 0, _raised),
        rate("noise posted as alerts", lambda marks: max(marks) == 0, _alerted),
        Rate("must-alerts with an ask, posted on a right ask", sum(asked), len(asked)),
    )


def _alerted(verdict: Verdict) -> bool:
    return verdict.level == Level.ALERT


def _raised(verdict: Verdict) -> bool:
    return verdict.level != "none"


def _numbers(item: Item, key: str) -> set[int]:
    value = item.get(key)
    return {n for n in value if isinstance(n, int)} if isinstance(value, list) else set()


def _text(item: Item, key: str) -> str:
    value = item.get(key)
    return clean(value) if isinstance(value, str) else ""


def _id(item: Item) -> str:
    return next((str(item[key]) for key in ("id", "document_number", "url") if item.get(key)), "")


def _first(config: Config, kind: str) -> str:
    return next((id_ for id_, source in config.feeds.sources.items() if source.kind == kind), kind)


def _bill_number(item: Item) -> str | None:
    """Return ``hr1234-119`` for that or for ``hr-4323-119``."""
    try:
        return BillNumber.of(re.sub(r"^([a-z]+)-", r"\1", _text(item, "id").lower())).id
    except ValueError:
        return None


def _bill(item: Item, number: str | None, source: str) -> Entry:
    title, key = _text(item, "title"), f"bill:{number or _id(item)}"
    labels = item.get("subjects")
    subjects = labels if isinstance(labels, list) else []
    return Entry(
        source=source,
        kind=Kind.BILL,
        identity=(key,),
        thread=key,
        title=title,
        bill=number,
        bill_title=title,
        subjects=tuple(clean(it) for it in subjects if isinstance(it, str)),
        summary=_text(item, "official") or None,
        action=_text(item, "latestActionText") or None,
        publication_date=day(item.get("latestActionDate")),
    )


def _day(value: Any) -> date | None:
    """Return the item's day; the first day if it gives only a month or a year."""
    return next(filter(None, (day(f"{value}{rest}") for rest in ("", "-01", "-01-01"))), None)
