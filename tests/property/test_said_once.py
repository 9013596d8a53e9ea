"""However a stream of entries is cut into polls, repeated, reordered and restarted, a channel hears each thing once."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.shared.entry import Change
from tests.kit.alerts import Room, action, campaign, document, filing, news
from tests.scenario.test_alerts import NIGHT, QUIET

STREAM = (
    filing("2026-00001"),
    document("2026-00001", comments_close_on=date(2027, 1, 4)),
    document("2026-00002", "A pledge", references=("docket:A",)),
    document("2026-00003", "Extension", change=Change.EXTENSION, references=("docket:A",)),
    document("2026-00004", "Correction", change=Change.CORRECTION, references=("fr:2026-00001",)),
    news("a"),
    news("a", guid="other"),
    news("b", "Relief for survivors"),
    news("b", "Relief for survivors", source="wire"),
    action("Introduced in House", "Introduced"),
    action("Passed House.", "Passed House"),
    action("Became Public Law No: 119-73.", "Became law"),
    *(document(f"2027-{n:05}", f"Gloves {n}") for n in range(12)),
)
# Edits by which another watch comes to match what was said already.
EDITED = (*STREAM, news("a", "Gloves seized, relief promised"), news("b", "Relief for survivors, and gloves"))
POLLS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(range(len(EDITED))), max_size=30),
        st.sampled_from([0.1, 3, 9, 30]),  # hours that pass before
        st.sampled_from(["plain", "quiet", "safety"]),  # as feeds.yml is then
    ),
    min_size=1,
    max_size=8,
)
SETTINGS = {"plain": {}, "quiet": QUIET, "safety": {"safety": "admin"}}


def play(room: Room, polls) -> None:
    for numbers, hours, setting in polls:
        room.config = campaign(SETTINGS[setting])
        room.wait(hours=hours).send_all()
        entries = sorted((EDITED[n] for n in numbers), key=lambda entry: entry.source)
        for source, group in itertools.groupby(entries, key=lambda entry: entry.source):
            room.take(source, *group)
        room.compose()


# A digest lists "a", and an edit then makes an alert of it.
LISTED_THEN_EDITED = [([], 9, "plain"), *[([], 30, "plain")] * 4, ([5], 3, "plain"), ([24], 0.1, "plain")]


@pytest.mark.long
@settings(max_examples=60)
@given(POLLS)
@example(LISTED_THEN_EDITED)
def test_an_entry_is_posted_once_in_a_channel_and_an_edit_that_raises_it_is_marked_as_an_update(polls):
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), campaign(), now=NIGHT)
        room.compose()
        play(room, polls)
        posted = defaultdict(list)
        for row in room.db.read(
            """
            SELECT d.key, d.kind, d.channel, d.thread, d.card, e.entry_id, e.stage
            FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
            WHERE d.state <> 'dropped' ORDER BY d.seq
            """
        ):
            posted[row["key"].partition("/")[0], row["entry_id"], row["stage"]].append(row)
        for what, messages in posted.items():
            assert len(messages) <= 2, what
            for digest, alert in itertools.pairwise(messages):
                assert (digest["kind"], alert["kind"]) == ("digest", "alert"), what
                assert json.loads(alert["card"])["head"].startswith("Update: ") or "alerts at once" in alert["card"]
        room.db.close()


def test_an_edit_that_makes_an_alert_of_what_a_digest_listed_replies_to_that_digest(tmp_path):
    room = Room(tmp_path, campaign(), now=NIGHT)
    room.compose()
    play(room, LISTED_THEN_EDITED)
    sql = (
        "SELECT kind, thread, card FROM delivery WHERE key LIKE 'policy/%' AND kind IN ('digest', 'alert') ORDER BY seq"
    )
    *_, digest, alert = room.db.read(sql)

    assert (digest["kind"], alert["kind"]) == ("digest", "alert")
    assert digest["thread"] == alert["thread"]
    card = json.loads(alert["card"])
    assert card["head"].startswith("Update: ")
    assert "A digest listed this before an edit made it an alert" in card["foot"]
    room.db.close()


@pytest.mark.long
@settings(max_examples=40)
@given(st.permutations(range(len(STREAM))), st.lists(st.integers(1, 8), min_size=1, max_size=20))
def test_everything_loud_is_posted_whatever_the_order_and_the_cuts(order, sizes):
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), campaign(), now=NIGHT)
        left = list(order)
        polls = []
        for size in itertools.cycle(sizes):
            if not left:
                break
            polls.append((left[:size], 0.1, "plain"))
            left = left[size:]
        play(room, polls)
        titles = {title for title, _ in room.posted("policy")}
        loud = {entry.title for entry in STREAM if any(word in entry.title for word in ("Gloves", "Relief"))}
        assert loud | {"Introduced in House", "Passed House.", "Became Public Law No: 119-73."} <= titles
        room.db.close()
