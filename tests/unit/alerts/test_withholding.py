"""What remains of a card that lists several entries when one of them is withheld later."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.cards import Item, card
from bot.alerts.withholding import redact_card, traces_of
from bot.config.load import Labels
from bot.shared.card import Line
from bot.shared.entry import HEADLINE_WITHHELD
from bot.watch.model import Level, Match, Reason
from tests.kit.alerts import document, news

LABELS = Labels(asks={4: "end forced labor"}, sources={}, zone=ZoneInfo("America/New_York"))
SAFE = news("a", "Relief Act is signed into law", outlet="Tribune", thread="t")
EXPOSED = news("b", "Jane Roe tells of her rescue", outlet="Post", thread="t")


def match(words):
    return Match(words, words, (4,), Level.ALERT, (Reason("title", words),))


def item(entry, words):
    return Item(id=entry.identity[0], entry=entry, matches=(match(words),))


def redacted(*items):
    return redact_card(card(items, LABELS), traces_of([EXPOSED]), HEADLINE_WITHHELD)


def test_a_story_card_drops_the_quotes_of_an_entry_that_is_withheld_later():
    made = redacted(item(SAFE, "Relief Act"), item(EXPOSED, "Jane Roe"))
    assert made.head == SAFE.title
    assert made.lines == (Line(f"{HEADLINE_WITHHELD}."),)
    assert "Jane Roe" not in repr(made)


def test_a_section_of_several_entries_drops_the_quotes_of_the_one_that_is_withheld_later():
    made = redacted(item(SAFE, "Relief Act"), item(EXPOSED, "Jane Roe"), item(document(), "forced labor"))
    assert [section.title for section in made.sections] == [SAFE.title, document().title]
    assert "Jane Roe" not in repr(made)
    assert any("forced labor" in line.text for line in made.sections[1].lines if line.text.startswith("Why: "))


def test_a_card_that_does_not_show_the_withheld_entry_is_unchanged():
    made = card([item(document(), "forced labor")], LABELS)
    assert redact_card(made, traces_of([EXPOSED]), HEADLINE_WITHHELD) == made


@pytest.mark.parametrize("headline", ["a", "Why", "forced labor", "Relief Act is", "Comments close"])
def test_a_short_headline_cuts_no_line_about_others(headline):
    short = news("c", headline, outlet="Blog", thread="t")
    made = card([item(SAFE, "Relief Act"), item(document(), "forced labor")], LABELS)
    assert redact_card(made, traces_of([short]), HEADLINE_WITHHELD) == made
    assert redact_card(replace(made, head=headline), traces_of([short]), HEADLINE_WITHHELD).head == HEADLINE_WITHHELD
