"""Pages that are one list: watches, sources, stories, the press list, people and the audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.alerts import status
from bot.chat.web.pages import ROWS, Cell, Page, Part, Table, View, days_of, opens
from bot.commands.model import ADMINISTRATOR, STAFF, Context
from bot.config.load import watch_of
from bot.entries.history import matches_by_week
from bot.entries.source_records import SourceDay, days_since
from bot.media.clips.model import Period
from bot.media.contacts import records as press
from bot.media.contacts.model import Contact
from bot.media.news import records as news
from bot.media.news import wording as story_wording
from bot.media.news.model import Story
from bot.media.press.notices import outlet_name
from bot.media.press.picking import PRESS_ROLE
from bot.people import audit, records
from bot.people.model import Person
from bot.settings.records import muted
from bot.settings.watch_commands import looks_for
from bot.shared.calendar import day_in_words
from bot.shared.card import Button
from bot.shared.wording import asks, clock, coming, dotted, number, with_period
from bot.site import charts
from bot.site.board.figures import bounds, coverage_by_week, half_year
from bot.site.board.report import quarters

_PERIODS: Final = (7, 30, 90)  # days
_DAYS: Final = 30  # of each source
_WATCHES: Final = 25  # of a page, each with its picture
_WEEKS: Final = 13  # of each watch
_POLICY: Final = "policy"  # the group of watches without an ask
Cells = tuple[str | Cell, ...]


def watches(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every watch with its last weeks, by ask. `ask` in the address filters them, `sort=matches` sorts them."""
    rows = _watch_rows(ctx)
    used = {name for row in rows for name in row["groups"]}
    labels = {str(ask): asks([ask]) for ask in ctx.config.coalition.asks} | {_POLICY: "Policy"}
    groups = {name: label for name, label in labels.items() if name in used}
    chosen = query.get("ask", "") if query.get("ask", "") in groups else ""
    sort = "matches" if query.get("sort") == "matches" else ""
    shown = [row for row in rows if not chosen or chosen in row["groups"]]
    shown.sort(key=lambda row: -row["matches"] if sort else list(groups).index(row["groups"][0]))

    def address(**changed: str) -> str:
        asked = {"ask": chosen, "sort": sort} | changed
        return "/watches?" + urlencode({name: value for name, value in asked.items() if value})

    part = Part.of(query, len(shown), _WATCHES, f"{address().partition('?')[2]}&".lstrip("&"))
    return View(
        title="Watches",
        template="watches.html",
        values={
            "watches": shown[part.start : part.end],
            "buttons": opens(ctx, Button("Add a watch", "watch add")),
            "part": part,
            "filters": [
                ("All", address(ask=""), not chosen),
                *((label, address(ask=name), name == chosen) for name, label in groups.items()),
                ("By ask", address(sort=""), not sort),
                ("Most matches first", address(sort="matches"), bool(sort)),
            ],
            "query": address().removeprefix("/watches").rstrip("?"),
            "caption": f"{sum(row['matches'] > 0 for row in shown)} of {number(len(shown), 'watch', 'watches')} "
            f"matched something in {_WEEKS} weeks",
            "axis": charts.months([ctx.today - timedelta(weeks=n) for n in range(_WEEKS, 0, -1)]),
        },
        table=Table(
            columns=("id", "name", "asks", "level", "matches", "looks for"),
            rows=[
                (row["id"], row["name"], row["asks"], row["level"], str(row["matches"]), row["looks_for"])
                for row in shown
            ],
        ),
    )


