"""Find names in texts in any spelling: without accents, decomposed, "Lopez, Maria". Pure.

A text is compared in a folded form. Each folded character knows its position in the original, so that exactly the
match is removed from the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

REDACTED: Final = "[erased]"
_SUFFIXES: Final = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"))
_SHORTEST_PHONE: Final = 7  # digits
_EXTENSION: Final = re.compile(r"\s*(?:x|ext\.?)\s*\d+\s*$", re.IGNORECASE)
_BETWEEN_DIGITS: Final = r"[^\w\n]{0,3}"
_AREA: Final = 10  # digits of a telephone number without its country code
# Links, addresses and days stay whole.
_WHOLE: Final = r"(?<!\w)\w+://\S+|(?<![\w.+-])[\w.+-]+@[\w.-]+|(?<!\d)\d{4}-\d\d-\d\d(?!\d)"
# Letters that decomposition does not change; invisible characters are dropped.
_LETTERS: Final = (
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t"}
    | dict.fromkeys("’‘ʼ`´", "'")
    | dict.fromkeys("“”„", '"')
    | dict.fromkeys("‐‑‒–—", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
_LEFT: Final = re.compile(f"[{''.join(_LETTERS)}]")
_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def fold(text: str) -> str:
    """Fold to lowercase without accents: "Zoë Ørsted" becomes "zoe orsted"."""
    if text.isascii():
        return text.lower()
    text = _LEFT.sub(lambda found: _LETTERS[found[0]], text.casefold())
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


def is_phone(text: str) -> bool:
    """Whether this is a telephone number: enough digits, and no words."""
    return len(_digits(text)) >= _SHORTEST_PHONE and not re.search(r"[^\W\d_]{4}|@", text)


class Names:
    """How to recognize a subject: `people` and `others` (organizations, addresses, telephone numbers) by name.

    A name of one word is recognized only as a whole text. `keys` are ids, which are not found within longer ones.
    `spared`: names of other subjects; a longer one that contains a match ("Freedom Now Coalition") stays whole, as do
    links, addresses and days.
    """

    def __init__(
        self,
        people: Iterable[str] = (),
        others: Iterable[str] = (),
        *,
        keys: Iterable[str] = (),
        spared: Iterable[str] = (),
    ) -> None:
        self.people = _distinct(people)
        self.others = _distinct(others)
        self.keys = _distinct(keys)
        names = (*self.people, *self.others)
        exact = [rf"(?<!\w){re.escape(fold(key))}(?![\w-]|\.\w)" for key in (*self.keys, *filter(_is_address, names))]
        forms = [*(form for name in self.people for form in _person_pattern(name)), *map(_other_pattern, self.others)]
        theirs = "|".join((*exact, *forms)) or r"(?!)"
        self._theirs = re.compile(theirs)
        longer = [name for name in spared if self._theirs.search(fold(name)) and not self.is_one(name)]
        self._pattern = re.compile(
            f"(?P<exact>{'|'.join(exact) or '(?!)'})|(?P<spared>{'|'.join((_WHOLE, *map(_other_pattern, longer)))})"
            f"|{'|'.join(forms) or '(?!)'}"
        )
        # The folded surnames of people with more than one name: alone, each may be another person's.
        self.surnames = _distinct(words[-1] for name in self.people if len(words := _words(name)) > 1)
        self._surnames = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in self.surnames) or r"(?!)")
        # A text without any of these contains none of the names: most texts need only this check.
        plain = (*(name for name in names if not is_phone(name)), *self.keys)
        self._anchors = tuple(max(re.split(r"[\s'\".-]+", fold(name)), key=len) for name in plain)
        phones = [_BETWEEN_DIGITS.join(_national(name)) for name in names if is_phone(name)]
        self._phones = re.compile("|".join(phones) or r"(?!)")

    @property
    def short(self) -> Sequence[str]:
        """Return the names that are not searched for within sentences, where they may be another word."""
        return [name for name in (*self.people, *self.others) if _is_short(name)]

    def is_one(self, text: str) -> bool:
        """Whether the text is one of the names, in any spelling, and no more."""
        return self._theirs.fullmatch(fold(text)) is not None

    def are_in(self, text: str) -> bool:
        plain = fold(text)
        may_be = any(anchor in plain for anchor in self._anchors) or self._phones.search(plain)
        return bool(may_be) and next(self._matches(plain), None) is not None

    def surname_is_in(self, text: str) -> bool:
        """Whether the text contains a surname alone."""
        plain = fold(text)
        return any(each in plain for each in self.surnames) and self._surnames.search(plain) is not None

    def taken_out(self, text: str) -> str:
        """Return the text with all names replaced with `REDACTED`."""
        if not self.are_in(text):
            return text
        whole, parts, end = _Folded(text), [], 0
        for match in self._matches(whole.text):
            start, stop = whole.span(*match.span())
            # A whole text without a capital letter is a state or a kind: a person may be called "In Review".
            if start >= end and (match["exact"] or match[0] != whole.text or text != text.lower()):
                parts += [text[end:start], REDACTED]
                end = stop
        return "".join((*parts, text[end:]))

    def _matches(self, plain: str) -> Iterator[re.Match[str]]:
        return (found for found in self._pattern.finditer(plain) if found["spared"] is None)


class _Folded:
    """A text in its folded form."""

    def __init__(self, text: str) -> None:
        signs: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for at, sign in enumerate(map(fold, text)):
            if not sign and self._ends:  # an accent belongs to the letter before it
                self._ends[-1] = at + 1
            signs.append(sign)
            self._starts += [at] * len(sign)
            self._ends += [at + 1] * len(sign)
        self.text = "".join(signs)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original text for a range of the folded form."""
        return self._starts[start], self._ends[end - 1]


