"""YAML 1.2 by libyaml: plain words, the line of each key, and mistakes in words for a person who edits by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.shared.yaml_text import Unreadable, plain_yaml, yaml_with_places

ROOT = Path(__file__).parents[3]
SHIPPED = [
    *ROOT.glob("*.yml"),
    *(path for folder in ("bot", "templates") for path in ROOT.joinpath(folder).rglob("*.yml")),
]


def numbered(places, path=""):
    for key, (line, below) in places.items():
        yield f"{path}{key}", line
        yield from numbered(below, f"{path}{key}.")


def by_ruamel(node, path=""):
    """Each key, line and text as ruamel, a YAML 1.2 parser of other authors, has them."""
    pairs = (
        node.items() if isinstance(node, CommentedMap) else enumerate(node) if isinstance(node, CommentedSeq) else ()
    )
    for key, value in pairs:
        yield f"{path}{key}", node.lc.data[key][0] + 1
        yield from by_ruamel(value, f"{path}{key}.")


def texts(value):
    if isinstance(value, dict):
        return {key: texts(each) for key, each in value.items()}
    return [texts(each) for each in value] if isinstance(value, list) else str(value)


@pytest.mark.long
def test_the_shipped_files_have_the_values_and_lines_that_another_parser_reads():
    assert len(SHIPPED) > 20
    for path in SHIPPED:
        text = path.read_text(encoding="utf-8")
        (value, places), other = yaml_with_places(text), YAML().load(text)
        assert texts(value) == texts(other), path
        assert list(numbered(places)) == list(by_ruamel(other)), path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("word\n", "word"),
        ("[NO, yes, off, y, =, nULL, tRUE]", ["NO", "yes", "off", "y", "=", "nULL", "tRUE"]),
        ("[true, False, TRUE, ~, null, ]", [True, False, True, None, None]),
        ("a:\nb: ''\n", {"a": None, "b": ""}),
        ("[21:00, 2026-11-24, 1_000, 1e, 1.2.3, ., '5']", ["21:00", "2026-11-24", "1_000", "1e", "1.2.3", ".", "5"]),
        ("[0, -1, +2, 0x1F, 0o17, 08, 1.5, -.5, 1e3]", [0, -1, 2, 31, 15, 8, 1.5, -0.5, 1000.0]),
        ("2: a\n'5': b\n~: c\n", {2: "a", "5": "b", None: "c"}),
        ("a: {to: slack:#c, u: https://x.y/z}\nb: [list:people]\n",
         {"a": {"to": "slack:#c", "u": "https://x.y/z"}, "b": ["list:people"]}),
        ("a: |\n  one\n\n  two\nb: >-\n  one\n  two\n", {"a": "one\n\ntwo\n", "b": "one two"}),
        ("a: &x [&y word]\nb: *x\nc: *y\n", {"a": ["word"], "b": ["word"], "c": "word"}),
        ("x: &x {b: 1, e: 2}\nc:\n  <<: *x\n  b: 3\n", {"x": {"b": 1, "e": 2}, "c": {"b": 3, "e": 2}}),
        ("--- # first\na: 1\n...\n", {"a": 1}),
        ("a: |\r\n  one\r\nb: 2\r\n", {"a": "one\n", "b": 2}),
    ],
)  # fmt: skip
def test_a_plain_word_is_what_yaml_1_2_makes_of_it(text, value):
    assert repr(plain_yaml(text)) == repr(value)


def test_a_number_too_long_for_any_use_stays_text():
    assert plain_yaml("9" * 5_000) == "9" * 5_000


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, 'found duplicate key "c"'),
        ("a: x\nb: {c\n", 2, "a bracket opens here and is not closed with }"),
        ("a: 'b\n", 1, "a quotation mark opens here and is never closed"),
        ("a: b\t\n\tc: d\n", 2, "a tab: indent with spaces"),
        ("a: [b, c] d\n", 1, "text after a closing quotation mark or bracket"),
        ("a: 1\nb: !odd c\n", 2, "a value cannot begin with !: put it in quotes"),
        ("a: `x`\n", 1, "a value cannot begin with `: put it in quotes"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a: 1\n? [b]\n: c\n", 2, "a name cannot be a list or a section"),
        ("a: \x07\n", None, "control characters are not allowed"),
        ('a: 1\nb: ["\\e]0;x", c]\n', 2, "a control character is in a value"),
        ("a: &x [*x]\n", 1, "nested too deeply, or one contains itself"),
    ],
)
def test_a_mistake_is_explained_at_its_line(text, line, what):
    with pytest.raises(Unreadable) as caught:
        plain_yaml(text)
    assert (caught.value.line, what in caught.value.what) == (line, True), caught.value


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000 + "x", "[" * 300 + "]" * 300])
def test_very_many_sections_in_sections_are_refused(text):
    with pytest.raises(Unreadable, match="nested too deeply"):
        plain_yaml(text)


def test_a_stranger_s_text_may_not_repeat_itself():
    with pytest.raises(Unreadable):
        plain_yaml("- &a [x, x]\n- [*a, *a]\n", aliases=False)


def test_a_few_lines_of_aliases_may_not_stand_for_gigabytes():
    lines = ["a0: &a0 [x, y, z]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    with pytest.raises(Unreadable, match="stand for more than 1,000,000 values"):
        plain_yaml("\n".join(lines))
    assert len(plain_yaml("\n".join(lines[:5]))["a4"]) == 9
