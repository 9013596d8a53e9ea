"""The offices and agencies that a text names."""

from __future__ import annotations

import pytest

from bot.config.catalog import bodies, name, named, of_offices, offices_in


def test_the_offices_that_a_text_names_are_found_by_name_and_by_acronym():
    assert offices_in("USDA should raise it. The Food and Nutrition Service must keep it.") == ["agriculture", "fns"]
    assert of_offices(["fns"]) == ["food-and-nutrition-service"]
    assert offices_in("Let every school serve meals.") == []


def test_an_office_that_publishes_nothing_itself_is_found_in_the_documents_of_the_one_above_it():
    assert of_offices(["niosh", "bja", "bja-foia"]) == [
        "centers-for-disease-control-and-prevention", "justice-programs-office",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["The FAA should act.", "Ask the Federal Aviation Administration to act."])
def test_an_agency_of_the_register_is_named_by_its_name_or_its_initials(text):
    assert named(text) == ["federal-aviation-administration"]


def test_an_acronym_that_the_text_explains_names_the_agency():
    assert named("BSA must act.", {"BSA": "Federal Transit Administration"}) == ["federal-transit-administration"]
    assert named("The faa must act.") == []


def test_what_agencies_are_called_is_known_in_full_and_for_short():
    assert {"EPA", "FAA", "USDA", "FNS", "Centers for Disease Control and Prevention"} <= bodies()


def test_an_agency_is_called_by_its_name():
    assert name("food-and-nutrition-service") == "Food and Nutrition Service"
