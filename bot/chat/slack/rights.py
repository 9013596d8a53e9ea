"""What the bot may do in a channel of Slack: the scopes of its token, and whether it is in the channel.

Nothing is posted. What people wrote is not looked at: the one message that is asked for is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.network import failed
from bot.chat.slack.courier import told
from bot.outbox.model import Channel
from bot.outbox.rights import Rights

_NEEDED: Final = {
    "chat:write": "it may not post",
    "files:write": "it may not hand over files",
    "im:write": "it may not answer by direct message",
}
_CHANNEL: Final = {
    "not_in_channel": "it is not in the channel: write /invite @coalition-bot there",
    "channel_not_found": "there is no such channel, or it is private and the bot is not in it: invite it there",
    "is_archived": "the channel is archived: take another",
    "missing_scope": "it may not read its own messages back (channels:history, groups:history): after a crash a "
    "message may come twice",
}


async def rights(client: AsyncWebClient, channel: Channel) -> Rights:
    """Never raises for what Slack or the network does."""
    try:
        token = await client.auth_test()
    except SlackApiError as error:
        return Rights(unknown=f"Slack does not take the bot's token ({told(error)[1] or told(error)[0]})")
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
        return Rights(unknown=failed(error, "Slack").why)
    granted = str(token.headers.get("x-oauth-scopes", ""))
    return Rights(lacking=(*_lacking(granted), *await _in_channel(client, channel)))


def _lacking(granted: str) -> Iterator[str]:
    """Where Slack does not say what was granted, nothing is known to be missing."""
    scopes = {scope.strip() for scope in granted.split(",")}
    for scope, what in _NEEDED.items():
        if granted and scope not in scopes:
            yield f"{what}: add the scope {scope} on the app's page and reinstall it"


async def _in_channel(client: AsyncWebClient, channel: Channel) -> tuple[str, ...]:
    try:
        await client.conversations_history(channel=channel.address, limit=1)
    except SlackApiError as error:
        _, code, _ = told(error)
        return (_CHANNEL.get(code, f"Slack does not let it look into the channel ({code})"),)
    except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
        return (failed(error, "Slack").why,)
    return ()
