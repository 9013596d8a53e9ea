"""Typed commands: what they ask for, and the answers to typing errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.typed import Elsewhere, NoVerb, Typed, Unknown, answer, read, usage
from bot.commands.model import Choice, Command, Kind, Param, Refused, Reply, Role
from tests.kit.board import every_command
from tests.kit.effort import processor_limit


def _handler(desk, args):
    return Reply()


def command(path, *params, hidden=False):
    group, verb = path.split(" ", 1)
    return Command(
        group=group,
        verb=verb,
        help=f"What {verb} does",
        example=f"/{path} …",
        handler=_handler,
        params=params,
        hidden=hidden,
    )


LEVEL = Param("level", "how loud", choices=(Choice("alert", "Alert"), Choice("digest", "Digest")), required=False)
COMMANDS = (
    command("watch list"),
    command("watch add", Param("query", "what", verbatim=True), LEVEL, Param("asks", "which", required=False)),
    command("letter draft", Param("template", "which"), Param("to", "whom"), Param("ask", "no.", kind=Kind.NUMBER)),
    command("letter sign on", Param("letter", "which")),
    command("letter sign", Param("letter", "which")),
    command("people link", Param("account", "whose"), Param("name", "who"), LEVEL),
    command("people list", Param("find", "who", required=False)),
    command("people import", Param("csv", "the table", kind=Kind.LONG)),
    command("alerts why", Param("item", "which"), hidden=True),
    command("alerts ask", Param("number", "which", kind=Kind.NUMBER)),
    command("campaign help", Param("command", "which", required=False)),
)


@pytest.mark.parametrize(
    ("text", "path", "args"),
    [
        ("/help", "campaign help", {}),
        ("/help watch add", "campaign help", {"command": "watch add"}),
        ("/watch list", "watch list", {}),
        ("  / Watch   LIST ", "watch list", {}),
        ("alerts ask 4", "alerts ask", {"number": "4"}),
        ("/letter draft agency to:ovc ask:1", "letter draft", {"template": "agency", "to": "ovc", "ask": "1"}),
        ("/letter draft to:ovc agency request", "letter draft", {"template": "agency request", "to": "ovc"}),
        ("/letter draft To: ovc", "letter draft", {"to": "ovc"}),
        ("/letter sign on L-1", "letter sign on", {"letter": "L-1"}),
        ("/letter sign only", "letter sign", {"letter": "only"}),
        ("/people list maria", "people list", {"find": "maria"}),
        ("/people link slack:T1/U2 name:\"Maria 'M' Lopez\"", "people link", {"account": "slack:T1/U2"}),
        ("/people link name:“Maria Lopez”", "people link", {"name": "Maria Lopez"}),
        (r'/people link name:"Maria \"M\" Lopez"', "people link", {"name": 'Maria "M" Lopez'}),
        ("/people list find:https://example.org/a:b", "people list", {"find": "https://example.org/a:b"}),
        ("/people list slack:T1/U2", "people list", {"find": "slack:T1/U2"}),
        ("/people link http://example.org", "people link", {"account": "http://example.org"}),
    ],
)
def test_what_was_typed_is_what_is_asked_for(text, path, args):
    read_back = read(text, COMMANDS)

    assert isinstance(read_back, Typed)
    assert read_back.path == path
    assert args.items() <= read_back.args.items()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('"forced labor" level:alert', '"forced labor"'),
        ('level:alert "forced labor" NOT asbestos', '"forced labor" NOT asbestos'),
        ('query:"forced labor" NOT asbestos level:alert', '"forced labor" NOT asbestos'),
        ('title:"continued presence" level: alert', 'title:"continued presence"'),
        ("“forced labor” level:alert", "“forced labor”"),
    ],
)
def test_a_query_keeps_its_quotation_marks_and_all_its_words(text, query):
    assert read(f"/watch add {text}", COMMANDS) == Typed("watch add", {"query": query, "level": "alert"})


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('/watch test "continued presence"', {"name": '"continued presence"'}),
        ('/watch add "forced labor" NOT asbestos asks:4', {"query": '"forced labor" NOT asbestos', "asks": "4"}),
        ("/watch test tariff-act-307", {"name": "tariff-act-307"}),
        ("/watch test watch:tariff-act-307", {"name": "tariff-act-307"}),  # its name in the last version
        ("/watch edit tariff-act-307", {"name": "tariff-act-307"}),
        (
            '/watch edit tariff-act-307 query:"section 307" OR title:WRO asks:4',
            {"name": "tariff-act-307", "query": '"section 307" OR title:WRO', "asks": "4"},
        ),
    ],
)
def test_a_phrase_stays_a_phrase_in_the_commands_that_take_a_query(text, query):
    read_back = read(text, every_command())

    assert isinstance(read_back, Typed)
    assert read_back.args == query


def test_a_table_keeps_its_lines_and_inner_quotation_marks():
    table = 'name,roles\n"Lopez, Maria",press\n'

    assert read(f"/people import {table}", COMMANDS) == Typed("people import", {"csv": table.strip()})


@pytest.mark.parametrize("text", ["/watch", "watch ", " /WATCH\n"])
def test_a_group_alone_asks_what_they_want_of_it(text):
    assert read(text, COMMANDS) == NoVerb("watch")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/wacth add x", Unknown("/wacth add x", ("/watch",))),
        ("/draft", Unknown("/draft", ("/letter draft",))),
        ("/alerts list", Unknown("/alerts list", ("/watch list", "/people list"))),
        ("/watch lst", Unknown("/watch lst", ("/watch list",), "watch")),
        ("/watch zzz", Unknown("/watch zzz", (), "watch")),
        ("/alerts why x", Unknown("/alerts why x", (), "alerts")),
        ("", Unknown("", ())),
        ("/", Unknown("/", ())),
    ],
)
def test_a_slip_is_answered_with_what_could_be_meant_and_what_is_hidden_is_not(text, asked):
    assert read(text, COMMANDS) == asked


@pytest.mark.parametrize(
    ("text", "param", "what"),
    [
        ('/letter draft template:"agency', "template", 'is never closed: "agency…'),
        ('/letter draft "agency', "", "is never closed"),
        ("/letter draft to:ovc to:bja", "to", "to appears twice"),
        ("/watch add x levle:alert", "levle", "Did you mean level?"),
        ("/watch list everything", "", "/watch list takes nothing after it."),
        ("/letter draft agency to:ovc adress:x", "adress", "no parameter “adress”. It takes template, to and ask."),
        (
            '/letter draft to:ovc example:"-"',
            "example",
            "“example”. Did you mean template? It takes template, to and ask.",
        ),
        ("/people list example:maria", "example", "no parameter “example”. It takes find."),
    ],
)
def test_words_that_cannot_be_distinguished_are_refused_by_name(text, param, what):
    with pytest.raises(Refused) as refused:
        read(text, COMMANDS)

    assert refused.value.param == param
    assert what in refused.value.what


def test_the_usage_of_a_command_is_one_line():
    assert usage(COMMANDS[1]) == "/watch add query:… [level:alert|digest] [asks:…]"
    assert usage(COMMANDS[2]) == "/letter draft template:… to:… ask:NUMBER"


def test_a_bare_group_lists_its_commands_with_examples():
    card = answer(NoVerb("watch"), COMMANDS)

    assert card.head == "/watch: commands"
    assert [line.text for line in card.lines] == ["/watch list …: What list does", "/watch add …: What add does"]


def test_a_slip_shows_the_command_that_may_be_meant_and_a_wild_one_where_to_look():
    assert [line.text for line in answer(Unknown("/watch lst", ("/watch list",), "watch"), COMMANDS).lines] == [
        "/watch list …: What list does"
    ]
    card = answer(Unknown("7", ()), COMMANDS)
    assert (card.head, card.lines[0].text) == ("I do not know “7”.", "/campaign help lists your commands.")


SIGN = Command(group="letter", verb="sign", help="Sign", example="/letter sign", handler=_handler, hidden=True,
               who=frozenset({Role.REPRESENTATIVE}), button="It is under /letter show.")  # fmt: skip
APPROVE = replace(SIGN, verb="approve", hidden=False, who=frozenset({Role.APPROVER}), button="")


@pytest.mark.parametrize(
    ("theirs", "head", "lines"),
    [
        ((SIGN,), "/letter sign is a button, not a command to type", ["It is under /letter show."]),
        ((), "/letter sign is for representatives",
         ["It is under /letter show.", "You do not have that role here. An administrator can give it."]),
    ],
)  # fmt: skip
def test_a_button_that_is_typed_is_answered_with_where_it_is(theirs, head, lines):
    card = answer(read("/letter sign L-014", theirs, (SIGN, APPROVE)), theirs)
    assert (card.head, [line.text for line in card.lines]) == (head, lines)


def test_a_command_of_another_role_is_answered_with_whose_it_is():
    parsed = read("/letter approve L-014", (SIGN,), (SIGN, APPROVE))
    assert parsed == Elsewhere(APPROVE, theirs=False)
    assert answer(parsed, (SIGN,)).head == "/letter approve is for approvers"
    assert isinstance(read("/letter aprove L-014", (SIGN,), (SIGN, APPROVE)), Unknown)
    undo = replace(APPROVE, group="undo", verb="")
    assert read("/undo", (SIGN,), (SIGN, undo)) == Elsewhere(undo, theirs=False)


def test_what_is_typed_without_a_verb_shows_and_never_changes():
    shows, publishes = (command(f"{group} show", Param("what", "which")) for group in ("bill", "public"))
    both = [shows, replace(publishes, changes=True)]

    assert read("/bill hr1-119", both) == Typed("bill show", {"what": "hr1-119"})
    assert read("/public L-014", both) == Unknown("/public L-014", (), "public")


@pytest.mark.parametrize("slip", ['"\\', '“a"', 'a:"\\'])
def test_a_long_line_of_quotation_marks_that_never_close_is_refused_at_once(slip):
    with processor_limit(5), pytest.raises(Refused, match="is never closed"):
        read(f"/watch add {slip * 30_001}", every_command())
