"""Whatever administrators set, remove, reset and undo: the configuration loads, and an export has its exact values."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.commands.model import Reply
from bot.config.load import Config
from bot.settings import records
from tests.kit.small_coalition import Desk

_unique = itertools.count()
relaxed = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Text as people type it, and what YAML could read as something else.
words = st.sampled_from([
    "Fund it", "yes", "no: never", "# 1", "- a", "2026-01-01", "07:30", "1e3", "null", "{x}", "“q” 'q' \"q\"", "a\nb",
    "ñ–…",
])  # fmt: skip


@dataclass(frozen=True)
class Action:
    """A call of /settings."""

    verb: str
    args: tuple[tuple[str, str], ...] = ()


def actions() -> st.SearchStrategy[Action]:
    numbers, channels = st.sampled_from("1234"), st.sampled_from(["main", "staff", "trial"])
    asks, members = st.sampled_from(["", "1", "2, 3", "4", "9"]), st.sampled_from(["trout", "canyon"])

    def calls(verb: str, **args: st.SearchStrategy[str]) -> st.SearchStrategy[Action]:
        return st.fixed_dictionaries(args).map(lambda given: Action(verb, tuple(given.items())))

    named = st.one_of(
        *(st.builds(f"{what} {{}}".format, names) for what, names in {
            "ask": numbers, "channel": channels, "member": members, "route": numbers, "spokesperson": numbers,
            "office": st.sampled_from(["epa", "interior", "labor"]),
        }.items()),
        st.sampled_from(["letterhead", "special-channels", "coalition", "letters", "press-contact"]),
    )  # fmt: skip
    return st.one_of(
        calls("ask", name=numbers, title=words, text=words),
        calls("member", name=members, full_name=words, short=words),
        calls("channel", name=channels, to=st.just("console:x"), quiet=st.sampled_from(["", "21:00-6:00"])),
        calls("route", name=st.sampled_from(["1", "2", "new"]), to=channels, asks=asks),
        calls("spokesperson", name=st.sampled_from(["1", "2", "new"]), person=words, asks=asks, members=members),
        calls("special-channels", safety=st.one_of(st.just(""), channels)),
        calls("letterhead", address=words, phone=words, signer=words),
        calls("press-contact", name=words, email=words),
        calls(
            "coalition", name=words, about=words, zone=st.sampled_from(["America/Denver", "UTC", "America/New_York"])
        ),
        calls("letters", approvals=st.sampled_from(["1", "2", "3"]), channel=st.one_of(st.just(""), channels)),
        calls("office", name=st.sampled_from(["epa", "labor"]), full_name=words, address=words, salutation=words),
        calls("remove", setting=named, sure=st.just("yes")),
        calls("reset", setting=named, sure=st.just("yes")),
        calls("undo", sure=st.just("yes")),
        calls("undo", version=numbers, sure=st.just("yes")),
    )


def done(desk: Desk, action: Action, by: str = "ada") -> bool:
    """Do it; whether something was changed. What is refused changes nothing."""
    before, count = desk.in_force(), len(records.history(desk.db))
    answer = desk.ask(f"settings {action.verb}", by, **dict(action.args))
    changed = len(records.history(desk.db)) > count
    assert changed or desk.in_force() == before
    assert isinstance(answer, Reply) or not changed
    return changed


def values(config: Config) -> Mapping[str, object]:
    return {"feeds": config.feeds, "coalition": config.coalition, "watches": config.watches}


@pytest.fixture
def desk(tmp_path):
    return lambda: Desk(tmp_path / f"{next(_unique)}")


OFFICE = Action("office", (("name", "epa"), ("full_name", "X"), ("address", "Y"), ("salutation", "Z")))


@pytest.mark.long
@relaxed
@given(st.lists(actions(), max_size=8))
@example([OFFICE])  # an office of the catalog with its own address takes nothing from the catalog
def test_an_export_reads_back_as_exactly_what_is_in_force(desk, steps):
    made = desk()
    for step in steps:
        done(made, step)
        assert made.in_force().left_out == ()

    read = made.exported(made.folder / "export")

    assert values(read) == values(made.in_force())
    made.start(read)  # the export is put in place of the files
    assert values(made.in_force()) == values(read)


@pytest.mark.long
@relaxed
@given(st.lists(actions().filter(lambda action: action.verb != "undo"), max_size=6))
def test_undoing_every_change_goes_back_the_way_one_came(desk, steps):
    made = desk()
    way = []
    for step in steps:
        before = values(made.in_force())
        if done(made, step):
            way.append(before)
    for before in reversed(way):
        assert isinstance(made.ask("undo", sure="yes"), Reply)
        assert values(made.in_force()) == before
    assert values(made.in_force()) == values(made.files)


@pytest.mark.long
@relaxed
@given(st.lists(actions(), max_size=6))
def test_undoing_an_undo_restores_what_it_took(desk, steps):
    made = desk()
    for step in steps:
        done(made, step)
    before = values(made.in_force())
    if done(made, Action("undo", (("sure", "yes"),))):
        newest = records.history(made.db)[0]
        if done(made, Action("undo", (("version", str(newest.version)), ("sure", "yes")))):
            assert values(made.in_force()) == before


@relaxed
@given(st.lists(actions(), max_size=6), st.integers(0, 5))
def test_a_crash_between_a_change_and_its_use_loses_nothing(desk, steps, at):
    made = desk()
    for number, step in enumerate(steps):
        done(made, step)
        if number == at:
            before = values(made.in_force())
            made.start()
            assert values(made.in_force()) == before
