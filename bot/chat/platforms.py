"""The chat platforms a message can be posted to, one entry each.

A platform's module imports its client library, which takes a quarter of a second, so `platform` imports it only when
that platform has a token.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from bot.chat.platform import Platform

Name = Literal["slack", "discord", "mail", "webhook"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


def platform(name: Name) -> Platform:
    """Import a platform."""
    match name:
        case "slack":
            from bot.chat.slack.platform import SLACK

            return SLACK
        case "discord":
            from bot.chat.discord.platform import DISCORD

            return DISCORD
        case "mail":
            from bot.chat.mail.platform import MAIL

            return MAIL
        case "webhook":
            from bot.chat.webhook.platform import WEBHOOK

            return WEBHOOK
