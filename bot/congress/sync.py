"""Keep the directory of Congress current from public files, and warn before letters to members are refused.

The files are those of unitedstates/congress-legislators (CC0).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.config.coalition import Coalition
from bot.congress import records
from bot.congress.model import Chamber, Committee, Gender, Member, Role, Seat, Snapshot, role_of
from bot.congress.records import StoredDirectory
from bot.fetch.http import Fetcher
from bot.fetch.payload import refused_page
from bot.shared.answer import Body, FetchFailed
from bot.shared.calendar import day_in_words
from bot.shared.errors import CoalitionBotError
from bot.shared.journey import shell_command
from bot.shared.wording import number
from bot.store.database import Database, Reader, Transaction

PUBLIC: Final = ("legislators-current.json", "committees-current.json", "committee-membership-current.json")
_LARGEST: Final = 20_000_000  # bytes of a file; the public ones have under 3 million
# 100 senators, 435 representatives, 5 delegates and the resident commissioner (2 U.S.C. 2a; 48 U.S.C.); the other
# bound leaves room for more vacancies than there ever were.
_MOST, _FEWEST, _FEWEST_SENATORS = 541, 500, 90

Model = TypeVar("Model", bound=BaseModel)
log = logging.getLogger(__name__)
_WEEK: Final = timedelta(days=7)
_RETRY: Final = timedelta(hours=6)
_AHEAD: Final = timedelta(days=30)


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
    phone: Text = ""


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
            phone=term.phone,
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
    bodies = []
    for row in _all(_Committee, committees or [], PUBLIC[1]):
        bodies.append(Committee(id=row.thomas_id, name=row.name, chamber=row.type))
        for sub in row.subcommittees:
            id_ = row.thomas_id + sub.thomas_id
            bodies.append(Committee(id=id_, name=sub.name, chamber=row.type, parent=row.thomas_id))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The changes of a new snapshot. `joined` and `left` are empty for a first snapshot."""

    before: StoredDirectory | None
    after: StoredDirectory
    joined: tuple[Member, ...]
    left: tuple[Member, ...]


async def fetch_snapshot(fetcher: Fetcher, url: str, *, now: datetime) -> Snapshot:
    """Fetch the public site's snapshot, dated by its oldest file's modification, if given. Raises `WrongSnapshot`."""
    bodies = []
    for name in PUBLIC:
        response = await fetcher.get(f"{url.rstrip('/')}/{name}", now=now, accept="application/json")
        if isinstance(response, FetchFailed):
            raise WrongSnapshot(response.detail)
        assert isinstance(response, Body), "without validators the answer is always complete"
        if refused := refused_page(response):
            raise WrongSnapshot(refused.detail)
        bodies.append(response)
    as_of = min(_day(body, now) for body in bodies)

    def read() -> Snapshot:
        values = [parsed(body.data, name) for body, name in zip(bodies, PUBLIC, strict=True)]
        return public(*values, as_of=as_of, source=url)

    return await asyncio.to_thread(read)


def store_snapshot(tx: Transaction, snapshot: Snapshot, *, now: datetime, force: bool = False) -> Synced:
    """Store this snapshot. Raises `WrongSnapshot` if it is older than the stored one, unless `force`."""
    before, members_before = records.stored_directory(tx), {member.bioguide: member for member in records.members(tx)}
    if snapshot.as_of > now.date():
        raise WrongSnapshot(f"its date is {day_in_words(snapshot.as_of)}, which is in the future")
    if before and snapshot.as_of < before.as_of and not force:
        raise WrongSnapshot(
            f"it is from {day_in_words(snapshot.as_of)}, and the current one from {day_in_words(before.as_of)}: "
            "--force stores the older one"
        )
    records.replace(tx, snapshot, now=now)
    members_after = {member.bioguide: member for member in snapshot.members}
    return Synced(
        before=before,
        after=StoredDirectory(as_of=snapshot.as_of, taken_at=now, source=snapshot.source),
        joined=tuple(member for bioguide, member in members_after.items() if before and bioguide not in members_before),
        left=tuple(member for bioguide, member in members_before.items() if bioguide not in members_after),
    )


async def sync(
    db: Database, fetcher: Fetcher, url: str, path: Path | None, *, as_of: date | None, force: bool, now: datetime
) -> Synced:
    """Replace the directory with the files in `path`, or else those at `url`. Raises `WrongSnapshot`."""
    if path:
        snapshot = from_path(path, as_of)
    else:
        snapshot = await fetch_snapshot(fetcher, url, now=now)
    with db.write() as tx:
        return store_snapshot(tx, snapshot, now=now, force=force)


def _day(body: Body, now: datetime) -> date:
    try:
        return min(now, parsedate_to_datetime(body.validators["modified"])).date()
    except (KeyError, TypeError, ValueError):
        return now.date()


def warnings(db: Reader, coalition: Coalition, today: date) -> list[str]:
    """Reasons why letters to members of Congress are or soon will be refused (30 days); empty without a directory."""
    stored = records.stored_directory(db)
    if stored is None:
        return []
    fix, limit = f"`{shell_command('directory sync')}`", coalition.directory.good_for
    until, age = stored.as_of + limit, f"The directory of Congress is from {day_in_words(stored.as_of)}"
    lines = []
    if until < today:
        lines.append(f"{age}, older than its limit of {limit.days} days: letters to members are refused. Run {fix}.")
    elif until - today <= _AHEAD:
        lines.append(f"{age}: letters to members are refused after {day_in_words(until)}. Run {fix}.")
    ends = [member.term_end for member in records.members(db) if member.term_end <= today + _AHEAD]
    if ended := sum(end < today for end in ends):
        what = number(ended, "term in the directory of Congress has", "terms in the directory of Congress have")
        lines.append(f"{what} ended: letters to those members are refused. Run {fix} to see who holds the seats now.")
    for end, count in sorted(Counter(end for end in ends if end >= today).items()):
        what = number(count, "term", "terms")
        lines.append(f"{what} of Congress will end on {day_in_words(end)}. Run {fix} after that day.")
    return lines


class WeeklySync:
    """Replaces a directory that came from the public site once a week; one that came from files is left alone."""

    def __init__(self, db: Database, fetcher: Fetcher) -> None:
        self._db = db
        self._fetcher = fetcher
        self._tried_at: datetime | None = None

    async def run_if_due(self, url: str, now: datetime) -> bool:
        """Sync if due; whether a newer directory was saved. A failure is logged and retried after six hours."""
        stored = await asyncio.to_thread(records.stored_directory, self._db)
        if stored is None or not stored.source.startswith("http") or now - stored.taken_at < _WEEK:
            return False
        if self._tried_at and now - self._tried_at < _RETRY:
            return False
        self._tried_at = now
        try:
            done = await sync(self._db, self._fetcher, url, None, as_of=None, force=False, now=now)
        except WrongSnapshot as wrong:
            log.warning("Could not update the directory of Congress: %s", wrong)
            return False
        changes = len(done.joined), len(done.left)
        log.info("the directory of Congress is now from %s: %d members joined, %d left", done.after.as_of, *changes)
        return True
