"""What a letter is about, the facts that its texts are rendered from, and the texts as rendered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.config.coalition import Coalition
from bot.congress.model import Addressee
from bot.deadlines.model import Claim
from bot.letters.lifecycle import Dossier, Text
from bot.letters.statements.sourcing import Citable


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a letter is about, as its author chose it: with its template and addressees, all that a draft needs.

    `bill`, `entry` and `duty` are ids, "" for none. `signon`: whether it is written for other organizations to sign.
    `fields`: the typed values of the template's own fields.
    """

    ask: int | None = None
    bill: str = ""
    entry: str = ""
    duty: str = ""
    signon: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, letter: Dossier) -> Topic:
        stored = letter.facts
        return cls(
            ask=letter.ask,
            bill=str(stored.get("bill", "")),
            entry=str(stored.get("entry") or letter.entry or ""),
            duty=str(stored.get("duty", "")),
            signon=bool(stored.get("signon")),
            fields=stored.get("fields", {}),
        )

    def stored_with(self, facts: Facts) -> dict[str, Any]:
        """What a letter stores of its topic, with its addressees' names and what it may cite, by its newest facts."""
        about = {"bill": self.bill, "entry": self.entry, "duty": self.duty, "signon": self.signon}
        return {**about, "fields": dict(self.fields), "names": facts.names, "about": facts.citable.dump()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An addressee on one day. `facts`: the fact `addressee` of templates; `people`: Bioguide ids of the members."""

    address: Addressee
    facts: Mapping[str, Any]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a letter's texts are rendered from, as of one moment.

    `common`: the facts that all addressees share, as templates get them (plain values); `recipients`: by addressee id;
    `claims`: for each authority that the template may cite, the claim or the reason it may not be made; `citable`: what
    the letter may cite because it is about it.
    """

    common: Mapping[str, Any]
    recipients: Mapping[str, Recipient]
    claims: Mapping[str, Claim | str] = field(default_factory=dict)
    citable: Citable = field(default_factory=Citable)

    def given_to(self, id_: str) -> dict[str, Any]:
        """What the template is rendered with for this addressee."""
        return {**self.common, "addressee": self.recipients[id_].facts}

    @property
    def names(self) -> dict[str, str]:
        """The addressees' names by id."""
        return {id_: recipient.address.name for id_, recipient in self.recipients.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A template's texts before people edited them. `facts`: None if they were not stored, before version 0.3."""

    texts: tuple[Text, ...]
    facts: Facts | None


def of_coalition(coalition: Coalition) -> dict[str, Any]:
    """The fact `coalition` of templates."""
    signer, media = coalition.signer, coalition.media_contact
    return {
        "name": coalition.name,
        "short": coalition.short,
        "contact": coalition.contact,
        "about": coalition.about,
        "address": list(coalition.address),
        "phone": coalition.phone,
        "site": coalition.site,
        "signer": {"name": signer.name, "title": signer.title} if signer else None,
        "media_contact": {"name": media.name, "phone": media.phone, "email": media.email} if media else None,
        "asks": [ask.text or ask.title for ask in coalition.asks.values()],
        "members": [member.name for member in coalition.members.values()],
    }
