"""Extract a coalition's asks and their titles from its statement. Pure: proposals for a person to correct."""

from __future__ import annotations

import re
from typing import Final

from bot.shared.bill_number import parse_bill_number
from bot.watch.grammar import PLAIN

_ITEM: Final = re.compile(r"\s{0,12}(?:[•●▪◦‣*\-–—]|\(?\d{1,2}[.)]|[a-z][.)])\s+(?P<text>\S.*)")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_BILL: Final = re.compile(r"\b(?:H\. ?R\.|HR|S\.|[HS]\. ?(?:J\. ?|Con\. ?)?Res\.) ?\d{1,5}\b")
_TITLE: Final = 90  # characters
_TITLE_WORDS: Final = 14
_SHORTEST_TITLE: Final = 5  # words
# Where a sentence can be cut and still read whole: at a clause, or else at an addition.
_CLAUSE: Final = re.compile(
    r",? (?:so that|so|because|which|since|while|where|whether|unless|until|by|instead of|rather than|including|"
    r"such as|to (?:ensure|make sure|guarantee|prevent|allow))\b|[;:]| [–—] |, |"
    r" and (?=(?:allow|create|end|ensure|expand|fund|give|increase|keep|let|make|pay|provide|require|set|stop) )"
)
# The beginning of a clause that does not read whole without a verb: "so that every school".
_BEGUN: Final = re.compile(r"\b(?:so that|because|which|since|while|where|whether|unless|until)(?: [^\s,;:]+){0,2}$")
_ADDITION: Final = re.compile(r" (?:for (?:the|all|every|each)|in|with|through|from|under|across)(?= [a-z\d])")
# Words of PLAIN that a title may end on.
_NOUNS: Final = frozenset({
    "act", "agencies", "agency", "congress", "department", "government", "issues", "office", "part", "people", "place",
    "policies", "policy", "program", "programs", "rule", "rules", "support", "year", "years",
})  # fmt: skip


def requests(text: str) -> list[str]:
    """The numbered or bulleted items of a statement, each as one line; a line without a marker continues the last."""
    items: list[str] = []
    inside = False
    for line in text.splitlines():
        if item := _ITEM.fullmatch(line):
            items.append(item["text"].strip())
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            items[-1] += " " + line.strip()
    return [" ".join(item.split()) for item in items]


def title(request: str) -> str:
    """The first sentence of a request, cut where it still reads whole: it becomes a letter's subject."""
    first = sentences(request)[0].rstrip(".;: ")
    if len(first) <= _TITLE:
        return first
    for boundary in (_CLAUSE, _ADDITION):
        cuts = [first[: found.start()] for found in boundary.finditer(first, 0, _TITLE + 1)]
        if whole := [cut for cut in cuts if len(cut.split()) >= _SHORTEST_TITLE and _reads_whole(cut)]:
            return whole[-1]
    words = first[: _TITLE + 1].split()[:-1][:_TITLE_WORDS] or [first[:_TITLE]]
    while len(words) > 1 and not _reads_whole(" ".join(words)):
        words.pop()
    return " ".join(words).rstrip(",;:")


def _reads_whole(text: str) -> bool:
    """Whether a text ends on a word with a subject, outside parentheses and quotation marks."""
    last = text.rpartition(" ")[2].casefold().strip(",;:")
    closed = text.count("(") == text.count(")") and text.count("“") == text.count("”") and text.count('"') % 2 == 0
    return closed and last not in PLAIN - _NOUNS and not _BEGUN.search(text)


def bills(text: str) -> list[tuple[str, int]]:
    """The type and number of each bill that a text names, as `H.R. 3113`; few texts say of which Congress."""
    numbers = [parse_bill_number(found) for found in _BILL.findall(text)]
    return list(dict.fromkeys((number.type, number.number) for number in numbers if number))


def sentences(text: str) -> list[str]:
    """The sentences of a request."""
    return _SENTENCE_END.split(text)
