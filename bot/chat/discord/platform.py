"""Discord as a platform to post to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from bot.chat.discord import permissions
from bot.chat.discord.render import message
from bot.chat.discord.sender import DiscordSender, create_discord_client
from bot.chat.platform import Platform, token
from bot.config.settings import Settings
from bot.outbox.model import Channel, Permissions
from bot.outbox.privacy import Privacy


def _sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo) -> DiscordSender:
    secret = token(settings, "discord")
    return DiscordSender(lambda: create_discord_client(settings), secret, message, clock=clock, zone=zone)


async def _rights(settings: Settings, channel: Channel) -> Permissions:
    return await permissions.rights(create_discord_client(settings), token(settings, "discord"), channel)


async def _privacy(settings: Settings, channel: Channel) -> Privacy:
    return await permissions.privacy(create_discord_client(settings), token(settings, "discord"), channel)


DISCORD: Final = Platform(_sender, _rights, _privacy)
