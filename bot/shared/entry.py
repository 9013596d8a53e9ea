"""Entry: one thing that a source published, in the words every room shares.

Adapters make entries, the watch room judges them, the alerts room says them. All text in an entry is untrusted
plain text: markup is gone (the adapter's work), but names, links and sentences are whatever a stranger wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.shared.calendar import day_in_words, hour_in_words
from bot.shared.plain_text import EASTERN, cut

MEETING_NOTICE: Final = "notice"  # ends the key by which the later changes of a meeting name its announcement


class HearingStatus(StrEnum):
    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    POSTPONED = "postponed"  # without a new day
    UNLISTED = "unlisted"  # gone from its chamber's list before its hour, which gives no reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """A meeting at one reading. `starts` and `ends`: UTC, None if only the day is given. `sequence`: changes so far."""

    id: str  # "senate:338691", "house:115955": each chamber numbers its own
    chamber: str  # "House", "Senate"
    committee: str  # "Senate Judiciary Committee"
    committee_id: str  # as in the directory: "SSJU", "SSJU22" for a subcommittee
    kind: str  # "Hearing", "Markup", "Business meeting" …
    day: date  # in Washington
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    subcommittee: str = ""  # its name; "a subcommittee" where the source does not name it
    bills: tuple[str, ...] = ()  # on its agenda, "s365-119", in the source's order
    statements_close: date | None = None  # only where the source says so
    video: str = ""
    status: HearingStatus = HearingStatus.SCHEDULED
    sequence: int = 0

    @property
    def thread(self) -> str:
        return f"hearing:{self.id}"

    @property
    def body(self) -> str:
        """The committee, with its subcommittee."""
        return ", ".join(filter(None, (self.committee, self.subcommittee)))

    @property
    def when(self) -> str:
        """`Wed Jul 29, 2026, 9:30 a.m. ET`; the day alone where no hour is given."""
        return day_in_words(self.day) + (f", {self.hour}" if self.starts else "")

    @property
    def hour(self) -> str:
        """`9:30 a.m. ET`; "" where no hour is given."""
        return f"{hour_in_words(self.starts.astimezone(EASTERN))} ET" if self.starts else ""

    def over(self, now: datetime) -> bool:
        """Whether its hour, or its day in Washington, has passed."""
        return self.starts < now if self.starts else self.day < now.astimezone(EASTERN).date()


_SEASONS = {"04": "Spring", "10": "Fall"}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One row of a timetable. `month`: "2026-04", "" where none is given; `day`: only of what has a day."""

    action: str  # "NPRM", "Final Rule", "NPRM Comment Period End"
    month: str
    day: date | None = None

    @property
    def when(self) -> str:
        return str(self.day) if self.day else self.month or "no date given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRule:
    """A rule that an agency plans, as one edition of the Unified Agenda lists it.

    Its dates are plans, by month: most are missed. They are written as the Agenda gives them and never become
    deadlines. `stage` in the Agenda's words; `exported`: the day on which the edition's file was made.
    """

    rin: str  # "1121-AA12"
    agency: str
    acronym: str = ""
    stage: str
    steps: tuple[PlannedStep, ...] = ()
    edition: str  # "202604"
    exported: date | None = None

    @property
    def thread(self) -> str:
        return f"rule:{self.rin}"

    @property
    def edition_name(self) -> str:
        """`Spring 2026 agenda`."""
        return f"{_SEASONS.get(self.edition[4:], '')} {self.edition[:4]} agenda".strip()

    @property
    def next_step(self) -> PlannedStep | None:
        """The first step without a date, or dated in the month of the export or later."""
        since = f"{self.exported:%Y-%m}" if self.exported else f"{self.edition[:4]}-{self.edition[4:]}"
        ahead = [step for step in self.steps if not step.month or step.month >= since]
        return min(ahead, key=lambda step: step.month or "9999", default=None)

    @property
    def plan(self) -> str:
        """`NPRM planned for 2026-04 by OVC, RIN 1121-AA12, per the Spring 2026 agenda`."""
        step = self.next_step
        by = f" by {self.acronym or self.agency}"
        if step is None:
            what = f"{self.stage}, no step ahead listed{by}"
        elif not step.month:
            what = f"{step.action} planned{by}, no date given"
        else:
            what = f"{step.action} planned for {step.when}{by}"
        return f"{what}, RIN {self.rin}, per the {self.edition_name}"

    def late(self, today: date) -> bool:
        """Whether the month of the next step has passed."""
        step = self.next_step
        return step is not None and bool(step.month) and step.month < f"{today:%Y-%m}"


# `Entry.type` of a grant announcement.
FORECAST: Final = "Forecast"  # when an announcement is expected
POSTED: Final = "Posted"
CHANGED: Final = "Changed"  # its closing date, or what it asks for

