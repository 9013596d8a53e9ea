"""feeds.yml: what is read, what matters, and where it is posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Final, Literal

from pydantic import Field, FiniteFloat, SerializeAsAny, field_validator

from bot.shared.calendar import begins_week, business_day
from bot.shared.entry import Kind
from bot.shared.errors import CoalitionBotError
from bot.shared.platforms import BLIND
from bot.shared.values import Clock, Id, Place, Section
from bot.sources.kinds import SourceConfig as SourceConfig  # noqa: PLC0414 - other rooms have it from here
from bot.watch.learned import is_term
from bot.watch.model import Level
from bot.watch.query import FIELDS

WORD_LISTS: Final = ("all", "any", "not")  # keys of a watch that is written as lists of words
_LIST: Final = r"list:([a-z0-9][a-z0-9-]*)"
_LIST_IN_QUERY: Final = re.compile(rf'"[^"]*"|(?<![\w-]){_LIST}')
_QUERY: Final = re.compile(r'["()“”]|(?<!\S)(?:AND|OR|NOT|NEAR/\d+)(?!\S)')  # an item with one of these is a query
_IN_FIELD: Final = re.compile(rf"({'|'.join(FIELDS)}):\s*(\S.*)", re.DOTALL)
_NO_LIST: Final = "not a list of words: write [one, two], or each on its own line after a dash"
_LogOdds = Annotated[FiniteFloat, Field(ge=-1_000, le=1_000)]  # of log-odds: sums stay finite


class WordListError(CoalitionBotError, ValueError):
    """What is wrong with a watch's lists, and under which of its keys."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def with_query(watch: Any, lists: Mapping[str, Any]) -> Any:
    """Return a watch's section with its lists turned into its `query`. Raises `WordListError`.

    A value that is not a section is returned unchanged, for the models to refuse.
    """
    if not isinstance(watch, Mapping):
        return watch
    query, parts = watch.get("query"), [_Reader(lists, key).part(watch[key]) for key in WORD_LISTS if key in watch]
    if isinstance(query, str):
        written = _Reader(lists, "query").expanded(query)
        parts = [f"({written})", *parts] if parts else [written]
    elif not parts:
        return watch
    return without_lists(watch) | {"query": " AND ".join(parts).replace(" AND NOT ", " NOT ")}


def without_lists(watch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the section with a stand-in query instead of its lists, to find what else is wrong with it."""
    return {"query": "unread"} | {key: value for key, value in watch.items() if key not in WORD_LISTS}


class _Reader:
    """Reads one key of a watch. Tracks the lists being expanded, so that none contains itself."""

    def __init__(self, lists: Mapping[str, Any], key: str) -> None:
        self._lists = lists
        self._key = key
        self._inside: list[str] = []

    def part(self, value: Any) -> str:
        items = self._items(value)
        match self._key:
            case "all":
                return " AND ".join(self._any([item]) for item in items)
            case "not":
                return f"NOT {self._any(items)}"
        return self._any(items)

    def expanded(self, query: str) -> str:
        """Return a query with each list name replaced by the list's words."""
        return _LIST_IN_QUERY.sub(lambda found: self._expand_list(found[1]) if found[1] else found[0], query)

    def _items(self, value: Any) -> Sequence[Any]:
        items = [value] if isinstance(value, str | Mapping) else value
        if not isinstance(items, Sequence) or not items:
            raise WordListError(self._key, _NO_LIST)
        return items

    def _any(self, items: Sequence[Any]) -> str:
        alternatives = list(dict.fromkeys(self._alternatives(items)))
        return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"

    def _alternatives(self, items: Sequence[Any]) -> Iterator[str]:
        for item in items:
            match item:
                case str() if item.strip():
                    yield self._item(item.strip())
                case Mapping():  # to YAML, `title: public comment` in a list is a section
                    for field, words in item.items():
                        yield f"{field}:{self._any(self._items(words))}"
                case Sequence() if item and not isinstance(item, str):
                    yield from self._alternatives(item)
                case _:
                    raise WordListError(self._key, f"{item!r} is not text: put it in quotes")

    def _item(self, text: str) -> str:
        """Translate one item: words in a row, words in a field, a list by its name, or part of a query."""
        if _QUERY.search(text):
            return f"({self.expanded(text)})"
        if match := re.fullmatch(_LIST, text):
            return self._expand_list(match[1])
        if match := _IN_FIELD.fullmatch(text):
            return f"{match[1]}:{self._item(match[2])}"
        return f'"{text}"' if re.search(r"[\s:]", text) else text

    def _expand_list(self, name: str) -> str:
        if name not in self._lists:
            has = f"it has {', '.join(self._lists)}" if self._lists else "it has none"
            raise WordListError(self._key, f'there is no list "{name}" under `lists:`; {has}')
        if name in self._inside:
            raise WordListError(self._key, f'the list "{name}" contains itself')
        self._inside.append(name)
        made = self._any(self._items(self._lists[name]))
        self._inside.pop()
        return made


class LearnedConfig(Section):
    """What a watch learned from answers: the weights of terms, and the threshold that a score must be above."""

    above: _LogOdds = Field(description="the threshold; a higher one matches less")
    weights: dict[str, _LogOdds] = Field(
        min_length=1,
        description='by word, pair of words, or field such as "agency:education department", how much it speaks for a '
        "Yes, or with a minus against one",
    )

    @field_validator("weights")
    @classmethod
    def _can_match(cls, weights: dict[str, float]) -> dict[str, float]:
        if unknown := next((term for term in weights if not is_term(term)), None):
            raise ValueError(
                f'no entry has the term "{unknown}": write a word or two in lower case, or agency:, type: or docket: '
                "with its name"
            )
        if not any(weight > 0 and ":" not in term for term, weight in weights.items()):
            raise ValueError("nothing can match: at least one word needs a weight above 0")
        return weights


class WatchConfig(Section):
    """Which entries match, and for which ask."""

    name: str = Field(default="", description="what people call it; the id if left out")
    asks: tuple[int, ...] = Field(default=(), description="numbers from coalition.yml; left out: a policy watch")
    nearest: bool = Field(
        default=False, description="true: an entry is for the ask that it is nearest to, and left out if far from all"
    )
    level: Level = Field(
        default=Level.DIGEST, description="`alert`: posted at once; `digest`: a line in the next digest"
    )
    query: str = Field(
        default="",
        description="what to look for, in the query language of docs/queries.md; or lists of words: "
        "`all`, `any`, `not`",
    )
    learned: LearnedConfig | None = Field(
        default=None, description="instead of a query: what `/learn start` learned from people's answers"
    )
    kinds: tuple[Kind, ...] = Field(
        default=(),
        description="only these kinds of entries: document, planned-rule, bill, state-bill, hearing, "
        "nomination, court, news, grant, revision",
    )
    sources: tuple[Id, ...] = Field(default=(), description="only these sources")
    note: str = Field(default="", description="why this watch is as it is")


class DigestConfig(Section):
    """When a channel's digest is sent."""

    at: Clock = Field(default=time(8, 30), description="time of day, in the coalition's time zone")
    days: Literal["business-days", "monday", "never"] = Field(
        default="business-days", description="the days on which it is posted"
    )

    def is_due(self, last: date | None, now: datetime, zone: tzinfo) -> bool:
        """Whether a digest is due now; `last` is the local date of the last one (or of the greeting).

        A time of day that daylight saving skips counts as the next moment; one that it repeats counts once.
        """
        local = now.astimezone(zone)
        today = local.date()
        if self.days == "never" or (last is not None and last >= today) or local.time() < self.at:
            return False
        monday = today - timedelta(today.weekday())
        missed = last is not None and monday - timedelta(7) <= last < monday  # this week's, in an outage
        return business_day(today) and (self.days != "monday" or missed or begins_week(today))

    def time_on(self, moment: datetime, zone: tzinfo, ahead: int = 0) -> datetime:
        """Return the digest's time of day on the local date of `moment`, or so many days ahead."""
        day = moment.astimezone(zone).date() + timedelta(ahead)
        return datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)

    def next_time(self, now: datetime, zone: tzinfo) -> datetime | None:
        """Return the next time of day at which a digest may be due, whatever day that is; None if never."""
        times = (self.time_on(now, zone, ahead) for ahead in (0, 1))
        return next((at for at in times if at > now), None) if self.days != "never" else None

    def next_due(self, last: date | None, now: datetime, zone: tzinfo) -> datetime | None:
        """Return when the next digest is due; None if never."""
        for ahead in range(15 if self.days != "never" else 0):
            at = self.time_on(now, zone, ahead)
            if self.is_due(last, max(at, now), zone):
                return max(at, now)
        return None


