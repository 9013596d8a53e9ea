"""Facts about an addressee and a bill from the public record, to make a letter personal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.bills.model import IN_COMMITTEES, BillFacts, Stage, origin
from bot.congress import address, records
from bot.congress.model import Chamber, Committee, Member, Role, fold
from bot.shared.bill_events import Chamber as ChamberName
from bot.shared.calendar import day_of_a_letter
from bot.shared.states import STATES
from bot.store.database import Reader

_WITH_ARTICLE: Final = frozenset({"DC", "MP", "VI"})
UNDATED: Final = "a date that its record does not give"
_SMALL: Final = frozenset({"the", "of", "on", "and", "for", "committee"})


def record_of(db: Reader, id_: str, bill: BillFacts | None) -> dict[str, str | bool]:
    """The fact `addressee.record` of a member or committee leader; empty for anyone else.

    `state`, `chamber`; `votes`, False for delegates and the resident commissioner; `leads`, their post in the
    leadership; `sponsor`, `cosponsor_since`, `withdrew_on` on this bill, `companion` on the one with the same text
    ("joining H.R. 1234 as a cosponsor"); `committee` (that has the bill, and on which they sit), `reported` (that has
    reported it), `chairs`, `ranking` (what they lead, first of all what has or had the bill). Dates read as in letters:
    "March 3, 2026". Unknown values are "" or False. For a joint letter: what is true of all addressees, and the
    committee that they lead together.
    """
    kind, _, rest = id_.partition(":")
    if kind == "joint":
        return _shared_record([record_of(db, part, bill) for part in rest.split("+")])
    bioguide = member_behind(db, id_)
    member = records.member(db, bioguide) if bioguide else None
    if member is None:
        return {}
    state = STATES.get(member.state, member.state)
    return {
        "state": f"the {state}" if member.state in _WITH_ARTICLE else state,
        "chamber": chamber_of(member),
        "votes": member.role in (Role.SENATOR, Role.REPRESENTATIVE),
        "leads": member.leads,
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
        return tuple(dict.fromkeys(matches for part in rest.split("+") for matches in committees_of(db, part)))
    seats = [seat.committee for seat in records.seats_of(db, rest)] if kind == "member" else []
    matches = [rest] if kind in ("chair", "ranking") else seats
    parents = {committee.id: committee.parent for committee in records.committees(db)} if matches else {}
    return tuple(dict.fromkeys(each for id_ in matches for each in (id_, parents.get(id_)) if each))


def chair_of_bill(db: Reader, bill: BillFacts) -> str:
    """``chair:HSJU``: the chair of the committee that has the bill, in its latest chamber; "" if unknown."""
    began = Chamber.SENATE if origin(bill.bill) == "Senate" else Chamber.HOUSE
    all_ = records.committees(db)
    matches = _named(all_, bill.place.committees) or sorted(
        _in_record(all_, bill), key=lambda committee: committee.chamber is began
    )
    return next((f"chair:{each.id}" for each in matches if leader_of(db, each.id, "chair")), "")


def _named(all_: Iterable[Committee], codes: Iterable[tuple[str, str]]) -> list[Committee]:
    """Those of the record's codes: `hsju00` is the directory's HSJU."""
    by_id = {committee.id: committee for committee in all_}
    return [by_id[id_] for code, _ in codes if (id_ := code.removesuffix("00").upper()) in by_id]


def _in_record(all_: Iterable[Committee], bill: BillFacts) -> list[Committee]:
    """The committees that have or had the bill, in the order of its record: "House Judiciary Committee"."""
    chambers, whole = {Chamber.HOUSE.value, Chamber.SENATE.value}, [each for each in all_ if each.parent is None]
    words = {each.id: {*fold(each.name)} - _SMALL for each in whole}
    wanted = [{*fold(name)} - _SMALL for name in bill.committees or ()]
    return [each for want in wanted for each in whole if want in (words[each.id], words[each.id] - chambers)]


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


def chamber_of(member: Member) -> ChamberName:
    """The chamber as bills name it."""
    return "Senate" if member.chamber is Chamber.SENATE else "House"


def _on_bill(member: Member, bill: BillFacts | None) -> dict[str, str | bool]:
    joined, withdrawn = _signed(member, bill)
    twin = bill.twin if bill else None
    on_twin = ""
    if twin and twin.sponsor_id == member.bioguide:
        on_twin = f"introducing {twin.bill.name}"
    elif twin and (since := _signed(member, twin)[0]):
        on_twin = f"joining {twin.bill.name} as a cosponsor on {since}"
    return {
        "sponsor": bill is not None and bill.sponsor_id == member.bioguide,
        "cosponsor_since": joined,
        "withdrew_on": withdrawn,
        "companion": on_twin,
    }


def _signed(member: Member, bill: BillFacts | None) -> tuple[str, str]:
    """(the day on which they joined the bill, the day on which they withdrew), one of them at most."""
    joined = (bill.cosponsors or {}).get(member.bioguide) if bill else None
    if joined is None:
        return "", ""
    if joined.withdrawn:
        return "", day_of_a_letter(joined.withdrawn)
    return day_of_a_letter(joined.joined) if joined.joined else UNDATED, ""


def _on_committees(db: Reader, member: Member, asked: str, bill: BillFacts | None) -> dict[str, str]:
    """Committees they sit on and lead. `asked`: the committee they are addressed as leader of, if any."""
    all_ = {committee.id: committee for committee in records.committees(db)}
    has_it, reported = set[str](), set[str]()
    if bill:
        # A row of the record without committees leaves those of its list.
        by_place = bill.place.committees or bill.place.stage not in IN_COMMITTEES | {Stage.UNKNOWN}
        with_it = _named(all_.values(), bill.place.committees) if by_place else _in_record(all_.values(), bill)
        has_it, reported = (
            {each.id for each in some} for some in (with_it, _named(all_.values(), bill.place.reported))
        )
    whole = (id_ for id_, committee in all_.items() if committee.parent is None)
    counted = {*whole, asked}
    seats = [seat for seat in records.seats_of(db, member.bioguide) if seat.committee in counted]
    seats.sort(key=lambda seat: (seat.committee not in has_it, seat.committee not in reported, seat.committee != asked))

    def body(id_: str) -> str:
        return address.body(all_[id_], all_.get(all_[id_].parent or ""))

    return {
        "committee": next((body(seat.committee) for seat in seats if seat.committee in has_it), ""),
        "reported": next((body(seat.committee) for seat in seats if seat.committee in reported), ""),
        "chairs": next((body(seat.committee) for seat in seats if seat.chair), ""),
        "ranking": next((body(seat.committee) for seat in seats if seat.ranking), ""),
    }
