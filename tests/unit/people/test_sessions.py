"""The coalition's secret, which signs links and forms: made once, kept, and left out of copies; unused links."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.people import records
from bot.people.model import Account, Person
from bot.people.sessions import count_unused_links, drop_keys, end_all, find, load_keyring, make_link, redeem
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


NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ADA = Account("slack", "T1", "U1")


@pytest.fixture
def person(db):
    with db.write() as tx:
        records.add(tx, Person(id="ada", name="Ada"), by=None, now=NOW)
    return "ada"


def test_the_links_of_an_account_that_logged_nobody_in_are_counted(db, new_id, person):
    others = [replace(ADA, platform="discord"), replace(ADA, team="T2"), replace(ADA, user="U2")]
    with db.write() as tx:
        for account in (ADA, ADA, ADA, *others):
            link = make_link(tx, person, account, now=NOW, new_id=new_id)
            if account is ADA:
                last = link
        assert redeem(tx, last, now=NOW, new_id=new_id)
    assert count_unused_links(db, ADA, NOW - timedelta(microseconds=1)) == 2
    assert count_unused_links(db, ADA, NOW) == 0, "made at that moment, and not since then"


def test_after_the_end_of_all_nobody_is_logged_in_nor_by_a_link_from_before(db, new_id, person):
    with db.write() as tx:
        open_, unused = (make_link(tx, person, ADA, now=NOW, new_id=new_id) for _ in range(2))
        token = redeem(tx, open_, now=NOW, new_id=new_id)
        end_all(tx)
        assert find(tx, token, NOW) is None
        assert redeem(tx, unused, now=NOW, new_id=new_id) is None
