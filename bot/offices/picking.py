"""Resolve what a person typed to an office or a contact, with completers; and notice, by the directory, that a member
with contacts left Congress or a committee.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.commands.model import Choice, Context, Job, Param, Refused, Work
from bot.congress import address, directory
from bot.congress import records as congress
from bot.congress.directory import Listed, NameIndex
from bot.offices import records
from bot.offices.model import Contact
from bot.people import contacts
from bot.shared.card import Line, Section
from bot.shared.wording import number
from bot.store.database import Reader

_EACH: Final = ": a letter to each member"  # ends the label of a committee
_SHOWN: Final = 4  # offices in a question
_WHOLE: Final = 4  # characters of a committee's id; a subcommittee's has two digits more


def is_office(id_: str) -> bool:
    """Whether contacts can be kept of what an addressee's id names."""
    return id_.partition(":")[0] in ("member", "committee", "office")


class OfficeIndex:
    """Finds offices by name; reads the directory once."""

    def __init__(self, work: Work) -> None:
        every = directory.addressees(work.tx, work.config, work.today)
        self._names = NameIndex(each for each in every if is_office(each.id))
        self._by_id = defaultdict[str, list[Listed]](list)  # by "member:t000001" and "t000001"
        for each in self._names.listed:
            for key in (each.id.casefold(), each.id.partition(":")[2].casefold()):
                self._by_id[key].append(each)
        self._found: dict[str, list[Listed]] = {}  # a table names an office many times

    def find(self, typed: str) -> Listed:
        """The office with this id or name. Raises `Refused`."""
        if typed not in self._found:
            self._found[typed] = self._by_id.get(typed.strip().casefold()) or self._names.find(typed)
        fits = self._found[typed]
        if len(fits) == 1:
            return fits[0]
        which = "; ".join(f"{each.label.removesuffix(_EACH)} ({each.id.partition(':')[2]})" for each in fits[:_SHOWN])
        hint = f"Which one? {which}." if fits else "Write a member, a committee, or an office of the settings."
        raise Refused(f"“{typed[:60]}” is {'several offices' if fits else 'not an office'}. {hint}", param="office")


def office_name(work: Work, id_: str) -> str:
    """An office as a sentence names it: `Senator Kirsten Gillibrand (NY)`; "" for one that is not there now."""
    kind, _, key = id_.partition(":")
    if kind == "office":
        office = work.config.coalition.all_offices.get(key)
        return office.name if office else ""
    if kind == "member":
        member = congress.member(work.tx, key)
        return member.label if member else ""
    committee = congress.committee(work.tx, key)
    return address.body(committee, congress.parent(work.tx, committee)) if committee else ""


def seats_of(db: Reader, office: str) -> str:
    """The committees of a member, without subcommittees; "" for others."""
    kind, _, key = office.partition(":")
    seats = congress.seats_of(db, key) if kind == "member" else []
    return " ".join(seat.committee for seat in seats if len(seat.committee) == _WHOLE)


def complete_office(ctx: Context, typed: str) -> Sequence[Choice]:
    fits = directory.search_addressees(ctx.tx, ctx.config, typed, today=ctx.today)
    return [Choice(id_, label.removesuffix(_EACH)) for id_, label in fits if is_office(id_)]


def pick_contact(ctx: Context, typed: str) -> Contact:
    """The one contact that `typed` identifies. Raises `Refused`."""
    none = f"No contact found for “{typed[:60]}”. /office contacts lists them, /office add adds one."
    return contacts.pick(records.all_contacts(ctx.tx), typed, none)


def complete_contact(ctx: Context, typed: str) -> Sequence[Choice]:
    return contacts.choices(records.all_contacts(ctx.tx), typed)


def to_mail(there: Iterable[Contact], ask: int | None) -> list[Contact]:
    """Those who may be mailed about an ask: first those of the ask, then those whose asks are not known."""
    reached = [each for each in there if each.email and not each.opted_out_at]
    fit = [each for each in reached if ask is None or not each.asks or ask in each.asks]
    return sorted(fit, key=lambda each: (ask not in each.asks, each.number))


OFFICE: Final = Param(
    "office", "a member, a committee, or an office of the settings", complete=complete_office, longest=200
)
CONTACT: Final = Param("contact", "a number such as C-12, or a name", complete=complete_contact, longest=120)


def note_departures(job: Job) -> None:
    """Mark the contacts whose office is no longer what it was when they were verified."""
    if doubtful := list(_changed(job.db)):
        with job.write() as work:
            for contact, why in doubtful:
                records.doubt(work, contact, why)


def _changed(db: Reader) -> Iterator[tuple[Contact, str]]:
    directory, contacts = congress.stored_directory(db), records.all_contacts(db)
    if directory is None or not contacts:
        return
    members = {member.bioguide: member for member in congress.members(db)}
    committees = {committee.id: committee for committee in congress.committees(db)}
    for contact in contacts:
        kind, _, key = contact.office.partition(":")
        member = members.get(key)
        if contact.doubt or contact.left_on:
            continue
        if kind == "committee" and key not in committees:
            yield contact, "the committee is not in the directory"
        elif kind == "member" and (member is None or member.term_end <= directory.as_of):
            yield contact, "has left Congress"  # a term that ends is no departure until a later directory says so
        elif kind == "member":
            lost = {*contact.seats.split()} - {*seats_of(db, contact.office).split()}
            # A new Congress's committees have no members until they are named.
            if name := next((committees[id_].name for id_ in lost & {*committees} if congress.seats(db, id_)), ""):
                yield contact, f"has left the {name}"


def departures_since(db: Reader, last: datetime | None) -> list[Section]:
    """What a digest says of contacts that became doubtful departures_since the `last` one, without their names."""
    doubts = Counter(
        f"{each.office_name}: {each.doubt}"
        for each in records.all_contacts(db)
        if each.doubted_at and (last is None or each.doubted_at > last)
    )
    lines = [Line(f"{what}. {number(count, 'contact')} to verify: /office verify") for what, count in doubts.items()]
    return [Section("The offices you know", tuple(lines))] if lines else []
