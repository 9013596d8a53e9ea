"""A7: every kind of content a coalition has leaves its store and comes back by every way there is, byte for byte."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import zipfile
from collections.abc import Collection
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import wiring
from bot.config.load import Config, load
from bot.config.settings import Settings
from bot.ops import backup, export
from bot.ops.restore import Restored
from bot.shared.wording import number
from bot.store import sqlite
from bot.store.address import address
from bot.store.database import Database, StoreUnusable
from bot.store.schema import RENAMED
from bot.store.shape import copy_store, read_tables, rows_of
from tests.kit import old_stores, restoring, stores
from tests.kit.alerts import TUESDAY
from tests.kit.full_coalition import SIGNATORY, FullCoalition, settings_of
from tests.scenario.kit import copy_files

pytestmark = pytest.mark.long

# It notes copies, tells the admin channel, and ends sessions.
CHANGED_BY_RESTORE = {"backup", "hold", "memo", "delivery", "recalled", "web_session"}


@pytest.fixture
def home(tmp_path: Path) -> FullCoalition:
    return FullCoalition(tmp_path / "home")


def contents(db: Database) -> dict[str, list[str]]:
    """Every row of every table, documents to the last byte."""

    def plain(value: object) -> object:
        return bytes(value) if isinstance(value, bytes | memoryview) else value

    return {
        name: sorted(repr({column: plain(value) for column, value in row.items()}) for row in rows_of(db, shape))
        for name, shape in read_tables().items()
    }


def backed_up(home: FullCoalition) -> Path:
    """A backup that also passes for a ZIP file: a document is on its last pages."""
    path = home.folder.parent / "nightly.db"
    home.desk.db.backup(str(path))
    assert stores.CHOSEN == "postgres" or zipfile.is_zipfile(path)
    return path


def restored(settings: Settings, home: FullCoalition, path: Path) -> Database:
    desk = home.desk
    desk.now += timedelta(hours=1)
    asyncio.run(restoring.restore(settings, home.config, path, clock=lambda: desk.now, new_id=desk.new_id))
    return stores.at(settings.coalition_file.parent / "board.db").open()


def elsewhere(home: FullCoalition, tmp_path: Path, name: str = "away") -> Settings:
    """A folder on another machine, with the two files and no store."""
    folder = tmp_path / name
    folder.mkdir()
    copy_files(folder, home.folder)
    return settings_of(folder)


def test_a7_no_table_of_the_drill_is_empty(home):
    assert [table for table, rows in contents(home.desk.db).items() if not rows] == []


@pytest.mark.long
def test_a7_a_backup_with_documents_on_its_last_pages_is_restored(home, tmp_path):
    before, path = contents(home.desk.db), backed_up(home)
    after = contents(restored(elsewhere(home, tmp_path), home, path))
    for table in read_tables():
        assert set(before[table]) <= set(after[table]) or table in CHANGED_BY_RESTORE, table
        assert table in CHANGED_BY_RESTORE or len(before[table]) == len(after[table])
    assert after["delivery_file"] == before["delivery_file"]


@pytest.mark.long
@pytest.mark.sqlite  # on a server the operator makes a new database for it: the test above
def test_a7_a_backup_takes_the_place_of_the_store_that_is_there(home):
    before, path = contents(home.desk.db), backed_up(home)
    home.desk.db.close()
    after = contents(restored(home.settings, home, path))
    assert after["delivery_file"] == before["delivery_file"]
    assert list(home.folder.glob("board.db.until-*"))


@pytest.mark.long
def test_a7_a_backup_is_imported_where_there_is_no_store(home, tmp_path):
    before, path = contents(home.desk.db), backed_up(home)
    away = elsewhere(home, tmp_path)
    assert export.unpack_files(path, away.feeds_file, away.coalition_file) == []
    contains = backup.import_store(wiring.store_address(away), load(away.feeds_file, away.coalition_file), path)
    for table, *names in (
        ("letter", "letter"),
        ("person", "person", "people"),
        ("entry", "item from sources", "items from sources"),
        ("story", "press story", "press stories"),
    ):
        assert number(len(before[table]), *names) in contains
    (signatures,) = [int(part.split()[0]) for part in contains if "signature" in part]
    assert 0 < signatures <= len(before["signature"])
    assert contents(stores.at(away.coalition_file.parent / "board.db").open()) == before


@pytest.mark.long
def test_a7_an_export_is_imported_and_restored(home, tmp_path):
    path = home.folder.parent / "ours.zip"
    backup.export_store(wiring.store_address(home.settings), home.settings, home.config, path, lambda: home.desk.now)
    before = contents(home.desk.db) | {"backup": []}
    away = elsewhere(home, tmp_path)
    export.unpack_files(path, away.feeds_file, away.coalition_file)
    backup.import_store(wiring.store_address(away), load(away.feeds_file, away.coalition_file), path)
    assert contents(stores.at(away.coalition_file.parent / "board.db").open()) | {"backup": []} == before

    again = contents(restored(elsewhere(home, tmp_path, "third"), home, path))
    assert again["delivery_file"] == before["delivery_file"]
    assert again["letter_version"] == before["letter_version"]


@pytest.fixture(params=[(release, kind) for release in old_stores.RELEASES for kind in ("backup", "export")], ids=str)
def earlier(request, tmp_path) -> tuple[str, Path]:
    """An earlier release, and a backup or an export that it made."""
    release, kind = request.param
    path = tmp_path / "nightly.db"
    old_stores.load_file(release, path)
    if kind == "export":
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as packed:
            packed.write(path, export.STORE)
        path = path.with_suffix(".zip")
    return release, path


def came_in(settings: Settings, release: str, changed: Collection[str] = ()) -> None:
    before = old_stores.rows(release)
    with closing(stores.at(settings.coalition_file.parent / "board.db").open()) as db:
        after = contents(db)
    now = {old: name for name, old in RENAMED.items()}
    for table in before.keys() - {"docket_date", "post", *changed}:
        assert len(after[now.get(table, table)]) == len(before[table]), table


def new_folder(tmp_path: Path) -> tuple[Settings, Config]:
    copy_files(tmp_path)
    settings = settings_of(tmp_path)
    return settings, load(settings.feeds_file, settings.coalition_file)


def test_a7_what_an_earlier_release_saved_is_imported_with_every_row(earlier, tmp_path):
    (release, path), (settings, config) = earlier, new_folder(tmp_path)
    data = path.read_bytes()
    backup.import_store(wiring.store_address(settings), config, path)
    came_in(settings, release)
    assert path.read_bytes() == data


def test_a7_what_an_earlier_release_saved_is_restored_with_every_row(earlier, tmp_path):
    (release, path), (settings, config) = earlier, new_folder(tmp_path)
    ids = itertools.count()
    work = restoring.restore(settings, config, path, clock=lambda: TUESDAY, new_id=lambda: f"new{next(ids)}")
    asyncio.run(work)
    came_in(settings, release, CHANGED_BY_RESTORE)


@pytest.mark.long
def test_a7_db_copy_brings_everything_both_ways(home, tmp_path):
    """From the store under test to the other kind where there is a server, and back."""
    before = contents(home.desk.db)
    middle = sqlite.create(tmp_path / "middle.db")
    copy_store(home.desk.db, middle)
    assert contents(middle) == before
    back = address(stores.url(tmp_path / "back.db")).create()
    copy_store(middle, back)
    assert contents(back) == before


@pytest.mark.long
def test_a7_erase_names_every_copy_of_a_store(home):
    path = backed_up(home)
    packed = home.folder.parent / "ours.zip"
    backup.export_store(wiring.store_address(home.settings), home.settings, home.config, packed, lambda: home.desk.now)
    backup.record_copy(home.desk.db, path, home.desk.now)
    person = home.desk.add(SIGNATORY, user="UCANARY")
    home.desk.db.close()
    _, result = backup.erase_names(
        wiring.store_address(home.settings),
        home.config,
        person=person.id,
        clock=lambda: home.desk.now,
        new_id=home.desk.new_id,
    )
    assert {path, packed} <= set(result.there)


@pytest.mark.parametrize("data", [b"", b"PK", b"SQLite format 2\0", b"%PDF-1.7 \nPK\x03\x04", b"PK\x03\x04broken"])
def test_a7_what_is_neither_backup_nor_export_is_refused_and_named(tmp_path, data):
    path = tmp_path / "thing.db"
    path.write_bytes(data)
    with pytest.raises(StoreUnusable, match=r"thing\.db"):
        export.unpack(path, tmp_path / "copy.db")
    with pytest.raises(StoreUnusable, match="is not an export"):
        export.unpack_files(path, tmp_path / "feeds.yml", tmp_path / "coalition.yml")
    assert not (tmp_path / "feeds.yml").exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("CREATE VIEW people AS SELECT * FROM person", r"nightly\.db has a view \(people\)"),
        (
            "UPDATE _sqlite_migrations SET name = '9999_later' WHERE name = '0100_baseline'",
            r"nightly\.db was made by a newer",
        ),
        ("DELETE FROM person", "contradict each other"),
    ],
)
def test_what_cannot_be_imported_leaves_no_store_and_is_named(home, tmp_path, change, why):
    path, away = backed_up(home), elsewhere(home, tmp_path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(change)
    store = wiring.store_address(away)
    with pytest.raises(StoreUnusable, match=why) as refused:
        backup.import_store(store, load(away.feeds_file, away.coalition_file), path)
    assert "copy.db" not in str(refused.value)
    assert not store.exists()


def bomb(path: Path, name: str, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(name, "w") as inside:
        for _ in range(size // 1_000_000):
            inside.write(bytes(1_000_000))
    return path


def test_an_export_that_unpacks_to_far_more_than_any_does_is_refused(tmp_path):
    path = bomb(tmp_path / "bomb.zip", export.STORE, 100_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(StoreUnusable, match=r"unpacks to more than"):
        export.unpack(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_size < 20_000_000


@pytest.mark.parametrize("name", ["templates/letters/letter.txt", "feeds.yml"])
def test_a_file_of_an_export_that_unpacks_to_more_than_any_has_is_refused(tmp_path, name):
    path = bomb(tmp_path / "bomb.zip", name, 30_000_000)
    with pytest.raises(StoreUnusable, match=r"unpacks to more than 20,000,000 bytes"):
        export.unpack_files(path, tmp_path / "feeds.yml", tmp_path / "coalition.yml")
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["bomb.zip"]


def test_files_of_an_export_that_together_unpack_to_far_more_than_any_do_are_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(5):
            packed.writestr(f"templates/{n}.txt", bytes(10_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(StoreUnusable, match="unpacks to more than"):
        export.unpack_files(path, tmp_path / "feeds.yml", tmp_path / "coalition.yml")
    assert sum(each.stat().st_size for each in tmp_path.rglob("*.txt")) <= 20_000_000


def test_an_export_of_countless_files_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for n in range(2_001):
            packed.writestr(f"templates/{n}.txt", "")
    with pytest.raises(StoreUnusable, match=r"2,001 files"):
        export.unpack_files(path, tmp_path / "feeds.yml", tmp_path / "coalition.yml")


def test_an_export_whose_id_is_a_bomb_of_aliases_is_refused_at_once(tmp_path):
    path = tmp_path / "bomb.zip"
    lines = ["a0: &a0 [x, y]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 5)}]" for n in range(1, 6)), "id: *a5"]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(export.COALITION, "\n".join(lines))
    with pytest.raises(StoreUnusable, match="is an export of the coalition") as refused:
        export.refuse_another(path, "river")
    assert len(str(refused.value)) < 500 + len(str(path))


@pytest.mark.long
@pytest.mark.sqlite
@pytest.mark.parametrize("lost", ["damaged", "moved away"])
def test_a7_a_store_that_cannot_be_read_is_reported_because_it_lists_who_was_erased(home, tmp_path, lost):
    path = backed_up(home)
    home.desk.db.close()
    if lost == "damaged":
        (home.folder / "board.db").write_bytes(b"lost" * 5_000)
    else:  # a restore that was killed had moved it away
        (home.folder / "board.db").rename(home.folder / "board.db.until-20261124T150000")
    moved = asyncio.run(
        restoring.restore(
            home.settings, home.config, path, clock=lambda: home.desk.now, new_id=home.desk.new_id
        )
    )  # fmt: skip
    assert moved.erasures_unknown


@pytest.mark.sqlite
def test_a_backup_whose_rows_contradict_each_other_leaves_the_store_and_who_was_erased(home, tmp_path):
    gone = home.desk.add(SIGNATORY, user="UCANARY").id
    good, broken = backed_up(home), tmp_path / "broken.db"
    shutil.copy(good, broken)
    with closing(sqlite3.connect(broken)) as db, db:
        db.execute("DELETE FROM person")
    home.desk.db.close()
    store = wiring.store_address(home.settings)
    backup.erase_names(store, home.config, person=gone, clock=lambda: home.desk.now, new_id=home.desk.new_id)
    before = (home.folder / "board.db").read_bytes()

    def bring(path: Path) -> Restored:
        at = {"clock": lambda: home.desk.now, "new_id": home.desk.new_id}
        return asyncio.run(restoring.restore(home.settings, home.config, path, **at))

    with pytest.raises(StoreUnusable, match="contradict each other"):
        bring(broken)
    assert not (home.folder / "board.db.new").exists()
    assert (home.folder / "board.db").read_bytes() == before
    assert bring(good).erased == 1
