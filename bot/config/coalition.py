"""coalition.yml: who we are, what we ask, and what is known of the law."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from bot.config import catalog
from bot.config.media import Entity, MediaConfig, PersonalDetails, Spokesperson
from bot.shared.calendar import day_in_words
from bot.shared.values import AccountName, Address, BillId, Color, Duration, Id, MailAddress, Period, Section, Zone

LEAST: Final = 4.5  # contrast of text with its ground
_STEPS: Final = 50
# Domains reserved for examples (RFC 2606), fictional telephone numbers, and words in brackets.
_PLACEHOLDER: Final = re.compile(
    r"[\w.+-]{0,64}@?\bexample\.(?:org|com|net|edu)\b|\b[\w.-]{1,64}\.example\b"
    r"|(?:\(?\d{3}\)?[-. ]?)?\b555[-. ]\d{4}\b|\[[^\[\]\n]{1,80}\]",
    re.IGNORECASE,
)


def contrast(one: str, other: str) -> float:
    """From 1 for the same color to 21 for black on white."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def legible(color: str, ground: str) -> str:
    """The color, as dark or as light as text on this ground needs."""
    parts, end = bytes.fromhex(color[1:]), 0 if contrast(ground, "#000000") > contrast(ground, "#ffffff") else 255
    tries = (bytes(round(part + (end - part) * step / _STEPS) for part in parts) for step in range(_STEPS + 1))
    return next(shown for each in tries if contrast(shown := f"#{each.hex()}", ground) >= LEAST)


def _luminance(color: str) -> float:
    shares = (part / 255 for part in bytes.fromhex(color[1:]))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def placeholder(text: str) -> str:
    """Return the first placeholder in a text, such as `campaign@example.org` or `[Street address]`; "" for none."""
    match = _PLACEHOLDER.search(text)
    return match[0] if match else ""


class Ask(Section):
    """One numbered policy ask."""

    name: Id | None = Field(default=None, description="the name that letter templates use; it outlives a new number")
    title: str = Field(description="the ask in a few words, as cards show it")
    text: str = Field(default="", description="the ask in full, in words that a letter may print")
    because: str = Field(default="", description="why you ask it, in sentences that letters may print")
    note: str = Field(default="", description="a note for your own people; never printed")

    @property
    def learning_text(self) -> str:
        """What /learn start starts from."""
        return f"{self.title}. {self.text}"


class Member(Section):
    """A member organization."""

    name: str = Field(description="the organization's full name")
    short: str = Field(default="", description="its name, as people see it")
    legal_name: str = Field(
        default="", description="the legal name under which it signs letters; its full name if left out"
    )

    @property
    def signs_as(self) -> str:
        return self.legal_name or self.name


class Signer(Section):
    """The person who signs letters for the coalition."""

    name: str = Field(min_length=1, description='as it is printed under "Sincerely,"')
    title: str = Field(default="", description='e.g. "Director"')


class MediaContact(Section):
    """The contact for reporters, as press releases print it."""

    name: str = Field(min_length=1, description="the person reporters call")
    phone: str = Field(default="", description="the telephone number")
    email: str = Field(default="", description="the email address")


class Holder(Section):
    """Who holds an office, from a source and as of a day: holders change, and a letter must not get one wrong."""

    name: str = Field(description='the full name, as on the envelope, e.g. "Jane Q. Doe, Jr."')
    surname: str = Field(description='e.g. "Doe"')
    form: Id = Field(
        default="head",
        description="`head` if confirmed by the Senate, `official` if not, `secretary`, `attorney-general`",
    )
    gender: Literal["M", "F"] | None = Field(
        default=None, description="Mr. or Madam before a title, only as the source states it"
    )
    acting: bool = Field(default=False, description="whether the person holds the office as acting official")
    source: Address = Field(min_length=1, description="the page or document that states it")
    as_of: date = Field(description="the day on which the source stated it")


class Office(Section):
    """An office that letters go to. A holder's name needs a source and date; otherwise letters name only the office."""

    name: str = Field(description='the name as in a sentence, e.g. "the Director, Bureau of Justice Assistance"')
    also: tuple[str, ...] = Field(default=(), description="other names for it or its department, one a line, e.g. USDA")
    block: tuple[str, ...] = Field(description="the lines of the address, as on the envelope")
    email: MailAddress = Field(
        default="", description="an address that it lists for letters; a person may mail a locked letter there"
    )
    salutation: str = Field(description='e.g. "Dear Director:"')
    holder: Holder | None = Field(default=None, description="who holds it; left out: letters address only the office")
    part_of: Id | None = Field(default=None, description="the office above it, such as the department's head")
    agencies: tuple[Id, ...] = Field(
        default=(),
        description="the Federal Register slugs of the agencies whose publications a letter to this office answers",
    )


