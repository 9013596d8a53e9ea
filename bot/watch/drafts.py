"""Draft a watch from an ask: its laws, programs and citations, and the nouns that tell its subject. Pure.

A noun tells its subject if few documents of the Federal Register have it. Two words side by side are a phrase only if
documents use it: so no verb or adjective that the ask happens to put beside a noun gets into a query. A noun that is
too common alone is looked for in the documents of the agencies that the coalition asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from types import MappingProxyType
from typing import Final

from bot.shared.wording import sentences
from bot.watch.lexicon import GENERIC, PLAIN, USUAL, Lexicon, singular, tells
from bot.watch.text import fold

_MOST: Final = 8  # terms of a query
_MOST_OF_CAUSE: Final = 24
# Shares of all documents of the Federal Register, some 400 a week.
_RARE: Final = 0.0015  # a noun in so few is looked for alone,
_ELSEWHERE: Final = 0.0005  # if so few of them are by other agencies than the asked ones
_ELSEWHERE_PHRASE: Final = 0.0015  # the same of a phrase, of which half may be of the subject
_RARE_ANYWHERE: Final = 0.001  # the same where no agency is asked: others than the one that uses it most
_SCATTERED: Final = 0.0002
_TOO_FEW: Final = 3  # documents, to say whose word it is
_USUAL_PHRASE: Final = 0.012
MOST_COST: Final = 0.003  # of all watches of a statement together
_OFF_SUBJECT: Final = 0.5  # of what asked agencies publish with a common noun, and others with a phrase: at least so
_ONE_SUBJECT: Final = 0.01  # of all documents: an agency with more has several subjects
_SHORTEST_STEM: Final = 4  # letters; a shorter beginning would match much else
_PLURALS: Final = {"child": "children", "man": "men", "person": "people", "woman": "women"}
_LONGEST_NAME: Final = 8  # words
_SHORTEST_ACRONYM: Final = 3  # letters
_SHORTEST_PROSE: Final = 3  # words
_OPERATORS: Final = re.compile(r"[\"“”*:()]|\b(?:AND|OR|NOT|NEAR)\b")
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[’'])*|-(?=\w)|[.,;:()\[\]\"“”/—–]")
_CITATION: Final = re.compile(
    r"\b(\d{1,2}) (U\.?S\.?C|C\.?F\.?R)\.? (?:§+ ?|[Pp]arts? |[Ss]ections? )?(\d[\dA-Za-z.-]*)\b"
    r"|\bPublic Law \d{1,3}-\d{1,3}\b"
)
_LONGEST_TERM: Final = 100  # characters: a query has 24 terms, and 4,000 characters at most
# hours-of-service; or a code of capitals and digits: H-2A, 340B
_COMPOUND: Final = re.compile(
    r"\b[^\W\d_]+(?:-[^\W\d_]+){2,}|\b(?:[A-Z]{1,9}-?\d{1,9}|\d{1,9}[A-Z])[A-Z\d]{0,9}\b(?!\.\d)"
)
_SHOULD: Final = re.compile(r"\b(?:should|must|shall|will|needs? to|ought to|has to|have to)\b")
_PARTICIPLE: Final = re.compile("(?:ing|en|ed|own)$")
_ADJECTIVE: Final = re.compile("(?:able|ible|ful|ous|[^e]ed)$")
# Small words inside a name.
_JOINTS: Final = frozenset({"of", "for", "and", "the", "on", "against", "in", "through", "to", "with", "-"})
_CLOSES: Final = frozenset({
    "act", "program", "programs", "rule", "plan", "treaty", "fund", "initiative", "compact", "code", "regulation",
    "regulations", "amendment", "agreement", "strategy", "order", "manual", "list", "standard", "standards",
})  # fmt: skip
# A body that acts, not what it acts on: every document of it would match.
_BODIES: Final = frozenset({
    "administration", "agencies", "agency", "attorney", "board", "bureau", "commission", "committee", "congress",
    "council", "department", "departments", "director", "general", "house", "office", "president", "secretary",
    "senate", "service", "services", "states",
})  # fmt: skip
_BE: Final = frozenset({"are", "be", "been", "being", "is", "was", "were"})
_BEFORE_VERBS: Final = frozenset({
    "can", "could", "had", "has", "have", "may", "might", "must", "not", "shall", "should", "they", "which", "who",
    "will",
})  # fmt: skip
_TO_VERBS: Final = _BEFORE_VERBS | {"also", "and", "or", "to", ".", ",", ";", ":"}
_AFTER_VERBS: Final = frozenset({"a", "an", "her", "his", "its", "it", "our", "the", "their", "them", "us", "your"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase in the query language, with shares of the Register's documents.

    `rate`: those that have it. `cost`: those of them that are likely to be of another subject. `common`: whether it is
    looked for in the asked agencies' documents only.
    """

    query: str
    rate: float
    cost: float = 0.0
    common: bool = False


