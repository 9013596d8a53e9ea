"""The bills: our families, and for each bill its way, who joined it and when, its family and its texts.

And the scorecard: every member of Congress on every item, by chamber, party and state, in the reader's order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final
from urllib.parse import urlencode

from bot.bills import commands, facts, progress, records, wording
from bot.bills.bill_text import in_order
from bot.bills.model import UNREAD, BillFacts, Cosponsorship, is_over
from bot.campaign.scorecard import build
from bot.chat import layout
from bot.chat.web.pages import ROWS, Cell, Page, Part, Press, Table, View, line_rows, opens, presses
from bot.commands.model import Context, Refused
from bot.config.coalition import Family
from bot.congress.directory import none_yet
from bot.shared.bill_number import BillNumber, law_number
from bot.shared.bill_record import BillRecord, steps, text_page
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.states import STATES
from bot.shared.wording import number
from bot.site import charts
from bot.site.board.letters import letter_cell, letter_cells, letters_by_subject
from bot.site.scorecard import table_of, whole_table

_MONTH: Final = timedelta(days=30)
_SHOWN: Final = 8  # steps; the earlier ones open with a press
_CHAMBERS: Final = {"house": "House", "senate": "Senate"}
_SORTS: Final = {"": "By state", "for": "Most for first", "against": "Most against first"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A bill of a family. `last`: the day of its record's newest step, None if its record was not read."""

    bill: BillNumber
    title: str
    state: str
    last: date | None
    tracked: bool
    law: str
    over: bool  # can no longer become law, if it is not one
    support: Cell  # its cosponsors

    @property
    def page(self) -> str:
        return f"/bills/{self.bill.id}"

    @property
    def current(self) -> bool:
        return bool(self.law) or not self.over

    @property
    def step(self) -> Cell:
        """Where it is, and the day of its newest step."""
        last = day_in_words(self.last) if self.last else ""
        return Cell(self.state, note=f"Last action {last}" if last and last not in self.state else "")


