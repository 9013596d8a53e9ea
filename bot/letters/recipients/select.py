"""Picking addressees by a sentence: "senators from NY", "Judiciary members who are not cosponsors of HR1234-119".

An item of a list that names nobody is set aside and named. What fits several, and an exception that is not understood,
picks nobody: a letter must not go to a guess, nor to someone who was to be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Final, Protocol

from bot.bills.model import BillFacts
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import address, records
from bot.congress.directory import joint, words_of
from bot.congress.model import Chamber, Committee, Member, Role, fold
from bot.letters.recipients.committees import leading
from bot.shared.bill_number import written
from bot.shared.errors import CoalitionBotError
from bot.shared.states import STATES
from bot.store.database import Reader

_LONGEST: Final = 1_000  # characters
_RUN: Final = 6  # pieces between commas that one name may have
_ID: Final = re.compile(r"(?:member|chair|ranking|office|joint):\S+")
_NOT: Final = re.compile(r",?\s+(?:(?:who|that) (?:are|is) not|but not|and not|except|without)\s+", re.IGNORECASE)
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
# Words that name no committee and nobody.
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


class NotUnderstood(CoalitionBotError):
    """Nobody is picked; `why` says which words could not be read, and what could be meant."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _NobodyThere(NotUnderstood):
    """An item names nobody, or a vacant seat: the others of its list can be written to without it."""


class About(Protocol):
    """What brings a bill's facts."""

    def __call__(self, db: Reader, coalition: Coalition, bill_id: str, /, *, now: datetime) -> BillFacts: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The ids of those who were picked, in the directory's order, and why the other items of the list were not."""

    ids: tuple[str, ...]
    set_aside: tuple[str, ...] = ()


def select(db: Reader, config: Config, text: str, *, now: datetime, about: About) -> Selection:
    """Everyone whom `text` names. Raises `NotUnderstood` where that is nobody.

    Names, offices, agencies ("Labor": the head of the department), states (NY, NY-14), "senators from NY and NJ",
    chambers, committees ("Senate Judiciary"), "chairs of Judiciary", "cosponsors of HR1234-119", with commas between
    them; "who are", "who are not", "except" and "jointly" (one letter to all) apply to all before them, up to a
    semicolon. `about` brings a bill's facts. Who cannot be written to now is among them.
    """
    if len(text) > _LONGEST:
        raise NotUnderstood(f"This is longer than {_LONGEST} characters: pick them in several goes.")
    asked = _Asked(db, config, now, about)
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip(" ,\t\r")]
    if not parts:
        raise NotUnderstood('Name somebody: "Gillibrand", "senators from NY", "Senate Judiciary".')
    ids = asked.in_order([id_ for part in parts for id_ in asked.together(part)])
    if not ids:
        raise NotUnderstood(" ".join(asked.set_aside) or f'"{text[:80]}" leaves nobody to write to.')
    return Selection(tuple(ids), tuple(dict.fromkeys(asked.set_aside)))


