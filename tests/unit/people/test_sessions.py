"""The coalition's secret, which signs links and forms: made once, kept, and left out of copies."""

from __future__ import annotations

from itertools import count

import pytest

from bot.people.sessions import drop_keys, load_keyring
from bot.store import memo
from tests.kit import stores


@pytest.fixture
def db(tmp_path):
    return stores.create(tmp_path / "coalition.db")


@pytest.fixture
def new_id():
    ids = count(1)
    return lambda: f"{next(ids):032x}"


class Stale:
    """A store as it was read before another process made the secret."""

    def __init__(self, db):
        self.write = db.write

    def read(self, *_):
        return []


def test_the_secret_is_made_once_and_signs_the_same_after_a_restart(db, new_id):
    first = load_keyring(db, new_id)
    assert load_keyring(db, new_id) == first


def test_two_processes_that_start_at_once_share_one_secret(db, new_id):
    first = load_keyring(db, new_id)
    assert load_keyring(Stale(db), new_id) == first


def test_a_copy_of_the_store_has_no_secret_and_keeps_the_rest(db, new_id):
    first = load_keyring(db, new_id)
    with db.write() as tx:
        memo.set_memo(tx, "other", "kept")
        drop_keys(tx)
    assert memo.get_memo(db, "other") == "kept"
    assert load_keyring(db, new_id) != first
