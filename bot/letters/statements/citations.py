"""Find citations of law, bills and votes, and quotations, in a letter's text. Pure, and linear in the text's length.

A citation's `key` says what is cited, however it is written: "22 U.S.C. § 7105(c)" and "section 7105(c) of title 22,
United States Code" both have the key ``("usc", "22", "7105", "c")``. `covers` compares two keys.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import Final

from bot.letters.statements import english as en
from bot.shared.bill_number import parse_bill_number

Key = tuple[str, ...]


class Kind(StrEnum):
    """The kind of thing cited."""

    LAW = "law"  # a statute, a regulation, an order, a report of a committee, a case
    BILL = "bill"
    DOCUMENT = "document"  # of the Federal Register, or a docket
    VOTE = "vote"
    QUOTATION = "quotation"
    FIGURE = "figure"  # a number, with what it counts; this and the following are found by `extraction.py`
    DAY = "day"  # a day, month or year
    STATEMENT = "statement"  # what someone else said, found or did
    STAGE = "stage"  # where a bill is
    NAME = "name"  # an office, a committee, an official
    CLAIM = "claim"  # a claim of the letter, in other words
    REVERSAL = "reversal"  # "no longer", "has never", "was repealed"


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation; `start` and `end` are its place in the normalized text."""

    kind: Kind
    key: Key
    text: str  # as written in the letter
    sentence: str  # the whole sentence around it
    start: int
    end: int


_ANY_CASE: Final = re.IGNORECASE
_MOST_VOTES: Final = 435
_INITIAL: Final = 2  # letters between the periods of initials
# Pieces of the patterns. Every repetition is bounded, so that no text takes longer than its length.
_NUMBER: Final = r"\d{1,6}(?:\.\d{1,5})?[A-Za-z]{0,3}(?:-\d{1,5}[A-Za-z]{0,2})?"  # 7105, 3771A, 2000e-5, 1100.35
_SUB: Final = r"(?:\s?\([0-9A-Za-z]{1,5}\)){1,6}"  # (c)(3)(A)(i)
_SECTION: Final = rf"{_NUMBER}(?:{_SUB})?(?!\w)"
_SIGN: Final = r"(?:§{1,2}|\b(?:sections?|parts?|subparts?)\b|\bsecs?\.)"
_USC: Final = r"(?:U\.?\s?S\.?\s?C\b\.?(?:\s?A\.)?|U\.?\s?S\.?\sCode|United\sStates\sCode)"
_CFR: Final = r"(?:C\.?\s?F\.?\s?R\b\.?|Code\sof\sFederal\sRegulations)"
_OF: Final = r"(?:,?\s?of\s(?:the\s)?|,\s?)"
_PUBLIC_LAW: Final = r"\b(?:Public\sLaw|Private\sLaw|Pub\.?\s?L\.?|P\.\s?L\.|PL)"
_BILL: Final = (
    r"(?:(?:H\.?\s?R\.?|S\.)(?=\s{0,2}(?:No\.?\s?)?\d)|S(?=\s?\d{3})|(?:H|S)\.?\s?(?:(?:J|Con)\.?\s?)?Res\.?"
    r"|(?:House|Senate)\s(?:(?:Joint|Concurrent)\s)?(?:[Bb]ill|[Rr]esolution))"
)
_REPORTERS: Final = r"(?:U\.\s?S\.|S\.\s?Ct\.|F\.(?:\s?(?:2d|3d|4th))?|F\.\s?Supp\.(?:\s?[23]d)?)"
_OF_AN_ACT: Final = r"(?:\sof\sthe\s(?:[\w’'-]{1,30}\s){1,8}?Act\b)?"
_OF_A_CONGRESS: Final = (
    r"(?:[\s,]{0,2}\(?(?:of\s|in\s(?=the\s\d{2,3}(?:st|nd|rd|th)\sCong))?(?:the\s)?"
    r"(?P<congress>\d{2,3})(?:st|nd|rd|th)\b(?:\sCong(?:ress|\.))?\)?)?"
)
_LAW: Final = (
    rf"(?:{_SIGN}\s{{0,2}}(?P<before>{_SECTION}){_OF})?{_PUBLIC_LAW}\s{{0,2}}(?:No\.?\s{{0,2}})?"
    rf"(?P<number>\d{{2,3}}\s?[-–]\s?\d{{1,4}})(?![\w-])(?:,?\s(?:at\s)?{_SIGN}\s{{0,2}}(?P<section>{_SECTION}))?"
)
# What may follow a section in a list: "7101, 7102(a), and 7105". After a single section sign a later number has three
# digits, a letter or a subsection, since it may count anything else.
_AND: Final = r"\s{0,2}(?:,?\s?(?:and|or|to|through|&)\s|[,;–-])\s{0,2}(?:and\s|or\s)?"
_NEXT: Final = re.compile(
    rf"{_AND}(?:{_SIGN}\s{{0,2}})?(?P<section>(?=\d{{3}}|\d{{1,2}}[A-Za-z(]){_SECTION})", re.IGNORECASE
)
_NEXT_OF_MANY: Final = re.compile(rf"{_AND}(?:{_SIGN}\s{{0,2}})?(?P<section>{_SECTION})", re.IGNORECASE)
_NEXT_PART: Final = re.compile(rf"{_AND}(?P<section>{_SUB})", re.IGNORECASE)
_MANY: Final = re.compile(r"§§|\bsections\b|\bsecs\.", re.IGNORECASE)
_VOTE: Final = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|pass(?:es|ed|age|ing)?|yeas?|nays?|roll[\s-]?call|rejected|defeated|approved|agreed|adopted"
    r"|failed|margin)\b",
    re.IGNORECASE,
)
_VOTED: Final = re.compile(r"\b(?:vot(?:e|es|ed|ing)|yeas?|nays?|roll[\s-]?call|margin)\b", re.IGNORECASE)
_CODES: Final = {"usc": "U.S.C.", "cfr": "CFR"}
_PATH: Final = re.compile(r"[^\s()]+")
_WORD: Final = re.compile(r"[^\W_]+")
_END: Final = re.compile(r"[.!?][\"”’)\]]{0,3}\s+")

