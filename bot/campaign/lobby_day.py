"""/bill lobby-day and whip: a sheet for meetings with members (PDF, CSV), and who is for a bill or against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.bills import facts
from bot.bills.commands import tracked_bills
from bot.bills.facts import BILL, UnknownBill, of_bill, track_hint
from bot.bills.facts import facts_of as bill_facts_of
from bot.bills.model import FINISHED, BillFacts, origin
from bot.bills.positions import BillPositions, Evidence, Stance, positions
from bot.campaign.meetings import Statements, last_meeting, statements_on, visible
from bot.commands.arguments import matching
from bot.commands.model import EVERYONE, STAFF, Choice, Context, File, Group, Param, Refused, Reply, answer
from bot.config.coalition import Family
from bot.congress import records
from bot.congress.address import body
from bot.congress.directory import none_yet
from bot.congress.model import Chamber, Member, fold
from bot.letters import records as letter_records
from bot.letters.committees import chamber_of, member_behind, record_of
from bot.letters.documents.office_mail import sent_on, went_to_one
from bot.letters.drafting.asks import facts_of
from bot.letters.lifecycle import WERE_SENT
from bot.letters.offices import contact_lines
from bot.offices.model import Answer, Meeting
from bot.printing.documents import one_line, rendered
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.journey import shell_command
from bot.shared.plain_text import EASTERN
from bot.shared.states import STATES, state_named
from bot.shared.wording import dotted, listed, number, short
from bot.store.database import Reader

_FORMATS: Final = (Choice("pdf", "PDF, to print"), Choice("csv", "CSV"))
_PDF: Final = "reports/lobby-day.typ"
_COLUMNS: Final = ("member", "role", "party", "place", "office", "subject", "position", "what", "on", "source", "link")
_TITLE: Final = 90  # characters of a bill's title
_POSTS: Final = {"chair": "chair", "ranking": "ranking member"}
_NOTHING: Final = "No signature or vote on passage on record"
_MEETINGS: Final = "our meetings, not public"


@dataclass(frozen=True, slots=True, kw_only=True)
class OurBill:
    """One of our bills with everyone's position on it. `facts` are as the letters use them."""

    facts: BillFacts
    positions: BillPositions
    asks: tuple[int, ...]
    asked: Mapping[str, Mapping[str, str]]  # by Bioguide id, as letters' `addressee.record`

    def ask_of(self, member: Member) -> str:
        """What we ask a member about it, as our letters would."""
        label, asked = self.facts.bill.label, self.asked[member.bioguide]
        thanks = f"Thank them for their support of {label}." if self.stance(member) is Stance.FOR else ""
        if not asked["ask"]:
            return f"{thanks} There is nothing to ask now. {self.facts.status}".strip()
        if asked["ask"].startswith("cosponsor") and self.unsigned_by(member):  # they may have joined already
            return f"Ask them to support {label}."
        return f"{thanks} “We ask you to {asked['ask_again'] if thanks else asked['ask']}.”".strip()

    def stance(self, member: Member) -> Stance:
        return self.positions.of(member.bioguide).stance

    def unsigned_by(self, member: Member) -> list[str]:
        """The bills that the member may have cosponsored, for all that the records show."""
        return [bill.label for bill in self.positions.unsigned if origin(bill) == chamber_of(member)]

    def nothing_of(self, member: Member) -> str:
        """What to say of a member without evidence."""
        bills = self.unsigned_by(member)
        return f"Not known: no record gives the cosponsors of {listed(bills, 3)}" if bills else _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The content of a lobby-day sheet."""

    title: str
    members: tuple[Member, ...]
    seats: Mapping[str, tuple[str, ...]]  # by Bioguide id: "Chair, House Committee on the Judiciary"
    bills: tuple[OurBill, ...]  # those on whose record nothing was read are only named
    letters: Mapping[str, tuple[Evidence, ...]]  # by Bioguide id
    contacts: Mapping[str, list[str]]  # by Bioguide id
    meetings: Mapping[str, Sequence[str]]  # by Bioguide id: the last one and open promises, as the reader may see them
    directory: records.StoredDirectory

    @property
    def read(self) -> tuple[OurBill, ...]:
        """The bills on which something is known."""
        return tuple(bill for bill in self.bills if bill.positions.read or bill.positions.roll_calls)


def _complete_places(ctx: Context, typed: str) -> Sequence[Choice]:
    places = [Choice(code, f"{name} ({code})") for code, name in STATES.items()]
    whole = (committee for committee in records.committees(ctx.tx) if committee.parent is None)
    return matching((*places, *(Choice(each.id, f"{each.name} ({each.id})") for each in whole)), typed)


slash = Group("bill")


@slash.command(
    example="NY as:csv",
    params=(
        Param("of", "a state, or a committee by its name or id", complete=_complete_places, longest=200),
        Param("as", "the format; PDF if left out", required=False, choices=_FORMATS),
    ),
    who=EVERYONE,
    chat_only=True,
)
def lobby_day(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Make a sheet on the members of a state or committee."""
    sheet = build(ctx, args["of"])
    kind = args.get("as", "pdf")
    name = f"lobby-day-{'-'.join(fold(sheet.title))}.{kind}"
    if kind == "csv":
        file = File(name, "text/csv", table(sheet))
    else:
        file = File(name, "application/pdf", rendered(_PDF, template_data(sheet, ctx), ctx.config.folder))
    other = "csv" if kind == "pdf" else "pdf"
    as_of = sheet.directory.as_of
    old = as_of + ctx.config.coalition.directory.good_for < ctx.today
    warning = f" That is too old for letters: run {shell_command('directory sync')}." if old else ""
    reply = answer(
        f"Lobby-day sheet: {sheet.title}, {number(len(sheet.members), 'member')}",
        f"On {number(len(sheet.bills), 'bill')}: what they signed, how they voted, and what we ask.",
        f"Members as of {day_in_words(as_of)}.{warning}",
        mark=Mark.BILL,
        buttons=ctx.theirs(
            Button("Report a visit", "meeting log", style="primary"),
            Button(other.upper(), "bill lobby-day", (("of", args["of"]), ("as", other))),
        ),
        foot="Every line has its day and its source. What the records do not show is left unknown.",
    )
    return replace(reply, file=file)


