"""What a letter's text cites, and what each citation rests on: a confirmed claim, the record, or a person's word. Pure.

A citation rests on a claim only inside the claim's own sentence. Elsewhere it may name what the letter is about, or
stand in a sentence of the template that cites a confirmed authority. Everything else somebody has to confirm with a
source before the letter is locked; a confirmation counts for one sentence, so changing that sentence voids it.
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
from bot.letters.model import Written

_SHOWN: Final = 90  # characters of a quotation, as it is named


class Basis(StrEnum):
    """What a citation rests on."""

    CLAIM = "a confirmed claim"
    OWN = "what the letter is about"
    AUTHORITY = "a confirmed authority that the template cites"
    CONFIRMED = "a person's confirmation"
    NONE = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A person found the citation true in this sentence. `mark` is that of the `Cited` it is for."""

    mark: str
    cited: str
    source: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourcedCitation:
    """A citation in one sentence of a letter, and what it rests on."""

    citation: Citation
    basis: Basis
    confirmation: Confirmation | None = None

    @property
    def mark(self) -> str:
        """The same for the same citation in the same sentence."""
        return mark(self.citation)

    @property
    def name(self) -> str:
        """``22 U.S.C. 9999``, ``a vote of 420-0``, ``the quotation “…”``."""
        return name(self.citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citable:
    """What may be cited: of what a letter is about, or of what is confirmed. `words` may be quoted."""

    keys: tuple[Key, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Citable:
        """From `dump`, as JSON gave it back."""
        return cls(keys=tuple(tuple(key) for key in kept.get("keys", ())), words=tuple(kept.get("words", ())))

    def has(self, citation: Citation) -> bool:
        if citation.kind is Kind.QUOTATION:
            return any(f" {citation.key[1]} " in f" {words} " for words in self.words)
        return any(citations.covers(key, citation.key) for key in self.keys)

    def dump(self) -> dict[str, Any]:
        return {"keys": [list(key) for key in self.keys], "words": list(self.words)}


def citable(texts: Iterable[str], words: Iterable[str] = ()) -> Citable:
    """What these texts cite, such as "H.R. 1234 (119th)" and "Public Law 119-99"; `words` may be quoted, too."""
    found = (citation.key for text in texts for citation in citations.citations(text))
    said = (" ".join(citations.words(text)) for text in words)
    return Citable(keys=tuple(dict.fromkeys(found)), words=tuple(dict.fromkeys(filter(None, said))))


def combined(*parts: Citable) -> Citable:
    return Citable(
        keys=tuple(key for part in parts for key in part.keys),
        words=tuple(said for part in parts for said in part.words),
    )


def sourced_citations(
    texts: Iterable[Written],
    its: Citable,
    held: Citable,
    confirmations: Mapping[str, Confirmation] | None = None,
) -> list[SourcedCitation]:
    """Every citation of these texts, each once a sentence. `held`: what may be claimed today."""
    found: dict[str, SourcedCitation] = {}
    for written in texts:
        for paragraph in (written.subject, *(part.text for part in written.body)):
            for one in _paragraph_citations(paragraph, written, its, held, confirmations or {}):
                found.setdefault(one.mark, one)
    return list(found.values())


def citations_outside_claims(paragraph: str, claims: Sequence[Claim]) -> list[Citation]:
    """What a paragraph cites outside the sentences of the claims."""
    spans = list(_claim_spans(citations.normalize(paragraph), claims))
    return [
        citation
        for citation in citations.citations(paragraph)
        if not any(start <= citation.start and citation.end <= end for start, end in spans)
    ]


def citing_sentences(written: Written) -> tuple[str, ...]:
    """The sentences that cite something beside the claims, each once."""
    paragraphs = (written.subject, *(part.text for part in written.body))
    found = (citation.sentence for text in paragraphs for citation in citations_outside_claims(text, written.claims))
    return tuple(dict.fromkeys(found))


def mark(citation: Citation) -> str:
    whole = "\n".join((*citation.key, citation.sentence))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def name(citation: Citation) -> str:
    match citation.kind:
        case Kind.VOTE:
            return f"a vote of {citation.text}"
        case Kind.QUOTATION:
            said = citation.text.strip('“”"‘’')
            return f"the quotation “{said if len(said) <= _SHOWN else said[: _SHOWN - 1].rstrip() + '…'}”"
        case _:
            return citation.text


def _paragraph_citations(
    paragraph: str, written: Written, its: Citable, held: Citable, confirmations: Mapping[str, Confirmation]
) -> Iterable[SourcedCitation]:
    loose = set(citations_outside_claims(paragraph, written.claims))
    for citation in citations.citations(paragraph):
        confirmed = confirmations.get(mark(citation))
        if citation not in loose:
            yield SourcedCitation(citation, Basis.CLAIM)
        elif its.has(citation):
            yield SourcedCitation(citation, Basis.OWN)
        elif citation.sentence in written.templated and held.has(citation):
            yield SourcedCitation(citation, Basis.AUTHORITY)
        else:
            yield SourcedCitation(citation, Basis.CONFIRMED if confirmed else Basis.NONE, confirmed)


def _claim_spans(paragraph: str, claims: Sequence[Claim]) -> Iterable[tuple[int, int]]:
    """Where the paragraph says a claim as a sentence of its own: words put before one may turn it round."""
    for claim in claims:
        said = citations.normalize(claim.text)
        at = paragraph.find(said) if said else -1
        while at >= 0:
            if citations.begins_sentence(paragraph, at):
                yield at, at + len(said)
            at = paragraph.find(said, at + len(said))
