"""Propose what a statement does not say in so many words: the agencies to search, and first watches for its asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.cli.starter import statement
from bot.cli.starter.statement import DraftAsk
from bot.config import catalog
from bot.watch import drafts, lexicon
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, PLAIN, singular

_ACTS: Final = re.compile(r"\b([A-Z]{3,8}) (?:should|must|shall|ought to|needs? to|has to|have to)\b")
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
    whole = _whole([text, *texts], slugs, table)
    sure = [slug for slug, cost in whole.items() if cost < table.authors[slug] / table.documents / 3]
    above = {parent: 0.0 for slug in sure for parent in catalog.above(slug)}
    for number, slug in enumerate(whole, start=1):
        to = tuple(at for at, own in enumerate(slugs, start=1) if not {slug, *catalog.above(slug)}.isdisjoint(own))
        id_, of_one = "agency" if number == 1 else f"agency-{number}", to if len(to) == 1 else ()
        yield Watch(id_, f"All of the {catalog.name(slug)}", of_one, catalog.query(slug), documents=True)
    queries = drafts.queries(list(zip(texts, slugs, strict=True)), table, catalog.bodies(), spelled, whole | above)
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
        likely = _likely([text, *texts])
        of_all = [*lexicon.whole(likely, lexicon.shipped(), drafts.MOST_COST)] or lexicon.likeliest(likely)
    return [
        (catalog.named(ask.text, spelled) or ([] if unknown_offices(ask.text) else of_all))
        if ask.agencies is None
        else ask.agencies
        for ask in asks
    ]


def _likely(texts: Sequence[str], named: Iterable[str] = ()) -> dict[str, float]:
    """The agencies whose documents use these words, by weight, the likeliest first; the name of a named one is none."""
    words = dict.fromkeys(singular(word) for text in texts for word in txt.words(text))
    names = {singular(word) for slug in named for word in slug.split("-")} | {*map(str.casefold, catalog.bodies())}
    return lexicon.likely((word for word in words if word not in GENERIC | PLAIN | names), lexicon.shipped())


def _whole(texts: Sequence[str], asked: Sequence[Sequence[str]], table: lexicon.Lexicon) -> dict[str, float]:
    """The asked agencies and their bureaus that can be read whole, each with its cost."""
    text = "\n".join(texts)
    likely, of_all = _likely(texts, catalog.named(text, lexicon.spelled_out(text))), {*chain(*asked)}
    own = {slug: weight for slug, weight in likely.items() if not of_all.isdisjoint((slug, *catalog.above(slug)))}
    first = catalog.of_offices(catalog.owners(text))[:1]
    alone = next((slug for slug in first if [slug] in map(list, asked) and slug in table.authors), "")
    return lexicon.whole(own, table, drafts.MOST_COST, alone)


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
