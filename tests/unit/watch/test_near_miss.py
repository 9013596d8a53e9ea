"""Why an entry did not match."""

import pytest

from bot.shared.entry import Kind
from bot.watch.evidence import explain
from tests.kit.watch import CBP, JUSTICE, entry, watch


@pytest.mark.parametrize(
    ("query", "title", "text"),
    [
        ("visa AND fee*", "Visa notice", 'had "visa"; lacked words beginning "fee"'),
        ("visa agency:customs", "Visa notice", 'had "visa"; lacked agency "customs"'),
        ("visa NOT (student OR meeting)", "Student visa", 'had "visa"; excluded by "student"'),
        ("(visa fee) OR (slavery x1 y1)", "Visa", 'had "visa"; lacked "fee"'),
        ("visa (x1 OR y1)", "Visa", 'had "visa"; lacked any of ("x1", "y1")'),
        ("agency:justice visa", "Fees", ""),
        ("slavery visa", "Fees", ""),
        ("visa", "Visa", 'had "visa"'),
        ("visa AND (visa AND fee)", "Visa", 'had "visa"; lacked "fee"'),
    ],
)
def test_a_near_miss_says_what_was_there_and_what_was_not(query, title, text):
    assert str(explain(watch(query), entry(title, agencies=(JUSTICE,)))) == text


def test_what_the_source_left_out_is_shown_as_unknown():
    missed = explain(watch("visa fee agency:customs"), entry("Visa", agencies=None))
    assert missed.lacked == ('"fee"', 'agency "customs" (the source does not say)')


def test_a_watch_for_other_kinds_or_sources_says_so():
    missed = explain(watch("visa", kinds=(Kind.NEWS,), sources=("gao",)), entry("Visa", agencies=(CBP,)))
    assert missed.lacked == ("kind news (this is document)", "source gao (this came from register)")