def queries(
    asks: Sequence[tuple[str, Sequence[str]]],
    lexicon: Lexicon,
    bodies: Collection[str],
    spelled: Mapping[str, str] = MappingProxyType({}),
    most_cost: float = MOST_COST,
) -> list[tuple[str, str]]:
    """Return for the cause and then for each ask a query for all that is read, and one for the agencies' documents.

    A term that several asks share, or that many documents or other agencies have, tells the cause and not the ask. An
    ask is its text and the agencies' slugs. A query is "" if nothing tells. `bodies`: names and acronyms of agencies,
    which tell no subject. `spelled`: what other acronyms stand for. `most_cost`: what all terms together may cost.
    """
    own = of_cause([text for text, _ in asks])
    drafted = [terms(text, agencies, lexicon, bodies, spelled, own) for text, agencies in asks]
    cost, allowed = 0.0, set()
    for term in sorted({*chain(*drafted)}, key=lambda term: (term.common, term.cost, term.query)):
        if cost + term.cost <= most_cost:
            cost += term.cost
            allowed.add(term)
    rows = [[term for term in row if term in allowed] for row in drafted]
    times = Counter(term.query for term in chain(*rows))
    telling = {term for term in allowed if times[term.query] == 1 and not term.common and term.rate <= _RARE}
    rare = [[term for term in row if term in telling or len(rows) == 1] for row in rows]
    others = [[term for term in row if term not in own] for row, own in zip(rows, rare, strict=True)]
    searched = [[f"agency:{slug}" for slug in slugs] for _, slugs in asks]
    of_asks = [_queries([pair]) for pair in zip(searched, rare, strict=True)]
    return [_queries(list(zip(searched, others, strict=True))), *of_asks]


def of_cause(asks: Sequence[str]) -> set[str]:
    """The generic words that at least half of the asks have as a noun, singular: *lead* near *paint* is a cause's.

    But not if as many have a word that is not generic: *family* beside *hospice*. A verb begins a sentence, or comes
    after "should", "to" and the like.
    """
    times = Counter[str]()
    for ask in asks:
        words = pairwise(_WORD.findall(ask))
        times.update({singular(word) for before, word in words if before.casefold() not in _TO_VERBS})
    telling = max((times[word] for word in times if word[:1].isalpha() and not _all_generic([word])), default=0)
    return {word for word in times.keys() & GENERIC if times[word] >= max(2, len(asks) / 2, telling + 1)}


def _queries(rows: Sequence[tuple[Sequence[str], Sequence[Term]]]) -> tuple[str, str]:
    most = min(_MOST * len(rows), _MOST_OF_CAUSE)
    alone = dict.fromkeys(term.query for _, row in rows for term in row if not term.common)
    groups: dict[str, dict[str, None]] = {}
    for agencies, row in rows:
        if agencies and (common := [term.query for term in row if term.common]):
            groups.setdefault(_any(agencies), {}).update(dict.fromkeys(common))
    within = [f"{agencies} AND {_any([*common][:most])}" for agencies, common in groups.items()]
    return " OR ".join([*alone][:most]), within[0] if len(within) == 1 else " OR ".join(f"({each})" for each in within)


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def terms(
    text: str,
    agencies: Sequence[str],
    lexicon: Lexicon,
    bodies: Collection[str],
    spelled: Mapping[str, str],
    own: Collection[str],
) -> list[Term]:
    """Return the terms of an ask, the rarest first. `own`: generic words that tell this cause."""
    chosen: dict[str, Term] = {}
    for part in _parts(text):
        names = list(_names(part, bodies))
        named = {word for name in (*names, *_names(part, bodies, of_bodies=True)) for word in name if word[0].isupper()}
        nouns = (term for run in _runs(part, {*bodies, *named}) for term in _of_run(run, lexicon, agencies, own))
        for term in (*_of_names(names, lexicon, agencies, spelled), *nouns):
            chosen.setdefault(term.query.casefold(), term)
    for compound in _COMPOUND.findall(_CITATION.sub(",", text)):
        for term in _phrase(compound.split("-"), _rate(compound.split("-"), lexicon), lexicon, agencies):
            chosen.setdefault(term.query.casefold(), term)
    for cited in _citations(text):
        chosen.setdefault(cited, Term(f'"{cited}"', 0.0))
    terms_ = chosen.values() or _last_resort(text, lexicon, bodies)
    return sorted((term for term in terms_ if len(term.query) <= _LONGEST_TERM), key=lambda term: term.rate)


