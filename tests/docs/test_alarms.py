"""Alert rules, dashboard, runbook and the program name the same metrics and alarms."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from bot.ops.backup import record_copy
from bot.ops.metrics import Metrics, page
from bot.ops.pulse import Pulse
from tests.kit.alerts import Room, document

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RULES = YAML(typ="safe").load(ROOT / "deploy" / "prometheus-rules.yml")["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
SECTIONS = dict(re.findall(r"^#### (CoalitionBot\w+)\n(.*?)(?=^#{2,4} )", PAGE, re.MULTILINE | re.DOTALL))
OF_PROMETHEUS = {"up"}


def expressions():
    rules = [(rule["alert"], rule["expr"]) for rule in RULES]
    return rules + [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    """What the page of a working bot has, with a message that waits, one that was posted and a request."""
    room = Room(tmp_path_factory.mktemp("metrics"))
    room.take("register", document())
    record_copy(room.db, Path("copy.db"), room.now)
    pulse = Pulse(lambda: room.now)
    pulse.start("poll")
    metrics = Metrics(room.db, lambda: room.config, pulse, lambda: room.now + timedelta(hours=1))
    metrics.attempted("slack", "delivered")
    metrics.acknowledged("slack", 0.1)
    return list(text_string_to_metric_families(page({"us": metrics})[0].decode()))


@pytest.fixture(scope="module")
def names(families):
    """The names that the page has, a histogram's parts among them."""
    named = set()
    for family in families:
        ends = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}.get(family.type, ("",))
        named |= {family.name + end for end in ends}
    return named


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_every_metric_that_is_asked_for_exists(names, where, expression):
    asked = set(re.findall(r"\b(?:coalition_bot|process)_\w+|\bup\b", expression))
    assert asked
    assert asked <= names | OF_PROMETHEUS, where


def labels_in(expression, legend=""):
    """The names of labels in an expression, and in the words that are shown with it."""
    asked = {label for inside in re.findall(r"\{(.*?)\}", expression) for label in re.findall(r"(\w+)=", inside)}
    asked |= {label for inside in re.findall(r"\b(?:by|on) \((.*?)\)", expression) for label in inside.split(", ")}
    return asked | set(re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", legend))


def test_every_label_that_is_asked_for_exists(families):
    has = {sample.name: {*sample.labels} for family in families for sample in family.samples} | {"up": set()}
    shown = [(rule["expr"], rule["annotations"]["summary"].replace("{{ $value }}", "")) for rule in RULES]
    shown += [
        (target["expr"], target.get("legendFormat", "")) for panel in DASHBOARD["panels"] for target in panel["targets"]
    ]
    for expression, legend in shown:
        asked = labels_in(expression, legend) - {"job", "instance"}  # Prometheus adds them
        metrics = re.findall(r"\b(?:coalition_bot|process)_\w+|\bup\b", expression)
        assert all(asked <= has[name] for name in metrics), expression


ONCE = r"\b(?:max|min)(?: by \([\w, ]+\) )?\(coalition_bot_\w+|\brate\(coalition_bot_\w+"


def test_the_dashboard_counts_once_what_each_of_several_processes_reads_from_the_store():
    """Three processes on one store print the same three failed messages: a sum would be nine. Only counters are each
    process's.
    """
    for title, expression in expressions()[len(RULES) :]:
        assert "coalition_bot_" not in re.sub(ONCE, "", expression), title


def test_what_each_of_several_processes_reads_from_the_store_is_one_alarm():
    """Three processes on one store that print the same failed message raised three alarms. A process's own are its
    loops'.
    """
    for alarm, expression in expressions()[: len(RULES)]:
        several = re.findall(r"coalition_bot_\w+", re.sub(ONCE, "", expression))
        assert [name for name in several if not name.startswith("coalition_bot_loop_")] == [], alarm


def test_every_figure_of_a_coalition_says_which_and_the_dashboard_can_choose():
    """The event loop is the process's."""
    for rule in RULES:
        of_one = "coalition_bot_" in rule["expr"] and "event_loop" not in rule["expr"]
        assert rule["annotations"]["summary"].startswith("{{ $labels.coalition }}: ") == of_one, rule["alert"]
        assert "sum by (coalition, " in rule["expr"] or "sum" not in rule["expr"] or not of_one, rule["alert"]
    assert [each["name"] for each in DASHBOARD["templating"]["list"]] == ["datasource", "coalition"]
    for title, expression in expressions()[len(RULES) :]:
        chosen = re.findall(r'coalition_bot_\w+(\{coalition=~"\$coalition"[,}])?', expression)
        assert all(chosen), title


def test_every_metric_of_ours_is_on_the_page_and_no_other(names):
    listed = set(re.findall(r"^\| `(coalition_bot_\w+)` \|", PAGE, re.MULTILINE))
    ours = {re.sub("_(bucket|count|sum)$", "", name) for name in names if name.startswith("coalition_bot_")}
    assert listed == ours


def test_every_alarm_has_its_section_of_the_runbook_and_every_section_its_alarm():
    assert list(SECTIONS) == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


@pytest.mark.parametrize("alarm", SECTIONS)
def test_every_section_says_what_it_means_where_to_look_and_what_to_do(alarm):
    assert re.findall(r"^- \*\*(\w+)\*\*: \S", SECTIONS[alarm], re.MULTILINE) == ["Means", "Look", "Do"]


def test_the_dashboard_s_panels_are_apart_and_inside_the_grid():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
