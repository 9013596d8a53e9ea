"""Find the dated headlines of a newsroom's page. For the child process alone, as page_child.py says.

A headline is the link next to a date: the smallest block around the date that has a link with words. A link that
several dates lead to is a category, not a headline. Menus, footers and error pages have no dates next to links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.shared.plain_text import plain

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MOST: Final = 200  # dates that are looked at
_HIGH: Final = 8  # blocks around a date that are searched for its link
_MOST_TARGETS: Final = 4  # in the block of one headline; a larger one is the list itself
_LONGEST: Final = 400  # characters of a text in which a date is looked for
_SUMMARY: Final = 4_000
_MONTHS: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE: Final = re.compile(
    rf"\b{_MONTHS}\.? \d{{1,2}}, \d{{4}}\b|\b\d\d?/\d\d?/\d{{4}}\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE
)
_Found = tuple[str, "LexborNode", "LexborNode"]  # a date, its link, and the block around both


def dated_headlines(part: LexborNode) -> Iterator[tuple[str, str, str, str]]:
    """Each headline once, in page order: its title, link and date, and the text around it."""
    dates = list(islice(_dates(part), _MOST))
    days: dict[str, set[str]] = {}
    for date, link, _ in _found(dates, part, ()):
        days.setdefault(_target(link), set()).add(date)
    categories = {target for target, named in days.items() if len(named) > 1}
    seen = set[str]()
    for date, link, block in _found(dates, part, categories):
        if (target := _target(link)) not in seen:
            seen.add(target)
            title, around = plain(link.text()), plain(block.text(separator=" "))
            yield title, target, date, plain(around.replace(title, " "))[:_SUMMARY]


def _dates(part: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """The dates in their order, each with the element that has it: of a `time`, or written out."""
    for node in part.traverse(include_text=True):
        if node.tag == "time" and (when := node.attributes.get("datetime") or ""):
            yield when, node
        elif node.tag == "-text" and node.parent and node.parent.tag != "time":
            text = plain(node.text(deep=False)[:_LONGEST])
            if (match := _DATE.search(text)) and node.parent.tag != "a":
                yield match[0], node.parent


def _found(
    dates: Collection[tuple[str, LexborNode]], part: LexborNode, categories: Collection[str]
) -> Iterator[_Found]:
    for date, node in dates:
        block: LexborNode | None = node
        for _ in range(_HIGH):
            if block is None:
                break
            links = [link for link in block.css("a[href]") if _target(link) not in categories]
            targets = Counter(map(_target, links))
            if len(targets) > _MOST_TARGETS:
                break
            if worded := next((link for link in links if _has_words(link)), None):
                yield date, worded, block
                break
            if block.mem_id == part.mem_id:
                break
            block = block.parent


def _has_words(link: LexborNode) -> bool:
    """Whether a link has more words than a date, as the link around a calendar sheet has not."""
    return len(_DATE.sub(" ", plain(link.text())).split()) > 1 and link.css_first("time") is None


def _target(link: LexborNode) -> str:
    return (link.attributes.get("href") or "").strip()
