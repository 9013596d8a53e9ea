"""The sources and federal offices that ship with the bot, and which of these a text names.

The two files name one by id and give only differences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

from bot.shared.agencies import agencies
from bot.shared.answer import Health
from bot.shared.yaml_text import shipped_yaml
from bot.watch import drafts, lexicon

FOIA: Final = "-foia"  # ends the id of the office that takes an agency's FOIA requests
Entries = Mapping[str, Mapping[str, Any]]
_SMALL: Final = ("and", "for", "of", "the")


@cache
def sources() -> Entries:
    """Return each source's section as feeds.yml would have it, by id: the agencies' news after all others."""
    news = (agency.get("sources", {}) for agency in agencies().values())
    listed = {**shipped("sources"), **{id_: section for sections in news for id_, section in sections.items()}}
    file = files("bot.config").joinpath("seen.jsonl")
    return with_seen(listed, file.read_text(encoding="utf-8") if file.is_file() else "")


def with_seen(sections: Entries, text: str) -> Entries:
    """Mark sources verified on the last day on which a line of `check --online --save` saw them work."""
    lines = [line for line in map(json.loads, text.splitlines()) if Health(line["health"]).good]
    days = {line["source"]: line["day"] for line in sorted(lines, key=itemgetter("day"))}
    return {id_: {**section, **({"verified": days[id_]} if id_ in days else {})} for id_, section in sections.items()}


@cache
def templates() -> Entries:
    """Return the sections that a source may be `like`: they still need what to search for."""
    return shipped("source_templates")


@cache
def offices() -> Entries:
    """Return each federal office's section as coalition.yml would have it, by id: heads, then FOIA offices."""
    heads = {id_: _office_of(agency) for id_, agency in agencies().items() if "office" in agency}
    foia = {"salutation": "Dear FOIA Officer:", "agencies": []}
    return heads | {  # their names have no comma: a text that names the agency does not name them
        f"{id_}{FOIA}": foia | {"name": f"the FOIA office of the {agency['name']}", "block": agency["foia"]["block"]}
        for id_, agency in agencies().items()
        if "foia" in agency
    }


def _office_of(agency: Mapping[str, Any]) -> dict[str, Any]:
    """The section of an agency's head, whose title may name the agency: "Secretary of Labor"."""
    office = agency["office"]
    head, above, lines = office["head"], agency, [office["head"]]
    while above:
        department = above["name"].startswith("Department of ") and "part_of" not in above
        lines.append(f"U.S. {above['name']}" if department else above["name"])
        above = agencies().get(above.get("part_of", ""), {})
    title = re.split(" of | for ", head)[0]
    return {
        "name": office.get("name", f"the {head}" if title != head else f"the {head}, {agency['name']}"),
        "also": [*filter(None, [agency.get("short"), agency["name"], *agency.get("also", ())])],
        "block": office.get("block", [*lines, *office.get("address", ())]),
        "salutation": office.get("salutation", f"Dear {title}:"),
        **({"part_of": agency["part_of"]} if "part_of" in agency else {}),
        "agencies": agency.get("register", []),
    }


@cache
def rulemakers() -> frozenset[str]:
    """Return the agencies that publish rules, by their names in the Federal Register."""
    return frozenset(shipped("rulemakers")["agencies"])


@cache
def care_words() -> Mapping[str, frozenset[str]]:
    """Return the words that show who a name is, in all languages, by what they show: children, victims, roles."""
    words: dict[str, frozenset[str]] = {}
    for language in shipped("care_words").values():
        for kind, listed in language.items():
            words[kind] = words.get(kind, frozenset()) | frozenset(listed)
    return words


@cache
def name_weights() -> Mapping[str, Any]:
    """Return the models of `bot/people/harmed_names.py`, which `python -m bench.names` learns."""
    weights: Mapping[str, Any] = json.loads(name_weights_text(), parse_float=cache(float))
    return weights


def name_weights_text() -> str:
    """Return `name_weights` as they are stored: to tell whether they changed without loading them takes no memory."""
    return files("bot.config").joinpath("name_weights.json").read_text("utf-8")


def office_called(name: str) -> str:
    """Return the id of the office that people call by this name, such as USDA; "" for none."""
    called = {also.casefold(): id_ for id_, office in offices().items() for also in office.get("also", ())}
    return called.get(name.casefold(), "")


def news_of(ids: Iterable[str]) -> list[str]:
    """Return the ids of the first source of each of these agencies, or of the next one above that has any."""
    first_sources: dict[str, None] = {}
    for id_ in ids:
        agency = agencies().get(id_, {})
        while agency and "sources" not in agency:
            agency = agencies().get(agency.get("part_of", ""), {})
        first_sources |= dict.fromkeys(list(agency.get("sources", ()))[:1])
    return list(first_sources)


