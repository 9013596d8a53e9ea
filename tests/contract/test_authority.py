"""Who may do what: every command of the table, for every role, organisation, workspace and kind of guest."""

from __future__ import annotations

import asyncio
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import EVERYONE, Command, Form, Param, Refusal, Refused, Reply, Role
from bot.letters import records as letters
from bot.ops.retention import forget
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.card import Card, Mark
from tests.kit.board import CONFIG, Board, account, every_command, run, words
from tests.kit.letters_desk import Desk, config

DONE = Reply(card=Card(mark=Mark.ANSWER, head="done"))
COMMANDS = every_command()


def stand_in(command, handler=lambda desk, args: DONE):
    """The command as the table has it, doing nothing: who may is asked of the dispatcher alone."""
    return replace(command, params=(), fetch=None, prepare=None, handler=handler)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return Board(tmp_path_factory.mktemp("matrix"), [stand_in(command) for command in COMMANDS])


def allowed(board, person, command):
    answer = board.ask(person, command.path)
    assert answer == DONE or isinstance(answer, Refusal)
    return answer == DONE


ROLES = [frozenset(), *(frozenset({role}) for role in Role), frozenset({Role.PRESS, Role.APPROVER})]
ORGANISATIONS = [None, "cast", "polaris", "no-member-any-more"]
PLACES = [("slack", "T0HOME"), ("slack", "T0THEIRS"), ("discord", "1100000000000000001"), ("console", "")]


@pytest.fixture(scope="module")
def people(board):
    """A person with each set of roles, of each organization, in each workspace; linked guests are in another's."""
    kinds = itertools.product(ROLES, ORGANISATIONS, PLACES)
    outcomes = []
    with board.db.write() as tx:
        for n, (roles, organisation, (platform, team)) in enumerate(kinds):
            who = (Account(platform, team, f"U0P{n}"),)
            person = Person(id=f"p{n}", name=f"P{n}", organisation=organisation, roles=roles, accounts=who)
            records.add(tx, person, by=None, now=board.now)
            speaks = organisation in CONFIG.coalition.members
            outcomes.append((roles if speaks else roles - {Role.REPRESENTATIVE}, person))
    return outcomes


def mostly_long(commands):
    """With --quick one command of each set of roles, which is all that they differ in here."""
    one_each = {command.who: command.path for command in commands}.values()
    return [each if each.path in one_each else pytest.param(each, marks=pytest.mark.long) for each in commands]


@pytest.mark.sqlite  # of the store it asks who calls, as the tests below do on both kinds
@pytest.mark.parametrize("command", mostly_long(COMMANDS), ids=lambda c: c.path)
def test_a_command_is_done_for_its_roles_and_for_nobody_else(board, people, command):
    calls = [board.call(person, command.path) for _, person in people]

    async def everybody():
        return await asyncio.gather(*map(board.dispatcher.answer, calls))

    for (roles, person), answer in zip(people, run(everybody()), strict=True):
        assert answer == DONE or isinstance(answer, Refusal)
        assert (answer == DONE) is bool(roles & command.who), (roles, person)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.path)
def test_a_person_who_is_not_linked_is_refused_whatever_they_ask(board, people, command):
    first_account = people[-1][1].accounts[0]
    for stranger in (
        account("U0GUEST"),  # an unlinked guest of the home workspace
        account("U0GUEST", "T0STRANGE"),  # a user of an unknown workspace
        account(first_account.user, "T0STRANGE"),  # a known user id, from another workspace
        Account("discord", first_account.team, first_account.user),  # the same ids on another platform
        Account("slack", "", first_account.user),
        Account("console", "", "nobody"),
    ):
        assert "is not linked yet" in board.refused(stranger, command.path).what


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.path)
def test_who_left_and_who_was_unlinked_is_refused(board, command):
    gone, unlinked = (board.add(name, *Role, organisation="cast", user=board.new_id()) for name in ("Gone", "Cut"))
    with board.db.write() as tx:
        records.remove(tx, gone, now=board.now)
        records.change(tx, unlinked, replace(unlinked, accounts=()), by=None, now=board.now)

    assert not allowed(board, gone, command)
    assert not allowed(board, unlinked, command)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.who != EVERYONE], ids=lambda c: c.path)
def test_what_is_forbidden_is_answered_like_what_is_not_there(board, command):
    outsider = board.add(f"Out {command.path}", *(EVERYONE - command.who), organisation="cast", user=board.new_id())

    assert board.refused(outsider, command.path) == board.refused(outsider, "no such")


