"""A bill's record, from GovInfo's BILLSTATUS XML or from congress.gov's API v3, and what happened to the bill. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, NamedTuple

from lxml import etree

from bot.entry import Entry, Kind
from bot.sources.dates import EASTERN
from bot.sources.text import clean, day, instant

BILL_TYPES: Final = {  # type → as people write it, as congress.gov writes it in addresses
    "hr": ("H.R.", "house-bill"),
    "s": ("S.", "senate-bill"),
    "hjres": ("H.J. Res.", "house-joint-resolution"),
    "sjres": ("S.J. Res.", "senate-joint-resolution"),
    "hconres": ("H. Con. Res.", "house-concurrent-resolution"),
    "sconres": ("S. Con. Res.", "senate-concurrent-resolution"),
    "hres": ("H. Res.", "house-resolution"),
    "sres": ("S. Res.", "senate-resolution"),
}
_ID = re.compile(rf"({'|'.join(BILL_TYPES)})([1-9]\d*)-(\d{{1,3}})")
_PACKAGE = re.compile(rf"(?:BILLSTATUS|BILLS|BILLSUM)-(\d{{1,3}})({'|'.join(BILL_TYPES)})([1-9]\d*)(?![0-9])")
_LIBRARY: Final = "Library of Congress"  # repeats what the chambers' own rows say
_HOUSE_COMMITTEES: Final = "House committee actions"  # whose rows do not name the committee in their text

# Citations come, go and are corrected in place; the Library's rows put the outcome in front.
_CITATION = re.compile(r"\([^()]*\bCR\s+[HSED]?\d[^()]*\)")
_OUTCOME = re.compile(r"^(?:Passed/agreed to|Failed of passage/not agreed to) in (?:House|Senate):\s*", re.IGNORECASE)
_COMMITTEE = re.compile(r"\W*(?:sub)?committee$", re.IGNORECASE)
_UNTOLD: Final = {  # rows that come without text
    "Intro-H": "Introduced in House",
    "1000": "Introduced in House",
    "Intro-S": "Introduced in Senate",
    "10000": "Introduced in Senate",
}
# The words decide: the Senate's rows have no code, no complete list of codes exists, and one code may mean opposites
# (E30000 stands on signatures and on vetoes). The few codes that mean one thing help where no words are known.
_STEPS: Final[tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]] = tuple(
    (name, frozenset(codes.split()), re.compile(pattern, re.IGNORECASE))
    for name, codes, pattern in (
        ("Became law", "", r"became (?:public|private) law"),
        ("Signed by President", "", r"signed by (?:the )?president"),
        ("Vetoed by President", "31000", r"vetoed by (?:the )?president"),
        ("Presented to President", "28000", r"presented to (?:the )?president"),
        ("Failed in House", "9000", r"failed of passage/not agreed to in house"),
        ("Failed in Senate", "18000", r"failed of passage(?:/not agreed to)? in (?:the )?senate"),
        ("Passed House", "8000", r"passed(?:/agreed to in)? (?:the )?house|on passage passed\b"),
        ("Passed House", "", r"on (?:motion to suspend the rules and .*|agreeing to the resolution) agreed to\b"),
        ("Passed Senate", "17000", r"(?:resolution )?(?:passed|agreed to)(?:/agreed to)? (?:in )?(?:the )?senate"),
        ("Passed Senate", "", r"(?:introduced|submitted) in the senate,.* (?:passed|agreed to)\b"),
        ("Reported", "5000 14000 H12200", r"reported\b|committee on .* reported (?:by|to)\b"),
        ("Ordered reported", "", r".*\bordered to be reported\b"),
        ("Placed on calendar", "", r"placed on (?:the )?(?:senate|union|house|private)\b.*calendar"),
        ("Introduced", "1000 1010 1025 10000 Intro-H Intro-S", r"(?:introduced|submitted) in\b"),
        ("Referred", "H11100", r"referred to|read twice and referred|received in the .* and referred"),
    )
)


class Unreadable(ValueError):
    """What came is not a bill's record. The text says why, without quoting what came."""


