"""An outside organization's request to sign, and what a person must see before accepting it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.commands.model import Refused
from bot.letters.lifecycle import Dossier
from bot.people.members import signatory_problem
from bot.shared.urls import host_of, typed_address

LONGEST: Final = 200  # characters of a name or an address
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?P<domain>(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63})")
_WORD: Final = re.compile(r"\w+")
# Providers where anyone can open an account: an address there shows nothing about an organization.
_ANYONE: Final = frozenset(
    {
        *("aol.com", "fastmail.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com"),
        *("mail.com", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "yahoo.com", "ymail.com"),
        *("yandex.com", "zoho.com"),
    }
)


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
    """A stored request. `digest`: of the text it asked to sign, or confirmed last; `turn`: as in the table."""

    id: str
    number: int
    letter: str  # id
    given: Given
    digest: str
    stage: Stage
    asked_at: datetime
    turn: int = 1
    confirmed_at: datetime | None = None

    @property
    def name(self) -> str:
        return request_name(self.number)

    @property
    def domain(self) -> str:
        """The domain of its mail address."""
        return self.given.address.rpartition("@")[2]

    @property
    def organisation(self) -> str:
        """Its id among the letter's signatures."""
        return ally_id(self.given.legal_name)

    @property
    def at_own_domain(self) -> bool:
        """Whether the mail address is at the website's domain, at one above it or at one below it."""
        site = host_of(self.given.website)
        return site == self.domain or site.endswith(f".{self.domain}") or self.domain.endswith(f".{site}")


def is_open(letter: Dossier, now: datetime) -> bool:
    """Whether organizations can sign the letter now."""
    return letter.takes_signatures and letter.closes_at is not None and letter.closes_at > now


def request_name(number: int) -> str:
    """A request's name from its number: `A-012`."""
    return f"A-{number:03}"


def ally_id(legal_name: str) -> str:
    """The id of an outside organization among a letter's signatures, the same for spellings that differ in signs."""
    return f"ally:{'-'.join(_WORD.findall(legal_name.casefold())) or legal_name}"


def checked(legal_name: str, website: str, signatory: str, title: str, address: str, *, listed: bool) -> Given:
    """Return the fields in one form, or raise `Refused` for the first that cannot be right."""
    organization, person, role = (" ".join(text.split()) for text in (legal_name, signatory, title))
    for param, text, what in (
        ("legal_name", organization, "your organization's name"),
        ("signatory", person, "the name of the person who signs"),
        ("title", role, "that person's title"),
    ):
        if not text or len(text) > LONGEST or not text.isprintable():
            raise Refused(f"Write {what}, in at most {LONGEST} characters.", param=param)
    if problem := signatory_problem(person, (organization,)):
        raise Refused(problem, param="signatory")
    return Given(
        legal_name=organization,
        website=_site(website.strip()),
        signatory=person,
        title=role,
        address=_mail_address(address.strip()),
        listed=listed,
    )


def _site(typed: str) -> str:
    site = typed_address(typed)
    if not site or len(site) > LONGEST or "." not in host_of(site):
        raise Refused("Write your organization's website, such as www.example.org.", param="website")
    return site


def _mail_address(typed: str) -> str:
    match = _ADDRESS.fullmatch(typed.lower())
    if match is None or len(typed) > LONGEST or ".." in typed:
        raise Refused("Write one email address, such as director@example.org.", param="address")
    if match["domain"] in _ANYONE:
        raise Refused(
            f"Anyone can have an address at {match['domain']}. Use one at your organization's own domain.",
            param="address",
        )
    return typed.lower()
