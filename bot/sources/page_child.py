"""The child process that splits a web page into lines, or finds its dated headlines; `page.py` starts it.

It is a separate process because unclosed tags cost the parser quadratic time.

A headline is the link next to a date: the smallest block around the date that has a link with words. A link that stands
in several places, next to another date in each, is a category, not a headline. Menus, footers and error pages have no
dates next to links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from bot.shared import isolation
from bot.shared.plain_text import decode_text, plain

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
CPU: Final = 10  # seconds
MOST: Final = 1_000  # watched lines
_LONGEST: Final = 600  # characters of a line
_DEEP: Final = 60  # ancestors searched for the block of a text
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "li", "main", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)
_CELLS: Final = ("td", "th")
# Menus, forms and other parts that are not content.
_LEFT_OUT: Final = (
    "script, style, template, noscript, iframe, object, svg, nav, form, button, select, dialog, [hidden],"
    " [aria-hidden=true], [role=navigation], [role=search], [role=dialog]"
)
_CHARSET: Final = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
_MOST_DATES: Final = 200  # dates that are looked at
_HIGH: Final = 8  # blocks around a date that are searched for its link
_MOST_TARGETS: Final = 4  # in the block of one headline; a larger one is the list itself
_LONGEST_DATED: Final = 400  # characters of a text in which a date is looked for
_LONG_TITLE: Final = 5  # words: a link with more that two dates lead to is a headline, not a category
_SUMMARY: Final = 4_000
_HEADS: Final = "h2, h3, h4, h5, h6"  # of an item; the page has h1
_TITLES: Final = _HEADS.replace(",", " a[href],") + " a[href]"
_MONTHS: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE: Final = re.compile(
    rf"\b{_MONTHS}\.? \d{{1,2}}, \d{{4}}\b|\b\d\d?/\d\d?/\d{{4}}\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE
)
_Dated = tuple[int, str, "LexborNode"]  # how many characters are around a date, the date, the element that has it
# The same, how many blocks its link is away, the date, the link, and the block around both.
_Candidate = tuple[int, int, str, "LexborNode", "LexborNode"]


def answer(head: Mapping[str, Any], body: bytes) -> Mapping[str, Any]:
    """The `lines` of the part that `select` names, their `shape` (tag paths), and whether the page is a `sign_in` form.

    `lines` is None if there is no such part. `failed`: a selector is invalid. With `mark_items` in the head,
    the items of lists have a mark, and with `longest` a line may be so long. With `headlines`, the page's dated ones
    are its `items`, in place of lines.
    """
    tree = LexborHTMLParser(decoded(head["content_type"], body))
    sign_in = tree.css_first("input[type=password]") is not None
    try:
        part = watched_part(tree, head["select"], head["ignore"])
    except (SelectolaxError, ValueError):
        return {"failed": "one of its selectors is invalid"}
    if head.get("headlines"):
        return {"sign_in": sign_in, "items": None if part is None else list(dated_headlines(part))}
    if part is None:
        return {"sign_in": sign_in, "lines": None, "shape": []}
    lines = list(islice(_lines(part, head.get("longest", _LONGEST)), MOST))
    marked, begun = list[str](), {0}
    for line, _, item in lines:  # only the first block of an item has the mark: the next ones continue it
        marked.append(f"• {line}" if head.get("mark_items") and item not in begun else line)
        begun.add(item)
    return {"sign_in": sign_in, "lines": marked, "shape": sorted({path for _, path, _ in lines})}


def watched_part(tree: LexborHTMLParser, select: str, ignore: Sequence[str]) -> LexborNode | None:
    """The first node that `select` names, without menus, forms and the parts to ignore."""
    part = tree.css_first(select)
    for selector in (_LEFT_OUT, *ignore):
        for node in part.css(selector) if part else ():
            node.decompose()
    return part


def decoded(content_type: str, body: bytes) -> str:
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:2_000].decode("ascii", "replace"))
    return decode_text(body, named[1] if named else "utf-8")


def _lines(part: LexborNode, longest: int) -> Iterator[tuple[str, str, int]]:
    """Each block's text with its tag path and its list item (0 for none); the cells of a row are one line."""
    root, words = part.mem_id, ""
    block = cell = inner = item = 0
    path: Sequence[str] = ()
    for node in part.traverse(include_text=True):
        if node.tag == "br":
            words += " "
        if node.tag != "-text":
            continue
        in_block, in_cell, within, in_item, leading = _place(node, root)
        if in_block != block and words:
            yield from ((line, shape, item) for line, shape in _line(words, path, longest))
            words = ""
        words += "" if not words or within == inner else " | " if in_cell != cell else " "
        words += node.text(deep=False)
        block, cell, inner, item, path = in_block, in_cell, within, in_item, leading
    yield from ((line, shape, item) for line, shape in _line(words, path, longest))


