"""Records of bills come from outside: whatever they hold, they are read or refused, and say the same thing once."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bills.facts import member_name, status_of
from bot.bills.records import _RECORD
from bot.sources.congress.bill_record import LEVELS, Unreadable, bill_entries, read_api, read_billstatus
from tests.kit.alerts import TUESDAY

WORDS = st.one_of(st.text(max_size=30), st.sampled_from(["2025-07-10", "Passed House.", "36000", "True", "S.", "119"]))
NAMES = st.sampled_from(
    ["actionDate", "actionTime", "text", "type", "actionCode", "sourceSystem", "committees", "name", "systemCode",
     "title", "titleType", "bioguideId", "fullName", "sponsorshipDate", "sponsorshipWithdrawnDate", "formats", "url",
     "number", "congress", "relationshipDetails", "item", "updateDate", "date"]
)  # fmt: skip
JSON = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=20,
)
ROWS = st.lists(st.one_of(st.dictionaries(NAMES, JSON, max_size=8), JSON), max_size=4)
XML = st.recursive(
    WORDS.map(escape),
    lambda inner: st.lists(
        st.tuples(NAMES, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"), max_size=5
    ).map("".join),
    max_leaves=15,
)


@pytest.mark.long
@given(ROWS, st.dictionaries(st.sampled_from(sorted(LEVELS)), ROWS), st.dictionaries(NAMES, JSON, max_size=5))
def test_whatever_the_api_answers_in_whatever_order_the_same_things_are_posted(rows, levels, about):
    detail: dict[str, Any] = {"bill": about | {"congress": 119, "type": "HR", "number": "1"}}
    record = read_api(detail, rows, levels)
    shuffled = read_api(detail, rows[::-1], {name: stored[::-1] for name, stored in levels.items()})
    keys, others = (
        {entry.identity for entry in bill_entries(item, "bills", ended=True)} for item in (record, shuffled)
    )
    assert keys == others  # the steps are the same in whatever order they are listed
    assert status_of(record, TUESDAY.date())
    assert _RECORD.validate_json(_RECORD.dump_json(record)) == record


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["actions", "cosponsors", "titles", "textVersions", "relatedBills", "summaries"]), XML
        )
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused(lists):
    inside = "".join(f"<{name}><item>{text}</item></{name}>" for name, text in lists)
    head = "<number>1</number><type>HR</type><congress>119</congress>"
    data = f"<billStatus><bill>{head}{inside}</bill></billStatus>".encode("utf-8", "replace")
    try:
        record = read_billstatus(data)
    except Unreadable:
        return
    bill_entries(record, "bills", ended=True)


@given(st.text(max_size=60))
def test_whatever_a_name_looks_like_something_is_answered(name):
    assert member_name(name) or not name