class BillNumber(NamedTuple):
    """A bill, by the only key that identifies it: a bare "S. 3240" is another bill in every Congress."""

    congress: int
    type: str  # "hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres"
    number: int

    @classmethod
    def of(cls, id: str) -> BillNumber:  # noqa: A002 - the configuration's word for it
        """From ``hr4323-119``; a ValueError for anything else."""
        found = _ID.fullmatch(id)
        if found is None:
            raise ValueError(f'"{id}" is not a bill: write it as "hr4323-119"')
        return cls(int(found[3]), found[1], int(found[2]))

    @property
    def id(self) -> str:
        return f"{self.type}{self.number}-{self.congress}"

    @property
    def said(self) -> str:
        """``H.R. 4323 (119th)``."""
        return f"{self.name} ({self.nth})"

    @property
    def name(self) -> str:
        """``H.R. 4323``, which in every Congress is another bill."""
        return f"{BILL_TYPES[self.type][0]} {self.number}"

    @property
    def nth(self) -> str:
        """Its Congress: ``119th``."""
        ending = {1: "st", 2: "nd", 3: "rd"}.get(self.congress % 10, "th")
        return f"{self.congress}{'th' if self.congress % 100 in (11, 12, 13) else ending}"

    @property
    def page(self) -> str:
        """Its page for people, on congress.gov."""
        return f"https://www.congress.gov/bill/{self.nth}-congress/{BILL_TYPES[self.type][1]}/{self.number}"

    @property
    def file(self) -> str:
        """Where GovInfo keeps its record, below ``bulkdata/BILLSTATUS/``."""
        return f"{self.congress}/{self.type}/BILLSTATUS-{self.congress}{self.type}{self.number}.xml"

    @property
    def path(self) -> str:
        """Where congress.gov's API keeps it, below ``v3/``."""
        return f"bill/{self.congress}/{self.type}/{self.number}"


def bills_named(text: str) -> frozenset[BillNumber]:
    """Every bill whose package or file (``BILLSTATUS-119hr4323.xml``, ``BILLS-119hr4323enr``) stands in `text`."""
    return frozenset(BillNumber(int(c), kind, int(n)) for c, kind, n in _PACKAGE.findall(text))


@dataclass(frozen=True, slots=True)
class Action:
    """One row of a record. House, Senate and Library each write their own, so an event may have several."""

    date: date
    text: str
    time: time | None = None  # the House's clock
    code: str = ""
    type: str = ""
    source: str = ""
    committees: tuple[tuple[str, str], ...] = ()  # (system code, name)


@dataclass(frozen=True, slots=True)
class BillRecord:
    """A bill as one source has it. `updated` says when the source touched it, never that something happened."""

    number: BillNumber
    title: str
    official_title: str | None
    updated: datetime | None
    actions: tuple[Action, ...]  # in the source's order; rows that have no date, or nothing but one, are left out


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, however many rows say it. `key` is the same whichever row came first."""

    key: str  # "2026-01-23:5f0c…" within its bill
    date: date
    time: time | None
    text: str
    type: str  # "Became law", "Passed House", "Reported", "Introduced" …, "Action" for all else


def read_billstatus(data: bytes) -> BillRecord:
    """BILLSTATUS XML: the schema without a version, 1.0.0 and 3.0.0. Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("it is not well-formed XML") from error
    bill = root.find("bill")
    if root.getroottree().docinfo.internalDTD is not None or bill is None:
        raise Unreadable("it is not a BILLSTATUS record")
    titles = [(_child(item, "titleType"), _child(item, "title")) for item in bill.findall("titles/item")]
    return BillRecord(
        number=_number(
            _child(bill, "congress"),
            _child(bill, "type") or _child(bill, "billType"),
            _child(bill, "number") or _child(bill, "billNumber"),
        ),
        title=_child(bill, "title"),
        official_title=next((title for kind, title in titles if kind.startswith("Official Title") and title), None),
        updated=instant(_child(bill, "updateDate")),
        actions=_dated(_element_action(item) for item in bill.findall("actions/item")),
    )


def read_api(detail: Mapping[str, Any], actions: Sequence[Any]) -> BillRecord:
    """API v3: the object of ``bill/119/hr/4323``, and all rows of its ``/actions``. Raises Unreadable.

    The official title is a request of its own there, so it stays unknown.
    """
    bill = detail.get("bill")
    if not isinstance(bill, Mapping):
        raise Unreadable("it is not a bill's record")
    return BillRecord(
        number=_number(bill.get("congress"), bill.get("type"), bill.get("number")),
        title=_text(bill.get("title")),
        official_title=None,
        updated=instant(bill.get("updateDate")),
        actions=_dated(_json_action(row) for row in actions if isinstance(row, Mapping)),
    )


def steps(actions: Sequence[Action]) -> tuple[Step, ...]:
    """What happened, oldest first: rows of the same day and words are one step.

    Words are compared without citations and without the outcome the Library puts in front. House committees' rows
    count per committee, because their text does not name it; every other row names all it concerns, so a referral
    to two committees is one step. The same words at two times of a day are two steps.
    """
    rows: dict[tuple[date, str], list[Action]] = {}
    for action in _oldest_first(actions):
        rows.setdefault((action.date, _fingerprint(action)), []).append(action)
    found = []
    for (on, digest), same in rows.items():
        times = sorted({row.time for row in same if row.time})
        for nth, at in enumerate(times or [None], start=1):
            telling = [row for row in same if row.time == at] or same
            key = f"{on}:{digest}" if nth == 1 else f"{on}:{digest}-{nth}"
            found.append(Step(key, on, at, _said(telling), _type(same)))
    return tuple(found)