def list_(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The bills of our families, newest Congress first. `family` and `tracked` in the address filter them."""
    families, only = ctx.config.coalition.bills, query.get("tracked") == "yes"
    chosen = query.get("family", "") if query.get("family", "") in families else ""
    groups, letters = [], letters_by_subject(ctx)
    for id_, family in families.items():
        rows = [row for row in family_rows(ctx, family) if row.tracked or not only]
        if rows and chosen in ("", id_):
            current = [row for row in rows if row.current]
            table = Table(("Bill", "Last step", "Cosponsors", "Our letter"), [
                (Cell(f"{row.bill.label}, {row.title}", row.page, tag="Tracked" if row.tracked else ""),
                 row.step, row.support, letter_cell(ctx, letters.get(row.bill.id, ())))
                for row in current
            ])  # fmt: skip
            groups.append((id_, family, rows, table, [row for row in rows if row not in current]))
    return View(
        title="Bills",
        template="bills.html",
        values={
            "groups": groups,
            "families": families if len(families) > 1 else {},
            "family": chosen,
            "tracked": only,
            "count": number(sum(len(rows) for _, _, rows, *_ in groups), "bill"),
            "buttons": opens(ctx, Button("Track a bill", "bill track")),
        },
        table=Table(
            columns=("id", "bill", "title", "family", "state", "last action", "cosponsors", "tracked"),
            rows=[
                (row.bill.id, row.bill.label, row.title, id_, row.state, row.last.isoformat() if row.last else "",
                 row.support, "yes" if row.tracked else "no")
                for id_, _, rows, *_ in groups
                for row in rows
            ],
        ),
    )  # fmt: skip


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """One bill: its way, its cosponsors by state and party, its family and its texts."""
    try:
        bill = BillNumber.of(names["bill"])
    except ValueError:
        raise Refused(f"There is no bill “{names['bill'][:40]}”. An address looks like /bills/hr1234-119.") from None
    about, stored = facts.facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    record = facts.merge_stored(stored) if stored else None
    listing = facts.listing(ctx.config.coalition, bill.id)
    family = listing[0] if listing else None
    joined = wording.cosponsors_in_order(about)
    stations = commands.way(ctx, bill, record) if record else ()
    return View(
        title=wording.head(about),
        template="bill.html",
        values={
            "bill": bill,
            "about": about,
            "asks": family.asks if family else (),
            "way": _way(stations),
            "page": line_rows([Line("Page on congress.gov", bill.page)])[0],
            "differ": facts.disagreements(stored),
            "foot": wording.foot(about, ctx.zone),
            "joined": joined,
            "summary": wording.cosponsor_summary([(each.party, each.state) for each in joined]) if joined else "",
            "states": _states(joined or ()),
            "map": charts.state_map(
                Counter(member.state for member in joined or () if member.state in STATES), "Cosponsors by state"
            ),
            "lines": over_time(about, stations, ctx.today),
            "steps": [(day_in_words(step.date), step.text) for step in reversed(steps(record.actions))]
            if record
            else (),
            "shown": _SHOWN,
            "family": family,
            "relatives": [(each, each.bill == bill or each.current) for each in family_rows(ctx, family)]
            if family
            else (),
            "letters": letter_cells(ctx, letters_by_subject(ctx).get(bill.id, ())),
            "successor": wording.successor(family, facts.family_laws(ctx, family), bill) if family else "",
            "texts": _texts(ctx, bill, record) if record else (),
            "buttons": presses(ctx, *commands.next_buttons(ctx, about, has_record=bool(stored))),
        },
        table=_cosponsors(about),
    )


def _way(stations: Sequence[progress.Station]) -> list[tuple[str, str, str]]:
    """(stage; done, now, ended (never reached) or ahead; note) for each stage of its way."""
    last = max((n for n, each in enumerate(stations) if each.state is progress.State.DONE), default=-1)
    states = ("now" if n == last else each.state.name.lower() for n, each in enumerate(stations))
    notes = (day_in_words(each.on) if each.on else each.state.value for each in stations)
    return [(each.name, state, note) for each, state, note in zip(stations, states, notes, strict=True)]


def over_time(about: BillFacts, stations: Sequence[progress.Station], today: date) -> tuple[str, str]:
    """(what the drawing of the cosponsors over time shows, the drawing); empty if a day is not known."""
    members = tuple((about.cosponsors or {}).values())
    first = about.introduced
    if first is None or about.cosponsors is None or not all(member.joined for member in members):
        return "", ""
    read = about.checked_at or about.as_of
    law = next((each.on for each in stations if each.name == "Law"), None)
    last = max(
        law or min(read.date() if read else today, about.bill.ends), *(each for each, _ in _changes(members)), first
    )
    series = []
    for label, style, party in (("R", "ln thin", "R"), ("D", "ln thin dashed", "D"), ("all", "ln", "")):
        days = sorted([(first, 0), *_changes([each for each in members if party in ("", each.party)])])
        counts = list(accumulate(by for _, by in days))
        steps_ = [(day, count) for (day, _), count in zip(days, counts, strict=True)]
        series.append(charts.Series(f"{counts[-1]} {label}", steps_, style))
    until = f"from introduction ({day_in_words(first)}) to {day_in_words(last)}"
    marks = [(each.on, each.name) for each in stations if each.on]
    sentence = f"Cosponsors over time, {until}: {', '.join(each.label for each in series[::-1])}"
    return f"Cosponsors, {until}", charts.step_lines(series, first, last, marks, "cosponsors", sentence)


def _changes(members: Sequence[Cosponsorship]) -> list[tuple[date, int]]:
    """(day, 1 or -1) for each member who joined or withdrew."""
    joined = [(member.joined, 1) for member in members if member.joined]
    return joined + [(member.withdrawn, -1) for member in members if member.withdrawn]


def family_rows(ctx: Context, family: Family) -> list[Row]:
    """The bills of a family, those of the newest Congress first."""
    rows = []
    for entry in family.bills:
        stored = records.stored(ctx.tx, entry.id)
        record, bill = facts.merge_stored(stored) if stored else None, BillNumber.of(entry.id)
        row = Row(
            bill=bill,
            title=(record.title if record else "") or entry.title or family.name,
            state=facts.status_of(record, ctx.today) if record else f"{entry.became or 'Its outcome is not known'}.",
            last=max((action.date for action in record.actions), default=None) if record else None,
            tracked=entry.follow,
            law=facts.law_name(record) if record else law_number(entry.became),
            over=is_over(facts.place_of(record, ctx.today) if record else UNREAD, bill, ctx.today),
            support=_support(record, ctx.today - _MONTH),
        )
        rows.append(row)
    return sorted(rows, key=lambda row: (-row.bill.congress, row.bill))


def _support(record: BillRecord | None, since: date) -> Cell:
    """How many cosponsors it has, and how many came and went since then."""
    if record is None or record.cosponsors is None:
        return Cell("not known")
    joined = sum(bool(each.joined and each.joined > since) for each in record.cosponsors)
    withdrew = sum(bool(each.withdrawn and each.withdrawn > since) for each in record.cosponsors)
    changes = ", ".join(f"{count} {did}" for count, did in ((joined, "joined"), (withdrew, "withdrew")) if count)
    count = sum(each.withdrawn is None for each in record.cosponsors)
    return Cell(str(count), note=f"{changes} in {_MONTH.days} days" if changes else "")


def _states(joined: Sequence[Cosponsorship]) -> list[tuple[str, tuple[int, ...]]]:
    """(state, (Republicans, Democrats, others, all)) for each state with a cosponsor, the most first."""
    parties: dict[str, Counter[str]] = {}
    for member in joined:
        parties.setdefault(member.state, Counter())[member.party if member.party in ("R", "D") else ""] += 1
    rows = [
        (STATES.get(state, state or "not known"), (count["R"], count["D"], count[""], count.total()))
        for state, count in parties.items()
    ]
    return sorted(rows, key=lambda row: (-row[1][-1], row[0]))


def _texts(ctx: Context, bill: BillNumber, record: BillRecord) -> list[tuple[layout.Row, str, tuple[Press, ...]]]:
    """(the text, its day, the comparison with the version before), newest first."""
    versions = in_order(record.texts or ())
    rows = []
    for before, version in zip((None, *versions), versions, strict=False):
        day = day_in_words(version.date) if version.date else "no date"
        label = Line(f"{version.name or version.code} ({version.code})", text_page(bill, version.code))
        compare: tuple[Press, ...] = ()
        if before:
            args = (*facts.bill_arg(bill), ("from", before.code), ("to", version.code))
            compare = presses(ctx, Button(f"Compare with {before.code}", "bill compare", args))
        rows.append((line_rows([label])[0], day, compare))
    return rows[::-1]


def _cosponsors(about: BillFacts) -> Table:
    everyone = sorted((about.cosponsors or {}).items(), key=lambda item: (item[1].joined or date.min, item[1].name))
    return Table(
        columns=("id", "cosponsor", "party", "state", "joined", "withdrew"),
        rows=[
            (id_, member.name, member.party, member.state, *(day.isoformat() if day else "" for day in
                                                             (member.joined, member.withdrawn)))
            for id_, member in everyone
        ],
    )  # fmt: skip


def show_scorecard(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The members in the address's `chamber`, `party` and `state`, in the order of `sort`."""
    card = build(ctx.tx, ctx.config.coalition)
    parties = sorted({row.who.party for row in card.rows} - {""})
    offered = {"chamber": _CHAMBERS, "party": parties, "state": (*STATES,), "sort": (*_SORTS,)}
    asked = {name: query[name] for name, values in offered.items() if query.get(name) in values}
    rows = [row for row in card.rows if all(getattr(row.who, name) == asked[name] for name in asked if name != "sort")]
    if sort := asked.get("sort"):
        rows.sort(key=lambda row: -sum(cell.standing == sort for cell in row.cells))

    def address(**changed: str) -> str:
        chosen = {name: value for name, value in (asked | changed).items() if value}
        return f"/scorecard?{urlencode(chosen)}".rstrip("?")

    def links(name: str, labels: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        return [(label, address(**{name: key}), asked.get(name, "") == key) for key, label in labels.items()]

    same = address().partition("?")[2]
    part = Part.of(query, len(rows), ROWS, f"{same}&" if same else "")
    return View(
        title="Scorecard",
        template="scorecard.html",
        values={
            "scorecard": card,
            "filters": [
                *links("chamber", {"": "Both chambers"} | _CHAMBERS),
                *links("party", {"": "All parties"} | {each: each for each in parties}),
                *links("sort", _SORTS),
            ],
            "states": links("state", {"": "All states"} | STATES),
            "caption": number(len(rows), "member"),
            "missing": "" if card.source else none_yet(),
            "empty": "No member fits, or no bill is tracked yet.",
            "part": part,
            "query": f"?{same}" if same else "",
            "buttons": (),
        },
        table=table_of(card, rows[part.start : part.end]),
        export=lambda: whole_table(card, rows),
    )


PAGES: Final = (Page(path="/bills", show=list_, nav="Bills", commands=("bill",)), Page(path="/bills/{bill}", show=show))
SCORECARD: Final = (Page(path="/scorecard", show=show_scorecard, nav="Scorecard", menu="More"),)