class OfficeGroup(Section):
    """Several offices that get one joint letter."""

    name: str = Field(description='the name people search for, e.g. "Justice and Homeland Security, jointly"')
    offices: Annotated[tuple[Id, ...], Field(min_length=2)] = Field(description="their names under `offices:`")


class FamilyBill(Section):
    """One bill of a family, in one Congress."""

    id: BillId = Field(description='the bill, e.g. "hr1234-119"')
    title: str = Field(default="", description="its title in that Congress")
    became: str = Field(default="", description='its outcome, e.g. "Public Law 119-99, on January 23, 2026"')
    follow: bool = Field(default=False, description="true: the bot reads its record")
    source: str = Field(default="", description="the page or document that states it")


class Family(Section):
    """One policy's bills across Congresses. Official related-bill data never crosses a Congress: this list does."""

    name: str = Field(description="what the coalition calls it")
    known_as: str = Field(default="", description='the number the coalition uses, e.g. "S.567 (116th)"')
    official_title: str = Field(
        default="", description="the long title, which stays the same when a bill is reintroduced"
    )
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves")
    bills: tuple[FamilyBill, ...] = Field(description="oldest first")


class Authority(Section):
    """What a law or a published source says, as letters may state it. Letters never state an unconfirmed one."""

    citation: str = Field(description='printed after the sentence, e.g. "6 U.S.C. 645"')
    says: str = Field(description="what it says, in a sentence that letters may use")
    source: Address = Field(default="", description="its official address; if a copy was read, `note` names the copy")
    of: date | None = Field(
        default=None,
        description="the last day of the year or period it is about; later, approvers look for a newer one",
    )
    checked_on: date | None = Field(default=None, description="the day someone read it there")
    checked_by: str = Field(default="", description="who read it")
    confirmed: bool = Field(
        default=False, description="true: someone read the text and it says so; letters use only confirmed claims"
    )
    good_for: Duration = Field(
        default=timedelta(days=365), description="how long after `checked_on` letters may use it"
    )
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves")
    note: str = Field(default="", description="mistakes to avoid, what is missing")

    @model_validator(mode="after")
    def _require_proof(self) -> Self:
        if self.confirmed and not (self.source and self.checked_on and self.checked_by):
            raise ValueError("a confirmed claim needs source, checked_on and checked_by")
        return self


class DutyConfig(Section):
    """A statutory duty. `since` and `period` give the due date."""

    statute: str = Field(description='e.g. "6 U.S.C. 645"')
    owed: str = Field(description='what is owed, as the beginning of a sentence: "The report on wages"')
    by: str = Field(description='who owes it, e.g. "the Secretary of Homeland Security"')
    since: date = Field(description="the day from which the period runs; that day does not count")
    period: Period = Field(description='e.g. "180 days", "1 year"')
    source: Address = Field(description="where the duty and its period were read")
    checked_on: date = Field(description="the day someone last checked whether it was met; letters state it")
    confirmed: bool = Field(
        default=False, description="true: someone read the current law; otherwise the date is only likely"
    )
    asks: tuple[int, ...] = Field(default=(), description="the asks it serves; reminders go to their channels")
    note: str = Field(default="", description="what is known about it, and what is missing")


class Letters(Section):
    """How letters are approved and signed."""

    approvals: int = Field(
        default=1, ge=1, le=5, description="how many approvers a letter needs; its author never approves it alone"
    )
    channel: Id | None = Field(
        default=None,
        description="the channel where sign-ons are announced; if left out, only representatives are notified",
    )
    drafts: Literal["private", "anywhere"] = Field(
        default="private",
        description="where a draft is posted under its alert: only in private channels without guests, or anywhere",
    )
    bill_records_good_for: Duration = Field(
        default=timedelta(days=14),
        description="the oldest record of a pending bill that a letter about it may use, such as 14d",
    )
    follow_up: int = Field(
        default=10, ge=1, le=120, description="business days after which a letter without an answer is followed up"
    )