def test_what_one_may_do_is_what_one_is_offered(board, people):
    for roles, person in people:
        who = person.accounts[0]
        actor = board.dispatcher.actor(who.platform, who.team, who.user)
        offered = {command.path for command in board.dispatcher.commands_for(actor)}
        assert offered == {command.path for command in COMMANDS if command.who & actor.roles}, roles
    assert board.dispatcher.commands_for(board.dispatcher.actor("slack", "T0HOME", "U0GUEST")) == ()


# --- one request, one person, one organisation, at the time it is done ------------------------------------------------


def act(name="act", handler=lambda desk, args: DONE, **rest):
    rest = {"changes": True} | rest
    return Command(group="try", verb=name, help="Try", example=f"/try {name}", handler=handler, **rest)


def sign(desk, args):
    """As a sign-on will be: for the actor's own organisation, whatever the button says."""
    if args["for"] != desk.actor.organisation:
        raise Refused("That is not yours to sign.")
    desk.note(f"signature of {desk.actor.organisation}", "", "signed")
    return DONE


SIGN = act("sign", sign, params=(Param("for", "member"),), who=frozenset({Role.REPRESENTATIVE}))


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    board = Board(tmp_path_factory.mktemp("members"), [SIGN])
    return board, {id_: board.add(id_, Role.REPRESENTATIVE, organisation=id_) for id_ in CONFIG.coalition.members}


@pytest.mark.long
@pytest.mark.parametrize("whose", list(CONFIG.coalition.members))
@pytest.mark.parametrize("organisation", list(CONFIG.coalition.members))
def test_a_member_signs_for_itself_and_for_no_other(members, whose, organisation):
    board, people = members
    before = len(board.changes())

    answer = board.ask(people[organisation], "try sign", for_=whose)

    assert (answer == DONE) is (whose == organisation)
    assert len(board.changes()) - before == (whose == organisation)


@pytest.fixture(scope="module")
def signing(tmp_path_factory):
    """A letter that polaris signed itself, that hti declined, and under which staff recorded ciw."""
    desk = Desk(tmp_path_factory.mktemp("signing"))
    desk.opened()
    desk.signs("polaris")
    desk.card(desk.reps["hti"], "letter decline", letter="L-1", reason="No.")
    desk.records("ciw")
    desk.decided = letters.sign_ons(desk.db, desk.letter().id)
    return desk


SIGNING = ("sign", "decline", "unsign", "object", "suggest")


@pytest.mark.parametrize("verb", SIGNING)
@pytest.mark.parametrize("whose", ["polaris", "hti", "ciw"])
def test_what_one_presses_on_another_member_s_card_is_done_for_one_s_own(signing, whose, verb):
    """Whatever a button or form carries: nobody's decision changes but that of the one who pressed."""
    letter = signing.letter()
    before = signing.decided[whose]
    with signing.db.write() as tx:  # as it was, whatever it pressed on others' cards
        letters.save_sign_ons(tx, letter.id, [before])
    args = {"letter": letter.id, "text": letter.version.digest, "agree": "yes", "signatory": "Eve", "title": "CEO",
            "reason": "x", "suggestion": "x"}  # fmt: skip
    params = {param.name for command in COMMANDS if command.path == f"letter {verb}" for param in command.params}
    for organisation, rep in signing.reps.items():
        if organisation != whose:
            signing.ask(rep, f"letter {verb}", **{name: value for name, value in args.items() if name in params})
            signing.ask(rep, f"letter {verb}", **args, organisation=whose)  # a forged payload

    assert letters.sign_ons(signing.db, letter.id)[whose] == before


NOT_POLICY = [roles for roles in ROLES if not roles & {Role.ADMINISTRATOR, Role.POLICY}]


@pytest.mark.parametrize("roles", NOT_POLICY, ids=lambda roles: "+".join(sorted(roles)) or "none")
@pytest.mark.parametrize("path", ["letter record", "letter allies", "settings member"])
def test_nobody_else_records_signatures_or_sets_names(signing, path, roles):
    who = signing.add(f"{path} {sorted(roles)}", *roles, organisation="cast", user=signing.new_id())
    before = signing.everything()

    assert isinstance(signing.ask(who, path, letter="L-1", member="verite", name="Verite, Inc."), Refusal)
    assert signing.everything() == before


