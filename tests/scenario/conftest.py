"""What most tests of letters begin with."""

from pathlib import Path

import pytest

from tests.kit.letters_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
