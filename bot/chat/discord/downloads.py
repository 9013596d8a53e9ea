"""Files that people upload in a Discord form; Discord stores them at a public address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import aiohttp
import discord

from bot.chat import uploads
from bot.commands.model import File, Handed, Refused

_PATIENCE: Final = 10  # seconds
_AGAIN: Final = "Discord did not deliver the file. Please send it again."


def fetching(client: discord.Client, cdn: str, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Handed]:
    """For each uploaded file, by its parameter, a function that downloads it from `cdn`."""
    return {name: partial(_fetched, client, cdn, file) for name, file in files.items()}


async def _fetched(client: discord.Client, cdn: str, file: Mapping[str, Any]) -> File:
    uploads.check(file["filename"], file["size"])
    if not file["url"].startswith(f"{cdn}/"):
        raise Refused(_AGAIN)
    try:
        async with asyncio.timeout(_PATIENCE):
            data = await client.http.get_from_cdn(file["url"])
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(_AGAIN) from error
    return uploads.taken(file["filename"], data)
