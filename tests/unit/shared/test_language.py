"""The catalogs are complete, and languages are chosen and spoken where they should be."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.shared.calendar import day_in_words, deadline_in_words, moment_in_words
from bot.shared.language import ENGLISH, NAMES, gettext, ngettext, pgettext, preferred, query, speaking
from bot.shared.wording import listed
from tests.kit import catalogs

CLOSES = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
EASTERN = ZoneInfo("America/New_York")
FILLED_IN = re.compile(r"%\(\w+\)s|</?\w[^>]*>")  # a placeholder or a tag
SAYING = ("gettext", "ngettext", "pgettext", "gettext_noop")


@pytest.fixture(scope="module")
def translations():
    return {path.parts[-3]: catalogs.read(path) for path in catalogs.files()}


@pytest.mark.long
def test_each_language_but_english_has_a_catalog_with_every_sentence_of_today(translations):
    assert {ENGLISH, *translations} == set(NAMES)
    for path in catalogs.files():
        assert path.read_text(encoding="utf-8") == catalogs.updated(path), "make catalogs"


def test_no_sentence_waits_for_its_translation_or_is_a_guess(translations):
    for language, catalog in translations.items():
        sentences = [message for message in catalog if message.id]
        assert len(sentences) > 150
        for message in sentences:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), (language, message.id)
            assert not message.fuzzy, (language, message.id)


def test_each_translation_fills_in_what_its_sentence_does(translations):
    for catalog in translations.values():
        for message in catalog:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            for text in texts if message.id else ():
                assert sorted(FILLED_IN.findall(text)) == sorted(FILLED_IN.findall(ids[-1])), message.id
                assert (text[:1], text[-1:]) == (text.strip()[:1], text.strip()[-1:])


def test_every_sentence_is_where_the_catalogs_find_it():
    """Those in an f-string are overlooked, and those that are put together cannot be looked up."""
    for path in catalogs.BOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "gettext" not in text or path.name == "language.py":
            continue
        tree = ast.parse(text)
        inside = [node for string in ast.walk(tree) if isinstance(string, ast.JoinedStr) for node in ast.walk(string)]
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in SAYING and call.args:
                is_literal = isinstance(call.args[-1], ast.Constant)
                assert not (is_literal and call in inside), f"{path.name}:{call.lineno}"
                assert not isinstance(call.args[-1], ast.JoinedStr), f"{path.name}:{call.lineno}"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en-US;q=0.8,en;q=0.7", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("ht,fr;q=0.9,es;q=0.5", "es"),
        ("ht", "en"),
        ("est,en;q=0.5", "en"),
        ("en;q=0.4, ES-us;q=0.6", "es"),
        ("es;q=0", "en"),
        ("es;q=nan, en;q=x", "en"),
        ("*", "en"),
    ],
)
def test_the_browsers_first_language_that_we_have_is_spoken(accepted, language):
    assert preferred(accepted) == language


def test_sentences_counts_lists_and_dates_are_in_the_language_that_is_spoken_and_then_english_again():
    with speaking("es"):
        assert gettext("Ask %(number)s", number=4) == "Petición 4"
        assert gettext("") == ""
        assert pgettext("button", "Sign") == "Firmar"
        assert [ngettext("%(num)s organization", "%(num)s organizations", n) for n in (1, 1_200)] == [
            "1 organización",
            "1,200 organizaciones",
        ]
        assert listed(["A", "B", "C", "D", "E"]) == "A, B, C y 2 más"
        assert day_in_words(date(2026, 1, 23)) == "viernes, 23 de enero de 2026"
        assert moment_in_words(CLOSES) == "viernes, 27 de noviembre de 2026, 22:30"
        assert deadline_in_words(CLOSES, EASTERN) == "viernes, 27 de noviembre de 2026, 17:30 (hora del Este)"
        assert query() == "?lang=es"
    assert listed(["A", "B"]) == "A and B"
    assert deadline_in_words(CLOSES, EASTERN) == "Fri Nov 27, 2026, 5:30 p.m. EST"
    assert deadline_in_words(None, EASTERN) == ""
    assert query() == ""
