"""Propose what a statement does not say in so many words: the agencies to search, and first watches for its asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cli.starter import statement
from bot.cli.starter.statement import DraftAsk
from bot.config import catalog
from bot.watch import drafts, lexicon
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, PLAIN, singular

_ACTS: Final = re.compile(r"\b([A-Z]{3,8}) (?:should|must|shall|ought to|needs? to|has to|have to)\b")
_MOST_COST: Final = 0.02  # most of it is near no ask: see `bot.watch.nearest`
_NO_OFFICES: Final = frozenset({"United States", "House", "Senate", "Congress", "House and Senate"})
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Watch:
    """A draft watch for `feeds.yml`. `documents`: only for documents, because it needs their agency."""

    id: str
    name: str
    asks: tuple[int, ...]
    query: str
    documents: bool = False


def watches(asks: Sequence[DraftAsk], text: str = "") -> Iterator[Watch]:
    """Yield the watches of the asks; none for an ask that names no subject.

    `text` is the whole statement, which explains acronyms.
    """
    table, slugs, texts = lexicon.shipped(), searched(asks, text), [ask.text for ask in asks]
    spelled = lexicon.spelled_out("\n".join([text, *texts]))
    queries = drafts.queries(list(zip(texts, slugs, strict=True)), table, catalog.bodies(), spelled, _MOST_COST)
    for number, (query, of_agencies) in enumerate(queries):
        title = statement.title(texts[number - 1]) if number else "Words of the cause"
        id_, to = (f"ask-{number}", (number,)) if number else ("cause", ())
        if query:
            yield Watch(id_, title, to, query)
        if of_agencies:
            yield Watch(f"{id_}-agency", f"{title}, in the agency’s documents", to, of_agencies, True)


def searched(asks: Sequence[DraftAsk], text: str = "") -> list[Sequence[str]]:
    """The agencies in whose documents each ask's common words are looked for.

    Those that a person chose, or that the ask names; or else those that any sentence of the statement asks; or else
    those whose documents use the statement's words. An ask to an office that the catalog lacks is to none.
    """
    texts = [ask.text for ask in asks]
    spelled = lexicon.spelled_out("\n".join([text, *texts]))
    of_all = catalog.named("\n".join([*statement.asking(text), *texts]), spelled)
    if not of_all:
        names = GENERIC | PLAIN | set(map(str.casefold, catalog.bodies()))
        words = dict.fromkeys(singular(word) for each in (text, *texts) for word in txt.words(each))
        of_all = lexicon.likely((word for word in words if word not in names), lexicon.shipped())
    return [
        (catalog.named(ask.text, spelled) or ([] if unknown_offices(ask.text) else of_all))
        if ask.agencies is None
        else ask.agencies
        for ask in asks
    ]


def unknown_offices(text: str) -> list[str]:
    """The bodies that a text names and the catalog lacks, as far as their names tell: "Bureau of …", "XYZ should"."""
    explained = lexicon.spelled_out(text)
    named = [*drafts.bodies_named(text), *(acronym for acronym in _ACTS.findall(text) if acronym not in explained)]
    return [name for name in dict.fromkeys(named) if not catalog.offices_in(name) and name not in _NO_OFFICES]


def key_words(ask: str) -> str:
    """The words of an ask's title that name its subject, for an id; the whole title if there are none."""
    title = statement.title(ask)
    words = [re.sub(r"[’']s?$", "", word) for word in _WORD.findall(title)]
    telling = [word for word in words if len(word) > 1 and word.casefold() not in GENERIC | PLAIN]
    return " ".join(telling) or title
