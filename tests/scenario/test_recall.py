"""The estimate of what is missed: a random sample a quarter, judged by people, and bounds from their answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.alerts import recall
from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.commands.model import Reply
from bot.entries import history
from bot.entries import records as entries
from bot.learning import records, samples
from bot.learning.records import Answer
from bot.learning.samples import Stratum, bounds
from tests.kit.alerts import document, news
from tests.kit.commands import Office, button_of
from tests.kit.commands import words_of as card_words
from tests.kit.payloads import check_discord, check_slack

JANUARY = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)  # the quarter's first business day, 10:00 in Washington
SUBJECTS = ("quarry permits", "flood maps", "bus brakes", "halibut quotas")
HOSTILE = "<!channel> @everyone [Win](https://evil.example) \u202equarry\u202c */learn recall*"


@pytest.fixture
def office(tmp_path):
    """A bot that ran for all of December, with forty documents that no watch raised and one that a watch did."""
    office = Office(tmp_path)
    office.room.take("register", document("2026-00000", "Notice of an older thing"))
    office.room.compose()
    office.room.send_all()
    office.room.run_on(days=16)
    titles = [f"Report on {subject} in district {n}" for n in range(10) for subject in SUBJECTS]
    office.room.take("register", *(document(f"2026-1{n:04}", title) for n, title in enumerate(titles)))
    office.room.take("register", document("2026-20000", "Gloves and quarry permits"))
    office.room.take("newsroom", news("quarry", "Quarry permits in the news"))
    office.room.run_on(days=11)
    office.room.compose()
    office.room.send_all()
    return office


def january(office):
    office.room.run_on(seconds=(JANUARY - office.room.now).total_seconds())
    office.room.compose()
    return office.room.cards("policy", "digest")[-1]


def section(card):
    return next((each for each in card.sections if each.title == "What we miss"), None)


async def judge(office, card, truth=lambda head: "quarry" in head.casefold()):
    """Answer the whole sample from the card with its first question; return the last answer."""
    while any(button.label == "Yes" for button in card.buttons):
        reply = await office.press("ada", card, "Yes" if truth(card.head) else "No")
        assert isinstance(reply, Reply)
        card = reply.card
    return card


async def test_the_first_digest_of_a_quarter_asks_and_gives_no_number_without_answers(office):
    card = january(office)
    head, ask = (line.text for line in section(card).lines)
    assert head == "There is no estimate yet of what we miss."
    assert ask.startswith(
        "From the quarter up to December 2026, 9 entries that no watch raised were drawn at random; 9 need an answer."
    )
    assert ask.endswith("Press Judge the sample, or type /learn recall.")
    assert [button.label for button in card.buttons] == ["Judge the sample"]
    check_slack(slack.message(card, JANUARY.date()))
    check_discord(discord.message(card, JANUARY.date()))
    office.room.run_on(days=7)
    office.room.compose()
    assert sum(section(card) is not None for card in office.room.cards("policy", "digest")) == 1
    quarter = (office.room.config, JANUARY - timedelta(days=40), JANUARY, Random(1))
    assert recall.quarter_report(office.db, "policy", *quarter) is not None
    assert recall.quarter_report(office.db, "media", *quarter) is None


async def test_the_answers_give_an_estimate_and_how_it_is_reckoned(office):
    card = january(office)
    first = (await office.press("ada", card, "Judge the sample")).card
    assert first.head.startswith("Relevant to our asks? ")
    assert first.why == ("it was drawn at random",)
    done = await judge(office, first)
    assert done.head.startswith("Round done")
    estimate = (await office.press("ada", done, "What we miss")).card
    (sample,) = samples.load(office.db)
    strata = sample.answered(records.answers(office.db, 0))
    low, high = bounds(strata)
    assert sum(stratum.size for stratum in strata) == 41
    assert low <= 10 <= high
    assert high - low > 3
    assert estimate.head == "There is no estimate yet of what we miss"
    assert (
        "Your watches raised 1 in that quarter; the range that these answers give is over 3 times as wide."
        in card_words(estimate)
    )
    assert (
        "Reckoned from random entries of the quarter up to December 2026 that your sources listed and no watch raised, "
        "news left out: " in card_words(estimate)
    )
    assert "At least 9 of 10 samples give bounds with the true number between them." in card_words(estimate)
    assert estimate.buttons == ()


async def test_an_estimate_is_given_where_it_is_at_most_three_times_as_wide_as_what_was_raised(office):
    gloves = [document(f"2026-3{n:04}", f"Gloves, part {n}") for n in range(12)]
    office.room.take("register", *gloves)
    await judge(office, (await office.press("ada", january(office), "Judge the sample")).card)

    estimate = await office.ask("ada", "learn recall")

    (sample,) = samples.load(office.db)
    low, high = bounds(sample.answered(records.answers(office.db, 0)))
    assert high - low <= 3 * 13
    assert estimate.head == f"Of 41 entries that no watch raised, we probably miss between {low} and {high}"
    digest = section(_digest_of(office, datetime(2027, 4, 1, 14, 0, tzinfo=UTC)))
    assert digest is None or digest.lines[0].text == f"{estimate.head}."


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (1_000, "Of 3,340 entries that no watch raised, we probably miss between "),
        (30, "Of 340 likely or possible entries that no watch raised, we probably miss between "),
        (10, "Of 40 likely entries that no watch raised, we probably miss between "),
        (1, ""),
    ],
)
def test_what_can_be_bounded_is_and_nothing_else(raised, said):
    strata = [Stratum(40, 4, 8), Stratum(300, 0, 60), Stratum(3_000, 0, 9)]
    assert recall.estimate(strata, raised).startswith(said)
    assert bool(recall.estimate(strata, raised)) is bool(said)


def _digest_of(office, at):
    office.room.run_on(seconds=(at - office.room.now).total_seconds())
    office.room.compose()
    return office.room.cards("policy", "digest")[-1]


async def test_news_raised_entries_and_the_first_incomplete_quarter_are_not_sampled(office):
    december = recall.new_sample(office.db, office.config, JANUARY, Random(1))
    assert sum(stratum.size for stratum in december.strata) == 41
    assert recall.new_sample(office.db, office.config, datetime(2026, 12, 7, tzinfo=UTC), Random(1)) is None
    assert recall.new_sample(office.db, office.config, JANUARY + timedelta(days=120), Random(1)) is None


async def test_a_quarter_has_one_sample_whoever_draws_it(office):
    office.room.run_on(seconds=(JANUARY - office.room.now).total_seconds() - 3_600)
    card = await office.ask("ada", "learn recall")
    assert card.head == "There is no estimate yet of what we miss"
    (sample,) = samples.load(office.db)
    january(office)
    await office.ask("bo", "learn recall")
    assert samples.load(office.db) == [sample]


async def test_skipped_and_withheld_entries_stay_unknown(office):
    card = january(office)
    (sample,) = samples.load(office.db)
    with office.db.write() as tx:
        stored = entries.by_ids(tx, sample.ids[:1])[0]
        entries.update_entries(tx, [(stored.id, stored.entry.withhold())], office.room.now)
    first = (await office.press("ada", card, "Judge the sample")).card
    second = (await office.press("ada", first, "Skip")).card
    await judge(office, second)
    estimate = await office.ask("ada", "learn recall")
    assert sum(stratum.unknown for stratum in sample.answered(records.answers(office.db, 0))) == 2
    assert "unknown" in card_words(estimate)


async def test_a_sample_that_was_skipped_gives_no_estimate(office):
    card = (await office.press("ada", january(office), "Judge the sample")).card
    while any(button.label == "Skip" for button in card.buttons):
        card = (await office.press("ada", card, "Skip")).card
    report = await office.ask("ada", "learn recall")
    assert report.head == "There is no estimate yet of what we miss"
    assert "Most sampled entries were skipped or are no longer stored." in card_words(report)


async def test_a_hostile_title_is_only_text(tmp_path):
    office = Office(tmp_path)
    office.room.take("register", document("2026-00000", "Notice of an older thing"))
    office.room.run_on(days=16)
    office.room.take("register", document("2026-10000", HOSTILE))
    office.room.run_on(days=25)
    card = await office.ask("ada", "learn recall")
    asked = (await office.press("ada", card, "Judge the sample")).card
    check_slack(slack.message(asked, JANUARY.date()))
    check_discord(discord.message(asked, JANUARY.date()))
    await judge(office, asked)
    assert (await office.ask("ada", "learn recall")).head == "Of 2 entries that no watch raised, we probably miss 1"


async def test_only_people_who_may_edit_watches_judge(office):
    card = january(office)
    button = button_of(card, "Judge the sample")
    for user in ("cy", "dee"):
        assert (await office.refused(user, button.path)).what


def test_samples_of_a_store_give_bounds_around_what_was_really_missed(office):
    ids = history.unmatched_between(office.db, JANUARY - timedelta(days=60), JANUARY, news=False)
    titles = {id_: texts[0].casefold() for id_, texts, _ in history.texts(office.db, ids)}
    truth = {id_: Answer.YES if "quarry" in title or title.endswith("district 3") else Answer.NO
             for id_, title in titles.items()}  # fmt: skip
    with office.db.write() as tx:
        for id_ in ids[:4]:
            records.save_answer(tx, 0, id_, truth[id_], by=None, now=JANUARY)
    missed = list(truth.values()).count(Answer.YES)
    covered = 0
    for seed in range(40):
        sample = recall.new_sample(office.db, office.config, JANUARY, Random(seed))
        low, high = bounds(sample.answered(truth))
        covered += low <= missed <= high
    assert covered >= 36
