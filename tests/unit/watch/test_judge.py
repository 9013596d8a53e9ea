"""Judging hand-judged items by the configuration's watches."""

import json

import pytest

from bot.config.load import load
from bot.shared.entry import Kind
from tests.kit.judge import BadLine, Judge, Rate, Verdict, read, score

FEEDS = """
sources:
  register: {kind: federal-register, name: Register}
  bills: {kind: bill-status, name: Bills}
watches:
  labor: {name: Forced labor, asks: [4], level: alert, query: '"forced labor" agency:customs', sources: [register]}
  act: {asks: [8, 4], level: digest, query: 'bill:hr4323-119 OR "survivors relief"', kinds: [bill, news]}
  policy: {name: The field, level: digest, query: "trafficking OR slavery"}
channels:
  all: {to: "console:all"}
routes: [{to: all}]
admin: all
"""
COALITION = """
id: us
name: The Coalition
short: Us
contact: us@example.org
asks: {4: {title: Enforce the ban}, 8: {title: Clear records}}
"""


@pytest.fixture
def judge(tmp_path):
    (tmp_path / "feeds.yml").write_text(FEEDS, encoding="utf-8")
    (tmp_path / "coalition.yml").write_text(COALITION, encoding="utf-8")
    return Judge(load(tmp_path / "feeds.yml", tmp_path / "coalition.yml"))


def items(*lines):
    return list(read(line if isinstance(line, str) else json.dumps(line) for line in lines))


def test_a_document_is_judged_in_the_apis_own_shape(judge):
    document = {
        "document_number": "2026-00001",
        "title": "Forced Labor Finding",
        "agencies": [{"name": "Customs", "slug": "x"}],
    }
    verdict = judge.verdict(document)
    assert verdict == Verdict(
        "2026-00001", "alert", (4,), (), ("“Forced Labor” in the title; agency Customs → Ask 4, Enforce the ban",)
    )


def test_missing_fields_are_normal_and_what_is_unknown_is_shown_as_unknown(judge):
    verdict = judge.verdict({"document_number": "2026-00001", "title": "Forced labor", "source": ["regulations.gov"]})
    assert verdict.level == "alert"
    assert "agency not given by the source" in verdict.why[0]


@pytest.mark.parametrize("id_", ["hr4323-119", "hr-4323-119"])
def test_a_bill_is_known_by_its_number_however_it_is_written(judge, id_):
    verdict = judge.verdict({"source": "bill", "id": id_, "title": "An Act", "official": "To end slavery"})
    assert (verdict.id, verdict.level, verdict.asks) == (id_, "digest", (4, 8))
    assert verdict.why[0].startswith("bill H.R. 4323 (119th)")
    assert "“slavery” in the summary → policy watch “The field”" in verdict.why


def test_news_is_judged_by_title_and_excerpt(judge):
    item = {
        "source": "news",
        "url": "https://example.org/a",
        "outlet": "The Post",
        "title": "A bill",
        "date": "2026-01",
    }
    assert judge.verdict(item) == Verdict("https://example.org/a", "none", (), (), ())
    assert judge.verdict(item | {"excerpt": "The Survivors Relief Act"}).asks == (4, 8)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"document_number": "1", "title": "x"}, Kind.DOCUMENT),
        ({"document_number": "1", "title": "x", "source": "other"}, Kind.DOCUMENT),
        ({"document_number": "1", "title": "x", "source": "federal-register"}, Kind.DOCUMENT),
        ({"title": "x", "source": "federal-register"}, Kind.DOCUMENT),
        ({"id": "s-9-117", "title": "x"}, Kind.BILL),
        ({"id": "S.9", "title": "x", "source": "bill"}, Kind.BILL),
        ({"id": "m1", "title": "x"}, Kind.NEWS),
    ],
)
def test_an_item_without_a_source_is_taken_for_what_it_looks_like(judge, item, kind):
    assert judge.entry(item).kind is kind


def test_a_line_that_holds_no_item_is_reported_and_the_rest_goes_on():
    parsed = items(
        "", '{"title": "a"}', "{nonsense", "[1]", '{"title": " "}', '{"id": 1}', "[" * 100_000, '{"title": "b"}'
    )
    assert [part[0] if isinstance(part, tuple) else part.line for part in parsed] == [2, 3, 4, 5, 6, 7, 8]
    assert [isinstance(part, BadLine) for part in parsed] == [False, True, True, True, True, True, False]
    assert "not JSON" in parsed[1].what
    assert "title" in parsed[2].what


def test_the_score_counts_by_what_one_or_two_people_marked():
    def judged(level, marks, asks=(), named=()):
        item = dict(zip(("relevant", "second"), marks, strict=False)) | {"asks": list(asks)}
        return item, Verdict("x", level, tuple(named), (), ())

    rates = score(
        [
            judged("alert", (2, 2), asks=[4], named=[4, 9]),
            judged("digest", (2, 2), asks=[3], named=[4]),
            judged("alert", (1, 2)),
            judged("alert", (0, 0)),
            judged("none", (1, 1)),
            judged("digest", (0, 1)),
            judged("none", (0,)),
            judged("alert", ()),
        ]
    )
    assert rates == (
        Rate("must-alerts posted as alerts", 1, 2),
        Rate("alerts that someone labeled an alert", 2, 3),
        Rate("must-posts posted", 3, 4),
        Rate("posted items that someone wants", 4, 5),
        Rate("noise posted", 1, 2),
        Rate("noise posted as alerts", 1, 2),
        Rate("must-alerts with an ask, posted on a right ask", 1, 2),
    )
    assert rates[0].share == 0.5
    assert score([])[0].share is None


def test_every_labelled_item_can_be_judged(judge, material):
    for file in (
        "federal_register/labelled.jsonl",
        "media/labelled.jsonl",
        "congress/corpus_119/bills_sample_119.jsonl",
    ):
        parsed = items(*(material / file).read_text(encoding="utf-8").splitlines())
        assert len(parsed) > 20
        assert not [part for part in parsed if isinstance(part, BadLine)]
        assert any(judge.verdict(item).level != "none" for _, item in parsed)