class DirectoryConfig(Section):
    """The source of the directory of Congress, and how long letters may use it."""

    url: Address = Field(
        default="https://unitedstates.github.io/congress-legislators",
        description="the folder with legislators-current.json and the two files of committees",
    )
    good_for: Duration = Field(
        default=timedelta(days=210),
        description="letters are refused if the directory, or the source for an office's holder, is older than this",
    )


class Retention(Section):
    """How long records are kept. Older ones are deleted once a day."""

    published: Annotated[Duration, Field(ge=timedelta(days=400))] = Field(
        default=timedelta(days=400),
        description="entries and their matches, after a source last listed them; at least 400d: old items come back",
    )
    messages: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=400), description="posted messages, after their entries are deleted"
    )
    drafts: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=180),
        description="letters that never left the draft stage, counted from their last change",
    )
    mentions: Annotated[Duration, Field(ge=timedelta(days=90))] = Field(
        default=timedelta(days=1095), description="stories about you: titles, addresses, what you did about them"
    )
    press: Annotated[Duration, Field(ge=timedelta(days=30))] = Field(
        default=timedelta(days=730), description="pitches, notes, embargoes and inquiries; the press list itself stays"
    )
    meetings: Annotated[Duration, Field(ge=timedelta(days=90))] = Field(
        default=timedelta(days=1095), description="meetings with offices; what was promised there stays in the ledger"
    )
    audit: Annotated[Duration, Field(ge=timedelta(days=365))] = Field(
        default=timedelta(days=1095), description="who changed what"
    )


class ScorecardRule(Section):
    """What a grade on the scorecard is. Left out, there is none."""

    items: Literal["votes", "all"] = Field(default="votes", description="what counts: votes, or sponsoring too")
    absence: Literal["nothing", "against"] = Field(
        default="nothing", description="what “present” and “not voting” count as"
    )
    minimum: int = Field(default=5, ge=1, description="a member with fewer items has no grade")


