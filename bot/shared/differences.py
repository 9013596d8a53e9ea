"""How two sequences differ, such as the words of two texts, in bounded time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import islice, takewhile
from operator import eq
from typing import Final

# Comparisons, two seconds' work at most. `SequenceMatcher` takes the cube of a text's length if few words repeat in it:
# forty seconds for four pages, while no one else can save anything.
_MOST: Final = 100_000_000


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> Sequence[tuple[str, int, int, int, int]]:
    """How `old` becomes `new`, as `SequenceMatcher.get_opcodes` has it.

    If that would take long, whatever is between their common beginning and end is one replacement.
    """
    counts = Counter(new)
    pairs = sum(counts[item] for item in old)
    if (pairs + len(old)) * min(len(old), len(new)) <= _MOST:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = sum(takewhile(bool, map(eq, old, new)))
    rest = min(len(old), len(new)) - start
    end = sum(takewhile(bool, islice(map(eq, reversed(old), reversed(new)), rest)))
    a, b = len(old) - end, len(new) - end
    return [("equal", 0, start, 0, start), ("replace", start, a, start, b), ("equal", a, len(old), b, len(new))]
