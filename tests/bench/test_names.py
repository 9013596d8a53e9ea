"""What the models of names find in the texts of a writer from whom they learned nothing."""

import pytest

pytest.importorskip("scipy", reason="the models are learned with it")

from bench.names import LABELED, labeled, learn
from bot.config.media import PersonalDetails
from bot.people.harmed_names import DOUBT, HarmedNames


@pytest.mark.long
@pytest.mark.parametrize(
    ("left_out", "least", "most"),
    [("media/named_people_first_sight.jsonl", 69, 11), ("media/named_people_second_sight.jsonl", 67, 8)],
)
def test_models_that_learned_nothing_from_a_writer_find_most_people_to_protect_in_the_writers_texts(
    left_out, least, most
):
    model = learn(labeled(name for name in LABELED if name != left_out))
    names = HarmedNames(PersonalDetails(), (), model)
    items = [item for item in labeled([left_out]) if "why" in item]
    withheld = [item["withhold"] for item in items if names.chance(item["title"], item["summary"]) >= DOUBT]

    assert len(items) == 160
    assert withheld.count(True) >= least
    assert withheld.count(False) <= most
