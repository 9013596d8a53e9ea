"""The pages say what the program is: every command, room and library is there, and every example can be typed."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import discord
import pytest
from ruamel.yaml import YAML

import bot.cli
from bot.app import command_table
from bot.cli import cli
from bot.config.feeds import with_query
from bot.watch.query import QueryError, parse
from tests.kit.watch import finds
from tests.unit.test_architecture import MAY_KNOW

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "bot").rglob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
ROOMS = sorted(
    path.name
    for path in (ROOT / "bot").iterdir()
    if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


MANUAL = text("README.md") + text("docs/operations.md")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(cli))
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for param in command.params
    for option in param.opts
    if option.startswith("--") and option != "--coalition"  # one sentence for all of them
]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name):
    assert re.search(rf"coalition-bot {name}\b", MANUAL)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_is_documented_in_one_line_with_its_command(name, option):
    assert re.search(rf"coalition-bot {name}\b.*{option}\b", MANUAL)


def test_the_option_of_all_commands_about_one_coalition_is_documented_once():
    assert "Every command about one coalition takes `--coalition NAME`" in MANUAL


@pytest.mark.parametrize("code", re.findall(r"(?<=[:·]) (\d+) ", (bot.cli.__doc__ or "").replace("\n", " ")))
def test_every_exit_code_is_documented(code):
    assert f"| {code} |" in text("docs/operations.md")


def fenced(page: str) -> Iterator[str]:
    """The command lines that a page shows, as they would be typed."""
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        yield from re.findall(r"^\s*\$ (?:\S*/)?coalition-bot\b ?(.*)$", block, re.MULTILINE)


EXAMPLES = [(name, line) for name in NAMES for line in fenced(text(name))]


def test_the_pages_show_command_lines():
    assert {name for name, _ in EXAMPLES} >= {"README.md", "docs/operations.md"}


@pytest.mark.parametrize(("page", "line"), EXAMPLES)
def test_every_command_line_that_is_shown_can_be_typed(page, line):
    words = shlex.split(line, comments=True)
    command: click.Command = cli
    while isinstance(command, click.Group):
        assert words, f"{page}: a command is missing"
        command = command.commands[words.pop(0)]

    command.make_context("coalition-bot", words)  # raises click.UsageError for what it would not take


SLASH_COMMANDS = {command.path for command in command_table.COMMANDS}
GROUPS = "|".join(sorted({path.split()[0] for path in SLASH_COMMANDS}))


@pytest.mark.parametrize("name", NAMES)
def test_every_slash_command_a_page_names_exists(name):
    named = re.findall(rf"`/({GROUPS}) ([a-z][a-z-]+)", text(name))
    former = (
        {path for command in command_table.COMMANDS for path in command.formerly} if name == "CHANGELOG.md" else set()
    )
    real = {*SLASH_COMMANDS, *former}
    assert [f"{group} {verb}" for group, verb in named if not {group, f"{group} {verb}"} & real] == []


def slug(heading: str) -> str:
    """The name by which GitHub lets a heading be linked to."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_to_another_page_leads_somewhere(name):
    page = re.sub(r"```.*?```", "", text(name), flags=re.DOTALL)
    links = [*re.findall(r"\]\(([^)\s]+)\)", page), *re.findall(r'(?:src|href)="([^"]+)"', page)]
    for link in (result for result in links if not re.match(r"[a-z]+:", result)):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), f"{name} points to {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{name} points to {link}"


def test_the_architecture_is_one_page():
    assert len(text("docs/architecture.md").split()) <= 1_200


def test_the_pages_together_are_what_people_read():
    assert sum(len(page.read_text(encoding="utf-8").split()) for page in (ROOT / "docs").glob("*.md")) <= 62_500


def test_every_decision_is_said_in_sixty_words():
    decided = re.findall(r"^### (.+)\n((?:[^#|\n].*\n)+)", text("docs/decisions.md"), re.MULTILINE)
    assert len(decided) >= 70
    assert [title for title, words in decided if len(words.split()) > 60] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_architecture_page(room):
    assert re.search(rf"\b{re.escape(room.removesuffix('.py'))}(?:/|\.py)", text("docs/architecture.md"))


def recipe_symbols() -> list[tuple[str, str]]:
    """(file, symbol) for each "`bot/config/feeds.py` (`Feeds`)" of the recipes."""
    recipes = text("docs/recipes.md")
    named = re.findall(r"`((?:bot|tests)/[\w/]+\.py)`\s+\(((?:`\w+`(?:,\s+)?)+)\)", recipes)
    return [(file, symbol) for file, symbols in named for symbol in re.findall(r"\w+", symbols)]


def test_the_recipes_name_files_and_symbols():
    assert len(recipe_symbols()) >= 15


@pytest.mark.parametrize(("file", "symbol"), recipe_symbols())
def test_every_file_of_a_recipe_defines_the_symbol_named_with_it(file, symbol):
    defined = rf"^(?:async def|def|class) {symbol}\b|^{symbol}\b[^=\n]*="
    assert re.search(defined, text(file), re.MULTILINE)


def test_every_path_of_a_recipe_exists():
    recipes = text("docs/recipes.md")
    for path in re.findall(r"`((?:bot|tests|templates|docs)/[\w/.]+)`", recipes):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", ["architecture", "journeys", "store", "decisions"])
def test_every_file_that_a_page_for_engineers_names_exists(page):
    named = re.findall(r"`((?!tests/)[a-z_]+/[\w/]+\.(?:py|sql))`", text(f"docs/{page}.md"))
    assert [path for path in named if not (ROOT / "bot" / path).exists()] == []


