"""What a browser sends, as text fields and files, and files of answers until the reader has downloaded them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from aiohttp import web

from bot.chat.platform import uploaded_file
from bot.commands.model import File, Handed

_PATIENCE: Final = 60.0  # seconds for the body of someone who is logged in: it may have a file
SMALL: Final = 4_000  # bytes of a form that strangers send: its fields have 2,000 at most
SHORT: Final = 10.0  # seconds for its body
_MINUTES: Final = 600.0  # seconds for which an answer's file stays in memory
_MOST: Final = 16_000_000  # bytes of all those files together


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


class _Stored(NamedTuple):
    session: str
    file: File
    until: float


class Downloads:
    """Files by id, each for the session that asked for it. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._ticks = ticks
        self._new_id = new_id
        self._files: OrderedDict[str, _Stored] = OrderedDict()

    def add(self, session: str, file: File) -> str:
        """Return the id under which the session can download the file."""
        id_ = self._new_id()
        self._files[id_] = _Stored(session, file, self._ticks() + _MINUTES)
        while len(self._files) > 1 and sum(len(each.file.data) for each in self._files.values()) > _MOST:
            self._files.popitem(last=False)
        return id_

    def get(self, session: str, id_: str) -> File | None:
        for old in [key for key, each in self._files.items() if each.until < self._ticks()]:
            del self._files[old]
        stored = self._files.get(id_)
        return stored.file if stored and stored.session == session else None
