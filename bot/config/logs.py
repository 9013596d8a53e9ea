"""The program's log: never a token, never a message.

At DEBUG slack_sdk and discord.py log whole bodies, ticket and webhook addresses, so they stay at INFO whatever
level the operator asks for. Everything else passes one formatter that hides whatever looks like a secret, tracebacks
included.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TextIO
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.config.settings import BY_NAME, Settings
from bot.shared import journey

_MAX_VERBOSITY: Final = {
    "slack_sdk": logging.INFO,
    "slack_bolt": logging.WARNING,  # at INFO it logs the body of a request whose signature is wrong
    "discord": logging.INFO,
    "aiosmtplib": logging.INFO,
    "aiohttp": logging.INFO,
    "asyncio": logging.INFO,
    "mcp": logging.WARNING,  # at INFO it logs a line for each request, and what clients send wrong
}
_HIDDEN: Final = "[hidden]"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # an escape sequence changes a terminal
_THROTTLE_SECONDS: Final = 60.0  # seconds between two throttled lines of one kind
_SECRET: Final = re.compile(
    r"""
    xox[a-z]-[\w-]+ | xapp-[\w-]+                                   # Slack tokens
    | \b[\w-]{23,30}\.[\w-]{6}\.[\w-]{27,}                          # Discord bot tokens
    | (?<=hooks\.slack\.com/)[^\s"']+                               # webhook addresses
    | (?<=/api/webhooks/)[^\s"']+
    | (?<=[?&])(?:ticket|token|api_key|key|secret|code|password)=[^\s&"']+   # secrets in an address
    | (?<=://)[^\s/@:]+:[^\s/@]+(?=@)                               # user and password in an address
    | (?<=Bearer\ )\S+ | (?<=Bot\ )[\w.-]{20,}                      # Authorization headers
    """,
    re.VERBOSE | re.IGNORECASE,
)


def secrets_of(settings: Settings) -> list[str]:
    """Return the secrets in the settings, so that they are hidden whatever they look like."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    secrets += [secret.get_secret_value() for name in BY_NAME for secret in getattr(settings, name).values()]
    url = urlsplit(settings.database_url)
    servers = [urlsplit(secret.get_secret_value()) for secret in (settings.smtp_url, settings.imap_url) if secret]
    given = [value for key, _, value in (each.partition("=") for each in url.query.split("&")) if key == "password"]
    given += [server.password for server in servers if server.password]
    passwords = [password for password in (url.password, *given) if password]
    return [*secrets, *passwords, *map(unquote, passwords)]


def configure(stream: TextIO, *, level: str = "INFO", as_json: bool = False, secrets: Iterable[str] = ()) -> None:
    """Send the program's log to `stream`. Call once, before any work."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(secrets, as_json=as_json))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, least in _MAX_VERBOSITY.items():
        logging.getLogger(name).setLevel(max(least, logging.getLogger().level))


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, and hides the secrets in it."""

    def __init__(self, secrets: Iterable[str] = (), *, as_json: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(coalition)s%(message)s")
        self._as_json = as_json
        self._secrets = [secret for secret in secrets if secret]

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Keep a message on one line, even if text from outside contains line breaks."""
        record.message = record.message.replace("\n", "\\n")
        record.coalition = f"[{served}] " if (served := journey.served()) else ""
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return self._json(record) if self._as_json else self._redact(super().format(record))

    def _redact(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], _SECRET.sub(_HIDDEN, text))

    def _json(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if served := journey.served():
            line["coalition"] = served
        if journey_ := journey.current():
            line["journey"] = journey_
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # Before encoding as JSON, which escapes quotes and backslashes in a secret.
        return json.dumps({key: self._redact(text) for key, text in line.items()}, ensure_ascii=False)


class Throttle:
    """Logs each kind of line at most once a minute, with a count of those left out: outsiders must not fill the disk.

    `ticks`: seconds of a monotonic clock. A kind is a line without its arguments.
    """

    def __init__(self, log: logging.Logger, ticks: Callable[[], float]) -> None:
        self._log = log
        self._ticks = ticks
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def warning(self, line: str, *args: object) -> None:
        self._write(logging.WARNING, line, *args)

    def error(self, line: str, cause: BaseException | None) -> None:
        """Log a fault of ours, with its traceback."""
        self._write(logging.ERROR, line, cause=cause)

    def _write(self, level: int, line: str, *args: object, cause: BaseException | None = None) -> None:
        now = self._ticks()
        if now - self._last.get(line, float("-inf")) < _THROTTLE_SECONDS:
            self._left_out[line] = self._left_out.get(line, 0) + 1
            return
        self._last[line] = now
        more = self._left_out.pop(line, 0)
        text = f"{line} (and {more:,} more like this since the last line shown)" if more else line
        self._log.log(level, text, *args, exc_info=cause)