def build(ctx: Context, of: str) -> Sheet:
    """The sheet of a state or a committee. Raises `Refused`."""
    stored = records.stored_directory(ctx.tx)
    if stored is None:
        raise Refused(none_yet())
    everyone = [member for member in records.members(ctx.tx) if member.serves(ctx.today)]
    title, members = _members(ctx.tx, of, everyone)
    meetings: dict[str, list[Meeting]] = {}
    for meeting in visible(ctx):
        meetings.setdefault(meeting.office, []).append(meeting)
    return Sheet(
        title=title,
        members=tuple(members),
        seats={member.bioguide: tuple(committee_lines(ctx.tx, member.bioguide)) for member in members},
        bills=tuple(_bills(ctx, members)),
        contacts={each.bioguide: contact_lines(ctx, f"member:{each.bioguide}") for each in members},
        letters=letters_to(ctx.tx, {member.bioguide for member in members}, opened=not ctx.actor.roles & STAFF),
        meetings={
            member.bioguide: list(last_meeting(ctx, meetings[office]))
            for member in members
            if (office := f"member:{member.bioguide}") in meetings
        },
        directory=stored,
    )


def _members(db: Reader, of: str, everyone: Sequence[Member]) -> tuple[str, list[Member]]:
    """The name of a state or committee, and its members: senators first, or in the committee's order."""
    if state := state_named(of):
        return STATES[state], [member for member in everyone if member.state == state]
    committees = records.committees(db)
    wanted = fold(of)
    fits = [each for each in committees if each.id.casefold() == of.strip().casefold()] or [
        each for each in committees if wanted and each.parent is None and set(wanted) <= set(fold(each.name))
    ]
    if len(fits) != 1:
        several = "; ".join(f"{each.name} ({each.id})" for each in fits[:6])
        hint = f"Which one? {several}." if fits else "Try TX, Texas, HSJU, or words of a committee's name."
        raise Refused(
            f"“{of[:60]}” is {'several committees' if fits else 'not a state or a committee'}. {hint}", param="of"
        )
    by_id = {member.bioguide: member for member in everyone}
    seats = records.seats(db, fits[0].id)
    name = body(fits[0], records.parent(db, fits[0]))
    return name[:1].upper() + name[1:], [by_id[seat.bioguide] for seat in seats if seat.bioguide in by_id]