def test_the_name_under_a_letter_is_never_what_the_signer_sent(signing):
    for id_, rep in signing.reps.items():
        sent = {"letter": "L-1", "text": signing.text(), "agree": "yes", "signatory": "Eve", "title": "CEO"}
        for name in ("legal-name", "organization", "name"):
            assert isinstance(signing.ask(rep, "letter sign", **sent, **{name: "Polaris"}), Refusal)
        signing.ask(rep, "letter sign", **sent)
        signed = letters.sign_ons(signing.db, signing.letter().id)[id_]
        assert signed.legal_name == CONFIG.coalition.members[id_].name


def test_who_represents_a_member_that_has_gone_represents_nobody(tmp_path):
    board = Board(tmp_path, [SIGN, act("look", changes=False)])
    person = board.add("Rep", Role.REPRESENTATIVE, Role.PRESS, organisation="former")

    assert "no such command" in board.refused(person, "try sign", for_="former").what
    assert board.ask(person, "try look") == DONE


def test_a_request_that_comes_again_is_done_once(tmp_path):
    done = []
    board = Board(
        tmp_path, [act(handler=lambda desk, args: desk.note("L-001", "", "locked") or done.append(1) or DONE)]
    )

    assert board.ask(board.admin, "try act", "same") == DONE
    assert board.ask(board.admin, "try act", "same").repeat
    assert done == [1]


def test_a_request_that_was_answered_with_a_form_may_come_again(tmp_path):
    """Nothing was done yet: a lost form is asked for once more under the same id."""
    form = Form(title="More", path="try act", fields=())
    board = Board(tmp_path, [act(handler=lambda desk, args: Reply(form=form))])

    assert [board.ask(board.admin, "try act", "same").form for _ in range(2)] == [form, form]


def test_a_request_that_comes_twice_at_one_moment_is_done_once(tmp_path):
    done, checked, both_checked = [], [], asyncio.Event()

    async def fetch(fetching, args):
        checked.append(1)
        if len(checked) == 2:
            both_checked.set()
        await both_checked.wait()

    def handler(desk, args):
        desk.note("L-001", "", "locked")
        return done.append(1) or DONE

    board = Board(tmp_path, [act(handler=handler, fetch=fetch)])
    call = board.call(board.admin, "try act", "same")

    async def both():
        return await asyncio.gather(board.dispatcher.answer(call), board.dispatcher.answer(call))

    answers = asyncio.run(both())
    assert sorted(answer.repeat for answer in answers) == [False, True]
    (repeat,) = [answer for answer in answers if answer.repeat]
    assert repeat.card.head == "That was already done."
    assert done == [1]


def test_the_same_id_on_another_platform_is_another_request(tmp_path):
    board = Board(tmp_path, [act()])
    call = board.call(board.admin, "try act", "same")
    board.send(call)

    assert "is not linked yet" in board.send(replace(call, platform="discord")).what


def test_a_request_is_remembered_for_ten_days(tmp_path):
    board = Board(tmp_path, [act(handler=lambda desk, args: desk.note("L-001", "", "locked") or DONE)])
    board.ask(board.admin, "try act", "old")
    board.now += timedelta(days=9)
    assert board.ask(board.admin, "try act", "old").repeat

    board.now += timedelta(days=3)
    with board.db.write() as tx:
        forget(tx, board.config.coalition, board.now)
    board.ask(board.admin, "try act", "new")
    assert [row["key"] for row in board.db.read("SELECT key FROM inbox")] == ["slack:new"]


def test_a_refused_request_may_be_sent_again(tmp_path):
    board = Board(tmp_path, [SIGN])
    person = board.add("Rep", Role.REPRESENTATIVE, organisation="cast")
    board.ask(person, "try sign", "same", for_="polaris")

    assert isinstance(board.ask(person, "try sign", "same", for_="polaris"), Refusal)


@pytest.mark.parametrize("how", ["role", "account", "person"])
def test_authority_that_is_taken_away_while_the_network_is_asked_is_gone(tmp_path, how):
    done = []

    async def fetch(fetching, args):
        cut = {"role": replace(bo, roles=frozenset()), "account": replace(bo, accounts=())}
        with board.db.write() as tx:
            if how in cut:
                records.change(tx, bo, cut[how], by=None, now=board.now)
            else:
                records.remove(tx, bo, now=board.now)

    board = Board(tmp_path, [act(handler=lambda desk, args: done.append(1) or DONE, fetch=fetch)])
    bo = board.add("Bo", Role.POLICY)

    assert isinstance(board.ask(bo, "try act"), Refusal)
    assert done == []


