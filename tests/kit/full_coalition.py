"""A coalition with something of every kind in its store: what commands make, and a row in each table left empty."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

from bot.commands.model import File, Role
from bot.config.load import Config
from bot.config.settings import Settings
from bot.outbox import files
from bot.people.model import Person
from bot.store.database import Transaction, to_text
from bot.store.shape import Table, read_tables
from tests.kit import configs, stores
from tests.kit.alerts import document
from tests.kit.letters_desk import Desk
from tests.scenario.kit import ROOT, copy_files

SIGNATORY = "Canary Quickfeather"


class FullCoalition:
    """A folder with the two files, the templates and a store in which no table is empty."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        copy_files(folder)
        shutil.copytree(ROOT / "templates", folder / "templates", dirs_exist_ok=True)
        self.desk = Desk(folder)
        self.press = self.desk.add("Pia", Role.PRESS)
        self.desk.bring(document("2026-00077", "Enhanced Collaborative Model: forced labor"))
        self._letter()
        self._press()
        self.desk.card(self.desk.admin, "settings letterhead", phone="202 555 0100")
        self._fill_the_rest()
        self._documents_last()

    @property
    def settings(self) -> Settings:
        return settings_of(self.folder)

    @property
    def config(self) -> Config:
        return configs.load(self.folder)

    @property
    def signer(self) -> Person:
        return next(iter(self.desk.reps.values()))

    def _letter(self) -> None:
        """Opened, signed, locked; its documents wait to be posted."""
        desk = self.desk
        letter = desk.opened().name
        for rep in list(desk.reps.values())[:2]:
            desk.card(rep, "letter sign", letter=letter, agree="yes", text=desk.text(letter), signatory=SIGNATORY,
                      title="Director")  # fmt: skip
        desk.lock(letter)
        desk.compose(minutes=1)

    def _press(self) -> None:
        desk = self.desk
        desk.card(self.press, "press add", name="Jo Sample", outlet="Example Wire", email="jo@wire.example",
                  phone="+1 202 555 0147", source="they wrote to us")  # fmt: skip
        desk.card(desk.pol, "office add", office="ovc", name="Lee Sample", email="lee@ovc.example")
        desk.card(self.press, "press note", contact="P-1", text="called back", follow="Fri")
        asked = {"reporter": "Jo Sample", "outlet": "Example Wire", "kind": "question", "due": "today 17:00"}
        desk.card(self.press, "press inquiry", **asked, question="What changes?")
        desk.card(desk.pol, "campaign follow", what="ask:1", when="now")

    def _fill_the_rest(self) -> None:
        """Parents come before what hangs on them, so that every reference leads somewhere."""
        with self.desk.db.write() as tx:
            for shape in read_tables().values():
                if not tx.read(f"SELECT 1 AS one FROM {shape.name} LIMIT 1"):
                    row = {column: self._value(tx, shape, column) for column in shape.columns}
                    names, values = ", ".join(row), ", ".join(f":{column}" for column in row)
                    tx.execute(f"INSERT INTO {shape.name} ({names}) VALUES ({values})", row)

    def _value(self, tx: Transaction, shape: Table, column: str) -> Any:
        for reference in shape.references:
            if reference.column == column and reference.to != shape.name:
                key = read_tables()[reference.to].key[0]
                return tx.read(f"SELECT {key} AS key FROM {reference.to} ORDER BY {key} LIMIT 1")[0]["key"]
        if any(reference.column == column for reference in shape.references):
            return None
        if column not in shape.texts:
            return 1
        if column.endswith(("_at", "_on", "until", "since", "as_of")):
            return to_text(self.desk.now)
        return "{}" if column in ("body", "card", "record") else f"{shape.name} {column}"

    def _documents_last(self) -> None:
        """On the last pages of the file, where the end of a ZIP makes the whole file look like one."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("letter.docx", "x" * 9_000)
        with self.desk.db.write() as tx:
            (first,) = tx.read("SELECT MIN(id) AS id FROM delivery")
            tx.execute("DELETE FROM delivery_file WHERE delivery_id = :id", first)
            files.put(tx, first["id"], [File("letters.zip", "application/zip", packed.getvalue())])


def settings_of(folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=stores.url(folder / "board.db"),
        feeds_file=folder / "feeds.yml",
        coalition_file=folder / "coalition.yml",
    )
