"""Each example of docs/queries.md does what the page says."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.config.feeds import with_query
from bot.watch.query import QueryError, parse
from tests.kit.watch import finds

PAGE = (Path(__file__).parents[2] / "docs/queries.md").read_text(encoding="utf-8")
CLAIMS = [
    (query, *line.strip().split(maxsplit=1))
    for query, claims in re.findall(r"```query\n(.+)\n((?:  .+\n)+)```", PAGE)
    for line in claims.splitlines()
]


def test_the_page_has_examples_of_every_kind():
    assert {verb for _, verb, _ in CLAIMS} == {"means", "finds", "misses", "error"}
    assert PAGE.count("```query") == len({query for query, _, _ in CLAIMS})


@pytest.mark.parametrize(("query", "verb", "text"), CLAIMS)
def test_each_example_does_what_the_page_says(query, verb, text):
    match verb:
        case "means":
            assert parse(query).in_words() == text
        case "finds":
            assert finds(query, text)
        case "misses":
            assert not finds(query, text)
        case "error":
            with pytest.raises(QueryError, match=f"^{re.escape(text)}"):
                parse(query)


@pytest.mark.parametrize("query", re.findall(r"\| `\w+:` \|.*\| `([^`]+)`", PAGE))
def test_each_example_of_a_field_can_be_read(query):
    assert parse(query).in_words()


WATCHES = re.findall(r"```watch\n((?:[^`\n ].*\n)+)  reads as +(.+)\n```", PAGE)


def test_every_watch_of_the_page_says_how_its_lists_read():
    assert PAGE.count("```watch") == len(WATCHES) >= 3


@pytest.mark.parametrize(("written", "reads_as"), WATCHES)
def test_each_watch_of_lists_reads_as_the_page_says(written, reads_as):
    section = YAML(typ="safe").load(written)
    query = with_query(section, section.pop("lists", {}))["query"]
    assert query == reads_as
    assert parse(query)
