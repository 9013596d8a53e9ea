"""From a call to its answer: who may, what a handler gets, what a repeat and an outage are told."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Actor, Choice, Command, File, Form, FormField, Kind, Param, Refusal, Refused, Reply, Role
from bot.people import records
from bot.people.dispatch import NOT_YOURS
from bot.people.model import Account
from bot.people.pii import NO_DETAILS
from bot.shared.card import Button, Card, Mark
from bot.store import memo
from bot.store.database import StoreBusy, StoreUnsure, StoreUnusable, to_text
from tests.kit.board import TUESDAY, Board, account

CARD = Card(mark=Mark.ANSWER, head="Done", foot="So it is.")
DONE = Reply(card=CARD)
LETTER = Param("letter", "which", formerly=("id",))
NOTE = Param("note", "more", required=False)


def does(ctx, args):
    memo.set_memo(ctx.tx, "done", ctx.now.isoformat())
    return DONE


def act(handler=does, verb="act", *, changes=True, **more):
    return Command(group="try", verb=verb, help="Try", example="/try", handler=handler, changes=changes, **more)


def board_of(folder, *commands):
    return Board(folder, commands)


def refuses(refused):
    def handler(ctx, args):
        raise refused

    return handler


# --- what a call is answered ------------------------------------------------------------------------------------------


def test_a_former_name_is_understood_and_the_answer_says_the_new_one(tmp_path):
    seen = []
    command = act(lambda ctx, args: seen.append(dict(args)) or DONE, params=(LETTER, NOTE), formerly=("old act",))
    board = board_of(tmp_path, command)
    former = board.call(board.admin, "old act", id="L-001", note="x")
    assert board.send(former).card == replace(CARD, foot="/old act is now /try act. So it is.")
    assert board.send(replace(former, id="pressed", message="M1")).card == CARD, "who presses a button typed no name"
    assert board.ask(board.admin, "try act", letter="L-002").card == CARD
    assert seen == [{"letter": "L-001", "note": "x"}] * 2 + [{"letter": "L-002"}]


def test_a_former_name_of_a_command_that_answers_with_a_form_is_understood(tmp_path):
    board = board_of(tmp_path, act(params=(LETTER,), formerly=("old act",)))
    assert board.ask(board.admin, "old act").form.path == "try act"


def test_a_refusal_with_a_card_is_shown_as_the_card(tmp_path):
    board = board_of(tmp_path, act(refuses(Refused("No.", card=CARD))), act(refuses(Refused("No.", param="x")), "look"))
    assert board.ask(board.admin, "try act") == Reply(card=CARD)
    assert board.ask(board.admin, "try look") == Refusal("No.", "x")


@pytest.mark.parametrize(
    ("error", "says", "is_outage"),
    [
        (StoreBusy("busy"), "The database is busy. Please try again in a moment.", True),
        (StoreUnsure("lost"), "cannot tell whether this was done", True),
        (StoreUnusable("full"), "The bot cannot use its database now. Please try again later.", True),
        (ValueError("bug"), "Something went wrong on our side", False),
    ],
)
def test_an_outage_is_said_to_be_one_and_a_bug_is_not(tmp_path, error, says, is_outage):
    board = board_of(tmp_path, act(refuses(error)))
    answer = board.ask(board.admin, "try act")
    assert says in answer.what
    assert answer.is_outage is is_outage
    assert ("Nothing was changed" in answer.what) is not is_outage
    assert bool(re.search(r"\(error [0-9a-f]{8}\)", answer.what)) is not is_outage


@pytest.mark.parametrize(
    ("platform", "path", "logged"),
    [
        ("slack", "try act", "/try act from slack: answered"),
        ("slack", "try ask", "/try ask from slack: asked back"),
        ("slack", "try no", "/try no from slack: refused"),
        ("slack", "my secret plan", "/unknown from slack: refused"),
        ("console", "try act", None),
    ],
)
def test_the_log_says_how_each_call_from_a_platform_ended_and_nothing_that_was_typed(
    tmp_path, caplog, platform, path, logged
):
    commands = (act(), act(verb="ask", params=(LETTER,)), act(refuses(Refused("No.")), "no"))
    board = board_of(tmp_path, *commands)
    with caplog.at_level(logging.INFO, "bot.people.dispatch"):
        board.send(replace(board.call(board.admin, path), platform=platform))
    assert [record.getMessage() for record in caplog.records] == ([logged] if logged else [])


def test_a_repeat_is_logged_as_one_and_may_be_ignored(tmp_path, caplog):
    board = board_of(tmp_path, act())
    call = board.call(board.admin, "try act")
    board.send(call)
    caplog.clear()  # an earlier test may have left logging on
    with caplog.at_level(logging.INFO, "bot.people.dispatch"):
        assert board.send(call).repeat
    assert caplog.messages == ["/try act from slack: repeated"]


# --- what a handler gets ----------------------------------------------------------------------------------------------


def test_a_handler_gets_what_was_uploaded_fetched_and_prepared_and_each_is_asked_once(tmp_path):
    got = {}

    async def upload():
        return File("a.csv", "text/csv", b"a")

    async def never():
        raise AssertionError("an upload for no parameter")

    async def fetch(fetching, args):
        return "fetched", dict(args)

    def prepare(ctx, args):
        return "prepared", ctx.fetched, ctx.files["file"].data

    def handler(ctx, args):
        got.update(files=dict(ctx.files), fetched=ctx.fetched, prepared=ctx.prepared)
        return DONE

    file = Param("file", "a table", kind=Kind.FILE)
    board = board_of(tmp_path, act(handler, params=(file,), fetch=fetch, prepare=prepare))
    call = replace(board.call(board.admin, "try act", file="a.csv"), files={"file": upload, "other": never})
    assert board.send(call) == DONE
    fetched = ("fetched", {"file": "a.csv"})
    assert got == {
        "files": {"file": File("a.csv", "text/csv", b"a")}, "fetched": fetched, "prepared": ("prepared", fetched, b"a")
    }  # fmt: skip


def test_an_upload_that_is_refused_names_its_field(tmp_path):
    async def upload():
        raise Refused("It is too large.")

    board = board_of(tmp_path, act(params=(Param("file", "a table", kind=Kind.FILE),)))
    call = replace(board.call(board.admin, "try act", file="a.csv"), files={"file": upload})
    assert board.send(call) == Refusal("It is too large.", "file")


def test_a_handler_knows_who_asks_from_where_and_what_they_may(tmp_path):
    seen = []
    board = board_of(
        tmp_path, act(lambda ctx, args: seen.append(ctx) or DONE), act(verb="other", who=frozenset({Role.PRESS}))
    )
    board.ask(board.admin, "try act")
    (ctx,) = seen
    assert (ctx.person, ctx.now, ctx.call.path) == (board.admin.id, board.now, "try act")
    assert [command.path for command in ctx.commands] == ["try act"]
    given = (ctx.rooms.waiting, ctx.rooms.freeing, ctx.rooms.searching, ctx.rooms.referring)
    assert ctx.rooms == board.dispatcher.rooms
    assert all(given)


def test_a_command_that_only_reads_reads_the_store(tmp_path):
    seen = []
    board = board_of(
        tmp_path, act(lambda ctx, args: seen.extend(ctx.tx.read("SELECT name FROM person")) or DONE, changes=False)
    )
    assert board.ask(board.admin, "try act") == DONE
    assert [row["name"] for row in seen] == ["Ada"]


def test_each_entry_of_the_audit_says_who_did_what_where(tmp_path):
    board = board_of(tmp_path, act(lambda ctx, args: ctx.note("L-001", "open", "locked") or DONE))
    board.ask(board.admin, "try act")
    (change,) = board.changes()
    assert (change.at, change.person, change.who) == (board.now, board.admin.id, "Ada")
    assert (change.origin, change.command) == ("slack T0HOME C1", "try act")
    assert (change.subject, change.before, change.after) == ("L-001", "open", "locked")


def test_only_a_command_that_changed_something_is_announced_as_a_change(tmp_path):
    changed = []
    commands = (act(), act(verb="look", changes=False), act(refuses(Refused("No.")), "no"))
    board = board_of(tmp_path, *commands)
    board.dispatcher.changed = lambda: changed.append(1)
    for verb, so_far in (("look", 0), ("no", 0), ("act", 1)):
        board.ask(board.admin, f"try {verb}")
        assert len(changed) == so_far


def test_what_is_wrong_is_said_before_more_is_asked(tmp_path):
    board = board_of(tmp_path, act(params=(LETTER, replace(NOTE, longest=3))))
    assert board.ask(board.admin, "try act", note="long").param == "note"
    assert board.ask(board.admin, "try act", note="abc").form.args == {"note": "abc"}


def test_what_was_left_empty_is_left_out(tmp_path):
    seen = []
    board = board_of(tmp_path, act(lambda ctx, args: seen.append(args) or DONE, params=(LETTER, NOTE)))
    board.ask(board.admin, "try act", letter="L-001", note="")
    assert seen == [{"letter": "L-001"}]
    assert board.ask(board.admin, "try act", letter="").param == "letter"


def test_what_seems_to_name_a_person_served_is_asked_about_before_it_is_done(tmp_path):
    done = []
    note = Param("note", "more", longest=300, free=True)
    board = board_of(tmp_path, act(lambda ctx, args: done.append(dict(args)) or DONE, params=(note, NO_DETAILS)))
    asked = board.ask(board.admin, "try act", note="DOB 3/4/2009").form
    assert (asked.title, asked.path, done) == ("Please check", "try act", [])
    assert board.ask(board.admin, "try act", note="DOB 3/4/2009", sure="yes") == DONE
    assert board.ask(board.admin, "try act", note="No time.") == DONE
    assert [each["note"] for each in done] == ["DOB 3/4/2009", "No time."]


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_request_that_was_answered_with_a_form_is_done_when_it_comes_again(tmp_path):
    """A handler may ask: nothing was done then, so the same call is no repeat."""
    form = Form(title="Sure?", path="try act", fields=(FormField(NOTE, "Why"),))
    answers = [Reply(form=form)]
    board = board_of(tmp_path, act(lambda ctx, args: answers.pop() if answers else does(ctx, args)))
    call = board.call(board.admin, "try act")
    assert board.send(call).form == form
    assert board.db.read("SELECT * FROM inbox") == []
    assert board.send(call) == DONE
    assert board.send(call).repeat


def test_a_repeat_fetches_nothing(tmp_path):
    fetched = []

    async def fetch(fetching, args):
        fetched.append(1)

    board = board_of(tmp_path, act(fetch=fetch))
    call = board.call(board.admin, "try act")
    board.send(call)
    assert board.send(call).repeat
    assert fetched == [1]


def show(who=None, *, changes=False):
    params = (Param("letter", "which"),)
    return Command(
        group="try", verb="show", help="Show", example="/try show", handler=lambda ctx, args: DONE,
        params=params, changes=changes, who=who or frozenset(Role),
    )  # fmt: skip


NOTED = act(lambda ctx, args: ctx.note("the letter L-001", "open", "locked") or DONE)


@pytest.mark.parametrize(
    ("commands", "opens"),
    [
        ((NOTED, show()), [Button("Open L-001", "try show", (("letter", "L-001"),))]),
        ((NOTED, show(changes=True)), []),
        ((NOTED, show(frozenset({Role.PRESS}))), []),
        ((NOTED,), []),
        ((act(lambda ctx, args: ctx.note("it", "open", "locked") or DONE), show()), []),
    ],
    ids=["opens it", "would change it", "may not be opened", "no page", "names none"],
)
def test_a_repeat_says_what_was_done_with_a_button_that_opens_it(tmp_path, commands, opens):
    board = board_of(tmp_path, *commands)
    call = board.call(board.admin, "try act")
    board.send(call)
    again = board.send(call)
    assert (again.repeat, again.card.head, list(again.card.buttons)) == (True, "That was already done.", opens)
    changes = [f"{each.subject}: {each.after}" for each in board.changes()]
    assert [line.text for line in again.card.lines] == changes


def test_a_question_that_is_sent_twice_is_asked_twice(tmp_path):
    board = board_of(tmp_path, act(lambda ctx, args: DONE))
    call = board.call(board.admin, "try act")
    assert (board.send(call), board.send(call)) == (DONE, DONE)


def test_a_repeat_of_what_left_no_entry_says_only_that_it_was_answered(tmp_path):
    board = board_of(tmp_path, act())
    call = board.call(board.admin, "try act")
    board.send(call)
    again = board.send(call)
    assert (again.repeat, again.card.head) == (True, "This was answered before. It was not done again.")


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_stranger_learns_how_they_are_linked_and_where_they_see_their_account(tmp_path):
    board = board_of(tmp_path, act())
    guest = board.refused(account("UGUEST"), "try act").what
    assert guest.startswith("Your account is not linked yet. An administrator of ")
    assert guest.endswith(" can link it: your account is slack:T0HOME/UGUEST.")
    assert "type /campaign me in your coalition's server" in board.refused(Account("discord", "", "9"), "try act").what


def test_what_is_forbidden_is_answered_like_what_is_not_there(tmp_path):
    board = board_of(tmp_path, act(who=frozenset({Role.PRESS})))
    assert board.refused(board.admin, "try act").what == board.refused(board.admin, "no such").what == NOT_YOURS
    bo = board.add("Bo")
    nothing = "You are linked as Bo but have no role here. An administrator can give you one."
    assert board.refused(bo, "try act").what == nothing


def given(board, *roles, account_too=False):
    """Bo, an hour after one administrator gave them these roles, or their account too."""
    bo = board.add("Bo", organisation="cast")
    with_roles = replace(bo, roles=frozenset(roles))
    with board.db.write() as tx:
        if account_too:
            records.change(tx, bo, replace(bo, accounts=()), by=None, now=board.now)
            records.change(tx, replace(bo, accounts=()), bo, by=board.admin.id, now=board.now)
        records.change(tx, bo, with_roles, by=board.admin.id, now=board.now)
    return with_roles


def test_a_representative_acts_a_day_after_one_administrator_gave_the_role(tmp_path):
    board = board_of(tmp_path, act(who=frozenset({Role.REPRESENTATIVE})))
    bo = given(board, Role.REPRESENTATIVE)
    waits = board.refused(bo, "try act").what
    assert waits.startswith("An administrator gave you this account or role less than a day ago, Bo. It acts from ")
    assert board.dispatcher.actor("slack", "T0HOME", "UBO").organisation is None
    board.now = TUESDAY + timedelta(days=1, minutes=-1)
    assert board.ask(bo, "try act") == DONE, "Board.ask lets a minute pass: it is the day's last moment"
    assert board.dispatcher.actor("slack", "T0HOME", "UBO").organisation == "cast"


def test_a_role_that_waits_puts_off_nothing_that_another_allows(tmp_path):
    board = board_of(tmp_path, act(who=frozenset({Role.PRESS})), act(verb="sign", who=frozenset({Role.REPRESENTATIVE})))
    bo = given(board, Role.REPRESENTATIVE, Role.PRESS)
    assert board.ask(bo, "try act") == DONE
    assert "acts from" in board.refused(bo, "try sign").what
    assert board.refused(bo, "no such").what == NOT_YOURS


def test_who_represents_an_organization_that_is_no_member_has_no_such_role(tmp_path):
    board = board_of(tmp_path, act())
    board.add("Rep", Role.REPRESENTATIVE, Role.PRESS, organisation="gone")
    actor = board.dispatcher.actor("slack", "T0HOME", "UREP")
    assert (actor.organisation, actor.roles) == (None, {Role.PRESS})


def test_a_person_is_offered_exactly_the_commands_of_their_roles(tmp_path):
    board = board_of(tmp_path, act(), act(verb="press", who=frozenset({Role.PRESS})))
    assert [each.path for each in board.dispatcher.table] == ["try act", "try press"]
    bo = board.add("Bo", Role.PRESS)
    for person, paths in ((board.admin, ["try act"]), (bo, ["try act", "try press"])):
        actor = board.dispatcher.actor("slack", "T0HOME", person.accounts[0].user)
        assert [each.path for each in board.dispatcher.commands_for(actor)] == paths
    stranger = Actor(platform="slack", team="", user="x", roles=frozenset(Role))
    assert board.dispatcher.commands_for(stranger) == ()


# --- completion -------------------------------------------------------------------------------------------------------


def offered(board, person, param, typed="", path="try act"):
    found = asyncio.run(board.dispatcher.complete(board.call(person, path), param, typed))
    return [choice.value for choice in found]


def test_choices_are_offered_by_what_was_typed_and_only_for_a_parameter_of_the_command(tmp_path):
    kinds = Param("kind", "which", choices=(Choice("email", "By email"), Choice("post", "By post")))
    board = board_of(tmp_path, act(params=(NOTE, kinds)))
    assert offered(board, board.admin, "kind") == ["email", "post"]
    assert offered(board, board.admin, "kind", "pos") == ["post"]
    assert offered(board, board.admin, "note") == offered(board, board.admin, "other") == []
    assert offered(board, board.admin, "kind", path="no such") == []
    assert offered(board, account("UGUEST"), "kind") == []


def test_no_more_is_offered_than_discord_shows_and_no_value_is_cut(tmp_path):
    def complete(ctx, typed):
        values = ["x" * 101, "y" * 100, *(f"{typed}{n}" for n in range(30))]
        return [Choice(value, ctx.actor.name * 40) for value in values]

    board = board_of(tmp_path, act(params=(Param("letter", "which", complete=complete),)))
    found = board.dispatcher.offer(board.call(board.admin, "try act"), "letter", "L-")
    assert [choice.value for choice in found] == ["y" * 100, *(f"L-{n}" for n in range(24))]
    assert {choice.label for choice in found} == {("Ada" * 40)[:100]}


@pytest.mark.parametrize(("error", "logged"), [(StoreBusy("busy"), 0), (ValueError("bug"), 1)])
def test_a_completion_that_fails_offers_nothing_and_only_a_bug_is_logged(tmp_path, caplog, error, logged):
    def complete(ctx, typed):
        raise error

    board = board_of(tmp_path, act(params=(Param("letter", "which", complete=complete),)))
    assert offered(board, board.admin, "letter") == []
    assert len(caplog.records) == logged


# --- a page of the site -----------------------------------------------------------------------------------------------


def test_a_page_is_read_for_a_role_and_cannot_write(tmp_path):
    board = board_of(tmp_path, act())
    call = board.call(board.admin, "try act")

    def view(who, work):
        return asyncio.run(board.dispatcher.view(call, frozenset({who}), work))

    assert view(Role.ADMINISTRATOR, lambda ctx: (ctx.actor.name, ctx.now)) == ("Ada", board.now)
    assert view(Role.PRESS, lambda ctx: "secret") == Refusal(NOT_YOURS)
    bug = view(Role.ADMINISTRATOR, lambda ctx: ctx.tx.execute("DELETE FROM person"))
    assert bug.what.startswith("Something went wrong on our side")
    assert board.person("Ada")


# --- promises ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "noted"), [("try act", "try act"), ("what I typed", "")])
def test_what_a_chat_is_promised_is_noted_until_it_is_answered(tmp_path, path, noted):
    board = board_of(tmp_path, act())
    call = board.call(board.admin, path, "ID1")

    async def promise():
        async with board.dispatcher.promised(call):
            return [dict(row) for row in board.db.read("SELECT * FROM promise")]

    row = {"key": "slack:ID1", "person_id": board.admin.id, "path": noted, "at": to_text(board.now)}
    assert asyncio.run(promise()) == [row]
    assert board.db.read("SELECT * FROM promise") == []
