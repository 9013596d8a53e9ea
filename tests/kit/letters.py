"""A template folder of one's own, and letters written from it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.config.load import Config
from bot.congress import directory
from bot.letters.facts import Facts, Recipient, Rendering
from bot.letters.lifecycle import Version
from bot.letters.templates.template import write

META = (
    "title: Mine\nsuits: all\nlobbying: none\nlobbying_why: none of it\nsubject: About {{ name }}\nclaims: [one, two]\n"
)


class Templates:
    """`say` makes a template's body the given text and writes the letter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.letters = folder / "templates/letters"
        self.mine = self.letters / "mine"
        self.mine.mkdir(parents=True)
        self.meta()
        self.body("Dear {{ name }}")

    def meta(self, text: str = META, **more: str) -> None:
        lines = "".join(f"{key}: {value}\n" for key, value in more.items())
        (self.mine / "meta.yml").write_text(text + lines, encoding="utf-8")

    def body(self, text: str) -> None:
        (self.mine / "letter.j2").write_text(text, encoding="utf-8")

    def say(self, text: str, /, claims: Any = None, **facts: Any) -> Any:
        self.body(text)
        return write(self.folder, "mine", {"name": "Ada"} | facts, claims or {})


def rendering_of(config: Config, version: Version, today: date) -> Rendering:
    """A text to offices that was typed and rests on no facts, as if a template had rendered it."""
    to = [directory.addressee(None, config, id_, today=today) for id_ in version.addressees]  # type: ignore[arg-type]
    recipients = {addressee.id: Recipient(address=addressee, facts={}) for addressee in to}
    return Rendering(texts=version.texts, facts=Facts(common={"fields": {}, "entry": None}, recipients=recipients))


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return Templates(tmp_path)
