"""A name that is withheld in a headline is told by no command, to nobody but whoever decides whether to show it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.records import by_ids
from bot.chat import typed
from bot.command import Role
from bot.entry import Entry, Kind
from bot.outbox.codec import from_json
from tests.board import TUESDAY, Board, every_command, words

COMMANDS = [command for command in every_command() if not command.fetch]
SIGNS = ("Jane", "jane-roe", "Roe")
DECIDES = "mentions release"  # the press contact reads the headline to decide whether it names a victim
FOUND = Entry(
    source="wire",
    kind=Kind.NEWS,
    identity=("url:wire.example/2026/jane-roe-15-is-found",),
    thread="url:wire.example/2026/jane-roe-15-is-found",
    title="Polaris helps to find Jane Roe, 15, after a case of human trafficking",
    url="https://wire.example/2026/jane-roe-15-is-found",
    summary="Jane Roe, 15, of Springfield was found when somebody called the National Human Trafficking Hotline.",
    published=TUESDAY - timedelta(hours=1),
    outlet="Wire",
)


class Newsroom(Board):
    """A withheld headline, said in a channel and taken on by somebody; `speaks` has no role but for a member."""

    def __init__(self, folder):
        super().__init__(folder)
        (self.kept,) = self.bring(FOUND)
        self.all_roles = self.add("Everything", *Role, organisation="cast")
        self.speaks = self.add("Somebody", Role.REPRESENTATIVE, organisation="cast")
        self.card(self.all_roles, "alerts assign", entry=self.kept.id, to="me")

    def cards(self):
        return [from_json(row["card"]) for row in self.db.read("SELECT card FROM delivery")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Newsroom(tmp_path_factory.mktemp("withheld"))


def signs(told):
    return [sign for sign in SIGNS if sign in repr(told)]


def calls(command, entry):
    """As its example has it; and the entry, or its story, for whatever is not to be chosen from a list."""
    found = typed.read(command.example, COMMANDS)
    example = found.args if isinstance(found, typed.Typed) else {}
    free = [param.name for param in command.params if not param.choices]
    its = [{**example, **dict.fromkeys(names, value)} for value in (entry, "S-1") for names in (free, free[:1])]
    return [example, {}, *its]


def test_the_headline_is_withheld_and_makes_a_story(desk):
    assert "[name withheld]" in desk.kept.entry.title
    assert "S-1" in words(desk.card(desk.all_roles, "mentions list"))
    assert signs(by_ids(desk.db, [desk.kept.id])) == [*SIGNS]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_no_command_tells_it(desk, command):
    for person in (desk.all_roles, desk.speaks):
        for args in calls(command, desk.kept.id):
            told = desk.ask(person, command.path, "", **{f"{name}_": value for name, value in args.items()})
            assert signs(told) == [] or command.path == DECIDES, (person.name, args)
    assert signs(desk.cards()) == []


def test_no_completion_offers_it(desk):
    for command in COMMANDS:
        for param in command.params:
            call = desk.call(desk.all_roles, command.path)
            assert signs(asyncio.run(desk.switchboard.complete(call, param.name, ""))) == [], command.path


def test_what_a_watch_would_have_raised_does_not_tell_it(desk):
    raised = desk.ask(desk.admin, "watch test", watch='"human trafficking"')
    assert "[name withheld]" in repr(raised)
    assert signs(raised) == []


def test_who_has_taken_it_on_and_leaves_is_not_told_it(desk):
    helper = desk.add("Helper", Role.POLICY)
    entry = desk.kept.id
    given = desk.ask(desk.admin, "alerts assign", entry=entry, to=helper.id, instead="yes")
    waits = desk.ask(helper, "campaign me")
    left = desk.ask(desk.admin, "campaign leave", person=helper.id, sure="yes")

    assert "[name withheld]" in repr(given)
    assert "[name withheld]" in repr(waits)
    assert signs([given, waits, left]) == []


def test_the_whole_entry_has_no_summary_while_it_is_withheld(desk):
    assert "Springfield" not in words(desk.card(desk.speaks, "campaign item", id_=desk.kept.id))


def test_a_headline_that_named_nobody_at_first_is_not_told_once_it_does(tmp_path):
    desk = Board(tmp_path)
    first, later = "Polaris helps to find Jane Roe of Springfield", FOUND.title
    for title in (first, later):
        (kept,) = desk.bring(replace(FOUND, title=title))
    assert kept.first.title == first
    told = desk.ask(desk.admin, "campaign why", needle=kept.id)
    assert "[name withheld]" in repr(told)
    assert signs(told) == []
