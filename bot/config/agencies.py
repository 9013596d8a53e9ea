"""The offices and agencies that a text names: those of the catalog, and those that publish in the Federal Register."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from bot.config import catalog
from bot.shared.agencies import agencies
from bot.watch import authors, drafts, lexicon

_BY_OTHERS: Final = 0.002  # of all documents: an acronym that more of the others have is not looked for
_SMALL: Final = ("and", "for", "of", "the")


def offices(text: str) -> list[str]:
    """The ids of the catalog's offices that a text names, by name or acronym."""
    offices_ = catalog.offices().items()
    return [
        id_
        for id_, office in offices_
        if catalog.place_of_name(text, id_, office["name"], office.get("also", ())) is not None
    ]


def owners(text: str) -> list[str]:
    """The ids of the offices that a text names, by their holder's title or their agency, in its order."""
    places = {}
    for id_, office in catalog.offices().items():
        title = text.casefold().find(office["name"].casefold())
        place = title if title >= 0 else catalog.place_of_name(text, id_, office["name"], office.get("also", ()))
        if place is not None:
            places[id_] = place
    return sorted(places, key=places.__getitem__)


def foia_office(owed_by: str) -> str:
    """The id of the office that takes FOIA requests for who owes something, or gets it; "" if none is known.

    An agency without its own has that of the agency above it.
    """
    for owner in owners(owed_by):
        id_ = owner
        while agency := agencies().get(id_):
            if "foia" in agency:
                return f"{id_}{catalog.FOIA}"
            id_ = agency.get("part_of", "")
    return ""


def of_offices(ids: Sequence[str]) -> list[str]:
    """The Register's names of the agencies that these offices answer for; NIOSH publishes as the CDC, above it."""
    slugs: list[str] = []
    for id_ in ids:
        agency = agencies().get(id_, {})
        while agency and "register" not in agency:
            agency = agencies().get(agency.get("part_of", ""), {})
        slugs += agency.get("register", ())
    return list(dict.fromkeys(slugs))


def named(text: str, spelled: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """The Register's names of the agencies that a text names. `spelled`: what its acronyms stand for."""
    explained = (name for acronym, name in spelled.items() if re.search(rf"\b{acronym}\b", text))
    whole = "\n".join([text, *explained])
    return list(dict.fromkeys([*of_offices(offices(whole)), *authors.named(whole, lexicon.shipped())]))


def bodies() -> set[str]:
    """The names and acronyms of offices and agencies, which tell no subject."""
    called = {
        also
        for id_, office in catalog.offices().items()
        for also in (id_.upper(), office["name"].rpartition(", ")[2], *office.get("also", ()))
    }
    return called | authors.acronyms(lexicon.shipped()).keys()


def draft(text: str) -> tuple[str, str]:
    """The queries that are drafted from a sentence: for all that is read, and for the agencies it names."""
    spelled = authors.spelled_out(text)
    return drafts.queries([(text, named(text, spelled))], lexicon.shipped(), bodies(), spelled)[1]


def name(slug: str) -> str:
    """The name of an agency: the catalog's, or as the Register's own name for it gives it."""
    words = (word if word in _SMALL else word.capitalize() for word in slug.split("-"))
    return next((agency["name"] for agency in _called(slug)), " ".join(words))


def query(slug: str) -> str:
    """The query for what an agency publishes, and for what names it; others name FEMA in each declared disaster."""
    table = lexicon.shipped()
    own = table.authors.get(slug, 0) / table.documents
    short = [agency["short"] for agency in _called(slug) if agency.get("short", "").isupper()]
    rare = [each for each in short if len(each) > 2 and table.rate(each.casefold()) <= own + _BY_OTHERS]
    return " OR ".join([f"agency:{slug}", f'"{name(slug)}"', *rare])


def above(slug: str) -> list[str]:
    """The Register's names of the agencies that one with this name is part of."""
    return of_offices([agency["part_of"] for agency in _called(slug) if "part_of" in agency])


def _called(slug: str) -> list[Mapping[str, Any]]:
    return [agency for agency in agencies().values() if slug in agency.get("register", ())]
