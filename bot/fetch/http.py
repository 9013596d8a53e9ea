"""The HTTP client for all sources: conditional, size-capped, rate-limited, guarded. Failures are values."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

import bot
from bot.shared.address_guard import AddressRefused, guarded_socket, reaching_inside
from bot.shared.answer import Body, Failure, FetchFailed, Health, Unchanged, checked
from bot.shared.failpoint import failpoint

_LOCKED = (403, 407, 451)
_GONE = (404, 410)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
# OpenSSL's verification codes in plain English.
_CERTIFICATE = {
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is self-signed",
    20: "its certificate is signed by an authority this machine does not know",
    21: "its certificate is signed by an authority this machine does not know",
    62: "its certificate is for another host name",
    64: "its certificate is for another address",
}
Read = TypeVar("Read")
_NONE: Mapping[str, str] = MappingProxyType({})
_REDIRECTS = (301, 302, 303, 307, 308)
# Titles of the challenge pages of Cloudflare, Akamai, Imperva and federalregister.gov.
_CHALLENGE = re.compile(
    rb"<title[^>]*>[^<]*(?:just a moment|request access|access denied|attention required|pardon our interruption)",
    re.IGNORECASE,
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)", re.IGNORECASE)


def printable(text: str) -> str:
    """`text` with control characters escaped, so that a server's headers cannot forge terminal or log output."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def by_status(response: aiohttp.ClientResponse, now: datetime) -> Failure:
    """The failure for an answer with an error status."""
    status, host = response.status, response.url.host
    detail = f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip()
    if status in _GONE:
        return Failure(Health.GONE, detail)
    if status == HTTPStatus.UNAUTHORIZED:
        return Failure(Health.NEEDS_KEY, detail)
    if status in _LOCKED or response.headers.get("cf-mitigated") == "challenge":
        return Failure(Health.BLOCKED, detail, retry_at(response, now))
    return Failure(Health.UNREACHABLE, detail, retry_at(response, now))


def by_error(host: str, error: Exception) -> FetchFailed:
    """The answer for a network error, in plain English."""
    host, health = getattr(error, "host", host), Health.UNREACHABLE
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=cause):
            reason = _CERTIFICATE.get(getattr(cause, "verify_code", 0), "its certificate cannot be verified")
            detail = f"the connection to {host} is not safe: {reason}"
        case aiohttp.ClientConnectorDNSError():
            detail = f'host "{host}" was not found, or DNS does not answer'
        case aiohttp.ClientSSLError():
            detail = f"{host} failed the TLS handshake"
        case aiohttp.ClientConnectorError(os_error=cause) if AddressRefused.SENTENCE in str(cause):
            health, detail = Health.REFUSED, f"{host} {AddressRefused.SENTENCE} that allow_hosts does not name"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            detail = f"{host} refused the connection"
        case aiohttp.ClientConnectorError(os_error=cause):
            detail = f"{host} could not be reached ({cause.strerror or 'no reason given'})"
        case aiohttp.ClientResponseError():
            detail = f"{host} did not answer with valid HTTP"
        case ValueError():
            health, detail = Health.REFUSED, f"the address of {host} is not a valid web address"
        case _:
            detail = f"{host} closed the connection in the middle of its answer"
    return FetchFailed(health, printable(detail))