def _of_names(
    names: Iterable[Sequence[str]], lexicon: Lexicon, agencies: Collection[str], spelled: Mapping[str, str]
) -> Iterator[Term]:
    """Yield a term for each name, and for an acronym also what it stands for, and the other way round."""
    acronyms = {name.casefold(): acronym for acronym, name in spelled.items()}
    for words in names:
        name = " ".join(words).replace(" - ", "-")
        if len(words) > 1:
            yield from _phrase(words, _rate(words, lexicon), lexicon, agencies)
        elif lexicon.rate(fold(name)) <= _RARE:  # FAA is in every rule of its own
            yield Term(_quoted(words), lexicon.rate(fold(name)))
        if other := spelled.get(name) or acronyms.get(name.casefold()):
            yield Term(_quoted(other.split()), 0.0)


def _rate(words: Sequence[str], lexicon: Lexicon) -> float:
    """At most this share of documents has these words side by side."""
    telling = [word if tells(word) else "" for word in map(singular, map(fold, words))]
    pairs = (f"{one} {other}" for one, other in pairwise(telling) if one and other)
    return min(map(lexicon.rate, [*filter(None, telling), *pairs]), default=0.0)


def _phrase(words: Sequence[str], rate: float, lexicon: Lexicon, agencies: Collection[str]) -> Iterator[Term]:
    """Yield the phrase; one that other agencies use, too, is looked for in the asked agencies' documents only."""
    counted = [word for word in map(singular, map(fold, words)) if lexicon.rate(word)]
    by_asked = rate * max((lexicon.share(word, agencies) / lexicon.rate(word) for word in counted), default=0.0)
    if (cost := (rate - by_asked) * _OFF_SUBJECT) <= _ELSEWHERE_PHRASE:
        yield Term(_quoted(words), rate, cost)
    elif agencies:
        yield Term(_quoted(words), rate, by_asked * _OFF_SUBJECT, common=True)


def is_prose(text: str) -> bool:
    """Whether a text is a sentence to draft from, not a query: no operator or sign of one, and words of grammar."""
    words = text.split()
    plain = sum(word.strip(".,;").casefold() in PLAIN for word in words)
    return not _OPERATORS.search(text) and len(words) >= _SHORTEST_PROSE and plain > 0


def bodies_named(text: str) -> list[str]:
    """Return the names of bodies in a text, such as "Bureau of Land Management"."""
    paragraphs = [line for line in text.splitlines() if line.strip()]
    parts = [part for line in paragraphs for part in _parts(f"- {line}")]
    return [" ".join(name).replace(" - ", "-") for part in parts for name in _names(part, (), of_bodies=True)]


def _last_resort(ask: str, lexicon: Lexicon, bodies: Collection[str]) -> Iterator[Term]:
    """Yield the bodies that an ask is about; or else pairs of its words that hardly a document has."""
    parts = list(_parts(ask))
    names = [name for part in parts for name in _names(part, bodies, of_bodies=True) if not _all_generic(name)]
    runs = (pairwise(run) for part in parts for run in _runs(part, bodies))
    pairs = [pair for run in runs for pair in run if "-" not in pair and not _describes(pair[1], "")]
    rare = [[words for words in group if _rate(words, lexicon) <= _ELSEWHERE] for group in (names, pairs)]
    yield from (Term(_quoted(words), 0.0) for words in rare[0] or rare[1])


def _parts(ask: str) -> Iterator[list[str]]:
    """Yield the tokens between punctuation, without the verb that an imperative begins with."""
    for sentence in sentences(ask.replace(" & ", " and ")):  # Medicare & Medicaid
        rest = sentence if _SHOULD.search(sentence) else sentence.partition(" ")[2]
        part: list[str] = []
        for sign in _WORD.findall(_CITATION.sub(",", rest)):
            if sign[0].isalnum() or sign == "-":
                part.append(re.sub(r"[’']s?$", "", sign))
            else:
                yield part
                part = []
        yield part


