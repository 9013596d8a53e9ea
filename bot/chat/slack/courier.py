"""Slack's postman: one message by chat.postMessage, its changes by chat.update, and looking in the channel's history.

Slack has no idempotency key for chat.postMessage; what is left is a mark in each message's metadata and the history.
slack_sdk re-sends a post by itself when the connection breaks, so its retry handlers are off.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.card import Card
from bot.chat.network import failed
from bot.config.settings import Settings
from bot.outbox.model import Ambiguous, CannotTell, Delivered, Found, NotFound, Outcome, Parcel, Rejected, RetryAt

EVENT_TYPE: Final = "coalition_bot"
CLOCKS_APART: Final = timedelta(minutes=10)  # how far this host's clock may be off Slack's
_PAGES: Final = 10  # of history; more was said since than a look can cover
_PAGE: Final = 100

# https://docs.slack.dev/reference/methods/chat.postMessage#errors, with what a person can do about it.
_TOKEN: Final = {
    "invalid_auth": "Slack does not know this token (invalid_auth): put the bot's current token into the settings",
    "not_authed": "no token was sent (not_authed): put the bot's token into the settings",
    "account_inactive": "the bot's account is switched off (account_inactive): reinstall the app in the workspace",
    "token_revoked": "the token was revoked (token_revoked): reinstall the app and put the new token into the settings",
    "token_expired": "the token has expired (token_expired): put a new one into the settings",
    "not_allowed_token_type": "this is not a bot token (not_allowed_token_type): it must begin with xoxb-",
    "missing_scope": "the app may not post (missing_scope): add chat:write and reinstall it",
    "no_permission": "the app may not post (no_permission): check its scopes and reinstall it",
    "org_login_required": "the workspace is being moved (org_login_required)",
    "ekm_access_denied": "an administrator has suspended posting (ekm_access_denied)",
    "team_access_not_granted": "the app is not allowed in this workspace (team_access_not_granted)",
    "access_denied": "Slack refuses the app (access_denied): ask a workspace administrator",
}
_CHANNEL: Final = {
    "channel_not_found": "there is no such channel, or it is private and the bot is not in it (channel_not_found)",
    "not_in_channel": "the bot is not in the channel (not_in_channel): invite it there",
    "is_archived": "the channel is archived (is_archived)",
    "restricted_action": "only some people may post there (restricted_action)",
    "restricted_action_read_only_channel": "the channel is read-only (restricted_action_read_only_channel)",
    "restricted_action_thread_only_channel": "the channel takes replies only (restricted_action_thread_only_channel)",
}
# https://docs.slack.dev/reference/methods/chat.update#errors
_GONE: Final = ("message_not_found", "cant_update_message", "edit_window_closed")
_FORM: Final = ("msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text")
_VERDICTS: Final = (
    {code: Rejected(why, scope="platform") for code, why in _TOKEN.items()}
    | {code: Rejected(why, scope="channel") for code, why in _CHANNEL.items()}
    | {code: Rejected(f"the message cannot be changed any more ({code})") for code in _GONE}
    | {code: Rejected(f"Slack finds fault with its form, even when shortened ({code})") for code in _FORM}
)
# Slack's own words: the operation may have succeeded before the error was raised.
_IN_DOUBT: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})


class Render(Protocol):
    """bot.chat.slack.render.message"""

    def __call__(self, card: Card, today: Any, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]: ...


def create_slack_client(settings: Settings) -> AsyncWebClient:
    """A client that sends each request once. Does no I/O. Needs `slack_bot_token`."""
    assert settings.slack_bot_token is not None
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=15,
        retry_handlers=[],
    )


class SlackCourier:
    """`zone` is the coalition's, for the day from which a card counts its days."""

    platform = "slack"

    def __init__(self, client: AsyncWebClient, render: Render, *, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self._client = client
        self._render = render
        self._clock = clock
        self._zone = zone
        self._host = urlsplit(client.base_url).hostname or "Slack"

    async def send(self, parcel: Parcel) -> Outcome:
        outcome = await self._post(parcel, short=False)
        if isinstance(outcome, Rejected) and outcome.scope == "message":
            return await self._post(parcel, short=True)
        return outcome

    async def edit(self, parcel: Parcel) -> Outcome:
        return await self.send(parcel)

    async def find(self, parcel: Parcel) -> Found | NotFound | CannotTell | RetryAt | Rejected:
        """Look for our mark among what was said since the attempt."""
        assert parcel.attempted_at is not None
        page: dict[str, Any] = {
            "channel": parcel.channel.address,
            "oldest": f"{(parcel.attempted_at - CLOCKS_APART).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        read: Callable[..., Awaitable[AsyncSlackResponse]] = self._client.conversations_history
        if parcel.reply_to is not None:
            page["ts"] = parcel.reply_to
            read = self._client.conversations_replies
        try:
            for _ in range(_PAGES):
                answer = await read(**page)
                messages: list[dict[str, Any]] = answer.get("messages", [])
                for said in messages:
                    if _mark_of(said) == parcel.mark:
                        return Found(str(said["ts"]))
                cursor = (answer.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return NotFound()
                page["cursor"] = cursor
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return self._unread(error)
        return CannotTell("too much was said in the channel since")

    async def close(self) -> None:
        """Nothing stays open: slack_sdk opens a session for each request."""

    async def _post(self, parcel: Parcel, *, short: bool) -> Outcome:
        today = self._clock().astimezone(self._zone).date()
        try:
            body = self._render(parcel.card, today, short=short, may_repeat=parcel.may_repeat)
        except Exception as error:  # noqa: BLE001 - whatever a renderer trips over is a fault of this one message
            return Rejected(f"the message cannot be rendered: {type(error).__name__}")
        try:
            answer = await self._said(parcel, body)
        except SlackApiError as error:
            return self._refused(error)
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return failed(error, self._host)
        return Delivered(str(answer["ts"])) if answer.get("ts") else Ambiguous("Slack's answer names no message")

    async def _said(self, parcel: Parcel, body: dict[str, Any]) -> AsyncSlackResponse:
        body |= {
            "channel": parcel.channel.address,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"mark": parcel.mark}},
        }
        if parcel.edits is not None:
            return await self._client.chat_update(**body, ts=parcel.edits)
        body |= {"unfurl_links": False, "unfurl_media": False}
        return await self._client.chat_postMessage(**body, thread_ts=parcel.reply_to)

    def _refused(self, error: SlackApiError) -> Outcome:
        status, code, headers = told(error)
        if found := _VERDICTS.get(code):
            return found
        if status == 429:
            return RetryAt("Slack asks for a pause", self._after(headers))
        if code in _IN_DOUBT or status >= 500:
            return Ambiguous(f"Slack had trouble of its own ({code or status})")
        if not code:
            return Ambiguous(f"not an answer of Slack's (status {status}): is there a proxy or a login page between?")
        return RetryAt(f"Slack refuses it: {code}")

    def _unread(self, error: Exception) -> CannotTell | RetryAt | Rejected:
        """Why the history could not be read. Where only reading is forbidden, there is nothing to wait for."""
        if not isinstance(error, SlackApiError):
            return RetryAt(failed(error, self._host).why)
        status, code, headers = told(error)
        if code in ("missing_scope", "no_permission") or code in _CHANNEL or code == "thread_not_found":
            return CannotTell(f"the channel's history cannot be read ({code})")
        if code in _TOKEN:
            return _VERDICTS[code]
        at = self._after(headers) if status == 429 else None
        return RetryAt(f"the channel's history cannot be read just now ({code or status})", at)

    def _after(self, headers: Mapping[str, str]) -> datetime:
        try:
            seconds = float(headers.get("Retry-After", 30))
        except ValueError:
            seconds = 30
        return self._clock() + timedelta(seconds=seconds)


def told(error: SlackApiError) -> tuple[int, str, Mapping[str, str]]:
    """Status, error code ("" when the answer was none of Slack's) and headers, whichever response slack_sdk raised."""
    response: Any = error.response
    status: int = response.status_code if isinstance(response, AsyncSlackResponse) else response.status
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    return status, str(code), response.headers


def _mark_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    mark = metadata.get("event_payload", {}).get("mark")
    return str(mark)