def retry_at(response: aiohttp.ClientResponse, now: datetime) -> datetime | None:
    """When a server says it may be asked again; None if it does not say, or not readably.

    Retry-After (RFC 9110 § 10.2.3): seconds or an HTTP date.
    """
    text = response.headers.get("Retry-After", "").strip()
    try:
        if text.isdecimal():
            return now + timedelta(seconds=int(text))
        when = parsedate_to_datetime(text)
        return max(now, when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC))
    except (ValueError, TypeError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one fetch, and of the load on a host."""

    wire: int = 5_000_000  # bytes of a body as they travel
    decoded: int = 10_000_000  # bytes of a body unpacked
    seconds: float = 30  # of network time with redirects, without the wait for our turn
    hops: int = 5
    gap: float = 1  # seconds between two requests to one host
    per_host: int = 2  # connections to one host at a time


@dataclass(frozen=True, slots=True)
class _Request:
    """One request. `private` headers may contain a key. `any_status`: an answer with an error status is an answer."""

    url: str
    validators: Mapping[str, str]
    plain: Mapping[str, str]
    private: Mapping[str, str]
    method: str = "GET"
    payload: bytes | None = None
    gap: float = 0
    size: int = 0  # bytes of the body that are accepted, if more than the limits
    any_status: bool = False

    def headers(self, *, same_origin: bool) -> dict[str, str]:
        """`same_origin`: the request goes to the origin of `url`, so private headers are sent."""
        names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
        marks = {name: self.validators.get(key, "") for key, name in names.items()}
        conditions = {name: mark for name, mark in marks.items() if _fits_header(mark)}
        return {**self.plain, **conditions, **(self.private if same_origin else {})}


def _fits_header(value: str) -> bool:
    """Whether a validator can be sent back: servers send any bytes, which no request may repeat."""
    return 0 < len(value) <= 1000 and value.isascii() and value.isprintable()


def user_agent(contact: str) -> str:
    """The User-Agent: name, version and contact."""
    return f"coalition-bot/{bot.__version__} (+{contact})"


class Pacing:
    """How often each host is asked, by all fetchers that share it."""

    def __init__(self, limits: Limits) -> None:
        self.gap = limits.gap
        self._per_host = limits.per_host
        # By host, while it is asked or someone waits for that: redirects may name ever more hosts.
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        # Host → when it may be asked again, in the loop's time; the one that was asked last is the last.
        self._next: dict[str, float] = {}

    def connections(self, host: str) -> asyncio.Semaphore:
        """The connections to the host, of which each request needs one."""
        return self._slots.get(host) or self._slots.setdefault(host, asyncio.Semaphore(self._per_host))

    async def wait(self, host: str, gap: float) -> None:
        """With a connection to the host, wait until `gap` seconds, or the limits', after the last request."""
        now = asyncio.get_running_loop().time()
        due = max(self._next.pop(host, now), now)
        while self._next and self._next[first := next(iter(self._next))] <= now:
            del self._next[first]
        self._next[host] = due + max(gap, self.gap)
        if due > now:
            await asyncio.sleep(due - now)


class Fetcher:
    """One HTTP client for all sources of a coalition.

    `allow_hosts` are host names that may resolve to loopback or private addresses. A redirect may go there only within
    the requested origin, or if the name is listed with the port (`host:port`). `tls` replaces the machine's trust
    store. `pacing`: that of other fetchers of this process. Call `close` when done: the session is opened at the first
    `get`.
    """

    def __init__(
        self,
        agent: str,
        *,
        allow_hosts: Iterable[str] = (),
        limits: Limits = Limits(),
        tls: ssl.SSLContext | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self._agent = agent
        self._allow = frozenset(host.casefold() for host in allow_hosts)
        self._limits = limits
        self._tls = tls
        self._open: aiohttp.ClientSession | None = None
        self._pacing = pacing or Pacing(limits)

    def identify_as(self, agent: str) -> None:
        """Send this User-Agent from now on."""
        self._agent = agent

    async def get(
        self,
        url: str,
        validators: Mapping[str, str] = _NONE,
        *,
        now: datetime,
        accept: str = "*/*",
        headers: Mapping[str, str] = _NONE,
        gap: float = 0,
        size: int = 0,
    ) -> Body | Unchanged | FetchFailed:
        """Get `url`; `Unchanged` if it still matches `validators` from the last answer.

        `headers` may contain a key: they are sent only to the URL's own origin, not after a redirect elsewhere. A
        Retry-After counts from `now` (UTC). `gap`: seconds before the next request to this host, if it asks for more
        than the default. `size`: bytes of the body to accept, where that is more than the limits. Failure details name
        the host, never the rest of the URL.
        """
        return await self._ask(_Request(url, validators, {"Accept": accept}, headers, gap=gap, size=size), now)

    async def read(self, url: str, read: Callable[[Body], Read | FetchFailed], now: datetime, **options: Any) -> Read:
        """What `read`, in a thread, makes of the whole answer of `url`, got with `get`. Raises `Failure`."""
        response = checked(await self.get(url, now=now, **options))
        assert isinstance(response, Body)  # without validators the answer always comes in full
        return checked(await asyncio.to_thread(read, response))

    async def post(self, url: str, payload: Mapping[str, Any], *, now: datetime) -> Body | FetchFailed:
        """POST JSON to an API under the same limits as `get`. Redirects are not followed."""
        plain = {"Accept": "application/json", "Content-Type": "application/json"}
        response = await self._ask(_Request(url, _NONE, plain, _NONE, "POST", json.dumps(payload).encode()), now)
        assert not isinstance(response, Unchanged)  # without validators the answer always comes in full
        return response

    async def send(
        self,
        method: str,
        url: str,
        data: bytes,
        *,
        now: datetime,
        content_type: str,
        accept: str = "*/*",
        headers: Mapping[str, str] = _NONE,
    ) -> Body | FetchFailed:
        """Send `data` once to an API that writes, and return its answer whatever the status.

        After a `FetchFailed` the request may have been carried out. Redirects are not followed; `headers` as in `get`.
        """
        plain = {"Accept": accept, "Content-Type": content_type}
        request = _Request(url, _NONE, plain, headers, method, data, any_status=True)
        response = await self._ask(request, now)
        assert not isinstance(response, Unchanged)
        return response

    async def _ask(self, request: _Request, now: datetime) -> Body | Unchanged | FetchFailed:
        host = "this address"
        try:
            target = _check_url(request.url)
            host = str(target.host)
            response = await self._follow(target, request, now)
        except Failure as failure:
            return replace(failure.answer, detail=printable(failure.answer.detail))
        except TimeoutError:
            return FetchFailed(
                Health.UNREACHABLE, f"{host} did not answer in full within {self._limits.seconds:g} seconds"
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return by_error(host, error)
        failpoint("fetch")
        return response

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
                headers={"Accept-Encoding": "gzip, deflate"},
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
            )
        return self._open

    async def _follow(self, first: URL, request: _Request, now: datetime) -> Body | Unchanged:
        target, moved_to, for_good, left = first, None, True, self._limits.seconds
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.hops + 1):
            headers = request.headers(same_origin=target.origin() == first.origin()) | {"User-Agent": self._agent}
            host = str(target.host)
            async with self._pacing.connections(host):
                await self._pacing.wait(host, request.gap)
                started = clock()
                with reaching_inside(self._may_be_inside(target, first)):
                    async with (
                        asyncio.timeout(left),
                        self._session().request(
                            request.method, target, headers=headers, data=request.payload, allow_redirects=False
                        ) as response,
                    ):
                        if response.status not in _REDIRECTS:
                            return await self._read(response, request, now, moved_to)
                        if request.payload is not None:
                            raise Failure(Health.REFUSED, f"{target.host} redirects the bot to another address")
                        for_good = for_good and response.status in (301, 308)
                        target = _next_hop(target, response.headers.get("Location", ""))
                left -= clock() - started
            moved_to = str(target) if for_good else moved_to
        raise Failure(Health.REFUSED, f"{first.host} redirects more than {self._limits.hops} times")

    def _may_be_inside(self, target: URL, first: URL) -> bool:
        host = str(target.host).casefold()
        if f"{host}:{target.port}" in self._allow:
            return True
        if host not in self._allow:
            return False
        if target.origin() == first.origin():
            return True
        where = f"{target.scheme}://{host}:{target.port}"
        raise Failure(
            Health.REFUSED, f"{first.host} redirects to {where}, which allow_hosts does not name with its port"
        )

    async def _read(
        self, response: aiohttp.ClientResponse, request: _Request, now: datetime, moved_to: str | None
    ) -> Body | Unchanged:
        host, validators = response.url.host, request.validators
        given = {"etag": response.headers.get("ETag"), "modified": response.headers.get("Last-Modified")}
        fresh = {name: value for name, value in given.items() if value and _fits_header(value)}
        if response.status == 304:
            if not validators:
                raise Failure(Health.MALFORMED, f'{host} answered "not modified" to a first request')
            return Unchanged({**validators, **fresh})
        if response.status not in (200, 203, 503) and not request.any_status:
            raise by_status(response, now)
        data = await self._body(response, request.size)
        if not request.any_status:
            start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
            if _HTML.match(start) and _CHALLENGE.search(start):
                raise Failure(Health.BLOCKED, f"{host} sent a page that checks for robots", retry_at(response, now))
            if response.status == 503:
                raise by_status(response, now)
            fresh["hash"] = hashlib.sha256(data).hexdigest()
            if fresh["hash"] == validators.get("hash"):
                return Unchanged(fresh)
        kind = response.headers.get("Content-Type", "")
        return Body(str(response.url), response.status, kind, data, fresh, moved_to)

    async def _body(self, response: aiohttp.ClientResponse, size: int) -> bytes:
        """The decompressed body. zlib is given the remaining size limit, so a zip bomb is never unpacked."""
        wire, decoded = max(size, self._limits.wire), max(size, self._limits.decoded)
        host, coding = response.url.host, response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Failure(Health.REFUSED, f'{host} used a compression that the bot did not ask for ("{coding[:40]}")')
        compressed, received, data = coding not in ("", "identity"), 0, bytearray()
        decompressor = None
        async for chunk in response.content.iter_any():
            received += len(chunk)
            if received > wire:
                raise Failure(Health.TOO_LARGE, f"{host} sends more than {wire / 1e6:g} MB")
            if compressed and decompressor is None:  # some servers send raw deflate without a header
                raw = coding == "deflate" and chunk[0] & 0x0F != 8
                decompressor = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)
            try:
                data += decompressor.decompress(chunk, decoded - len(data) + 1) if decompressor else chunk
            except zlib.error as error:
                raise Failure(Health.MALFORMED, f"{host} sent a body that cannot be decompressed") from error
            if len(data) > decoded:
                raise Failure(Health.TOO_LARGE, f"{host} sends more than {decoded / 1e6:g} MB, decompressed")
        if decompressor is not None and not decompressor.eof:
            raise Failure(Health.UNREACHABLE, f"{host} closed the connection in the middle of its answer")
        return bytes(data)


