import pytest

from bot.alerts.source_health import advice
from bot.shared.answer import Health


@pytest.mark.parametrize("health", list(Health))
def test_every_bad_state_comes_with_something_to_try_and_no_other(health):
    assert ("try: " in advice(health).casefold()) is not health.good
    assert health.good is (advice(health) == "")
