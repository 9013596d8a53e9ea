"""What may be asked of a member of Congress about a bill: templates/letters/asks_on_bills.yml, and the cell that fits.

Pure, except for reading that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

from bot.bills import model as stages
from bot.bills.model import BillFacts, Place, Stage
from bot.bills.wording import full_name
from bot.letters.templates.template import TemplateProblem
from bot.shared.calendar import day_of_a_letter
from bot.shared.wording import listed
from bot.shared.yaml_text import Unreadable, plain_yaml

FILE: Final = "templates/letters/asks_on_bills.yml"
KINDS: Final = (
    "leader", "minority-leader", "chair", "ranking", "sponsor", "delegate", "other", "committee", "withdrawn",
    "cosponsor", "member",
)  # fmt: skip
CONDITIONS: Final = frozenset({
    "house", "senate", "here", "passed", "cosponsor", "companion", "open", "supports", "committee", "reported", "alone",
    "joins", "debated", "majority", "constitution", "adverse", "pending", "late", "delegate", "chairs", "ranking",
})  # fmt: skip
BRACES: Final = frozenset({
    "bill", "it", "committees", "chairs", "own", "chamber", "there", "ours", "companion", "petition", "calendar", "law",
    "status", "pass", "introduce",
})  # fmt: skip
LATE_FROM: Final = timedelta(days=60)  # before the end of a Congress: too late for a hearing or a new bill
RULE_FRESH_FOR: Final = timedelta(weeks=6)  # a rule that was not used by then waits like any bill on the calendar
SPEAKER: Final = "Speaker of the House"
_LEADERS: Final = {
    SPEAKER: "leader", "House Majority Leader": "leader", "Senate Majority Leader": "leader",
    # Those who schedule nothing, but urge, and agree to unanimous consent for their side.
    "House Minority Leader": "minority-leader", "Senate Minority Leader": "minority-leader",
    "House Majority Whip": "minority-leader", "House Minority Whip": "minority-leader",
    "Senate Majority Whip": "minority-leader", "Senate Minority Whip": "minority-leader",
}  # fmt: skip
_LEAF: Final = frozenset({"ask", "thanks", "refuse", "as"})
_BRACE: Final = re.compile(r"\{(\w*)\}")
_IN_OWN: Final = frozenset({"chair", "ranking", "committee"})  # kinds that have a committee of their own
_MOST: Final = 5  # committees in a sentence

Cell = str | Mapping[str, Any]
Table = Mapping[str, Mapping[str, Cell]]  # stage → kind → cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one letter asks. `ask`: what follows "we ask you to", with the bill's full name; `ask_again`: the same with
    "the bill"; `thanks`: a sentence before it, or ""; `refusal`: why nothing may be asked, or "".
    """

    kind: str = ""
    thanks: str = ""
    ask: str = ""
    ask_again: str = ""
    refusal: str = ""


def table(folder: Path) -> Table:
    """The folder's table. Raises `TemplateProblem` if it is missing, incomplete or has a slip."""
    read, slips = _table_and_slips(folder)
    if slips:
        raise TemplateProblem(f"{FILE} cannot be used: {slips[0]}")
    return read


def problems(folder: Path) -> tuple[str, ...]:
    """What is wrong with the folder's table: unknown names, and every cell that is missing."""
    return _table_and_slips(folder)[1]


