"""A form as HTML fields, and what a browser sends of it. Pure.

A page keeps no state on our side: a form's title, labels and choices travel in the hidden field `_form`, so that a
form that was refused is shown again as it was, with what was typed. They are shown to their own sender alone.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from aiohttp import web

from bot.chat.platform import uploaded_file
from bot.commands import arguments
from bot.commands.model import Choice, Command, File, Form, FormField, Handed, Kind, Param, Refusal, Refused

_PATIENCE: Final = 60.0  # seconds for the body of someone who is logged in: it may have a file
SMALL: Final = 4_000  # bytes of a form that strangers send: its fields have 2,000 at most
SHORT: Final = 10.0  # seconds for its body
_MOST: Final = 16_000_000  # bytes of all that a shelf has in memory
TOKEN, REQUEST, STATE, SEARCH, PREVIEW, LINK = "_token", "_request", "_form", "_search", "_preview", "_link"
OWNER: Final = "_owner"  # proves whose the form is after its session has ended
_WIDGETS: Final = {Kind.LONG: "long", Kind.NUMBER: "number", Kind.FILE: "file"}
_RADIOS: Final = 5  # required choices up to this number are all in view
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Posted:
    """Text by field, the last that is not empty; uploaded files and their names by field."""

    fields: Mapping[str, str]
    files: Mapping[str, Handed]
    file_names: Mapping[str, str]


async def read_post(request: web.Request, largest: int, patience: float = _PATIENCE) -> Posted:
    """Return the form of at most `largest` bytes that arrives in `patience` seconds. Raises `web.HTTPException`."""
    if request.content_length is not None and request.content_length > largest:
        raise web.HTTPRequestEntityTooLarge(largest, request.content_length)
    try:
        async with asyncio.timeout(patience):
            sent = await request.clone(client_max_size=largest).post()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    # No form, one in an unknown encoding, or a body that is not HTTP.
    except (ValueError, LookupError, AssertionError, web.RequestPayloadError) as error:
        raise web.HTTPBadRequest from error
    fields: dict[str, str] = {}
    files: dict[str, Handed] = {}
    names: dict[str, str] = {}
    for name, value in sent.items():
        if isinstance(value, web.FileField):
            with value.file:
                files[name] = partial(_handed, value.filename, value.file.read())
            names[name] = value.filename
        elif isinstance(value, str) and (value or name not in fields):
            fields[name] = value.encode("utf-8", "replace").decode()  # some encodings give half characters
    return Posted(fields, files, names)


async def _handed(name: str, data: bytes) -> File:
    return uploaded_file(name, data)


class _Stored(NamedTuple, Generic[T]):
    item: T
    size: int
    until: float


class Shelf(Generic[T]):
    """Items in memory for some seconds, each for its owner alone. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float], seconds: float) -> None:
        self._ticks = ticks
        self._seconds = seconds
        self._stored: OrderedDict[tuple[str, str], _Stored[T]] = OrderedDict()

    def put(self, owner: str, id_: str, item: T, size: int) -> None:
        """Store an item of `size` bytes instead of the owner's of that id; the oldest make room."""
        self.drop(owner, id_)
        self._stored[owner, id_] = _Stored(item, size, self._ticks() + self._seconds)
        while len(self._stored) > 1 and sum(each.size for each in self._stored.values()) > _MOST:
            self._stored.popitem(last=False)

    def get(self, owner: str, id_: str) -> T | None:
        self._forget_old()
        stored = self._stored.get((owner, id_))
        return stored.item if stored else None

    def drop(self, owner: str, id_: str) -> None:
        self._stored.pop((owner, id_), None)

    def newest(self, owner: str) -> str | None:
        """Return the id of what the owner stored last."""
        self._forget_old()
        return next((id_ for person, id_ in reversed(self._stored) if person == owner), None)

    def _forget_old(self) -> None:
        for old in [key for key, each in self._stored.items() if each.until < self._ticks()]:
            del self._stored[old]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field. `widget`: text, number, long, file, select or radios. `offered`: suggestions for what was typed."""

    name: str
    label: str
    help: str
    widget: str
    required: bool
    value: str = ""
    shown: str = ""
    options: tuple[Choice, ...] = ()
    suggestions: tuple[Choice, ...] = ()
    searches: bool = False
    offered: tuple[Choice, ...] | None = None
    error: str = ""
    autofill: str = "off"  # what the browser may fill in, a token of HTML's `autocomplete`


def command_form(command: Command, args: Mapping[str, str]) -> Form:
    """Return a form with a command's parameters, filled in with `args`."""
    shown = sorted((each for each in command.params if not each.by_button), key=lambda param: not param.required)
    fields = tuple(FormField(each, each.label, args.get(each.name, "")) for each in shown)
    names = {each.name for each in shown}
    carried = {name: text for name, text in args.items() if name not in names}
    return Form(title=command.help, path=command.path, fields=fields, args=carried, submit=_submit(command))


def fill_by_link(command: Command, args: Mapping[str, str]) -> dict[str, str]:
    """Return what a link may fill in, as the command would read it: nothing that no field shows, and no code."""
    filled: dict[str, str] = {}
    for param in command.params:
        if not param.by_button and not param.secret and param.kind is not Kind.FILE:
            with suppress(Refused):
                filled[param.name] = arguments.value(param, args.get(param.name, ""))
    return {name: text for name, text in filled.items() if text}


def link_digest(filled: Mapping[str, str]) -> str:
    """Return what tells whether a form was sent exactly as a link had filled it in."""
    return sha256(json.dumps(sorted(filled.items())).encode()).hexdigest()


