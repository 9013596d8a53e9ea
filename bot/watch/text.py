"""The tokenizer of queries and entries. Pure.

A word is a run of letters and digits; everything else, hyphens included, only separates ("two-word" is two words).
Accents and case are folded. Dotted acronyms are one word ("U.S.C." is usc), a possessive 's is dropped. A word in
capitals is also found by its capitals (`acronyms`), which is how ICE differs from ice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_MARK = "\u0300-\u036f"  # combining accents


def _pattern(sign: str, letter: str) -> re.Pattern[str]:
    """Long words first, being most; then dotted acronyms (U.S.C. and D.H.S); then single signs."""
    possessive = rf"(?:'[sS](?!{sign}))?"
    return re.compile(rf"{sign}{{2,}}+{possessive}|(?:{letter}\.){{2,}}(?:{letter}(?!{sign}))?|{sign}{possessive}")


_WORD = _pattern(rf"(?:[^\W_][{_MARK}]*)", rf"(?:[^\W\d_][{_MARK}]*)")
_ASCII_WORD = _pattern("[A-Za-z0-9]", "[A-Za-z]")
# An ASCII text without these has words only between its other signs: three times as fast to take apart.
_DOTTED = re.compile(r"\.[A-Za-z]\.")
_POSSESSIVE = re.compile(r"'[sS](?![A-Za-z0-9])")
_LETTERS_AND_DIGITS = bytes(sign if bytes([sign]).isalnum() else ord(" ") for sign in range(256))
_FOLDED = _LETTERS_AND_DIGITS.lower()
_SEPARATORS = re.compile("[–—•§]")  # all that keeps most texts from being ASCII once they are cleaned
# Footnote signs would grow onto the word before them under NFKC ("labor¹" → "labor1"); invisible signs would split it.
_PLAIN = str.maketrans(
    dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹™℠", " ")
    | dict.fromkeys("‘’‛ʼ＇", "'")
    | dict.fromkeys("“”„‟«»＂", '"')
    | dict.fromkeys("\xad\u200b\u200c\u200d\u2060\ufeff", "")
)
_NOT_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]")


def clean(text: str) -> str:
    """The text in one spelling of Unicode (NFKC, straight quotes, nothing invisible); spans refer to this."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _NOT_PLAIN.sub(lambda match: _PLAIN[ord(match[0])], text))


def raw_words(cleaned: str) -> list[str]:
    """The words of a cleaned text, with dots and possessives."""
    plain = _separated(cleaned)
    if _is_plain(plain):
        return _split(plain, _LETTERS_AND_DIGITS)
    return _ASCII_WORD.findall(plain) if plain.isascii() else _WORD.findall(cleaned)


def folded_words(cleaned: str) -> list[str]:
    """The words of a cleaned text, normalized for comparison."""
    plain = _separated(cleaned)
    return _split(plain, _FOLDED) if _is_plain(plain) else fold_all(raw_words(cleaned))


def _split(plain: str, signs: bytes) -> list[str]:
    return plain.encode().translate(signs).decode().split()


def _is_plain(text: str) -> bool:
    """Whether the words are what is between the signs that are neither letters nor digits."""
    return text.isascii() and not (_DOTTED.search(text) or ("'" in text and _POSSESSIVE.search(text)))


def spans(cleaned: str) -> Iterator[tuple[int, int]]:
    """The span of each of `raw_words` in the cleaned text."""
    plain = _separated(cleaned)
    return map(re.Match.span, (_ASCII_WORD if plain.isascii() else _WORD).finditer(plain))


def _separated(cleaned: str) -> str:
    """The text with a blank in place of each separator outside ASCII: the same words at the same places."""
    return cleaned if cleaned.isascii() else _SEPARATORS.sub(" ", cleaned)


def bare(raw: str) -> str:
    """A raw word without its dots, possessive and accents, in the case it was written."""
    if raw[-2:] in ("'s", "'S"):
        raw = raw[:-2]
    raw = raw.replace(".", "")
    if raw.isascii():
        return raw
    return "".join(c for c in unicodedata.normalize("NFKD", raw) if not unicodedata.combining(c))


def fold(raw: str) -> str:
    """The word normalized for comparison: "Verité" and "VERITE" are "verite"."""
    return bare(raw).casefold()


def fold_all(raw: Sequence[str]) -> list[str]:
    """`fold` for many words, in one step if none has a dot, a possessive or an accent."""
    joined = " ".join(raw)
    if joined.isascii() and "." not in joined and "'" not in joined:
        return joined.lower().split()
    return [word.lower() if word.isascii() and word.isalnum() else fold(word) for word in raw]


def acronyms(raw: Iterable[str]) -> list[tuple[int, str]]:
    """Number and capitals of each word in capitals that has two letters or more: "U.S.C." is USC, "WROs" is WRO."""
    likely = [(at, word) for at, word in enumerate(raw) if word.isupper() or (word[-1] == "s" and word[:2].isupper())]
    capitals = [(at, bare(word).removesuffix("s")) for at, word in likely]
    return [(n, word) for n, word in capitals if word.isascii() and word.isupper() and sum(map(str.isalpha, word)) > 1]


def words(text: str) -> tuple[str, ...]:
    """Every word of a text, folded."""
    return tuple(folded_words(clean(text)))
