"""Whatever is typed where addressees are picked or looked for, there is an answer or a sentence, soon."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.model import Refused
from bot.congress.directory import NotAddressable, addressee, search_addressees
from bot.letters.recipients import select
from tests.kit.congress import NOW, TODAY, config, directory
from tests.kit.effort import processor_limit

WORDS = [
    "Judiciary", "Senate", "House", "from", "of", "and", "except", "jointly", "committee:HSJU", "Elm", "Oak-Ash", "NY",
    "New York", "Homeland Security", ",", ";", "the", "senators", "Jr.", "(", '"', "é",
]  # fmt: skip
TYPED = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))


@cache
def db():
    return directory(Path(mkdtemp(prefix="coalition-bot-")))


@pytest.mark.long
@settings(max_examples=40)
@given(TYPED)
def test_picking_answers_with_ids_or_with_a_sentence(text):
    with processor_limit(20):
        try:
            outcome = tuple(select(db(), config(), text, now=NOW)[0])
        except Refused as error:
            outcome = (error.what,)
    assert len(outcome) == len({*outcome, ""} - {""})


@pytest.mark.long
@settings(max_examples=40)
@given(TYPED)
def test_finding_and_addressing_never_break(text):
    assert all(len(label) <= 100 for _, label in search_addressees(db(), config(), text, today=TODAY))
    for kind in ("", "member:", "chair:", "office:", "joint:"):
        try:
            outcome = addressee(db(), config(), kind + text, today=TODAY).salutation
        except NotAddressable as error:
            outcome = error.what
        assert outcome
