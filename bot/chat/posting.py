"""Posts messages to secret addresses over HTTP: what webhooks and the chats that can only be posted to share."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import aiohttp

import bot
from bot.chat import layout
from bot.chat.layout import Row, Say, Span
from bot.chat.platform import Clients, Platform, failed, retry_after
from bot.config.settings import Settings
from bot.outbox.model import CannotTell, Channel, Delivered, NotFound, Outcome, Outgoing, Rejected, RetryAt
from bot.shared import wording
from bot.shared.address_guard import AddressRefused, guarded_socket, reaching_inside
from bot.shared.platforms import FORMS

_SECONDS: Final = 12.0  # below the outbox's deadline; Standard Webhooks advise 15 to 30 for receivers
_BAD_MESSAGE: Final = (400, 413, 415, 422)  # this message is refused; the next may pass
_BAD_ADDRESS: Final = (401, 403, 404, 410)  # and so would be the next
_ROW: Final = 2_000  # characters of one line
_NO_HISTORY: Final = CannotTell("a webhook has no history")
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
# How a chat writes a message on the reader's date: the JSON to post, and the query of the address.
Write = Callable[[Outgoing, date], tuple[dict[str, Any], Mapping[str, str]]]


class Request(NamedTuple):
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = {}


class Poster:
    """Sends to the addresses of the settings, by the channel's name there. A subclass makes the request."""

    platform: str
    deadline = None

    def __init__(self, urls: Mapping[str, str], *, clock: Callable[[], datetime]) -> None:
        self._urls = urls
        self._clock = clock
        self._open: aiohttp.ClientSession | None = None

    def _request(self, outgoing: Outgoing) -> Request | None:
        """What to post; None if the settings lack a secret for its channel."""
        raise NotImplementedError

    async def send(self, outgoing: Outgoing) -> Outcome:
        name = outgoing.channel.address
        url, request = self._urls.get(name), self._request(outgoing)
        if url is None or request is None:
            missing = FORMS[self.platform].settings_of(name)
            return Rejected(f"no {' and '.join(missing)} {'are' if missing[1:] else 'is'} set", scope="channel")
        host = urlsplit(url).hostname or ""
        try:
            with reaching_inside(_names_an_address(host)):
                async with self._session().post(
                    url, data=request.body, headers=request.headers, params=request.query, allow_redirects=False
                ) as answer:
                    return self._outcome(answer, outgoing, host)
        except AddressRefused as error:
            return Rejected(f"{host} {error}", scope="channel")
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(getattr(error, "os_error", None), AddressRefused) or AddressRefused.SENTENCE in str(error):
                return Rejected(f"{host} {AddressRefused.SENTENCE}", scope="channel")
            return failed(error, host)

    async def find(self, outgoing: Outgoing) -> NotFound | CannotTell:  # noqa: ARG002 - the port's
        return _NO_HISTORY

    async def edit(self, outgoing: Outgoing) -> Outcome:  # noqa: ARG002 - the port's
        """Leave it: a changed card is no news by itself."""
        return Rejected("what was posted there cannot be changed")

    async def read_history(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return _NO_HISTORY

    async def close(self) -> None:
        if self._open:
            await self._open.close()
            self._open = None

    def _outcome(self, answer: aiohttp.ClientResponse, outgoing: Outgoing, host: str) -> Outcome:
        status = answer.status
        why = f"{host} answered {status}"
        if 200 <= status < 300:
            return Delivered(outgoing.mark)
        if status in _BAD_MESSAGE:
            return Rejected(why)
        if status in _BAD_ADDRESS:
            return Rejected(why, scope="channel")
        if 300 <= status < 400:
            return Rejected(f"{why}, a redirect, which is not followed: set the new address", scope="channel")
        after = retry_after(answer.headers, 0)
        return RetryAt(why, self._clock() + timedelta(seconds=after) if after else None)

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            self._open = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=guarded_socket),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"coalition-bot/{bot.__version__}"},
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                trust_env=False,
            )
        return self._open


class ChatPoster(Poster):
    """Posts to a chat that can only be posted to: nothing is edited there, answered, or looked up."""

    def __init__(
        self, platform: str, write: Write, urls: Mapping[str, str], *, clock: Callable[[], datetime], zone: tzinfo
    ) -> None:
        super().__init__(urls, clock=clock)
        self.platform = platform
        self._write = write
        self._zone = zone

    def _request(self, outgoing: Outgoing) -> Request:
        body, query = self._write(outgoing, self._clock().astimezone(self._zone).date())
        return Request(json.dumps(body, ensure_ascii=False).encode(), _JSON, query)


def chat(name: str, write: Write) -> Platform:
    """The platform of a chat that can only be posted to."""

    def sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, _: Clients) -> ChatPoster:
        return ChatPoster(name, write, urls_of(settings, name), clock=clock, zone=zone)

    return Platform(sender)


def rows(outgoing: Outgoing, today: date) -> list[Row]:
    """The rows of a message under its head, for a chat that takes no files."""
    files = wording.listed([file.name for file in outgoing.files])
    named: list[Row] = [(Span(f"Not sent here: {files}."),)] if files else []
    foot = layout.foot(outgoing.card, may_repeat=outgoing.may_repeat)
    return [*layout.rows(outgoing.card, today), *named, *([(), (Span(foot),)] if foot else [])]


def text(outgoing: Outgoing, today: date, say: Say, limit: int) -> str:
    """The message as one text with the chat's markup, of `limit` characters at most."""
    head: Row = (Span(layout.first_line(outgoing.card), strong=True),)
    lines = [layout.fit(row, _ROW, say) for row in (head, *rows(outgoing, today))]
    return layout.pack(lines, limit=limit, budget=limit)[0]


def urls_of(settings: Settings, name: str) -> dict[str, str]:
    """The addresses of a platform's channels, by their names."""
    return {key: url.get_secret_value() for key, url in getattr(settings, f"{name}_url").items()}


def _names_an_address(host: str) -> bool:
    """Whether the operator wrote an IP address or localhost; a name may lead inside only by mistake or attack."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
