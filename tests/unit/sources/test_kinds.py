"""Each kind of source describes itself, and the configuration takes it from there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.fetch.http import Fetcher
from bot.sources.kinds import KINDS, SearchConfig, SourceConfig

GIVEN = {"bills": (), "laws": (), "sources": ()}
LEAST = {
    "name": "It", "url": "https://example.org/", "keyword": "water", "chamber": "house", "domains": ["example.org"],
}  # fmt: skip


def config_of(kind: str) -> SourceConfig:
    fields = KINDS[kind].model_fields
    return SourceConfig.model_validate({"kind": kind, **{key: LEAST[key] for key in LEAST if key in fields}})


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_as_its_own_settings_and_builds_its_adapter(kind):
    config = config_of(kind)
    adapter = config.adapter("it", config.url, Fetcher("test"), **GIVEN)

    assert type(config) is KINDS[kind]
    assert (adapter.id, adapter.name) == ("it", "It")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_a_usual_address_says_that_it_needs_one(kind):
    config = config_of(kind)
    adapter = config.adapter("it", "", Fetcher("test"), **GIVEN)

    assert config.of_mailbox or config.needs_url is not bool(adapter.url)


def test_a_search_of_posts_brings_no_entries():
    posts = {name for name, kind in KINDS.items() if kind.brings is None}
    assert posts == {"bluesky", "mastodon"}
    assert all(issubclass(KINDS[name], SearchConfig) for name in posts)


def test_to_read_a_configuration_imports_no_http_client_and_no_parser():
    heavy = "{'aiohttp', 'feedparser', 'lxml', 'selectolax'}"
    code = f"import sys, bot.config.load; print({heavy} & set(sys.modules) or 'none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_s_name_in_a_log_has_no_key(kind):
    given = GIVEN | {"key_of": lambda _: "a-secret-key"}
    assert "secret" not in repr(config_of(kind).adapter("it", "https://example.org/secret", Fetcher("test"), **given))
