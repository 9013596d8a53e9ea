"""Whether a domain takes mail, asked of DNS before a stranger's request has the bot write to an address there."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver
from dns.rdatatype import RdataType

_PATIENCE: Final = 3.0  # seconds for one question
_AT_ONCE: Final = 8  # domains that are asked about; with more, nobody waits
_REMEMBERED: Final = 1_000  # domains
_FRESH: Final = 600.0  # seconds


class MailExchanges:
    """Asks name servers. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float], resolver: dns.asyncresolver.Resolver | None = None) -> None:
        self._ticks = ticks
        self._resolver = resolver
        self._asking = 0
        self._known: OrderedDict[str, tuple[bool, float]] = OrderedDict()  # the answer, and until when it counts

    async def takes_mail(self, domain: str) -> bool:
        """Return False if the domain certainly takes none; True also if no name server says so in time."""
        answer, until = self._known.get(domain, (True, 0.0))
        if until > self._ticks() or self._asking >= _AT_ONCE:
            return answer
        self._asking += 1
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._has_server(domain)
        except (dns.exception.DNSException, OSError):  # TimeoutError is one
            return True
        finally:
            self._asking -= 1
        self._known[domain] = answer, self._ticks() + _FRESH
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return answer

    async def _has_server(self, domain: str) -> bool:
        """Look for MX records or, without any, an address: RFC 5321, 5.1. An MX of "." takes no mail: RFC 7505."""
        resolver = self._resolver or dns.asyncresolver.get_default_resolver()
        try:
            name = dns.name.from_text(f"{domain}.")
            exchanges = await resolver.resolve(name, RdataType.MX, raise_on_no_answer=False)
            if exchanges.rrset:
                return any(each.exchange != dns.name.root for each in exchanges.rrset)
            for kind in (RdataType.A, RdataType.AAAA):
                if (await resolver.resolve(name, kind, raise_on_no_answer=False)).rrset:
                    return True
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return False
        return False
