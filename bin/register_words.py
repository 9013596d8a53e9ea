"""Write `bot/watch/register_words.txt`: in how many Federal Register documents each word and pair of words is.

    bin/register_words.py FILE... --slugs agencies.json --leave-out 2025-02 2025-04 > bot/watch/register_words.txt

FILE has documents as the API of federalregister.gov gives them (in the public domain), one JSON object a line, also
gzipped. `agencies.json` is the list of the API's slugs: for documents that give an agency by its name, because slugs
put the kind of office last ("land-management-bureau"). Leave out the months on which a test measures drafts.
`bot/watch/lexicon.py` explains the format.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.watch import text as txt
from bot.watch.lexicon import agency_key, singular, tells

LEAST_WORD, LEAST_PAIR = 2, 3  # documents; a rarer one is as good as unknown
MOST_AGENCIES = 6  # of a word
GAP = ""  # between two texts, so that no pair of words spans both
LEAST_SHARE = 0.1  # of a word's documents: an agency with fewer is not listed


def documents(files: Sequence[Path], left_out: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            yield from (item for item in map(json.loads, lines) if item["publication_date"][:7] not in left_out)


def agencies(document: Mapping[str, Any], slugs: Mapping[frozenset[str], str]) -> set[str]:
    """The slugs of its department and agency. A mirror gives names, and "Part II" of a day's issue among them."""
    listed = (each if isinstance(each, str) else each.get("slug") or "" for each in document.get("agencies") or ())
    return {slugs[key] for name in listed if (key := agency_key(name)) in slugs}


def terms(*texts: str | None) -> set[str]:
    """The telling words of a document and the pairs of neighbors among them, as the table has them."""
    words = [singular(word) for text in texts if text for word in (*txt.words(text), GAP)]
    pairs = (f"{one} {other}" for one, other in pairwise(words) if tells(one) and tells(other))
    return {*filter(tells, words), *pairs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="YYYY-MM")
    parser.add_argument("--slugs", type=Path, required=True)
    given = parser.parse_args()
    slugs_by_key = {agency_key(slug): slug for slug in json.loads(given.slugs.read_text())}
    total = 0
    counts: Counter[str] = Counter()
    by_author: Counter[str] = Counter()
    by_agency: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for total, document in enumerate(documents(given.files, given.leave_out), start=1):  # noqa: B007 - the last number
        found = terms(document["title"], document.get("abstract"), document.get("action"))
        counts.update(found)
        authors = sorted(agencies(document, slugs_by_key))  # the same table each time
        by_author.update(authors)
        for word in found:
            if " " not in word:
                by_agency[word].update(authors)
    words = sorted(word for word, count in counts.items() if " " not in word and count >= LEAST_WORD)
    listed = {word: [(slug, count) for slug, count in by_agency[word].most_common(MOST_AGENCIES)
                     if count >= LEAST_SHARE * counts[word]] for word in words}  # fmt: skip
    slugs = sorted(by_author)
    seconds: defaultdict[str, list[str]] = defaultdict(list)
    for pair, count in sorted(counts.items()):
        first, _, second = pair.partition(" ")
        if second and count >= LEAST_PAIR:
            seconds[first].append(f"|{second} {count}")
    sys.stdout.write(f"{total} {' '.join(f'{slug}:{by_author[slug]}' for slug in slugs)}\n")
    for word in words:
        shares = "".join(f" {slugs.index(slug)}:{count}" for slug, count in listed[word])
        sys.stdout.write(f"{word} {counts[word]}{shares}{''.join(seconds[word])}\n")


main()
