"""Write `bot/alerts/small_words.txt`: the words that the summaries of the Federal Register write without a capital.

    bin/small_words.py FILE --until 2025-09 > bot/alerts/small_words.txt

FILE has documents as the API of federalregister.gov gives them, one JSON object a line, gzipped. Later months are left
out: headlines are measured on them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

LEAST = 2  # summaries, of a word that others have with a capital
SHARE = 0.1  # of those with a capital: "Program" is often a part of a name
WORD = re.compile(r"(?<=[a-z,;] )[A-Za-z][a-z]{2,}\b(?!['’.])")  # no first word of a sentence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--until", required=True, metavar="YYYY-MM")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    with gzip.open(given.file, "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            if document["publication_date"] < given.until:
                counts.update({*WORD.findall(document.get("abstract") or "")})
    small = sorted(
        word for word, count in counts.items()
        if word.islower() and (not (names := counts[word.capitalize()]) or count >= max(LEAST, SHARE * names))
    )  # fmt: skip
    for _, words in groupby(small, key=lambda word: word[0]):
        sys.stdout.write(f"{' '.join(words)}\n")


main()