def _table_and_slips(folder: Path) -> tuple[Table, tuple[str, ...]]:
    try:
        return _read((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}, ("it cannot be read. Copy it from the bot’s own templates, or from a folder made by `new`",)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[Table, tuple[str, ...]]:
    try:
        groups = plain_yaml(text)
    except Unreadable as error:
        return {}, (" ".join(str(error).split())[:300],)
    if not isinstance(groups, list) or not all(isinstance(group, Mapping) for group in groups):
        return {}, ("it is not a list of groups of stages",)
    read: dict[str, dict[str, Cell]] = {}
    slip_lines: list[str] = []
    for group in groups:
        cells = {kind.strip(): cell for key, cell in group.items() if key != "stages" for kind in str(key).split(",")}
        listed_stages = group.get("stages")
        stages = [str(stage) for stage in listed_stages] if isinstance(listed_stages, list) else []
        slip_lines += [f'"{name}" is not a stage' for name in stages if name not in set(Stage) or not name]
        slip_lines += [f"the stage {name} is in two groups" for name in stages if name in read]
        slip_lines += [f"{stages[0] if stages else 'a group'}: {slip}" for slip in _slips(cells)]
        read |= dict.fromkeys(stages, cells)
    slip_lines += [f"the stage {stage} is missing" for stage in Stage if stage and stage not in read]
    return read, tuple(slip_lines)


def _slips(cells: Mapping[str, Cell]) -> Iterator[str]:
    yield from (f'"{name}" is not a kind of addressee' for name in cells if name not in KINDS)
    for kind in KINDS:
        if kind not in cells:
            yield f"there is no cell for {kind}"
        else:
            yield from (f"{kind}: {slip}" for slip in _cell_slips(cells[kind], cells, kind, frozenset()))
    try:
        TopologicalSorter({kind: set(_led_to(cell)) for kind, cell in cells.items()}).prepare()
    except CycleError as error:
        yield f"“as” leads in a circle: {' → '.join(error.args[1])}"


def _led_to(cell: Any) -> Iterator[str]:
    """The kinds whose cells a cell is the same as, under any condition."""
    if isinstance(cell, Mapping):
        yield from [str(cell["as"])] if "as" in cell else ()
        for inner in cell.values():
            yield from _led_to(inner)


def _cell_slips(cell: Any, cells: Mapping[str, Cell], kind: str, under: AbstractSet[str]) -> Iterator[str]:
    if isinstance(cell, str):
        cell = {"ask": cell}
    if not isinstance(cell, Mapping) or not cell:
        yield "a cell is a text, or has ask, refuse, as, or conditions"
    elif cell.keys() & _LEAF:
        yield from _leaf_slips(cell, cells, kind, under)
    else:
        yield from (f'"{name}" is not a condition' for name in cell if name not in CONDITIONS and name != "else")
        if [*cell][-1] != "else":
            yield "its conditions do not end with else"
        for name, inner in cell.items():
            yield from _cell_slips(inner, cells, kind, under | {name})


def _leaf_slips(
    leaf: Mapping[str, Any], cells: Mapping[str, Cell], kind: str, under: AbstractSet[str]
) -> Iterator[str]:
    if not all(isinstance(text, str) for text in leaf.values()):
        yield "its ask, thanks, refuse and as are texts"
        return
    yield from (f'"{name}" does not go with ask or refuse' for name in leaf.keys() - _LEAF)
    if leaf.keys() == {"thanks"}:
        yield "it thanks and asks for nothing"
    if "as" in leaf and leaf["as"] not in cells:
        yield f'"as: {leaf["as"]}" names no cell of this stage'
    for text in leaf.values():
        yield from (f"“{{{name}}}” is not known" for name in _BRACE.findall(text) if name not in BRACES)
        if "{companion}" in text and not under & {"companion", "open"}:
            yield "{companion} is used where there may be none: put it under the condition companion"
        if "{own}" in text and kind not in _IN_OWN:
            yield "{own} is only known for chair, ranking and committee"


def facts_of(folder: Path, bill: BillFacts, record: Mapping[str, Any], today: date) -> dict[str, str]:
    """The facts `kind`, `thanks`, `ask`, `ask_again` and `refusal` of a member, or of members addressed together."""
    try:
        return asdict(asked(table(folder), bill, record, today))
    except TemplateProblem as problem:
        return asdict(Asked(refusal=f"{problem}."))


def asked(cells_by_stage: Table, bill: BillFacts, record: Mapping[str, Any], today: date) -> Asked:
    """What to ask the member whose `addressee.record` this is. Raises `TemplateProblem` for a cell that is missing.

    A bill whose text became law under another number is asked about as that law. If the companion is ahead, nothing is
    asked for this one.
    """
    at = bill.place
    law = bill.law or (bill.enacted.law if bill.enacted else "")
    if law:
        at = replace(at, stage=Stage.LAW)
    elif at.stage is Stage.RULE and at.since and today - at.since > RULE_FRESH_FOR:
        at = replace(at, stage=Stage.ON_CALENDAR)
    kind = kind_of(at, record)
    thanks = _thanks(bill, record)
    if at.stage is Stage.UNKNOWN:
        why = f"its record does not show where {bill.bill.name} is. /bill track {bill.bill.id} reads it."
        return Asked(kind=kind, thanks=thanks, refusal=why)
    if not law and (ahead := companion_ahead(bill)):
        return Asked(kind=kind, thanks=thanks, refusal=ahead)
    cells = cells_by_stage[at.stage.value]
    true = _conditions(at, bill, record, law) | ({"late"} if _is_late(bill, today) else set())
    cell = cells[kind]
    while not isinstance(cell, str) and not cell.keys() & (_LEAF - {"as"}):
        cell = cells[cell["as"]] if "as" in cell else next(cell[name] for name in cell if name in true)
    leaf: Mapping[str, str] = {"ask": cell} if isinstance(cell, str) else cell
    values = _values(at, bill, record, law)
    name = full_name(bill.bill, bill.title)
    named = values | {"bill": name, "law": f"{law}, {name},"}
    again = values | {"bill": f"the {stages.noun(bill.bill)}"}
    return Asked(
        kind=kind,
        thanks=thanks or _filled(leaf.get("thanks", ""), named),
        ask=_filled(leaf.get("ask", ""), again if thanks or "thanks" in leaf else named),
        ask_again=_filled(leaf.get("ask", ""), again),
        refusal=_filled(leaf.get("refuse", ""), again),
    )


def kind_of(at: Place, record: Mapping[str, Any]) -> str:
    """Which kind of addressee a member is, for a bill at this place."""
    may_act = at.acting in ("", record["chamber"])
    mine = record["committee"] or record["reported"]
    leads = _LEADERS.get(record["leads"], "")
    fits = {
        "leader": may_act and leads == "leader",
        "minority-leader": may_act and leads == "minority-leader",
        "chair": may_act and mine and record["chairs"] == mine,
        "ranking": may_act and mine and record["ranking"] == mine,
        "sponsor": record["sponsor"],
        "delegate": not record["votes"],
        "other": not may_act,
        "committee": mine,
        "withdrawn": record["withdrew_on"],
        "cosponsor": record["cosponsor_since"],
    }
    return next((kind for kind, fit in fits.items() if fit), "member")


def may_cosponsor(at: Place, bill: BillFacts, chamber: str) -> bool:
    """Whether a member of the chamber can still join the bill.

    The House takes cosponsors until the last committee reports (Rule XII, clause 7), the Senate until the vote.
    """
    closed = {Stage.RECOMMITTED, Stage.SEQUENTIAL} if chamber == "House" else set()
    open_ = stages.IN_COMMITTEES | {Stage.UNKNOWN} | (stages.ON_FLOOR if chamber == "Senate" else frozenset())
    return chamber == stages.origin(bill.bill) and not at.passed and at.stage in open_ - closed


def companion_ahead(bill: BillFacts) -> str:
    """Why to ask for the companion instead, if more chambers have passed it; else ""."""
    twin = bill.twin
    if twin is None or len(twin.place.passed) <= len(bill.place.passed):
        return ""
    status = twin.status_as(twin.bill.name, day_of_a_letter)
    same = f"{twin.bill.name}, which was introduced with the same text as {bill.bill.name}, is ahead of it"
    return f"{same}. {status} Use bill:{twin.bill.id}"


def ends(bill: BillFacts, today: date) -> str:
    """When the bill dies, in a sentence, from 60 days before; "" if that is no question."""
    decided = bill.law or bill.enacted or not (bill.place.acting or bill.place.stage is Stage.CONFERENCE)
    if decided or not _is_late(bill, today):
        return ""
    congress, day = bill.bill.nth, day_of_a_letter(bill.bill.ends)
    if stages.is_simple(bill.bill):
        unless = "it is agreed to by then"
    elif bill.place.stage in (Stage.VETOED, Stage.OVERRIDDEN):
        unless = "both chambers have overridden the veto by then"
    else:
        unless = f"both chambers have {'passed' if stages.makes_law(bill.bill) else 'agreed to'} the same text by then"
    return f"The {congress} Congress ends on {day}, and the {stages.noun(bill.bill)} ends with it unless {unless}."


def _is_late(bill: BillFacts, today: date) -> bool:
    return timedelta() < bill.bill.ends - today <= LATE_FROM


def _thanks(bill: BillFacts, record: Mapping[str, Any]) -> str:
    """What the member did for the bill or its companion, or took back."""
    name = full_name(bill.bill, bill.title)
    if record["sponsor"]:
        return f"Thank you for {'introducing' if stages.makes_law(bill.bill) else 'submitting'} {name}."
    if record["withdrew_on"]:
        return f"We understand that your name was withdrawn from {name} on {record['withdrew_on']}."
    if record["cosponsor_since"]:
        return f"Thank you for joining {name} as a cosponsor on {record['cosponsor_since']}."
    if record["companion"]:
        return f"Thank you for {record['companion']}; it was introduced with the same text as {name}."
    return ""


def _conditions(at: Place, bill: BillFacts, record: Mapping[str, Any], law: str) -> AbstractSet[str]:
    ours, twin = record["chamber"], bill.twin
    joined = record["sponsor"] or record["cosponsor_since"]
    open_twin = twin is not None and may_cosponsor(twin.place, twin, ours)
    return {"else"} | {
        name
        for name, true in {
            "house": at.acting == "House",
            "senate": at.acting == "Senate",
            "here": at.acting in ("", ours),
            "passed": ours in at.passed,
            "cosponsor": may_cosponsor(at, bill, ours) and not joined,
            "companion": bill.companion is not None and stages.origin(bill.companion) == ours,
            "open": open_twin and record["leads"] != SPEAKER,
            "supports": record["companion"],
            "committee": record["committee"],
            "reported": record["reported"] and not record["committee"],
            "alone": record["leads"] in _LEADERS or stages.is_simple(bill.bill),
            "joins": may_cosponsor(at, bill, ours),
            "debated": at.stage is Stage.FLOOR,
            "majority": at.vote is not None and at.vote[0] > at.vote[1],
            "constitution": stages.amends_constitution(bill.bill, bill.official_title or bill.title),
            "adverse": at.adverse,
            "pending": at.open or at.stage is Stage.CLOTURE_FAILED,
            "delegate": not record["votes"],
            "chairs": law and record["chairs"],
            "ranking": law and record["ranking"],
        }.items()
        if true
    }


def _values(at: Place, bill: BillFacts, record: Mapping[str, Any], law: str) -> dict[str, str]:
    names = [f"the {name}" for name in stages.committees(at)]
    chairs = f"the Chair{'s' if len(names) > 1 else ''} of {listed(names, _MOST)}"
    return {
        "it": "it",
        "committees": listed(names, _MOST) or "the committee to which it was referred",
        "chairs": chairs if names else "the Chair of the committee to which it was referred",
        "own": f"the {record['committee'] or record['reported']}",
        "chamber": at.acting or at.chamber,
        "there": stages.other(at.acting or at.chamber),
        "ours": record["chamber"],
        "companion": bill.companion.name if bill.companion else "",
        "petition": f"Discharge Petition No. {at.petition}" if at.petition else "the discharge petition",
        "calendar": stages.calendar(at),
        "law": law,
        "pass": "pass" if stages.makes_law(bill.bill) else "agree to",
        "introduce": "introduce" if stages.makes_law(bill.bill) else "submit",
        "status": bill.status_as(bill.bill.name, day_of_a_letter),
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _BRACE.sub(lambda match: values[match[1]], text)
