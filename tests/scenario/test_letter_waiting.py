"""Letters that wait for signatures are named where people look: in the digest, in the status."""

from __future__ import annotations

from bot.letters import notices, overview
from tests.kit.board import words
from tests.kit.letters_desk import Desk


def section(desk: Desk, audience: str) -> list[str]:
    result = overview.digest(desk.db, desk.config, audience, desk.now)
    return [line.text for each in result for line in each.lines]


def test_a_letter_is_named_with_how_many_are_missing_and_until_when(desk):
    first, *others = desk.config.coalition.members
    desk.opened()
    desk.signs(first)
    desk.card(desk.reps[others[0]], "letter decline", letter="L-001", agree="yes")

    subject = desk.letter().version.subject
    assert overview.open_sign_ons(desk.db, desk.config, desk.now) == [
        f"L-001 waits for {len(others) - 1} sign-ons until Fri Nov 27, 2026, 5 p.m. EST: {subject}"
    ]


def test_the_first_to_close_is_named_first_and_what_is_not_open_not_at_all(desk):
    desk.opened(until="Fri 17:00")
    desk.opened(until="Thu 17:00")
    desk.drafted()
    names = [line[:5] for line in overview.open_sign_ons(desk.db, desk.config, desk.now)]
    assert names == ["L-002", "L-001"]
    desk.lock("L-002")
    assert [line[:5] for line in overview.open_sign_ons(desk.db, desk.config, desk.now)] == ["L-001"]


def test_a_letter_that_waits_for_nobody_is_not_named(desk):
    desk.opened()
    for member in desk.config.coalition.members:
        desk.signs(member)
    assert overview.open_sign_ons(desk.db, desk.config, desk.now) == []


def test_after_its_deadline_no_page_says_that_it_can_be_signed(desk):
    """A letter stays unlocked after its deadline while it states something without a source."""
    first, other, *_ = desk.config.coalition.members
    desk.opened()
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="4", text="In 2019, 80 percent of them failed.")
    desk.approve()
    desk.signs(first)
    desk.compose(days=4)

    closed = "closed Fri Nov 27, 2026, 5 p.m. EST"
    assert overview.open_sign_ons(desk.db, desk.config, desk.now) == []
    assert f"Sign-on {closed}: 1 of 12 signed." in words(desk.card(desk.pol, "letter show", letter="L-1"))
    shown = desk.card(desk.reps[other], "letter show", letter="L-1")
    assert "Sign" not in [button.label for button in shown.buttons]
    with desk.job.write() as work:
        notices.refresh_cards(work, desk.letter())
    card = desk.shown(desk.config.coalition.letters.channel)[0]
    assert card.head == f"L-001: sign-on {closed} · 1 of 12"
    assert [button.label for button in card.buttons] == ["Read"]


def test_the_digest_names_it_in_the_channel_for_sign_ons_and_in_no_other(desk):
    assert section(desk, desk.config.coalition.letters.channel) == []
    for _ in range(6):
        desk.opened()
    named, *others = desk.config.feeds.channels
    lines = section(desk, named)
    assert [line[:5] for line in lines[:4]] == ["L-001", "L-002", "L-003", "L-004"]
    assert lines[4:] == ["and 2 more: /letter list"]
    assert [section(desk, other) for other in others] == [[] for _ in others]


def test_the_status_names_it_and_the_digest_s_dry_run_shows_it(desk):
    desk.opened()
    assert "L-001 waits for 12 sign-ons" in words(desk.card(desk.admin, "campaign status"))
    assert "Letters" in [each.title for each in desk.card(desk.admin, "campaign status", details="yes").sections]
    trial = desk.card(desk.admin, "campaign setup", step="digest", channel=desk.config.coalition.letters.channel)
    assert "L-001 waits for 12 sign-ons" in words(trial)
