"""libyaml's events become the values that ruamel alone reads, with the same lines; ruamel explains every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.config import fast_yaml
from bot.config.yaml_slips import explain

ROOT = Path(__file__).parents[3]
SHIPPED = [
    *ROOT.glob("*.yml"),
    *(path for folder in ("bot", "templates") for path in ROOT.joinpath(folder).rglob("*.yml")),
]
READ = [
    "",
    "# nothing\n",
    "word\n",
    "a: NO\nb: 21:00\nc: 0o17\nd: 017\ne: 1_000\nf: ~\ng:\nh: yes\ni: 2026-11-24\nj: .5\nk: true\nl: '5'\n",
    "a: {to: slack:#c, u: https://x.y/z}\nb: [list:people, 09:00]\nc: {x, y}\n",
    "a: |\n  one\n\n  two\nb: >-\n  one\n  two\nc: |2+\n    x\n\nd: 1\n",
    "- a\n- {b: c}\n-\n  - d\n- ? e\n  : f\n",
    "a: &x {b: &y word}\nc: *x\nd: [*y, *x]\n*y : 1\n",
    "a: !!str 5\nb: !odd c\nd: !!binary aGk=\n",
    "%YAML 1.1\n---\na: NO\n",
    "a: x\u2028b\nc: y\x85d\ne: \ufefff\n",
    'a: "\\x41\\u2028\\/\\\n  b"\n',
    "a: |\r\n  one\r\nb: 2\r\n",
    "a: [0, -1, +2, 0x1F, 0b11, 0o7_1, 08, 1_0_, 9223372036854775808, -0, _1, 1__]\n",
    "a: [1.5, -1.50, 1e3, 1.E+2, .5e+1, .inf, -.Inf, .NaN, 1., 1.2.3, 1e, ., -, +]\n",
    "a: [2026-11-24, 2026-11-24T10:00:00Z, 2026-11-24 10:00:00 -5, 2026-1-2, 26-11-24, 24/11/2026]\n",
    "a: [~, null, Null, nULL, true, TRUE, tRUE, False, y, off, =, '~', \"true\", '5', 'null', '']\n",
    "- =\n- =: 1\n",
    "2: a\n1.5: b\ntrue: c\n~: d\n2026-11-24: e\n=: f\n'5': g\n",
    "? [a, b]\n: c\n? {d: e}\n: f\n",
    "a: {}\nb: []\nc: {d, e: , f: {g: [{h: i}, [j, [k]]]}}\nl: [{m, n}, o: p]\n",
    "a: one\n  two\n\n  three\nb: 'it''s\n  one'\nc: \"x\\n\\\n  y\"\n",
    "a: >\n  one\n  two\n\n   three\n  four\nb: |-\n  x\n\nc: >+\n  y\n\n",
    "--- # first\na: 1\n...\n",
    "sources:\n- register\n- news: {every: 1h}\n-   far: \n      every: 2h\n",
    "x: &x {b: 1, e: [2]}\nc:\n  <<: *x\n  d: 2\n",
    "x: &x {b: 1}\nc:\n  - *x\n  - <<: [*x]\n",
    "{a: 'b', \"c\":!!int '5'}\n",
    "- !!omap [a: 1]\n- !!set {b, c}\n- !!pairs [d: 1, d: 2]\n",
    "a: " + "word " * 2_000 + "\n",
    ">\n\n#\n",
    "&a: 1",
]
REFUSED = [
    "a: 1\na: 2\n",
    "a: [b\n",
    "a: 'b\n",
    "a: b: c\n",
    "\ta: b\n",
    "a: b\t\n\tc: d\n",
    "a: *b\n",
    "a: @b\n",
    "a: |2#\n",
    "a: 1\n---\nb: 2\n",
    "a: \x07\n",
    'a: "\\q"\n',
]


def numbered(places, path=""):
    for key, (line, below) in places.items():
        yield f"{path}{key}", line
        yield from numbered(below, f"{path}{key}.")


def numbered_by_ruamel(node, path=""):
    pairs = (
        node.items() if isinstance(node, CommentedMap) else enumerate(node) if isinstance(node, CommentedSeq) else ()
    )
    for key, value in pairs:
        written = key in (node.lc.data or {})  # otherwise merged from another section
        yield f"{path}{key}", (node.lc.data[key][0] if written else node.lc.line) + 1
        yield from numbered_by_ruamel(value, f"{path}{key}.")


def assert_as_ruamel(text: str, name: object) -> None:
    (value, places), alone = fast_yaml.load(text), YAML().load(text)
    assert repr(value) == repr(fast_yaml.plain_values(alone)), name
    assert list(numbered(places)) == list(numbered_by_ruamel(alone)), name


@pytest.mark.parametrize("text", READ)
def test_a_text_has_the_same_values_and_lines_as_by_ruamel_alone(text):
    assert_as_ruamel(text, text)


def test_the_shipped_files_have_them_too():
    assert len(SHIPPED) > 20
    for path in SHIPPED:
        assert_as_ruamel(path.read_text(encoding="utf-8"), path)


@pytest.mark.parametrize("text", REFUSED)
def test_a_mistake_is_reported_as_ruamel_does(text):
    with pytest.raises(YAMLError) as ours:
        fast_yaml.load(text)
    with pytest.raises(YAMLError) as alone:
        YAML().load(text)
    assert (type(ours.value), str(ours.value)) == (type(alone.value), str(alone.value))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("2026-13-45", '"2026-13-45" is not a date'),
        ("2026-01-32 25:61:00", '"2026-01-32 25:61:00" is not a date'),
        ("1" * 5_000, f'"{"1" * 40}" is not a usable number'),
        ("0x_", '"0x_" is not a usable number'),
        ("!!bool maybe", '"maybe" is not true or false'),
    ],
)
def test_a_date_or_number_that_is_none_is_reported_with_its_line(value, what):
    text = f"a: 1\nb:\n  - c: {value}\n"
    with pytest.raises(MarkedYAMLError) as caught:
        fast_yaml.load(text)
    assert explain(caught.value, text) == (3, what)


@pytest.mark.parametrize("text", ["[" * 100_000, f"{'[' * 100_000}{']' * 100_000}", "{a: " * 100_000])
def test_very_many_brackets_in_brackets_are_refused_without_ruamel(text, monkeypatch):
    monkeypatch.delattr(fast_yaml, "YAML")  # it would take hours
    with pytest.raises(RecursionError):
        fast_yaml.load(f"sources: {text}")