def _line(words: str, path: Sequence[str], longest: int) -> Iterator[tuple[str, str]]:
    cells = [text for cell in words.split(" | ") if (text := plain(cell))]
    if cells:
        yield " | ".join(cells)[:longest], "/".join(reversed(path))


def _place(node: LexborNode, root: int) -> tuple[int, int, int, int, list[str]]:
    """A text's block, cell, the inner of the two, list item (ids, 0 for none), and its tag path up to the watched part.

    Text in a cell belongs to the row, whatever blocks the cell contains.
    """
    block = cell = inner = item = 0
    path: list[str] = []
    above = node.parent
    for _ in range(_DEEP):
        if above is None:
            break
        tag = above.tag or ""
        item = item or (above.mem_id if tag == "li" else 0)
        if tag in _CELLS:
            block, cell, inner, path = 0, cell or above.mem_id, inner or above.mem_id, []
        elif tag in _BLOCKS or above.mem_id == root:
            block, inner = block or above.mem_id, inner or above.mem_id
            path.append(tag)
        if above.mem_id == root:
            break
        above = above.parent
    return block, cell, inner, item, path


def dated_headlines(part: LexborNode) -> Iterator[tuple[str, str, str, str]]:
    """Each headline once, in page order: its title, link and date, and the text around it.

    Of the dates that lead to it, that which stands most alone counts: another may be in a sentence about the matter.
    """
    dates = list(islice(_dates(part), _MOST_DATES))
    places: dict[tuple[str, str], dict[int, str]] = {}  # by address and words: the date of each such link
    for _, _, date, link, _ in sorted(_candidates(dates, part, ()), key=itemgetter(0, 1)):
        places.setdefault((_target(link), _words(link)), {}).setdefault(link.mem_id, date)
    several = {to for (to, words), on in places.items() if len({*on.values()}) > 1 + (len(words.split()) > _LONG_TITLE)}
    candidates = list(_candidates(dates, part, several))
    best: dict[str, _Candidate] = {}
    for each in sorted(candidates, key=itemgetter(0, 1)):
        best.setdefault(_target(each[3]), each)
    # What stands over one row alone may be the heading of a section.
    headed = {
        target
        for target, (*_, block) in best.items()
        if len(block.css(_HEADS)) == 1 == len({*map(_target, block.css("a[href]"))})
    }
    for target in dict.fromkeys(_target(link) for *_, link, _ in candidates):
        *_, date, link, block = best[target]
        around, heading = plain(block.text(separator=" ")), link.css_first(_HEADS)
        if heading is None and target in headed and len(headed) > 1:
            heading = block.css_first(_HEADS)
        title = plain((heading or link).text())
        yield title, target, date, plain(around.replace(title, " "))[:_SUMMARY]


def _dates(part: LexborNode) -> Iterator[_Dated]:
    """The dates in their order: of a `time`, or written out."""
    for node in part.traverse(include_text=True):
        if node.tag == "time" and (when := node.attributes.get("datetime") or ""):
            yield 0, when, node
        elif node.tag == "-text" and node.parent and node.parent.tag != "time":
            text = plain(node.text(deep=False)[:_LONGEST_DATED])
            if (match := _DATE.search(text)) and node.parent.tag != "a":
                yield len(text) - len(match[0]), match[0], node.parent


def _candidates(dates: Collection[_Dated], part: LexborNode, categories: Collection[str]) -> Iterator[_Candidate]:
    for around, date, node in dates:
        block: LexborNode | None = node
        for away in range(_HIGH):
            if block is None:
                break
            both = (*block.css(_TITLES), *block.css("a[href]"))
            links = [link for link in both if _target(link) not in categories]
            targets = Counter(map(_target, links))
            if len(targets) > _MOST_TARGETS:
                break
            if worded := next((link for link in links if _has_words(link)), None):
                yield around, away, date, worded, block
                break
            if block.mem_id == part.mem_id:
                break
            block = block.parent


def _has_words(link: LexborNode) -> bool:
    """Whether a link has more words than a date, as the link around a calendar sheet has not."""
    is_sheet = link.css_first("time") is not None and link.css_first(_HEADS) is None
    return len(_DATE.sub(" ", _words(link)).split()) > 1 and not is_sheet


def _words(link: LexborNode) -> str:
    """The beginning of a link's words: it may be the whole page, and next to each of its dates."""
    return plain(link.text()[:_LONGEST])


def _target(link: LexborNode) -> str:
    return (link.attributes.get("href") or "").strip()


if __name__ == "__main__":
    isolation.serve(answer, MEMORY, CPU)
