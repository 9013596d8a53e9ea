"""Slack as a platform to post to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from bot.chat.platform import Platform
from bot.chat.slack import permissions
from bot.chat.slack.render import message
from bot.chat.slack.sender import SlackSender, create_slack_client
from bot.config.settings import Settings
from bot.outbox.model import Channel, Permissions
from bot.outbox.privacy import Privacy


def _sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo) -> SlackSender:
    return SlackSender(create_slack_client(settings), message, clock=clock, zone=zone)


async def _rights(settings: Settings, channel: Channel) -> Permissions:
    return await permissions.rights(create_slack_client(settings), channel)


async def _privacy(settings: Settings, channel: Channel) -> Privacy:
    return await permissions.privacy(create_slack_client(settings), channel)


SLACK: Final = Platform(_sender, _rights, _privacy)