def _names(part: Sequence[str], bodies: Collection[str], *, of_bodies: bool = False) -> Iterator[list[str]]:
    """Yield the names of laws, programs and places, and acronyms; or the names of bodies that act."""
    for run in _capitalized(part):
        large = [word for word in run if word not in _JOINTS]
        ends = (" ".join(run), large[0], large[-1])
        body = any(each in bodies or each.casefold() in _BODIES for each in ends)
        acronym = large[0].isupper() and len(large[0]) >= _SHORTEST_ACRONYM
        long_enough = len(large) > 1 or (acronym and not body)
        fits = len(run) <= _LONGEST_NAME or run[-1] == "Act"  # a headline in capitals is no name
        if body == of_bodies and long_enough and fits and (body or not _all_generic(large)):
            yield run


def _all_generic(words: Iterable[str]) -> bool:
    return all(not {fold(word), singular(fold(word))}.isdisjoint(GENERIC | PLAIN | _BODIES) for word in words)


def _capitalized(part: Sequence[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for word in (*part, ""):
        closed = bool(run) and run[-1].casefold() in _CLOSES and word in ("and", "for")
        closed = closed or (run[-1:] == ["and"] and word == "the")  # "the EPA and the Bureau" are two names
        if word[:1].isupper() or (run and word in _JOINTS and not closed):
            run.append(word)
            continue
        while run and run[-1] in _JOINTS:
            run.pop()
        name = run[1:] if run[:1] == ["The"] else run
        large = [each for each in name if each not in _JOINTS]
        yield from [[each] for each in large] if all(map(str.isupper, large)) else [name]
        run = []


def _citations(ask: str) -> Iterator[str]:
    """Yield each citation as documents write it: a part of the regulations with and without "part"."""
    for cited in _CITATION.finditer(ask):
        title, code, section = cited.groups()
        if not title:
            yield cited[0]
            continue
        yield f"{title} {'CFR' if 'F' in code else 'U.S.C.'} {section}"
        if "F" in code and "." not in section:
            yield f"{title} CFR part {section}"


def _runs(part: Sequence[str], bodies: Collection[str]) -> Iterator[list[str]]:
    """Yield the runs of words that may be nouns and what belongs to them; "-" is between the halves of a compound."""
    run: list[str] = []
    for before, word, after in zip(("", *part), part, (*part[1:], ""), strict=False):
        low = word.casefold()
        is_verb = after in _AFTER_VERBS or (before in _BEFORE_VERBS and not word[0].isupper())
        is_verb = is_verb or (before in _BE and bool(_PARTICIPLE.search(low)))
        if (low in PLAIN or is_verb or low.endswith("ly") or word in bodies or word[0].isdigit()) and word != "-":
            yield run
            run = []
        elif run != ["-"]:
            run.append(word)
        else:  # half a compound tells nothing: "year-round"
            run = []
    yield run


def _of_run(run: Sequence[str], lexicon: Lexicon, agencies: Collection[str], own: Collection[str]) -> Iterator[Term]:
    """Yield the nouns of a run that tell something alone, and the phrases around those that do not.

    Documents use a phrase, or it is a compound, or two words that each tell something: few documents happen to have
    them side by side. A noun next to one of `own` counts only near it: "lead-based paint", but no other paint.
    """
    words = [word for word in run if word != "-"]
    near_own = _near_own(words, own, lexicon)
    yield from (Term(query, 0.0) for query in near_own.values() if query)
    compounds = {(run[at - 1], run[at + 1]) for at, word in enumerate(run) if word == "-" and 0 < at < len(run) - 1}
    used = {pair: lexicon.rate(" ".join(singular(fold(word)) for word in pair)) for pair in pairwise(words)}
    phrases = {
        pair: rate
        for pair, rate in used.items()
        if pair in compounds or (0 < rate <= _USUAL_PHRASE and not _all_generic(pair))
    }
    in_compound, in_phrase = set(chain(*compounds)), set(chain(*phrases))
    nouns = [
        word
        for word, following in zip(words, [*words[1:], ""], strict=False)
        if word not in in_compound.union(*near_own) and _tells(word, lexicon) and not _describes(word, following)
    ]
    alone = {word for word in nouns if _is_rare(word, lexicon, agencies)}
    for word in nouns:
        rate, by_asked = lexicon.rate(singular(fold(word))), lexicon.share(singular(fold(word)), agencies)
        if word in alone:
            yield Term(_noun(word, lexicon), rate, rate - by_asked)
        elif agencies and not (word in in_phrase and _PARTICIPLE.search(word)):
            yield Term(_noun(word, lexicon), rate, by_asked * _off_subject(lexicon, agencies), common=True)
    for pair in pairwise(words):
        if alone & {*pair} or pair in near_own:
            continue
        if pair in phrases:
            yield from _phrase(pair, phrases[pair], lexicon, agencies)
        elif not in_phrase & {*pair} and all(_tells(word, lexicon) for word in pair) and not _describes(pair[1], ""):
            yield Term(_quoted(pair), _RARE)


def _near_own(words: Sequence[str], own: Collection[str], lexicon: Lexicon) -> dict[tuple[str, str], str]:
    """The pairs of a word of the cause and another, each with its query; "" if the other is generic and comes first."""
    queries = {}
    for pair in pairwise(words):
        ours = [singular(fold(word)) in own for word in pair]
        if all(mine or _tells(word, lexicon) for mine, word in zip(ours, pair, strict=True)) and any(ours):
            either = [f"({singular(fold(word))} OR {singular(fold(word))}s)" if mine else _ending(word)
                      for mine, word in zip(ours, pair, strict=True)]  # fmt: skip
            queries[pair] = " NEAR/2 ".join(either)
        elif any(ours):
            queries[pair] = _quoted(pair) if ours[0] else ""
    return queries


def _off_subject(lexicon: Lexicon, agencies: Collection[str]) -> float:
    """What share of the documents that these agencies publish with a common noun is off the subject."""
    largest = max(lexicon.authors.get(slug, 0) for slug in agencies) / lexicon.documents
    return 1 - _OFF_SUBJECT * min(1.0, _ONE_SUBJECT / largest) if largest else _OFF_SUBJECT


def _is_rare(word: str, lexicon: Lexicon, agencies: Collection[str]) -> bool:
    """Whether few documents have a noun, most of them by the asked agencies, or by any one if none is asked."""
    rate, by_asked = lexicon.rate(singular(fold(word))), lexicon.share(singular(fold(word)), agencies)
    most, most_elsewhere = (_RARE, _ELSEWHERE) if agencies else (_RARE_ANYWHERE, _SCATTERED)
    theirs = not agencies or by_asked >= rate / 2 or rate * lexicon.documents <= _TOO_FEW
    return rate <= most and rate - by_asked <= most_elsewhere and theirs


def _tells(word: str, lexicon: Lexicon) -> bool:
    noun = singular(fold(word))
    counts = len(noun) >= _SHORTEST_STEM or (tells(noun) and noun in lexicon.counts)  # bus, but not now
    return counts and not _all_generic([word]) and lexicon.rate(noun) <= USUAL


def _describes(word: str, following: str) -> bool:
    """Whether a word is no noun, as its ending tells: an adjective, or what is done to the word that follows."""
    return bool(_ADJECTIVE.search(word)) or (bool(following) and word.endswith("ing"))


def _quoted(words: Sequence[str]) -> str:
    text = " ".join([*words[:-1], _ending(words[-1])]).replace(" - ", "-")
    return f'"{text}"' if len(words) > 1 else text


def _ending(word: str) -> str:
    """A word and its plural: "settlements" becomes "settlement*"; a name or an acronym stays as it is."""
    stem = singular(word)
    if word.isupper() or len(stem) < _SHORTEST_STEM or word.endswith("ies"):  # "polic*" would find police
        return word
    return f"{stem}*"


def _noun(word: str, lexicon: Lexicon) -> str:
    """The noun and its plural; with a star only where no other words begin so: "seal*" would find sealants."""
    noun = singular(word.lower())
    others = sum(lexicon.counts[other] for other in lexicon.beginning(noun) if other != noun)
    shortest = _SHORTEST_STEM + (noun not in lexicon.counts)  # nor has the table what begins so: spatial
    if word[0].isupper() and word.isupper():
        return word
    if others > max(2, lexicon.counts.get(noun, 0)) or len(noun) < shortest or word.endswith("ies"):
        usual = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'es' if singular(f'{noun}es') == noun else 's'}"
        return f"({noun} OR {_PLURALS.get(noun, usual)})"
    return f"{noun}*"
