"""What protects the site's visitors: headers, proof that a request came from our own page, and limits per visitor."""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# No script runs, nothing is loaded from elsewhere, and no other site can show ours in a frame.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
FRAMED: Final = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")  # of a page that others may show
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers hide the origin of our own forms too
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
RETRY_AFTER: Final = {"Retry-After": "30"}  # seconds; with each 503, for programs
_OWN: Final = ("same-origin", "none")
_REMEMBERED: Final = 10_000  # visitors


def policy_with_script(nonce: str) -> str:
    """The policy of a page with our script of this nonce, which may ask our own site, and make no HTML from text."""
    return f"{_POLICY}; script-src 'nonce-{nonce}'; connect-src 'self'; require-trusted-types-for 'script'"


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every response that does not set them itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def is_own(request: web.Request) -> bool:
    """Whether the browser says that no other site made the request. Those before 2023 name its origin, if at all.

    https://www.w3.org/TR/fetch-metadata/
    """
    origin = request.headers.get("Origin")
    other = origin is not None and origin.partition("://")[2].lower() != request.host.lower()
    return request.headers.get("Sec-Fetch-Site", "cross-site" if other else "same-origin") in _OWN


def form_token(cookie: str) -> str:
    """The token in each form of a session, which another site cannot know."""
    return sha256(f"form {cookie}".encode()).hexdigest()


def is_token(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def behind(proxies: Sequence[Network]) -> Middleware:
    """Return what gives a request the visitor's address as its `remote`, where these proxies passed it on."""

    @web.middleware
    async def pass_on(request: web.Request, handler: Handler) -> web.StreamResponse:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        if not forwarded:
            return await handler(request)
        return await handler(request.clone(remote=visitor_address(request.remote or "", forwarded, proxies)))

    return pass_on


def visitor_address(remote: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """Return the address that the outermost trusted proxy saw: anyone can write what is before it into the header.

    `remote`: who is connected to us. `forwarded`: X-Forwarded-For, to which each proxy adds whom it saw.
    """
    seen = remote
    with suppress(ValueError):
        for hop in reversed(forwarded.split(",")):
            ip = _ip_address(seen)
            if not any(ip in each for each in proxies):
                break
            # Some proxies write `203.0.113.7:4711` and `[2001:db8::1]:4711`.
            host = hop.strip().removeprefix("[").partition("]")[0]
            seen = str(_ip_address(host.partition(":")[0] if host.count(":") == 1 else host))
    return seen


def visitor(request: web.Request) -> str:
    """Return what limits count as one visitor: an IPv4 address, or the /64 that one connection gets of IPv6."""
    return network(request, 32, 64)


def network(request: web.Request, prefix_4: int = 24, prefix_6: int = 48) -> str:
    """Return the visitor's network: without other prefixes, as large as providers give out."""
    try:
        ip = _ip_address(request.remote or "")
    except ValueError:
        return request.remote or ""
    return str(ipaddress.ip_network((ip, prefix_4 if ip.version == 4 else prefix_6), strict=False))


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address; as IPv4 if a socket for both kinds wrote it as IPv6. Raises `ValueError`."""
    ip = ipaddress.ip_address(text)
    return (ip.version == 6 and ip.ipv4_mapped) or ip


class RateLimit:
    """At most `most` requests of a visitor in `seconds`, measured with a monotonic clock."""

    def __init__(self, most: int, seconds: float, ticks: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._ticks = ticks
        self._free_at: OrderedDict[str, float] = OrderedDict()  # when each visitor has all requests again

    def allows(self, visitor: str) -> bool:
        """Count a request of the visitor, unless there were too many."""
        now = self._ticks()
        free_at = max(self._free_at.pop(visitor, now), now) + self._seconds / self._most
        allowed = free_at - now <= self._seconds
        self._free_at[visitor] = free_at if allowed else free_at - self._seconds / self._most
        if len(self._free_at) > _REMEMBERED:
            self._free_at.popitem(last=False)
        return allowed


def own_path(given: Mapping[str, str]) -> str:
    """The page to show after the log-in: a path of this site, whose second character names no host, or home."""
    to = given.get("to", "")
    return to if to.startswith("/") and to[1:2] not in ("/", "\\") and to.isprintable() and len(to) <= 2_000 else "/"