def _watch_rows(ctx: Context) -> list[dict[str, Any]]:
    """Each watch with its matches by week, in the order of the files. `groups`: its asks, or `_POLICY`."""
    silent, rows = muted(ctx.tx, ctx.now), []
    begins = [ctx.now - timedelta(weeks=_WEEKS - n) for n in range(_WEEKS)]
    matches = {(each["watch"], each["week"]): each["entries"] for each in matches_by_week(ctx.tx, begins)}
    for id_, watch in ctx.config.feeds.watches.items():
        weekly = [matches.get((id_, week), 0) for week in range(_WEEKS)]
        title = ctx.config.coalition.asks[watch.asks[0]].title if len(watch.asks) == 1 else ""
        name, total = watch.name or title or id_, sum(weekly)
        origin = "from chat" if ctx.config.origin("watches", id_) == "chat" else ""
        until = f"muted until {clock(silent[id_], ctx.zone, ctx.now)}" if id_ in silent else ""
        rows.append(
            {
                "id": id_,
                "name": name,
                "asks": asks(watch.asks) or "Policy watch",
                "groups": [str(ask) for ask in watch.asks] or [_POLICY],
                "level": watch.level.value,
                "note": dotted(asks(watch.asks) or "Policy watch", watch.level.value, origin, until),
                "looks_for": looks_for(watch_of(id_, watch)),
                "matches": total,
                "picture": charts.columns(weekly, f"{name}: {number(total, 'match', 'matches')} in {_WEEKS} weeks"),
            }
        )
    return rows


