"""Mention and story: one published item about us or an ask, and all items that report the same event. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from bot.shared.entry import HEADLINE_WITHHELD, Named


class Weight(StrEnum):
    """What a press contact does with a mention: act now, or log it. Noise is not a mention."""

    ACT = "act"
    LOG = "log"


class Tone(StrEnum):
    """A story's tone toward the coalition's position, not toward a member. A person sets it; unclear is a value."""

    SUPPORT = "support"
    NEUTRAL = "neutral"
    CRITICAL = "critical"
    UNCLEAR = "unclear"


class NoteKind(StrEnum):
    FOLLOW_UP = "follow-up"
    CORRECTION = "correction"  # requested, or should be


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One published item. Stored text: the first and the latest title, and at most 60 words.

    `at`: when it was published according to its source, otherwise when first seen; `published` is None in that case.
    `withheld`: its headline as published if it may name a minor or someone harmed; `title` and `latest` are then
    `HEADLINE_WITHHELD`, and `excerpt` is left out. `credit`: the origin that its text names ("AP"). `first_party`:
    an organization's own words. `reporter` as its source gives it, "" if it does not.
    """

    id: str
    story: str
    entry: str | None
    key: str
    url: str
    outlet: str
    title: str
    latest: str
    excerpt: str
    published: datetime | None
    at: datetime
    seen_at: datetime
    source: str
    names: tuple[Named, ...]
    asks: tuple[int, ...]
    weight: Weight
    why: tuple[str, ...]
    quoted: tuple[str, ...] = ()  # entities that are quoted, not only named
    credit: str = ""
    reporter: str = ""
    first_party: bool = False
    withheld: str = ""
    added_by: str | None = None  # the person who added its address

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(name.entity for name in self.names)

    @property
    def headline(self) -> str:
        """Return its newest headline as it was published."""
        return self.withheld or self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A story that a person saved as a clip."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to do about a story. `due`: a day in the coalition's zone."""

    id: str
    kind: NoteKind
    text: str
    by: str
    at: datetime
    due: date | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The mentions of one story, the original first, and what people did with it.

    `asks_set`, `tone`, `spokesperson`, `reporter` are set by people and None until then. Times are UTC.
    """

    id: str
    number: int
    mentions: tuple[Mention, ...]
    opened_at: datetime
    thread: str = ""  # in which its entries are posted
    delivery: str | None = None  # that is its card
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    clip: Clip | None = None
    muted_at: datetime | None = None
    released_by: str | None = None  # who released a withheld name
    asks_set: tuple[int, ...] | None = None
    tone: Tone | None = None
    spokesperson: str | None = None
    reporter: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def label(self) -> str:
        """The number that people use: `S-12`."""
        return f"S-{self.number}"

    @property
    def event(self) -> str:
        """What the stories of one event share: the thread of the bill whose step they report."""
        return self.thread or self.id

    @property
    def original(self) -> Mention:
        return self.mentions[0]

    @property
    def at(self) -> datetime:
        """When it was first published, as far as we know: a copy may be dated before the agency it credits."""
        settled = [each for each in self.mentions if not _is_late(each, self.clip)]
        return min(each.at for each in settled or self.mentions)

    @property
    def title(self) -> str:
        """The original's newest headline; `HEADLINE_WITHHELD` until a press person releases it."""
        return HEADLINE_WITHHELD if self.withheld else self.original.headline

    @property
    def link(self) -> str:
        """The original's address, "" while it is withheld, because an address often contains the headline."""
        return "" if self.withheld else self.original.url

    @property
    def excerpt(self) -> str:
        return "" if self.withheld else self.original.excerpt

    @property
    def teller(self) -> str:
        """The original's outlet, with the agency that it or a copy credits: `Herald (AP)`."""
        outlet = self.original.outlet
        credit = next((mention.credit for mention in self.mentions if mention.credit), outlet)
        return outlet if credit.casefold() == outlet.casefold() else f"{outlet} ({credit})"

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets, each once, the original's first."""
        return tuple(dict.fromkeys(mention.outlet for mention in self.mentions))

    @property
    def covering(self) -> tuple[str, ...]:
        """The outlets without the organizations and offices whose own releases are in it."""
        return tuple(dict.fromkeys(mention.outlet for mention in self.mentions if not mention.first_party))

    @property
    def copies(self) -> int:
        return len(self.mentions) - 1

    @property
    def weight(self) -> Weight:
        return Weight.ACT if any(mention.weight is Weight.ACT for mention in self.mentions) else Weight.LOG

    @property
    def asks(self) -> tuple[int, ...]:
        judged = {ask for mention in self.mentions for ask in mention.asks}
        return tuple(sorted(judged)) if self.asks_set is None else self.asks_set

    @property
    def names(self) -> tuple[Named, ...]:
        """The named entities, each once, on its first evidence."""
        return tuple({name.entity: name for m in reversed(self.mentions) for name in reversed(m.names)}.values())[::-1]

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(name.entity for name in self.names)

    @property
    def quoted(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entity for mention in self.mentions for entity in mention.quoted))

    @property
    def withheld(self) -> bool:
        """Whether a mention may name a minor or someone harmed and is unreleased: then only source and day are
        shown.
        """
        return self.released_by is None and any(mention.withheld for mention in self.mentions)

    def day(self, zone: tzinfo) -> date:
        return self.at.astimezone(zone).date()


def in_order(mentions: Sequence[Mention], clip: Clip | None) -> tuple[Mention, ...]:
    """Sort the mentions: the original first (the agency that copies credit, otherwise the earliest), then by time.

    What was first seen after the story was clipped comes last: a copy dates and names itself, and a clip stays what the
    person saw.
    """
    timed = sorted(mentions, key=lambda each: (_is_late(each, clip), each.at, each.seen_at, each.id))
    credited = {mention.credit.casefold() for mention in timed if mention.credit}
    origin = next((each for each in timed if each.outlet.casefold() in credited and not _is_late(each, clip)), None)
    return tuple(sorted(timed, key=lambda mention: mention is not origin)) if origin else tuple(timed)


def _is_late(mention: Mention, clip: Clip | None) -> bool:
    return clip is not None and mention.seen_at > clip.at
