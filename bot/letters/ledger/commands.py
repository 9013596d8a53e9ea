"""/lobbying: what each member organization spent on lobbying, against its own ceiling of 501(h).

A representative enters and sees only their own organization's; administrators see all, and enter none. Other staff see
nothing of it. The bot proposes letters that an organization signed; hours and money come only from a person.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.commands.arguments import read_past_day
from bot.commands.model import (
    ADMINISTRATOR,
    LINES,
    REPRESENTATIVE,
    Actor,
    Choice,
    Context,
    File,
    Form,
    FormField,
    Group,
    Param,
    Refused,
    Reply,
    Role,
    answer,
)
from bot.commands.model import Kind as Type
from bot.config.load import Config
from bot.letters import lobbying, lookup
from bot.letters import records as letters
from bot.letters.facts import Topic
from bot.letters.ledger import records
from bot.letters.ledger.model import (
    KINDS,
    LOBBYING,
    SOURCE,
    Ceiling,
    Cost,
    Entry,
    Kind,
    Spent,
    Status,
    TaxYear,
    current,
    money,
    reached,
    read_cost,
    read_money,
    year_of,
    year_on,
)
from bot.letters.lifecycle import FINAL, Dossier
from bot.outbox import messages
from bot.people import records as people
from bot.people.members import find_member, member_choices
from bot.people.pii import NO_DETAILS
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.wording import cap_lines, number, short
from bot.store.database import Reader

_SEEN_BY: Final = "Seen by this organization and administrators only."
_COLUMNS: Final = (
    *("tax year", "quarter", "organization", "line", "day", "kind", "what it is", "legislation", "what", "hours"),
    *("hourly cost", "amount", "not on grant time", "entered by", "entered at", "corrects", "counts", "note"),
)


def _cost(text: str, *_: object) -> Cost:
    if (cost := read_cost(text)) is None:
        raise Refused(
            f"“{text}” is not a cost. Write hours and hourly cost, or an amount: 3 h at $45, or $300", param="cost"
        )
    return cost


def _amount(text: str, *_: object) -> int:
    if (cents := read_money(text)) is None:
        raise Refused(f"“{text}” is no amount. For example: $1,800,000", param="budget")
    return cents


_KIND: Final = Param(
    "kind", "direct, grassroots, or why it is none", choices=tuple(Choice(*each) for each in KINDS.items())
)
_WHAT: Final = Param("what", "a letter such as L-014, or words", complete=lookup.choices, longest=300, free=True)
_COST: Final = Param("cost", "hours and hourly cost, or an amount: 3 h at $45, or $300", longest=60, check=_cost)
_BILL: Final = Param("bill", "the bill or other legislation, if it is lobbying", required=False, longest=200, free=True)
_OFF_GRANT: Final = Param("off-grant", "yes: no grant paid for it", kind=Type.YES_NO, required=False)
_DAY: Final = Param("on", "the day; today if left out", required=False, check=read_past_day)
_LINE: Final = Param("line", "its number, such as H-12", longest=20)
_ORGANIZATION: Final = Param("organization", "one of them; all if left out", required=False, complete=member_choices)
_FIELDS: Final = (_KIND, _WHAT, _COST, _BILL, _OFF_GRANT, _DAY)

slash = Group("lobbying", who=REPRESENTATIVE | ADMINISTRATOR)


def spent_in(db: Reader, organization: str, day: date) -> Spent:
    """What was spent in the organization's tax year with this day."""
    years, lines = records.years(db, [organization]), current(records.entries(db, [organization]))
    year = year_of(years, organization, day)
    # One that nobody entered can have days of one that a person did.
    return Spent(year, tuple(each for each in lines if year_of(years, organization, each.on_day) == year))


