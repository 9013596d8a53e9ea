"""The parts of coalition.yml and feeds.yml that administrators change in chat, and the fields of their forms.

A field's help, type and choices are those of its key in the file's model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from enum import Enum, auto
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.commands.model import Choice, Kind, Param
from bot.config.coalition import Ask, Coalition, Holder, Letters, MediaContact, Member, Office
from bot.config.feeds import ChannelConfig, Feeds, RouteConfig
from bot.config.media import Spokesperson
from bot.settings.changes import ASK, CHANNEL, MEMBER, OFFICE, VALUES

_LONGEST: Final = 3_000  # characters of a text: what a form of Slack takes
_PROSE: Final = ("about", "text", "because", "note")  # keys of texts in which someone may write about a person


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


_OF_VALUES: Final[dict[Any, Shape]] = {int: Shape.NUMBER, bool: Shape.YES_NO, time: Shape.HOUR}
_OF_ITEMS: Final[dict[Any, Shape]] = {int: Shape.NUMBERS, time: Shape.HOURS, str: Shape.LINES}
_KINDS: Final = {Shape.LINES: Kind.LONG, Shape.NUMBER: Kind.NUMBER, Shape.YES_NO: Kind.YES_NO}


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


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the model that a field sets, and what its field has instead of what the model says."""

    path: str  # "digest.at"
    name: str = ""
    label: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = True  # if the file needs it, too


@dataclass(frozen=True, slots=True)
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


def _fields(model: type[BaseModel], *keys: str | _Key, at: str = "") -> tuple[Field, ...]:
    """Return the fields for keys of a model, which is itself the section's value `at` a key."""
    return tuple(_field(model, key if isinstance(key, _Key) else _Key(key), (at,) if at else ()) for key in keys)


def _field(model: type[BaseModel], key: _Key, above: tuple[str, ...]) -> Field:
    path = tuple(key.path.split("."))
    *_, last = steps = list(_steps(model, path))
    value = _value(last)
    shape, is_prose = _shape(value), path[-1] in _PROSE
    choices = key.choices or (get_args(value) if get_origin(value) is Literal else ())
    param = Param(
        key.name or path[-1].replace("_", "-"),
        key.help or (last.description or "").replace("`", ""),
        kind=Kind.LONG if is_prose else _KINDS.get(shape, Kind.TEXT),
        required=False,
        choices=tuple(Choice(choice, choice) for choice in choices),
        longest=_LONGEST,
        clears=True,
    )
    needed = key.needed and all(step.is_required() for step in steps)
    return Field(param, key.label or param.label, (*above, *path), shape, needed, free=is_prose or model is Ask)


def _steps(model: Any, path: tuple[str, ...]) -> Iterator[FieldInfo]:
    """Yield the field of each key on a path."""
    for key in path:
        info = model.model_fields[key]
        yield info
        model = _value(info)


def _value(info: FieldInfo) -> Any:
    """Return the type of a value that is there."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _shape(value: Any) -> Shape:
    if get_origin(value) is not tuple:
        return _OF_VALUES.get(value, Shape.TEXT)
    item = get_args(value)[0]
    if get_origin(item) is Annotated:  # such as a time of day; a list of ids is one of words with commas
        item = inner if (inner := get_args(item)[0]) is not str else item
    return _OF_ITEMS.get(item, Shape.LIST)


_ALL: Final = (
    Section("coalition", "The coalition", "the coalition's names and zone", named=False, removable=False,
        fields=_fields(Coalition, "name", "short", "contact", _Key("zone", label="Time zone"), "about",
            _Key("speakers", label="Public speakers"))),
    Section("letterhead", "The letterhead and who signs", "the letterhead", named=False, removable=False,
        fields=_fields(Coalition, "address", "phone", _Key("site", label="Website"), _Key("signer.name", "signer"),
            _Key("signer.title", "signer-title"))),
    Section("ask", "Asks", "an ask", kind=ASK, fields=_fields(Ask, "title", "text", "because", "note")),
    Section("member", "Members", "a member", kind=MEMBER,
        fields=_fields(Member, _Key("name", "full-name"), _Key("short", label="Short name"), "legal_name")),
    Section("channel", "Channels, digests and quiet hours", "a channel", kind=CHANNEL,
        fields=_fields(ChannelConfig, _Key("to", label="Where it posts"), _Key("digest.days", "digest"),
            _Key("digest.at", label="Digest at"),
            _Key("quiet", label="Quiet hours", help="only new laws are posted, such as 8 p.m. to 7 a.m.; empty: never"),
        )),
    Section("route", "Routes: what is posted where", "a route", key="routes",
        fields=_fields(RouteConfig, _Key("to", label="Channel"), "asks", "kinds", "levels")),
    Section("special-channels", "The admin, safety and press channels", "the admin, safety and press channels",
        named=False, removable=False,
        fields=_fields(Feeds, _Key("admin", label="Admin channel"), _Key("safety", label="Safety channel"),
            _Key("press", label="Press channel"))),
    Section("office", "Offices that letters go to", "an office", kind=OFFICE,
        fields=_fields(Office, _Key("name", "full-name"), _Key("block", "address"), "salutation", "part_of",
            "agencies", _Key("also", label="Also called"))),
    Section("holder", "Who holds an office", "an office's holder", kind=OFFICE, inside="holder",
        fields=_fields(Holder, _Key("name", "full-name"), "surname", "source",
            _Key("form", label="Form of address", choices=("head", "official", "secretary", "attorney-general")),
            "acting", _Key("as_of", help="the day the page said so; today if left out", needed=False),
            "gender", at="holder")),
    Section("spokesperson", "Spokespeople", "a spokesperson", key="spokespeople",
        fields=_fields(Spokesperson, _Key("name", "person"), "backup", "asks", "members")),
    Section("press-contact", "The press contact", "the press contact", named=False,
        fields=_fields(MediaContact, "name", "phone", "email", at="media_contact")),
    Section("letters", "Letters: approval and sign-on", "how letters are approved and signed",
        named=False, removable=False,
        fields=_fields(Letters, "approvals", _Key("channel", label="Sign-on channel"), "drafts",
            _Key("bill_records_good_for", "bill-records"), "follow_up", at="letters")),
)  # fmt: skip
SECTIONS: Final = {section.what: section for section in _ALL}
