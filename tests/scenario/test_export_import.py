"""A coalition leaves with everything it has, and goes on elsewhere as if it had never moved."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.app import wiring
from bot.config.load import Config
from bot.config.settings import Settings
from bot.ops import backup, export
from bot.store.database import StoreUnusable
from bot.store.shape import read_tables, rows_of
from tests.kit import configs, stores
from tests.kit.alerts import COALITION
from tests.kit.letters_desk import Desk
from tests.scenario.kit import FILES, ROOT, copy_files

CANARIES = ("xoxb-canary-0001", "xapp-canary-0002", "canary-discord-0003", "canary-key-0004", "canary-signing-0005")


class Place:
    """A folder on some machine, with or without a coalition in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        bot, app, discord, key, signing = CANARIES
        self.settings = Settings(
            _env_file=None,
            database_url=stores.url(folder / "board.db"),
            feeds_file=folder / "feeds.yml",
            coalition_file=folder / "coalition.yml",
            slack_bot_token=bot,
            slack_app_token=app,
            discord_bot_token=discord,
            congress_api_key=key,
            slack_signing_secret=signing,
        )

    @property
    def config(self) -> Config:
        return configs.load(self.folder)


@pytest.fixture
def home(tmp_path: Path) -> tuple[Place, Desk]:
    """A coalition in the middle of its work: a letter, signatures, changes, an audit."""
    place = Place(tmp_path / "home")
    desk = Desk(place.folder)
    copy_files(place.folder)
    shutil.copytree(ROOT / "templates", place.folder / "templates", dirs_exist_ok=True)
    desk.locked(*list(desk.config.coalition.members)[:2])
    desk.card(desk.admin, "people link", account="slack:T0HOME/UEVIL", name="=cmd|' /C calc'!A0", role="policy")
    return place, desk


def packed(place: Place, desk: Desk) -> Path:
    path = place.folder / "ours.zip"
    backup.export_store(wiring.store_address(place.settings), place.settings, place.config, path, lambda: desk.now)
    return path


def rows(place: Place) -> dict[str, list[str]]:
    db = stores.at(place.folder / "board.db").open()
    try:
        return {
            name: sorted(map(repr, (dict(row) for row in rows_of(db, shape))))
            for name, shape in read_tables().items()
            if name != "backup"
        }
    finally:
        db.close()


def test_an_exported_coalition_is_the_same_elsewhere_to_the_last_row_and_digest(home, tmp_path):
    place, desk = home
    path = packed(place, desk)
    away = Place(tmp_path / "away")
    export.unpack_files(path, away.settings.feeds_file, away.settings.coalition_file)
    backup.import_store(wiring.store_address(away.settings), away.config, path)

    assert rows(away) == rows(place)
    digests = [desk.db.read("SELECT digest FROM letter_version ORDER BY digest")]
    assert digests == [
        stores.at(away.folder / "board.db").open().read("SELECT digest FROM letter_version ORDER BY digest")
    ]
    for name in (*FILES, "templates/letters/joint-applications/letter.txt"):
        present = place.folder / name
        assert not present.exists() or (away.folder / name).read_bytes() == present.read_bytes()
    assert sorted(p.relative_to(away.folder) for p in (away.folder / "templates").rglob("*") if p.is_file()) == sorted(
        p.relative_to(place.folder) for p in (place.folder / "templates").rglob("*") if p.is_file()
    )


def test_the_export_holds_no_token_and_only_its_owner_may_open_it(home):
    place, desk = home
    path = packed(place, desk)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            assert not [canary for canary in CANARIES if canary.encode() in data]


def test_people_find_their_work_in_tables_that_no_spreadsheet_runs(home):
    place, desk = home
    feeds_file = place.folder / "feeds.yml"
    learned = "watches:\n  quarries: {learned: {above: 1, weights: {quarry: 2.5, bridge: -1}}}\n"
    feeds_file.write_text(feeds_file.read_text().replace("watches:\n", learned, 1))
    with zipfile.ZipFile(packed(place, desk)) as archive:
        names = set(archive.namelist())
        tables = {
            Path(name).stem: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in names
            if name.startswith("tables/")
        }
        feeds = ET.fromstring(archive.read("feeds.opml"))
    assert names >= {"coalition.db", "feeds.yml", "coalition.yml", "feeds.opml", "README.txt"}
    assert set(tables) >= {"asks", "watches", "sources", "person", "letter", "signature", "mention", "audit"}
    assert len(tables["asks"]) == len(place.config.coalition.asks)
    assert tables["watches"][0] | {"id": "quarries", "query": "quarry +2.5, bridge -1.0"} == tables["watches"][0]
    assert len(tables["signature"]) == 2
    assert {row["number"] for row in tables["letter"]} == {"1"}
    assert "'=cmd|' /C calc'!A0" in {row["name"] for row in tables["person"]}
    assert not [cell for rows_ in tables.values() for row in rows_ for cell in row.values() if cell[:1] in ("=", "@")]
    shown = {outline.attrib["xmlUrl"] for outline in feeds.iter("outline")}
    assert shown == {s.url for s in place.config.feeds.sources.values() if s.kind == "feed"}


def test_nothing_is_written_over(home, tmp_path):
    place, desk = home
    path = packed(place, desk)
    with pytest.raises(FileExistsError):
        packed(place, desk)
    with pytest.raises(StoreUnusable):
        backup.import_store(wiring.store_address(place.settings), place.config, path)
    (place.folder / "feeds.yml").write_text("mine")
    export.unpack_files(path, place.folder / "feeds.yml", place.folder / "coalition.yml")
    assert (place.folder / "feeds.yml").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["templates/../../evil", "/etc/evil", "templates/", "evil.py", "templates/a/../../../evil"]
)
def test_an_archive_that_leads_elsewhere_puts_nothing_there(tmp_path, name):
    path, inside = tmp_path / "evil.zip", tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "evil")
    assert export.unpack_files(path, inside / "feeds.yml", inside / "coalition.yml") == []
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


def test_an_export_of_another_coalition_is_refused(home, tmp_path):
    place, desk = home
    path = packed(place, desk)
    away = Place(tmp_path / "away")
    export.unpack_files(path, away.settings.feeds_file, away.settings.coalition_file)
    text = away.settings.coalition_file.read_text()
    away.settings.coalition_file.write_text(text.replace("id: atest ", "id: others "))
    with pytest.raises(StoreUnusable, match="another coalition"):
        backup.import_store(wiring.store_address(away.settings), away.config, path)
    assert COALITION.id != "others"
