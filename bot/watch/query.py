"""The query language that staff type, as docs/queries.md tells it: text in, a frozen tree out. Pure.

A recursive descent over this grammar (loosest first; words side by side are joined by AND):

    any    = all { OR all }
    all    = not { [AND] not }
    not    = NOT not | near
    near   = atom [ NEAR/n atom ]
    atom   = ( any ) | field: atom | "a phrase" | word | prefix*
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import NoReturn

from bot.shared.agencies import called
from bot.shared.errors import WrongUse
from bot.watch import text as txt
from bot.watch.learned import Learned

MAX_LENGTH = 4_000  # characters; far above any query a person would read back
MAX_DEPTH = 50  # parentheses and NOTs within each other
MAX_NEAR = 50  # words between the two sides of NEAR
FACETS = ("agency", "type", "docket", "bill", "committee", "outlet", "names")
FIELDS = ("title", *FACETS)


class QueryError(WrongUse, ValueError):
    """A query error: what is wrong, at which column (from 1), and what to write instead."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(f"column {column}: {message}" + (f" ({hint})" if hint else ""))
        self.message, self.column, self.hint = message, column, hint


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words; a single word is a phrase of one.

    Each word is folded ("labor"), in capitals ("OMB": only capitals will do), or ends with "*" (a beginning).
    """

    words: tuple[str, ...]
    title_only: bool = False
    whole: tuple[str, ...] = field(init=False, repr=False, compare=False)  # those that only the very word matches

    def __post_init__(self) -> None:
        whole = tuple(word for word in self.words if not (word.endswith("*") or (word.isupper() and word.isascii())))
        object.__setattr__(self, "whole", self.words if len(whole) == len(self.words) else whole)


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right` with at most `distance` words between them, in either order."""

    left: tuple[Phrase, ...]
    right: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A condition on a field: `words` folded, `value` as typed (a bill number normalized)."""

    field: str
    value: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


Node = Phrase | Near | Facet | Not | And | Or | Learned


@dataclass(frozen=True, slots=True)
class Query:
    text: str  # as typed
    root: Node

    def in_words(self) -> str:
        """The parsed query in words, for people to check: `all of: …; any of (…); none of (…)`."""
        return in_words(self.root)


@lru_cache(maxsize=1_024)  # a configuration is checked again at each change from chat
def parse(text: str) -> Query:
    """Parse a query. Raises `QueryError` if it means none, or would match nearly all but what it leaves out."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, "make several watches of it")
    return Query(text, _Parser(text).query())


# --- reading --------------------------------------------------------------------------------------------------------

