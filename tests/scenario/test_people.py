"""Administrators, and no one else, link people, give them roles, import them from a table, and remove them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from pydantic import ValidationError

from bot.app.application import build
from bot.commands.model import Refusal, Reply, Role, Work
from bot.config.coalition import Coalition
from bot.config.settings import Settings
from bot.letters import lookup
from bot.people import dispatch, records
from bot.people.model import Account
from bot.people.records import console_actor, seed
from bot.store.database import InterruptibleTransaction
from tests.kit import stores
from tests.kit.board import CONFIG, TUESDAY, Board, account, press, words
from tests.kit.commands import Office
from tests.kit.effort import lines_run

HEAD = "name,organization,roles,accounts\n"


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path)


def link(board, **changes):
    args = {"account": "slack:T0HOME/U0MARIA", "name": "Maria Lopez", "organization": "CAST"} | changes
    return board.ask(board.admin, "people link", **args)


def test_a_stranger_learns_their_account_and_is_linked_and_can_act(board):
    stranger = account("U0MARIA")
    notices = board.refused(stranger, "campaign me")
    assert "slack:T0HOME/U0MARIA" in notices.what
    assert "administrator of ATEST can link it" in notices.what

    assert "representative" in words(link(board).card)

    board.now += timedelta(days=1)
    assert "Signed in as Maria Lopez, CAST. Role: representative" in words(board.card(stranger, "campaign me"))
    (change,) = board.changes()
    assert (change.who, change.origin, change.subject) == ("Ada", "slack T0HOME C1", "Maria Lopez")
    assert change.after == "CAST · representative · slack:T0HOME/U0MARIA"


def test_the_same_user_id_of_another_workspace_stays_a_stranger(board):
    link(board)

    assert board.dispatcher.actor("slack", "T0OTHER", "U0MARIA").person is None
    assert board.dispatcher.actor("discord", "T0HOME", "U0MARIA").person is None


def test_who_has_no_organization_is_looked_up_without_the_configuration(tmp_path):
    """Each reading of it is two more statements, and on PostgreSQL each waits for the server."""

    class Reading(Office):
        reads = 0

        @property
        def config(self):
            self.reads += 1
            return super().config

    office = Reading(tmp_path)
    assert office.dispatcher.actor("slack", "T1", "ada").roles == {Role.POLICY}
    assert office.dispatcher.actor("slack", "T1", "stranger").person is None
    assert office.reads == 0
    assert office.dispatcher.actor("slack", "T1", "dee").organisation == "cast"
    assert office.reads == 1


def test_a_mention_links_a_person_of_the_workspace_it_is_written_in(board):
    link(board, account="<@U0MARIA|maria>")

    assert board.dispatcher.actor("slack", "T0HOME", "U0MARIA").name == "Maria Lopez"


def test_a_second_account_is_the_same_person(board):
    link(board)
    board.ask(board.admin, "people link", account="discord:11000000/22000000", name="maria lopez")

    maria = board.person("Maria Lopez")
    assert len(maria.accounts) == 2
    assert board.dispatcher.actor("discord", "11000000", "22000000").person == maria.id


@pytest.mark.parametrize(
    ("changes", "param", "says"),
    [
        ({"account": "@maria"}, "account", "finds theirs with /campaign me"),
        ({"account": "slack:T0HOME/UADA"}, "account", "Ada's account"),
        ({"organization": "Acme"}, "organization", "The members are: ciw"),
        ({"organization": "", "name": "New"}, "role", "Give a role"),
        ({"organization": "", "role": "representative", "name": "New"}, "organization", "Choose one"),
        ({"name": "Ada", "organization": "polaris"}, "name", "use another name"),
        ({"role": "boss"}, "role", "administrator"),
    ],
)
def test_a_link_that_cannot_be_is_refused_and_nothing_is_written(board, changes, param, says):
    before = board.everything()
    answer = link(board, **changes)

    assert isinstance(answer, Refusal)
    assert answer.param == param
    assert says in answer.what
    assert board.everything() == before


def test_an_account_of_a_server_that_the_coalition_does_not_answer_in_is_refused(board, tmp_path):
    """DISCORD_GUILD_ID names the only server whose commands reach the coalition, so the account could never act."""
    link(board)
    link(board, account="discord:22000000/33000000")  # from before the server was set
    settings = Settings(_env_file=None, database_url=stores.url(tmp_path / "board.db"), discord_guild_id="11000000")
    with build(settings, CONFIG) as app:
        board.config = app.config
    exported = board.ask(board.admin, "people export").file.data.decode("utf-8-sig")
    before = board.everything()

    answer = link(board, account="discord:22000000/44000000")
    assert answer.param == "account"
    assert "answers only in server 11000000 (DISCORD_GUILD_ID), so write discord:11000000/44000000" in answer.what
    table = f"{exported}Good,,press,slack:T0HOME/U0GOOD\nOther,,press,discord:22000000/55000000\n"
    refused = board.refused(board.admin, "people import", csv=table)
    assert "Nothing was imported. Line 5: discord:22000000/55000000 is an account of another" in refused.what
    assert board.everything() == before

    assert "unchanged" in board.card(board.admin, "people import", csv=exported).head
    board.ask(board.admin, "people unlink", account="discord:22000000/33000000")
    assert "is linked as" in link(board, account="discord:11000000/33000000").card.head


def test_a_coalition_without_members_says_where_to_add_them(board):
    board.config = replace(CONFIG, coalition=CONFIG.coalition.model_copy(update={"members": {}}))
    assert "no member “CAST”. There are no members yet: add them under `members:`" in link(board).what


def test_linking_what_is_linked_says_so_and_writes_nothing(board):
    link(board)
    before = board.everything()

    assert "already" in link(board).card.head
    assert board.everything() == before


def test_a_button_without_what_it_needs_asks_for_it(board):
    answer = press(board, board.admin, board.card(board.admin, "people list"), "Link someone")

    assert [field.param.name for field in answer.form.fields] == ["account", "name", "organization", "role"]


def test_an_account_that_is_unlinked_is_a_stranger_s_at_once(board):
    link(board)
    board.ask(board.admin, "people unlink", account="slack:T0HOME/U0MARIA")

    assert "is not linked yet" in board.refused(account("U0MARIA"), "campaign me").what


def test_roles_are_given_and_taken(board):
    link(board)
    board.ask(board.admin, "people role", person="maria", give="approver")
    assert board.person("Maria Lopez").roles == {Role.REPRESENTATIVE, Role.APPROVER}

    board.ask(board.admin, "people role", person="Maria Lopez", take="representative")
    assert board.person("Maria Lopez").roles == {Role.APPROVER}
    assert [change.command for change in board.changes()] == ["people link", "people role", "people role"]


def test_a_person_without_a_role_learns_that(board):
    link(board)
    board.ask(board.admin, "people role", person="Maria Lopez", take="representative")

    assert "have no role here" in board.refused(account("U0MARIA"), "campaign help").what


def test_a_part_of_a_name_that_two_people_have_is_not_guessed(board):
    board.add("Maria One", Role.PRESS)
    board.add("Maria Two", Role.PRESS)

    assert (
        "could be Maria One, Maria Two" in board.refused(board.admin, "people role", person="maria", give="policy").what
    )


def test_leaving_removes_what_they_follow_and_when_they_may_be_notified(board):
    maria = board.add("Maria Lopez", Role.POLICY)
    board.card(maria, "campaign follow", what="ask:1", when="now")
    board.card(maria, "campaign quiet", hours="18:00-08:00")
    board.card(board.admin, "campaign follow", what="ask:1", when="now")

    board.card(board.admin, "people leave", person="Maria Lopez", sure="yes")

    assert {row["person_id"] for row in board.db.read("SELECT person_id FROM preference")} == {board.admin.id}


def test_leaving_takes_every_account_and_role_after_one_question(board):
    link(board)
    asked = board.card(board.admin, "people leave", person="Maria Lopez")
    assert board.person("Maria Lopez") is not None

    press(board, board.admin, asked, "Yes, they have left")

    assert board.person("Maria Lopez") is None
    assert "is not linked yet" in board.refused(account("U0MARIA"), "campaign me").what
    assert board.db.read("SELECT * FROM person_role WHERE person_id <> :id", {"id": board.admin.id}) == []
    assert board.changes()[-1].after == "left"


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("people unlink", {"account": "slack:T0HOME/UADA"}),
        ("people role", {"person": "Ada", "take": "administrator"}),
        ("people leave", {"person": "Ada", "sure": "yes"}),
        ("people import", {"csv": HEAD + "Ada,,policy,slack:T0HOME/UADA"}),
    ],
)
def test_the_last_administrator_cannot_go_from_a_chat_but_from_the_console(board, path, args):
    before = board.everything()
    assert "last administrator" in board.refused(board.admin, path, **args).what
    assert board.everything() == before

    with board.db.write() as tx:
        console_actor(tx, CONFIG.coalition, "administrator", board.now, new_id=board.new_id)
    assert isinstance(board.ask(Account("console", "", "administrator"), path, **args), Reply)


def test_people_go_out_as_csv_and_come_back_changed(board):
    link(board)
    exported = board.ask(board.admin, "people export")
    text = exported.file.data.decode("utf-8-sig").replace("representative", "representative press")

    answer = board.card(board.admin, "people import", csv=text + "New Person,polaris,policy,slack:T0HOME/U0NEW\n")

    assert answer.head == "Imported: 1 new, 1 changed, 1 unchanged"
    assert board.person("Maria Lopez").roles == {Role.REPRESENTATIVE, Role.PRESS}
    assert board.dispatcher.actor("slack", "T0HOME", "U0NEW").name == "New Person"
    assert [change.subject for change in board.changes()][1:] == ["Maria Lopez", "New Person"]


def test_a_table_with_one_slip_changes_nobody(board):
    before = board.everything()
    text = HEAD + "Good,,press,slack:T0HOME/U0GOOD\nThief,,press,slack:T0HOME/UADA"

    assert "Line 3: slack:T0HOME/UADA is Ada's account" in board.refused(board.admin, "people import", csv=text).what
    assert board.everything() == before


def test_a_person_who_is_in_a_table_by_id_and_by_name_is_in_it_twice(board):
    link(board)
    maria, before = board.person("Maria Lopez"), board.everything()
    text = HEAD + f"{maria.id},,press,slack:T0HOME/UONE\nMaria Lopez,,policy,slack:T0HOME/UTWO"

    assert "Line 3: Maria Lopez is already in line 2" in board.refused(board.admin, "people import", csv=text).what
    assert board.everything() == before


def test_people_are_found_by_name_organisation_and_role(board):
    link(board)
    board.add("Bo", Role.PRESS)

    assert "Maria" in words(board.card(board.admin, "people list"))
    for wanted in ("maria", "CAST", "representative", "u0maria"):
        assert board.card(board.admin, "people list", find=wanted).head == "Maria Lopez"
    assert "No one among" in board.card(board.admin, "people list", find="zebra").head


def test_buttons_that_change_people_are_shown_to_administrators_alone(board):
    policy = board.add("Bo", Role.POLICY)

    assert board.card(policy, "people list").buttons == ()
    assert board.card(policy, "people list", find="Ada").buttons == ()
    assert board.card(board.admin, "people list").buttons != ()


def test_many_people_fit_an_answer(board):
    for number in range(40):
        board.add(f"Person{number:02}", Role.REPRESENTATIVE, organisation="polaris")

    card = board.card(board.admin, "people list")
    assert len(card.lines) <= 9
    assert "and 34 more" in card.lines[-1].text


# --- the first administrators, and the console ------------------------------------------------------------------------


def seeded(board, *accounts):
    coalition = CONFIG.coalition.model_copy(update={"administrators": accounts})
    with board.db.write() as tx:
        seed(tx, coalition, TUESDAY, new_id=board.new_id)
    return coalition


@pytest.mark.parametrize(
    ("account_", "good"),
    [
        ("slack:T0HOME/U0FIRST", True),
        ("discord:1100000000000000000/2200000000000000000", True),
        ("slack:U0FIRST", False),
        ("console:policy", False),
        ("@ada", False),
    ],
)
def test_an_administrator_of_the_file_is_an_exact_account(account_, good):
    needed = {"id", "name", "short", "contact", "asks"}
    given = CONFIG.coalition.model_dump(include=needed) | {"administrators": [account_]}

    with nullcontext() if good else pytest.raises(ValidationError):
        Coalition.model_validate(given)


def without_ada(board):
    with board.db.write() as tx:
        records.remove(tx, board.admin, now=TUESDAY)


def test_the_file_names_the_first_administrators(board):
    without_ada(board)
    seeded(board, "slack:T0HOME/U0FIRST", "discord:11000000/22000000")
    seeded(board, "slack:T0HOME/U0FIRST", "discord:11000000/22000000")

    assert board.dispatcher.actor("slack", "T0HOME", "U0FIRST").roles == {Role.ADMINISTRATOR}
    assert board.dispatcher.actor("discord", "11000000", "22000000").roles == {Role.ADMINISTRATOR}
    assert len(records.people(board.db)) == 2


def test_the_file_does_not_bring_back_people_removed_in_chat(board):
    seeded(board, "slack:T0HOME/U0GONE")

    assert board.dispatcher.actor("slack", "T0HOME", "U0GONE").person is None


def test_the_console_s_stand_in_does_not_keep_the_first_administrators_out(board):
    without_ada(board)
    with board.db.write() as tx:
        console_actor(tx, CONFIG.coalition, "administrator", board.now, new_id=board.new_id)
    seeded(board, "slack:T0HOME/U0FIRST")

    assert board.dispatcher.actor("slack", "T0HOME", "U0FIRST").roles == {Role.ADMINISTRATOR}


def test_a_known_person_named_in_the_file_keeps_what_they_are(board):
    board.add("Bo", Role.POLICY)
    without_ada(board)
    seeded(board, "slack:T0HOME/UBO")

    assert board.person("Bo").roles == {Role.POLICY, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REPRESENTATIVE])
def test_the_console_acts_for_a_role_and_is_one_person(board, role):
    for _ in range(2):
        with board.db.write() as tx:
            actor = console_actor(tx, CONFIG.coalition, role.value, board.now, new_id=board.new_id)

    assert (actor.name, actor.roles) == (f"console ({role.value})", {role})
    assert actor == board.dispatcher.actor("console", "", role.value)
    assert len(records.people(board.db)) == 2


def test_the_console_acts_for_a_representative_of_a_member(board):
    with board.db.write() as tx:
        actor = console_actor(tx, CONFIG.coalition, "representative:cast", board.now, new_id=board.new_id)

    assert (actor.organisation, actor.roles) == ("cast", {Role.REPRESENTATIVE})


@pytest.mark.parametrize("word", ["boss", "", "representative", "representative:acme", "policy:cast"])
def test_the_console_acts_for_nobody_else(board, word):
    with pytest.raises(Exception, match=r"no role|representative:MEMBER"), board.db.write() as tx:
        console_actor(tx, CONFIG.coalition, word, board.now, new_id=board.new_id)


def test_names_are_read_without_everyones_roles_and_accounts(board):
    people = [board.add(f"Person {number}") for number in range(9)]
    statements = list[None]()
    with board.db.write() as tx:
        counted = InterruptibleTransaction(tx, lambda: bool(statements.append(None)))
        assert records.names(counted)[people[3].id] == "Person 3"
        assert len(statements) == 1

        work = Work(tx=counted, config=board.config, now=board.now, new_id=board.new_id)
        assert lookup.name_of(work, people[3].id) == "Person 3"
        assert lookup.name_of(work, "unknown") == lookup.GONE
        assert len(statements) < 9


def test_everyone_is_read_in_as_few_statements_as_one(board):
    people = [board.add(f"Person {number}", Role.POLICY) for number in range(9)]
    statements = list[None]()
    with board.db.write() as tx:
        counted = InterruptibleTransaction(tx, lambda: bool(statements.append(None)))
        everyone = records.people(counted)

    assert len(statements) == 3
    assert {each.id: (each.roles, each.accounts) for each in people}.items() <= {
        each.id: (each.roles, each.accounts) for each in everyone
    }.items()


@pytest.mark.long
def test_a_line_of_an_import_is_as_much_work_among_many_people(tmp_path, monkeypatch):
    async def at_once(work, *args):
        return work(*args)

    monkeypatch.setattr(dispatch, "for_people", at_once)  # in this thread, whose lines are counted

    def per_line(people):
        (folder := tmp_path / str(people)).mkdir()
        board = Board(folder)
        rows = [f"Nia {n},,press,slack:T0HOME/U{n:05}" for n in range(people)]
        csv = "\n".join(["name,organization,roles,accounts", *rows])
        board.card(board.admin, "people import", csv=csv)
        again = partial(board.card, board.admin, "people import", csv=csv)
        assert again().head == f"Imported: 0 new, 0 changed, {people} unchanged"
        return lines_run(again) / people

    assert per_line(400) < 1.1 * per_line(50)
