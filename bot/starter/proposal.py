"""Propose a first watch from an ask: its laws and programs, citations, acronyms and subjects. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from bot.config import catalog
from bot.starter.statement import PLAIN, sentences, title

_MOST_TERMS: Final = 6
_LONGEST_RUN: Final = 3  # words of an exact phrase; titles rarely repeat a longer one word for word
_APART: Final = 6  # words between the parts of a longer run
_SHORTEST_STEM: Final = 4  # letters; a shorter beginning would match much else
_LONGEST_NAME: Final = 8  # words
_LONGEST_TITLE: Final = 6  # words of an ask that is looked for as it is
_SHORTEST_ACRONYM: Final = 3  # letters
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*|\d[\w’'-]*")
_CITATION: Final = re.compile(
    r"\b\d{1,2} (?:U\.?S\.?C|C\.?F\.?R)\.? (?:§+ ?|part |section )?\d[\dA-Za-z.-]*\b|\bPublic Law \d{1,3}-\d{1,3}\b"
)
_SHOULD: Final = re.compile(r"\b(?:should|must|shall|needs? to|ought to|has to|have to)\b")
_JOINTS: Final = frozenset(
    {"of", "for", "and", "the", "on", "against", "in", "to", "with"}
)  # small words inside a name
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
# Words that many subjects share: a run of these alone says nothing.
_SHARED: Final = frozenset(
    word
    for line in (
        "access account action actions activities activity advocates annual annually appropriate assistance",
        "available award awards basic benefits best better body budget budgets business businesses campaign case",
        "cases clear close coalition communities community complete comprehensive conditions cost costs country",
        "critical daily data deadline decision decisions directive documents dollars effective effort efforts",
        "emergency enforce enforcement equal evidence expand expertise fair families federally final first focus full",
        "fully fund funded funding funds goal goals good grant grants group groups guidance guidelines help high",
        "important improve increased individuals information interview investment job jobs key large law laws",
        "leaders level levels list local long-standing long-term longer lower main major meaningful measures",
        "method money monthly nation nationwide necessary number officials online open organizations paid partners",
        "permanent plan plans practice practices priority private problem procedure procedures process processes",
        "project projects proper protect protected protection protections protocols provider providers public",
        "quality quarterly rate rates real reform reforms regular regulation regulations reimbursement relevant",
        "report reports research resources result results review right rights robust safe safety sector serious",
        "service services single site sites small specific staff stakeholders standard standards statute strategy",
        "strict strong stronger study subject sufficient system systems task team technical term time timely top",
        "training transparent union united view vulnerable weekly well work worker workers written yearly",
    )
    for word in line.split()
)
# Verbs and adverbs of requests that do not belong to a subject's name.
_REQUESTING: Final = frozenset(
    word
    for line in (
        "accept achieve add address advance alone along already always apply approve away back ban better block",
        "bring build cancel carry change clearing close collect complete conduct conducted conducts consider",
        "consult convicted count counting cover covering covers creates curb currently cut dedicate delay designate",
        "direct disallow disclose disproportionately early earned eliminate encourage enforced engage engaging",
        "ensuring establish expedite extend finalize finish finishing fix forcing fully gather getting going",
        "granted grow halt harm held hire hold identified identify immediately implement improving includes",
        "including inform inspect instead invest involves issued join keeping last lead leave let's lets likely",
        "limit list listen look lower made maintain making mandate meet modernize monitor move named never notify",
        "now obey offer oppose paying permit phase post practise preserve prevent prioritize prohibit promote",
        "promptly protecting publicly publish pursue put quickly raise reach reaching reauthorize rebuild rebuilt",
        "receive recognize reduce refuse regularly reject release remove renew repeal replace report reporting",
        "resource respect respond restore restrict resulting review revise rewrite run save scale secure seek",
        "seeking send serve share shift show sign sold specifically speed spend start state stay stemming study",
        "subject suspend swiftly target tell test today together track train transfer treat try turn understand",
        "update urgently using value vocally wait withdraw woefully working",
    )
    for word in line.split()
)
_NOT_OF_A_SUBJECT: Final = PLAIN | _REQUESTING


def query(ask: str) -> str:
    """A query for `feeds.yml` that finds what an ask is about: a draft, for a person to try and correct.

    It is "" for a long ask that names nothing: no text repeats a sentence word for word.
    """
    if proposed := terms(ask) or list(dict.fromkeys(_named(_parts(ask), of_bodies=True)))[:_MOST_TERMS]:
        return " OR ".join(proposed)
    words = title(ask).split()
    return _phrase(words, ending=False) if len(words) <= _LONGEST_TITLE else ""


def terms(ask: str) -> list[str]:
    """At most six terms of the query language, the most telling first; empty if the ask names no subject."""
    parts = _parts(ask)
    named = _named(parts, of_bodies=False)
    alone = (f'"{word}"' for word in _acronyms(ask) if not any(word in name.split() for name in map(_bare, named)))
    telling = [*named, *_citations(ask), *alone]
    # The first words of an ask are its subject; what follows explains it.
    subjects = [_term(run) for part in parts for run in _runs(part)]
    return list(dict.fromkeys([*telling, *filter(None, subjects)]))[:_MOST_TERMS]


def _parts(ask: str) -> list[str]:
    return [part for sentence in sentences(ask) for part in _subjects(sentence)]


def _named(parts: Sequence[str], *, of_bodies: bool) -> list[str]:
    return [_phrase(name) for part in parts for name in _names(part, of_bodies=of_bodies)]


def _bare(term: str) -> str:
    return term.replace('"', "")


def key_words(ask: str) -> str:
    """The words of an ask's title that name its subject, for an id; the whole title if there are none."""
    words = [word for word in _words(title(ask)) if len(word) > 1 and word.casefold() not in _NOT_OF_A_SUBJECT]
    return " ".join(word for word in words if not word.isdigit()) or title(ask)


