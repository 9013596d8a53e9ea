"""Facts about an addressee and a bill from the public record, to make a letter personal."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.bills.model import BillFacts
from bot.bills.stage import IN_COMMITTEES, ON_FLOOR, Place, Stage, origin
from bot.congress import address, records
from bot.congress.model import Chamber, Committee, Member, fold
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_of_a_letter
from bot.shared.states import STATES
from bot.sources.congress.bill_events import Chamber as ChamberName
from bot.store.database import Reader

_WITH_ARTICLE: Final = frozenset({"DC", "MP", "VI"})
UNDATED: Final = "a date that its record does not give"
_SMALL: Final = frozenset({"the", "of", "on", "and", "for", "committee"})


def record_of(db: Reader, id_: str, bill: BillFacts | None, *, today: date) -> dict[str, str | bool]:
    """The fact `addressee.record` of a member or committee leader; empty for anyone else.

    `state`, `chamber`; `turn` and `may_cosponsor`, from the bill's stage in their chamber; `sponsor`,
    `cosponsor_since`, `withdrew_on` on this bill; `committee` (that has the bill, and on which they sit), `chairs`,
    `ranking` (what they lead, first of all what has the bill); `freshman`, only where the record lists every term.
    Dates read as in letters: "March 3, 2026". Unknown values are "" or False. For a joint letter: what is true of all
    addressees, and the committee that they lead together.
    """
    kind, _, rest = id_.partition(":")
    if kind == "joint":
        return _shared_record([record_of(db, part, bill, today=today) for part in rest.split("+")])
    bioguide = member_behind(db, id_)
    member = records.member(db, bioguide) if bioguide else None
    if member is None:
        return {}
    return {
        "state": in_a_sentence(member.state),
        "chamber": chamber_of(member),
        "turn": waits_for(bill.place, bill.bill, chamber_of(member)) if bill else "",
        "may_cosponsor": bill is not None and may_cosponsor(bill.place, bill.bill, chamber_of(member)),
        "freshman": _first_term(member, today),
        **_on_bill(member, bill),
        **_on_committees(db, member, rest, bill),
    }


def _shared_record(records_: list[dict[str, str | bool]]) -> dict[str, str | bool]:
    if not all(records_):
        return {}
    first, *others = records_
    shared = {key: value for key, value in first.items() if all(record[key] == value for record in others)}
    for key in first.keys() - shared.keys():
        shared[key] = ""  # as empty in a template as False is
    led = {record["chairs"] or record["ranking"] for record in records_}
    if len(led) == 1:
        for key in ("chairs", "ranking"):
            shared[key] = next((record[key] for record in records_ if record[key]), "")
    return shared


def committees_of(db: Reader, id_: str) -> tuple[str, ...]:
    """The ids of the committees that an addressee acts for: those they lead; all seats of a member addressed as such.

    A subcommittee's own committee follows it: ``("SSAP16", "SSAP")``. Empty for offices.
    """
    kind, _, rest = id_.partition(":")
    if kind == "joint":
        return tuple(dict.fromkeys(found for part in rest.split("+") for found in committees_of(db, part)))
    seats = [seat.committee for seat in records.seats_of(db, rest)] if kind == "member" else []
    found = [rest] if kind in ("chair", "ranking") else seats
    parents = {committee.id: committee.parent for committee in records.committees(db)} if found else {}
    return tuple(dict.fromkeys(each for id_ in found for each in (id_, parents.get(id_)) if each))


def chair_of_bill(db: Reader, bill: BillFacts) -> str:
    """``chair:HSJU``: the chair of the committee that has the bill, in its latest chamber; "" if unknown."""
    origin = Chamber.SENATE if bill.bill.type.startswith("s") else Chamber.HOUSE
    bill_committees = sorted(_committees_of_bill(db, bill), key=lambda committee: committee.chamber is origin)
    return next((f"chair:{each.id}" for each in bill_committees if leader_of(db, each.id, "chair")), "")


def _committees_of_bill(db: Reader, bill: BillFacts) -> list[Committee]:
    """The committees in the directory that have or had the bill, in the order of its record."""
    all_committees = records.committees(db)
    return [
        committee for name in bill.committees or () for committee in all_committees if _is_committee(committee, name)
    ]


def member_behind(db: Reader, addressee: str) -> str | None:
    """The Bioguide id of the member behind an addressee's id; None for an office, or a post that nobody has now."""
    kind, _, rest = addressee.partition(":")
    if kind == "member":
        return rest
    return leader_of(db, rest, kind) if kind in ("chair", "ranking") else None


