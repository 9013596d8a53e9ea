"""What the models of names find in the texts of a writer from whom they learned nothing."""

import pytest

from bot.config.media import PersonalDetails
from bot.people.harmed_names import DOUBT, HarmedNames

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("writer", "size", "least", "most"),
    [
        ("first", 160, 78, 9),
        ("second", 320, 152, 13),
        ("third", 480, 232, 14),
        ("fourth", 480, 224, 18),
        ("fifth", 480, 226, 16),
    ],
)
def test_models_that_learned_nothing_from_a_writer_find_most_people_to_protect_in_the_writers_texts(
    writer, size, least, most
):
    pytest.importorskip("scipy", reason="the models are learned with it")
    from bench.names import LABELED, labeled, learn

    model = learn(labeled(name for name in LABELED if writer not in name))
    names = HarmedNames(PersonalDetails(), (), model)
    items = [item for item in labeled([f"media/named_people_{writer}_sight.jsonl"]) if "why" in item]
    withheld = [item["withhold"] for item in items if names.chance(item["title"], item["summary"]) >= DOUBT]

    assert len(items) == size
    assert withheld.count(True) >= least
    assert withheld.count(False) <= most