_STRAIGHT = str.maketrans("“”„‟«»＂‘’", '"""""""\'\'')
_LEXEME = re.compile(
    r"""(?P<open>\()|(?P<close>\))|(?P<phrase>"[^"]*")|(?P<unclosed>")
    |(?P<near>(?i:NEAR)/\d+)(?![^\s()"])|(?P<op>AND|OR|NOT|NEAR)(?![^\s()"])
    |(?P<field>[A-Za-z]+):(?!//)|(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_OPERATORS = ("AND", "OR", "NOT")
_SYMBOLS = {"-": "NOT", "!": "NOT", "|": "OR", "&": "AND", "+": "AND"}
_BILL = re.compile(r"(hr|s|hjres|sjres|hconres|sconres|hres|sres)([1-9]\d*)(?:-(\d{2,3}))?")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    column: int


def _lexemes(text: str) -> Iterator[_Lexeme]:
    straight = text.translate(_STRAIGHT)
    for match in _LEXEME.finditer(straight):
        kind = match.lastgroup or ""
        lexeme = _Lexeme(kind, match[kind], match.start(kind) + 1)
        if kind == "unclosed":
            raise QueryError("this quotation mark is not closed", lexeme.column, 'add a " where the phrase ends')
        yield lexeme


class _Parser:
    def __init__(self, text: str) -> None:
        self._lexemes = list(_lexemes(text))
        self._at = 0
        self._depth = 0
        self._field = ""

    def query(self) -> Node:
        if not self._lexemes:
            raise QueryError("the query is empty", 1, 'write what to look for, e.g. "public comment"')
        root = self._any()
        if (rest := self._next) is not None:
            raise QueryError("this ) has no opening (", rest.column, "remove it, or add a ( before")
        if not _positive(root):
            column = next((x.column for x in self._lexemes if x.text == "NOT"), 1)
            hint = "add what to look for, e.g. funding NOT formula"
            raise QueryError("this would match nearly everything: it only says what to leave out", column, hint)
        return root

    @property
    def _next(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _take(self, kind: str, text: str = "") -> _Lexeme | None:
        lexeme = self._next
        if lexeme is None or lexeme.kind != kind or text not in ("", lexeme.text):
            return None
        self._at += 1
        return lexeme

    def _any(self) -> Node:
        parts = [self._all()]
        while self._take("op", "OR"):
            parts.append(self._all())
        return _joined(Or, parts)

    def _all(self) -> Node:
        parts = [self._not()]
        while (lexeme := self._next) and lexeme.kind != "close" and (lexeme.kind, lexeme.text) != ("op", "OR"):
            self._take("op", "AND")
            parts.append(self._not())
        return _joined(And, parts)

    def _not(self) -> Node:
        if not (lexeme := self._take("op", "NOT")):
            return self._near()
        self._deeper(lexeme)
        part = self._not()
        self._depth -= 1
        return part.part if isinstance(part, Not) else Not(part)

    def _near(self) -> Node:
        left_at = self._at
        left = self._atom()
        if not (near := self._take("near")):
            return left
        distance = int(near.text[len("NEAR/") :][:9])
        if not 1 <= distance <= MAX_NEAR:
            raise QueryError(f"{near.text} is out of range", near.column, f"write NEAR/1 to NEAR/{MAX_NEAR}")
        right_at = self._at
        right = self._atom()
        sides = (self._phrases(left, left_at), self._phrases(right, right_at))
        if again := self._take("near"):
            raise QueryError("NEAR joins only two things", again.column, "write a NEAR/5 b AND b NEAR/5 c")
        return Near(*sides, distance)

    def _phrases(self, node: Node, at: int) -> tuple[Phrase, ...]:
        parts = node.parts if isinstance(node, Or) else (node,)
        phrases = tuple(part for part in parts if isinstance(part, Phrase))
        if len(phrases) < len(parts):
            raise QueryError(
                "NEAR must be between words or phrases",
                self._lexemes[at].column,
                'such as "public comment" NEAR/10 (extend OR reopen)',
            )
        return phrases

    def _atom(self) -> Node:
        lexeme = self._next
        if lexeme is None or lexeme.kind in ("close", "op", "near"):
            self._missing(lexeme)
        self._at += 1
        match lexeme.kind:
            case "open":
                self._deeper(lexeme)
                node = self._any()
                if not self._take("close"):
                    raise QueryError("this ( is not closed", lexeme.column, "add a ) where the group ends")
                self._depth -= 1
                return node
            case "field":
                return self._scoped(lexeme)
            case _:
                return self._leaf(lexeme)

    def _missing(self, lexeme: _Lexeme | None) -> NoReturn:
        before = self._lexemes[self._at - 1] if self._at else None
        if lexeme is not None and lexeme.text == "NEAR":
            raise QueryError("NEAR needs a number of words", lexeme.column, "write NEAR/10")
        if before is not None and before.kind != "close" and before.kind not in ("phrase", "word"):
            written = before.text + (":" if before.kind == "field" else "")
            raise QueryError(f"something is missing after {written}", before.column, "write a word or phrase there")
        at, written = (lexeme.column, lexeme.text) if lexeme else (1, "it")
        raise QueryError(f"{written} has nothing to join", at, f'to look for the word itself write "{written}"')

    def _deeper(self, lexeme: _Lexeme) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} nested groups", lexeme.column, "make it simpler")

    def _scoped(self, lexeme: _Lexeme) -> Node:
        name = lexeme.text.lower()
        if self._field:
            raise QueryError(f"{name}: is inside {self._field}:", lexeme.column, "close the group before it")
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1)
            if name in ("all", "any", "not"):
                hint = f"lists of words such as {name}: belong in feeds.yml, or use AND, OR and NOT"
                raise QueryError(f'there is no field "{name}"', lexeme.column, hint)
            hint = f'did you mean "{near[0]}:"' if near else f"the fields are {', '.join(FIELDS)}"
            raise QueryError(f'there is no field "{name}"', lexeme.column, f"{hint}; put plain words in quotes")
        self._field = name
        node = self._atom()
        self._field = ""
        return node

    def _leaf(self, lexeme: _Lexeme) -> Node:
        if lexeme.kind == "word" and lexeme.text[0] in _SYMBOLS:
            raise QueryError(
                f'"{lexeme.text[0]}" is not an operator here', lexeme.column, f"write {_SYMBOLS[lexeme.text[0]]}"
            )
        if operator := _operator_inside(lexeme.text):
            raise QueryError(
                f"{operator} inside quotation marks is a word to look for",
                lexeme.column,
                f"to combine, write {_combined(lexeme.text)}",
            )
        words = tuple(word for piece in lexeme.text.strip('"').split() for word in _piece(piece, lexeme))
        if not words:
            raise QueryError(f"there is no word in {lexeme.text}", lexeme.column, "write letters or digits")
        if self._field in FACETS:
            return _facet(self._field, lexeme, words)
        return Phrase(words, title_only=self._field == "title")


def _operator_inside(quoted: str) -> str:
    """The operator between the words of a phrase, "" if there is none; "ARTS AND CRAFTS" is all in capitals."""
    inside = quoted.strip('"').split()[1:-1] if any(map(str.islower, quoted)) else ()
    return next((word for word in inside if word in _OPERATORS), "")


def _combined(quoted: str) -> str:
    """The phrase's words, with its operators outside the quotation marks."""
    parts: list[list[str]] = [[]]
    for word in quoted.strip('"').split():
        parts += [[word], []] if word in _OPERATORS else []
        parts[-1] += [] if word in _OPERATORS else [word]
    return " ".join(f'"{" ".join(part)}"' if len(part) > 1 else "".join(part) for part in parts)


def _piece(piece: str, lexeme: _Lexeme) -> tuple[str, ...]:
    """The words of one space-free piece: a hyphen in it makes more than one, a star at its end a beginning."""
    stem = piece.removesuffix("*")
    raw = txt.raw_words(txt.clean(stem))
    capitals = dict(txt.acronyms(raw))
    words = [capitals.get(at, word) for at, word in enumerate(txt.fold_all(raw))]
    starred = len(stem) < len(piece)
    if "*" in stem or (starred and not (words and stem[-1].isalnum() and len(words[-1]) > 1)):
        raise QueryError(
            "a * can only end a word of two letters or more", lexeme.column, 'such as propos* or "propos* rule"'
        )
    if starred:
        words[-1] += "*"
    return tuple(map(intern, words))  # of many watches the same words are kept once


def _facet(name: str, lexeme: _Lexeme, words: tuple[str, ...]) -> Facet:
    value = lexeme.text.strip('"').strip()
    folded = tuple(word.lower() for word in words)
    if name == "agency" and (agency := called(value)):
        return Facet(name, agency[0], tuple(txt.words(agency[1])))
    if name != "bill":
        return Facet(name, value, folded)
    match = _BILL.fullmatch(re.sub(r"[.\s]|-(?=\d+-)", "", value.lower()))
    if not match:
        raise QueryError(
            f'"{value}" is not a bill number', lexeme.column, "write it as hr1234-119, or hr1234 for any Congress"
        )
    return Facet(name, match[0], folded)


def _joined(kind: type[And | Or], parts: list[Node]) -> Node:
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def _positive(node: Node) -> bool:
    """Whether every way to satisfy the query requires some word or field."""
    match node:
        case Not():
            return False
        case And(parts):
            return any(map(_positive, parts))
        case Or(parts):
            return all(map(_positive, parts))
    return True


# --- saying back ----------------------------------------------------------------------------------------------------


def in_words(node: Node) -> str:  # noqa: PLR0911 - one for each kind of node
    """A query, or a part of one, in words."""
    match node:
        case Phrase():
            return phrase_in_words(node)
        case Near(left, right, distance):
            return f"{_one_of(left)} within {distance} words of {_one_of(right)}"
        case Facet(name, value, _):
            return f'{name} "{value}"'
        case Learned():
            return f"what is close to your Yes: {', '.join(node.leading[:3])}"
        case Not(part):
            return f"none of ({_list(_alternatives(part))})"
        case Or(parts):
            return f"any of ({_list(parts)})"
        case And(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            unwanted = [inner for part in parts if isinstance(part, Not) for inner in _alternatives(part.part)]
            all_of = f"all of ({_list(wanted)})" if len(wanted) > 1 else in_words(wanted[0]) if wanted else ""
            nots = f"none of ({_list(unwanted)})" if unwanted else ""
            return " and ".join(filter(None, (all_of, nots)))


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Or) else (node,)


def _list(parts: Sequence[Node]) -> str:
    return ", ".join(map(in_words, parts))


def _one_of(phrases: tuple[Phrase, ...]) -> str:
    return phrase_in_words(phrases[0]) if len(phrases) == 1 else f"any of ({', '.join(map(phrase_in_words, phrases))})"


def phrase_in_words(phrase: Phrase) -> str:
    """`"public comment" in the title`, `"OMB" (in capitals)`, `words beginning "propos"`."""
    joined = " ".join(phrase.words)
    beginning = len(phrase.words) == 1 and joined.endswith("*")
    text = f'words beginning "{joined[:-1]}"' if beginning else f'"{joined}"'
    capitals = [word for word in phrase.words if word.isupper()]
    if capitals:
        text += f" ({' '.join(capitals) + ' ' if len(phrase.words) > 1 else ''}in capitals)"
    return text + (" in the title" if phrase.title_only else "")