def _person_pattern(name: str) -> Iterator[str]:
    """Return the pattern of the ways in which a person's name is written."""
    words = _words(name)
    if len(words) < 2 or is_phone(name) or _is_address(name):
        yield _other_pattern(name)
        return
    parts = [_loose_pattern(word) for word in _all_words(name)]
    first, last = _loose_pattern(words[0]), _loose_pattern(words[-1])
    yield rf"(?<!\w){_joined(parts)}(?!\w)"
    yield rf"(?<!\w){first}[\s-]+(?:\w\.?[\s-]+)?{last}(?!\w)"  # with a middle initial, or without their own
    yield rf"(?<!\w){last},[\s]*{first}(?!\w)"
    yield rf"(?<!\w){re.escape(words[0][0])}\.[\s]*{last}(?!\w)"


def _other_pattern(name: str) -> str:
    if is_phone(name):  # its digits with any separators, with or without the country code
        return rf"(?<!\d)(?:\+?\d{{1,3}}[^\w\n]{{0,3}})?\(?{_BETWEEN_DIGITS.join(_national(name))}(?!\d)"
    if _is_short(name):  # a whole text, or a whole cell of a table
        form = re.escape(fold(name))
        return rf'\A{form}\Z|(?<="){form}(?=")'
    return rf"(?<!\w){_joined([_loose_pattern(word) for word in _all_words(name)])}(?!\w)"


def _national(number: str) -> str:
    """Return the digits without country code and extension."""
    return _digits(_EXTENSION.sub("", number))[-_AREA:]


def _joined(parts: Iterable[str]) -> str:
    return r"[\s-]+".join(parts)


def _loose_pattern(word: str) -> str:
    """Return a pattern of one word: apostrophes and dots may be missing.

    A run of signs is one part of the pattern: many optional parts in a row would take exponential time.
    """
    parts = re.split(r"(['.]+)", word)
    return "".join("['.]*" if part[:1] in ("'", ".") else re.escape(part) for part in parts)


def _all_words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s-]+", fold(name)) if re.search(r"\w", word)]


def _words(name: str) -> list[str]:
    """Return the words without suffixes of a name: "Jr.", "PhD"."""
    words = [word.strip(",") for word in fold(name).split() if re.search(r"\w", word)]
    while len(words) > 1 and words[-1].replace(".", "") in _SUFFIXES:
        words.pop()
    return words


def _is_short(name: str) -> bool:
    return len(_all_words(name)) < 2 and not _is_address(name) and not is_phone(name)


def _is_address(name: str) -> bool:
    return "@" in name


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if any(map(str.isalnum, fold(text)))))
