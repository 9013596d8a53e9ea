"""What DNS says about a domain's mail: whether receivers trust what comes from it, and whether it takes any.

`check --online` asks whether the domain of MAIL_FROM has SPF, DKIM and DMARC. A missing record is named with the line
to add. A key's name (selector) is the provider's choice and cannot be listed, so DKIM is judged by whether anything is
published below `_domainkey`.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver
from dns.rdatatype import RdataType

from bot.shared.answer import Finding, State
from bot.shared.errors import CoalitionBotError

_PATIENCE: Final = 5.0  # seconds for one question
_MOST: Final = 50  # records of one name that are looked at
_SPF: Final = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_DMARC: Final = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)", re.IGNORECASE)
_POLICY: Final = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
_FOR_ALL: Final = re.compile(r"(?:^| )\+?all(?: |$)", re.IGNORECASE)
# Some name servers deny `_domainkey` although names below it exist; these are what large providers use.
_SELECTORS: Final = (
    *("default", "dkim", "google", "k1", "mail", "s1", "s2", "selector1", "selector2", "fm1", "protonmail"),
)
# Of the domains that strangers name.
_PATIENCE_FOR_STRANGERS: Final = 3.0  # seconds for one question
_AT_ONCE: Final = 8  # domains that are asked about; with more, nobody waits
_REMEMBERED: Final = 1_000  # domains
_FRESH: Final = 600.0  # seconds


class NoAnswer(CoalitionBotError):
    """No name server answered."""


async def check_domain(domain: str, resolver: dns.asyncresolver.Resolver | None = None) -> list[Finding]:
    """Return a finding each for SPF, DKIM and DMARC of a domain, or one if no name server answers."""
    subject = f"mail: {domain}"
    try:
        resolver = resolver or dns.asyncresolver.Resolver()
        resolver.lifetime = _PATIENCE
        return list(await asyncio.gather(_spf(resolver, domain), _dkim(resolver, domain), _dmarc(resolver, domain)))
    except (NoAnswer, dns.exception.DNSException) as error:
        why = f"its DNS records could not be read ({type(error).__name__})"
        return [Finding(subject, State.LOOK, why, "Check the network and the name servers of this machine.")]


async def _spf(resolver: dns.asyncresolver.Resolver, domain: str) -> Finding:
    subject = f"mail: SPF of {domain}"
    records = [text for text in (await _texts(resolver, domain))[0] if _SPF.match(text)]
    if not records:
        add = f"Add a TXT record at {domain}: v=spf1 include:YOUR-PROVIDER -all. Your provider names the include."
        return Finding(subject, State.LOOK, "missing: receivers cannot tell which servers may send for it", add)
    if len(records) > 1:
        merge = f"Merge them into one TXT record at {domain}."
        return Finding(subject, State.BAD, f"there are {len(records)} records, and receivers ignore all", merge)
    if _FOR_ALL.search(records[0]):
        return Finding(subject, State.BAD, "it lets any server send for the domain (+all)", "End it with -all.")
    return Finding(subject, State.GOOD, "is there")


async def _dkim(resolver: dns.asyncresolver.Resolver, domain: str) -> Finding:
    subject = f"mail: DKIM of {domain}"
    names = [f"_domainkey.{domain}", *(f"{selector}._domainkey.{domain}" for selector in _SELECTORS)]
    if any(exists for _, exists in await asyncio.gather(*(_texts(resolver, name) for name in names))):
        sentence = "keys are published; a mail that you received names the one that signed it (DKIM-Signature, s=)"
        return Finding(subject, State.GOOD, sentence)
    add = "Turn on DKIM at your mail provider, and add the record that it names, such as "
    return Finding(
        subject, State.LOOK, "no key was found: receivers cannot tell that mail is yours",
        f"{add}SELECTOR._domainkey.{domain}.",
    )  # fmt: skip


async def _dmarc(resolver: dns.asyncresolver.Resolver, domain: str) -> Finding:
    subject = f"mail: DMARC of {domain}"
    labels = domain.split(".")
    # The domain and those above it, but for the last label; DMARC looks at eight at most.
    for parent in [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))][:8]:
        records = [text for text in (await _texts(resolver, f"_dmarc.{parent}"))[0] if _DMARC.match(text)]
        if len(records) > 1:
            merge = f"Leave one TXT record at _dmarc.{parent}."
            return Finding(subject, State.BAD, f"there are {len(records)} records, and receivers ignore all", merge)
        if records:
            policy = _POLICY.search(records[0])
            where = "" if parent == domain else f" (at {parent})"
            if policy:
                return Finding(subject, State.GOOD, f"is there, p={policy[1].lower()}{where}")
            fix = f"Write it as v=DMARC1; p=none; rua=mailto:postmaster@{parent}"
            return Finding(subject, State.BAD, f"has no policy (p=){where}", fix)
    add = f"Add a TXT record at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    return Finding(subject, State.LOOK, "missing: large providers may refuse mail without it", add)


async def _texts(resolver: dns.asyncresolver.Resolver, name: str) -> tuple[list[str], bool]:
    """The TXT records of a name, and whether the name exists. Raises `NoAnswer`."""
    try:
        answer = await resolver.resolve(f"{name}.", RdataType.TXT, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return [], False
    except (dns.resolver.NoNameservers, dns.exception.Timeout, OSError) as error:
        raise NoAnswer from error
    records = list(answer.rrset or ())[:_MOST]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in records], True


async def text_record(name: str, resolver: dns.asyncresolver.Resolver | None = None) -> str | None:
    """The TXT record of a DKIM key; "" without one, None if no name server answers.

    NXDOMAIN says "without one" of a name that has no names below it, as a key has none; of others it may be wrong.
    """
    try:
        resolver = resolver or dns.asyncresolver.Resolver()
        resolver.lifetime = _PATIENCE
        return next(iter((await _texts(resolver, name))[0]), "")
    except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
        return ""
    except (NoAnswer, dns.exception.DNSException):
        return None


class MailExchanges:
    """Tells whether a domain takes mail, before the bot writes there for a stranger. `ticks`: monotonic seconds."""

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
            async with asyncio.timeout(_PATIENCE_FOR_STRANGERS):
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
