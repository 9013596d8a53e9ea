"""One digest for a letter's text and its translation, and what is said of a change in either, as pure rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.letters import lifecycle
from bot.letters.drafting.merging import merge_letter
from bot.letters.lifecycle import Text, Version
from bot.letters.model import Paragraph, Translation
from bot.letters.records import _TEXTS
from tests.unit.letters.test_lifecycle import version

SPANISH = Translation(language="es", subject="Que termine", body=(Paragraph("Pedimos 3 cosas."),))
ENGLISH = version("We ask for 3 things.")
# As the version before translations made it, of the same words.
TODAY = "2c4321716198876d8ba8a238eef826efa475a5289104f7d5d7b50c05222f81e9"


def translated(other: Translation | None = SPANISH, base: Version = ENGLISH) -> Version:
    (text,) = base.texts
    return replace(base, texts=(replace(text, written=replace(text.written, translation=other)),))


def test_a_text_without_a_translation_keeps_its_digest():
    assert ENGLISH.digest == TODAY
    stored = b'[{"written":{"subject":"An end to it","body":[{"text":"We ask for 3 things."}]},"to":["office:ovc"]}]'
    assert lifecycle.digest(_TEXTS.validate_json(stored)) == ENGLISH.digest


@pytest.mark.parametrize(
    "other",
    [
        translated(None),
        translated(replace(SPANISH, subject="Otro")),
        translated(replace(SPANISH, body=(Paragraph("Pedimos 4 cosas."),))),
        translated(replace(SPANISH, language="ht")),
        translated(replace(SPANISH, sent=True)),
        translated(base=version("We ask for 4 things.")),
        # The same two texts, with their languages exchanged.
        translated(
            Translation(language="es", subject="An end to it", body=(Paragraph("We ask for 3 things."),)),
            version("Pedimos 3 cosas.", subject="Que termine"),
        ),
    ],
)
def test_either_text_its_language_their_order_and_what_is_sent_make_another_digest(other):
    assert other.digest != translated().digest


def test_the_translation_is_stored_and_read_with_its_version():
    texts = translated(replace(SPANISH, sent=True)).texts
    assert _TEXTS.validate_json(_TEXTS.dump_json(texts)) == texts


def test_a_change_of_the_translation_and_of_what_is_sent_is_named():
    one, two = translated(), translated(replace(SPANISH, subject="Que acabe", sent=True))
    assert lifecycle.changes(one, two) == ["Both texts are sent now.", "“termine” became “acabe”: Que […]"]
    assert lifecycle.changes(two, one)[0] == "Only the English text is sent now."
    assert lifecycle.changes(ENGLISH, one) == ["New paragraph “Que termine ¶ Pedimos 3 cosas.”: ask for 3 things. […]"]


def test_numbers_of_one_text_alone_are_named_and_blanks_of_both():
    other = replace(SPANISH, body=(Paragraph("Pedimos 4 cosas, 1,500 veces, antes del [fecha]."),))
    assert translated(other).unlike_numbers == ["3", "4", "1,500"]
    assert translated(other).blanks == ["[fecha]"]
    assert translated().unlike_numbers == ENGLISH.unlike_numbers == []


def test_a_fresh_draft_keeps_the_translation_whether_the_english_text_was_edited_or_not():
    fresh = version("We ask for 3 things today.").texts
    for ours in (translated(), translated(base=version("We ask for 3 things.", "Please."))):
        (merged,) = merge_letter(ENGLISH.texts, ours.texts, fresh)
        assert merged.written.translation == SPANISH
    (plain,) = merge_letter(ENGLISH.texts, ENGLISH.texts, fresh)
    assert plain == Text(fresh[0].written, ("office:ovc",))