def committee_lines(db: Reader, bioguide: str) -> Iterator[str]:
    """The full committees of a member, with their title there: `Chair, House Committee on the Judiciary`."""
    for seat in records.seats_of(db, bioguide):
        committee = records.committee(db, seat.committee)
        if committee and committee.parent is None:
            yield f"{seat.title}, {committee.name}" if seat.title else committee.name


def _bills(ctx: Context, members: Sequence[Member]) -> Iterator[OurBill]:
    """Of each family its tracked bills of this Congress, else its newest; only the law if one became law."""
    numbers = records.senate_numbers(ctx.tx)
    for family in ctx.config.coalition.bills.values():
        about = list(_facts(ctx, family))
        shown = [bill for bill in about if bill.law] or about
        companions = {bill.companion for bill in shown[:1]}  # the same text: its signatures count for the first
        for bill in shown:
            if bill.bill not in companions:
                asked = {}
                for member in members:
                    record = record_of(ctx.tx, f"member:{member.bioguide}", bill)
                    asked[member.bioguide] = facts_of(ctx.config.folder, bill, record, ctx.today)
                standing = positions(ctx.tx, bill.bill, numbers)
                yield OurBill(facts=bill, positions=standing, asks=family.asks, asked=asked)


def _facts(ctx: Context, family: Family) -> Iterator[BillFacts]:
    numbers = [BillNumber.of(bill.id) for bill in family.bills]
    followed = set(tracked_bills(ctx.config.coalition))
    current = [bill for bill in numbers if bill.id in followed and not bill.over(ctx.today)]
    for bill in current or sorted(numbers, key=lambda bill: bill.congress)[-1:]:
        with suppress(UnknownBill):
            yield facts.bill_facts(ctx.tx, ctx.config.coalition, bill.id, now=ctx.now)


def letters_to(db: Reader, members: set[str], *, opened: bool = False) -> dict[str, tuple[Evidence, ...]]:
    """The letters sent to each member, or to the post of chair or ranking member that they have, oldest first.

    `opened`: only those whose text our members could read.
    """
    by_member: dict[str, list[Evidence]] = {}
    for letter in reversed(letter_records.letters(db, WERE_SENT, opened=opened)):
        logged = [mail for mail in letter_records.mail(db, letter.id) if mail.kind == "sent"]
        to_all = [mail for mail in logged if not went_to_one(mail)]
        text = f"We sent {letter.name}, “{short(letter.version.subject, _TITLE)}”"
        days = {} if to_all or not logged else sent_on(db, letter.id, logged)
        ids = {part for id_ in letter.version.addressees for part in id_.removeprefix("joint:").split("+")}
        for id_ in sorted(ids if to_all or not logged else ids & {*days}):
            if (bioguide := member_behind(db, id_)) and bioguide in members:
                on = to_all[0].on if to_all else days.get(id_)
                evidence = Evidence(f"{text}{_post(db, id_)}", on, None, "our letters", "")
                by_member.setdefault(bioguide, []).append(evidence)
    return {member: tuple(each) for member, each in by_member.items()}


def _post(db: Reader, addressee: str) -> str:
    """`, to the chair of the House Committee on …`: another member may have had the post when the letter was sent."""
    kind, _, rest = addressee.partition(":")
    if kind not in _POSTS:
        return ""
    committee = records.committee(db, rest)
    name = f"the {body(committee, records.parent(db, committee))}" if committee else rest
    return f", to the {_POSTS[kind]} of {name}"


# --- the two formats ---------------------------------------------------------------------------------------------


def template_data(sheet: Sheet, ctx: Context) -> dict[str, Any]:
    """The sheet as texts and lists for `templates/reports/lobby-day.typ`."""
    coalition, today = ctx.config.coalition, ctx.today
    asks = dict.fromkeys(ask for bill in sheet.bills for ask in bill.asks if ask in coalition.asks)
    directory, as_of = sheet.directory, day_in_words(sheet.directory.as_of)
    bills = []
    for bill in sheet.bills:
        about = bill.facts
        day = f", as of {day_in_words(about.as_of.astimezone(EASTERN).date())}" if about.as_of else ""
        bills.append(
            {
                "label": about.bill.label,
                "title": one_line(short(about.title, _TITLE)),
                "status": one_line(f"{about.status} Source: {about.source}{day}."),
                "gap": _gap(bill.positions),
            }
        )
    return {
        "title": one_line(sheet.title),
        "sender": one_line(coalition.name),
        "day": [today.year, today.month, today.day],
        "made": f"Lobby-day sheet · {day_in_words(today)} · {number(len(sheet.members), 'member')}",
        "asks": [one_line(f"Ask {ask}: {coalition.asks[ask].title}") for ask in asks],
        "bills": bills,
        "members": [_member_data(sheet, member, ctx) for member in sheet.members],
        "foot": one_line(f"{coalition.short} · members as of {as_of}"),
        "source": one_line(f"Members and committees: {directory.public_source}, as of {as_of}."),
    }