@lru_cache(1_024)  # yarl keeps with a URL what aiohttp needs of it: a ninth of what an unchanged source takes
def _check_url(url: str) -> URL:
    try:
        target = URL(url)
    except ValueError as error:
        raise Failure(Health.REFUSED, "this is not a web address") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise Failure(Health.REFUSED, "only http and https addresses with a host name are read")
    if target.user is not None or target.password is not None:
        raise Failure(Health.REFUSED, f"the address of {target.host} contains a user name or password")
    return target


def _next_hop(current: URL, location: str) -> URL:
    try:
        target = current.join(URL(location))
    except ValueError:
        target = URL()
    if not location or target.scheme not in ("http", "https") or not target.host or target.user is not None:
        scheme = f" ({target.scheme[:20]}:)" if target.scheme not in ("", "http", "https") else ""
        raise Failure(Health.REFUSED, f"{current.host} redirects to something that is not a web address{scheme}")
    if target.host.startswith("unblock."):  # federalregister.gov's page for suspected robots
        raise Failure(Health.BLOCKED, f"{current.host} sent us to {target.host}, its page for blocked visitors")
    if current.scheme == "https" and target.scheme == "http":
        raise Failure(Health.REFUSED, f"{current.host} redirects from https to plain http at {target.host}")
    return target
