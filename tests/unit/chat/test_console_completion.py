"""What Tab makes of a line at the console."""

import pytest

from bot.chat.console.completion import of_line
from bot.chat.console.lines import common
from bot.commands.model import Choice, Command, Param


def command(group, verb, *params):
    return Command(group=group, verb=verb, help="", example="", handler=print, params=params)


COMMANDS = (
    command("letter", "draft", Param("template", "the letter to begin from"), Param("to", "an office")),
    command("letter", "list"),
    command("watch", "list"),
)


def suggest(path, args, name, text):
    assert path == "letter draft"
    every = {"to": ("office:labor", "Jane Roe, The Times"), "template": (f"for {args.get('to', 'nobody')}",)}
    return [Choice(value, value.upper()) for value in every[name] if text in value]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("", "/"),
        ("/l", "/letter "),
        ("let", "/letter "),
        ("/letter d", "/letter draft "),
        ("/letter l", "/letter list "),
        ("/letter draft te", "/letter draft template:"),
        ("/letter draft to:lab", "/letter draft to:office:labor "),
        ("/letter draft to:Jane", '/letter draft to:"Jane Roe, The Times" '),
        ("/letter draft to:dol template:", '/letter draft to:dol template:"for dol" '),
        ("/letter draft to:moon", "/letter draft to:moon"),
        ("/nothing", "/nothing"),
    ],
)
def test_a_line_completes_what_was_started(line, becomes):
    assert common(line, of_line(line, commands=COMMANDS, suggest=suggest)) == becomes


def test_several_suggestions_are_offered_with_their_labels():
    offered = of_line("/letter draft ", commands=COMMANDS, suggest=suggest)

    assert [choice.label for choice in offered] == ["template: the letter to begin from", "to: an office"]


def test_what_is_typed_is_kept_where_the_suggestions_do_not_begin_with_it():
    assert common("sen", [Choice("member:A1", "Senator A"), Choice("member:B2", "Senator B")]) == "sen"