def _gap(about: BillPositions) -> str:
    if not about.read:
        return "Its record has not been read, so nobody's position on it is known."
    gaps = [] if about.roll_calls else ["No roll call on its passage was read."]
    if about.unsigned:
        gaps.append(f"The cosponsors of {listed([bill.label for bill in about.unsigned], 3)} are not known.")
    return " ".join(gaps)


def _member_data(sheet: Sheet, member: Member, ctx: Context) -> dict[str, Any]:
    what = (member.leads, f"{member.party} · {member.place}", member.room or "office room not on record")
    return {
        "name": one_line(f"{member.role} {member.full_name}"),
        "what": one_line(dotted(*what)),
        "committees": [one_line(line) for line in sheet.seats.get(member.bioguide, ())],
        "bills": [
            {
                "label": bill.facts.bill.label,
                "stance": bill.positions.of(member.bioguide).stance.value,
                "lines": [
                    {"text": one_line(each.line), "source": one_line(each.source), "url": each.url}
                    for each in bill.positions.of(member.bioguide).evidence
                ],
                "nothing": bill.nothing_of(member),
                "ask": one_line(bill.ask_of(member)),
            }
            for bill in sheet.read
        ],
        "contacts": [one_line(line) for line in sheet.contacts[member.bioguide]],
        "letters": [one_line(f"{each.line} ({each.source})") for each in sheet.letters.get(member.bioguide, ())],
        "meetings": [one_line(line) for line in sheet.meetings.get(member.bioguide, ())],
        "report": f"/meeting log office:member:{member.bioguide}",
        "url": f"{ctx.config.site}/do/meeting/log?office=member:{member.bioguide}" if ctx.config.site else "",
    }


def table(sheet: Sheet) -> bytes:
    """The sheet as CSV: a row for each seat, signature, vote, letter and ask of a member."""
    as_of, source = str(sheet.directory.as_of), sheet.directory.public_source
    rows: list[tuple[str, ...]] = []
    for member in sheet.members:
        who = (member.full_name, member.role.value, member.party, member.place, member.room)
        rows += [(*who, "committee", "", seat, as_of, source, "") for seat in sheet.seats.get(member.bioguide, ())]
        for bill in sheet.read:
            position = bill.positions.of(member.bioguide)
            head = (*who, bill.facts.bill.label, position.stance.value)
            records_read = "; ".join(bill.positions.sources)
            nothing = Evidence(bill.nothing_of(member), None, None, records_read, bill.facts.bill.page)
            for each in position.evidence or (nothing,):
                rows.append((*head, each.text, str(each.on or ""), each.source, each.url))
            rows.append((*head, bill.ask_of(member), "", "our ask", ""))
        rows += [(*who, "contact", "", line, "", "our contacts", "") for line in sheet.contacts[member.bioguide]]
        for each in sheet.letters.get(member.bioguide, ()):
            rows.append((*who, "letter", "", each.text, str(each.on or ""), each.source, ""))
        rows += [(*who, "meeting", "", line, "", _MEETINGS, "") for line in sheet.meetings.get(member.bioguide, ())]
    return write_csv(_COLUMNS, rows)


# --- the whip count ---------------------------------------------------------------------------------------------------

_SAID_SHOWN: Final = 3  # members; the file has all
_WHIP_COLUMNS: Final = ("member", "role", "party", "place", "position", "what", "on", "source", "link")


