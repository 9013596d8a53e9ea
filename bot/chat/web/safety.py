"""What protects the site's visitors: headers, proof that a request came from our own page, and limits per visitor."""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

from aiohttp import web

# No script runs, nothing is loaded from elsewhere, and no other site can show ours in a frame.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
RETRY_AFTER: Final = {"Retry-After": "30"}  # seconds; with each 503, for programs
_OWN: Final = ("same-origin", "none")
_REMEMBERED: Final = 10_000  # visitors


def policy_with_script(nonce: str) -> str:
    """The policy of a page with the one script of ours that has this nonce. It may ask our own site, and make no HTML
    from text.
    """
    return f"{_POLICY}; script-src 'nonce-{nonce}'; connect-src 'self'; require-trusted-types-for 'script'"


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every response that does not set them itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def is_own(request: web.Request) -> bool:
    """Whether the browser says that no other site made the request. Browsers before 2023 do not say.

    https://www.w3.org/TR/fetch-metadata/
    """
    return request.headers.get("Sec-Fetch-Site", "same-origin") in _OWN


def form_token(cookie: str) -> str:
    """The token in each form of a session, which another site cannot know."""
    return sha256(f"form {cookie}".encode()).hexdigest()


def is_token(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def address(request: web.Request) -> str:
    """The visitor's address: behind a proxy on this machine or in its private network, the one that the proxy saw."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        near = _ip_address(remote)
        return str(_ip_address(forwarded)) if near.is_private and forwarded else str(near)
    except ValueError:
        return remote


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
