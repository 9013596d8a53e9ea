"""What a platform does for the outbox, what a network error means for a message, and the files that people upload."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from importlib import import_module
from typing import Any, Final, Protocol

import aiohttp

from bot.chat.wording import file_name
from bot.commands.model import LARGEST_HANDED, File, Refused
from bot.config.settings import Settings
from bot.outbox.channels import Privacy
from bot.outbox.model import Ambiguous, CannotTell, Channel, Permissions, RetryAt, Sender
from bot.shared.card import Card
from bot.shared.errors import CoalitionBotError
from bot.shared.platforms import BLIND, FORMS

# What the senders of one process share by platform and token: Discord's client, whose limits are the token's.
Clients = MutableMapping[tuple[str, str], Any]
CLOCKS_APART: Final = timedelta(minutes=10)  # the largest difference to a platform's clock
_SECONDS: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_DAY: Final = 86_400.0  # seconds
TOO_MUCH: Final = CannotTell("too many messages were posted in the channel since")
# In all of these nothing was sent; the first match is the most exact.
_NOT_SENT: Final = (
    (
        aiohttp.ClientConnectorCertificateError,
        "the certificate of {} is not valid: check this machine's clock and proxy",
    ),
    (aiohttp.ClientConnectorSSLError, "no secure connection to {}: something in between does not use TLS"),
    (aiohttp.ClientConnectorDNSError, "the host name {} was not found: check this machine's DNS and network"),
    (aiohttp.ClientConnectorError, "{} refused the connection: check this machine's network and firewall"),
)


class Render(Protocol):
    """A platform's `render.message`."""

    def __call__(self, card: Card, today: date, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]: ...


class TooMuch(CoalitionBotError):
    """A channel has more messages than we read."""


@dataclass(frozen=True, slots=True)
class Platform:
    """How to post to one platform, and what it can say about a channel.

    `rights` answers what the bot may do in a channel and `privacy` who can read it; a platform that cannot be asked
    leaves them out, and no draft is posted there.
    """

    sender: Callable[[Settings, Callable[[], datetime], tzinfo, Clients], Sender]
    rights: Callable[[Settings, Channel], Awaitable[Permissions]] | None = None
    privacy: Callable[[Settings, Channel], Awaitable[Privacy]] | None = None


def token(settings: Settings, name: str) -> str:
    """Return what turns a platform on: its bot token, the mail relay or all its addresses; "" if none is set."""
    form = FORMS[name]
    if form.blind:
        groups = [setting.removesuffix("__NAME").lower() for setting in (form.setting, *form.more_settings)]
        secrets = sorted((key, group, value) for group in groups for key, value in getattr(settings, group).items())
        return " ".join(f"{group} {key}={value.get_secret_value()}" for key, group, value in secrets)
    secret = getattr(settings, form.setting.lower())
    return secret.get_secret_value() if secret else ""


def failed(error: Exception, host: str) -> RetryAt | Ambiguous:
    """The outcome of a request that ended in a network error, with a reason that says where to look."""
    for kind, words in _NOT_SENT:
        if isinstance(error, kind):
            return RetryAt(words.format(host))
    if isinstance(error, TimeoutError):
        return Ambiguous(f"{host} did not answer in time")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Ambiguous(f"the answer of {host} stopped halfway")
    return Ambiguous(f"the connection to {host} broke: {type(error).__name__}")


def retry_after(headers: Mapping[str, str], usual: float) -> float:
    """Seconds until the next try that a platform asks for, a day at most; `usual` if it does not say."""
    text = str(headers.get("Retry-After", ""))
    return min(float(text), _DAY) if _SECONDS.fullmatch(text) else usual


def retry_at(headers: Mapping[str, str], now: datetime, usual: float) -> datetime:
    return now + timedelta(seconds=retry_after(headers, usual))


def platform(name: str) -> Platform:
    """Import a platform: its client library takes a quarter of a second, so it has to be one with a token."""
    made: Platform = import_module(f"bot.chat.{name}" if name in BLIND else f"bot.chat.{name}.platform").PLATFORM
    return made


def check_size(name: str, size: int) -> None:
    """Check an uploaded file before its download. Raises `Refused`."""
    if size > LARGEST_HANDED:
        most = f"{LARGEST_HANDED // 1_000_000} MB"
        raise Refused(f"“{file_name(name)}” is {size / 1_000_000:.1f} MB; the limit is {most}.")


def uploaded_file(name: str, data: bytes) -> File:
    """The file, with a name that is safe to show. Raises `Refused`."""
    check_size(name, len(data))
    return File(file_name(name), "application/octet-stream", data)