class ChannelConfig(Section):
    """A place the bot posts to."""

    to: Place = Field(description=f"`slack:C0…`, `discord:11…`; {', '.join(sorted(BLIND))} or console:NAME")
    digest: DigestConfig = Field(default=DigestConfig(), description="this channel's digest")
    quiet: tuple[Clock, Clock] | None = Field(
        default=None, description='hours in which only news of bills becoming law is posted, e.g. `["20:00", "07:00"]`'
    )
    letters: bool = Field(
        default=False, description="webhook: true: it also gets an event for each step of a letter (docs/connect.md)"
    )


class RouteConfig(Section):
    """What goes where. Every matching route applies; a channel gets an entry only once."""

    to: Id = Field(description="the name of a channel")
    asks: tuple[int, ...] = Field(
        default=(), description="only matches of these asks; left out: all matches, also without an ask"
    )
    kinds: tuple[Kind, ...] = Field(default=(), description="only these kinds, such as document, bill or news")
    levels: tuple[Level, ...] = Field(default=(), description="only alert, or only digest")


class Feeds(Section):
    """feeds.yml: what is watched, and where it is posted."""

    example: bool = Field(
        default=False, description="true: this is the shipped example; remove the line when the file is yours"
    )
    sources: dict[Id, SerializeAsAny[SourceConfig]] = Field(
        description="the sources; a list may name sources from the catalog"
    )
    lists: dict[Id, tuple[Any, ...]] = Field(
        default={}, description="word lists that watches share, by name: a watch writes `list:NAME`"
    )
    watches: dict[Id, WatchConfig] = Field(description="the watches: what to look for")
    channels: dict[Id, ChannelConfig] = Field(description="where messages are posted")
    routes: tuple[RouteConfig, ...] = Field(description="which matches go to which channel")
    admin: Id = Field(description="the channel for problems: failing sources, channels on hold, failed messages")
    safety: Id | None = Field(
        default=None,
        description="while set, all channels' posts go to this one, for a test; not direct messages or press inquiries",
    )
    press: Id | None = Field(
        default=None,
        description="the channel for story cards and press inquiries; if left out, news is posted only as alerts",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="loopback or private hosts that sources may use; all others are refused. A redirect to one must "
        "keep its scheme and port, unless the entry gives the port (`host:port`)",
    )

    @property
    def enabled(self) -> dict[str, SourceConfig]:
        """The sources that are turned on."""
        return {id_: source for id_, source in self.sources.items() if source.enabled}