def offices(asks: Sequence[str]) -> list[str]:
    """The ids of the catalog's offices that the asks name, by name or acronym."""
    text = "\n".join(asks)
    offices_ = catalog.offices().items()
    return [
        id_
        for id_, office in offices_
        if catalog.place_of_name(text, id_, office["name"], office.get("also", ())) is not None
    ]


def _subjects(sentence: str) -> Iterator[str]:
    """The parts of a sentence between punctuation, without the verb that an imperative begins with."""
    rest = sentence if _SHOULD.search(sentence) else sentence.partition(" ")[2]
    rest = _CITATION.sub(",", rest)
    yield from (part for part in re.split(r"[.,;:()\[\]\"“”/]|(?: [–—] )|—", rest) if part.strip())


def _words(part: str) -> list[str]:
    return [re.sub(r"[’']s?$", "", word) for word in _WORD.findall(part)]


def _named_runs(part: str) -> Iterator[tuple[bool, list[str]]]:
    """Split a part into runs of words, and whether a run is a name: capitalized words with small ones between them."""
    run: list[str] = []
    for word in _words(part):
        closed = bool(run) and run[-1].casefold() in _CLOSES and word in ("and", "for")
        if word[0].isupper() or (run and word in _JOINTS and not closed):
            run.append(word)
        else:
            yield from _split(run)
            run = []
            yield False, [word]
    yield from _split(run)


def _split(run: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """A run that began as a name, without the small words that it ends on."""
    end = max((at for at, word in enumerate(run, start=1) if word not in _JOINTS), default=0)
    if end:
        yield end > 1, run[:end]
    yield from ((False, [word]) for word in run[end:])


def _names(part: str, *, of_bodies: bool) -> Iterator[list[str]]:
    """Names of laws, programs and places, or those of bodies that act."""
    agencies = _agencies()
    for named, run in _named_runs(part):
        name = run[1:] if run[0] == "The" else run
        large = [word for word in name if word not in _JOINTS]
        telling = [word for word in large if word.casefold() not in _BODIES and word not in agencies]
        body = len(telling) < len(large) and run[-1].casefold() not in _CLOSES
        if named and len(large) > 1 and len(name) <= _LONGEST_NAME and body == of_bodies and _tells(telling):
            yield name


def _agencies() -> frozenset[str]:
    offices = catalog.offices().items()
    return frozenset(also for id_, office in offices for also in (id_.upper(), *office.get("also", ())))


def _acronyms(ask: str) -> Iterator[str]:
    """Acronyms of laws and programs; an agency's would match all that it publishes."""
    agencies = _agencies()
    for word in _words(_CITATION.sub(",", ask)):
        if re.fullmatch(rf"[A-Z]{{{_SHORTEST_ACRONYM},}}", word) and word not in agencies:
            yield word


def _citations(ask: str) -> Iterator[str]:
    yield from (f'"{re.sub(r"§+ ?|part |section ", "", cited)}"' for cited in _CITATION.findall(ask))


def _runs(part: str) -> Iterator[list[str]]:
    """Runs of ordinary words with a subject, between names."""
    words = [word for named, run in _named_runs(part) for word in (["the"] if named else run)]
    for telling, run in groupby(words, key=lambda word: word.casefold() not in _NOT_OF_A_SUBJECT):
        subject = [word for word in run if not word[0].isdigit()]
        if telling and len(subject) > 1:
            yield subject


def _term(run: Sequence[str]) -> str:
    """A run as a term: two or three words as a phrase, a longer run as its beginning near its last word."""
    words = list(run)
    while words and words[0].casefold() in _SHARED:
        words.pop(0)
    if len(words) == 1 and len(run) > 1:  # "grants" of "heat grants": keep a neighbor
        words = list(run[-2:])
    if len(words) < 2 or not _tells(words):
        return ""
    if len(words) <= _LONGEST_RUN:
        return _phrase(words)
    return f"{_phrase(words[:2], ending=False)} NEAR/{_APART} {_any_ending(words[-1])}"


def _tells(words: Sequence[str]) -> bool:
    return any(word.casefold() not in _SHARED for word in words)


def _phrase(words: Sequence[str], *, ending: bool = True) -> str:
    *first, last = words
    return '"' + " ".join([*first, _any_ending(last) if ending and last[0].islower() else last]) + '"'


def _any_ending(word: str) -> str:
    """A word and its plural: "settlements" → "settlement*"."""
    if word.endswith(("ies", "*")) or len(word) < _SHORTEST_STEM:  # "polic*" would find police
        return word
    return f"{word[:-1] if re.search('[^su]s$', word) else word}*"