_Keys = Callable[[re.Match[str]], Iterator[Key]]


def _title_keys(name: str, match: re.Match[str]) -> Iterator[Key]:
    yield (name, match["title"], *_path(match["section"]))


def _number_keys(name: str, match: re.Match[str]) -> Iterator[Key]:
    yield (name, *(_normalize_number(part) for part in match.groups() if part))


def _law_keys(match: re.Match[str]) -> Iterator[Key]:
    section = match["section"] or match["before"]
    yield ("law", _normalize_number(match["number"]), *(_path(section) if section else ()))


def _section_keys(match: re.Match[str]) -> Iterator[Key]:
    yield ("section", *_path(match["section"]))


def _bill_keys(match: re.Match[str]) -> Iterator[Key]:
    bill = parse_bill_number(f"{match['type']} {match['number']}")
    if bill:
        yield ("bill", bill.name, *([match["congress"]] if match["congress"] else []))


def _vote_keys(match: re.Match[str]) -> Iterator[Key]:
    if max(int(match["ayes"]), int(match["noes"])) <= _MOST_VOTES:
        yield ("vote", f"{match['ayes']}-{match['noes']}")


def _quotation_keys(match: re.Match[str]) -> Iterator[Key]:
    """The key of a quotation; a title in quotation marks, capitalized throughout, is not one."""
    if any(word[0].islower() and word not in en.UNCAPITALIZED for word in _WORD.findall(match["quoted"])):
        yield ("quotation", " ".join(words(match["quoted"])))


