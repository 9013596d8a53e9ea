"""The federal agencies that ship with the bot, as `agencies.yml` has them: names, offices and news."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from bot.shared.yaml_text import shipped_yaml

_KINDS: Final = frozenset({"Department", "Office", "Bureau"})
_WITH_THE: Final = frozenset({"Treasury", "Interior", "Army", "Navy", "Air Force"})
# A name with one of these takes "the", but "U.S. Customs and Border Protection" does not.
_TAKES_ARTICLE: Final = frozenset(
    {
        *("Administration", "Agency", "Authority", "Bank", "Board", "Bureau", "Center", "Centers", "Commission"),
        *("Committee", "Corporation", "Corps", "Council", "Department", "Division", "Endowment", "Foundation"),
        *("Institute", "Institutes", "Library", "Office", "Service", "System"),
    }
)


@cache
def agencies() -> Mapping[str, Mapping[str, Any]]:
    """Return each agency's section, by id."""
    sections: Mapping[str, Mapping[str, Any]] = shipped_yaml("bot.shared", "agencies")
    return sections


def called(short: str) -> tuple[str, str] | None:
    """Return (the Register's slug, or the name where it has none; the name) of the agency with this short name."""
    return _by_short_name().get(short.casefold())


@cache
def _by_short_name() -> Mapping[str, tuple[str, str]]:
    return {
        agency["short"].casefold(): (next(iter(agency.get("register", ())), agency["name"]), agency["name"])
        for agency in agencies().values()
        if "short" in agency
    }


def agency_in_a_sentence(agency: str) -> str:
    """An agency's name for use in a sentence, from the Federal Register's form.

    The Register writes "Homeland Security Department" and "Trade Representative, Office of United States".
    """
    last, _, first = agency.partition(", ")
    if first and first.split()[0] in _KINDS:
        return f"the {first} {last}"
    name, _, kind = agency.rpartition(" ")
    if kind in _KINDS and name and not name.startswith(("U.S.", "Federal ", "National ", "Executive ")):
        return f"the {kind} of {'the ' if name in _WITH_THE else ''}{name}"
    return agency if _TAKES_ARTICLE.isdisjoint(agency.split()) else f"the {agency}"
