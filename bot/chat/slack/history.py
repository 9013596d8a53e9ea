"""The messages the bot posted in a Slack channel since a given time, with thread replies."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.platform import TooMuch
from bot.outbox.model import PostedMessage, alphanumeric

# An older thread may have new replies; we do not look further back than this.
_THREADS: Final = timedelta(days=60)
_PAGE: Final = 200  # https://docs.slack.dev/reference/methods/conversations.history: "no more than 200 at a time"
_PAGES: Final = 25
_PAUSES: Final = 10  # pauses that Slack may ask for, each a minute at most
_LINK: Final = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")

Read = Callable[..., Awaitable[AsyncSlackResponse]]
MarkOf = Callable[[Mapping[str, Any]], str | None]


async def read_history(
    client: AsyncWebClient, where: str, since: datetime, mark_of: MarkOf
) -> tuple[PostedMessage, ...]:
    """Our messages in a channel since a time. Raises `TooMuch`, and what slack_sdk raises."""
    first = since.timestamp()
    seen = await _history(client, where, first)
    threads = [message["ts"] for message in seen if float(message.get("latest_reply", 0)) >= first]
    for root in threads:
        page = {"channel": where, "ts": root, "oldest": f"{first:.6f}"}
        seen += [reply async for reply in _messages(client.conversations_replies, page) if reply["ts"] != root]
    return tuple(ours for message in seen if float(message["ts"]) >= first for ours in _ours(message, mark_of))


async def _history(client: AsyncWebClient, where: str, first: float) -> list[Mapping[str, Any]]:
    """The channel's messages since `first`, and older ones, which may start threads."""
    page = {"channel": where, "oldest": f"{first - _THREADS.total_seconds():.6f}"}
    seen: list[Mapping[str, Any]] = []
    try:
        async for message in _messages(client.conversations_history, page):
            seen.append(message)  # noqa: PERF401 - what came before it was too much is kept
    except TooMuch:
        if float(seen[-1]["ts"]) > first:  # newest first
            raise
    return seen


async def _messages(read: Read, page: dict[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
    page |= {"include_all_metadata": True, "limit": _PAGE}
    for _ in range(_PAGES):
        answer = await _patiently(read, page)
        messages: list[Mapping[str, Any]] = answer.get("messages", [])
        for message in messages:
            yield message
        page["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
        if not page["cursor"]:
            return
    raise TooMuch


async def _patiently(read: Read, page: Mapping[str, Any]) -> AsyncSlackResponse:
    """Read a page, and wait when Slack's rate limit asks for a pause: a person is waiting at a terminal."""
    for _ in range(_PAUSES):
        try:
            return await read(**page)
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            await asyncio.sleep(min(float(error.response.headers.get("Retry-After", 30)), 60))
    return await read(**page)


def _ours(message: Mapping[str, Any], mark_of: MarkOf) -> Iterator[PostedMessage]:
    if mark := mark_of(message):
        text = html.unescape(" ".join(_texts([message.get("text", ""), message.get("blocks", [])])))
        yield PostedMessage(
            mark=mark[:10],
            ref=str(message["ts"]),
            at=datetime.fromtimestamp(float(message["ts"]), UTC),
            words=alphanumeric(_LINK.sub(lambda link: link[2] or "", text)),
            links=tuple(dict.fromkeys(link[1] for link in _LINK.finditer(text))),
        )


def _texts(value: Any) -> Iterator[str]:
    """Every string inside the value, in order."""
    if isinstance(value, str):
        yield value
    for inner in value if isinstance(value, list) else ():
        yield from _texts(inner)
    if isinstance(value, dict):
        yield from _texts([inner for name, inner in value.items() if name in ("text", "elements", "fields")])