# Tried in this order; text matched by one pattern is skipped by the next.
_PATTERNS: Final[tuple[tuple[Kind, re.Pattern[str], _Keys], ...]] = tuple(
    (kind, re.compile(pattern, flags), keys)
    for kind, keys, flags, pattern in (
        (Kind.LAW, partial(_title_keys, "usc"), _ANY_CASE,
         rf"(?<![\w.])(?P<title>\d{{1,2}})\s{{0,2}}{_USC}\s{{0,2}}(?:{_SIGN}\s{{0,2}})?(?P<section>{_SECTION})"),
        (Kind.LAW, partial(_title_keys, "cfr"), _ANY_CASE,
         rf"(?<![\w.])(?P<title>\d{{1,2}})\s{{0,2}}{_CFR}\s{{0,2}}(?:{_SIGN}\s{{0,2}})?(?P<section>{_SECTION})"),
        (Kind.LAW, partial(_title_keys, "cfr"), _ANY_CASE,
         rf"{_SIGN}\s{{0,2}}(?P<section>{_SECTION}){_OF}title\s(?P<title>\d{{1,2}}){_OF}{_CFR}"),
        (Kind.LAW, partial(_title_keys, "cfr"), _ANY_CASE,
         rf"\btitle\s(?P<title>\d{{1,2}}){_OF}{_CFR},?\s{{0,2}}{_SIGN}\s{{0,2}}(?P<section>{_SECTION})"),
        (Kind.LAW, partial(_title_keys, "usc"), _ANY_CASE,
         rf"{_SIGN}\s{{0,2}}(?P<section>{_SECTION}){_OF}title\s(?P<title>\d{{1,2}})\b(?:{_OF}{_USC})?"),
        (Kind.LAW, partial(_title_keys, "usc"), _ANY_CASE,
         rf"\btitle\s(?P<title>\d{{1,2}})\b(?:{_OF}{_USC})?,?\s{{0,2}}{_SIGN}\s{{0,2}}(?P<section>{_SECTION})"),
        (Kind.LAW, _law_keys, _ANY_CASE, _LAW),
        (Kind.LAW, partial(_number_keys, "stat"), 0,
         r"(?<![\w.])(\d{1,3})\s{1,2}Stat(?:\.|utes\sat\sLarge)\s{0,2}(\d{1,2},\d{3}|\d{1,5})\b"),
        (Kind.LAW, partial(_number_keys, "order"), _ANY_CASE,
         r"\b(?:Executive\s{1,2}Orders?|Exec\.\s{0,2}Order|E\.\s?O\.|EO)\s{0,2}(?:No\.?\s{0,2})?(\d{2},\d{3}|\d{4,5})\b"),
        (Kind.LAW, partial(_number_keys, "proclamation"), _ANY_CASE,
         r"\bProclamation\s{1,2}(?:No\.?\s{0,2})?(\d{1,2},\d{3}|\d{4,5})\b"),
        (Kind.LAW, partial(_number_keys, "report"), _ANY_CASE,
         r"\b([HS])\.\s?Rep(?:or)?t\.?\s{0,2}(?:No\.?\s{0,2})?(\d{2,3}\s?[-–]\s?\d{1,4})\b"),
        (Kind.DOCUMENT, partial(_number_keys, "fr"), 0,
         r"(?<![\w.])(\d{2,3})\s{1,2}(?:Fed\.\s{0,2}Reg\.|F\.\s?R\.|FR)\s{1,2}(\d{1,3},\d{3}|\d{1,6})\b"),
        (Kind.LAW, partial(_number_keys, "case"), 0,
         rf"(?<![\w.])(\d{{1,4}})\s{{1,2}}({_REPORTERS})\s{{1,2}}(\d{{1,5}})\b"),
        (Kind.DOCUMENT, partial(_number_keys, "document"), 0, r"(?<![\w-])((?:19|20)\d\d-\d{5})(?![\w-])"),
        (Kind.DOCUMENT, partial(_number_keys, "docket"), 0,
         r"(?<![\w-])([A-Z]{2,8}(?:-[A-Z0-9]{1,8}){0,2}-20\d\d-\d{3,5}(?:-\d{4})?)(?![\w-])"),
        (Kind.LAW, _section_keys, _ANY_CASE,
         rf"(?:§{{1,2}}|\bsections?\b|\bsecs?\.)\s{{0,2}}(?P<section>{_SECTION}){_OF_AN_ACT}"),
        (Kind.LAW, _section_keys, _ANY_CASE,
         r"\b(?:subsections?|paragraphs?|subparagraphs?|clauses?)\s(?P<section>(?:\([0-9A-Za-z]{1,5}\)){1,6})"),
        (Kind.LAW, partial(_number_keys, "part"), 0,
         r"\b(Title|Article|Rule|Chapter|[Ss]ubtitle)\s([IVX]{1,6}|[A-H]|\d{1,3}(?:\.\d{1,2})?)\b"),
        (Kind.LAW, partial(_number_keys, "amendment"), 0,
         r"\b([A-Z][a-z]{3,9}(?:th|st|rd|nd|fth)|First|Second|Third)\s(?:and\s[A-Z][a-z]{3,12}\s)?Amendments?\b"),
        (Kind.LAW, partial(_number_keys, "case"), 0,
         r"\b([A-Z][\w.’'-]{1,30}(?:\s[A-Z][\w.’'-]{1,30}){0,3}\sv\.\s[A-Z][\w.’'-]{1,30})"),
        (Kind.BILL, _bill_keys, 0,
         rf"(?<![\w.])(?P<type>{_BILL})\s{{0,2}}(?:No\.?\s{{0,2}})?(?P<number>[1-9]\d{{0,4}})(?![\w-]){_OF_A_CONGRESS}"),
        (Kind.VOTE, _vote_keys, 0,
         r"(?<![\w.,/-])(?P<ayes>\d{1,3})(?P<between>\s?[-–—]\s?|\sto\s)(?P<noes>\d{1,3})(?![\w/-])(?![.,]\d)"),
        (Kind.QUOTATION, _quotation_keys, 0, r"[“„](?P<quoted>[^“”„]{2,})(?:[”“]|$)"),
        (Kind.QUOTATION, _quotation_keys, 0, r"«(?P<quoted>[^«»]{2,})(?:»|$)"),
        (Kind.QUOTATION, _quotation_keys, 0, r"(?<!\w)\"(?P<quoted>[^\"]{2,})(?:\"|$)"),
        (Kind.QUOTATION, _quotation_keys, 0, r"(?<!\w)‘(?P<quoted>[^‘“”]{2,}?)(?:’(?!\w)|$)"),
        (Kind.QUOTATION, _quotation_keys, 0, r"(?<!\w)'(?P<quoted>[^'“”]{2,}?)'(?!\w)"),
    )
)  # fmt: skip


