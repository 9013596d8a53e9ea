"""What feeds.yml and coalition.yml may say. Pydantic checks each value; `load.py` adds the line it stands on."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.entry import Kind
from bot.watch.model import Level
from bot.watch.query import QueryError, parse

# A user of a workspace or guild, as administrators write it down: "slack:T0123ABCD/U0456EFGH".
ACCOUNT: Final = r"slack:[TE][A-Z0-9]{2,20}/[UW][A-Z0-9]{2,20}|discord:\d{5,20}/\d{5,20}"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _form(pattern: str, words: str) -> AfterValidator:
    """Text that fits `pattern` as a whole; `words` tell people what does."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f'"{value}" is not of the right form: {words}')
        return value

    return AfterValidator(check)


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError(f'"{value}" is not a web address: write it with https://')
    return value


def _duration(value: Any) -> Any:
    found = re.fullmatch(r"(\d+)\s*([smhd])", value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError('not a length of time: write a number and s, m, h or d, such as "30m" or "7d"')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _clock(value: Any) -> Any:
    try:
        return time.fromisoformat(value.strip().zfill(len("08:30")))
    except (AttributeError, ValueError) as error:
        raise ValueError('not a time of day: write it as "08:30"') from error


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f'unknown time zone "{value}": write it as "America/New_York"') from error
    return value


def _words(value: str) -> str:
    """Words as in a query's quotation marks: `traffick*`, `Fair Food`, `RZR` in capitals."""
    try:
        parse(f'"{value}"')
    except QueryError as error:
        raise ValueError(f'"{value}" is not of the right form: a word or a few, without quotation marks') from error
    return value


