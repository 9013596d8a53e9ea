"""Which IP addresses a fetch may reach, checked on the address actually connected to, at every hop.

Checking the URL or what its host resolves to is not enough: a literal address needs no resolver, and a name may
resolve to a public address now and to a private one a moment later.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from typing import Any

from bot.shared.errors import CoalitionBotError

# An operator may allow these by naming a host: this machine and its private networks.
_INSIDE = [
    ip_network(block)
    for block in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # carriers' and overlay networks
        "fc00::/7",
    )
]
# Never allowed. `is_global` is true for some of these in Python 3.11; others embed a second address.
_NEVER = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata service of cloud hosts
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/3",  # multicast and reserved
        # Public IPv6 is 2000::/3. Outside of it are all that have IPv4 inside (compatible, mapped, translated, NAT64),
        # and link-local, site-local and multicast.
        "::/3",  # ::1 is in _INSIDE
        "4000::/2",
        "8000::/1",
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4: IPv4 inside
    )
]

_inside_allowed: ContextVar[bool] = ContextVar("inside_allowed", default=False)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class AddressRefused(CoalitionBotError, OSError):
    """The connection would have gone to a loopback, private or reserved address."""

    SENTENCE = "leads to a private or reserved address"

    def __init__(self) -> None:
        # aiohttp merges the failures of a host's addresses by their text, so every address has the same one.
        super().__init__(self.SENTENCE)


def permitted(address: str, *, inside: bool) -> bool:
    """Whether a connection to this IP address is allowed; `inside`: the operator has allowed its host."""
    ip = ip_address(address)
    if any(ip in network for network in _INSIDE):
        return inside
    return ip.is_global and not any(ip in network for network in _NEVER)


@contextmanager
def reaching_inside(allowed: bool) -> Iterator[None]:
    """Let connections opened in this context reach loopback and private addresses, if `allowed`."""
    token = _inside_allowed.set(allowed)
    try:
        yield
    finally:
        _inside_allowed.reset(token)


def guarded_socket(info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
    """A socket for this address, for aiohttp's `socket_factory`. Raises `AddressRefused`."""
    family, kind, protocol, _, address = info
    if not permitted(str(address[0]), inside=_inside_allowed.get()):
        raise AddressRefused
    return socket.socket(family=family, type=kind, proto=protocol)