def test_nothing_is_fetched_for_those_who_may_not_nor_for_what_does_not_fit(tmp_path):
    fetched = []

    async def fetch(fetching, args):
        fetched.append(fetching)

    command = act(fetch=fetch, who=frozenset({Role.ADMINISTRATOR}), params=(Param("n", "n", longest=3),))
    board = Board(tmp_path, [command], fetching="net")
    bo = board.add("Bo", Role.POLICY)

    board.ask(bo, "try act", n="1")
    board.ask(board.admin, "try act", n="long")
    board.ask(board.admin, "try act", n="1", more="x")
    assert fetched == []
    board.ask(board.admin, "try act", n="1")
    assert fetched == ["net"]


def test_completion_offers_nothing_to_those_who_may_not_use_the_command(tmp_path):
    board = Board(tmp_path)
    bo = board.add("Bo", Role.PRESS)

    def offered(who, typed=""):
        return asyncio.run(board.dispatcher.complete(board.call(who, "people role"), "person", typed))

    assert [choice.label for choice in offered(board.admin)] == ["Ada", "Bo"]
    assert offered(board.admin, "a")[0].value == board.admin.id
    assert offered(bo) == []
    assert offered(account("U0GUEST")) == []


def test_fifty_people_at_one_moment_are_all_answered_and_hold_one_thread(tmp_path):
    at_once, most = [], []

    def handler(desk, args):
        at_once.append(1)
        most.append(len(at_once))
        desk.note("it", "", desk.actor.name)
        at_once.pop()
        return DONE

    board = Board(tmp_path, [act(handler=handler)])
    people = [board.add(f"P{n}", Role.POLICY) for n in range(50)]

    async def everyone():
        return await asyncio.gather(*(board.dispatcher.answer(board.call(each, "try act")) for each in people))

    assert asyncio.run(everyone()) == [DONE] * 50
    assert max(most) == 1
    assert {change.after for change in board.changes()} == {person.name for person in people}


def test_who_only_asks_waits_for_nobody_who_writes(tmp_path):
    board = Board(tmp_path, [act("look", changes=False)])
    with board.db.write():
        answer = board.ask(board.admin, "try look")

    assert answer == DONE


def test_what_takes_long_is_found_before_the_writers_lock_is_taken(tmp_path):
    def prepare(desk, args):
        with pytest.raises(PermissionError):
            desk.tx.execute("DELETE FROM person")
        with ThreadPoolExecutor(1) as other:
            other.submit(written).result()
        return desk.actor.name

    def written():
        with board.db.write() as tx:
            tx.execute("UPDATE person SET name = 'Eve'")

    def handler(desk, args):
        desk.note("it", desk.prepared, desk.actor.name)
        return DONE

    board = Board(tmp_path, [act(handler=handler, prepare=prepare)])

    assert board.ask(board.admin, "try act") == DONE
    assert [(change.before, change.after) for change in board.changes()] == [("Ada", "Eve")]


def test_an_answer_is_read_from_one_moment(tmp_path):
    def look(desk, args):
        (before,) = desk.tx.read("SELECT COUNT(*) AS n FROM person")
        with ThreadPoolExecutor(1) as other:
            other.submit(board.add, "Bo").result()
        (after,) = desk.tx.read("SELECT COUNT(*) AS n FROM person")
        assert before == after
        return DONE

    board = Board(tmp_path, [act(handler=look, changes=False)])

    assert board.ask(board.admin, "try act") == DONE
    assert len(board.db.read("SELECT * FROM person")) == 2


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A letter in review, and nothing else: lists say how to begin."""
    ours = config()
    empty = replace(ours, coalition=ours.coalition.model_copy(update={"bills": {}}))
    desk = Desk(tmp_path_factory.mktemp("hints"), empty)
    name = desk.drafted().name
    desk.card(desk.pol, "letter review", letter=name)
    return desk


LISTS = [
    command
    for command in COMMANDS
    if not (command.changes or command.fetch or any(param.required for param in command.params))
]


@pytest.mark.parametrize("role", Role)
def test_no_list_names_a_command_that_its_reader_may_not_use(desk, role):
    reader = next((each for each in (desk.admin, desk.pol, desk.app, desk.reps["cast"]) if role in each.roles), None)
    reader = reader or desk.add("Reader", role)
    theirs = {command.path for command in COMMANDS if role in command.who}
    wrong = []
    for command in LISTS:
        if command.path in theirs and isinstance(answer := desk.ask(reader, command.path), Reply) and answer.card:
            named = {" ".join(pair) for pair in re.findall(r"/([a-z]+) ([a-z-]+)", words(answer.card))}
            wrong += [f"/{command.path} names /{path}" for path in {c.path for c in COMMANDS} & named - theirs]
    assert wrong == []
