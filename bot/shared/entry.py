"""Entry: one thing that a source published, in the words every room shares.

Adapters make entries, the watch room judges them, the alerts room says them. All text in an entry is untrusted
plain text: markup is gone (the adapter's work), but names, links and sentences are whatever a stranger wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.shared.hearing import Hearing
from bot.shared.planned_rule import PlannedRule

# `Entry.type` of a grant announcement.
FORECAST: Final = "Forecast"  # when an announcement is expected
POSTED: Final = "Posted"
CHANGED: Final = "Changed"  # its closing date, or what it asks for

HEADLINE_WITHHELD: Final = "Headline withheld"  # all that is shown of an item that may name a minor or someone harmed


class Kind(StrEnum):
    """What an entry is; watches and routes may be limited to some kinds."""

    DOCUMENT = "document"  # a Federal Register document, on public inspection or published
    BILL = "bill"  # one action on a bill, or (when judging by hand) a bill itself
    NEWS = "news"  # an item of a feed: an agency newsroom, a member's site, the press
    GRANT = "grant"  # an announcement of federal money: forecast, posted or changed
    REVISION = "revision"  # a change of a web page that has no feed
    HEARING = "hearing"  # a committee's hearing or markup as announced, or a change of it
    PLANNED_RULE = "planned-rule"  # a rule that an agency plans, as the Unified Agenda lists it
    STATE_BILL = "state-bill"  # a step of a bill in a state's legislature
    COURT = "court"  # an opinion, or a document filed in a case
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
    UPDATE = "update"  # of a hearing: moved, canceled, in another room, with another agenda


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
    """A sentence or line of the text itself, word for word. `page` counts from 1, None where the text has no pages."""

    text: str
    page: int | None = None
    difference: Difference | None = None  # None: it stood there before, or nothing was compared


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
    speaks_for: tuple[str, ...] = ()  # followed bills with this one's text: what it does, they hear of
    bills: tuple[str, ...] = ()  # of a hearing: those on its agenda, or those that a change of it adds or takes off
    hearing: Hearing | None = None  # as it stood when this was read
    rule: PlannedRule | None = None  # the plan, of a planned rule
    outlet: str | None = None  # for news: who published it
    author: str = field(default="", compare=False)  # as its source says it: handed on to the press, not kept here
    text: str = field(default="", compare=False)  # all of a summary that may not be kept: matched, and forgotten
    pdf_url: str | None = None
    as_of: datetime | None = None  # when the source itself last updated the record
    names: tuple[Named, ...] = ()  # for news: the entities of coalition.yml that it names
    quotes: tuple[Quote, ...] = ()  # from its text, what counts most first
    notes: tuple[str, ...] = ()  # sentences of ours on how it was read: shown, never matched
    withheld: str = ""  # the title as published, where it may name a minor or someone harmed: matched, never shown

    @property
    def link(self) -> str:
        """Where it can be read; nothing while its headline is withheld, for an address often has the headline in it."""
        return "" if self.withheld else self.url

    def withhold(self) -> Entry:
        """Return this entry without anything that may name a minor or someone harmed: outlet and day are left.

        The summary is matched once and not stored. The address is stored, to know the item again; `link` hides it.
        """
        return replace(
            self,
            title=HEADLINE_WITHHELD,
            withheld=self.withheld or self.title or HEADLINE_WITHHELD,
            summary=None,
            text=self.text or self.summary or "",
            quotes=(),
            pdf_url=None,
        )

    @property
    def agency(self) -> Agency | None:
        """The most specific agency: the first that is no other's parent."""
        if not self.agencies:
            return None
        parents = {a.parent for a in self.agencies}
        return next((a for a in self.agencies if a.slug is None or a.slug not in parents), self.agencies[0])
