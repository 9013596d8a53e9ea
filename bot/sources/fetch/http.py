"""The polite fetcher: one session for every source; conditional, capped, paced, guarded. It answers, never raises."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import ssl
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import aiohttp
from yarl import URL

import bot
from bot.shared.errors import CoalitionBotError
from bot.shared.failpoint import failpoint
from bot.sources.fetch.guard import AddressRefused, guarded_socket, reaching_inside
from bot.sources.model import FetchFailed, Health

_NONE: Mapping[str, str] = MappingProxyType({})
_REDIRECTS = (301, 302, 303, 307, 308)
_LOCKED = (401, 403, 407, 451)
_GONE = (404, 410)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
# Titles of the pages that Cloudflare, Akamai, Imperva and federalregister.gov show to visitors they take for robots.
_CHALLENGE = re.compile(
    rb"<title[^>]*>[^<]*(?:just a moment|request access|access denied|attention required|pardon our interruption)",
    re.IGNORECASE,
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)", re.IGNORECASE)
# OpenSSL's verification codes, as a person would say them.
_CERTIFICATE = {
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    19: "its certificate is signed by itself",
    20: "its certificate is signed by an authority this machine does not know",
    21: "its certificate is signed by an authority this machine does not know",
    62: "its certificate is for another host name",
    64: "its certificate is for another address",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost, and how gently a host is treated."""

    wire: int = 5_000_000  # bytes of a body as they travel
    decoded: int = 10_000_000  # bytes of a body unpacked
    seconds: float = 30  # of network time in total, redirects included; waiting for our own turn does not count
    hops: int = 5
    gap: float = 1  # seconds between two requests to one host
    per_host: int = 2  # connections to one host at a time


@dataclass(frozen=True, slots=True)
class Body:
    """A body that differs from the last one. `moved_to` is where the source has moved for good, if it says so.

    `their_time` is what its server's clock showed.
    """

    url: str
    status: int
    content_type: str
    data: bytes
    validators: Mapping[str, str]
    moved_to: str | None = None
    their_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server said so (304), or the body is byte for byte the one we had."""

    validators: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Question:
    """One fetch. `private` headers may hold a key; with a `payload` it is a POST."""

    url: str
    validators: Mapping[str, str]
    plain: Mapping[str, str]
    private: Mapping[str, str]
    payload: bytes | None = None
    gap: float = 0

    @property
    def method(self) -> str:
        return "GET" if self.payload is None else "POST"

    def headers(self, *, at_home: bool) -> dict[str, str]:
        """`at_home`: at the origin of `url`, where private headers may go."""
        return {**self.plain, **_conditions(self.validators), **(self.private if at_home else {})}


class _Failure(CoalitionBotError):
    def __init__(self, health: Health, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.answer = FetchFailed(health, printable(detail), retry_at)


def printable(text: str) -> str:
    """`text` without what could change a terminal or forge a line of a log: a server chooses its headers."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def user_agent(contact: str) -> str:
    """How the bot introduces itself: the name, the version, and whom to write to."""
    return f"coalition-bot/{bot.__version__} (+{contact})"


