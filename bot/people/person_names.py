"""Find what may be a person's name in English and Spanish text, by its capitals. Pure.

Uses no list of names: a run of capitalized words is a person's name unless a word in or next to the run rules it out.
When in doubt it is a name. Each pattern reads a bounded length, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import Final

from bot.config.catalog import shipped

# Latin, Greek and Cyrillic capitals, and their small letters: `re` has no class for either.
_LETTERS: Final = [chr(code) for code in range(0x41, 0x530)]
_UPPER: Final = "".join(letter for letter in _LETTERS if letter.isupper())
_LOWER: Final = "".join(letter for letter in _LETTERS if letter.islower())
_WORD: Final = rf"[{_UPPER}](?:['’][{_UPPER}])?(?:[\w'’-]{{0,29}}[{_LOWER}]|[{_LOWER}])(?:['’]s\b)?"
_CAPITALS: Final = rf"[{_UPPER}]{{2,20}}(?:-[{_UPPER}]{{2,20}})?\b"
_INITIALS: Final = rf"(?:[{_UPPER}]\.){{1,3}}"
_PART: Final = r"(?:de las|de los|de la|del|de|da|dos|do|di|van der|van|von|bin|bint|ibn|al|el|la|le|y)"
# A name in a pattern: "Rosa", "Rosa Martínez", "R. Martinez", "R.M.", "María de la Cruz".
RUN: Final = (
    rf"(?<!\w)(?:(?<!\.){_INITIALS} ?{_WORD}|{_WORD}|(?<!\.){_INITIALS}|{_CAPITALS})"
    rf"(?: (?:{_PART} )?(?:{_WORD}|{_CAPITALS}|{_INITIALS})){{0,5}}(?!\w)"
)
ABBREVIATIONS: Final = frozenset(shipped("name_words")["abbreviations"])
NO_NAME: Final = frozenset(shipped("name_words")["no_name"])
BEGINS: Final = frozenset(shipped("name_words")["begins"])
_ROLES: Final = frozenset(shipped("name_words")["roles"])
_PLACE_BEFORE: Final = re.compile(r"(?:\b(?:in|at|near|outside|across|throughout|around|downtown)|, of) (?:the )?$")
_FIRST_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
# Four letters and more: only Title Case begins such a word with a capital in the middle of a sentence.
_LONG_WORD: Final = re.compile(r"([^\W\d_])[\w'’-]{3,}")
_FEW: Final = 3  # fewer may all be names: "By Jane Roe"
_MOSTLY: Final = 0.6
_LONG: Final = 4  # letters of a word that Title Case writes with a capital, but for these
_SMALL: Final = {
    *("about", "after", "amid", "before", "between", "from", "into", "like", "near", "over", "than", "that", "through"),
    *("under", "until", "when", "with"),
}
_ROLE_BEFORE: Final = re.compile(r"([A-Za-z]+)\.? $")


@cache
def runs() -> re.Pattern[str]:
    """The pattern `RUN`. Compiling its 800 letters takes a megabyte, so it waits for the first text."""
    return re.compile(RUN)


def as_name(run: str, before: str = "", own_names: Collection[str] = (), no_names: Collection[str] = ()) -> str:
    """The part of a run of capitalized words that may be a person's name, "" if none.

    `before`: the text before the run. `known`: names that are not a person's, spelled as in the text. `no_names`: more
    words that are not part of a person's name, in lowercase.
    """
    words = run.split(" ")
    first = 0
    while first < len(words) and ((begins := folded_word(words[first])) in BEGINS or begins in no_names):
        first += 1
    name = words[first:]
    folded = [folded_word(word) for word in name]
    if (
        not name
        or not NO_NAME.isdisjoint(folded)
        or not _ROLES.isdisjoint(folded)
        or any(w in no_names for w in folded)
    ):
        return ""
    full_name = " ".join(name).rstrip(" -")
    if any(full_name == one or full_name.startswith((f"{one}'", f"{one}’")) for one in own_names):
        return ""
    is_acronym = len(name) == 1 and name[0].isupper() and "." not in name[0]
    if is_acronym or full_name in ABBREVIATIONS:
        return ""
    role = _ROLE_BEFORE.search(before)
    if first == 0 and (_PLACE_BEFORE.search(before) or (role and role[1].casefold() in _ROLES)):
        return ""
    return full_name


def in_title_case(text: str) -> bool:
    """Whether most longer words begin with a capital, so a name looks like any other word.

    One longer word in lower case that Title Case writes with a capital is enough for the contrary: "praise", but not
    a mark such as "(video)".
    """
    if any(len(word) >= _LONG and word[0].islower() and word not in _SMALL for word in text.split(" ")):
        return False  # soon found in most texts
    first = _FIRST_WORD.search(text)
    initials = _LONG_WORD.findall(text, first.end()) if first else []
    return len(initials) >= _FEW and sum(map(str.isupper, initials)) > _MOSTLY * len(initials)


@lru_cache(4096)  # the same words come again and again
def folded_word(word: str) -> str:
    """The word of a name in lower case, without an ending 's and dots."""
    return word.casefold().replace("’", "'").removesuffix("'s").rstrip(".,")