Id = Annotated[str, _form(r"[a-z0-9][a-z0-9-]*", "lower-case letters, digits and dashes")]
BillId = Annotated[
    str,
    _form(
        r"(hr|s|hjres|sjres|hconres|sconres|hres|sres)[1-9]\d*-\d{2,3}",
        'write it as "hr4323-119", with its Congress after the dash',
    ),
]
Place = Annotated[
    str,
    _form(
        r"slack:[CGD][A-Z0-9]{2,}|discord:\d{5,20}|console:[A-Za-z0-9_.-]+",
        'write it as "slack:C0123ABCD", "discord:1100000000000000000" or "console:NAME"',
    ),
]
Variable = Annotated[str, _form(r"FEED_URL__[A-Z0-9_]{1,60}", "write FEED_URL__ and a name in capitals")]
Address = Annotated[str, AfterValidator(_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Clock = Annotated[time, BeforeValidator(_clock)]
Zone = Annotated[str, AfterValidator(_zone)]
Phrase = Annotated[str, _form(r"[^\W_][^\n]{0,99}", "words as they stand in a text, 100 characters at most")]
Period = Annotated[
    str, _form(r"[1-9]\d{0,3} (?:day|month|year)s?", 'write a number and days, months or years, such as "180 days"')
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceKind(StrEnum):
    FEDERAL_REGISTER = "federal-register"
    PUBLIC_INSPECTION = "public-inspection"
    BILL_STATUS = "bill-status"
    HOUSE_FLOOR = "house-floor"
    GRANTS = "grants"
    PAGE = "page"
    FEED = "feed"
    GDELT = "gdelt"
    MEDIA_CLOUD = "media-cloud"


class SourceConfig(_Section):
    """One thing that is watched."""

    kind: SourceKind = Field(description="which adapter reads it")
    name: str = Field(description="what people call it")
    url: Address = Field(default="", description="its address; each kind has a default but `feed` and `page`")
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
    keyword: str = Field(
        default="",
        description='grants: only announcements with these words, e.g. "human trafficking". gdelt, media-cloud: the '
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


class WatchConfig(_Section):
    """Which entries matter, and to which ask."""

    name: str = Field(default="", description="what people call it; the id if left out")
    asks: tuple[int, ...] = Field(default=(), description="numbers from coalition.yml; none: a standing policy watch")
    level: Level = Field(description="`alert`: said at once; `digest`: a line in the next digest")
    query: str = Field(description="what to look for, in the query language of docs/queries.md")
    kinds: tuple[Kind, ...] = Field(
        default=(), description="only these kinds of entry: document, bill, news, grant, revision"
    )
    sources: tuple[Id, ...] = Field(default=(), description="only these sources")
    note: str = Field(default="", description="why this watch is as it is")


class DigestConfig(_Section):
    """When a channel's digest is sent."""

    at: Clock = Field(default=time(8, 30), description="local time of day, in the coalition's zone")
    days: Literal["business-days", "monday", "never"] = Field(default="business-days", description="when it is sent")


class ChannelConfig(_Section):
    """A place the bot posts to."""

    to: Place = Field(description="`slack:C0123ABCD`, `discord:1100000000000000000` or `console:NAME`")
    digest: DigestConfig = Field(default=DigestConfig(), description="this channel's digest")
    quiet: tuple[Clock, Clock] | None = Field(
        default=None, description='hours in which nothing but bills becoming law is posted, e.g. ["20:00", "07:00"]'
    )


class RouteConfig(_Section):
    """What goes where. Every route that fits is followed; a channel gets an entry once however many fit."""

    to: Id = Field(description="a channel of this file")
    asks: tuple[int, ...] = Field(default=(), description="only matches of these asks; none: any, also without an ask")
    kinds: tuple[Kind, ...] = Field(default=(), description="only these kinds of entry")
    levels: tuple[Level, ...] = Field(default=(), description="only these levels")


class Feeds(_Section):
    """feeds.yml: what is watched, and where it goes."""

    example: bool = Field(default=False, description="true: this is the shipped example, make it your own")
    sources: dict[Id, SourceConfig] = Field(description="what is read")
    watches: dict[Id, WatchConfig] = Field(description="what matters")
    channels: dict[Id, ChannelConfig] = Field(description="where it is said")
    routes: tuple[RouteConfig, ...] = Field(description="which matches go to which channel")
    admin: Id = Field(description="the channel that hears of trouble: source health, held channels, dead letters")
    safety: Id | None = Field(
        default=None, description="while set, every post goes to this channel instead: for a first week on trial"
    )
    press: Id | None = Field(
        default=None,
        description="the channel that gets a card a story, and hears of the press's inquiries; "
        "none: news comes as alerts alone",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(), description="loopback or private hosts that sources may use; all others are refused"
    )


class Ask(_Section):
    """One numbered policy ask."""

    title: str = Field(description="the ask in a few words, as it stands on cards")
    text: str = Field(default="", description="the ask in full")


class Member(_Section):
    """A member organisation."""

    name: str = Field(description="the organisation's full name")
    short: str = Field(default="", description="what people call it")
    legal_name: str = Field(default="", description="the name it signs letters with; its full name if left out")


class Holder(_Section):
    """Who holds an office, from a source and as of a day: holders change, and a letter must not get one wrong."""

    name: str = Field(description='the full name, as on the envelope, e.g. "Jane Q. Doe, Jr."')
    surname: str = Field(description='e.g. "Doe"')
    form: Id = Field(
        default="head",
        description="which of `offices:` in templates/letters/forms_of_address.yml: `head` for who is confirmed by the "
        "Senate, `official` for who is not, `secretary`, `attorney-general`",
    )
    gender: Literal["M", "F"] | None = Field(
        default=None, description="only as the source says it: Mr. or Madam before a title"
    )
    acting: bool = Field(default=False, description="true: acting in the office")
    source: Address = Field(min_length=1, description="where this is known from")
    as_of: date = Field(description="the day on which the source said so")


class Dated(_Section):
    """A name or some words that count from a day on, or until one."""

    words: Annotated[str, AfterValidator(_words)] = Field(description="a word or a few: `traffick*`, `Fair Food`")
    since: date | None = Field(default=None, description="the first day on which they count")
    until: date | None = Field(default=None, description="the last day on which they count")


Words = Annotated[Dated, BeforeValidator(lambda value: {"words": value} if isinstance(value, str) else value)]


class Entity(_Section):
    """Somebody or something that news may name. Words are written as in a watch's query, without quotes."""

    kind: Literal["coalition", "member", "bill", "opponent", "person"] = Field(
        description="what it is; watches may ask for it: `names:member`"
    )
    name: str = Field(default="", description="how cards name it; the first of `names` or `short` if left out")
    member: Id | None = Field(default=None, description="the member of this file that it is")
    names: tuple[Words, ...] = Field(default=(), description="names that count by themselves, in any case of letters")
    short: tuple[Words, ...] = Field(
        default=(), description="names that are also something else's: they count as written, and only beside `near`"
    )
    near: tuple[Words, ...] = Field(default=(), description="words that tell that a short name means this one")
    not_near: tuple[Words, ...] = Field(
        default=(), description="words that tell that it does not; as many of these as of `near` are one too many"
    )
    never: tuple[Words, ...] = Field(
        default=(), description="words that settle it alone: where one of these stands, a short name is not this one"
    )
    sites: tuple[str, ...] = Field(default=(), description="its own sites, such as `example.org`: all there names it")
    not_from: tuple[str, ...] = Field(
        default=(), description="outlets (by name) and sites whose own name looks like it: nothing there is a mention"
    )
    since: date | None = Field(default=None, description="the first day on which it is looked for, as of a new member")
    until: date | None = Field(default=None, description="the last such day")


class NotNews(_Section):
    """Pages that bring no news of their own, whatever they name: they are kept, and no watch for news looks at them."""

    sites: tuple[str, ...] = Field(default=(), description="whole sites: encyclopedias, bill trackers, mirrors")
    steps: tuple[str, ...] = Field(default=(), description="steps of an address that list others: `category`, `tag`")
    pages: tuple[str, ...] = Field(
        default=(), description="last steps of an address that is a list by itself: `news` of example.org/news"
    )


class Care(_Section):
    """When a headline may name a victim or a minor. It is then shown without the name until a press person lets it."""

    words: tuple[Words, ...] = Field(
        default=(), description="words of headlines that are about to name a victim, such as `victim identified as`"
    )
    minors: tuple[Words, ...] = Field(
        default=(), description="words for a minor; beside them an age in the text counts, not only in the headline"
    )
    adult: int = Field(default=18, ge=0, le=30, description="ages below this are a minor's")
    survivors: tuple[Words, ...] = Field(
        default=(), description="words of whom reporters ask to meet; such a request is never passed on by itself"
    )


class MediaConfig(_Section):
    """How mentions are told apart from what is none."""

    not_news: NotNews = Field(default=NotNews(), description="pages that bring no news of their own")
    first_party: tuple[str, ...] = Field(
        default=(),
        description="sites whose releases are never taken for copies of each other, beside those of the entities",
    )
    care: Care = Field(default=Care(), description="names of victims and minors")
    acknowledge: Duration = Field(
        default=timedelta(hours=1), description="how soon somebody says to a reporter that they were heard"
    )


class Spokesperson(_Section):
    """Who answers the press, on what. Names are as in /campaign people."""

    name: str = Field(min_length=1, description='the person, e.g. "Maria Lopez"')
    backup: str = Field(default="", description="who is asked where that person cannot be reached or does not answer")
    asks: tuple[int, ...] = Field(default=(), description="the asks they speak on; none: any")
    members: tuple[Id, ...] = Field(
        default=(), description="the members they speak for; none: they speak for the coalition as a whole"
    )


class Office(_Section):
    """An office that letters go to. A holder's name only with its source and date; else the office alone."""

    name: str = Field(description='as it stands in a sentence, e.g. "the Director, Office for Victims of Crime"')
    block: tuple[str, ...] = Field(description="the lines of the address, as on the envelope")
    salutation: str = Field(description='e.g. "Dear Director:"')
    holder: Holder | None = Field(default=None, description="who holds it; left out: the office alone is addressed")
    agencies: tuple[str, ...] = Field(
        default=(), description="the Register's slugs of the agencies whose publications a letter to it answers"
    )


class FamilyBill(_Section):
    """One bill of a family, in one Congress."""

    id: BillId = Field(description='the bill, e.g. "hr4323-119"')
    title: str = Field(default="", description="its title in that Congress")
    became: str = Field(default="", description='what became of it, e.g. "Public Law 119-73, on 23 January 2026"')
    follow: bool = Field(default=False, description="true: its record is read")
    source: str = Field(default="", description="where this is known from")


class Family(_Section):
    """One policy's bills across Congresses. Official related-bill data never crosses a Congress: this list does."""

    name: str = Field(description="what the coalition calls it")
    known_as: str = Field(default="", description='the number the coalition uses, e.g. "S.3240 (116th)"')
    official_title: str = Field(
        default="", description="the long title, which stays the same when a bill is brought in again"
    )
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves")
    bills: tuple[FamilyBill, ...] = Field(description="oldest first")


class Authority(_Section):
    """A statutory claim that letters and alerts may make. What is not confirmed is kept, and never claimed."""

    citation: str = Field(description='e.g. "6 U.S.C. 645"')
    says: str = Field(description="what it says, as a sentence of ours that a letter may use")
    source: Address = Field(default="", description="where it was read")
    checked_on: date | None = Field(default=None, description="the day somebody read it there")
    checked_by: str = Field(default="", description="who read it")
    confirmed: bool = Field(default=False, description="true: the text was read and says so; only then is it claimed")
    good_for: Duration = Field(default=timedelta(days=365), description="how long after `checked_on` it may be claimed")
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves")
    note: str = Field(default="", description="slips to avoid, what is missing")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.confirmed and not (self.source and self.checked_on and self.checked_by):
            raise ValueError("confirmed, but by whom, when and where? It needs source, checked_on and checked_by")
        return self


class DutyConfig(_Section):
    """What a statute obliges somebody to do, and by when: `since` and `period` make the due date."""

    statute: str = Field(description='e.g. "6 U.S.C. 645"')
    owed: str = Field(description='what is owed, as it begins a sentence: "The directive on victim screening"')
    by: str = Field(description='who owes it, e.g. "the Secretary of Homeland Security"')
    since: date = Field(description="the day the period runs from, which does not count itself")
    period: Period = Field(description='e.g. "180 days", "1 year"')
    source: Address = Field(description="where the duty and its period were read")
    checked_on: date = Field(description="the day somebody last looked whether it was met; letters say it")
    confirmed: bool = Field(default=False, description="true: the text in force was read; else the date is only likely")
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves; reminders go where they are heard")
    note: str = Field(default="", description="what is known about it, what is missing")


class Letters(_Section):
    """How letters are approved and signed."""

    approvals: int = Field(
        default=1, ge=1, le=5, description="how many approvers a letter needs; its author never approves it alone"
    )
    channel: Id | None = Field(
        default=None,
        description="the channel of feeds.yml where sign-ons are announced; none: its representatives alone are told",
    )
    follow_up: int = Field(
        default=10, ge=1, le=120, description="business days after which a letter without an answer is followed up"
    )


class DirectoryConfig(_Section):
    """Where the directory of Congress comes from, and how long what it says may be used."""

    url: Address = Field(
        default="https://unitedstates.github.io/congress-legislators",
        description="the folder with legislators-current.json and the two files of committees",
    )
    good_for: Duration = Field(
        default=timedelta(days=210),
        description="letters by a directory, or to an office's holder by a source, that is older than this are refused",
    )


class Retention(_Section):
    """How long things are kept. What is older is let go of, day by day."""

    published: Annotated[Duration, Field(ge=timedelta(days=400))] = Field(
        default=timedelta(days=400),
        description="what was published, and why it matched, from when a source last listed it; at least 400d, because "
        "old items come back",
    )
    messages: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=400), description="what the bot said, once what it was about is let go of"
    )
    drafts: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=180), description="letters that were never more than a draft, from their last change"
    )
    mentions: Annotated[Duration, Field(ge=timedelta(days=90))] = Field(
        default=timedelta(days=1095), description="stories about us: titles, addresses, what we did about them"
    )
    press: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=730), description="what was said to the press, and what it asked; the list stays"
    )
    audit: Annotated[Duration, Field(ge=timedelta(days=365))] = Field(
        default=timedelta(days=1095), description="who changed what"
    )


