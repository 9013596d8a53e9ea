"""What a coalition's statement asks for, and the words to look for. Pure: proposals that a person corrects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

_ITEM: Final = re.compile(r"\s{0,12}(?:[•●▪◦‣*\-–—]|\(?\d{1,2}[.)]|[a-z][.)])\s+(?P<text>\S.*)")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_TITLE: Final = 70  # characters
_MOST_PHRASES: Final = 4
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*|§+\s?\d+\w*|\d+")
# Words that name nothing by themselves: the grammar of English, and of asking for something.
_PLAIN: Final = frozenset(
    word
    for line in (
        "a about above across after all also among an and any are as ask asks at be because been before being between",
        "both but by can could do does during each either ensure ensures every for from further give given gives had",
        "has have he her here his how however i if in including inside instead into is it its just keep less let like",
        "make makes making may might more most must need needs new next no nor not of on once only or other our out",
        "over own part people per place propose provide provides publicly request requests require requires required",
        "rule rules same several she should shall since so some stop such support take takes than that the their them",
        "then there these they this those through to toward under until up urge us use used uses using vocally was we",
        "were what when where which while who whom whose will with within without would write writing year years you",
        "your immediately strengthen increase end adopt enact pass issue issues act allow allows call calls come set",
        "sets federal state national government agency agencies department office congress program programs policy",
        "policies",
    )
    for word in line.split()
)


def requests(text: str) -> list[str]:
    """The numbered or bulleted items of a statement, each as one line; a line without a mark continues the last."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if item := _ITEM.fullmatch(line):
            found.append(item["text"].strip())
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            found[-1] += " " + line.strip()
    return [" ".join(item.split()) for item in found]


def title(request: str) -> str:
    """The first sentence of a request, cut between words, as cards show it."""
    first = _SENTENCE_END.split(request, maxsplit=1)[0].rstrip(".;: ")
    if len(first) <= _TITLE:
        return first
    words = first[: _TITLE + 1].split()[:-1]
    while len(words) > 1 and words[-1].casefold().strip(",;:") in _PLAIN:
        words.pop()
    return " ".join(words).rstrip(",;:") + " …"


def phrases(request: str) -> list[str]:
    """Runs of two to four words that say what a request is about, as a first watch may look for them.

    The longest first, as they tell the most; none where the request has only words that name nothing by themselves.
    """
    rest = request.partition(" ")[2]
    if rest[:1].islower():  # "Fund tribal water rights" begins with what is to be done, not with what it is about
        request = rest
    runs = [run for sentence in re.split(r"[.,;:()\"“”]", request) for run in _runs(sentence)]
    distinct = dict.fromkeys(" ".join(run[:4]) for run in sorted(runs, key=len, reverse=True) if len(run) > 1)
    return list(distinct)[:_MOST_PHRASES]


def _runs(sentence: str) -> Iterator[list[str]]:
    words = (word[0] for word in _WORD.finditer(sentence))
    for telling, run in groupby(words, key=lambda word: word.casefold() not in _PLAIN and not word.isdigit()):
        if telling:
            yield list(run)
