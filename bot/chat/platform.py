"""What a chat platform can do for the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.config.settings import Settings
from bot.outbox.model import Channel, Sender
from bot.outbox.permissions import Permissions
from bot.outbox.privacy import Privacy

_NOT_CHECKED: Final = "the bot cannot check this on this platform"


async def _unknown_rights(settings: Settings, channel: Channel) -> Permissions:  # noqa: ARG001 - the signature of `rights`
    return Permissions(unknown=_NOT_CHECKED)


async def _unknown_privacy(settings: Settings, channel: Channel) -> Privacy:  # noqa: ARG001 - of `privacy`
    return Privacy(unknown=_NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Platform:
    """How to post to one platform, and what it can say about a channel.

    `rights` answers what the bot may do in a channel and `privacy` who can read it; a platform that cannot be asked
    leaves them out, and no draft is posted there.
    """

    sender: Callable[[Settings, Callable[[], datetime], ZoneInfo], Sender]
    rights: Callable[[Settings, Channel], Awaitable[Permissions]] = _unknown_rights
    privacy: Callable[[Settings, Channel], Awaitable[Privacy]] = _unknown_privacy


def variable(name: str) -> str:
    """Return the name of the setting without which a platform is not posted to."""
    return "SMTP_URL" if name == "mail" else f"{name.upper()}_BOT_TOKEN"


def token(settings: Settings, name: str) -> str:
    """Return the value of that setting: a platform's bot token, or the mail relay; "" if none is set."""
    secret = getattr(settings, variable(name).lower())
    return secret.get_secret_value() if secret else ""
