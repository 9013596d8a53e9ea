"""Signatures and tokens: one purpose each, one subject each, until they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.keyring import Keyring

NOW = datetime(2026, 11, 30, tzinfo=UTC)
KEYS = Keyring(b"secret")


def test_a_token_is_for_its_subject_until_it_ends():
    token = KEYS.token("stop", "abc123", NOW + timedelta(days=1))
    assert KEYS.subject("stop", token, NOW) == "abc123"
    assert KEYS.subject("stop", token, NOW + timedelta(days=1)) is None


@pytest.mark.parametrize("purpose", ["confirm", "", "stop "])
def test_a_token_for_one_thing_is_none_for_another(purpose):
    assert KEYS.subject(purpose, KEYS.token("stop", "abc123", NOW + timedelta(days=1)), NOW) is None


def test_another_key_signs_otherwise():
    assert Keyring(b"other").subject("stop", KEYS.token("stop", "a", NOW + timedelta(days=1)), NOW) is None


@given(st.text())
def test_no_text_is_a_token(text):
    assert KEYS.subject("stop", text, NOW) is None
    assert not KEYS.signed(text, "stop", "a")


@given(st.lists(st.text(), min_size=2), st.lists(st.text(), min_size=2))
def test_parts_cannot_be_moved_into_each_other(one, other):
    assert (KEYS.sign("link", *one) == KEYS.sign("link", *other)) is (one == other)


def test_the_secret_is_in_no_description():
    assert "secret'" not in repr(KEYS)
