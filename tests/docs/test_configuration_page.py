"""The configuration reference is the program's own word."""

from pathlib import Path

from bot.config.reference import page

ROOT = Path(__file__).parents[2]


def test_the_reference_is_what_make_docs_would_write():
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == page()


def test_every_setting_is_explained_in_the_example_environment():
    shown = (ROOT / ".env.example").read_text(encoding="utf-8")
    from bot.config.settings import Settings

    assert [name for name in Settings.model_fields if f"{name.upper()}=" not in shown] == []
