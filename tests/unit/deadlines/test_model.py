"""Duties, comment windows and the claims we may make, as pure rules."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.load import ConfigError, load
from bot.deadlines.model import (
    COMMENT_STEPS,
    COMMITMENT_STEPS,
    Basis,
    Claim,
    Commitment,
    State,
    Window,
    aged_claims,
    authority_claim,
    claim_of,
    due_on,
    reminder_due,
    status_sentence,
)
from bot.shared.calendar import business_day, business_days_until
from tests.kit.board import CONFIG, ROOT

TODAY = date(2026, 11, 24)
DIRECTIVE = Commitment(
    id="directive", basis="6 U.S.C. 645", owed="The directive", by="the Secretary", since=date(2018, 12, 21),
    period="180 days", source="https://example.org/645", looked_on=date(2026, 11, 20), confirmed=True,
)  # fmt: skip
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def sentence(claim: Claim | str) -> str:
    assert isinstance(claim, Claim)
    return claim.text


def reason(claim: Claim | str) -> str:
    assert isinstance(claim, str)
    return claim


# --- the due date -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "period", "due"),
    [
        (date(2018, 12, 21), "180 days", date(2019, 6, 19)),  # 6 U.S.C. 645
        (date(2026, 1, 23), "1 year", date(2027, 1, 23)),
        (date(2026, 1, 23), "3 years", date(2029, 1, 23)),
        (date(2024, 1, 31), "1 month", date(2024, 2, 29)),
        (date(2025, 1, 31), "1 month", date(2025, 2, 28)),
        (date(2024, 2, 29), "1 year", date(2025, 2, 28)),
        (date(2024, 2, 28), "2 days", date(2024, 3, 1)),
    ],
)
def test_a_period_ends_where_the_calendar_says(since, period, due):
    assert due_on(since, period) == due


@given(DAYS, st.integers(1, 9999))
def test_a_period_of_days_counts_every_day_but_the_first(since, days):
    due = due_on(since, f"{days} days")

    assert (due - since).days == days
    assert due.toordinal() == since.toordinal() + days


@given(DAYS, st.integers(1, 400))
def test_a_period_of_months_keeps_the_day_or_ends_with_the_month(since, months):
    due = due_on(since, f"{months} months")

    assert (due.year * 12 + due.month) - (since.year * 12 + since.month) == months
    assert due.day == since.day or (due.day < since.day and (due + timedelta(1)).day == 1)


@given(DAYS)
def test_days_overdue_are_those_from_the_due_date_to_the_day_on_which_a_person_found_so(result):
    missed = replace(DIRECTIVE, state=State.NOT_MET, state_source="https://example.org/hearing", looked_on=result)

    assert missed.overdue == max(result.toordinal() - date(2019, 6, 19).toordinal(), 0)
    assert DIRECTIVE.overdue == 0


def _observed_holidays(year: int) -> set[date]:
    """The legal public holidays of 5 U.S.C. 6103, counted by hand: a Saturday's is on Friday, a Sunday's on Monday."""

    def nth(month: int, weekday: int, n: int) -> date:
        days = [day for d in range(1, 32) if (day := _day_or_none(year, month, d)) and day.weekday() == weekday]
        return days[n]

    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    moved = [day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed]
    return {
        *moved, nth(1, 0, 2), nth(2, 0, 2), nth(5, 0, -1), nth(9, 0, 0), nth(10, 0, 1), nth(11, 3, 3),
    }  # fmt: skip


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def test_the_clocks_of_foia_skip_weekends_and_holidays_on_every_day_of_five_years():
    holidays = set.union(*(_observed_holidays(year) for year in range(2025, 2033)))

    for received in (date(2026, 1, 1) + timedelta(n) for n in range(5 * 365 + 1)):
        day, counted, ends = received, 0, {}
        while counted < 30:
            day += timedelta(1)
            counted += day.weekday() < 5 and day not in holidays
            ends.setdefault(counted, day)
        assert due_on(received, "20 business days") == ends[20]
        assert due_on(received, "30 business days") == ends[30]


@pytest.mark.parametrize(
    ("received", "twentieth", "thirtieth"),
    [
        (date(2026, 11, 30), date(2026, 12, 29), date(2027, 1, 13)),
        (date(2026, 12, 15), date(2027, 1, 14), date(2027, 1, 29)),
        (date(2026, 5, 4), date(2026, 6, 2), date(2026, 6, 16)),
        (date(2028, 12, 22), date(2029, 1, 24), date(2029, 2, 7)),  # Inauguration Day is on a Saturday
    ],
)
def test_twenty_business_days_are_not_twenty_eight_days(received, twentieth, thirtieth):
    assert due_on(received, "20 business days") == twentieth
    assert due_on(received, "30 business days") == thirtieth


# --- what is said of it -----------------------------------------------------------------------------------------------


def test_an_unmet_duty_says_that_no_record_was_found_as_of_the_last_check():
    assert sentence(claim_of(DIRECTIVE, TODAY)) == (
        "The directive was due June 19, 2019; as of November 20, 2026 we have found no public record of it."
    )


def test_an_overdue_duty_has_its_days_and_source():
    missed = replace(DIRECTIVE, state=State.NOT_MET, state_source="https://example.org/hearing")

    assert status_sentence(missed, TODAY) == (
        "The directive (6 U.S.C. 645) was due Wed Jun 19, 2019 and is overdue, 2,711 days as of Fri Nov 20, 2026; "
        "source: https://example.org/hearing."
    )
    assert sentence(claim_of(missed, TODAY)) == (
        "The directive was due June 19, 2019 and is overdue, 2,711 days as of November 20, 2026."
    ), "its note has the source"
    assert sentence(claim_of(missed, TODAY + timedelta(days=400))) == sentence(claim_of(missed, TODAY)), (
        "it may have been met since"
    )


def test_a_duty_that_was_met_says_so():
    met = replace(DIRECTIVE, state=State.MET, state_source="https://example.org/directive")

    assert "was due Wed Jun 19, 2019; this was done; source: https://example.org/directive" in status_sentence(
        met, TODAY
    )
    assert sentence(claim_of(met, TODAY)) == "The directive was due June 19, 2019; this was done."


@pytest.mark.parametrize("later", [0, 60])
def test_a_duty_that_was_met_before_its_day_is_never_called_late(later):
    early = replace(DIRECTIVE, since=date(2026, 6, 28), state=State.MET, state_source="https://example.org/d")

    assert early.due == date(2026, 12, 25)
    assert sentence(claim_of(early, TODAY + timedelta(days=later))) == "The directive, due December 25, 2026, was done."
    assert status_sentence(early, TODAY + timedelta(days=later)) == (
        "The directive (6 U.S.C. 645), due Fri Dec 25, 2026, was done; source: https://example.org/d."
    )


@pytest.mark.parametrize("state", State)
def test_before_and_on_its_day_a_duty_is_due_and_not_late(state):
    if state is State.MET:
        return
    duty = replace(DIRECTIVE, since=date(2026, 5, 28), state=state)

    assert duty.due == TODAY
    assert sentence(claim_of(duty, TODAY)) == "The directive is due November 24, 2026."


def test_what_a_law_requires_stays_due_on_its_day_when_the_office_names_another():
    moved = replace(DIRECTIVE, state=State.MOVED, moved_to=date(2027, 3, 1))

    assert sentence(claim_of(moved, TODAY)) == (
        "The directive, for which its office has named March 1, 2027, was due June 19, 2019; as of November 20, 2026 "
        "we have found no public record of it."
    )
    assert moved.is_missed(TODAY)


def test_a_moved_promise_says_both_days_and_is_due_on_the_later_one():
    moved = replace(DIRECTIVE, kind=Basis.HEARING, state=State.MOVED, moved_to=date(2027, 3, 1))

    assert sentence(claim_of(moved, TODAY)) == (
        "The directive, first due June 19, 2019 and then moved, is due March 1, 2027."
    )
    assert not moved.is_missed(TODAY)
    assert moved.is_missed(date(2027, 3, 2))


def test_a_date_that_is_not_confirmed_stays_out_of_letters():
    unsure = replace(DIRECTIVE, confirmed=False)

    assert "/deadlines confirm directive" in reason(claim_of(unsure, TODAY))
    assert "was due Wed Jun 19, 2019" in status_sentence(unsure, TODAY)


@pytest.mark.parametrize("looked_on", [date(2019, 6, 18), None])
def test_letters_cannot_use_a_duty_not_checked_since_it_fell_due(looked_on):
    stale = replace(DIRECTIVE, looked_on=looked_on)

    assert "nobody has checked since it fell due" in reason(claim_of(stale, TODAY))
    assert status_sentence(stale, TODAY).endswith(
        "was due Wed Jun 19, 2019; nobody has checked since whether it was met."
    )


# --- when it is said --------------------------------------------------------------------------------------------------


def test_duty_reminders_are_60_and_14_days_before_and_on_the_day():
    due, days = date(2026, 1, 31), [date(2025, 11, 1) + timedelta(n) for n in range(200)]

    reminded = [day for day in days if reminder_due(due, COMMITMENT_STEPS, day - timedelta(1), day)]
    assert reminded == [date(2025, 12, 2), date(2026, 1, 17), date(2026, 1, 31)]


def test_missed_reminder_days_count_once():
    closes, today = date(2026, 12, 10), date(2026, 12, 4)

    assert reminder_due(closes, COMMENT_STEPS, date(2026, 11, 20), today) == date(2026, 12, 3)
    assert reminder_due(closes, COMMENT_STEPS, date(2026, 12, 3), today) is None


# --- comment windows --------------------------------------------------------------------------------------------------


def window(**given) -> Window:
    base = Window(id="e", numbers=("1",), title="T", url="", register=date(2027, 1, 14), docket=None)
    return replace(base, **given)


def test_where_two_sources_differ_the_earlier_day_binds():
    assert not window().differ
    assert not window(docket=date(2027, 1, 14)).differ
    both = window(docket=date(2027, 1, 13))
    assert both.differ
    assert both.closes == date(2027, 1, 13)
    assert window(register=None, docket=date(2027, 1, 13)).closes == date(2027, 1, 13)


def test_our_own_day_leaves_five_business_days():
    assert window().ours == date(2027, 1, 7)
    assert window(register=date(2027, 1, 25)).ours == date(2027, 1, 15)  # over the King holiday


@given(DAYS)
def test_our_own_day_is_a_business_day(on):
    day = window(register=on).ours

    assert business_day(day)
    assert business_days_until(day, on) == 5


# --- authorities ------------------------------------------------------------------------------------------------------


def test_a_claim_carries_its_citation_source_and_day():
    claim = authority_claim(CONFIG.coalition, "dhs-victim-screening", TODAY)

    assert isinstance(claim, Claim)
    assert claim.text.endswith("in which the Department is involved.")
    assert claim.citation == "6 U.S.C. 645(a), (b)"
    assert claim.cited.endswith("in which the Department is involved (6 U.S.C. 645(a), (b)).")
    assert "Secretary of Homeland Security" in claim.text
    assert "Justice" not in claim.text
    assert claim.source.startswith("https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title6-section645")
    assert claim.checked_on == date(2026, 11, 24)


def test_a_claim_about_a_year_long_past_asks_for_a_newer_one():
    ids = ["forced-labor-orders", "forced-labor-imports", "gone"]  # about fiscal year 2024, about no year, removed

    assert aged_claims(CONFIG.coalition, ids, date(2026, 3, 31)) == []
    (line,) = aged_claims(CONFIG.coalition, ids, date(2026, 4, 30))
    assert line.startswith(
        "Look for a newer year: U.S. Customs and Border Protection, Forced Labor Enforcement, FY 2024"
    )
    assert line.endswith("(forced-labor-orders) is about the time up to Mon Sep 30, 2024.")


@pytest.mark.parametrize(
    ("id_", "today", "why"),
    [
        ("nothing", TODAY, "has no authority “nothing”"),
        ("dhs-victim-screening", date(2026, 11, 23), "was checked on Tue Nov 24, 2026, which is in the future"),
        ("collaborative-model-memorandum", TODAY, "FY 2019 solicitation.* is not confirmed"),
        ("dhs-victim-screening", date(2027, 11, 25), "Tue Nov 24, 2026, which is too long ago"),
    ],
)
def test_a_missing_unconfirmed_or_old_authority_cannot_be_claimed(id_, today, why):
    assert re.search(why, reason(authority_claim(CONFIG.coalition, id_, today)))


def test_a_claim_is_good_until_its_last_day():
    assert isinstance(authority_claim(CONFIG.coalition, "dhs-victim-screening", date(2027, 11, 24)), Claim)


def test_the_shipped_clocks_stand_where_the_law_puts_them():
    due = {id_: due_on(duty.since, duty.period) for id_, duty in CONFIG.coalition.duties.items()}

    assert due == {
        "dhs-directive": date(2019, 6, 19),
        "advanced-curriculum": date(2019, 12, 21),
        "attorneys-motions-report": date(2027, 1, 23),
        "training-report": date(2027, 1, 23),
        "gao-assessment": date(2029, 1, 23),
    }
    assert all(duty.confirmed for duty in CONFIG.coalition.duties.values())


def test_the_training_claim_does_not_say_policy_and_the_relief_claim_is_federal_and_nonviolent():
    says = {id_: authority.says for id_, authority in CONFIG.coalition.authorities.items()}

    assert "policy" not in says["doj-victim-training"]
    assert "training program of the Department of Justice" in says["doj-victim-training"]
    assert "nonviolent federal offenses that were a direct result" in says["survivors-relief"]
    assert "any foreign country" in says["forced-labor-imports"]
    assert "under penal sanctions" in says["forced-labor-imports"]


def test_a_confirmed_authority_says_who_read_it_when_and_where(tmp_path):
    shutil.copytree(ROOT / "templates" / "letters", tmp_path / "templates" / "letters")
    file = shutil.copy(ROOT / "coalition.yml", tmp_path)
    claims = tmp_path / "templates" / "letters" / "claims.yml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("  checked_by: the makers of this example\n", "", 1), encoding="utf-8")

    with pytest.raises(ConfigError, match=r"claims.yml:\d+: .*dhs-victim-screening: a confirmed claim needs source"):
        load(ROOT / "feeds.yml", Path(file))
