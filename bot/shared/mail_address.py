"""Mail addresses as people type them, and email that anyone may have written. Pure."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from typing import Final

# RFC 5321's dot-string and its limits. Quoted local parts and address literals are legal, and nobody has one.
_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>{_LABEL}(?:\.{_LABEL})+|localhost)", re.IGNORECASE
)
_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64


def normalize_address(typed: str) -> str | None:
    """Return the address with its domain in lower case and in ASCII; None if it is not one."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        address = f"{local}{at}{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        return None
    match = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST else None
    return address if match and len(match["local"]) <= _LONGEST_LOCAL else None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox's. Local parts are compared without case, as every large provider does."""
    return one.casefold() == other.casefold()


def tagged(address: str, tag: str) -> str:
    """Return the address with a tag that comes back with the answer: `bot+TAG@example.org` (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"


def tag_of(address: str, ours: str) -> str:
    """Return the tag of an address that `tagged(ours, …)` made; "" if it is another."""
    local, _, domain = ours.casefold().rpartition("@")
    theirs, _, their_domain = address.casefold().rpartition("@")
    base, plus, tag = theirs.partition("+")
    return tag if plus and base == local and their_domain == domain else ""


_LONGEST_HEADER: Final = 1_000  # characters of a header that are read
# Python compares each line with the boundaries of all parts around it. A report, and a mail in it, have five.
_BOUNDARY: Final = re.compile(rb"boundary[\s*\d]*=", re.IGNORECASE)
_MOST_BOUNDARIES: Final = 20


class _Short(Compat32):
    """Cuts each header of a mail and of its parts: `email` takes the square of its length to find the parameters."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, text = super().header_source_parse(sourcelines)
        return name, text[:_LONGEST_HEADER]


_POLICY: Final = _Short()


def has_many_parts(data: bytes) -> bool:
    """Whether a mail has more parts than any real one, which would take long to parse."""
    return len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES


def parse_mail(data: bytes) -> Message:
    """Return the mail with its parts, in linear time. Raises `RecursionError` if they are nested too deeply."""
    return message_from_bytes(data, policy=_POLICY)
