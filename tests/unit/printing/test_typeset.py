"""One process makes any number of documents, one after another."""

from pathlib import Path

from bot.printing.documents import Maker

ROOT = Path(__file__).parents[3]
CARD = {"name": "River", "short": "R", "color": "#225588", "line": "3 of 7", "svg": ""}


def test_pictures_are_drawn_one_after_another_each_by_its_template_with_its_words():
    with Maker(ROOT) as maker:
        first, other, again = (
            maker.render("share.png.typ", CARD | {"title": title}) for title in ("One", "Two", "One")
        )
        drawings = [maker.render("drawing.png.typ", {"head": head, "parts": []}) for head in ("One", "Two", "One")]
    assert first == again != other
    assert drawings[0] == drawings[2] != drawings[1]
    assert drawings[0] != first
