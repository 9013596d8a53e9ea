"""The search page: what the words name, and what has them, by the list it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.alerts import explain
from bot.campaign import find
from bot.chat.web.cards import card_view
from bot.chat.web.pages import ROWS, Page, Part, Table, View
from bot.commands.model import STAFF, Context, SearchHit
from bot.commands.replies import answer
from bot.config.load import watch_of
from bot.deadlines.records import load_commitments
from bot.people.records import people
from bot.settings.watch_commands import looks_for
from bot.shared import wording
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.search import Words

_MOST: Final = 500  # hits of one list
_FIRST: Final = 6  # of each list while all are shown
_LINE: Final = 300  # characters
_LONGEST: Final = 500  # of the words
_LISTS: Final = (
    "Asks", "Bills", "Letters", "Published", "Stories", "Press", "Deadlines", "Watches", "Sources", "People",
)  # fmt: skip
_LONG_AGO: Final = datetime(1, 1, 2, tzinfo=UTC)  # of what has no date


def search(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """What the words of the address name, and what has them; `in`: only of one list."""
    typed = query.get("words", "").strip()[:_LONGEST]
    words = Words.of(typed)
    reply = find.named(ctx, typed) if typed else None
    every = [*_own(ctx, words), *find.hits(ctx, words, _MOST)] if words.typed else []
    if not reply and not every and explain.names_an_item(typed):
        reply = answer(*find.why(ctx, typed))
    hits = sorted((hit for hit in every if not reply or hit.name != typed), key=lambda hit: _LISTS.index(hit.kind))
    counts = Counter(hit.kind for hit in hits)
    chosen = query.get("in", "") if query.get("in", "") in counts else ""
    shown = [hit for hit in hits if chosen in ("", hit.kind)]
    part = Part.of("/find", query, len(shown), ROWS, f"{urlencode({'words': typed, 'in': chosen})}&")
    groups = []
    for kind, count in counts.items() if not chosen else [(chosen, counts[chosen])]:
        some = [hit for hit in shown if hit.kind == kind]
        some = some[part.start : part.end] if chosen else some[:_FIRST]
        more = _address(typed, kind) if count > len(some) and not chosen else ""
        groups.append((kind, more, count, [_row(ctx, words, hit) for hit in some]))
    card = reply and not chosen and reply.card
    return View(
        title=f"Find “{wording.short(typed, 60)}”" if typed else "Find",
        template="search.html",
        values={
            "words": typed,
            "card": card and card_view(card, ctx.today, {each.path: each for each in ctx.commands}),
            "filters": [("All", _address(typed, ""), not chosen), *(
                (f"{kind} {count if count < _MOST else f'{_MOST} or more'}", _address(typed, kind), kind == chosen)
                for kind, count in counts.items()
            )],
            "groups": groups,
            "part": part if chosen else None,
            "query": f"?{urlencode({'words': typed, 'in': chosen})}",
        },
        export=lambda: Table(
            columns=("list", "name", "day", "text", "address"),
            rows=[(hit.kind, hit.name, _day(ctx, hit), hit.line, hit.url) for hit in shown],
        ),
    )  # fmt: skip


def _own(ctx: Context, words: Words) -> Iterator[SearchHit]:
    """What the coalition has set or tracks and has the words: asks, bills, commitments, watches, sources, people."""
    config = ctx.config
    listed = [("Asks", f"Ask {n}: {ask.title}", ask.text, f"/asks/{n}") for n, ask in config.coalition.asks.items()]
    listed += [
        ("Bills", f"{BillNumber.of(bill.id).label}: {bill.title or family.name}", bill.became, f"/bills/{bill.id}")
        for family in config.coalition.bills.values()
        for bill in reversed(family.bills)
    ]
    listed += [
        ("Deadlines", each.owed, each.by, f"/do/deadlines/show?id={quote(each.id)}")
        for each in load_commitments(ctx.tx, config.coalition).values()
    ]
    if ctx.actor.roles & STAFF:
        listed += [
            ("Watches", each.name or id_, looks_for(watch_of(id_, each)), f"/do/watch/show?name={quote(id_)}")
            for id_, each in config.feeds.watches.items()
        ]
        listed += [("Sources", each.name or id_, each.url, "/sources") for id_, each in config.feeds.sources.items()]
        listed += [
            ("People", each.name, each.role_words, f"/do/people/list?find={quote(each.name)}")
            for each in people(ctx.tx)
        ]
    for kind, name, line, page in listed:
        if words.fit(name, line):
            yield SearchHit(kind, _LONG_AGO, name, line, page)


def _row(ctx: Context, words: Words, hit: SearchHit) -> dict[str, Any]:
    """A hit as a link to its page on the board, with what is said of it."""
    if hit.at == _LONG_AGO:
        note = "" if hit.kind == "Watches" else wording.short(hit.line, _LINE)
        return {"page": hit.url, "title": _parts(words, hit.name), "note": _parts(words, note)}
    page = f"/letters/{hit.name}" if hit.kind == "Letters" else f"/find?{urlencode({'words': hit.name})}"
    note = wording.dotted(hit.name, _day(ctx, hit))
    return {"page": page, "title": _parts(words, wording.short(hit.line, _LINE)), "note": [(note, False)]}


def _parts(words: Words, text: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is one of the words."""
    begins = re.compile(rf"\b(?:{'|'.join(map(re.escape, words.typed))})\w*", re.IGNORECASE)
    parts, end = list[tuple[str, bool]](), 0
    for match in begins.finditer(text):
        parts += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [*parts, (text[end:], False)]


def _address(typed: str, kind: str) -> str:
    return f"/find?{urlencode({'words': typed} | ({'in': kind} if kind else {}))}"


def _day(ctx: Context, hit: SearchHit) -> str:
    return day_in_words(ctx.config.coalition.day(hit.at)) if hit.at > _LONG_AGO else ""


SEARCH: Final = Page(path="/find", show=search, commands=("find",))
