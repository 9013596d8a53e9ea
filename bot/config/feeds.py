"""feeds.yml: what is read, what matters, and where it is posted."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from bot.config.values import Address, Clock, CommitteeCode, Duration, FeedAddress, Id, Phrase, Place, Section, Variable
from bot.shared.entry import Kind
from bot.watch.model import Level


class SourceKind(StrEnum):
    FEDERAL_REGISTER = "federal-register"
    PUBLIC_INSPECTION = "public-inspection"
    BILL_STATUS = "bill-status"
    NEW_BILLS = "new-bills"
    HOUSE_FLOOR = "house-floor"
    SENATE_HEARINGS = "senate-hearings"
    HOUSE_HEARINGS = "house-hearings"
    GRANTS = "grants"
    PAGE = "page"
    FEED = "feed"
    GDELT = "gdelt"
    MEDIA_CLOUD = "media-cloud"

    @property
    def is_feed(self) -> bool:
        """Whether its address is that of an RSS or Atom feed."""
        return self in (SourceKind.FEED, SourceKind.NEW_BILLS)


class SourceConfig(Section):
    """One thing that is watched."""

    kind: SourceKind = Field(description="which adapter reads it")
    name: str = Field(description="what people call it")
    url: FeedAddress = Field(default="", description="its address; each kind has a default but `feed` and `page`")
    url_env: Variable | None = Field(
        default=None,
        description="feed: the variable that holds its address, where that is a key to an account (Google Alerts)",
    )
    every: Duration = Field(default=timedelta(hours=1), description="how often it is asked")
    between: tuple[Clock, Clock] | None = Field(
        default=None, description="ask only between these times of day, Eastern time, on business days"
    )
    agencies: tuple[str, ...] = Field(
        default=(),
        description="federal-register: agency slugs; none means the whole Register. grants: grants.gov's codes, such "
        "as `USDOJ-OJP-OVC`; none means all",
    )
    lookback: Duration = Field(
        default=timedelta(days=7), description="federal-register: how far back each poll looks, by publication date"
    )
    committees: tuple[CommitteeCode, ...] = Field(
        default=(),
        description="house-hearings: the House's own codes, such as `JU00`; all standing and select committees if left "
        "out",
    )
    keyword: str = Field(
        default="",
        description='grants: only announcements with these words, e.g. "water quality". gdelt, media-cloud: the '
        "search, in its own language",
    )
    collections: tuple[int, ...] = Field(
        default=(34412234,),
        description="media-cloud: in which of its collections, by number; in its newspapers of the United States if "
        "left out",
    )
    phrases: tuple[Phrase, ...] = Field(
        default=(),
        description="grants: what is looked for in the announcements' own text; the sentences that hold one are "
        "quoted. A star at a word's end stands for any ending",
    )
    attachments: Address = Field(default="", description="grants: where attached files are, in front of their number")
    select: str = Field(default="main", description="page: the part that is watched, as a CSS selector")
    ignore: tuple[str, ...] = Field(
        default=(), description="page: parts of it that are left out, as CSS selectors; menus and forms always are"
    )
    rolling: bool = Field(
        default=False, description="page: a list from whose end old lines fall off, so only what is new is told"
    )
    stale_after: Duration | None = Field(
        default=None, description="how long without anything new is unusual; none means never"
    )
    may_be_empty: bool = Field(default=False, description="an empty answer is normal, as in a recess")
    enabled: bool = Field(default=True, description="false: kept in the file, not asked")
    verified: date | Literal["no"] = Field(
        default="no", description="the day somebody saw it work; `check --online` tells whether it still does"
    )
    note: str = Field(default="", description="for the people who edit this file")


class WatchConfig(Section):
    """Which entries matter, and to which ask."""

    name: str = Field(default="", description="what people call it; the id if left out")
    asks: tuple[int, ...] = Field(default=(), description="numbers from coalition.yml; none: a standing policy watch")
    level: Level = Field(
        default=Level.DIGEST, description="`alert`: posted at once; `digest`: a line in the next digest"
    )
    query: str = Field(
        description="what to look for, in the query language of docs/queries.md; or lists of words: `all`, `any`, `not`"
    )
    kinds: tuple[Kind, ...] = Field(
        default=(), description="only these kinds of entry: document, bill, hearing, news, grant, revision"
    )
    sources: tuple[Id, ...] = Field(default=(), description="only these sources")
    note: str = Field(default="", description="why this watch is as it is")


class DigestConfig(Section):
    """When a channel's digest is sent."""

    at: Clock = Field(default=time(8, 30), description="local time of day, in the coalition's zone")
    days: Literal["business-days", "monday", "never"] = Field(default="business-days", description="when it is sent")


class ChannelConfig(Section):
    """A place the bot posts to."""

    to: Place = Field(description="`slack:C0123ABCD`, `discord:1100000000000000000` or `console:NAME`")
    digest: DigestConfig = Field(default=DigestConfig(), description="this channel's digest")
    quiet: tuple[Clock, Clock] | None = Field(
        default=None, description='hours in which nothing but bills becoming law is posted, e.g. ["20:00", "07:00"]'
    )


class RouteConfig(Section):
    """What goes where. Every route that fits is followed; a channel gets an entry once however many fit."""

    to: Id = Field(description="a channel of this file")
    asks: tuple[int, ...] = Field(default=(), description="only matches of these asks; none: any, also without an ask")
    kinds: tuple[Kind, ...] = Field(default=(), description="only these kinds of entry")
    levels: tuple[Level, ...] = Field(default=(), description="only these levels")


class Feeds(Section):
    """feeds.yml: what is watched, and where it goes."""

    example: bool = Field(default=False, description="true: this is the shipped example, make it your own")
    sources: dict[Id, SourceConfig] = Field(description="what is read; a list may name sources of the catalog")
    lists: dict[Id, tuple[Any, ...]] = Field(
        default={}, description="words that watches share, by the list's name: a watch says `list:NAME`"
    )
    watches: dict[Id, WatchConfig] = Field(description="what matters")
    channels: dict[Id, ChannelConfig] = Field(description="where it is said")
    routes: tuple[RouteConfig, ...] = Field(description="which matches go to which channel")
    admin: Id = Field(description="the channel that hears of trouble: source health, held channels, dead letters")
    safety: Id | None = Field(
        default=None,
        description="while set, what is meant for any channel goes to this one, for a first week on trial; "
        "direct messages and press inquiries do not",
    )
    press: Id | None = Field(
        default=None,
        description="the channel that gets a card a story, and hears of the press's inquiries; "
        "none: news comes as alerts alone",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="loopback or private hosts that sources may use; all others are refused. A redirect to one keeps "
        "its scheme and port, or the name has that port (`host:port`)",
    )
