"""A setting that was changed in chat is in force in a running bot at once, in the next life, and in other processes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands.model import Call, Job, Reply, Role
from bot.outbox.messages import place, post
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.card import Card, Mark
from tests.kit.small_coalition import COALITION, FEEDS, Desk, written
from tests.scenario.kit import Program


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path, written(tmp_path), Clock())


def posted(app, to, head):
    """Enqueue a message for a channel, as any room does."""
    with Job(app.db, app.config, app.clock(), app.new_id).write() as work:
        post(work, place(to, app.config.feeds), head, Card(mark=Mark.ANSWER, head=head), kind="health")


async def asked(app, path, **args):
    """What an administrator asks of this process."""
    account = Account("slack", "T1", "ada")
    with app.db.write() as tx:
        if records.person_of_account(tx, account) is None:
            ada = Person(id="ada", name="Ada", roles=frozenset({Role.ADMINISTRATOR}), accounts=(account,))
            records.add(tx, ada, by=None, now=app.clock())
    call = Call(path=path, args=args, platform="slack", team="T1", user="ada", id=app.new_id())
    answer = await app.dispatcher.answer(call)
    assert isinstance(answer, Reply), answer
    return answer


async def test_a_running_bot_posts_to_the_new_place_without_a_restart(program):
    with program.started() as app:
        posted(app, "main", "first")
        await app.deliver()
        await asked(app, "settings channel", name="trial", to="console:elsewhere")
        await asked(app, "settings special-channels", safety="trial")
        await app.deliver()
        posted(app, "main", "second")
        await app.deliver()

    assert "first" in program.printed("main")[0]
    assert "second" in program.printed("trial")[0]


async def test_the_zone_of_what_is_posted_changes_without_a_restart(program):
    with program.started() as app:
        assert app.clock().astimezone(app.zone).hour == 8
        await asked(app, "settings coalition", zone="America/New_York")
        await app.compose()
        moment = app.clock().astimezone(app.zone)
    assert (moment.hour, moment.tzname()) == (10, "EST")


async def test_what_was_committed_before_a_crash_is_in_force_in_the_next_life(program):
    with program.started() as app:
        await asked(app, "settings ask", name="3", title="Fund it twice")
        assert app.config.coalition.asks[3].title == "Fund the restoration"  # the loops have not seen it yet
    with program.started() as app:
        assert app.config.coalition.asks[3].title == "Fund it twice"


async def test_another_process_on_the_same_store_sees_the_change(program):
    with program.started() as app:
        desk = Desk.__new__(Desk)
        desk.db, desk.files, desk.now = app.db, program.config, program.clock.now
        desk.start()
        await asked(app, "settings ask", name="3", title="Fund it twice")
        assert desk.in_force().coalition.asks[3].title == "Fund it twice"


async def test_a_file_that_is_edited_so_that_a_change_fits_no_more_leaves_out_that_change_alone(program, tmp_path):
    with program.started() as app:
        await asked(app, "settings route", name="new", to="staff", asks="3")
        await asked(app, "settings ask", name="2", title="Remove two dams")
    without = COALITION.replace("  3: {title: Fund the restoration}\n", "")
    program.config = written(tmp_path, FEEDS, without)
    with program.started() as app:
        app.compose_now()
        await app.deliver()
        assert app.config.coalition.asks[2].title == "Remove two dams"
        assert app.config.feeds.routes == program.config.feeds.routes

    (messages,) = [text for text in program.printed("staff") if "not active" in text]
    message = " ".join(messages.split())
    assert "routes: changed in chat (routes: “" in message
    assert "but routes.2.asks: coalition.yml has no ask 3" in message
