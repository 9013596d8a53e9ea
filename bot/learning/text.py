"""An entry's words as the model and the proposed query see them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from bot.watch import text as txt

GAP: Final = ""  # between two texts of an entry, so that no pair of words spans both
LONGEST: Final = 4  # words of a phrase
_MOST_WORDS: Final = 1_000  # of one entry
_SHORTEST: Final = 3  # letters of a word that tells something alone
# fmt: off
_COMMON: Final = frozenset((
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "being", "by", "can",
    "do", "each", "for", "from", "had", "has", "have", "her", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "may", "more", "no", "not", "of", "on", "or", "other", "our", "out", "per", "shall", "should", "so",
    "than", "that", "the", "their", "them", "there", "these", "they", "this", "those", "to", "under", "up", "upon",
    "was", "we", "were", "when", "where", "which", "who", "will", "with", "would", "you", "your",
))
# fmt: on

Words = Sequence[str]  # folded; the title first, `GAP` after each text
Terms = tuple[str, ...]


def words_of(*texts: str | None) -> Words:
    """The words of an entry's texts, title first."""
    return [word for text in texts if text for word in (*txt.words(text), GAP)][:_MOST_WORDS]


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The different words of texts, much faster than `words_of`; words with an accent or dots may be missing."""
    return set(txt.raw_words("\n".join(texts).lower()))


def tells(word: str) -> bool:
    """Whether a word says something alone: it is not common, not very short and not a number."""
    return len(word) >= _SHORTEST and word not in _COMMON and not word[0].isdigit()


def terms(words: Words) -> Terms:
    """The words and pairs of adjacent words that the model weighs, each once, in order."""
    singles = (word for word in words if tells(word))
    pairs = (f"{a} {b}" for a, b in pairwise(words) if tells(a) and tells(b))
    return tuple(dict.fromkeys((*singles, *pairs)))


def phrases(words: Words) -> set[str]:
    """Every run of up to four words that a query could ask for: neither end is a common word or a number."""
    ends = [word != GAP and word not in _COMMON and not word[0].isdigit() for word in words]
    runs: set[str] = set()
    for start, word in enumerate(words):
        if not ends[start]:
            continue
        run = word
        if tells(word):
            runs.add(run)
        for at in range(start + 1, min(len(words), start + LONGEST)):
            if words[at] == GAP:
                break
            run = f"{run} {words[at]}"
            if ends[at]:
                runs.add(run)
    return runs


def title_of(words: Words) -> Words:
    return words[: words.index(GAP)] if GAP in words else words


def contain_any(words: Words, wanted: Iterable[str]) -> bool:
    """Whether one of these phrases is in the words."""
    text = f" {' '.join(word or '|' for word in words)} "
    return any(f" {phrase} " in text for phrase in wanted)
