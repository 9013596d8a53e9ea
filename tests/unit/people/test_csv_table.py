"""People as CSV: safe to open in a spreadsheet, and the same when it comes back."""

import csv
import io

import pytest

from bot.commands.model import Role
from bot.people import model
from bot.people.model import Account, Person, account
from bot.shared.csv_cells import InvalidTable, bare

MEMBERS = {"cast", "polaris"}
MARIA = Person(
    id="1",
    name="Maria Lopez, Esq.",
    organisation="cast",
    roles=frozenset({Role.REPRESENTATIVE, Role.APPROVER}),
    accounts=(Account("discord", "11000000", "22000000"), Account("slack", "T1HOME", "U1MARIA")),
)
HEAD = "name,organization,roles,accounts\n"


def test_what_goes_out_comes_back_the_same():
    parsed = model.read(model.people_csv([MARIA]).decode("utf-8-sig"), MEMBERS)

    assert [(row.name, row.organisation, row.roles, row.accounts) for _, row in parsed] == [
        (MARIA.name, MARIA.organisation, MARIA.roles, MARIA.accounts)
    ]


def test_a_table_of_the_first_release_is_read_too():
    text = model.people_csv([MARIA]).decode("utf-8-sig").replace("organization", "organisation")

    assert [person.organisation for _, person in model.read(text, MEMBERS)] == [MARIA.organisation]


@pytest.mark.parametrize(
    "start", [*"=+-@\t\r\n＝＋－＠", " =", "\xa0=", "\u3000+", "\ufeff@", " －", "\u200e=", "\u00ad=", "\u3164+"]
)
def test_no_cell_begins_as_a_formula(start):
    text = model.write_csv(("a",), [[f"{start}HYPERLINK(1)"], ["plain"]]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(text, newline=""))]

    assert cells == ["a", f"'{start}HYPERLINK(1)", "plain"]


@pytest.mark.parametrize("cell", ["x;=1+1", "x; +1", "x\t@SUM(1)", "a;-1;=2", "=1;=1", "x;\u200d=1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_as_a_formula_whatever_parts_cells_there(cell, separator):
    text = model.write_csv(("a", "b"), [[cell, "plain"]]).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]

    assert [cell for cell in cells if cell.lstrip(' "\u200d')[:1] in tuple("=+-@")] == []
    assert bare(next(csv.reader(io.StringIO(text.splitlines()[1])))[0]) == cell


def test_every_cell_is_quoted():
    assert model.write_csv(("a", "b"), [["1", "two; three"]]) == b'\xef\xbb\xbf"a","b"\r\n"1","two; three"\r\n'


def test_a_name_that_was_guarded_comes_back_as_it_was():
    person = Person(id="1", name="-Dash Smith", roles=frozenset({Role.PRESS}))

    assert model.read(model.people_csv([person]).decode("utf-8-sig"), MEMBERS)[0][1].name == "-Dash Smith"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "first line must be"),
        ("name,email\nA,b", "first line must be"),
        (HEAD, "table has no rows"),
        (HEAD + "Maria,cats,,", "line 2: coalition.yml has no member “cats”"),
        (HEAD + "Maria,cast,boss,", "line 2: “boss” is not a role"),
        (HEAD + "Maria,cast,press,@maria", "line 2: “@maria” is not an account"),
        (HEAD + "Maria,cast,press,console:policy", "not an account"),
        (HEAD + "Maria,,representative,", "line 2: a representative needs an organization"),
        (HEAD + ",cast,press,", "line 2: a name has"),
        (HEAD + "Lopez, Maria,cast,press,", "line 2: more cells"),
        (HEAD + "Maria,,press,\nMARIA,,press,", "line 3: “maria” is already in line 2"),
        (HEAD + "A,,press,slack:T1A/U1A\nB,,press,slack:T1A/U1A", "line 3: “slack:T1A/U1A” is already in line 2"),
        (HEAD + "A,x,press,\nB,y,press,", "line 2: .*; line 3: "),
        ("name,roles,Name\nA,press,B", "first line names name twice"),
        (f"name,{'x' * 140_000}\nA,press", "line 1: "),
    ],
)
def test_every_slip_is_named_with_its_line(text, says):
    with pytest.raises(InvalidTable, match=says):
        model.read(text, MEMBERS)


def test_a_column_without_a_name_is_ignored():
    ((_, person),) = model.read("roles,name,,organization,accounts\npress,Maria,x,,\n", MEMBERS)
    assert (person.name, person.roles) == ("Maria", {Role.PRESS})


@pytest.mark.parametrize("text", ["slack:T1HOME/U1MARIA", "slack:E1GRID/W1MARIA", "discord:11000000/22000000"])
def test_an_account_reads_as_it_is_written(text):
    assert str(account(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slack:U1MARIA",
        "slack:T1/U1/x",
        "console:policy",
        "discord:guild/1",
        "SLACK:T1HOME/U1MARIA",
        "slack:T1HOME/U1MARIA\n",
    ],
)
def test_what_is_no_account_is_none(text):
    assert account(text) is None
