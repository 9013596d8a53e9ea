"""Each kind of source describes itself, and the configuration takes it from there."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from bot.fetch.http import Fetcher
from bot.sources.kinds import KINDS, SourceConfig
from tests.kit.new_source import write_source

GIVEN = {"bills": (), "laws": (), "sources": ()}
LEAST = {
    "name": "It", "url": "http://127.0.0.1/", "keyword": "water", "chamber": "house", "domains": ["example.org"],
}  # fmt: skip


def config_of(kind: str) -> SourceConfig:
    fields = KINDS[kind].model_fields
    return SourceConfig.model_validate({"kind": kind, **{key: LEAST[key] for key in LEAST if key in fields}})


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_as_its_own_settings_and_builds_its_adapter(kind):
    config = config_of(kind)
    adapter = config.adapter("it", config.url, Fetcher("test"), **GIVEN)

    assert type(config) is KINDS[kind]
    assert pickle.loads(pickle.dumps(config)) == config  # for a program in another process
    assert (adapter.id, adapter.name) == ("it", "It")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_a_usual_address_says_that_it_needs_one(kind):
    config = config_of(kind)
    adapter = config.adapter("it", "", Fetcher("test"), **GIVEN)

    assert config.of_mailbox or config.needs_url is not bool(adapter.url)


@pytest.mark.long
def test_to_read_a_configuration_imports_no_http_client_and_no_parser():
    heavy = "{'aiohttp', 'feedparser', 'lxml', 'selectolax'}"
    code = f"import sys, bot.config.load; print({heavy} & set(sys.modules) or 'none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"


@pytest.mark.parametrize("child", ["feeds.parse_child", "page_child", "mail.mail_child", "gdelt_child"])
def test_a_child_that_reads_what_strangers_wrote_starts_without_an_event_loop_and_a_client(child):
    heavy = "{'asyncio', 'concurrent.futures', 'http.client'}"
    code = f"import sys, bot.sources.{child}; print({heavy} & set(sys.modules) or 'none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"


@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_s_name_in_a_log_has_no_key(kind):
    given = GIVEN | {"key_of": lambda _: "a-secret-key"}
    assert "secret" not in repr(config_of(kind).adapter("it", "https://example.org/secret", Fetcher("test"), **given))


ROOT = Path(__file__).parents[3]
# The new module counts as one of the room, as if it were in its folder.
RUN = """
import sys, bot.sources, pytest
bot.sources.__path__.append(sys.argv[1])
sys.exit(pytest.main(["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-c", "pyproject.toml", *sys.argv[2:]]))
"""


@pytest.mark.long
def test_the_skeleton_is_a_kind_of_source_whose_test_passes(tmp_path):
    steps = write_source("county-board", tmp_path, tmp_path)
    run = [sys.executable, "-c", RUN, str(tmp_path), str(tmp_path / "test_county_board.py")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "county_board.py" in steps
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 passed" in done.stdout


@pytest.mark.parametrize("name", ["", "County", "../evil", "a b"])
def test_a_name_that_is_none_writes_nothing(tmp_path, name):
    with pytest.raises(SystemExit, match="lower case"):
        write_source(name, tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "courts.py").write_text("mine")
    with pytest.raises(SystemExit, match="there already"):
        write_source("courts", tmp_path, tmp_path)
    assert (tmp_path / "courts.py").read_text() == "mine"
