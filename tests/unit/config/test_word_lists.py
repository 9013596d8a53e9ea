"""Watches written as lists of words: the queries they become, and the messages about mistakes."""

from pathlib import Path

import pytest

from bot.config.feeds import WordListError, with_query
from bot.config.load import Config, ConfigError, load
from bot.settings.changes import WATCH, Change, section_body, written

COALITION = "id: demo\nname: Demo\nshort: Demo\ncontact: bot@example.org\nasks:\n  1: {title: One}\n"
FEEDS = """\
sources:
  - register
lists:
  water: [water rights, groundwater*] # shared
watches:
  rights: # the first
    level: alert
    all: [list:water, [tribe, tribal]]
    not: [bottled]
  plain: {query: 'drought AND list:water'}
channels:
  main: {to: "console:main"}
routes:
  - {to: main}
admin: main
"""


def loaded(folder: Path, feeds: str = FEEDS) -> Config:
    (folder / "feeds.yml").write_text(feeds)
    (folder / "coalition.yml").write_text(COALITION)
    return load(folder / "feeds.yml", folder / "coalition.yml")


@pytest.mark.parametrize(
    ("watch", "query"),
    [
        ({"any": ["forced labor", "traffick*"]}, '("forced labor" OR traffick*)'),
        ({"any": "labor"}, "labor"),
        ({"all": ["a", ["b", "c"]]}, "a AND (b OR c)"),
        ({"all": "a", "not": ["b", "c d"]}, 'a NOT (b OR "c d")'),
        ({"any": ["a", "b"], "all": ["c"]}, "c AND (a OR b)"),
        ({"any": ["a", ["b", ["c"]]]}, "(a OR b OR c)"),
        ({"any": ["a", "a"]}, "a"),
        ({"all": [{"title": ["a", "b c"]}, "agency:customs"]}, 'title:(a OR "b c") AND agency:customs'),
        ({"all": ["a NEAR/5 b", "c"]}, "(a NEAR/5 b) AND c"),
        ({"query": "a OR b", "not": "c"}, "(a OR b) NOT c"),
        ({"query": 'list:few AND "list:few"'}, '(x OR "y z") AND "list:few"'),
        ({"any": ["list:more"]}, '(w OR (x OR "y z"))'),
        ({"all": ["title:list:few"]}, 'title:(x OR "y z")'),
        ({"any": ["Fair: a report"]}, '"Fair: a report"'),
    ],
)
def test_lists_read_as_a_query(watch, query):
    lists = {"few": ["x", "y z"], "more": ["w", "list:few"]}

    assert with_query(watch, lists) == {"query": query}


def test_a_query_without_lists_stays_as_it_is_written():
    assert with_query({"query": "a  OR b", "asks": [1]}, {}) == {"query": "a  OR b", "asks": [1]}


@pytest.mark.parametrize(
    ("watch", "key", "sentence"),
    [
        ({"any": []}, "any", "not a list of words"),
        ({"all": 7}, "all", "not a list of words"),
        ({"any": ["a", 7]}, "any", "7 is not text: put it in quotes"),
        ({"not": ["list:nothing"]}, "not", 'there is no list "nothing" under `lists:`; it has loop'),
        ({"query": "list:loop"}, "query", 'the list "loop" contains itself'),
    ],
)
def test_a_slip_in_a_list_is_reported_with_its_key(watch, key, sentence):
    with pytest.raises(WordListError, match=sentence) as caught:
        with_query(watch, {"loop": ["list:loop"]})
    assert caught.value.key == key


def test_a_watch_of_lists_is_a_watch_like_any_other(tmp_path):
    config = loaded(tmp_path)

    rights, plain = config.watches
    assert rights.query.text == '("water rights" OR groundwater*) AND (tribe OR tribal) NOT bottled'
    assert rights.query.in_words() == (
        'all of (any of ("water rights", words beginning "groundwater"), any of ("tribe", "tribal"))'
        ' and none of ("bottled")'
    )
    assert plain.query.text == 'drought AND ("water rights" OR groundwater*)'
    assert plain.level == "digest"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("list:water, [", "list:watr, [", 'feeds.yml:8: watches.rights.all: there is no list "watr"'),
        (
            "all: [list:water, [tribe, tribal]]\n    not",
            "not",
            "feeds.yml:6: watches.rights.query: column 1: this would",
        ),
        ("    not:", "    nott:", 'feeds.yml:9: watches.rights.nott: unknown key "nott"'),
    ],
)
def test_check_names_the_line_of_a_slip(tmp_path, old, new, expected):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, FEEDS.replace(old, new))
    assert any(str(problem).startswith(expected) for problem in caught.value.problems), caught.value


def test_lists_stay_lists_when_something_else_is_changed_from_chat(tmp_path):
    config = loaded(tmp_path)
    watch = config.feeds.watches["rights"].model_copy(update={"asks": (1,)})
    feeds = config.feeds.model_copy(update={"watches": config.feeds.watches | {"rights": watch}})

    change = Change(kind=WATCH, name="rights", body=section_body(watch))
    text = written(config, [change], "feeds.yml")

    assert "all: [list:water, [tribe, tribal]]" in text
    assert "# shared" in text
    assert loaded(tmp_path, text).feeds.watches == feeds.watches


def test_a_query_changed_from_chat_replaces_the_lists(tmp_path):
    config = loaded(tmp_path)
    watch = config.feeds.watches["rights"].model_copy(update={"query": "aquifer"})
    feeds = config.feeds.model_copy(update={"watches": config.feeds.watches | {"rights": watch}})

    change = Change(kind=WATCH, name="rights", body=section_body(watch))
    text = written(config, [change], "feeds.yml")

    assert "tribal" not in text
    assert loaded(tmp_path, text).feeds.watches == feeds.watches
