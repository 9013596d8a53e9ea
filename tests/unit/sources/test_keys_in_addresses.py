"""I3: a key in a feed's address is refused in feeds.yml, which is exported, shown and passed on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.config.feeds import SourceConfig

KEY = "canary0123456789abcdef"


def source(url: str) -> SourceConfig:
    return SourceConfig.model_validate({"kind": "feed", "name": "Wire", "url": url})


@pytest.mark.parametrize(
    "parameter",
    ["api_key", "apikey", "API-KEY", "key", "token", "access_token", "auth_token", "secret", "password", "sig"],
)
def test_i3_a_key_in_an_address_is_refused_and_not_repeated(parameter):
    with pytest.raises(ValidationError) as refused:
        source(f"https://wire.example/rss?topic=labor&{parameter}={KEY}")

    (error,) = refused.value.errors()
    assert f"it contains a key ({parameter}=…)" in error["msg"]
    assert "url_env: FEED_URL__NAME" in error["msg"]
    assert KEY not in error["msg"]


@pytest.mark.parametrize(
    "query",
    ["", "?keyword=labor+trafficking", "?q=token+economy+of+labor", "?key=news", "?feed=rss2&cat=12",
     "?monkey=0123456789", "?tokens=0123456789", "?sign=0123456789"],
)  # fmt: skip
def test_i3_other_parameters_are_taken(query):
    assert source(f"https://wire.example/rss{query}").url.endswith(query)