@pytest.mark.parametrize("folder", [path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py"))])
def test_every_suite_is_on_the_page_for_contributors(folder):
    assert f"`tests/{folder}`" in text("CONTRIBUTING.md")


def test_the_page_and_the_architecture_test_name_the_same_imports():
    page = text("docs/architecture.md").partition("## Which room may import which")[2].partition("\n## ")[0]
    on_page = {
        room: set(re.findall(r"`(\w+)`", allowed))
        for room, allowed in re.findall(r"^\| `(\w+)` \| (.+?) \|$", page, re.MULTILINE)
    }

    assert on_page == {room: allowed for room, allowed in MAY_KNOW.items() if room != "shared"}


def names(requirements: list[str | dict[str, str]]) -> set[str]:
    """Without groups that include another: {include-group = "build"}."""
    return {re.split(r"[<>=!~\[; ]", each, maxsplit=1)[0] for each in requirements if isinstance(each, str)}


def test_every_library_is_there_for_a_reason_and_no_reason_for_a_library_that_is_gone():
    listed = set(re.findall(r"^\| `([^`]+)` \|", text("docs/decisions.md"), re.MULTILINE))

    assert listed == names(PROJECT["project"]["dependencies"])


@pytest.mark.parametrize("tool", sorted(set.union(*map(names, PROJECT["dependency-groups"].values()))))
def test_every_tool_of_the_trade_is_named(tool):
    assert f"`{tool}`" in text("docs/decisions.md")


PAGE = text("docs/queries.md")
CLAIMS = [
    (query, *line.strip().split(maxsplit=1))
    for query, claims in re.findall(r"```query\n(.+)\n((?:  .+\n)+)```", PAGE)
    for line in claims.splitlines()
]


def test_the_page_has_examples_of_every_kind():
    assert {verb for _, verb, _ in CLAIMS} == {"means", "finds", "misses", "error"}
    assert PAGE.count("```query") == len({query for query, _, _ in CLAIMS})


@pytest.mark.parametrize(("query", "verb", "text"), CLAIMS)
def test_each_example_does_what_the_page_says(query, verb, text):
    match verb:
        case "means":
            assert parse(query).in_words() == text
        case "finds":
            assert finds(query, text)
        case "misses":
            assert not finds(query, text)
        case "error":
            with pytest.raises(QueryError, match=f"^{re.escape(text)}"):
                parse(query)


@pytest.mark.parametrize("query", re.findall(r"\| `\w+:` \|.*\| `([^`]+)`", PAGE))
def test_each_example_of_a_field_can_be_read(query):
    assert parse(query).in_words()


WATCHES = re.findall(r"```watch\n((?:[^`\n ].*\n)+)  reads as +(.+)\n```", PAGE)


def test_every_watch_of_the_page_says_how_its_lists_read():
    assert PAGE.count("```watch") == len(WATCHES) >= 3


@pytest.mark.parametrize(("written", "reads_as"), WATCHES)
def test_each_watch_of_lists_reads_as_the_page_says(written, reads_as):
    section = YAML(typ="safe").load(written)
    query = with_query(section, section.pop("lists", {}))["query"]
    assert query == reads_as
    assert parse(query)


CONNECT = text("docs/connect.md")
MANIFEST = YAML(typ="safe").load(text("docs/slack-app-manifest.yml"))


def test_the_slack_app_may_post_answer_and_look_back_and_receives_no_messages():
    answering = ["commands", "im:write", "files:write", "files:read"]
    privacy = ["channels:read", "groups:read", "users:read"]

    assert MANIFEST["oauth_config"]["scopes"] == {
        "bot": ["chat:write", "pins:write", *answering, "channels:history", "groups:history", *privacy, "im:history"]
    }
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["event_subscriptions"] == {"bot_events": ["app_home_opened"]}


def test_the_tokens_asked_for_are_those_that_something_uses():
    assert re.findall(r"^ *(\w+_TOKEN)=", CONNECT, re.MULTILINE) == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DISCORD_BOT_TOKEN",
    ]


def test_every_scope_of_the_manifest_is_explained():
    assert [scope for scope in MANIFEST["oauth_config"]["scopes"]["bot"] if f"`{scope}`" not in CONNECT] == []


def test_the_invite_link_asks_for_exactly_the_permissions_that_are_named():
    link = next(address for address in re.findall(r"https://\S+", CONNECT) if "oauth2/authorize" in address)
    asked = parse_qs(urlsplit(link).query)
    wanted = discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        attach_files=True,
        pin_messages=True,
        read_message_history=True,
    )

    assert asked["permissions"] == [str(wanted.value)]
    assert asked["scope"] == ["bot applications.commands"]


@pytest.mark.parametrize("name", re.findall(r"\]\(([^):]+)\)", CONNECT))
def test_every_page_it_points_to_is_there(name):
    assert (ROOT / "docs" / name).exists()


ROWS = dict(re.findall(r"^\| ([A-J]\d{1,2}) \| (.+) \|$", text("docs/reliability.md"), re.MULTILINE))
TESTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
CODED = {
    code.upper()
    for text in TESTS.values()
    for name in re.findall(r"def (test_(?:[a-j]\d{1,2}_)+)", text)
    for code in re.findall(r"[a-j]\d{1,2}", name)
}


@pytest.mark.parametrize("code", ROWS)
def test_every_fault_has_a_test(code):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", ROWS[code])

    assert code in CODED or named
    for file, name in named:
        assert re.search(rf"def {name}\(", TESTS[file]), f"{file} has no {name}"


def test_every_code_of_a_test_has_a_row():
    assert CODED - ROWS.keys() == set()
