"""What lists show as an id is taken by the commands that act on one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.commands.model import Reply, Role
from bot.deadlines.records import DOCKETS, Docket
from bot.shared.card import Card
from tests.kit.alerts import document, news
from tests.kit.allies import ask, confirm
from tests.kit.board import every_command
from tests.kit.letters_desk import Desk, config

FIRST = re.compile(r"^(\S+)")  # the id begins the line
ENTRY = re.compile(r"^(?:\d+\. )?(\d{4}-\d+|[0-9a-f]{10}) ·")
# Refusals of something that was understood.
UNDERSTOOD = ("Remove or edit the watch first.",)
# A list, with what it is asked for → where a line has its id; the commands that act on one, with the rest they need.
LISTS: Mapping[str, tuple[Mapping[str, str], re.Pattern[str], Mapping[str, Mapping[str, str]]]] = {
    "alerts recent": ({}, ENTRY, {
        "find": {"words": ""}, "alerts assign": {"entry": "", "to": "me"},
        "alerts not-relevant": {"entry": "", "reason": "noise"},
        "letter draft": {"entry": ""},
    }),
    "alerts ask": ({"number": "4"}, ENTRY, {"find": {"words": ""}, "alerts assign": {"entry": "", "to": "me"}}),
    "find": ({"words": "gloves forced"}, ENTRY, {"find": {"words": ""}}),
    "campaign me": ({}, ENTRY, {"find": {"words": ""}}),
    "people list": ({}, re.compile(r"^([^·]+) ·"), {"people role": {"person": "", "give": "press"}}),
    "watch list": ({}, re.compile(r"\(([\w-]+)\) · (?:alert|digest)"), {
        "watch test": {"name": ""}, "watch show": {"name": ""}, "watch edit": {"name": ""},
        "watch mute": {"name": "", "until": "3d"},
    }),
    "feeds list": ({}, re.compile(r"\(([\w-]+)\)(?: ·|$)"), {"feeds remove": {"name": ""}}),
    "bill list": ({}, re.compile(r"((?:H\.R\.|S\.) \d+ \(\d+th\))"), {"bill show": {"bill": ""}}),
    "docket show": ({}, re.compile(r"^(\S+):"), {
        "docket show": {"id": ""}, "docket unfollow": {"id": ""},
    }),
    "deadlines list": ({}, re.compile(r"\[([^\]]+)\]"), {"deadlines show": {"id": ""}}),
    "allies list": ({}, FIRST, {"allies accept": {"request": ""}, "allies refuse": {"request": ""}}),
    "letter list": ({"state": "draft"}, FIRST, {
        "letter show": {"letter": ""}, "letter edit": {"letter": ""}, "letter export": {"letter": "", "as": "docx"},
        "letter changes": {"letter": ""}, "letter duplicate": {"letter": ""}, "letter review": {"letter": ""},
    }),
    "mentions list": ({}, FIRST, {
        "mentions show": {"story": ""}, "mentions claim": {"story": ""}, "mentions clip": {"story": ""},
        "mentions mute": {"story": ""},
    }),
    "press find": ({"text": "labor"}, re.compile(r"^(P-\d+)"), {
        "press find": {"text": ""}, "press note": {"contact": "", "text": "called"}, "press verify": {"contact": ""},
    }),
    "press inquiries": ({}, FIRST, {"press inquiries": {"inquiry": ""}, "press pass-on": {"inquiry": ""}}),
    "office contacts": ({}, re.compile(r"(C-\d+)"), {
        "office edit": {"contact": ""}, "office verify": {"contact": ""},
    }),
    "meeting list": ({}, re.compile(r"^(M-\d+)"), {"meeting show": {"meeting": ""}, "meeting remove": {"meeting": ""}}),
    "lobbying list": ({}, re.compile(r"\b(H-\d+),"), {"lobbying correct": {"line": ""}}),
    "press embargoes": ({}, FIRST, {"press embargo": {"about": ""}}),
    "settings list": ({"setting": "ask"}, re.compile(r"^(ask \d+):"), {"settings set": {"setting": ""}}),
    "public list": ({}, re.compile(r"^(ask \d+):"), {"public show": {"what": ""}, "public hide": {"what": ""}}),
    "settings history": ({}, re.compile(r"^(\d+) ·"), {"undo": {"version": ""}}),
}  # fmt: skip
# Reads that list no things to act on: reports, answers about one thing, files; sessions end by their buttons.
NO_LISTS = {
    "bill lobby-day", "bill whip", "bill scorecard", "deadlines planned", "lobbying summary", "lobbying export",
    "campaign setup", "campaign help", "campaign status", "campaign audit",
    "people export", "campaign sessions", "watch test", "watch show", "feeds check",
    "feeds address", "bill show",
    "bill cosponsors", "bill text", "bill compare", "deadlines show", "deadlines calendar", "letter show",
    "letter changes", "letter export", "letter filing", "mentions show", "press export", "mentions export",
    "meeting show", "office show", "office edit",
    "clips week", "clips month", "clips quarter", "clips funder", "settings set", "settings export",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A store with something for every list."""
    base = replace(config(), site="https://board.example.org")
    desk = Desk(tmp_path_factory.mktemp("lists"), base, fetching=SimpleNamespace(regulations_gov=None))
    with desk.db.write() as tx:
        DOCKETS.save(tx, Docket(id="USCG-2026-0041", followed_at=desk.now))
    desk.bring(
        document("2026-00007", "Gloves made with forced labor"), news("gloves", "Gloves with forced labor seized")
    )
    desk.bring(news("hotline", "Polaris hotline report praised by lawmakers on trafficking", outlet="The Herald"))
    desk.card(desk.pol, "allies open", letter=desk.opened().name)
    confirm(desk, ask(desk))
    desk.drafted()
    desk.eve = desk.add("Eve", *Role, organisation="cast")
    desk.card(desk.eve, "alerts assign", entry="2026-00007", to="me")
    for name in ("Jo Sample", "Al Roe"):
        desk.card(desk.eve, "press add", outlet="Example Wire", name=name, beat="labor")
    asked = {"reporter": "Al Roe", "outlet": "The Herald", "due": "Fri 17:00", "kind": "question", "sure": "yes"}
    desk.card(desk.eve, "press inquiry", question="What is your view?", **asked)
    desk.card(desk.eve, "settings letterhead", phone="202 555 0100", letters="yes")
    desk.card(desk.eve, "public show", **dict(desk.card(desk.eve, "public show", what="ask 1").buttons[0].args))
    desk.card(desk.eve, "lobbying log", kind="analysis", what="A study", cost="$5")
    desk.card(desk.eve, "press embargo", about="The report", lifts="2026-12-01 10:00", zone="ET")
    desk.card(desk.eve, "office add", office="ovc", name="Kay Roe", role="counsel", email="kay@ovc.example")
    desk.card(desk.eve, "meeting log", office="ovc", asked="A call", said="Yes")
    return desk


def lines(card: Card) -> list[str]:
    return [line.text for line in (*card.lines, *(line for part in card.sections for line in part.lines))]


def ids(desk: Desk, path: str) -> list[str]:
    """What a list shows as ids, each once."""
    args, where, _ = LISTS[path]
    matched = [match for line in lines(desk.card(desk.eve, path, **args)) for match in where.finditer(line)]
    return list(dict.fromkeys(next(filter(None, match.groups())).strip() for match in matched))


def test_every_list_is_here():
    reads = {command.path for command in every_command() if not (command.changes or command.hidden)}

    assert reads == LISTS.keys() | NO_LISTS & reads
    assert reads >= NO_LISTS - {"press export", "mentions export"}


@pytest.mark.parametrize("path", LISTS)
def test_an_id_of_a_list_is_taken_by_every_command_that_acts_on_it(desk, path):
    _, _, takers = LISTS[path]
    shown = ids(desk, path)

    assert shown, path
    for taker, args in takers.items():
        for shown_id in shown[:3]:
            given = {name: value or shown_id for name, value in args.items()}
            answer = desk.ask(desk.eve, taker, "", **given)
            assert isinstance(answer, Reply) or answer.what.endswith(UNDERSTOOD), (taker, shown_id, answer)
