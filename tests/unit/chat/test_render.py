"""What every face keeps of a card, and what it gives up first."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from bot.chat.console import sender as console
from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.shared.card import Card, Line, Link, Mark, Section
from tests.kit.cards import ALERT, CARDS, DIGEST, PUBLICATION, TODAY
from tests.kit.payloads import check_console, check_discord, check_slack


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize("short", [False, True])
def test_every_kind_keeps_to_every_limit(kind, short):
    check_slack(slack.message(*CARDS[kind], short=short, may_repeat=True))
    check_discord(discord.message(*CARDS[kind], short=short, may_repeat=True))
    check_console(console.plain(*CARDS[kind], may_repeat=True))


def test_the_first_line_alone_makes_sense_in_a_notification():
    line = "🔔 Alert · CBP finds forced labor in disposable gloves from Malaysia (Top Glove Corporation Bhd) · Ask 4"

    assert slack.message(ALERT, TODAY)["text"].split("\n")[0] == line
    assert discord.message(ALERT, TODAY)["content"] == line


def test_days_are_counted_on_the_day_of_reading():
    assert "(today)" in slack.message(PUBLICATION, date(2027, 1, 25))["text"]
    assert "(closed 1 day ago)" in slack.message(PUBLICATION, date(2027, 1, 26))["text"]


@pytest.mark.parametrize("card", [ALERT, replace(ALERT, foot="")])
def test_a_message_that_may_be_a_repeat_says_so(card):
    assert "(may be a repeat)" in slack.message(card, TODAY, may_repeat=True)["blocks"][-1]["elements"][0]["text"]
    assert "(may be a repeat)" in discord.message(card, TODAY, may_repeat=True)["embeds"][-1]["footer"]["text"]
    assert "(may be a repeat)" in console.plain(card, TODAY, may_repeat=True)
    assert "(may be a repeat)" not in console.plain(card, TODAY)


@pytest.mark.parametrize("render", [slack.message, discord.message])
def test_a_short_message_keeps_dates_and_links(render):
    output = str(render(PUBLICATION, TODAY, short=True))

    assert "Comments close Mon Jan 25, 2027" in output
    assert "https://www.federalregister.gov/d/2026-23817" in output
    assert "the earlier date is used" not in output
    assert "Shortened" in output


@pytest.mark.parametrize(("render", "part"), [(slack.message, "blocks"), (discord.message, "embeds")])
def test_lines_without_room_are_counted(render, part):
    lines = tuple(
        Line(f"Notice {number} " + "about forced labor " * 8, f"https://example.org/{number}") for number in range(200)
    )
    card = Card(mark=Mark.DIGEST, head="Digest", sections=(Section("Ask 4", lines),))
    output = str(render(card, TODAY)[part])
    shown = output.count("https://example.org/")

    assert f"… and {200 - shown} more, not shown here" in output
    assert shown > 15


def test_the_best_reason_alone_is_shown():
    card = Card(mark=Mark.ALERT, head="Head", why=("the best", "another"))

    assert slack.message(card, TODAY)["blocks"][-1]["text"]["text"] == "*Why:* the best"


def test_a_link_without_a_label_is_labelled_with_its_host():
    card = Card(mark=Mark.NEWS, head="Head", links=(Link("", "https://www.gao.gov/products/1"),))

    assert slack.message(card, TODAY)["blocks"][-1]["text"]["text"] == "<https://www.gao.gov/products/1|gao.gov>"


@pytest.mark.parametrize("head", ["", "\u200b\u202e", "   "])
def test_a_card_without_words_is_still_a_message(head):
    card = Card(mark=Mark.NEWS, head=head)

    check_slack(slack.message(card, TODAY))
    check_discord(discord.message(card, TODAY))
    assert "(without a title)" in console.plain(card, TODAY)


def test_buttons_about_lines_are_in_rows_of_two_lines_above_the_card_s_own():
    components = discord.message(DIGEST, TODAY)["components"]
    assert [len(row["components"]) for row in components] == [4, 4, 2, 1]
    assert [
        len(block["elements"]) for block in slack.message(DIGEST, TODAY)["blocks"] if block["type"] == "actions"
    ] == [4, 4, 2, 1]
    many = replace(DIGEST, line_buttons=DIGEST.line_buttons * 4)
    assert [len(row["components"]) for row in discord.message(many, TODAY)["components"]] == [4, 4, 2, 1]
    check_discord(discord.message(many, TODAY))
    check_slack(slack.message(many, TODAY))


@pytest.mark.parametrize("kind", CARDS)
def test_the_console_keeps_to_eighty_columns_but_for_addresses(kind):
    lines = [line for line in console.plain(*CARDS[kind], 80).split("\n") if "https://" not in line]

    assert max(Console().render_str(line, markup=False, emoji=False).cell_len for line in lines) <= 80


def test_an_address_is_printed_whole_however_long():
    url = "https://www.federalregister.gov/documents/2021/03/29/2021-06393/" + "notice-of-finding-" * 10
    card = Card(mark=Mark.ALERT, head="Head", links=(Link("Federal Register", url),))

    assert f"     {url}" in console.plain(card, TODAY, 80).split("\n")


def test_a_terminal_shows_the_same_words_and_whole_addresses():
    url = "https://www.federalregister.gov/documents/2021/03/29/2021-06393/" + "notice-of-finding-" * 10
    out = io.StringIO()
    terminal = Console(width=80, force_terminal=True, color_system="truecolor", legacy_windows=False, file=out)
    console.show(terminal, Card(mark=Mark.ALERT, head="Head", links=(Link("PDF", url),)), TODAY)

    assert "\x1b[" in out.getvalue()
    assert f"     {url}\n" in out.getvalue()


def test_sections_of_one_brief_line_stand_together_and_the_others_each_in_a_paragraph():
    text = slack.message(DIGEST, TODAY)["blocks"][1]["text"]["text"]

    assert '\n\n*Nothing new*: Asks 1, 2, 3, 5, 6, 7, 8 and 9\n*Needs attention*: "DHS newsroom"' in text
    assert "\n\n*Ask 4, businesses accountable, § 307 enforced*\n• <" in text
    assert "\n\n*Policy*\n• <" in text
