"""Changes made in chat over the two files: pure."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import ConfigError, load
from bot.settings.changes import (
    BILL,
    OFFICE,
    SOURCE,
    VALUES,
    WATCH,
    Change,
    bill_body,
    differences,
    effective,
    fitting,
    plain,
    section_body,
    written,
)
from bot.shared.yaml_text import plain_yaml
from tests.kit import configs

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def shipped():
    return configs.shipped()


def watch(id_, body=None, **given):
    made = section_body(WatchConfig.model_validate({"level": "alert", "query": "gloves"} | given)) if given else body
    return Change(kind=WATCH, name=id_, body=made)


def test_without_changes_the_files_are_in_force(shipped):
    assert effective(shipped, []) == shipped


def test_what_is_changed_added_or_taken_out_is_judged_by_at_once(shipped):
    made = effective(shipped, [watch("mittens", query="mittens"), watch("tariff-act-307")])
    ids = [watch_made.id for watch_made in made.watches]
    assert ("mittens" in ids, "tariff-act-307" in ids) == (True, False)
    assert len(ids) == len(shipped.watches)
    assert "mittens" not in shipped.feeds.watches


def test_laying_changes_twice_is_laying_them_once(shipped):
    changes = [watch("mittens", query="mittens"), watch("tariff-act-307")]
    once = effective(shipped, changes, {"trafficking-laws"})
    assert effective(once, changes, {"trafficking-laws"}) == once


def test_a_change_of_something_else_leaves_the_matcher_of_the_watches(shipped):
    bill = Change(kind=BILL, name="hr9999-119", body=bill_body("Example Act", "", [1]))

    made = effective(shipped, [bill])

    assert made is not shipped
    assert made.matcher is shipped.matcher
    assert effective(shipped, [watch("mittens", query="mittens")]).matcher is not shipped.matcher


def test_a_mute_takes_nothing_out(shipped):
    muted = effective(shipped, [], {"tariff-act-307"})
    assert {item.id for item in shipped.watches} - {item.id for item in muted.watches} == {"tariff-act-307"}
    assert muted.feeds == shipped.feeds


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
        effective(shipped, [change])
    problem = error.value.problems[0]
    assert (problem.file, where in problem.where, what in problem.what) == ("chat", True, True)


def test_what_fits_no_more_is_left_out_and_named_and_the_rest_is_in_force(shipped):
    stale = watch("stale", query="gloves", sources=["gone-source"])
    renumbered = watch("tariff-act-307", query="gloves", asks=[77])
    made = fitting(shipped, [stale, renumbered, watch("mittens", query="mittens")], {"tariff-act-307"})
    assert made.feeds.watches["mittens"].query == "mittens"
    assert made.feeds.watches["tariff-act-307"] == shipped.feeds.watches["tariff-act-307"]
    assert "tariff-act-307" not in {item.id for item in made.watches}  # a mute holds whatever else was changed
    slips = [(slip.where, slip.what.partition("; it has")[0]) for slip in made.left_out]
    assert slips[0] == ("watches.stale", 'added in chat, but sources.0: unknown source "gone-source"')
    assert slips[1][0] == "watches.tariff-act-307"
    assert slips[1][1].startswith("changed in chat (asks: ")
    assert slips[1][1].endswith("but asks: coalition.yml has no ask 77")


def test_a_source_goes_after_the_watch_that_was_limited_to_it(shipped):
    only = watch("only", query="x", sources=["gone-source"])
    needing = [id_ for id_, item in shipped.feeds.watches.items() if "govinfo-bills" in item.sources]
    gone = Change(kind=SOURCE, name="govinfo-bills")
    assert fitting(shipped, [gone, only]).left_out[0].where == "sources.govinfo-bills"
    made = fitting(shipped, [gone, only, *map(watch, needing)])
    assert "govinfo-bills" not in made.feeds.sources
    assert [slip.where for slip in made.left_out] == ["watches.only"]


def test_differences_show_what_the_file_has_and_what_chat_has(shipped):
    same = shipped.feeds.watches["tariff-act-307"]
    name = shipped.feeds.sources["gao-press"].name
    line, phone = shipped.origin("sources", "gao-press", "name"), shipped.coalition.phone
    changes = [
        watch("mittens", query="mittens"),
        Change(kind=WATCH, name="tariff-act-307", body=section_body(same)),
        watch("trafficking-laws"),
        watch("never-there"),
        Change(kind=SOURCE, name="gao-press", body=section_body(
            shipped.feeds.sources["gao-press"].model_copy(update={"name": "GAO"}))),
        Change(kind=VALUES, name="letterhead", body='{"phone": "0199"}'),
        Change(kind=VALUES, name="routes", body='{"routes": [{"to": "policy", "asks": [4, 8]}, {"to": "media"}]}'),
    ]  # fmt: skip
    *lines, routes = differences(shipped, changes)
    assert routes.endswith("“to policy; asks 4, 8 / to media” in chat)")
    assert not set("[]{}") & set(routes)
    assert lines == [
        "watches.mittens: added in chat",
        "watches.trafficking-laws: removed in chat",
        f"sources.gao-press: changed in chat (name: “{name}” in {line}, “GAO” in chat)",
        f"letterhead: changed in chat (phone: “{phone}” in {shipped.origin('phone')}, “0199” in chat)",
    ]


def test_a_bill_is_followed_in_its_family_or_in_one_of_its_own_and_unfollowed(shipped):
    family, listed = next((id_, it.bills[0]) for id_, it in shipped.coalition.bills.items())
    of_file = Change(kind=BILL, name=listed.id, body=bill_body(listed.title))
    followed = effective(shipped, [of_file])
    assert followed.coalition.bills[family].bills[0].follow
    changes = [
        Change(kind=BILL, name="hr77-119", body=bill_body("In it", family)),
        Change(kind=BILL, name="hr78-119", body=bill_body("By itself", "", [4])),
        Change(kind=BILL, name=listed.id),
    ]
    bills = effective(followed, changes).coalition.bills
    assert (bills[family].bills[-1].id, bills[family].bills[-1].follow) == ("hr77-119", True)
    assert (bills["hr78-119"].name, bills["hr78-119"].asks) == ("By itself", (4,))
    assert not bills[family].bills[0].follow


def test_every_shipped_section_is_written_as_it_can_be_read(shipped):
    for source in shipped.feeds.sources.values():
        assert SourceConfig.model_validate(plain(source)) == source
    for shipped_watch in shipped.feeds.watches.values():
        assert WatchConfig.model_validate_json(section_body(shipped_watch)) == shipped_watch


def test_an_export_keeps_the_comments_and_says_what_is_in_force(shipped, tmp_path):
    changes = [
        watch("mittens", query='"mittens" NOT "oven mittens"', asks=[4], name="Mittens"),
        watch("tariff-act-307", query="gloves"),
        watch("trafficking-laws"),
        Change(kind=SOURCE, name="justice-news", body='{"kind": "feed", "name": "DOJ", "url": "https://j.gov/rss"}'),
    ]
    made = effective(shipped, changes)
    text = written(shipped, changes, "feeds.yml")
    (tmp_path / "feeds.yml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "feeds.yml", ROOT / "coalition.yml").feeds == made.feeds
    comments = [line for line in shipped.text.splitlines() if line.lstrip().startswith("#")]
    assert sum(line in text for line in comments) >= len(comments) - 3
    assert "# The press: off until you have read their terms." in text


def test_every_kind_of_change_is_written_as_it_is_in_force(shipped, tmp_path):
    bills = (bill for family in shipped.coalition.bills.values() for bill in family.bills)
    changes = [
        Change(kind=BILL, name=next(bill.id for bill in bills if bill.follow)),
        Change(kind=BILL, name="hr78-119", body=bill_body("By itself", "", [4])),
        Change(kind=OFFICE, name="epa", body='{"salutation": "Dear Madam:"}'),
        Change(kind=VALUES, name="letterhead", body='{"phone": "0199", "address": ["1 Main St"], "signer": null}'),
        Change(kind=VALUES, name="spokespeople", body='{"spokespeople": [{"name": "Maria Lopez", "asks": [4]}]}'),
    ]
    made = effective(shipped, changes)
    (tmp_path / "coalition.yml").write_text(written(shipped, changes, "coalition.yml"), encoding="utf-8")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    read = load(ROOT / "feeds.yml", tmp_path / "coalition.yml")
    assert read.coalition == made.coalition
    assert len(differences(shipped, changes)) == len(changes)
    assert differences(read, changes) == []


def test_a_file_in_braces_is_written_whole(shipped):
    braces = replace(shipped, text='# Ours.\n{\n  "admin": "staff",\n  "press": "staff"\n}\n')
    text = written(braces, [Change(kind=VALUES, name="special-channels", body='{"press": "news"}')], "feeds.yml")
    assert plain_yaml(text) == {"admin": "staff", "press": "news"}
    assert text.startswith("# Ours.")


def test_a_word_that_only_looks_like_a_date_is_written_as_it_was_read(shipped):
    file = replace(shipped, text="watches:\n  a: {query: x, note: 2026-13-45} # ours\nadmin: staff\n")
    text = written(file, [Change(kind=WATCH, name="b", body='{"query": "y"}')], "feeds.yml")
    assert plain_yaml(text)["watches"] == {"a": {"query": "x", "note": "2026-13-45"}, "b": {"query": "y"}}
    assert "# ours" in text


def test_where_nothing_changed_the_text_stays(shipped):
    assert written(shipped, [], "feeds.yml") == shipped.text
