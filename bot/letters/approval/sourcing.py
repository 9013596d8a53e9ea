"""What a letter's text cites, and the basis of each citation: a confirmed claim, the record, or a person. Pure.

A citation rests on a claim only inside the claim's own sentence. Elsewhere it may name what the letter is about, or be
in a sentence of the template that cites a confirmed authority. A person has to confirm every other citation with a
source before the letter is locked; a confirmation covers one sentence, so editing that sentence voids it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.approval import citations
from bot.letters.approval.citations import Citation, Key, Kind
from bot.letters.model import Written, sentence_spans

_SHOWN: Final = 90  # characters of a quotation in its name


class Basis(StrEnum):
    """The basis of a citation."""

    CLAIM = "a confirmed claim"
    OWN = "what the letter is about"
    AUTHORITY = "a confirmed authority that the template cites"
    CONFIRMED = "a person's confirmation"
    NONE = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A person's confirmation of a citation in one sentence; `mark` is its `SourcedCitation.mark`."""

    mark: str
    cited: str
    source: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourcedCitation:
    """A citation in one sentence of a letter, with its basis."""

    citation: Citation
    basis: Basis
    confirmation: Confirmation | None = None

    @property
    def mark(self) -> str:
        """A digest of the citation and its sentence."""
        return mark(self.citation)

    @property
    def name(self) -> str:
        """``22 U.S.C. 9999``, ``a vote of 420-0``, ``the quotation “…”``."""
        return name(self.citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citable:
    """What may be cited without a person's confirmation: citation keys, and `words` that may be quoted."""

    keys: tuple[Key, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Citable:
        """Restore what `dump` returned, after a round trip through JSON."""
        return cls(keys=tuple(tuple(key) for key in dumped.get("keys", ())), words=tuple(dumped.get("words", ())))

    def has(self, citation: Citation) -> bool:
        if citation.kind is Kind.QUOTATION:
            return any(f" {citation.key[1]} " in f" {words} " for words in self.words)
        return any(citations.covers(key, citation.key) for key in self.keys)

    def dump(self) -> dict[str, Any]:
        return {"keys": [list(key) for key in self.keys], "words": list(self.words)}


def citable(texts: Iterable[str], words: Iterable[str] = ()) -> Citable:
    """Everything these texts cite, such as "H.R. 1234 (119th)" and "Public Law 119-99", and quotable `words`."""
    keys = (citation.key for text in texts for citation in citations.citations(text))
    quotable = (" ".join(citations.words(text)) for text in words)
    return Citable(keys=tuple(dict.fromkeys(keys)), words=tuple(dict.fromkeys(filter(None, quotable))))


def combined(*parts: Citable) -> Citable:
    return Citable(
        keys=tuple(key for part in parts for key in part.keys),
        words=tuple(words for part in parts for words in part.words),
    )


def sourced_citations(
    texts: Iterable[Written],
    topics: Citable,
    authorities: Citable,
    confirmations: Mapping[str, Confirmation] | None = None,
) -> list[SourcedCitation]:
    """Every citation of these texts, once per sentence. `authorities`: what the template may cite today."""
    by_mark: dict[str, SourcedCitation] = {}
    for written in texts:
        for paragraph in written.passages:
            for citation in _paragraph_citations(paragraph, written, topics, authorities, confirmations or {}):
                by_mark.setdefault(citation.mark, citation)
    return list(by_mark.values())


def citations_outside_claims(paragraph: str, claims: Sequence[Claim]) -> list[Citation]:
    """The paragraph's citations outside the sentences of its claims."""
    spans = list(_claim_spans(citations.normalize(paragraph), claims))
    return [
        citation
        for citation in citations.citations(paragraph)
        if not any(start <= citation.start and citation.end <= end for start, end in spans)
    ]


def citing_sentences(written: Written) -> tuple[str, ...]:
    """The sentences that cite something outside the claims, each once."""
    cited = (each for text in written.passages for each in citations_outside_claims(text, written.claims))
    return tuple(dict.fromkeys(citation.sentence for citation in cited))


def mark(citation: Citation) -> str:
    whole = "\n".join((*citation.key, citation.sentence))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def name(citation: Citation) -> str:
    match citation.kind:
        case Kind.VOTE:
            return f"a vote of {citation.text}"
        case Kind.QUOTATION:
            words = citation.text.strip('“”"‘’').rstrip(",")
            return f"the quotation “{words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + '…'}”"
        case _:
            return citation.text


def _paragraph_citations(
    paragraph: str, written: Written, topics: Citable, authorities: Citable, confirmations: Mapping[str, Confirmation]
) -> Iterable[SourcedCitation]:
    outside_claims = set(citations_outside_claims(paragraph, written.claims))
    for citation in citations.citations(paragraph):
        confirmed = confirmations.get(mark(citation))
        if citation not in outside_claims:
            yield SourcedCitation(citation, Basis.CLAIM)
        elif topics.has(citation):
            yield SourcedCitation(citation, Basis.OWN)
        elif citation.sentence in written.templated and authorities.has(citation):
            yield SourcedCitation(citation, Basis.AUTHORITY)
        else:
            yield SourcedCitation(citation, Basis.CONFIRMED if confirmed else Basis.NONE, confirmed)


def _claim_spans(paragraph: str, claims: Sequence[Claim]) -> Iterable[tuple[int, int]]:
    """(start, end) of each claim's own sentence in a normalized paragraph."""
    for claim in claims:
        yield from sentence_spans(paragraph, citations.normalize(claim.text))
