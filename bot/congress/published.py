"""Parse the public files about Congress, in either of two formats, into a `Snapshot`.

The public format is that of unitedstates/congress-legislators (CC0): three JSON files. The short format has a line per
member (`members_current.jsonl`), the committees in one file (`committees_selected.json`), the day in `META.json`. Any
invalid entry rejects the file: a missing member in the directory would not be noticed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.congress.model import Chamber, Committee, Gender, Member, Role, Seat, Snapshot, role_of
from bot.shared.errors import CoalitionBotError

PUBLIC: Final = ("legislators-current.json", "committees-current.json", "committee-membership-current.json")
_SHORT: Final = ("members_current.jsonl", "committees_selected.json", "META.json")
_LARGEST: Final = 20_000_000  # bytes of a file; the public ones have under 3 million
# 100 senators, 435 representatives, 5 delegates and the resident commissioner (2 U.S.C. 2a; 48 U.S.C.); the other
# bound leaves room for more vacancies than there ever were.
_MOST, _FEWEST, _FEWEST_SENATORS = 541, 500, 90

Model = TypeVar("Model", bound=BaseModel)


class WrongSnapshot(CoalitionBotError):
    """The files cannot replace the directory; the text says why."""


def _one_line(value: str) -> str:
    if regex.search(r"\p{C}", value):
        raise ValueError("contains characters that cannot be printed")
    return " ".join(value.split())


Text = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
Bioguide = Annotated[str, Field(pattern=r"^[A-Z]\d{6}$")]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


class _Line(_Record):
    """A member in the short format."""

    bioguide: Bioguide
    first: Text
    last: Text
    suffix: Text = ""
    nickname: Text = ""
    official_full: Text = ""
    gender: Gender = ""
    role: Role
    state: State
    district: int | None = None
    party: Text = ""
    term_start: date
    term_end: date
    office: Text = ""
    leadership: tuple[Text, ...] = ()
    lis: Text = ""

    def member(self) -> Member:
        given = self.model_dump(exclude={"office", "leadership"})
        return Member(**given, room=self.office, leads=next(iter(self.leadership), ""))


class _Name(_Record):
    first: Text
    last: Text
    suffix: Text = ""
    nickname: Text = ""
    official_full: Text = ""


class _Bio(_Record):
    gender: Gender = ""


class _Ids(_Record):
    bioguide: Bioguide
    lis: Text = ""


class _Term(_Record):
    type: Literal["sen", "rep"]
    start: date
    end: date
    state: State
    district: int | None = None
    party: Text = ""
    office: Text = ""


class _Leadership(_Record):
    title: Text
    end: date | None = None


class _Legislator(_Record):
    """A member in the public format: all terms, the current one last."""

    id: _Ids
    name: _Name
    bio: _Bio = _Bio()
    terms: tuple[_Term, ...] = Field(min_length=1)
    leadership_roles: tuple[_Leadership, ...] = ()

    def member(self) -> Member:
        term = self.terms[-1]
        chamber = Chamber.SENATE if term.type == "sen" else Chamber.HOUSE
        return Member(
            bioguide=self.id.bioguide,
            **self.name.model_dump(),
            gender=self.bio.gender,
            role=role_of(chamber, term.state),
            state=term.state,
            district=term.district,
            party=term.party,
            term_start=term.start,
            term_end=term.end,
            first_term=min(earlier.start for earlier in self.terms if earlier.type == term.type),
            room=term.office,
            lis=self.id.lis,
            leads=next((role.title for role in self.leadership_roles if role.end is None), ""),
        )


class _Seat(_Record):
    bioguide: Bioguide
    title: Text = ""


class _Subcommittee(_Record):
    """`id` is complete in the short format; the public format has only the digits after the parent's id."""

    id: str = Field(alias="id", default="", pattern=r"^([A-Z]{4}\d\d)?$")
    thomas_id: str = Field(default="", pattern=r"^(\d\d)?$")
    name: Text
    members: tuple[_Seat, ...] = ()


class _Committee(_Record):
    id: str = Field(default="", pattern=r"^([A-Z]{4})?$")
    thomas_id: str = Field(default="", pattern=r"^([A-Z]{4})?$")
    name: Text
    type: Chamber | None = None
    chamber: Chamber | None = None
    members: tuple[_Seat, ...] = ()
    subcommittees: tuple[_Subcommittee, ...] = ()


