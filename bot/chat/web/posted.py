"""Read a form that a browser sent, as text fields and files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.chat import uploads
from bot.commands.model import File, Handed

_PATIENCE: Final = 60  # seconds for the body


@dataclass(frozen=True, slots=True)
class Posted:
    """Text by field, the last that is not empty; uploaded files and their names by field."""

    fields: Mapping[str, str]
    files: Mapping[str, Handed]
    file_names: Mapping[str, str]


async def read_post(request: web.Request, largest: int) -> Posted:
    """Return the form of at most `largest` bytes. Raises `web.HTTPException`."""
    try:
        async with asyncio.timeout(_PATIENCE):
            sent = await request.clone(client_max_size=largest).post()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, LookupError, AssertionError) as error:  # no form, or one in an unknown encoding
        raise web.HTTPBadRequest from error
    fields: dict[str, str] = {}
    files: dict[str, Handed] = {}
    names: dict[str, str] = {}
    for name, value in sent.items():
        if isinstance(value, web.FileField):
            with value.file:
                files[name] = _handed(value.filename, value.file.read())
            names[name] = value.filename
        elif isinstance(value, str) and (value or name not in fields):
            fields[name] = value
    return Posted(fields, files, names)


def _handed(name: str, data: bytes) -> Handed:
    async def handed() -> File:
        return uploads.taken(name, data)

    return handed
