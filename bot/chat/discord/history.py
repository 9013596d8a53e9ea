"""The messages the bot posted in a Discord channel since a given time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import discord
from discord.http import HTTPClient

from bot.outbox.model import PostedMessage, alphanumeric
from bot.shared.errors import CoalitionBotError

_PAGE: Final = 100
_PAGES: Final = 50
_LINK: Final = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((https?://[^\s)]+)\)")

MarkOf = Callable[[Any], str | None]


class TooMuch(CoalitionBotError):
    """There are more messages than we read."""


async def read_history(http: HTTPClient, where: str, since: datetime, mark_of: MarkOf) -> tuple[PostedMessage, ...]:
    """Our messages in a channel since a time. Raises `TooMuch`, and what discord.py raises."""
    messages: list[PostedMessage] = []
    after = discord.utils.time_snowflake(since)
    for _ in range(_PAGES):
        page: list[Any] = list(await http.logs_from(int(where), _PAGE, after=after))
        for message in page:
            messages += _ours(message, mark_of)
        if len(page) < _PAGE:
            return tuple(messages)
        after = max(int(message["id"]) for message in page)
    raise TooMuch


def _ours(message: Mapping[str, Any], mark_of: MarkOf) -> Iterator[PostedMessage]:
    if mark := mark_of(message):
        text = " ".join((message.get("content", ""), *_texts(message.get("embeds", []))))
        yield PostedMessage(
            mark=mark,
            ref=str(message["id"]),
            at=discord.utils.snowflake_time(int(message["id"])),
            words=alphanumeric(_LINK.sub(lambda link: link[1], text)),
            links=tuple(dict.fromkeys(link[2] for link in _LINK.finditer(text))),
        )


def _texts(embeds: list[Mapping[str, Any]]) -> Iterator[str]:
    for embed in embeds:
        yield embed.get("title", "")
        yield embed.get("description", "")
        for field in embed.get("fields", ()):
            yield f"{field.get('name', '')} {field.get('value', '')}"
