"""Select addressees by a phrase: "senators from NY", "Judiciary members who are not cosponsors of HR1234-119".

A list item that matches no one is set aside and reported. An ambiguous item or an unclear exception is refused: a
letter must not go to a guess, or to someone who should be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Final, Protocol

from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.commands.model import Choice, Context
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import address, directory, records
from bot.congress.directory import joint, words_of
from bot.congress.model import Chamber, Committee, Member, Role, fold
from bot.letters.recipients.committees import leader_of
from bot.shared.bill_number import parse_bill_number
from bot.shared.errors import CoalitionBotError
from bot.shared.journey import shell_command
from bot.shared.states import STATES
from bot.store.database import Reader

_MAX_LENGTH: Final = 1_000  # characters
_MAX_PIECES: Final = 6  # pieces between commas that one name may have
_ID: Final = re.compile(r"(?:member|chair|ranking|office|joint):\S+")
_EXCEPT: Final = re.compile(r",?\s+(?:(?:who|that) (?:are|is) not|but not|and not|except|without)\s+", re.IGNORECASE)
_ALSO: Final = re.compile(r",?\s+(?:who|that) (?:are|is)(?: also)?\s+", re.IGNORECASE)
_ON_BILL: Final = re.compile(
    r"(?:all |the )?(?:(?P<both>sponsors? and co-?sponsors?)|(?P<co>co-?sponsors?)|(?P<one>sponsors?)) of (?P<bill>.+)",
    re.IGNORECASE,
)
_LEADERS: Final = re.compile(
    r"(?:the )?(?:(?P<both>chairs? and ranking members?|leaders)|(?P<chair>chairs?)|(?P<ranking>ranking members?))"
    r" (?:of|on) (?P<body>.+)",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"(?P<who>.+?) (?:from|of|for) (?P<places>.+)", re.IGNORECASE)
_JOINTLY: Final = re.compile(r",?\s+(?:jointly|together|in one letter)$", re.IGNORECASE)
_AND: Final = re.compile(r"\s*(?:,|&|\band\b)\s*", re.IGNORECASE)
_DISTRICT: Final = re.compile(r"([A-Z]{2})-?(\d{1,2})")
_SUFFIX: Final = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
# Words without meaning in the name of a committee or person.
_SMALL: Final = frozenset({"the", "of", "on", "and", "for", "member", "members", "committee", "subcommittee", "all"})
# Words that make no difference in an agency's name.
_IN_NAMES: Final = frozenset({"the", "of", "for", "and", "us", "u", "s"})
_GROUPS: Final[Mapping[str, frozenset[Role]]] = {
    "senator": frozenset({Role.SENATOR}),
    "senate": frozenset({Role.SENATOR}),
    "representative": frozenset({Role.REPRESENTATIVE}),
    "delegate": frozenset({Role.DELEGATE}),
    "house": frozenset(Role) - {Role.SENATOR},
    "congress": frozenset(Role),
}
_TITLES: Final = {
    "senator": Role.SENATOR,
    "sen": Role.SENATOR,
    "representative": Role.REPRESENTATIVE,
    "rep": Role.REPRESENTATIVE,
    "delegate": Role.DELEGATE,
}
_TYPED_EXCEPT: Final = re.compile(
    r"(?P<who>.+\S)\s+except\s+(?P<left_out>(?:[^,]+,\s*)*)(?P<name>[^,]*)", re.IGNORECASE
)
_OFFERED_COMMITTEES: Final = 5


class NotUnderstood(CoalitionBotError):
    """The phrase is refused; `why` names the unclear words and suggestions."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _NoMatch(NotUnderstood):
    """An item matches no one, or a vacant seat; the rest of its list can still be used."""


class BillLookup(Protocol):
    """Loads the facts of a bill."""

    def __call__(self, db: Reader, coalition: Coalition, bill_id: str, /, *, now: datetime) -> BillFacts: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected ids in the directory's order, and the reasons why other items were set aside."""

    ids: tuple[str, ...]
    set_aside: tuple[str, ...] = ()


def select(db: Reader, config: Config, text: str, *, now: datetime, about: BillLookup) -> Selection:
    """Select the addressees that `text` names. Raises `NotUnderstood` if there are none.

    Names, offices, agencies ("Labor": the head of the department), states (NY, NY-14), "senators from NY and NJ",
    chambers, committees ("Senate Judiciary"), "chairs of Judiciary", "cosponsors of HR1234-119", with commas between
    them; "who are", "who are not", "except" and "jointly" (one letter to all) apply to all before them, up to a
    semicolon. `about` loads a bill's facts. The selection may include people who cannot be written to now.
    """
    if len(text) > _MAX_LENGTH:
        raise NotUnderstood(f"This is longer than {_MAX_LENGTH} characters: use several shorter lists.")
    selector = _Selector(db, config, now, about)
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip(" ,\t\r")]
    if not parts:
        raise NotUnderstood('Name an addressee: "Gillibrand", "senators from NY", "Senate Judiciary".')
    ids = selector.in_order([id_ for part in parts for id_ in selector.addressees_of_part(part)])
    if not ids:
        raise NotUnderstood(" ".join(selector.set_aside) or f'"{text[:80]}" leaves no one to write to.')
    return Selection(tuple(ids), tuple(dict.fromkeys(selector.set_aside)))


