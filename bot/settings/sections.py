"""The parts of coalition.yml and feeds.yml that administrators change in chat, and the fields of their forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.commands.model import Choice, Kind, Param
from bot.settings.changes import ASK, CHANNEL, MEMBER, OFFICE, VALUES
from bot.shared.platforms import BLIND, EXAMPLES

_PLACES: Final = f"{EXAMPLES[0]}, {EXAMPLES[1]}; {', '.join(sorted(BLIND))} or console:NAME"
_LONGEST: Final = 3_000  # characters of a text: what a form of Slack takes


class Shape(Enum):
    """How a field's text is read as a value of the file."""

    TEXT = auto()
    NUMBER = auto()
    LINES = auto()  # a list, one item a line
    LIST = auto()  # a list, separated by commas
    NUMBERS = auto()  # a list of numbers: "4, 8"
    HOUR = auto()  # a time of day: "8:30 a.m."
    HOURS = auto()  # two of them: "8 p.m. to 7 a.m."
    YES_NO = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `path`: the keys that lead to its value in the section. `needed`: the form insists on it.

    `free`: it takes text in which someone may write about a person.
    """

    param: Param
    label: str
    path: tuple[str, ...]
    shape: Shape = Shape.TEXT
    needed: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of setting. `what`: as people type it; `kind`: that of its changes.

    `named`: there are several, by name or number; with a `key`, they are a list at the top of the file, which changes
    as a whole. `inside`: the key of the part that it is of a named section.
    """

    what: str
    title: str
    one: str  # "an ask"
    fields: tuple[Field, ...]
    kind: str = VALUES
    named: bool = True
    key: str = ""
    inside: str = ""
    removable: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the values at the top of a file that a section without items changes."""
        return tuple(dict.fromkeys(field.path[0] for field in self.fields))

    def key_of(self, name: str) -> tuple[str, str]:
        """Return the kind and the name under which a change of the item is stored."""
        return (VALUES, self.key or self.what) if self.kind == VALUES else (self.kind, name)

    def item(self, name: str) -> str:
        """Return the item as people call it: "ask 3", "the letterhead"."""
        return f"{self.what} {name}" if self.named else self.one

    @property
    def example(self) -> str:
        """A field of the section as an example."""
        return next(f'{field.param.name}:"…"' for field in self.fields if field.shape is Shape.TEXT)


def _field(
    name: str,
    help_: str,
    *path: str,
    shape: Shape = Shape.TEXT,
    choices: tuple[str, ...] = (),
    label: str = "",
    needed: bool = False,
    free: bool = False,
) -> Field:
    kinds = {Shape.LINES: Kind.LONG, Shape.NUMBER: Kind.NUMBER, Shape.YES_NO: Kind.YES_NO}
    param = Param(
        name,
        help_,
        kind=kinds.get(shape, Kind.TEXT),
        required=False,
        choices=tuple(Choice(value, value) for value in choices),
        longest=_LONGEST,
        clears=True,
    )
    return Field(param, label or param.label, path or (name,), shape, needed, free)


def _long(name: str, help_: str, *path: str) -> Field:
    param = Param(name, help_, kind=Kind.LONG, required=False, longest=_LONGEST, clears=True)
    return Field(param, param.label, path or (name,), free=True)


_ALL: Final = (
    Section(
        what="coalition",
        title="The coalition",
        one="the coalition's names and zone",
        named=False,
        removable=False,
        fields=(
            _field("name", "the coalition's full name", needed=True),
            _field("short", "its short name", needed=True),
            _field("contact", "an email address or page, sent to the sites the bot reads", needed=True),
            _field("zone", "the time zone of every time shown, such as America/New_York", label="Time zone"),
            _long("about", "who the coalition is, in a paragraph; letters and press releases end with it"),
            _field(
                "speakers",
                "people who speak in public about what happened to them, one a line; news may name them",
                shape=Shape.LINES,
                label="Public speakers",
            ),
        ),
    ),
    Section(
        what="letterhead",
        title="The letterhead and who signs",
        one="the letterhead",
        named=False,
        removable=False,
        fields=(
            _field("address", "the postal address, line by line", shape=Shape.LINES),
            _field("phone", "the telephone number"),
            _field("site", "the coalition's website, such as example.org", label="Website"),
            _field("signer", "who signs letters; empty: only the coalition's name", "signer", "name"),
            _field("signer-title", "the signer's title, such as Director", "signer", "title"),
        ),
    ),
    Section(
        what="ask",
        title="Asks",
        one="an ask",
        kind=ASK,
        fields=(
            _field("title", "the ask in a few words, as cards show it", needed=True, free=True),
            _long("text", "the ask in full, in words that a letter may print"),
            _long("because", "why you ask it, in sentences that letters may print, each fact with its source"),
            _long("note", "a note for your own people; never printed"),
        ),
    ),
    Section(
        what="member",
        title="Members",
        one="a member",
        kind=MEMBER,
        fields=(
            _field("full-name", "the organization's full name", "name", needed=True),
            _field("short", "its name, as people see it", label="Short name"),
        ),
    ),
    Section(
        what="channel",
        title="Channels, digests and quiet hours",
        one="a channel",
        kind=CHANNEL,
        fields=(
            _field("to", _PLACES, label="Where it posts", needed=True),
            _field(
                "digest",
                "when its digest is sent; business-days if left out",
                "digest",
                "days",
                choices=("business-days", "monday", "never"),
            ),
            _field("at", "the digest's hour; 8:30 a.m. if unset", "digest", "at", label="Digest at", shape=Shape.HOUR),
            _field(
                "quiet",
                "hours in which only bills becoming law are posted, such as 8 p.m. to 7 a.m.; empty: none",
                shape=Shape.HOURS,
                label="Quiet hours",
            ),
        ),
    ),
    Section(
        what="route",
        title="Routes: what is posted where",
        one="a route",
        key="routes",
        fields=(
            _field("to", "the channel", label="Channel", needed=True),
            _field("asks", "only these asks, such as 4, 8; empty: all", shape=Shape.NUMBERS),
            _field("kinds", "such as document, bill, hearing or news; empty: all", shape=Shape.LIST),
            _field("levels", "only alert or only digest; empty: both", shape=Shape.LIST),
        ),
    ),
    Section(
        what="special-channels",
        title="The admin, safety and press channels",
        one="the admin, safety and press channels",
        named=False,
        removable=False,
        fields=(
            _field("admin", "the channel where problems are reported", label="Admin channel", needed=True),
            _field(
                "safety", "while set, every post goes to this channel, for a test; empty: none", label="Safety channel"
            ),
            _field("press", "the channel for stories and reporters' inquiries; empty: none", label="Press channel"),
        ),
    ),
    Section(
        what="office",
        title="Offices that letters go to",
        one="an office",
        kind=OFFICE,
        fields=(
            _field(
                "full-name", "as it is in a sentence: the Director, Bureau of Justice Assistance", "name", needed=True
            ),
            _field("address", "the address, line by line, as on the envelope", "block", shape=Shape.LINES, needed=True),
            _field("salutation", "such as Dear Director:", needed=True),
            _field("part-of", "the office above it, such as the department's head", "part_of"),
            _field("agencies", "the Federal Register's slugs of the agencies it answers for", shape=Shape.LIST),
            _field("also", "other names for it, such as its acronym", shape=Shape.LIST, label="Also called"),
        ),
    ),
    Section(
        what="holder",
        title="Who holds an office",
        one="an office's holder",
        kind=OFFICE,
        inside="holder",
        fields=(
            _field("full-name", "as on the envelope: Jane Q. Doe, Jr.", "holder", "name", needed=True),
            _field("surname", "such as Doe", "holder", "surname", needed=True),
            _field("source", "the page that says so, such as example.gov/about", "holder", "source", needed=True),
            _field(
                "form",
                "head: confirmed by the Senate; official: not; secretary; attorney-general",
                "holder",
                "form",
                choices=("head", "official", "secretary", "attorney-general"),
                label="Form of address",
            ),
            _field("acting", "yes: acting in the office", "holder", "acting", shape=Shape.YES_NO),
            _field(
                "as-of",
                "the day the page said so, such as 2027-01-20; today if left out",
                "holder",
                "as_of",
                label="As of",
            ),
            _field("gender", "M or F, only as the source says it", "holder", "gender", choices=("M", "F")),
        ),
    ),
    Section(
        what="spokesperson",
        title="Spokespeople",
        one="a spokesperson",
        key="spokespeople",
        fields=(
            _field("person", "who answers the press, as in /people list", "name", needed=True),
            _field("backup", "who is asked if that person does not answer; empty: no one"),
            _field("asks", "the asks they speak on, such as 4, 8; empty: any", shape=Shape.NUMBERS),
            _field("members", "the members they speak for, by id; empty: the coalition as a whole", shape=Shape.LIST),
        ),
    ),
    Section(
        what="press-contact",
        title="The press contact",
        one="the press contact",
        named=False,
        fields=(
            _field("name", "the person reporters call", "media_contact", "name", needed=True),
            _field("phone", "the telephone number", "media_contact", "phone"),
            _field("email", "the email address", "media_contact", "email", label="Email"),
        ),
    ),
    Section(
        what="letters",
        title="Letters: approval and sign-on",
        one="how letters are approved and signed",
        named=False,
        removable=False,
        fields=(
            _field("approvals", "how many approvers a letter needs", "letters", "approvals", shape=Shape.NUMBER),
            _field(
                "channel",
                "the channel where sign-ons are announced; empty: none",
                "letters",
                "channel",
                label="Sign-on channel",
            ),
            _field(
                "drafts",
                "where drafts are posted: private channels only, or anywhere",
                "letters",
                "drafts",
                choices=("private", "anywhere"),
            ),
            _field(
                "bill-records",
                "how old a pending bill's record may be, such as 14d",
                "letters",
                "bill_records_good_for",
            ),
            _field(
                "follow-up",
                "business days until an unanswered letter is followed up",
                "letters",
                "follow_up",
                shape=Shape.NUMBER,
            ),
        ),
    ),
)
SECTIONS: Final = {section.what: section for section in _ALL}
