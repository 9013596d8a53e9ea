"""/learn start: ten entries at a time, Yes or No, until a watch is proposed; nothing is posted meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts.recall import near_misses
from bot.commands.model import Reply
from bot.entries import history
from bot.entries import records as entries
from bot.learning import records
from bot.watch.model import why
from tests.kit.alerts import document
from tests.kit.commands import Office, button_of, words_of

SUBJECTS = ("quarry permits", "quarry blasting", "flood maps", "bus brakes", "halibut quotas", "fireworks on the river")

LEARNED = "learned-ask-4-enforce-307"


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    titles = [f"Report on {subject} in district {n}" for n in range(8) for subject in SUBJECTS]
    office.room.take("register", *(document(f"2026-{n:05}", title) for n, title in enumerate(titles)))
    return office


async def answered(office, card, want, user="ada", count=10):
    """The card after answering `count` entries: Yes to what has the wanted word."""
    for _ in range(count):
        label = "Yes" if want in card.head else "No"
        reply = await office.press(user, card, label)
        assert isinstance(reply, Reply), reply
        assert reply.replaces
        card = reply.card
    return card


async def rounds(office, want, count, **args):
    card = await office.ask("ada", "learn start", **args)
    for _ in range(count - 1):
        done = await answered(office, card, want)
        card = (await office.press("ada", done, "Ten more")).card
    return await answered(office, card, want)


async def test_a_card_asks_about_one_entry_and_says_why_it_is_shown(office):
    card = await office.ask("ada", "learn start", ask="4")
    assert card.head.startswith("Relevant to Ask 4? Report on ")
    assert [button.label for button in card.buttons] == ["Yes", "No", "Skip"]
    assert card.why == ("it was drawn at random",)
    assert card.foot == "10 cards left in this round · 0 of about 100 answered, 0 Yes"
    assert len(card.links) == 1


async def test_answers_lead_to_more_of_what_was_answered_yes(office):
    done = await rounds(office, "quarry", 2, ask="4")
    assert done.head.startswith("Round done: 20 of about 100 answered, ")
    card = (await office.press("ada", done, "Ten more")).card
    assert "quarry" in card.head
    assert "“quarry" in card.why[0]


async def test_the_learned_watch_is_tried_and_saved_as_any_watch(office):
    done = await rounds(office, "quarry", 3, ask="4")
    proposed = (await office.press("ada", done, "Propose a watch")).card
    assert proposed.head == "Not saved yet: “Learned: Ask 4, enforce § 307”"
    assert "Looks for: what is close to your Yes: " in words_of(proposed)
    assert "quarry +" in words_of(proposed)
    assert "Posts: a line in the digest, Ask 4" in words_of(proposed)
    assert "16 hits in 48 entries" in words_of(proposed)

    await office.press("ada", proposed, "Save")

    watch = office.config.feeds.watches[LEARNED]
    assert (watch.query, watch.level, watch.asks) == ("", "digest", (4,))
    assert watch.note == "Learned on Nov 24, 2026 from 11 Yes and 19 No."
    (*_, saved) = office.audit()
    assert saved[1:3] == (f"watch {LEARNED}", "")
    assert saved[3].startswith("digest, Ask 4: learned, ")
    (match,) = office.config.matcher.match(document("2026-90001", "Quarry blasting"))
    assert office.config.matcher.match(document("2026-90002", "Bridge brakes")) == ()
    assert why([match], {4: "enforce § 307"}) == (
        "close to what you marked Yes: “Quarry” and “blasting” → Ask 4, enforce § 307",
    )


async def test_more_answers_make_the_next_version_of_the_same_watch(office):
    done = await rounds(office, "quarry", 2, ask="4")
    await office.press("ada", (await office.press("ada", done, "Propose a watch")).card, "Save")
    done = await rounds(office, "quarry", 1, ask="4")
    proposed = (await office.press("ada", done, "Propose a watch")).card
    assert "0 more than now, 0 fewer" in words_of(proposed)
    await office.press("ada", proposed, "Save")
    assert [id_ for id_ in office.config.feeds.watches if id_.startswith("learned")] == [LEARNED]
    assert "from 12 Yes and 18 No" in office.config.feeds.watches[LEARNED].note


async def test_a_learned_watch_shows_its_weights_and_alerts_only_after_a_month(office):
    done = await rounds(office, "quarry", 3, ask="4")
    await office.press("ada", (await office.press("ada", done, "Propose a watch")).card, "Save")
    reply = await office.answer("cy", "watch show", name=LEARNED)
    shown = reply.card
    weights = office.config.feeds.watches[LEARNED].learned.weights
    for section, sign in zip(shown.sections, ("+", "-"), strict=True):
        (line,) = section.lines
        assert line.text.count(f" {sign}") == min(12, sum((weight > 0) is (sign == "+") for weight in weights.values()))
    assert "quarry +" in shown.sections[0].lines[0].text
    assert len(reply.file.data.splitlines()) == 1 + len(weights)
    refused = await office.refused("ada", "watch edit", name=LEARNED, level="alert")
    first_month = "A learned watch posts digest lines in its first month."
    assert refused.what.startswith(f"{first_month} It can alert from Thu Dec 24")
    assert refused.what.endswith(".m."), "one period"
    office.room.run_on(days=31)
    louder = await office.ask("ada", "watch edit", name=LEARNED, level="alert")
    await office.press("ada", louder, "Save")
    assert office.config.feeds.watches[LEARNED].level == "alert"


async def test_a_learned_watch_that_was_removed_begins_its_month_anew(office):
    done = await rounds(office, "quarry", 3, ask="4")
    for days in (31, 0):
        await office.press("ada", (await office.press("ada", done, "Propose a watch")).card, "Save")
        office.room.run_on(days=days)
        await office.ask("ada", "watch remove", name=LEARNED)
    await office.press("ada", (await office.press("ada", done, "Propose a watch")).card, "Save")
    refused = await office.refused("ada", "watch edit", name=LEARNED, level="alert")
    assert "It can alert from Sun Jan 24" in refused.what


async def test_what_was_learned_is_offered_as_a_query_too(office):
    done = await rounds(office, "quarry", 3, ask="4")
    learned = (await office.press("ada", done, "Propose a watch")).card
    proposed = (await office.press("ada", learned, "As a query")).card
    assert "A query of 3 phrases would find 11 of your 11 Yes and 0 of your 19 No." in words_of(proposed)
    await office.press("ada", proposed, "Save")
    assert office.config.feeds.watches[LEARNED].query == "quarry OR blasting OR permits"


async def test_an_entry_is_answered_once_for_the_coalition(office):
    card = await office.ask("ada", "learn start", ask="4")
    seen = {card.head}
    card = (await office.press("ada", card, "No")).card
    other = await office.ask("bo", "learn start", ask="4")
    assert other.head not in seen
    assert "1 of about 100 answered" in other.foot


async def test_the_last_answer_can_be_taken_back(office):
    first = await office.ask("ada", "learn start")
    second = (await office.press("ada", first, "Yes")).card
    assert "1 of about 100 answered, 1 Yes" in second.foot
    again = (await office.press("ada", second, "Undo")).card
    assert again.head == first.head
    assert "0 of about 100 answered" in again.foot
    refused = await office.refused("ada", "learn take-back")
    assert refused.what == "You have no answer to take back."


async def test_a_round_goes_on_where_it_was_left(office):
    first = await office.ask("ada", "learn start")
    second = (await office.press("ada", first, "Skip")).card
    assert (await office.ask("ada", "learn start")).head == second.head


async def test_without_a_yes_nothing_is_proposed(office):
    done = await rounds(office, "nothing has this", 1)
    card = (await office.press("ada", done, "Propose a watch")).card
    assert card.head == "Nothing to propose yet"
    assert "10 of about 100 answered, 0 Yes" in words_of(card)
    assert "there is none yet. Aim for 10 Yes: 10 more." in words_of(card)
    assert card.foot == "Next: /learn start shows ten entries, one click each."


async def test_after_one_yes_it_says_what_is_missing_and_how_many_answers_more(tmp_path):
    office = Office(tmp_path)
    titles = [
        "Notice of a meeting",
        "A meeting: notice of it",
        "Of a meeting notice",
        "Notice, of a meeting",
        "A notice",
    ]
    office.room.take("register", *(document(f"2026-{n:05}", title) for n, title in enumerate(titles)))
    first = await office.ask("ada", "learn start", ask="4")
    await office.press("ada", first, "Yes")

    card = await office.ask("ada", "learn propose", ask="4")

    assert "1 of about 100 answered, 1 Yes" in words_of(card)
    assert "that 2 entries with a Yes share, and there is one Yes. Aim for 10 Yes: 9 more." in words_of(card)
    assert card.foot == "Next: /learn start ask:4 shows ten entries, one click each."


async def test_without_entries_there_is_nothing_to_learn_from(tmp_path):
    card = await Office(tmp_path).ask("ada", "learn start")
    assert card.head == "There are no entries to learn from"


async def test_answers_post_nothing(office):
    before = office.db.read("SELECT COUNT(*) AS n FROM delivery")[0]["n"]
    await rounds(office, "quarry", 2)
    assert office.db.read("SELECT COUNT(*) AS n FROM delivery")[0]["n"] == before


async def test_a_withheld_entry_is_never_shown(office):
    ids = history.ids_between(office.db, office.room.now.replace(year=2025), office.room.now.replace(year=2027))
    withheld = entries.by_ids(office.db, ids[:1])[0]
    with office.db.write() as tx:
        entries.update_entries(tx, [(withheld.id, withheld.entry.withhold())], office.room.now)
    assert withheld.id not in {id_ for id_, *_ in history.texts(office.db, ids)}
    refused = await office.refused("ada", "learn answer", entry=withheld.id, answer="yes")
    assert refused.what == "That entry is no longer stored. /learn start shows others."


async def test_an_entry_withheld_during_a_round_is_passed_over(office):
    card = await office.ask("ada", "learn start")
    shown = dict(button_of(card, "Yes").args)["entry"]
    stored = entries.by_ids(office.db, [shown])[0]
    with office.db.write() as tx:
        entries.update_entries(tx, [(shown, stored.entry.withhold())], office.room.now)
    again = await office.ask("ada", "learn start")
    assert dict(button_of(again, "Yes").args)["entry"] != shown


async def test_only_people_who_may_edit_watches_can_teach(office):
    assert (await office.refused("cy", "learn start")).what
    card = await office.ask("ada", "learn start")
    button = button_of(card, "Yes")
    assert (await office.refused("dee", button.path, **dict(button.args))).what


async def test_an_ask_that_does_not_exist_is_refused(office):
    refused = await office.refused("ada", "learn start", ask="5")
    assert refused.what == "There is no ask 5. The asks are 3, 4, 8."


# --- what alerts and digests teach ------------------------------------------------------------------------------------


async def test_an_alert_that_is_marked_teaches_the_same_answers(office):
    office.room.take(
        "register", document("2026-90001", "Gloves from one place"), document("2026-90002", "Gloves of lace")
    )
    noted = await office.ask("cy", "alerts relevant", entry="2026-90001")
    assert noted.head == "Noted: relevant to Ask 4"
    await office.ask("cy", "alerts not-relevant", entry="2026-90002", reason="noise")
    answers = {ask: records.answers(office.db, ask) for ask in (4, 8, 0)}
    assert sorted(answers[4].values()) == ["no", "yes"]
    assert list(answers[8].values()) == ["no"]
    assert sorted(answers[0].values()) == ["no", "yes"]
    card = await office.ask("ada", "learn start", ask="4")
    assert "2 of about 100 answered, 1 Yes" in card.foot


async def test_a_duplicate_teaches_nothing(office):
    office.room.take("register", document("2026-90001", "Gloves from one place"))
    await office.ask("cy", "alerts not-relevant", entry="2026-90001", reason="duplicate")
    assert records.answers(office.db, 4) == {}


async def test_near_misses_wait_for_a_yes_and_come_in_the_first_digest_of_a_week(office):
    last, monday = office.room.now, office.room.now + timedelta(days=6)
    assert near_misses(office.db, "policy", office.config, last, monday) is None
    await rounds(office, "quarry", 1)
    assert near_misses(office.db, "policy", office.config, last, last + timedelta(days=1)) is None
    assert near_misses(office.db, "media", office.config, last, monday) is None

    missed = near_misses(office.db, "policy", office.config, last, monday)

    assert missed.section.title == "Perhaps missed: likeliest of the week, raised by no watch"
    *lines, how = missed.section.lines
    assert 1 <= len(lines) <= 5
    assert all("quarry" in line.text and line.url for line in lines)
    assert "/alerts relevant ID" in how.text
    labels = [f"{number} {label}" for number in range(1, len(lines) + 1) for label in ("Relevant", "Not relevant")]
    assert [button.label for button in missed.buttons] == labels


async def test_the_buttons_of_a_near_miss_teach_what_watch_learn_teaches(office):
    await rounds(office, "quarry", 1)
    last, monday = office.room.now, office.room.now + timedelta(days=6)
    missed = near_misses(office.db, "policy", office.config, last, monday)
    for button, head in zip(missed.buttons, ("Noted: relevant to our asks", "Noted: noise"), strict=False):
        card = await office.ask("cy", button.path, **dict(button.args))
        assert card.head == head
        answer = records.answers(office.db, 0)[dict(button.args)["entry"]]
        assert answer == ("yes" if head.endswith("asks") else "no")
    assert "No watch matched it. The answer teaches /learn start." in words_of(card)

    name = missed.section.lines[1].text.split()[1] if len(missed.section.lines) > 2 else ""
    if name:
        assert (await office.ask("cy", "alerts relevant", entry=name)).head == "Noted: relevant to our asks"
    again = near_misses(office.db, "policy", office.config, last, monday)
    judged = {dict(button.args)["entry"] for button in missed.buttons[:2]}
    assert again is None or not judged & {dict(button.args)["entry"] for button in again.buttons}


async def test_relevant_takes_back_not_relevant_and_the_reverse(office):
    office.room.take("register", document("2026-90001", "Gloves from one place"))

    async def mark(verb, **args):
        await office.ask("cy", f"alerts {verb}", entry="2026-90001", **args)
        return [list(records.answers(office.db, ask).values()) for ask in (4, 8, 0)]

    assert await mark("not-relevant", reason="noise") == [["no"], ["no"], ["no"]]
    assert await mark("relevant") == [["yes"], [], ["yes"]]
    assert await mark("not-relevant", reason="noise") == [["no"], ["no"], ["no"]]


async def test_what_a_watch_raised_is_no_near_miss(office):
    await rounds(office, "quarry", 1)
    office.room.take("register", document("2026-90001", "Quarry permits and gloves"))
    monday = office.room.now + timedelta(days=6)
    missed = near_misses(office.db, "policy", office.config, office.room.now, monday)
    assert not any("gloves" in line.text for line in missed.section.lines)