def leader_of(db: Reader, committee: str, kind: str) -> str | None:
    """The Bioguide id of the committee's "chair" or "ranking" member, or None."""
    seats = records.seats(db, committee)
    return next((seat.bioguide for seat in seats if (seat.chair if kind == "chair" else seat.ranking)), None)


def waits_for(place: Place, bill: BillNumber, chamber: ChamberName) -> str:
    """What the bill waits for in a chamber: the fact `addressee.record.turn`."""
    between = {Stage.ENROLLING: "both", Stage.CONFERENCE: "conference", Stage.VETOED: "veto"}
    if place.stage in between:
        return between[place.stage]
    if (place.acting or origin(bill)) != chamber:
        return "passed" if chamber in place.passed else "other"
    return "committee" if place.stage in IN_COMMITTEES else "floor" if place.stage in ON_FLOOR else ""


def may_cosponsor(place: Place, bill: BillNumber, chamber: ChamberName) -> bool:
    """Whether a member of the chamber can still cosponsor.

    The House takes cosponsors until the last committee reports (Rule XII, clause 7), the Senate until the vote.
    """
    open_ = {Stage.UNKNOWN} | IN_COMMITTEES | (ON_FLOOR if chamber == "Senate" else frozenset())
    return chamber == origin(bill) and not place.passed and place.stage in open_


def chamber_of(member: Member) -> ChamberName:
    """The chamber as bills name it."""
    return "Senate" if member.chamber is Chamber.SENATE else "House"


def in_a_sentence(state: str) -> str:
    """``New York``, ``the District of Columbia``."""
    name = STATES.get(state, state)
    return f"the {name}" if state in _WITH_ARTICLE else name


def _on_bill(member: Member, bill: BillFacts | None) -> dict[str, str | bool]:
    joined = (bill.cosponsors or {}).get(member.bioguide) if bill else None
    withdrawn = joined.withdrawn if joined else None
    since = (day_of_a_letter(joined.joined) if joined.joined else UNDATED) if joined and not withdrawn else ""
    return {
        "sponsor": bill is not None and bill.sponsor_id == member.bioguide,
        "cosponsor_since": since,
        "withdrew_on": day_of_a_letter(withdrawn) if withdrawn else "",
    }


def _on_committees(db: Reader, member: Member, asked: str, bill: BillFacts | None) -> dict[str, str]:
    """Committees they sit on and lead. `asked`: the committee they are addressed as leader of, if any."""
    all_ = {committee.id: committee for committee in records.committees(db)}
    has_it = {committee.id for committee in _committees_of_bill(db, bill)} if bill else set()
    whole = (id_ for id_, committee in all_.items() if committee.parent is None)
    counted = {*whole, asked}
    seats = [seat for seat in records.seats_of(db, member.bioguide) if seat.committee in counted]
    seats.sort(key=lambda seat: (seat.committee not in has_it, seat.committee != asked))

    def body(id_: str) -> str:
        return address.body(all_[id_], all_.get(all_[id_].parent or ""))

    return {
        "committee": next((body(seat.committee) for seat in seats if seat.committee in has_it), ""),
        "chairs": next((body(seat.committee) for seat in seats if seat.chair), ""),
        "ranking": next((body(seat.committee) for seat in seats if seat.ranking), ""),
    }


def _is_committee(committee: Committee, name: str) -> bool:
    """Whether a name in a bill's record, such as "House Judiciary Committee", is this committee's."""
    words = {word for word in fold(name) if word not in _SMALL}
    ours = {word for word in fold(committee.name) if word not in _SMALL}
    chambers = {Chamber.HOUSE.value, Chamber.SENATE.value}
    return committee.parent is None and words in (ours, ours - chambers)


def _first_term(member: Member, today: date) -> bool:
    """Whether they joined their chamber with the current Congress, which began on January 3 of an odd year."""
    year = today.year if today >= date(today.year, 1, 3) else today.year - 1
    began = date(year if year % 2 else year - 1, 1, 3)
    return member.first_term is not None and member.first_term >= began
