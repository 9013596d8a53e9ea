"""Whatever changes between a draft and a gate, the text says what a fresh draft would say, or the gate refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.model import Reply
from bot.deadlines import records as duties
from bot.deadlines.model import State as DutyState
from bot.letters import records
from bot.letters.facts import Facts
from bot.letters.lifecycle import Dossier
from bot.shared.bill_record import Action, Committee, Cosponsor, Sponsor
from bot.shared.entry import Change
from tests.kit.alerts import document
from tests.kit.congress import CHAIR, HANK, NAMESAKE, NEWCOMER, member, public
from tests.kit.letters_desk import Desk
from tests.scenario.test_letter_facts import (
    BILL,
    GATES,
    LAW,
    RECORD,
    SUPPORT,
    public_with_chair,
    reads,
    syncs,
    to_state,
)

RULE = document("2026-00001", "Proposed Gloves Rule", comments_close_on=date(2027, 1, 12), dockets=("CBP-2026-0001",))
COMMENT = {
    "template": "public-comment", "to": "office:cbp", "entry": RULE.url, "field-1": "support", "field-2": "It helps.",
    "field-3": "## A point\nIt helps.", "field-4": "- publish it.",
}  # fmt: skip
LETTERS: Mapping[str, dict[str, str]] = {
    "chair": SUPPORT,
    "members": SUPPORT | {"to": f"{member(NEWCOMER)}, {member(NAMESAKE)} jointly"},
    "joint": {"template": "business-accountability", "to": "justice-and-homeland-security"},
    "committee": SUPPORT | {"to": "House Judiciary"},
    "cosponsor": {"template": "thank-a-cosponsor", "to": member(HANK), "bill": BILL, "field-1": "It helps."},
    "comment": COMMENT,
    "duty": {"template": "overdue-duty", "to": "dhs", "duty": "dhs-directive", "field-1": "It matters."},
    "claims": {"template": "business-accountability", "to": "homeland-security"},
}
# The day of looking, which passes without any change.
_LOOKED = re.compile(r"As of \w+ \d+, \d{4}, its record")


def _cosponsors(*numbers: int) -> tuple[Cosponsor, ...]:
    return tuple(
        Cosponsor(member(n).removeprefix("member:"), f"Rep. {n} [R-OH-{n}]", date(2025, 9, n)) for n in numbers
    )


def _record(**changes: object) -> Callable[[Desk], None]:
    return lambda desk: reads(desk, replace(RECORD, cosponsors=_cosponsors(HANK), **changes))  # type: ignore[arg-type]


def _action(day: int, words: str) -> Callable[[Desk], None]:
    return _record(actions=(*RECORD.actions, Action(date(2026, 11, day), words)))


def _coalition(**changes: object) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update=changes))

    return change


def _member(n: int, **changes: object) -> Callable[[Desk], None]:
    snapshot, id_ = public(), member(n).removeprefix("member:")
    members = tuple(replace(each, **changes) if each.bioguide == id_ else each for each in snapshot.members)  # type: ignore[arg-type]
    return lambda desk: syncs(desk, replace(snapshot, members=members))


def _leaves(n: int) -> Callable[[Desk], None]:
    snapshot, id_ = public(), member(n).removeprefix("member:")
    members = tuple(each for each in snapshot.members if each.bioguide != id_)
    seats = tuple(seat for seat in snapshot.seats if seat.bioguide != id_)
    return lambda desk: syncs(desk, replace(snapshot, members=members, seats=seats))


def _authority(**changes: object) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        known = desk.config.coalition.authorities
        first = known["benefiting-financially"].model_copy(update=changes)
        _coalition(authorities={**known, "benefiting-financially": first})(desk)

    return change


def _office(**changes: object) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        offices = {id_: office.model_copy(update=changes) for id_, office in desk.config.coalition.offices.items()}
        _coalition(offices=offices)(desk)

    return change


def _finding(desk: Desk) -> None:
    found = duties.Finding("f", "dhs-directive", DutyState.MET, "https://www.dhs.gov/directive", desk.now.date())
    with desk.db.write() as tx:
        duties.add_finding(tx, found, by=None, now=desk.now)


def _amended(**changes: object) -> Callable[[Desk], None]:
    amending = document("2026-00002", thread=RULE.thread, **changes)
    return lambda desk: desk.bring(amending)  # type: ignore[return-value]


def _later(days: int) -> Callable[[Desk], None]:
    def wait(desk: Desk) -> None:
        desk.now += timedelta(days=days)

    return wait


CHANGES: Mapping[str, Callable[[Desk], None]] = {
    "law": lambda desk: reads(desk, LAW),
    "reported": _action(20, "Reported by the Committee on Judiciary. H. Rept. 119-900."),
    "passed": _action(21, "On passage Passed by the Yeas and Nays: 220 - 200 (Roll no. 9)."),
    "cosponsors": lambda desk: reads(desk, replace(RECORD, cosponsors=_cosponsors(HANK, CHAIR))),
    "one of two joins": lambda desk: reads(desk, replace(RECORD, cosponsors=_cosponsors(HANK, NAMESAKE))),
    "both join": lambda desk: reads(desk, replace(RECORD, cosponsors=_cosponsors(HANK, NAMESAKE, NEWCOMER))),
    "no cosponsor": lambda desk: reads(desk, replace(RECORD, cosponsors=())),
    "title": _record(title="Better Relief Act"),
    "sponsor": _record(sponsors=(Sponsor(member(CHAIR).removeprefix("member:"), "Rep. Elm, Jo [R-OH-4]"),)),
    "committees": _record(committees=(Committee("hswm00", "Ways and Means Committee", "House"),)),
    "chair": lambda desk: syncs(desk, public_with_chair(NAMESAKE)),
    "room": _member(CHAIR, room="1 New House Office Building"),
    "name": _member(CHAIR, last="Elm-Ash", official_full="Jo Elm-Ash"),
    "another's name": _member(NAMESAKE, last="Ash-Elm", official_full="Ada Ash-Elm"),
    "state": _member(CHAIR, state="TX"),
    "chair leaves": _leaves(CHAIR),
    "one of two leaves": _leaves(NEWCOMER),
    "ranking member leaves": _leaves(HANK),
    "claim reworded": _authority(says="Something else"),
    "claim unconfirmed": _authority(confirmed=False),
    "claim's source": _authority(source="https://www.govinfo.gov/link/uscode/18/1593A"),
    "contact": _coalition(contact="new@alliance.test"),
    "phone": _coalition(phone="202-456-0199"),
    "offices move": _office(block=("The Head", "Washington, DC 20001")),
    "offices go": _coalition(offices={}),
    "window moves": _amended(change=Change.EXTENSION, comments_close_on=date(2027, 2, 12)),
    "withdrawn": _amended(change=Change.WITHDRAWAL),
    "retitled": lambda desk: desk.bring(replace(RULE, title="Proposed Mittens Rule")),
    "duty met": _finding,
    "ten days": _later(10),
    "a month": _later(30),
    "half a year": _later(180),
}  # fmt: skip


def _ready(folder: Path, kind: str, gate: str) -> Desk:
    """A desk whose L-1 waits at the gate."""
    desk = Desk(folder)
    reads(desk, replace(RECORD, cosponsors=_cosponsors(HANK)))
    syncs(desk, public())
    desk.bring(RULE)
    desk.card(desk.pol, "letter fill", **LETTERS[kind])
    to_state(desk, GATES[gate][0])
    return desk


def _facts(desk: Desk, letter: Dossier) -> Facts:
    facts = records.rendering(desk.db, letter).facts
    assert facts
    return facts


def _said(desk: Desk, letter: Dossier) -> dict[str, object]:
    """What the letter says to each addressee, and whom it reaches, but for the day of looking."""
    to = {id_: recipient.address for id_, recipient in _facts(desk, letter).recipients.items()}
    return {
        id_: (
            [_LOOKED.sub("As of today, its record", passage) for passage in text.written.passages],
            [(note.claim.cited, note.claim.source) for note in text.written.notes],
            (to[id_].name, to[id_].block, to[id_].salutation),
        )
        for text in letter.version.texts
        for id_ in text.to
    }


def _passes(desk: Desk, gate: str) -> bool:
    person, path, args = GATES[gate][1](desk)
    args = {("as" if key == "as_" else key): value for key, value in args.items()}
    answer = desk.ask(person, path, "", letter="L-1", **args)
    return isinstance(answer, Reply) and not (answer.card and answer.card.head.endswith(" is out of date"))


@pytest.mark.long
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(sorted(LETTERS)),
    gate=st.sampled_from(sorted(GATES)),
    changed=st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=3, unique=True),
)
def test_a_gate_lets_through_only_what_a_fresh_draft_would_say(kind, gate, changed):
    with TemporaryDirectory() as folder:
        desk = _ready(Path(folder), kind, gate)
        before = desk.config.coalition
        for name in changed:
            CHANGES[name](desk)
        if not _passes(desk, gate):
            return
        if desk.letter().locked_at:  # a locked letter keeps its letterhead
            _coalition(contact=before.contact, phone=before.phone)(desk)
        desk.card(desk.pol, "letter fill", **LETTERS[kind])  # a fresh draft can be made, and reads the same
        fresh, letter = records.letters(desk.db)[0], desk.letter()
        assert fresh.number == 2
        assert _said(desk, fresh) == _said(desk, letter)


@pytest.mark.parametrize("kind", LETTERS)
def test_an_unchanged_letter_goes_through(tmp_path, kind):
    desk = _ready(tmp_path, kind, "approval")
    assert _passes(desk, "approval")