def _begin(label: str, words: str, what: str) -> str:
    """A sentence with a field's label in place of the parameter's name that it begins with."""
    return re.sub(rf"^{re.escape(words)}\b", lambda _: label, what)


def form_view(
    form: Form,
    filled: Mapping[str, str],
    refusal: Refusal | None = None,
    *,
    suggestions: Mapping[str, Sequence[Choice]] = MappingProxyType({}),
    offered: Mapping[str, Sequence[Choice]] = MappingProxyType({}),
    by_get: bool = False,
) -> dict[str, Any]:
    """Return the form for a page: with `filled` or else its initial values, and with what is wrong, at its field or as
    `error` of the whole.

    `suggestions`: values by field; `offered`: those for the field that was searched.
    """
    names = [each.param.name for each in form.fields]
    wrong = refusal.param if refusal and refusal.param in names else ""
    what = refusal.what.partition(" For example: /")[0] if refusal else ""  # the example is a command
    fields = []
    for each in form.fields:
        param, value = each.param, filled.get(each.param.name, each.initial)
        view = FieldView(
            name=param.name,
            label=each.label,
            help=param.help,
            widget=_widget(param),
            required=param.required,
            value=value,
            shown=each.shown if value == each.initial else "",
            options=param.offered,
            suggestions=tuple(suggestions.get(param.name, ())),
            searches=param.complete is not None and not param.offered,
            offered=tuple(offered[param.name]) if param.name in offered else None,
            # A sentence begins with the parameter's name, for those who typed it: here its field has a label.
            error=_begin(each.label, param.words, what) if wrong == param.name else "",
        )
        fields.append(view)
    return {
        "title": form.title,
        "action": f"/do/{form.path.replace(' ', '/')}",
        "submit": form.submit,
        "fields": fields,
        "has_file": any(each.widget == "file" for each in fields),
        "carried": () if by_get else tuple(form.args.items()),
        "state": "" if by_get else _dump(form),
        "by_get": by_get,
        "error": "" if wrong else what,
        "link": "",
    }


def _widget(param: Param) -> str:
    if param.offered:
        return "radios" if param.required and len(param.offered) <= _RADIOS else "select"
    return _WIDGETS.get(param.kind, "text")


def sent(command: Command, fields: Mapping[str, str]) -> tuple[Form, dict[str, str]]:
    """Return the form as it was shown, and what was filled in. `fields`: names and values, with the hidden ones."""
    carried = {name: text for name, text in fields.items() if not name.startswith("_")}
    form = _load(command, fields.get(STATE, ""))
    names = {each.param.name for each in form.fields}
    rest = {name: text for name, text in carried.items() if name not in names}
    return replace(form, args=rest), {name: carried.get(name, "") for name in names}


def without_consent(command: Command, fields: Mapping[str, str]) -> dict[str, str]:
    """Return what may be filled in again after a new log-in: no code, and no answer to a question."""
    never = {param.name for param in command.params if param.secret or (param.by_button and param.offered)}
    return {name: text for name, text in fields.items() if name not in never}


def arguments_of(form: Form, filled: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments of the call. A required field that was left empty is an error of that field."""
    needed = {each.param.name for each in form.fields if each.param.required}
    given = {name: text for name, text in filled.items() if text or name in needed}
    return form.carried(form.fields) | given


def values(form: Form, filled: Mapping[str, str]) -> dict[str, str]:
    """Return the form's values as a page shows them: filled in, initial or carried."""
    return {**form.args, **{each.param.name: filled.get(each.param.name, each.initial) for each in form.fields}}


def with_missing(form: Form, command: Command, name: str) -> Form:
    """Return the form with a field for a refused parameter that it does not show."""
    param = next((each for each in command.params if each.name == name), None)
    if param is None or not form.fields or any(each.param.name == name for each in form.fields):
        return form
    args = {key: text for key, text in form.args.items() if key != name}
    return replace(form, fields=(*form.fields, FormField(param, param.label, form.args.get(name, ""))), args=args)


def _submit(command: Command) -> str:
    return "Save" if command.changes else "Show"


def _dump(form: Form) -> str:
    fields = [
        {
            "name": each.param.name,
            "label": each.label,
            "help": each.param.help,
            "required": each.param.required,
            "choices": [[choice.value, choice.label] for choice in each.param.choices],
            "filled": bool(each.initial),
        }
        for each in form.fields
    ]
    return json.dumps({"title": form.title, "submit": form.submit, "fields": fields}, ensure_ascii=False)


def _load(command: Command, state: str) -> Form:
    """Return the form that was shown; one without fields for a button, or if the state cannot be read."""
    params = {param.name: param for param in command.params}
    try:
        saved = json.loads(state) if state else {}
        fields = []
        for each in list(saved.get("fields", ()))[: len(params)]:  # a form has each once
            choices = tuple(Choice(str(value), str(label)) for value, label in each["choices"])
            needed, help_ = bool(each["required"]), str(each["help"])
            param = replace(params[each["name"]], help=help_, required=needed, choices=choices)
            # Only whether the field was filled in matters: an emptied one is cleared.
            fields.append(FormField(param, str(each["label"]), "filled" if each["filled"] else ""))
        title, submit = str(saved.get("title", command.help)), str(saved.get("submit", _submit(command)))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Form(title=command.help, path=command.path, fields=())
    return Form(title=title, path=command.path, fields=tuple(fields), submit=submit)