@slash.command(example="{bill}", params=(BILL,))
@of_bill
def whip(ctx: Context, bill: BillNumber) -> Reply:
    """Count support for a bill: yes, no, unknown."""
    stored = records.stored_directory(ctx.tx)
    if stored is None:
        raise Refused(none_yet())
    members = [member for member in records.members(ctx.tx) if member.serves(ctx.today)]
    stances = positions(ctx.tx, bill, records.senate_numbers(ctx.tx))
    if not stances.read and not stances.roll_calls:
        raise Refused(f"Nothing is known: the record of {bill.label} has not been read. {track_hint(ctx)}")
    counts = Counter(stances.of(member.bioguide).stance for member in members)
    about = bill_facts_of(ctx, bill)
    decided = about.place.stage in FINISHED  # nobody is unknown any more on what Congress has decided
    statements = statements_on(ctx, stances.bills)
    shown = [stance for stance in Stance if not (decided and stance is Stance.UNKNOWN)]
    head = f"{bill.label}: {', '.join(f'{counts[stance]} {stance.value}' for stance in shown)}"
    reply = answer(
        head,
        *([about.status] if decided else []),
        *(_chamber_line(stances, members, chamber, shown) for chamber in (Chamber.HOUSE, Chamber.SENATE)),
        *_unknowns(stances),
        *([] if decided else _said_lines(stances, members, statements)),
        f"Members as of {day_in_words(stored.as_of)}. Records: {listed(list(stances.sources), 3) or 'none read'}.",
        mark=Mark.BILL,
        buttons=ctx.theirs(
            Button("Lobby-day sheet", "bill lobby-day"), Button("Show", "bill show", (("bill", bill.id),))
        ),
        foot="By what they signed and how they voted on passage; the newest counts. Nothing is guessed.",
    )
    return replace(reply, file=File(f"whip-{bill.id}.csv", "text/csv", _whip_table(stances, members, statements)))


def _chamber_line(stances: BillPositions, members: Sequence[Member], chamber: Chamber, shown: Sequence[Stance]) -> str:
    """`House: 12 for (Democrat 7, Republican 5), 1 against (Republican 1), 420 unknown`."""
    parts = []
    for stance in shown:
        mine = [
            member for member in members if member.chamber is chamber and stances.of(member.bioguide).stance is stance
        ]
        parties = Counter(member.party or "party not given" for member in mine)
        split = listed([f"{party} {total}" for party, total in sorted(parties.items())], 9)
        by_party = f" ({split})" if mine and stance is not Stance.UNKNOWN else ""
        parts.append(f"{len(mine)} {stance.value}{by_party}")
    return f"{chamber.value.capitalize()}: {', '.join(parts)}"


def _unknowns(stances: BillPositions) -> list[str]:
    lines = [] if stances.roll_calls else ["No roll call on its passage was read, so this counts signatures alone."]
    if stances.unsigned:
        labels = listed([bill.label for bill in stances.unsigned], 3)
        lines.append(f"The cosponsors of {labels} are not known, so they are not counted.")
    if stances.unnamed:
        votes = number(stances.unnamed, "Senate vote is", "Senate votes are")
        fix = f"run {shell_command('directory sync')}."
        lines.append(
            f"{votes} not counted, because the directory does not have the senator's number in roll calls: {fix}"
        )
    return lines


def _said_lines(stances: BillPositions, members: Sequence[Member], statements: Statements) -> list[str]:
    """What members who neither signed nor voted said to us: how many, and the latest. It is no public position."""
    unknown = [
        each for each in members if stances.of(each.bioguide).stance is Stance.UNKNOWN and each.bioguide in statements
    ]
    if not unknown:
        return []
    counts = Counter(statements[member.bioguide][-1][0] for member in unknown)
    words = listed([f"{counts[each]} {each}" for each in Answer if counts[each]], 4)
    latest = sorted(unknown, key=lambda member: statements[member.bioguide][-1][1].on or date.min, reverse=True)
    lines = [(member.label, statements[member.bioguide][-1][1]) for member in latest[:_SAID_SHOWN]]
    return [
        f"Of the unknown, in meetings with us: {words}. Not public, and not counted above.",
        *(f"{label}: {each.line} ({each.source})" for label, each in lines),
    ]


def _whip_table(stances: BillPositions, members: Sequence[Member], statements: Statements) -> bytes:
    """A row for each piece of evidence; a member without any has one row."""
    rows = []
    for member in members:
        position = stances.of(member.bioguide)
        who = (member.full_name, member.role.value, member.party, member.place, position.stance.value)
        every = (*(each for _, each in statements.get(member.bioguide, ())), *position.evidence)
        rows += [(*who, each.text, str(each.on or ""), each.source, each.url) for each in reversed(every)] or [
            (*who, "", "", "", "")
        ]
    return write_csv(_WHIP_COLUMNS, rows)