def sources(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Thirty days of each source, those with problems first."""
    lines = sorted(
        status.source_lines(ctx.tx, ctx.config),
        key=lambda line: (not line.enabled, not line.needs_attention, line.name),
    )
    days = [ctx.today - timedelta(days=n) for n in range(_DAYS - 1, -1, -1)]
    checked: dict[str, list[SourceDay]] = defaultdict(list)
    for each in days_since(ctx.tx, days[0]):
        checked[each.source_id].append(each)
    counted_from = min((those[0].day for those in checked.values()), default=ctx.today)
    on = [line for line in lines if line.enabled]
    last = _when(ctx, max((line.checked_at for line in on if line.checked_at), default=None))
    off = f", and {len(lines) - len(on)} turned off" if len(on) < len(lines) else ""
    part = Part.of(query, len(lines), ROWS)
    return View(
        title="Sources",
        template="sources.html",
        values={
            "finding": sources_in_words(on, ctx.now) + off,
            "rows": [
                (line, f"/do/feeds/check?name={quote(line.id)}", _strip(line.name, checked[line.id], days),
                 sum(each.new_entries for each in checked[line.id]),
                 f" (since {_when(ctx, line.since)})" if line.needs_attention else "")
                for line in lines[part.start : part.end]
            ],
            "axis": charts.axis([(100 * n / _DAYS, f"{days[n]:%b} {days[n].day}") for n in (0, 10, 20)]),
            "part": part,
            "buttons": opens(ctx, Button("Add a source", "feeds add")),
            "counted_from": day_in_words(counted_from) if counted_from > days[0] else "",
            "checked": with_period(f"This board's checks{f', the last at {last}' if last else ''}"),
        },
        table=Table(
            columns=("source", "id", "state", "since", "last checked", "last change", "next check", "what to do"),
            rows=[
                (
                    line.name, line.id, line.state, _when(ctx, line.since), _when(ctx, line.checked_at),
                    _when(ctx, line.last_change_at), _when(ctx, line.due_at), line.advice,
                )
                for line in lines
            ],
        ),
    )  # fmt: skip


def sources_in_words(on: Sequence[status.SourceLine], now: datetime) -> str:
    """`29 sources, 2 need attention`: that nothing is new means little while they do not answer."""
    unread, bad = sum(each.health is None for each in on), sum(each.needs_attention for each in on)
    late = sum(each.overdue(now) for each in on)
    attention = f"{number(bad, 'needs', 'need')} attention" if bad else "" if unread or late else "none needs attention"
    waiting = f"{unread} not checked yet" if unread else ""
    overdue = f"{late} not checked since due: what watches may not be running" if late else ""
    return ", ".join(filter(None, (number(len(on), "source"), attention, waiting, overdue)))


def _strip(name: str, checked: Sequence[SourceDay], days: Sequence[date]) -> str:
    """The source's days: a column for new items, a block where half of its checks or more found a problem."""
    new, bad = [0] * _DAYS, set[int]()
    for each in checked:
        place = min((each.day - days[0]).days, _DAYS - 1)  # midnight may have passed since this page was asked for
        new[place] += each.new_entries
        bad |= {place} if 2 * each.failures >= each.checks else set()
    sentence = f"{name}: {number(sum(new), 'new item')} in {_DAYS} days"
    return charts.columns(new, f"{sentence}, trouble on {number(len(bad), 'day')}" if bad else sentence, bad=bad)


def mentions(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The stories of the last `days` or of the quarter in the address, newest first, below what waits for the press."""
    days, offered = days_of(query, _PERIODS, 30), quarters(ctx.today)
    of = query.get("of", "") if query.get("of", "") in offered else ""
    period = offered[of] if of else Period(ctx.today - timedelta(days=days), ctx.today + timedelta(days=1))
    ids = news.ids_between(ctx.tx, *bounds(ctx, period))
    people = records.names(ctx.tx)
    columns = ("Headline", "Story", "Published", "Outlets", "About", "What was done", "Address")

    def row(each: Story) -> Cells:
        return (
            Cell(each.title, f"/do/mentions/show?story={each.label}"), each.label, day_in_words(each.day(ctx.zone)),
            story_wording.outlets(each), story_wording.badge(each, ctx.config.coalition),
            story_wording.done(each, people, ctx.config, ctx.now), each.link,
        )  # fmt: skip

    caption = f"{number(len(ids), 'story', 'stories')} {f'of {of}' if of else f'in {days} days'}"
    filters = [(f"{each} days", f"/mentions?days={each}", each == days and not of) for each in _PERIODS]
    filters += [(of.replace("-", " "), f"/mentions?of={of}", True)] if of else []
    added = (Button("Add an article that you found", "mentions add"), Button("Clips of the week", "clips week"))
    empty = "No stories in this time. They come from your news sources, and from articles that staff add by hand."
    return list_page(
        "Press", ids, columns, row, caption, empty, query, filters=filters,
        keep=f"of={of}&" if of else f"days={days}&", buttons=opens(ctx, *added),
        load=partial(news.by_ids, ctx.tx), chart=coverage_by_week(ctx, half_year(ctx.today)), waits=_press_waits(ctx),
    )  # fmt: skip


def _press_waits(ctx: Context) -> list[Cell]:
    """Inquiries that are open, embargoes that have not lifted and follow-ups of a week, by time, for the press role."""
    if not ctx.actor.roles & PRESS_ROLE:
        return []
    rows = [
        (each.due_at, f"{each.label} from {outlet_name(each)}", f"/do/press/inquiries?inquiry={each.label}", "Due")
        for each in press.open_inquiries(ctx.tx)
    ]
    rows += [
        (each.lifts_at, f"{each.label} {each.about}", "/do/press/embargoes", "Embargo lifts")
        for each in press.embargoes(ctx.tx)
        if each.lifts_at > ctx.now
    ]
    for entry in press.due_follow_ups(ctx.tx, ctx.now + timedelta(weeks=1)):
        contact = press.find_contact(ctx.tx, entry.contact)
        if contact and entry.follow_at:
            what = f"Follow up with {contact.label} {contact.who}"
            rows.append((entry.follow_at, what, f"/do/press/find?text={contact.label}", "Due"))
    return [
        Cell(what, url, f"{verb} {coming(at, ctx.zone)}", tag="Late" if at <= ctx.now else "")
        for at, what, url, verb in sorted(rows)
    ]


def press_list(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The press list, without anyone's address or number: one contact at a time shows those."""
    contacts = press.all_contacts(ctx.tx)

    def row(each: Contact) -> Cells:
        label = Cell(each.label, f"/do/press/find?text={each.label}")
        return label, each.name or "the desk", each.outlet.name, each.title, each.beat, _checked(each)

    columns = ("Contact", "Name", "Outlet", "Title", "Beat", "Checked")
    buttons = opens(ctx, Button("Add a contact", "press add"), Button("Import a spreadsheet", "press import"))
    caption = number(len(contacts), "press contact")
    empty = "The press list is empty. Import a spreadsheet as CSV, or add people one by one."
    return list_page("Press list", contacts, columns, row, caption, empty, query, buttons=buttons)


def people(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Who may act for the coalition."""
    members, everyone = ctx.config.coalition.members, records.people(ctx.tx)

    def row(each: Person) -> Cells:
        name = Cell(each.name, f"/do/people/list?find={quote(each.name)}")
        member = members[each.organisation].name if each.organisation in members else each.organisation or ""
        return name, each.role_words, member, ", ".join(account.platform for account in each.accounts) or "none"

    buttons = opens(ctx, Button("Add someone by email", "people invite"), Button("Import people", "people import"))
    columns = ("Name", "Roles", "Organization", "Accounts")
    caption = f"{len(everyone)} people act for {ctx.config.coalition.short}"
    return list_page("People", everyone, columns, row, caption, "", query, buttons=buttons)


def changes(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Who changed what, newest first. `days` in the address says how far back."""
    days = days_of(query, _PERIODS, 7)
    done = audit.since(ctx.tx, ctx.now - timedelta(days=days))[::-1]

    def row(each: audit.Change) -> Cells:
        return _when(ctx, each.at), each.who, each.origin, each.command, each.subject, each.before, each.after

    columns = ("Time", "Who", "Where", "Command", "About", "Before", "After")
    filters = [(f"{period} days", f"/audit?days={period}", period == days) for period in _PERIODS]
    caption, keep = f"{number(len(done), 'change')} in {days} days", f"days={days}&"
    empty = f"No changes in {days} days."
    return list_page("Audit", done, columns, row, caption, empty, query, filters=filters, keep=keep)


def _checked(contact: Contact) -> str:
    if contact.opted_out_at:
        return "wants no email"
    return contact.verified_on.isoformat() if contact.verified_on else "never"


def _when(ctx: Context, moment: datetime | None) -> str:
    return clock(moment, ctx.zone, ctx.now) if moment else ""


def list_page(
    title: str, items: Sequence[Any], columns: tuple[str, ...], row: Callable[[Any], Cells], caption: str,
    empty: str, query: Mapping[str, str], *, load: Callable[[Any], Sequence[Any]] = list, keep: str = "", **values: Any,
) -> View:  # fmt: skip
    """A page with a `row` for each of some items, and CSV and JSON of all. `load` reads items of which only the ids are
    given; `values`: filters, buttons, and what is above.
    """
    part = Part.of(query, len(items), ROWS, keep)
    values = {"query": f"?{keep.rstrip('&')}" if keep else "", "buttons": (), **values}
    return View(
        title=title,
        template="list.html",
        values={"caption": caption, "empty": empty, "part": part, **values},
        table=Table(columns, list(map(row, load(items[part.start : part.end])))),
        export=lambda: Table(columns, list(map(row, load(items)))),
    )


# The test of a watch on 90 days is shown next to its query, so its button "Change" is not needed.
TRIALS: Final = {"watch add": "watch change", "watch edit": "watch change"}
PAGES: Final = (
    Page(path="/mentions", show=mentions, nav="Press", commands=("mentions", "clips"), who=story_wording.READERS),
    Page(path="/press", show=press_list, nav="Press list", menu="More", commands=("press",), who=PRESS_ROLE),
    Page(path="/sources", show=sources, nav="Sources", menu="More", commands=("feeds",), who=STAFF),
    Page(path="/people", show=people, nav="People", menu="More", who=STAFF),
    Page(path="/audit", show=changes, nav="Audit", menu="More", who=ADMINISTRATOR),
    Page(path="/watches", show=watches, nav="Watches", menu="More", commands=("watch",), who=STAFF),
)
