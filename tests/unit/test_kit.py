"""What the suites share says what it should: a desk that gets what another did is as if it had done it itself."""

import pytest

from tests.kit import letters_desk, stores
from tests.kit.campaign_page import PublicDesk
from tests.kit.letters_desk import Desk

pytestmark = pytest.mark.sqlite  # each test chooses its store


@pytest.fixture(autouse=True, params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def _store(request, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", request.param)


def locked(desk):
    desk.locked("polaris")


@pytest.mark.parametrize(("kind", "work"), [(Desk, locked), (PublicDesk, PublicDesk.furnish)])
def test_what_a_desk_gets_from_another_is_what_it_would_have_done(tmp_path, monkeypatch, kind, work):
    monkeypatch.setattr(letters_desk, "_PASTS", {})
    desks = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        desks.append(kind(tmp_path / name))
        work(desks[-1])
    first, second = desks
    assert letters_desk._PASTS
    assert second.everything() == first.everything()
    assert (second.now, second.new_id()) == (first.now, first.new_id())
    first.card(first.pol, "letter draft", **letters_desk.NEW)
    second.card(second.pol, "letter draft", **letters_desk.NEW)
    assert second.everything() == first.everything()


def test_after_anything_else_it_does_the_work_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(letters_desk, "_PASTS", pasts := {})
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    Desk(tmp_path / "a").drafted()
    changed = Desk(tmp_path / "b")
    with changed.db.write() as tx:
        tx.execute("INSERT INTO memo (name, value) VALUES ('mark', 'mine')")
    changed.drafted()
    other = Desk(tmp_path / "c", letters_desk.config(approvals=2))
    other.drafted()
    assert [dict(row) for row in changed.db.read("SELECT value FROM memo WHERE name = 'mark'")] == [{"value": "mine"}]
    assert len(pasts) == 2
    assert other.config.coalition.letters.approvals == 2
