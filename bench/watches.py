"""Watches in number, each written twice: in our query language and in FTS5's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.author import Author
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


def wide_rules(count: int, seed: int) -> list[Rule]:
    """What a great many people ask for, in a wide vocabulary.

    Half of it is plain, a quarter asks for phrases wherever they come from, an eighth each for a word's beginning and
    for NEAR.
    """
    author = Author(seed)
    kinds = (_plain, _anywhere, _plain, _beginning, _plain, _anywhere, _plain, _near)
    return [kinds[number % len(kinds)](author) for number in range(count)]


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
    text, avoided = _any_of_three(writer), writer.word()
    slug = writer.dice.choice(sorted(agencies()))
    return Rule(
        f"agency:{slug} AND {text} NOT {avoided}",
        f"(agency:{agency_word(slug)} AND {text}) NOT {{title body action}}:{avoided}",
    )


def _anywhere(writer: Writer) -> Rule:
    text, avoided = _any_of_three(writer), writer.word()
    return Rule(f"{text} NOT {avoided}", f"{{title body action}}:({text} NOT {avoided})")


def _any_of_three(writer: Writer) -> str:
    phrases = " OR ".join(f'"{writer.phrase()}"' for _ in range(3))
    return f"({phrases})"


def _beginning(writer: Writer) -> Rule:
    phrase, avoided = f'"{writer.phrase()}"', writer.word()
    text = f"({writer.word()[:6]}* OR {writer.word()[:6]}*) AND {phrase}"
    return Rule(f"{text} NOT {avoided}", f"{{title body action}}:(({text}) NOT {avoided})")


def _near(writer: Writer) -> Rule:
    phrase, other, avoided = writer.phrase(), writer.word(), writer.word()
    while other in phrase.split():  # FTS5 lets a word stand near itself
        other = writer.word()
    return Rule(
        f'"{phrase}" NEAR/8 {other} NOT {avoided}', f'{{title body action}}:(NEAR("{phrase}" {other}, 8) NOT {avoided})'
    )
