"""The program as a whole writes to people: what is followed arrives in their direct messages, a dry run in nobody's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands.model import File, Job, Role
from bot.outbox import queued
from bot.outbox.messages import post_to_person
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.card import Card, Mark
from tests.peers.discord import DiscordPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import Clock, Program, shipped, tokens

PDF = File("letter.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
async def slack():
    peer = SlackPeer()
    async with peer.running() as url:
        peer.url = url
        yield peer


@pytest.fixture
async def discord_():
    peer = DiscordPeer()
    async with peer.running() as url:
        peer.url = url
        yield peer


@pytest.fixture
def program(tmp_path, slack, discord_):
    """Its channels are on the console; tokens are set for both chats."""
    clock = Clock(datetime.now(UTC))
    return Program(tmp_path, shipped(tmp_path, {}, {"desk": "console:desk"}), clock, tokens(slack.url, discord_.url))


def say(app, program, *accounts):
    """Queue a card with a file for a person who has these accounts."""
    with Job(app.db, app.config, program.clock(), app.new_id).write() as work:
        person = Person(id="ada", name="Ada Smith", roles=frozenset({Role.POLICY}), accounts=accounts)
        records.add(work.tx, person, by=None, now=work.now)
        card = Card(mark=Mark.LETTER, head="Sign by Friday")
        post_to_person(work, "ada", "sign:1", card, kind="letter", files=(PDF,))


async def deliver(app):
    try:
        while (report := await app.deliver_once()).sent or report.waiting_until == app.clock():
            pass
    finally:
        await app.close()


async def test_a_person_is_reached_on_a_platform_that_no_channel_uses(program, slack, discord_):
    with program.started() as app:
        say(app, program, Account("slack", "T1", "U0ADA"))
        await deliver(app)
    assert slack.files("D0ADA") == ["letter.pdf"]
    assert len(slack.visible("D0ADA")) == 2


async def test_who_has_only_a_console_reads_there(program):
    with program.started() as app:
        say(app, program, Account("console", "", "policy"))
        await deliver(app)
    assert "Sign by Friday" in program.out.getvalue()
    assert "to Ada Smith · with letter.pdf · #" in program.out.getvalue()


async def test_a_dry_run_writes_to_nobody(program, slack, discord_):
    with program.started(dry_run=True) as app:
        say(app, program, Account("slack", "T1", "U0ADA"), Account("discord", "100000", "200000"))
        await deliver(app)
    assert slack.calls.total() == discord_.calls.total() == 0
    assert "Sign by Friday" in program.out.getvalue()


async def test_a_dry_run_links_to_no_board(program):
    program.settings["web_url"] = "https://board.example.org"
    with program.started() as app:
        assert app.config.site == "https://board.example.org"
    with program.started(dry_run=True) as app:
        assert app.config.site == ""


async def test_a_person_who_left_before_delivery_is_not_written_to(program, slack):
    with program.started() as app:
        say(app, program, Account("slack", "T1", "U0ADA"))
        with app.db.write() as tx:
            records.remove(tx, records.person(tx, "ada"), now=program.clock())
        await deliver(app)
        assert queued.list_messages(app.db) == []
    assert slack.calls.total() == 0