class Coalition(_Section):
    """coalition.yml: who we are and what we ask."""

    example: bool = Field(default=False, description="true: this is the shipped example, make it your own")
    id: Id = Field(description="a short id; never change it once in use")
    name: str = Field(description="the coalition's full name")
    short: str = Field(description="its short name")
    contact: str = Field(description="an e-mail address or page, sent to the sites that are read (User-Agent)")
    zone: Zone = Field(default="America/New_York", description="the zone all times are shown in")
    administrators: tuple[
        Annotated[str, _form(ACCOUNT, 'write platform, workspace and user, such as "slack:T0123ABCD/U0456EFGH"')], ...
    ] = Field(
        default=(),
        description="the first administrators, as `slack:TEAM/USER` or `discord:GUILD/USER`; "
        "read at a start at which there is none, so that whom you remove in chat stays removed",
    )
    asks: dict[int, Ask] = Field(description="the numbered policy asks")
    members: dict[Id, Member] = Field(default={}, description="member organisations")
    entities: dict[Id, Entity] = Field(default={}, description="who is looked for in the news, and how they are told")
    media: MediaConfig = Field(default=MediaConfig(), description="how mentions are told apart from what is none")
    spokespeople: tuple[Spokesperson, ...] = Field(
        default=(),
        description="who answers the press; the line that fits an inquiry best is asked, the first of equals",
    )
    offices: dict[Id, Office] = Field(default={}, description="offices that letters go to")
    directory: DirectoryConfig = Field(default=DirectoryConfig(), description="the directory of Congress")
    bills: dict[Id, Family] = Field(default={}, description="bill families")
    authorities: dict[Id, Authority] = Field(
        default={}, description="statutory claims that letters and alerts may make"
    )
    duties: dict[Id, DutyConfig] = Field(default={}, description="statutory duties and their clocks")
    letters: Letters = Field(default=Letters(), description="how letters are approved and signed")
    retention: Retention = Field(default=Retention(), description="how long things are kept")

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day(self, now: datetime) -> date:
        """The day that it is for the coalition."""
        return now.astimezone(self.tz).date()