def source_called(typed: str) -> str:
    """Return the id of the source with this id or name, or of the news of the office with this name; "" for none."""
    named = {section["name"].casefold(): id_ for id_, section in sources().items()}
    office = office_called(typed) or typed.casefold()
    news = news_of([office]) if office in agencies() else []
    return typed if typed in sources() else named.get(typed.casefold(), next(iter(news), ""))


def place_of_name(text: str, id_: str, name: str, also: Iterable[str]) -> int | None:
    """Where a text names an office, by an acronym, by its holder's title or agency; None if it does not.

    `id_`, `name` and `also` are those of its section: fns, "the Administrator, Food and Nutrition Service", USDA.
    """
    agency = name.partition(", ")[2] or name.replace("the Secretary of ", "Department of ")
    department = re.sub(r"^Department of (.+)", r"\1 Department", agency)
    title = name.removeprefix("the ")
    called = (id_.upper(), title, agency, department, *also)
    names = [name for name in called if name in text]  # in most texts none: no search
    match = re.search(rf"\b(?:{'|'.join(map(re.escape, names))})\b", text) if names else None
    return match.start() if match else None


@cache
def shipped(name: str) -> Mapping[str, Any]:
    """Return the values of a file of this folder, such as `name_words`: words that tell a person's name from others."""
    values: Mapping[str, Any] = shipped_yaml("bot.config", name)
    return values


def expanded(id_: str, section: Any) -> Any:
    """Merge a section of `sources:` with what the catalog has under its id, or under the id that it is `like`.

    A section with its own kind stays as it is.
    """
    own = section if isinstance(section, Mapping) else {}
    shipped = templates().get(own["like"]) if "like" in own else sources().get(id_)
    merged = _merged(shipped, section, "kind")
    return {key: value for key, value in merged.items() if key != "like"} if merged is not section else section


def with_offices(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the sections of `offices:` with the catalog."""
    return {id_: _merged(offices().get(id_), section, "block") for id_, section in sections.items()}


def _merged(shipped: Mapping[str, Any] | None, section: Any, own: str) -> Any:
    """Merge a section with a shipped one, unless it has the key that makes it one of its own."""
    if shipped is None or not (section is None or isinstance(section, Mapping)) or own in (section or {}):
        return section
    return {**shipped, **(section or {})}


def by_id(node: Any) -> Any:
    """Turn a list of sections into a mapping by id: ``[register, {justice-news: {every: 1h}}]``.

    If an item is neither a name nor one named section, the list is returned unchanged, for validation to refuse.
    """
    if not isinstance(node, list):
        return node
    sections = [{item: None} if isinstance(item, str) else item for item in node]
    if not all(isinstance(section, Mapping) and len(section) == 1 for section in sections):
        return node
    return {id_: value for section in sections for id_, value in section.items()}


def offices_in(text: str) -> list[str]:
    """The ids of the catalog's offices that a text names, by name or acronym."""
    return list(_places(text))


def owners(text: str) -> list[str]:
    """The ids of the offices that a text names, in its order."""
    places = _places(text)
    return sorted(places, key=places.__getitem__)


def _places(text: str) -> dict[str, int]:
    return {
        id_: place
        for id_, office in offices().items()
        if (place := place_of_name(text, id_, office["name"], office.get("also", ()))) is not None
    }


def foia_office(owed_by: str) -> str:
    """The id of the office that takes FOIA requests for who owes something, or gets it; "" if none is known.

    An agency without its own has that of the agency above it.
    """
    for owner in owners(owed_by):
        id_ = owner
        while agency := agencies().get(id_):
            if "foia" in agency:
                return f"{id_}{FOIA}"
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
    return list(dict.fromkeys([*of_offices(offices_in(whole)), *lexicon.named(whole, lexicon.shipped())]))


def bodies() -> set[str]:
    """The names and acronyms of offices and agencies, which tell no subject."""
    called = {
        also
        for id_, office in offices().items()
        for also in (id_.upper(), office["name"].rpartition(", ")[2], *office.get("also", ()))
    }
    return called | lexicon.acronyms(lexicon.shipped()).keys()


def draft(text: str) -> tuple[str, str]:
    """The queries that are drafted from a sentence: for all that is read, and for the agencies it names."""
    spelled = lexicon.spelled_out(text)
    return drafts.queries([(text, named(text, spelled))], lexicon.shipped(), bodies(), spelled)[1]


def name(slug: str) -> str:
    """The name of an agency: the catalog's, or as the Register's own name for it gives it."""
    words = (word if word in _SMALL else word.capitalize() for word in slug.split("-"))
    return next((agency["name"] for agency in _called(slug)), " ".join(words))


def above(slug: str) -> list[str]:
    """The Register's names of the agencies that one with this name is part of."""
    return of_offices([agency["part_of"] for agency in _called(slug) if "part_of" in agency])


def _called(slug: str) -> list[Mapping[str, Any]]:
    return [agency for agency in agencies().values() if slug in agency.get("register", ())]
