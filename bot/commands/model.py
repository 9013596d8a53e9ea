"""The vocabulary that rooms and faces share: what a person may ask for, and what comes back.

A slash command, a button and a form are three ways to make the same `Call`. A room exports `COMMANDS`; from that one
table come each platform's commands, forms, help, the documentation and the check of who may. A face converts a payload
to a `Call` and a `Reply` to a payload, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.config.load import Config
from bot.shared.card import Button, Card, Line
from bot.shared.search import Words
from bot.store.database import Reader, Transaction


class Role(StrEnum):
    """What a person does in the coalition. A person may have several roles."""

    ADMINISTRATOR = "administrator"
    POLICY = "policy"
    PRESS = "press"
    REPRESENTATIVE = "representative"  # speaks for one member organisation
    APPROVER = "approver"


EVERYONE = frozenset(Role)
STAFF = frozenset({Role.ADMINISTRATOR, Role.POLICY, Role.PRESS, Role.APPROVER})


LARGEST_HANDED: Final = 2_000_000  # bytes of a file that somebody hands over


class Kind(StrEnum):
    """How a parameter is asked for."""

    TEXT = "text"
    LONG = "long text"
    NUMBER = "number"
    YES_NO = "yes or no"
    FILE = "file"  # handed over in a form; as an argument its name, the file itself is in `Call.files`


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the command gets, `label` what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Param:
    """One thing a command needs. `complete` offers values for what was typed so far; it decides nothing."""

    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[Choice, ...] = ()
    complete: Callable[[Context, str], Sequence[Choice]] | None = None
    longest: int = 1_000  # characters
    verbatim: bool = False  # its quotation marks are part of it, as in a watch's query: typed, it needs none around it
    clears: bool = False  # given empty, what is there is taken away; left out, it stays


SURE: Final = "sure"


def confirmation_param(of: str) -> Param:
    """Says yes to what is asked once more: "yes: there is no undo". In no first form: of what is not known yet."""
    return Param(SURE, f"yes: {of}", kind=Kind.YES_NO, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks, as the platform has proved it (`platform`, `team`, `user`) and as our own tables know it (the rest).

    Roles are read when a thing is done, never taken from a payload. `person` is None for a stranger.
    """

    platform: str
    team: str
    user: str
    person: str | None = None
    name: str = ""
    organisation: str | None = None  # a member's id in coalition.yml
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command as it was asked for. `id` is the platform's own name for this request: a repeat has the same."""

    path: str  # "watch add"
    args: Mapping[str, str] = field(default_factory=dict)
    platform: str
    team: str
    user: str
    id: str
    channel: str = ""  # the platform's id of the place it was asked in
    message: str = ""  # the platform's id of the message whose button was pressed
    files: Mapping[str, Handed] = field(default_factory=dict)  # by the parameter they were handed over for


# Fetches a file that somebody handed over, at most `LARGEST_HANDED`. Raises `Refused`.
Handed = Callable[[], Awaitable["File"]]


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter as a form asks for it; `initial` is already filled in, and `shown` is what people read of it."""

    param: Param
    label: str
    initial: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Asks for what a command needs. Sending it makes a call of `path` with the fields and with `args`."""

    title: str
    path: str
    fields: tuple[FormField, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    submit: str = "Save"

    def carried(self, shown: Sequence[FormField]) -> dict[str, str]:
        """What is called with besides what is filled in. A field that is shown filled in and is emptied is given empty,
        where that means something; of the others nobody has said a word. `shown`: those a face has room for.
        """
        emptied = {field.param.name: "" for field in shown if field.initial and field.param.clears}
        return {**emptied, **self.args}


@dataclass(frozen=True, slots=True)
class File:
    """`alt` says what a picture shows, for who cannot see it."""

    name: str
    media_type: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a command answers: a card (with buttons), or a form to fill in first, or a file beside the card.

    Seen by the asker alone unless `public`. `replaces`: it takes the place of the message whose button was pressed.
    """

    card: Card | None = None
    form: Form | None = None
    file: File | None = None
    public: bool = False
    replaces: bool = False


class Refused(Exception):
    """A command cannot be done as asked. The text says what and what to do next; `param` is the field it is about."""

    def __init__(self, what: str, *, param: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.param = param


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """Something that a search found: `name` is what other commands take, `line` says the rest."""

    at: datetime
    name: str
    line: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler works with: one open transaction, the configuration in force, the clock.

    `note` writes down a change for the audit: what it is about, how it was before, how it is after (plain words).
    A command that does not say `changes` gets a transaction that can only read.
    """

    tx: Transaction
    config: Config
    now: datetime
    new_id: Callable[[], str]
    note: Callable[[str, str, str], None]
    actor: Actor
    call: Call
    files: Mapping[str, File] = field(default_factory=dict)  # handed over, by parameter
    fetched: Any = None  # what the command's `fetch` brought
    prepared: Any = None  # what the command's `prepare` found
    commands: tuple[Command, ...] = ()  # what the actor may ask for
    waiting: tuple[TasksOf, ...] = ()  # every room's
    freeing: tuple[ReleaseTasks, ...] = ()  # every room's
    searching: tuple[SearchRoom, ...] = ()  # every room's

    @property
    def zone(self) -> ZoneInfo:
        return self.config.coalition.tz

    @property
    def today(self) -> date:
        """The coalition's day."""
        return self.config.coalition.day(self.now)

    def theirs(self, *buttons: Button) -> tuple[Button, ...]:
        """Those that the asker may press."""
        paths = {command.path for command in self.commands}
        return tuple(button for button in buttons if button.path in paths)


Handler = Callable[[Context, Mapping[str, str]], Reply]
# What waits for a person in a room, most pressing first: of a coalition's id, whoever asks, now.
TasksOf = Callable[[Reader, str, Actor, datetime], list[Line]]
# Lets go, in a room, of what a person (by id) has taken on, for they have left; says what it was.
ReleaseTasks = Callable[[Context, str], list[Line]]

# What a room has with all these words that the asker may open: the newest first, at most so many.
SearchRoom = Callable[[Context, Words, int], list[SearchHit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing a person can ask for.

    `handler` gets the checked arguments as text (a missing optional one is absent) and runs inside one transaction:
    what it wrote is kept when it returns and taken back when it raises. `who`: any of these roles. `fetch` brings what
    the handler needs from the network, `prepare` what takes long to read and reckon, before the transaction is opened:
    nobody else writes while it is open.
    """

    group: str  # "watch": one slash command a room
    verb: str  # "add"
    help: str  # one line
    example: str  # "/watch add query:\"continued presence\" level:alert"
    handler: Handler
    params: tuple[Param, ...] = ()
    who: frozenset[Role] = EVERYONE
    changes: bool = False  # it changes something: it is written into the audit
    fetch: Callable[[Any, Mapping[str, str]], Awaitable[Any]] | None = None
    prepare: Callable[[Context, Mapping[str, str]], Any] | None = None
    hidden: bool = False  # reached by button or form alone, not typed
    button: str = ""  # where people find it as a button, as a sentence: for whoever types it all the same

    @property
    def path(self) -> str:
        return f"{self.group} {self.verb}"