class Fetcher:
    """One HTTP client for all sources.

    `allow_hosts` are the host names that may lead to loopback or private addresses; a redirect may lead there only
    within the origin that was asked, or where the name has that port (`host:port`). `tls` replaces the machine's own
    trust store. Close it when done: the session is opened at the first `get`.
    """

    def __init__(
        self,
        agent: str,
        *,
        allow_hosts: Iterable[str] = (),
        limits: Limits = Limits(),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent = agent
        self._allow = frozenset(host.casefold() for host in allow_hosts)
        self._limits = limits
        self._tls = tls
        self._open: aiohttp.ClientSession | None = None
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))
        self._next: dict[str, float] = {}  # host → when it may be asked again, in the loop's time

    async def get(
        self,
        url: str,
        validators: Mapping[str, str] = _NONE,
        *,
        now: datetime,
        accept: str = "*/*",
        headers: Mapping[str, str] = _NONE,
        gap: float = 0,
    ) -> Body | Unchanged | FetchFailed:
        """What stands at `url`, unless it is what `validators` (from the last answer) describe.

        `headers` may hold a key: they go to the URL's own origin and are dropped when it redirects elsewhere. `now`
        (UTC) is what a Retry-After counts from. `gap`: seconds that its host is left alone afterwards, where it asks
        for more than others. Details of failures name the host, never the rest of the URL.
        """
        return await self._ask(_Question(url, validators, {"Accept": accept}, headers, gap=gap), now)

    async def post(self, url: str, payload: Mapping[str, Any], *, now: datetime) -> Body | FetchFailed:
        """What an interface answers to a question in JSON, under the same guards as `get`. No redirect is followed."""
        plain = {"Accept": "application/json", "Content-Type": "application/json"}
        got = await self._ask(_Question(url, _NONE, plain, _NONE, json.dumps(payload).encode()), now)
        assert not isinstance(got, Unchanged)  # without validators the answer always comes in full
        return got

    async def _ask(self, question: _Question, now: datetime) -> Body | Unchanged | FetchFailed:
        host = "this address"
        try:
            target = _checked(question.url)
            host = str(target.host)
            got = await self._follow(target, question, now)
        except _Failure as failure:
            return failure.answer
        except TimeoutError:
            return FetchFailed(
                Health.UNREACHABLE, f"{host} did not answer in full within {self._limits.seconds:g} seconds"
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _unreached(host, error)
        failpoint("fetch")
        return got

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()
            self._open = None

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            self._open = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=guarded_socket, limit_per_host=self._limits.per_host, ssl=self._tls or True
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # Only what zlib unpacks under a cap: brotli and zstd are not asked for.
                headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
            )
        return self._open

    async def _follow(self, first: URL, question: _Question, now: datetime) -> Body | Unchanged:
        target, moved_to, for_good, left = first, None, True, self._limits.seconds
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.hops + 1):
            headers = question.headers(at_home=target.origin() == first.origin())
            async with self._turn(str(target.host), question.gap):
                started = clock()
                with reaching_inside(self._may_be_inside(target, first)):
                    async with (
                        asyncio.timeout(left),
                        self._session().request(
                            question.method, target, headers=headers, data=question.payload, allow_redirects=False
                        ) as response,
                    ):
                        if response.status not in _REDIRECTS:
                            return await self._read(response, question.validators, now, moved_to)
                        if question.payload is not None:
                            raise _Failure(Health.REFUSED, f"{target.host} sends our question on to another address")
                        for_good = for_good and response.status in (301, 308)
                        target = _next_hop(target, response.headers.get("Location", ""))
                left -= clock() - started
            moved_to = str(target) if for_good else moved_to
        raise _Failure(Health.REFUSED, f"{first.host} redirects more than {self._limits.hops} times")

    def _may_be_inside(self, target: URL, first: URL) -> bool:
        host = str(target.host).casefold()
        if f"{host}:{target.port}" in self._allow:
            return True
        if host not in self._allow:
            return False
        if target.origin() == first.origin():
            return True
        where = f"{target.scheme}://{host}:{target.port}"
        raise _Failure(
            Health.REFUSED, f"{first.host} redirects to {where}, which allow_hosts does not name with its port"
        )

    @asynccontextmanager
    async def _turn(self, host: str, gap: float) -> AsyncIterator[None]:
        async with self._slots[host]:
            clock = asyncio.get_running_loop().time
            due = max(self._next.get(host, 0), clock())
            self._next[host] = due + max(gap, self._limits.gap)
            if (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            yield

    async def _read(
        self, response: aiohttp.ClientResponse, validators: Mapping[str, str], now: datetime, moved_to: str | None
    ) -> Body | Unchanged:
        host = response.url.host
        fresh = _validators(response)
        if response.status == 304:
            if not validators:
                raise _Failure(Health.MALFORMED, f'{host} answered "not modified" to a first request')
            return Unchanged({**validators, **fresh})
        if response.status not in (200, 203, 503):
            raise _Failure(*_status(response, now))
        data = await self._body(response)
        start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        if _HTML.match(start) and _CHALLENGE.search(start):
            said = f"{host} sent a page that asks whether we are a person"
            raise _Failure(Health.BLOCKED, said, _retry_at(response, now))
        if response.status == 503:
            raise _Failure(*_status(response, now))
        fresh["hash"] = hashlib.sha256(data).hexdigest()
        if fresh["hash"] == validators.get("hash"):
            return Unchanged(fresh)
        kind = response.headers.get("Content-Type", "")
        return Body(str(response.url), response.status, kind, data, fresh, moved_to, _time(response))

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The body, unpacked. zlib is told how much it may give, so a bomb never unfolds."""
        host, coding = response.url.host, response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise _Failure(Health.REFUSED, f'{host} packed its answer in a way we did not ask for ("{coding[:40]}")')
        packed, travelled, data = coding not in ("", "identity"), 0, bytearray()
        unpack = None
        async for chunk in response.content.iter_any():
            travelled += len(chunk)
            if travelled > self._limits.wire:
                raise _Failure(Health.REFUSED, f"{host} sends more than {self._limits.wire / 1e6:g} MB")
            if packed and unpack is None:
                unpack = zlib.decompressobj(_window_bits(coding, chunk))
            try:
                data += unpack.decompress(chunk, self._limits.decoded - len(data) + 1) if unpack else chunk
            except zlib.error as error:
                raise _Failure(Health.MALFORMED, f"{host} sent a body that cannot be unpacked") from error
            if len(data) > self._limits.decoded:
                raise _Failure(Health.REFUSED, f"{host} sends more than {self._limits.decoded / 1e6:g} MB, unpacked")
        if unpack is not None and not unpack.eof:
            raise _Failure(Health.UNREACHABLE, f"{host} broke off in the middle of its answer")
        return bytes(data)


def _checked(url: str) -> URL:
    try:
        target = URL(url)
    except ValueError as error:
        raise _Failure(Health.REFUSED, "this is not a web address") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise _Failure(Health.REFUSED, "only http and https addresses with a host name are read")
    if target.user is not None or target.password is not None:
        raise _Failure(Health.REFUSED, f"the address of {target.host} holds a user name or password")
    return target


def _next_hop(here: URL, location: str) -> URL:
    try:
        there = here.join(URL(location))
    except ValueError:
        there = URL()
    if not location or there.scheme not in ("http", "https") or not there.host or there.user is not None:
        scheme = f" ({there.scheme[:20]}:)" if there.scheme not in ("", "http", "https") else ""
        raise _Failure(Health.REFUSED, f"{here.host} redirects to something that is no web address{scheme}")
    if there.host.startswith("unblock."):  # federalregister.gov sends whom it takes for a robot there
        raise _Failure(Health.BLOCKED, f"{here.host} sent us to {there.host}, its page for blocked visitors")
    if here.scheme == "https" and there.scheme == "http":
        raise _Failure(Health.REFUSED, f"{here.host} redirects from https to plain http at {there.host}")
    return there


def _conditions(validators: Mapping[str, str]) -> dict[str, str]:
    pairs = (("If-None-Match", validators.get("etag")), ("If-Modified-Since", validators.get("modified")))
    return {name: value for name, value in pairs if value}


def _validators(response: aiohttp.ClientResponse) -> dict[str, str]:
    pairs = (("etag", response.headers.get("ETag")), ("modified", response.headers.get("Last-Modified")))
    return {name: value for name, value in pairs if value and len(value) <= 1000}


def _window_bits(coding: str, first: bytes) -> int:
    """What zlib calls `wbits`. It tells gzip and zlib apart itself; some servers send bare deflate under that name."""
    bare = coding == "deflate" and first[0] & 0x0F != 8
    return -zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32


def _retry_at(response: aiohttp.ClientResponse, now: datetime) -> datetime | None:
    """Retry-After as an instant (RFC 9110 § 10.2.3: seconds or an HTTP date); None when absent or not readable."""
    text = response.headers.get("Retry-After", "").strip()
    try:
        if text.isdecimal():
            return now + timedelta(seconds=int(text))
        when = parsedate_to_datetime(text)
        return max(now, when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC))
    except (ValueError, TypeError, OverflowError):
        return None


def _time(response: aiohttp.ClientResponse) -> datetime | None:
    """What is kept on the way bears the time of its making, and its age."""
    try:
        made = parsedate_to_datetime(response.headers["Date"]).replace(tzinfo=UTC)
        return made + timedelta(seconds=int(response.headers.get("Age", 0)))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _status(response: aiohttp.ClientResponse, now: datetime) -> tuple[Health, str, datetime | None]:
    status, host = response.status, response.url.host
    said = f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip()
    if status in _GONE:
        return Health.GONE, said, None
    if status in _LOCKED or response.headers.get("cf-mitigated") == "challenge":
        return Health.BLOCKED, said, _retry_at(response, now)
    return Health.UNREACHABLE, said, _retry_at(response, now)


def _unreached(host: str, error: Exception) -> FetchFailed:
    """What went wrong on the way, as a person would say it."""
    host, health = getattr(error, "host", host), Health.UNREACHABLE
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=cause):
            why = _CERTIFICATE.get(getattr(cause, "verify_code", 0), "its certificate cannot be verified")
            said = f"the connection to {host} is not safe: {why}"
        case aiohttp.ClientConnectorDNSError():
            said = f'no host is called "{host}", or the name service does not answer'
        case aiohttp.ClientSSLError():
            said = f"{host} does not speak TLS as it should"
        case aiohttp.ClientConnectorError(os_error=cause) if AddressRefused.SENTENCE in str(cause):
            health, said = Health.REFUSED, f"{host} {AddressRefused.SENTENCE} that allow_hosts does not name"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            said = f"{host} refused the connection"
        case aiohttp.ClientConnectorError(os_error=cause):
            said = f"{host} could not be reached ({cause.strerror or 'no reason given'})"
        case aiohttp.ClientResponseError():
            said = f"{host} did not answer as a web server does"
        case ValueError():
            health, said = Health.REFUSED, f"the address of {host} is not written as a web address"
        case _:
            said = f"{host} broke off in the middle of its answer"
    return FetchFailed(health, printable(said))
