"""libyaml's nodes become the values that ruamel alone reads, with the same lines; ruamel explains every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.config import fast_yaml
from bot.config.load import numbered, plain_values

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
    "a: &x {b: &y word}\nc: *x\nd: [*y, *x]\n",
    "a: !!str 5\nb: !odd c\nd: !!binary aGk=\n",
    "%YAML 1.1\n---\na: NO\n",
    "a: x\u2028b\nc: y\x85d\ne: \ufefff\n",
    'a: "\\x41\\u2028\\/\\\n  b"\n',
    "a: |\r\n  one\r\nb: 2\r\n",
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


def read_by(load, text: str) -> tuple[str, list[tuple[str, int]]]:
    value = load(text)
    return repr(plain_values(value)), list(numbered(value))


@pytest.mark.parametrize("text", READ)
def test_a_text_has_the_same_values_and_lines_as_by_ruamel_alone(text):
    assert read_by(fast_yaml.load, text) == read_by(YAML().load, text)


def test_the_shipped_files_have_them_too():
    assert len(SHIPPED) > 20
    for path in SHIPPED:
        text = path.read_text(encoding="utf-8")
        assert read_by(fast_yaml.load, text) == read_by(YAML().load, text), path


@pytest.mark.parametrize("text", REFUSED)
def test_a_mistake_is_reported_as_ruamel_does(text):
    with pytest.raises(YAMLError) as ours:
        fast_yaml.load(text)
    with pytest.raises(YAMLError) as alone:
        YAML().load(text)
    assert (type(ours.value), str(ours.value)) == (type(alone.value), str(alone.value))
