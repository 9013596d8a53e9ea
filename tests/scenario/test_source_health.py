"""A failing source is reported once, when the trouble is certain, and once when it is over."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import intake, source_health
from bot.config.logs import Throttle
from bot.entries import source_records
from bot.shared.answer import Fetched, Health, Memory, NotModified
from tests.kit.alerts import Room, campaign, document, news


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_a_blocked_source_is_reported_once_and_so_is_its_recovery(room):
    for _ in range(5):
        room.wait(minutes=5).fail("wire", Health.BLOCKED, "403 from wire.example")
    room.wait(hours=1).take("wire", news("a", "x", source="wire"))
    room.take("wire")
    blocked, over = room.cards("admin", "health")
    assert blocked.head == "“The wire” blocks the bot"
    assert blocked.lines[0].text == "403 from wire.example"
    assert "The other 4 sources are fine." in blocked.lines[1].text
    assert blocked.lines[2].text == source_health.advice(Health.BLOCKED)
    assert over.head == "“The wire” works again"


@pytest.mark.long
def test_a_source_that_invents_items_is_stored_up_to_a_days_measure_and_reported_once(room):
    flood = [news(f"{n}", f"Item {n}", published=room.now - timedelta(days=n % 60)) for n in range(intake.MOST_NEW + 2)]
    assert room.take("newsroom", *flood[:2_000]).new == 2_000
    after = Memory(validators={"https://ice.gov/feed": {"etag": "2"}})
    assert room.take("newsroom", *flood, memory=after).new == intake.MOST_NEW - 2_000
    assert not source_records.source_state(room.db, "newsroom").memory.validators, "it is asked for all of it again"
    assert room.take("newsroom", *flood).new == 0
    (card,) = room.cards("admin", "health")
    assert card.head == "“ICE newsroom” has more new items than a day stores"
    assert card.lines[0].text == "2 of its new items wait until tomorrow"
    assert room.take("wire", news("a", source="wire")).new == 1, "other sources go on"
    assert room.wait(days=1).take("newsroom", *flood).new == 2, "nothing is lost"
    assert source_records.source_state(room.db, "newsroom").health is Health.OK
    assert len(room.cards("admin", "health")) == 1


def test_other_sources_in_trouble_are_not_called_fine(room):
    room.fail("newsroom", Health.GONE)
    room.fail("wire", Health.BLOCKED)
    assert "The other 4 sources are fine." in room.cards("admin")[0].lines[0].text
    assert "Of the other 4 sources, 1 has a problem, too." in room.cards("admin")[1].lines[0].text


def test_where_no_other_source_was_checked_none_is_mentioned(tmp_path):
    whole = campaign()
    wire = {"wire": whole.feeds.sources["wire"]}
    room = Room(tmp_path, replace(whole, feeds=whole.feeds.model_copy(update={"sources": wire})))
    room.fail("wire", Health.BLOCKED)
    (card,) = room.cards("admin")
    assert card.lines[0].text.startswith("Since ")
    assert "other" not in card.lines[0].text


def test_the_recovery_names_the_trouble_that_was_reported(room):
    room.fail("wire", Health.BLOCKED)
    room.wait(hours=5).fail("wire", Health.UNREACHABLE)
    room.take("wire")
    over = room.cards("admin")[-1]
    assert over.lines[0].text == "The reported problem (it blocks the bot) is over."


def test_a_lost_connection_is_reported_after_the_third_failure(room):
    for _ in range(2):
        room.wait(minutes=5).fail("wire", Health.UNREACHABLE)
    assert room.cards("admin") == []
    for source in ("newsroom", "register"):
        room.unchanged(source)  # the network is there
    room.wait(minutes=5).fail("wire", Health.UNREACHABLE)
    assert room.heads("admin") == ["“The wire” cannot be reached"]


def test_a_lost_connection_is_reported_after_two_hours_at_any_count(room):
    room.fail("wire", Health.UNREACHABLE)
    room.wait(hours=2).fail("wire", Health.UNREACHABLE)
    assert len(room.cards("admin")) == 1


def test_a_short_outage_is_no_news(room):
    room.fail("wire", Health.UNREACHABLE)
    room.take("wire")
    assert room.cards("admin") == []


def test_one_empty_answer_is_no_news_two_are(room):
    room.take("newsroom", health=Health.EMPTY)
    assert room.cards("admin") == []
    room.take("newsroom", health=Health.EMPTY)
    room.take("newsroom", health=Health.EMPTY)
    assert room.heads("admin") == ["“ICE newsroom” lists nothing at all"]
    (card,) = room.cards("admin")
    assert card.lines[-1].text == source_health.advice(Health.EMPTY)


def test_a_trouble_that_turns_into_another_is_reported_again(room):
    room.fail("wire", Health.BLOCKED)
    room.wait(hours=1).fail("wire", Health.GONE)
    assert len(room.cards("admin")) == 2


def test_the_same_trouble_is_reported_again_after_a_recovery(room):
    for _ in range(2):
        room.wait(hours=1).fail("wire", Health.GONE)
        room.wait(hours=1).take("wire")
    assert [head.split("” ")[1] for head in room.heads("admin")] == ["is gone", "works again"] * 2


def test_a_single_event_has_no_recovery_to_report(room):
    room.take("wire", news("a", "x", source="wire"), health=Health.OVERRUN)
    room.take("wire")
    room.take("wire", news("b", "y", source="wire"), health=Health.OVERRUN)
    assert len(room.cards("admin")) == 2


def test_a_stale_source_is_reported_and_so_is_its_recovery(tmp_path):
    sources = campaign().feeds.model_dump(mode="json", exclude_defaults=True)["sources"]
    sources["register"] |= {"stale_after": "5d"}
    room = Room(tmp_path, campaign({"sources": sources}))
    room.take("register", document())
    for _ in range(6):
        room.wait(days=1).unchanged("register")
    assert room.heads("admin") == ["“Federal Register” answers, but has had nothing new for a long time"]
    room.take("register", document("2026-2"))
    assert room.heads("admin")[1:] == ["“Federal Register” works again"]


def test_a_feed_that_is_empty_as_expected_is_not_stale(tmp_path):
    sources = campaign().feeds.model_dump(mode="json", exclude_defaults=True)["sources"]
    sources["newsroom"] |= {"stale_after": "5d"}
    room = Room(tmp_path, campaign({"sources": sources}))
    for _ in range(8):
        room.wait(days=1).take("newsroom", health=Health.EMPTY_EXPECTED)
    assert room.cards("admin") == []


def test_every_health_has_words_and_advice(room):
    for health in (h for h in Health if not h.good):
        for _ in range(3):
            room.wait(minutes=5).fail("wire", health)
    cards = room.cards("admin")
    assert len(cards) == len({card.head for card in cards}) == sum(not h.good for h in Health)
    assert all(card.lines[-1].text for card in cards)


SOURCES = tuple(campaign().feeds.sources)


def lose_the_network(room, rounds=3):
    for _ in range(rounds):
        room.wait(minutes=5)
        for source in SOURCES:
            room.fail(source, Health.UNREACHABLE, "the name is not found")


def test_a_lost_network_is_one_card_not_one_a_source(room):
    lose_the_network(room, rounds=6)
    (card,) = room.cards("admin")
    assert card.head == "Nothing can be reached since 10:10 a.m.: 5 of 5 sources checked"
    assert card.lines[0].text == "the name is not found"


def test_a_lost_network_is_one_warning_in_the_log_because_the_card_may_not_be_posted(room, caplog, monkeypatch):
    monkeypatch.setattr(source_health, "_LINES", Throttle(source_health.log, lambda: 0))
    caplog.set_level(logging.WARNING)
    lose_the_network(room, rounds=6)
    (line,) = caplog.records
    assert line.levelname == "WARNING"
    assert line.getMessage().startswith("no source answers: the name is not found. Check the connection of this")


def test_before_one_failure_is_reported_the_sources_that_nobody_asked_since_are_asked(room):
    """Sources are asked at different rhythms: one network failure must not become a card for each of them."""
    for _ in range(3):
        room.wait(minutes=5)
        for source in SOURCES[:2]:
            room.fail(source, Health.UNREACHABLE)
    assert room.heads("admin") == []
    assert {id_ for id_ in SOURCES if state(room, id_).due_at == room.now} == {*SOURCES[2:]}
    assert state(room, SOURCES[0]).due_at == room.now + timedelta(minutes=1)

    for source in SOURCES[2:]:
        room.fail(source, Health.UNREACHABLE)
    for _ in range(3):
        room.wait(minutes=5)
        for source in SOURCES:
            room.fail(source, Health.UNREACHABLE)
    assert room.heads("admin") == ["Nothing can be reached since 10:10 a.m.: 5 of 5 sources checked"]


def test_when_one_source_answers_after_an_outage_the_others_are_asked_at_once(room):
    lose_the_network(room)
    room.wait(minutes=1).unchanged(SOURCES[-1])
    assert {id_ for id_ in SOURCES if state(room, id_).due_at == room.now} == {*SOURCES[:-1]}


def state(room, source):
    return source_records.source_states(room.db)[source]


def test_the_end_of_an_outage_is_reported_once_and_sources_still_down_separately(room):
    lose_the_network(room)
    room.wait(hours=1)
    for source in SOURCES[1:]:
        room.unchanged(source)
    assert room.heads("admin")[1:] == ["Sources can be reached again"]
    assert "from 10:10 a.m. until now" in room.cards("admin")[1].lines[0].text
    room.fail(SOURCES[0], Health.UNREACHABLE)
    room.fail(SOURCES[0], Health.UNREACHABLE)
    assert room.heads("admin")[2:] == ["“Federal Register” cannot be reached"]
    room.unchanged(SOURCES[0])
    assert room.heads("admin")[3:] == ["“Federal Register” works again"]


def test_an_outage_is_ended_also_by_a_source_that_was_no_part_of_it(room):
    """It was not asked meanwhile, so the outage was not reported of it."""
    for _ in range(3):
        room.wait(minutes=5)
        for source in SOURCES[1:]:
            room.fail(source, Health.UNREACHABLE)
    assert len(room.cards("admin")) == 1
    assert source_records.source_state(room.db, SOURCES[0]).reported is None
    room.wait(hours=1).unchanged(SOURCES[0])
    assert room.heads("admin")[1:] == ["Sources can be reached again"]


def test_many_sources_that_come_back_at_one_moment_are_no_news_each(room):
    lose_the_network(room)
    room.all_unchanged({source: NotModified(Memory()) for source in SOURCES})
    assert len(room.cards("admin")) == 2


def test_of_many_unchanged_answers_only_the_one_after_a_trouble_is_news(room):
    room.unchanged(SOURCES[0])
    room.fail("wire", Health.BLOCKED)
    room.wait(hours=1)
    answers = {source: NotModified(Memory(cursor={"of": source})) for source in SOURCES}
    due = {source: room.now + timedelta(hours=1, minutes=n) for n, source in enumerate(SOURCES)}
    room.all_unchanged(answers, due)
    assert room.heads("admin")[1:] == ["“The wire” works again"]
    states = source_records.source_states(room.db)
    assert {id_: (one.memory.cursor, one.due_at) for id_, one in states.items()} == {
        source: ({"of": source}, due[source]) for source in SOURCES
    }
    assert {(one.health, one.checked_at, one.reported) for one in states.values()} == {
        (Health.UNCHANGED, room.now, None)
    }


def test_an_unchanged_source_has_new_times_and_nothing_else(room):
    room.take("wire", news("a", "x", source="wire"))
    before = source_records.source_state(room.db, "wire")
    room.wait(hours=1).unchanged("wire")
    assert source_records.source_state(room.db, "wire") == replace(
        before,
        memory=replace(before.memory, last_success_at=room.now),
        health=Health.UNCHANGED,
        checked_at=room.now,
        due_at=room.now + timedelta(hours=1),
    )


def test_an_unchanged_answer_ends_the_baseline_of_a_source_whose_entries_could_not_be_read(tmp_path):
    """What comes next is news, and not silent as if it were the first answer."""
    room = Room(tmp_path, baseline=False)
    broken = Fetched(entries=(), memory=Memory(), broken=1)
    with room.job.write() as work:
        intake.ingest(work, broken, "wire", due_at=room.now)
    room.wait(hours=1).unchanged("wire")
    assert source_records.source_state(room.db, "wire").memory.first_success_at == room.now
    assert not room.take("wire", news("a", "Gloves", source="wire")).baseline


def test_a_second_outage_is_reported_again(room):
    for _ in range(2):
        lose_the_network(room)
        for source in SOURCES:
            room.unchanged(source)
    assert [head.split(" since")[0] for head in room.heads("admin")] == [
        "Nothing can be reached",
        "Sources can be reached again",
    ] * 2


def test_one_source_that_answers_makes_it_the_others_trouble(room):
    for _ in range(3):
        room.wait(minutes=5)
        for source in SOURCES[:-1]:
            room.fail(source, Health.UNREACHABLE)
        room.unchanged(SOURCES[-1])
    assert len(room.heads("admin")) == len(SOURCES) - 1
    assert all("cannot be reached" in head for head in room.heads("admin"))


def test_a_source_reported_as_dead_does_not_count_towards_an_outage(room):
    for source in SOURCES[:3]:
        for _ in range(3):
            room.wait(minutes=5).fail(source, Health.UNREACHABLE)
            room.unchanged(SOURCES[-1])
    assert [head.split("” ")[1] for head in room.heads("admin")] == ["cannot be reached"] * 3


def test_an_outage_before_all_sources_were_checked_says_how_many_were(room):
    for _ in range(3):
        room.wait(minutes=5)
        for source in SOURCES[:3]:
            room.fail(source, Health.UNREACHABLE)
    (card,) = room.cards("admin")
    assert card.head.endswith(": 3 of 5 sources checked")
    assert "The other 2 sources will be checked when due." in card.lines[0].text


def test_an_outage_of_a_recovered_source_does_not_hide_what_it_brings(room):
    room.fail("register", Health.UNREACHABLE)
    room.wait(minutes=timedelta(hours=3).total_seconds() / 60)
    assert room.take("register", document()).messages == 1


def test_a_source_that_is_read_by_another_road_is_reported_once_and_so_is_the_end(room):
    room.take("wire")
    room.wait(hours=1).take("wire", health=Health.DETOUR)
    assert room.cards("admin") == []  # one lost connection may be an accident
    for _ in range(4):
        room.wait(hours=1).take("wire", news("a", "x", source="wire"), health=Health.DETOUR)
    room.wait(hours=1).take("wire")

    assert room.heads("admin") == ["“The wire” is read by another road", "“The wire” works again"]
    assert "put the road that works first" in room.cards("admin")[0].lines[-1].text


def test_a_source_whose_mail_waits_for_a_person_is_reported_once_with_what_to_do(room):
    for _ in range(3):
        room.wait(hours=1).take("wire", health=Health.WAITING)
    room.wait(hours=1).take("wire", news("a", "x", source="wire"))

    assert room.heads("admin") == ["“The wire” waits for a person", "“The wire” works again"]
    assert (
        "/feeds check shows what waits: a subscription, its confirmation, or a sender to judge. /feeds address"
        in room.cards("admin")[0].lines[-1].text
    )


# --- sources that are silent together ---------------------------------------------------------------------------------


@pytest.fixture
def quiet_room(tmp_path):
    sources = campaign().feeds.model_dump(mode="json", exclude_defaults=True)["sources"]
    for section in sources.values():
        section["stale_after"] = "5d"
    room = Room(tmp_path, campaign({"sources": sources}))
    publish(room, "First", *sources)
    return room


def publish(room, title, *sources):
    for source in sources:
        room.take(source, news(f"{title}-{source}", f"{title} of {source}", source=source))


def test_most_sources_silent_at_once_are_one_message_and_so_is_the_end(quiet_room):
    room = quiet_room
    room.run_on(days=6).run_on(hours=1)
    heads = room.heads("admin", source_health.KIND)
    assert sum(head.startswith("Most sources are silent: ") for head in heads) == 1
    assert len(heads) <= 3  # two were silent before it could be known
    room.run_on(days=3)
    assert room.heads("admin", source_health.KIND) == heads
    sources = list(room.config.feeds.sources)
    publish(room, "Second", *sources)
    assert room.heads("admin", source_health.KIND)[len(heads) :] == ["The silence is over: sources publish again"]


def test_sources_that_stay_silent_are_named_once_when_the_others_publish_again(quiet_room):
    room = quiet_room
    room.run_on(days=6).run_on(hours=1)
    *others, second, last = room.config.feeds.sources
    names = [room.config.feeds.sources[source].name for source in (second, last)]
    before = len(room.heads("admin", source_health.KIND))
    publish(room, "Second", *others)
    room.unchanged(last)
    room.wait(hours=1).unchanged(second)

    [over] = room.cards("admin", source_health.KIND)[before:]
    assert over.head == "The silence is over: sources publish again"
    assert all(f"“{name}”" in over.lines[0].text for name in names)

    publish(room, "Third", second)
    room.take(last, health=Health.GONE)

    assert room.heads("admin", source_health.KIND)[before + 1 :] == [f"“{names[1]}” is gone"]