@lru_cache(2_048)  # a letter to many has most paragraphs in common
def citations(text: str) -> tuple[Citation, ...]:
    """Everything a paragraph cites, in order of appearance."""
    text = normalize(text)
    matches, taken, ends = _parsed(text)

    @cache  # many citations may share one long sentence
    def sentence_of(first: int, last: int) -> tuple[str, bool, bool]:
        sentence = text[ends[first] : ends[last]].strip()
        return sentence, bool(_VOTE.search(sentence)), bool(_VOTED.search(sentence))

    result = []
    for kind, match, keys in matches:
        first, last = bisect_right(ends, match.start()) - 1, bisect_left(ends, match.end())
        sentence, of_a_vote, says_voted = sentence_of(first, last)
        if kind is Kind.VOTE and not (says_voted if "to" in match["between"] else of_a_vote):
            continue
        result += [
            Citation(kind, key, quoted, sentence, start, end)
            for key, quoted, start, end in _with_list(text, match, keys, taken)
        ]
    return tuple(sorted(result, key=lambda citation: citation.start))


@lru_cache(2_048)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each sentence of a normalized text."""
    _, _, ends = _parsed(text)
    return tuple((start, end) for start, end in pairwise(ends) if text[start:end].strip())


def _parsed(text: str) -> tuple[list[tuple[Kind, re.Match[str], _Keys]], list[tuple[int, int]], list[int]]:
    """The matches in a normalized text, the places of those that are not quotations, and where its sentences end.

    No matches overlap; only a quotation may contain other citations.
    """
    matches, used = [], bytearray(len(text))
    for kind, pattern, keys in _PATTERNS:
        for match in pattern.finditer(text):
            if kind is not Kind.QUOTATION:
                if 1 in used[match.start() : match.end()]:
                    continue
                used[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            matches.append((kind, match, keys))
    taken = sorted((match.start(), match.end()) for kind, match, _ in matches if kind is not Kind.QUOTATION)
    return matches, taken, [0, *_sentence_ends(text, taken), len(text)]


def covers(stated: Key, cited: Key) -> bool:
    """Whether a statement about `stated` covers `cited`: it is the same, a part of it, or contains it.

    A bare "section 3771A" matches the section of that number in any law.
    """
    if cited[0] == "section" and stated[0] in ("usc", "cfr", "law"):
        stated = ("section", *stated[2:])
    short = min(len(stated), len(cited))
    return short > 1 and stated[:short] == cited[:short]


def normalize(text: str) -> str:
    """The text in Unicode form NFKC with single spaces, as the patterns expect it."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def words(text: str) -> list[str]:
    """The words of a text in lower case without apostrophes, to compare quotations."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", ""))


def _with_list(
    text: str, match: re.Match[str], keys: _Keys, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[Key, str, int, int]]:
    """(key, text, start, end) of a match and of sections listed after it: "18 U.S.C. 1591(a), (b), and 1593A"."""
    key: Key | None = None
    for key in keys(match):
        quoted = match[0] if "(" in match[0] else match[0].rstrip(")")
        yield key, quoted, match.start(), match.end()
    if key is None or key[0] not in ("usc", "cfr", "section"):
        return
    stem, name = (key[:1], "section") if key[0] == "section" else (key[:2], f"{key[1]} {_CODES[key[0]]}")
    further = _NEXT_OF_MANY if _MANY.search(match[0]) else _NEXT
    number, at = match["section"].partition("(")[0].strip(), match.end()
    nth = bisect_right(taken, (at, 0))
    end = taken[nth][0] if nth < len(taken) else len(text)
    while next_match := _NEXT_PART.match(text, at, end) or further.match(text, at, end):
        quoted = next_match["section"]
        if quoted[0] == "(":
            quoted = number + quoted
        else:
            number = quoted.partition("(")[0].strip()
        yield (*stem, *_path(quoted)), f"{name} {quoted}", next_match.start("section"), next_match.end()
        at = next_match.end()


def _sentence_ends(text: str, taken: Sequence[tuple[int, int]]) -> list[int]:
    """Positions where sentences end, but not within a citation or after "U.S." or "Sen."."""
    ends = []
    for end in _END.finditer(text):
        at = bisect_right(taken, (end.start(), len(text)))
        within = at > 0 and taken[at - 1][1] > end.start() + 1
        word = text[max(text.rfind(" ", 0, end.start()) + 1, end.start() - 20) : end.start()].lstrip('(“"‘[')
        initials = "." in word and max(map(len, word.split("."))) <= _INITIAL  # U.S.C. or p.m.
        shortened = end[0][0] == "." and (word.casefold() in en.ABBREVIATIONS or len(word) == 1 or initials)
        if not within and not shortened:
            ends.append(end.end())
    return ends


def _path(section: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in _PATH.findall(section))


def _normalize_number(number: str) -> str:
    return re.sub(r"[\s,]", "", number).replace("–", "-").casefold()
