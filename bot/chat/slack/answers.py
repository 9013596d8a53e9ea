"""Send an answer to the person who asked, and to nobody else unless it is public.

Slack accepts five messages within 30 minutes at a request's `response_url`. After that, or without one, the answer
goes to the channel, or to the person's direct messages if the bot is not in the channel. Where Slack's rate limit asks
for a pause, an answer waits.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat.platform import retry_after
from bot.chat.slack.incoming import Asked
from bot.chat.slack.sender import error_details
from bot.commands.model import File

log = logging.getLogger(__name__)

Payload = dict[str, Any]

TROUBLE: Final = (SlackClientError, aiohttp.ClientError, OSError, ValueError)  # what a call to Slack can raise
_PATIENCE: Final = 10  # seconds for one call
_PAUSES: Final = 3
_LONGEST: Final = 300  # seconds of a pause
_USED: Final = ("exchanged_trigger_id",)  # a form was already opened with it


class Patience(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack's rate limit asks, three times five minutes at most. A form is opened at once or never."""

    def __init__(self) -> None:
        super().__init__(max_retry_count=_PAUSES)

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        if response is None or not limited or request.url.endswith("/views.open"):
            return False
        headers = {name.title(): value[0] for name, value in response.headers.items()}
        return retry_after(headers, 1) <= _LONGEST


class Answers:
    """Posts each answer in Slack once. Raises one of `TROUBLE` when every way failed."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def say(self, to: Asked, message: Payload, *, public: bool = False, replaces: bool = False) -> None:
        """Show a message: to the person alone, to all, or instead of the message whose button was pressed."""
        replaces = replaces and bool(to.back.message)
        if to.back.url and await self._by_url(to.back.url, message, public=public, replaces=replaces):
            return
        content = {"text": message["text"], "blocks": message["blocks"]}
        ways: list[Callable[[], Awaitable[Any]]] = []
        if replaces:
            ways.append(lambda: self._client.chat_update(channel=to.back.channel, ts=to.back.message, **content))
        if to.back.channel and public:
            ways.append(lambda: self._client.chat_postMessage(channel=to.back.channel, **message))
        elif to.back.channel:
            ways.append(lambda: self._client.chat_postEphemeral(channel=to.back.channel, user=to.user, **content))
        for way in ways:
            try:
                await way()
            except SlackApiError as error:
                log.info("An answer could not be posted in %s: %s", to.back.channel, error_details(error)[1])
            else:
                return
        await self._client.chat_postMessage(channel=to.user, **message)

    async def send(self, to: Asked, file: File, *, public: bool = False) -> None:
        """Send a file: to the channel if it is public, else as a direct message."""
        if public and to.back.channel:
            channel = to.back.channel
        else:
            channel = (await self._client.conversations_open(users=to.user))["channel"]["id"]
        await self._client.files_upload_v2(
            channel=channel, filename=file.name, title=file.name, content=file.data, alt_txt=file.alt or None
        )

    async def open(self, to: Asked, view: Payload) -> bool:
        """Open a form; False if Slack no longer allows it."""
        try:
            await self._client.views_open(trigger_id=to.trigger, view=view)
        except SlackApiError as error:
            code = error_details(error)[1]
            if code in _USED:
                return True
            log.warning("A form could not be opened: %s", code)
            return False
        return True

    async def _by_url(self, url: str, message: Payload, *, public: bool, replaces: bool) -> bool:
        how = {"response_type": "in_channel" if public else "ephemeral", "replace_original": replaces}
        try:
            answer = await AsyncWebhookClient(url, timeout=_PATIENCE, retry_handlers=[Patience()]).send_dict(
                message | how
            )
        except TROUBLE as error:
            log.warning("An answer could not be sent: %s", type(error).__name__)
            return False
        if answer.status_code != 200:
            log.info("Slack no longer accepts an answer there: %s", answer.status_code)
        return answer.status_code == 200