@dataclass(frozen=True)
class _Asked:
    """What is asked, and of whom: the directory is read once."""

    db: Reader
    config: Config
    now: datetime
    about: About
    set_aside: list[str] = field(default_factory=list)

    @cached_property
    def members(self) -> list[Member]:
        return records.members(self.db)

    @cached_property
    def agencies(self) -> list[tuple[str, frozenset[str]]]:
        """The offices of coalition.yml, each with the words of its id, its name and its address without the street."""
        return [
            (id_, frozenset(fold(" ".join((id_, office.name, *filter(_is_name, office.block))))))
            for id_, office in self.config.coalition.offices.items()
        ]

    @cached_property
    def known_by(self) -> list[tuple[Member, frozenset[str], tuple[str, ...]]]:
        """The members, all the words each is known by, and their surname."""
        return [(member, frozenset(words_of(member)), fold(member.surname)) for member in self.members]

    @cached_property
    def bodies(self) -> list[tuple[Committee, str, tuple[str, ...]]]:
        """The committees, each in a sentence and as the words it is known by, without its chamber."""
        all_ = {committee.id: committee for committee in records.committees(self.db)}
        said = [(each, address.body(each, all_.get(each.parent or ""))) for each in all_.values()]
        return [(each, body, _words(body, {*_SMALL, each.chamber.value})) for each, body in said]

    def in_order(self, ids: Sequence[str]) -> list[str]:
        """Each once; members in the directory's order, after offices and who is named by what they lead."""
        order = {_id(member): n for n, member in enumerate(records.members(self.db))}
        return sorted(dict.fromkeys(ids), key=lambda id_: order.get(id_, -1))

    def together(self, text: str) -> list[str]:
        """Those of a part; one joint letter to all of them where it ends with "jointly"."""
        who = _JOINTLY.sub("", text)
        ids = list(dict.fromkeys(self.part(who)))
        return ["joint:" + "+".join(ids)] if who != text and len(ids) > 1 else ids

    def part(self, text: str) -> list[str]:
        """Those before an exception without those after it."""
        who, *but = _NOT.split(text)
        without = {self._person(id_) for each in but for id_ in self._both(each)}
        return [id_ for id_ in self._both(who, set_aside=self.set_aside) if self._person(id_) not in without]

    def _both(self, text: str, *, set_aside: list[str] | None = None) -> list[str]:
        """Those of a list who are also on each further one. What is not understood raises, or is `set_aside`."""
        who, *also = _ALSO.split(text)
        further = [{self._person(id_) for id_ in self._list(each)} for each in also]
        return [id_ for id_ in self._list(who, set_aside) if all(self._person(id_) in each for each in further)]

    def _person(self, id_: str) -> str:
        """The same for a member and for the chair that member holds."""
        kind, _, rest = id_.partition(":")
        return f"member:{leading(self.db, rest, kind)}" if kind in ("chair", "ranking") else id_

    def _list(self, text: str, set_aside: list[str] | None = None) -> list[str]:
        """Everybody between commas; the longest run that means something counts, for names have commas themselves."""
        pieces, found, at = [piece.strip() for piece in text.split(",") if piece.strip()], list[str](), 0
        while at < len(pieces):
            try:
                ids, at = self._longest(pieces, at, agencies=set_aside is not None)
                found += ids
            except _NobodyThere as problem:
                if set_aside is None:
                    raise
                set_aside.append(problem.why)
                at += 1
        return found

    def _longest(self, pieces: Sequence[str], at: int, *, agencies: bool) -> tuple[list[str], int]:
        """Those whom the longest run of pieces names, and where the next one begins."""
        for end in range(min(len(pieces), at + _RUN), at, -1):
            if (ids := self._read(", ".join(pieces[at:end]), agencies=agencies)) is not None:
                return ids, end
        raise _NobodyThere(self._unknown(pieces[at]))

    def _unknown(self, text: str) -> str:
        offices = self.config.coalition.offices
        close = get_close_matches(text.casefold(), [office.name.casefold() for office in offices.values()], n=1)
        named = [office.name for office in offices.values() if office.name.casefold() in close]
        meant = f" Did you mean {named[0]}?" if named else ""
        if not self.members:
            return (
                f'"{text[:80]}" is not an office in coalition.yml.{meant} An administrator can add it under '
                "`offices:`. Members of Congress and committees are found once `coalition-bot directory sync` has run."
            )
        return (
            f'"{text[:80]}" is not an office in coalition.yml, a state, a committee or a member of Congress.{meant} '
            'Write "senators from NY", "Senate Judiciary" or "cosponsors of HR1234-119"; an administrator can add an '
            "office under `offices:`."
        )

    def _read(self, text: str, *, agencies: bool) -> list[str] | None:
        """Those whom one item names, None where it is not read. Raises `NotUnderstood` where it could be several.

        `agencies`: "Labor" is the department; among those to be left out it is the committee.
        """
        if _ID.fullmatch(text):
            return [text]
        if found := _ON_BILL.fullmatch(text):
            return self._on_bill(found)
        if found := _LEADERS.fullmatch(text):
            leaders = [id_ for committee in self._committees(found["body"]) for id_ in _lead_by(committee, found)]
            return leaders or None
        someone = self._person_or_agency if agencies else self._named
        readings = (self._office, self._group, self._place, someone, self._sitting)
        return next((ids for reading in readings if (ids := reading(text))), None)

    def _on_bill(self, found: re.Match[str]) -> list[str]:
        which = written(found["bill"])
        if which is None or which.bill is None:
            raise NotUnderstood(f'"{found["bill"][:40]}" is no bill with its Congress: write it as "HR1234-119".')
        facts = self.about(self.db, self.config.coalition, which.bill.id, now=self.now)
        if facts.current_cosponsors is None:
            raise NotUnderstood(f"Who cosponsors {facts.bill.label} is not known: no source gave us its record.")
        sponsor = [facts.sponsor_id] if facts.sponsor_id and not found["co"] else []
        return [f"member:{bioguide}" for bioguide in (*sponsor, *(() if found["one"] else facts.current_cosponsors))]

    def _office(self, text: str) -> list[str]:
        offices, groups = self.config.coalition.offices.items(), self.config.coalition.office_groups.items()
        found = [f"office:{id_}" for id_, office in offices if fold(text) in (fold(id_), fold(office.name))]
        return found + [joint(group) for id_, group in groups if fold(text) in (fold(id_), fold(group.name))]

    def _person_or_agency(self, text: str) -> list[str]:
        """A member by name, or the office that an agency's name leads to. Raises `NotUnderstood` for both."""
        people, offices = self._named(text), self._agency(text)
        if people and offices:
            office = self.config.coalition.offices[offices[0].removeprefix("office:")]
            member = next(member for member in self.members if _id(member) == people[0])
            raise NotUnderstood(
                f'"{text[:80]}" is {office.name} and {member.role} {member.full_name} ({member.place}). '
                f'Write "{offices[0]}" or "{member.role} {member.surname}".'
            )
        return people or offices

    def _agency(self, text: str) -> list[str]:
        """The one office of those whose words these are that is above the others: "Labor" is the Secretary of Labor."""
        wanted = _words(text, _IN_NAMES)
        fits = [id_ for id_, known in self.agencies if wanted and known.issuperset(wanted)]
        top = [id_ for id_ in fits if not self.config.coalition.above(id_) & set(fits)]
        if len(top) > 1:
            names = "; ".join(f"{self.config.coalition.offices[id_].name} ({id_})" for id_ in top[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(top)} offices: {names}. Write one of the short names.')
        return [f"office:{id_}" for id_ in top]

    def _group(self, text: str) -> list[str]:
        """A chamber, or those of one from some states."""
        found = _FROM.fullmatch(text)
        who = _words(found["who"] if found else text, _SMALL)
        roles = _GROUPS.get(who[0] if who[0] in _GROUPS else who[0].removesuffix("s")) if len(who) == 1 else None
        if roles is None:
            return []
        places = (
            [_state(place.upper()) or _state(place) for place in _AND.split(found["places"]) if place] if found else []
        )
        if None in places:
            return []
        return [
            _id(member) for member in self.members if member.role in roles and (not found or member.state in places)
        ]

    def _place(self, text: str) -> list[str]:
        """A state by its name or two letters, or a district."""
        if found := _DISTRICT.fullmatch(text):
            place = f"{found[1]}-{int(found[2])}" if int(found[2]) else found[1]
            ids = [_id(m) for m in self.members if m.chamber is Chamber.HOUSE and m.place == place]
            if not ids:
                raise _NobodyThere(f"The directory has nobody for {place}: the seat may be vacant.")
            return ids
        state = _state(text)
        return [_id(member) for member in self.members if member.state == state] if state else []

    def _named(self, text: str) -> list[str]:
        """One member by name. Raises `NotUnderstood` where it fits several."""
        name, *rest = text.split(", ")
        if not all(_SUFFIX.fullmatch(each) for each in rest):  # "Kim, Young" may be two people
            return []
        wanted, role = _words(name, _SMALL | _TITLES.keys()), _TITLES.get(next(iter(fold(name)), ""))
        here = [known for known in self.known_by if role in (None, known[0].role)]
        exact = [member for member, _, surname in here if surname == wanted]
        fits = exact or [m for m, words, last in here if words.issuperset(wanted) and not set(last).isdisjoint(wanted)]
        if len(fits) > 1:
            people = ", ".join(f"{member.role} {member.full_name} ({member.place})" for member in fits[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(fits)} people: {people}. Add a first name or a state.')
        return [_id(member) for member in fits]

    def _sitting(self, text: str) -> list[str]:
        """The members of a committee, or of that of each chamber."""
        seats = [seat for committee in self._committees(text) for seat in records.seats(self.db, committee.id)]
        return [f"member:{seat.bioguide}" for seat in seats]

    def _committees(self, text: str) -> list[Committee]:
        """The committees of a name, one of a chamber at most. Raises `NotUnderstood` where there are more."""
        words = fold(text)
        chambers = {chamber for chamber in Chamber if chamber.value in words} or set(Chamber)
        wanted = _words(text, _SMALL | {Chamber.HOUSE.value, Chamber.SENATE.value})
        fits = [body for body in self.bodies if body[0].chamber in chambers and _fits(wanted, body[2], "," in text)]
        whole = [body for body in fits if body[0].parent is None] or fits
        exact = {body[0].chamber for body in whole if body[2] == wanted}
        picked = [body for body in whole if body[2] == wanted or body[0].chamber not in exact]
        if len({committee.chamber for committee, _, _ in picked}) < len(picked):
            names = "; ".join(said for _, said, _ in picked[:6])
            raise NotUnderstood(f'"{text[:80]}" fits {len(picked)} committees: {names}. Say more of the name.')
        return [committee for committee, _, _ in picked]


def _fits(wanted: tuple[str, ...], known: tuple[str, ...], in_a_row: bool) -> bool:
    """Whether a committee is meant. What has commas must stand in its name as it is: it could be a list."""
    if not wanted:
        return False
    return " ".join(wanted) in " ".join(known) if in_a_row else set(wanted) <= set(known)


def _is_name(line: str) -> bool:
    """Whether a line of an address names something: streets and cities have numbers."""
    return not any(character.isdigit() for character in line)


def _lead_by(committee: Committee, found: re.Match[str]) -> Iterator[str]:
    if not found["ranking"]:
        yield f"chair:{committee.id}"
    if not found["chair"]:
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
