"""The configuration reference is the program's own word."""

import re
from pathlib import Path

from tests.kit.configuration_page import page

ROOT = Path(__file__).parents[2]


def test_the_reference_is_what_make_docs_would_write():
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == page()


def test_every_setting_is_explained_in_the_example_environment():
    shown = (ROOT / ".env.example").read_text(encoding="utf-8")
    from bot.config.settings import Settings

    explained = set(re.findall(r"^([A-Z_]+?)(?:__\w+)?=", shown, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} - explained == set()
