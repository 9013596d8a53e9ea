"""Slack as a platform to post to, the bot's permissions in a channel, and who can read it.

Nothing is posted. People's messages are not read: the one message that is fetched is discarded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.platform import Clients, Platform, failed
from bot.chat.slack.render import message
from bot.chat.slack.sender import SlackSender, create_slack_client, error_details
from bot.config.settings import Settings
from bot.outbox.channels import Privacy
from bot.outbox.model import Channel, Permissions

_NEEDED: Final = {
    "chat:write": "it cannot post",
    "files:write": "it cannot upload files",
    "im:write": "it cannot answer by direct message",
}
_SHARED: Final = ("is_ext_shared", "is_pending_ext_shared", "is_shared", "is_org_shared")
_PAGES: Final = 10  # of members or users, each of up to 1,000
_CHANNEL: Final = {
    "not_in_channel": "it is not in the channel: write /invite @coalition-bot there",
    "channel_not_found": "there is no channel with that id, or it is private and the bot is not in it: invite it there",
    "is_archived": "the channel is archived: choose another",
    "missing_scope": "it cannot read its own messages (add the scopes channels:history and groups:history): "
    "after a crash a message may be posted twice",
}


async def rights(settings: Settings, channel: Channel) -> Permissions:
    """The bot's permissions in a channel. Never raises on Slack's or network errors."""
    client = create_slack_client(settings)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        return Permissions(
            unknown=f"Slack rejected the bot's token ({error_details(error)[1] or error_details(error)[0]})"
        )
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
        return Permissions(unknown=failed(error, "Slack").why)
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",")} - {""}
    lacking = [
        f"{what}: add the scope {scope} on the app's page and reinstall it"
        for scope, what in _NEEDED.items()
        if granted and scope not in granted  # none if Slack does not list them
    ]
    try:
        await client.conversations_history(channel=channel.address, limit=1)
    except SlackApiError as error:
        code = error_details(error)[1]
        lacking.append(_CHANNEL.get(code, f"Slack does not let it read the channel ({code})"))
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
        lacking.append(failed(error, "Slack").why)
    return Permissions(lacking=tuple(lacking))


async def privacy(settings: Settings, channel: Channel) -> Privacy:
    """Who can read the channel. Never raises on Slack's or network errors.

    https://docs.slack.dev/reference/objects/conversation-object and .../user-object
    """
    try:
        return Privacy(seen_by=await _others(create_slack_client(settings), channel.address))
    except SlackApiError as error:
        status, code, _ = error_details(error)
        if code == "missing_scope":
            needed = error.response.get("needed") or "channels:read, groups:read, users:read"
            return Privacy(unknown=f"the app lacks the scope {needed}; add it on the app's page and reinstall it")
        return Privacy(unknown=f"Slack answered {code or status}")
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
        return Privacy(unknown=failed(error, "Slack").why)
    except (KeyError, TypeError):
        return Privacy(unknown="Slack's answer does not say")


async def _others(client: AsyncWebClient, channel: str) -> str:
    """Who can read the channel besides its members from the same workspace; "" if nobody."""
    info: dict[str, Any] = (await client.conversations_info(channel=channel))["channel"]
    if not info["is_private"]:
        return "it is a public channel"
    if any(info.get(name) for name in _SHARED):
        return "it is shared with another workspace"
    users = {user["id"]: user for user in await _all(client.users_list, "members")}
    members = [users.get(user) for user in await _all(client.conversations_members, "members", channel=channel)]
    if None in members:
        return "people of another workspace are in it"
    guests = [user for user in members if user and (user.get("is_restricted") or user.get("is_ultra_restricted"))]
    return f"it has {len(guests)} guest{'s' if len(guests) > 1 else ''}" if guests else ""


async def _all(read: Callable[..., Awaitable[Any]], what: str, **which: str) -> list[Any]:
    """All pages of a list. Raises `ValueError` if it does not end."""
    items: list[Any] = []
    cursor = ""
    for _ in range(_PAGES):
        answer = await read(**which, limit=1_000, **({"cursor": cursor} if cursor else {}))
        items += answer[what]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return items
    raise ValueError(f"more than {_PAGES:,} pages of {what}")


def _sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, _: Clients) -> SlackSender:
    return SlackSender(create_slack_client(settings), message, clock=clock, zone=zone)


PLATFORM: Final = Platform(_sender, rights, privacy)