class Coalition(Section):
    """coalition.yml: who we are and what we ask."""

    example: bool = Field(
        default=False, description="true: this is the shipped example; remove the line when the file is yours"
    )
    id: Id = Field(description="a short id; never change it once in use")
    name: str = Field(description="the coalition's full name")
    short: str = Field(description="its short name")
    contact: str = Field(description="an email address or page, sent to the sites the bot reads")
    about: str = Field(
        default="", description="who the coalition is, in a paragraph; letters and press releases end with it"
    )
    address: tuple[str, ...] = Field(default=(), description="the letterhead's address, line by line")
    phone: str = Field(default="", description="the letterhead's telephone number")
    site: Address = Field(default="", description="the coalition's website, for the letterhead")
    accent: Color = Field(
        default="#1f4e8c",
        description="the one color of the public pages; made darker, or lighter in dark, until text in it can be read",
    )
    signer: Signer | None = Field(default=None, description="who signs letters; left out: only the coalition's name")
    media_contact: MediaContact | None = Field(default=None, description="the person reporters call")
    zone: Zone = Field(
        default="America/New_York", description="the time zone of all times shown, such as America/New_York"
    )
    administrators: tuple[AccountName, ...] = Field(
        default=(),
        description="the first administrators, as `slack:TEAM/USER` or `discord:GUILD/USER`; "
        "used at a start only if there is no administrator, so anyone you remove in chat stays removed",
    )
    asks: dict[int, Ask] = Field(description="the numbered policy asks")
    members: dict[Id, Member] = Field(default={}, description="member organizations")
    entities: dict[Id, Entity] = Field(default={}, description="who is looked for in the news, and by which names")
    care: PersonalDetails = Field(
        default=PersonalDetails(), description="words that show that a text may identify a person you serve"
    )
    media: MediaConfig = Field(
        default=MediaConfig(), description="what does not count as a mention, and which stories are withheld"
    )
    spokespeople: tuple[Spokesperson, ...] = Field(
        default=(),
        description="who answers the press; an inquiry goes to the best match, or to the first of equal ones",
    )
    speakers: tuple[str, ...] = Field(
        default=(),
        description="people who speak in public about what happened to them, one a line; stories may name them",
    )
    offices: dict[Id, Office] = Field(
        default={}, description="offices that letters go to; a list may name offices of the catalog"
    )
    office_groups: dict[Id, OfficeGroup] = Field(default={}, description="offices that get one joint letter")
    directory: DirectoryConfig = Field(default=DirectoryConfig(), description="the directory of Congress")
    bills: dict[Id, Family] = Field(default={}, description="bill families")
    scorecard: ScorecardRule | None = Field(default=None, description="your rule for a grade on the scorecard")
    authorities: dict[Id, Authority] = Field(
        default={}, description="what laws and published sources say, as letters may state it"
    )
    duties: dict[Id, DutyConfig] = Field(default={}, description="statutory duties and their clocks")
    letters: Letters = Field(default=Letters(), description="how letters are approved and signed")
    retention: Retention = Field(default=Retention(), description="how long records are kept")

    @model_validator(mode="before")
    @classmethod
    def _members_by_id(cls, raw: Any) -> Any:
        """Fill in the member of an entity whose id is a member's."""
        entities, members = (raw.get(key) for key in ("entities", "members")) if isinstance(raw, dict) else (None, None)
        if not isinstance(entities, dict) or not isinstance(members, dict):
            return raw
        named = {
            id_: {"member": id_} | entity if isinstance(entity, dict) and id_ in members else entity
            for id_, entity in entities.items()
        }
        return raw | {"entities": named}

    @model_validator(mode="after")
    def _ask_names_differ(self) -> Self:
        names = [ask.name for ask in self.asks.values() if ask.name]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f'several asks have the name "{twice[0]}"')
        return self

    def asks_named(self, names: Collection[str]) -> tuple[int, ...]:
        """Return the numbers of the asks with these names."""
        return tuple(number for number, ask in self.asks.items() if ask.name in names)

    @property
    def ours(self) -> frozenset[str]:
        """Return the entities that are the coalition, a member, or a person of a member."""
        return frozenset(
            id_
            for id_, it in self.entities.items()
            if it.kind in ("coalition", "member") or (it.kind == "person" and it.member)
        )

    @property
    def all_offices(self) -> Mapping[str, Office]:
        """Return the offices that letters may go to: those of the file, then the others of the catalog."""
        return {**self.offices, **{id_: office for id_, office in _catalog().items() if id_ not in self.offices}}

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def above(self, office: str) -> tuple[str, ...]:
        """Return the offices above one, the next one first, up to the head of its department."""
        offices, id_ = dict[str, None](), office
        while (each := self.offices.get(id_) or _catalog().get(id_)) and id_ not in offices:
            offices[id_] = None
            id_ = each.part_of or ""
        return tuple(offices)[1:]

    @property
    def reached_at(self) -> tuple[str, ...]:
        """Return the coalition's own contact, address and telephone numbers, as its letters print them."""
        media = self.media_contact
        both = (media.phone, media.email) if media else ()
        return tuple(filter(None, (self.contact, self.phone, *self.address, *both)))

    @property
    def accents(self) -> tuple[str, str]:
        """Return the accent as links and buttons have it: on the light ground, and on the dark one."""
        return legible(self.accent, "#f8f8f6"), legible(self.accent, "#1c1f23")

    @property
    def placeholders(self) -> dict[str, str]:
        """Return the values that letters print and that are still examples, by key."""
        printed = {key: getattr(self, key) for key in ("name", "short", "contact", "about", "address", "phone", "site")}
        printed["address"] = "\n".join(self.address)
        for part in ("signer", "media_contact"):
            printed |= {f"{part}.{key}": value for key, value in getattr(self, part) or ()}
        return {key: found for key, value in printed.items() if (found := placeholder(value))}

    def day(self, now: datetime) -> date:
        """Return the local date of the coalition at `now`."""
        return now.astimezone(self.tz).date()


@cache
def _catalog() -> Mapping[str, Office]:
    return {id_: Office.model_validate(section) for id_, section in catalog.offices().items()}


def dated_ahead(coalition: Coalition, today: date) -> list[tuple[tuple[str, ...], str]]:
    """(place in coalition.yml, finding) for every date of a check that is in the future."""
    holders = {id_: office.holder for id_, office in coalition.offices.items() if office.holder}
    days = [
        *((("authorities", id_, "checked_on"), each.checked_on) for id_, each in coalition.authorities.items()),
        *((("duties", id_, "checked_on"), each.checked_on) for id_, each in coalition.duties.items()),
        *((("offices", id_, "holder", "as_of"), holder.as_of) for id_, holder in holders.items()),
    ]
    what = "is in the future. Write the day of the last check"
    return [(place, f"{day_in_words(day)} {what}") for place, day in days if day and day > today]
