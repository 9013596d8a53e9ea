"""What a person sees of an answer or a form, whichever chat shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    needed: bool
    initial: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What a person sees: the words of a message in any order, its links, buttons and file; or a form."""

    words: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    buttons: tuple[str, ...] = ()
    calls: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] | None = None  # None: a terminal shows numbers
    file: tuple[str, bytes] | None = None
    form: tuple[Field, ...] = ()


def words(text: str) -> frozenset[str]:
    """An asterisk may be Slack's sign for bold, or a query's own."""
    return frozenset(word for word in text.replace("*", "").split() if word not in ("·", "•"))