def from_path(path: Path, as_of: date | None) -> Snapshot:
    """Read a snapshot from a folder or a list of members, in either format. Raises `WrongSnapshot`.

    `as_of`: the day of the data, if there is no META.json next to it.
    """
    folder = path if path.is_dir() else path.parent
    wanted = (path.name,) if path.is_file() else (PUBLIC[0], _SHORT[0])
    members = next((folder / name for name in wanted if (folder / name).is_file()), None)
    if members is None:
        raise WrongSnapshot(f"{path} contains neither {PUBLIC[0]} nor {_SHORT[0]}")
    meta = _json(folder / _SHORT[2]) if (folder / _SHORT[2]).is_file() else {}
    day = as_of or _day(meta.get("snapshot_date") if isinstance(meta, Mapping) else None)
    if day is None:
        raise WrongSnapshot(f"nothing says which day {members} is from: add --as-of with the day it was published")
    if members.suffix == ".jsonl":
        rows = [parsed(line, f"{members.name}:{n}") for n, line in enumerate(_text(members).splitlines(), 1) if line]
        committees = _json(folder / _SHORT[1]) if (folder / _SHORT[1]).is_file() else []
        return short(rows, committees, as_of=day, source=str(path))
    others = [_json(folder / name) if (folder / name).is_file() else {} for name in PUBLIC[1:]]
    return public(_json(members), *others, as_of=day, source=str(path))


def short(members: Any, committees: Any, *, as_of: date, source: str) -> Snapshot:
    """Parse the short format. Raises `WrongSnapshot`."""
    lines = _all(_Line, members, "members")
    parsed_committees = _all(_Committee, committees, "committees")
    seats = {row.id: row.members for row in parsed_committees} | {
        sub.id: sub.members for row in parsed_committees for sub in row.subcommittees
    }
    return _sound(as_of, source, [line.member() for line in lines], parsed_committees, seats)


def public(legislators: Any, committees: Any, membership: Any, *, as_of: date, source: str) -> Snapshot:
    """Parse the public format: the values of its three files, in the order of `PUBLIC`. Raises `WrongSnapshot`."""
    members = [row.member() for row in _all(_Legislator, legislators, PUBLIC[0])]
    parsed_committees = _all(_Committee, committees or [], PUBLIC[1])
    if not isinstance(membership, Mapping):
        raise WrongSnapshot(f"{PUBLIC[2]} is not an object of committees")
    seats = {str(id_): _all(_Seat, rows, f"{PUBLIC[2]}: {id_}") for id_, rows in membership.items()}
    return _sound(as_of, source, members, parsed_committees, seats)


def _sound(
    as_of: date,
    source: str,
    members: Sequence[Member],
    committees: Sequence[_Committee],
    seats: Mapping[str, Sequence[_Seat]],
) -> Snapshot:
    """The snapshot, if it is plausible. Seats of people who are not members are left out. Raises `WrongSnapshot`."""
    senators = sum(member.role is Role.SENATOR for member in members)
    if not _FEWEST <= len(members) <= _MOST or not _FEWEST_SENATORS <= senators <= 100:
        raise WrongSnapshot(f"it has {len(members)} members, {senators} of them senators: that is not all of Congress")
    double = [bioguide for bioguide, n in Counter(member.bioguide for member in members).items() if n > 1]
    if double:
        raise WrongSnapshot(f"{double[0]} appears twice")
    member_ids = {member.bioguide for member in members}
    bodies = tuple(body for row in committees for body in _bodies(row))
    places = (
        Seat(committee=body.id, bioguide=seat.bioguide, place=n, title=seat.title)
        for body in bodies
        for n, seat in enumerate(seats.get(body.id, ()))
        if seat.bioguide in member_ids
    )
    once = {(seat.committee, seat.bioguide): seat for seat in places}
    return Snapshot(as_of=as_of, source=source, members=tuple(members), committees=bodies, seats=tuple(once.values()))


def _bodies(row: _Committee) -> Iterator[Committee]:
    """A committee and its subcommittees."""
    id_, chamber = row.id or row.thomas_id, row.chamber or row.type
    if not id_ or chamber is None:
        raise WrongSnapshot(f'the committee "{row.name}" has no id or no chamber')
    yield Committee(id=id_, name=row.name, chamber=chamber)
    for sub in row.subcommittees:
        yield Committee(id=sub.id or id_ + sub.thomas_id, name=sub.name, chamber=chamber, parent=id_)


def _all(model: type[Model], rows: Any, where: str) -> list[Model]:
    if not isinstance(rows, list):
        raise WrongSnapshot(f"{where}: not a list")
    return [_valid(model, row, f"{where}: number {n}") for n, row in enumerate(rows, 1)]


def _valid(model: type[Model], row: Any, where: str) -> Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        slip = error.errors()[0]
        raise WrongSnapshot(f"{where}: {'.'.join(map(str, slip['loc']))}: {slip['msg']}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise WrongSnapshot(f"{path} has more than {_LARGEST // 1_000_000} MB")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSnapshot(f"{path} cannot be read as UTF-8 text") from error


def _json(path: Path) -> Any:
    return parsed(_text(path), path.name)


def parsed(text: str | bytes, where: str) -> Any:
    """A JSON value. Raises `WrongSnapshot`."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise WrongSnapshot(f"{where} is not JSON") from None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