# `Entry.type` of a rule at the White House's Office of Management and Budget.
UNDER_REVIEW: Final = "Under review at OMB"
REVIEW_CONCLUDED: Final = "Review at OMB concluded"
REVIEW_TAKES: Final = timedelta(days=90)  # E.O. 12866, section 6(b)(2)(B); (C) allows 30 more

# Characters. In the Register's recorded weeks a title has 468 at most, an abstract 2,487.
_LONGEST: Final = {"title": 2_000, "summary": 10_000, "action": 2_000, "dates_text": 10_000, "bill_title": 2_000}
HEADLINE_WITHHELD: Final = "Headline withheld"  # all that is shown of an item that may name a minor or someone harmed


class Kind(StrEnum):
    """What an entry is; watches and routes may be limited to some kinds."""

    DOCUMENT = "document"  # a Federal Register document, on public inspection or published
    BILL = "bill"  # one action on a bill, or (when judging by hand) a bill itself
    NEWS = "news"  # an item of a feed: an agency newsroom, a member's site, the press
    GRANT = "grant"  # an announcement of federal money: forecast, posted or changed
    REVISION = "revision"  # a change of a web page that has no feed
    HEARING = "hearing"  # a committee's hearing or markup as announced, or a change of it
    PLANNED_RULE = "planned-rule"  # a rule that an agency plans, as the Unified Agenda lists it, or that is at OMB
    STATE_BILL = "state-bill"  # a step of a bill in a state's legislature
    NOMINATION = "nomination"  # a step of a nomination before the Senate
    COURT = "court"  # an opinion, or a document filed in a case
    RECORD = "record"  # words printed in the Congressional Record, or in a committee's report
    LISTING = "listing"  # what looks like news and brings none: a list of others, a bill tracker, an encyclopedia


class Stage(StrEnum):
    """The stage of a Register document. A filing and its publication are one entry in two stages."""

    FILED = "filed"
    PUBLISHED = "published"


class Change(StrEnum):
    """What an entry does to an earlier one, which makes it a follow-up in the earlier one's thread."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    EXTENSION = "extension"
    REOPENING = "reopening"
    RESCHEDULING = "rescheduling"  # of the last day for comments: an earlier one, or the end of an extension
    UPDATE = "update"  # of a hearing: moved, canceled, in another room, with another agenda


MOVES_COMMENTS: Final = (Change.EXTENSION, Change.REOPENING, Change.RESCHEDULING)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as the Register names it. `slug` is None where the API knows no such agency."""

    name: str
    slug: str | None = None
    parent: str | None = None  # slug of the department it belongs to


@dataclass(frozen=True, slots=True)
class Named:
    """An entity of coalition.yml that an entry names, and on what evidence.

    `words` as the entry has them, "" where it is known by its site alone; `near`: the words near them that settle a
    short name; `own`: the entry is on the entity's own site; `quoted`: it speaks there, and is not only named.
    """

    entity: str
    kind: str  # of the entity: "coalition", "member", "bill", "opponent", "person"
    words: str
    near: tuple[str, ...] = ()
    own: bool = False
    quoted: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """What a watch may ask for after `names:` to get it."""
        return self.entity, self.kind, "any", *(["quoted"] if self.quoted else []), *(["own"] if self.own else [])


