"""A template reaches nothing but its facts, and takes no more than its share of time, memory and text."""

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.letters.templates import sandbox
from bot.letters.templates import template as template_child
from bot.letters.templates.template import TemplateProblem, write

ROOT = Path(__file__).parents[3]
ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name.__class__.__base__ }}",
    "{{ name.__init__.__globals__ }}",
    "{{ name['__class__'] }}",
    "{{ name|attr('__class__') }}",
    "{{ name|attr('__cla' ~ 'ss__') }}",
    "{{ name|map(attribute='__class__')|list }}",
    "{{ [name]|map('attr', '__class__')|list }}",
    "{{ [name]|groupby('__class__') }}",
    "{{ [name]|sort(attribute='__class__') }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '{a.__class__.__mro__}'.format_map({'a': name}) }}",
    "{{ ('{0.__cla' ~ 'ss__}').format(name) }}",
    "{{ '%s'|format(name.__class__) }}",
    "{{ 'x'.format.__self__.__class__ }}",
    "{{ claim.__globals__ }}",
    "{{ claim.__closure__[0].cell_contents }}",
    "{{ claim.__code__.co_consts }}",
    "{{ claim.__call__.__self__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__ }}",
    "{{ range(3) }}",
    "{{ dict(a=1) }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ loop.__class__ }}",
    "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% include '/etc/hostname' %}",
    "{% include '../mine/meta.yml' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% extends name %}",
    "{% set x = {}.__setitem__ %}{{ x }}",
    "{{ many.append(9) }}",
    "{{ facts.update({'name': 1}) }}",
    "{{ request.application }}",
    "{{ config }}",
]
TOO_MUCH = [
    "{{ 'a' * 10**9 }}",
    "{{ 9 ** (9 ** 9) }}",
    "{% set n = 10**6 %}{{ n ** n }}",
    "{{ [0] * 10**9 }}",
    "{% for a in 'x' * 9999 %}{% for b in 'x' * 9999 %}{% for c in 'x' * 9999 %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in 'x' * 9999 %}{% for b in 'x' * 9999 %}words {% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set m %}{% include 'letter.j2' %}{% endset %}{{ m }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ 'a'.replace('a', 'b' * 9999).replace('b', 'c' * 9999).replace('c', 'd' * 9999) }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "-" * 20000 + "1 }}",
]


@pytest.mark.parametrize("attack", ESCAPES)
def test_a_template_reaches_nothing_but_its_facts(templates, attack):
    with pytest.raises(TemplateProblem, match="cannot be filled in"):
        templates.say(attack, many=[1], facts={"name": "Ada"})


@pytest.mark.long
@pytest.mark.parametrize("attack", TOO_MUCH)
def test_a_template_that_asks_for_too_much_is_stopped_and_the_next_is_written(templates, attack):
    with pytest.raises(TemplateProblem, match=r"may use|was stopped|\.j2"):
        templates.say(attack)

    assert templates.say("Still here, {{ name }}.").body[0].text == "Still here, Ada."


@pytest.mark.parametrize(("count", "written"), [(0, "zero"), (2, "two"), (9, "nine"), (10, "10"), (120, "120")])
def test_a_count_is_spelled_below_ten(templates, count, written):
    assert (
        templates.say("{{ count | spelled }} organizations.", count=count).body[0].text == f"{written} organizations."
    )


@pytest.mark.parametrize("fact", [object(), {1, 2}, b"bytes", pytest, lambda: 1])
def test_only_plain_values_can_be_facts(templates, fact):
    with pytest.raises(TypeError):
        templates.say("{{ it }}", it=fact)


def test_a_paste_of_two_megabytes_is_refused_in_words(templates):
    with pytest.raises(TemplateProblem, match="more memory or nesting than a letter may use"):
        templates.say("{{ name }}", name="paste " * 350_000)


def test_the_child_has_none_of_our_secrets(templates, monkeypatch):
    """Nothing it could be made to show would be worth showing."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    child = template_child._Sandbox()
    try:
        process = child._running()._process
        assert b"xoxb" not in Path(f"/proc/{process.pid}/environ").read_bytes()
    finally:
        child._end()


def test_many_drafts_are_written_at_once_and_each_is_its_own(templates):
    templates.body("Dear {{ name }}.")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: write(templates.folder, "mine", {"name": f"n{n}"}), range(40)))

    assert [written.body[0].text for written in made] == [f"Dear n{n}." for n in range(40)]


def test_one_child_writes_every_draft_and_may_use_two_seconds_of_a_processor_for_each(templates):
    templates.say("Warm.")
    child = template_child._CHILD._running()._process.pid
    templates.say("Dear {{ name }}.")

    assert template_child._CHILD._running()._process.pid == child
    ticks = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    used = sum(map(int, ticks)) // os.sysconf("SC_CLK_TCK")
    assert sandbox.CPU <= resource.prlimit(child, resource.RLIMIT_CPU)[0] <= used + sandbox.CPU


def test_the_child_ends_with_the_bot_however_that_ends():
    killed = (
        "import os\nfrom bot.letters.templates.template import _CHILD\n"
        "print(_CHILD._running()._process.pid, flush=True)\nos._exit(9)"
    )
    run = subprocess.run([sys.executable, "-c", killed], cwd=ROOT, capture_output=True, check=False)
    status = Path(f"/proc/{int(run.stdout)}/stat")

    for _ in range(1_200):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")
