"""Changes made in chat over feeds.yml: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import ConfigError, load
from bot.config.write import feeds_text, plain
from bot.overrides.overlay import SOURCE, WATCH, Change, differences, effective, feeds_yaml, fitting, watch_body
from tests.kit import configs

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped():
    return configs.shipped()


def watch(id_, body=None, until=None, **given):
    made = watch_body(WatchConfig.model_validate({"level": "alert", "query": "gloves"} | given)) if given else body
    return Change(kind=WATCH, name=id_, body=made, muted_until=until)


def test_without_changes_the_files_are_in_force(shipped):
    assert effective(shipped, [], NOW) == shipped


def test_what_is_changed_added_or_taken_out_is_judged_by_at_once(shipped):
    made = effective(shipped, [watch("mittens", query="mittens"), watch("tariff-act-307")], NOW)
    ids = [watch_made.id for watch_made in made.watches]
    assert ("mittens" in ids, "tariff-act-307" in ids) == (True, False)
    assert len(ids) == len(shipped.watches)
    assert "mittens" not in shipped.feeds.watches


def test_laying_changes_twice_is_laying_them_once(shipped):
    changes = [watch("mittens", query="mittens"), watch("tariff-act-307"), watch("trafficking-laws", until=NOW)]
    once = effective(shipped, changes, NOW)
    assert effective(once, changes, NOW) == once


def test_a_mute_ends_by_itself_and_takes_nothing_out(shipped):
    changes = [watch("tariff-act-307", until=NOW + timedelta(days=1))]
    muted, later = effective(shipped, changes, NOW), effective(shipped, changes, NOW + timedelta(days=1))
    assert {item.id for item in shipped.watches} - {item.id for item in muted.watches} == {"tariff-act-307"}
    assert muted.feeds == shipped.feeds
    assert later == shipped


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (watch("a", query="gloves", sources=["nowhere"]), "watches.a.sources.0", 'unknown source "nowhere"'),
        (watch("a", query="gloves", asks=[77]), "watches.a.asks", "coalition.yml has no ask 77"),
        (watch("a", query="(gloves"), "watches.a.query", "this ( is not closed"),
        (watch("a", '{"level": "loud", "query": "x"}'), "watches.a.level", '"loud" is not one of'),
        (Change(kind=SOURCE, name="govinfo-bills"), "sources.1", 'unknown source "govinfo-bills"'),
        (Change(kind=SOURCE, name="b", body='{"kind": "feed", "name": "B"}'), "sources.b", "needs its address"),
    ],
)
def test_what_agrees_with_nothing_is_named_with_its_place(shipped, change, where, what):
    with pytest.raises(ConfigError) as error:
        effective(shipped, [change], NOW)
    problem = error.value.problems[0]
    assert (problem.file, where in problem.where, what in problem.what) == ("chat", True, True)


def test_what_fits_no_more_is_left_out_and_named_and_the_rest_is_in_force(shipped):
    stale = watch("stale", query="gloves", sources=["gone-source"], until=NOW + timedelta(days=1))
    renumbered = watch("tariff-act-307", query="gloves", asks=[77], until=NOW + timedelta(days=1))
    made = fitting(shipped, [stale, renumbered, watch("mittens", query="mittens")], NOW)
    assert made.feeds.watches["mittens"].query == "mittens"
    assert made.feeds.watches["tariff-act-307"] == shipped.feeds.watches["tariff-act-307"]
    assert "tariff-act-307" not in {item.id for item in made.watches}  # a mute holds whatever else was changed
    slips = [(slip.where, slip.what.partition("; it has")[0]) for slip in made.left_out]
    assert slips == [
        ("watches.stale", 'added in chat, but sources.0: unknown source "gone-source"'),
        (
            "watches.tariff-act-307",
            "changed in chat (asks, kinds, name, query), but asks: coalition.yml has no ask 77",
        ),
    ]


def test_a_source_goes_after_the_watch_that_was_limited_to_it(shipped):
    only = watch("only", query="x", sources=["gone-source"])
    needing = [id_ for id_, item in shipped.feeds.watches.items() if "govinfo-bills" in item.sources]
    gone = Change(kind=SOURCE, name="govinfo-bills")
    assert fitting(shipped, [gone, only], NOW).left_out[0].where == "sources.govinfo-bills"
    made = fitting(shipped, [gone, only, *map(watch, needing)], NOW)
    assert "govinfo-bills" not in made.feeds.sources
    assert [slip.where for slip in made.left_out] == ["watches.only"]


def test_differences_tell_each_change_once(shipped):
    same = shipped.feeds.watches["tariff-act-307"]
    changes = [
        watch("mittens", query="mittens"),
        Change(kind=WATCH, name="tariff-act-307", body=watch_body(same), muted_until=NOW + timedelta(days=1)),
        watch("trafficking-laws"),
        watch("never-there"),
        Change(kind=SOURCE, name="gao-press", body='{"kind": "feed", "name": "GAO", "url": "https://gao.gov/x"}'),
    ]
    assert differences(shipped, changes, NOW) == [
        "watches.mittens: added in chat",
        "watches.tariff-act-307: muted until 2026-11-25 15:00 UTC",
        "watches.trafficking-laws: removed in chat",
        "sources.gao-press: changed in chat (every, may_be_empty, name, url, verified)",
    ]


def test_a_file_that_has_taken_a_change_over_differs_no_more(shipped):
    change = Change(kind=WATCH, name="tariff-act-307", body=watch_body(shipped.feeds.watches["tariff-act-307"]))
    assert differences(shipped, [change], NOW) == []


def test_every_shipped_section_is_written_as_it_can_be_read(shipped):
    for source in shipped.feeds.sources.values():
        assert SourceConfig.model_validate(plain(source)) == source
    for shipped_watch in shipped.feeds.watches.values():
        assert WatchConfig.model_validate_json(watch_body(shipped_watch)) == shipped_watch


def test_an_export_keeps_the_comments_and_says_what_is_in_force(shipped, tmp_path):
    changes = [
        watch("mittens", query='"mittens" NOT "oven mittens"', asks=[4], name="Mittens"),
        watch("tariff-act-307", query="gloves"),
        watch("trafficking-laws"),
        Change(kind=SOURCE, name="justice-news", body='{"kind": "feed", "name": "DOJ", "url": "https://j.gov/rss"}'),
    ]
    made = effective(shipped, changes, NOW)
    text = feeds_yaml(made)
    (tmp_path / "feeds.yml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "feeds.yml", ROOT / "coalition.yml").feeds == made.feeds
    comments = [line for line in shipped.text.splitlines() if line.lstrip().startswith("#")]
    assert sum(line in text for line in comments) >= len(comments) - 3
    assert "# The press: off until you have read their terms." in text


def test_where_nothing_changed_only_spaces_differ(shipped):
    assert "".join(feeds_text(shipped.text, shipped.feeds, shipped.feeds).split()) == "".join(shipped.text.split())
