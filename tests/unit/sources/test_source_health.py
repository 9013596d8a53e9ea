import pytest

from bot.shared.answer import Health
from bot.shared.health import advice


@pytest.mark.parametrize("health", list(Health))
def test_every_state_is_shown_and_every_bad_one_comes_with_something_to_try(health):
    text = advice(health, "Agency {newsroom}", "https://www.example.gov/rss?key=secret")
    assert "Agency {newsroom}" in text or "example.gov" in text
    assert "secret" not in text
    assert health.good or "try: " in text.casefold()


def test_a_source_without_a_readable_address_is_called_by_its_name():
    assert advice(Health.UNREACHABLE, "Newsroom", "").startswith('"Newsroom" cannot be reached')