@dataclass(frozen=True)
class _Selector:
    """Parser of one phrase; reads the directory once."""

    db: Reader
    config: Config
    now: datetime
    about: BillLookup
    set_aside: list[str] = field(default_factory=list)

    @cached_property
    def members(self) -> list[Member]:
        return records.members(self.db)

    @cached_property
    def agencies(self) -> list[tuple[str, frozenset[str]]]:
        """The offices of coalition.yml, each with the words of its id, its names and its address without the street."""
        return [
            (id_, frozenset(fold(" ".join((id_, office.name, *office.also, *filter(_is_name, office.block))))))
            for id_, office in self.config.coalition.offices.items()
        ]

    @cached_property
    def members_by_words(self) -> list[tuple[Member, frozenset[str], tuple[str, ...]]]:
        """The members, each with all words of their names and with the words of their surname."""
        return [(member, frozenset(words_of(member)), fold(member.surname)) for member in self.members]

    @cached_property
    def bodies(self) -> list[tuple[Committee, str, tuple[str, ...]]]:
        """The committees, each with its full name and the words of its name without the chamber."""
        all_ = {committee.id: committee for committee in records.committees(self.db)}
        names = [(each, address.body(each, all_.get(each.parent or ""))) for each in all_.values()]
        return [(each, body, _words(body, {*_SMALL, each.chamber.value})) for each, body in names]

    def in_order(self, ids: Sequence[str]) -> list[str]:
        """The ids without repeats: offices and committee leaders first, then members in the directory's order."""
        order = {_id(member): n for n, member in enumerate(records.members(self.db))}
        return sorted(dict.fromkeys(ids), key=lambda id_: order.get(id_, -1))

    def addressees_of_part(self, text: str) -> list[str]:
        """The ids of one part; a single joint id if it ends with "jointly"."""
        together = _JOINTLY.sub("", text)
        who, *but = _EXCEPT.split(together)
        without = {self._member_id(id_) for each in but for id_ in self._intersection(each)}
        named = self._intersection(who, set_aside=self.set_aside)
        ids = list(dict.fromkeys(id_ for id_ in named if self._member_id(id_) not in without))
        return ["joint:" + "+".join(ids)] if together != text and len(ids) > 1 else ids

    def _intersection(self, text: str, *, set_aside: list[str] | None = None) -> list[str]:
        """The ids of a list that are also on each further list; unclear items raise or go to `set_aside`."""
        who, *also = _ALSO.split(text)
        further = [{self._member_id(id_) for id_ in self._read_list(each)} for each in also]
        return [id_ for id_ in self._read_list(who, set_aside) if all(self._member_id(id_) in each for each in further)]

    def _member_id(self, id_: str) -> str:
        """The member id of a member or committee leader; other ids unchanged."""
        kind, _, rest = id_.partition(":")
        return f"member:{leader_of(self.db, rest, kind)}" if kind in ("chair", "ranking") else id_

    def _read_list(self, text: str, set_aside: list[str] | None = None) -> list[str]:
        """The ids of a comma-separated list. Names may contain commas, so the longest matching run of pieces wins."""
        pieces, ids_found, at = [piece.strip() for piece in text.split(",") if piece.strip()], list[str](), 0
        while at < len(pieces):
            try:
                ids, at = self._longest_item(pieces, at, agencies=set_aside is not None)
                ids_found += ids
            except _NoMatch as problem:
                if set_aside is None:
                    raise
                set_aside.append(problem.why)
                at += 1
        return ids_found

    def _longest_item(self, pieces: Sequence[str], at: int, *, agencies: bool) -> tuple[list[str], int]:
        """The ids of the longest run of pieces that matches, and the index of the next piece."""
        for end in range(min(len(pieces), at + _MAX_PIECES), at, -1):
            if (ids := self._read_item(", ".join(pieces[at:end]), agencies=agencies)) is not None:
                return ids, end
        raise _NoMatch(self._unknown_message(pieces[at]))

    def _unknown_message(self, text: str) -> str:
        offices = self.config.coalition.offices
        close = get_close_matches(text.casefold(), [office.name.casefold() for office in offices.values()], n=1)
        named = [office.name for office in offices.values() if office.name.casefold() in close]
        meant = f" Did you mean {named[0]}?" if named else ""
        if not self.members:
            return (
                f'"{text[:80]}" is not an office in coalition.yml.{meant} An administrator can add it under '
                "`offices:`. Members of Congress and committees are found once "
                f"`{shell_command('directory sync')}` has run."
            )
        return (
            f'"{text[:80]}" is not an office in coalition.yml, a state, a committee or a member of Congress.{meant} '
            'Write "senators from NY", "Senate Judiciary" or "cosponsors of HR1234-119"; an administrator can add an '
            "office under `offices:`."
        )

    def _read_item(self, text: str, *, agencies: bool) -> list[str] | None:
        """The ids of one item, or None if it matches nothing. Raises `NotUnderstood` if it is ambiguous.

        `agencies`: "Labor" is the department; in an exception it is the committee.
        """
        if _ID.fullmatch(text):
            return [text]
        if match := _ON_BILL.fullmatch(text):
            return self._cosponsors(match)
        if match := _LEADERS.fullmatch(text):
            leaders = [id_ for committee in self._committees(match["body"]) for id_ in _leader_ids(committee, match)]
            return leaders or None
        someone = self._person_or_agency if agencies else self._member_by_name
        readings = (self._office, self._group, self._place, someone, self._committee_members)
        return next((ids for reading in readings if (ids := reading(text))), None)

    def _cosponsors(self, match: re.Match[str]) -> list[str]:
        which = parse_bill_number(match["bill"])
        if which is None or which.bill is None:
            raise NotUnderstood(f'"{match["bill"][:40]}" is not a bill with its Congress. Write it as "HR1234-119".')
        facts = self.about(self.db, self.config.coalition, which.bill.id, now=self.now)
        if facts.current_cosponsors is None:
            raise NotUnderstood(f"Who cosponsors {facts.bill.label} is not known: no source has its record.")
        sponsor = [facts.sponsor_id] if facts.sponsor_id and not match["co"] else []
        return [f"member:{bioguide}" for bioguide in (*sponsor, *(() if match["one"] else facts.current_cosponsors))]

    def _office(self, text: str) -> list[str]:
        offices, groups = self.config.coalition.offices.items(), self.config.coalition.office_groups.items()
        ids = [f"office:{id_}" for id_, office in offices if fold(text) in (fold(id_), fold(office.name))]
        return ids + [joint(group) for id_, group in groups if fold(text) in (fold(id_), fold(group.name))]

    def _person_or_agency(self, text: str) -> list[str]:
        """A member by name, or the head of an agency. Raises `NotUnderstood` if it could be either."""
        people, offices = self._member_by_name(text), self._agency(text)
        if people and offices:
            office = self.config.coalition.offices[offices[0].removeprefix("office:")]
            member = next(member for member in self.members if _id(member) == people[0])
            raise NotUnderstood(
                f'"{text[:80]}" is {office.name} and {member.label}. '
                f'Write "{offices[0]}" or "{member.role} {member.surname}".'
            )
        return people or offices

    def _agency(self, text: str) -> list[str]:
        """The highest office that matches these words: "Labor" is the Secretary of Labor."""
        wanted = _words(text, _IN_NAMES)
        fits = [id_ for id_, words in self.agencies if wanted and words.issuperset(wanted)]
        top = [id_ for id_ in fits if not {*self.config.coalition.above(id_)} & set(fits)]
        if len(top) > 1:
            names = "; ".join(f"{self.config.coalition.offices[id_].name} ({id_})" for id_ in top[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(top)} offices: {names}. Write one of the short names.')
        return [f"office:{id_}" for id_ in top]

    def _group(self, text: str) -> list[str]:
        """The members of a chamber, or those of a chamber from some states."""
        match = _FROM.fullmatch(text)
        who = _words(match["who"] if match else text, _SMALL)
        roles = _GROUPS.get(who[0] if who[0] in _GROUPS else who[0].removesuffix("s")) if len(who) == 1 else None
        if roles is None:
            return []
        places = (
            [_state(place.upper()) or _state(place) for place in _AND.split(match["places"]) if place] if match else []
        )
        if None in places:
            return []
        return [
            _id(member) for member in self.members if member.role in roles and (not match or member.state in places)
        ]

    def _place(self, text: str) -> list[str]:
        """The members from a state (name or two letters) or a district."""
        if match := _DISTRICT.fullmatch(text):
            place = f"{match[1]}-{int(match[2])}" if int(match[2]) else match[1]
            ids = [_id(m) for m in self.members if m.chamber is Chamber.HOUSE and m.place == place]
            if not ids:
                raise _NoMatch(f"The directory has no one for {place}: the seat may be vacant.")
            return ids
        state = _state(text)
        return [_id(member) for member in self.members if member.state == state] if state else []

    def _member_by_name(self, text: str) -> list[str]:
        """The member with this name. Raises `NotUnderstood` if several match."""
        name, *rest = text.split(", ")
        if not all(_SUFFIX.fullmatch(each) for each in rest):  # "Kim, Young" may be two people
            return []
        wanted, role = _words(name, _SMALL | _TITLES.keys()), _TITLES.get(next(iter(fold(name)), ""))
        candidates = [entry for entry in self.members_by_words if role in (None, entry[0].role)]
        exact = [member for member, _, surname in candidates if surname == wanted]
        fits = exact or [
            m for m, words, last in candidates if words.issuperset(wanted) and not set(last).isdisjoint(wanted)
        ]
        if len(fits) > 1:
            people = ", ".join(member.label for member in fits[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(fits)} people: {people}. Add a first name or a state.')
        return [_id(member) for member in fits]

    def _committee_members(self, text: str) -> list[str]:
        """The members of a committee, or of both chambers' committees with this name."""
        seats = [seat for committee in self._committees(text) for seat in records.seats(self.db, committee.id)]
        return [f"member:{seat.bioguide}" for seat in seats]

    def _committees(self, text: str) -> list[Committee]:
        """The committees with this name, at most one per chamber. Raises `NotUnderstood` if there are more."""
        words = fold(text)
        chambers = {chamber for chamber in Chamber if chamber.value in words} or set(Chamber)
        wanted = _words(text, _SMALL | {Chamber.HOUSE.value, Chamber.SENATE.value})
        fits = [body for body in self.bodies if body[0].chamber in chambers and _fits(wanted, body[2], "," in text)]
        whole = [body for body in fits if body[0].parent is None] or fits
        exact = {body[0].chamber for body in whole if body[2] == wanted}
        picked = [body for body in whole if body[2] == wanted or body[0].chamber not in exact]
        if len({committee.chamber for committee, _, _ in picked}) < len(picked):
            names = "; ".join(name for _, name, _ in picked[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(picked)} committees: {names}. Add more of the name.')
        return [committee for committee, _, _ in picked]


def _fits(wanted: tuple[str, ...], words: tuple[str, ...], in_a_row: bool) -> bool:
    """Whether a committee's words match. A text with commas must match in sequence, because it could be a list."""
    if not wanted:
        return False
    return " ".join(wanted) in " ".join(words) if in_a_row else set(wanted) <= set(words)


def _is_name(line: str) -> bool:
    """Whether a line of an address is a name; lines with digits are streets and cities."""
    return not any(character.isdigit() for character in line)


def _leader_ids(committee: Committee, match: re.Match[str]) -> Iterator[str]:
    if not match["ranking"]:
        yield f"chair:{committee.id}"
    if not match["chair"]:
        yield f"ranking:{committee.id}"


def _words(text: str, without: frozenset[str] | set[str]) -> tuple[str, ...]:
    return tuple(word for word in fold(text) if word not in without)


def _state(text: str) -> str | None:
    """A state by its two letters, in capitals, or by its name."""
    if text in STATES:
        return text
    wanted = _words(text, {"the"})
    return next((code for code, name in STATES.items() if fold(name) == wanted), None)


def _id(member: Member) -> str:
    return f"member:{member.bioguide}"


def complete_recipients(ctx: Context, typed: str) -> list[Choice]:
    """Offices, people and whole committees; after "except", people from the selection before it."""
    if match := _TYPED_EXCEPT.fullmatch(typed):
        return _complete_exception(ctx, match)
    people = [
        Choice(id_, label) for id_, label in directory.search_addressees(ctx.tx, ctx.config, typed, today=ctx.today)
    ]
    return [*_complete_committees(ctx, typed), *people]


def _complete_committees(ctx: Context, typed: str) -> list[Choice]:
    """Committees whose names have words starting with every typed word."""
    wanted = fold(typed)
    if not wanted:
        return []
    offered = []
    for committee in records.committees(ctx.tx):
        body = address.body(committee, None)
        if committee.parent is None and all(any(word.startswith(each) for word in fold(body)) for each in wanted):
            offered.append(Choice(body, f"{body}: a letter to each member"))
    return offered[:_OFFERED_COMMITTEES]


def _complete_exception(ctx: Context, match: re.Match[str]) -> list[Choice]:
    """The typed sentence completed with each person who matches its last name."""
    try:
        picked = select(ctx.tx, ctx.config, match["who"], now=ctx.now, about=bill_facts).ids
    except (NotUnderstood, UnknownBill):
        return []
    wanted, before = fold(match["name"]), f"{match['who']} except {match['left_out']}"
    members = {f"member:{member.bioguide}": member for member in records.members(ctx.tx)}
    return [
        Choice(f"{before}{id_}", f"{before}{member.label}")
        for id_, member in members.items()
        if id_ in picked and all(any(word.startswith(each) for word in directory.words_of(member)) for each in wanted)
    ]