class Difference(StrEnum):
    """How a quoted text compares with the one before it: last year's announcement, the page at the last look."""

    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or line of the text itself, word for word. `page` counts from 1, None where the text has no pages.

    `place`: who says it and where, in the source's own terms: "Mr. DURBIN, page S4241", "at 1:02:03".
    """

    text: str
    page: int | None = None
    difference: Difference | None = None  # None: it stood there before, or nothing was compared
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One published thing.

    `identity` holds every key by which the same thing may come again (``fr:2021-06393``, ``url:example.org/a``,
    ``guid:<source>:<guid>``); the first is the principal one. `thread` is what follow-ups hang on
    (``fr:2021-06393``, ``bill:hr1234-119``). `references` name what an amending document may belong to
    (``fr:…``, ``docket:USCG-2026-0041``, ``rin:1615-AC12``).

    None in `agencies`, `type`, `summary` means "the source did not say", which is not the same as "none".
    """

    source: str
    kind: Kind
    identity: tuple[str, ...]
    thread: str
    title: str
    url: str = ""
    summary: str | None = None
    published: datetime | None = None  # an instant, UTC; None when the source gives none
    publication_date: date | None = None  # a bare date of the Register or of an action, as printed
    stage: Stage = Stage.PUBLISHED
    agencies: tuple[Agency, ...] | None = None
    type: str | None = None  # "Notice", "Proposed Rule", "Notice of finding" …
    action: str | None = None  # the document's own ACTION line
    dates_text: str | None = None  # the document's own DATES section
    comments_close_on: date | None = None
    comments_hour: str = ""  # of that day, as the document has it: "5:00 p.m. ET"
    comments_worded: bool = False  # the day is from the document's own words: the record's field is empty or old
    new_days: tuple[tuple[date, str], ...] = ()  # of one that extends several periods: each with its sentence
    closes_on: date | None = None  # the last day to apply for a grant
    effective_on: date | None = None
    change: Change | None = None
    number: str | None = None  # Federal Register document number
    citation: str | None = None  # of the published document: "91 FR 12345"
    dockets: tuple[str, ...] | None = None
    references: tuple[str, ...] = ()
    bill: str | None = None  # "hr1234-119"
    bill_title: str | None = None
    subjects: tuple[str, ...] = ()  # of a bill, as the Library of Congress names them, days or weeks after it came
    speaks_for: tuple[str, ...] = ()  # tracked bills with the same text; its steps are posted as theirs
    bills: tuple[str, ...] = ()  # of a hearing: those on its agenda, or those that a change of it adds or takes off
    hearing: Hearing | None = None  # as it stood when this was read
    rule: PlannedRule | None = None  # the plan, of a planned rule
    outlet: str | None = None  # for news: who published it
    author: str = field(default="", compare=False)  # as its source says it: handed on to the press, not kept here
    text: str = field(default="", compare=False)  # all of a summary that may not be kept: matched, and forgotten
    passages: tuple[Quote, ...] = field(default=(), compare=False)  # a long text: those that match become its quotes
    pdf_url: str | None = None
    as_of: datetime | None = None  # when the source itself last updated the record
    names: tuple[Named, ...] = ()  # for news: the entities of coalition.yml that it names
    quotes: tuple[Quote, ...] = ()  # from its text, what counts most first
    notes: tuple[str, ...] = ()  # sentences of ours on how it was read: shown, never matched
    withheld: str = ""  # the title as published, where it may name a minor or someone harmed: matched, never shown

    def __post_init__(self) -> None:
        """Cut what is longer than any source's real texts: nothing but the size of an answer limits some of them."""
        for name, longest in _LONGEST.items():
            if text := getattr(self, name):
                object.__setattr__(self, name, cut(text, longest))

    @property
    def link(self) -> str:
        """Where it can be read; nothing while its headline is withheld, for an address often has the headline in it."""
        return "" if self.withheld else self.url

    def after(self, *before: Entry) -> Entry:
        """Return this entry with earlier versions' words, too: an update may leave a name out of what happened."""
        words = (*(words for each in before for words in (each.title, each.summary)), self.text or self.summary)
        return replace(self, text="\n".join(dict.fromkeys(filter(None, words))))

    def withhold(self) -> Entry:
        """Return this entry without anything that may name a minor or someone harmed: source and day are left.

        The summary is matched once and not stored. The address is stored, to know the item again; `link` hides it.
        """
        return replace(
            self,
            outlet=None,
            title=HEADLINE_WITHHELD,
            withheld=self.withheld or self.title or HEADLINE_WITHHELD,
            summary=None,
            text=self.text or self.summary or "",
            quotes=(),
            passages=(),
            pdf_url=None,
        )

    @property
    def agency(self) -> Agency | None:
        """The most specific agency: the first that is no other's parent."""
        if not self.agencies:
            return None
        parents = {a.parent for a in self.agencies}
        return next((a for a in self.agencies if a.slug is None or a.slug not in parents), self.agencies[0])


_FIRST_YEAR_WITHOUT_REUSE: Final = 2016  # numbers of earlier years were sometimes given twice
_NUMBER = re.compile(r"(?P<head>(?:[A-Z]\d+-)?(?P<year>\d{4}))-(?P<serial>\d+)")
# Repeats are bounded: a label of nothing but hyphens must not take quadratic time.
_REGULATIONS_GOV_DOCKET = re.compile(r"\b[A-Z][A-Z0-9_]*(?:-[A-Z0-9]+){0,5}-\d{4}-(?:[A-Z]+-)?\d{3,5}\b")


def document_key(number: str, publication_date: date | None) -> str:
    """The principal identity: ``fr:2012-07333:2012``, ``fr:2021-06393``, ``fr:C1-2025-22565``.

    Public inspection and publication may pad the serial differently, so it always has five digits here. Before 2016
    numbers were reused, so there the year of publication belongs to the key.
    """
    parsed = _NUMBER.fullmatch(number)
    padded = f"{parsed['head']}-{parsed['serial']:0>5}" if parsed else number
    reused = parsed is None or int(parsed["year"]) < _FIRST_YEAR_WITHOUT_REUSE
    return f"fr:{padded}:{publication_date.year}" if reused and publication_date else f"fr:{padded}"


def regulations_gov_dockets(texts: Iterable[str]) -> list[str]:
    """The docket ids of regulations.gov in these texts. Agencies list labels of their own first: "CIS No. 2716-26"."""
    folded = (text.upper() for text in texts)
    return [id_ for text in folded if "_FRDOC_" not in text for id_ in _REGULATIONS_GOV_DOCKET.findall(text)]
