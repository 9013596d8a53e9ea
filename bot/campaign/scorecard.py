"""/bill scorecard: what each member of Congress did on our bills, item by item; a grade only by the coalition's rule.

Only what Congress publishes enters: roll calls on passage, and who sponsors a bill. What anyone said to us does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.bills import records
from bot.bills.commands import tracked_bills
from bot.bills.facts import member_name, merge_stored
from bot.bills.model import Cosponsorship, origin
from bot.commands.arguments import matching
from bot.commands.model import LINES, Choice, Context, File, Group, Param, Refused, Reply, answer
from bot.config.coalition import Coalition, ScorecardRule
from bot.congress import records as congress
from bot.congress.directory import none_yet, words_of
from bot.congress.model import Chamber, Member, Role, fold, role_of
from bot.shared import wording
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord, Cosponsor, RollCall, Sponsor
from bot.shared.calendar import day_in_words
from bot.shared.card import Line, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.language import gettext, gettext_noop, ngettext, ngettext_noop
from bot.shared.plain_text import EASTERN
from bot.shared.states import STATES, state_named
from bot.shared.wording import cap_lines, listed, number
from bot.store.database import Reader

COLUMNS: Final = (
    *("member", "id", "chamber", "party", "state", "item", "for means", "position", "what", "on", "source", "link"),
    *("for", "against", "present", "not voting", "grade", "rule"),
)
NO_DIRECTORY: Final = gettext_noop("The list of all members was not read yet: only who is in these records is here.")
NO_RULE: Final = gettext_noop("Counts, no grade: the coalition has written no rule for one.")


class Standing(StrEnum):
    """What the records show of a member on an item. A name that is not under a bill shows nothing."""

    FOR = gettext_noop("for")
    AGAINST = gettext_noop("against")
    PRESENT = gettext_noop("present")
    NOT_VOTING = gettext_noop("not voting")
    NOT_IN_OFFICE = gettext_noop("not in office")
    OTHER_CHAMBER = gettext_noop("other chamber")
    NO_RECORD = gettext_noop("no record")


COUNTED: Final = {
    Standing.FOR: ngettext_noop("%(num)s for", "%(num)s for"),
    Standing.AGAINST: ngettext_noop("%(num)s against", "%(num)s against"),
    Standing.PRESENT: ngettext_noop("%(num)s present", "%(num)s present"),
    Standing.NOT_VOTING: ngettext_noop("%(num)s not voting", "%(num)s not voting"),
}
_VOTES: Final = {  # as the chambers print them
    *(gettext_noop("Yea"), gettext_noop("Aye"), gettext_noop("Nay"), gettext_noop("No")),
    *(gettext_noop("Present"), gettext_noop("Not Voting")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text`: what was recorded; `on`: its day."""

    standing: Standing
    text: str = ""
    on: date | None = None

    @property
    def line(self) -> str:
        """`Voted Yea, Mon Dec 1, 2025`."""
        return ", ".join(filter(None, (self.text, day_in_words(self.on) if self.on else "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One column: a vote on passage, or the sponsors of a bill and of those with the same text, as of a day.

    `means`: what it is to be for. `chambers`: whose members could. `cells`: by Bioguide id, or by a senator's number if
    the directory does not have it. `gap`: what no record gives.
    """

    name: str
    means: str
    on: date | None
    chambers: frozenset[Chamber]
    cells: Mapping[str, Cell]
    gap: str = ""
    source: str
    url: str
    is_vote: bool = False

    @property
    def day(self) -> str:
        """`, Mon Dec 1, 2025`, "" if it is not known."""
        return f", {day_in_words(self.on)}" if self.on else ""

    def cell_of(self, who: Member) -> Cell:
        if who.bioguide in self.cells:
            return self.cells[who.bioguide]
        if who.chamber not in self.chambers:
            return Cell(Standing.OTHER_CHAMBER)
        # Who served before or after it certainly was not there; of a first term that is not known, nothing is said.
        if self.on and ((who.first_term and self.on < who.first_term) or self.on >= who.term_end):
            return Cell(Standing.NOT_IN_OFFICE)
        # The Senate's roll calls number its senators: one whose number is not known may be listed.
        is_unnumbered = self.is_vote and who.role is Role.SENATOR and not who.lis
        return Cell(Standing.NO_RECORD, "" if is_unnumbered else self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member, or someone who was one: then with the name and seat that the records give."""

    who: Member
    cells: tuple[Cell, ...]  # in the order of the items
    grade: str  # "" without a rule, or with fewer items than it needs

    def count(self, *of: Standing) -> int:
        return sum(cell.standing in of for cell in self.cells)

    @property
    def name(self) -> str:
        """`Representative Jo Elm`."""
        return f"{self.who.role} {self.who.full_name}"

    @property
    def label(self) -> str:
        """`Representative Jo Elm (Democrat, OH-4)`."""
        return f"{self.name} ({', '.join(filter(None, (self.who.party, self.who.place))) or 'seat not known'})"

    @property
    def counts(self) -> str:
        """`2 for, 1 against, 1 not voting`."""
        grade = gettext("grade %(grade)s", grade=self.grade) if self.grade else ""
        return ", ".join(filter(None, (_counts([cell.standing for cell in self.cells]), grade)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """`rows`: by state and name. `notes`: what is unknown. `source`: of the members."""

    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    rule: str
    source: str

    def totals(self, place: int) -> str:
        """What all did on the item at that place: `2 for, 1 against`."""
        return _counts([row.cells[place].standing for row in self.rows])

    def lines(self, rows: Sequence[Row]) -> list[tuple[str, ...]]:
        """A row for each member and item, with its source, its day and the rule."""
        return [
            (row.name, row.who.bioguide, row.who.chamber.value.capitalize(), row.who.party, row.who.place,
             item.name, item.means, cell.standing.value, cell.text, str(cell.on or item.on or ""),
             item.source, item.url, *(str(row.count(each)) for each in COUNTED), row.grade, self.rule)
            for row in rows
            for item, cell in zip(self.items, row.cells, strict=True)
        ]  # fmt: skip


def _counts(standings: Sequence[Standing]) -> str:
    counted = [ngettext(*words, standings.count(each)) for each, words in COUNTED.items() if each in standings]
    return ", ".join(counted) or gettext("nothing on record")


def build(db: Reader, coalition: Coalition) -> Scorecard:
    """The scorecard of every tracked bill; without the directory, of those that the records name."""
    stored, members = congress.stored_directory(db), congress.members(db)
    senators = {member.lis: member.bioguide for member in members if member.lis}
    items, people, notes = (
        list[Item](),
        {each.bioguide: each for each in members},
        ([] if stored else [gettext(NO_DIRECTORY)]),
    )
    covered, silent = set[BillNumber](), list[str]()
    for bill in map(BillNumber.of, tracked_bills(coalition)):
        if bill in covered:
            continue
        bills = _same_text(db, bill)
        covered |= {*bills}
        votes = [vote for each in bills for vote in records.roll_calls(db, each.id)]
        passages = [vote for vote in votes if vote.on_passage]
        items += [*(_vote_item(vote, senators) for vote in passages), _sponsors_item(bills)]
        for id_, name, chamber in _named(bills, passages, senators):
            people[id_] = people.get(id_) or _former(id_, name, chamber)
        silent += [] if passages else [listed([each.label for each in bills], 4)]
        if others := len(votes) - len(passages):
            notes.append(_other_votes(bills, others))
    notes += _lacking(silent, members)
    rule = coalition.scorecard
    rows = []
    for who in sorted(
        people.values(), key=lambda each: (each.state or "ZZ", each.role is not Role.SENATOR, each.full_name)
    ):
        cells = tuple(item.cell_of(who) for item in items)
        rows.append(Row(who=who, cells=cells, grade=_grade(items, cells, rule) if rule else ""))
    return Scorecard(
        items=tuple(items),
        rows=tuple(rows),
        notes=tuple(notes),
        rule=_rule_text(rule, coalition.short) if rule else gettext(NO_RULE),
        source=_source(stored) if stored else "",
    )


def _lacking(silent: Sequence[str], members: Iterable[Member]) -> Iterator[str]:
    """What the records lack: roll calls of the bills `silent`, and senators' numbers in roll calls."""
    if silent:
        yield gettext(
            "%(bills)s: no roll call on passage was read. A bill can pass by a voice vote, which has no names.",
            bills="; ".join(silent),
        )
    if unnumbered := sum(each.role is Role.SENATOR and not each.lis for each in members):
        yield ngettext(
            "The directory lacks the roll-call number of %(num)s senator: their votes are in a row of their own.",
            "The directory lacks the roll-call numbers of %(num)s senators: their votes are in rows of their own.",
            unnumbered,
        )


def _source(stored: congress.StoredDirectory) -> str:
    values = {"source": gettext(stored.public_source), "day": day_in_words(stored.as_of)}
    return gettext("Members: %(source)s, as of %(day)s.", **values)


def refuse_empty(card: Scorecard) -> Scorecard:
    """The scorecard. Raises `Refused` if it has no item."""
    if not card.items:
        raise Refused("No bill is tracked yet, so there is nothing to count. Track one: /bill track")
    return card


def _same_text(db: Reader, bill: BillNumber) -> dict[BillNumber, BillRecord | None]:
    """The bill and all that a record calls identical with it, each with its record if one was read."""
    read, waiting = dict[BillNumber, BillRecord | None](), [bill]
    while waiting:
        stored = records.stored(db, (each := waiting.pop()).id)
        read[each] = record = merge_stored(stored) if stored else None
        others = map(BillNumber.of, record.identical if record else ())
        waiting += [other for other in others if other not in read and other not in waiting]
    return {each: read[each] for each in sorted(read)}


def _vote_item(vote: RollCall, senators: Mapping[str, str]) -> Item:
    on = vote.at.astimezone(EASTERN).date() if vote.at else None
    standings = {True: Standing.FOR, False: Standing.AGAINST, None: Standing.NO_RECORD}
    silent = {"present": Standing.PRESENT, "not voting": Standing.NOT_VOTING}  # also "Present, Giving Live Pair"
    bill = wording.bill(vote.bill)
    return Item(
        name=f"{bill}, {vote.name}",
        means=(
            gettext("Yes: to override the veto of %(bill)s", bill=bill)
            if vote.over_veto
            else gettext("Yes: to pass %(bill)s", bill=bill)
        ),
        on=on,
        chambers=frozenset({Chamber(vote.chamber.casefold())}),
        cells={
            senators.get(each.member, each.member): Cell(
                silent.get(each.vote.casefold().partition(",")[0], standings[each.in_favor]),
                gettext("Recorded as %(vote)s", vote=gettext(each.vote) if each.vote in _VOTES else each.vote),
                on,
            )
            for each in vote.votes
        },
        gap=gettext("Not listed in this vote"),
        source=vote.name,
        url=vote.url,
        is_vote=True,
    )


def _sponsors_item(bills: Mapping[BillNumber, BillRecord | None]) -> Item:
    by_member: dict[str, list[Cell]] = {}
    for record in filter(None, bills.values()):
        label = record.number.label
        for sponsor in record.sponsors or ():
            by_member.setdefault(sponsor.bioguide, []).append(
                Cell(Standing.FOR, gettext("Sponsored %(bill)s", bill=label), record.introduced)
            )
        for each in record.cosponsors or ():
            if each.withdrawn:
                text = gettext("Withdrew as a cosponsor of %(bill)s", bill=label)
                cell = Cell(Standing.NO_RECORD, text, each.withdrawn)
            else:
                cell = Cell(Standing.FOR, gettext("Cosponsored %(bill)s", bill=label), each.joined)
            by_member.setdefault(each.bioguide, []).append(cell)
    read = [record for record in bills.values() if record]
    days = [min(each.updated.astimezone(EASTERN).date(), each.number.ends) for each in read if each.updated]
    unknown = [each.label for each, record in bills.items() if record is None or record.cosponsors is None]
    return Item(
        name=gettext("%(bills)s, sponsors", bills=listed([each.label for each in bills], 4)),
        means=gettext("For: sponsors the bill, and has not withdrawn"),
        on=max(days, default=None),
        chambers=frozenset(Chamber(origin(each).casefold()) for each in bills),
        cells={
            id_: max(cells, key=lambda cell: (cell.standing is Standing.FOR, cell.on or date.min))
            for id_, cells in by_member.items()
        },
        gap=gettext("No record gives the cosponsors of %(bills)s", bills=listed(unknown, 4)) if unknown else "",
        source="; ".join(f"{each.number.label}: {each.source}" for each in read) or gettext("no record was read"),
        url=next(iter(bills)).page,
    )


def _other_votes(bills: Iterable[BillNumber], others: int) -> str:
    return ngettext(
        "%(bills)s: %(num)s other roll call does not show who is for the bill.",
        "%(bills)s: %(num)s other roll calls do not show who is for the bill.",
        others,
        bills=listed([each.label for each in bills], 4),
    )


def _named(
    bills: Mapping[BillNumber, BillRecord | None], votes: Sequence[RollCall], senators: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """(id, name in the record, chamber) of everyone who signed or voted: members leave, and what they did stays."""
    for record in filter(None, bills.values()):
        signed: list[Sponsor | Cosponsor] = [*(record.sponsors or ()), *(record.cosponsors or ())]
        yield from ((each.bioguide, each.name, origin(record.number)) for each in signed)
    for vote in votes:
        yield from ((senators.get(each.member, each.member), each.name, vote.chamber) for each in vote.votes)


def _former(id_: str, name: str, chamber: str) -> Member:
    """Someone that the directory does not have any more. `name`: "Rep. Fry, Russell [R-SC-7]" or ""."""
    seat = Cosponsorship(name, None)
    state = seat.state if seat.state in STATES else ""  # the House writes XX for a delegate
    role = role_of(Chamber(chamber.casefold()), state)
    shown = member_name(name).removeprefix(f"{role} ") if name else id_
    return Member(
        bioguide=id_, first="", last=shown, official_full=shown, role=role, state=state,
        party=_PARTIES.get(seat.party, seat.party), term_start=date.min, term_end=date.max,
    )  # fmt: skip


_PARTIES: Final = {"D": "Democrat", "R": "Republican", "I": "Independent"}  # as the directory has them


def _grade(items: Sequence[Item], cells: Sequence[Cell], rule: ScorecardRule) -> str:
    """The share of what counts that is for, in percent; "" if too little counts."""
    counted = [cell.standing for item, cell in zip(items, cells, strict=True) if item.is_vote or rule.items == "all"]
    right, wrong = counted.count(Standing.FOR), counted.count(Standing.AGAINST)
    if rule.absence == "against":
        wrong += counted.count(Standing.PRESENT) + counted.count(Standing.NOT_VOTING)
    count = right + wrong
    return f"{(200 * right + count) // (2 * count)}%" if count >= rule.minimum else ""  # a half is rounded up


def _rule_text(rule: ScorecardRule, of: str) -> str:
    votes, all_ = gettext("votes on passage"), gettext("votes on passage, and sponsoring")
    against, nothing = gettext("count as against"), gettext("do not count")
    return gettext(
        "Grade, by the rule of %(coalition)s: the share that is for. It counts %(what)s; “present” and “not voting” "
        "%(absence)s; with fewer than %(items)s there is no grade.",
        coalition=of,
        what=votes if rule.items == "votes" else all_,
        absence=against if rule.absence == "against" else nothing,
        items=ngettext("%(num)s item", "%(num)s items", rule.minimum),
    )


def general_election(after: date) -> date:
    """The next general election: the Tuesday after the first Monday of November in even years (2 U.S.C. 7)."""
    year = after.year + after.year % 2
    first = date(year, 11, 1)
    day = first + timedelta(days=(-first.weekday()) % 7 + 1)
    return day if day >= after else general_election(date(year + 1, 1, 1))


# --- the command ------------------------------------------------------------------------------------------------------


def _states(ctx: Context, typed: str) -> Sequence[Choice]:  # noqa: ARG001 - a completer's form
    return matching((Choice(code, f"{name} ({code})") for code, name in STATES.items()), typed)


def _members(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(each.bioguide, each.label) for each in congress.members(ctx.tx)), typed)


slash = Group("bill")


@slash.command(
    example="state:NY",
    params=(
        Param("state", "only its members", required=False, complete=_states),
        Param("member", "one member of Congress, by name", required=False, complete=_members, longest=200),
    ),
)
def scorecard(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show what members of Congress did on our bills, with a CSV."""
    card, state = refuse_empty(build(ctx.tx, ctx.config.coalition)), state_named(args.get("state", ""))
    if args.get("state") and not state:
        raise Refused(f"“{args['state'][:40]}” is not a state. Try NY or New York.", param="state")
    rows = [row for row in card.rows if not state or row.who.state == state]
    if "member" in args:
        wanted = {*fold(args["member"])}
        exact = [row for row in rows if row.who.bioguide.casefold() in wanted]
        rows = exact or [row for row in rows if wanted and wanted <= {*words_of(row.who)}]
        if len(rows) != 1:
            names = listed([row.label for row in rows], 5)
            why = f"fits {names}. Add the state." if rows else "is no member of Congress on record."
            raise Refused(f"“{args['member'][:60]}” {why}", param="member")
        lines = [_line(item, cell) for item, cell in zip(card.items, rows[0].cells, strict=True)]
        head = f"{rows[0].label}: {rows[0].counts}"
    elif state:
        lines = [Line(f"{row.label}: {row.counts}") for row in rows]
        head = f"{STATES[state]}: {number(len(rows), 'member')} on {number(len(card.items), 'item')}"
    else:
        lines = [
            Line(f"{item.name}{item.day}: {card.totals(place)}. {item.means}.", item.url)
            for place, item in enumerate(card.items)
        ]
        lines += map(Line, (*card.notes, *(() if card.source else (none_yet(),))))
        head = f"Scorecard: {number(len(card.items), 'item')}, {number(len(rows), 'member')}"
    name = "-".join(filter(None, ("scorecard", state, *fold(args.get("member", "")))))
    reply = answer(
        head, *cap_lines(lines, LINES, "and {:,} more, in the file"), mark=Mark.BILL, foot=f"{card.rule} {card.source}"
    )
    return replace(reply, file=File(f"{name}.csv", "text/csv", write_csv(COLUMNS, card.lines(rows))))


def _line(item: Item, cell: Cell) -> Line:
    text = ". ".join(filter(None, (cell.standing.value, cell.line, item.means)))
    return Line(f"{item.name}: {text}.", item.url)
