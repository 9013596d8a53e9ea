"""The command model that rooms and frontends share: calls, commands and replies.

A slash command, a button and a form all make the same `Call`. The platforms' commands, forms, help, documentation and
authorization are derived from the `Command`s that a `Group` takes from beside their handlers. A frontend converts
payloads to `Call` and `Reply` to payloads, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

from bot.config.load import Config
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.errors import Problem
from bot.shared.search import Words
from bot.store.database import Database, Reader, Transaction

if TYPE_CHECKING:
    from types import FunctionType

LINES: Final = 9  # under the head: an answer is ten lines


class Role(StrEnum):
    """What a person does in the coalition. A person may have several roles."""

    ADMINISTRATOR = "administrator"
    POLICY = "policy"
    PRESS = "press"
    REPRESENTATIVE = "representative"  # speaks for one member organisation
    APPROVER = "approver"


EVERYONE = frozenset(Role)
STAFF = frozenset({Role.ADMINISTRATOR, Role.POLICY, Role.PRESS, Role.APPROVER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
EDITORS = frozenset({Role.ADMINISTRATOR, Role.POLICY})
APPROVER = frozenset({Role.APPROVER})
REPRESENTATIVE = frozenset({Role.REPRESENTATIVE})


LARGEST_HANDED: Final = 2_000_000  # bytes of an uploaded file


class Kind(StrEnum):
    """A parameter's type."""

    TEXT = "text"
    LONG = "long text"
    NUMBER = "number"
    YES_NO = "yes or no"
    FILE = "file"  # uploaded in a form; the argument is its name, the file is in `Call.files`


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the command gets, `label` what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Param:
    """A command's parameter. `complete` suggests values for the text typed so far; others are allowed too."""

    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[Choice, ...] = ()
    complete: Callable[[Context, str], Sequence[Choice]] | None = None
    longest: int = 1_000  # characters
    verbatim: bool = False  # quotation marks are part of the value, as in a watch's query
    clears: bool = False  # an empty value deletes the current one; a missing one keeps it
    by_button: bool = False  # the buttons and forms of an answer give it: no other form asks for it
    free: bool = False  # in people's own words: searched for personal details before it is stored
    secret: bool = False  # only its receiver knows it: no link fills it in
    formerly: tuple[str, ...] = ()  # its names in the last version, which are still understood in this one
    # Raises `Refused` for a text that the handler cannot read. The time is now, in the coalition's zone.
    check: Callable[[str, datetime], object] | None = None

    @property
    def words(self) -> str:
        """Its name as a sentence has it: `follow up`."""
        return self.name.replace("-", " ")

    @property
    def label(self) -> str:
        """Its name as a form has it: `Follow up`."""
        return self.words.capitalize().replace("Url", "URL")

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that a form offers."""
        return (Choice("yes", "Yes"), Choice("no", "No")) if self.kind is Kind.YES_NO else self.choices


SURE: Final = "sure"


def confirmation_param(of: str) -> Param:
    """Return the parameter that confirms a question ("yes: there is no undo"). Initial forms leave it out."""
    return Param(SURE, f"yes: {of}", kind=Kind.YES_NO, required=False, by_button=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks: `platform`, `team` and `user` as proved by the platform, the rest from our own tables.

    Roles are read when the command runs, never from a payload. `person` is None for a stranger.
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
    """A requested command. `id`: the platform's id of the request, the same for a repeated delivery."""

    path: str  # "watch add"
    args: Mapping[str, str] = field(default_factory=dict)
    platform: str
    team: str
    user: str
    id: str
    channel: str = ""  # the platform's id of the channel it was asked in
    message: str = ""  # the platform's id of the message whose button was pressed
    files: Mapping[str, Handed] = field(default_factory=dict)  # by parameter


