"""Post to Slack with chat.postMessage, edit with chat.update, and search the channel's history.

Slack has no idempotency key for chat.postMessage, so each message has a mark in its metadata, and we search the
history for it. Files go to the message's thread in a separate step, and are recognized by their names and sizes.
slack_sdk re-sends a post by itself when the connection breaks, so its retry handlers are off.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.platform import CLOCKS_APART, TOO_MUCH, Render, TooMuch, failed, retry_after, retry_at
from bot.chat.slack import files
from bot.config.settings import Settings
from bot.outbox.model import (
    Ambiguous,
    CannotTell,
    Channel,
    Delivered,
    FilesPending,
    Found,
    NotFound,
    NotYet,
    Outcome,
    Outgoing,
    PostedMessage,
    Rejected,
    RetryAt,
    SearchOutcome,
    alphanumeric,
)
from bot.shared.card import Mark
from bot.shared.yaml_text import shipped_yaml

log = logging.getLogger(__name__)

EVENT_TYPE: Final = "coalition_bot"
# Slack does not document how soon its history shows a message. After this time, a missing one did not arrive.
HISTORY_LAG: Final = timedelta(minutes=2)
_PAGES: Final = 10  # of history; a search reads no more than this
_ALL_PAGES: Final = 25  # all that is read after a restore
_PAGE: Final = 200  # https://docs.slack.dev/reference/methods/conversations.history: "no more than 200 at a time"
_THREADS: Final = timedelta(days=60)  # an older thread may have new replies; we do not look further back than this
_PAUSES: Final = 10  # that Slack may ask for at each page while a person waits at a terminal, each a minute at most
_LINK: Final = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")

# By what they mean for a message: with what people read, or alone.
_ERRORS: Final[Mapping[str, Any]] = shipped_yaml("bot.chat.slack", "errors")
_NO_DIRECT: Final = "the app may not open direct messages (missing_scope): add im:write and reinstall it"
_ALERTS: Final = (Mark.ALERT, Mark.FILING, Mark.BILL, Mark.HEARING)
_IN_SIGHT: Final = timedelta(days=1)  # a reply to an older message notifies no one and is in no view of the channel
# The message is then posted outside its thread.
_NO_THREAD: Final = ("cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel")
_PAUSE: Final = ("ratelimited", "rate_limited", "message_limit_exceeded")
_VERDICTS: Final = (
    {code: Rejected(why, scope="platform") for code, why in _ERRORS["platform"].items()}
    | {code: Rejected(why, scope="channel") for code, why in _ERRORS["channel"].items()}
    | {"message_not_found": Rejected("the message is gone (message_not_found)", scope="gone")}
    | {code: Rejected(f"the message can no longer be edited ({code})") for code in _ERRORS["fixed"]}
    | {code: Rejected(f"Slack rejects its content, even shortened ({code})") for code in _ERRORS["form"]}
)
# Slack's own words: the operation may have succeeded before the error was raised.
_IN_DOUBT: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})

Read = Callable[..., Awaitable[AsyncSlackResponse]]


def create_slack_client(settings: Settings, *retry: AsyncRetryHandler) -> AsyncWebClient:
    """A client that sends each request once, or again as `retry` says. Does no I/O. Needs `slack_bot_token`."""
    assert settings.slack_bot_token is not None
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=15,
        retry_handlers=[*retry],
    )


@dataclass(eq=False, repr=False)
class SlackSender:
    """Sends to Slack. `zone`: for the day from which cards count. `lag`: how long until the history shows a message."""

    platform = "slack"
    deadline = None

    client: AsyncWebClient
    render: Render
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo
    lag: timedelta = HISTORY_LAG

    def __post_init__(self) -> None:
        self._host = urlsplit(self.client.base_url).hostname or "Slack"
        self._opened: dict[str, str] = {}  # user → their direct messages
        self._bot = ""  # our id as an author, once it was asked for

    async def send(self, outgoing: Outgoing) -> Outcome:
        where = await self._open(outgoing.channel)
        if not isinstance(where, str):
            return where
        if outgoing.posted_ref is not None:
            return await self._hand_over(outgoing, where, outgoing.posted_ref)
        outcome = await self._post(outgoing, where, short=False)
        if isinstance(outcome, Rejected) and outcome.scope == "message":
            outcome = await self._post(outgoing, where, short=True)
        if isinstance(outcome, Delivered):
            await self._pin(outgoing, where, outcome.ref)
        return FilesPending(outcome.ref) if isinstance(outcome, Delivered) and outgoing.files else outcome

    async def _pin(self, outgoing: Outgoing, where: str, ref: str) -> None:
        """Pin a message that is kept pinned. Without the scope pins:write it is posted all the same."""
        if not outgoing.card.pinned or outgoing.edits:
            return
        try:
            await self.client.pins_add(channel=where, timestamp=ref)
        except Exception as error:  # noqa: BLE001 - an error here would make the posted message one in doubt
            log.info("Slack did not pin the card (%s); pin it by hand", error)

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> SearchOutcome:
        """Search the messages since the attempt for our mark, or only for the files if just those are in doubt."""
        where = await self._open(outgoing.channel)
        if not isinstance(where, str):
            return where
        if (posted_ref := outgoing.posted_ref) is not None:
            outcome = await self._search(
                outgoing,
                where,
                outgoing.reply_to or posted_ref,
                lambda message: files.has(message, outgoing.files, posted_ref),
            )
            return Found(posted_ref) if isinstance(outcome, Found) else self._in_time(outgoing, outcome)
        for root in (outgoing.reply_to, None) if outgoing.reply_to else (None,):  # a reply may be outside its thread
            outcome = await self._search(outgoing, where, root, lambda message: _mark_of(message) == outgoing.mark)
            if not isinstance(outcome, NotFound):
                break
        if isinstance(outcome, Found):
            await self._pin(outgoing, where, outcome.ref)
            return FilesPending(outcome.ref) if outgoing.files else outcome
        return self._in_time(outgoing, outcome)

    def _in_time(self, outgoing: Outgoing, outcome: SearchOutcome) -> SearchOutcome:
        """The outcome; search again later while the history may lag behind."""
        tried = outgoing.tried_at or outgoing.attempted_at  # the last attempt that may have arrived
        assert tried is not None
        left = self.lag - max(self.clock() - tried, timedelta(0))  # the clock may have been set back
        return NotYet(self.clock() + left) if isinstance(outcome, NotFound) and left > timedelta(0) else outcome

    async def read_history(
        self, channel: Channel, since: datetime
    ) -> tuple[PostedMessage, ...] | CannotTell | RetryAt | Rejected:
        where = await self._open(channel)
        if not isinstance(where, str):
            return where
        first = (since - CLOCKS_APART).timestamp()
        page = {"channel": where, "limit": _PAGE, "oldest": f"{first - _THREADS.total_seconds():.6f}"}
        seen: list[Mapping[str, Any]] = []
        try:
            try:
                async for message in _messages(self.client.conversations_history, page, _ALL_PAGES, _PAUSES):
                    seen.append(message)  # noqa: PERF401 - what came before it was too much is kept
            except TooMuch:
                if float(seen[-1]["ts"]) > first:  # newest first
                    raise
            for root in [message["ts"] for message in seen if float(message.get("latest_reply", 0)) >= first]:
                page = {"channel": where, "limit": _PAGE, "ts": root, "oldest": f"{first:.6f}"}
                replies = _messages(self.client.conversations_replies, page, _ALL_PAGES, _PAUSES)
                seen += [reply async for reply in replies if reply["ts"] != root]
            in_time = [message for message in seen if float(message["ts"]) >= first]
            return tuple([ours for message in in_time if await self._wrote(message) for ours in _ours(message)])
        except TooMuch:
            return TOO_MUCH
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return self._unread(error)

    async def close(self) -> None:
        """Do nothing: slack_sdk opens a session for each request."""

    async def _open(self, channel: Channel) -> str | RetryAt | Rejected:
        """The channel id to post to; for a person their direct messages, which can be opened any number of times."""
        if not channel.person:
            return channel.address
        if channel.address not in self._opened:
            try:
                answer = await self.client.conversations_open(users=channel.address)
                self._opened[channel.address] = str(answer["channel"]["id"])
            except SlackApiError as error:
                if error_details(error)[1] == "missing_scope":
                    return Rejected(_NO_DIRECT, scope="channel")
                return _certain(self._refused(error))
            except (SlackClientError, aiohttp.ClientError, OSError, ValueError, KeyError, TypeError) as error:
                return _certain(failed(error, self._host))
        return self._opened[channel.address]

    def _is_out_of_sight(self, outgoing: Outgoing) -> bool:
        """Whether an alert replies to a message that readers scrolled past: it is shown in the channel as well."""
        if outgoing.reply_to is None or outgoing.card.mark not in _ALERTS:
            return False
        return self.clock() - datetime.fromtimestamp(float(outgoing.reply_to), UTC) > _IN_SIGHT

    async def _search(
        self, outgoing: Outgoing, where: str, root: str | None, is_it: Callable[[Mapping[str, Any]], bool]
    ) -> Found | NotFound | CannotTell | RetryAt | Rejected:
        """Search the messages since the attempt, in the channel or in the thread of `root`."""
        assert outgoing.attempted_at is not None
        page: dict[str, Any] = {"channel": where, "limit": _PAGE}
        page["oldest"] = f"{(outgoing.attempted_at - CLOCKS_APART).timestamp():.6f}"
        read: Read = self.client.conversations_history
        if root is not None:
            page["ts"] = root
            read = self.client.conversations_replies
        try:
            async for message in _messages(read, page, _PAGES):
                if is_it(message) and await self._wrote(message):
                    return Found(str(message["ts"]))
        except TooMuch:
            return TOO_MUCH
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            if not (isinstance(error, SlackApiError) and error_details(error)[1] == "thread_not_found"):
                return self._unread(error)
        return NotFound()

    async def _wrote(self, message: Mapping[str, Any]) -> bool:
        """Whether the message is ours: another app can write our mark."""
        self._bot = self._bot or (await self.client.auth_test()).get("bot_id", "")
        return bool(message.get("bot_id", self._bot) == self._bot)

    async def _hand_over(self, outgoing: Outgoing, where: str, posted_ref: str) -> Outcome:
        """Upload the files of the message `posted_ref` to its thread."""
        try:
            file_ids = await files.uploaded(self.client, outgoing.files)
        except SlackApiError as error:
            return _certain(self._not_taken(error))
        except files.NotUploaded as error:
            return RetryAt(str(error))
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError, KeyError) as error:
            return _certain(failed(error, self._host))
        try:
            thread = outgoing.reply_to or posted_ref
            await files.share(self.client, file_ids, channel=where, thread=thread, may_repeat=outgoing.may_repeat)
        except SlackApiError as error:
            return self._not_taken(error)
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return failed(error, self._host)
        return Delivered(posted_ref)

    def _not_taken(self, error: SlackApiError) -> RetryAt | Rejected | Ambiguous:
        why = files.NOT_TAKEN.get(error_details(error)[1])
        return Rejected(f"the message was posted without its files: {why}") if why else self._refused(error)

    async def _post(self, outgoing: Outgoing, where: str, *, short: bool) -> Outcome:
        today = self.clock().astimezone(self.zone).date()
        try:
            body = self.render(outgoing.card, today, short=short, may_repeat=outgoing.may_repeat)
        except Exception as error:  # noqa: BLE001 - whatever a renderer trips over is a fault of this one message
            return Rejected(f"the message cannot be rendered: {type(error).__name__}")
        try:
            body["channel"] = where
            body["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"mark": outgoing.mark}}
            if outgoing.edits is not None:
                answer = await self.client.chat_update(**body, ts=outgoing.edits)
            else:
                seen = self._is_out_of_sight(outgoing) or None
                answer = await self.client.chat_postMessage(**body, thread_ts=outgoing.reply_to, reply_broadcast=seen)
        except SlackApiError as error:
            if outgoing.reply_to is not None and error_details(error)[1] in _NO_THREAD:
                return await self._post(replace(outgoing, reply_to=None), where, short=short)
            self._opened.pop(outgoing.channel.address, None)
            return self._refused(error)
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return failed(error, self._host)
        stamp = answer.get("ts")
        return Delivered(str(stamp)) if stamp else Ambiguous("Slack's answer does not identify the message")

    def _refused(self, error: SlackApiError) -> RetryAt | Rejected | Ambiguous:
        status, code, headers = error_details(error)
        if verdict := _VERDICTS.get(code):
            return verdict
        if status == 429 or code in _PAUSE:
            return RetryAt("Slack's rate limit was reached", retry_at(headers, self.clock(), 30))
        if code in _IN_DOUBT or status >= 500:
            return Ambiguous(f"Slack failed ({code or status})")
        if not code:
            return Ambiguous(
                f"the answer is not from Slack (status {status}): is there a proxy or a login page in between?"
            )
        return RetryAt(f"Slack rejects it with an error that coalition-bot does not know ({code})", unknown=True)

    def _unread(self, error: Exception) -> CannotTell | RetryAt | Rejected:
        """Why the history could not be read. If only reading is forbidden, waiting does not help."""
        if not isinstance(error, SlackApiError):
            return RetryAt(failed(error, self._host).why)
        status, code, headers = error_details(error)
        if code in ("missing_scope", "no_permission") or code in _ERRORS["channel"]:
            return CannotTell(f"the channel's history cannot be read ({code})")
        if code in _ERRORS["platform"]:
            return _VERDICTS[code]
        at = retry_at(headers, self.clock(), 30) if status == 429 else None
        return RetryAt(f"the channel's history cannot be read just now ({code or status})", at)


def _certain(outcome: RetryAt | Rejected | Ambiguous) -> RetryAt | Rejected:
    """The outcome of a step that nothing shows yet: it can be repeated, so it is never ambiguous."""
    return RetryAt(outcome.why) if isinstance(outcome, Ambiguous) else outcome


def error_details(error: SlackApiError) -> tuple[int, str, Mapping[str, str]]:
    """Status, error code ("" if the answer was not Slack's) and headers of a slack_sdk error."""
    response: Any = error.response
    status: int = response.status_code if isinstance(response, AsyncSlackResponse) else response.status
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    return status, str(code), response.headers


def _mark_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return str((metadata.get("event_payload") or {}).get("mark") or "")


async def _messages(read: Read, page: dict[str, Any], pages: int, pauses: int = 0) -> AsyncIterator[Mapping[str, Any]]:
    """The messages of a channel or thread. Raises `TooMuch` after that many pages, and what slack_sdk raises.

    `pauses`: how many Slack's rate limit may ask for at a page.
    """
    page["include_all_metadata"] = True
    for _ in range(pages):
        for left in range(pauses, -1, -1):
            try:
                answer = await read(**page)
                break
            except SlackApiError as error:
                if not left or error.response.status_code != 429:
                    raise
                await asyncio.sleep(min(retry_after(error.response.headers, 30), 60))
        messages: list[Mapping[str, Any]] = answer.get("messages", [])
        for message in messages:
            yield message
        page["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
        if not page["cursor"]:
            return
    raise TooMuch


def _ours(message: Mapping[str, Any]) -> Iterator[PostedMessage]:
    if mark := _mark_of(message):
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
