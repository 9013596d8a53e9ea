import pytest

from bot.sources.health import advice
from bot.sources.model import Health


@pytest.mark.parametrize("health", list(Health))
def test_every_state_is_shown_and_every_bad_one_comes_with_something_to_try(health):
    said = advice(health, "Agency {newsroom}", "https://www.example.gov/rss?key=secret")
    assert "Agency {newsroom}" in said or "example.gov" in said
    assert "secret" not in said
    assert health.good or "try: " in said.casefold()


def test_a_source_without_a_readable_address_is_called_by_its_name():
    assert advice(Health.UNREACHABLE, "Newsroom", "").startswith('"Newsroom" cannot be reached')