# Downloads an uploaded file of at most `LARGEST_HANDED` bytes. Raises `Refused`.
Handed = Callable[[], Awaitable["File"]]


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter as a form asks for it. `initial`: the prefilled value; `shown`: how people see that value."""

    param: Param
    label: str
    initial: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form. Submitting it makes a call of `path` with its fields and `args`.

    `unsaved`: what its fields show is stored nowhere, so what a frontend has no room to show is sent along.
    """

    title: str
    path: str
    fields: tuple[FormField, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    submit: str = "Save"
    unsaved: bool = False

    def carried(self, shown: Sequence[FormField]) -> dict[str, str]:
        """Return the arguments besides those filled in. A prefilled field that `clears` is empty unless filled in.

        `shown`: the fields that the frontend has room for.
        """
        emptied = {field.param.name: "" for field in shown if field.initial and field.param.clears}
        unseen = {field.param.name: field.initial for field in self.fields if field.initial and field not in shown}
        return {**emptied, **(unseen if self.unsaved else {}), **self.args}


@dataclass(frozen=True, slots=True)
class File:
    """A file. `alt`: a picture's text alternative."""

    name: str
    media_type: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A command's answer: a card, a form to fill in first, or a card with a file.

    Only the asker sees it unless `public`. `replaces`: it replaces the message whose button was pressed. `repeat`: the
    request was done before, and the card says what it did.
    """

    card: Card | None = None
    form: Form | None = None
    file: File | None = None
    public: bool = False
    replaces: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call was not done, and what to do. `param`: the field it is about, "" for the whole.

    `card`: is shown instead of the text. `is_outage`: the store cannot be used now, which a moment may change.
    """

    what: str
    param: str = ""
    card: Card | None = None
    is_outage: bool = False


class Refused(Problem):
    """A command cannot be done."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A search result. `name`: as other commands take it; `line`: its description; `kind`: the list it belongs to."""

    kind: str
    at: datetime
    name: str
    line: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence on what refers to a setting. `forbids`: the setting cannot be removed while it does."""

    text: str
    forbids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a change to the store works with: the open transaction, the configuration, the time, new ids."""

    tx: Transaction
    config: Config
    now: datetime
    new_id: Callable[[], str]

    @property
    def zone(self) -> ZoneInfo:
        return self.config.coalition.tz

    @property
    def local_now(self) -> datetime:
        """The time in the coalition's time zone."""
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        """Today in the coalition's time zone."""
        return self.config.coalition.day(self.now)


@dataclass(frozen=True, slots=True)
class Job:
    """What a step in the background works with. It opens its own transactions."""

    db: Database
    config: Config
    now: datetime
    new_id: Callable[[], str]

    @contextmanager
    def write(self) -> Iterator[Work]:
        """Open a transaction; it is committed at the end, and rolled back if the step raises."""
        with self.db.write() as tx:
            yield Work(tx=tx, config=self.config, now=self.now, new_id=self.new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What every room adds to the answers of shared commands. `story_lines`: the news room's."""

    waiting: tuple[TasksOf, ...] = ()
    freeing: tuple[ReleaseTasks, ...] = ()
    searching: tuple[SearchRoom, ...] = ()
    referring: tuple[FindReferences, ...] = ()
    story_lines: StoryLines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Work):
    """What a handler works with, besides the transaction: who asks, how, and what was fetched for it.

    `note(subject, before, after)` adds an audit entry. A command without `changes` gets a read-only transaction.
    """

    note: Callable[[str, str, str], None]
    actor: Actor
    call: Call
    files: Mapping[str, File] = field(default_factory=dict)  # uploaded, by parameter
    fetched: Any = None  # what the command's `fetch` returned
    prepared: Any = None  # what the command's `prepare` returned
    commands: tuple[Command, ...] = ()  # the commands the actor may use
    rooms: Rooms = Rooms()

    @property
    def person(self) -> str:
        """Return the id of who asks: strangers are refused before a handler runs."""
        assert self.actor.person is not None
        return self.actor.person

    def theirs(self, *buttons: Button) -> tuple[Button, ...]:
        """Return the buttons that the actor may press."""
        paths = {command.path for command in self.commands}
        return tuple(button for button in buttons if button.path in paths)

    def hint(self, path: str, text: str, otherwise: str = "") -> str:
        """Return a text that names this command if the actor may use it, else `otherwise`."""
        return text if any(command.path == path for command in self.commands) else otherwise


Handler = Callable[[Context, Mapping[str, str]], Reply]
# Returns a person's open tasks in a room, most urgent first, from the actor and the time.
TasksOf = Callable[[Reader, Config, Actor, datetime], list[Line]]
# Returns sentences about an entry's story and why some of these channels did not get it, from the entry's id.
StoryLines = Callable[[Reader, str, Collection[str], Config, datetime], list[str]]
# Unassigns a room's tasks of a person (by id) who left, and returns them.
ReleaseTasks = Callable[[Context, str], list[Line]]

# Returns what in a room refers to a setting: an "ask", "member", "channel" or "office", by its name.
FindReferences = Callable[["Context", str, str], list[Reference]]

# Yields a room's results with all these words that the actor may open, the newest first.
SearchRoom = Callable[[Context, Words], Iterable[SearchHit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command.

    `handler` gets the checked arguments as text (a missing optional one is absent) and runs in one transaction, which
    is rolled back if it raises. `who`: any of these roles. `fetch` gets what the handler needs from the network, and
    `prepare` does slow reads and computation, before the transaction, which blocks all other writers.
    """

    group: str  # "watch": one slash command per group
    verb: str  # "add"; "" for the only command of its group, such as /find
    help: str  # one line
    example: str  # "/watch add query:\"continued presence\" level:alert"
    handler: Handler
    params: tuple[Param, ...] = ()
    who: frozenset[Role] = EVERYONE
    changes: bool = False  # it writes, and is audited
    fetch: Callable[[Any, Mapping[str, str]], Awaitable[Any]] | None = None
    prepare: Callable[[Context, Mapping[str, str]], Any] | None = None
    hidden: bool = False  # reached only by button or form
    button: str = ""  # a sentence that says where its button is, for people who type it
    chat_only: bool = False  # no assistant reads it: it hands out a file, a form or a link, or says how to reach people
    formerly: tuple[str, ...] = ()  # its paths in the last version, which are still understood in this one

    @property
    def path(self) -> str:
        return f"{self.group} {self.verb}".rstrip()


def by_path(commands: Sequence[Command]) -> dict[str, Command]:
    """Return the commands by their paths, former ones included."""
    former = {path: command for command in commands for path in command.formerly}
    return former | {command.path: command for command in commands}


def answer(
    head: str,
    *lines: str | Line,
    mark: Mark = Mark.ANSWER,
    sections: Sequence[Section] = (),
    line_buttons: Sequence[Button] = (),
    buttons: Sequence[Button] = (),
    foot: str = "",
    replaces: bool = False,
) -> Reply:
    """Return an answer as a card. Empty lines are left out."""
    shown = {"sections": tuple(sections), "line_buttons": tuple(line_buttons), "buttons": tuple(buttons)}
    return Reply(card=Card.of(mark, head, *lines, **shown, foot=foot), replaces=replaces)


def long_answer(
    head: str,
    lines: Sequence[str | Line],
    file: str,
    *,
    mark: Mark = Mark.ANSWER,
    buttons: Sequence[Button] = (),
    foot: str = "",
) -> Reply:
    """Return an answer of at most ten lines, with all of them in a file of that name if there are more."""
    more = len(lines) - LINES
    shown = (*lines[: LINES - 1], f"and {more + 1} more, in the file") if more > 0 else lines
    reply = answer(head, *shown, mark=mark, buttons=buttons, foot=foot)
    texts = (line if isinstance(line, str) else line.text for line in lines)
    text = "\n".join((head, *texts, *filter(None, (foot,)), ""))
    return replace(reply, file=File(file, "text/plain", text.encode())) if more > 0 else reply


_H = TypeVar("_H", bound=Handler)


class Group:
    """One module's subcommands of a slash command, in order of definition.

    A module's own is called `slash`. `bot/app/command_table.py` lists them all. `who`: the roles that may use a
    subcommand which does not name its own; `formerly`: the group in which they were in the last version.
    """

    def __init__(self, name: str, *, who: frozenset[Role] = EVERYONE, formerly: str = "") -> None:
        self.name = name
        self.who = who
        self.formerly = formerly
        self.commands: list[Command] = []

    def command(
        self,
        *,
        verb: str | None = None,
        help_: str = "",
        example: str = "",
        params: Sequence[Param] = (),
        who: frozenset[Role] | None = None,
        formerly: Sequence[str] = (),
        **more: Any,
    ) -> Callable[[_H], _H]:
        """Return a decorator that adds the handler's `Command` to the group, and returns the handler unchanged.

        If they are not given, the handler's name is its verb, and the first line of its docstring its help. `example`:
        the arguments of an example. `more`: as in `Command`, as are the others.
        """

        def add(handler: _H) -> _H:
            function = cast("FunctionType", handler)
            verb_ = function.__name__.strip("_").replace("_", "-") if verb is None else verb
            command = Command(
                group=self.name,
                verb=verb_,
                help=help_ or (function.__doc__ or "").partition("\n")[0].removesuffix("."),
                example=" ".join(filter(None, (f"/{self.name}", verb_, example))),
                handler=handler,
                params=tuple(params),
                who=self.who if who is None else who,
                formerly=tuple(formerly or filter(None, [self.formerly and f"{self.formerly} {verb_}"])),
                **more,
            )
            self.commands.append(command)
            return handler

        return add
