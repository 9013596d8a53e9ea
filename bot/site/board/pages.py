"""The board's pages, in the order of navigation; the first: what waits, what came, what is due; and search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.alerts import explain
from bot.alerts.status import source_lines
from bot.campaign import find
from bot.chat.web.pages import ROWS, Page, Part, Previews, Table, View, card_view, task
from bot.commands.model import STAFF, Context, SearchHit, answer
from bot.config.load import watch_of
from bot.deadlines.commands import visible_commitments
from bot.entries import history
from bot.people.records import people
from bot.settings.watch_commands import looks_for
from bot.shared import wording
from bot.shared.answer import nothing_new
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import business_day, day_in_words
from bot.shared.search import Words
from bot.shared.wording import asks as asks_words
from bot.shared.wording import number
from bot.site.board import asks, bills, deadlines, figures, letters, report, tables

_MANY: Final = 500  # hits of one list
_FIRST: Final = 6  # of each list while all are shown
_LINE: Final = 300  # characters
_LONGEST: Final = 500  # of the words
_LISTS: Final = (
    "Asks", "Bills", "Letters", "Published", "Stories", "Press", "Offices", "Meetings", "Deadlines", "Watches",
    "Sources", "People",
)  # fmt: skip
_LONG_AGO: Final = datetime(1, 1, 2, tzinfo=UTC)  # of what has no date
_MOST_DAYS = 90  # days
_SHOWN = 12  # events; the CSV has all
_DUE = 4


def search(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """What the words of the address name, and what has them; `in`: only of one list."""
    typed = query.get("words", "").strip()[:_LONGEST]
    words = Words.of(typed)
    reply = find.named(ctx, typed) if typed else None
    every = [*_own(ctx, words), *find.hits(ctx, words, _MANY)] if words.typed else []
    if not reply and not every and explain.names_an_item(typed):
        reply = answer(*find.why(ctx, typed))
    hits = sorted((hit for hit in every if not reply or hit.name != typed), key=lambda hit: _LISTS.index(hit.kind))
    counts = Counter(hit.kind for hit in hits)
    chosen = query.get("in", "") if query.get("in", "") in counts else ""
    shown = [hit for hit in hits if chosen in ("", hit.kind)]
    part = Part.of(query, len(shown), ROWS, f"{urlencode({'words': typed, 'in': chosen})}&")
    groups = []
    for kind, size in counts.items() if not chosen else [(chosen, counts[chosen])]:
        some = [hit for hit in shown if hit.kind == kind]
        some = some[part.start : part.end] if chosen else some[:_FIRST]
        more = _address(typed, kind) if size > len(some) and not chosen else ""
        groups.append((kind, more, size, [_row(ctx, words, hit) for hit in some]))
    card = reply and not chosen and reply.card
    return View(
        title=f"Find “{wording.short(typed, 60)}”" if typed else "Find",
        template="search.html",
        values={
            "words": typed,
            "card": card and card_view(card, ctx.today, {each.path: each for each in ctx.commands}),
            "filters": [("All", _address(typed, ""), not chosen), *(
                (f"{kind} {size if size < _MANY else f'{_MANY} or more'}", _address(typed, kind), kind == chosen)
                for kind, size in counts.items()
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
    """What has the words and is set or tracked: asks, bills, commitments, offices, watches, sources, people."""
    config = ctx.config
    listed = [("Asks", f"Ask {n}: {ask.title}", ask.text, f"/asks/{n}") for n, ask in config.coalition.asks.items()]
    listed += [
        ("Bills", f"{BillNumber.of(bill.id).label}: {bill.title or family.name}", bill.became, f"/bills/{bill.id}")
        for family in config.coalition.bills.values()
        for bill in reversed(family.bills)
    ]
    listed += [
        ("Deadlines", each.owed, each.by, f"/do/deadlines/show?id={quote(each.id)}")
        for each in visible_commitments(ctx).values()
    ]
    offices = next((each.params[0].complete for each in ctx.commands if each.path == "office show"), None)
    for office in offices(ctx, " ".join(words.typed)) if offices else ():
        yield SearchHit("Offices", _LONG_AGO, office.label, "", f"/do/office/show?office={quote(office.value)}")
    if ctx.actor.roles & STAFF:
        listed += [
            ("Watches", each.name or id_, looks_for(watch_of(id_, each)), f"/do/watch/show?name={quote(id_)}")
            for id_, each in config.feeds.watches.items()
        ]
        listed += [("Sources", each.name or id_, each.host, "/sources") for id_, each in config.feeds.sources.items()]
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


def today(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """What waits for the reader, what was raised since the last business day or in the last `days`, and what is due."""
    asked = query.get("days", "")[:4]  # Python refuses to read thousands of digits
    days = min(int(asked), _MOST_DAYS) if asked.isdecimal() else 0
    since_day = ctx.today - timedelta(days or next(n for n in count(1) if business_day(ctx.today - timedelta(n))))
    since = figures.midnight(ctx, since_day)
    newest = history.newest_events(ctx.tx, since, _SHOWN, alerts_first=True)
    raised = history.asks_raised(ctx.tx, since)
    silent = [ask for ask in ctx.config.coalition.asks if ask not in raised]
    tasks = [line for room in ctx.rooms.waiting for line in room(ctx.tx, ctx.config, ctx.actor, ctx.now)]
    commands = {command.path: command for command in ctx.commands}
    on = [each for each in source_lines(ctx.tx, ctx.config) if each.enabled]
    counted = f"{number(newest.count, 'new item')}, {number(newest.alerts, 'alert')}" if newest.count else ""
    silent_sources = sum(each.needs_attention or each.overdue(ctx.now) for each in on)
    nothing = nothing_new(silent_sources, len(on)).capitalize()
    return View(
        title="Today",
        template="today.html",
        values={
            "since": day_in_words(since_day),
            "count": counted or nothing,
            "nothing": nothing,
            "waiting": [task(line, commands) for line in tasks],
            "events": asks.rows_of(ctx, newest),
            "more": max(newest.count - _SHOWN, 0),
            "silent": asks_words(silent) if silent else "",
            "sources": tables.sources_in_words(on, ctx.now),
            "sees_sources": bool(ctx.actor.roles & STAFF),
            "sign_ons": letters.open_sign_ons(ctx),
            "due": deadlines.ahead(ctx)[:_DUE],
            "today": ctx.today,
            "chart": figures.alerts_by_week(ctx, figures.half_year(ctx.today)),
        },
        export=lambda: asks.table_of(ctx, history.newest_events(ctx.tx, since, None, alerts_first=True)),
    )


TEMPLATES: Final = Path(__file__).parent / "templates"
PAGES: Final[tuple[Page, ...]] = (
    Page(path="/today", show=today, nav="Today", commands=("alerts",)),
    *letters.PAGES, deadlines.DEADLINES, *bills.PAGES, *asks.PAGES, *tables.PAGES, *bills.SCORECARD,
    report.REPORT, deadlines.OFFICES, deadlines.MEETINGS, SEARCH,
)  # fmt: skip
PREVIEWS: Final[Previews] = letters.PREVIEWS  # what forms show next to their fields
TRIALS: Final = tables.TRIALS
