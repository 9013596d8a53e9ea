"""Propose what a statement does not say in so many words: the offices it addresses, and a first watch for each ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cli.starter import statement
from bot.config import catalog
from bot.watch import drafts, lexicon
from bot.watch.grammar import GENERIC, PLAIN

_ACTS: Final = re.compile(r"\b([A-Z]{3,8}) (?:should|must|shall|ought to|needs? to|has to|have to)\b")
_NO_OFFICES: Final = frozenset({"United States", "House", "Senate", "Congress", "House and Senate"})
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Watch:
    """A draft watch for `feeds.yml`. `documents`: only for documents, because it needs their agency."""

    id: str
    name: str
    ask: int
    query: str
    documents: bool = False


def watches(asks: Sequence[str], text: str = "") -> Iterator[Watch]:
    """Yield the watches of the asks; none for an ask that names no subject.

    `text` is the whole statement: an ask that names no office itself is to the offices that the statement names. An
    ask that names an office which the catalog lacks is to none of them.
    """
    bodies = {also for id_, office in catalog.offices().items() for also in (id_.upper(), *office.get("also", ()))}
    of_all = agencies(offices([text, *asks]))
    to = [drafts.Ask(ask, agencies(offices([ask])) or ([] if unknown_offices(ask) else of_all)) for ask in asks]
    for number, (query, of_agencies) in enumerate(drafts.queries(to, lexicon.shipped(), bodies), start=1):
        title = statement.title(asks[number - 1])
        if query:
            yield Watch(f"ask-{number}", title, number, query)
        if of_agencies:
            yield Watch(f"ask-{number}-agency", f"{title}, in the agency’s documents", number, of_agencies, True)


def offices(texts: Sequence[str]) -> list[str]:
    """The ids of the catalog's offices that the texts name, by name or acronym."""
    text = "\n".join(texts)
    offices_ = catalog.offices().items()
    return [
        id_
        for id_, office in offices_
        if catalog.place_of_name(text, id_, office["name"], office.get("also", ())) is not None
    ]


def unknown_offices(text: str) -> list[str]:
    """The bodies that a text names and the catalog lacks, as far as their names tell: "Bureau of …", "ATSDR should"."""
    named = [*drafts.bodies_named(text), *_ACTS.findall(text)]
    return [name for name in dict.fromkeys(named) if not offices([name]) and name not in _NO_OFFICES]


def agencies(ids: Sequence[str]) -> list[str]:
    """The Register's names of the agencies that these offices answer for."""
    return list(dict.fromkeys(slug for id_ in ids for slug in catalog.offices()[id_].get("agencies", ())))


def key_words(ask: str) -> str:
    """The words of an ask's title that name its subject, for an id; the whole title if there are none."""
    title = statement.title(ask)
    words = [re.sub(r"[’']s?$", "", word) for word in _WORD.findall(title)]
    telling = [word for word in words if len(word) > 1 and word.casefold() not in GENERIC | PLAIN]
    return " ".join(telling) or title
