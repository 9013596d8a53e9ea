"""Who wrote it, as sources say it."""

import pytest

from bot.media.contacts.model import has_byline, reporter_name


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jo Sample", "Jo Sample"),
        ("By Jo Sample, Example Wire", "Jo Sample"),
        ("JO SAMPLE (Verite News)", "JO SAMPLE"),
        ("Zoë Hussain-Ng Updated", "Zoë Hussain-Ng"),
        ("Jo Sample | Published Nov. 3, 2026", "Jo Sample"),
        ("Jo Sample and Ana Ink", "Jo Sample and Ana Ink"),
        ("Staff", ""),
        ("Daily Herald Staff", ""),
        ("admin", ""),
        ("Example Times", ""),  # the outlet itself
        ("CBC News", ""),
        ("tips@herald.example", ""),
        ("https://herald.example/staff/jo-sample", ""),
        ("", ""),
    ],
)
def test_a_byline_is_a_persons_or_nobodys(author, name):
    assert reporter_name(author, "Example Times") == name


def test_a_byline_matches_only_the_whole_name():
    assert has_byline("Ana Ink and JO SAMPLE", "Jo Sample")
    assert not has_byline("Jo Samples", "Jo Sample")
    assert not has_byline("", "Jo Sample")
