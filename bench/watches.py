"""Watches in number, each written twice: in our query language and in FTS5's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.material import Writer, agencies
from bot.watch.model import Level, Watch
from bot.watch.query import parse


@dataclass(frozen=True, slots=True)
class Rule:
    """One question, as we ask it and as FTS5 is asked."""

    ours: str
    fts5: str


def plain_rules(count: int, seed: int) -> list[Rule]:
    """`agency AND (phrase OR phrase OR phrase) NOT word`, as a large coalition writes most of its watches."""
    writer = Writer(seed)
    return [_plain(writer) for _ in range(count)]


def mixed_rules(count: int, seed: int) -> list[Rule]:
    """The same, every third with a word's beginning instead, every third with NEAR."""
    writer = Writer(seed)
    kinds = (_plain, _beginning, _near)
    return [kinds[number % 3](writer) for number in range(count)]


def watches(rules: Sequence[Rule]) -> tuple[Watch, ...]:
    """One in ten alerts, the others are for the digest."""
    return tuple(
        Watch(f"w{n}", f"Watch {n}", (), Level.DIGEST if n % 10 else Level.ALERT, parse(rule.ours))
        for n, rule in enumerate(rules)
    )


def agency_word(slug: str) -> str:
    """An agency as one word, for a column of FTS5."""
    return slug.replace("-", "")


def _plain(writer: Writer) -> Rule:
    phrases = " OR ".join(f'"{" ".join(writer.run(2, 3)).lower()}"' for _ in range(3))
    slug = writer.dice.choice(sorted(agencies()))
    avoided = _word(writer)
    return Rule(
        f"agency:{slug} AND ({phrases}) NOT {avoided}",
        f"(agency:{agency_word(slug)} AND ({phrases})) NOT {{title body}}:{avoided}",
    )


def _beginning(writer: Writer) -> Rule:
    phrase, avoided = f'"{" ".join(writer.run(2, 3)).lower()}"', _word(writer)
    text = f"({_word(writer)[:6]}* OR {_word(writer)[:6]}*) AND {phrase}"
    return Rule(f"{text} NOT {avoided}", f"{{title body}}:(({text}) NOT {avoided})")


def _near(writer: Writer) -> Rule:
    words, other, avoided = writer.run(2, 2), _word(writer), _word(writer)
    while other in map(str.lower, words):  # FTS5 lets a word stand near itself
        other = _word(writer)
    phrase = f'"{" ".join(words).lower()}"'
    return Rule(f"{phrase} NEAR/8 {other} NOT {avoided}", f"{{title body}}:(NEAR({phrase} {other}, 8) NOT {avoided})")


def _word(writer: Writer) -> str:
    """A word with something to say; short ones would stand in every entry."""
    while True:
        (word,) = writer.run(1, 1)
        if len(word) > 4 and word.isalpha():
            return word.lower()
