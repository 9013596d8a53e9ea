"""A made-up Congress full enough to be believed, with names that are hard to get right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.config.coalition import Coalition
from bot.config.feeds import Feeds
from bot.config.load import Config
from bot.congress import records, sync
from bot.congress.model import Snapshot
from bot.shared.states import STATES
from bot.store.database import Database
from tests.kit import stores
from tests.kit.alerts import FEEDS

TODAY = date(2026, 6, 20)
NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
AS_OF = date(2026, 6, 15)
ROOT = Path(__file__).parents[2]
_UNITED = [code for code in STATES if code not in {"AS", "DC", "GU", "MP", "VI", "PR"}]


def legislator(
    n: int, kind: str, state: str, name: dict[str, str], *, district: int | None = None, starts: Iterable[str] = (),
    end: str = "2027-01-03", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """A member in the public shape."""
    place = {"district": district} if kind == "rep" else {"class": 1}
    office = more.pop("office", f"{n} Old House Office Building")
    terms = [
        {
            "type": kind,
            "start": start,
            "end": end,
            "state": state,
            "party": "Independent",
            "office": office,
            "phone": f"202-225-{n:04}",
            **place,
        }
        for start in (starts or ["2025-01-03"])
    ]
    return {"id": {"bioguide": f"T{n:06}"}, "name": name, "bio": {"gender": "F"}, "terms": terms, **more}


def _name(first: str, last: str, full: str | None = None, **more: str) -> dict[str, str]:
    return {"first": first, "last": last, "official_full": full or f"{first} {last}", **more}


# Numbers by which the tests know them.
SENATOR, SENATOR_TOO, APPOINTED, SPEAKER, DELEGATE, COMMISSIONER, HANK, NEWCOMER, ACCENT, CHAIR, NAMESAKE = range(1, 12)
HARD = [
    legislator(SENATOR, "sen", "NY", _name("Ada", "Oak-Ash"), end="2031-01-03"),
    legislator(SENATOR_TOO, "sen", "NY", _name("Bo", "Elm"), end="2029-01-03"),
    legislator(APPOINTED, "sen", "OH", _name("Cy", "Fir"), end="2026-11-03"),
    legislator(
        SPEAKER, "rep", "LA", _name("Di", "Yew"), district=4,
        leadership_roles=[{"title": "Minority Whip", "end": "2023-01-03"}, {"title": "Speaker of the House"}],
    ),
    legislator(DELEGATE, "rep", "GU", _name("Ed", "Pine"), district=0),
    legislator(COMMISSIONER, "rep", "PR", _name("Flor José", "Álamo Rivera", "Flor José Álamo"), district=0),
    legislator(
        HANK, "rep", "GA", _name("Gus", "Box", 'Gus C. "Hank" Box, Jr.', suffix="Jr.", nickname="Hank"), district=4
    ),
    legislator(
        NEWCOMER, "rep", "CA", {"first": "Ida", "last": "Ivy", "suffix": "III"}, district=1, office=None,
        starts=["2026-06-10"],
    ),
    legislator(ACCENT, "rep", "NY", _name("Zoë", "Velázquez"), district=7, starts=["2011-01-05", "2025-01-03"]),
    legislator(CHAIR, "rep", "OH", _name("Jo", "Elm"), district=4),
    legislator(NAMESAKE, "rep", "TX", _name("Ada", "Ash"), district=1),
]  # fmt: skip


@cache
def _public() -> str:
    senators = [legislator(100 + n, "sen", _UNITED[n % 50], _name("Sam", f"Sen{n:03}")) for n in range(97)]
    others = [
        legislator(200 + n, "rep", _UNITED[n % 50], _name("Rae", f"Rep{n:03}"), district=20 + n // 50)
        for n in range(425)
    ]
    return json.dumps([*HARD, *senators, *others])


def legislators() -> list[dict[str, Any]]:
    """legislators-current.json."""
    return json.loads(_public())


COMMITTEES: list[dict[str, Any]] = [
    {
        "type": "house", "thomas_id": "HSJU", "name": "House Committee on the Judiciary",
        "subcommittees": [{"thomas_id": "10", "name": "The Constitution, Courts, and Records"}],
    },
    {
        "type": "senate", "thomas_id": "SSJU", "name": "Senate Committee on the Judiciary",
        "subcommittees": [{"thomas_id": "27", "name": "Human Rights"}],
    },
    {
        "type": "senate", "thomas_id": "SSGA", "name": "Senate Committee on Homeland Affairs",
        "subcommittees": [{"thomas_id": "01", "name": "Permanent Subcommittee on Inquiries"}],
    },
    {"type": "house", "thomas_id": "HSHM", "name": "House Committee on Homeland Security"},
    {"type": "house", "thomas_id": "HSRU", "name": "House Committee on Security Rules"},
]  # fmt: skip


def seat(n: int, title: str | None = None) -> dict[str, Any]:
    return {"bioguide": f"T{n:06}", "title": title, "party": "majority", "rank": 1}


MEMBERSHIP = {
    "HSJU": [seat(CHAIR, "Chair"), seat(HANK, "Ranking Member"), seat(ACCENT), seat(DELEGATE), seat(999_999)],
    "HSJU10": [seat(ACCENT, "Chair"), seat(DELEGATE, "Ranking Member")],
    "SSJU": [seat(SENATOR, "Chairman"), seat(SENATOR_TOO, "Ranking Member"), seat(APPOINTED)],
    "SSGA": [seat(APPOINTED, "Chairman")],
    "SSGA01": [seat(SENATOR_TOO, "Chairman"), seat(SENATOR, "Cochairman")],
    "HSHM": [seat(SPEAKER, "Chair"), seat(HANK, "Chair")],
}


@cache
def public() -> Snapshot:
    return sync.public(legislators(), COMMITTEES, MEMBERSHIP, as_of=AS_OF, source="here")


def recorded(folder: Path) -> Snapshot:
    """The recorded directory of June 15, 2026, which has a line per member and the committees with their members."""
    lines = (json.loads(line) for line in (folder / "members_current.jsonl").read_text(encoding="utf-8").splitlines())
    committees = json.loads((folder / "committees_selected.json").read_text(encoding="utf-8"))
    bodies = [*committees, *(sub for body in committees for sub in body.get("subcommittees", []))]
    members = [
        {
            "id": line, "name": line, "bio": line,
            "terms": [{"type": "sen" if line["role"] == "Senator" else "rep", "start": line["term_start"],
                       "end": line["term_end"], **{key: line.get(key) for key in _OF_TERMS}}],
            "leadership_roles": [{"title": title} for title in line.get("leadership") or ()],
        }
        for line in lines
    ]  # fmt: skip
    public_committees = [
        {"thomas_id": body["id"], "name": body["name"], "type": body["chamber"],
         "subcommittees": [{"thomas_id": sub["id"][4:], "name": sub["name"]} for sub in body.get("subcommittees", [])]}
        for body in committees
    ]  # fmt: skip
    membership = {body["id"]: body.get("members", []) for body in bodies}
    as_of = date(2026, 6, 15)
    return sync.public(members, public_committees, membership, as_of=as_of, source=str(folder))


_OF_TERMS = ("state", "district", "party", "office")


def write_public(folder: Path, members: Any = None) -> Path:
    """The three public files."""
    values = (legislators() if members is None else members, COMMITTEES, MEMBERSHIP)
    for name, value in zip(sync.PUBLIC, values, strict=True):
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return folder


def config(**coalition: Any) -> Config:
    """A coalition with two offices, and the shipped forms of address."""
    director = {"block": ["Director", "Office of Trees", "Washington, DC 20000"], "salutation": "Dear Director:"}
    offices = {
        "trees": {"name": "the Director, Office of Trees", **director},
        "lakes": {"name": "the Director, Office of Lakes", **director},
        "law": {"name": "the Attorney General", "block": ["Attorney General of the United States", "Department of Law"],
                "salutation": "Dear Attorney General:"},
    }  # fmt: skip
    asked = {"id": "us", "name": "Us", "short": "Us", "contact": "us@example.org", "asks": {}, "offices": offices}
    return Config(Feeds.model_validate(FEEDS), Coalition.model_validate(asked | coalition), (), ROOT)


def holding(config: Config, office: str, **holder: Any) -> Config:
    """The same coalition, with a holder of one office."""
    raw = config.coalition.model_dump(exclude_unset=True)
    defaults = {"name": "Jane Q. Doe, Jr.", "surname": "Doe", "source": "https://example.org", "as_of": "2026-06-01"}
    raw["offices"][office]["holder"] = defaults | holder
    return Config(config.feeds, Coalition.model_validate(raw), (), config.folder)


def directory(folder: Path) -> Database:
    """A store that holds this Congress."""
    db = stores.create(folder / "directory.db")
    with db.write() as tx:
        records.replace(tx, public(), now=NOW)
    return db


def member(n: int) -> str:
    return f"member:T{n:06}"
