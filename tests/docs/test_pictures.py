"""The pictures of the docs show what the program says today; `make pictures` draws them again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.kit import pictures, pictures_board, pictures_letter, pictures_recording, pictures_slack

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for module in (pictures, pictures_slack, pictures_board, pictures_recording):
        asyncio.run(module.draw(folder))
    pictures_letter.draw(folder)
    return folder


@pytest.mark.parametrize("name", sorted(path.stem for path in pictures.PICTURES.glob("*.*") if path.suffix != ".txt"))
def test_a_picture_shows_the_words_of_today(drawn: Path, name: str):
    shown = (pictures.PICTURES / f"{name}.txt").read_text(encoding="utf-8")

    assert (drawn / f"{name}.txt").read_text(encoding="utf-8") == shown