def bill_entries(record: BillRecord, source: str) -> tuple[Entry, ...]:
    """One entry for each step, oldest first."""
    thread = f"bill:{record.number.id}"
    return tuple(
        Entry(
            source=source,
            kind=Kind.BILL,
            identity=(f"{thread}:{step.key}",),
            thread=thread,
            title=step.text,
            url=record.number.page,
            summary=record.official_title,
            published=_instant(step),
            publication_date=step.date,
            type=step.type,
            bill=record.number.id,
            bill_title=record.title or None,
            as_of=record.updated,
        )
        for step in steps(record.actions)
    )


def _instant(step: Step) -> datetime | None:
    return datetime.combine(step.date, step.time, EASTERN).astimezone(UTC) if step.time else None


def _oldest_first(actions: Sequence[Action]) -> list[Action]:
    """By day; within a day in the source's order, which is newest first in most records."""
    newest_first = len(actions) > 1 and actions[0].date >= actions[-1].date
    return sorted(reversed(actions) if newest_first else actions, key=lambda action: action.date)


def _fingerprint(action: Action) -> str:
    words = _OUTCOME.sub("", _CITATION.sub(" ", action.text))
    folded = " ".join(re.sub(r"[^\w]+", " ", words).casefold().split())
    committees = sorted(code for code, _ in action.committees) if action.source == _HOUSE_COMMITTEES else ()
    return hashlib.sha256("|".join((folded, *committees)).encode()).hexdigest()[:12]


def _said(rows: Sequence[Action]) -> str:
    """The chamber's own wording where there is one."""
    row = next((row for row in rows if row.source != _LIBRARY), rows[0])
    if row.source != _HOUSE_COMMITTEES:
        return row.text
    names = (name for _, name in row.committees)
    unsaid = [name for name in names if _COMMITTEE.sub("", name) not in row.text]
    return f"{row.text.rstrip('.')} – {', '.join(unsaid)}" if unsaid else row.text


def _type(rows: Sequence[Action]) -> str:
    codes = {row.code for row in rows}
    by_words = (name for name, _, wording in _STEPS if any(wording.match(row.text) for row in rows))
    by_code = (name for name, theirs, _ in _STEPS if codes & theirs)
    return next(by_words, None) or next(by_code, "Action")


def _element_action(item: etree._Element) -> Action | None:
    committees = [*item.findall("committees/item"), *item.findall("committee")]
    return _action(
        _child(item, "actionDate"),
        _child(item, "actionTime"),
        _child(item, "text"),
        _child(item, "actionCode"),
        _child(item, "type"),
        _child(item, "sourceSystem/name"),
        [(_child(committee, "systemCode"), _child(committee, "name")) for committee in committees],
    )


def _json_action(row: Mapping[str, Any]) -> Action | None:
    system = row.get("sourceSystem")
    committees = row.get("committees")
    return _action(
        _text(row.get("actionDate")),
        _text(row.get("actionTime")),
        _text(row.get("text")),
        _text(row.get("actionCode")),
        _text(row.get("type")),
        _text(system.get("name")) if isinstance(system, Mapping) else "",
        [
            (_text(committee.get("systemCode")), _text(committee.get("name")))
            for committee in (committees if isinstance(committees, list) else [])
            if isinstance(committee, Mapping)
        ],
    )


def _action(
    on: str, at: str, text: str, code: str, kind: str, source: str, committees: Iterable[tuple[str, str]]
) -> Action | None:
    date_ = day(on)
    if date_ is None or not (text or code or kind):
        return None
    try:
        time_ = time.fromisoformat(at).replace(tzinfo=None) if at else None
    except ValueError:
        time_ = None
    said = text or _UNTOLD.get(code) or f"{kind or 'Action'} without a description{f' (code {code})' if code else ''}"
    return Action(date_, said, time_, code, kind, source, tuple(pair for pair in committees if any(pair)))


def _dated(actions: Iterable[Action | None]) -> tuple[Action, ...]:
    return tuple(action for action in actions if action)


def _number(congress: Any, kind: Any, number: Any) -> BillNumber:
    try:
        return BillNumber.of(f"{kind}{number}-{congress}".casefold())
    except ValueError as error:
        raise Unreadable("it does not say which bill it is about") from error


def _child(element: etree._Element, path: str) -> str:
    return clean(element.findtext(path) or "")


def _text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""