def _shown(ctx: Context, args: Mapping[str, str]) -> list[str]:
    """The organizations that the asker may see, or the named one of them."""
    is_admin = Role.ADMINISTRATOR in ctx.actor.roles
    own = [ctx.actor.organisation] if ctx.actor.organisation else []
    if "organization" not in args:
        return list(ctx.config.coalition.members) if is_admin else own
    named = find_member(ctx, args["organization"])
    if not is_admin and named not in own:
        raise Refused("Only administrators and the organization itself see what it spent.", param="organization")
    return [named]


def _own(ctx: Context) -> str:
    assert ctx.actor.organisation  # a representative has one
    return ctx.actor.organisation


# --- entering ---------------------------------------------------------------------------------------------------------


@slash.command(
    example='kind:direct what:L-014 cost:"3 h at $45" bill:hr1234-119', params=(*_FIELDS, NO_DETAILS),
    who=REPRESENTATIVE, changes=True,
)  # fmt: skip
def log(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Record what your organization spent on lobbying."""
    entry = _entry(ctx, args)
    records.ENTRIES.insert(ctx.tx, [entry])
    ctx.note(f"{entry.label} of {_own(ctx)}", "", _line(entry))
    return _recorded(ctx, entry, f"Recorded as {entry.label}")


@slash.command(
    example='H-12 cost:"2 h at $45"', params=(_LINE, *(replace(each, required=False) for each in _FIELDS), NO_DETAILS),
    who=REPRESENTATIVE, changes=True,
)  # fmt: skip
def correct(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Correct a line of the ledger; the old one is kept."""
    entries = records.entries(ctx.tx, [_own(ctx)])
    old = next((each for each in current(entries) if args["line"].upper() in (each.label, str(each.number))), None)
    if old is None:
        raise Refused(
            f"There is no line “{args['line']}” of yours to correct. /lobbying list shows them.", param="line"
        )
    before: dict[str, str] = {
        "kind": old.kind.value, "what": old.what, "bill": old.legislation, "on": old.on_day.isoformat(),
        "cost": old.cost.words.partition(", ")[0], "off-grant": "yes" if old.off_grant else "no",
    }  # fmt: skip
    if args.keys() <= {"line"}:
        fields = tuple(FormField(each, each.label, before[each.name]) for each in _FIELDS)
        return Reply(
            form=Form(title="Correct a line", path="lobbying correct", fields=fields, args={"line": old.label})
        )
    entry = replace(_entry(ctx, {**before, **args}), corrects=old.number)
    records.ENTRIES.insert(ctx.tx, [entry])
    ctx.note(f"{entry.label} of {_own(ctx)}", _line(old), _line(entry))
    _tell(ctx, spent_in(ctx.tx, _own(ctx), old.on_day))  # its tax year has less now
    return _recorded(ctx, entry, f"{entry.label} takes the place of {old.label}, which is kept")


def _entry(ctx: Context, args: Mapping[str, str]) -> Entry:
    """The line that was typed. Raises `Refused`."""
    kind, cost, bill = Kind(args["kind"]), _cost(args["cost"]), args.get("bill", "")
    letter = letters.find(ctx.tx, args["what"], opened=True)
    if letter and not bill:
        bill = _legislation(letter)
    if kind in LOBBYING and not bill:
        raise Refused("Lobbying is on specific legislation: name the bill, such as hr1234-119.", param="bill")
    return Entry(
        id=ctx.new_id(),
        number=records.next_number(ctx.tx),
        organization=_own(ctx),
        on_day=read_past_day(args["on"], ctx.local_now) if args.get("on") else ctx.today,
        kind=kind,
        legislation=wording.bill(bill),
        what=letter.name if letter else args["what"],
        letter_id=letter.id if letter else None,
        minutes=cost.minutes,
        rate_cents=cost.rate_cents,
        cents=cost.cents,
        off_grant=int(args.get("off-grant") == "yes"),
        corrects=None,
        entered_by=ctx.person,
        entered_at=ctx.now,
    )


def _legislation(letter: Dossier) -> str:
    """What it asks for: its bill, or its subject if the letter asks for legislation without a number."""
    return Topic.of(letter).bill or (letter.version.subject if lobbying.classification(letter) != "none" else "")


def _recorded(ctx: Context, entry: Entry, head: str) -> Reply:
    """The answer, after its organization and the administrators got a message of a ceiling that comes near."""
    spent = spent_in(ctx.tx, entry.organization, entry.on_day)
    _tell(ctx, spent)
    tick = "" if entry.off_grant or entry.kind not in LOBBYING else "Not recorded: whether a grant paid for it."
    return answer(
        head,
        _line(entry),
        *_sums(spent),
        tick,
        foot=SOURCE,
        buttons=ctx.theirs(
            Button("Correct", "lobbying correct", (("line", entry.label),)), Button("Summary", "lobbying summary")
        ),
    )


def _tell(ctx: Context, spent: Spent) -> None:
    """Tell each representative and administrator, once while it lasts, that a share of a ceiling is reached."""
    limit, organization = spent.year.ceiling, spent.year.organization
    if limit is None:
        return
    name = ctx.config.coalition.members[organization].name
    needs = f"{Role.REPRESENTATIVE}:{organization}|{Role.ADMINISTRATOR}"
    now = list[str]()
    for what, cents, most in _against(spent, limit):
        steps = reached(cents, most)
        marks = [f"{what.split()[0]}:{step}" for step in steps]
        now += marks
        if marks and marks[0] not in spent.year.reported.split():
            head = f"{name}: {what} reached {steps[0]}% of its ceiling, {money(cents)} of {money(most)}"
            over = "What is over is taxed at 25% (4911(a)); over 150%, in four years, endangers the exemption (501(h))."
            card = Card.of(Mark.ANSWER, head, f"Tax year {spent.year.name}.", over if cents > most else "", foot=SOURCE)
            key = f"lobbying:{organization}:{spent.year.begins}:{marks[0]}:{ctx.new_id()}"
            for person in people.people(ctx.tx):
                messages.post_to_person(ctx, person.id, key, card, kind="lobbying", needs=needs)
    records.mark_reported(ctx.tx, spent.year, " ".join(now))


def _against(spent: Spent, limit: Ceiling) -> tuple[tuple[str, int, int], ...]:
    sums = (spent.of(*LOBBYING), limit.total), (spent.of(Kind.GRASSROOTS), limit.grassroots)
    return ("lobbying in all", *sums[0]), ("grassroots lobbying", *sums[1])


_STATUS: Final = Param(
    "status",
    "whether it made the election (Form 5768)",
    choices=tuple(Choice(each, each.capitalize()) for each in Status),
)
_MONTH: Final = Param(
    "month", "the first month of your tax year",
    choices=tuple(Choice(str(n), calendar.month_name[n]) for n in range(1, 13)),
)  # fmt: skip
_BUDGET: Final = Param(
    "budget", "exempt-purpose expenditures of the tax year, such as $1,800,000", required=False, check=_amount
)
_YEAR: Final = Param(
    "year", "in which the tax year begins; the present one if left out", kind=Type.NUMBER, required=False
)


@slash.command(
    example='status:"elects 501(h)" month:1 budget:$1,800,000', params=(_STATUS, _MONTH, _BUDGET, _YEAR),
    who=REPRESENTATIVE, changes=True,
)  # fmt: skip
def ceiling(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Enter your tax year and budget, for your ceiling."""
    budget = _amount(args["budget"]) if args.get("budget") else None
    status, begins = Status(args["status"]), year_on(ctx.today, int(args["month"]))
    if status is Status.ELECTS and budget is None:
        raise Refused("A ceiling needs your exempt-purpose expenditures of the tax year.", param="budget")
    if "year" in args:
        if abs(int(args["year"]) - ctx.today.year) > 10:
            raise Refused(f"Write a year near {ctx.today.year}.", param="year")
        begins = begins.replace(year=int(args["year"]))
    year = TaxYear(organization=_own(ctx), begins=begins, elects=status, budget_cents=budget)
    before = next((each for each in records.years(ctx.tx, [_own(ctx)]) if each.begins == begins), None)
    records.delete_overlapped(ctx.tx, year)
    records.save_year(ctx.tx, year, ctx.person, ctx.now)
    ctx.note(f"tax year {year.name} of {_own(ctx)}", _year_words(before) if before else "", _year_words(year))
    spent = spent_in(ctx.tx, _own(ctx), begins)
    _tell(ctx, spent)
    buttons = ctx.theirs(Button("Record", "lobbying log"), Button("Summary", "lobbying summary"))
    return answer(f"Tax year {year.name}: {status.value}", *_sums(spent), foot=f"{_SEEN_BY} {SOURCE}", buttons=buttons)


def _year_words(year: TaxYear) -> str:
    return f"{year.elects}{f', {money(year.budget_cents)}' if year.budget_cents is not None else ''}"


# --- reading ----------------------------------------------------------------------------------------------------------


def _line(entry: Entry) -> str:
    """`H-12, Fri Nov 27, 2026: direct, L-014, on H.R. 1234 (119th), 3 h at $45, $135`."""
    about = f", on {entry.legislation}" if entry.legislation else ""
    what = f"{entry.kind.value}, {short(entry.what, 120)}{about}"
    return f"{entry.label}, {day_in_words(entry.on_day)}: {what}, {entry.cost.words}"


def _sums(spent: Spent) -> Iterator[str]:
    """What was spent in the tax year against its ceiling, with the computation."""
    year, limit = spent.year, spent.year.ceiling
    if limit is None:
        elects = year.elects.value if year.elects in (Status.NOT, Status.OTHER) else "its budget is not entered"
        why = elects if year.elects else "its tax year is not entered (/lobbying ceiling)"
        sums = f"{money(spent.of(*LOBBYING))}, of it grassroots {money(spent.of(Kind.GRASSROOTS))}"
        yield f"Tax year {year.name}: {sums}; no ceiling: {why}."
        return
    parts = [
        f"{what} {money(cents)} of {money(most)}{f' ({cents * 100 // most}%)' if most else ''}"
        for what, cents, most in _against(spent, limit)
    ]
    yield f"Tax year {year.name}: {'; '.join(parts)}."
    yield f"Ceiling: {limit.how}."


@slash.command(params=(_ORGANIZATION,))
def summary(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Sum up lobbying by tax year and quarter, against the ceiling."""
    shown, names = _shown(ctx, args), ctx.config.coalition.members
    if len(shown) == 1:
        days = [ctx.today, *(each.on_day for each in records.entries(ctx.tx, shown))]
        years = {(each := spent_in(ctx.tx, shown[0], day)).year.begins: each for day in days}
        lines = [
            line
            for begins in sorted(years, reverse=True)
            for line in (*_sums(years[begins]), *_quarters(years[begins]))
        ]
        head = f"Lobbying of {names[shown[0]].name}"
    else:
        every = [spent_in(ctx.tx, each, ctx.today) for each in shown]
        entered = [each for each in every if each.entries or each.year.elects]
        lines = [f"{names[each.year.organization].name}: {next(_sums(each))}" for each in entered]
        head = f"Lobbying: {len(entered)} of {number(len(every), 'organization')} entered something"
    buttons = (
        Button("Record", "lobbying log"),
        Button("Ceiling", "lobbying ceiling"),
        Button("CSV", "lobbying export"),
    )
    return answer(head, *cap_lines(lines, 30), foot=f"{_SEEN_BY} {SOURCE}", buttons=ctx.theirs(*buttons))


def _quarters(spent: Spent) -> Iterator[str]:
    for n in sorted({spent.year.quarter_of(each.on_day) for each in spent.entries}):
        yield f"Quarter {n}: " + ", ".join(f"{kind.value} {money(spent.of(kind, quarter=n))}" for kind in LOBBYING)
    if unsaid := sum(each.kind in LOBBYING and not each.off_grant for each in spent.entries):
        yield f"Not recorded for {number(unsaid, 'line')}: whether a grant paid for it."


@slash.command(verb="list", params=(_ORGANIZATION,))
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the ledger's lines, and letters that are not in it."""
    shown = _shown(ctx, args)
    entries = records.entries(ctx.tx, shown)
    by = {each.corrects: f"; corrected by {each.label}" for each in entries if each.corrects}
    names = {id_: f"{member.name}: " for id_, member in ctx.config.coalition.members.items()} if len(shown) > 1 else {}
    lines = [f"{names.get(each.organization, '')}{_line(each)}{by.get(each.number, '')}" for each in reversed(entries)]
    open_ = proposals(ctx.tx, ctx.config, ctx.actor)
    buttons = [
        Button(
            f"Record {each.name}",
            "lobbying log",
            (("kind", "direct"), ("what", each.name), ("bill", _legislation(each))),
        )
        for each in open_[:3]
    ]
    proposed = [f"Not recorded: {each.name}, which you signed: {short(each.version.subject, 80)}" for each in open_[:3]]
    return answer(
        number(len(current(entries)), "line") if entries else "No line yet",
        *cap_lines([*proposed, *lines], LINES, "and {:,} more, in the CSV"),
        buttons=ctx.theirs(*buttons, Button("Record", "lobbying log"), Button("CSV", "lobbying export")),
        foot=_SEEN_BY,
    )


@slash.command(params=(_ORGANIZATION,), chat_only=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Export the ledger as CSV, with corrected lines."""
    shown, names, writers = _shown(ctx, args), ctx.config.coalition.members, people.names(ctx.tx)
    entries, years = records.entries(ctx.tx, shown), records.years(ctx.tx, shown)
    counted = {each.number for each in current(entries)}
    rows = []
    for each in entries:
        year = year_of(years, each.organization, each.on_day)
        hours = f"{each.minutes / 60:.2f}" if each.minutes is not None else ""
        rate = money(each.rate_cents) if each.rate_cents is not None else ""
        rows.append((
            year.name, str(year.quarter_of(each.on_day)), names[each.organization].name, each.label, str(each.on_day),
            each.kind.value, KINDS[each.kind], each.legislation, each.what, hours, rate, money(each.cents),
            "yes" if each.off_grant else "not said", writers.get(each.entered_by, lookup.GONE), str(each.entered_at),
            f"H-{each.corrects}" if each.corrects else "", "yes" if each.number in counted else "no, corrected", SOURCE,
        ))  # fmt: skip
    reply = answer(number(len(rows), "line"), foot=f"{_SEEN_BY} {SOURCE}")
    return replace(reply, file=File("lobbying.csv", "text/csv", write_csv(_COLUMNS, rows)))


def proposals(db: Reader, config: Config, actor: Actor) -> list[Dossier]:
    """Locked letters that may ask for legislation, which the actor's organization signed and has no line about."""
    if not actor.organisation or Role.REPRESENTATIVE not in actor.roles:
        return []
    recorded = {each.letter_id for each in current(records.entries(db, [actor.organisation]))}
    return [
        letter
        for letter in letters.letters(db, FINAL, opened=True)
        if letter.id not in recorded
        and lobbying.classification(letter) in ("legislation", "undecided")
        and actor.organisation in lookup.signed_organizations(db, config.coalition, letter)
    ]


def waiting(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:
    """A task for each letter to record, for organizations with a ceiling."""
    own, today = actor.organisation or "", config.coalition.day(now)
    if year_of(records.years(db, [own]), own, today).ceiling is None:
        return []
    return [Line(f"To record: hours and cost of {each.name} (/lobbying list)") for each in proposals(db, config, actor)]
