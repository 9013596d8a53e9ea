"""Parse the public files about Congress, those of unitedstates/congress-legislators (CC0), into a `Snapshot`.

Any invalid entry rejects its file: a missing member in the directory would not be noticed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.congress.model import Chamber, Committee, Gender, Member, Role, Seat, Snapshot, role_of
from bot.shared.errors import CoalitionBotError

PUBLIC: Final = ("legislators-current.json", "committees-current.json", "committee-membership-current.json")
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
    """A member with all terms, the current one last."""

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
    thomas_id: str = Field(pattern=r"^\d\d$")  # after its parent's
    name: Text


class _Committee(_Record):
    thomas_id: str = Field(pattern=r"^[A-Z]{4}$")
    name: Text
    type: Chamber
    subcommittees: tuple[_Subcommittee, ...] = ()


def from_path(path: Path, as_of: date | None) -> Snapshot:
    """Read a snapshot from a folder, or from the list of members in it. `as_of`: its day. Raises `WrongSnapshot`."""
    folder, members = (path, path / PUBLIC[0]) if path.is_dir() else (path.parent, path)
    if not members.is_file():
        raise WrongSnapshot(f"{path} does not contain {PUBLIC[0]}")
    if as_of is None:
        raise WrongSnapshot(f"nothing says which day {members} is from: add --as-of with the day it was published")
    others = [_json(folder / name) if (folder / name).is_file() else {} for name in PUBLIC[1:]]
    return public(_json(members), *others, as_of=as_of, source=str(path))


def public(legislators: Any, committees: Any, membership: Any, *, as_of: date, source: str) -> Snapshot:
    """Parse the values of the three files, in the order of `PUBLIC`, if they are plausible. Raises `WrongSnapshot`.

    Seats of people who are not members are left out.
    """
    members = [row.member() for row in _all(_Legislator, legislators, PUBLIC[0])]
    senators = sum(member.role is Role.SENATOR for member in members)
    bodies = [body for row in _all(_Committee, committees or [], PUBLIC[1]) for body in _bodies(row)]
    if not isinstance(membership, Mapping):
        raise WrongSnapshot(f"{PUBLIC[2]} is not an object of committees")
    seats = {str(id_): _all(_Seat, rows, f"{PUBLIC[2]}: {id_}") for id_, rows in membership.items()}
    if not _FEWEST <= len(members) <= _MOST or not _FEWEST_SENATORS <= senators <= 100:
        raise WrongSnapshot(f"it has {len(members)} members, {senators} of them senators: that is not all of Congress")
    member_ids = Counter(member.bioguide for member in members)
    if double := [bioguide for bioguide, n in member_ids.items() if n > 1]:
        raise WrongSnapshot(f"{double[0]} appears twice")
    once = {
        (body.id, seat.bioguide): Seat(committee=body.id, bioguide=seat.bioguide, place=n, title=seat.title)
        for body in bodies
        for n, seat in enumerate(seats.get(body.id, ()))
        if seat.bioguide in member_ids
    }
    return Snapshot(
        as_of=as_of, source=source, members=tuple(members), committees=tuple(bodies), seats=tuple(once.values())
    )


def _bodies(row: _Committee) -> Iterator[Committee]:
    """A committee and its subcommittees."""
    id_ = row.thomas_id
    yield Committee(id=id_, name=row.name, chamber=row.type)
    for sub in row.subcommittees:
        yield Committee(id=id_ + sub.thomas_id, name=sub.name, chamber=row.type, parent=id_)


def _all(model: type[Model], rows: Any, where: str) -> list[Model]:
    if not isinstance(rows, list):
        raise WrongSnapshot(f"{where}: not a list")
    n, valid = 0, []
    try:
        for n, row in enumerate(rows, 1):  # noqa: B007 - the error names it
            valid.append(model.model_validate(row))
    except ValidationError as error:
        slip = error.errors()[0]
        place = f"{where}: number {n}: {'.'.join(map(str, slip['loc']))}"
        raise WrongSnapshot(f"{place}: {slip['msg']}") from None
    return valid


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST:
            raise WrongSnapshot(f"{path} has more than {_LARGEST // 1_000_000} MB")
        return parsed(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSnapshot(f"{path} cannot be read as UTF-8 text") from error


def parsed(text: str | bytes, where: str) -> Any:
    """A JSON value. Raises `WrongSnapshot`."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise WrongSnapshot(f"{where} is not JSON") from None
