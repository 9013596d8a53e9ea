"""Five pages without a feed, built like those on agencies' sites, and their changes.

Each has its text (`lines`) in its own markup (`body`), inside a site whose menus, dates and counters differ at each
request. `after` is its text after a real change; `relaunched` returns the page after a redesign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

Lines = Sequence[str]


@dataclass(frozen=True)
class Made:
    name: str
    body: Callable[[Lines], str]
    lines: tuple[str, ...]
    after: tuple[str, ...]  # the lines when it has really changed
    added: tuple[str, ...]
    removed: tuple[str, ...] = ()
    rolling: bool = False


def _table(lines: Lines) -> str:
    head, *rows = lines
    cells = ("".join(f"<td><p>{cell}</p></td>" for cell in row.split(" | ")) for row in rows)
    drawn = "".join(f"<tr class='odd'>{row}</tr>\n" for row in cells)
    return f"<h1>Withhold Release Orders</h1><p>{head}</p><div><table><tbody>{drawn}</tbody></table></div>"


def _prose(lines: Lines) -> str:
    return "<h1>Human Trafficking</h1>" + "".join(f"<p>{line[:9]}<strong>{line[9:]}</strong></p>" for line in lines)


def _teasers(lines: Lines) -> str:
    rows = (
        f'<div class="views-row"><span class="date">November {n}, 2026</span><h3><a href="/n/{n}">{line}</a></h3></div>'
        for n, line in enumerate(lines, 1)
    )
    return f'<div class="views">{"".join(rows)}</div><ul class="pager"><li>Page 1</li><li>Next</li></ul>'


def _list(lines: Lines) -> str:
    return f"<h2>Guidance for task forces</h2><ul>{''.join(f'<li>{line}<br></li>' for line in lines)}</ul>"


def _terms(lines: Lines) -> str:
    return "<dl>" + "".join(f"<dt>Measure {n}</dt><dd>{line}</dd>" for n, line in enumerate(lines, 101)) + "</dl>"


_ORDERS = (
    "This table shows 51 active orders and 9 findings, as published by the Commissioner.",
    "09/30/2024 | A shipping company | Malaysia | Active",
    "12/20/2022 | A glove factory | Malaysia | Active",
    "11/02/2021 | A sugar mill | Dominican Republic | Active",
    "07/15/2020 | A fishing vessel | Taiwan | Active",
)
_NEW_ORDER = "10/05/2026 | A cotton gin | Turkmenistan | Active"
_NOW_ENDED = "12/20/2022 | A glove factory | Malaysia | Inactive"
_PROGRAM = (
    "The office funds services for people who were trafficked, and task forces that work with providers.",
    "Task forces bring together prosecutors, police and those who serve victims in one region.",
    "A provider may apply without the agreement of any agency of the police.",
    "Training is offered to grantees in every year of their award.",
)
_NO_LONGER = "A provider may apply with a letter of support from its local police alone."
_HEADLINES = tuple(f"The department announces matter number {n} to the nation" for n in range(12))
_TOP = "The department launches a campaign against human trafficking at airports"
_GUIDANCE = (
    "Funds may pay for analysts, interpreters and shelter beds.",
    "Operations in which no victim is likely to be found are not paid for.",
    "Each task force names one person who keeps its records.",
    "Reports are due in January and in July.",
)
_MEASURES = (
    "Number of potential victims identified by the task force.",
    "Number of investigations opened with the help of a provider.",
    "Number of trainings given to patrol officers.",
    "Number of survivors who were connected to a lawyer.",
)
_COUNTED = "Number of arrests made in vice operations, reported as results."

PAGES = (
    Made("orders", _table, _ORDERS, (_ORDERS[0], _NEW_ORDER, _ORDERS[1], _NOW_ENDED, *_ORDERS[3:]),
         (_NEW_ORDER, _NOW_ENDED), (_ORDERS[2],)),
    Made("program", _prose, _PROGRAM, (*_PROGRAM[:2], _NO_LONGER, _PROGRAM[3]), (_NO_LONGER,), (_PROGRAM[2],)),
    Made("newsroom", _teasers, _HEADLINES[:10], (_TOP, *_HEADLINES[:9]), (_TOP,), rolling=True),
    Made("guidance", _list, _GUIDANCE, (_GUIDANCE[0], *_GUIDANCE[2:]), (), (_GUIDANCE[1],)),
    Made("measures", _terms, _MEASURES, (*_MEASURES, _COUNTED), ("Measure 105", _COUNTED)),
)  # fmt: skip
_looks = count()


def page(made: Made, lines: Lines) -> str:
    """As a browser gets it: every look has another menu, another counter and another date of update."""
    n = next(_looks)
    return (
        f"<!DOCTYPE html><html><head><title>{made.name}</title><script>var n={n}</script></head><body>"
        f"<nav><a>Menu {n}</a></nav><main id='main-content' class='c{n}'>"
        f"<form><input type='search'><button>Search {n}</button></form>{made.body(lines)}"
        f"<div class='share'><a>Share</a> <a>Print</a></div><p>Views: {n:,}</p>"
        f"<p>Last updated: November {n % 28 + 1}, 2026 10:{n % 60:02} a.m.</p><p>Was this page helpful? Yes</p></main>"
        f"<footer>Site map {n}</footer></body></html>"
    )


def relaunched(made: Made) -> str:
    """After a relaunch: other words in another make."""
    cards = "".join(
        f"<section><div><h4>Card {n}</h4><blockquote>All about {word}, for partners and the public</blockquote></div>"
        f"</section>"
        for n, word in enumerate(("our mission", "our people", "our budget", "our history", "our promise", made.name))
    )
    return f"<html><head><title>New</title></head><body><main><article>{cards}</article></main></body></html>"


EMPTY = "<html><body><main id='main-content'><div id='app'></div><script>start()</script></main></body></html>"
SIGN_IN = (
    "<html><head><title>Sign in</title></head><body><main><h1>Sign in to continue</h1><form><label>User name</label>"
    "<input name='u'><input type='password' name='p'><button>Go</button></form><p>Forgot it?</p></main></body></html>"
)
