"""Pairs made by machine: a headline, and the same with one word changed that makes it another event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bench.clusters import Clusters
from bot.media.news.cluster import fingerprint

# What reads like any word of a row becomes the next one of that row.
_ROWS = (
    ("Senate", "House"),
    ("committee", "subcommittee", "commission"),
    ("passes", "rejects", "delays"),
    ("advances", "blocks"),
    ("signs", "vetoes"),
    ("upholds", "overturns"),
    ("introduce", "withdraw"),
    ("introduced", "withdrawn"),
    ("wins", "loses"),
    ("fails", "succeeds"),
    ("arrested", "convicted", "acquitted"),
    ("calls", "sues"),
    ("leads", "leaves"),
    ("says", "denies"),
    ("Ohio", "Iowa"),
    ("Florida", "Texas"),
    ("California", "New York", "North Dakota"),
    ("one", "two", "three"),
)
_NEXT = {word: row[(at + 1) % len(row)] for row in _ROWS for at, word in enumerate(row)}
_WORD = re.compile(r"[^\W_][\w’']*")
_NAMES = ("Ohio", "Ames", "New York", "Jo Sample")  # in the place of any other name


def swapped(headline: str) -> Iterator[str]:
    """The headline once for each word that can be changed: chambers, outcomes, places, numbers, names."""
    for at, word_match in enumerate(_WORD.finditer(headline)):
        word = word_match[0]
        if word in _NEXT or word.lower() in _NEXT:
            instead = _NEXT.get(word) or _NEXT[word.lower()]
        elif word.isdigit():
            instead = str(int(word) + 1)
        elif word[0].isupper() and len(word) > 3:
            instead = _NAMES[at % len(_NAMES)]
        else:
            continue
        if instead.casefold() != word.casefold():
            yield f"{headline[: word_match.start()]}{instead}{headline[word_match.end() :]}"


def swallowed(items: Sequence[tuple[str, str, str]]) -> tuple[int, list[tuple[str, str]]]:
    """How many pairs were made of these (title, text, outlet), and those that became one story.

    Each pair is tried under one outlet and under two, with the same text and with none.
    """
    tried, wrong = 0, []
    for title, text, outlet in items:
        for other in swapped(title):
            for body in (text, ""):
                for second in (outlet, f"Not {outlet}"):
                    clusters = Clusters()
                    first = clusters.add("first", fingerprint(title, body, outlet))
                    tried += 1
                    if clusters.add("second", fingerprint(other, body, second)) == first:
                        wrong.append((title, other))
    return tried, wrong
