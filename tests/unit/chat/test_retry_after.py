"""When a platform wants the next try, from whatever its header says."""

from __future__ import annotations

import pytest

from bot.chat.platform import retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3", 3.0), ("0.25", 0.25), ("9" * 400, 86_400.0), ("", 30.0), ("-1", 30.0), ("nan", 30.0), ("1e20", 30.0),
     ("Wed, 21 Oct 2026 07:28:00 GMT", 30.0), ("\u0663", 30.0)],
)  # fmt: skip
def test_only_a_plain_number_of_seconds_is_believed_and_a_day_at_most(text, seconds):
    assert retry_after({"Retry-After": text}, 30) == seconds
